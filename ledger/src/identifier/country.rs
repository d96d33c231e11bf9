//! Read country codes: two capital letters of ISO 3166-1, which WIPO standard ST.3 extends by organisations.

use super::text::{compact, text_form};
use crate::codec::checked_wire;
use std::fmt;

/// A country, `CN`, or an organisation of ST.3, `WO`. On the wire two ASCII letters.
///
/// Only the shape is checked: which codes are in use changes, and what changes is state of the network.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode([u8; 2]);

/// The text or the value is no country code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no country code: write the two letters of ISO 3166-1, CN for China")]
pub struct CountryCodeError(String);

impl CountryCode {
    /// China.
    pub const CHINA: Self = Self(*b"CN");
}

impl TryFrom<[u8; 2]> for CountryCode {
    type Error = CountryCodeError;

    fn try_from(letters: [u8; 2]) -> Result<Self, CountryCodeError> {
        if letters.iter().all(u8::is_ascii_uppercase) {
            Ok(Self(letters))
        } else {
            Err(CountryCodeError(String::from_utf8_lossy(&letters).into_owned()))
        }
    }
}
checked_wire!(CountryCode, [u8; 2], |country| country.0);

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.0).expect("capital letters"))
    }
}
text_form!(CountryCode);

impl std::str::FromStr for CountryCode {
    type Err = CountryCodeError;

    fn from_str(text: &str) -> Result<Self, CountryCodeError> {
        let refusal = || CountryCodeError(text.to_owned());
        let letters: [u8; 2] = compact(text).as_bytes().try_into().map_err(|_| refusal())?;
        Self::try_from(letters).map_err(|_| refusal())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::text::tests::survives_every_form;

    #[test]
    fn two_letters_are_a_country_and_nothing_else_is() {
        for text in ["CN", "DE", "WO", "HK"] {
            survives_every_form(&text.parse::<CountryCode>().unwrap(), 2);
        }
        assert_eq!("cn".parse(), Ok(CountryCode::CHINA));
        for text in ["", "C", "CHN", "C1", "156", "中国", "é"] {
            assert!(text.parse::<CountryCode>().is_err(), "{text}");
        }
        assert!(crate::codec::decode::<CountryCode>(b"cn", 2).is_err());
    }
}
