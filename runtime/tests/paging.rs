//! Lists in pages, over answers as services give them, good and bad.

use docsdk_runtime::input::{Handle, Input};
use docsdk_runtime::paging::{Items, Pages};
use docsdk_runtime::record::Record;
use docsdk_runtime::schema::{Field, Kind, Operation, Paging, Parameter, Service, Shape};
use docsdk_runtime::testing::{Answer, Canned};
use docsdk_runtime::{Cause, Config, Credentials, ErrorKind, Protocol, RetryPolicy};

#[derive(Clone)]
#[repr(transparent)]
struct Things(Record);
docsdk_runtime::answer!(Things, THINGS);
static THINGS: Shape = Shape::new(
    "Things",
    &[
        Field::new("Things", "things", Kind::Record(&WRAPPED)),
        Field::new("NextToken", "next_token", Kind::String),
        Field::new("TotalCount", "total_count", Kind::Int64),
        Field::new("NextOffset", "next_offset", Kind::Int64),
        Field::new("More", "more", Kind::Boolean),
        Field::new("Names", "names", Kind::Strings),
    ],
);
static WRAPPED: Shape = Shape::new("Wrapped", &[Field::new("Thing", "thing", Kind::Records(&THING))]);

#[derive(Clone)]
#[repr(transparent)]
struct Thing(Record);
docsdk_runtime::record!(Thing, THING);
static THING: Shape = Shape::new("Thing", &[Field::new("Id", "id", Kind::String)]);

#[derive(Clone, Copy, Debug, PartialEq)]
enum ThingsErrorKind {
    Gone,
    Unknown,
}

impl ErrorKind for ThingsErrorKind {
    const CODES: &'static [(&'static str, Self)] = &[("Gone", Self::Gone)];
    const UNKNOWN: Self = Self::Unknown;
}

static SERVICE: Service = Service::new("things", "aliyun", Protocol::AliyunRpc, "2024-01-01");
static PARAMETERS: &[Parameter] = &[Parameter::query("Position"), Parameter::query("Size")];
static OPERATION: Operation = Operation::new(&SERVICE, "ListThings", "POST", "/", PARAMETERS).idempotent();

const THING_LIST: &[&[usize]] = &[&[0, 0]];
static PAGE: Paging = Paging::page(0).numeric().size(1, Some(2), Some(100)).lists(THING_LIST).total(&[2]);
static UNSIZED: Paging = Paging::page(0).numeric().lists(THING_LIST);
static OFFSET: Paging = Paging::offset(0).numeric().size(1, Some(2), None).lists(THING_LIST).total(&[2]);
static FROM_ONE: Paging = Paging::offset(0).numeric().first(1).size(1, Some(2), None).lists(THING_LIST);
static TOKEN: Paging = Paging::token(0, &[1]).size(1, Some(10), None).sends_size().lists(THING_LIST);
static NUMBERED: Paging = Paging::token(0, &[3]).numeric().lists(THING_LIST);
static FLAGGED: Paging = Paging::token(0, &[1]).more(&[4]).lists(THING_LIST);
static MARKER: Paging = Paging::marker(0, 0).size(1, None, None).lists(THING_LIST);
static NAMES: Paging = Paging::token(0, &[1]).lists(&[&[5]]);

