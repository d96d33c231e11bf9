//! Keep the list of a patent's licences, and the counts of them in its status.

use super::{Effects, duties};
use crate::act::licence::LicenceKind;
use crate::identifier::{LicenceId, PatentId};
use crate::state::{Fault, Licence, LicenceList, LicenceState, Overlay, PatentStatus, Read};

/// Writes a new licence, and enters it with each of its patents and with the licensee's duties.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written.
pub(super) fn enter(effects: &mut Effects<'_, '_>, id: LicenceId, licence: &Licence) -> Result<(), Fault> {
    effects.put(&id, licence)?;
    for patent in &licence.patents {
        let mut status: PatentStatus = effects.must(patent)?;
        add(effects.overlay, *patent, &mut status, id, licence.kind)?;
        effects.touch(*patent, |entered| *entered = status)?;
    }
    duties::add(effects.overlay, licence.licensee)
}

/// Writes that a licence has ended as `state` says, and takes it out of its patents and the licensee's duties.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written.
pub(super) fn end(
    effects: &mut Effects<'_, '_>,
    id: LicenceId,
    mut licence: Licence,
    state: LicenceState,
) -> Result<(), Fault> {
    licence.state = state;
    effects.put(&id, &licence)?;
    for patent in &licence.patents {
        let mut status: PatentStatus = effects.must(patent)?;
        remove(effects.overlay, *patent, &mut status, id, licence.kind)?;
        effects.touch(*patent, |left| *left = status)?;
    }
    duties::remove(effects.overlay, licence.licensee)
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
    kind: LicenceKind,
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
    match kind {
        LicenceKind::Ordinary => status.ordinary += 1,
        LicenceKind::Sole => {
            status.sole += 1;
            status.sole_latest = Some(id);
        }
        LicenceKind::Exclusive => {
            status.exclusive += 1;
            status.exclusive_latest = Some(id);
        }
    }
    Ok(())
}

/// Takes an ended licence out of the list and the status of one of its patents. The caller writes the status.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written, or does not hold the licence.
pub(super) fn remove(
    overlay: &mut Overlay<'_>,
    patent: PatentId,
    status: &mut PatentStatus,
    id: LicenceId,
    kind: LicenceKind,
) -> Result<(), Fault> {
    let mut latest = None;
    let mut found = false;
    let mut chunk = 0;
    while let Some(mut list) = overlay.find::<LicenceList>(&(patent, chunk))? {
        let before = list.licences.len();
        list.licences.retain(|other| *other != id);
        if list.licences.len() != before {
            found = true;
            overlay.put(&(patent, chunk), &list)?;
        }
        for other in list.licences.iter().filter(|_| kind != LicenceKind::Ordinary) {
            if overlay.must::<Licence>(other)?.kind == kind {
                latest = latest.max(Some(*other));
            }
        }
        chunk += 1;
    }
    if !found {
        return Err(Fault::Contradiction(format!("{id} is missing from the licences of {patent}")));
    }
    match kind {
        LicenceKind::Ordinary => status.ordinary -= 1,
        LicenceKind::Sole => {
            status.sole -= 1;
            status.sole_latest = latest;
        }
        LicenceKind::Exclusive => {
            status.exclusive -= 1;
            status.exclusive_latest = latest;
        }
    }
    Ok(())
}
