//! Technical contracts beside the ledger's own records, and what crosses the border.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::contracts::contract;
use kit::licensing::{Market, grant, market, names, refused, term};
use kit::{EXCHANGE, REGISTRAR, REGULATOR, date, list, text};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::technical_contract::{ContractReference, Correct, Link, TechnicalContractKind};
use tongda_ledger::act::trade::{CrossBorder, Settlement, TradeDirection, TradeSubject};
use tongda_ledger::act::transfer::Export;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{ContractId, LicenceId, MemberId, Money, ObjectRef};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{BorderTrade, ContractMismatch, ContractOf, Read, TechnicalContract};

/// A market with a licence from the owner to the first, and a technical-contract registry.
fn registered() -> (Market, MemberId, LicenceId) {
    let mut market = market();
    let registry = market.world.appointed("技术合同登记机构（演示）", Role::TechnicalRegistry);
    let mut act = grant(&market.world, &[market.patent], &[market.owner], market.first);
    act.term = term("2026-11-24/2028-11-23");
    let licence = market.world.granted(&[market.owner, market.first], act);
    (market, registry, licence)
}

fn of_licence(market: &mut Market, licence: LicenceId) -> Link {
    let sides = (market.world.party_of(market.owner), market.world.party_of(market.first));
    let reference = ContractReference::Licence { licence };
    contract(&mut market.world, TechnicalContractKind::Licence, &[reference], market.patent, sides)
}

#[test]
fn a_contract_and_its_licence_know_each_other_and_a_number_stands_once() {
    let (mut market, registry, licence) = registered();
    let act = of_licence(&mut market, licence);
    let other = of_licence(&mut market, licence);
    let world = &mut market.world;
    refused(world, &[EXCHANGE], act.clone(), Code::TechnicalRegistryOnly);
    let id = ContractId::new(world.effect(&[registry], act.clone()), 0);
    let stored: TechnicalContract = world.get(id);
    assert!(stored.mismatches.is_empty());
    assert_eq!(stored.entry, act.entry);
    assert_eq!(world.get::<ContractOf>(ObjectRef::from(licence)).contract, id);
    let mut again = act;
    again.entry.references = list(&[]);
    names(&refused(world, &[registry], again.clone(), Code::TechnicalContractNumberTaken), id);
    again.number = other.number;
    names(&refused(world, &[registry], other, Code::TechnicalContractLinked), id);
    world.effect(&[registry], again);
}

#[test]
fn what_differs_is_noted_and_corrected_and_not_refused() {
    let (mut market, registry, licence) = registered();
    let sound = of_licence(&mut market, licence);
    let mut wrong = sound.clone();
    let world = &mut market.world;
    wrong.entry.kind = Some(TechnicalContractKind::Service);
    wrong.entry.sellers = sound.entry.buyers.clone();
    wrong.entry.buyers = list(&[world.party_of(market.second)]);
    wrong.entry.patents = list(&[world.patent(&[market.owner])]);
    let id = ContractId::new(world.effect(&[registry], wrong.clone()), 0);
    let all = [
        ContractMismatch::Sellers,
        ContractMismatch::Buyers,
        ContractMismatch::Patents,
        ContractMismatch::Kind,
    ];
    assert_eq!(*world.get::<TechnicalContract>(id).mismatches, all);
    let mut act = Correct { contract: id, entry: wrong.entry, reason: text("录入有误") };
    let refusal = refused(world, &[registry], act.clone(), Code::CorrectionEmpty);
    assert_eq!(refusal.subject, Some(id.into()));
    act.entry = sound.entry;
    let other = world.appointed("另一登记机构（演示）", Role::TechnicalRegistry);
    refused(world, &[other], act.clone(), Code::TechnicalRegistryOnly);
    world.effect(&[registry], act.clone());
    assert!(world.get::<TechnicalContract>(id).mismatches.is_empty());
    act.entry.references = list(&[]);
    world.effect(&[registry], act);
    assert_eq!(world.state.find::<ContractOf>(&ObjectRef::from(licence)).unwrap(), None, "unlinked again");
}

#[test]
fn amounts_and_contents_must_fit() {
    let (mut market, registry, licence) = registered();
    let sound = of_licence(&mut market, licence);
    let world = &mut market.world;
    let mut act = sound.clone();
    act.entry.technical = Money::from_fen(5_000_001);
    refused(world, &[registry], act, Code::TechnicalAmountExceeds);
    let mut act = sound.clone();
    act.entry.kind = None;
    refused(world, &[registry], act, Code::FieldMissing);
    let mut act = sound.clone();
    act.entry.concluded = date("2026-11-25");
    refused(world, &[registry], act, Code::EffectiveDate);
    world.effect(&[registry], sound);
}

