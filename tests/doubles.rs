//! Generated clients in tests of the code that uses them: closures answer, and every call can be looked at.

use aliyun_rds::operation::create_backup::{BackupMethod, CreateBackup, CreateBackupErrorKind, CreateBackupOutput};
use aliyun_rds::operation::restore_ddr_table::{RestoreDdrTable, RestoreDdrTableOutput, TableMetaInput, TablesInput};
use aliyun_rds::testing::{Double, Failure};
use docsdk_runtime::Cause;
use huawei_gaussdb_mysql::operation::restore_data_to_original_or_existing_instance as restore;
use lagoon_volumes::operation::{create_volume, get_volume};

/// Code under test: backs an instance up, unless a backup is running already.
async fn back_up(client: &aliyun_rds::Client, instance: &str) -> Result<Option<String>, aliyun_rds::Error> {
    let call = client.create_backup().db_instance_id(instance).backup_method(BackupMethod::Physical);
    match call.send().await {
        Ok(output) => Ok(output.backup_job_id().map(str::to_owned)),
        Err(error) if *error.kind() == CreateBackupErrorKind::BackupJobExists => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[tokio::test]
async fn a_closure_answers_in_types() {
    let double = Double::new().on(|call: CreateBackup| match call.get_db_instance_id() {
        Some("rm-busy") => Err(CreateBackupErrorKind::BackupJobExists.into()),
        Some("rm-down") => Err(Failure::new(503, "ServiceUnavailable", "down")),
        _ => Ok(CreateBackupOutput::default().with_backup_job_id("507")),
    });
    let client = aliyun_rds::Client::from_double(&double);
    assert_eq!(back_up(&client, "rm-1").await.unwrap().as_deref(), Some("507"));
    assert_eq!(back_up(&client, "rm-busy").await.unwrap(), None);
    let error = back_up(&client, "rm-down").await.unwrap_err();
    assert_eq!((error.status(), error.code(), error.message()), (Some(503), Some("ServiceUnavailable"), "down"));
    assert!(error.is_retryable());

    let calls = double.calls::<CreateBackup>();
    let instances: Vec<_> = calls.iter().map(|call| call.get_db_instance_id().unwrap()).collect();
    assert_eq!(instances, ["rm-1", "rm-busy", "rm-down"]);
    assert!(calls.iter().all(|call| call.get_backup_method() == Some(BackupMethod::Physical)));
    assert_eq!(calls.first().unwrap().get_backup_type(), None);
    assert_eq!(double.operations(), ["CreateBackup"; 3]);
    assert!(double.calls::<RestoreDdrTable>().is_empty());
}

#[tokio::test]
async fn calls_are_checked_as_real_ones_are_and_unknown_ones_are_refused() {
    let double = Double::new().on(|_: CreateBackup| Ok(CreateBackupOutput::from_json("[1]")?));
    let client = aliyun_rds::Client::from_double(&double);
    let refused = client.create_backup().send().await.unwrap_err();
    assert_eq!(refused.message(), "CreateBackup: `DBInstanceId` must be given");
    let wrong = client.create_backup().db_instance_id("rm-1").send().await.unwrap_err();
    assert_eq!(wrong.message(), "the double's answer cannot be: expected an object, found a list at `$`");
    let call = client.restore_ddr_table().db_instance_id("rm-1").restore_type("0").backup_id("1").table_meta("[]");
    let unknown = call.send().await.unwrap_err();
    assert_eq!(unknown.cause(), Cause::Config);
    assert_eq!(unknown.message(), "the double has no answer for `RestoreDdrTable`: give it one with `on`");
    assert_eq!(double.operations(), ["CreateBackup", "RestoreDdrTable"]);
}

#[tokio::test]
async fn closures_may_keep_state_and_look_at_the_double() {
    let double = Double::new();
    let (inside, mut count) = (double.clone(), 0);
    let double = double.on(move |call: restore::RestoreDataToOriginalOrExistingInstance| {
        count += 1;
        assert_eq!(inside.operations().len(), count);
        let backup = call.get_backup_id().unwrap_or_default();
        Ok(restore::RestoreDataToOriginalOrExistingInstanceOutput::default().with_job_id(format!("{backup}-{count}")))
    });
    let client = huawei_gaussdb_mysql::Client::from_double(&double);
    for expected in ["b-1", "b-2"] {
        let call = client.restore_data_to_original_or_existing_instance().target_instance_id("t");
        let output = call.source_instance_id("s").type_("backup").backup_id("b").send().await.unwrap();
        assert_eq!(output.job_id(), Some(expected));
    }
}

#[test]
fn answers_are_made_in_types_and_are_what_the_service_would_send() {
    let snapshot = get_volume::Snapshots::default().with_id("s-1").with_megabytes(0.5);
    let volume = get_volume::Volume::default().with_id("v-1").with_label("data").with_snapshots([snapshot]);
    let made = get_volume::GetVolumeOutput::default().with_volume(volume.clone());
    let text = r#"{"volume": {"id": "v-1", "label": "data", "snapshots": [{"id": "s-1", "megabytes": 0.5}]}}"#;
    assert_eq!(made, get_volume::GetVolumeOutput::from_json(text).expect("of the documented form"));
    assert_eq!(made.volume(), Some(&volume));
    assert_ne!(made, get_volume::GetVolumeOutput::default());

    let volume = create_volume::Volume::default().with_gigabytes(20).with_state("ready");
    let volume = volume.with_created("2026-01-02T03:04:05Z");
    let made = create_volume::CreateVolumeOutput::default().with_volume(volume);
    let text = r#"{"volume": {"gigabytes": 20, "state": "ready", "created": "2026-01-02T03:04:05Z"}}"#;
    assert_eq!(made, create_volume::CreateVolumeOutput::from_json(text).expect("of the documented form"));
}

#[tokio::test]
async fn answers_may_take_their_time() {
    let gate = std::sync::Arc::new(tokio::sync::Notify::new());
    let open = gate.clone();
    let double = Double::new().on_async(move |call: CreateBackup| {
        let open = open.clone();
        async move {
            open.notified().await;
            Ok(CreateBackupOutput::default().with_backup_job_id(call.get_db_instance_id().unwrap_or_default()))
        }
    });
    let client = aliyun_rds::Client::from_double(&double);
    let call = tokio::spawn(client.create_backup().db_instance_id("rm-1").send());
    while double.operations().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(!call.is_finished());
    gate.notify_one();
    let output = call.await.expect("no panic").expect("an answer");
    assert_eq!(output.backup_job_id(), Some("rm-1"));
}

#[tokio::test]
async fn json_in_a_parameter_is_typed_as_the_page_shows_it_and_text_is_sent_as_it_stands() {
    let double = Double::new().on(|_: RestoreDdrTable| Ok(RestoreDdrTableOutput::from_json("{}")?));
    let client = aliyun_rds::Client::from_double(&double);
    let call = || client.restore_ddr_table().db_instance_id("rm-1").restore_type("0").backup_id("1");
    let table = TablesInput::new().type_("table").name("t1").newname("t2");
    let database = TableMetaInput::new().type_("db").name("d1").newname("d2").tables(vec![table]);
    call().table_meta(vec![database]).send().await.expect("typed");
    call().table_meta("[ {} ]").send().await.expect("text");
    let sent: Vec<_> = double.calls::<RestoreDdrTable>().iter().filter_map(RestoreDdrTable::get_table_meta).collect();
    let typed = r#"[{"type":"db","name":"d1","newname":"d2","tables":[{"type":"table","name":"t1","newname":"t2"}]}]"#;
    assert_eq!(sent.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), [typed, "[ {} ]"]);
}

#[tokio::test]
async fn several_values_of_a_text_are_joined_by_commas() {
    let double = Double::new().on(|_: CreateBackup| Ok(CreateBackupOutput::from_json("{}")?));
    let client = aliyun_rds::Client::from_double(&double);
    let call = || client.create_backup().db_instance_id("rm-1");
    call().db_name(["a", "b"]).send().await.expect("a list");
    call().db_name("c,d").send().await.expect("text");
    let calls = double.calls::<CreateBackup>();
    let sent: Vec<_> = calls.iter().filter_map(CreateBackup::get_db_name).collect();
    assert_eq!(sent, ["a,b", "c,d"]);
}

#[test]
fn clients_go_wherever_they_are_needed() {
    fn sent<T: Send + 'static>(_: T) {}
    fn goes<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}
    goes::<aliyun_rds::Client>();
    goes::<aliyun_dbs::Client>();
    goes::<aliyun_r_kvstore::Client>();
    goes::<huawei_gaussdb_mysql::Client>();
    goes::<CreateBackup>();
    goes::<CreateBackupOutput>();
    let client = aliyun_rds::Client::from_double(&Double::new());
    sent(client.create_backup().send());
}
