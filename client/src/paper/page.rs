//! Say what stands on a printed certificate, before anything is drawn: texts, in Chinese and English.

use tongda_ledger::identifier::Timestamp;

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Both {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Both {
    /// The two texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// Whether something holds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It does.
    Holds,
    /// It does not: proven too.
    HoldsNot,
    /// It bars or burdens: a freeze, a pledge, an end.
    Burden,
}

/// A line of the table of what holds and what does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Of what.
    pub label: Both,
    /// What holds.
    pub value: Both,
    /// Whether it holds.
    pub mark: Mark,
}

/// A name and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The name.
    pub label: Both,
    /// The value, the same in both languages.
    pub value: String,
}

impl Fact {
    /// A fact.
    pub fn new(zh: &str, en: &str, value: impl Into<String>) -> Self {
        Self { label: Both::new(zh, en), value: value.into() }
    }
}

/// What stands on the printed certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What it certifies.
    pub title: Both,
    /// Whether the network's anchor says that all on it is made for demonstration.
    pub demonstration: bool,
    /// The network's name.
    pub network: String,
    /// What the certificate is about, largest on the page.
    pub subject: String,
    /// As of when: never "now".
    pub as_of: Both,
    /// Network, genesis, checkpoint.
    pub facts: Vec<Fact>,
    /// What holds and what does not.
    pub rows: Vec<Row>,
    /// What the JSON form proves and the codes do not: title, owners.
    pub details: Vec<Fact>,
    /// What the proof rests on.
    pub trust: Vec<Both>,
    /// The texts of the codes.
    pub codes: Vec<String>,
    /// The JSON form, to be attached.
    pub json: Option<String>,
    /// The time that the document bears: that of the checkpoint's quorum.
    pub time: Timestamp,
}
