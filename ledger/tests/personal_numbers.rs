//! No personal identity number enters the ledger, in whatever text of whatever act it stands.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;
mod samples;

use kit::licensing::{declare, notice, preservation, refused};
use kit::{COURT, EXCHANGE, REGULATOR, World, text};
use serde_json::Value;
use tongda_ledger::act::Act;
use tongda_ledger::act::member::{EnrolmentCode, Role};
use tongda_ledger::execution::Judgement;
use tongda_ledger::refusal::{Code, Refusal};

/// The standard's own example, which is nobody's.
const NUMBER: &str = "联系人11010519491231002X";

#[test]
fn a_text_with_an_identity_number_is_refused_and_without_it_accepted() {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let licensee = world.member("乙公司（演示）", Role::Enterprise);
    let patent = world.patent(&[owner]);
    let mut act = declare(patent);
    act.contact = text(NUMBER);
    let refusal = refused(&mut world, &[owner], act, Code::PersonalNumber);
    assert_eq!(refusal.detail.as_deref(), Some("contact"), "the field is named, the number is not");
    let declaration = world.opened(&[owner], patent);
    let mut act = notice(declaration);
    act.plan = text(NUMBER);
    refused(&mut world, &[licensee], act.clone(), Code::PersonalNumber);
    act.plan = text("合同编号2026110100000123，信用代码91350100M000100Y43，专利号ZL202010000001X");
    world.effect(&[licensee], act);
    let mut act = preservation(patent, "2027-01-31");
    act.case = text("110105491231002");
    refused(&mut world, &[COURT], act, Code::PersonalNumber);
}

#[test]
fn a_person_s_number_is_no_organisation_s_failing_code() {
    let mut world = World::default();
    let (mut act, key) = world.enrolment("甲公司（演示）", Role::Enterprise, "CN");
    let over = |code: &str| EnrolmentCode::Overridden { code: code.parse().unwrap(), allowed_by: REGULATOR };
    act.code = Some(over("11010519491231002X"));
    let judgement = world.send_with(&[EXCHANGE, REGULATOR], act.clone(), &[&key]);
    let refusal = Refusal::new(Code::PersonalNumber).with("code");
    assert_eq!(judgement, Judgement::Refused(vec![refusal]));
    act.code = Some(over("91350211M0000XUF46"));
    assert_eq!(world.send_with(&[EXCHANGE, REGULATOR], act, &[&key]), Judgement::Effective);
}

/// The JSON form with this text in the place of each string, one at a time.
fn with_text(json: &Value, text: &str) -> Vec<Value> {
    match json {
        Value::String(_) => vec![Value::String(text.into())],
        Value::Array(values) => (0..values.len())
            .flat_map(|at| {
                with_text(&values[at], text).into_iter().map(move |changed| {
                    let mut values = values.clone();
                    values[at] = changed;
                    Value::Array(values)
                })
            })
            .collect(),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| *name != "act")
            .flat_map(|(name, value)| {
                with_text(value, text).into_iter().map(move |changed| {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), changed);
                    Value::Object(fields)
                })
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_text_of_every_act_is_visited() {
    // Whatever field takes any words at all is a text, and must be seen with a number in it.
    let (mut texts, words) = (0, NUMBER);
    for act in samples::acts() {
        for changed in with_text(&serde_json::to_value(&act).unwrap(), words) {
            let Ok(changed) = serde_json::from_value::<Act>(changed) else { continue };
            let mut seen = false;
            changed.each_text(|_, text| seen |= text == words);
            assert!(seen, "{} has a text that is not visited: {changed:?}", act.name());
            texts += 1;
        }
    }
    assert!(texts > 20, "{texts} texts were tried");
}
