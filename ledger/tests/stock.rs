//! The stock of patents: who enters it, how feedback makes a tier, who supports it.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::licensing::{names, refused};
use kit::matching::{enter, feedback, push};
use kit::{EXCHANGE, REGULATOR, World, list, text};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::stock::{Leave, StockTier, Support, SupportKind, SupportTarget, Tier};
use tongda_ledger::identifier::{MemberId, PatentId, RecordId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{MatchPush, StockEntry, SupportMeasure};

/// A university with a patent.
fn campus() -> (World, MemberId, PatentId) {
    let mut world = World::default();
    let university = world.member("甲大学（演示）", Role::University);
    let patent = world.patent(&[university]);
    (world, university, patent)
}

fn tier(patent: PatentId, feedback: &[RecordId], tier: StockTier) -> Tier {
    Tier { patent, rule: 1, feedback: list(feedback), tier }
}

#[test]
fn an_institution_enters_what_it_owns_and_takes_it_out_again() {
    let (mut world, university, patent) = campus();
    let firm = world.member("乙公司（演示）", Role::Enterprise);
    let theirs = world.patent(&[firm]);
    names(&refused(&mut world, &[firm], enter(theirs, firm), Code::StockInstitutionOnly), firm);
    names(&refused(&mut world, &[university], enter(theirs, university), Code::NotOwner), university);
    refused(&mut world, &[EXCHANGE], enter(patent, university), Code::MemberSignatureRequired);
    let mut act = enter(patent, university);
    act.readiness = 10;
    refused(&mut world, &[university], act, Code::ScaleRange);
    let leave = Leave { patent, reason: text("已转让") };
    refused(&mut world, &[university], leave.clone(), Code::StockNotEntered);
    world.effect(&[university], enter(patent, university));
    refused(&mut world, &[firm], leave.clone(), Code::NotOwner);
    world.effect(&[university], leave);
    assert_eq!(world.get::<StockEntry>(patent).left, Some(world.today()));
    world.effect(&[university], enter(patent, university));
    assert_eq!(world.get::<StockEntry>(patent).left, None);
}

#[test]
fn a_tier_is_what_the_rule_computes_from_grade_and_feedback() {
    let (mut world, university, patent) = campus();
    let other = world.patent(&[university]);
    let firms: Vec<_> =
        ["乙", "丙", "丁"].map(|name| world.member(&format!("{name}公司（演示）"), Role::Enterprise)).into();
    world.effect(&[university], enter(patent, university));
    let plain = tier(patent, &[], StockTier::Growing);
    refused(&mut world, &[firms[0]], plain.clone(), Code::MatchingOfficeOnly);
    refused(&mut world, &[EXCHANGE], Tier { rule: 2, ..plain.clone() }, Code::TierRule);
    world.effect(&[EXCHANGE], plain);

    let made = push(&[other, patent], &firms);
    let id = world.pushed(&made);
    let mut heard = Vec::new();
    for (index, firm) in firms.iter().enumerate() {
        heard.push(RecordId::new(world.effect(&[*firm], feedback(id, &made, index, (1, patent)))));
    }
    assert_eq!(world.get::<MatchPush>(id).feedback, 3);
    refused(&mut world, &[EXCHANGE], tier(patent, &heard, StockTier::Growing), Code::TierMismatch);
    let strange = RecordId::new(world.effect(&[firms[0]], feedback(id, &made, 0, (0, other))));
    let mut wrong = heard.clone();
    wrong[0] = strange;
    let act = tier(patent, &wrong, StockTier::Priority);
    names(&refused(&mut world, &[EXCHANGE], act, Code::TierFeedback), strange);
    let centre = world.member("运营中心（演示）", Role::OperationCentre);
    world.effect(&[centre], tier(patent, &heard, StockTier::Priority));
    assert_eq!(world.get::<StockEntry>(patent).tier.unwrap().tier, StockTier::Priority);

    let mut act = enter(patent, university);
    act.description = text("改进后的均衡控制");
    world.effect(&[university], act.clone());
    assert!(world.get::<StockEntry>(patent).tier.is_some(), "the grade is the same");
    act.grade = 4;
    world.effect(&[university], act);
    assert_eq!(world.get::<StockEntry>(patent).tier, None, "a tier rests on the grade");
}

#[test]
fn support_comes_from_who_can_give_it() {
    let (mut world, university, patent) = campus();
    let bank = world.member("银行（演示）", Role::Bank);
    let target = SupportTarget::Patent { patent };
    let act =
        Support {
            target, kind: SupportKind::Capital, title: text("专项贷款"), term: None, document: None
        };
    refused(&mut world, &[bank], act.clone(), Code::StockNotEntered);
    world.effect(&[university], enter(patent, university));
    names(&refused(&mut world, &[REGULATOR], act.clone(), Code::SupportGiver), REGULATOR);
    let record = RecordId::new(world.effect(&[bank], act.clone()));
    assert_eq!(world.get::<SupportMeasure>(record).giver, bank);
    let target = SupportTarget::Tier { tier: StockTier::Priority };
    world.effect(&[REGULATOR], Support { target, kind: SupportKind::Policy, ..act.clone() });
    world.effect(&[EXCHANGE], Support { kind: SupportKind::Service, ..act });
}
