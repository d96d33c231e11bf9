//! Read publication numbers (公布号, 授权公告号): the number of a document, not of a right.
//!
//! `CN`, a serial number whose first digit is the kind of right (1 invention, 2 utility model, 3 design), and a code
//! for the kind of document (standard ZC 0007-2012). The serial has nine digits since 2007 and seven before; from
//! 1985 to 1988 it was the application number's eight digits, whose *third* is the kind. There is no check digit, so
//! nothing may be keyed by this number: the key of a patent is its application number.

use super::PatentKind;
use super::text::{characters, number, text_form};
use crate::codec::checked_wire;
use std::fmt;

/// The kind of a published document: a letter and, for corrections and decisions, a digit.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicationKind {
    letter: u8,
    digit: u8,
}

/// The number of a published Chinese patent document.
///
/// On the wire a `u32`, the serial number, and a byte: the letter's place in `ABCUYSD` (from 1) times 16, plus the
/// digit behind the letter, 0 for none.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicationNumber {
    serial: u32,
    kind: PublicationKind,
}

/// Why a text or a value is no publication number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublicationNumberError {
    /// `CN` is missing: another office's document, or half a number.
    #[error("a Chinese publication number begins with CN")]
    Office,
    /// The serial number has another length, or a character that is no digit.
    #[error("{0:?} is no serial number: between CN and the kind code stand 9 digits, or 7 before 2007")]
    Serial(String),
    /// The code behind the digits is unknown.
    #[error(
        "{0:?} is no kind code: A, B, C, U, Y, S or D end the number, with a digit 1-9 for corrections and decisions"
    )]
    KindCode(String),
    /// The serial number's digit for the kind of right does not allow the kind code.
    #[error("the kind code {code} is for {expected}, but the serial number {serial} is not one of that kind")]
    KindMismatch {
        /// The kind code.
        code: PublicationKind,
        /// What the code is for.
        expected: PatentKind,
        /// The serial number.
        serial: u32,
    },
}

const LETTERS: &[u8; 7] = b"ABCUYSD";

impl PublicationKind {
    /// The kind of right that documents of this kind are about.
    #[must_use]
    pub const fn patent_kind(self) -> PatentKind {
        match self.letter {
            b'A' | b'B' | b'C' => PatentKind::Invention,
            b'U' | b'Y' => PatentKind::UtilityModel,
            _ => PatentKind::Design,
        }
    }

    /// Whether the document shows a granted right. `A` is an application that is not granted yet.
    #[must_use]
    pub const fn is_granted(self) -> bool {
        self.letter != b'A'
    }

    /// Whether the document corrects an earlier one: digit 8 (front page) or 9 (whole document).
    #[must_use]
    pub const fn is_correction(self) -> bool {
        self.digit >= 8
    }

    fn new(letter: u8, digit: u8) -> Option<Self> {
        let allowed = LETTERS.contains(&letter) && digit <= 9 && !(letter == b'A' && (1..8).contains(&digit));
        allowed.then_some(Self { letter, digit })
    }

    fn to_wire(self) -> u8 {
        let place =
            LETTERS.iter().position(|letter| *letter == self.letter).expect("checked when it was made");
        (place as u8 + 1) << 4 | self.digit
    }

    fn from_wire(byte: u8) -> Option<Self> {
        let letter = LETTERS.get(usize::from(byte >> 4).checked_sub(1)?)?;
        Self::new(*letter, byte & 0xF)
    }
}

impl fmt::Display for PublicationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", char::from(self.letter))?;
        if self.digit == 0 { Ok(()) } else { write!(f, "{}", self.digit) }
    }
}

impl fmt::Debug for PublicationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PublicationNumber {
    /// The kind of the document.
    #[must_use]
    pub const fn kind(self) -> PublicationKind {
        self.kind
    }

    fn new(serial: u32, kind: PublicationKind) -> Result<Self, PublicationNumberError> {
        let right = match serial {
            1_000_000..=3_999_999 => serial / 1_000_000,
            85_000_000..=88_999_999 => serial / 100_000 % 10,
            100_000_000..=399_999_999 => serial / 100_000_000,
            other => return Err(PublicationNumberError::Serial(other.to_string())),
        };
        let expected = kind.patent_kind();
        if right == expected as u32 {
            Ok(Self { serial, kind })
        } else {
            Err(PublicationNumberError::KindMismatch { code: kind, expected, serial })
        }
    }
}