#[test]
fn a_recorded_open_licence_fills_its_contract_in() {
    let mut market = market();
    let world = &mut market.world;
    let registry = world.appointed("技术合同登记机构（演示）", Role::TechnicalRegistry);
    let declaration = world.opened(&[market.owner], market.patent);
    let notice = world.noticed(market.first, declaration);
    let pay = kit::licensing::pay(world, notice);
    let licence = LicenceId::new(world.effect(&[market.first, EXCHANGE], pay), 0);
    let sides = (world.party_of(market.owner), world.party_of(market.first));
    let reference = ContractReference::Notice { notice };
    let full = contract(world, TechnicalContractKind::Licence, &[reference], market.patent, sides);
    let mut short = full.clone();
    short.entry.kind = None;
    short.entry.patents = list(&[]);
    short.entry.sellers = list(&[]);
    short.entry.buyers = list(&[]);
    assert_eq!(world.codes(&[registry], short.clone()), [Code::FieldMissing], "it is not recorded yet");
    let mut recordal = world.recordal(licence);
    recordal.proofs = list(&[Hash([1; 32]), Hash([2; 32])]);
    world.effect(&[REGISTRAR, market.first], recordal);
    let id = ContractId::new(world.effect(&[registry], short), 0);
    let stored: TechnicalContract = world.get(id);
    assert_eq!(stored.entry, full.entry);
    assert!(stored.mismatches.is_empty());
}

/// A licence from the owner to a German member, or the other way, and its trade.
fn abroad(market: &mut Market, direction: TradeDirection) -> (CrossBorder, MemberId) {
    let world = &mut market.world;
    let german = world.member_of("Beispiel GmbH", Role::Enterprise, "DE");
    let (from, to) = match direction {
        TradeDirection::Export => (market.owner, german),
        TradeDirection::Import => (german, market.owner),
    };
    let patent = world.patent(&[from]);
    let mut act = grant(world, &[patent], &[from], to);
    act.export = Some(Export::Free { registration: Hash([8; 32]) });
    let licence = world.granted(&[from, to], act);
    let trade = CrossBorder {
        direction,
        country: "DE".parse().unwrap(),
        subject: TradeSubject::Licence { licence },
        control: Some(Export::Free { registration: Hash([8; 32]) }),
        number: Some(text("SX-2026-000123")),
        settlement: Some(Settlement { currency: text("EUR"), digest: Hash([9; 32]) }),
        zone: Some(text("中国（上海）自由贸易试验区")),
        on: date("2026-11-24"),
    };
    (trade, german)
}

#[test]
fn what_crosses_the_border_has_a_document_a_party_and_the_authority() {
    for (direction, missing, banned) in [
        (TradeDirection::Export, Code::ExportDocRequired, Code::ExportForbidden),
        (TradeDirection::Import, Code::ImportDocRequired, Code::ImportForbidden),
    ] {
        let mut market = market();
        let (act, german) = abroad(&mut market, direction);
        let (owner, second, world) = (market.owner, market.second, &mut market.world);
        refused(world, &[owner], act.clone(), Code::TradeAuthorityRequired);
        refused(world, &[second, REGULATOR], act.clone(), Code::TradePartyRequired);
        let signers = [german, REGULATOR];
        let spoilt = CrossBorder { number: None, ..act.clone() };
        refused(world, &signers, spoilt, missing);
        let spoilt = CrossBorder { control: Some(Export::Banned), ..act.clone() };
        refused(world, &signers, spoilt, banned);
        let spoilt = CrossBorder { country: "FR".parse().unwrap(), ..act.clone() };
        refused(world, &signers, spoilt, Code::TradeSides);
        let other = match direction {
            TradeDirection::Export => TradeDirection::Import,
            TradeDirection::Import => TradeDirection::Export,
        };
        refused(world, &signers, CrossBorder { direction: other, ..act.clone() }, Code::TradeSides);
        let settlement = Some(Settlement { currency: text("eur"), digest: Hash([9; 32]) });
        refused(world, &signers, CrossBorder { settlement, ..act.clone() }, Code::FieldMissing);
        let record = tongda_ledger::identifier::RecordId::new(world.effect(&signers, act.clone()));
        assert_eq!(world.get::<BorderTrade>(record).country, act.country);
    }
}
