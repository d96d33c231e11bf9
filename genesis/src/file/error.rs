//! Why a genesis file is refused: the line, what is wrong with it, and what to do.

use std::fmt;
use tongda_ledger::vote::NetworkId;

/// A value of the file that differs from what its founders sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alteration {
    /// The line, from 1.
    pub line: usize,
    /// What it belongs to: `node beijing: api_address`.
    pub entry: String,
    /// The value that belongs there; none when the file has something that does not.
    pub expected: Option<String>,
    /// The value in the file; none when the file lacks it.
    pub found: Option<String>,
}

impl fmt::Display for Alteration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.entry)?;
        match (&self.expected, &self.found) {
            (Some(expected), Some(found)) => write!(f, " is {found}, not {expected}"),
            (Some(_), None) => f.write_str(" is missing"),
            (None, _) => f.write_str(" does not belong there"),
        }
    }
}

fn lines(alterations: &[Alteration]) -> String {
    alterations.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Why a genesis file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GenesisError {
    /// Not TOML, or a value that is none of its kind.
    #[error("line {line}: {reason}")]
    Entry {
        /// The line, from 1.
        line: usize,
        /// What is wrong, and what would be right.
        reason: String,
    },
    /// Entries differ from the canonical form.
    #[error(
        "{}\nThe canonical form in the file, which the founders sign, says otherwise: put the lines back, or, if the change \
         is meant, assemble the file anew and have all exchanges sign it", lines(.0)
    )]
    Altered(Vec<Alteration>),
    /// Entries differ from an application.
    #[error(
        "{}\nThe application says otherwise: do not sign; ask the coordinator to assemble the file from the applications",
        lines(.0)
    )]
    NotAsApplied(Vec<Alteration>),
    /// The stated network id is not that of the canonical form.
    #[error(
        "line {line}: the network id is stated as {stated}, but the canonical form below it has {found}: one of the \
         two was changed; take the file again from an exchange that you trust"
    )]
    NetworkId {
        /// The line of the statement.
        line: usize,
        /// What is stated.
        stated: NetworkId,
        /// What the canonical form hashes to.
        found: NetworkId,
    },
    /// There is no canonical form.
    #[error(
        "the file has no [founding] with network-id and canonical form, so there is nothing that could have been \
         signed; make it with `tongda-genesis assemble`"
    )]
    Unsealed,
    /// A signature that does not count.
    #[error("line {line}: {reason}; remove the entry, or have the member sign this file")]
    Signature {
        /// The line of the signature's entry.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// An exchange has not signed.
    #[error(
        "line {line}: {member} runs a node and has signed with {signed} of the {needed} keys that its policy asks for; \
         it signs with `tongda-genesis sign`"
    )]
    Unsigned {
        /// The line of the member's entry.
        line: usize,
        /// The member's name.
        member: String,
        /// Its signatures.
        signed: usize,
        /// The signatures that it needs.
        needed: u8,
    },
}

impl GenesisError {
    /// The first line that is wrong, from 1; none when no single line is.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Entry { line, .. }
            | Self::NetworkId { line, .. }
            | Self::Signature { line, .. }
            | Self::Unsigned { line, .. } => Some(*line),
            Self::Altered(alterations) | Self::NotAsApplied(alterations) => {
                alterations.iter().map(|alteration| alteration.line).min()
            }
            Self::Unsealed => None,
        }
    }
}
