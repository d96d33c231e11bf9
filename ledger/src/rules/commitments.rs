//! What a patent is committed to beyond licences and pledges — pools, open source — and what that bars.
//!
//! A transfer is not barred: the pool's licences and the open-source pledge follow the patent (SPC-TC 24), and the new
//! owner may take it out of the pool. What would break the commitment is: an exclusive or sole licence, a fee for what
//! is pledged free of charge, and abandoning a patent that others rely on in a pool.

use super::{Context, Verdict, licences};
use crate::act::licence::LicenceKind;
use crate::act::open_licence::FeeStandard;
use crate::identifier::{LicenceId, PatentId, PoolId};
use crate::refusal::{Code, Refusal};
use crate::state::{Declaration, Fault, PatentStatus, PoolsOf};

/// The oldest of the pools that the patent is in.
fn pool_of(cx: &Context<'_>, id: PatentId, status: &PatentStatus) -> Result<Option<PoolId>, Fault> {
    if status.pools == 0 {
        return Ok(None);
    }
    Ok(cx.must::<PoolsOf>(&id)?.pools.first().copied())
}

/// No exclusive or sole licence of what is in a pool or pledged to everybody.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn bar_exclusive(
    cx: &Context<'_>,
    id: PatentId,
    status: &PatentStatus,
    verdict: &mut Verdict,
) -> Result<(), Fault> {
    if let Some(pool) = pool_of(cx, id, status)? {
        verdict.refuse(Refusal::new(Code::PoolExclusive).about(id).because_of(pool));
    }
    if let Some(pledge) = status.open_source {
        verdict.refuse(Refusal::new(Code::OpenSourceExclusive).about(id).because_of(pledge));
    }
    Ok(())
}

/// No open licence at a fee of what is pledged free of charge.
pub(super) fn bar_fee(id: PatentId, status: &PatentStatus, fee: &FeeStandard, verdict: &mut Verdict) {
    if let Some(pledge) = status.open_source.filter(|_| *fee != FeeStandard::Free) {
        verdict.refuse(Refusal::new(Code::OpenSourceFee).about(id).because_of(pledge));
    }
}

/// No abandonment of what is in a pool.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn bar_abandonment(
    cx: &Context<'_>,
    id: PatentId,
    status: &PatentStatus,
    verdict: &mut Verdict,
) -> Result<(), Fault> {
    if let Some(pool) = pool_of(cx, id, status)? {
        verdict.refuse(Refusal::new(Code::PoolLeaveFirst).about(id).because_of(pool));
    }
    Ok(())
}

/// Refuses a commitment, with `code`, while an exclusive or sole licence is in its term or still to begin.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn no_exclusive(
    cx: &Context<'_>,
    id: PatentId,
    status: &PatentStatus,
    code: Code,
    verdict: &mut Verdict,
) -> Result<(), Fault> {
    if status.exclusive == 0 && status.sole == 0 {
        return Ok(());
    }
    let stands = |licence: &(LicenceId, crate::state::Licence)| {
        licence.1.kind != LicenceKind::Ordinary && licence.1.is_active(cx.today)
    };
    for (licence_id, licence) in licences::of_patent(cx, id)?.into_iter().filter(stands) {
        verdict.refuse(Refusal::new(code).about(id).because_of(licence_id).with(licence.term));
    }
    Ok(())
}

/// Refuses a pledge free of charge while the patent is declared open at a fee.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn no_fee(
    cx: &Context<'_>,
    id: PatentId,
    status: &PatentStatus,
    verdict: &mut Verdict,
) -> Result<(), Fault> {
    if let Some(declaration) = status.declaration
        && cx.must::<Declaration>(&declaration)?.fee != FeeStandard::Free
    {
        verdict.refuse(Refusal::new(Code::OpenSourceFee).about(id).because_of(declaration));
    }
    Ok(())
}
