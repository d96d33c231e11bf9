//! Read symbols of the International Patent Classification, `G06Q 50/18`.
//!
//! Section A to H, class of two digits, subclass letter, main group, subgroup. Only the shape is checked: symbols
//! that left the classification (H01L, F24J) stand in many patents in force, and a new edition comes every year.

use super::text::{compact, number, text_form};
use crate::codec::checked_wire;
use std::fmt;

/// A subclass, `G06Q`: what patents are grouped by. On the wire its four ASCII characters.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpcSubclass([u8; 4]);

/// A full symbol. Ordered as in the classification: 50/18 before 50/182 before 50/20.
///
/// On the wire a `u64`: from the lowest bit, 3 bits for the number of the subgroup's digits, 20 bits for the subgroup
/// filled up with zeros to six digits, 14 bits for the main group, 5 bits for the subclass letter (A is 1), 7 bits
/// for the class, 4 bits for the section (A is 1).
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpcSymbol(u64);

/// Why a text or a value is no symbol of the classification.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IpcError {
    /// No section, class and subclass at the start.
    #[error("{0:?} does not begin with a section A-H, a class 01-99 and a subclass letter, as in G06Q 50/18")]
    Subclass(String),
    /// A subclass and more, where only a subclass belongs.
    #[error("{0:?} goes on behind the subclass; leave group and subgroup out")]
    BeyondSubclass(String),
    /// A subclass alone, or a group without subgroup.
    #[error("{0:?} has no subgroup: a main group is written with /00, as in G06Q 50/00")]
    NoSubgroup(String),
    /// The main group is no number from 1 to 9999.
    #[error("{0:?} is no main group: it is a number from 1 to 9999 without leading zeros")]
    Group(String),
    /// The subgroup is not of two to six digits.
    #[error("{0:?} is no subgroup: it is two to six digits, without an edition behind them")]
    Subgroup(String),
    /// A number on the wire that no symbol has.
    #[error("{0:#018x} is no symbol of the classification")]
    Wire(u64),
}

impl IpcSubclass {
    /// The section's letter, A to H.
    #[must_use]
    pub fn section(self) -> char {
        char::from(self.0[0])
    }

    /// The subclass at the start of `text`, already compact.
    fn at_start_of(text: &str) -> Result<Self, IpcError> {
        text.as_bytes()
            .first_chunk()
            .and_then(|bytes| Self::try_from(*bytes).ok())
            .ok_or_else(|| IpcError::Subclass(text.to_owned()))
    }
}

impl TryFrom<[u8; 4]> for IpcSubclass {
    type Error = IpcError;

    fn try_from(bytes: [u8; 4]) -> Result<Self, IpcError> {
        match bytes {
            [b'A'..=b'H', b'0', b'0', _] => Err(()),
            [b'A'..=b'H', b'0'..=b'9', b'0'..=b'9', b'A'..=b'Z'] => Ok(Self(bytes)),
            _ => Err(()),
        }
        .map_err(|()| IpcError::Subclass(String::from_utf8_lossy(&bytes).into_owned()))
    }
}
checked_wire!(IpcSubclass, [u8; 4], |subclass| subclass.0);

impl fmt::Display for IpcSubclass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.0).expect("checked when it was made"))
    }
}
text_form!(IpcSubclass);

impl std::str::FromStr for IpcSubclass {
    type Err = IpcError;

    fn from_str(text: &str) -> Result<Self, IpcError> {
        let text = compact(text);
        let subclass = Self::at_start_of(&text)?;
        if text.len() == 4 { Ok(subclass) } else { Err(IpcError::BeyondSubclass(text)) }
    }
}

impl IpcSymbol {
    /// The subclass that the symbol belongs to.
    #[must_use]
    pub fn subclass(self) -> IpcSubclass {
        let class = self.class();
        IpcSubclass([
            b'A' - 1 + (self.0 >> 49 & 0xF) as u8,
            b'0' + class / 10,
            b'0' + class % 10,
            b'A' - 1 + (self.0 >> 37 & 0x1F) as u8,
        ])
    }

    /// The main group, 1 to 9999.
    #[must_use]
    pub const fn group(self) -> u16 {
        (self.0 >> 23 & 0x3FFF) as u16
    }

    /// Whether the symbol is a main group itself (`/00`).
    #[must_use]
    pub fn is_main_group(self) -> bool {
        self.subgroup() == "00"
    }

    const fn class(self) -> u8 {
        (self.0 >> 42 & 0x7F) as u8
    }

    /// The digits behind the stroke.
    fn subgroup(self) -> String {
        let mut digits = format!("{:06}", self.0 >> 3 & 0xF_FFFF);
        digits.truncate((self.0 & 7) as usize);
        digits
    }

    fn new(subclass: IpcSubclass, group: u64, subgroup: &str) -> Result<Self, IpcError> {
        let value = number(subgroup)
            .filter(|_| (2..=6).contains(&subgroup.len()))
            .ok_or_else(|| IpcError::Subgroup(subgroup.to_owned()))?;
        let [section, tens, ones, letter] = subclass.0.map(u64::from);
        let class = (tens * 10 + ones) - u64::from(b'0') * 11;
        let filled = value * 10_u64.pow(6 - subgroup.len() as u32);
        let from_a = u64::from(b'A') - 1;
        Ok(Self(
            (section - from_a) << 49
                | class << 42
                | (letter - from_a) << 37
                | group << 23
                | filled << 3
                | subgroup.len() as u64,
        ))
    }
}

impl TryFrom<u64> for IpcSymbol {
    type Error = IpcError;

