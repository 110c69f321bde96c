//! Nightly snapshots, with the SDK whose code is checked in under `generated/`.

use lagoon_snapshots::operation::take_snapshot::TakeSnapshotErrorKind;
use lagoon_snapshots::{Client, Error};

/// What became of a night's snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Night {
    /// It is being taken, under this id.
    Taken(String),
    /// Another one is still being taken.
    Busy,
}

/// Takes a volume's snapshot of the night, to be kept for a week.
///
/// # Errors
///
/// What the service refuses for another reason than that a snapshot is being taken already.
pub async fn take(client: &Client, volume: &str) -> Result<Night, Error> {
    match client.take_snapshot().volume_id(volume).label("nightly").keep_days(7).send().await {
        Ok(output) => {
            let id = output.snapshot().and_then(|snapshot| snapshot.id()).unwrap_or_default();
            Ok(Night::Taken(id.to_owned()))
        }
        Err(error) if *error.kind() == TakeSnapshotErrorKind::SnapshotRunning => Ok(Night::Busy),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use lagoon_snapshots::operation::take_snapshot::{TakeSnapshot, TakeSnapshotErrorKind, TakeSnapshotOutput};
    use lagoon_snapshots::testing::Double;

    use super::{Client, Night, take};

    #[tokio::test]
    async fn a_snapshot_that_is_being_taken_is_no_fault() {
        let double = Double::new().on(|call: TakeSnapshot| match call.get_volume_id() {
            Some("vol-busy") => Err(TakeSnapshotErrorKind::SnapshotRunning.into()),
            Some("vol-gone") => Err(TakeSnapshotErrorKind::VolumeUnknown.into()),
            _ => Ok(TakeSnapshotOutput::from_json(r#"{ "snapshot": { "id": "snap-9" } }"#)?),
        });
        let client = Client::from_double(&double);
        assert_eq!(take(&client, "vol-1").await.unwrap(), Night::Taken("snap-9".to_owned()));
        assert_eq!(take(&client, "vol-busy").await.unwrap(), Night::Busy);
        assert_eq!(take(&client, "vol-gone").await.unwrap_err().code(), Some("volume_unknown"));
    }
}
