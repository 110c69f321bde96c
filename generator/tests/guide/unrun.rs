//! Commands of the documentation that no test runs.

use std::fs;
use std::path::Path;

use clap::error::ErrorKind;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// The languages that a block of a shell's commands may name.
const SHELLS: [&str; 6] = ["sh", "bash", "shell", "zsh", "fish", "powershell"];
/// What stands on the line before a block of commands that no test runs, with the reason.
const MARK: &str = "<!-- not run: ";

/// What is wrong with the commands of a page: blocks that a test neither runs nor is excused from, and commands that
/// docsdk does not have. Of a chapter, a test runs the blocks `console`.
pub(crate) fn faults(page: &Path, is_chapter: bool) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let found = of(&text, is_chapter).into_iter();
    found.map(|(line, fault)| format!("{}:{line}: {fault}", page.display())).collect()
}

fn of(text: &str, is_chapter: bool) -> Vec<(usize, String)> {
    let mut faults = Vec::new();
    let mut block: Option<(usize, String)> = None;
    let is_unrun = |language: &str| SHELLS.contains(&language) || (language == "console" && !is_chapter);
    for (event, place) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        let before = text.get(..place.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) if is_unrun(&language) => {
                let marked = before.trim_end().lines().next_back().is_some_and(is_reasoned);
                block = Some((line, String::new()));
                if !marked && text[place].lines().any(names_docsdk) {
                    let fault =
                        format!("no test runs this block: make it `console`, or write `{MARK}REASON -->` above");
                    faults.push((line, fault));
                }
            }
            Event::Text(words) => {
                if let Some((_, body)) = &mut block {
                    *body += &words;
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                let (first, body) = block.take().unwrap_or_default();
                let commands = body.lines().enumerate().filter(|(_, command)| command.starts_with("docsdk "));
                faults.extend(commands.filter_map(|(at, command)| Some((first + 1 + at, unknown(command)?))));
            }
            Event::Code(command) if command.starts_with("docsdk ") => {
                faults.extend(unknown(&command).map(|fault| (line, fault)));
            }
            _ => {}
        }
    }
    faults
}

fn is_reasoned(line: &str) -> bool {
    let reason = line.trim().strip_prefix(MARK).and_then(|rest| rest.strip_suffix(" -->"));
    reason.is_some_and(|reason| reason.split(' ').count() > 2)
}

/// Whether a line runs docsdk, under any of its names.
fn names_docsdk(line: &str) -> bool {
    let command = line.split(" #").next().unwrap_or_default();
    command.split([' ', '(', ';', '|', '&', '/']).any(|word| matches!(word, "docsdk" | "cargo-docsdk"))
}

/// Why docsdk would not take a command line, but for arguments that it leaves out or stands for others by a word.
fn unknown(line: &str) -> Option<String> {
    let command = line.split(" #").next().unwrap_or_default();
    let command = command.split(['|', ';', '>', '&']).next().unwrap_or_default();
    let words = command.split_whitespace().filter(|word| !matches!(*word, "…" | "\\"));
    let words = words.map(|word| word.trim_matches(['"', '\'', '[', ']']));
    let error = docsdk::cli::command().try_get_matches_from(words).err()?;
    // The arguments of `docsdk call` are the operation's.
    let is_wrong = matches!(error.kind(), ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand);
    let is_wrong = is_wrong && !command.starts_with("docsdk call ");
    is_wrong.then(|| format!("`{line}`: {}", error.to_string().lines().next().unwrap_or_default()))
}

#[test]
fn a_block_is_run_or_says_why_not() {
    let of_page = |text: &str| of(text, false);
    let block = "```sh\ndocsdk build\n```\n";
    assert_eq!(of_page(block).len(), 1);
    assert_eq!(of_page(&format!("<!-- not run: -->\n{block}")).len(), 1, "no reason");
    assert_eq!(
        of_page(&format!("<!-- not run: it opens a browser -->\n\nWords.\n\n{block}")).len(),
        1,
        "of another block"
    );
    assert_eq!(of_page(&format!("<!-- not run: it opens a browser -->\n{block}")), []);
    assert_eq!(of_page("```sh\ncargo test\n```\n"), []);
    assert_eq!(of_page("```console\n$ docsdk build\n```\n").len(), 1);
    assert_eq!(of("```console\n$ docsdk build\n```\n", true), [], "a test runs it");
    assert_eq!(of_page("```bash\ncargo run -p docsdk -- build\n```\n").len(), 1);
}

#[test]
fn commands_that_there_are_not_are_told() {
    let of_page = |text: &str| of(text, false);
    let faults =
        of_page("<!-- not run: it opens a browser -->\n```sh\ndocsdk report --open\ndocsdk report --opne\n```\n");
    assert_eq!(faults.len(), 1);
    assert!(faults[0].0 == 4 && faults[0].1.contains("--opne"), "{faults:?}");
    assert_eq!(
        of_page("Run `docsdk explain SERVICE OPERATION [FACT]`, `docsdk diff`, `docsdk overlay suggest --write`.\n"),
        []
    );
    assert_eq!(of_page("Run `docsdk exlpain` and `docsdk overlay sugest`.\n").len(), 2);
    assert_eq!(of_page("Run `docsdk call SERVICE OPERATION --Param value…`.\n"), []);
}
