//! Defaults, disposals, valuations and instruments, for a test to send or to spoil.

use super::{World, list};
use tongda_ledger::act::finance::{InstrumentKind, Issue};
use tongda_ledger::act::pledge;
use tongda_ledger::act::realisation::{DefaultEvent, DefaultStatement, DisposalMode, Dispose, ProceedsSplit};
use tongda_ledger::act::valuation::{ValuationMethod, Value};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, Money, PatentId, PledgeId, RecordId};

/// An amount of whole yuan.
pub fn yuan(yuan: u64) -> Money {
    Money::from_yuan(yuan).expect("the test's amount is one")
}

/// A price that is split with nothing left of the debt.
pub fn split(price: u64, costs: u64, pledgee: u64, surplus: u64) -> ProceedsSplit {
    ProceedsSplit::Published {
        price: yuan(price),
        costs: yuan(costs),
        pledgee: yuan(pledgee),
        surplus: yuan(surplus),
        deficiency: Money::ZERO,
    }
}

impl World {
    /// A change of a pledge, agreed and registered today, that changes nothing yet.
    pub fn pledge_change(&self, pledge: PledgeId) -> pledge::Change {
        pledge::Change {
            pledge,
            agreed: self.today(),
            on: self.today(),
            debt: None,
            contract: None,
            debt_term: None,
            scope: None,
            maximum: None,
            fixed: None,
            released: list(&[]),
        }
    }

    /// The statement that the debt is in default since today.
    pub fn default_act(&self, pledge: PledgeId) -> DefaultStatement {
        let event = DefaultEvent::Stated { evidence: Hash([0x2b; 32]) };
        DefaultStatement { pledge, event, on: self.today() }
    }

    /// States a default.
    #[track_caller]
    pub fn defaulted(&mut self, pledge: PledgeId, pledgee: MemberId) -> RecordId {
        let act = self.default_act(pledge);
        RecordId::new(self.effect(&[pledgee], act))
    }

    /// The sale of pledged patents to a member, for a million that pays the debt.
    pub fn sale(&self, pledge: PledgeId, patents: &[PatentId], buyer: MemberId) -> Dispose {
        Dispose {
            pledge,
            patents: list(patents),
            mode: DisposalMode::Sale,
            proceeds: split(1_000_000, 10_000, 900_000, 90_000),
            buyer: self.party_of(buyer),
            document: Hash([0x2c; 32]),
            on: self.today(),
        }
    }
}

/// An income valuation as of today.
pub fn valuation(world: &World, patents: &[PatentId]) -> Value {
    Value {
        patents: list(patents),
        method: ValuationMethod::Income,
        band: None,
        value: Hash([0x31; 32]),
        on: world.today(),
        tool: None,
    }
}

/// An instrument of this kind over one patent for 2027.
pub fn instrument(kind: InstrumentKind, sides: (MemberId, MemberId), patent: PatentId) -> Issue {
    Issue {
        kind,
        issuer: sides.0,
        partner: sides.1,
        patents: list(&[patent]),
        licences: list(&[]),
        valuation: None,
        contract: Hash([0x35; 32]),
        term: "2027-01-01/2027-12-31".parse().expect("a year"),
    }
}
