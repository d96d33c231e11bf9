//! Random histories over a few members and patents: what is tried, and what must hold after every block.
//!
//! A history is drawn from one seed. Each step tries one act, mostly signed by whom it needs, in a block of its own.

use super::rights::kind;
use super::{COURT, EXCHANGE, REGISTRAR, World, date, list, text};
use tongda_ledger::act::Act;
use tongda_ledger::act::consent::{Decline, Give};
use tongda_ledger::act::licence::End;
use tongda_ledger::act::licence::{
    EndCause, FeeClass, FeeShare, Grant, LicenceKind, Proceeds, Record, Scope,
};
use tongda_ledger::act::member::{Role, StandingChange, Status};
use tongda_ledger::act::open_licence::{
    Announce, Close, CloseCause, Declare, FeeStandard, Notice, Pay, Withdraw,
};
use tongda_ledger::act::patent::{
    Annuity, AnnuityEvent, CoOwnership, Evaluation, Freeze, FreezeKind, Life, LifeEvent, Owner, Unfreeze,
};
use tongda_ledger::act::pledge::{self, Consent, Release, ReleaseCause};
use tongda_ledger::act::transfer::{LawfulCause, Propose, Transferee};
use tongda_ledger::execution::{Execution, Judgement};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{
    DeclarationId, LicenceId, MemberId, Money, NoticeId, PartyId, PatentId, PendingId, PledgeId, Rate, Term,
    TransferId,
};
use tongda_ledger::state::{self, AnnuityPaid, Declaration, Licence, Patent, PatentStatus, Read as _};

/// A generator of numbers: SplitMix64.
pub struct Seeded(u64);

impl Seeded {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }

    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of the latest three: earlier ones are mostly over.
    pub fn late<T: Copy>(&mut self, values: &[T]) -> Option<T> {
        let back = self.below(3) + 1;
        values.iter().rev().take(back).next_back().copied()
    }

    pub fn of<T: Clone>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())].clone()
    }
}

/// A world under way, and what its records have made so far.
pub struct History {
    pub world: World,
    pub random: Seeded,
    pub members: Vec<MemberId>,
    pub bank: MemberId,
    pub patents: Vec<PatentId>,
    pub transfers: Vec<TransferId>,
    pub pledges: Vec<PledgeId>,
    pub declarations: Vec<DeclarationId>,
    pub notices: Vec<NoticeId>,
    pub licences: Vec<LicenceId>,
    pub pendings: Vec<PendingId>,
    /// Acts that had effect, by name.
    pub effective: Vec<&'static str>,
}

/// What came of a try.
pub struct Outcome {
    pub judgement: Judgement,
    /// The act that had effect, and at which position: what was tried, or what a last consent completed.
    pub effective: Option<(u64, Act)>,
}

/// Steps of a history.
pub const STEPS: usize = 160;

/// One try: who signs, what, and for how many days consents are waited for.
pub type Try = (Vec<MemberId>, Act, Option<u32>);

impl History {
    pub fn new(seed: u64) -> Self {
        let mut world = World::default();
        let names = ["甲公司（演示）", "乙公司（演示）", "丙公司（演示）", "丁公司（演示）"];
        let members = names.map(|name| world.member(name, Role::Enterprise)).to_vec();
        let bank = world.member("银行（演示）", Role::Bank);
        let mut patents =
            vec![world.patent(&members[..1]), world.patent(&members[..2]), world.patent(&members[3..])];
        let mut entry = world.patent_act(&[world.party_of(members[2])]);
        // Its term ends within the history.
        entry.filing = Some(date("2007-01-10"));
        patents.push(world.register(entry));
        Self {
            world,
            random: Seeded(seed),
            members,
            bank,
            patents,
            transfers: Vec::new(),
            pledges: Vec::new(),
            declarations: Vec::new(),
            notices: Vec::new(),
            licences: Vec::new(),
            pendings: Vec::new(),
            effective: Vec::new(),
        }
    }

    /// The members that own a patent now.
    pub fn owners(&self, patent: PatentId) -> Vec<MemberId> {
        let entry: Patent = self.world.get(patent);
        let member = |party: PartyId| self.world.get::<state::Party>(party).member;
        entry.owners.iter().filter_map(|owner| member(owner.party)).collect()
    }

    pub fn patent(&mut self) -> PatentId {
        self.random.of(&self.patents)
    }

