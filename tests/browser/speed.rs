//! How fast a report of 400 operations opens.

use std::fs;

use crate::session::{DESK, report, repository, with};

#[test]
#[cfg_attr(not(browser), ignore = "no chromium is installed")]
fn four_hundred_operations_open_within_a_second() {
    let shared = std::env::var_os("DOCSDK_SHARED").map_or_else(|| repository().join("../shared"), Into::into);
    let corpus = shared.canonicalize().unwrap().join("corpus");
    let folder = tempfile::tempdir().unwrap();
    let service = |name: &str, provider: &str, pages: &str| {
        format!("[[service]]\nname = \"{name}\"\nprovider = \"{provider}\"\npages = [{:?}]\n", corpus.join(pages))
    };
    let manifest = [
        service("aliyun-ecs", "aliyun", "aliyun-md/aliyun-ecs"),
        service("aliyun-slb", "aliyun", "aliyun-md/aliyun-slb"),
        service("huawei-ecs", "huawei", "huawei-html/ecs"),
    ];
    fs::write(folder.path().join("docsdk.toml"), manifest.concat()).unwrap();
    let file = report(&folder.path().join("docsdk.toml"), None, folder.path());
    let size = fs::metadata(&file).unwrap().len();
    assert!(size < 5 << 20, "{size} bytes");
    with(&file, "", DESK, |session| {
        let count: usize = session.read("data.operations.length");
        assert!(count >= 400, "{count}");
        // The best of several: other work on the machine only ever adds to it.
        let mut opened = f64::INFINITY;
        for _ in 0..5 {
            session.go("");
            opened = opened.min(session.read("performance.getEntriesByName('drawn')[0].startTime"));
        }
        let largest: String = session.read("link(data.operations.reduce((a, b) => (a.total >= b.total ? a : b)))");
        let operation: f64 = session
            .read(&format!("(() => {{ const start = performance.now(); location.hash = {largest:?}; route(false); document.body.offsetHeight; return performance.now() - start; }})()"));
        session.go(&largest);
        session.shot("largest-operation");
        session.go("");
        session.shot("four-hundred");
        println!(
            "{count} operations, {size} bytes: opened in {opened:.0} ms; the largest operation in {operation:.0} ms"
        );
        assert!(opened < 1000.0, "opened in {opened:.0} ms");
        assert!(operation < 1000.0, "the largest operation in {operation:.0} ms");
    });
}
