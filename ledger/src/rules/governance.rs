//! Rules for the network itself: what may be proposed, who votes with which weight, and what a decision does.
//!
//! An exchange's weight is the voting power of its nodes at the time of each vote. More than two thirds of the power
//! accept, a third or more against it rejects. New parameters are written by the due queue in the first block at or
//! after their instant; a block reads its parameters at its start, so they count from the next one. A change of nodes is
//! written with the vote that decides it: the set that signs a block is the set before the block's changes.

use super::{Context, Effects, Rule, Verdict};
use crate::act::governance::{CalendarYear, ChangeNodes, Node, NodeChange, Propose, Setting, Vote};
use crate::act::member::Role;
use crate::identifier::{Date, MemberId, ProposalId, RecordId, Timestamp};
use crate::key::PublicKey;
use crate::refusal::{Code, Refusal};
use crate::state::{
    Ballot, Calendar, Fault, Member, MemberByKey, NodeKeyUsed, Nodes, Overlay, Parameters, Proposal,
    ProposalChange, ProposalState, Read, Stored as _, Unit, key_digest,
};
use crate::vote::ValidatorSetError;
use std::collections::BTreeSet;

/// Milliseconds between a proposal and the instant at which it is to count, at least: operators see it coming.
const LEAD: u64 = 3_600_000;

impl Context<'_> {
    /// An exchange that an act names, which signs.
    fn exchange_signs(&self, exchange: MemberId, verdict: &mut Verdict) -> Result<(), Fault> {
        if let Some(member) = self.named::<Member>(exchange, verdict)? {
            if !member.is(Role::Exchange) {
                verdict.refuse(Refusal::new(Code::ExchangeOnly).about(exchange));
            }
            self.need(exchange, None, Code::MemberSignatureRequired, verdict)?;
        }
        Ok(())
    }

    /// Refuses a key that a node has or had.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub(super) fn no_node_key(&self, key: &PublicKey, verdict: &mut Verdict) -> Result<(), Fault> {
        if let Some(taken) = self.find::<NodeKeyUsed>(&key_digest(key))? {
            verdict.refuse(Refusal::new(Code::KeyTaken).because_of(taken.record));
        }
        let nodes: Nodes = self.must(&Unit)?;
        if let Some(node) = nodes.nodes.iter().find(|node| keys_of(node).contains(key)) {
            verdict.refuse(Refusal::new(Code::KeyTaken).because_of(node.exchange).with(&node.name));
        }
        Ok(())
    }
}

fn open(
    effects: &mut Effects<'_, '_>,
    exchange: MemberId,
    change: ProposalChange,
    reason: &crate::codec::Text<600>,
) -> Result<(), Fault> {
    let proposal = Proposal {
        exchange,
        change,
        reason: reason.clone(),
        until: effects.time.plus_milliseconds(u64::from(effects.parameters.proposal_days) * Timestamp::DAY),
        ballots: crate::codec::List::new(),
        state: ProposalState::Open,
    };
    effects.put(&ProposalId::new(effects.position, 0), &proposal)
}

/// A year's days stand in it, ascending, and each is of its kind.
fn check_calendar(calendar: &CalendarYear, verdict: &mut Verdict) {
    let plain = Calendar { holidays: crate::codec::List::new(), workdays: crate::codec::List::new() };
    let year = i32::from(calendar.year);
    let ascends = |days: &[Date]| days.windows(2).all(|pair| pair[0] < pair[1]);
    let within = calendar.holidays.iter().chain(&calendar.workdays).all(|day| day.year() == year);
    let kinds = calendar.holidays.iter().all(|day| plain.is_worked(*day))
        && calendar.workdays.iter().all(|day| !plain.is_worked(*day));
    if !(within && kinds && ascends(&calendar.holidays) && ascends(&calendar.workdays)) {
        verdict.refuse(Refusal::new(Code::CalendarDays).with(calendar.year));
    }
}

