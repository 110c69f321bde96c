//! `cargo docsdk`: the `docsdk` command as cargo runs it.

fn main() -> std::process::ExitCode {
    docsdk::cli::run_under_cargo()
}
