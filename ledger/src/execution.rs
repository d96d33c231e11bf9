//! Execute records: judge each at its place and write what it changes to an overlay of the state.
//!
//! The one path for all: a proposer leaves out what it refuses, a validator refuses a block in which it refuses anything,
//! replay and audit run it over history, and "may I?" runs it over an act that nobody has signed yet.

use crate::act::Act;
use crate::envelope::{APPLICANT, Core, Envelope, Expected};
use crate::hash::Hash;
use crate::identifier::{MemberId, PendingId, Timestamp, has_personal_number};
use crate::refusal::{Code, Refusal};
use crate::rules::{self, Case, Context, Effects, NewKeys, Signers, Verdict};
use crate::state::{
    Fault, Member, Overlay, Parameters, PatentStatus, Read, Standing, Unit, UsedChunk, UsedTail, View, Writes,
};
use crate::vote::NetworkId;
use std::collections::{BTreeMap, BTreeSet};

/// What the ledger answers to an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It is allowed and has effect.
    Effective,
    /// It is allowed but for consents that are still to come.
    Pending {
        /// The pending act.
        id: PendingId,
        /// Who still has to consent.
        missing: Vec<MemberId>,
    },
    /// It is not allowed, for all these reasons.
    Refused(Vec<Refusal>),
}

impl Judgement {
    /// Whether the record counts.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        !matches!(self, Self::Refused(_))
    }
}

/// An act as it is tried before anyone signs: who would sign it, and what it would be signed over.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Draft {
    /// Who would act.
    pub author: MemberId,
    /// Who would sign, the author among them.
    pub signers: Vec<MemberId>,
    /// Until when missing consents would be waited for.
    #[serde(default)]
    pub gather_until: Option<Timestamp>,
    /// Versions of patents it would be signed over.
    #[serde(default)]
    pub expects: Vec<Expected>,
    /// What would be done.
    pub act: Act,
}

/// Says whether an act would be allowed at `time`, were it signed by those the draft names. Writes nothing.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub fn may_i(
    view: &dyn View,
    network: NetworkId,
    time: Timestamp,
    draft: &Draft,
) -> Result<Judgement, Fault> {
    let parameters: Parameters = view.must(&Unit)?;
    let mut verdict = Verdict::default();
    let mut signers = Signers { members: BTreeMap::new(), new_keys: NewKeys::Assumed };
    for id in draft.signers.iter().filter(|id| **id != APPLICANT) {
        match view.find::<Member>(id)? {
            None => verdict.refuse(Refusal::new(Code::MemberUnknown).about(*id)),
            Some(member) => {
                standing(*id, &member, &mut verdict);
                signers.members.insert(*id, member);
            }
        }
    }
    verdict.refuse_if(!draft.signers.contains(&draft.author), Code::AuthorNotSigned);
    let expects = draft.expects.clone().try_into();
    verdict.refuse_if(expects.is_err(), Code::DuplicateEntry);
    let core = Core {
        network,
        author: draft.author,
        valid_from: time,
        valid_until: time,
        nonce: [0; 16],
        gather_until: draft.gather_until,
        expects: expects.unwrap_or_default(),
        act: draft.act.clone(),
    };
    let case = case_of(&core, time, &parameters, &signers, u64::from(u32::MAX));
    judge(view, &case, &core, verdict)
}

fn case_of<'a>(
    core: &Core,
    time: Timestamp,
    parameters: &'a Parameters,
    signers: &'a Signers,
    position: u64,
) -> Case<'a> {
    Case {
        time,
        today: time.date(),
        parameters,
        author: core.author,
        signers,
        consented: false,
        kind: core.act.kind(),
        position,
    }
}

fn standing(id: MemberId, member: &Member, verdict: &mut Verdict) {
    if member.standing != Standing::Active {
        verdict.refuse(Refusal::new(Code::MemberSuspended).about(id));
    }
}