/// The parameters with these settings, or a refusal that a value lies beyond its bounds.
fn with_settings(parameters: &Parameters, settings: &[Setting]) -> Result<Parameters, Refusal> {
    let mut changed = parameters.clone();
    let refusal = Refusal::new(Code::ParameterBounds);
    match changed.set(settings).and_then(|()| changed.check()) {
        Ok(()) => Ok(changed),
        Err(reason) => Err(refusal.with(reason)),
    }
}

impl Rule for Propose {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.exchange_signs(self.exchange, verdict)?;
        verdict.refuse_if(self.settings.is_empty() && self.calendar.is_none(), Code::FieldMissing);
        let names: Vec<_> = self.settings.iter().map(Setting::name).collect();
        cx.once(&names, verdict);
        if let Err(refusal) = with_settings(cx.parameters, &self.settings) {
            verdict.refuse(refusal);
        }
        if let Some(calendar) = &self.calendar {
            check_calendar(calendar, verdict);
        }
        if self.at < cx.time.plus_milliseconds(LEAD) {
            let figures = format!("{}, {} minutes ahead at least", self.at, LEAD / 60_000);
            verdict.refuse(Refusal::new(Code::ProposalActivation).with(figures));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let change = ProposalChange::Settings {
            settings: self.settings.clone(),
            calendar: self.calendar.clone(),
            at: self.at,
        };
        open(effects, self.exchange, change, &self.reason)
    }
}

/// What a change makes of the nodes, the keys it brings and those it takes away.
struct Changed {
    nodes: Nodes,
    brings: Vec<PublicKey>,
    takes: Vec<PublicKey>,
}

fn keys_of(node: &Node) -> [PublicKey; 3] {
    [node.vote_key.clone(), node.cosign_key.clone(), node.network_key.clone()]
}

impl NodeChange {
    /// The name of the node that changes.
    fn node_name(&self) -> &str {
        match self {
            Self::Add { node } => node.name.as_str(),
            Self::Remove { name }
            | Self::Rekey { name, .. }
            | Self::Reweigh { name, .. }
            | Self::Readdress { name, .. } => name.as_str(),
        }
    }

    /// The nodes after the change, or why there can be none: the name, or the bound.
    fn carried_out(&self, nodes: &Nodes) -> Result<Changed, Refusal> {
        let name = self.node_name();
        let place = nodes.nodes.binary_search_by(|node| node.name.as_str().cmp(name));
        let mut list: Vec<Node> = nodes.nodes.to_vec();
        let (mut brings, mut takes) = (Vec::new(), Vec::new());
        match (self, place) {
            (Self::Add { node }, Err(place)) => {
                brings.extend(keys_of(node));
                list.insert(place, node.clone());
            }
            (Self::Add { .. }, Ok(_)) => return Err(Refusal::new(Code::NodeNameTaken).with(name)),
            (_, Err(_)) => return Err(Refusal::new(Code::NodeUnknown).with(name)),
            (Self::Remove { .. }, Ok(place)) => takes.extend(keys_of(&list.remove(place))),
            (Self::Rekey { vote_key, cosign_key, network_key, .. }, Ok(place)) => {
                takes.extend(keys_of(&list[place]));
                list[place].vote_key = vote_key.clone();
                list[place].cosign_key = cosign_key.clone();
                list[place].network_key = network_key.clone();
                brings.extend(keys_of(&list[place]));
            }
            (Self::Reweigh { power, .. }, Ok(place)) => list[place].power = *power,
            (Self::Readdress { consensus_address, gossip_address, api_address, .. }, Ok(place)) => {
                list[place].consensus_address = consensus_address.clone();
                list[place].gossip_address = gossip_address.clone();
                list[place].api_address = api_address.clone();
            }
        }
        let count = list.len();
        let limit = || Refusal::new(Code::NodeLimit).with(format!("{count} nodes"));
        let nodes = Nodes { nodes: list.try_into().map_err(|_| limit())? };
        // The bound in bytes is the tighter one when addresses are long.
        nodes.to_bytes().map_err(|_| limit())?;
        Ok(Changed { nodes, brings, takes })
    }

