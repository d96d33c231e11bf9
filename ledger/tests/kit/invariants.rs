//! What must hold of a random history after every block.

use super::chain_of;
use super::history::History;
use tongda_ledger::identifier::PatentId;
use tongda_ledger::state::{
    self, Declaration, DeclarationState, Licence, LicenceState, PatentStatus, Pledge, PledgeState,
    Stored as _,
};

impl History {
    pub fn check(&self) {
        let today = self.world.today();
        for id in &self.patents {
            let (patent, status) = (self.entry(*id), self.world.status(*id));
            let shares: Vec<_> = patent.owners.iter().filter_map(|owner| owner.share).collect();
            if !shares.is_empty() {
                let sum: u32 = shares.iter().map(|share| u32::from(share.basis_points())).sum();
                assert_eq!((shares.len(), sum), (patent.owners.len(), 10_000), "the shares of {id}");
            }
            assert!(!patent.owners.is_empty());
            let length = status.to_bytes().unwrap().len() - 5;
            assert!(length <= 160, "the status of {id} has {length} bytes");
            let events = self.world.events.iter().filter(|event| event.patent == *id);
            assert_eq!(chain_of(events), (status.events, status.chain), "the chain of {id} is its events'");
            self.check_pledge(*id, &status);
            self.check_open(*id, &status);
        }
        for id in &self.licences {
            let licence: Licence = self.world.get(*id);
            if licence.state != LicenceState::Active {
                continue;
            }
            assert!(today <= licence.term.last(), "{id} runs on after its term");
            for patent in &licence.patents {
                let last = self.world.status(*patent).term_last.expect("the made patents have filing dates");
                assert!(licence.term.last() <= last, "{id} outlives {patent}");
            }
        }
    }

    fn check_pledge(&self, id: PatentId, status: &PatentStatus) {
        let pledges = self.pledges.iter().map(|pledge| (*pledge, self.world.get::<Pledge>(*pledge)));
        let live: Vec<_> = pledges
            .filter(|(_, pledge)| pledge.state == PledgeState::Registered && pledge.patents.contains(&id))
            .collect();
        let ids: Vec<_> = live.iter().map(|(pledge, _)| *pledge).collect();
        assert_eq!(ids, status.pledge.into_iter().collect::<Vec<_>>(), "the pledges of {id}");
        for (pledge, stored) in live {
            let last = status.term_last.expect("the made patents have filing dates");
            assert!(stored.debt_term.last() <= last, "the debt of {pledge} outlives {id}");
        }
    }

    fn check_open(&self, id: PatentId, status: &PatentStatus) {
        let Some(declaration) = status.declaration else { return };
        let stored: Declaration = self.world.get(declaration);
        assert_eq!(stored.patent, id);
        if stored.state == DeclarationState::Open {
            assert_eq!((status.exclusive, status.sole), (0, 0), "{id} is open beside an exclusive licence");
            assert_eq!(status.life, state::Life::Granted, "{id} is open and not in force");
            assert!(status.frozen(self.world.today()).is_none(), "{id} is open and frozen");
        }
    }
}
