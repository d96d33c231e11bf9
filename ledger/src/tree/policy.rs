//! Say which logs and which quorum of witnesses a checkpoint needs, for everybody's tools (C2SP tlog-policy).
//!
//! ```text
//! log     VKEY [URL]
//! witness NAME VKEY [URL]
//! group   NAME all|any|K MEMBER…
//! quorum  NAME|none
//! ```
//!
//! Members are witnesses or groups of lines before, each in one group at most. All witnesses of a group weigh the same:
//! where validators have different powers, [`sure_threshold`] gives the number that is enough whoever they are.

use super::checkpoint::SignedCheckpoint;
use super::lines;
use super::note::NoteError;
use super::note_key::{NoteAlgorithm, NoteKey, NoteKeyError};
use std::collections::HashMap;
use std::fmt;

/// A policy is at most this many bytes.
pub const POLICY_LIMIT: usize = 1 << 17;

/// A policy has at most this many logs, this many witnesses and this many groups.
pub const POLICY_ENTRIES_LIMIT: usize = 256;

/// Names and addresses in a policy are at most this many bytes.
const WORD_LIMIT: usize = 1_024;

/// A log whose checkpoints are accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyLog {
    /// Its key; the key's name is the log's origin.
    pub key: NoteKey,
    /// Where it is read.
    pub url: Option<String>,
}

/// A witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyWitness {
    /// Its name within the policy.
    pub name: String,
    /// Its key, of type 04.
    pub key: NoteKey,
    /// Where checkpoints are brought to it.
    pub url: Option<String>,
}

/// How many members of a group must have witnessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// Every one.
    All,
    /// One at least.
    Any,
    /// So many at least: 1 up to the number of members.
    Count(usize),
}

/// A group of witnesses and groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyGroup {
    /// Its name within the policy.
    pub name: String,
    /// How many members it takes.
    pub threshold: Threshold,
    /// Names of witnesses, and of groups before this one.
    pub members: Vec<String>,
}

/// Which logs, which witnesses, and how many of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    groups: Vec<PolicyGroup>,
    quorum: Option<String>,
}

/// Who signed a checkpoint, and whether that is enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyVerdict<'a> {
    /// The logs whose signature stands under it, at least one.
    pub logs: Vec<&'a PolicyLog>,
    /// The witnesses whose cosignature stands under it.
    pub witnesses: Vec<&'a PolicyWitness>,
    /// Whether the quorum has witnessed it.
    pub quorum: bool,
}

/// Why a text is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// More bytes than are read.
    #[error("{0} bytes; a policy has at most {POLICY_LIMIT}")]
    TooLong(usize),
    /// Not UTF-8, a control character, or a last line without line feed.
    #[error(
        "a policy is lines of UTF-8 that each end with a line feed, without control characters but the tab"
    )]
    Character,
    /// A line that is none of the four kinds, or has too few or too many words.
    #[error(
        "line {0} is none of `log KEY [URL]`, `witness NAME KEY [URL]`, `group NAME K MEMBER…`, `quorum NAME`"
    )]
    Line(usize),
    /// A key that is none.
    #[error("line {line}: {error}")]
    Key {
        /// Which line.
        line: usize,
        /// What is wrong.
        error: NoteKeyError,
    },
    /// A witness whose key is no cosigner's.
    #[error("the key of the witness {0} is none of a cosigner (type 04)")]
    Algorithm(String),
    /// The same public key twice among the logs or the witnesses.
    #[error("the key {0} stands twice")]
    DuplicateKey(NoteKey),
    /// A name that is taken, or `none`.
    #[error("the name {0:?} is taken, too long or not one word")]
    Name(String),
    /// A name that no line before defines.
    #[error("{0:?} is no witness or group of a line before")]
    Unknown(String),
    /// A member of two groups, or twice of one.
    #[error("{0:?} is a member twice; nobody may count twice")]
    MemberTwice(String),
    /// A group that takes none, or more members than it has.
    #[error("the group {0:?} has a threshold outside 1 to the number of its members")]
    Threshold(String),
    /// No quorum line, or several.
    #[error("a policy has one line `quorum`")]
    Quorum,
    /// Too many logs, witnesses or groups.
    #[error("a policy has at most {POLICY_ENTRIES_LIMIT} logs, witnesses and groups each")]
    TooMany,
    /// An address that is not one word.
    #[error("the address {0:?} is too long or not one word")]
    Url(String),
}

/// The smallest number of members that have more than two thirds of all power, whichever they are; the members have
/// these powers. None when there is no power at all.
#[must_use]
pub fn sure_threshold(powers: &[u64]) -> Option<usize> {
    let mut ascending = powers.to_vec();
    ascending.sort_unstable();
    let total: u128 = ascending.iter().copied().map(u128::from).sum();
    let mut sum = 0;
    let enough = ascending.iter().position(|power| {
        sum += u128::from(*power);
        sum * 3 > total * 2
    });
    enough.map(|place| place + 1)
}

/// Whether a text is one word of a policy.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.len() <= WORD_LIMIT && !text.bytes().any(|byte| byte <= b' ') && text != "none"
}

