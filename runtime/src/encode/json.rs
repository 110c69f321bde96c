//! Compact JSON, UTF-8 not escaped.

use serde_json::Value;

const SERIALIZES: &str = "text and JSON values always serialize, and memory takes all bytes";

/// Appends a value.
pub(super) fn push(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::String(text) => push_text(out, text),
        Value::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                push(out, item);
            }
            out.push(b']');
        }
        Value::Object(fields) => {
            out.push(b'{');
            for (at, (name, item)) in fields.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                push_text(out, name);
                out.push(b':');
                push(out, item);
            }
            out.push(b'}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => serde_json::to_writer(out, value).expect(SERIALIZES),
    }
}

/// Appends a text. Few have anything to escape; whether one does is asked of many bytes at once, which serde's writer
/// asks of each alone.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    let plain = |byte: u8| !matches!(byte, b'"' | b'\\' | 0..=0x1f);
    if text.bytes().fold(true, |all, byte| all & plain(byte)) {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        serde_json::to_writer(out, text).expect(SERIALIZES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn text_is_written_as_serde_writes_it(text in ".*") {
            let mut out = Vec::new();
            push_text(&mut out, &text);
            proptest::prop_assert_eq!(out, serde_json::to_vec(&text).expect("text serializes"));
        }
    }

    #[test]
    fn values_are_written_as_serde_writes_them() {
        for text in ["null", "[]", "{}", r#"[1,-2.5,true,null,"a\"\u0007",{"b":[{}],"\\":"\n"},[[],""]]"#] {
            let value: Value = serde_json::from_str(text).expect("JSON");
            let mut out = Vec::new();
            push(&mut out, &value);
            assert_eq!(out, serde_json::to_vec(&value).expect("JSON serializes"));
        }
    }
}
