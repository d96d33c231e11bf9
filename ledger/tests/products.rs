//! Who may file a patented product, what is reported of it, and who recognises it.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::ground::{output, product, recognition};
use kit::licensing::{Market, end, grant, life, market, names, refused};
use kit::{EXCHANGE, REGISTRAR, date, list, text};
use tongda_ledger::act::licence::EndCause;
use tongda_ledger::act::member::Role;
use tongda_ledger::act::patent::LifeEvent;
use tongda_ledger::act::product::{
    File, Output, ProductBasis, ProductPatent, ProductWithdrawal, Recognise, RecognitionResult, Withdraw,
};
use tongda_ledger::identifier::{LicenceId, PatentId, ProductId, RecordId};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{PatentProducts, Product, ProductOutput, ProductState, Read};

fn withdrawal(product: ProductId, what: ProductWithdrawal) -> Withdraw {
    Withdraw { product, what, reason: text("产品停产"), on: date("2026-11-24") }
}

fn licensed(act: File, patent: PatentId, licence: LicenceId) -> File {
    let entry = ProductPatent { patent, basis: ProductBasis::Licensed { licence } };
    File { patents: list(&[entry]), ..act }
}

#[test]
fn a_filed_product_is_evidence_that_its_patent_is_worked_until_it_is_withdrawn() {
    let Market { mut world, owner, patent, .. } = market();
    let before = world.status(patent).events;
    let id = world.filed(owner, patent);
    assert_eq!(world.get::<PatentProducts>(patent), PatentProducts { live: 1, latest: id });
    let second = File { platform: None, ..product(owner, patent) };
    let second = ProductId::new(world.effect(&[owner], second), 0);
    assert_eq!(world.get::<PatentProducts>(patent), PatentProducts { live: 2, latest: second });
    world.effect(&[owner], withdrawal(second, ProductWithdrawal::Filing));
    assert_eq!(world.get::<PatentProducts>(patent).live, 1);
    world.effect(&[owner], withdrawal(id, ProductWithdrawal::Filing));
    assert_eq!(world.state.find::<PatentProducts>(&patent).unwrap(), None);
    assert_eq!(world.status(patent).events, before + 4);
    assert_eq!(world.get::<Product>(id).state, ProductState::Withdrawn { on: world.today() });
    assert!(world.replays());
}

#[test]
fn only_the_enterprise_itself_files_what_it_makes() {
    let Market { mut world, owner, first, patent, .. } = market();
    let university = world.member("大学（演示）", Role::University);
    let own = world.patent(&[university]);
    let refusal = refused(&mut world, &[university], product(university, own), Code::ProductEnterprise);
    assert_eq!(refusal.subject, Some(university.into()));
    let refusal = refused(&mut world, &[first], product(owner, patent), Code::MemberSignatureRequired);
    names(&refusal, owner);
    let nothing = File { patents: list(&[]), ..product(owner, patent) };
    assert_eq!(world.codes(&[owner], nothing), [Code::FieldMissing]);
    let twice = ProductPatent { patent, basis: ProductBasis::Owned };
    let twice = File { patents: list(&[twice, twice]), ..product(owner, patent) };
    assert_eq!(world.codes(&[owner], twice), [Code::DuplicateEntry]);
    world.effect(&[owner], product(owner, patent));
}

#[test]
fn a_product_works_a_patent_that_is_owned_or_licensed_and_in_force() {
    let Market { mut world, owner, first, second, patent } = market();
    let refusal = refused(&mut world, &[first], product(first, patent), Code::ProductPatentBasis);
    names(&refusal, first);
    let contract = grant(&world, &[patent], &[owner], first);
    let licence = world.granted(&[owner, first], contract);
    let act = licensed(product(first, patent), patent, licence);
    let refusal = refused(&mut world, &[first], act.clone(), Code::ProductPatentBasis);
    names(&refusal, licence);
    world.go_to("2027-01-01");
    let others = licensed(product(second, patent), patent, licence);
    names(&refused(&mut world, &[second], others, Code::ProductPatentBasis), licence);
    world.effect(&[first], act);
    let ended = end(&world, licence, EndCause::Agreement);
    world.effect(&[owner, first], ended);
    let again = File { platform: None, ..licensed(product(first, patent), patent, licence) };
    refused(&mut world, &[first], again, Code::ProductPatentBasis);
    world.effect(&[REGISTRAR], life(patent, LifeEvent::Invalidated));
    let invalid = File { platform: None, ..product(owner, patent) };
    refused(&mut world, &[owner], invalid, Code::PatentInvalidated);
}

#[test]
fn an_id_of_the_national_platform_is_one_products() {
    let Market { mut world, owner, patent, .. } = market();
    let id = world.filed(owner, patent);
    names(&refused(&mut world, &[owner], product(owner, patent), Code::ProductPlatformTaken), id);
    world.effect(&[owner], withdrawal(id, ProductWithdrawal::Filing));
    world.effect(&[owner], product(owner, patent));
}

#[test]
fn a_years_output_is_reported_once_and_when_the_year_is_over() {
    let Market { mut world, owner, first, patent, .. } = market();
    let id = world.filed(owner, patent);
    refused(&mut world, &[owner], output(id, 2026), Code::EffectiveDate);
    refused(&mut world, &[first], output(id, 2025), Code::MemberSignatureRequired);
    let record = RecordId::new(world.effect(&[owner], output(id, 2025)));
    names(&refused(&mut world, &[owner], output(id, 2025), Code::ProductOutputDuplicate), record);
    world.effect(&[owner], output(id, 2024));
    assert_eq!(world.get::<ProductOutput>((id, 2025)).record, record);
    world.effect(&[owner], withdrawal(id, ProductWithdrawal::Filing));
    refused(&mut world, &[owner], output(id, 2023), Code::ProductState);
    let anew = world.filed(owner, patent);
    world.effect(&[owner], Output { product: anew, ..output(id, 2023) });
}

#[test]
fn a_product_has_one_recognition_at_a_time() {
    let Market { mut world, owner, patent, .. } = market();
    let body = world.reserved("认定机构（演示）", Role::RecognitionBody);
    let id = world.filed(owner, patent);
    refused(&mut world, &[EXCHANGE], recognition(id), Code::RecognitionBodyOnly);
    let declined = Recognise { result: RecognitionResult::NotRecognised, ..recognition(id) };
    world.effect(&[body], declined);
    let record = RecordId::new(world.effect(&[body], recognition(id)));
    names(&refused(&mut world, &[body], recognition(id), Code::ProductRecognised), record);
    let withdraw = withdrawal(id, ProductWithdrawal::Recognition);
    refused(&mut world, &[owner], withdraw.clone(), Code::RecognitionBodyOnly);
    world.effect(&[body], withdraw.clone());
    assert_eq!(refused(&mut world, &[body], withdraw, Code::ProductState).subject, Some(id.into()));
    world.effect(&[body], recognition(id));
    assert_eq!(world.get::<Product>(id).recognition.unwrap().by, body);
    world.go_to("2029-11-24");
    let over = recognition(id);
    refused(&mut world, &[body], over, Code::EffectiveDate);
    let next = Recognise { validity: "2029-11-24/2032-11-23".parse().unwrap(), ..recognition(id) };
    world.effect(&[body], next);
}
