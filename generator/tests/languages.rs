//! A language is a data file: pages in Japanese give the facts that their English twins give, in two vendors' layouts.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

use std::fs;
use std::path::Path;

use docsdk::extract::{Provider, extract};
use docsdk::page;
use docsdk::spec::{Field, Location, Operation, yaml};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The one operation of a page.
fn operation(provider: &Provider, file: &str) -> Operation {
    let source = read(&format!("tests/languages/{file}"));
    let extraction = extract(&[page::read(file, &source)], provider);
    assert_eq!(extraction.diagnostics, [], "{file}");
    let [extracted] = extraction.operations.as_slice() else { panic!("{file} gives one operation") };
    extracted.operation.clone()
}

/// What goes over the wire of an operation, and the name that is no text.
fn wire(mut operation: Operation) -> Operation {
    fn untold(field: &mut Field) {
        field.description = None;
        field.declared_type = None;
        field.fields.iter_mut().chain(field.items.as_deref_mut()).for_each(untold);
    }
    operation.summary = None;
    operation.description = None;
    operation.request.iter_mut().for_each(untold);
    operation.responses.iter_mut().flat_map(|response| &mut response.fields).for_each(untold);
    operation.errors.iter_mut().for_each(|error| error.description = None);
    operation.history.iter_mut().for_each(|entry| entry.summary = String::new());
    operation
}

#[track_caller]
fn twins(provider: &str, english: &str, japanese: &str) -> (Operation, Operation) {
    let provider = Provider::named(provider).unwrap();
    let (english, japanese) = (operation(&provider, english), operation(&provider, japanese));
    (wire(english), wire(japanese))
}

#[test]
fn pages_laid_out_as_alibaba_clouds() {
    let (english, japanese) = twins("aliyun", "vault.en.md", "vault.ja.md");
    assert_eq!(yaml::write(&japanese), yaml::write(&english));
    assert_eq!((english.request.len(), english.responses[0].fields[1].fields.len()), (7, 3));
    assert_eq!(english.request[3].required_when[0].equals, ["BACKUP"]);
}

#[test]
fn pages_laid_out_as_huawei_clouds() {
    let (english, mut japanese) = twins("huawei", "shelf.en.html", "shelf.ja.html");
    // A name is made of the English title, and of the request line where the title has no letters to make one of.
    assert_eq!((english.operation.as_str(), japanese.operation.as_str()), ("LockShelf", "PutShelvesLock"));
    japanese.operation.clone_from(&english.operation);
    assert_eq!(yaml::write(&japanese), yaml::write(&english));
    assert_eq!((english.request.len(), english.errors.len()), (6, 2));
}

#[test]
fn nothing_but_the_file_knows_the_language() {
    for (name, page) in [("aliyun", "vault.ja.md"), ("huawei", "shelf.ja.html")] {
        let file = read(&format!("vocabulary/{name}.yaml"));
        assert!(file.contains("languages: [en, zh, ja]"));
        let without = Provider::from_yaml(&file.replace(", ja]", "]")).unwrap();
        let source = read(&format!("tests/languages/{page}"));
        let extraction = extract(&[page::read(page, &source)], &without);
        // All that is left is what the path itself names.
        let mut found = extraction.operations.iter().flat_map(|one| &one.operation.request);
        assert!(found.all(|field| field.location == Some(Location::Path)), "{page}");
    }
}