fn page(ids: &str, rest: &str) -> Answer {
    let things: Vec<_> = ids.split_whitespace().map(|id| format!(r#"{{"Id": "{id}"}}"#)).collect();
    Answer::json(200, format!(r#"{{"Things": {{"Thing": [{}]}}{rest}}}"#, things.join(",")))
}

fn handle(answers: Vec<Answer>) -> (Handle, Canned) {
    let transport = Canned::new(answers);
    let credentials = Credentials::access_key("id", "secret");
    let config = Config::new().endpoint("https://things.test").credentials(credentials).transport(transport.clone());
    (Handle::new(&SERVICE, config.retry(RetryPolicy::none())).expect("a client"), transport)
}

/// The values of a parameter in the requests sent, `-` where it was not.
fn sent(transport: &Canned, parameter: &str) -> String {
    let value = |request: &http::Request<bytes::Bytes>| {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let found =
            query.split('&').find_map(|pair| pair.strip_prefix(parameter)?.strip_prefix('=').map(str::to_owned));
        found.unwrap_or_else(|| "-".to_owned())
    };
    transport.requests().iter().map(value).collect::<Vec<_>>().join(" ")
}

/// Walks all items: the ids, then the error if there is one; and the positions that were asked for.
#[track_caller]
fn test(paging: &'static Paging, given: &[(usize, i64)], answers: Vec<Answer>, items: &str, positions: &str) {
    let (handle, transport) = handle(answers);
    let mut input = Input::new("ListThings", PARAMETERS);
    for (parameter, value) in given {
        input.integer(*parameter, *value);
    }
    let mut stream: Items<Thing, ThingsErrorKind> = handle.items::<Things, _, _>(&OPERATION, paging, input);
    let mut seen = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        while let Some(item) = stream.next().await {
            seen.push(match item {
                Ok(thing) => thing.0.string(0).unwrap_or("?").to_owned(),
                Err(error) => error.message().to_owned(),
            });
        }
        assert!(stream.next().await.is_none(), "the end stays the end");
    });
    assert_eq!(seen.join(" "), items);
    assert_eq!(sent(&transport, "Position"), positions);
}

const CIRCLE: &str = "so the list would never end";

#[test]
fn pages_by_number_end_with_a_page_that_is_not_full() {
    let all = |total: &str| vec![page("a b", total), page("c d", total), page("e", total), page("", total)];
    test(&PAGE, &[], all(r#","TotalCount": 5"#), "a b c d e", "- 2 3");
    test(&PAGE, &[], all(""), "a b c d e", "- 2 3");
    test(&UNSIZED, &[], all(""), "a b c d e", "- 2 3 4");
    test(
        &PAGE,
        &[(0, 2)],
        vec![page("c d", r#","TotalCount": "5""#), page("e", r#","TotalCount": 5"#)],
        "c d e",
        "2 3",
    );
    test(&PAGE, &[], vec![page("", r#","TotalCount": 0"#)], "", "-");
}

#[test]
fn totals_that_lie_lose_nothing_and_do_not_go_on_forever() {
    // The total is that of the page.
    let few = r#","TotalCount": 2"#;
    test(&PAGE, &[], vec![page("a b", few), page("c d", few), page("e", r#","TotalCount": 1"#)], "a b c d e", "- 2 3");
    // The total is more than there is.
    let many = r#","TotalCount": 99"#;
    test(&PAGE, &[], vec![page("a b", many), page("c", many), page("", many)], "a b c", "- 2 3");
    // Neither a number.
    test(&PAGE, &[], vec![page("a b", r#","TotalCount": -1"#), page("c", "")], "a b c", "- 2");
}

#[test]
fn pages_shorter_than_asked_for_are_not_taken_for_the_last() {
    // Asked for 50, capped at 3 by the service, which documents no longest page.
    static CAPPED: Paging = Paging::page(0).numeric().size(1, None, None).lists(THING_LIST);
    let answers = vec![page("a b c", ""), page("d e", ""), page("", "")];
    test(&CAPPED, &[(1, 50)], answers, "a b c d e", "- 2 3");
    let answers = vec![page("a b c", r#","TotalCount": 5"#), page("d e", r#","TotalCount": 5"#)];
    test(&OFFSET, &[(1, 50)], answers, "a b c d e", "- 3");
}

#[test]
fn a_service_that_gives_the_same_page_again_is_told_from_one_that_repeats_its_last() {
    let same = || page("a b", r#","TotalCount": 2"#);
    test(&PAGE, &[], vec![same(), same()], "a b", "- 2");
    let same = || page("a b", r#","TotalCount": 9"#);
    let error = format!("a b ListThings: the service gave the same page twice, {CIRCLE}");
    test(&PAGE, &[], vec![same(), same()], &error, "- 2");
}

#[test]
fn offsets_go_on_by_what_came() {
    test(&OFFSET, &[], vec![page("a b", ""), page("c d", ""), page("e", "")], "a b c d e", "- 2 4");
    test(&OFFSET, &[(0, 4), (1, 1)], vec![page("e", ""), page("", "")], "e", "4 5");
    test(&FROM_ONE, &[], vec![page("a b", ""), page("c", "")], "a b c", "- 3");
}

#[test]
fn a_page_size_of_zero_is_refused_before_anything_is_sent() {
    test(&PAGE, &[(1, 0)], vec![], "ListThings: `Size` must be at least 1 where pages follow", "");
    test(&TOKEN, &[(1, -5)], vec![], "ListThings: `Size` must be at least 1 where pages follow", "");
}

#[test]
fn tokens_lead_over_empty_pages() {
    let answers = vec![page("a", r#","NextToken": "t1""#), page("", r#","NextToken": "t2""#), page("b", "")];
    test(&TOKEN, &[], answers, "a b", "- t1 t2");
    for end in ["", r#","NextToken": """#, r#","NextToken": null"#] {
        test(&TOKEN, &[], vec![page("a", end)], "a", "-");
    }
    test(&FLAGGED, &[], vec![page("a", r#","NextToken": "t", "More": false"#)], "a", "-");
}

#[test]
fn tokens_that_repeat_are_an_error() {
    let to = |token: &str| page(token, &format!(r#","NextToken": "{token}""#));
    let error = format!("ListThings: the service gave the same next page twice, {CIRCLE}");
    test(&TOKEN, &[], vec![to("x"), to("x"), to("x")], &format!("x x {error}"), "- x");
    // A circle of three behind a tail of two.
    let row = ["p", "q", "a", "b", "c", "a", "b", "c", "a", "b", "c", "a", "b", "c"];
    let (handle, transport) = handle(row.iter().map(|token| to(token)).collect());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let mut stream: Items<Thing, ThingsErrorKind> =
        handle.items::<Things, _, _>(&OPERATION, &TOKEN, Input::new("ListThings", PARAMETERS));
    let last = runtime.block_on(async {
        loop {
            match stream.next().await {
                Some(Ok(_)) => {}
                Some(Err(error)) => break error,
                None => panic!("the circle was not found"),
            }
        }
    });
    assert_eq!((last.message(), last.cause()), (error.as_str(), Cause::Decode));
    assert!(transport.requests().len() < row.len(), "{}", transport.requests().len());
}

#[test]
fn tokens_that_are_numbers_go_forward() {
    let to = |id: &str, next: i64| page(id, &format!(r#","NextOffset": {next}"#));
    test(&NUMBERED, &[], vec![to("a", 100), to("b", 200), to("c", 0)], "a b c", "- 100 200");
    let error = format!("a b ListThings: the service gave a next page that is not behind this one, {CIRCLE}");
    test(&NUMBERED, &[], vec![to("a", 100), to("b", 100)], &error, "- 100");
}

#[test]
fn markers_are_the_last_items() {
    test(&MARKER, &[], vec![page("a b", ""), page("c", ""), page("", "")], "a b c", "- b c");
    let error = format!("a b a b ListThings: the service gave the same next page twice, {CIRCLE}");
    test(&MARKER, &[], vec![page("a b", ""), page("a b", "")], &error, "- b");
}

#[test]
fn the_size_is_sent_where_only_that_makes_a_service_page() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    for (paging, expected) in [(&TOKEN, "10"), (&PAGE, "-")] {
        let (handle, transport) = handle(vec![page("a", "")]);
        let input = Input::new("ListThings", PARAMETERS);
        let mut pages: Pages<Things, ThingsErrorKind> = handle.pages(&OPERATION, paging, input);
        assert!(transport.requests().is_empty(), "nothing is sent before it is asked for");
        let first = runtime.block_on(pages.next()).expect("a page").expect("no error");
        assert_eq!(first.0.string(1), None);
        assert_eq!(sent(&transport, "Size"), expected);
        assert!(runtime.block_on(pages.next()).is_none());
    }
}

#[test]
fn an_error_comes_once_and_is_the_end() {
    let failed = Answer::json(404, r#"{"Code": "Gone", "Message": "no more", "RequestId": "R"}"#);
    let (handle, transport) = handle(vec![page("a", r#","NextToken": "t""#), failed, page("b", "")]);
    let input = Input::new("ListThings", PARAMETERS);
    let mut pages: Pages<Things, ThingsErrorKind> = handle.pages(&OPERATION, &TOKEN, input);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        assert!(pages.next().await.expect("a page").is_ok());
        let error = pages.next().await.expect("an error").expect_err("it failed");
        assert_eq!(*error.kind(), ThingsErrorKind::Gone);
        assert!(pages.next().await.is_none() && pages.next().await.is_none());
    });
    assert_eq!(transport.requests().len(), 2);
}

#[test]
fn texts_are_items_too_and_dropping_ends_it() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let answer = |token: &str| Answer::json(200, format!(r#"{{"Names": ["a", "b"], "NextToken": "{token}"}}"#));
    let (handle, transport) = handle(vec![answer("t1"), answer("t2"), answer("t3")]);
    let input = Input::new("ListThings", PARAMETERS);
    let mut names: Items<String, ThingsErrorKind> = handle.items::<Things, _, _>(&OPERATION, &NAMES, input);
    runtime.block_on(async {
        for expected in ["a", "b", "a"] {
            assert_eq!(names.next().await.expect("a name").expect("no error"), expected);
        }
    });
    drop(names);
    assert_eq!(transport.requests().len(), 2, "no page is asked for ahead");
}

#[test]
fn streams_are_streams() {
    use futures_util::TryStreamExt as _;
    let (handle, _) = handle(vec![page("a b", r#","NextToken": "t""#), page("c", "")]);
    let input = Input::new("ListThings", PARAMETERS);
    let stream: Items<Thing, ThingsErrorKind> = handle.items::<Things, _, _>(&OPERATION, &TOKEN, input);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let all: Vec<Thing> = runtime.block_on(stream.try_collect()).expect("no error");
    assert_eq!(all.len(), 3);
}
