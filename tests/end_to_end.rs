//! The generated clients against the mock of the specs they were made from.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::Path;

use docsdk::mock::{Keys, Mock, MockService, Spawned};
use docsdk::project::find_services;
use docsdk_runtime::{Config, Credentials, ErrorKind, RetryPolicy};

/// A mock of all checked-in specs.
struct Served(Spawned);

async fn served() -> Served {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let services = find_services(&specs).unwrap();
    let services = services.iter().map(|folder| MockService::read(folder).unwrap()).collect();
    Served(Mock::new(services, Keys::default()).spawn().await.unwrap())
}

impl Served {
    fn config(&self) -> Config {
        let keys = Keys::default();
        let credentials =
            Credentials::access_key(keys.access_key_id, keys.access_key_secret).with_project_id("project-1");
        Config::new().endpoint(self.0.endpoint()).credentials(credentials).retry(RetryPolicy::none())
    }
}

/// Every documented code of an operation arrives as its variant, told apart by case, and keeps status and message.
macro_rules! every_code_arrives {
    ($served:expr, $operation:literal, $kind:ty, $call:expr) => {{
        let served = $served;
        let codes = <$kind as ErrorKind>::CODES;
        assert!(!codes.is_empty());
        for (code, kind) in codes {
            served.0.fail($operation, Some(code));
            let error = $call.send().await.unwrap_err();
            assert_eq!(error.kind(), kind, "{code}");
            assert_ne!(*error.kind(), <$kind as ErrorKind>::UNKNOWN, "{code}");
            assert_eq!(error.code(), Some(*code));
            assert!(error.status().is_some_and(|status| (400..600).contains(&status)), "{code}");
            assert!(error.request_id().is_some_and(|id| !id.is_empty()), "{code}");
            assert!(error.raw_body().is_some_and(|body| !body.is_empty()), "{code}");
            let shown = error.to_string();
            assert!(shown.contains(code) && !shown.contains('\n'), "{shown}");
        }
        served.0.fail($operation, None);
        codes.len()
    }};
}

#[tokio::test]
async fn create_backup() {
    use aliyun_rds::operation::create_backup::{BackupMethod, BackupStrategy, CreateBackupErrorKind};
    let served = served().await;
    let client = aliyun_rds::Client::new(served.config()).unwrap();
    let call = || client.create_backup().db_instance_id("rm-uf6wjk5").backup_method(BackupMethod::Physical);
    let output = call().backup_strategy(BackupStrategy::Instance).send().await.unwrap();
    assert_eq!(output.backup_job_id(), Some("507****"));
    assert_eq!(output.request_id(), Some("2C125605-266F-41CA-8AC5-3A643D4F42C5"));
    assert!(format!("{output:?}").contains("backup_job_id"));
    let seen = every_code_arrives!(&served, "CreateBackup", CreateBackupErrorKind, call());
    assert_eq!(seen, 71, "72 rows, one code twice");
}

