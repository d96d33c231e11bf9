//! Identify what the ledger made: by the log position that made it, short enough to read out, with a check character.
//!
//! The text of an id is the letter of its kind, the position in decimal, a dot and the ordinal if that is not 0, and
//! a check character, with hyphens between: `P-1042-G` is the first patent that record 1042 brought, `P-1042.1-Q`
//! the second. The check character is ISO/IEC 7064 MOD 37,2 over letter, digits and dot in their order, without the
//! hyphens. Digits count as 0 to 9, letters as 10 to 35, the dot as 36. With `c₁ … cₙ` these values, the check
//! character is the value `c` for which `c₁·2ⁿ + c₂·2ⁿ⁻¹ + … + cₙ·2 + c ≡ 1 (mod 37)`, written as a digit, a letter,
//! or `*` for 36. It finds every wrong character and every two neighbours that changed places, and an id read under
//! the letter of another kind.

use super::ObjectKind;
use super::text::{characters, number, text_form};
use crate::codec::{Decode, Encode, checked_wire};
use std::fmt;

/// A log position and an ordinal, which tells apart what one record made. On the wire a `u64`: position × 256 +
/// ordinal. Without a kind it has no text of its own.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct ObjectId(u64);

/// Why a text or a value is no id of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObjectIdError {
    /// Not letter, position, ordinal and check character.
    #[error(
        "{0:?} is no id: write a letter, a log position and a check character, as in P-1042-G or P-1042.1-Q"
    )]
    Shape(String),
    /// The id of something else.
    #[error("{text} is the id of a {found}; the id of a {expected} begins with {}", .expected.letter())]
    Kind {
        /// The text.
        text: String,
        /// The kind that its letter names.
        found: ObjectKind,
        /// The kind asked for.
        expected: ObjectKind,
    },
    /// The check character does not fit.
    #[error("{text}: the check character is {found}, but the rest has {expected}; compare every character")]
    Check {
        /// The text.
        text: String,
        /// The check character in the text.
        found: char,
        /// The one that belongs to what stands before it.
        expected: char,
    },
    /// A record with an ordinal: a position holds one record.
    #[error("a log position holds one record: the ordinal of a record's id is 0, not {0}")]
    RecordOrdinal(u8),
}

impl ObjectId {
    /// Positions are below 2⁵⁶.
    pub const POSITION_BOUND: u64 = 1 << 56;

    /// The id of what the record at `position` made as its `ordinal`-th, from 0.
    ///
    /// # Panics
    /// When `position` is not below [`Self::POSITION_BOUND`]: no log reaches it.
    #[must_use]
    pub const fn new(position: u64, ordinal: u8) -> Self {
        assert!(position < Self::POSITION_BOUND, "no log reaches position 2^56");
        Self(position << 8 | ordinal as u64)
    }

    /// The log position of the record that made it.
    #[must_use]
    pub const fn position(self) -> u64 {
        self.0 >> 8
    }

    /// Its place among what that record made, from 0.
    #[must_use]
    pub const fn ordinal(self) -> u8 {
        self.0 as u8
    }

    /// Writes the id with the letter of its kind.
    pub(super) fn write(self, kind: ObjectKind, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let checked = self.checked_part(kind);
        write!(f, "{}-{}-{}", kind.letter(), &checked[1..], check_character(&checked))
    }

    /// Reads an id of any kind.
    pub(super) fn read(text: &str) -> Result<(ObjectKind, Self), ObjectIdError> {
        let shape = || ObjectIdError::Shape(text.to_owned());
        let compact: String = characters(text).into_iter().map(|(_, character)| character).collect();
        let parts: Vec<&str> = compact.split('-').collect();
        let [letter, numbers, check] = parts.as_slice() else { return Err(shape()) };
        let kind = single(letter).and_then(ObjectKind::of_letter).ok_or_else(shape)?;
        let found = single(check).ok_or_else(shape)?;
        let (position, ordinal) = match numbers.split_once('.') {
            None => (*numbers, 0),
            Some((position, ordinal)) => {
                let ordinal =
                    number(ordinal).and_then(|ordinal| u8::try_from(ordinal).ok()).ok_or_else(shape)?;
                (position, ordinal)
            }
        };
        let position =
            number(position).filter(|position| *position < Self::POSITION_BOUND).ok_or_else(shape)?;
        let id = Self::new(position, ordinal);
        let checked = id.checked_part(kind);
        if checked[1..] != **numbers {
            // Leading zeros, or an ordinal written out as `.0`.
            return Err(shape());
        }
        let expected = check_character(&checked);
        if found != expected {
            return Err(ObjectIdError::Check { text: text.to_owned(), found, expected });
        }
        Ok((kind, id))
    }

