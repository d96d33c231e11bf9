//! Give shares and rates in basis points, hundredths of a percent.

use super::Money;
use super::text::{compact, text_form};
use crate::codec::checked_wire;
use std::fmt;

/// A rate from 0 to 100 %. On the wire a `u16`, basis points from 0 to 10,000; as text `12.50%`.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rate(u16);

/// Why a text or a value is no rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// Not a percentage of at most two decimals.
    #[error("{0:?} is no rate: write a percentage with at most two decimals, as in 12.5%")]
    Shape(String),
    /// More than the whole.
    #[error("{0} basis points are more than the whole, 10000")]
    AboveWhole(u32),
}

impl Rate {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The whole, 100 %.
    pub const WHOLE: Self = Self(10_000);

    /// The basis points, 0 to 10,000.
    #[must_use]
    pub const fn basis_points(self) -> u16 {
        self.0
    }

    /// This share of an amount, rounded down to the fen.
    #[must_use]
    pub fn of(self, whole: Money) -> Money {
        let fen = u128::from(whole.fen()) * u128::from(self.0) / 10_000;
        Money::from_fen(u64::try_from(fen).expect("a share is at most the whole"))
    }
}

impl TryFrom<u16> for Rate {
    type Error = RateError;

    fn try_from(basis_points: u16) -> Result<Self, RateError> {
        if basis_points <= 10_000 {
            Ok(Self(basis_points))
        } else {
            Err(RateError::AboveWhole(basis_points.into()))
        }
    }
}
checked_wire!(Rate, u16, |rate| rate.0);

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}%", self.0 / 100, self.0 % 100)
    }
}
text_form!(Rate);

impl std::str::FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let shape = || RateError::Shape(text.to_owned());
        let compact = compact(text);
        let percent = compact.strip_suffix('%').ok_or_else(shape)?;
        let (whole, fraction) = percent.split_once('.').unwrap_or((percent, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || whole.len() > 3 || !all_digits(fraction) || fraction.len() > 2 {
            return Err(shape());
        }
        let points: u32 = format!("{whole}{fraction:0<2}").parse().map_err(|_| shape())?;
        u16::try_from(points)
            .ok()
            .and_then(|points| Self::try_from(points).ok())
            .ok_or(RateError::AboveWhole(points))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::text::tests::survives_every_form;

    #[test]
    fn every_rate_survives_every_form_and_none_is_above_the_whole() {
        for points in 0..=10_000 {
            survives_every_form(&Rate::try_from(points).unwrap(), 2);
        }
        assert_eq!(Rate::try_from(10_001), Err(RateError::AboveWhole(10_001)));
        assert_eq!("100.01%".parse::<Rate>(), Err(RateError::AboveWhole(10_001)));
        assert_eq!("999%".parse::<Rate>(), Err(RateError::AboveWhole(99_900)));
        assert_eq!("12.5%".parse::<Rate>().unwrap().to_string(), "12.50%");
        assert_eq!("２０ ％".parse::<Rate>().unwrap().basis_points(), 2000);
        for text in ["", "%", "12", "12.345%", "-1%", "1.%", ".5%", "1000%", "+1%"] {
            assert!(matches!(text.parse::<Rate>(), Err(RateError::Shape(_))), "{text}");
        }
    }

    #[test]
    fn a_share_is_rounded_down_to_the_fen() {
        let third = Rate::try_from(3_333).unwrap();
        assert_eq!(third.of(Money::from_fen(100)), Money::from_fen(33));
        assert_eq!(Rate::WHOLE.of(Money::from_fen(u64::MAX)), Money::from_fen(u64::MAX));
        assert_eq!(Rate::ZERO.of(Money::from_fen(u64::MAX)), Money::ZERO);
    }
}