    pub fn member(&mut self) -> MemberId {
        self.random.of(&self.members)
    }

    pub fn term(&mut self, years: u16) -> Term {
        let first = self.world.today();
        Term::new(first, first.add_days(1 + i32::try_from(self.random.below(200)).unwrap()).add_years(years))
            .unwrap()
    }

    pub fn with_pledgee(&self, patent: PatentId, mut signers: Vec<MemberId>) -> Vec<MemberId> {
        if self.world.status(patent).pledge.is_some() {
            signers.push(self.bank);
        }
        signers
    }

    fn fee_shares(&self, owners: &[MemberId]) -> Vec<FeeShare> {
        if owners.len() < 2 {
            return Vec::new();
        }
        let parts = u16::try_from(owners.len()).unwrap();
        let rest = 10_000 - 10_000 / parts * (parts - 1);
        let share = |place| if place == 0 { rest } else { 10_000 / parts };
        let share = |(place, owner): (usize, &MemberId)| FeeShare {
            owner: self.world.party_of(*owner),
            share: Rate::try_from(share(place)).unwrap(),
        };
        owners.iter().enumerate().map(share).collect()
    }

    fn transfer(&mut self) -> Try {
        let patent = self.patent();
        let from = self.owners(patent);
        let mut to = vec![self.member()];
        let second = self.member();
        if !to.contains(&second) && self.random.once_in(2) {
            to.push(second);
        }
        let shared = self.random.once_in(2);
        let shares: &[u16] = if to.len() == 2 { &[3_000, 7_000] } else { &[10_000] };
        let transferees: Vec<_> = to
            .iter()
            .zip(shares)
            .map(|(member, share)| Transferee {
                party: self.world.party_of(*member),
                share: shared.then(|| Rate::try_from(*share).unwrap()),
            })
            .collect();
        let proceeds = self.random.of(&[None, Some(Proceeds::Deposit), Some(Proceeds::Prepay)]);
        let act =
            Propose { to: list(&transferees), proceeds, ..self.world.transfer_act(&[patent], &from, &to) };
        let signers = self.with_pledgee(patent, [from, to].concat());
        (signers, act.into(), None)
    }

    fn pledge(&mut self) -> Try {
        let mut patents = vec![self.patent()];
        let owners = self.owners(patents[0]);
        let other = self.patent();
        if other != patents[0] && self.owners(other) == owners && self.random.once_in(2) {
            patents.push(other);
        }
        let act = pledge::Apply {
            debt_term: Some(self.term(0)),
            insist_invalidation: !self.random.once_in(4),
            open_continues: self.random.once_in(2),
            ..self.world.pledge_act(&patents, &owners, self.bank)
        };
        ([owners, vec![self.bank]].concat(), act.into(), None)
    }

    fn about_pledge(&mut self) -> Option<Try> {
        let pledge = self.random.late(&self.pledges)?;
        let on = self.world.today();
        Some(match self.random.below(4) {
            0 => {
                let cause = ReleaseCause::Paid;
                (vec![REGISTRAR, self.bank], Release { pledge, cause, on }.into(), None)
            }
            1 => {
                let act = self.random.of(&["transfer.propose", "licence.grant", "open.declare"].map(kind));
                let days = i32::try_from(self.random.below(20)).unwrap() - 5;
                let consent = Consent { pledge, act, conditions: None, until: on.add_days(days) };
                (vec![self.bank], consent.into(), None)
            }
            _ => (vec![REGISTRAR], self.world.pledge_registration(pledge).into(), None),
        })
    }

    fn open(&mut self) -> Try {
        let patent = self.patent();
        let act = Declare {
            patent,
            fee: FeeStandard::Lump { amount: Money::from_fen(1_000) },
            term: self.term(0),
            contact: text("甲公司知识产权部"),
            account: None,
            calculation: text("按研发成本分摊计算"),
            industries: list(&[]),
            application: None,
            know_how: false,
            undertaking: true,
        };
        (self.with_pledgee(patent, self.owners(patent)), act.into(), None)
    }

