//! Read unified social credit codes (统一社会信用代码, GB 32100-2015) and check both of their check characters.
//!
//! Eighteen characters: registrar, class, six digits of region, nine of organisation code (GB 11714, the last of
//! them its own check character), and a check character over all. The alphabet leaves out I, O, S, V and Z.
//!
//! Some codes in use do not pass: they were issued wrong. Such a code is an [`OverriddenCode`], and the act that
//! brings it names who allowed it.

use super::text::{characters, text_form};
use crate::codec::checked_wire;
use std::fmt;

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A credit code whose check characters are right. On the wire its 18 ASCII characters.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode([u8; 18]);

/// A credit code in use that fails its check. On the wire its 18 ASCII characters.
///
/// It stands only in acts that name who allowed it; a code that passes is refused here, so that no organisation
/// can be written in both ways.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OverriddenCode([u8; 18]);

/// Why a text or a value is no credit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CreditCodeError {
    /// Not eighteen characters.
    #[error("{0} characters: a unified social credit code has 18")]
    Length(usize),
    /// A character outside the alphabet.
    #[error(
        "character {at} is {character:?}: credit codes use digits and capital letters without I, O, S, V, Z"
    )]
    Character {
        /// The character.
        character: char,
        /// Its place in the text, counted from 1.
        at: usize,
    },
    /// A letter within the region's six digits.
    #[error(
        "character {at} is {character:?}: characters 3 to 8 of a credit code are the region's six digits"
    )]
    Region {
        /// The character.
        character: char,
        /// Its place in the text, counted from 1.
        at: usize,
    },
    /// The organisation code's check character does not fit.
    #[error(
        "character 17 is {found}, but organisation code {0} has check character {expected}; compare characters 9 \
         to 17 with the licence; a code issued wrong needs an override",
        std::str::from_utf8(.organisation).unwrap_or_default()
    )]
    OrganisationCheck {
        /// The first eight characters of the organisation code.
        organisation: [u8; 8],
        /// The check character in the text.
        found: char,
        /// The check character that belongs to the eight before it.
        expected: char,
    },
    /// The last character does not fit.
    #[error(
        "the last character is {found}, but the 17 before it have check character {expected}: one is mistyped; \
         compare with the licence; a code issued wrong needs an override"
    )]
    Check {
        /// The check character in the text.
        found: char,
        /// The check character that belongs to the characters before it.
        expected: char,
    },
    /// An override for a code that needs none.
    #[error("the code passes its check: write it as an ordinary credit code, without override")]
    NeedsNoOverride,
}

impl CreditCode {
    /// The code's 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }

    /// The nine characters of the organisation code (组织机构代码), its check character last.
    #[must_use]
    pub fn organisation_code(&self) -> &str {
        text(&self.0[8..17])
    }

    /// The six digits of the registrar's region; `100000` for bodies registered by the central state.
    #[must_use]
    pub fn region_digits(&self) -> &str {
        text(&self.0[2..8])
    }
}

impl OverriddenCode {
    /// The code's 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("the alphabet is ASCII")
}

/// The code of eighteen characters with their places, all of the alphabet and with a region of digits.
fn shape(characters: impl ExactSizeIterator<Item = (usize, char)>) -> Result<[u8; 18], CreditCodeError> {
    let mut code = [0; 18];
    if characters.len() != code.len() {
        return Err(CreditCodeError::Length(characters.len()));
    }
    for ((index, byte), (at, character)) in code.iter_mut().enumerate().zip(characters) {
        *byte = u8::try_from(character)
            .ok()
            .filter(|byte| ALPHABET.contains(byte))
            .ok_or(CreditCodeError::Character { character, at })?;
        if (2..8).contains(&index) && !byte.is_ascii_digit() {
            return Err(CreditCodeError::Region { character, at });
        }
    }
    Ok(code)
}

/// Checks both check characters, the organisation code's first.
fn check(code: &[u8; 18]) -> Result<(), CreditCodeError> {
    let organisation: [u8; 8] = code[8..16].try_into().expect("eight characters");
    let (found, expected) = (char::from(code[16]), organisation_check(&organisation));
    if found != expected {
        return Err(CreditCodeError::OrganisationCheck { organisation, found, expected });
    }
    let (found, expected) = (char::from(code[17]), last_check(code));
    if found == expected { Ok(()) } else { Err(CreditCodeError::Check { found, expected }) }
}

/// GB 11714: digits count as themselves, letters as 10 to 35; 11 minus the weighted sum modulo 11, 10 is X, 11 is 0.
fn organisation_check(organisation: &[u8; 8]) -> char {
    let sum: u32 = organisation
        .iter()
        .zip(ORGANISATION_WEIGHTS)
        .map(|(byte, weight)| char::from(*byte).to_digit(36).expect("of the alphabet") * weight)
        .sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).expect("1 to 9"),
    }
}

