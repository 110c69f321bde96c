//! The marks that version control leaves in a file where a merge was not finished.

use crate::diagnostic::{Diagnostic, Severity};
use crate::page::Span;

/// A finding about a file that holds such marks; nothing where it holds none.
///
/// For files that can't be read: in one that can, the same line may be text.
pub(crate) fn finding(source: &str, file: &str) -> Option<Diagnostic> {
    let mut start = 0;
    let begins = source.split_inclusive('\n').find_map(|line| {
        let at = start;
        start += line.len();
        (line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> "))
            .then(|| Span::new(at..at + line.trim_end().len()))
    })?;
    let finding =
        Diagnostic::new("merge-unfinished", Severity::Error, file, "the file holds a merge that was not finished");
    let help = "keep one of the two sides, or what is right of both, and take the lines with the marks out; of a file that \
                docsdk writes, take either side and run `docsdk build`";
    Some(finding.at(begins, "a mark of version control").help(help))
}

#[cfg(test)]
mod tests {
    use super::finding;

    #[test]
    fn marks_are_found_where_lines_begin_with_them() {
        let source = "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> theirs\n";
        assert_eq!(&source[finding(source, "a.yaml").unwrap().span.unwrap().range()], "<<<<<<< HEAD");
        assert_eq!(finding("a: 1\n=======\n  <<<<<<< HEAD\n<<<<<<<<\n", "a.yaml"), None);
    }
}
