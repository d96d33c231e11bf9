//! Made pools, open-source pledges and declarations for standards: sound acts, for a test to send or to spoil.

use super::{World, list, text};
use tongda_ledger::act::open_source::PledgeOpen;
use tongda_ledger::act::pool::{Form, PoolFounder, PoolShareRule};
use tongda_ledger::act::standard::{Declare, StandardUndertaking};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, PatentId, PoolId};

/// A pool of these members with one patent each.
pub fn form(administrator: MemberId, founders: &[(MemberId, PatentId)]) -> Form {
    let founders: Vec<_> = founders
        .iter()
        .map(|(member, patent)| PoolFounder { member: *member, patents: list(&[*patent]) })
        .collect();
    Form {
        name: text("动力电池专利池（演示）"),
        rules: Hash([4; 32]),
        administrator,
        share_rule: PoolShareRule::ByMember,
        founders: list(&founders),
    }
}

/// An irrevocable pledge of a patent with defensive termination.
pub fn pledge_open(patent: PatentId) -> PledgeOpen {
    PledgeOpen {
        patents: list(&[patent]),
        licence: text("专利开源承诺（演示）"),
        text: Hash([5; 32]),
        conditions: text("不对承诺人及其用户主张专利权"),
        defensive: true,
        revocable: false,
        green: true,
    }
}

/// A declaration of a patent for one standard.
pub fn essential(patent: PatentId, undertaking: StandardUndertaking) -> Declare {
    let standard = text("GB/T 46961-2025");
    Declare { patents: list(&[patent]), standard, undertaking, document: Hash([6; 32]) }
}

impl World {
    /// Forms a pool of two members, administered by a third.
    #[track_caller]
    pub fn pooled(&mut self, administrator: MemberId, founders: &[(MemberId, PatentId)]) -> PoolId {
        let mut signers = vec![administrator];
        signers.extend(founders.iter().map(|(member, _)| *member));
        PoolId::new(self.effect(&signers, form(administrator, founders)), 0)
    }
}
