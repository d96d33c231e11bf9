//! Pushes and who may answer them, demands, listings and events.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::licensing::{grant, market, names, preservation, refused};
use kit::matching::{demand, feedback, hold, publish, push};
use kit::{COURT, EXCHANGE, date, list};
use tongda_ledger::act::event::Outcome;
use tongda_ledger::act::listing::{Close, ListingMode, ListingOutcome};
use tongda_ledger::act::matching::{CloseDemand, DemandOutcome};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::technical_contract::ContractReference;
use tongda_ledger::identifier::{DemandId, EventId, ListingId, RecordId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{Demand, FeedbackGiven, Listing, LiveListing, MatchingEvent, Read};

#[test]
fn only_a_recipient_answers_and_only_about_what_was_pushed() {
    let mut market = market();
    let (owner, first, second, patent) = (market.owner, market.first, market.second, market.patent);
    let world = &mut market.world;
    let other = world.patent(&[owner]);
    let bank = world.member("银行（演示）", Role::Bank);
    let made = push(&[patent], &[first, bank]);
    refused(world, &[owner], made.act.clone(), Code::ExchangeOnly);
    let mut none = made.act.clone();
    none.recipients = 0;
    refused(world, &[EXCHANGE], none, Code::FieldMissing);
    let id = world.pushed(&made);
    let sound = feedback(id, &made, 0, (0, patent));
    names(&refused(world, &[second], sound.clone(), Code::FeedbackNotRecipient), second);
    let mut misplaced = sound.clone();
    misplaced.recipient_place.index = 1;
    refused(world, &[first], misplaced, Code::FeedbackNotRecipient);
    names(&refused(world, &[first], feedback(id, &made, 0, (0, other)), Code::FeedbackNotPushed), id);
    names(&refused(world, &[bank], feedback(id, &made, 1, (0, patent)), Code::EnterpriseOnly), bank);
    let mut beyond = sound.clone();
    beyond.prospect = 0;
    refused(world, &[first], beyond, Code::ScaleRange);
    let record = RecordId::new(world.effect(&[first], sound.clone()));
    names(&refused(world, &[first], sound, Code::FeedbackGiven), record);
    assert_eq!(world.get::<FeedbackGiven>((id, first, patent)).record, record);
    let again = push(&[other, patent], &[second, first]);
    let next = world.pushed(&again);
    world.effect(&[first], feedback(next, &again, 1, (1, patent)));
}

#[test]
fn an_enterprise_posts_a_demand_and_closes_it_once() {
    let mut market = market();
    let (first, second, patent) = (market.first, market.second, market.patent);
    let world = &mut market.world;
    refused(world, &[EXCHANGE], demand(), Code::EnterpriseOnly);
    let mut over = demand();
    over.until = date("2026-11-23");
    refused(world, &[first], over, Code::EffectiveDate);
    let id = DemandId::new(world.effect(&[first], demand()), 0);
    let outcome = DemandOutcome::Met { contract: None, patents: list(&[patent]) };
    let act = CloseDemand { demand: id, outcome: outcome.clone() };
    refused(world, &[second], act.clone(), Code::MemberSignatureRequired);
    world.effect(&[first], act.clone());
    assert_eq!(world.get::<Demand>(id).outcome, Some(outcome));
    assert_eq!(refused(world, &[first], act, Code::DemandState).subject, Some(id.into()));
    world.effect(&[first], demand());
}

#[test]
fn a_patent_is_on_offer_once_in_each_mode_while_the_listing_lives() {
    let mut market = market();
    let (owner, first, second, patent) = (market.owner, market.first, market.second, market.patent);
    let world = &mut market.world;
    let act = publish(patent);
    refused(world, &[owner], act.clone(), Code::ExchangeOnly);
    assert_eq!(world.codes(&[first, EXCHANGE], act.clone()), [Code::NotOwner, Code::CoOwnerConsentRequired]);
    let listing = ListingId::new(world.effect(&[owner, EXCHANGE], act.clone()), 0);
    names(&refused(world, &[owner, EXCHANGE], act.clone(), Code::ListingDuplicate), listing);
    let mut auction = act.clone();
    auction.mode = ListingMode::Auction;
    world.effect(&[EXCHANGE, owner], auction);

    let close = Close { listing, outcome: ListingOutcome::Delisted };
    names(&refused(world, &[first], close.clone(), Code::ListingPartyRequired), first);
    let other = world.patent(&[owner]);
    let contract = grant(world, &[other], &[owner], first);
    let licence = world.granted(&[owner, first], contract);
    let deal = ContractReference::Licence { licence };
    let concluded = Close { listing, outcome: ListingOutcome::Concluded { deal } };
    names(&refused(world, &[owner], concluded, Code::ListingOtherDeal), licence);
    let transfer = world.transferred(patent, owner, second);
    let outcome = ListingOutcome::Concluded { deal: ContractReference::Transfer { transfer } };
    world.effect(&[second], Close { listing, outcome });
    assert_eq!(world.get::<Listing>(listing).outcome, Some(outcome));
    assert_eq!(world.state.find::<LiveListing>(&(patent, 1)).unwrap(), None);
    assert_eq!(refused(world, &[second], close, Code::ListingState).subject, Some(listing.into()));
    world.effect(&[second, EXCHANGE], act);
}

#[test]
fn a_listing_that_ran_out_bars_no_other_and_its_end_leaves_the_other_alone() {
    let mut market = market();
    let (owner, patent) = (market.owner, market.patent);
    let world = &mut market.world;
    let old = ListingId::new(world.effect(&[owner, EXCHANGE], publish(patent)), 0);
    world.go_to("2027-01-01");
    let mut act = publish(patent);
    refused(world, &[owner, EXCHANGE], act.clone(), Code::EffectiveDate);
    act.until = date("2027-06-30");
    let new = ListingId::new(world.effect(&[owner, EXCHANGE], act), 0);
    world.effect(&[EXCHANGE], Close { listing: old, outcome: ListingOutcome::Unsold });
    assert_eq!(world.get::<LiveListing>((patent, 1)).listing, new);
}

#[test]
fn a_frozen_patent_is_not_offered_and_an_open_one_only_openly() {
    let mut market = market();
    let (owner, patent) = (market.owner, market.patent);
    let world = &mut market.world;
    let declaration = world.opened(&[owner], patent);
    let mut act = publish(patent);
    names(&refused(world, &[owner, EXCHANGE], act.clone(), Code::ListingOpenUnsaid), declaration);
    act.openly_licensed = true;
    world.effect(&[owner, EXCHANGE], act.clone());
    let frozen = world.patent(&[owner]);
    world.effect(&[COURT], preservation(frozen, "2026-12-31"));
    refused(world, &[owner, EXCHANGE], publish(frozen), Code::PatentFrozen);
}

#[test]
fn owners_may_consent_to_a_listing_later() {
    let mut market = market();
    let world = &mut market.world;
    let patent = world.patent(&[market.owner, market.first]);
    let (pending, missing) = world.pends(&[EXCHANGE], publish(patent));
    assert_eq!(missing, [market.owner, market.first]);
    world.effect(&[market.owner], tongda_ledger::act::consent::Give { pending });
    world.effect(&[market.first], tongda_ledger::act::consent::Give { pending });
    assert_eq!(world.get::<LiveListing>((patent, 1)).until, date("2026-12-31"));
}

#[test]
fn an_office_holds_an_event_and_says_once_what_came_of_it() {
    let mut market = market();
    let (first, patent) = (market.first, market.patent);
    let world = &mut market.world;
    let centre = world.member("运营中心（演示）", Role::OperationCentre);
    refused(world, &[first], hold(patent, first), Code::MatchingOfficeOnly);
    let mut empty = hold(patent, first);
    empty.patents = list(&[]);
    empty.members = list(&[]);
    refused(world, &[centre], empty, Code::FieldMissing);
    let event = EventId::new(world.effect(&[centre], hold(patent, first)), 0);
    let act = Outcome { event, intents: 5, contracts: list(&[]), report: None };
    refused(world, &[centre], act.clone(), Code::EffectiveDate);
    world.go_to("2026-12-01");
    refused(world, &[EXCHANGE], act.clone(), Code::MemberSignatureRequired);
    let record = RecordId::new(world.effect(&[centre], act.clone()));
    names(&refused(world, &[centre], act, Code::EventReported), record);
    assert_eq!(world.get::<MatchingEvent>(event).result.unwrap().intents, 5);
}
