//! Count what was checked.

use crate::act::ActKind;
use crate::codec::{Decode, Encode};
use crate::execution::Judgement;
use crate::replay::Applied;
use serde::Serialize;
use std::collections::BTreeMap;

/// What an audit has checked, since the genesis.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Blocks, each with its seal.
    pub blocks: u64,
    /// Records.
    pub records: u64,
    /// Signatures on records.
    pub record_signatures: u64,
    /// Records that stand as pending acts.
    pub pending: u64,
    /// Effects of passed time.
    pub due: u64,
    /// State values that were written or removed.
    pub writes: u64,
    /// Precommits in commit certificates.
    pub precommits: u64,
    /// Records of each kind, by name.
    pub kinds: BTreeMap<&'static str, u64>,
}

/// The same as numbers alone, for keeping.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Kept {
    numbers: [u64; 7],
    kinds: crate::codec::List<(ActKind, u64), 1024>,
}

impl Counts {
    pub(super) fn add(&mut self, applied: &Applied, precommits: usize) {
        self.blocks += 1;
        self.records += applied.envelopes.len() as u64;
        self.due += u64::from(applied.executed.due);
        self.writes += applied.executed.writes.values.len() as u64;
        self.precommits += precommits as u64;
        for (envelope, judgement) in applied.envelopes.iter().zip(&applied.judgements) {
            self.record_signatures += envelope.signatures().len() as u64;
            self.pending += u64::from(matches!(judgement, Judgement::Pending { .. }));
            *self.kinds.entry(envelope.act().name()).or_default() += 1;
        }
    }

    /// All signatures: on records and in certificates.
    #[must_use]
    pub const fn signatures(&self) -> u64 {
        self.record_signatures + self.precommits
    }

    pub(super) fn keep(&self) -> Kept {
        let kinds = self.kinds.iter().filter_map(|(name, count)| Some((ActKind::named(name)?, *count)));
        Kept {
            numbers: [
                self.blocks,
                self.records,
                self.record_signatures,
                self.pending,
                self.due,
                self.writes,
                self.precommits,
            ],
            kinds: kinds.collect::<Vec<_>>().try_into().expect("there are fewer kinds of acts"),
        }
    }
}

impl Kept {
    pub(super) fn counts(&self) -> Counts {
        let [blocks, records, record_signatures, pending, due, writes, precommits] = self.numbers;
        let kinds = self.kinds.iter().filter_map(|(kind, count)| Some((kind.name()?, *count)));
        Counts {
            blocks,
            records,
            record_signatures,
            pending,
            due,
            writes,
            precommits,
            kinds: kinds.collect(),
        }
    }
}
