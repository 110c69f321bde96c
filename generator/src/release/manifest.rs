//! The version of a service in the text of `docsdk.toml`, changed with every comment and space kept.

use semver::Version;
use toml_edit::{DocumentMut, Item, Key, Table, TableLike, Value, value};

use crate::diagnostic::{Diagnostic, Severity};

const VERSION: &str = "version";

/// The manifest's text with another version of a service's crate.
///
/// # Errors
/// A finding where the text is no TOML, or has no such service.
pub fn with_version(source: &str, file: &str, service: &str, version: &Version) -> Result<String, Box<Diagnostic>> {
    let mut document: DocumentMut = source.parse().map_err(|error: toml_edit::TomlError| {
        let first = error.message().lines().next().unwrap_or("is no TOML").to_owned();
        Box::new(Diagnostic::new("not-toml", Severity::Error, file, first))
    })?;
    let version = version.to_string();
    let found = match document.get_mut("service") {
        Some(Item::ArrayOfTables(tables)) => {
            let table = tables.iter_mut().find(|table| is_named(*table, service));
            table.map(|table| replaced(table, &version) || inserted(table, &version))
        }
        Some(Item::Value(Value::Array(tables))) => {
            let table = tables.iter_mut().filter_map(Value::as_inline_table_mut);
            let table = table.into_iter().find(|table| is_named(*table, service));
            table.map(|table| replaced(table, &version) || table.insert(VERSION, (&version).into()).is_none())
        }
        _ => None,
    };
    if found.is_none() {
        let message = format!("no service `{service}` in the manifest");
        let finding = Diagnostic::new("unknown-service", Severity::Error, file, message);
        return Err(Box::new(finding.help("add a `[[service]]` with that name")));
    }
    let text = document.to_string();
    // The library ends every line it keeps with `\n`; a file with `\r\n` stays one.
    Ok(if source.contains("\r\n") && !text.contains("\r\n") { text.replace('\n', "\r\n") } else { text })
}

fn is_named(table: &dyn TableLike, service: &str) -> bool {
    table.get("name").and_then(Item::as_str) == Some(service)
}

/// Sets the version where one stands, with the comments around it.
fn replaced(entry: &mut dyn TableLike, version: &str) -> bool {
    let Some(Item::Value(old)) = entry.get_mut(VERSION) else { return false };
    let decor = old.decor().clone();
    *old = version.into();
    *old.decor_mut() = decor;
    true
}

/// Adds a version after the name.
fn inserted(entry: &mut Table, version: &str) -> bool {
    let order: Vec<String> = entry.iter().map(|(key, _)| key.to_owned()).collect();
    let name = order.iter().position(|key| key == "name").unwrap_or_default();
    entry.insert(VERSION, value(version));
    // Twice the place leaves room between neighbours.
    let place = |key: &Key| order.iter().position(|known| known == key.get()).map_or(name * 2 + 1, |at| at * 2);
    entry.sort_values_by(|a, _, b, _| place(a).cmp(&place(b)));
    true
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::with_version;

    const SOURCE: &str = "# All of it.\n[[service]]\nname    = \"a\" # the first\n\n# Whose pages.\nprovider = \"aliyun\"\n\n\
                          [service.endpoints]\ndefault = \"https://a\"\n\n[[service]]\nname = \"b\"\n\
                          version   =   '0.1.0'   # released by hand\nprovider = \"aliyun\"\n";

    #[track_caller]
    fn test(source: &str, service: &str, from: &str, to: &str) {
        let text = with_version(source, "docsdk.toml", service, &Version::new(0, 2, 0)).unwrap();
        assert_eq!(text, source.replacen(from, to, 1));
        assert_eq!(with_version(&text, "docsdk.toml", service, &Version::new(0, 2, 0)).unwrap(), text);
    }

    #[test]
    fn keeps_comments_and_layout() {
        test(SOURCE, "b", "'0.1.0'", "\"0.2.0\"");
        test(SOURCE, "a", "# the first\n", "# the first\nversion = \"0.2.0\"\n");
        let windows = SOURCE.replace('\n', "\r\n");
        test(&windows, "b", "'0.1.0'", "\"0.2.0\"");
        test("service = [{ name = \"b\", provider = \"p\" }]\n", "b", "\"p\" }", "\"p\" , version = \"0.2.0\" }");
        test("service = [{ name = \"b\", version = \"1.0.0\" }]\n", "b", "1.0.0", "0.2.0");
    }

    #[test]
    fn says_what_is_missing() {
        let error = with_version(SOURCE, "docsdk.toml", "c", &Version::new(1, 0, 0)).unwrap_err();
        assert_eq!((error.id, error.message.as_str()), ("unknown-service", "no service `c` in the manifest"));
        assert_eq!(with_version("a = [", "x", "c", &Version::new(1, 0, 0)).unwrap_err().id, "not-toml");
    }
}
