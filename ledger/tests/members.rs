//! Who may be enrolled, by whom, and what a member may do with its keys and powers.

mod kit;

use kit::{EXCHANGE, REGISTRAR, World};
use tongda_ledger::act::member::{Role, StandingChange, Status};
use tongda_ledger::refusal::Code;

#[test]
fn a_suspended_member_cannot_sign_until_it_is_restored() {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let status = |change| Status { member: owner, change, reason: kit::text("测试") };
    world.effect(&[EXCHANGE], status(StandingChange::Suspend));
    assert_eq!(
        world.codes(&[owner], status(StandingChange::Exit)),
        [Code::MemberSuspended, Code::RegulatorOnly,]
    );
    world.effect(&[REGISTRAR], status(StandingChange::Restore));
    world.effect(&[owner, EXCHANGE], status(StandingChange::Exit));
    assert_eq!(world.codes(&[EXCHANGE], status(StandingChange::Restore)), [Code::MemberStanding]);
}

#[test]
fn a_patent_is_entered_once_and_only_by_the_registrar() {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let party = world.party_of(owner);
    let act = world.patent_act(&[party]);
    assert_eq!(world.codes(&[EXCHANGE], act.clone()), [Code::RegistrarOnly]);
    let patent = world.register(act.clone());
    assert_eq!(world.codes(&[REGISTRAR], act), [Code::PatentNumberTaken]);
    assert_eq!(world.status(patent).term_last, Some(kit::date("2040-01-14")));
}
