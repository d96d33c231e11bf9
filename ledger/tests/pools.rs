//! Patent pools: who agrees, what they bar, how what comes in is shared. Portfolios and consortia too.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::licensing::{grant, life, market, names, preservation, refused, term};
use kit::pooling::form;
use kit::{COURT, EXCHANGE, REGISTRAR, World, date, list, text};
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::consortium;
use tongda_ledger::act::licence::LicenceKind;
use tongda_ledger::act::member::{Role, StandingChange, Status};
use tongda_ledger::act::patent::LifeEvent;
use tongda_ledger::act::pool::{Dissolve, Distribute, Join, Leave, PoolShare};
use tongda_ledger::act::portfolio;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, Money, PatentId, PoolId, RecordId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{Consortium, Duties, Licence, Pool, PoolDistribution, PoolMember, PoolsOf, Read};

/// An administrator and two firms with a patent each.
struct Firms {
    world: World,
    administrator: MemberId,
    first: (MemberId, PatentId),
    second: (MemberId, PatentId),
}

fn firms() -> Firms {
    let mut world = World::default();
    let administrator = world.member("运营中心（演示）", Role::OperationCentre);
    let first = world.member("甲公司（演示）", Role::Enterprise);
    let second = world.member("乙公司（演示）", Role::Enterprise);
    let patents = (world.patent(&[first]), world.patent(&[second]));
    Firms { world, administrator, first: (first, patents.0), second: (second, patents.1) }
}

fn leave(pool: PoolId, member: MemberId, patents: &[PatentId]) -> Leave {
    Leave { pool, member, patents: list(patents) }
}

#[test]
fn a_pool_forms_with_all_signatures_and_binds_its_members() {
    let Firms { mut world, administrator, first, second } = firms();
    let act = form(administrator, &[first, second]);
    assert_eq!(
        world.codes(&[first.0], act.clone()),
        [Code::CoOwnerConsentRequired, Code::PoolAdministratorRequired, Code::PoolMemberRequired]
    );
    let (pending, missing) = world.pends(&[first.0], act);
    assert_eq!(missing, [administrator, second.0]);
    world.effect(&[second.0], Give { pending });
    let pool = PoolId::new(world.effect(&[administrator], Give { pending }), 0);
    assert_eq!(world.get::<Pool>(pool).patents, 2);
    assert_eq!(world.status(first.1).pools, 1);
    assert_eq!(*world.get::<PoolsOf>(first.1).pools, [pool]);
    let exit = Status { member: first.0, change: StandingChange::Exit, reason: text("退出") };
    assert_eq!(world.codes(&[EXCHANGE, first.0], exit), [Code::MemberObligationsOpen]);
}

#[test]
fn only_what_is_ones_own_in_force_and_free_enters_and_once() {
    let Firms { mut world, administrator, first, second } = firms();
    let pool = world.pooled(administrator, &[first, second]);
    let signers = [administrator, first.0, second.0];
    let join = |patents: &[PatentId]| Join { pool, member: first.0, patents: list(patents) };
    names(&refused(&mut world, &signers, join(&[first.1]), Code::DuplicateEntry), pool);
    let theirs = world.patent(&[second.0]);
    names(&refused(&mut world, &signers, join(&[theirs]), Code::NotOwner), first.0);
    let frozen = world.patent(&[first.0]);
    world.effect(&[COURT], preservation(frozen, "2026-12-31"));
    refused(&mut world, &signers, join(&[frozen]), Code::PatentFrozen);
    let bank = world.member("银行（演示）", Role::Bank);
    let pledged = world.patent(&[first.0]);
    let pledge = world.pledged(pledged, bank, false);
    names(&refused(&mut world, &signers, join(&[pledged]), Code::PledgeeConsentRequired), pledge);
    world.effect(&[administrator, first.0, bank], join(&[pledged]));
    assert_eq!(world.get::<PoolMember>((pool, first.0)).patents.len(), 2);
}

