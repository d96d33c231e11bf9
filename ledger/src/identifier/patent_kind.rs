//! Tell inventions, utility models and designs apart (专利法 art. 2).

use crate::codec::checked_wire;
use std::fmt;

/// The kind of a patent right, written as one byte.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum PatentKind {
    /// A new technical solution for a product, a process or an improvement of either (发明).
    Invention = 1,
    /// A new technical solution for a product's shape or structure (实用新型).
    UtilityModel = 2,
    /// A new design of a product's shape, pattern or colour (外观设计).
    Design = 3,
}

/// A tag or a name that is none of the three kinds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no kind of patent: write `invention`, `utility_model` or `design` (1, 2 or 3 on the wire)")]
pub struct PatentKindError(String);

impl fmt::Display for PatentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Invention => "invention",
            Self::UtilityModel => "utility_model",
            Self::Design => "design",
        })
    }
}

impl std::str::FromStr for PatentKind {
    type Err = PatentKindError;

    fn from_str(text: &str) -> Result<Self, PatentKindError> {
        match text {
            "invention" => Ok(Self::Invention),
            "utility_model" => Ok(Self::UtilityModel),
            "design" => Ok(Self::Design),
            other => Err(PatentKindError(other.to_owned())),
        }
    }
}

impl TryFrom<u8> for PatentKind {
    type Error = PatentKindError;

    fn try_from(tag: u8) -> Result<Self, PatentKindError> {
        match tag {
            1 => Ok(Self::Invention),
            2 => Ok(Self::UtilityModel),
            3 => Ok(Self::Design),
            other => Err(PatentKindError(other.to_string())),
        }
    }
}
checked_wire!(PatentKind, u8, |kind| *kind as u8);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::text::tests::survives_every_form;

    #[test]
    fn a_kind_survives_every_form_and_no_fourth_one_exists() {
        for kind in [PatentKind::Invention, PatentKind::UtilityModel, PatentKind::Design] {
            survives_every_form(&kind, 1);
        }
        assert!("发明".parse::<PatentKind>().is_err());
        assert!(crate::codec::decode::<PatentKind>(&[0], 1).is_err());
        assert!(crate::codec::decode::<PatentKind>(&[4], 1).is_err());
    }
}
