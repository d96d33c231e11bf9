//! Read application and patent numbers (申请号, 专利号) and check their last digit.
//!
//! Since 2003-10-01 a number has twelve digits and a check digit, `YYYYTNNNNNNN.C`; before, eight, `YYTNNNNN.C`.
//! `T` is the kind: 1 invention, 2 utility model, 3 design, 8 and 9 an invention or a utility model that came by the
//! PCT. The check digit is the sum of the digits, weighted 2 to 9 and again 2 to 5, modulo 11, where 10 is `X`
//! (standard ZC 0006-2003). Two weights that meet always differ, so the check finds every wrong digit and every pair
//! of neighbours that changed places.

use super::PatentKind;
use super::text::{characters, text_form};
use crate::codec::checked_wire;
use std::fmt;

const WEIGHTS: [u8; 12] = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];

/// Numbers of the old form, without check digit, are below this.
const OLD_FORM_BOUND: u64 = 100_000_000;

/// A patent number whose check digit is right: of an application as of the patent granted on it.
///
/// On the wire a `u64`: the digits without the check digit, so a number of the old form is below 10⁸.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PatentNumber(u64);

/// Why a text or a value is no patent number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatentNumberError {
    /// A character that has no place in a patent number.
    #[error("character {at} is {character:?}: a patent number is digits, a dot and a check digit 0-9 or X")]
    Character {
        /// The character.
        character: char,
        /// Its place in the text, counted from 1.
        at: usize,
    },
    /// Neither twelve nor eight digits and a check digit.
    #[error("{0} digits: a patent number has 12 digits and a check digit, or 8 and one before October 2003")]
    Length(usize),
    /// Exactly the check digit is missing.
    #[error("the check digit is missing: if every other digit is right, the number is {completed}")]
    CheckDigitMissing {
        /// The number with the check digit it would have.
        completed: PatentNumber,
    },
    /// The check digit does not fit the digits before it.
    #[error(
        "the check digit is {found}, but these digits have {expected}: one of them is mistyped; compare all with \
         the certificate, {corrected} only if the check digit alone is wrong"
    )]
    CheckDigit {
        /// The check digit in the text.
        found: char,
        /// The check digit that belongs to the digits before it.
        expected: char,
        /// The number as it is when only its check digit is wrong.
        corrected: PatentNumber,
    },
    /// A year in which no number of this form was given.
    #[error("year {0}: numbers of 12 digits begin in 2003, numbers of 8 digits run from 1985 to 2003")]
    Year(u16),
    /// A digit for the kind that is not in use.
    #[error("the digit for the kind is {0}: 1 and 8 are inventions, 2 and 9 utility models, 3 designs")]
    Kind(u8),
}

impl PatentNumber {
    /// The kind that the number was given for.
    #[must_use]
    pub fn kind(self) -> PatentKind {
        match self.kind_digit() {
            1 | 8 => PatentKind::Invention,
            2 | 9 => PatentKind::UtilityModel,
            _ => PatentKind::Design,
        }
    }

    /// Whether the application entered China by the Patent Cooperation Treaty (digit 8 or 9).
    #[must_use]
    pub fn is_international(self) -> bool {
        self.kind_digit() >= 8
    }

    /// The year in which the number was given. It need not be the year of filing: a divisional application keeps its
    /// parent's earlier filing date, and an application that was completed late got a later one.
    #[must_use]
    pub fn year(self) -> u16 {
        let year = if self.is_old_form() { self.0 / 1_000_000 } else { self.0 / OLD_FORM_BOUND };
        match u16::try_from(year).expect("at most four digits") {
            year @ 0..=3 => 2000 + year,
            year @ 4..=99 => 1900 + year,
            year => year,
        }
    }

    /// Whether the number was given after `year`: then it cannot stand in a record of that year.
    #[must_use]
    pub fn is_later_than(self, year: u16) -> bool {
        self.year() > year
    }

    /// Whether it has the eight digits of the time before October 2003.
    #[must_use]
    pub const fn is_old_form(self) -> bool {
        self.0 < OLD_FORM_BOUND
    }

    /// The check digit: `0` to `9` or `X`.
    #[must_use]
    pub fn check_digit(self) -> char {
        let digits = self.digits();
        let sum: u32 = digits
            .bytes()
            .zip(WEIGHTS)
            .map(|(digit, weight)| u32::from(digit - b'0') * u32::from(weight))
            .sum();
        char::from_digit(sum % 11, 10).unwrap_or('X')
    }