#[tokio::test]
async fn restore_ddr_table() {
    use aliyun_rds::operation::restore_ddr_table::RestoreDdrTableErrorKind;
    let served = served().await;
    let client = aliyun_rds::Client::new(served.config()).unwrap();
    let call = || {
        let call = client.restore_ddr_table().db_instance_id("rm-1").restore_type("0").backup_id("279563");
        call.table_meta(r#"[{"type":"db","name":"a","newname":"b"}]"#)
    };
    let output = call().send().await.unwrap();
    assert_eq!(output.db_instance_id(), Some("rm-uf6wjk5*****"));
    let seen = every_code_arrives!(&served, "RestoreDdrTable", RestoreDdrTableErrorKind, call());
    assert_eq!(seen, 89, "90 rows, one code twice");
}

#[tokio::test]
async fn create_restore_task() {
    use aliyun_dbs::operation::create_restore_task::{CreateRestoreTaskErrorKind, DestinationEndpointInstanceType};
    let served = served().await;
    let client = aliyun_dbs::Client::new(served.config()).unwrap();
    let call = || {
        let kind = DestinationEndpointInstanceType::Agent;
        let call = client.create_restore_task().backup_plan_id("dbs1").destination_endpoint_instance_type(kind);
        let call = call.destination_endpoint_region("cn-hangzhou").destination_endpoint_ip("192.0.2.1");
        call.destination_endpoint_port(3306).backup_gateway_id(4312).restore_task_name("test")
    };
    let output = call().destination_endpoint_password("hunter2 +/%").send().await.unwrap();
    assert_eq!(output.http_status_code(), Some(200));
    assert_eq!(output.success(), Some(true));
    assert_eq!(output.restore_task_id(), Some("s102h*****"));
    assert_eq!(every_code_arrives!(&served, "CreateRestoreTask", CreateRestoreTaskErrorKind, call()), 1);
    let debugged = format!("{:?}", call().destination_endpoint_password("hunter2"));
    assert!(!debugged.contains("hunter2"), "{debugged}");
}

#[tokio::test]
async fn restore_instance() {
    use aliyun_r_kvstore::operation::restore_instance::RestoreInstanceErrorKind;
    let served = served().await;
    let client = aliyun_r_kvstore::Client::new(served.config()).unwrap();
    let call = || client.restore_instance().instance_id("r-1").restore_type("1").restore_time("2021-07-06T07:25:57Z");
    let output = call().send().await.unwrap();
    assert_eq!(output.request_id(), Some("8D0C0AFC-E9CD-47A4-8395-5C31BF9B****"));
    assert_eq!(every_code_arrives!(&served, "RestoreInstance", RestoreInstanceErrorKind, call()), 6);
}

#[tokio::test]
async fn restore_gaussdb() {
    let served = served().await;
    let client = huawei_gaussdb_mysql::Client::new(served.config()).unwrap();
    let call = || {
        let call = client.restore_data_to_original_or_existing_instance();
        call.target_instance_id("target")
            .source_instance_id("source")
            .type_("timestamp")
            .restore_time(1_673_852_043_000)
    };
    let output = call().send().await.unwrap();
    assert_eq!(output.job_id(), Some("dff1d289-4d03-4942-8b9f-463ea07c000d"));
    let with_token = Config::new()
        .endpoint(served.0.endpoint())
        .credentials(Credentials::auth_token("mock-token").with_project_id("p"));
    let client = huawei_gaussdb_mysql::Client::new(with_token).unwrap();
    let call = client.restore_data_to_original_or_existing_instance();
    assert!(call.target_instance_id("t").source_instance_id("s").type_("backup").send().await.is_ok());
}

#[tokio::test]
async fn checks_come_before_anything_is_sent_and_can_be_turned_off() {
    let served = served().await;
    let client = aliyun_rds::Client::new(served.config().endpoint("http://127.0.0.1:9")).unwrap();
    let error = client.create_backup().send().await.unwrap_err();
    assert!(error.to_string().contains("DBInstanceId"), "{error}");
    assert_eq!(error.status(), None);
    let call = client.restore_ddr_table().db_instance_id("rm-1").restore_type("1").table_meta("[]");
    let error = call.send().await.unwrap_err();
    assert!(error.to_string().contains("SourceRegion"), "{error}");

    let client = aliyun_rds::Client::new(served.config()).unwrap().checks(false);
    let error = client.create_backup().send().await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(400), Some("MissingParameter")), "{error}");
}

#[tokio::test]
async fn codes_that_no_page_documents_are_kept_whole() {
    let served = served().await;
    let wrong = Config::new().endpoint(served.0.endpoint()).credentials(Credentials::access_key("nobody", "x"));
    let client = aliyun_rds::Client::new(wrong).unwrap();
    let error = client.create_backup().db_instance_id("rm-1").send().await.unwrap_err();
    assert_eq!(*error.kind(), aliyun_rds::operation::create_backup::CreateBackupErrorKind::Unknown);
    assert_eq!((error.status(), error.code()), (Some(404), Some("InvalidAccessKeyId.NotFound")));
}

#[test]
fn calls_without_async_wait_on_their_thread() {
    use aliyun_rds::operation::create_backup::CreateBackupErrorKind;
    let serving = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let served = serving.block_on(served());
    let client = aliyun_rds::Client::new(served.config()).unwrap();
    let call = client.create_backup().db_instance_id("rm-uf6wjk5");
    assert_eq!(call.clone().send().wait().unwrap().backup_job_id(), Some("507****"));
    served.0.fail("CreateBackup", Some("BackupJobExists"));
    assert_eq!(*call.send().wait().unwrap_err().kind(), CreateBackupErrorKind::BackupJobExists);
}
