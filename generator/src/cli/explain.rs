//! `docsdk explain`.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;
use docsdk::page::Span;
use docsdk::project::{Explanation, Project, Run, explain};
use docsdk::report;
use docsdk::spec::lock::certainty_word;
use serde_json::{Value, json};

use super::args::Global;
use super::output::Output;

/// Show where the facts of an operation's spec came from: the page's lines, the rule, how sure it is.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  docsdk explain aliyun-rds RestoreDdrTable                       every fact
  docsdk explain aliyun-rds RestoreDdrTable RestoreType           what is known of a parameter
  docsdk explain aliyun-rds RestoreDdrTable request.RestoreType.required
  docsdk explain aliyun-rds RestoreDdrTable errors --format json")]
pub(crate) struct Explain {
    /// The service, as the manifest has it
    service: String,
    /// The operation
    operation: String,
    /// A place in its spec, or a parameter's or field's name
    path: Option<String>,
}

impl Explain {
    pub(crate) fn run(&self, global: &Global, output: &Output) -> ExitCode {
        let explained = Project::open(global.manifest.as_deref()).and_then(|project| {
            let entry =
                project.manifest.service(&self.service, &project.file).map_err(|finding| Run::only(*finding))?;
            // A pattern of the manifest that finds nothing is `docsdk build`'s to tell.
            let (job, _) = project.spec_job(entry);
            explain(&job.folder, &job.pages, &self.operation, self.path.as_deref())
        });
        let Explanation { facts, findings, sources } = match explained {
            Ok(explanation) => explanation,
            Err(run) => return output.fail("explain", &run),
        };
        let run = Run { findings, sources };
        if output.is_json() {
            let facts: Value = facts
                .iter()
                .map(|fact| {
                    let words = |page, span: Span| run.sources.get(page).and_then(|text| text.get(span.range()));
                    let losers = fact.losers.iter().map(|loser| {
                        json!({
                            "value": loser.value, "page": loser.page, "line": loser.place.line,
                            "column": loser.place.column, "rule": loser.rule, "settled": loser.settled.word(),
                            "words": words(&loser.page, loser.span),
                        })
                    });
                    json!({
                        "path": fact.path, "value": fact.value, "page": fact.page, "line": fact.place.line,
                        "column": fact.place.column, "rule": fact.rule, "certainty": certainty_word(fact.certainty),
                        "words": words(&fact.page, fact.span), "losers": losers.collect::<Value>(),
                    })
                })
                .collect();
            output.json(
                "explain",
                json!({ "service": self.service, "operation": self.operation, "facts": facts }),
                &run,
            );
        } else {
            output.findings(&run);
            let mut text = String::new();
            for fact in &facts {
                let value = match &fact.value {
                    Some(value) => format!(" = {}", shortened(&value.to_string())),
                    None => String::new(),
                };
                let label = format!("{}, by `{}`", certainty_word(fact.certainty), fact.rule);
                let _ = writeln!(text, "{}{value}", fact.path);
                let source = run.sources.get(&fact.page).map_or("", String::as_str);
                text += &report::excerpt(&fact.page, source, fact.span, &label, output.stdout_style());
                for loser in &fact.losers {
                    let _ = writeln!(text, "  elsewhere = {}", shortened(&loser.value));
                    let label = format!("not believed: {}, by `{}`", loser.settled.word(), loser.rule);
                    let source = run.sources.get(&loser.page).map_or("", String::as_str);
                    text += &report::excerpt(&loser.page, source, loser.span, &label, output.stdout_style());
                }
                text.push('\n');
            }
            output.print(&text);
        }
        output.status(&run)
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 100;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
