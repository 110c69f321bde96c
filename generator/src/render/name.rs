//! From names on the wire to names in Rust. No text of a page becomes an identifier in any other way.

use std::collections::BTreeSet;

/// Rust's keywords, and names that mean something in every scope.
const KEYWORDS: &[&str] = &[
    "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "Self",
];

/// `db_instance_id` of `DBInstanceId`: for functions and modules.
pub fn snake(wire: &str) -> String {
    let name = words(wire).join("_");
    let name = if name.is_empty() { "unnamed".to_owned() } else { name };
    let name = if name.starts_with(|c: char| c.is_ascii_digit()) { format!("n{name}") } else { name };
    if KEYWORDS.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// `DbInstanceId` of `DBInstanceId`: for types and variants.
pub fn camel(wire: &str) -> String {
    let mut name = String::new();
    for word in words(wire) {
        // Two numbers side by side keep apart: `8.0` is not `80`.
        let digits = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if digits(name.chars().next_back()) && digits(word.chars().next()) {
            name.push('_');
        }
        let mut letters = word.chars();
        name.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    if name.is_empty() {
        name.push_str("Unnamed");
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, 'N');
    }
    if KEYWORDS.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// `DB_INSTANCE_ID` of `DBInstanceId`: for statics.
pub fn constant(wire: &str) -> String {
    snake(wire).to_ascii_uppercase()
}

/// The words of a name, lower case, ASCII. Other scripts are spelled in Latin letters.
fn words(wire: &str) -> Vec<String> {
    let latin = deunicode::deunicode_with_tofu(wire, " ");
    latin
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .flat_map(split)
        .map(|word| word.to_ascii_lowercase())
        .collect()
}

/// Splits where the case changes: `DB|Instance|IDs`, `IPv6|Address`, `MD5|Hash`.
fn split(part: &str) -> Vec<&str> {
    let bytes = part.as_bytes();
    let upper = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
    let lower = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
    let mut out = Vec::new();
    let mut start = 0;
    let mut at = 1;
    while at < bytes.len() {
        let boundary = if upper(at) {
            // `aB`, `6A`, and the last capital of a run before a word: `DBI|n`, but not before a plural's `s`.
            !upper(at - 1) || (lower(at + 1) && !plural(bytes, at))
        } else {
            false
        };
        if boundary {
            out.extend(part.get(start..at));
            start = at;
        }
        if part.get(at - 1..).is_some_and(|rest| rest.starts_with("Pv4") || rest.starts_with("Pv6")) && upper(at - 1) {
            at += 2;
        }
        at += 1;
    }
    out.extend(part.get(start..));
    out
}

/// Whether the capital ends an acronym in the plural: the `D` of `SSDs`, `IDsOfX`.
fn plural(bytes: &[u8], capital: usize) -> bool {
    bytes.get(capital + 1) == Some(&b's') && !bytes.get(capital + 2).is_some_and(u8::is_ascii_lowercase)
}

/// Names given out in one scope, each once.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    taken: BTreeSet<String>,
}

impl Scope {
    /// A scope in which some names mean something else.
    pub fn reserving<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self { taken: names.into_iter().map(str::to_owned).collect() }
    }

    /// The name, or the name with the smallest number from 2 on that is free. Who comes first keeps the bare name.
    pub fn claim(&mut self, name: &str) -> String {
        let numbered = (2_u64..).map(|n| match name.ends_with(|c: char| c.is_ascii_digit()) {
            true => format!("{name}_{n}"),
            false => format!("{name}{n}"),
        });
        let free = std::iter::once(name.to_owned()).chain(numbered).find(|name| !self.taken.contains(name));
        let free = free.unwrap_or_default();
        self.taken.insert(free.clone());
        free
    }

    /// Whether a name is given out.
    pub fn has(&self, name: &str) -> bool {
        self.taken.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_read_as_a_person_would_write_them() {
        for (wire, expected) in [
            ("DBInstanceId", "db_instance_id"),
            ("DestinationEndpointInstanceID", "destination_endpoint_instance_id"),
            ("DestinationEndpointOracleSID", "destination_endpoint_oracle_sid"),
            ("X-Auth-Token", "x_auth_token"),
            ("VPCId", "vpc_id"),
            ("CPUCores", "cpu_cores"),
            ("IPv6Address", "ipv6_address"),
            ("EnableIPv4", "enable_ipv4"),
            ("OSType", "os_type"),
            ("SSDs", "ssds"),
            ("DBInstanceIDs", "db_instance_ids"),
            ("VPCIDsOfZone", "vpcids_of_zone"),
            ("vSwitchId", "v_switch_id"),
            ("MD5Hash", "md5_hash"),
            ("project_id", "project_id"),
            ("type", "type_"),
            ("Self", "self_"),
            ("2fa", "n2fa"),
            ("", "unnamed"),
            ("名称", "ming_cheng"),
            ("größe", "grosse"),
        ] {
            assert_eq!(snake(wire), expected, "{wire}");
        }
    }

    #[test]
    fn types_and_variants_keep_numbers_apart() {
        for (wire, expected) in [
            ("Pay.NoCreditCard", "PayNoCreditCard"),
            ("pay.noCreditCard", "PayNoCreditCard"),
            ("InvalidDBInstanceEngineType.Format", "InvalidDbInstanceEngineTypeFormat"),
            ("8.0", "N8_0"),
            ("self", "Self_"),
            ("IPv6", "Ipv6"),
        ] {
            assert_eq!(camel(wire), expected, "{wire}");
        }
    }

    #[test]
    fn who_comes_later_gets_a_number() {
        let mut scope = Scope::reserving(["send"]);
        let claimed = ["send", "id", "id", "id2", "id"].map(|name| scope.claim(name));
        assert_eq!(claimed, ["send2", "id", "id2", "id2_2", "id3"]);
    }

    proptest! {
        #[test]
        fn every_text_gives_identifiers(wire in "\\PC*") {
            for name in [snake(&wire), camel(&wire), constant(&wire)] {
                prop_assert!(syn::parse_str::<syn::Ident>(&name).is_ok(), "{name}");
            }
            prop_assert_eq!(snake(&wire), snake(&wire));
        }

        #[test]
        fn a_scope_never_gives_a_name_twice(wires in proptest::collection::vec("[a-cA-C1-3._]{0,4}", 0..20)) {
            let mut scope = Scope::default();
            let names: Vec<_> = wires.iter().map(|wire| scope.claim(&snake(wire))).collect();
            let distinct: BTreeSet<_> = names.iter().collect();
            prop_assert_eq!(distinct.len(), names.len());
        }
    }
}