#[test]
fn an_exclusive_licence_and_a_pool_exclude_each_other() {
    let Firms { mut world, administrator, first, second } = firms();
    let exclusive = |world: &World, patent| {
        let mut act = grant(world, &[patent], &[first.0], second.0);
        act.kind = LicenceKind::Exclusive;
        act
    };
    let licensed = world.patent(&[first.0]);
    let act = exclusive(&world, licensed);
    let licence = world.granted(&[first.0, second.0], act);
    let signers = [administrator, first.0, second.0];
    let act = form(administrator, &[(first.0, licensed), second]);
    names(&refused(&mut world, &signers, act, Code::PoolExclusive), licence);
    let pool = world.pooled(administrator, &[first, second]);
    let act = exclusive(&world, first.1);
    names(&refused(&mut world, &[first.0, second.0], act.clone(), Code::PoolExclusive), pool);
    let ordinary = grant(&world, &[first.1], &[first.0], second.0);
    let licence = world.granted(&[first.0, second.0], ordinary);
    world.effect(&[first.0], leave(pool, first.0, &[first.1]));
    assert!(world.get::<Licence>(licence).is_active(world.today()), "leaving ends no licence");
    let end = kit::licensing::end(&world, licence, tongda_ledger::act::licence::EndCause::Agreement);
    world.effect(&[first.0, second.0], end);
    world.granted(&[first.0, second.0], act);
}

#[test]
fn a_pool_patent_is_not_abandoned_and_its_new_owner_takes_it_out() {
    let Firms { mut world, administrator, first, second } = firms();
    let pool = world.pooled(administrator, &[first, second]);
    let abandon = life(first.1, LifeEvent::Abandoned);
    names(&refused(&mut world, &[REGISTRAR, first.0], abandon.clone(), Code::PoolLeaveFirst), pool);
    let stranger = world.member("丙公司（演示）", Role::Enterprise);
    world.transferred(first.1, first.0, stranger);
    assert_eq!(world.status(first.1).pools, 1, "the pool follows the patent");
    let act = leave(pool, first.0, &[first.1]);
    refused(&mut world, &[second.0], act.clone(), Code::PoolMemberRequired);
    world.effect(&[stranger], act.clone());
    names(&refused(&mut world, &[stranger], act, Code::PoolPatentUnknown), pool);
    world.effect(&[REGISTRAR, stranger], abandon);
}

#[test]
fn who_left_is_no_member_and_a_dissolved_pool_takes_nobody() {
    let Firms { mut world, administrator, first, second } = firms();
    let pool = world.pooled(administrator, &[first, second]);
    world.effect(&[first.0], leave(pool, first.0, &[]));
    assert_eq!(world.status(first.1).pools, 0);
    assert_eq!(world.state.find::<PoolsOf>(&first.1).unwrap(), None);
    assert_eq!(world.state.find::<Duties>(&first.0).unwrap(), None);
    let gone = leave(pool, first.0, &[]);
    names(&refused(&mut world, &[first.0], gone, Code::PoolMemberUnknown), first.0);
    let join = Join { pool, member: first.0, patents: list(&[first.1]) };
    world.effect(&[first.0, administrator], join.clone());
    let dissolve = Dissolve { pool, reason: text("目的已经实现") };
    refused(&mut world, &[administrator, first.0], dissolve.clone(), Code::PoolMemberRequired);
    let record = RecordId::new(world.effect(&[administrator, first.0, second.0], dissolve));
    assert_eq!((world.status(first.1).pools, world.status(second.1).pools), (0, 0));
    assert_eq!(world.state.find::<Duties>(&administrator).unwrap(), None);
    names(&refused(&mut world, &[first.0, administrator], join, Code::PoolState), record);
    world.pooled(administrator, &[first, second]);
}

#[test]
fn a_member_brings_as_many_patents_as_its_entry_holds() {
    let Firms { mut world, administrator, first, second } = firms();
    let pool = world.pooled(administrator, &[first, second]);
    let patents: Vec<_> = (0..64).map(|_| world.patent(&[first.0])).collect();
    let act = Join { pool, member: first.0, patents: list(&patents) };
    assert_eq!(
        refused(&mut world, &[first.0, administrator], act, Code::PoolFull).subject,
        Some(pool.into())
    );
    let act = Join { pool, member: first.0, patents: list(&patents[..63]) };
    world.effect(&[first.0, administrator], act);
    assert_eq!(world.get::<Pool>(pool).patents, 65);
    world.effect(&[first.0], leave(pool, first.0, &[]));
    assert_eq!(world.get::<Pool>(pool).patents, 1);
}