/// Judges an act whose signers are known, adding to what was found already.
fn judge(view: &dyn View, case: &Case<'_>, core: &Core, mut verdict: Verdict) -> Result<Judgement, Fault> {
    let cx = Context::new(view, case);
    for expected in &core.expects {
        let Some(status) = view.find::<PatentStatus>(&expected.patent)? else {
            verdict.refuse(Refusal::new(Code::ObjectUnknown).about(expected.patent));
            continue;
        };
        if status.events != expected.version {
            let figures = format!("signed over version {}, now {}", expected.version, status.events);
            let refusal = Refusal::new(Code::StateStale).about(expected.patent).with(figures);
            verdict.refuse(match status.last {
                Some(record) => refusal.because_of(record),
                None => refusal,
            });
        }
    }
    core.act.each_text(|field, text| {
        // The refusal goes into logs and answers: it names the field and not the number.
        if has_personal_number(text) {
            verdict.refuse(Refusal::new(Code::PersonalNumber).with(field));
        }
    });
    core.act.rule().check(&cx, &mut verdict)?;
    if verdict.missing().is_empty() || core.gather_until.is_none() || !verdict.refusals().is_empty() {
        let refusals = verdict.into_refusals();
        return Ok(if refusals.is_empty() { Judgement::Effective } else { Judgement::Refused(refusals) });
    }
    rules::may_suspend(&cx, core, &mut verdict)?;
    if !verdict.refusals().is_empty() {
        return Ok(Judgement::Refused(verdict.into_refusals()));
    }
    Ok(Judgement::Pending { id: PendingId::new(case.position, 0), missing: verdict.awaited() })
}

/// One block's execution over a view of the state.
pub struct Execution<'a> {
    overlay: Overlay<'a>,
    network: NetworkId,
    height: u64,
    time: Timestamp,
    parameters: Parameters,
    first: u64,
    used: Vec<Hash>,
}

/// What a block's execution came to.
#[derive(Clone, Debug)]
pub struct Executed {
    /// Everything it wrote.
    pub writes: Writes,
    /// Records that counted.
    pub records: u32,
    /// Effects of passed time.
    pub due: u16,
    /// The rule set it ran under.
    pub rule_set: u16,
}

impl<'a> Execution<'a> {
    /// An execution of the block at `height` with seal time `time`, whose first record gets the log index `first`.
    ///
    /// # Errors
    /// [`Fault`] when the network's parameters cannot be read.
    pub fn new(
        view: &'a dyn View,
        network: NetworkId,
        height: u64,
        time: Timestamp,
        first: u64,
    ) -> Result<Self, Fault> {
        let parameters = view.must(&Unit)?;
        Ok(Self { overlay: Overlay::new(view), network, height, time, parameters, first, used: Vec::new() })
    }

    /// The network's parameters at the block's start.
    #[must_use]
    pub const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Records that counted so far.
    #[must_use]
    pub fn records(&self) -> usize {
        self.used.len()
    }

    /// Judges the next record and, if it is allowed, writes what it changes. A refused record changes nothing and takes
    /// no place. The envelope's signatures must have been verified: here it is asked whose keys they are.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read or written.
    pub fn record(&mut self, envelope: &Envelope) -> Result<Judgement, Fault> {
        let mut verdict = Verdict::default();
        self.admission(envelope, &mut verdict);
        let core = envelope.core();
        let signers = self.signers(envelope, &mut verdict)?;
        let position = self.first + self.used.len() as u64;
        let case = case_of(core, self.time, &self.parameters, &signers, position);
        let judgement = judge(&self.overlay, &case, core, verdict)?;
        match &judgement {
            Judgement::Refused(_) => return Ok(judgement),
            Judgement::Effective => core.act.rule().apply(&mut Effects::new(&mut self.overlay, &case))?,
            Judgement::Pending { missing, .. } => {
                rules::suspend(&mut self.overlay, &case, core, missing)?;
            }
        }
        self.overlay.mark_used(envelope.id());
        self.used.push(envelope.id());
        Ok(judgement)
    }

    /// Network, window and single use.
    fn admission(&self, envelope: &Envelope, verdict: &mut Verdict) {
        let core = envelope.core();
        verdict.refuse_if(core.network != self.network, Code::WrongNetwork);
        let window = core.valid_until.milliseconds().checked_sub(core.valid_from.milliseconds());
        if window.is_none_or(|window| window > self.parameters.window) {
            let figures = format!("{} to {}", core.valid_from, core.valid_until);
            verdict.refuse(Refusal::new(Code::EnvelopeWindow).with(figures));
        }
        if self.time < core.valid_from {
            let figures = format!("from {}, now {}", core.valid_from, self.time);
            verdict.refuse(Refusal::new(Code::EnvelopeNotYetValid).with(figures));
        }
        if self.time > core.valid_until {
            let figures = format!("until {}, now {}", core.valid_until, self.time);
            verdict.refuse(Refusal::new(Code::EnvelopeExpired).with(figures));
        }
        verdict.refuse_if(self.overlay.is_used(&envelope.id()), Code::EnvelopeUsed);
    }

