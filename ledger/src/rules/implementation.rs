//! Rules for implementation: who has the right to work a patent reports it, and somebody else verifies.

use super::{Context, Effects, Rule, Verdict};
use crate::act::implementation::{ImplementationMode, ImplementedProduct, Report, Verify};
use crate::act::member::Role;
use crate::identifier::{PatentId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{
    Fault, FirstImplementation, Implementation, Licence, Member, Patent, PatentImplementation, Product,
    Transfer, TransferState,
};

impl Report {
    /// Refuses an implementer that has no right to work the patent (PL 11, 12).
    fn check_right(&self, cx: &Context<'_>, patent: &Patent, verdict: &mut Verdict) -> Result<(), Fault> {
        let id = self.patent;
        let no_right = || Refusal::new(Code::ImplementerNoRight).about(id);
        match self.mode {
            ImplementationMode::Own => {
                if !cx.owns(cx.author, patent)? {
                    verdict.refuse(no_right().because_of(cx.author));
                }
            }
            ImplementationMode::Licensed { licence: licence_id } => {
                let Some(licence) = cx.named::<Licence>(licence_id, verdict)? else { return Ok(()) };
                let covers = licence.patents.contains(&id) && licence.licensee == cx.author;
                if !covers || !licence.is_active(cx.today) {
                    verdict.refuse(no_right().because_of(licence_id).with(licence.term));
                } else {
                    cx.not_before(self.start, licence.effective, verdict);
                }
            }
            ImplementationMode::Acquired { transfer: transfer_id } => {
                let Some(transfer) = cx.named::<Transfer>(transfer_id, verdict)? else { return Ok(()) };
                let latest = patent.acquired == Some(transfer_id) && cx.owns(cx.author, patent)?;
                match transfer.state {
                    TransferState::Registered { on, .. } if latest => {
                        cx.not_before(self.start, on, verdict);
                    }
                    _ => verdict.refuse(no_right().because_of(transfer_id)),
                }
            }
            ImplementationMode::Cooperating { with } => {
                if cx.named::<Member>(with, verdict)?.is_none() {
                    return Ok(());
                }
                let one_owns = cx.owns(cx.author, patent)? || cx.owns(with, patent)?;
                if with == cx.author || !one_owns {
                    verdict.refuse(no_right().because_of(with));
                }
                cx.need(with, Some(id), Code::MemberSignatureRequired, verdict)?;
            }
        }
        Ok(())
    }
}

impl Rule for Report {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.not_future(self.start, verdict);
        let Some((patent, status)) = cx.patent(self.patent, verdict)? else { return Ok(()) };
        cx.in_force(self.patent, &status, Code::PatentNotInForce, verdict);
        if let ImplementedProduct::Filed { product } = self.product {
            cx.named::<Product>(product, verdict)?;
        }
        self.check_right(cx, &patent, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let id = RecordId::new(effects.position);
        let implementation = Implementation {
            patent: self.patent,
            implementer: effects.author,
            mode: self.mode,
            start: self.start,
            product: self.product.clone(),
            output: self.output,
            figures: self.figures,
            evidence: self.evidence,
            reported: effects.today,
            verified: None,
        };
        effects.put(&id, &implementation)?;
        let mut summary: PatentImplementation = effects.find(&self.patent)?.unwrap_or_default();
        summary.reports += 1;
        summary.first = earlier(summary.first, FirstImplementation { start: self.start, report: id });
        effects.put(&self.patent, &summary)?;
        effects.touch(self.patent, |_| ())?;
        Ok(())
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(vec![self.patent])
    }

    fn may_wait(&self) -> bool {
        matches!(self.mode, ImplementationMode::Cooperating { .. })
    }
}

fn earlier(known: Option<FirstImplementation>, new: FirstImplementation) -> Option<FirstImplementation> {
    Some(known.map_or(new, |known| known.min(new)))
}

impl Rule for Verify {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(report) = cx.named::<Implementation>(self.report, verdict)? else { return Ok(()) };
        let mut may = false;
        for (id, member) in &cx.signers.members {
            let party = *id == report.implementer
                || matches!(report.mode, ImplementationMode::Cooperating { with } if with == *id);
            may |= !party && (member.is(Role::Exchange) || member.is(Role::Regulator));
        }
        if !may {
            verdict.refuse(Refusal::new(Code::VerifierRequired).about(self.report).because_of(cx.author));
        }
        if let Some(record) = report.verified {
            verdict.refuse(Refusal::new(Code::ImplementationVerified).about(self.report).because_of(record));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut report: Implementation = effects.must(&self.report)?;
        report.verified = Some(RecordId::new(effects.position));
        effects.put(&self.report, &report)?;
        let mut summary: PatentImplementation = effects.must(&report.patent)?;
        summary.verified += 1;
        let first = FirstImplementation { start: report.start, report: self.report };
        summary.first_verified = earlier(summary.first_verified, first);
        effects.put(&report.patent, &summary)?;
        effects.touch(report.patent, |_| ())?;
        Ok(())
    }
}
