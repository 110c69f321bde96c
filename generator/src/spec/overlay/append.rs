//! New entries at the end of an overlay that people wrote: all that is there stays as it is.

use super::entry::{Entry, Overlay, read};
use crate::diagnostic::{Diagnostic, Severity};
use crate::spec::{place, yaml};

/// The text of an overlay with entries at the end of its list.
///
/// # Errors
/// What is wrong in the text, or that its list is not written as lines, so that nothing can be put at its end.
pub fn append(source: &str, file: &str, entries: &[Entry]) -> Result<String, Box<Diagnostic>> {
    let before = read(source, file)?;
    let ending = if source.contains("\r\n") { "\r\n" } else { "\n" };
    let span = place::entries(source).into_iter().find(|(key, _)| key == "overlay").map(|(_, range)| range);
    let mut text = match span {
        Some(range) if !before.overlay.is_empty() => {
            let dash = dash(source).ok_or_else(|| unfit(file))?;
            let at = end_of_block(source, range);
            inserted(source, at, &lines(entries, dash, ending), ending)
        }
        // An empty list is written as nothing or as `[]`.
        Some(range) => {
            let line = source.get(range.clone()).and_then(|text| text.lines().next()).unwrap_or_default();
            let (start, end) = (range.start, range.start + line.len());
            let comment =
                line.find('#').and_then(|at| line.get(at..)).map(|text| format!(" {text}")).unwrap_or_default();
            let head = format!("overlay:{comment}");
            let (first, rest) = (source.get(..start).unwrap_or_default(), source.get(end..).unwrap_or_default());
            let rest = rest.trim_start_matches(['\r', '\n']);
            format!("{first}{head}{ending}{}{rest}", lines(entries, 0, ending))
        }
        None => {
            let list = format!("overlay:{ending}{}", lines(entries, 0, ending));
            inserted(source, source.len(), &list, ending)
        }
    };
    if source.is_empty() {
        text = text.trim_start().to_owned();
    }
    let expected = Overlay { overlay: [before.overlay, entries.to_vec()].concat(), renames: before.renames };
    // Whatever layout the text has: it holds what it held, and the new entries.
    if read(&text, file).ok().as_ref() == Some(&expected) { Ok(text) } else { Err(unfit(file)) }
}

fn unfit(file: &str) -> Box<Diagnostic> {
    let message = "has its list written in another way than as lines, so that nothing can be added to it";
    let help = "write the list under `overlay:` with a line `- …` an entry, or add the entries by hand";
    Box::new(Diagnostic::new("overlay-layout", Severity::Error, file, message).help(help))
}

/// Entries as lines, indented by some columns.
fn lines(entries: &[Entry], indent: usize, ending: &str) -> String {
    let whole = yaml::write(&Overlay { overlay: entries.to_vec(), renames: Vec::new() });
    let list = whole.split_once('\n').map_or("", |(_, list)| list);
    let line = |line: &str| match line {
        "" => ending.to_owned(),
        line => format!("{:indent$}{line}{ending}", ""),
    };
    list.lines().map(line).collect()
}

/// The column of the list's dashes, where it is written as lines.
fn dash(source: &str) -> Option<usize> {
    let first = place::keys_of_items(source, "overlay").first()?.get("")?.range().start;
    let start = source.get(..first)?.rfind('\n').map_or(0, |at| at + 1);
    let before = source.get(start..first)?;
    let dash = before.find('-')?;
    (before.replace('-', " ").trim().is_empty() && before.matches('-').count() == 1).then_some(dash)
}

/// Where a key's block ends: before the blank lines and comments that stand above what follows.
fn end_of_block(source: &str, range: std::ops::Range<usize>) -> usize {
    if range.end >= source.len() {
        return source.len();
    }
    let mut end = range.end;
    while let Some(above) = source.get(range.start..end).map(|text| text.trim_end_matches(['\n', '\r'])) {
        let start = above.rfind('\n').map_or(range.start, |at| range.start + at + 1);
        let line = source.get(start..range.start + above.len()).unwrap_or_default();
        let passed = line.starts_with('#') || line.trim().is_empty();
        if !passed || start <= range.start {
            return range.start + above.len();
        }
        end = start;
    }
    end
}

fn inserted(source: &str, at: usize, text: &str, ending: &str) -> String {
    let (before, after) = source.split_at(at);
    let after = after.strip_prefix("\r\n").or_else(|| after.strip_prefix('\n')).unwrap_or(after);
    let apart = if before.is_empty() || before.ends_with('\n') { "" } else { ending };
    format!("{before}{apart}{text}{after}")
}

#[cfg(test)]
mod tests {
    use super::super::entry::{Entry, read};
    use super::append;

    fn entry() -> Entry {
        let (confirm, reason) = (Some("A.request.X.type".to_owned()), "seen: yes #1\nand more".to_owned());
        Entry { confirm, to: Some("string".into()), reason, ..Entry::default() }
    }

    #[track_caller]
    fn test(source: &str, expected: &str) {
        let text = append(source, "o.yaml", &[entry()]).unwrap();
        assert_eq!(text, expected);
        assert_eq!(read(&text, "o.yaml").unwrap().overlay.last(), Some(&entry()));
    }

    const NEW: &str = "- confirm: A.request.X.type\n  to: string\n  reason: |-\n    seen: yes #1\n    and more\n";

    fn indented(columns: usize) -> String {
        NEW.lines().map(|line| format!("{:columns$}{line}\n", "")).collect::<Vec<_>>().concat()
    }

    #[test]
    fn what_people_wrote_stays_as_it_is() {
        let old = "# mine\noverlay:   # all of it\n- remove: A.request.Y   # gone\n\n  reason: \"why\"\n";
        test(old, &format!("{old}{NEW}"));
        test(&format!("{old}\n# the end\n"), &format!("{old}\n# the end\n{NEW}"));
        let old = "overlay:\n  - remove: A\n    reason: why\n";
        test(old, &format!("{old}{}", indented(2)));
        let renames = "\n# settled\nrenames:\n- { from: A, to: B }\n";
        test(&format!("{old}{renames}"), &format!("{old}{}{renames}", indented(2)));
        test(old.trim_end(), &format!("{old}{}", indented(2)));
        let crlf = old.replace('\n', "\r\n");
        let text = append(&crlf, "o.yaml", &[entry()]).unwrap();
        assert_eq!(text, format!("{old}{}", indented(2)).replace('\n', "\r\n"));
    }

    #[test]
    fn empty_overlays_get_a_list() {
        test("", &format!("overlay:\n{NEW}"));
        test("# mine\n", &format!("# mine\noverlay:\n{NEW}"));
        test("overlay:\n", &format!("overlay:\n{NEW}"));
        test("overlay: []  # none yet\nrenames: []\n", &format!("overlay: # none yet\n{NEW}renames: []\n"));
        test("renames: []\n", &format!("renames: []\noverlay:\n{NEW}"));
    }

    #[test]
    fn lists_that_are_not_lines_are_left_alone() {
        let source = "overlay: [{ remove: A, reason: why }]\n";
        assert_eq!(append(source, "o.yaml", &[entry()]).unwrap_err().id, "overlay-layout");
        assert_eq!(append("{ overlay: [] }\n", "o.yaml", &[entry()]).unwrap_err().id, "overlay-layout");
        assert_eq!(append("overlay: 7\n", "o.yaml", &[entry()]).unwrap_err().id, "wrong-type");
    }
}
