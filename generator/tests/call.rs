//! `docsdk call` as people run it, against the mock: who calls, and what is told of an error.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod process;

use std::path::Path;
use std::process::{Command, Output};

use docsdk::mock::{Keys, Mock, MockService};
use process::{said, write};
use tempfile::TempDir;

const PROFILES: &str = r#"{
  "current": "production",
  "profiles": [
    {"name": "production", "mode": "AK", "access_key_id": "production", "access_key_secret": "hush", "region_id": "eu-central-1"},
    {"name": "staging", "mode": "AK", "access_key_id": "mock-access-key-id", "access_key_secret": "mock-access-key-secret", "region_id": "cn-hangzhou"}
  ]
}"#;

/// A person's home with profiles of the vendor's CLI, and no other credentials.
fn home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    write(home.path(), ".aliyun/config.json", PROFILES);
    home
}

fn call(home: &Path, arguments: &[&str]) -> Output {
    let specs = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs");
    let mut command = Command::new(env!("CARGO_BIN_EXE_docsdk"));
    command.current_dir(home).args(["call", "--specs", specs]).args(arguments);
    command.env_clear().env("HOME", home).env("NO_COLOR", "1").output().unwrap()
}

#[test]
fn credentials_and_region_are_those_of_a_profile() {
    let home = home();
    let create = ["aliyun-rds", "CreateBackup", "--DBInstanceId", "rm-1", "--dry-run", "--show-secrets"];
    let current = said(&call(home.path(), &create));
    assert!(current.starts_with("exit 0") && current.contains("Credential=production,"), "{current}");
    assert!(current.contains("host: rds.eu-central-1.aliyuncs.com"), "{current}");
    let staging = said(&call(home.path(), &[&create[..], &["--profile", "staging"]].concat()));
    assert!(staging.starts_with("exit 0") && staging.contains("Credential=mock-access-key-id,"), "{staging}");
    assert!(staging.contains("host: rds.aliyuncs.com") && !staging.contains("mock-access-key-secret"), "{staging}");

    let unknown =
        said(&call(home.path(), &[&create[..], &["--profile", "nobody", "--region", "cn-hangzhou"]].concat()));
    assert!(unknown.contains("it has no profile `nobody`"), "{unknown}");
    let restore = ["huawei-gaussdb-mysql", "RestoreDataToOriginalOrExistingInstance", "--no-check"];
    let elsewhere = said(&call(home.path(), &[&restore[..], &["--profile", "staging"]].concat()));
    assert!(elsewhere.contains("`huawei-gaussdb-mysql` is no service of Alibaba Cloud"), "{elsewhere}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn errors_are_told_with_what_their_page_says() {
    let specs = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs/aliyun-rds");
    let mock = Mock::new(vec![MockService::read(specs).unwrap()], Keys::default()).spawn().await.unwrap();
    let home = home();
    let endpoint = mock.endpoint();
    let create =
        ["aliyun-rds", "CreateBackup", "--DBInstanceId", "rm-1", "--profile", "staging", "--endpoint", &endpoint];
    let done = said(&call(home.path(), &create));
    assert!(done.starts_with("exit 0") && done.contains("BackupJobId"), "{done}");
    mock.fail("CreateBackup", Some("BackupJobExists"));
    let failed = said(&call(home.path(), &create));
    assert!(failed.contains("A backup job already exists in the specified DB instance."), "{failed}");
    assert!(failed.contains("documented: 备份已存在。") && !failed.contains("do later"), "{failed}");
    mock.fail("CreateBackup", Some("ExternalFailure"));
    let failed = said(&call(home.path(), &create));
    assert!(failed.contains("the same call may do later: the service was in trouble"), "{failed}");
}
