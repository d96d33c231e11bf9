//! Say what a patent is about: an IPC symbol for a technical right, a Locarno class for a design.

use super::text::{compact, text_form};
use super::{IpcError, IpcSymbol, LocarnoClass, LocarnoError, PatentKind};
use crate::codec::{Decode, DecodeError, Encode, EncodeError, invalid};
use std::fmt;

/// A classification, written as one tag byte and the symbol.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Classification {
    /// Of an invention or a utility model. Tag 1.
    Ipc(IpcSymbol),
    /// Of a design. Tag 2.
    Locarno(LocarnoClass),
}

/// Why a text is no classification.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClassificationError {
    /// It begins like an IPC symbol.
    #[error(transparent)]
    Ipc(IpcError),
    /// It begins like a Locarno class.
    #[error(transparent)]
    Locarno(LocarnoError),
}

impl Classification {
    /// Whether rights of this kind are classified so: designs by Locarno, the others by IPC.
    #[must_use]
    pub fn suits(self, kind: PatentKind) -> bool {
        matches!(self, Self::Locarno(_)) == (kind == PatentKind::Design)
    }
}

impl Encode for Classification {
    fn encode<E: bincode::enc::Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        match self {
            Self::Ipc(symbol) => (1_u8, *symbol).encode(encoder),
            Self::Locarno(class) => (2_u8, *class).encode(encoder),
        }
    }
}

impl<Context> Decode<Context> for Classification {
    fn decode<D: bincode::de::Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        match u8::decode(decoder)? {
            1 => Ok(Self::Ipc(IpcSymbol::decode(decoder)?)),
            2 => Ok(Self::Locarno(LocarnoClass::decode(decoder)?)),
            other => Err(invalid(format!("{other} is no tag of a classification"))),
        }
    }
}
bincode::impl_borrow_decode!(Classification);

impl fmt::Display for Classification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ipc(symbol) => symbol.fmt(f),
            Self::Locarno(class) => class.fmt(f),
        }
    }
}
text_form!(Classification);

impl std::str::FromStr for Classification {
    type Err = ClassificationError;

    fn from_str(text: &str) -> Result<Self, ClassificationError> {
        if compact(text).starts_with(|character: char| character.is_ascii_digit()) {
            text.parse().map(Self::Locarno).map_err(ClassificationError::Locarno)
        } else {
            text.parse().map(Self::Ipc).map_err(ClassificationError::Ipc)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::text::tests::survives_every_form;

    #[test]
    fn a_classification_is_told_by_its_first_character_and_suits_its_kind() {
        let ipc: Classification = "G06Q50/18".parse().unwrap();
        let locarno: Classification = "26-05".parse().unwrap();
        survives_every_form(&ipc, 9);
        survives_every_form(&locarno, 3);
        assert!(ipc.suits(PatentKind::Invention) && ipc.suits(PatentKind::UtilityModel));
        assert!(!ipc.suits(PatentKind::Design) && locarno.suits(PatentKind::Design));
        assert!(!locarno.suits(PatentKind::Invention));
        assert!(matches!("99-05".parse::<Classification>(), Err(ClassificationError::Locarno(_))));
        assert!(matches!("G06Q".parse::<Classification>(), Err(ClassificationError::Ipc(_))));
        assert!(crate::codec::decode::<Classification>(&[3, 0, 0], 3).is_err());
    }
}
