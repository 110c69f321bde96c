//! Percent-encoding by RFC 3986: over UTF-8 bytes, upper-case hex, only `A-Z a-z 0-9 - _ . ~` left as they are. Both
//! vendors sign text in this form.

const HEX: &[u8; 16] = b"0123456789ABCDEF";

const fn unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

/// What a byte becomes, and in the last place how many bytes that is; a table, as this is asked for every byte of every
/// call that has something to encode.
const fn table(space: &[u8]) -> [[u8; 4]; 256] {
    let mut table = [[0; 4]; 256];
    let mut byte = 0u8;
    loop {
        table[byte as usize] = if unreserved(byte) {
            [byte, 0, 0, 1]
        } else if byte == b' ' && space.len() == 1 {
            [space[0], 0, 0, 1]
        } else {
            [b'%', HEX[(byte >> 4) as usize], HEX[(byte & 15) as usize], 3]
        };
        if byte == u8::MAX {
            break table;
        }
        byte += 1;
    }
}

static ENCODED: [[u8; 4]; 256] = table(b"%20");
static ENCODED_FORM: [[u8; 4]; 256] = table(b"+");

/// Appends the encoded bytes: ASCII, whatever they are.
pub(crate) fn push(out: &mut Vec<u8>, bytes: &[u8]) {
    push_with(out, bytes, &ENCODED);
}

/// Appends the bytes as a form has them: a space is `+`.
pub(crate) fn push_form(out: &mut Vec<u8>, bytes: &[u8]) {
    push_with(out, bytes, &ENCODED_FORM);
}

/// Appends bytes as they are. Most are few, and copied without asking the C library, which would cost more than they do.
#[inline]
pub(crate) fn push_plain(out: &mut Vec<u8>, bytes: &[u8]) {
    match bytes.len() {
        0..=3 => bytes.iter().for_each(|byte| out.push(*byte)),
        4..=7 => push_ends::<4>(out, bytes),
        8..=16 => push_ends::<8>(out, bytes),
        17..=32 => push_ends::<16>(out, bytes),
        _ => out.extend_from_slice(bytes),
    }
}

/// Appends so many bytes of the beginning and of the end, which overlap where there are fewer than twice as many.
#[inline]
fn push_ends<const HALF: usize>(out: &mut Vec<u8>, bytes: &[u8]) {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<HALF>(), bytes.last_chunk::<HALF>()) {
        let end = out.len() + bytes.len();
        out.extend_from_slice(first);
        out.truncate(end - HALF);
        out.extend_from_slice(last);
    }
}

/// Whether all bytes stay as they are in a path: its `/` too.
pub(crate) fn is_path(bytes: &[u8]) -> bool {
    let (eights, rest) = bytes.as_chunks();
    eights.iter().all(|eight| eight_kept(*eight, b'/')) && rest.iter().all(|byte| *byte == b'/' || unreserved(*byte))
}

/// Whether all of eight bytes stay as they are: asked of all at once, as they are lanes of one number. `last` is the last
/// of the row `-`, `.`, `/` that does.
#[inline]
fn eight_kept(bytes: [u8; 8], last: u8) -> bool {
    const fn all(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }
    // The highest bit of each lane whose byte, below 128, is at least `low` and below `end`.
    let range = |lanes: u64, low: u8, end: u8| (lanes + all(128 - low)) & !(lanes + all(128 - end));
    let word = u64::from_ne_bytes(bytes);
    let lanes = word & all(127);
    let letters = range(lanes | all(0x20), b'a', b'z' + 1);
    let others = range(lanes, b'0', b'9' + 1) | range(lanes, b'-', last + 1) | range(lanes, b'_', b'`');
    (letters | others | range(lanes, b'~', 127)) & !word & all(128) == all(128)
}

/// Whether all bytes stay as they are, beginning and end of which may be looked at twice.
#[inline]
fn kept(bytes: &[u8]) -> bool {
    if let Some(last) = bytes.last_chunk() {
        let (parts, _) = bytes.as_chunks();
        return parts.iter().all(sixteen_kept) && sixteen_kept(last);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return eight_kept(*first, b'.') & eight_kept(*last, b'.');
    }
    if let (Some([a, b, c, d]), Some([e, f, g, h])) = (bytes.first_chunk(), bytes.last_chunk()) {
        return eight_kept([*a, *b, *c, *d, *e, *f, *g, *h], b'.');
    }
    bytes.iter().all(|byte| unreserved(*byte))
}

/// Whether sixteen bytes stay as they are: no branch a byte, so that the compiler asks of all at once.
#[inline]
fn sixteen_kept(bytes: &[u8; 16]) -> bool {
    let within = |byte: u8, low: u8, many: u8| byte.wrapping_sub(low) < many;
    bytes.iter().fold(true, |all, byte| {
        let other = matches!(*byte, b'_' | b'~');
        all & (within(*byte | 0x20, b'a', 26) | within(*byte, b'0', 10) | within(*byte, b'-', 2) | other)
    })
}

#[inline(never)]
fn push_with(out: &mut Vec<u8>, bytes: &[u8], table: &[[u8; 4]; 256]) {
    if kept(bytes) {
        push_plain(out, bytes);
        return;
    }
    for part in bytes.chunks(16) {
        if kept(part) {
            push_plain(out, part);
            continue;
        }
        // Each byte's text is written in full and the next behind as much of it as counts: no branch a byte. Sixteen
        // become 48 at the most, so the mask changes nothing but what the compiler knows.
        let (mut texts, mut end) = ([0; 128], 0);
        for byte in part {
            let text = &table[usize::from(*byte)];
            let place = end & 63;
            texts[place..place + text.len()].copy_from_slice(text);
            end += usize::from(text[3]);
        }
        // Copied at full width for the same reason that short texts are.
        let end = out.len() + end;
        out.extend_from_slice(&texts[..48]);
        out.truncate(end);
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
    fn every_byte_is_encoded_alike_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            let expected = if unreserved(byte) { vec![byte] } else { format!("%{byte:02X}").into_bytes() };
            for length in 1..40 {
                for at in 0..length {
                    let mut bytes = vec![b'x'; length];
                    bytes[at] = byte;
                    let mut out = Vec::new();
                    push(&mut out, &bytes);
                    bytes.splice(at..=at, expected.iter().copied());
                    assert_eq!(out, bytes, "byte {byte} at {at} of {length}");
                }
            }
        }
    }

    #[test]
    fn paths_keep_their_slashes() {
        for byte in 0..=u8::MAX {
            for length in 1..20 {
                let mut bytes = vec![b'/'; length];
                bytes[length / 2] = byte;
                assert_eq!(is_path(&bytes), byte == b'/' || unreserved(byte), "byte {byte} in {length}");
            }
        }
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
