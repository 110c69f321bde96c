//! Which files of a side belong to which service.

use std::collections::BTreeMap;

use super::{Files, Head, SideError, head};

/// The files of one service.
#[derive(Debug)]
pub(crate) struct ServiceFiles<'a> {
    /// The `service` key, or the folder's name.
    pub(crate) name: String,
    /// `service.yaml`, read; the default where there is none.
    pub(crate) head: Head,
    /// The path of `service.yaml`, where there is one.
    pub(crate) head_file: Option<&'a str>,
    /// The operations' files: the path below the service's folder, the whole relative path, the bytes.
    pub(crate) operations: BTreeMap<&'a str, (&'a str, &'a [u8])>,
    /// `overlay.yaml`, where there is one.
    pub(crate) overlay: Option<(&'a str, &'a [u8])>,
    /// `sources.lock`, where there is one.
    pub(crate) lock: Option<(&'a str, &'a [u8])>,
}

impl ServiceFiles<'_> {
    /// The operation's name as its file has it.
    pub(crate) fn stem(file: &str) -> &str {
        let name = file.rsplit('/').next().unwrap_or(file);
        name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")).unwrap_or(name)
    }
}

/// The services of a side, by name; by folder where two have the same name.
pub(crate) fn services(files: &Files) -> Result<BTreeMap<String, ServiceFiles<'_>>, SideError> {
    let mut folders = BTreeMap::<&str, Vec<(&str, &str, &[u8])>>::new();
    for (path, bytes) in &files.contents {
        let (folder, below) = split(path);
        folders.entry(folder).or_default().push((below, path, bytes));
    }
    let mut services = BTreeMap::new();
    for (folder, members) in folders {
        // An overlay or a lock alone makes no service.
        if !members.iter().any(|(below, ..)| *below == "service.yaml" || below.contains("operations/")) {
            continue;
        }
        let service = service(files, folder, &members)?;
        let mut key = service.name.clone();
        if services.contains_key(&key) {
            key = format!("{key} ({folder})");
        }
        services.insert(key, service);
    }
    Ok(services)
}

fn service<'a>(
    files: &Files,
    folder: &'a str,
    members: &[(&'a str, &'a str, &'a [u8])],
) -> Result<ServiceFiles<'a>, SideError> {
    let named = folder.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(&files.root);
    let mut service = ServiceFiles {
        name: named.to_owned(),
        head: Head::default(),
        head_file: None,
        operations: BTreeMap::new(),
        overlay: None,
        lock: None,
    };
    for &(below, path, bytes) in members {
        match below {
            "service.yaml" => {
                service.head = head(bytes).map_err(|message| files.fault(path, message))?;
                service.head_file = Some(path);
            }
            "overlay.yaml" => service.overlay = Some((path, bytes)),
            "sources.lock" => service.lock = Some((path, bytes)),
            _ => {
                service.operations.insert(below, (path, bytes));
            }
        }
    }
    if !service.head.service.is_empty() {
        service.name.clone_from(&service.head.service);
    }
    Ok(service)
}

/// The service's folder, and the path below it.
fn split(path: &str) -> (&str, &str) {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if folder == "operations" {
        return ("", path);
    }
    match folder.rsplit_once('/') {
        Some((service, "operations")) => (service, path.get(service.len() + 1..).unwrap_or(name)),
        _ => (folder, name),
    }
}
