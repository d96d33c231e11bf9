//! Keep the list of a patent's licences, and the counts of them in its status.

use super::{Effects, duties};
use crate::act::licence::{EndCause, LicenceKind};
use crate::codec::List;
use crate::identifier::{Date, LicenceId, PatentId};
use crate::state::{
    Fault, Licence, LicenceList, LicenceOrigin, LicenceState, LicensorsBound, Overlay, Party, PatentStatus,
    Read,
};
use std::collections::{BTreeMap, BTreeSet};

/// Writes a new licence, and enters it with each of its patents and with the duties of licensee and licensors.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written.
pub(super) fn enter(effects: &mut Effects<'_, '_>, id: LicenceId, licence: &Licence) -> Result<(), Fault> {
    effects.put(&id, licence)?;
    for patent in &licence.patents {
        let mut status: PatentStatus = effects.must(patent)?;
        add(effects.overlay, *patent, &mut status, id, licence)?;
        effects.touch(*patent, |entered| *entered = status)?;
    }
    duties::add(effects.overlay, licence.licensee)?;
    // Whom the authority's decision made a licensor owes nothing by contract.
    if licence.is_compulsory() {
        return Ok(());
    }
    let mut members = List::new();
    for party in &licence.licensors {
        if let Some(member) = effects.must::<Party>(party)?.member {
            members.push(member).map_err(|error| Fault::Contradiction(error.to_string()))?;
            duties::add(effects.overlay, member)?;
        }
    }
    effects.put(&id, &LicensorsBound { members })
}

/// Lets go of those whom a licence bound: it has ended.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written.
pub(super) fn unbind(overlay: &mut Overlay<'_>, id: LicenceId, licence: &Licence) -> Result<(), Fault> {
    duties::remove(overlay, licence.licensee)?;
    let Some(bound) = overlay.find::<LicensorsBound>(&id)? else { return Ok(()) };
    for member in &bound.members {
        duties::remove(overlay, *member)?;
    }
    overlay.remove::<LicensorsBound>(&id)
}

/// Writes that a licence has ended on a day, and its sublicences with it, and takes them out of their patents and the
/// parties' duties.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written.
pub(super) fn end(
    effects: &mut Effects<'_, '_>,
    id: LicenceId,
    mut licence: Licence,
    (cause, on): (EndCause, Date),
) -> Result<(), Fault> {
    let mut gone = Vec::new();
    for (below, mut sublicence) in sublicences(effects.overlay, id, &licence)? {
        if sublicence.term.last() >= on {
            sublicence.state = LicenceState::EndedWith { above: id, on };
            gone.push((below, sublicence));
        }
    }
    licence.state = LicenceState::Ended { cause, on };
    let patents = licence.patents.clone();
    gone.push((id, licence));
    for (ended, licence) in &gone {
        effects.put(ended, licence)?;
        unbind(effects.overlay, *ended, licence)?;
    }
    for patent in &patents {
        let mut status: PatentStatus = effects.must(patent)?;
        remove(effects.overlay, *patent, &mut status, &gone)?;
        effects.touch(*patent, |left| *left = status)?;
    }
    Ok(())
}

/// The sublicences under a licence that have not ended, and those under them, oldest first.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn sublicences(
    state: &impl Read,
    id: LicenceId,
    licence: &Licence,
) -> Result<Vec<(LicenceId, Licence)>, Fault> {
    // A sublicence needs the right to grant one, and that right is not taken back while there is one.
    if !licence.sublicence {
        return Ok(Vec::new());
    }
    let mut candidates = BTreeMap::new();
    for patent in &licence.patents {
        candidates.extend(of_patent(state, *patent)?);
    }
    // Ids ascend in the order of the log: a sublicence comes after the licence above it.
    let mut above = BTreeSet::from([id]);
    let is_below = |(id, licence): &(LicenceId, Licence)| match licence.origin {
        LicenceOrigin::Sublicence { under } if above.contains(&under) => above.insert(*id),
        _ => false,
    };
    Ok(candidates.into_iter().filter(is_below).collect())
}

