//! What must hold for an act: one file a family, the same names as in `act/`.
//!
//! A rule reads the state, names **every** reason why the act is not allowed and every member whose signature it needs,
//! and, when nothing is in the way, writes the new state. Checking writes nothing and applying asks nothing: whatever
//! could go wrong is asked before the first value is written. Rules take the rule set of the network's parameters;
//! branches for earlier rule sets are never deleted, for replay needs them.

mod advertising;
mod attribute;
mod bars;
mod by_law;
mod calendar;
mod commitments;
mod compulsory;
mod conflict;
mod consortium;
mod contribution;
mod credit;
mod deal;
mod dispute;
mod duties;
mod event;
mod finance;
mod funding;
mod governance;
mod guards;
mod implementation;
mod licence;
mod licence_change;
mod licences;
mod listing;
mod matching;
mod member;
mod open_licence;
mod open_source;
mod party;
mod patent;
mod pending;
mod pledge;
mod pledges;
mod pool;
mod portfolio;
mod product;
mod realisation;
mod risk;
mod royalty;
mod standard;
mod statistics;
mod stock;
mod streams;
mod technical_contract;
mod tiering;
mod time;
mod trade;
mod transfer;
mod valuation;

pub(crate) use pending::{may_suspend, suspend};
pub(crate) use time::{effect_name, pass};

use crate::act::ActKind;
use crate::identifier::{Date, MemberId, PatentId, Timestamp};
use crate::key::PublicKey;
use crate::refusal::{Code, Refusal};
use crate::state::{Fault, Member, Overlay, Parameters, PatentStatus, Read, Stored, View};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The rules of one kind of act.
pub trait Rule {
    /// Names every reason against the act, and every member whose signature it needs.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read; never because the act is wrong.
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault>;

    /// Writes what the act changes. Called only after [`Rule::check`] found nothing.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read or written.
    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault>;

    /// The patents that consents to this act rest on. An act that names none cannot stand as pending unless
    /// [`Rule::may_wait`] says otherwise.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(Vec::new())
    }

    /// Whether the act may stand as pending until the missing consents come.
    fn may_wait(&self) -> bool {
        false
    }
}

/// Who signed: each member whose signing policy is satisfied, with its state.
#[derive(Clone, Debug, Default)]
pub struct Signers {
    /// The members.
    pub members: BTreeMap<MemberId, Member>,
    /// Keys that signed as the applicant: new keys that the act itself names.
    pub new_keys: NewKeys,
}

/// The keys that prove they are held by who enrols them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewKeys {
    /// Those that signed.
    Signed(BTreeSet<PublicKey>),
    /// Taken for granted, when an act is tried before anyone signs it.
    Assumed,
}

impl Default for NewKeys {
    fn default() -> Self {
        Self::Signed(BTreeSet::new())
    }
}

impl NewKeys {
    /// Whether this key has proved itself.
    #[must_use]
    pub fn proves(&self, key: &PublicKey) -> bool {
        match self {
            Self::Signed(keys) => keys.contains(key),
            Self::Assumed => true,
        }
    }
}

/// The circumstances of an act: when, by whom, at which place in the log.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// The block's time.
    pub time: Timestamp,
    /// Its civil date in Beijing.
    pub today: Date,
    /// The network's parameters at the block's start.
    pub parameters: &'a Parameters,
    /// Who acts.
    pub author: MemberId,
    /// Who signed.
    pub signers: &'a Signers,
    /// Whether a pending act is judged again, the signers being all who have consented to it.
    pub consented: bool,
    /// The act's kind.
    pub kind: ActKind,
    /// The record's position in the log, from which the ids of what it creates are made.
    pub position: u64,
}

/// The state and the circumstances, for checking.
pub struct Context<'a> {
    state: &'a dyn View,
    case: &'a Case<'a>,
}

impl<'a> std::ops::Deref for Context<'a> {
    type Target = Case<'a>;

    fn deref(&self) -> &Case<'a> {
        self.case
    }
}

impl<'a> Context<'a> {
    /// A context.
    #[must_use]
    pub fn new(state: &'a dyn View, case: &'a Case<'a>) -> Self {
        Self { state, case }
    }

    /// The value of type `T` with this id.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub fn find<T: Stored>(&self, id: &T::Id) -> Result<Option<T>, Fault> {
        self.state.find(id)
    }

    /// The value of type `T` with this id, which another value names.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read or the value is missing.
    pub fn must<T: Stored>(&self, id: &T::Id) -> Result<T, Fault> {
        self.state.must(id)
    }
}

