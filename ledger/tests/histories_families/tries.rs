//! What a history tries: acts of the other families, mostly signed by whom they need.

use super::kit::finance::split;
use super::kit::ground::product;
use super::kit::history::Try;
use super::kit::pooling::{form, pledge_open};
use super::kit::{COURT, EXCHANGE, REGISTRAR, list, text};
use super::{Families, find};
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::finance::{Finish, InstrumentEnd, InstrumentKind, Issue};
use tongda_ledger::act::licence::{
    Change, Compulsory, CompulsoryGround, Grant, LicenceKind, Proceeds, Scope,
};
use tongda_ledger::act::open_source::{PledgeOpen, Revoke as RevokeOpen, SuitReference, Terminate};
use tongda_ledger::act::pledge::{self, RegistrationBar, Revoke};
use tongda_ledger::act::pool::{Dissolve, Join, Leave};
use tongda_ledger::act::product::{ProductWithdrawal, Withdraw};
use tongda_ledger::act::realisation::{DefaultEvent, DefaultStatement, DisposalMode, Dispose};
use tongda_ledger::act::transfer::{
    ByLaw, CapitalShare, Contribute, ContributionValue, LawfulCause, Transferee,
};
use tongda_ledger::act::{Act, licence};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, PartyId, PatentId, PendingId, PledgeId, Rate, Term};
use tongda_ledger::state::{
    self, Instrument, Licence, OpenSource, Pending, PendingState, Pledge, PledgeCourse, PledgeState, Pool,
};

impl Families {
    fn parties(&self, members: &[MemberId]) -> Vec<PartyId> {
        members.iter().map(|member| self.core.world.party_of(*member)).collect()
    }

    /// The members behind parties.
    fn members(&self, parties: &[PartyId]) -> Vec<MemberId> {
        parties.iter().filter_map(|party| self.core.world.get::<state::Party>(*party).member).collect()
    }

    fn signed(&self, patents: &[PatentId], mut signers: Vec<MemberId>) -> Vec<MemberId> {
        for patent in patents {
            signers.extend(self.core.owners(*patent));
            signers = self.core.with_pledgee(*patent, signers);
        }
        signers
    }

    /// By law, to somebody else: often by a judgment that names what freezes the patent.
    fn by_law(&mut self) -> Try {
        let patent = self.core.patent();
        let (to, status) = (self.core.member(), self.core.world.status(patent));
        let judgment = LawfulCause::Judgment {
            preservation: status.preservation.map(|frozen| frozen.record),
            suspension: status.suspension.map(|frozen| frozen.record),
        };
        let mut causes = vec![LawfulCause::Merger, judgment, judgment];
        causes.extend(status.pledge.map(|pledge| LawfulCause::PledgeRealised { pledge }));
        let cause = self.core.random.of(&causes);
        let world = &self.core.world;
        let act = ByLaw {
            patents: list(&[patent]),
            from: list(&self.parties(&self.core.owners(patent))),
            to: list(&[Transferee { party: world.party_of(to), share: None }]),
            undisclosed: 0,
            cause,
            document: Some(Hash([6; 32])),
            gazette: None,
            on: world.today(),
        };
        (vec![self.core.random.of(&[REGISTRAR, COURT])], act.into(), None)
    }

    fn contribute(&mut self) -> Try {
        let patent = self.core.patent();
        let (owners, company) = (self.core.owners(patent), self.core.member());
        let parts = u16::try_from(owners.len()).unwrap();
        let share =
            |party: PartyId| CapitalShare { owner: party, share: Rate::try_from(1_000 / parts).unwrap() };
        let from = self.parties(&owners);
        let capital: Vec<_> = from.iter().map(|party| share(*party)).collect();
        let act = Contribute {
            patents: list(&[patent]),
            from: list(&from),
            company: self.core.world.party_of(company),
            value: ContributionValue { digest: Hash([7; 32]), on: self.core.world.today(), valuation: None },
            capital: list(&capital),
            pricing: None,
            export: None,
            funder: None,
            proceeds: Some(Proceeds::Prepay),
            contract: Hash([8; 32]),
        };
        let signers = [self.signed(&[patent], Vec::new()), vec![company]].concat();
        (signers, act.into(), None)
    }

    fn compulsory(&mut self) -> Try {
        let patent = self.core.patent();
        let act = Compulsory {
            patents: list(&[patent]),
            licensee: self.core.member(),
            ground: CompulsoryGround::Emergency,
            scope: Scope::default(),
            term: self.core.term(0),
            number: text("国知强许〔2026〕1号（演示）"),
            decision: Hash([6; 32]),
            on: self.core.world.today(),
        };
        (vec![REGISTRAR], act.into(), None)
    }

