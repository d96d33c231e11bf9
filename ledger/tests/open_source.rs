//! Patents pledged to everybody, and patents in standards.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::licensing::{declare, grant, market, names, refused};
use kit::pooling::{essential, pledge_open};
use kit::text;
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::licence::LicenceKind;
use tongda_ledger::act::member::Role;
use tongda_ledger::act::open_licence::FeeStandard;
use tongda_ledger::act::open_source::{Revoke, SuitReference, Terminate};
use tongda_ledger::act::patent::Stage;
use tongda_ledger::act::standard::StandardUndertaking;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{OpenSourceId, RecordId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{OpenSource, OpenSourceTermination, UndertakenFor};

#[test]
fn an_open_source_pledge_bars_exclusive_licences_and_fees_and_follows_the_patent() {
    let mut market = market();
    let (owner, first, second, patent) = (market.owner, market.first, market.second, market.patent);
    let world = &mut market.world;
    let pledge = OpenSourceId::new(world.effect(&[owner], pledge_open(patent)), 0);
    assert_eq!(world.status(patent).open_source, Some(pledge));
    names(&refused(world, &[owner], pledge_open(patent), Code::OpenSourceAlready), pledge);
    let mut act = grant(world, &[patent], &[owner], first);
    act.kind = LicenceKind::Sole;
    names(&refused(world, &[owner, first], act.clone(), Code::OpenSourceExclusive), pledge);
    act.kind = LicenceKind::Ordinary;
    world.effect(&[owner, first], act);
    let mut open = declare(patent);
    names(&refused(world, &[owner], open.clone(), Code::OpenSourceFee), pledge);
    open.fee = FeeStandard::Free;
    let declaration = world.declared(&[owner], open);
    let withdraw = kit::licensing::withdraw(declaration);
    world.effect(&[owner], withdraw);
    world.transferred(patent, owner, second);
    assert_eq!(world.status(patent).open_source, Some(pledge));
}

#[test]
fn what_is_licensed_exclusively_or_declared_at_a_fee_is_not_pledged() {
    let mut market = market();
    let (owner, first, patent) = (market.owner, market.first, market.patent);
    let world = &mut market.world;
    let mut act = grant(world, &[patent], &[owner], first);
    act.kind = LicenceKind::Exclusive;
    let licence = world.granted(&[owner, first], act);
    names(&refused(world, &[owner], pledge_open(patent), Code::OpenSourceExclusive), licence);
    let end = kit::licensing::end(world, licence, tongda_ledger::act::licence::EndCause::Agreement);
    world.effect(&[owner, first], end);
    let declaration = world.declared(&[owner], declare(patent));
    names(&refused(world, &[owner], pledge_open(patent), Code::OpenSourceFee), declaration);
    world.effect(&[owner], kit::licensing::withdraw(declaration));
    world.effect(&[owner], pledge_open(patent));
}

#[test]
fn all_owners_and_the_pledgee_pledge() {
    let mut market = market();
    let (owner, first) = (market.owner, market.first);
    let world = &mut market.world;
    let bank = world.member("银行（演示）", Role::Bank);
    let patent = world.patent(&[owner, first]);
    let bond = world.pledged(patent, bank, false);
    refused(world, &[owner, bank], pledge_open(patent), Code::CoOwnerConsentRequired);
    names(&refused(world, &[owner, first], pledge_open(patent), Code::PledgeeConsentRequired), bond);
    let (pending, missing) = world.pends(&[first], pledge_open(patent));
    assert_eq!(missing, [owner, bank]);
    world.effect(&[owner], Give { pending });
    world.effect(&[bank], Give { pending });
    assert!(world.status(patent).open_source.is_some());
}

#[test]
fn a_pledge_ends_only_as_its_own_terms_say() {
    let mut market = market();
    let (owner, first, second, patent) = (market.owner, market.first, market.second, market.patent);
    let world = &mut market.world;
    let pledge = OpenSourceId::new(world.effect(&[owner], pledge_open(patent)), 0);
    let revoke = Revoke { pledge, reason: text("依条款撤销") };
    refused(world, &[owner], revoke, Code::OpenSourceIrrevocable);
    let ground = SuitReference::Suit { number: text("（2026）京73民初1号"), document: Hash([7; 32]) };
    let act = Terminate { pledge, member: second, ground: ground.clone() };
    assert_eq!(world.codes(&[first], act.clone()), [Code::NotOwner, Code::CoOwnerConsentRequired]);
    let record = RecordId::new(world.effect(&[owner], act.clone()));
    names(&refused(world, &[owner], act, Code::OpenSourceTerminated), record);
    assert_eq!(world.get::<OpenSourceTermination>((pledge, second)).record, record);
    assert_eq!(world.get::<OpenSource>(pledge).terminations, 1);
    assert_eq!(world.status(patent).open_source, Some(pledge), "it stands for everybody else");

    let other = world.patent(&[owner]);
    let mut act = pledge_open(other);
    act.defensive = false;
    act.revocable = true;
    let pledge = OpenSourceId::new(world.effect(&[owner], act), 0);
    let terminate = Terminate { pledge, member: second, ground };
    refused(world, &[owner], terminate.clone(), Code::OpenSourceNotDefensive);
    let revoke = Revoke { pledge, reason: text("依条款撤销") };
    let record = RecordId::new(world.effect(&[owner], revoke.clone()));
    assert_eq!(world.status(other).open_source, None);
    names(&refused(world, &[owner], revoke, Code::OpenSourceState), record);
    names(&refused(world, &[owner], terminate, Code::OpenSourceState), record);
    world.effect(&[owner], pledge_open(other));
}

#[test]
fn an_undertaking_for_a_standard_only_grows() {
    let mut market = market();
    let (owner, first, patent) = (market.owner, market.first, market.patent);
    let world = &mut market.world;
    let act = |undertaking| essential(patent, undertaking);
    assert_eq!(
        world.codes(&[first], act(StandardUndertaking::Frand)),
        [Code::NotOwner, Code::CoOwnerConsentRequired]
    );
    world.effect(&[owner], act(StandardUndertaking::NoUndertaking));
    let record = RecordId::new(world.effect(&[owner], act(StandardUndertaking::Frand)));
    for less in [StandardUndertaking::NoUndertaking, StandardUndertaking::Frand] {
        names(&refused(world, &[owner], act(less), Code::StandardUndertakingLess), record);
    }
    world.effect(&[owner], act(StandardUndertaking::FrandRoyaltyFree));
    let key = UndertakenFor::key_of(patent, &text("GB/T 46961-2025"));
    assert_eq!(world.get::<UndertakenFor>(key).undertaking, StandardUndertaking::FrandRoyaltyFree);
    let mut other = act(StandardUndertaking::Frand);
    other.standard = text("GB/T 99999-2026");
    world.effect(&[owner], other);
    let mut entry = world.patent_act(&[world.party_of(owner)]);
    entry.stage = Stage::Application;
    let application = world.register(entry);
    world.effect(&[owner], essential(application, StandardUndertaking::Frand));
}
