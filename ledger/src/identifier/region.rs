//! Read codes of administrative divisions (GB/T 2260): `440000` Guangdong, `440305` Nanshan district of Shenzhen.

use super::text::{compact, number, text_form};
use crate::codec::checked_wire;
use std::fmt;

/// The provinces, by their first two digits.
const PROVINCES: [u32; 34] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
    61, 62, 63, 64, 65, 71, 81, 82,
];

/// A province, prefecture or county. On the wire a `u32`: the six digits.
///
/// Below the province only the shape is checked: counties come and go, and old records keep the old ones.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode(u32);

/// Why a text or a value is no region code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegionCodeError {
    /// Not six digits.
    #[error("{0:?} is no region code: write the six digits of GB/T 2260, a province with four zeros")]
    Shape(String),
    /// No province begins with these two digits.
    #[error("no province has the code {0:02}; the first two digits name the province")]
    Province(u32),
    /// A county without prefecture.
    #[error("{0:06} names a county (last two digits) but no prefecture (middle two)")]
    County(u32),
}

impl RegionCode {
    /// The province that the region is or lies in.
    #[must_use]
    pub const fn province(self) -> Self {
        Self(self.0 / 10_000 * 10_000)
    }

    /// Whether `other` is this region or lies in it.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        let step = match self.0 {
            code if code.is_multiple_of(10_000) => 10_000,
            code if code.is_multiple_of(100) => 100,
            _ => 1,
        };
        self.0 / step == other.0 / step
    }
}

impl TryFrom<u32> for RegionCode {
    type Error = RegionCodeError;

    fn try_from(code: u32) -> Result<Self, RegionCodeError> {
        if !PROVINCES.contains(&(code / 10_000)) {
            return Err(RegionCodeError::Province(code / 10_000));
        }
        if (code / 100).is_multiple_of(100) && !code.is_multiple_of(100) {
            return Err(RegionCodeError::County(code));
        }
        Ok(Self(code))
    }
}
checked_wire!(RegionCode, u32, |region| region.0);

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}
text_form!(RegionCode);

impl std::str::FromStr for RegionCode {
    type Err = RegionCodeError;

    fn from_str(text: &str) -> Result<Self, RegionCodeError> {
        let digits = compact(text);
        number(&digits)
            .filter(|_| digits.len() == 6)
            .and_then(|code| u32::try_from(code).ok())
            .ok_or_else(|| RegionCodeError::Shape(text.to_owned()))
            .and_then(Self::try_from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::text::tests::survives_every_form;

    fn parse(text: &str) -> Result<RegionCode, RegionCodeError> {
        text.parse()
    }

    #[test]
    fn all_thirty_four_provinces_and_their_parts_are_read() {
        let provinces = (0..100).filter(|code| parse(&format!("{code:02}0000")).is_ok()).count();
        assert_eq!(provinces, 34);
        for text in ["110000", "440305", "429004", "820000", "500100"] {
            survives_every_form(&parse(text).unwrap(), 4);
        }
    }

    #[test]
    fn a_region_contains_what_lies_in_it() {
        let [guangdong, shenzhen, nanshan, beijing] =
            ["440000", "440300", "440305", "110000"].map(|text| parse(text).unwrap());
        assert!(guangdong.contains(shenzhen) && shenzhen.contains(nanshan) && guangdong.contains(nanshan));
        assert!(!nanshan.contains(shenzhen) && !guangdong.contains(beijing) && nanshan.contains(nanshan));
        assert_eq!(nanshan.province(), guangdong);
    }

    #[test]
    fn what_is_no_region_is_refused() {
        assert_eq!(parse("44"), Err(RegionCodeError::Shape("44".into())));
        assert_eq!(parse("广东"), Err(RegionCodeError::Shape("广东".into())));
        assert_eq!(parse("+40000"), Err(RegionCodeError::Shape("+40000".into())));
        assert_eq!(parse("160000"), Err(RegionCodeError::Province(16)));
        assert_eq!(parse("440005"), Err(RegionCodeError::County(440_005)));
        assert!(RegionCode::try_from(4_400_000).is_err());
    }
}
