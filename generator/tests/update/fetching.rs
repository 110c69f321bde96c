//! How pages are asked for.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use docsdk::update::{PageState, UpdateOptions};

use super::fixture::{Fixture, NAMES, QuickClock, ids, only, page, reason};
use super::server::Reply;

const A: &str = "/api/CreateDisk";
const FILE: &str = "CreateDisk.html";

fn one(settings: &str) -> Fixture {
    let fixture = Fixture::new(&[A], settings);
    fixture.server.page(A, &page("CreateDisk", &NAMES));
    fixture
}

#[test]
fn pages_that_did_not_change_are_not_sent_again() {
    let fixture = Fixture::fetched(&["CreateDisk", "DeleteDisk"]);
    let lock = fixture.read("specs/disk/pages.lock");
    assert!(lock.contains("file = \"CreateDisk.html\"") && lock.contains(&fixture.server.url(A)), "{lock}");
    let before = fixture.files();
    let updated = fixture.update();
    assert_eq!(only(&updated).count(PageState::Unchanged), 2);
    assert_eq!((updated.files, updated.run.findings), (vec![], vec![]));
    assert_eq!(fixture.files(), before);
    let requests = fixture.server.requests();
    assert_eq!(requests.iter().filter(|request| request.headers.contains_key("if-none-match")).count(), 2);
    assert!(requests.iter().all(|request| request.headers["user-agent"].starts_with("docsdk/")));
    // A file that went missing is asked for without condition.
    std::fs::remove_file(fixture.path("specs/disk/pages").join(FILE)).unwrap();
    assert_eq!(only(&fixture.update()).count(PageState::New), 1);
    assert_eq!(fixture.files(), before);
}

#[test]
fn one_host_is_asked_at_its_pace() {
    let fixture = Fixture::new(&["/a", "/b", "/c"], "rate = 0.5");
    let clock = Arc::new(QuickClock::default());
    fixture.run(&UpdateOptions::default(), &clock).unwrap();
    assert_eq!(*clock.sleeps.lock().unwrap(), [Duration::from_secs(2); 3], "robots.txt and three pages");
    fixture.server.page("/robots.txt", "User-agent: *\nCrawl-delay: 7\n");
    let clock = Arc::new(QuickClock::default());
    fixture.run(&UpdateOptions::default(), &clock).unwrap();
    assert!(clock.sleeps.lock().unwrap().contains(&Duration::from_secs(7)));
}

#[test]
fn hosts_that_fail_for_a_while_are_asked_again() {
    let fixture = one("");
    let after = |seconds: u64| Reply::Status(429, vec![("Retry-After", seconds.to_string())]);
    fixture.server.first(A, [after(33), Reply::Status(429, vec![]), Reply::Status(500, vec![])]);
    let clock = Arc::new(QuickClock::default());
    let updated = fixture.run(&UpdateOptions::default(), &clock).unwrap();
    assert_eq!(only(&updated).count(PageState::New), 1, "{:?}", updated.run.findings);
    let sleeps = clock.sleeps.lock().unwrap().clone();
    let waited = |seconds| sleeps.contains(&Duration::from_secs(seconds));
    assert!(waited(33) && waited(4) && waited(8), "{sleeps:?}");
    assert_eq!(fixture.server.paths(), [A; 4]);
}

#[test]
fn hosts_that_go_on_failing_are_left_alone() {
    let fixture = Fixture::fetched(&["CreateDisk"]);
    let before = fixture.files();
    for (reply, part, asked) in [
        (Reply::Status(503, vec![]), "was answered by status 503; tried 4 times", 4),
        (Reply::Status(429, vec![("Retry-After", "3600".to_owned())]), "wants to be left alone for 3600 s", 1),
        (Reply::Status(429, vec![("Retry-After", "Fri, 31 Dec 2100 23:59:59 GMT".to_owned())]), "left alone", 1),
        (Reply::Status(403, vec![]), "status 403", 1),
    ] {
        fixture.server.set(A, reply);
        let updated = fixture.update();
        let reason = reason(&updated, FILE, PageState::Failed);
        assert!(reason.contains(part), "{reason}");
        assert_eq!(fixture.server.paths().len(), asked);
        assert!(ids(&updated).contains(&"fetch-failed"));
        assert_eq!(fixture.files(), before);
    }
}

