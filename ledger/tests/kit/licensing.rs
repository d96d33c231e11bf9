//! Open licences, licences and pledges for tests: acts that are allowed as they stand, to be changed in one place.

use super::{EXCHANGE, REGISTRAR, World, date, list, number, text};
use tongda_ledger::act::Act;
use tongda_ledger::act::licence::{End, EndCause, FeeClass, Grant, LicenceKind, Record, Scope};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::open_licence::{
    Announce, Close, CloseCause, Declare, FeeStandard, Notice, Pay, Withdraw,
};
use tongda_ledger::act::patent::{Annuity, AnnuityEvent, Evaluation, Freeze, FreezeKind, Life, LifeEvent};
use tongda_ledger::act::pledge::DebtKind;
use tongda_ledger::codec::List;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{
    DeclarationId, LicenceId, MemberId, Money, NoticeId, ObjectRef, PatentId, PledgeId, Term, Timestamp,
};
use tongda_ledger::refusal::{Code, Refusal};
use tongda_ledger::state::{Fault, Overlay, PatentStatus, Pledge, PledgeState, Read};

/// A lump sum of 50,000 yuan.
pub const FEE: FeeStandard = FeeStandard::Lump { amount: Money::from_fen(5_000_000) };

pub fn term(text: &str) -> Term {
    text.parse().expect("the test's term is one")
}

/// A declaration over [`FEE`] from the end of 2026 to 2030.
pub fn declare(patent: PatentId) -> Declare {
    Declare {
        patent,
        fee: FEE,
        term: term("2026-11-24/2030-12-31"),
        contact: text("北京市海淀区，电话010-00000000"),
        account: None,
        calculation: text("按收益法计算：预计年净销售额乘以分成率。"),
        industries: list(&["C39".parse().unwrap()]),
        application: Some(text("用于电池管理系统")),
        know_how: false,
        undertaking: true,
    }
}

/// A notice over what [`declare`] declares, for 2027.
pub fn notice(declaration: DeclarationId) -> Notice {
    Notice { declaration, fee: FEE, term: term("2027-01-01/2027-12-31"), plan: text("自用"), export: None }
}

/// A payment of [`FEE`] that the exchange confirms, with a receipt of its own.
pub fn pay(world: &mut World, notice: NoticeId) -> Pay {
    world.made += 1;
    Pay {
        notice,
        amount: Money::from_fen(5_000_000),
        currency: text("CNY"),
        receipt: Hash::plain(&[&world.made.to_le_bytes()]),
        on: world.today(),
        confirmed_by: EXCHANGE,
    }
}

/// A contract for 2027 by these owners, free of charge and without limits of scope.
pub fn grant(world: &World, patents: &[PatentId], licensors: &[MemberId], licensee: MemberId) -> Grant {
    Grant {
        patents: list(patents),
        licensors: list(&licensors.iter().map(|licensor| world.party_of(*licensor)).collect::<Vec<_>>()),
        licensee,
        kind: LicenceKind::Ordinary,
        scope: Scope::default(),
        term: term("2027-01-01/2027-12-31"),
        sublicence: false,
        under: None,
        fee: FeeClass::Free,
        shares: List::new(),
        proceeds: None,
        beside: List::new(),
        export: None,
        funder: None,
        contract: CONTRACT,
    }
}

/// The digest of every made contract.
pub const CONTRACT: Hash = Hash([9; 32]);

impl World {
    /// Sends a declaration that must have effect.
    #[track_caller]
    pub fn declared(&mut self, owners: &[MemberId], act: Declare) -> DeclarationId {
        DeclarationId::new(self.effect(owners, act), 0)
    }

    /// The announcement of a declaration today.
    pub fn announcement(&self, declaration: DeclarationId) -> Announce {
        Announce { declaration, gazette: text("2026-48"), on: self.today() }
    }

    /// Declares and announces what [`declare`] says of a patent.
    #[track_caller]
    pub fn opened(&mut self, owners: &[MemberId], patent: PatentId) -> DeclarationId {
        let declaration = self.declared(owners, declare(patent));
        let announcement = self.announcement(declaration);
        self.effect(&[REGISTRAR], announcement);
        declaration
    }

    /// Gives [`notice`] of a declaration.
    #[track_caller]
    pub fn noticed(&mut self, licensee: MemberId, declaration: DeclarationId) -> NoticeId {
        NoticeId::new(self.effect(&[licensee], notice(declaration)), 0)
    }

    /// Takes a licence under a declaration: [`notice`] and [`pay`].
    #[track_caller]
    pub fn licensed(&mut self, licensee: MemberId, declaration: DeclarationId) -> LicenceId {
        let notice = self.noticed(licensee, declaration);
        let pay = pay(self, notice);
        LicenceId::new(self.effect(&[licensee, EXCHANGE], pay), 0)
    }

    /// Sends a contract that must have effect.
    #[track_caller]
    pub fn granted(&mut self, signers: &[MemberId], act: Grant) -> LicenceId {
        LicenceId::new(self.effect(signers, act), 0)
    }

