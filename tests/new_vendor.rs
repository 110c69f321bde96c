//! The crate of the guide's new vendor against a mock of its specs.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::Path;

use docsdk::mock::{Keys, Mock, MockService, Spawned};
use docsdk_runtime::{Config, Credentials};
use lagoon_volumes::Client;
use lagoon_volumes::operation::create_volume::CreateVolumeErrorKind;
use lagoon_volumes::operation::delete_volume::DeleteVolumeErrorKind;

async fn served() -> Spawned {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/new-vendor/specs/lagoon-volumes");
    Mock::new(vec![MockService::read(&specs).unwrap()], Keys::default()).spawn().await.unwrap()
}

/// As the guide's chapter has it, but for what it prints.
async fn chapter(endpoint: &str, token: &str) -> Result<(String, bool), Box<dyn std::error::Error>> {
    let client = Client::new(Config::new().endpoint(endpoint).credentials(Credentials::bearer_token(token)))?;
    let created = client.create_volume().label("ledger").region_code("nor1").gigabytes(50).send().await?;
    let id = created.volume().and_then(|volume| volume.id()).unwrap_or_default();
    let attached = match client.delete_volume().volume_id(id).send().await {
        Err(error) if *error.kind() == DeleteVolumeErrorKind::VolumeAttached => true,
        other => other.map(|_| false)?,
    };
    Ok((id.to_owned(), attached))
}

#[tokio::test]
async fn calls_carry_the_token_and_errors_are_told_apart() {
    let served = served().await;
    let (id, attached) = chapter(&served.endpoint(), "mock-token").await.unwrap();
    assert_eq!((id.as_str(), attached), ("vol-1f0a", false));
    served.fail("DeleteVolume", Some("volume_attached"));
    assert!(chapter(&served.endpoint(), "mock-token").await.unwrap().1);
    let client = |token| {
        let config = Config::new().endpoint(served.endpoint()).credentials(Credentials::bearer_token(token));
        Client::new(config).unwrap()
    };
    let call = client("another").create_volume().label("ledger").region_code("nor1").gigabytes(50);
    assert_eq!(call.send().await.unwrap_err().status(), Some(401));
    // The limits and needs that the pages state are checked before a call.
    let call = client("mock-token").create_volume().label("ledger").region_code("nor1").gigabytes(0);
    let error = call.send().await.unwrap_err();
    assert!(error.to_string().contains("gigabytes"), "{error}");
    served.fail("CreateVolume", Some("label_taken"));
    let call = client("mock-token").create_volume().label("ledger").region_code("nor1").gigabytes(5);
    let error = call.send().await.unwrap_err();
    assert_eq!(*error.kind(), CreateVolumeErrorKind::LabelTaken);
}
