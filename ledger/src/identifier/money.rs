//! Count money in whole fen (分), a hundredth of a yuan, so that nothing is ever rounded unseen.

use super::text::{compact, number};
use crate::codec::{Decode, Encode};
use std::fmt;

/// An amount in renminbi. On the wire a `u64`, the number of fen.
///
/// `Display` and `FromStr` speak of yuan, `1,234.56`, for people. In JSON an amount is the decimal *string* of its
/// fen, `"123456"`: totals of the whole country pass 2⁵³, beyond which JSON numbers lose their last digits.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
pub struct Money(u64);

/// Why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not digits, or commas that do not part thousands.
    #[error("{0:?} is no amount: write yuan as 1234.56 or 1,234.56, without sign")]
    Shape(String),
    /// More than two digits behind the point.
    #[error("{0:?} has a part of a fen: at most two digits stand behind the point")]
    Fraction(String),
    /// More fen than 64 bits hold.
    #[error("{0:?} is more than the ledger counts: at most 184,467,440,737,095,516.15 yuan")]
    TooLarge(String),
    /// JSON that is not the decimal string of a number of fen.
    #[error("{0:?} is no number of fen: write an integer as a string, \"123456\" for 1,234.56 yuan")]
    Fen(String),
}

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of so many fen.
    #[must_use]
    pub const fn from_fen(fen: u64) -> Self {
        Self(fen)
    }

    /// An amount of so many yuan; `None` when it does not fit in 64 bits of fen.
    #[must_use]
    pub const fn from_yuan(yuan: u64) -> Option<Self> {
        match yuan.checked_mul(100) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The number of fen.
    #[must_use]
    pub const fn fen(self) -> u64 {
        self.0
    }

    /// The sum; `None` when it does not fit.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The difference; `None` when `other` is more.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// So many times the amount; `None` when it does not fit.
    #[must_use]
    pub const fn checked_mul(self, times: u64) -> Option<Self> {
        match self.0.checked_mul(times) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let yuan = (self.0 / 100).to_string();
        for (index, digit) in yuan.chars().enumerate() {
            if index > 0 && (yuan.len() - index).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        write!(f, ".{:02}", self.0 % 100)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Money {
    type Err = MoneyError;

    /// Reads yuan, with or without `元` behind or `¥` before the digits.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let compact = compact(text);
        let bare = compact.strip_suffix('元').unwrap_or(&compact);
        let bare = bare.strip_prefix(['¥', '￥']).unwrap_or(bare);
        let (whole, fraction) = bare.split_once('.').unwrap_or((bare, "00"));
        let shape = || MoneyError::Shape(text.to_owned());
        let digits = without_thousands(whole).ok_or_else(shape)?;
        if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(shape());
        }
        if fraction.len() > 2 {
            return Err(MoneyError::Fraction(text.to_owned()));
        }
        number(&format!("{digits}{fraction:0<2}"))
            .map(Self)
            .ok_or_else(|| MoneyError::TooLarge(text.to_owned()))
    }
}

/// The digits of a number without the commas between its thousands; `None` when a comma stands elsewhere.
fn without_thousands(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let well_parted = !whole.contains(',') || (first.len() <= 3 && groups.all(|group| group.len() == 3));
    let digits = whole.replace(',', "");
    let well_written = !first.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    (well_parted && well_written).then_some(digits)
}

impl serde::Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        match number(&text) {
            Some(fen) if fen.to_string() == *text => Ok(Self(fen)),
            _ => Err(serde::de::Error::custom(MoneyError::Fen(text.into_owned()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{decode, encode};
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Money, MoneyError> {
        text.parse()
    }

    #[test]
    fn yuan_are_read_in_every_spelling_and_written_in_one() {
        for text in ["1234.56", "1,234.56", "1234.56元", "¥1,234.56", "￥1234.56 元", "１２３４．５６元"]
        {
            let money = parse(text).unwrap();
            assert_eq!((money.fen(), money.to_string().as_str()), (123_456, "1,234.56"), "{text}");
        }
        for (text, fen) in [("0", 0), ("0.05", 5), ("1.5", 150), ("20,000,000", 2_000_000_000), ("007", 700)]
        {
            assert_eq!(parse(text), Ok(Money::from_fen(fen)), "{text}");
        }
        assert_eq!(Money::from_fen(u64::MAX).to_string(), "184,467,440,737,095,516.15");
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in
            ["", "元", "-1", "+1", "1,23", "1234,567", ",123", "1.", ".5", "1e3", "1.2.3", "一元", "1,234,56"]
        {
            assert!(matches!(parse(text), Err(MoneyError::Shape(_))), "{text}");
        }
        assert!(matches!(parse("1.234"), Err(MoneyError::Fraction(_))));
        assert!(matches!(parse("184467440737095516.16"), Err(MoneyError::TooLarge(_))));
    }

    #[test]
    fn json_is_the_decimal_string_of_fen() {
        assert_eq!(serde_json::to_string(&Money::from_fen(123_456)).unwrap(), "\"123456\"");
        for json in ["123456", "\"1,234.56\"", "\"-1\"", "\"01\"", "\"\"", "\"18446744073709551616\""] {
            assert!(serde_json::from_str::<Money>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn sums_that_do_not_fit_are_none() {
        let (most, one) = (Money::from_fen(u64::MAX), Money::from_fen(1));
        assert_eq!(most.checked_add(one), None);
        assert_eq!(Money::ZERO.checked_sub(one), None);
        assert_eq!(most.checked_mul(2), None);
        assert_eq!(Money::from_yuan(u64::MAX), None);
        assert_eq!(Money::from_yuan(20_000_000), Some(Money::from_fen(2_000_000_000)));
        assert_eq!(one.checked_add(one).and_then(|two| two.checked_mul(3)), Some(Money::from_fen(6)));
    }

    proptest! {
        #[test]
        fn every_amount_survives_every_form(fen: u64) {
            let money = Money::from_fen(fen);
            prop_assert_eq!(parse(&money.to_string()), Ok(money));
            prop_assert_eq!(encode(&money), fen.to_le_bytes());
            prop_assert_eq!(decode::<Money>(&fen.to_le_bytes(), 8), Ok(money));
            let json = serde_json::to_string(&money).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,24}") {
            let _ = parse(&text);
        }
    }
}