    /// Another kind or term, or the right to sublicense.
    fn licence_change(&mut self) -> Option<Try> {
        let licence = self.core.random.late(&self.core.licences.clone())?;
        let stored: Licence = self.core.world.get(licence);
        let kinds = [LicenceKind::Ordinary, LicenceKind::Sole, LicenceKind::Exclusive];
        let (turn, kind) = (self.core.random.below(3), self.core.random.of(&kinds));
        let last = stored.term.last().add_days(i32::try_from(self.core.random.below(60)).unwrap() - 20);
        let act = Change {
            licence,
            term: (turn == 0).then(|| Term::new(stored.term.first(), last).ok()).flatten(),
            scope: None,
            kind: (turn == 1).then_some(kind),
            sublicence: (turn == 2).then_some(true),
            funder: None,
            agreement: Hash([8; 32]),
        };
        let signers = [vec![REGISTRAR, stored.licensee], self.members(&stored.licensors)].concat();
        Some((self.signed(&stored.patents, signers), act.into(), None))
    }

    fn sublicence(&mut self) -> Option<Try> {
        let above = self.core.random.late(&self.core.licences.clone())?;
        let stored: Licence = self.core.world.get(above);
        let licensee = self.core.member();
        let act = Grant {
            patents: stored.patents.clone(),
            licensors: list(&self.parties(&[stored.licensee])),
            licensee,
            kind: LicenceKind::Ordinary,
            scope: stored.scope.clone(),
            term: Term::new(self.core.world.today(), stored.term.last()).ok()?,
            sublicence: false,
            under: Some(above),
            fee: licence::FeeClass::Lump,
            shares: list(&[]),
            proceeds: None,
            beside: list(&[]),
            export: None,
            funder: None,
            contract: Hash([8; 32]),
        };
        Some((self.signed(&stored.patents, vec![stored.licensee, licensee]), act.into(), None))
    }

    /// What becomes of a pledge: a patent is released from it, a default, a disposal, a revocation.
    fn about_pledge(&mut self) -> Option<Try> {
        let world = &self.core.world;
        let registered = |id: &PledgeId| world.get::<Pledge>(*id).state == PledgeState::Registered;
        let pledges: Vec<_> = self.core.pledges.iter().copied().filter(registered).collect();
        let pledge = self.core.random.late(&pledges)?;
        let stored: Pledge = self.core.world.get(pledge);
        let on = self.core.world.today();
        let patent = self.core.random.of(&stored.patents);
        let signers = [vec![REGISTRAR, self.core.bank], self.members(&stored.pledgors)].concat();
        let signers = self.signed(&stored.patents, signers);
        let course = find::<PledgeCourse>(&self.core.world, &pledge).unwrap_or_default();
        let turn = match course.default {
            Some(_) if self.core.random.once_in(2) => 5,
            _ => self.core.random.below(8),
        };
        let act: Act = match turn {
            0..3 => {
                let several = stored.patents.len() > 1;
                pledge::Change {
                    contract: Some(Hash([9; 32])),
                    released: if several { list(&[patent]) } else { list(&[]) },
                    ..self.core.world.pledge_change(pledge)
                }
                .into()
            }
            3..5 => {
                let event = DefaultEvent::Stated { evidence: Hash([0x2b; 32]) };
                DefaultStatement { pledge, event, on }.into()
            }
            5..7 => {
                let buyer = self.core.member();
                Dispose {
                    pledge,
                    patents: list(&[patent]),
                    mode: DisposalMode::Sale,
                    proceeds: split(1_000_000, 10_000, 900_000, 90_000),
                    buyer: self.core.world.party_of(buyer),
                    document: Hash([0x2c; 32]),
                    on,
                }
                .into()
            }
            _ => Revoke { pledge, ground: RegistrationBar::Contents, document: Hash([0x2d; 32]), on }.into(),
        };
        Some((signers, act, None))
    }

    fn pool(&mut self) -> Try {
        let (first, second) = (self.core.patent(), self.core.patent());
        let founders = [(self.core.owners(first)[0], first), (self.core.owners(second)[0], second)];
        let act = form(EXCHANGE, &founders);
        (self.signed(&[first, second], vec![EXCHANGE]), act.into(), None)
    }

    fn about_pool(&mut self) -> Option<Try> {
        let pool = self.core.random.late(&self.pools.clone())?;
        let members = self.core.world.get::<Pool>(pool).members.to_vec();
        let patent = self.core.patent();
        let member = self.core.random.of(&[members.clone(), self.core.owners(patent)].concat());
        let patents = list(&[patent]);
        Some(match self.core.random.below(6) {
            0 => {
                let signers = [vec![EXCHANGE], members].concat();
                (signers, Dissolve { pool, reason: text("期满") }.into(), None)
            }
            1 => (vec![member], Leave { pool, member, patents: list(&[]) }.into(), None),
            2 => (self.core.owners(patent), Leave { pool, member, patents }.into(), None),
            _ => {
                let member = self.core.owners(patent)[0];
                (self.signed(&[patent], vec![EXCHANGE]), Join { pool, member, patents }.into(), None)
            }
        })
    }

