//! How fast each reader is, with the bare parser beside it, over the pages of a folder (`DOCSDK_SHARED`/corpus).

#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use docsdk::page::{Format, format_of, read};

/// The most text to read of one format, in bytes.
const SAMPLE: usize = 4 << 20;

fn corpus() -> PathBuf {
    let shared = std::env::var_os("DOCSDK_SHARED").map(PathBuf::from);
    shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared")).join("corpus")
}

fn collect(folder: &Path, pages: &mut Vec<(String, String)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, pages);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            pages.push((path.display().to_string(), text));
        }
    }
}

fn readers(criterion: &mut Criterion) {
    let mut pages = Vec::new();
    collect(&corpus(), &mut pages);
    if pages.is_empty() {
        println!("skipped: no pages in {}", corpus().display());
        return;
    }
    for (name, format) in
        [("html", Format::Html), ("markdown", Format::Markdown), ("rst", Format::Rst), ("text", Format::Text)]
    {
        let mut size = 0;
        let sample = pages.iter().filter(|(path, text)| !path.ends_with(".json") && format_of(path, text) == format);
        let sample: Vec<_> = sample
            .take_while(|(_, text)| {
                size += text.len();
                size <= SAMPLE
            })
            .collect();
        let bytes: usize = sample.iter().map(|(_, text)| text.len()).sum();
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(bytes as u64)).sample_size(10);
        group.bench_function("read", |bench| {
            bench.iter(|| sample.iter().for_each(|(path, text)| drop(black_box(read(path, text)))));
        });
        match format {
            Format::Html => {
                group.bench_function("scraper", |bench| {
                    bench.iter(|| {
                        sample.iter().for_each(|(_, text)| drop(black_box(scraper::Html::parse_document(text))))
                    });
                });
            }
            Format::Markdown => {
                group.bench_function("pulldown-cmark", |bench| {
                    bench.iter(|| {
                        sample.iter().for_each(|(_, text)| {
                            black_box(pulldown_cmark::Parser::new_ext(text, pulldown_cmark::Options::all()).count());
                        });
                    });
                });
            }
            _ => {}
        }
        group.finish();
    }
}

criterion_group!(benches, readers);
criterion_main!(benches);
