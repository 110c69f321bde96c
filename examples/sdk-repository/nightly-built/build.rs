//! Makes the module `lagoon_snapshots` from the service's pages.

fn main() {
    docsdk::Build::from_manifest("../docsdk.toml").services(["lagoon-snapshots"]).run();
}
