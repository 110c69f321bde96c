//! A side in a tar archive, packed or not.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use flate2::bufread::GzDecoder;
use tar::Archive;

use super::files::{LARGEST_FILE, Pick};
use super::{Files, SideError};

/// More than the specs of all services of a vendor; an archive that holds more is not one of specs.
const LARGEST: u64 = 512 << 20;

/// Whether a file's name says that it is an archive.
pub(super) fn is_archive(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    [".tar", ".tar.gz", ".tgz"].iter().any(|ending| name.ends_with(ending))
}

/// Reads the specs of an archive. A folder that holds all of it, as archives of releases have, does not count.
pub(super) fn read(path: &Path, label: String) -> Result<Files, SideError> {
    let broken = |error: std::io::Error| SideError::new(path.display().to_string(), format!("cannot be read: {error}"));
    let file = BufReader::new(File::open(path).map_err(broken)?);
    let packed = path.extension().is_some_and(|ending| !ending.eq_ignore_ascii_case("tar"));
    let reader: Box<dyn Read> = if packed { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
    let mut contents = BTreeMap::new();
    for entry in Archive::new(reader.take(LARGEST)).entries().map_err(broken)? {
        let entry = entry.map_err(broken)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = entry.path().map_err(broken)?.to_string_lossy().replace('\\', "/");
        let name = name.trim_start_matches("./").to_owned();
        if name.split('/').any(|part| part == "..") || !Pick::Specs.takes(&name) {
            continue;
        }
        if entry.size() > LARGEST_FILE {
            let place = format!("{}: {name}", path.display());
            return Err(SideError::new(place, "is larger than 16 MiB, which no spec is"));
        }
        let mut bytes = Vec::new();
        entry.take(LARGEST_FILE).read_to_end(&mut bytes).map_err(broken)?;
        contents.insert(name, bytes);
    }
    let root = common_folder(&contents);
    if !root.is_empty() {
        contents = contents.into_iter().map(|(name, bytes)| (name[root.len() + 1..].to_owned(), bytes)).collect();
    }
    let root = root.rsplit('/').next().unwrap_or_default().to_owned();
    Ok(Files { base: label.clone(), label, root, contents, ..Files::default() })
}

/// The deepest folder that all files are in, not counting the folder `operations`.
fn common_folder(contents: &BTreeMap<String, Vec<u8>>) -> String {
    let folder = |name: &str| {
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folder = folder.strip_suffix("operations").map_or(folder, |above| above.trim_end_matches('/'));
        folder.split('/').map(str::to_owned).filter(|part| !part.is_empty()).collect::<Vec<_>>()
    };
    let mut folders = contents.keys().map(|name| folder(name));
    let Some(mut shared) = folders.next() else { return String::new() };
    for folder in folders {
        let length = shared.iter().zip(&folder).take_while(|(a, b)| a == b).count();
        shared.truncate(length);
    }
    shared.join("/")
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::write::GzEncoder;

    use crate::diff::{Files, compare};

    fn packed(files: &[(&str, &str)]) -> Vec<u8> {
        let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        for (name, text) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            header.set_cksum();
            archive.append_data(&mut header, name, text.as_bytes()).unwrap();
        }
        archive.into_inner().unwrap().finish().unwrap()
    }

    #[test]
    fn an_archive_is_the_folder_it_was_made_of() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("specs/a/operations");
        std::fs::create_dir_all(&folder).unwrap();
        let (head, get) = ("service: a\n", "operation: Get\nhttp: { method: GET, path: / }\n");
        std::fs::write(home.path().join("specs/a/service.yaml"), head).unwrap();
        std::fs::write(folder.join("Get.yaml"), get).unwrap();
        let archive = home.path().join("old.tar.gz");
        let files = [("v1/specs/a/service.yaml", head), ("v1/specs/a/operations/Get.yaml", get), ("v1/README.md", "x")];
        std::fs::write(&archive, packed(&files)).unwrap();
        let (old, new) = (Files::read(&archive).unwrap(), Files::read(&home.path().join("specs")).unwrap());
        assert_eq!(compare(&old, &new).unwrap().findings, []);
        assert_eq!(old.contents.len(), 2);
    }

    #[test]
    fn a_broken_archive_is_named() {
        let home = tempfile::tempdir().unwrap();
        let archive = home.path().join("old.tgz");
        let bytes = packed(&[("a/service.yaml", &"service: a\n".repeat(4000))]);
        let mut file = std::fs::File::create(&archive).unwrap();
        file.write_all(&bytes[..bytes.len() / 2]).unwrap();
        let error = Files::read(&archive).unwrap_err();
        assert!(error.place.ends_with("old.tgz") && error.message.contains("cannot be read"), "{error}");
    }
}
