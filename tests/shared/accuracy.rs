//! What extraction scores on the corpora, by the scorer that comes with them.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Runs the scorer over some page sets and gives its figures by set; keeps the specs in a folder, if one is named.
pub(crate) fn scores(only: &str, keep: Option<&Path>) -> Value {
    let docsdk = std::env::current_exe()
        .unwrap()
        .ancestors()
        .nth(2)
        .unwrap()
        .join(format!("docsdk{}", std::env::consts::EXE_SUFFIX));
    assert!(docsdk.is_file(), "`{}` is not built: run `cargo test --workspace`", docsdk.display());
    let out = tempfile::NamedTempFile::new().unwrap();
    let scorer = crate::shared("score/accuracy.py");
    let mut command = Command::new("python3");
    command.arg(scorer).arg("--docsdk").arg(docsdk).arg("--only").arg(only).arg("--json").arg(out.path());
    if let Some(folder) = keep {
        command.arg("--keep").arg(folder);
    }
    let run = command.env("PYTHONDONTWRITEBYTECODE", "1").output().expect("python3");
    assert!(run.status.success(), "{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    serde_json::from_reader(out.reopen().unwrap()).unwrap()
}

/// Every share of a set: precision, recall and the rest, by part.
fn shares(set: &Value) -> Vec<(String, f64)> {
    let parts = ["request", "response", "errors"].into_iter().filter_map(|part| Some((part, set[part].as_object()?)));
    let of = |(part, figures): (&str, &serde_json::Map<String, Value>)| {
        let shares = figures.iter().filter_map(|(name, value)| Some((format!("{part} {name}"), value.as_f64()?)));
        shares.collect::<Vec<_>>()
    };
    parts.flat_map(of).collect()
}

#[test]
#[cfg_attr(not(scorer), ignore = "the scorer, or a Python that reads YAML, is not there")]
fn the_reference_pages_are_read_exactly() {
    let scores = scores("^seeds", None);
    assert_eq!(scores["broken"], 0);
    let seeds = &scores["sets"]["seeds text"];
    assert_eq!(seeds["operations"]["found"], 5);
    let shares = shares(seeds);
    assert!(shares.len() >= 16, "{shares:?}");
    for (name, share) in shares {
        assert!((share - 1.0).abs() < 1e-9, "{name}: {share}");
    }
}

#[test]
#[cfg_attr(not(scorer), ignore = "the scorer, or a Python that reads YAML, is not there")]
fn no_figure_has_fallen() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/accuracy.json");
    let committed: Value = serde_json::from_str(&std::fs::read_to_string(committed).unwrap()).unwrap();
    let scores = scores("", None);
    assert_eq!(scores["broken"], 0);
    let mut fallen = Vec::new();
    for (set, before) in committed.as_object().unwrap() {
        let now = &scores["sets"][set];
        let found = |set: &Value| set["operations"]["found"].as_u64().unwrap_or(0);
        if found(now) < found(before) {
            fallen.push(format!("{set}: {} operations, not {}", found(now), found(before)));
        }
        let now: std::collections::BTreeMap<String, f64> = shares(now).into_iter().collect();
        for (name, before) in shares(before) {
            let now = now.get(&name).copied().unwrap_or(0.0);
            if now < before - 0.0001 {
                fallen.push(format!("{set}: {name} is {now:.4}, not {before:.4}"));
            }
        }
    }
    assert!(fallen.is_empty(), "docs/accuracy.json has better figures:\n{}", fallen.join("\n"));
}