#[test]
fn what_is_distributed_sums_to_the_total_once_for_a_period() {
    let Firms { mut world, administrator, first, second } = firms();
    let pool = world.pooled(administrator, &[first, second]);
    let share = |member, fen| PoolShare { member, amount: Money::from_fen(fen) };
    let act = Distribute {
        pool,
        period: term("2026-01-01/2026-06-30"),
        total: Money::from_fen(1000),
        shares: list(&[share(first.0, 600), share(second.0, 400)]),
    };
    refused(&mut world, &[first.0], act.clone(), Code::PoolAdministratorRequired);
    let short = Distribute { total: Money::from_fen(1001), ..act.clone() };
    refused(&mut world, &[administrator], short, Code::PoolShareUnbalanced);
    let over = share(first.0, u64::MAX);
    let beyond = Distribute { shares: list(&[over, share(second.0, 1001)]), ..act.clone() };
    refused(&mut world, &[administrator], beyond, Code::PoolShareUnbalanced);
    let strange = Distribute { shares: list(&[share(first.0, 600), share(EXCHANGE, 400)]), ..act.clone() };
    names(&refused(&mut world, &[administrator], strange, Code::PoolMemberUnknown), EXCHANGE);
    let early = Distribute { period: term("2026-07-01/2026-12-31"), ..act.clone() };
    refused(&mut world, &[administrator], early.clone(), Code::EffectiveDate);
    let record = RecordId::new(world.effect(&[administrator], act.clone()));
    assert_eq!(world.get::<PoolDistribution>(record).total, Money::from_fen(1000));
    refused(&mut world, &[administrator], act, Code::PoolPeriod);
    world.effect(&[second.0], leave(pool, second.0, &[]));
    world.go_to("2027-01-01");
    world.effect(&[administrator], early);
}

#[test]
fn a_portfolio_is_of_what_its_holder_owns() {
    let mut market = market();
    let (owner, first, patent) = (market.owner, market.first, market.patent);
    let world = &mut market.world;
    let other = world.patent(&[owner]);
    let act = portfolio::Form {
        name: text("电池均衡专利组合"),
        field: list(&["C3841".parse().unwrap()]),
        patents: list(&[patent, other]),
    };
    assert_eq!(world.codes(&[first], act.clone()), [Code::NotOwner]);
    let portfolio = RecordId::new(world.effect(&[owner], act.clone()));
    let end = portfolio::End { portfolio };
    refused(world, &[first], end.clone(), Code::MemberSignatureRequired);
    let record = RecordId::new(world.effect(&[owner], end.clone()));
    names(&refused(world, &[owner], end, Code::PortfolioState), record);
    world.effect(&[owner], act);
}

#[test]
fn a_consortium_is_formed_by_all_left_by_each_and_ends_with_the_last_but_one() {
    let mut market = market();
    let (owner, first, second) = (market.owner, market.first, market.second);
    let world = &mut market.world;
    let act = consortium::Form {
        name: text("新能源创新联合体"),
        members: list(&[owner, first, second]),
        ip_rules: Hash([3; 32]),
        scope: text("动力电池联合研发"),
        industries: list(&["C38".parse().unwrap()]),
    };
    assert_eq!(world.codes(&[owner, first], act.clone()), [Code::MemberSignatureRequired]);
    let consortium = RecordId::new(world.effect(&[owner, first, second], act));
    let leave = |member| consortium::Leave { consortium, member };
    world.effect(&[second], leave(second));
    names(&refused(world, &[second], leave(second), Code::ConsortiumMember), second);
    let end = consortium::End { consortium };
    assert_eq!(world.codes(&[owner], end.clone()), [Code::MemberSignatureRequired]);
    let record = RecordId::new(world.effect(&[first], leave(first)));
    names(&refused(world, &[owner], end, Code::ConsortiumState), record);
    assert_eq!(world.get::<Consortium>(consortium).formed, date("2026-11-24"));
}