impl Threshold {
    /// How many of this many members.
    #[must_use]
    pub const fn of(self, members: usize) -> usize {
        match self {
            Self::All => members,
            Self::Any => 1,
            Self::Count(count) => count,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "all" => Some(Self::All),
            "any" => Some(Self::Any),
            count => lines::decimal(count)?.try_into().ok().map(Self::Count),
        }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Any => f.write_str("any"),
            Self::Count(count) => count.fmt(f),
        }
    }
}

impl Policy {
    /// A policy of these logs, witnesses and groups; `quorum` names a witness or a group, or none is needed.
    ///
    /// # Errors
    /// [`PolicyError`] when a name or key stands twice, or a name is not defined before it is used.
    pub fn new(
        logs: Vec<PolicyLog>,
        witnesses: Vec<PolicyWitness>,
        groups: Vec<PolicyGroup>,
        quorum: Option<String>,
    ) -> Result<Self, PolicyError> {
        let mut policy = Self { logs: Vec::new(), witnesses: Vec::new(), groups: Vec::new(), quorum: None };
        logs.into_iter().try_for_each(|log| policy.add_log(log))?;
        witnesses.into_iter().try_for_each(|witness| policy.add_witness(witness))?;
        groups.into_iter().try_for_each(|group| policy.add_group(group))?;
        policy.set_quorum(quorum)?;
        Ok(policy)
    }