    /// The same, its new keys being sound, different, and nobody's before.
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<Vec<PublicKey>, Fault> {
        let nodes: Nodes = cx.must(&Unit)?;
        let changed = match self.carried_out(&nodes) {
            Ok(changed) => changed,
            Err(refusal) => {
                verdict.refuse(refusal);
                return Ok(Vec::new());
            }
        };
        match changed.nodes.validators() {
            // A key that is taken is refused below, with whose it is.
            Ok(_) | Err(ValidatorSetError::Duplicate(_)) => {}
            Err(error) => verdict.refuse(Refusal::new(Code::NodeValidators).with(error)),
        }
        cx.once(&changed.brings, verdict);
        for key in &changed.brings {
            if let Err(error) = key.check() {
                verdict.refuse(Refusal::new(Code::KeyWeak).with(error));
            }
            if let Some(taken) = cx.find::<MemberByKey>(&key_digest(key))? {
                verdict.refuse(Refusal::new(Code::KeyTaken).because_of(taken.member));
            }
            cx.no_node_key(key, verdict)?;
        }
        Ok(changed.brings)
    }
}

impl ChangeNodes {
    /// Whose node it is: who adds one, rekeys it or moves it signs for its own.
    fn check_exchange(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let runs = match &self.change {
            NodeChange::Add { node } => Some(node.exchange),
            NodeChange::Rekey { name, .. } | NodeChange::Readdress { name, .. } => {
                let nodes: Nodes = cx.must(&Unit)?;
                nodes.nodes.iter().find(|node| node.name == *name).map(|node| node.exchange)
            }
            // A node that harms the network is removed without its exchange.
            NodeChange::Remove { .. } | NodeChange::Reweigh { .. } => None,
        };
        if let Some(runs) = runs.filter(|runs| *runs != self.exchange) {
            verdict.refuse(Refusal::new(Code::NodeExchange).because_of(runs));
        }
        cx.exchange_signs(self.exchange, verdict)
    }
}

impl Rule for ChangeNodes {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        self.check_exchange(cx, verdict)?;
        for key in self.change.check(cx, verdict)? {
            verdict.refuse_if(!cx.signers.new_keys.proves(&key), Code::KeyProofMissing);
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let change = ProposalChange::Nodes { change: self.change.clone() };
        open(effects, self.exchange, change, &self.reason)
    }
}

/// The voting power of an exchange's nodes, and of all.
fn power_of(nodes: &Nodes, exchanges: &BTreeSet<MemberId>) -> u128 {
    let runs = nodes.nodes.iter().filter(|node| exchanges.contains(&node.exchange));
    runs.map(|node| u128::from(node.power)).sum()
}

impl Vote {
    /// The votes with this one among them.
    fn ballots(&self, proposal: &Proposal) -> Vec<Ballot> {
        let mut ballots: Vec<_> =
            proposal.ballots.iter().copied().filter(|ballot| ballot.exchange != self.exchange).collect();
        ballots.push(Ballot { exchange: self.exchange, in_favour: self.in_favour });
        ballots.sort_by_key(|ballot| ballot.exchange);
        ballots
    }

    /// What the votes come to with this one: accepted, rejected, or not decided.
    fn outcome(&self, proposal: &Proposal, nodes: &Nodes) -> Option<bool> {
        let ballots = self.ballots(proposal);
        let side = |in_favour: bool| {
            let side = ballots.iter().filter(|ballot| ballot.in_favour == in_favour);
            power_of(nodes, &side.map(|ballot| ballot.exchange).collect())
        };
        let all: u128 = nodes.nodes.iter().map(|node| u128::from(node.power)).sum();
        if side(true) * 3 > all * 2 {
            Some(true)
        } else if side(false) * 3 >= all {
            Some(false)
        } else {
            None
        }
    }
}

