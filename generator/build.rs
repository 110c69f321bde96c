//! Names this build of docsdk by a hash of what it is made from, so that what another build kept in a cache is not believed.

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};

fn main() {
    let package = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut hash = DefaultHasher::new();
    // The versions of what is underneath, where they are known: a parser may come to read pages otherwise.
    for path in ["src", "vocabulary", "Cargo.toml", "../templates", "../Cargo.lock"] {
        let path = package.join(path);
        if path.exists() {
            println!("cargo::rerun-if-changed={}", path.display());
            take(&path, &mut hash);
        }
    }
    println!("cargo::rustc-env=DOCSDK_BUILD={:016x}", hash.finish());
}

/// Takes in a file, or all files of a folder in the order of their names.
fn take(path: &Path, hash: &mut DefaultHasher) {
    let mut inner: Vec<PathBuf> = match fs::read_dir(path) {
        Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
        Err(_) => return hash.write(&fs::read(path).unwrap_or_default()),
    };
    inner.sort();
    for path in inner {
        hash.write(path.file_name().unwrap_or_default().as_encoded_bytes());
        hash.write_u8(0);
        take(&path, hash);
    }
}
