//! Doubles under pages and waits: all that a call can be made by.

use docsdk_runtime::ErrorKind;
use docsdk_runtime::input::{Handle, Input};
use docsdk_runtime::paging::Items;
use docsdk_runtime::record::Record;
use docsdk_runtime::schema::{Field, Kind, Operation, Paging, Parameter, Service, Shape, Status};
use docsdk_runtime::testing::{Called, Double};
use docsdk_runtime::wait::Waiter;

#[derive(Clone)]
#[repr(transparent)]
struct Names(Record);
docsdk_runtime::answer!(Names, NAMES);
static NAMES: Shape = Shape::new(
    "Names",
    &[
        Field::new("Names", "names", Kind::Strings),
        Field::new("NextToken", "next_token", Kind::String),
        Field::new("Status", "status", Kind::String),
    ],
);

#[derive(Clone, Copy, Debug, PartialEq)]
struct Unknown;

impl ErrorKind for Unknown {
    const CODES: &'static [(&'static str, Self)] = &[];
    const UNKNOWN: Self = Self;
}

static SERVICE: Service = Service::new("names", "aliyun", docsdk_runtime::Protocol::AliyunRpc, "2024-01-01");
static PARAMETERS: &[Parameter] = &[Parameter::query("NextToken")];
static OPERATION: Operation = Operation::new(&SERVICE, "ListNames", "POST", "/", PARAMETERS);
static PAGING: Paging = Paging::token(0, &[1]).lists(&[&[0]]);
static STATUS: Status = Status::new(&[2], &[]);

struct ListNames(Input);

impl Called for ListNames {
    type Output = Names;
    type Kind = Unknown;
    const OPERATION: &'static str = "ListNames";

    fn from_input(_: Handle, input: Input) -> Self {
        Self(input)
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}

#[test]
fn pages_come_from_the_double() {
    let double = Double::new().on(|call: ListNames| {
        Ok(Names::from_json(match call.0.get_string(0) {
            None => r#"{"Names": ["a", "b"], "NextToken": "t"}"#,
            _ => r#"{"Names": ["c"]}"#,
        })?)
    });
    let handle = Handle::from_double(&SERVICE, &double);
    let mut items: Items<String, Unknown> =
        handle.items::<Names, _, _>(&OPERATION, &PAGING, Input::new("ListNames", PARAMETERS));
    let mut seen = Vec::new();
    block_on(async {
        while let Some(item) = items.next().await {
            seen.push(item.expect("a name"));
        }
    });
    assert_eq!(seen, ["a", "b", "c"]);
    let tokens: Vec<_> =
        double.calls::<ListNames>().iter().map(|call| call.0.get_string(0).map(str::to_owned)).collect();
    assert_eq!(tokens, [None, Some("t".to_owned())]);
}

#[test]
fn waits_pass_at_once() {
    let mut left = 3;
    let double = Double::new().on(move |_: ListNames| {
        left -= 1;
        Ok(Names::from_json(if left > 0 { r#"{"Status": "New"}"# } else { r#"{"Status": "Done"}"# })?)
    });
    let handle = Handle::from_double(&SERVICE, &double);
    let wait: Waiter<Names, Unknown> =
        handle.wait_for(&OPERATION, Input::new("ListNames", PARAMETERS), &STATUS, ["Done"]);
    let done = block_on(async { wait.await }).expect("done");
    assert_eq!(done.0.string(2), Some("Done"));
    assert_eq!(double.operations().len(), 3);
}

#[cfg(feature = "blocking")]
#[test]
fn pages_and_waits_come_without_async_too() {
    let double = Double::new().on(|call: ListNames| {
        Ok(Names::from_json(match call.0.get_string(0) {
            None => r#"{"Names": ["a"], "NextToken": "t", "Status": "Done"}"#,
            _ => r#"{"Names": ["b"]}"#,
        })?)
    });
    let handle = Handle::from_double(&SERVICE, &double);
    let input = || Input::new("ListNames", PARAMETERS);
    let items: Items<String, Unknown> = handle.items::<Names, _, _>(&OPERATION, &PAGING, input());
    assert_eq!(items.blocking().map(|item| item.expect("a name")).collect::<Vec<_>>(), ["a", "b"]);
    let pages = handle.pages::<Names, Unknown>(&OPERATION, &PAGING, input());
    assert_eq!(pages.blocking().collect::<Result<Vec<_>, _>>().expect("pages").len(), 2);
    let wait: Waiter<Names, Unknown> = handle.wait_for(&OPERATION, input(), &STATUS, ["Done"]);
    assert_eq!(wait.wait().expect("done").0.string(2), Some("Done"));
}
