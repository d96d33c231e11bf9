//! Rules for patents in standards: all owners declare, and an undertaking is never taken back.

use super::{Context, Effects, Rule, Verdict};
use crate::act::standard::Declare;
use crate::identifier::{PatentId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{Fault, Life, StandardDeclaration, UndertakenFor};

impl Rule for Declare {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(self.patents.is_empty(), Code::FieldMissing);
        cx.once(&self.patents, verdict);
        for id in &self.patents {
            let Some((patent, status)) = cx.patent(*id, verdict)? else { continue };
            cx.all_owners(*id, &patent, Code::NotOwner, verdict)?;
            // Applications are declared too: the standard does not wait for their grant.
            if status.life != Life::Application {
                cx.in_force(*id, &status, Code::PatentNotInForce, verdict);
            }
            let before = cx.find::<UndertakenFor>(&UndertakenFor::key_of(*id, &self.standard))?;
            if let Some(before) = before.filter(|before| self.undertaking <= before.undertaking) {
                let refusal = Refusal::new(Code::StandardUndertakingLess).about(*id);
                verdict.refuse(refusal.because_of(before.record));
            }
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let record = RecordId::new(effects.position);
        let declaration = StandardDeclaration {
            patents: self.patents.clone(),
            standard: self.standard.clone(),
            undertaking: self.undertaking,
            document: self.document,
            declared: effects.today,
        };
        effects.put(&record, &declaration)?;
        for patent in &self.patents {
            let undertaken = UndertakenFor { undertaking: self.undertaking, record };
            effects.put(&UndertakenFor::key_of(*patent, &self.standard), &undertaken)?;
            effects.touch(*patent, |_| ())?;
        }
        Ok(())
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(self.patents.to_vec())
    }

    fn may_wait(&self) -> bool {
        true
    }
}
