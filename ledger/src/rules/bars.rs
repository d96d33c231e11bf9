//! The bars to an open licence (Rule 86, Guidelines V.11 §3.1), each with its own code.
//!
//! Asked when the owners declare, again when the registrar announces, and when it ends a declaration because a bar has
//! arisen. The ninth, "anything else that prevents effective implementation", is what the owners undertake not to be so.

use super::{Context, Verdict as Findings, licences};
use crate::act::ActKind;
use crate::act::licence::LicenceKind;
use crate::identifier::{PatentId, PatentKind};
use crate::refusal::{Code, Refusal};
use crate::state::{Declaration, Fault, Patent, PatentStatus, Pledge, Verdict};

/// `open.declare`: the kind of act to which a pledgee consents.
const DECLARE: ActKind = ActKind { family: 4, kind: 1 };

/// Names every bar that stands. `declaration` is the one that has been made already, if one has.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn check(
    cx: &Context<'_>,
    id: PatentId,
    patent: &Patent,
    status: &PatentStatus,
    declaration: Option<&Declaration>,
    findings: &mut Findings,
) -> Result<(), Fault> {
    exclusive(cx, id, status, findings)?;
    cx.free(id, status, findings);
    cx.annuity_paid(id, status, findings);
    pledged(cx, id, status, declaration, findings)?;
    cx.in_force(id, status, Code::OlNotGranted, findings);
    evaluation(id, patent, status, findings);
    Ok(())
}

/// Whether any bar stands against a declaration that has been made.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn any(
    cx: &Context<'_>,
    id: PatentId,
    patent: &Patent,
    status: &PatentStatus,
    declaration: &Declaration,
) -> Result<bool, Fault> {
    let mut findings = Findings::default();
    check(cx, id, patent, status, Some(declaration), &mut findings)?;
    Ok(!findings.refusals().is_empty() || !findings.missing().is_empty())
}

/// (1) An exclusive or sole licence is in its term, or will be: one of which only the first day is still to come counts.
fn exclusive(
    cx: &Context<'_>,
    id: PatentId,
    status: &PatentStatus,
    findings: &mut Findings,
) -> Result<(), Fault> {
    if status.exclusive == 0 && status.sole == 0 {
        return Ok(());
    }
    for (licence_id, licence) in licences::of_patent(cx, id)? {
        if licence.kind != LicenceKind::Ordinary && licence.is_active(cx.today) {
            let refusal = Refusal::new(Code::OlExclusiveActive).about(id).because_of(licence_id);
            findings.refuse(refusal.with(licence.term));
        }
    }
    Ok(())
}

/// (4) Pledged without the pledgee's consent. To a declaration that has been made it has agreed with the declaration, or
/// by pledging a patent that was declared (Guidelines V.11 §9).
fn pledged(
    cx: &Context<'_>,
    id: PatentId,
    status: &PatentStatus,
    declaration: Option<&Declaration>,
    findings: &mut Findings,
) -> Result<(), Fault> {
    if let (Some(declaration), Some(pledge)) = (declaration, status.pledge)
        && (declaration.pledge == Some(pledge) || cx.must::<Pledge>(&pledge)?.open_continues)
    {
        return Ok(());
    }
    cx.pledgee(id, status, DECLARE, findings)
}

/// (7) and (8) A utility model or design has no evaluation report, or one that finds against it.
fn evaluation(id: PatentId, patent: &Patent, status: &PatentStatus, findings: &mut Findings) {
    if patent.number.kind() == PatentKind::Invention {
        return;
    }
    match status.evaluation {
        Verdict::None => findings.refuse(Refusal::new(Code::EvalReportRequired).about(id)),
        Verdict::Negative => findings.refuse(Refusal::new(Code::EvalReportNegative).about(id)),
        Verdict::Positive => {}
    }
}
