//! Read the numbers under which licences are recorded (备案号) and pledges registered (质押登记号).
//!
//! Today such a number is X (licence) or Y (pledge), the year, two digits of the office (98 for the national one,
//! else a province) and seven digits of serial. Older numbers are 13 or more digits that begin with the year. They
//! stand in real registers and are accepted; [`RecordalNumber::is_current_form`] is for a warning.

use super::text::{compact, number, text_form};
use crate::codec::checked_wire;
use std::fmt;

/// What a number of the current form was given for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum RecordalKind {
    /// A licence contract, X (专利实施许可合同备案).
    Licence,
    /// A pledge, Y (专利权质押登记).
    Pledge,
}

/// A recordal or registration number.
///
/// On the wire a `u64` whose first decimal digit is the form (1 old, 2 X, 3 Y) and whose others are the number's.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordalNumber(u64);

/// The text or the value is no recordal number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no recordal number: write X (licence) or Y (pledge), the year from 2000, two digits of the office and \
     seven of the serial, as in X2023980047592; older numbers are 13 to 18 digits that begin with the year"
)]
pub struct RecordalNumberError(String);

const OLD: char = '1';
const LICENCE: char = '2';
const PLEDGE: char = '3';

impl RecordalNumber {
    /// Whether it has the current form, with a letter.
    #[must_use]
    pub fn is_current_form(self) -> bool {
        self.kind().is_some()
    }

    /// What the number was given for; `None` for the old form, which does not tell.
    #[must_use]
    pub fn kind(self) -> Option<RecordalKind> {
        match self.form_and_digits().0 {
            LICENCE => Some(RecordalKind::Licence),
            PLEDGE => Some(RecordalKind::Pledge),
            _ => None,
        }
    }

    fn form_and_digits(self) -> (char, String) {
        let mut digits = self.0.to_string();
        let form = digits.remove(0);
        (form, digits)
    }
}

impl TryFrom<u64> for RecordalNumber {
    type Error = RecordalNumberError;

    fn try_from(wire: u64) -> Result<Self, RecordalNumberError> {
        let (form, digits) = Self(wire).form_and_digits();
        let allowed = match form {
            OLD => {
                (13..=18).contains(&digits.len()) && (digits.starts_with("19") || digits.starts_with("20"))
            }
            LICENCE | PLEDGE => digits.len() == 13 && digits.starts_with("20"),
            _ => false,
        };
        if allowed { Ok(Self(wire)) } else { Err(RecordalNumberError(wire.to_string())) }
    }
}
checked_wire!(RecordalNumber, u64, |recordal| recordal.0);

impl fmt::Display for RecordalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (form, digits) = self.form_and_digits();
        match form {
            LICENCE => write!(f, "X{digits}"),
            PLEDGE => write!(f, "Y{digits}"),
            _ => f.write_str(&digits),
        }
    }
}
text_form!(RecordalNumber);

impl std::str::FromStr for RecordalNumber {
    type Err = RecordalNumberError;

    fn from_str(text: &str) -> Result<Self, RecordalNumberError> {
        let compact = compact(text);
        let (form, digits) = match compact.as_bytes().first() {
            Some(b'X') => (LICENCE, &compact[1..]),
            Some(b'Y') => (PLEDGE, &compact[1..]),
            _ => (OLD, compact.as_str()),
        };
        number(&format!("{form}{digits}"))
            .and_then(|wire| Self::try_from(wire).ok())
            .ok_or_else(|| RecordalNumberError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::text::tests::survives_every_form;
    use proptest::prelude::*;

    #[test]
    fn both_forms_are_read_and_told_apart() {
        for (text, kind) in [
            ("X2023980047592", Some(RecordalKind::Licence)),
            ("Y2021330000825", Some(RecordalKind::Pledge)),
            ("20084400001234", None),
            ("2013990000123", None),
        ] {
            let recordal: RecordalNumber = text.parse().unwrap();
            assert_eq!((recordal.to_string().as_str(), recordal.kind()), (text, kind));
            assert_eq!(recordal.is_current_form(), kind.is_some());
            survives_every_form(&recordal, 8);
        }
        assert_eq!(" x2023 9800 47592".parse::<RecordalNumber>().unwrap().to_string(), "X2023980047592");
    }

    #[test]
    fn what_is_no_recordal_number_is_refused() {
        for text in [
            "",
            "X",
            "X202398004759",
            "X20239800475921",
            "X1999980047592",
            "Z2023980047592",
            "XX2023980047592",
            "202399000012",
            "2023990000123456789",
            "3023990000123",
            "X+023980047592",
            "X202398004759２x",
        ] {
            assert!(text.parse::<RecordalNumber>().is_err(), "{text}");
        }
        for wire in [0, 9, 42_023_980_047_592, 12_023, u64::MAX] {
            assert!(RecordalNumber::try_from(wire).is_err(), "{wire}");
        }
    }

    proptest! {
        #[test]
        fn every_number_survives_every_form(text in "[XY]20[0-9]{11}|(19|20)[0-9]{11,16}") {
            let recordal: RecordalNumber = text.parse().unwrap();
            prop_assert_eq!(recordal.to_string(), text);
            survives_every_form(&recordal, 8);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "[XY]?\\PC{0,16}") {
            let _ = text.parse::<RecordalNumber>();
        }
    }
}