    /// The digits without the check digit.
    fn digits(self) -> String {
        if self.is_old_form() { format!("{:08}", self.0) } else { format!("{:012}", self.0) }
    }

    const fn kind_digit(self) -> u8 {
        let digit = if self.is_old_form() { self.0 / 100_000 % 10 } else { self.0 / 10_000_000 % 10 };
        digit as u8
    }
}

impl TryFrom<u64> for PatentNumber {
    type Error = PatentNumberError;

    fn try_from(digits: u64) -> Result<Self, PatentNumberError> {
        if digits >= 1_000_000_000_000 {
            return Err(PatentNumberError::Length(digits.to_string().len()));
        }
        let number = Self(digits);
        let year = number.year();
        let in_use = if number.is_old_form() { 1985..=2003 } else { 2003..=9999 };
        if !in_use.contains(&year) {
            return Err(PatentNumberError::Year(year));
        }
        match number.kind_digit() {
            1..=3 | 8 | 9 => Ok(number),
            other => Err(PatentNumberError::Kind(other)),
        }
    }
}
checked_wire!(PatentNumber, u64, |number| number.0);

impl fmt::Display for PatentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.digits(), self.check_digit())
    }
}
text_form!(PatentNumber);

impl std::str::FromStr for PatentNumber {
    type Err = PatentNumberError;