impl TryFrom<(u32, u8)> for PublicationNumber {
    type Error = PublicationNumberError;

    fn try_from((serial, kind): (u32, u8)) -> Result<Self, PublicationNumberError> {
        let kind = PublicationKind::from_wire(kind)
            .ok_or_else(|| PublicationNumberError::KindCode(format!("byte {kind:#04x}")))?;
        Self::new(serial, kind)
    }
}
checked_wire!(PublicationNumber, (u32, u8), |number| (number.serial, number.kind.to_wire()));

impl fmt::Display for PublicationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CN{}{}", self.serial, self.kind)
    }
}
text_form!(PublicationNumber);

impl std::str::FromStr for PublicationNumber {
    type Err = PublicationNumberError;

    fn from_str(text: &str) -> Result<Self, PublicationNumberError> {
        let compact: String = characters(text).into_iter().map(|(_, character)| character).collect();
        let rest = compact.strip_prefix("CN").ok_or(PublicationNumberError::Office)?;
        let letter_at = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, code) = rest.split_at(letter_at);
        let kind = match code.as_bytes() {
            [letter] => PublicationKind::new(*letter, 0),
            [letter, digit @ b'1'..=b'9'] => PublicationKind::new(*letter, digit - b'0'),
            _ => None,
        }
        .ok_or_else(|| PublicationNumberError::KindCode(code.to_owned()))?;
        number(digits)
            .filter(|_| !digits.starts_with('0'))
            .and_then(|serial| u32::try_from(serial).ok())
            .ok_or_else(|| PublicationNumberError::Serial(digits.to_owned()))
            .and_then(|serial| Self::new(serial, kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::text::tests::survives_every_form;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<PublicationNumber, PublicationNumberError> {
        text.parse()
    }

    #[test]
    fn numbers_of_every_time_and_kind_are_read() {
        for (text, granted) in [
            ("CN113129176B", true),
            ("CN106097069A", false),
            ("CN204209668U", true),
            ("CN302478080S", true),
            ("CN1193152C", true),
            ("CN1815552B", true),
            ("CN2749408Y", true),
            ("CN3000001D", true),
            ("CN85100001A", false),
            ("CN88200001U", true),
            ("CN101739065B8", true),
            ("CN101739065A9", false),
            ("CN101739065B1", true),
        ] {
            let number = parse(text).unwrap();
            assert_eq!(number.to_string(), text);
            assert_eq!(number.kind().is_granted(), granted, "{text}");
            survives_every_form(&number, 5);
        }
        assert_eq!(parse("cn 113129176 b"), parse("CN113129176B"));
        assert!(parse("CN101739065B9").unwrap().kind().is_correction());
        assert!(!parse("CN101739065B1").unwrap().kind().is_correction());
    }

    #[test]
    fn what_is_no_publication_number_is_refused() {
        use PublicationNumberError as E;
        assert_eq!(parse("US113129176B"), Err(E::Office));
        assert_eq!(parse("CN1131291767B"), Err(E::Serial("1131291767".into())));
        assert_eq!(parse("CN013129176B"), Err(E::Serial("013129176".into())));
        assert_eq!(parse("CNB"), Err(E::Serial(String::new())));
        assert_eq!(parse("CN113129176"), Err(E::KindCode(String::new())));
        assert_eq!(parse("CN113129176K"), Err(E::KindCode("K".into())));
        assert_eq!(parse("CN113129176A1"), Err(E::KindCode("A1".into())));
        assert!(matches!(parse("CN113129176U"), Err(E::KindMismatch { .. })));
        for wire in [[0xAA, 0, 0, 0, 0x10], [0x40, 0x42, 0x0F, 0, 0x00], [0x40, 0x42, 0x0F, 0, 0x1A]] {
            assert!(crate::codec::decode::<PublicationNumber>(&wire, 5).is_err(), "{wire:02x?}");
        }
    }

    proptest! {
        #[test]
        fn every_number_survives_every_form(
            right in 1_u32..=3, serial in 0_u32..100_000_000, letter in 0_usize..7, digit in 0_u8..10,
        ) {
            let made = PublicationKind::new(LETTERS[letter], digit)
                .and_then(|kind| PublicationNumber::new(right * 100_000_000 + serial, kind).ok());
            if let Some(number) = made {
                survives_every_form(&number, 5);
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "(CN)?\\PC{0,16}") {
            let _ = text.parse::<PublicationNumber>();
        }
    }
}