    fn about_declaration(&mut self) -> Option<Try> {
        let declaration = self.random.late(&self.declarations)?;
        let stored: Declaration = self.world.get(declaration);
        let owners = self.owners(stored.patent);
        let on = self.world.today();
        let gazette = text("42-02");
        Some(match self.random.below(8) {
            0 => {
                let act = Withdraw { declaration, reason: text("另有安排"), condition: None };
                (owners, act.into(), None)
            }
            1 => {
                let cause =
                    self.random.of(&[CloseCause::Withdrawn, CloseCause::Terminated, CloseCause::Revoked]);
                (vec![REGISTRAR], Close { declaration, cause, gazette, on }.into(), None)
            }
            2 | 3 => (vec![REGISTRAR], Announce { declaration, gazette, on }.into(), None),
            _ => {
                let last = stored.term.last();
                let term = Term::new(on, last.max(on)).unwrap();
                let notice =
                    Notice { declaration, fee: stored.fee, term, plan: text("自用"), export: None };
                (vec![self.member()], notice.into(), None)
            }
        })
    }

    fn pay(&mut self) -> Option<Try> {
        let notice = self.random.late(&self.notices)?;
        let stored: state::OpenNotice = self.world.get(notice);
        let patent = self.world.get::<Declaration>(stored.declaration).patent;
        let confirmed_by = self.owners(patent)[0];
        let act = Pay {
            notice,
            amount: Money::from_fen(1_000),
            currency: text("CNY"),
            receipt: Hash::plain(&[&self.world.index.to_le_bytes()]),
            on: self.world.today(),
            confirmed_by,
        };
        Some((vec![stored.licensee, confirmed_by], act.into(), None))
    }

    fn licence(&mut self) -> Try {
        let patent = self.patent();
        let owners = self.owners(patent);
        let parties: Vec<_> = owners.iter().map(|owner| self.world.party_of(*owner)).collect();
        let licensee = self.member();
        let kinds = [LicenceKind::Ordinary, LicenceKind::Sole, LicenceKind::Exclusive];
        let act = Grant {
            patents: list(&[patent]),
            licensors: list(&parties),
            licensee,
            kind: self.random.of(&kinds),
            scope: Scope::default(),
            term: self.term(0),
            sublicence: false,
            under: None,
            fee: FeeClass::Lump,
            shares: list(&self.fee_shares(&owners)),
            proceeds: Some(Proceeds::Prepay),
            beside: list(&[]),
            export: None,
            funder: None,
            contract: Hash([8; 32]),
        };
        let signers = self.with_pledgee(patent, [owners, vec![licensee]].concat());
        (signers, act.into(), None)
    }

    fn about_licence(&mut self) -> Option<Try> {
        let licence = self.random.late(&self.licences)?;
        let stored: Licence = self.world.get(licence);
        let on = self.world.today();
        Some(if self.random.once_in(2) {
            let number = format!("X202698{:07}", self.world.index).parse().unwrap();
            let act = Record { licence, number, on, proofs: list(&[Hash([8; 32]), Hash([9; 32])]) };
            (vec![REGISTRAR, stored.licensee], act.into(), None)
        } else {
            let member = |party: &PartyId| self.world.get::<state::Party>(*party).member;
            let mut signers: Vec<_> = stored.licensors.iter().filter_map(member).collect();
            signers.push(stored.licensee);
            let cause = EndCause::Agreement;
            (signers, End { licence, cause, on, document: None, remark: None }.into(), None)
        })
    }

    fn freeze(&mut self) -> Try {
        let patent = self.patent();
        let kind = self.random.of(&[FreezeKind::Preservation, FreezeKind::Suspension]);
        if self.random.once_in(2) {
            return (vec![COURT], Unfreeze { patent, kind, reason: text("解除") }.into(), None);
        }
        let from = self.world.today();
        let until = from.add_days(i32::try_from(self.random.below(40)).unwrap());
        (vec![COURT], Freeze { patent, kind, from, until, case: text("（2026）京01民初1号") }.into(), None)
    }

    fn life(&mut self) -> Try {
        let patent = self.patent();
        let effective = self.world.today();
        let event = match self.random.below(12) {
            0 => LifeEvent::Invalidated,
            1 => LifeEvent::Abandoned,
            2 => LifeEvent::Lapsed,
            3 => LifeEvent::Expired,
            4 | 5 => LifeEvent::Restored,
            6..9 => LifeEvent::InvalidationStarted,
            _ => LifeEvent::InvalidationEnded,
        };
        let signers = self.with_pledgee(patent, [vec![REGISTRAR], self.owners(patent)].concat());
        (signers, Life { patent, event, effective, document: Some(Hash([5; 32])) }.into(), None)
    }

