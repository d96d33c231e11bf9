//! What is published: statistics that tell of nobody, reports, projects, anchors, cases.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::licensing::{Market, market, names, refused};
use kit::{COURT, EXCHANGE, REGULATOR, World, date, list, text};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::product::OutputClass;
use tongda_ledger::act::statistics::{
    Anchor, AnchorSource, Cell, Cut, Figure, Indicator, ProjectKind, PublicationKind, Publish,
    RegisterProject, Release, Report, ReportResult, TimeBasis,
};
use tongda_ledger::execution::Judgement;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, Money, PatentId, ProjectId, RecordId, StatisticId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{
    ExternalAnchor, Parameters, Project, ProjectResult, Publication, RegionalReport, Statistic,
};

fn cell(region: &str, contributors: u32, count: Option<u64>) -> Cell {
    Cell {
        cut: Cut::Region { region: region.parse().unwrap() },
        contributors,
        figure: count.map(|count| Figure::Count { count }),
    }
}

/// A release of the open patents of two regions, counted from the first block.
fn release(publisher: MemberId) -> Release {
    Release {
        publisher,
        indicator: Indicator::OpenLive,
        period: "2026-01-01/2026-10-31".parse().unwrap(),
        basis: TimeBasis::Recorded,
        seal: 1,
        cells: list(&[cell("310000", 12, Some(40)), cell("330000", 2, None)]),
        table: Hash([0x71; 32]),
        revises: None,
    }
}

#[test]
fn a_statistic_is_released_by_an_office_or_an_exchange_and_revised_by_it_alone() {
    let mut world = World::default();
    let office = world.reserved("统计机构（演示）", Role::Statistics);
    refused(&mut world, &[COURT], release(COURT), Code::StatPublisher);
    refused(&mut world, &[EXCHANGE], release(office), Code::MemberSignatureRequired);
    let first = StatisticId::new(world.effect(&[office], release(office)), 0);
    let revision = Release { revises: Some(first), ..release(office) };
    let foreign = Release { publisher: EXCHANGE, ..revision.clone() };
    names(&refused(&mut world, &[EXCHANGE], foreign, Code::StatRevision), office);
    let other = Release { indicator: Indicator::OpenHolders, ..revision.clone() };
    assert_eq!(refused(&mut world, &[office], other, Code::StatRevision).subject, Some(first.into()));
    let second = StatisticId::new(world.effect(&[office], revision.clone()), 0);
    assert_eq!(world.get::<Statistic>(first).revised, Some(second));
    names(&refused(&mut world, &[office], revision.clone(), Code::StatRevision), second);
    world.effect(&[office], Release { revises: Some(second), ..revision });
    world.effect(&[EXCHANGE], release(EXCHANGE));
    assert!(world.replays());
}

#[test]
fn a_statistic_is_counted_from_a_seal_that_is_there_over_a_period_that_is_over() {
    let mut world = World::default();
    world.block(&[]);
    let ahead = Release { seal: u64::MAX, ..release(EXCHANGE) };
    refused(&mut world, &[EXCHANGE], ahead, Code::StatSeal);
    let own = Release { seal: world.index, ..release(EXCHANGE) };
    match world.send(&[EXCHANGE], own) {
        Judgement::Refused(refusals) => assert_eq!(refusals[0].code, Code::StatSeal),
        other => panic!("{other:?}"),
    }
    let running = Release { period: "2026-01-01/2026-12-31".parse().unwrap(), ..release(EXCHANGE) };
    refused(&mut world, &[EXCHANGE], running, Code::EffectiveDate);
    let latest = Release { seal: world.index - 1, ..release(EXCHANGE) };
    world.effect(&[EXCHANGE], latest);
}

#[test]
fn no_cell_tells_of_too_few_and_all_cells_are_cut_alike() {
    let mut world =
        World::with_parameters("2026-11-24", Parameters { statistic_cell: 4, ..Parameters::default() });
    world.block(&[]);
    let of = |cells: &[Cell]| Release { cells: list(cells), ..release(EXCHANGE) };
    let few = of(&[cell("310000", 3, Some(40))]);
    let refusal = refused(&mut world, &[EXCHANGE], few, Code::StatCell);
    assert_eq!(refusal.detail.as_deref(), Some("3 contributors, at least 4"));
    world.effect(&[EXCHANGE], of(&[cell("310000", 3, None), cell("330000", 4, Some(9))]));
    let whole = Cell { cut: Cut::Whole, contributors: 9, figure: Some(Figure::Count { count: 9 }) };
    refused(&mut world, &[EXCHANGE], of(&[whole.clone(), cell("310000", 9, Some(1))]), Code::StatCut);
    assert_eq!(world.codes(&[EXCHANGE], of(&[whole.clone(), whole.clone()])), [Code::DuplicateEntry]);
    assert_eq!(world.codes(&[EXCHANGE], of(&[])), [Code::FieldMissing]);
    let money = Cell { figure: Some(Figure::Amount { amount: Money::from_fen(1) }), ..whole.clone() };
    refused(&mut world, &[EXCHANGE], of(std::slice::from_ref(&money)), Code::StatUnit);
    world.effect(&[EXCHANGE], Release { indicator: Indicator::OpenAmount, ..of(&[money]) });
    world.effect(&[EXCHANGE], of(&[whole]));
}