/// The licences of a patent that have not ended, oldest first.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn of_patent(state: &impl Read, patent: PatentId) -> Result<Vec<(LicenceId, Licence)>, Fault> {
    let mut licences = Vec::new();
    for chunk in 0.. {
        let Some(list) = state.find::<LicenceList>(&(patent, chunk))? else { break };
        for id in &list.licences {
            licences.push((*id, state.must::<Licence>(id)?));
        }
    }
    Ok(licences)
}

/// Enters a new licence in the list and the status of one of its patents. The caller writes the status.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written.
pub(super) fn add(
    overlay: &mut Overlay<'_>,
    patent: PatentId,
    status: &mut PatentStatus,
    id: LicenceId,
    licence: &Licence,
) -> Result<(), Fault> {
    let mut chunk = 0;
    loop {
        let mut list = overlay.find::<LicenceList>(&(patent, chunk))?.unwrap_or_default();
        if list.licences.push(id).is_ok() {
            overlay.put(&(patent, chunk), &list)?;
            break;
        }
        chunk += 1;
    }
    match licence.kind {
        LicenceKind::Ordinary if licence.is_compulsory() => status.compulsory += 1,
        LicenceKind::Ordinary => status.ordinary += 1,
        LicenceKind::Sole => {
            status.sole += 1;
            status.sole_latest = status.sole_latest.max(Some(id));
        }
        LicenceKind::Exclusive => {
            status.exclusive += 1;
            status.exclusive_latest = status.exclusive_latest.max(Some(id));
        }
    }
    Ok(())
}

/// Takes ended licences out of the list and the status of one of their patents; those of other patents are passed over.
/// The caller writes the status.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written, or does not hold one of the licences.
pub(super) fn remove(
    overlay: &mut Overlay<'_>,
    patent: PatentId,
    status: &mut PatentStatus,
    gone: &[(LicenceId, Licence)],
) -> Result<(), Fault> {
    let gone: BTreeMap<_, _> = gone
        .iter()
        .filter(|(_, licence)| licence.patents.contains(&patent))
        .map(|(id, l)| (*id, l))
        .collect();
    let recount = gone.values().any(|licence| licence.kind != LicenceKind::Ordinary);
    let (mut found, mut sole, mut exclusive) = (0, None, None);
    let mut chunk = 0;
    while let Some(mut list) = overlay.find::<LicenceList>(&(patent, chunk))? {
        let before = list.licences.len();
        list.licences.retain(|id| !gone.contains_key(id));
        if list.licences.len() != before {
            found += before - list.licences.len();
            overlay.put(&(patent, chunk), &list)?;
        }
        for other in list.licences.iter().filter(|_| recount) {
            match overlay.must::<Licence>(other)?.kind {
                LicenceKind::Ordinary => {}
                LicenceKind::Sole => sole = sole.max(Some(*other)),
                LicenceKind::Exclusive => exclusive = exclusive.max(Some(*other)),
            }
        }
        chunk += 1;
    }
    if found != gone.len() {
        let missing = gone.len() - found;
        return Err(Fault::Contradiction(format!("{missing} licences are missing from those of {patent}")));
    }
    if recount {
        status.sole_latest = sole;
        status.exclusive_latest = exclusive;
    }
    for licence in gone.values() {
        match licence.kind {
            LicenceKind::Ordinary if licence.is_compulsory() => status.compulsory -= 1,
            LicenceKind::Ordinary => status.ordinary -= 1,
            LicenceKind::Sole => status.sole -= 1,
            LicenceKind::Exclusive => status.exclusive -= 1,
        }
    }
    Ok(())
}

/// Writes a licence whose terms have changed, and counts it anew in its patents where its kind did.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written.
pub(super) fn change(
    effects: &mut Effects<'_, '_>,
    id: LicenceId,
    before: Licence,
    after: &Licence,
) -> Result<(), Fault> {
    let before = [(id, before)];
    for patent in &after.patents {
        let mut status: PatentStatus = effects.must(patent)?;
        if before[0].1.kind != after.kind {
            remove(effects.overlay, *patent, &mut status, &before)?;
            add(effects.overlay, *patent, &mut status, id, after)?;
        }
        effects.touch(*patent, |changed| *changed = status)?;
    }
    effects.put(&id, after)
}
