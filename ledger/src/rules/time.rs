//! Let time pass: what the law lets happen by itself, in a fixed order, some of it in each block.
//!
//! Terms of patents and licences end, preservations and suspensions run out, pending acts lapse, accepted changes of the
//! parameters are written. The items come from the
//! queue in the order of their times and keys; each becomes an event named by the seal's index and an ordinal. Guards
//! compute from dates and never from whether an item has fired: when it fires decides nothing. A right never ends by
//! itself for an unpaid annuity; that is the registrar's act.

use super::{governance, licences, pending, pledges};
use crate::act::ActKind;
use crate::act::patent::FreezeKind;
use crate::identifier::{Date, LicenceId, PatentId, PendingId, ProposalId, RecordId, Timestamp};
use crate::state::{
    Declaration, DeclarationState, Fault, Licence, LicenceState, Life, NoticeCause, Overlay, Parameters,
    PatentStatus, Pending, PendingState, Proposal, Read, StateKey, Stored, View,
};

/// The family tag of events that time makes, in a patent's chain.
const TIME: u8 = 0;
/// A patent's term ended.
const TERM_ENDED: (u8, u8) = (TIME, 1);
/// A preservation ended.
const PRESERVATION_ENDED: (u8, u8) = (TIME, 2);
/// A suspension ended.
const SUSPENSION_ENDED: (u8, u8) = (TIME, 3);
/// A licence's term ended.
const LICENCE_ENDED: (u8, u8) = (TIME, 4);

/// The name of an effect of passed time, if the tags are those of one.
pub(crate) const fn effect_name(what: ActKind) -> Option<&'static str> {
    match (what.family, what.kind) {
        TERM_ENDED => Some("time.term-ended"),
        PRESERVATION_ENDED => Some("time.preservation-ended"),
        SUSPENSION_ENDED => Some("time.suspension-ended"),
        LICENCE_ENDED => Some("time.licence-ended"),
        _ => None,
    }
}

/// Lets up to the network's number of due items take effect, and says how many did.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written.
pub(crate) fn pass(
    overlay: &mut Overlay<'_>,
    parameters: &Parameters,
    time: Timestamp,
    seal_index: u64,
) -> Result<u16, Fault> {
    let items = overlay.due(time, usize::from(parameters.due_per_block))?;
    let mut ordinal = 0;
    for (_, key) in items {
        let mut event = Event { overlay, today: time.date(), seal_index, ordinal };
        match key.tag() {
            PatentStatus::TAG => event.patent(&key)?,
            Licence::TAG => event.licence(&key)?,
            Pending::TAG => event.pending(&key, parameters.rule_set)?,
            Proposal::TAG => event.proposal(&key)?,
            _ => return Err(Fault::Contradiction(format!("{key:?} cannot be due"))),
        }
        ordinal += 1;
    }
    Ok(ordinal)
}

/// One item that takes effect.
struct Event<'a, 'b> {
    overlay: &'a mut Overlay<'b>,
    today: Date,
    seal_index: u64,
    ordinal: u16,
}

/// Position and ordinal in a key of a type whose ids are those of objects.
fn place(key: &StateKey) -> Result<(u64, u8), Fault> {
    let bytes =
        key.id().try_into().map_err(|_| Fault::Contradiction(format!("{key:?} is no numbered key")))?;
    let number = u64::from_be_bytes(bytes);
    Ok((number >> 8, number.to_le_bytes()[0]))
}

impl Event<'_, '_> {
    fn patent(&mut self, key: &StateKey) -> Result<(), Fault> {
        let (position, ordinal) = place(key)?;
        let id = PatentId::new(position, ordinal);
        let mut status: PatentStatus = self.overlay.must(&id)?;
        if status.term_over(self.today) && matches!(status.life, Life::Granted | Life::Grace) {
            status.life = Life::Expired;
            self.overlay.touch(id, &mut status, (self.seal_index, self.ordinal), TERM_ENDED);
            halt(self.overlay, &mut status)?;
            let at = (RecordId::new(self.seal_index), self.today);
            pledges::notify(self.overlay, id, &status, NoticeCause::Expired, at)?;
        }
        for kind in [FreezeKind::Preservation, FreezeKind::Suspension] {
            let (frozen, what) = match kind {
                FreezeKind::Preservation => (&mut status.preservation, PRESERVATION_ENDED),
                FreezeKind::Suspension => (&mut status.suspension, SUSPENSION_ENDED),
            };
            if frozen.is_some_and(|frozen| frozen.until < self.today) {
                *frozen = None;
                self.overlay.touch(id, &mut status, (self.seal_index, self.ordinal), what);
            }
        }
        self.overlay.put(&id, &status)
    }

    fn licence(&mut self, key: &StateKey) -> Result<(), Fault> {
        let (position, ordinal) = place(key)?;
        let id = LicenceId::new(position, ordinal);
        let mut licence: Licence = self.overlay.must(&id)?;
        licence.state = LicenceState::Expired;
        self.overlay.put(&id, &licence)?;
        let ended = [(id, licence)];
        let licence = &ended[0].1;
        for patent in &licence.patents {
            let mut status: PatentStatus = self.overlay.must(patent)?;
            licences::remove(self.overlay, *patent, &mut status, &ended)?;
            self.overlay.touch(*patent, &mut status, (self.seal_index, self.ordinal), LICENCE_ENDED);
            self.overlay.put(patent, &status)?;
        }
        licences::unbind(self.overlay, id, licence)
    }

    fn proposal(&mut self, key: &StateKey) -> Result<(), Fault> {
        let (position, ordinal) = place(key)?;
        governance::activate(self.overlay, ProposalId::new(position, ordinal))
    }

    fn pending(&mut self, key: &StateKey, rule_set: u16) -> Result<(), Fault> {
        let (position, ordinal) = place(key)?;
        let id = PendingId::new(position, ordinal);
        let mut pending: Pending = self.overlay.must(&id)?;
        let fresh = pending::is_fresh(self.overlay, rule_set, self.today, &pending)?;
        pending.state = if fresh { PendingState::Lapsed } else { PendingState::Stale };
        self.overlay.put(&id, &pending)
    }
}

/// Halts the declaration of a patent on which a bar arose: no new notices; the licences stand. The caller writes the
/// status.
///
/// # Errors
/// [`Fault`] when the declaration cannot be read or written.
pub(super) fn halt(overlay: &mut Overlay<'_>, status: &mut PatentStatus) -> Result<(), Fault> {
    let Some(id) = status.declaration else { return Ok(()) };
    let mut declaration: Declaration = overlay.must(&id)?;
    if matches!(declaration.state, DeclarationState::Declared | DeclarationState::Open) {
        declaration.state = DeclarationState::Halted;
        overlay.put(&id, &declaration)?;
    }
    Ok(())
}