    /// The members whose keys signed, as their policies ask.
    fn signers(&self, envelope: &Envelope, verdict: &mut Verdict) -> Result<Signers, Fault> {
        let mut signers = Signers::default();
        let mut new_keys = BTreeSet::new();
        let kind = envelope.act().kind();
        for signatures in envelope.signatures().chunk_by(|a, b| a.member == b.member) {
            let id = signatures[0].member;
            for signed in signatures {
                if !self.parameters.algorithms.contains(&signed.key.algorithm().0) {
                    let refusal = Refusal::new(Code::AlgorithmNotAccepted).about(id);
                    verdict.refuse(refusal.with(signed.key.algorithm().0));
                }
            }
            if id == APPLICANT {
                new_keys.extend(signatures.iter().map(|signed| signed.key.clone()));
                continue;
            }
            let Some(member) = self.overlay.find::<Member>(&id)? else {
                verdict.refuse(Refusal::new(Code::MemberUnknown).about(id));
                continue;
            };
            standing(id, &member, verdict);
            for signed in signatures {
                let key = member.keys.iter().find(|key| key.key == signed.key);
                let ended =
                    key.and_then(|key| key.evidence.valid_until).filter(|last| *last < self.time.date());
                let refusal = Refusal::new(Code::KeyNotMembers).about(id);
                match ended {
                    _ if key.is_none() => verdict.refuse(refusal.with(&signed.key)),
                    Some(last) => verdict.refuse(refusal.with(format!("{} bound until {last}", signed.key))),
                    None => {}
                }
            }
            let threshold = usize::from(member.threshold(kind));
            if signatures.len() < threshold {
                let figures = format!("{} of {threshold} keys", signatures.len());
                verdict.refuse(Refusal::new(Code::ThresholdNotMet).about(id).with(figures));
            }
            signers.members.insert(id, member);
        }
        if !signers.members.contains_key(&envelope.core().author) {
            verdict.refuse(Refusal::new(Code::AuthorNotSigned).about(envelope.core().author));
        }
        signers.new_keys = NewKeys::Signed(new_keys);
        Ok(signers)
    }

    /// Lets time pass, remembers the used ids, and ends the execution.
    ///
    /// # Errors
    /// [`Fault`] when the state cannot be read or written.
    pub fn finish(mut self) -> Result<Executed, Fault> {
        let seal_index = self.first + self.used.len() as u64;
        let due = rules::pass(&mut self.overlay, &self.parameters, self.time, seal_index)?;
        self.remember()?;
        let records = u32::try_from(self.used.len()).expect("a block's records are bounded by a parameter");
        let rule_set = self.parameters.rule_set;
        Ok(Executed { writes: self.overlay.into_writes(), records, due, rule_set })
    }

    /// Writes the block's ids as chunks and removes the chunks whose window is over.
    fn remember(&mut self) -> Result<(), Fault> {
        let tail = self.overlay.find::<UsedTail>(&Unit)?;
        if !self.used.is_empty() {
            for (number, ids) in (0..).zip(self.used.chunks(crate::state::USED_CHUNK)) {
                let first = self.first + u64::from(number) * crate::state::USED_CHUNK as u64;
                let ids = ids.to_vec().try_into().expect("chunks are of the list's size");
                self.overlay.put(&(self.height, number), &UsedChunk { time: self.time, first, ids })?;
            }
        }
        let mut oldest = tail.map_or(self.height, |tail| tail.oldest);
        for _ in 0..HEIGHTS_FORGOTTEN {
            if oldest >= self.height || !self.forget(oldest)? {
                break;
            }
            oldest += 1;
        }
        if tail != Some(UsedTail { oldest }) {
            self.overlay.put(&Unit, &UsedTail { oldest })?;
        }
        Ok(())
    }

    /// Removes the chunks of a height whose window is over; says whether it is.
    fn forget(&mut self, height: u64) -> Result<bool, Fault> {
        for number in 0.. {
            let Some(chunk) = self.overlay.find::<UsedChunk>(&(height, number))? else { break };
            if chunk.time.plus_milliseconds(crate::envelope::LONGEST_WINDOW) >= self.time {
                return Ok(false);
            }
            self.overlay.remove::<UsedChunk>(&(height, number))?;
        }
        Ok(true)
    }
}

/// Heights whose used ids leave the state in one block at most.
const HEIGHTS_FORGOTTEN: usize = 64;
