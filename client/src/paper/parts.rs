//! Cut a proof into texts that each fit one QR code, and put it together again from texts in any order.
//!
//! ```text
//! a code's text = base45( "TD" 54 44 | version 01 | parts n u8 | part i u8 (from 1) | SHA-256 of the whole [..4] | bytes )
//! ```
//!
//! Codes are scanned one after another, twice, or beside those of another page: each says which document it belongs to
//! and which part it is. The first four bytes of the hash tell documents apart and find a misread; they are no proof,
//! which what was put together brings itself.

use super::base45::{self, Base45Error};
use tongda_ledger::hash::Hash;

/// The most bytes of one code, header included: base45 makes 3,390 characters of them, and version 40 at level M holds
/// 3,391 (ISO/IEC 18004, table 7).
pub const CODE_LIMIT: usize = 2_260;
/// The most parts of one document.
pub const PARTS_LIMIT: usize = 16;
/// The most bytes of a document that can stand on paper.
pub const DOCUMENT_LIMIT: usize = PARTS_LIMIT * (CODE_LIMIT - HEADER);
/// The most bytes of texts that are read: all parts, with what stands between them.
pub const TEXT_LIMIT: usize = 1 << 16;

const MAGIC: [u8; 2] = *b"TD";
const VERSION: u8 = 1;
const HEADER: usize = 9;

/// Why texts do not make a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// More than fits on paper.
    #[error("{0} bytes; at most {DOCUMENT_LIMIT} stand on paper, in {PARTS_LIMIT} codes")]
    TooLarge(usize),
    /// More text than all the codes of a document have.
    #[error("{0} bytes of text; the codes of a document have {TEXT_LIMIT} at most")]
    TooMuchText(usize),
    /// There is no text at all.
    #[error("there is no text of a code")]
    Empty,
    /// A text that is not base45.
    #[error("text {text} is no QR text of this ledger: {error}")]
    Base45 {
        /// Which text, from 1.
        text: usize,
        /// What is wrong.
        error: Base45Error,
    },
    /// A text of something else.
    #[error("text {0} is no QR text of this ledger: it does not begin as one")]
    Foreign(usize),
    /// A text of a later version of this format.
    #[error("text {text} is of version {version} of the paper form; this program reads version {VERSION}")]
    Version {
        /// Which text, from 1.
        text: usize,
        /// Its version.
        version: u8,
    },
    /// A header that no document has, or a part of another length than the cutting gives.
    #[error("text {0} has a header that no code has, or was cut off")]
    Header(usize),
    /// Texts of two documents.
    #[error("text {0} belongs to another document than the texts before it")]
    OtherDocument(usize),
    /// Two texts claim to be one part and differ.
    #[error("text {text} is a second part {part}, and differs from the first")]
    Conflict {
        /// Which text, from 1.
        text: usize,
        /// Which part.
        part: usize,
    },
    /// Parts that are not there.
    #[error("of {count} codes these are missing: {}; scan them too", list(.missing))]
    Missing {
        /// How many parts the document has.
        count: usize,
        /// Those that are missing, from 1.
        missing: Vec<usize>,
    },
    /// All parts are there, and their hash is not the one they name.
    #[error("the parts do not make the document that they name: one was misread or changed")]
    Misread,
}

