//! Percent-encoding by RFC 3986: over UTF-8 bytes, upper-case hex, only `A-Z a-z 0-9 - _ . ~` left as they are. Both
//! vendors sign text in this form.

const HEX: &[u8; 16] = b"0123456789ABCDEF";

// Without branches, so that the compiler asks for many bytes at once.
#[expect(clippy::needless_bitwise_bool, reason = "a branch a byte is what this avoids")]
const fn unreserved(byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    letter | (byte.wrapping_sub(b'0') < 10) | (byte == b'-') | (byte == b'_') | (byte == b'.') | (byte == b'~')
}

/// Whether a byte stays as it is; a table, as this is asked for every byte of every call.
const KEPT: [bool; 256] = {
    let mut kept = [false; 256];
    let mut byte = 0u8;
    loop {
        kept[byte as usize] = unreserved(byte);
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    kept
};

/// Appends the encoded bytes: ASCII, whatever they are.
pub(crate) fn push(out: &mut Vec<u8>, bytes: &[u8]) {
    push_with(out, bytes, b"%20");
}

/// Appends the bytes as a form has them: a space is `+`.
pub(crate) fn push_form(out: &mut Vec<u8>, bytes: &[u8]) {
    push_with(out, bytes, b"+");
}

/// Whether any byte but those of `others` would be encoded.
pub(crate) fn needs_encoding(bytes: &[u8], others: &[u8]) -> bool {
    bytes.iter().any(|byte| !KEPT[usize::from(*byte)] && !others.contains(byte))
}

/// How many bytes at the beginning stay as they are.
fn kept_run(bytes: &[u8]) -> usize {
    // Without a branch a byte, so that the compiler looks at sixteen at once.
    let all_kept = |chunk: &[u8; 16]| chunk.iter().fold(true, |kept, byte| kept & unreserved(*byte));
    let (chunks, _) = bytes.as_chunks::<16>();
    let sure = chunks.iter().take_while(|chunk| all_kept(chunk)).count() * 16;
    let rest = bytes.get(sure..).unwrap_or_default();
    sure + rest.iter().position(|byte| !KEPT[usize::from(*byte)]).unwrap_or(rest.len())
}

fn push_with(out: &mut Vec<u8>, bytes: &[u8], space: &[u8]) {
    let mut rest = bytes;
    loop {
        // Runs of kept bytes, of which most text consists, are copied at once.
        let (kept, after) = rest.split_at(kept_run(rest));
        out.extend_from_slice(kept);
        if after.is_empty() {
            return;
        }
        let run = after.iter().position(|byte| KEPT[usize::from(*byte)]).unwrap_or(after.len());
        let (encoded, after) = after.split_at(run);
        out.reserve(encoded.len() * 3);
        for &byte in encoded {
            if byte == b' ' {
                out.extend_from_slice(space);
            } else {
                out.extend_from_slice(&[b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            }
        }
        rest = after;
    }
}

/// Text that was written as encoded bytes.
pub(crate) fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("encoded text is ASCII, and what stands around it is text")
}

/// The encoded text.
pub fn encode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len() * 3 / 2);
    push(&mut out, text.as_bytes());
    self::text(out)
}

/// The bytes that the text stands for; a `%` without two hex digits stays as it is.
pub fn decode(text: &str) -> Vec<u8> {
    decode_with(text, false)
}

/// The bytes that a form's text stands for: `+` is a space.
pub fn decode_form(text: &str) -> Vec<u8> {
    decode_with(text, true)
}

fn decode_with(text: &str, plus_is_space: bool) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'%' => {
                if let (Some(high), Some(low)) = (digit(bytes.get(at)), digit(bytes.get(at + 1))) {
                    out.push(high << 4 | low);
                    at += 2;
                } else {
                    out.push(byte);
                }
            }
            b'+' if plus_is_space => out.push(b' '),
            _ => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_characters_are_encoded_and_unreserved_ones_kept() {
        assert_eq!(encode("a b+c*d~e/f%g"), "a%20b%2Bc%2Ad~e%2Ff%25g");
        assert_eq!(encode("中 🚀"), "%E4%B8%AD%20%F0%9F%9A%80");
        assert_eq!(encode("-_.~"), "-_.~");
    }

    #[test]
    fn half_an_escape_stays_as_it_is() {
        assert_eq!(decode("100%2"), b"100%2");
        assert_eq!(decode("%zz%41"), b"%zzA");
        assert_eq!(decode("a+b"), b"a+b");
        assert_eq!(decode_form("a+b"), b"a b");
    }

    proptest::proptest! {
        #[test]
        fn decoding_undoes_encoding(text in "\\PC*") {
            proptest::prop_assert_eq!(decode(&encode(&text)), text.as_bytes());
            let mut form = Vec::new();
            push_form(&mut form, text.as_bytes());
            proptest::prop_assert_eq!(decode_form(&self::text(form)), text.as_bytes());
        }
    }
}