#[test]
fn a_host_that_is_down_is_not_asked_for_every_page() {
    let paths: Vec<String> = (0..10).map(|number| format!("/{number}")).collect();
    let fixture = Fixture::new(&paths.iter().map(String::as_str).collect::<Vec<_>>(), "attempts = 2");
    for path in &paths {
        fixture.server.set(path, Reply::Status(500, vec![]));
    }
    let updated = fixture.update();
    assert_eq!(only(&updated).count(PageState::Failed), 10);
    assert_eq!(fixture.server.paths().len(), 6, "three pages, twice each");
}

#[test]
fn broken_transfers_are_repeated_and_never_kept() {
    let fixture = Fixture::fetched(&["CreateDisk"]);
    let before = fixture.files();
    let body = page("CreateDisk", &NAMES[..7]);
    let half = &body[..body.len() / 2];
    // A reply whose length is right would leave its connection open to the next request, which dies with it.
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n";
    let short = format!("{head}Content-Length: {}\r\n\r\n{half}", body.len());
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{half}\r\n", half.len());
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(body.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let cut = [
        format!("{head}Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", packed.len() / 2).into_bytes(),
        packed[..packed.len() / 2].to_vec(),
    ];
    for broken in [short.into_bytes(), chunked.into_bytes(), cut.concat(), b"garbage".to_vec()] {
        fixture.server.set(A, Reply::Raw(broken));
        let updated = fixture.update();
        let reason = reason(&updated, FILE, PageState::Failed);
        assert!(reason.contains("broke off"), "{reason}");
        assert_eq!(fixture.server.paths(), [A; 4]);
        assert_eq!(fixture.files(), before);
    }
    // Whole, the same page is taken.
    let whole = format!("{head}Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", packed.len());
    fixture.server.set(A, Reply::Raw([whole.into_bytes(), packed].concat()));
    assert_eq!(only(&fixture.update()).count(PageState::Changed), 1);
    assert_eq!(fixture.read("specs/disk/pages/CreateDisk.html"), body);
}

#[test]
fn pages_are_no_larger_than_they_may_be_even_unpacked() {
    let fixture = one("max_bytes = 100000");
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    bomb.write_all(&vec![b' '; 50 << 20]).unwrap();
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 100_000);
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n";
    let packed = format!("{head}Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", bomb.len());
    for reply in [Reply::Page(vec![b'x'; 100_001]), Reply::Raw([packed.into_bytes(), bomb].concat())] {
        fixture.server.set(A, reply);
        let updated = fixture.update();
        assert!(reason(&updated, FILE, PageState::Failed).contains("larger than the 100000 bytes"));
        assert_eq!(fixture.server.paths(), [A], "it is not asked for again");
    }
}

#[test]
fn slow_pages_are_given_up() {
    let fixture = one("timeout = 0.1\nattempts = 2\nrobots = false");
    fixture.server.set(A, Reply::Late(Duration::from_secs(5), Box::new(Reply::Status(200, vec![]))));
    let updated = fixture.update();
    assert_eq!(reason(&updated, FILE, PageState::Failed), "was not there after 0.1 s; tried 2 times");
}

#[test]
fn redirects_are_followed_as_far_as_they_may() {
    let fixture = one("redirects = 3");
    let to = |status: u16, target: String| Reply::Status(status, vec![("Location", target)]);
    let server = &fixture.server;
    for (target, part) in [
        (server.url(A), "leads in a circle of 1"),
        ("/loop".to_owned(), "leads in a circle"),
        ("file:///etc/passwd".to_owned(), "leads to a URL of `file`"),
        ("http://127.0.0.2/".to_owned(), "has the address 127.0.0.2, which is not public"),
        ("http://169.254.169.254/latest/meta-data/".to_owned(), "which is not public"),
        ("http://[::ffff:127.0.0.1]/".to_owned(), "which is not public"),
        ("http://localhost:1/".to_owned(), "is no host of the public internet"),
        ("http://me:secret@127.0.0.1/".to_owned(), "with a password in it"),
        ("/far/0".to_owned(), "leads on after 3 redirects"),
    ] {
        server.set(A, to(302, target));
        server.set("/loop", to(307, A.to_owned()));
        (0..5).for_each(|number| server.set(&format!("/far/{number}"), to(302, format!("/far/{}", number + 1))));
        let updated = fixture.update();
        let reason = reason(&updated, FILE, PageState::Failed);
        assert!(reason.contains(part) && !reason.contains("secret"), "{reason}");
    }
    server.set(A, to(301, "/new/place#top".to_owned()));
    server.page("/new/place", &page("CreateDisk", &NAMES));
    let updated = fixture.update();
    assert_eq!((only(&updated).count(PageState::New), ids(&updated)), (1, vec!["page-moved"]));
    assert!(fixture.path("specs/disk/pages").join(FILE).exists(), "it keeps the name of its URL in the manifest");
}

