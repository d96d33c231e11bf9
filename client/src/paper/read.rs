//! Find the texts of a page's codes in its PDF file, or in what a scanner gave.

use super::base45::is_base45;
use super::parts::{TEXT_LIMIT, is_code};
use flate2::read::ZlibDecoder;
use std::io::Read as _;

/// The attached file that holds the texts.
pub(super) const TEXTS_FILE: &str = "certificate.txt";
/// The attached file that holds the JSON form.
pub(super) const JSON_FILE: &str = "certificate.json";
/// The largest PDF file that is looked into.
pub const PDF_LIMIT: usize = 1 << 24;
/// The most streams of a PDF file that are unpacked in search of the texts.
const STREAMS_LIMIT: usize = 4_096;

const BEGIN: &str = "tongda certificate v1\n";

/// The attachment: a line that marks it, and a text a line.
pub(super) fn attachment(texts: &[String]) -> String {
    texts.iter().fold(BEGIN.to_owned(), |file, text| file + text + "\n")
}

/// Whether these bytes are a PDF file.
#[must_use]
pub fn is_pdf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-")
}

/// The texts of the codes that a PDF file brings as an attachment; none if it brings none. The file may have been
/// written anew by another program, its streams packed.
#[must_use]
pub fn texts_in_pdf(bytes: &[u8]) -> Vec<String> {
    let bytes = &bytes[..bytes.len().min(PDF_LIMIT)];
    let plain = texts_at(bytes);
    if !plain.is_empty() {
        return plain;
    }
    let mut rest = bytes;
    for _ in 0..STREAMS_LIMIT {
        let Some(start) = find(rest, b"stream") else { break };
        rest = &rest[start + b"stream".len()..];
        let body = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n"));
        let Some(body) = body else { continue };
        let mut unpacked = Vec::new();
        // A stream that is no zlib stream gives an error, perhaps behind some bytes: what matters is what is in them.
        let _ = ZlibDecoder::new(body).take(2 * TEXT_LIMIT as u64).read_to_end(&mut unpacked);
        let texts = texts_at(&unpacked);
        if !texts.is_empty() {
            return texts;
        }
    }
    Vec::new()
}

/// The texts behind the mark, if it is there.
fn texts_at(bytes: &[u8]) -> Vec<String> {
    let Some(start) = find(bytes, BEGIN.as_bytes()) else { return Vec::new() };
    let lines = bytes[start + BEGIN.len()..].split(|byte| *byte == b'\n');
    let lines = lines.take_while(|line| !line.is_empty() && line.iter().all(|byte| is_base45(*byte)));
    lines
        .filter_map(|line| std::str::from_utf8(line).ok())
        .filter(|line| is_code(line))
        .map(str::to_owned)
        .collect()
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// The texts of codes in what was scanned or typed: a text a line, empty lines between them.
#[must_use]
pub fn texts_in(text: &str) -> Vec<&str> {
    let lines = text.lines().map(|line| line.trim_matches(['\r', '\n', '\t', '\u{FEFF}']));
    lines.map(|line| line.strip_prefix("QR-Code:").unwrap_or(line)).filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::split;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write as _;

    fn texts() -> Vec<String> {
        split(&[7; 5_000]).unwrap()
    }

    #[test]
    fn texts_are_found_in_a_plain_and_in_a_packed_stream() {
        let texts = texts();
        let plain = [b"%PDF-1.7\nstream\n", attachment(&texts).as_bytes(), b"\nendstream"].concat();
        assert_eq!(texts_in_pdf(&plain), texts);
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        packed.write_all(attachment(&texts).as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        let packed = [b"%PDF-1.7\nstream\nnone\nendstream stream\r\n", &packed[..], b"\nendstream"].concat();
        assert_eq!(texts_in_pdf(&packed), texts);
    }

    #[test]
    fn noise_and_bombs_give_nothing_and_end() {
        assert!(texts_in_pdf(b"%PDF-1.7\n").is_empty());
        assert!(texts_in_pdf(&b"stream\n".repeat(9_000)).is_empty());
        let mut bomb = ZlibEncoder::new(Vec::new(), Compression::best());
        bomb.write_all(&vec![0; 1 << 22]).unwrap();
        let bomb = [b"stream\n", &bomb.finish().unwrap()[..]].concat();
        assert!(texts_in_pdf(&bomb.repeat(3)).is_empty());
    }

    #[test]
    fn what_a_scanner_prints_is_read_line_by_line_with_the_spaces_of_base45_kept() {
        assert_eq!(texts_in("QR-Code:AB 1 \r\n\nCD\n"), ["AB 1 ", "CD"]);
    }
}