#[test]
fn a_regulator_reports_on_its_region_and_publishes_cases() {
    let Market { mut world, owner, patent, .. } = market();
    let statistic = StatisticId::new(world.effect(&[EXCHANGE], release(EXCHANGE)), 0);
    let report = |statistic, regulator| Report {
        regulator,
        region: "310000".parse().unwrap(),
        period: "2026-01-01/2026-10-31".parse().unwrap(),
        indicators: Hash([0x75; 32]),
        statistics: list(&[statistic]),
        report: Hash([0x76; 32]),
    };
    refused(&mut world, &[EXCHANGE], report(statistic, EXCHANGE), Code::StatRegulator);
    let unknown = StatisticId::new(9999, 0);
    refused(&mut world, &[REGULATOR], report(unknown, REGULATOR), Code::ObjectUnknown);
    let record = RecordId::new(world.effect(&[REGULATOR], report(statistic, REGULATOR)));
    assert_eq!(*world.get::<RegionalReport>(record).statistics, [statistic]);

    let publish = |what| Publish {
        regulator: REGULATOR,
        what,
        title: text("典型案例（演示）"),
        document: Hash([0x74; 32]),
        on: date("2026-11-24"),
    };
    let nothing = publish(PublicationKind::HighValuePatents { patents: list(&[]) });
    assert_eq!(world.codes(&[REGULATOR], nothing), [Code::FieldMissing]);
    let unknown = publish(PublicationKind::HighValuePatents { patents: list(&[PatentId::new(9999, 0)]) });
    refused(&mut world, &[REGULATOR], unknown, Code::ObjectUnknown);
    let others = Publish { regulator: EXCHANGE, ..publish(PublicationKind::TypicalCase) };
    refused(&mut world, &[EXCHANGE], others, Code::StatRegulator);
    for what in [
        PublicationKind::TypicalCase,
        PublicationKind::HighValuePatents { patents: list(&[patent]) },
        PublicationKind::Outstanding { members: list(&[owner]) },
    ] {
        let record = RecordId::new(world.effect(&[REGULATOR], publish(what.clone())));
        assert_eq!(world.get::<Publication>(record).what, what);
    }
}

#[test]
fn a_project_is_carried_by_those_who_sign_it_and_reports_once_a_year() {
    let Market { mut world, owner, first, second, patent } = market();
    let project = RegisterProject {
        kind: ProjectKind::Industrialisation,
        name: text("电池管理技术产业化（演示）"),
        batch: text("2026年第一批"),
        institution: owner,
        partners: list(&[]),
        patents: list(&[patent]),
        plan: Hash([0x72; 32]),
    };
    refused(&mut world, &[owner], project.clone(), Code::StatRegulator);
    let foreign = RegisterProject { institution: second, ..project.clone() };
    names(&refused(&mut world, &[second, REGULATOR], foreign, Code::NotOwner), second);
    let empty = RegisterProject { patents: list(&[]), ..project.clone() };
    assert_eq!(world.codes(&[owner, REGULATOR], empty), [Code::FieldMissing]);
    let (_, missing) = world.pends(&[REGULATOR], project.clone());
    assert_eq!(missing, [owner]);
    let id = ProjectId::new(world.effect(&[owner, REGULATOR], project.clone()), 0);
    assert_eq!(world.get::<Project>(id).institution, owner);
    let joint = RegisterProject {
        kind: ProjectKind::JointResearch,
        partners: list(&[first]),
        patents: list(&[]),
        ..project
    };
    names(&refused(&mut world, &[owner], joint.clone(), Code::MemberSignatureRequired), first);
    world.effect(&[owner, first], joint);

    let result = |year| ReportResult {
        project: id,
        year,
        class: OutputClass::Millions,
        patents: list(&[patent]),
        figures: Hash([0x77; 32]),
    };
    refused(&mut world, &[owner], result(2026), Code::EffectiveDate);
    refused(&mut world, &[first], result(2025), Code::MemberSignatureRequired);
    let record = RecordId::new(world.effect(&[owner], result(2025)));
    names(&refused(&mut world, &[owner], result(2025), Code::ProjectResultDuplicate), record);
    world.effect(&[owner], result(2024));
    assert_eq!(world.get::<ProjectResult>((id, 2025)).record, record);
}

#[test]
fn an_exchange_anchors_an_external_hash() {
    let mut world = World::default();
    let anchor = |exchange| Anchor {
        exchange,
        source: AnchorSource::Gazette,
        name: text("2026-48"),
        digest: Hash([0x73; 32]),
        on: date("2026-11-24"),
    };
    refused(&mut world, &[COURT], anchor(COURT), Code::ExchangeOnly);
    let future = Anchor { on: date("2026-11-25"), ..anchor(EXCHANGE) };
    refused(&mut world, &[EXCHANGE], future, Code::EffectiveDate);
    let record = RecordId::new(world.effect(&[EXCHANGE], anchor(EXCHANGE)));
    assert_eq!(world.get::<ExternalAnchor>(record).digest, Hash([0x73; 32]));
}
