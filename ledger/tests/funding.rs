//! Patents made with public funds: declared, verified, reported, and decided on when nobody works them; and how an
//! institution distributes income and shows its diligence.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::ground::{PROJECT, distribution, funded};
use kit::licensing::{Market, grant, market, names, refused};
use kit::{EXCHANGE, World, date, list, text};
use tongda_ledger::act::funding::{
    Assess, Clock, Diligence, Distribute, FundDecision, IncomeSource, InventorPart, NetIncome, Report,
    StateUseMode, Tender, TenderKind, Verify,
};
use tongda_ledger::act::licence::{self, LicenceKind};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::transfer::{Export, Pricing};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, Money, ObjectRef, PatentId, RecordId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{DiligenceEntry, Funding, FundingReport, IncomeDistribution, TenderNotice};

fn justified(patent: PatentId, until: &str) -> Clock {
    let decision = FundDecision::Justified { reason: Hash([0x32; 32]), until: date(until) };
    Clock { patent, project: PROJECT, decision }
}

fn state_use(patent: PatentId) -> Clock {
    let mode = StateUseMode::OthersFree;
    Clock { patent, project: PROJECT, decision: FundDecision::StateUse { mode, document: Hash([0x33; 32]) } }
}

/// A university's patent granted on 2022-03-01, its funder, and the day after five years.
fn overdue() -> (World, MemberId, MemberId, PatentId) {
    let mut world = World::default();
    let university = world.member("大学（演示）", Role::University);
    let patent = world.patent(&[university]);
    let funder = world.funded(university, patent);
    world.go_to("2027-03-02");
    (world, university, funder, patent)
}

#[test]
fn an_institution_declares_its_own_patents_and_names_a_funder() {
    let Market { mut world, owner, first, patent, .. } = market();
    let funder = world.member("项目管理部门（演示）", Role::Funder);
    names(&refused(&mut world, &[owner], funded(&[patent], owner, first), Code::FundFunder), first);
    names(&refused(&mut world, &[first], funded(&[patent], first, funder), Code::NotOwner), first);
    refused(&mut world, &[first], funded(&[patent], owner, funder), Code::MemberSignatureRequired);
    assert_eq!(world.codes(&[owner], funded(&[], owner, funder)), [Code::FieldMissing]);
    let record = RecordId::new(world.effect(&[owner], funded(&[patent], owner, funder)));
    names(&refused(&mut world, &[owner], funded(&[patent], owner, funder), Code::FundDeclared), record);
    for seed in 0..7 {
        let act = tongda_ledger::act::funding::Declare {
            project: Hash([seed; 32]),
            ..funded(&[patent], owner, funder)
        };
        world.effect(&[owner], act);
    }
    let ninth =
        tongda_ledger::act::funding::Declare { project: Hash([99; 32]), ..funded(&[patent], owner, funder) };
    let refusal = refused(&mut world, &[owner], ninth, Code::FundDeclared);
    assert_eq!(refusal.detail.as_deref(), Some("8 projects"));
    let entry = &world.get::<Funding>(patent).projects[0];
    assert_eq!((entry.project, entry.declared, entry.verified), (PROJECT, record, None));
}

#[test]
fn only_the_projects_funder_verifies_and_once() {
    let Market { mut world, owner, patent, .. } = market();
    let funder = world.member("项目管理部门（演示）", Role::Funder);
    let verify = Verify { patent, project: PROJECT };
    let refusal = refused(&mut world, &[funder], verify.clone(), Code::FundNotDeclared);
    assert_eq!(refusal.subject, Some(patent.into()));
    world.effect(&[owner], funded(&[patent], owner, funder));
    names(&refused(&mut world, &[owner], verify.clone(), Code::FundFunder), funder);
    let record = RecordId::new(world.effect(&[funder], verify.clone()));
    names(&refused(&mut world, &[funder], verify, Code::FundVerified), record);
    assert!(world.replays());
}

