//! Texts in other languages than the specs': after overlays, and as files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::spec::overlay::{Change, Settled};
use crate::spec::path::below;
use crate::spec::texts::{ServiceTexts, Texts};
use crate::spec::yaml;

/// The folder of the texts, in that of the service's specs.
pub(super) const FOLDER: &str = "texts";

/// Follows what an overlay did: texts move with what they stand for, and go with it.
pub(super) fn settle(texts: &mut ServiceTexts, settled: &[Settled]) {
    for Settled { operation, change, .. } in settled {
        for operations in texts.values_mut() {
            match change {
                Change::OperationRemoved => drop(operations.remove(operation)),
                Change::OperationRenamed(from) => {
                    let moved = operations.remove(from);
                    operations.extend(moved.map(|moved| (operation.clone(), moved)));
                }
                Change::Set(path) | Change::Removed(path) => {
                    if let Some(texts) = operations.get_mut(operation) {
                        texts.retain(|place, _| below(place, path).is_none());
                    }
                }
                Change::Renamed { from, to } => {
                    if let Some(texts) = operations.get_mut(operation) {
                        *texts = std::mem::take(texts)
                            .into_iter()
                            .map(|(place, text)| match below(&place, from) {
                                Some(rest) => (format!("{to}{rest}"), text),
                                None => (place, text),
                            })
                            .collect();
                    }
                }
            }
        }
    }
    for operations in texts.values_mut() {
        operations.retain(|_, texts| !texts.is_empty());
    }
    texts.retain(|_, operations| !operations.is_empty());
}

/// The file of an operation's texts.
pub(super) fn path(folder: &Path, language: &str, operation: &str) -> PathBuf {
    folder.join(FOLDER).join(language).join(format!("{operation}.yaml"))
}

/// The files of a service's texts.
pub(super) fn files(folder: &Path, texts: &ServiceTexts) -> BTreeMap<PathBuf, Vec<u8>> {
    let each = texts.iter().flat_map(|(language, operations)| {
        operations.iter().map(move |(operation, texts)| {
            let (operation, language) = (operation.clone(), language.clone());
            let path = path(folder, &language, &operation);
            (path, yaml::write(&Texts { operation, language, texts: texts.clone() }).into_bytes())
        })
    });
    each.collect()
}

/// The files of texts that there are, sorted.
pub(super) fn found(folder: &Path) -> Vec<PathBuf> {
    let files = WalkDir::new(folder.join(FOLDER)).min_depth(2).max_depth(2).sort_by_file_name();
    let files = files.into_iter().filter_map(Result::ok).map(walkdir::DirEntry::into_path);
    files.filter(|path| path.extension().is_some_and(|ending| ending == "yaml")).collect()
}

#[cfg(test)]
mod tests {
    use super::settle;
    use crate::page::Span;
    use crate::spec::overlay::{Change, Settled};
    use crate::spec::texts::ServiceTexts;

    #[test]
    fn texts_move_with_what_they_stand_for() {
        let one = |path: &str| (path.to_owned(), "字".to_owned());
        let texts = [one("request.X.description"), one("request.Y.description"), one("summary")].into();
        let mut all: ServiceTexts = [("zh".to_owned(), [("A".to_owned(), texts)].into())].into();
        let change = |change| Settled { operation: "B".to_owned(), change, span: Span::default() };
        settle(
            &mut all,
            &[
                change(Change::OperationRenamed("A".into())),
                change(Change::Renamed { from: "request.X".into(), to: "request.W".into() }),
                change(Change::Removed("request.Y".into())),
                change(Change::Set("summary".into())),
            ],
        );
        let left: Vec<&String> = all["zh"]["B"].keys().collect();
        assert_eq!(left, ["request.W.description"]);
        settle(&mut all, &[change(Change::OperationRemoved)]);
        assert!(all.is_empty());
    }
}
