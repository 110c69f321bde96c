//! Services as OpenAPI documents, and back.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::{Path, PathBuf};

use docsdk::mock::{Keys, Mock, MockService};
use docsdk::openapi::{Source, export, import};
use docsdk::project::{Project, read_lock, read_specs};
use docsdk_runtime::{Config, Credentials};
use orders::Client;
use orders::operation::orders_create::{LinesInput, State};

#[path = "openapi/judge.rs"]
mod judge;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// The services of this repository and of its examples.
fn services() -> Vec<PathBuf> {
    let mut folders = docsdk::project::find_services(&root().join("specs")).unwrap();
    for example in ["new-vendor", "openapi"] {
        folders.extend(docsdk::project::find_services(&root().join("examples").join(example).join("specs")).unwrap());
    }
    assert!(folders.len() >= 6, "{folders:?}");
    folders
}

#[test]
fn an_export_gives_the_same_specs_again() {
    let out = tempfile::tempdir().unwrap();
    for folder in services() {
        let (stored, run) = read_specs(&folder);
        let stored = stored.filter(|_| !run.has_errors()).unwrap();
        let exported = export(&stored.service, &stored.operations, read_lock(&folder).0.as_ref());
        for (ending, text) in [("yaml", exported.yaml()), ("json", exported.json())] {
            assert!(text.contains("x-docsdk-sources"), "{}", folder.display());
            let file = out.path().join(format!("{}.{ending}", stored.service.service));
            std::fs::write(&file, text).unwrap();
            let back = import(&Source { files: vec![file], ..Source::default() });
            assert_eq!((&back.service, &back.operations), (&stored.service, &stored.operations));
            // Not a single extension but those of docsdk, and nothing that the importer could not place.
            assert_eq!(back.run.findings, [], "{}", folder.display());
        }
    }
}

#[test]
fn facts_stay_as_sure_as_they_were() {
    let folder = root().join("specs/aliyun-rds");
    let (stored, lock) = (read_specs(&folder).0.unwrap(), read_lock(&folder).0.unwrap());
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("rds.yaml");
    std::fs::write(&file, export(&stored.service, &stored.operations, Some(&lock)).yaml()).unwrap();
    let back = import(&Source { files: vec![file.clone()], ..Source::default() });
    let least = |name: &str| {
        let own = lock.operations["CreateBackup"].iter().filter(|fact| {
            let rest = fact.path.strip_prefix(&format!("request.{name}."));
            rest.is_some_and(|rest| !rest.contains('.'))
        });
        own.map(|fact| fact.certainty).min()
    };
    for field in &stored.operations["CreateBackup"].request {
        let path = format!("request.{}", field.name);
        let fact = back.facts["CreateBackup"].iter().find(|fact| fact.path == path).unwrap();
        assert_eq!(Some(fact.certainty), least(&field.name), "{path}");
        assert_eq!(fact.page, docsdk::files::display(&file));
    }
}

/// The example's crate against a mock of its specs.
#[tokio::test]
#[expect(deprecated, reason = "the document advises against one of its operations")]
async fn the_crate_of_a_document_calls_its_service() {
    let mock =
        Mock::new(vec![MockService::read(root().join("examples/openapi/specs/orders")).unwrap()], Keys::default());
    let mock = mock.spawn().await.unwrap();
    let client = |config: Config| Client::new(config.endpoint(mock.endpoint())).unwrap();
    let known = client(Config::new().credentials(Credentials::bearer_token("mock-token")));
    let listed = known.list_orders().x_tenant("shop").state("open").ids(vec!["o-1".into(), "o-2".into()]).limit(5);
    let orders = listed.clone().send().await.unwrap();
    let order = orders.items().first().unwrap();
    assert_eq!((order.id(), order.total(), order.lines()[0].count()), (Some("o-1"), Some(9.5), Some(2)));
    // The document's limits hold before a call, and its credentials are asked for.
    assert!(listed.limit(101).send().await.unwrap_err().to_string().contains("limit"));
    let unknown = client(Config::new());
    assert_eq!(unknown.list_orders().x_tenant("shop").send().await.unwrap_err().status(), Some(401));
    assert!(known.delete_orders_id().id("o-1").send().await.is_ok());
    // A key in a header is a parameter, and no token is needed beside it.
    let made = unknown
        .orders_create()
        .x_tenant("shop")
        .x_api_key("k")
        .note("no wrapping")
        .lines(vec![LinesInput::new().sku("mug")]);
    assert_eq!(made.clone().send().await.unwrap().state(), Some(State::Open));
    assert!(unknown.orders_create().x_tenant("shop").note("x").lines(vec![]).send().await.is_err());
}

#[test]
fn the_example_is_what_its_document_gives() {
    let project = Project::open(Some(&root().join("examples/openapi/docsdk.toml"))).unwrap();
    let entry = &project.manifest.services[0];
    let (row, plan, run) = project.plan(entry, &|| {});
    assert_eq!((row.pages, row.operations, run.has_errors()), (1, 4, false));
    // How the crate's manifest names the runtime depends on where the project is named from.
    let stale = plan.differences().into_keys().filter(|file| !file.ends_with("Cargo.toml"));
    let stale: Vec<_> = stale.collect();
    assert!(stale.is_empty(), "run `docsdk --manifest examples/openapi/docsdk.toml build`: {stale:?}");
}

#[test]
#[cfg_attr(not(openapi_validator), ignore = "there is no openapi-spec-validator")]
fn exports_are_valid_by_an_independent_validator() {
    let out = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for folder in services() {
        let stored = read_specs(&folder).0.unwrap();
        let exported = export(&stored.service, &stored.operations, read_lock(&folder).0.as_ref());
        for (ending, text) in [("yaml", exported.yaml()), ("json", exported.json())] {
            let file = out.path().join(format!("{}.{ending}", stored.service.service));
            std::fs::write(&file, text).unwrap();
            files.push(file);
        }
    }
    assert_eq!(judge::judge(&files.iter().map(PathBuf::as_path).collect::<Vec<_>>()), "");
    // The judge is no rubber stamp.
    let broken = out.path().join("broken.yaml");
    let text = std::fs::read_to_string(&files[0]).unwrap().replacen("in: query", "in: somewhere", 1);
    std::fs::write(&broken, text).unwrap();
    assert_ne!(judge::judge(&[&broken]), "");
}