    /// Reads a number with or without `ZL` or `CN` before it and a dot before its check digit.
    fn from_str(text: &str) -> Result<Self, PatentNumberError> {
        let all = characters(text);
        let mut rest = match all.as_slice() {
            [(_, 'Z'), (_, 'L'), rest @ ..] | [(_, 'C'), (_, 'N'), rest @ ..] => rest,
            rest => rest,
        };
        let mut check = None;
        if let [before @ .., (_, '.'), last] = rest {
            check = Some(*last);
            rest = before;
        } else if let ([before @ .., last], 9 | 13) = (rest, rest.len()) {
            check = Some(*last);
            rest = before;
        }
        let mut digits = 0_u64;
        for &(at, character) in rest {
            let digit = character.to_digit(10).ok_or(PatentNumberError::Character { character, at })?;
            digits = digits.saturating_mul(10).saturating_add(u64::from(digit));
        }
        let is_old_form = match rest.len() {
            8 => true,
            12 => false,
            other => return Err(PatentNumberError::Length(other)),
        };
        if !is_old_form && digits < OLD_FORM_BOUND * 1000 {
            let year = digits / OLD_FORM_BOUND;
            return Err(PatentNumberError::Year(u16::try_from(year).expect("three digits")));
        }
        let number = Self::try_from(digits)?;
        match check {
            None => Err(PatentNumberError::CheckDigitMissing { completed: number }),
            Some((_, found)) if found == number.check_digit() => Ok(number),
            Some((_, found)) if found.is_ascii_digit() || found == 'X' => {
                Err(PatentNumberError::CheckDigit {
                    found,
                    expected: number.check_digit(),
                    corrected: number,
                })
            }
            Some((at, character)) => Err(PatentNumberError::Character { character, at }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::text::tests::survives_every_form;
    use proptest::prelude::*;

    /// Real numbers of every shape: both forms, all kinds, divisionals, PCT entries, every check digit.
    const REAL: &str = include_str!("testdata/patent-numbers.txt");

    fn valid() -> impl Strategy<Value = PatentNumber> {
        let kind = prop::sample::select(vec![1_u64, 2, 3, 8, 9]);
        let new = (2003_u64..2100, kind.clone(), 0_u64..10_000_000)
            .prop_map(|(year, kind, serial)| (year * 10 + kind) * 10_000_000 + serial);
        let old = (prop::sample::select((85_u64..100).chain(0..4).collect::<Vec<_>>()), kind, 0_u64..100_000)
            .prop_map(|(year, kind, serial)| (year * 10 + kind) * 100_000 + serial);
        prop_oneof![new, old].prop_map(|digits| PatentNumber::try_from(digits).unwrap())
    }

    #[test]
    fn real_numbers_are_read_in_every_spelling_and_written_in_one() {
        let mut count = 0;
        for line in REAL.lines() {
            let number: PatentNumber = line.parse().unwrap();
            assert_eq!(number.to_string(), line);
            let bare = line.replace('.', "");
            let full_width: String =
                line.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect();
            for spelling in [
                bare.clone(),
                format!("ZL{bare}"),
                format!("zl {line}"),
                format!("CN{line}"),
                format!(" {} {} ", &line[..4], &line[4..]),
                line.to_lowercase(),
                full_width,
            ] {
                assert_eq!(spelling.parse(), Ok(number), "{spelling}");
            }
            survives_every_form(&number, 8);
            count += 1;
        }
        assert!(count >= 60, "{count} real numbers");
    }

    #[test]
    fn kind_and_year_are_read_from_the_number() {
        for (text, kind, year) in [
            ("202110483351.2", PatentKind::Invention, 2021),
            ("201880082782.4", PatentKind::Invention, 2018),
            ("201822024938.3", PatentKind::UtilityModel, 2018),
            ("201430009113.9", PatentKind::Design, 2014),
            ("97248479.5", PatentKind::UtilityModel, 1997),
            ("02139508.X", PatentKind::Invention, 2002),
            ("01319523.9", PatentKind::Design, 2001),
        ] {
            let number: PatentNumber = text.parse().unwrap();
            assert_eq!((number.kind(), number.year()), (kind, year), "{text}");
        }
        let number: PatentNumber = "202110483351.2".parse().unwrap();
        assert!(number.is_later_than(2020) && !number.is_later_than(2021));
        assert!(!number.is_international());
    }

    #[test]
    fn a_wrong_check_digit_is_refused_and_the_right_one_named() {
        for (text, expected) in [("201030100012.9", '4'), ("202310999716.5", '6'), ("202110483351.3", '2')] {
            let error = text.parse::<PatentNumber>().unwrap_err();
            assert!(
                matches!(error, PatentNumberError::CheckDigit { expected: e, .. } if e == expected),
                "{error}"
            );
        }
    }

    #[test]
    fn what_is_no_number_is_refused_with_its_place() {
        type E = PatentNumberError;
        let parse = |text: &str| text.parse::<PatentNumber>();
        assert_eq!(parse("2021104B3351.2"), Err(E::Character { character: 'B', at: 8 }));
        assert_eq!(parse("202110483351.Y"), Err(E::Character { character: 'Y', at: 14 }));
        assert_eq!(parse("2021X0483351.2"), Err(E::Character { character: 'X', at: 5 }));
        assert_eq!(parse(""), Err(E::Length(0)));
        assert_eq!(parse("20211048335.2"), Err(E::Length(11)));
        assert_eq!(parse("199910483351.2"), Err(E::Year(1999)));
        assert_eq!(parse("000110483351.2"), Err(E::Year(1)));
        assert_eq!(parse("84105112.3"), Err(E::Year(1984)));
        assert_eq!(parse("202140483351.2"), Err(E::Kind(4)));
        assert!(matches!(parse("ZL202110483351"), Err(E::CheckDigitMissing { .. })));
        assert!(crate::codec::decode::<PatentNumber>(&(1_u64 << 40).to_le_bytes(), 8).is_err());
        assert!(crate::codec::decode::<PatentNumber>(&u64::MAX.to_le_bytes(), 8).is_err());
    }

    proptest! {
        #[test]
        fn every_number_survives_every_form(number in valid()) {
            survives_every_form(&number, 8);
        }

        #[test]
        fn every_wrong_digit_is_caught(number in valid(), place in 0_usize..12, step in 1_u8..10) {
            let mut text = number.to_string().into_bytes();
            let place = place % (text.len() - 2);
            text[place] = b'0' + (text[place] - b'0' + step) % 10;
            let text = String::from_utf8(text).unwrap();
            prop_assert!(text.parse::<PatentNumber>().is_err(), "{text} for {number}");
        }

        #[test]
        fn every_two_neighbours_that_changed_places_are_caught(number in valid(), place in 0_usize..11) {
            let mut text = number.to_string().into_bytes();
            let place = place % (text.len() - 3);
            text.swap(place, place + 1);
            let text = String::from_utf8(text).unwrap();
            prop_assert!(
                text == number.to_string() || text.parse::<PatentNumber>().is_err(),
                "{text} for {number}"
            );
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,24}") {
            let _ = text.parse::<PatentNumber>();
        }
    }
}
