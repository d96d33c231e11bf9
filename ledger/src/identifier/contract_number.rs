//! Read the numbers of registered technical contracts (技术合同认定登记编号).

use super::text::{compact, number, text_form};
use crate::codec::checked_wire;
use std::fmt;

/// The number of a registered technical contract: 16 digits, or 14 in the older form. They hold no check digit.
///
/// On the wire a `u64`: the digits behind a 1, which keeps leading zeros and tells the forms apart.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TechnicalContractNumber(u64);

/// The text or the value is no number of a technical contract.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no number of a technical contract: it has 16 digits, or 14 in the older form")]
pub struct TechnicalContractNumberError(String);

impl TryFrom<u64> for TechnicalContractNumber {
    type Error = TechnicalContractNumberError;

    fn try_from(wire: u64) -> Result<Self, TechnicalContractNumberError> {
        const OLDER: u64 = 100_000_000_000_000;
        const CURRENT: u64 = 10_000_000_000_000_000;
        if (OLDER..2 * OLDER).contains(&wire) || (CURRENT..2 * CURRENT).contains(&wire) {
            Ok(Self(wire))
        } else {
            Err(TechnicalContractNumberError(wire.to_string()))
        }
    }
}
checked_wire!(TechnicalContractNumber, u64, |contract| contract.0);

impl fmt::Display for TechnicalContractNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_string()[1..])
    }
}
text_form!(TechnicalContractNumber);

impl std::str::FromStr for TechnicalContractNumber {
    type Err = TechnicalContractNumberError;

    fn from_str(text: &str) -> Result<Self, TechnicalContractNumberError> {
        number(&format!("1{}", compact(text)))
            .and_then(|wire| Self::try_from(wire).ok())
            .ok_or_else(|| TechnicalContractNumberError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::text::tests::survives_every_form;

    #[test]
    fn numbers_of_fourteen_and_sixteen_digits_survive_every_form_with_their_zeros() {
        for text in
            ["2023110107001234", "0000000000000000", "9999999999999999", "08440301000123", "99999999999999"]
        {
            let contract: TechnicalContractNumber = text.parse().unwrap();
            assert_eq!(contract.to_string(), text);
            survives_every_form(&contract, 8);
        }
    }

    #[test]
    fn what_is_no_contract_number_is_refused() {
        for text in
            ["", "202311010700123", "20231101070012345", "202311010700123X", "+2023110107001234", "合同"]
        {
            assert!(text.parse::<TechnicalContractNumber>().is_err(), "{text}");
        }
        assert!(TechnicalContractNumber::try_from(99_999_999_999_999).is_err());
        assert!(TechnicalContractNumber::try_from(1_000_000_000_000_000).is_err());
    }
}
