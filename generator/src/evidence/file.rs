//! The report's file: one HTML document that asks the network for nothing and runs no script but its own.
//!
//! What came from pages stands in it as base64 of compressed JSON, so that no word of a page is part of the markup; the
//! script puts it into the document as text. Should a mistake let markup through all the same, the document's policy
//! names the one script and the one style sheet by their hashes and forbids everything else.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use super::Evidence;

const DOCUMENT: &str = include_str!("page/document.html");
const STYLE: [&str; 3] =
    [include_str!("page/tone.css"), include_str!("page/frame.css"), include_str!("page/operation.css")];
const SCRIPT: [&str; 12] = [
    include_str!("page/data.js"),
    include_str!("page/element.js"),
    include_str!("page/tree.js"),
    include_str!("page/filter.js"),
    include_str!("page/picture.js"),
    include_str!("page/lists.js"),
    include_str!("page/search.js"),
    include_str!("page/source.js"),
    include_str!("page/spec.js"),
    include_str!("page/light.js"),
    include_str!("page/keys.js"),
    include_str!("page/start.js"),
];

/// The report as an HTML document.
pub fn html(evidence: &Evidence) -> String {
    let (style, script) = (inlined(&STYLE), inlined(&SCRIPT));
    let data = packed(evidence);
    let parts = [
        ("{{style-hash}}", hash(&style)),
        ("{{script-hash}}", hash(&script)),
        ("{{style}}", style),
        ("{{script}}", script),
        ("{{data}}", data),
    ];
    let document = DOCUMENT.replace("\r\n", "\n");
    parts.into_iter().fold(document, |document, (mark, part)| document.replacen(mark, &part, 1))
}

/// Files as they stand in the document; browsers read its line ends as `\n` before they hash what is between tags.
fn inlined(files: &[&str]) -> String {
    files.concat().replace("\r\n", "\n")
}

/// A hash as a policy names it.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

fn packed(evidence: &Evidence) -> String {
    let json = serde_json::to_vec(evidence).expect("evidence is plain data");
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    let written = packed.write_all(&json).and_then(|()| packed.finish());
    STANDARD.encode(written.expect("memory takes what is written to it"))
}

#[cfg(test)]
mod tests {
    use super::{SCRIPT, STYLE, inlined};

    #[test]
    fn no_script_makes_markup_of_text_or_asks_the_network() {
        let script = inlined(&SCRIPT);
        for word in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "srcdoc", "fetch("]
        {
            assert!(!script.contains(word), "{word}");
        }
        let all = script + &inlined(&STYLE);
        for word in ["</script", "</style", "<!--", "url(", "@import", "http:", "https:", "{{"] {
            assert!(!all.contains(word), "{word}");
        }
    }
}