#[test]
fn a_declared_patent_goes_abroad_only_with_its_funder() {
    let Market { mut world, owner, patent, .. } = market();
    let foreign = world.member_of("Demonstration GmbH", Role::Enterprise, "DE");
    let export = Some(Export::Free { registration: Hash([0x1a; 32]) });
    let mut transfer = world.transfer_act(&[patent], &[owner], &[foreign]);
    transfer.export = export.clone();
    let licence = licence::Grant {
        kind: LicenceKind::Exclusive,
        export,
        ..grant(&world, &[patent], &[owner], foreign)
    };
    let funder = world.funded(owner, patent);
    refused(&mut world, &[owner, foreign], transfer.clone(), Code::FunderApprovalRequired);
    refused(&mut world, &[owner, foreign], licence.clone(), Code::FunderApprovalRequired);
    let approved = licence::Grant { funder: Some(funder), ..licence };
    world.effect(&[owner, foreign, funder], approved);
    transfer.funder = Some(funder);
    world.effect(&[owner, foreign, funder], transfer);
}

#[test]
fn the_funder_decides_when_five_years_from_the_grant_have_passed_without_use() {
    let mut world = World::default();
    let university = world.member("大学（演示）", Role::University);
    let patent = world.patent(&[university]);
    let funder = world.member("项目管理部门（演示）", Role::Funder);
    refused(&mut world, &[funder], state_use(patent), Code::FundNotDeclared);
    let declared = RecordId::new(world.effect(&[university], funded(&[patent], university, funder)));
    world.go_to("2027-03-02");
    names(&refused(&mut world, &[funder], state_use(patent), Code::FundNotVerified), declared);
    world.effect(&[funder], Verify { patent, project: PROJECT });
    names(&refused(&mut world, &[university], state_use(patent), Code::FundFunder), funder);
    world.dawn_of("2027-03-01");
    let early = refused(&mut world, &[funder], state_use(patent), Code::FundClockRunning);
    assert_eq!(early.detail.as_deref(), Some("until 2027-03-01"));
    world.go_to("2027-03-02");
    refused(&mut world, &[funder], justified(patent, "2027-03-02"), Code::EffectiveDate);
    let reason = RecordId::new(world.effect(&[funder], justified(patent, "2028-12-31")));
    names(&refused(&mut world, &[funder], state_use(patent), Code::FundClockRunning), reason);
    world.go_to("2029-01-01");
    let decided = RecordId::new(world.effect(&[funder], state_use(patent)));
    names(&refused(&mut world, &[funder], state_use(patent), Code::FundStateUse), decided);
    assert_eq!(world.get::<Funding>(patent).state_use.unwrap().record, decided);
}

#[test]
fn a_licence_a_transfer_or_a_product_shows_that_a_patent_is_implemented() {
    let (mut world, university, funder, patent) = overdue();
    let firm = world.member("企业（演示）", Role::Enterprise);
    let [transferred, worked] = [0, 1].map(|_| {
        let patent = world.patent(&[university]);
        world.effect(&[university], funded(&[patent], university, funder));
        world.effect(&[funder], Verify { patent, project: PROJECT });
        patent
    });
    let contract = grant(&world, &[patent], &[university], firm);
    let licence = world.granted(&[university, firm], contract);
    names(&refused(&mut world, &[funder], state_use(patent), Code::FundClockRunning), licence);

    let mut act = world.transfer_act(&[transferred], &[university], &[firm]);
    act.pricing = Some(Pricing::Auction);
    let transfer = tongda_ledger::identifier::TransferId::new(world.effect(&[university, firm], act), 0);
    let registration = world.transfer_registration(transfer);
    world.effect(&[kit::REGISTRAR], registration);
    names(&refused(&mut world, &[funder], state_use(transferred), Code::FundClockRunning), transfer);

    let contract = grant(&world, &[worked], &[university], firm);
    let licence = world.granted(&[university, firm], contract);
    let mut act = kit::ground::product(firm, worked);
    act.patents[..].clone_from_slice(&[tongda_ledger::act::product::ProductPatent {
        patent: worked,
        basis: tongda_ledger::act::product::ProductBasis::Licensed { licence },
    }]);
    let product = tongda_ledger::identifier::ProductId::new(world.effect(&[firm], act), 0);
    names(&refused(&mut world, &[funder], state_use(worked), Code::FundClockRunning), product);

    world.go_to("2028-01-01");
    world.effect(&[funder], state_use(patent));
}

