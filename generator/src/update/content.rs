//! The bytes that a page is kept as.

use encoding_rs::{Encoding, UTF_8};

/// The bytes of a page as they are kept: as they were served, but for pages whose encoding only the host names, which
/// nobody could read later. Those become UTF-8.
pub(crate) fn kept(bytes: Vec<u8>, content_type: Option<&str>) -> Vec<u8> {
    if std::str::from_utf8(&bytes).is_ok() || Encoding::for_bom(&bytes).is_some() {
        return bytes;
    }
    let Some(encoding) = content_type.and_then(charset).filter(|encoding| *encoding != UTF_8) else { return bytes };
    let (text, faulty) = encoding.decode_without_bom_handling(&bytes);
    if faulty {
        return bytes;
    }
    // A page that names its encoding itself reads the same, and stays as it is.
    match crate::page::decode("page.html", bytes.clone()) {
        Ok((read, None)) if read == text => bytes,
        _ => text.into_owned().into_bytes(),
    }
}

fn charset(content_type: &str) -> Option<&'static Encoding> {
    let value = content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']))
    })?;
    Encoding::for_label(value.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::kept;

    #[test]
    fn bytes_stay_unless_only_the_host_names_their_encoding() {
        let gbk = b"<p>\xca\xb5\xc0\xfd".to_vec();
        assert_eq!(kept(gbk.clone(), Some("text/html; charset=GBK")), "<p>实例".as_bytes());
        assert_eq!(kept(gbk.clone(), Some("text/html")), gbk);
        assert_eq!(kept(gbk.clone(), Some("text/html; charset=utf-8")), gbk);
        let named = [b"<meta charset=gbk>".to_vec(), gbk].concat();
        assert_eq!(kept(named.clone(), Some("text/html; charset=\"gbk\"")), named);
        assert_eq!(kept(b"plain".to_vec(), Some("text/html; charset=utf-16")), b"plain");
    }
}
