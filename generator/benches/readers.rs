//! How fast pages are read and extracted, in CPU time of all threads, with the bare parsers beside the readers.
//!
//! `cargo bench -p docsdk --bench readers` runs over the pages of this repository, each repeated to a size that says
//! something, and over the page corpora (`DOCSDK_SHARED`, or `../shared`) where they are.

#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cpu_time::ProcessTime;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use docsdk::extract::{Provider, extract};
use docsdk::page::{Format, decode, format_of, read};

/// The most text to read of one kind, in bytes.
const SAMPLE: usize = 2 << 20;

/// CPU time of the process, which other work on the machine disturbs less than the clock.
struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = ProcessTime;
    type Value = Duration;

    fn start(&self) -> ProcessTime {
        ProcessTime::now()
    }

    fn end(&self, start: ProcessTime) -> Duration {
        start.elapsed()
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        WallTime.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

type Page = (String, String);

fn collect(folder: &Path, pages: &mut Vec<Page>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        let name = path.display().to_string();
        if path.is_dir() {
            collect(&path, pages);
        } else if [".html", ".md", ".rst", ".txt"].iter().any(|ending| name.ends_with(ending))
            && !name.ends_with("README.md")
            && let Ok(bytes) = std::fs::read(&path)
            && let Ok((text, _)) = decode(&name, bytes)
        {
            pages.push((name, text));
        }
    }
}

/// The pages of the repository: a few of each format, repeated.
fn own() -> Vec<Page> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = Vec::new();
    collect(&home.join("tests/pages"), &mut pages);
    let services = std::fs::read_dir(home.join("../specs")).into_iter().flatten().flatten();
    let mut services: Vec<PathBuf> = services.map(|service| service.path().join("pages")).collect();
    services.sort();
    for folder in &services {
        collect(folder, &mut pages);
    }
    let again = 40;
    (0..again).flat_map(|_| pages.iter().cloned()).collect()
}

fn corpus(name: &str) -> Vec<Page> {
    let shared = std::env::var_os("DOCSDK_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"));
    let mut pages = Vec::new();
    collect(&shared.join("corpus").join(name), &mut pages);
    pages
}

/// Pages of one kind, up to the sample's size.
fn sample(pages: &[Page], choice: impl Fn(&Page) -> bool) -> Vec<Page> {
    let mut size = 0;
    let chosen = pages.iter().filter(|page| choice(page));
    let fits = |page: &&Page| {
        size += page.1.len();
        size <= SAMPLE
    };
    chosen.take_while(fits).cloned().collect()
}

fn sized(group: &mut BenchmarkGroup<'_, CpuTime>, pages: &[Page]) {
    let bytes: usize = pages.iter().map(|(_, text)| text.len()).sum();
    group.throughput(Throughput::Bytes(bytes as u64)).sample_size(10);
}

/// The reader of a format, and the parser it stands on by itself.
fn reader(criterion: &mut Criterion<CpuTime>, name: &str, pages: &[Page]) {
    let Some((path, text)) = pages.first() else { return };
    let mut group = criterion.benchmark_group(format!("read/{name}"));
    sized(&mut group, pages);
    group.bench_function("docsdk", |bench| {
        bench.iter(|| pages.iter().for_each(|(path, text)| drop(black_box(read(path, text)))));
    });
    match format_of(path, text) {
        Format::Html => {
            let parse = |text: &str| drop(black_box(scraper::Html::parse_document(text)));
            group.bench_function("scraper", |bench| bench.iter(|| pages.iter().for_each(|(_, text)| parse(text))));
        }
        Format::Markdown => {
            let parse = |text: &str| pulldown_cmark::Parser::new_ext(text, pulldown_cmark::Options::all()).count();
            group.bench_function("pulldown-cmark", |bench| {
                bench.iter(|| pages.iter().map(|(_, text)| black_box(parse(text))).sum::<usize>());
            });
        }
        _ => {}
    }
    group.finish();
}

/// Reading and extraction of a run, parallel as it is; the time is that of all threads.
fn extraction(criterion: &mut Criterion<CpuTime>, name: &str, provider: &str, pages: &[Page]) {
    let Some(provider) = Provider::named(provider).filter(|_| !pages.is_empty()) else { return };
    let mut group = criterion.benchmark_group(format!("extract/{name}"));
    sized(&mut group, pages);
    group.bench_function("docsdk", |bench| {
        bench.iter(|| {
            let documents: Vec<_> = pages.iter().map(|(path, text)| read(path, text)).collect();
            black_box(extract(&documents, &provider))
        });
    });
    group.finish();
}

fn all(criterion: &mut Criterion<CpuTime>) {
    let of = |format: Format| move |page: &Page| format_of(&page.0, &page.1) == format;
    let own = own();
    for (name, format) in
        [("html", Format::Html), ("markdown", Format::Markdown), ("rst", Format::Rst), ("text", Format::Text)]
    {
        reader(criterion, &format!("{name}/own"), &sample(&own, of(format)));
    }
    extraction(criterion, "text/own", "aliyun", &sample(&own, |page| page.0.contains("/aliyun-")));
    let (help, html) = (corpus("aliyun-help"), corpus("huawei-html"));
    let (markdown, rst) = (corpus("aliyun-md"), corpus("huawei-rst"));
    let kinds: [(&str, &str, Vec<Page>); 7] = [
        ("html", "huawei", sample(&html, |_| true)),
        ("markdown", "aliyun", sample(&markdown, |_| true)),
        ("rst", "huawei", sample(&rst, |_| true)),
        ("text-pipe", "aliyun", sample(&help, |page| page.0.contains("pipe"))),
        ("text-run-together", "aliyun", sample(&help, |page| page.0.contains("squashed"))),
        ("text-paragraphs", "aliyun", sample(&help, |page| page.0.contains("paras"))),
        ("text-lines", "aliyun", sample(&help, |page| page.0.contains("lines"))),
    ];
    for (name, provider, pages) in &kinds {
        reader(criterion, name, pages);
        extraction(criterion, name, provider, pages);
    }
    let mut group = criterion.benchmark_group("provider");
    group.sample_size(10);
    group.bench_function("aliyun", |bench| bench.iter(|| black_box(Provider::named("aliyun"))));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime).measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(300));
    targets = all
}
criterion_main!(benches);
