//! Read codes of the national economy's industries (国民经济行业分类, GB/T 4754-2017).

use super::text::{compact, number, text_form};
use crate::codec::checked_wire;
use std::fmt;

/// The last division of each section; sections A to T follow each other without a gap, from division 01.
const LAST_DIVISION: [(u8, u8); 20] = [
    (b'A', 5),
    (b'B', 12),
    (b'C', 43),
    (b'D', 46),
    (b'E', 50),
    (b'F', 52),
    (b'G', 60),
    (b'H', 62),
    (b'I', 65),
    (b'J', 69),
    (b'K', 70),
    (b'L', 72),
    (b'M', 75),
    (b'N', 79),
    (b'O', 82),
    (b'P', 83),
    (b'Q', 85),
    (b'R', 90),
    (b'S', 96),
    (b'T', 97),
];

/// A section (`C`), division (`C39`), group (`C391`) or class (`C3911`) of industries; parts follow their whole.
///
/// On the wire a byte with the section's letter, a `u16` with the digits filled up with zeros to four, and a byte
/// with the number of digits.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndustryCode {
    section: u8,
    filled: u16,
    digits: u8,
}

/// Why a text or a value is no industry code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndustryCodeError {
    /// No letter from A to T, or not none, two, three or four digits behind it.
    #[error("{0:?} is no industry code: write a letter A-T, alone or with 2 to 4 digits, as in C39 or C3911")]
    Shape(String),
    /// No section has this division.
    #[error("division {0:02} does not exist: divisions run from 01 to 97")]
    Division(u8),
    /// The division belongs to another section.
    #[error("division {division:02} belongs to section {expected}, not {section}")]
    Section {
        /// The division, the first two digits.
        division: u8,
        /// The letter given.
        section: char,
        /// The letter that belongs to the division.
        expected: char,
    },
}

impl IndustryCode {
    /// The section's letter, A to T.
    #[must_use]
    pub const fn section(self) -> char {
        self.section as char
    }

    /// Whether `other` is this industry or a part of it.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        other.digits >= self.digits && other.to_string().starts_with(&self.to_string())
    }

    fn code(self) -> String {
        let mut code = format!("{:04}", self.filled);
        code.truncate(usize::from(self.digits));
        code
    }
}

impl TryFrom<(u8, u16, u8)> for IndustryCode {
    type Error = IndustryCodeError;

    fn try_from((section, filled, digits): (u8, u16, u8)) -> Result<Self, IndustryCodeError> {
        let shape = || IndustryCodeError::Shape(format!("{}, {filled}, {digits}", char::from(section)));
        let step = match digits {
            0 => 10_000,
            2 => 100,
            3 => 10,
            4 => 1,
            _ => return Err(shape()),
        };
        if !section.is_ascii_uppercase() || section > b'T' || filled > 9999 || filled % step != 0 {
            return Err(shape());
        }
        let industry = Self { section, filled, digits };
        if digits == 0 {
            return Ok(industry);
        }
        let division = (filled / 100) as u8;
        match LAST_DIVISION.iter().find(|(_, last)| (1..=*last).contains(&division)) {
            None => Err(IndustryCodeError::Division(division)),
            Some((expected, _)) if *expected == section => Ok(industry),
            Some((expected, _)) => Err(IndustryCodeError::Section {
                division,
                section: char::from(section),
                expected: char::from(*expected),
            }),
        }
    }
}
checked_wire!(IndustryCode, (u8, u16, u8), |code| (code.section, code.filled, code.digits));

impl fmt::Display for IndustryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.section(), self.code())
    }
}
text_form!(IndustryCode);

impl std::str::FromStr for IndustryCode {
    type Err = IndustryCodeError;

    fn from_str(text: &str) -> Result<Self, IndustryCodeError> {
        let compact = compact(text);
        let shape = || IndustryCodeError::Shape(text.to_owned());
        let (section, digits) = match compact.as_bytes() {
            [section, digits @ ..] if section.is_ascii() && digits.len() <= 4 => (*section, &compact[1..]),
            _ => return Err(shape()),
        };
        let value = if digits.is_empty() { 0 } else { number(digits).ok_or_else(shape)? };
        let filled = value * 10_u64.pow(4 - digits.len() as u32);
        let filled = u16::try_from(filled).map_err(|_| shape())?;
        Self::try_from((section, filled, digits.len() as u8)).map_err(|error| match error {
            IndustryCodeError::Shape(_) => shape(),
            other => other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::text::tests::survives_every_form;

    fn parse(text: &str) -> Result<IndustryCode, IndustryCodeError> {
        text.parse()
    }

    #[test]
    fn codes_of_all_four_levels_survive_every_form() {
        for text in ["A", "A01", "A011", "A0111", "C39", "C3911", "I65", "M7520", "T97", "T9700", "T"] {
            let code = parse(text).unwrap();
            assert_eq!(code.to_string(), text);
            survives_every_form(&code, 4);
        }
        assert_eq!(parse(" c3911 "), parse("C3911"));
    }

    #[test]
    fn each_division_belongs_to_one_section() {
        for division in 0..=99_u8 {
            let sections: Vec<char> =
                ('A'..='Z').filter(|section| parse(&format!("{section}{division:02}")).is_ok()).collect();
            assert_eq!(sections.len(), usize::from((1..=97).contains(&division)), "{division}");
        }
        assert_eq!(
            parse("C44"),
            Err(IndustryCodeError::Section { division: 44, section: 'C', expected: 'D' })
        );
        assert_eq!(parse("T98"), Err(IndustryCodeError::Division(98)));
    }

    #[test]
    fn a_whole_contains_its_parts_and_stands_before_them() {
        let (c, c39, c391, c3911, d) = (
            parse("C").unwrap(),
            parse("C39").unwrap(),
            parse("C391").unwrap(),
            parse("C3911").unwrap(),
            parse("D").unwrap(),
        );
        assert!(c.contains(c39) && c39.contains(c391) && c391.contains(c3911) && c.contains(c));
        assert!(!c3911.contains(c391) && !d.contains(c39) && !c39.contains(parse("C40").unwrap()));
        assert!(c < c39 && c39 < c391 && c391 < c3911 && c3911 < d);
        assert_ne!(parse("C390"), parse("C39"));
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["", "39", "3911", "U", "C3", "C39111", "C3x", "业", "C+391"] {
            assert!(matches!(parse(text), Err(IndustryCodeError::Shape(_))), "{text}");
        }
        for wire in [(b'C', 3911, 3), (b'C', 3911, 0), (b'c', 3900, 2), (b'C', 39, 1), (b'C', 10_000, 4)] {
            assert!(IndustryCode::try_from(wire).is_err(), "{wire:?}");
        }
    }
}
