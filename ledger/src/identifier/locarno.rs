//! Read classes of the Locarno Classification of industrial designs, `26-05`.

use super::text::{compact, text_form};
use crate::codec::checked_wire;
use std::fmt;

/// A class and subclass, `26-05`. On the wire a `u16`: class times 100 plus subclass.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocarnoClass(u16);

/// The text or the value is no Locarno class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no Locarno class: write a class 01-32, a hyphen and a subclass of two digits, as in 26-05")]
pub struct LocarnoError(String);

impl LocarnoClass {
    /// The class, 1 to 32.
    #[must_use]
    pub const fn class(self) -> u16 {
        self.0 / 100
    }

    /// The subclass, 0 to 99.
    #[must_use]
    pub const fn subclass(self) -> u16 {
        self.0 % 100
    }
}

impl TryFrom<u16> for LocarnoClass {
    type Error = LocarnoError;

    fn try_from(wire: u16) -> Result<Self, LocarnoError> {
        if (100..3300).contains(&wire) { Ok(Self(wire)) } else { Err(LocarnoError(wire.to_string())) }
    }
}
checked_wire!(LocarnoClass, u16, |class| class.0);

impl fmt::Display for LocarnoClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.class(), self.subclass())
    }
}
text_form!(LocarnoClass);

impl std::str::FromStr for LocarnoClass {
    type Err = LocarnoError;

    fn from_str(text: &str) -> Result<Self, LocarnoError> {
        let refusal = || LocarnoError(text.to_owned());
        match compact(text).as_bytes() {
            [a, b, b'-', c, d] if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()) => {
                let digit = |byte: &u8| u16::from(byte - b'0');
                let value = digit(a) * 1000 + digit(b) * 100 + digit(c) * 10 + digit(d);
                Self::try_from(value).map_err(|_| refusal())
            }
            _ => Err(refusal()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::text::tests::survives_every_form;

    #[test]
    fn every_class_survives_every_form_and_no_other_is_read() {
        for class in 0..100_u16 {
            for subclass in 0..100_u16 {
                match format!("{class:02}-{subclass:02}").parse::<LocarnoClass>() {
                    Ok(read) => {
                        assert_eq!((read.class(), read.subclass()), (class, subclass));
                        survives_every_form(&read, 2);
                    }
                    Err(_) => assert!(class == 0 || class > 32),
                }
            }
        }
        for text in ["", "26", "2605", "26-5", "26/05", "26-051", "G06Q 50/18", "2６－０5x"] {
            assert!(text.parse::<LocarnoClass>().is_err(), "{text}");
        }
        assert_eq!("２６－０５".parse::<LocarnoClass>().unwrap().to_string(), "26-05");
    }
}