    fn try_from(wire: u64) -> Result<Self, IpcError> {
        let symbol = Self(wire);
        let (filled, digits) = (wire >> 3 & 0xF_FFFF, wire & 7);
        let fields = (wire >> 49, symbol.class(), wire >> 37 & 0x1F, symbol.group(), filled, digits);
        if !matches!(fields, (1..=8, 1..=99, 1..=26, 1..=9999, 0..=999_999, 2..=6)) {
            return Err(IpcError::Wire(wire));
        }
        let zeros = 10_u64.pow(6 - digits as u32);
        if filled.is_multiple_of(zeros) { Ok(symbol) } else { Err(IpcError::Wire(wire)) }
    }
}
checked_wire!(IpcSymbol, u64, |symbol| symbol.0);

impl fmt::Display for IpcSymbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/{}", self.subclass(), self.group(), self.subgroup())
    }
}
text_form!(IpcSymbol);

impl std::str::FromStr for IpcSymbol {
    type Err = IpcError;

    fn from_str(text: &str) -> Result<Self, IpcError> {
        let text = compact(text);
        let subclass = IpcSubclass::at_start_of(&text)?;
        let (group, subgroup) =
            text[4..].split_once('/').ok_or_else(|| IpcError::NoSubgroup(text.clone()))?;
        let group_number = number(group)
            .filter(|number| (1..=9999).contains(number) && !group.starts_with('0'))
            .ok_or_else(|| IpcError::Group(group.to_owned()))?;
        Self::new(subclass, group_number, subgroup)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::text::tests::survives_every_form;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<IpcSymbol, IpcError> {
        text.parse()
    }

    #[test]
    fn symbols_are_read_in_every_spelling_and_written_in_one() {
        for (text, normal) in [
            ("G06Q50/18", "G06Q 50/18"),
            ("G06Q 50/18", "G06Q 50/18"),
            ("g06q50／18", "G06Q 50/18"),
            ("A01B1/00", "A01B 1/00"),
            ("H01L21/02", "H01L 21/02"),
            ("F24J2/04", "F24J 2/04"),
            ("C07D401/12", "C07D 401/12"),
            ("H05K7/20409", "H05K 7/20409"),
            ("G06F3/0488", "G06F 3/0488"),
            ("A01B1/020", "A01B 1/020"),
        ] {
            let symbol = parse(text).unwrap();
            assert_eq!(symbol.to_string(), normal);
            survives_every_form(&symbol, 8);
        }
        let symbol = parse("G06Q50/18").unwrap();
        assert_eq!((symbol.subclass().to_string().as_str(), symbol.group()), ("G06Q", 50));
        assert!(!symbol.is_main_group() && parse("G06Q50/00").unwrap().is_main_group());
        survives_every_form(&symbol.subclass(), 4);
        assert_eq!(symbol.subclass().section(), 'G');
    }

    #[test]
    fn symbols_are_ordered_as_in_the_classification() {
        let ordered = [
            "A01B1/00",
            "A01B1/02",
            "A01B1/024",
            "A01B1/04",
            "A01B10/00",
            "A01C1/00",
            "A02A1/00",
            "B01A1/00",
        ];
        assert!(ordered.windows(2).all(|pair| parse(pair[0]).unwrap() < parse(pair[1]).unwrap()));
    }

    #[test]
    fn what_is_no_symbol_is_refused_with_its_cure() {
        use IpcError as E;
        for text in ["", "G06", "I06Q50/18", "G00Q50/18", "GO6Q50/18", "26-05", "专利号G06Q"] {
            assert!(matches!(parse(text), Err(E::Subclass(_))), "{text}");
        }
        assert_eq!(parse("G06Q"), Err(E::NoSubgroup("G06Q".into())));
        assert_eq!(parse("G06Q50"), Err(E::NoSubgroup("G06Q50".into())));
        assert_eq!(parse("G06Q0/18"), Err(E::Group("0".into())));
        assert_eq!(parse("G06Q050/18"), Err(E::Group("050".into())));
        assert_eq!(parse("G06Q12345/18"), Err(E::Group("12345".into())));
        assert_eq!(parse("G06Q50/8"), Err(E::Subgroup("8".into())));
        assert_eq!(parse("G06Q50/18(2012.01)"), Err(E::Subgroup("18(2012.01)".into())));
        assert_eq!("G06Q50/18".parse::<IpcSubclass>(), Err(E::BeyondSubclass("G06Q50/18".into())));
        let good = parse("G06Q50/18").unwrap().0;
        for wire in
            [0, u64::MAX, good | 1 << 60, good & !7, good | 7, good & !(0x3FFF << 23), good | 0x7F << 42]
        {
            assert_eq!(IpcSymbol::try_from(wire), Err(E::Wire(wire)));
        }
    }

    proptest! {
        #[test]
        fn every_symbol_survives_every_form(text in "[A-H](0[1-9]|[1-9][0-9])[A-Z] [1-9][0-9]{0,3}/[0-9]{2,6}") {
            let symbol = parse(&text).unwrap();
            prop_assert_eq!(symbol.to_string(), text);
            survives_every_form(&symbol, 8);
        }

        #[test]
        fn a_wire_number_is_a_symbol_or_refused(wire in prop_oneof![any::<u64>(), 0_u64..1 << 53]) {
            if let Ok(symbol) = IpcSymbol::try_from(wire) {
                survives_every_form(&symbol, 8);
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "(G06Q)?\\PC{0,12}") {
            let _ = parse(&text);
            let _ = text.parse::<IpcSubclass>();
        }
    }
}
