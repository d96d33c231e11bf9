//! Keep what pledges share: their course since registration, how they end, and what their pledgees are told.

use super::{Context, Effects, Verdict, duties};
use crate::act::ActKind;
use crate::identifier::{Date, MemberId, PatentId, PledgeId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{
    Fault, NoticeCause, Overlay, Party, Patent, PatentStatus, Pledge, PledgeConsent, PledgeCourse,
    PledgeNotice, PledgeState, Read,
};
use std::collections::BTreeSet;

/// The acts to which a pledgee consents in advance: licence, transfer, open licence, abandonment, securitisation.
pub(super) const CONSENTABLE: [ActKind; 5] = [
    ActKind { family: 5, kind: 1 },
    ActKind { family: 6, kind: 1 },
    ActKind { family: 4, kind: 1 },
    ActKind { family: 3, kind: 3 },
    ActKind { family: 9, kind: 5 },
];

/// What has happened to a pledge since its registration.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn course(state: &impl Read, id: PledgeId) -> Result<PledgeCourse, Fault> {
    Ok(state.find(&id)?.unwrap_or_default())
}

/// A refusal because a pledge stands where it does.
pub(super) fn refuse_state(id: PledgeId, pledge: &Pledge, verdict: &mut Verdict) {
    let figures = match pledge.state {
        PledgeState::Applied => format!("applied for {}", pledge.applied),
        PledgeState::Registered => "registered".into(),
        PledgeState::Released { on, .. } => format!("released {on}"),
        PledgeState::Revoked { on, .. } => format!("revoked {on}"),
    };
    verdict.refuse(Refusal::new(Code::PledgeState).about(id).with(figures));
}

/// A pledge that an act names and that is registered, with the day of its registration, or a refusal.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn registered(
    cx: &Context<'_>,
    id: PledgeId,
    verdict: &mut Verdict,
) -> Result<Option<(Pledge, Date)>, Fault> {
    let Some(pledge) = cx.named::<Pledge>(id, verdict)? else { return Ok(None) };
    match pledge.registration {
        Some((_, on)) if pledge.state == PledgeState::Registered => Ok(Some((pledge, on))),
        _ => {
            refuse_state(id, &pledge, verdict);
            Ok(None)
        }
    }
}

/// Needs the signatures of all who own a pledged patent now: the pledge has followed it to them.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn owners_sign(
    cx: &Context<'_>,
    id: PatentId,
    patent: &Patent,
    verdict: &mut Verdict,
) -> Result<(), Fault> {
    if patent.undisclosed_owners > 0 {
        let refusal = Refusal::new(Code::PledgePledgorRequired).about(id);
        verdict.refuse(refusal.with(format!("{} undisclosed", patent.undisclosed_owners)));
    }
    let owners: Vec<_> = patent.owners.iter().map(|owner| owner.party).collect();
    cx.parties_sign(&owners, Some(id), Code::PledgePledgorRequired, verdict)
}

/// The members that a pledge binds: the pledgee, and whoever pledged. They stay bound when the patent changes hands.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn bound(state: &impl Read, pledge: &Pledge) -> Result<BTreeSet<MemberId>, Fault> {
    let mut members = BTreeSet::from([pledge.pledgee]);
    for party in &pledge.pledgors {
        members.extend(state.must::<Party>(party)?.member);
    }
    Ok(members)
}

/// Writes that a registered pledge has ended as `state` says: its patents are free of it, nobody is bound by it.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written.
pub(super) fn end(effects: &mut Effects<'_, '_>, id: PledgeId, state: PledgeState) -> Result<(), Fault> {
    let mut pledge: Pledge = effects.must(&id)?;
    pledge.state = state;
    effects.put(&id, &pledge)?;
    for act in CONSENTABLE {
        take_back(effects, (id, act))?;
    }
    for member in bound(effects.overlay, &pledge)? {
        duties::remove(effects.overlay, member)?;
    }
    for patent in &pledge.patents {
        effects.touch(*patent, |status| status.pledge = None)?;
    }
    Ok(())
}

/// Takes a consent in advance back, if there is one.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written.
pub(super) fn take_back(effects: &mut Effects<'_, '_>, consent: (PledgeId, ActKind)) -> Result<(), Fault> {
    match effects.find::<PledgeConsent>(&consent)? {
        Some(_) => effects.remove::<PledgeConsent>(&consent),
        None => Ok(()),
    }
}

/// Tells the pledgee of a pledged patent what happened to it: the registrar's duty (专利权质押登记办法), done by the
/// ledger with the same record.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written.
pub(super) fn notify(
    overlay: &mut Overlay<'_>,
    patent: PatentId,
    status: &PatentStatus,
    cause: NoticeCause,
    at: (RecordId, Date),
) -> Result<(), Fault> {
    let Some(pledge) = status.pledge else { return Ok(()) };
    let (record, on) = at;
    let mut course = course(overlay, pledge)?;
    overlay.put(&(pledge, course.notices), &PledgeNotice { patent, cause, record, on })?;
    course.notices += 1;
    overlay.put(&pledge, &course)
}
