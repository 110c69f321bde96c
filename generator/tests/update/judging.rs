//! Which pages replace those at hand.

use docsdk::update::{PageState, UpdateOptions};

use super::fixture::{Fixture, NAMES, SIGN_IN, ids, only, page, reason};
use super::server::Reply;

const A: &str = "/api/CreateDisk";
const FILE: &str = "CreateDisk.html";

fn accept(page: &str) -> UpdateOptions {
    UpdateOptions { accept: vec![page.to_owned()], ..UpdateOptions::default() }
}

#[test]
fn broken_pages_are_kept_back_and_others_go_on() {
    let fixture = Fixture::fetched(&["CreateDisk", "DeleteDisk"]);
    let at_hand = fixture.read("specs/disk/pages/CreateDisk.html");
    let whole = page("CreateDisk", &NAMES);
    let half = &whole[..whole.len() / 2];
    fixture.server.page("/api/DeleteDisk", &page("DeleteDisk", &[&NAMES[..], &["Force"]].concat()));
    for (number, (body, part)) in [
        (SIGN_IN, "asks for a sign-in"),
        ("<!doctype html><html><div id=app></div><script src=/app.js></script></html>", "empty shell"),
        ("<!doctype html><html><h1>Sorry</h1><p>Try again later.</p></html>", "no operation"),
        (half, "breaks off"),
        (&page("CreateDisk", &NAMES[..2]), "it has 2 parameters"),
        (&page("DeleteDisk", &NAMES), "as another page has"),
    ]
    .into_iter()
    .enumerate()
    {
        fixture.server.page(A, body);
        let updated = fixture.update();
        let reason = reason(&updated, FILE, PageState::KeptBack);
        assert!(reason.contains(part), "{reason}");
        assert_eq!(ids(&updated), ["page-kept-back"]);
        assert_eq!(fixture.read("specs/disk/pages/CreateDisk.html"), at_hand);
        assert_eq!(only(&updated).count(PageState::Changed), usize::from(number == 0), "the other page is taken");
    }
    assert!(fixture.read("specs/disk/operations/DeleteDisk.yaml").contains("Force"));
}

#[test]
fn people_may_take_a_page_that_was_kept_back() {
    let fixture = Fixture::fetched(&["CreateDisk", "DeleteDisk"]);
    let fewer = page("CreateDisk", &NAMES[..2]);
    fixture.server.page(A, &fewer);
    assert_eq!(ids(&fixture.update_with(&accept("Create.html"))), ["page-kept-back", "accept-unknown"]);
    let updated = fixture.update_with(&accept("Create*.html"));
    assert_eq!((only(&updated).count(PageState::Changed), ids(&updated)), (1, vec![]));
    assert_eq!(fixture.read("specs/disk/pages/CreateDisk.html"), fewer);
    fixture.server.page(A, &page("CreateDisk", &NAMES[..1]));
    fixture.server.page("/api/DeleteDisk", &page("DeleteDisk", &NAMES[..1]));
    let updated = fixture.update_with(&accept(&fixture.server.url("/api/DeleteDisk")));
    assert_eq!(reason(&updated, "DeleteDisk.html", PageState::Changed), "");
}

#[test]
fn pages_that_say_the_same_stay() {
    let fixture = Fixture::fetched(&["CreateDisk"]);
    let before = fixture.files();
    let rendered = page("CreateDisk", &NAMES).replace("<body>", "<body><!-- 10:41 --><script>nonce=1</script>");
    fixture.server.page(A, &rendered);
    let updated = fixture.update();
    assert_eq!(only(&updated).count(PageState::Same), 1);
    assert_eq!((updated.files, fixture.files()), (vec![], before));
}

#[test]
fn edited_pages_are_not_overwritten() {
    let fixture = Fixture::fetched(&["CreateDisk"]);
    let path = fixture.path("specs/disk/pages").join(FILE);
    let edited = fixture.read("specs/disk/pages/CreateDisk.html").replace("in a few words", "as I know better");
    std::fs::write(&path, &edited).unwrap();
    fixture.server.page(A, &page("CreateDisk", &NAMES[..7]));
    let updated = fixture.update();
    assert!(reason(&updated, FILE, PageState::KeptBack).contains("was edited"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), edited);
}

#[test]
fn pages_saved_by_hand_are_taken_over() {
    let fixture = Fixture::new(&[A], "");
    fixture.server.page(A, &page("CreateDisk", &NAMES));
    std::fs::create_dir_all(fixture.path("specs/disk/pages")).unwrap();
    std::fs::write(fixture.path("specs/disk/pages").join(FILE), page("CreateDisk", &NAMES)).unwrap();
    let updated = fixture.update();
    assert_eq!(only(&updated).count(PageState::Unchanged), 1);
    let written = |name: &str| updated.files.iter().any(|change| change.file.ends_with(name));
    assert!(written("pages.lock") && written("CreateDisk.yaml") && !written(FILE), "{:?}", updated.files);
    fixture.server.page(A, SIGN_IN);
    assert!(reason(&fixture.update(), FILE, PageState::KeptBack).contains("sign-in"));
}

#[test]
fn few_pages_may_go_and_many_may_not() {
    let operations = ["CreateDisk", "DeleteDisk", "ResizeDisk", "AttachDisk", "DetachDisk", "DescribeDisks"];
    let fixture = Fixture::fetched(&operations);
    fixture.server.set(A, Reply::Status(404, vec![]));
    let updated = fixture.update();
    assert_eq!((only(&updated).count(PageState::Gone), ids(&updated)), (1, vec![]));
    assert!(!fixture.path("specs/disk/pages").join(FILE).exists());
    assert!(!fixture.path("specs/disk/operations/CreateDisk.yaml").exists());
    // The manifest still names it: told each time, nothing lost.
    assert!(ids(&fixture.update()).contains(&"page-gone"));
    let before = fixture.files();
    for operation in &operations[1..5] {
        fixture.server.set(&format!("/api/{operation}"), Reply::Status(410, vec![]));
    }
    fixture.server.page("/api/DescribeDisks", &page("DescribeDisks", &NAMES[..7]));
    let updated = fixture.update();
    assert!(ids(&updated).contains(&"mass-removal") && only(&updated).refused, "{:?}", ids(&updated));
    assert_eq!((updated.files, fixture.files()), (vec![], before));
    let updated = fixture.update_with(&UpdateOptions { accept_removals: true, ..UpdateOptions::default() });
    assert_eq!((only(&updated).count(PageState::Gone), only(&updated).count(PageState::Changed)), (4, 1));
    assert_eq!(std::fs::read_dir(fixture.path("specs/disk/operations")).unwrap().count(), 1);
}

#[test]
fn pages_of_another_encoding_can_be_read_later() {
    let fixture = Fixture::fetched(&["CreateDisk"]);
    let body = page("CreateDisk", &NAMES).replace("in a few words", "caf\u{e9}");
    let bytes: Vec<u8> = body.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        bytes.len()
    );
    fixture.server.set(A, Reply::Raw([head.into_bytes(), bytes].concat()));
    assert_eq!(only(&fixture.update()).count(PageState::Changed), 1);
    assert!(fixture.read("specs/disk/operations/CreateDisk.yaml").contains("caf\u{e9}"));
}
