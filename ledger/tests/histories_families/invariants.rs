//! What must hold after every block: what a patent's status says follows from the values that it sums up.

use super::kit::World;
use super::{Families, find, values};
use tongda_ledger::act::licence::LicenceKind;
use tongda_ledger::identifier::PatentId;
use tongda_ledger::state::{
    self, Declaration, DeclarationState, Instrument, Licence, LicenceState, OpenSource, PatentStatus,
    Pending, PendingState, Pledge, PledgeState, PoolMember, PoolsOf, StateKey, StreamList,
};

impl Families {
    pub(crate) fn check(&self) {
        let world = &self.core.world;
        for (key, pending) in values::<Pending>(world) {
            let waits = pending.state == PendingState::Waiting;
            assert!(!waits || world.time <= pending.deadline, "{key:?} waits after {}", pending.deadline);
        }
        let values = Values {
            licences: values(world),
            pledges: values(world),
            declarations: values(world),
            pool_members: values(world),
            sources: values(world),
        };
        for id in &self.core.patents {
            values.check(world, *id);
        }
        self.check_instruments();
    }

    /// No securitisation outlives its patents, and no two that run have one income.
    fn check_instruments(&self) {
        let world = &self.core.world;
        for patent in &self.core.patents {
            let streams = find::<StreamList>(world, patent).unwrap_or_default().streams;
            let last = world.status(*patent).term_last.unwrap();
            let running: Vec<_> = streams
                .iter()
                .filter(|stream| {
                    let instrument: Instrument = world.get(stream.instrument);
                    assert_eq!(instrument.state, state::InstrumentState::Running, "{patent}: {stream:?}");
                    assert!(instrument.term.last() <= last, "{} outlives {patent}", stream.instrument);
                    instrument.is_running(world.today())
                })
                .collect();
            for (place, one) in running.iter().enumerate() {
                let twice = running[..place].iter().any(|other| one.overlaps(other.licence));
                assert!(!twice, "an income of {patent} is assigned twice: {running:?}");
            }
        }
    }
}

/// The values from which a patent's counts are taken anew.
struct Values {
    licences: Vec<(StateKey, Licence)>,
    pledges: Vec<(StateKey, Pledge)>,
    declarations: Vec<(StateKey, Declaration)>,
    pool_members: Vec<(StateKey, PoolMember)>,
    sources: Vec<(StateKey, OpenSource)>,
}

impl Values {
    /// The status of a patent says what the values say.
    fn check(&self, world: &World, id: PatentId) {
        let status: PatentStatus = world.status(id);
        let active: Vec<_> = self
            .licences
            .iter()
            .map(|(_, licence)| licence)
            .filter(|licence| licence.state == LicenceState::Active && licence.patents.contains(&id))
            .collect();
        let counted = |kind, compulsory| {
            active.iter().filter(|one| one.kind == kind && one.is_compulsory() == compulsory).count()
        };
        let said = [status.ordinary, status.sole.into(), status.exclusive.into(), status.compulsory.into()];
        let counted = [
            counted(LicenceKind::Ordinary, false),
            counted(LicenceKind::Sole, false),
            counted(LicenceKind::Exclusive, false),
            counted(LicenceKind::Ordinary, true),
        ];
        assert_eq!(
            said.map(|count| count as usize),
            counted,
            "ordinary, sole, exclusive, compulsory of {id}"
        );
        let last = status.term_last.unwrap();
        for licence in &active {
            assert!(licence.term.last() <= last, "a licence outlives {id}: {licence:?}");
        }

        let pools = self.pool_members.iter().filter(|(_, member)| member.patents.contains(&id)).count();
        let listed = find::<PoolsOf>(world, &id).unwrap_or_default().pools.len();
        assert_eq!([usize::from(status.pools), listed], [pools; 2], "the pools of {id}");
        let streams = find::<StreamList>(world, &id).unwrap_or_default().streams.len();
        assert_eq!(usize::from(status.assigned), streams, "the assigned incomes of {id}");

        let sources = self.sources.iter().filter(|(_, pledge)| pledge.patents.contains(&id));
        let standing: Vec<_> =
            sources.filter(|(_, pledge)| pledge.revoked.is_none()).map(|(key, _)| *key).collect();
        let said: Vec<_> = status.open_source.iter().map(StateKey::of::<OpenSource>).collect();
        assert_eq!(said, standing, "the open-source pledge of {id}");

        let live = |pledge: &Pledge| pledge.state == PledgeState::Registered && pledge.patents.contains(&id);
        let pledges: Vec<_> =
            self.pledges.iter().filter(|(_, pledge)| live(pledge)).map(|(key, _)| *key).collect();
        let said: Vec<_> = status.pledge.iter().map(StateKey::of::<Pledge>).collect();
        assert_eq!(said, pledges, "the pledge of {id}");

        let open: Vec<_> = self
            .declarations
            .iter()
            .filter(|(_, declared)| declared.patent == id && declared.state == DeclarationState::Open)
            .map(|(key, _)| *key)
            .collect();
        // One that is halted has been announced too, and is not open.
        let said: Vec<_> =
            status.declaration.iter().filter(|_| status.open).map(StateKey::of::<Declaration>).collect();
        assert!(open.is_empty() || said == open, "the open declaration of {id}: {said:?}, {open:?}");
        let reserved = active.iter().any(|licence| licence.kind != LicenceKind::Ordinary);
        assert!(open.is_empty() || !reserved, "{id} is open beside an exclusive or sole licence");
    }
}
