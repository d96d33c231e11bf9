//! Judge proposed blocks, each once, and keep the valid ones.
//!
//! A body is judged when its parent is committed; one that comes earlier waits here, within bounds. What a leader
//! signs is at most a few blocks a round. Anyone can repeat a leader's announcement with another body: such a body
//! is not the block's, which says nothing about the block, and its sender soon gets no hearing at this height.

use crate::application::{Application, Origin, Question, Verdict};
use crate::config::Limits;
use crate::context::{Address, Height, Tongda, Validators, Value, optional};
use crate::error::{EngineError, fault};
use crate::identity::network_key;
use crate::observed::Observed;
use crate::part::{Announced, Announcement};
use crate::prevotes::Prevotes;
use crate::stream::{Assembled, Dropped};
use crate::undecided::{Block, Head, Undecided};
use malachitebft_app_channel::app::types::core::{Round, Validity};
use malachitebft_app_channel::app::types::{PeerId, ProposedValue};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tongda_ledger::hash::Hash;
use tongda_ledger::vote::{self, NetworkId};

/// The engine takes no vote or proposal that is more rounds ahead.
const ROUNDS_AHEAD: u32 = 10;

/// After this many false bodies a peer gets no hearing at the height.
const FALSE_BODIES: u32 = 4;

/// Knows the height that follows the last committed block, and what was proposed for it.
pub(crate) struct Judge {
    network: NetworkId,
    me: Option<vote::Address>,
    limits: Limits,
    height: u64,
    round: u32,
    validators: Validators,
    prevotes: Arc<Prevotes>,
    /// The valid blocks.
    pub(crate) undecided: Undecided,
    /// The blocks that leaders signed, by round.
    signed: BTreeMap<u32, BTreeSet<Hash>>,
    /// Blocks that were judged invalid, and under which question.
    refused: BTreeSet<(Hash, u32, Option<u32>)>,
    false_bodies: BTreeMap<PeerId, u32>,
    /// Bodies of later heights, with who sent them.
    early: Vec<(PeerId, Assembled)>,
}

/// What came of a body.
#[derive(Default)]
pub(crate) struct Judged {
    /// What the engine is to know.
    pub(crate) value: Option<ProposedValue<Tongda>>,
    /// What the application is to know.
    pub(crate) observed: Option<Observed>,
}

impl Judged {
    fn dropped(peer: &PeerId, reason: impl ToString) -> Self {
        let observed = Observed::StreamDropped { peer: network_key(peer), reason: reason.to_string() };
        Self { value: None, observed: Some(observed) }
    }
}

impl Judge {
    pub(crate) fn new(
        network: NetworkId,
        me: Option<vote::Address>,
        limits: Limits,
        validators: Validators,
        prevotes: Arc<Prevotes>,
        undecided: Undecided,
        height: u64,
    ) -> Self {
        prevotes.begin(height);
        Self {
            network,
            me,
            limits,
            height,
            round: 0,
            validators,
            prevotes,
            undecided,
            signed: BTreeMap::new(),
            refused: BTreeSet::new(),
            false_bodies: BTreeMap::new(),
            early: Vec::new(),
        }
    }

    /// The height that follows the last committed block.
    pub(crate) const fn height(&self) -> u64 {
        self.height
    }

    /// Its validators.
    pub(crate) const fn validators(&self) -> &Validators {
        &self.validators
    }

    /// Whether this node votes at the height: then what it votes for must survive a crash.
    pub(crate) fn votes(&self) -> bool {
        self.me.is_some_and(|me| self.validators.get(&me).is_some())
    }

    /// Turns to the next height: its parent is committed.
    pub(crate) fn begin(&mut self, height: u64, validators: Validators) {
        self.height = height;
        self.round = 0;
        self.validators = validators;
        self.prevotes.begin(height);
        self.undecided.begin(height);
        self.signed.clear();
        self.refused.clear();
        self.false_bodies.clear();
        self.early.retain(|(_, early)| early.announced.announcement.height >= height);
    }

    /// The engine began a round.
    pub(crate) fn started_round(&mut self, round: u32) {
        self.round = round;
    }

    /// Whether a body may be sent under this announcement.
    pub(crate) fn admit(&self, peer: &PeerId, announced: &Announced) -> Result<(), Dropped> {
        let Announcement { height, round, .. } = announced.announcement;
        if height < self.height || height > self.height.saturating_add(self.limits.heights_ahead) {
            return Err(Dropped::Untimely { height });
        }
        let reached = if height == self.height { self.round } else { 0 };
        if round > reached.saturating_add(ROUNDS_AHEAD) {
            return Err(Dropped::Refused(format!("round {round} is too far ahead of round {reached}")));
        }
        if height > self.height {
            // Its validators may not be known; it is checked when its turn comes.
            return Ok(());
        }
        if self.false_bodies.get(peer).is_some_and(|count| *count >= FALSE_BODIES) {
            return Err(Dropped::Unheard);
        }
        announced.check(&self.network, &self.validators).map_err(|error| Dropped::Refused(error.to_string()))
    }

