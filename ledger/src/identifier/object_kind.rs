//! List the kinds of objects that have an id in the ledger, each with its letter and its tag.

use std::fmt;

/// A kind of object. The letters stand in ids, the numbers are tags on the wire; neither is ever reused.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ObjectKind {
    /// An institution that is a member of the ledger: `M`.
    Member = 1,
    /// An owner as entered in the register, member or not: `E`.
    Party = 2,
    /// A patent right: `P`.
    Patent = 3,
    /// A declaration of open licence (专利开放许可声明): `D`.
    Declaration = 4,
    /// A licence (实施许可): `L`.
    Licence = 5,
    /// A transfer of a patent right (专利权转移): `T`.
    Transfer = 6,
    /// A pledge of a patent right (质押): `G`.
    Pledge = 7,
    /// An act that waits for further signatures: `W`.
    Pending = 8,
    /// A notice to the owner of an openly licensed patent: `N`.
    Notice = 9,
    /// A power of attorney (委托): `A`.
    Power = 10,
    /// A record of the log: `R`.
    Record = 11,
}

impl ObjectKind {
    /// All kinds, in the order of their tags.
    pub const ALL: [Self; 11] = [
        Self::Member,
        Self::Party,
        Self::Patent,
        Self::Declaration,
        Self::Licence,
        Self::Transfer,
        Self::Pledge,
        Self::Pending,
        Self::Notice,
        Self::Power,
        Self::Record,
    ];

    /// The letter that ids of this kind begin with.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Member => 'M',
            Self::Party => 'E',
            Self::Patent => 'P',
            Self::Declaration => 'D',
            Self::Licence => 'L',
            Self::Transfer => 'T',
            Self::Pledge => 'G',
            Self::Pending => 'W',
            Self::Notice => 'N',
            Self::Power => 'A',
            Self::Record => 'R',
        }
    }

    /// The kind whose ids begin with `letter`.
    #[must_use]
    pub fn of_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.letter() == letter)
    }

    /// The tag on the wire.
    #[must_use]
    pub const fn tag(self) -> u8 {
        self as u8
    }

    /// The kind with this tag.
    #[must_use]
    pub fn of_tag(tag: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.tag() == tag)
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Member => "member",
            Self::Party => "party",
            Self::Patent => "patent",
            Self::Declaration => "declaration",
            Self::Licence => "licence",
            Self::Transfer => "transfer",
            Self::Pledge => "pledge",
            Self::Pending => "pending act",
            Self::Notice => "notice",
            Self::Power => "power of attorney",
            Self::Record => "record",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_tags_lead_back_to_their_kind() {
        for (index, kind) in ObjectKind::ALL.into_iter().enumerate() {
            assert_eq!(ObjectKind::of_letter(kind.letter()), Some(kind));
            assert_eq!(ObjectKind::of_tag(kind.tag()), Some(kind));
            assert_eq!(usize::from(kind.tag()), index + 1);
        }
        assert_eq!(ObjectKind::of_letter('X'), None);
        assert_eq!(ObjectKind::of_tag(0), None);
    }
}
