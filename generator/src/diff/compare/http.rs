//! Method and path of an operation.

use crate::diff::finding::Recorder;
use crate::spec::Http;

/// Compares the lines; gives the placeholders that were renamed where nothing else of the path changed.
pub(super) fn compare(recorder: &mut Recorder<'_>, old: &Http, new: &Http) -> Vec<(String, String)> {
    if !old.method.eq_ignore_ascii_case(&new.method) {
        let entry = recorder.add("http-method-changed", "http.method");
        entry.before(Some(&*old.method)).after(Some(&*new.method));
    }
    if old.path == new.path {
        return Vec::new();
    }
    let ((old_path, old_names), (new_path, new_names)) = (skeleton(&old.path), skeleton(&new.path));
    let renamed: Vec<_> = if old_path == new_path {
        old_names.into_iter().zip(new_names).filter(|(old, new)| old != new).collect()
    } else {
        Vec::new()
    };
    let id = if renamed.is_empty() { "http-path-changed" } else { "http-path-placeholder-renamed" };
    recorder.add(id, "http.path").before(Some(&*old.path)).after(Some(&*new.path));
    renamed
}

/// The line with `{}` for each placeholder, to compare operations by.
pub(super) fn line(http: &Http) -> String {
    format!("{} {}", http.method.to_uppercase(), skeleton(&http.path).0)
}

/// A path with empty placeholders, and their names by position.
fn skeleton(path: &str) -> (String, Vec<String>) {
    let (mut skeleton, mut names) = (String::new(), Vec::new());
    let mut rest = path;
    while let Some((literal, after)) = rest.split_once('{') {
        skeleton.push_str(literal);
        let Some((name, after)) = after.split_once('}') else {
            skeleton.push('{');
            rest = after;
            continue;
        };
        skeleton.push_str("{}");
        names.push(name.to_owned());
        rest = after;
    }
    skeleton.push_str(rest);
    (skeleton, names)
}