fn list(parts: &[usize]) -> String {
    parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The texts of a document's codes, in their order; one if it fits.
///
/// # Errors
/// [`PaperError::TooLarge`].
pub fn split(document: &[u8]) -> Result<Vec<String>, PaperError> {
    if document.len() > DOCUMENT_LIMIT {
        return Err(PaperError::TooLarge(document.len()));
    }
    let tag = tag(document);
    let size = part_size(document.len());
    let parts: Vec<_> = if document.is_empty() { vec![document] } else { document.chunks(size).collect() };
    let count = u8::try_from(parts.len()).expect("at most 16 parts");
    let text = |(part, bytes): (u8, &&[u8])| {
        let header = [&MAGIC[..], &[VERSION, count, part], &tag].concat();
        base45::encode(&[&header, *bytes].concat())
    };
    Ok((1..=count).zip(&parts).map(text).collect())
}

/// Bytes of each part but the last: as few parts as do, and those alike, so that every code is as coarse as can be.
fn part_size(length: usize) -> usize {
    let parts = length.div_ceil(CODE_LIMIT - HEADER).max(1);
    length.div_ceil(parts).max(1)
}

/// The tag of a document, and its parts as far as they are there.
type Gathered = ([u8; 4], Vec<Option<Vec<u8>>>);

/// The document of these texts, which may come in any order and repeatedly, one a line or several lines each.
///
/// # Errors
/// [`PaperError`] names the text and what is wrong, and the parts that are missing.
pub fn join<T: AsRef<str>>(texts: &[T]) -> Result<Vec<u8>, PaperError> {
    let length: usize = texts.iter().map(|text| text.as_ref().len()).sum();
    if length > TEXT_LIMIT {
        return Err(PaperError::TooMuchText(length));
    }
    let mut document: Option<Gathered> = None;
    for (place, text) in texts.iter().enumerate() {
        let text_number = place + 1;
        let code = Code::read(text.as_ref(), text_number)?;
        let (tag, parts) = document.get_or_insert_with(|| (code.tag, vec![None; code.count]));
        if *tag != code.tag || parts.len() != code.count {
            return Err(PaperError::OtherDocument(text_number));
        }
        match &mut parts[code.part - 1] {
            Some(before) if *before != code.bytes => {
                return Err(PaperError::Conflict { text: text_number, part: code.part });
            }
            place => *place = Some(code.bytes),
        }
    }
    let (expected, parts) = document.ok_or(PaperError::Empty)?;
    let missing: Vec<_> =
        parts.iter().zip(1..).filter(|(part, _)| part.is_none()).map(|(_, number)| number).collect();
    if !missing.is_empty() {
        return Err(PaperError::Missing { count: parts.len(), missing });
    }
    let whole = parts.into_iter().flatten().collect::<Vec<_>>().concat();
    if tag(&whole) == expected { Ok(whole) } else { Err(PaperError::Misread) }
}

/// Whether a text begins as the text of a code does: with the three characters of the magic.
#[must_use]
pub fn is_code(text: &str) -> bool {
    text.starts_with(&base45::encode(&MAGIC))
}

fn tag(document: &[u8]) -> [u8; 4] {
    let [a, b, c, d, ..] = *Hash::plain(&[document]).as_bytes();
    [a, b, c, d]
}

/// What the text of one code says.
struct Code {
    count: usize,
    part: usize,
    tag: [u8; 4],
    bytes: Vec<u8>,
}

impl Code {
    fn read(text: &str, text_number: usize) -> Result<Self, PaperError> {
        let bytes = base45::decode(text).map_err(|error| PaperError::Base45 { text: text_number, error })?;
        let Some(rest) = bytes.strip_prefix(&MAGIC) else {
            return Err(PaperError::Foreign(text_number));
        };
        let [version, count, part, a, b, c, d, bytes @ ..] = rest else {
            return Err(PaperError::Header(text_number));
        };
        if *version != VERSION {
            return Err(PaperError::Version { text: text_number, version: *version });
        }
        let (count, part) = (usize::from(*count), usize::from(*part));
        let whole = (1..=PARTS_LIMIT).contains(&count) && (1..=count).contains(&part);
        if !whole || bytes.len() > CODE_LIMIT - HEADER {
            return Err(PaperError::Header(text_number));
        }
        Ok(Self { count, part, tag: [*a, *b, *c, *d], bytes: bytes.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(length: usize) -> Vec<u8> {
        (0..length).map(|place| (place * 7 + place / 251) as u8).collect()
    }

    #[test]
    fn a_document_comes_back_from_its_codes_in_any_order_and_twice() {
        for length in [0, 1, 2, 2_251, 2_252, 4_502, 4_503, 10_000, DOCUMENT_LIMIT] {
            let document = document(length);
            let mut texts = split(&document).unwrap();
            assert_eq!(texts.len(), length.div_ceil(CODE_LIMIT - HEADER).max(1), "{length}");
            assert!(texts.iter().all(|text| text.len() <= 3_390 && is_code(text)));
            texts.reverse();
            texts.push(texts[0].clone());
            assert_eq!(join(&texts).unwrap(), document, "{length}");
        }
        assert!(matches!(split(&document(DOCUMENT_LIMIT + 1)), Err(PaperError::TooLarge(_))));
    }

    #[test]
    fn missing_foreign_and_doubled_parts_are_named() {
        let texts = split(&document(9_000)).unwrap();
        let missing = PaperError::Missing { count: 4, missing: vec![2, 4] };
        assert_eq!(join(&[&texts[0], &texts[2]]), Err(missing));
        let other = split(&document(9_001)).unwrap();
        assert_eq!(join(&[&texts[0], &other[1]]), Err(PaperError::OtherDocument(2)));
        assert_eq!(join(&["%69 VD92EX0"]), Err(PaperError::Foreign(1)));
        assert_eq!(join::<&str>(&[]), Err(PaperError::Empty));
        let changed = changed(&texts[1], 40);
        assert_eq!(join(&[&texts[1], &changed]), Err(PaperError::Conflict { text: 2, part: 2 }));
        assert_eq!(join(&[&texts[0], &changed, &texts[2], &texts[3]]), Err(PaperError::Misread));
    }

    /// The text with one bit of the byte named turned over.
    fn changed(text: &str, byte: usize) -> String {
        let mut bytes = base45::decode(text).unwrap();
        bytes[byte] ^= 1;
        base45::encode(&bytes)
    }

    #[test]
    fn every_changed_bit_of_a_code_is_found() {
        let text = &split(&document(300)).unwrap()[0];
        for byte in 0..309 {
            assert!(join(&[changed(text, byte)]).is_err(), "byte {byte}");
        }
    }

    #[test]
    fn noise_is_refused_and_named() {
        let noise = "N".repeat(TEXT_LIMIT + 1);
        assert_eq!(join(&[&noise]), Err(PaperError::TooMuchText(TEXT_LIMIT + 1)));
        assert!(matches!(join(&[&noise[1..]]), Err(PaperError::Base45 { text: 1, .. })));
        assert!(matches!(join(&[&"AB8".repeat(20_000)]), Err(PaperError::Foreign(1))));
        for cut in 0..split(&document(20)).unwrap()[0].len() {
            assert!(join(&[&split(&document(20)).unwrap()[0][..cut]]).is_err(), "cut at {cut}");
        }
        assert_eq!(
            join(&[changed(&split(&document(20)).unwrap()[0], 2)]),
            Err(PaperError::Version { text: 1, version: 0 })
        );
    }
}