    fn annuity(&mut self) -> Try {
        let patent = self.patent();
        let effective = self.world.today();
        let event = if self.random.once_in(3) {
            AnnuityEvent::Overdue { due: date("2026-01-15") }
        } else {
            AnnuityEvent::Paid { amount: Money::from_fen(90_000), reduction: None }
        };
        let paid: Option<AnnuityPaid> = self.world.state.find(&patent).unwrap();
        let year = paid.map_or(7, |paid| paid.year + 1);
        (vec![REGISTRAR], Annuity { patent, year, event, effective }.into(), None)
    }

    fn co_own(&mut self) -> Try {
        let patent = self.patent();
        let owners = self.owners(patent);
        let shares: &[u16] = if owners.len() == 2 { &[self.share(), 0] } else { &[10_000] };
        let first = shares[0];
        let owned: Vec<_> = owners
            .iter()
            .enumerate()
            .map(|(place, owner)| Owner {
                party: self.world.party_of(*owner),
                share: Some(Rate::try_from(if place == 0 { first } else { 10_000 - first }).unwrap()),
            })
            .collect();
        (owners, CoOwnership { patent, owners: list(&owned), agreement: Hash([6; 32]) }.into(), None)
    }

    fn share(&mut self) -> u16 {
        u16::try_from(self.random.below(10_000)).unwrap()
    }

    fn evaluation(&mut self) -> Try {
        let patent = self.patent();
        let act = Evaluation { patent, positive: true, number: text("1"), digest: Hash([1; 32]) };
        (vec![REGISTRAR], act.into(), None)
    }

    /// A member that is suspended.
    fn suspended(&self) -> Option<MemberId> {
        let standing = |member: MemberId| self.world.get::<state::Member>(member).standing;
        self.members.iter().copied().find(|member| standing(*member) != state::Standing::Active)
    }

    /// Suspends a member, or restores the one that is suspended.
    fn standing(&mut self) -> Try {
        let (member, change) = match self.suspended() {
            Some(member) => (member, StandingChange::Restore),
            None => (self.member(), StandingChange::Suspend),
        };
        (vec![EXCHANGE], Status { member, change, reason: text("测试") }.into(), None)
    }

    pub fn consent(&mut self) -> Option<Try> {
        let pending = self.random.late(&self.pendings)?;
        let stored: state::Pending = self.world.get(pending);
        let missing = stored.missing.to_vec();
        let member = if missing.is_empty() { self.member() } else { self.random.of(&missing) };
        Some(if self.random.once_in(8) {
            (vec![member], Decline { pending, reason: None }.into(), None)
        } else {
            (vec![member], Give { pending }.into(), None)
        })
    }

    fn registration(&mut self) -> Option<Try> {
        let transfer = self.random.late(&self.transfers)?;
        Some((vec![REGISTRAR], self.world.transfer_registration(transfer).into(), None))
    }

    /// Draws one try; now and then a signature is missing, to be waited for or not.
    pub fn draw(&mut self) -> Option<Try> {
        // With a member suspended much is refused: not for long, or the history stands still.
        if self.suspended().is_some() && self.random.once_in(4) {
            return Some(self.standing());
        }
        let (mut signers, act, mut gather) = match self.random.below(40) {
            0..3 => self.transfer(),
            3..6 => self.registration()?,
            6..8 => self.pledge(),
            8..11 => self.about_pledge()?,
            11..14 => self.open(),
            14..21 => self.about_declaration()?,
            21..24 => self.pay()?,
            24..26 => self.licence(),
            26..29 => self.about_licence()?,
            29 => self.freeze(),
            30 => self.life(),
            31 => self.annuity(),
            32 => self.co_own(),
            33 => self.standing(),
            34 => self.evaluation(),
            _ => self.consent()?,
        };
        if signers.len() > 1 && self.random.once_in(3) {
            signers.pop();
            gather = (!self.random.once_in(4)).then_some(10);
        }
        Some((signers, act, gather))
    }