    /// A policy of one log, and of `threshold` of these witnesses.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn threshold(
        logs: Vec<PolicyLog>,
        witnesses: Vec<PolicyWitness>,
        threshold: usize,
    ) -> Result<Self, PolicyError> {
        let members = witnesses.iter().map(|witness| witness.name.clone()).collect();
        let name = "quorum-of-validators".to_owned();
        let group = PolicyGroup { name: name.clone(), threshold: Threshold::Count(threshold), members };
        Self::new(logs, witnesses, vec![group], Some(name))
    }

    /// Reads a policy: lines in any order that defines names before their use, comments and free white space.
    ///
    /// # Errors
    /// [`PolicyError`] says what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, PolicyError> {
        if bytes.len() > POLICY_LIMIT {
            return Err(PolicyError::TooLong(bytes.len()));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| PolicyError::Character)?;
        let outside = |byte: &u8| (*byte < b' ' && !matches!(byte, b'\t' | b'\n')) || *byte == 0x7f;
        if bytes.iter().any(outside) || !text.ends_with('\n') {
            return Err(PolicyError::Character);
        }
        let mut policy = Self { logs: Vec::new(), witnesses: Vec::new(), groups: Vec::new(), quorum: None };
        let mut quorums = 0;
        for (place, line) in text.lines().enumerate() {
            let line_number = place + 1;
            let words: Vec<_> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
            let key = |text: &str| {
                text.parse::<NoteKey>().map_err(|error| PolicyError::Key { line: line_number, error })
            };
            match words[..] {
                [] => {}
                [first, ..] if first.starts_with('#') => {}
                ["log", vkey, ref url @ ..] if url.len() <= 1 => {
                    policy.add_log(PolicyLog {
                        key: key(vkey)?,
                        url: url.first().map(|&url| url.to_owned()),
                    })?;
                }
                ["witness", name, vkey, ref url @ ..] if url.len() <= 1 => {
                    let url = url.first().map(|&url| url.to_owned());
                    policy.add_witness(PolicyWitness { name: name.to_owned(), key: key(vkey)?, url })?;
                }
                ["group", name, threshold, ref members @ ..] if !members.is_empty() => {
                    let threshold =
                        Threshold::parse(threshold).ok_or_else(|| PolicyError::Threshold(name.to_owned()))?;
                    let members = members.iter().map(|&member| member.to_owned()).collect();
                    policy.add_group(PolicyGroup { name: name.to_owned(), threshold, members })?;
                }
                ["quorum", name] if quorums == 0 => {
                    quorums += 1;
                    policy.set_quorum((name != "none").then(|| name.to_owned()))?;
                }
                ["quorum", _] => return Err(PolicyError::Quorum),
                _ => return Err(PolicyError::Line(line_number)),
            }
        }
        if quorums == 1 { Ok(policy) } else { Err(PolicyError::Quorum) }
    }

    /// The logs whose checkpoints are accepted.
    #[must_use]
    pub fn logs(&self) -> &[PolicyLog] {
        &self.logs
    }

    /// The witnesses.
    #[must_use]
    pub fn witnesses(&self) -> &[PolicyWitness] {
        &self.witnesses
    }

    /// The groups, each of witnesses and of groups before it.
    #[must_use]
    pub fn groups(&self) -> &[PolicyGroup] {
        &self.groups
    }

    /// The witness or group that must have witnessed a checkpoint. None when nobody need have.
    #[must_use]
    pub fn quorum(&self) -> Option<&str> {
        self.quorum.as_deref()
    }

    /// Checks the signatures under a checkpoint: of a log whose origin it names, and of the witnesses.
    ///
    /// # Errors
    /// [`NoteError`] when a known key's signature does not verify, or no log of the policy signed.
    pub fn verify(&self, checkpoint: &SignedCheckpoint) -> Result<PolicyVerdict<'_>, NoteError> {
        let note = checkpoint.note();
        let origin = &checkpoint.checkpoint().origin;
        let signed_by = |key: &NoteKey| match note.verify(std::slice::from_ref(key)) {
            Ok(_) => Ok(true),
            Err(NoteError::Unsigned) => Ok(false),
            Err(error) => Err(error),
        };
        let mut logs = Vec::new();
        for log in self.logs.iter().filter(|log| log.key.name().as_str() == origin) {
            if signed_by(&log.key)? {
                logs.push(log);
            }
        }
        let mut witnesses = Vec::new();
        for witness in &self.witnesses {
            if signed_by(&witness.key)? {
                witnesses.push(witness);
            }
        }
        if logs.is_empty() {
            return Err(NoteError::Unsigned);
        }
        let quorum = self.is_quorum(&witnesses);
        Ok(PolicyVerdict { logs, witnesses, quorum })
    }

    /// Whether these witnesses are enough.
    fn is_quorum(&self, witnesses: &[&PolicyWitness]) -> bool {
        let Some(quorum) = &self.quorum else { return true };
        let mut witnessed: HashMap<&str, bool> =
            self.witnesses.iter().map(|witness| (witness.name.as_str(), false)).collect();
        witnessed.extend(witnesses.iter().map(|witness| (witness.name.as_str(), true)));
        let is_in =
            |witnessed: &HashMap<&str, bool>, name: &str| witnessed.get(name).copied().unwrap_or(false);
        for group in &self.groups {
            let count = group.members.iter().filter(|member| is_in(&witnessed, member)).count();
            witnessed.insert(&group.name, count >= group.threshold.of(group.members.len()));
        }
        is_in(&witnessed, quorum)
    }

    fn is_defined(&self, name: &str) -> bool {
        self.witnesses.iter().any(|witness| witness.name == name)
            || self.groups.iter().any(|group| group.name == name)
    }

    fn add_log(&mut self, log: PolicyLog) -> Result<(), PolicyError> {
        check_url(log.url.as_deref())?;
        if self.logs.iter().any(|before| before.key.public() == log.key.public()) {
            return Err(PolicyError::DuplicateKey(log.key));
        }
        add(&mut self.logs, log)
    }

    fn add_witness(&mut self, witness: PolicyWitness) -> Result<(), PolicyError> {
        check_url(witness.url.as_deref())?;
        if witness.key.algorithm() != NoteAlgorithm::Cosignature {
            return Err(PolicyError::Algorithm(witness.name));
        }
        if !is_word(&witness.name) || self.is_defined(&witness.name) {
            return Err(PolicyError::Name(witness.name));
        }
        if self.witnesses.iter().any(|before| before.key.public() == witness.key.public()) {
            return Err(PolicyError::DuplicateKey(witness.key));
        }
        add(&mut self.witnesses, witness)
    }

    fn add_group(&mut self, group: PolicyGroup) -> Result<(), PolicyError> {
        if !is_word(&group.name) || self.is_defined(&group.name) {
            return Err(PolicyError::Name(group.name));
        }
        if !(1..=group.members.len()).contains(&group.threshold.of(group.members.len())) {
            return Err(PolicyError::Threshold(group.name));
        }
        for (place, member) in group.members.iter().enumerate() {
            if !self.is_defined(member) {
                return Err(PolicyError::Unknown(member.clone()));
            }
            let elsewhere = self.groups.iter().any(|before| before.members.contains(member));
            if elsewhere || group.members[..place].contains(member) {
                return Err(PolicyError::MemberTwice(member.clone()));
            }
        }
        add(&mut self.groups, group)
    }

    fn set_quorum(&mut self, quorum: Option<String>) -> Result<(), PolicyError> {
        match quorum {
            Some(name) if !self.is_defined(&name) => Err(PolicyError::Unknown(name)),
            quorum => {
                self.quorum = quorum;
                Ok(())
            }
        }
    }
}

fn check_url(url: Option<&str>) -> Result<(), PolicyError> {
    match url {
        Some(url) if !is_word(url) => Err(PolicyError::Url(url.chars().take(80).collect())),
        _ => Ok(()),
    }
}

fn add<T>(list: &mut Vec<T>, entry: T) -> Result<(), PolicyError> {
    if list.len() >= POLICY_ENTRIES_LIMIT {
        return Err(PolicyError::TooMany);
    }
    list.push(entry);
    Ok(())
}

impl fmt::Display for Policy {
    /// One line each: logs, witnesses, groups, quorum.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = |url: &Option<String>| url.as_ref().map(|url| format!(" {url}")).unwrap_or_default();
        for log in &self.logs {
            writeln!(f, "log {}{}", log.key, url(&log.url))?;
        }
        for witness in &self.witnesses {
            writeln!(f, "witness {} {}{}", witness.name, witness.key, url(&witness.url))?;
        }
        for group in &self.groups {
            writeln!(f, "group {} {} {}", group.name, group.threshold, group.members.join(" "))?;
        }
        writeln!(f, "quorum {}", self.quorum.as_deref().unwrap_or("none"))
    }
}
