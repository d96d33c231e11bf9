//! Made implementation reports, technical contracts and trade: sound acts, for a test to send or to spoil.

use super::{EXCHANGE, REGISTRAR, World, date, list, text};
use tongda_ledger::act::implementation::{ImplementationMode, ImplementedProduct, Report, Verify};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::product::OutputClass;
use tongda_ledger::act::technical_contract::{ContractEntry, ContractReference, Link, TechnicalContractKind};
use tongda_ledger::execution::Judgement;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, Money, PartyId, PatentId, RecordId};

/// A report that a patent is worked since the first of November 2026.
pub fn report(patent: PatentId, mode: ImplementationMode) -> Report {
    Report {
        patent,
        mode,
        start: date("2026-11-01"),
        product: ImplementedProduct::Named { name: text("电池管理模块 BM-1") },
        output: OutputClass::Millions,
        figures: None,
        evidence: Hash([5; 32]),
    }
}

/// The verification of a report.
pub fn verify(report: u64) -> Verify {
    Verify { report: RecordId::new(report), findings: Hash([6; 32]) }
}

/// A registered contract over a patent between two parties.
pub fn contract(
    world: &mut World,
    kind: TechnicalContractKind,
    references: &[ContractReference],
    patent: PatentId,
    sides: (PartyId, PartyId),
) -> Link {
    world.made += 1;
    Link {
        number: format!("2026110107{:06}", world.made).parse().expect("sixteen digits"),
        entry: ContractEntry {
            kind: Some(kind),
            amount: Money::from_fen(5_000_000),
            technical: Money::from_fen(4_500_000),
            patents: list(&[patent]),
            references: list(references),
            sellers: list(&[sides.0]),
            buyers: list(&[sides.1]),
            seller_region: "110000".parse().expect("a region"),
            buyer_region: "440300".parse().expect("a region"),
            concluded: date("2026-11-20"),
        },
        certificate: Hash([7; 32]),
    }
}

impl World {
    /// Enrols a made organisation with a role that an exchange does not grant by itself.
    pub fn appointed(&mut self, name: &str, role: Role) -> MemberId {
        let (act, key) = self.enrolment(name, role, "CN");
        let position = self.index;
        assert_eq!(self.send_with(&[EXCHANGE, REGISTRAR], act, &[&key]), Judgement::Effective);
        let id = MemberId::new(position, 0);
        self.keys.insert(id, vec![key]);
        id
    }
}