impl Rule for Vote {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.exchange_signs(self.exchange, verdict)?;
        let nodes: Nodes = cx.must(&Unit)?;
        if power_of(&nodes, &BTreeSet::from([self.exchange])) == 0 {
            verdict.refuse(Refusal::new(Code::ProposalNoVote).about(self.exchange));
        }
        let Some(proposal) = cx.named::<Proposal>(self.proposal, verdict)? else { return Ok(()) };
        if !proposal.is_open(cx.time) {
            let refusal = Refusal::new(Code::ProposalClosed).about(self.proposal);
            verdict.refuse(match proposal.state {
                ProposalState::Open => refusal.with(format!("until {}", proposal.until)),
                ProposalState::Accepted { by }
                | ProposalState::Rejected { by }
                | ProposalState::InForce { by }
                | ProposalState::Void { by } => refusal.because_of(by),
            });
            return Ok(());
        }
        if self.outcome(&proposal, &nodes) == Some(true) {
            // What was possible when it was proposed may not be any more.
            match &proposal.change {
                ProposalChange::Settings { settings, .. } => {
                    if let Err(refusal) = with_settings(cx.parameters, settings) {
                        verdict.refuse(refusal.about(self.proposal));
                    }
                }
                ProposalChange::Nodes { change } => _ = change.check(cx, verdict)?,
            }
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut proposal: Proposal = effects.must(&self.proposal)?;
        let nodes: Nodes = effects.must(&Unit)?;
        let by = RecordId::new(effects.position);
        let outcome = self.outcome(&proposal, &nodes);
        let unbounded = |_| Fault::Contradiction("more exchanges vote than there are nodes".into());
        let known = |ballot: &Ballot| nodes.nodes.iter().any(|node| node.exchange == ballot.exchange);
        let ballots: Vec<_> = self.ballots(&proposal).into_iter().filter(known).collect();
        proposal.ballots = ballots.try_into().map_err(unbounded)?;
        proposal.state = match (outcome, &proposal.change) {
            (None, _) => ProposalState::Open,
            (Some(false), _) => ProposalState::Rejected { by },
            (Some(true), ProposalChange::Settings { .. }) => ProposalState::Accepted { by },
            (Some(true), ProposalChange::Nodes { change }) => {
                let unchecked = |_| Fault::Contradiction("a change of nodes was not checked".into());
                let changed = change.carried_out(&nodes).map_err(unchecked)?;
                effects.put(&Unit, &changed.nodes)?;
                for key in changed.takes {
                    effects.put(&key_digest(&key), &NodeKeyUsed { record: by })?;
                }
                ProposalState::InForce { by }
            }
        };
        effects.put(&self.proposal, &proposal)
    }
}

/// Carries out an accepted change of parameters whose time has come. If another one has made it impossible, it is void.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written.
pub(super) fn activate(overlay: &mut Overlay<'_>, id: ProposalId) -> Result<(), Fault> {
    let mut proposal: Proposal = overlay.must(&id)?;
    let (ProposalState::Accepted { by }, ProposalChange::Settings { settings, calendar, .. }) =
        (proposal.state, &proposal.change)
    else {
        return Err(Fault::Contradiction(format!("{id} is due and not accepted")));
    };
    proposal.state = match with_settings(&overlay.must(&Unit)?, settings) {
        Ok(parameters) => {
            overlay.put(&Unit, &parameters)?;
            if let Some(year) = calendar {
                let days = Calendar { holidays: year.holidays.clone(), workdays: year.workdays.clone() };
                overlay.put(&u32::from(year.year), &days)?;
            }
            ProposalState::InForce { by }
        }
        Err(_) => ProposalState::Void { by },
    };
    overlay.put(&id, &proposal)
}
