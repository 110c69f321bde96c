//! The crate of the guide's overlays: names in Rust are the overlay's, names on the wire the vendor's.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::Path;

use attic_boxes::Client;
use attic_boxes::operation::copy_box::{BoxSummary, CopyBox, CopyBoxOutput, LabelInput, Mode};
use attic_boxes::operation::find_boxes::{Boxes, State, StateFilter};
use docsdk::mock::{Keys, Mock, MockService, Spawned};
use docsdk::project::{Project, compare};
use docsdk_runtime::testing::Double;
use docsdk_runtime::{Config, Credentials};

fn example() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/overlays")
}

async fn served() -> Spawned {
    let specs = example().join("specs/attic-boxes");
    Mock::new(vec![MockService::read(&specs).unwrap()], Keys::default()).spawn().await.unwrap()
}

fn client(served: &Spawned) -> Client {
    let keys = Keys::default();
    let credentials = Credentials::access_key(keys.access_key_id, keys.access_key_secret);
    Client::new(Config::new().endpoint(served.endpoint()).credentials(credentials)).unwrap()
}

fn weight(summary: Option<&BoxSummary>) -> Option<i32> {
    summary.and_then(BoxSummary::weight)
}

#[tokio::test]
async fn one_type_serves_what_was_merged_and_the_wire_keeps_its_names() {
    let served = served().await;
    let labels = vec![LabelInput::new().key("room").value("7")];
    let call = client(&served).copy_box().box_id("box-1").mode(Mode::Checked).shelf_name("top").labels(labels);
    let output = call.send().await.unwrap();
    assert_eq!((weight(output.source()), weight(output.target())), (Some(12), Some(12)));
    // The mock knows the vendor's names alone and refuses others.
    let found = client(&served).find_boxes().state(StateFilter::Open).shelf_name("top").send().await.unwrap();
    assert_eq!(found.boxes().first().and_then(Boxes::state), Some(State::Open));
}

#[tokio::test]
async fn json_text_has_the_shape_that_the_overlay_gives_and_takes_raw_text_too() {
    let double = Double::new().on(|call: CopyBox| {
        let labels = call.get_labels().map(|text| text.as_str().to_owned());
        assert_eq!(labels.as_deref(), Some(r#"[{"key":"room"}]"#));
        Ok(CopyBoxOutput::from_json(r#"{"RequestId": "r"}"#)?)
    });
    let client = Client::from_double(&double);
    client.copy_box().box_id("b").labels(vec![LabelInput::new().key("room")]).send().await.unwrap();
    client.copy_box().box_id("b").labels(r#"[{"key":"room"}]"#).send().await.unwrap();
}

#[test]
fn the_example_is_what_its_pages_and_its_overlay_give() {
    let project = Project::open(Some(&example().join("docsdk.toml"))).unwrap();
    for entry in project.services(&[]).unwrap() {
        let (_, plan, run) = project.plan(entry, &|| ());
        assert!(run.findings.is_empty(), "{:?}", run.findings);
        // How the crate's manifest names the runtime depends on where the project is named from.
        let stale = compare(&plan).into_iter().map(|stale| stale.file).filter(|file| !file.ends_with("Cargo.toml"));
        let stale: Vec<_> = stale.collect();
        assert!(stale.is_empty(), "run `docsdk --manifest examples/overlays/docsdk.toml build`: {stale:?}");
    }
}