    fn open_source(&mut self) -> Try {
        let patent = self.core.patent();
        let revocable = self.core.random.once_in(2);
        let act = PledgeOpen { revocable, ..pledge_open(patent) };
        (self.signed(&[patent], Vec::new()), act.into(), None)
    }

    fn about_source(&mut self) -> Option<Try> {
        let pledge = self.core.random.late(&self.sources.clone())?;
        let patents = self.core.world.get::<OpenSource>(pledge).patents;
        let act: Act = if self.core.random.once_in(2) {
            RevokeOpen { pledge, reason: text("条款允许") }.into()
        } else {
            let ground =
                SuitReference::Suit { number: text("（2026）京73民初1号"), document: Hash([5; 32]) };
            Terminate { pledge, member: self.core.member(), ground }.into()
        };
        Some((self.signed(&patents, Vec::new()), act, None))
    }

    /// The whole income of a patent, or the royalties of a licence, is assigned.
    fn securitisation(&mut self) -> Try {
        let mut patents = vec![self.core.patent()];
        let licence = self.core.random.late(&self.core.licences.clone());
        let mut licences = Vec::new();
        let mut signers = self.signed(&patents, Vec::new());
        if let Some(licence) = licence.filter(|_| self.core.random.once_in(2)) {
            let stored: Licence = self.core.world.get(licence);
            signers = self.signed(&stored.patents, self.members(&stored.licensors));
            licences.push(licence);
            patents.clear();
        }
        let issuer = signers[0];
        let act = Issue {
            kind: InstrumentKind::Securitisation,
            issuer,
            partner: self.core.bank,
            patents: list(&patents),
            licences: list(&licences),
            valuation: None,
            contract: Hash([0x35; 32]),
            term: self.core.term(0),
        };
        signers.push(self.core.bank);
        (signers, act.into(), None)
    }

    fn instrument_end(&mut self) -> Option<Try> {
        let instrument = self.core.random.late(&self.instruments.clone())?;
        let issuer = self.core.world.get::<Instrument>(instrument).issuer;
        let (cause, on) = (InstrumentEnd::Dissolved, self.core.world.today());
        let act = Finish { instrument, cause, document: None, on };
        Some((vec![issuer, self.core.bank], act.into(), None))
    }

    fn about_product(&mut self) -> Try {
        let patent = self.core.patent();
        let enterprise = self.core.owners(patent)[0];
        if let Some(product) = self.core.random.late(&self.products.clone())
            && self.core.random.once_in(2)
        {
            let enterprise = self.core.world.get::<state::Product>(product).enterprise;
            let (what, on) = (ProductWithdrawal::Filing, self.core.world.today());
            return (vec![enterprise], Withdraw { product, what, reason: text("停产"), on }.into(), None);
        }
        let platform = Some(text(&format!("ZLCP-{}", self.core.world.index)));
        let act = tongda_ledger::act::product::File { platform, ..product(enterprise, patent) };
        (vec![enterprise], act.into(), None)
    }

    /// A consent to any act that waits, what it rests on changed or not.
    fn consent(&mut self) -> Option<Try> {
        let world = &self.core.world;
        let waits = |id: &PendingId| world.get::<Pending>(*id).state == PendingState::Waiting;
        let waiting: Vec<_> = self.core.pendings.iter().copied().filter(waits).collect();
        if waiting.is_empty() {
            return None;
        }
        let pending = self.core.random.of(&waiting);
        let missing = self.core.world.get::<Pending>(pending).missing;
        Some((vec![self.core.random.of(&missing)], Give { pending }.into(), None))
    }

    /// An act to try next, with whom it needs.
    pub(crate) fn draw(&mut self) -> Option<Try> {
        // As many acts of the core as of all the others: they need each other.
        if self.core.random.once_in(2) {
            return self.core.draw();
        }
        let (mut signers, act, mut gather) = match self.core.random.below(27) {
            0..2 => self.by_law(),
            2..4 => self.contribute(),
            4 => self.compulsory(),
            5..7 => self.licence_change()?,
            7..9 => self.sublicence()?,
            9..13 => self.about_pledge()?,
            13 => self.pool(),
            14..17 => self.about_pool()?,
            17 => self.open_source(),
            18 => self.about_source()?,
            19..21 => self.securitisation(),
            21 => self.instrument_end()?,
            22..25 => return self.consent(),
            _ => self.about_product(),
        };
        // Now and then several signatures are missing, and mostly waited for.
        if self.core.random.once_in(3) {
            let present = 1 + self.core.random.below(signers.len());
            signers.truncate(present);
            gather = (!self.core.random.once_in(4)).then_some(40);
        }
        Some((signers, act, gather))
    }
}
