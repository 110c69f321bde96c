//! A generated SDK, called against the mock of its own specs: `cargo run -p docsdk-tests --example create_backup`

use aliyun_rds::operation::create_backup::{BackupMethod, CreateBackupErrorKind};
use aliyun_rds::{Client, Credentials};
use docsdk::mock::{Keys, Mock, MockService};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mock = Mock::new(vec![MockService::read("specs/aliyun-rds")?], Keys::default()).spawn().await?;
    let credentials = Credentials::access_key("mock-access-key-id", "mock-access-key-secret");
    let client = Client::builder().endpoint(mock.endpoint()).credentials(credentials).build()?;
    let call = client.create_backup().db_instance_id("rm-uf6wjk5").backup_method(BackupMethod::Physical);

    let output = call.clone().send().await?;
    println!("backup job {}", output.backup_job_id().unwrap_or("unknown"));

    mock.fail("CreateBackup", Some("BackupJobExists"));
    match call.send().await {
        Err(error) if *error.kind() == CreateBackupErrorKind::BackupJobExists => println!("already running: {error}"),
        other => println!("{other:?}"),
    }
    Ok(())
}