    /// Letter, position and ordinal, as the check character covers them.
    fn checked_part(self, kind: ObjectKind) -> String {
        match self.ordinal() {
            0 => format!("{}{}", kind.letter(), self.position()),
            ordinal => format!("{}{}.{ordinal}", kind.letter(), self.position()),
        }
    }
}

/// The only character of a text.
fn single(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

/// ISO/IEC 7064 MOD 37,2, as the module's description defines it.
fn check_character(checked: &str) -> char {
    let sum = checked.chars().fold(0, |sum, character| (sum + character.to_digit(36).unwrap_or(36)) * 2 % 37);
    char::from_digit((38 - sum) % 37, 36).map_or('*', |character| character.to_ascii_uppercase())
}

/// Declares the id of one kind.
macro_rules! id_of_kind {
    ($(#[$meta:meta])* $name:ident, $kind:ident) => {
        $(#[$meta])*
        #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(ObjectId);

        impl $name {
            /// The kind of what it identifies.
            pub const KIND: ObjectKind = ObjectKind::$kind;

            /// The log position of the record that made it.
            #[must_use]
            pub const fn position(self) -> u64 {
                self.0.position()
            }

            /// The id without its kind.
            #[must_use]
            pub const fn object_id(self) -> ObjectId {
                self.0
            }
        }
        checked_wire!($name, ObjectId, |id| id.0);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.write(Self::KIND, f)
            }
        }
        text_form!($name);

        impl std::str::FromStr for $name {
            type Err = ObjectIdError;

            fn from_str(text: &str) -> Result<Self, ObjectIdError> {
                let (found, id) = ObjectId::read(text)?;
                if found == Self::KIND {
                    Self::try_from(id)
                } else {
                    Err(ObjectIdError::Kind { text: text.to_owned(), found, expected: Self::KIND })
                }
            }
        }
    };
}

/// Declares the id of a kind of which one record may make several.
macro_rules! ids_with_ordinal {
    ($($(#[$meta:meta])* $name:ident, $kind:ident;)*) => {$(
        id_of_kind!($(#[$meta])* $name, $kind);

        impl $name {
            /// The id of the `ordinal`-th object, from 0, that the record at `position` made.
            ///
            /// # Panics
            /// When `position` is not below [`ObjectId::POSITION_BOUND`]: no log reaches it.
            #[must_use]
            pub const fn new(position: u64, ordinal: u8) -> Self {
                Self(ObjectId::new(position, ordinal))
            }

            /// Its place among what that record made, from 0.
            #[must_use]
            pub const fn ordinal(self) -> u8 {
                self.0.ordinal()
            }
        }

        impl TryFrom<ObjectId> for $name {
            type Error = ObjectIdError;

            fn try_from(id: ObjectId) -> Result<Self, ObjectIdError> {
                Ok(Self(id))
            }
        }
    )*};
}

ids_with_ordinal! {
    /// The id of a member, `M-…`: an institution that acts in the ledger.
    MemberId, Member;
    /// The id of a party, `E-…`: an owner as entered in the register.
    PartyId, Party;
    /// The id of a patent right, `P-…`.
    PatentId, Patent;
    /// The id of a declaration of open licence, `D-…`.
    DeclarationId, Declaration;
    /// The id of a licence, `L-…`.
    LicenceId, Licence;
    /// The id of a transfer, `T-…`.
    TransferId, Transfer;
    /// The id of a pledge, `G-…`.
    PledgeId, Pledge;
    /// The id of an act that waits for signatures, `W-…`.
    PendingId, Pending;
    /// The id of a notice under an open licence, `N-…`.
    NoticeId, Notice;
    /// The id of a power of attorney, `A-…`.
    PowerId, Power;
    /// The id of a valuation, `V-…`.
    ValuationId, Valuation;
    /// The id of a finance instrument, `I-…`.
    InstrumentId, Instrument;
    /// The id of a technical contract, `C-…`.
    ContractId, Contract;
    /// The id of a listing, `Q-…`.
    ListingId, Listing;
    /// The id of a demand, `H-…`.
    DemandId, Demand;
    /// The id of a match push, `U-…`.
    PushId, Push;
    /// The id of an event, `Y-…`.
    EventId, Event;
    /// The id of a patent pool, `O-…`.
    PoolId, Pool;
    /// The id of an open-source pledge, `S-…`.
    OpenSourceId, OpenSource;
    /// The id of a product, `K-…`.
    ProductId, Product;
    /// The id of a case, `Z-…`.
    CaseId, Case;
    /// The id of a credit event, `F-…`.
    CreditEventId, CreditEvent;
    /// The id of a proposal, `B-…`.
    ProposalId, Proposal;
    /// The id of a statistic, `X-…`.
    StatisticId, Statistic;
    /// The id of a project, `J-…`.
    ProjectId, Project;
}

id_of_kind!(
    /// The id of a record, `R-…`: its place in the log. Its ordinal is always 0.
    RecordId,
    Record
);

impl RecordId {
    /// The id of the record at `position`.
    ///
    /// # Panics
    /// When `position` is not below [`ObjectId::POSITION_BOUND`]: no log reaches it.
    #[must_use]
    pub const fn new(position: u64) -> Self {
        Self(ObjectId::new(position, 0))
    }
}

impl TryFrom<ObjectId> for RecordId {
    type Error = ObjectIdError;

    fn try_from(id: ObjectId) -> Result<Self, ObjectIdError> {
        match id.ordinal() {
            0 => Ok(Self(id)),
            ordinal => Err(ObjectIdError::RecordOrdinal(ordinal)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::decode;
    use crate::identifier::text::tests::survives_every_form;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<PatentId, ObjectIdError> {
        text.parse()
    }

    #[test]
    fn ids_have_the_text_of_their_description() {
        assert_eq!(PatentId::new(1042, 0).to_string(), "P-1042-G");
        assert_eq!(PatentId::new(1042, 1).to_string(), "P-1042.1-Q");
        assert_eq!(parse(" p－1042-g "), Ok(PatentId::new(1042, 0)));
        survives_every_form(&RecordId::new(ObjectId::POSITION_BOUND - 1), 8);
        survives_every_form(&MemberId::new(0, 255), 8);
        let bytes = crate::codec::encode(&LicenceId::new(1042, 3));
        assert_eq!(bytes, (1042_u64 * 256 + 3).to_le_bytes());
    }

    #[test]
    fn the_check_character_is_that_of_iso_7064() {
        // The donation identification number of ISBT 128 uses the same system; this is its published example.
        assert_eq!(check_character("G123489654321"), 'Y');
    }

    #[test]
    fn the_id_of_something_else_is_refused_by_name() {
        let licence = LicenceId::new(1042, 0).to_string();
        let error = parse(&licence).unwrap_err();
        assert!(error.to_string().contains("licence") && error.to_string().contains("patent"), "{error}");
        assert!(
            matches!(parse("L-1042-G"), Err(ObjectIdError::Check { .. })),
            "another letter, the same rest"
        );
        assert_eq!(decode::<RecordId>(&257_u64.to_le_bytes(), 8).ok(), None);
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in [
            "",
            "P",
            "P-1042",
            "1042",
            "x1042-G",
            "P-01042-G",
            "P-1042.0-G",
            "P-1042.256-W",
            "P-1042.-W",
            "P--W",
            "P-1042-GG",
            "P-+1042-G",
            "PP-1042-G",
            "P-72057594037927936-0",
            "P-1042-G-",
            "专-1042-G",
        ] {
            assert!(matches!(parse(text), Err(ObjectIdError::Shape(_))), "{text}");
        }
        assert!(matches!(parse("P-1042-K"), Err(ObjectIdError::Check { found: 'K', expected: 'G', .. })));
    }

    proptest! {
        #[test]
        fn every_id_survives_every_form(position in 0..ObjectId::POSITION_BOUND, ordinal: u8) {
            survives_every_form(&PatentId::new(position, ordinal), 8);
            survives_every_form(&PledgeId::new(position % 1_000_000, ordinal), 8);
        }

        #[test]
        fn every_wrong_character_is_caught(
            position in 0_u64..1 << 40, ordinal in 0_u8..3, place: prop::sample::Index, other in "[0-9A-Z.*]",
        ) {
            let right = PatentId::new(position, ordinal).to_string();
            let place = place.index(right.len());
            let mut wrong = right.clone();
            wrong.replace_range(place..=place, &other);
            prop_assert!(wrong == right || parse(&wrong).is_err(), "{wrong} for {right}");
        }

        #[test]
        fn every_two_neighbours_that_changed_places_are_caught(
            position in 10_u64..1 << 40, ordinal in 0_u8..30, place: prop::sample::Index,
        ) {
            let right = PatentId::new(position, ordinal).to_string();
            let place = place.index(right.len() - 1);
            let mut wrong = right.clone().into_bytes();
            wrong.swap(place, place + 1);
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert!(wrong == right || parse(&wrong).is_err(), "{wrong} for {right}");
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "(P-)?\\PC{0,12}") {
            let _ = parse(&text);
        }
    }
}