    /// Remembers what an act at this position made.
    pub fn remember(&mut self, position: u64, act: &Act) {
        self.effective.push(act.name());
        match act {
            Act::TransferPropose(_) | Act::ContributeEquity(_) => {
                self.transfers.push(TransferId::new(position, 0))
            }
            Act::PledgeApply(_) => self.pledges.push(PledgeId::new(position, 0)),
            Act::OpenDeclare(_) => self.declarations.push(DeclarationId::new(position, 0)),
            Act::OpenNotice(_) => self.notices.push(NoticeId::new(position, 0)),
            Act::OpenPay(_) | Act::LicenceGrant(_) | Act::LicenceCompulsory(_) => {
                self.licences.push(LicenceId::new(position, 0))
            }
            _ => {}
        }
    }

    /// Tries one act, or lets some days pass, and checks what must hold.
    pub fn step(&mut self) {
        if !self.time_passes()
            && let Some(drawn) = self.draw()
        {
            self.attempt(drawn);
        }
        self.check();
    }

    /// Now and then lets some days pass.
    pub fn time_passes(&mut self) -> bool {
        let passes = self.random.once_in(6);
        if passes {
            let days = u32::try_from(1 + self.random.below(9)).unwrap();
            self.world.days(days);
        }
        passes
    }

    /// Tries one act: refused, it changes nothing; a frozen patent changes hands only by the judgment of its dispute.
    pub fn attempt(&mut self, (signers, act, gather): Try) -> Outcome {
        let before: Vec<_> =
            self.patents.iter().map(|id| (self.entry(*id), self.world.status(*id))).collect();
        let envelope = self.world.envelope(&signers, act.clone(), gather);
        let position = self.world.index;
        let idle = self.dry_run(None);
        let tried = self.dry_run(Some(&envelope));
        let judgement = self.world.block(&[envelope]).0.remove(0);
        let mut effective = None;
        match &judgement {
            Judgement::Refused(refusals) => {
                assert!(!refusals.is_empty(), "a refusal without a reason");
                assert_eq!(tried, idle, "a refused {} changed something: {refusals:?}", act.name());
            }
            Judgement::Effective => {
                self.remember(position, &act);
                effective = Some((position, self.completed(position, &act).unwrap_or(act)));
            }
            Judgement::Pending { id, missing } => {
                assert!(!missing.is_empty());
                self.pendings.push(*id);
            }
        }
        let decided = effective.as_ref().map(|(_, act)| act);
        for (id, (before, status)) in self.patents.iter().zip(before) {
            let changed = before.owners.iter().map(|owner| owner.party).collect::<Vec<_>>()
                != self.entry(*id).owners.iter().map(|owner| owner.party).collect::<Vec<_>>();
            let free = self.is_free_for(&status, decided);
            assert!(!changed || free, "the frozen patent {id} changed hands by {decided:?}");
        }
        Outcome { judgement, effective }
    }

    /// Whether a patent with this status is not frozen, or only in the dispute that this act's judgment names.
    fn is_free_for(&self, status: &PatentStatus, act: Option<&Act>) -> bool {
        let named = match act {
            Some(Act::TransferByLaw(act)) => match act.cause {
                LawfulCause::Judgment { preservation, suspension } => [preservation, suspension],
                _ => [None, None],
            },
            _ => [None, None],
        };
        [status.preservation, status.suspension].into_iter().zip(named).all(|(frozen, named)| {
            frozen.is_none_or(|frozen| frozen.until < self.world.today() || named == Some(frozen.record))
        })
    }

    /// The act that a last consent brought into effect.
    fn completed(&mut self, position: u64, act: &Act) -> Option<Act> {
        let Act::ConsentGive(give) = act else { return None };
        let pending: state::Pending = self.world.get(give.pending);
        if !matches!(pending.state, state::PendingState::Effective { .. }) {
            return None;
        }
        let act = pending.act().expect("what was suspended is an act");
        self.remember(position, &act);
        Some(act)
    }

    pub fn entry(&self, patent: PatentId) -> Patent {
        self.world.get(patent)
    }

    /// What the next block would write with this envelope, or with nothing.
    fn dry_run(&self, envelope: Option<&tongda_ledger::envelope::Envelope>) -> state::Writes {
        let world = &self.world;
        let time = world.time.plus_milliseconds(1);
        let mut execution =
            Execution::new(&world.state, world.network, world.height + 1, time, world.index).unwrap();
        if let Some(envelope) = envelope {
            execution.record(envelope).expect("the state is sound");
        }
        execution.finish().expect("the state is sound").writes
    }
}