#[test]
fn robots_are_told_what_they_may_have() {
    let fixture = one("");
    fixture.server.page("/robots.txt", "User-agent: *\nDisallow: /api/\n");
    let updated = fixture.update();
    assert_eq!(reason(&updated, FILE, PageState::Failed), "is not for robots, says its host's `robots.txt`");
    assert_eq!(fixture.server.paths(), [""; 0]);
    fixture.server.set("/robots.txt", Reply::Status(500, vec![]));
    let updated = fixture.update();
    assert!(reason(&updated, FILE, PageState::Failed).contains("`robots.txt` was answered by status 500"));
    fixture.server.page("/robots.txt", "User-agent: *\nDisallow: /api/\n");
    let url = fixture.server.url(A);
    fixture.manifest("", &format!("urls = [\"{url}\"]\nfetch = {{ robots = false, proxy = \"none\" }}"));
    assert_eq!(only(&fixture.update()).count(PageState::New), 1);
}

#[test]
fn a_proxy_is_asked_where_one_is_set() {
    let fixture = one("");
    let proxy = super::server::Server::start();
    proxy.page("http://docs.example.com/robots.txt", "");
    proxy.page("http://docs.example.com/api/CreateDisk", &page("CreateDisk", &NAMES));
    let settings =
        format!("urls = [\"http://docs.example.com/api/CreateDisk\"]\nfetch = {{ proxy = \"{}\" }}", proxy.url(""));
    fixture.manifest("", &settings);
    assert_eq!(only(&fixture.update()).count(PageState::New), 1);
    assert_eq!(proxy.requests().len(), 2);
    assert_eq!(fixture.server.requests().len(), 0);
}

#[test]
fn indexes_list_pages() {
    let fixture = one("");
    let server = &fixture.server;
    let links = server.url("/api/**");
    let index = format!("index = [{{ url = \"{}\", links = [\"{links}\"] }}]", server.url("/sitemap.xml"));
    fixture.manifest("", &index);
    let sitemap = |pages: &[&str]| {
        let url = |page: &&str| format!("<url><loc>{}</loc></url>", server.url(page));
        let urls = pages.iter().map(url).collect::<Vec<_>>().concat();
        format!("<?xml version=\"1.0\"?><urlset>{urls}</urlset>")
    };
    server.page(
        "/sitemap.xml",
        &format!("<sitemapindex><sitemap><loc>{}</loc></sitemap></sitemapindex>", server.url("/s.xml")),
    );
    server.page("/s.xml", &sitemap(&[A, "/api/v2/CreateDisk", "/api/overview", "/blog"]));
    server.page("/api/v2/CreateDisk", &page("ResizeDisk", &NAMES));
    server.page("/api/overview", "<!doctype html><h1>Overview</h1><p>What disks are.</p>");
    let updated = fixture.update();
    assert_eq!(
        (only(&updated).count(PageState::New), only(&updated).count(PageState::Empty)),
        (2, 1),
        "{:?}",
        updated.run.findings
    );
    let kept: Vec<String> = std::fs::read_dir(fixture.path("specs/disk/pages"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(kept.len() == 2 && kept.iter().all(|name| name.starts_with("CreateDisk-")), "two of one name: {kept:?}");
    // What it lists no longer goes; what held nothing is not sent again.
    server.page("/s.xml", &sitemap(&[A, "/api/overview"]));
    let updated = fixture.update();
    let service = only(&updated);
    let counts = [PageState::Unchanged, PageState::Empty, PageState::Gone].map(|state| service.count(state));
    assert_eq!(counts, [1, 1, 1], "{service:?}");
    assert!(!fixture.path("specs/disk/operations/ResizeDisk.yaml").exists());
    assert_eq!(fixture.update().files, []);
    // An index that fails, or lists nothing, removes nothing.
    for reply in [Reply::Status(404, vec![]), Reply::Page(b"<!doctype html><h1>Moved</h1>".to_vec())] {
        server.set("/sitemap.xml", reply);
        let updated = fixture.update();
        assert_eq!(only(&updated).count(PageState::Unchanged), 1);
        assert!(ids(&updated)[0].starts_with("index-"), "{:?}", updated.run.findings);
        assert_eq!(updated.files, []);
    }
}