#[test]
fn a_year_of_a_funded_patent_is_reported_once() {
    let (mut world, university, funder, patent) = overdue();
    let report = |year| Report { patent, project: PROJECT, year, report: Hash([0x34; 32]) };
    refused(&mut world, &[university], report(2027), Code::EffectiveDate);
    refused(&mut world, &[funder], report(2026), Code::MemberSignatureRequired);
    let record = RecordId::new(world.effect(&[university], report(2026)));
    names(&refused(&mut world, &[university], report(2026), Code::FundReportDuplicate), record);
    world.effect(&[university], report(2025));
    assert_eq!(world.get::<FundingReport>((patent, 2026)).record, record);
}

#[test]
fn income_is_distributed_by_who_earned_it_and_half_of_it_at_least_to_the_inventors() {
    let Market { mut world, owner, first, second, patent } = market();
    let contract = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], contract);
    let sound = distribution(&world, owner, licence);
    let others = distribution(&world, second, licence);
    names(&refused(&mut world, &[second], others, Code::IncomeSource), second);
    refused(&mut world, &[first], sound.clone(), Code::MemberSignatureRequired);
    let low = Distribute { share: 4999.try_into().unwrap(), ..sound.clone() };
    let refusal = refused(&mut world, &[owner], low.clone(), Code::IncomeShareLow);
    assert_eq!(refusal.detail.as_deref(), Some("49.99%, at least 50.00%"));
    world.effect(&[owner], Distribute { policy: Some(Hash([0x44; 32])), ..low });
    let alone = InventorPart { inventor: Hash([1; 32]), part: 6000.try_into().unwrap() };
    let short = Distribute { inventors: list(&[alone]), ..sound.clone() };
    let refusal = refused(&mut world, &[owner], short, Code::IncomeSharesSum);
    assert_eq!(refusal.detail.as_deref(), Some("6000 of 10000"));
    let half = InventorPart { part: 5000.try_into().unwrap(), ..alone };
    let twice = Distribute { inventors: list(&[half, half]), ..sound.clone() };
    assert_eq!(world.codes(&[owner], twice), [Code::DuplicateEntry]);
    let nothing = Distribute { net: NetIncome::Public { amount: Money::ZERO }, ..sound.clone() };
    assert_eq!(world.codes(&[owner], nothing), [Code::FieldMissing]);
    let record = RecordId::new(world.effect(&[owner], sound.clone()));
    assert_eq!(world.get::<IncomeDistribution>(record).inventors, sound.inventors);

    let transfer = world.proposed(patent, owner, first);
    let source = IncomeSource::FromTransfer { transfer };
    let sold = Distribute { source, ..sound };
    assert_eq!(
        refused(&mut world, &[owner], sold.clone(), Code::IncomeSource).subject,
        Some(ObjectRef::from(transfer))
    );
    let registration = world.transfer_registration(transfer);
    world.effect(&[kit::REGISTRAR], registration);
    world.effect(&[owner], sold);
}

#[test]
fn an_institution_shows_its_diligence_with_notice_and_approvals() {
    let mut world = World::default();
    let university = world.member("大学（演示）", Role::University);
    let decision = |notice: &str, approvals: &[Hash]| Assess {
        institution: university,
        diligence: Diligence::Decision {
            pricing: Pricing::Agreement { notice: Some(notice.parse().unwrap()) },
            approvals: list(approvals),
        },
        on: date("2026-11-24"),
    };
    let approval = [Hash([0x49; 32])];
    let short = decision("2026-11-11/2026-11-20", &approval);
    refused(&mut world, &[university], short, Code::PublicityPeriod);
    refused(&mut world, &[university], decision("2026-11-01/2026-11-20", &[]), Code::ProofMissing);
    let sound = decision("2026-11-01/2026-11-20", &approval);
    refused(&mut world, &[EXCHANGE], sound.clone(), Code::MemberSignatureRequired);
    let future = Assess { on: date("2026-11-25"), ..sound.clone() };
    refused(&mut world, &[university], future, Code::EffectiveDate);
    let record = RecordId::new(world.effect(&[university], sound.clone()));
    assert_eq!(world.get::<DiligenceEntry>(record).diligence, sound.diligence);
    let notice = Tender {
        institution: university,
        kind: TenderKind::Call,
        title: text("专利代理服务招标公告（演示）"),
        notice: Hash([0x45; 32]),
        on: date("2026-11-24"),
    };
    refused(&mut world, &[EXCHANGE], notice.clone(), Code::MemberSignatureRequired);
    let record = RecordId::new(world.effect(&[university], notice));
    assert_eq!(world.get::<TenderNotice>(record).kind, TenderKind::Call);
}
