//! Read the lines of which notes, checkpoints, receipts and policies are made: each value has exactly one text.

use crate::hash::Hash;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A number in decimal, without sign and without leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || (text.len() > 1 && text.starts_with('0')) { None } else { text.parse().ok() }
}

/// Bytes in base64 (RFC 4648 §4), with padding and without stray bits.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// A hash in base64.
pub(crate) fn hash(text: &str) -> Option<Hash> {
    // 44 characters hold 31 to 33 bytes, so nothing longer is decoded.
    if text.len() != 44 { None } else { Some(Hash(bytes(text)?.try_into().ok()?)) }
}

/// Bytes as base64.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The first line of `text`, without its line feed, and what follows it. None without a line feed.
pub(crate) fn first(text: &str) -> Option<(&str, &str)> {
    text.split_once('\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_text() {
        assert_eq!(decimal("0"), Some(0));
        assert_eq!(decimal("20852163"), Some(20_852_163));
        assert_eq!(decimal("18446744073709551615"), Some(u64::MAX));
        for text in ["", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "0x1", "１", "18446744073709551616"] {
            assert_eq!(decimal(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_hash_has_one_text() {
        let text = base64(&[0xff; 32]);
        assert_eq!(hash(&text), Some(Hash([0xff; 32])));
        // Stray bits behind the last byte, no padding, too short, the alphabet of URLs, white space.
        let stray = text.replace("8=", "9=");
        let urls = text.replace('/', "_");
        for text in [&stray, text.trim_end_matches('='), &text[4..], &urls, &format!("{text}\n"), ""] {
            assert_eq!(hash(text), None, "{text:?}");
        }
    }
}