/// GB 32100: characters count as their place in the alphabet; weights are the powers of 3 modulo 31.
fn last_check(code: &[u8; 18]) -> char {
    let mut weight = 1;
    let mut sum = 0;
    for byte in &code[..17] {
        sum += ALPHABET.iter().position(|letter| letter == byte).expect("of the alphabet") * weight;
        weight = weight * 3 % 31;
    }
    char::from(ALPHABET[(31 - sum % 31) % 31])
}

impl CreditCode {
    fn checked(code: [u8; 18]) -> Result<Self, CreditCodeError> {
        check(&code)?;
        Ok(Self(code))
    }
}

impl OverriddenCode {
    fn checked(code: [u8; 18]) -> Result<Self, CreditCodeError> {
        if check(&code).is_ok() { Err(CreditCodeError::NeedsNoOverride) } else { Ok(Self(code)) }
    }
}

/// Both are read from text in any spelling, and from the wire in their normal form alone.
macro_rules! forms {
    ($type:ident) => {
        impl std::str::FromStr for $type {
            type Err = CreditCodeError;

            fn from_str(text: &str) -> Result<Self, CreditCodeError> {
                Self::checked(shape(characters(text).into_iter())?)
            }
        }

        impl TryFrom<[u8; 18]> for $type {
            type Error = CreditCodeError;

            fn try_from(bytes: [u8; 18]) -> Result<Self, CreditCodeError> {
                Self::checked(shape(
                    bytes.iter().enumerate().map(|(index, byte)| (index + 1, char::from(*byte))),
                )?)
            }
        }
        checked_wire!($type, [u8; 18], |code| code.0);

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
        text_form!($type);
    };
}
forms!(CreditCode);
forms!(OverriddenCode);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::text::tests::survives_every_form;
    use proptest::prelude::*;

    const ISSUED: [&str; 9] = [
        "91350100M000100Y43",
        "91512081MA62K0260E",
        "11320000MB151840XJ",
        "9144030071526726XG",
        "91330100799655058B",
        "914403001922038216",
        "12100000400000624D",
        "12100000400002259P",
        "91110000802100433B",
    ];

    #[test]
    fn issued_codes_pass_and_need_no_override() {
        for text in ISSUED {
            let code: CreditCode = text.parse().unwrap();
            assert_eq!(code.as_str(), text);
            survives_every_form(&code, 18);
            assert_eq!(format!(" {} {} ", &text[..8], text[8..].to_lowercase()).parse(), Ok(code));
            assert_eq!(text.parse::<OverriddenCode>(), Err(CreditCodeError::NeedsNoOverride));
        }
        let tsinghua: CreditCode = "12100000400000624D".parse().unwrap();
        assert_eq!((tsinghua.organisation_code(), tsinghua.region_digits()), ("400000624", "100000"));
    }

    #[test]
    fn codes_issued_wrong_pass_only_by_override() {
        for (text, expected) in [("91350211M0000XUF46", 'R'), ("91350100M0001TGQXM", '1')] {
            let found = text.chars().last().unwrap();
            assert_eq!(text.parse::<CreditCode>(), Err(CreditCodeError::Check { found, expected }));
            survives_every_form(&text.parse::<OverriddenCode>().unwrap(), 18);
        }
    }

    #[test]
    fn what_is_no_code_is_refused_with_its_place() {
        use CreditCodeError as E;
        let parse = |text: &str| text.parse::<CreditCode>();
        assert_eq!(parse("91350100M000100Y4"), Err(E::Length(17)));
        assert_eq!(parse("91350100M000100I43"), Err(E::Character { character: 'I', at: 16 }));
        assert_eq!(parse("9135A100M000100Y43"), Err(E::Region { character: 'A', at: 5 }));
        assert!(matches!(parse("91350100M000200Y43"), Err(E::OrganisationCheck { expected: 'X', .. })));
        assert_eq!(parse("91350100M000100Y44"), Err(E::Check { found: '4', expected: '3' }));
        assert_eq!(
            "91350100M000100I43".parse::<OverriddenCode>(),
            Err(E::Character { character: 'I', at: 16 })
        );
        let lower: [u8; 18] = *b"91350100m000100y43";
        assert!(crate::codec::decode::<CreditCode>(&lower, 18).is_err(), "lower case is not canonical");
        assert!(crate::codec::decode::<CreditCode>(&[0xFF; 18], 18).is_err());
    }

    proptest! {
        #[test]
        fn every_mistyped_character_is_caught(which in 0_usize..9, at in 0_usize..18, other in 0_usize..31) {
            let mut code = ISSUED[which].as_bytes().to_vec();
            code[at] = ALPHABET[other];
            let code = String::from_utf8(code).unwrap();
            prop_assert!(code == ISSUED[which] || code.parse::<CreditCode>().is_err(), "{code}");
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,20}") {
            let _ = text.parse::<CreditCode>();
            let _ = text.parse::<OverriddenCode>();
        }
    }
}