    /// The recordal of a contract today under a number of its own.
    pub fn recordal(&mut self, licence: LicenceId) -> Record {
        self.made += 1;
        let number = format!("X202698{:07}", self.made).parse().unwrap();
        Record { licence, number, on: self.today(), proofs: list(&[CONTRACT]) }
    }

    /// Enters a made utility model.
    pub fn utility_model(&mut self, owners: &[MemberId]) -> PatentId {
        let parties: Vec<_> = owners.iter().map(|owner| self.party_of(*owner)).collect();
        let mut act = self.patent_act(&parties);
        act.number = number(&format!("20202{:07}", self.made));
        self.register(act)
    }

    /// Enters an evaluation report.
    pub fn evaluated(&mut self, patent: PatentId, positive: bool) {
        let report = Evaluation { patent, positive, number: text("PJ-1"), digest: Hash([3; 32]) };
        self.effect(&[REGISTRAR], report);
    }

    /// Moves the clock to the beginning of a day without a block: what is due then has not happened yet.
    pub fn dawn_of(&mut self, day: &str) {
        self.time = Timestamp::start_of(date(day));
    }

    /// Changes the state past the rules, as an act of another family would.
    pub fn past_the_rules(&mut self, change: impl FnOnce(&mut Overlay<'_>) -> Result<(), Fault>) {
        let mut overlay = Overlay::new(&self.state);
        change(&mut overlay).expect("the state is sound");
        let writes = overlay.into_writes();
        self.state.apply(&writes).unwrap();
    }

    /// A registered pledge of a patent, as its registration leaves it.
    pub fn pledged(&mut self, patent: PatentId, pledgee: MemberId, open_continues: bool) -> PledgeId {
        self.made += 1;
        let id = PledgeId::new(1_000_000 + u64::from(self.made), 0);
        let pledge = Pledge {
            patents: list(&[patent]),
            pledgors: List::new(),
            pledgee,
            debt: DebtKind::Loan,
            contract: Hash([4; 32]),
            debt_term: term("2026-01-01/2028-12-31"),
            scope: text("主债权"),
            maximum: None,
            insist_same_day: false,
            insist_invalidation: false,
            open_continues,
            applied: date("2026-01-04"),
            registration: Some(("Y2026980000001".parse().unwrap(), date("2026-01-05"))),
            state: PledgeState::Registered,
        };
        self.past_the_rules(|overlay| {
            let mut status: PatentStatus = overlay.must(&patent)?;
            status.pledge = Some(id);
            overlay.put(&patent, &status)?;
            overlay.put(&id, &pledge)
        });
        id
    }
}

/// The act is refused for one reason alone, with this code and an article in both languages.
#[track_caller]
pub fn refused(world: &mut World, signers: &[MemberId], act: impl Into<Act>, code: Code) -> Refusal {
    let mut refusals = world.refusals(signers, act);
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    let refusal = refusals.remove(0);
    assert_eq!(refusal.code, code, "{refusal:?}");
    let article = code.wording().article;
    assert!(!article.zh.is_empty() && !article.en.is_empty());
    refusal
}

/// The refusal names this as what stands in the way.
#[track_caller]
pub fn names(refusal: &Refusal, obstacle: impl Into<ObjectRef>) {
    assert_eq!(refusal.obstacle, Some(obstacle.into()), "{refusal:?}");
}

/// A change of a patent's life today, with a document.
pub fn life(patent: PatentId, event: LifeEvent) -> Life {
    Life { patent, event, effective: date("2026-11-24"), document: Some(Hash([5; 32])) }
}

/// An annuity that falls due or is paid.
pub fn annuity(patent: PatentId, event: AnnuityEvent) -> Annuity {
    Annuity { patent, year: 7, event, effective: date("2026-11-24") }
}

/// A court's preservation from the first day on.
pub fn preservation(patent: PatentId, until: &str) -> Freeze {
    let kind = FreezeKind::Preservation;
    Freeze {
        patent, kind, from: date("2026-11-24"), until: date(until), case: text("（2026）京民初1号")
    }
}

/// A withdrawal without condition.
pub fn withdraw(declaration: DeclarationId) -> Withdraw {
    Withdraw { declaration, reason: text("拟自行实施"), condition: None }
}

/// The announcement of a declaration's end.
pub fn close(declaration: DeclarationId, cause: CloseCause, on: &str) -> Close {
    Close { declaration, cause, gazette: text("2026-52"), on: date(on) }
}

/// The end of a licence today, with a document.
pub fn end(world: &World, licence: LicenceId, cause: EndCause) -> End {
    End { licence, cause, on: world.today(), document: Some(Hash([6; 32])), remark: None }
}

/// A network with an owner of a patent and two who would take licences.
pub struct Market {
    pub world: World,
    pub owner: MemberId,
    pub first: MemberId,
    pub second: MemberId,
    pub patent: PatentId,
}

pub fn market() -> Market {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let first = world.member("乙公司（演示）", Role::Enterprise);
    let second = world.member("丙公司（演示）", Role::Enterprise);
    let patent = world.patent(&[owner]);
    Market { world, owner, first, second, patent }
}