impl View for Context<'_> {
    fn get(&self, key: &crate::state::StateKey) -> Result<Option<Arc<[u8]>>, Fault> {
        self.state.get(key)
    }

    fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<(Timestamp, crate::state::StateKey)>, Fault> {
        self.state.due(until, limit)
    }

    fn is_used(&self, id: &crate::hash::Hash) -> bool {
        self.state.is_used(id)
    }
}

/// A signature that an act needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Whose.
    pub member: MemberId,
    /// How it is refused when the signature is missing and cannot be waited for.
    pub refusal: Refusal,
}

/// What a check found: reasons against the act, and signatures that are still missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    refusals: Vec<Refusal>,
    missing: Vec<Need>,
}

impl Verdict {
    /// A reason against the act.
    pub fn refuse(&mut self, refusal: Refusal) {
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }

    /// A reason against the act, if the condition holds.
    pub fn refuse_if(&mut self, condition: bool, code: Code) {
        if condition {
            self.refuse(Refusal::new(code));
        }
    }

    /// A missing signature.
    pub fn miss(&mut self, member: MemberId, refusal: Refusal) {
        let need = Need { member, refusal };
        if !self.missing.contains(&need) {
            self.missing.push(need);
        }
    }

    /// The reasons so far.
    #[must_use]
    pub fn refusals(&self) -> &[Refusal] {
        &self.refusals
    }

    /// The missing signatures so far, for each reason why one is needed.
    #[must_use]
    pub fn missing(&self) -> &[Need] {
        &self.missing
    }

    /// Whose signatures are missing, each member once, in the order in which the rules ask.
    #[must_use]
    pub fn awaited(&self) -> Vec<MemberId> {
        let mut known = BTreeSet::new();
        self.missing.iter().map(|need| need.member).filter(|member| known.insert(*member)).collect()
    }

    /// All reasons, a missing signature being one.
    #[must_use]
    pub fn into_refusals(self) -> Vec<Refusal> {
        self.refusals.into_iter().chain(self.missing.into_iter().map(|need| need.refusal)).collect()
    }
}

/// The state and the circumstances, for applying.
pub struct Effects<'a, 'b> {
    overlay: &'a mut Overlay<'b>,
    case: &'a Case<'a>,
}

impl<'a> std::ops::Deref for Effects<'a, '_> {
    type Target = Case<'a>;

    fn deref(&self) -> &Case<'a> {
        self.case
    }
}

impl<'a, 'b> Effects<'a, 'b> {
    /// Effects on this overlay.
    #[must_use]
    pub fn new(overlay: &'a mut Overlay<'b>, case: &'a Case<'a>) -> Self {
        Self { overlay, case }
    }

    /// The value of type `T` with this id.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read.
    pub fn find<T: Stored>(&self, id: &T::Id) -> Result<Option<T>, Fault> {
        self.overlay.find(id)
    }

    /// The value of type `T` with this id, which another value names.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read or the value is missing.
    pub fn must<T: Stored>(&self, id: &T::Id) -> Result<T, Fault> {
        self.overlay.must(id)
    }

    /// Writes a value.
    ///
    /// # Errors
    /// [`Fault`] when the value is too long or the old one cannot be read.
    pub fn put<T: Stored>(&mut self, id: &T::Id, value: &T) -> Result<(), Fault> {
        self.overlay.put(id, value)
    }

    /// Removes a value.
    ///
    /// # Errors
    /// [`Fault`] when the old value cannot be read.
    pub fn remove<T: Stored>(&mut self, id: &T::Id) -> Result<(), Fault> {
        self.overlay.remove::<T>(id)
    }

    /// Changes a patent's status and adds the act to its chain of events.
    ///
    /// # Errors
    /// [`Fault`] when the status cannot be read or written.
    pub fn touch(
        &mut self,
        patent: PatentId,
        change: impl FnOnce(&mut PatentStatus),
    ) -> Result<PatentStatus, Fault> {
        let mut status: PatentStatus = self.must(&patent)?;
        change(&mut status);
        self.overlay.touch(patent, &mut status, (self.position, 0), (self.kind.family, self.kind.kind));
        self.put(&patent, &status)?;
        Ok(status)
    }
}