    /// Takes a complete body: judges it, or keeps it until its turn comes.
    pub(crate) async fn take<A: Application>(
        &mut self,
        application: &mut A,
        peer: PeerId,
        assembled: Assembled,
    ) -> Result<Judged, EngineError> {
        let height = assembled.announced.announcement.height;
        if height == self.height {
            return self.check_and_judge(application, &peer, assembled).await;
        }
        let of_peer = self
            .early
            .iter()
            .filter(|(sender, early)| *sender == peer && early.announced.announcement.height == height);
        let bytes: usize = self.early.iter().map(|(_, early)| early.body.len()).sum();
        let fits = bytes + assembled.body.len() <= self.limits.bytes_total;
        if height > self.height && fits && of_peer.count() < self.limits.undecided_per_round {
            self.early.push((peer, assembled));
        }
        Ok(Judged::default())
    }

    /// Judges the bodies that waited for this height.
    pub(crate) async fn judge_early<A: Application>(
        &mut self,
        application: &mut A,
    ) -> Result<Vec<Judged>, EngineError> {
        let (mut due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.early)
            .into_iter()
            .partition(|(_, early)| early.announced.announcement.height == self.height);
        self.early = later;
        due.sort_by_key(|(_, early)| early.announced.announcement.round);
        let mut judged = Vec::with_capacity(due.len());
        for (peer, assembled) in due {
            judged.push(self.check_and_judge(application, &peer, assembled).await?);
        }
        Ok(judged)
    }

    /// Judges a body whose parent is committed. Its announcement may have come when its height's validators were
    /// not known, and is checked now.
    async fn check_and_judge<A: Application>(
        &mut self,
        application: &mut A,
        peer: &PeerId,
        assembled: Assembled,
    ) -> Result<Judged, EngineError> {
        match assembled.announced.check(&self.network, &self.validators) {
            Ok(()) => self.judge(application, peer, assembled).await,
            Err(error) => Ok(Judged::dropped(peer, error)),
        }
    }

    /// Judges a body whose announcement is genuine.
    async fn judge<A: Application>(
        &mut self,
        application: &mut A,
        peer: &PeerId,
        assembled: Assembled,
    ) -> Result<Judged, EngineError> {
        let Assembled { announced, body } = assembled;
        let Announcement { height, round, valid_round, proposer, block, .. } = announced.announcement;
        let value = |valid| Some(proposed(height, round, valid_round, proposer, block, valid));
        if self.undecided.get(&block).is_some() {
            // Valid once is valid: what a later round may relax cannot make it invalid.
            return Ok(Judged { value: value(true), observed: None });
        }
        let signed = self.signed.entry(round).or_default();
        if !signed.contains(&block) && signed.len() >= self.limits.undecided_per_round {
            return Ok(Judged::dropped(peer, format!("{proposer} signed too many blocks for round {round}")));
        }
        signed.insert(block);
        let believed = valid_round.filter(|valid| self.prevotes.support(&self.validators, *valid, block));
        if self.refused.contains(&(block, round, believed)) {
            return Ok(Judged { value: value(false), observed: None });
        }
        let origin = believed.map_or(Origin::Fresh, |valid_round| Origin::Reproposed { valid_round });
        let question = Question { height, round, proposer, origin, block, body: body.clone() };
        match application.validate(question).await.map_err(fault("judge a block"))? {
            Verdict::Valid => {
                let head = Head { height, round, valid_round, proposer, block, announced: Some(announced) };
                self.undecided.keep(Block { head, body }, self.votes()).await?;
                Ok(Judged { value: value(true), observed: None })
            }
            Verdict::Invalid(reason) => {
                self.refused.insert((block, round, believed));
                let observed = Some(Observed::Refused { height, round, proposer, block, reason });
                Ok(Judged { value: value(false), observed })
            }
            Verdict::Mismatch(reason) => {
                *self.false_bodies.entry(*peer).or_default() += 1;
                Ok(Judged::dropped(peer, reason))
            }
        }
    }
}

/// A proposed block in the engine's terms.
pub(crate) fn proposed(
    height: u64,
    round: u32,
    valid_round: Option<u32>,
    proposer: vote::Address,
    block: Hash,
    valid: bool,
) -> ProposedValue<Tongda> {
    ProposedValue {
        height: Height(height),
        round: Round::new(round),
        valid_round: optional(valid_round),
        proposer: Address(proposer),
        value: Value(block),
        validity: Validity::from_bool(valid),
    }
}

#[cfg(test)]
mod tests;
