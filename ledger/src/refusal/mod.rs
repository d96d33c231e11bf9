//! Say no, and why: a refusal names its code, the article it rests on, what stands in the way and what would cure it.
//!
//! A refusal is an answer, not an error. A check returns all of them, not the first. On the ledger there are only
//! codes; the wording, in Chinese and English, stands in `wording/` and has no part in the consensus.

mod code;
mod wording;

pub use code::Code;
pub use wording::{Bilingual, Wording};

use crate::identifier::ObjectRef;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One reason why an act is not allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code.
    pub code: Code,
    /// What the refusal is about, when the act names several things.
    pub subject: Option<ObjectRef>,
    /// The object or record that stands in the way.
    pub obstacle: Option<ObjectRef>,
    /// Figures of the case: "due 2026-01-31", "got 3, need 4". Language-neutral.
    pub detail: Option<String>,
}

impl Refusal {
    /// A refusal with this code.
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self { code, subject: None, obstacle: None, detail: None }
    }

    /// The same, about this thing.
    #[must_use]
    pub fn about(mut self, subject: impl Into<ObjectRef>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The same, with this in the way.
    #[must_use]
    pub fn because_of(mut self, obstacle: impl Into<ObjectRef>) -> Self {
        self.obstacle = Some(obstacle.into());
        self
    }

    /// The same, with figures.
    #[must_use]
    pub fn with(mut self, detail: impl fmt::Display) -> Self {
        self.detail = Some(detail.to_string());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(subject) = &self.subject {
            write!(f, " {subject}")?;
        }
        if let Some(obstacle) = &self.obstacle {
            write!(f, " because of {obstacle}")?;
        }
        if let Some(detail) = &self.detail {
            write!(f, " ({detail})")?;
        }
        Ok(())
    }
}

/// The form of a refusal in JSON: with article and wording, so that a reader needs no table.
#[derive(Serialize, Deserialize)]
struct Spoken {
    code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<ObjectRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    obstacle: Option<ObjectRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(default)]
    article: SpokenText,
    #[serde(default)]
    message: SpokenText,
    #[serde(default)]
    cure: SpokenText,
}

#[derive(Default, Serialize, Deserialize)]
struct SpokenText {
    zh: String,
    en: String,
}

impl From<Bilingual> for SpokenText {
    fn from(text: Bilingual) -> Self {
        Self { zh: text.zh.into(), en: text.en.into() }
    }
}

impl Serialize for Refusal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let wording = self.code.wording();
        let spoken = Spoken {
            code: self.code.to_string(),
            subject: self.subject,
            obstacle: self.obstacle,
            detail: self.detail.clone(),
            article: wording.article.into(),
            message: wording.message.into(),
            cure: wording.cure.into(),
        };
        spoken.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Refusal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spoken = Spoken::deserialize(deserializer)?;
        let code = spoken.code.parse().map_err(serde::de::Error::custom)?;
        Ok(Self { code, subject: spoken.subject, obstacle: spoken.obstacle, detail: spoken.detail })
    }
}
