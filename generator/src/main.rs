//! The `docsdk` command.

fn main() -> std::process::ExitCode {
    docsdk::cli::run()
}
