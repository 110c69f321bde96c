//! Extraction over pages nobody wrote by hand: what they cost grows with their size, and nothing nests too deep for it.

use std::time::Duration;

use cpu_time::ProcessTime;
use docsdk::extract::{Extraction, Provider, extract};
use docsdk::page::read;

/// How much larger the larger page of a pair is.
const TIMES: usize = 4;
/// What quadratic work would cost on it is 16 times as much; linear work 4 times.
const MOST: f64 = 10.0;
/// Work below this says nothing of its growth.
const LEAST: Duration = Duration::from_millis(40);

const INTRO: &str = "# CreateThing\n\nCreates a thing.\n\n## Request parameters\n\n| Parameter | Type | Required | Description |\n|---|---|---|---|\n| Name | String | Yes | The name. |\n\n";
const TABLE: &str =
    "# CreateThing\n\n## Request parameters\n\n| Parameter | Type | Required | Description |\n|---|---|---|---|\n";

fn repeated(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// A name, how many pieces the smaller page has, and the page of so many pieces.
type Case = (&'static str, usize, fn(usize) -> String);

const GROWING: &[Case] = &[
    ("errors.md", 300, |n| {
        let rows = repeated(n, |i| format!("| 400 | Invalid.Code{i} | The code {i} is wrong. | Check {i}. |\n"));
        format!(
            "{INTRO}## Error codes\n\n| HttpCode | Error code | Error message | Description |\n|---|---|---|---|\n{rows}"
        )
    }),
    ("errors.html", 100, |n| {
        let rows = repeated(n, |i| format!("<tr><td>400</td><td>Invalid.Code{i}</td><td>Wrong {i}.</td></tr>"));
        format!(
            "<h1>CreateThing</h1><h2>Error codes</h2><table><tr><th>HttpCode</th><th>Error code</th><th>Error message</th></tr>{rows}</table>"
        )
    }),
    ("squashed.txt", 100, |n| {
        let rows = repeated(n, |i| format!("400Invalid.Code{i}The code {i} is wrong.Check code {i}.\n"));
        format!("CreateThing\n\nError codes\n\nHTTP status codeError codeError messageDescription\n\n{rows}")
    }),
    ("lines.txt", 100, |n| {
        let rows = repeated(n, |i| format!("Name{i}\nString\nYes\nThe name {i}.\n"));
        format!("CreateThing\n\nRequest parameters\nParameter\nType\nRequired\nDescription\n{rows}")
    }),
    ("heads.txt", 200, |n| format!("CreateThing\n{}", "Parameter\nType\n".repeat(n))),
    ("parameters.md", 400, |n| {
        let row =
            |i| format!("| Name{i} | String | Yes | The name {i}. Valid values: a{i}, b. Default value: a{i}. |\n");
        format!("{TABLE}{}", repeated(n, row))
    }),
    ("dotted.md", 100, |n| {
        format!("{TABLE}{}", repeated(n, |i| format!("| A{}.N.B{i} | String | Yes | The name {i}. |\n", i / 10)))
    }),
    ("corners.md", 100, |n| {
        format!("{TABLE}{}", repeated(n, |i| format!("| {}N{i} | Object | Yes | x |\n", "└ ".repeat(i % 50))))
    }),
    ("sections.md", 1_000, |n| {
        let section = |i| format!("## Request parameters\n\n| Parameter | Type |\n|---|---|\n| A{i} | String |\n\n");
        format!("# X\n\n{}", repeated(n, section))
    }),
    ("headings.md", 1_000, |n| repeated(n, |i| format!("# Heading {i}\n\n"))),
    ("sample.md", 1_000, |n| {
        let items = repeated(n, |i| format!("{{\"b{i}\":{i}}},"));
        format!("{INTRO}## Sample success responses\n\n```json\n{{\"a\":[{items}1]}}\n```\n")
    }),
    ("cell.md", 100, |n| {
        format!(
            "{TABLE}| Name | String | Yes | {} |\n",
            "Valid values: a, b. The name is x. Default value: 3. ".repeat(n)
        )
    }),
    ("cell.html", 100, |n| {
        let cell = "<p>Valid values: a, b.</p><ul><li>a: x</li></ul>".repeat(n);
        format!(
            "<h1>CreateThing</h1><h2>Request parameters</h2><table><tr><th>Parameter</th><th>Type</th><th>Description</th></tr><tr><td>Name</td><td>String</td><td>{cell}</td></tr></table>"
        )
    }),
    ("line.txt", 5_000, |n| format!("CreateThing\n\n{}", "word ".repeat(n))),
    ("links.md", 600, |n| format!("{INTRO}{}", repeated(n, |i| format!("[a{i}](#b{i}) ")))),
];

/// Pages that nest deeper than any stack is.
const DEEP: &[(&str, &str, usize)] = &[
    ("a.html", "<div>", 100_000),
    ("a.html", "<ul><li>", 100_000),
    ("a.html", "<table><tr><td>", 50_000),
    ("a.md", "> ", 100_000),
    ("a.md", "- ", 100_000),
    ("a.rst", "- ", 100_000),
    ("a.md", "[", 100_000),
    ("a.txt", "{", 100_000),
];

fn run(name: &str, source: &str, provider: &Provider) -> Extraction {
    extract(&[read(name, source)], provider)
}

fn cost(name: &str, source: &str, provider: &Provider) -> Duration {
    let once = || {
        let start = ProcessTime::now();
        drop(run(name, source, provider));
        start.elapsed()
    };
    (0..2).map(|_| once()).min().unwrap_or_default()
}

// One test, since the time of others in the same process would count too.
#[test]
fn hostile_pages_cost_as_their_size_does() {
    for provider in ["aliyun", "huawei"].map(|name| Provider::named(name).expect("a provider of the tool's own")) {
        for (name, count, page) in GROWING {
            let (small, large) = (page(*count), page(count * TIMES));
            let taken = cost(name, &large, &provider);
            if taken > LEAST {
                let growth = taken.as_secs_f64() / cost(name, &small, &provider).as_secs_f64();
                let what = format!("{name} of {} and {} bytes for {}", small.len(), large.len(), provider.name());
                assert!(growth < MOST, "{what}: {growth:.1} times the work for {TIMES} times the page");
            }
        }
        for (name, piece, count) in DEEP {
            let extraction = run(name, &piece.repeat(*count), &provider);
            assert!(extraction.operations.is_empty(), "{name} of {piece}");
            assert_eq!(extraction.coverage.operations, 0);
        }
        for (open, close) in [("{\"a\":", "}"), ("[", "]"), ("<a>", "</a>")] {
            let sample = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
            let page = format!("{INTRO}## Sample success responses\n\n```\n{sample}\n```\n");
            let extraction = run("a.md", &page, &provider);
            assert!(extraction.coverage.rows_claimed > 0, "the table above a deep sample is read all the same");
        }
    }
}
