//! Rules for patented products: who may file one, and who says that it is patent-intensive (国办发〔2023〕37号 §4).

use super::{Context, Effects, Rule, Verdict};
use crate::act::member::Role;
use crate::act::product::{
    File, Output, ProductBasis, ProductPatent, ProductWithdrawal, Recognise, Withdraw,
};
use crate::identifier::{PatentId, ProductId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{
    Fault, Licence, Member, PatentProducts, Product, ProductByPlatform, ProductOutput, ProductState,
    Recognition,
};

impl File {
    fn named_patents(&self) -> Vec<PatentId> {
        self.patents.iter().map(|entry| entry.patent).collect()
    }

    /// The enterprise owns the patent, or has a licence of it in force.
    fn check_basis(
        &self,
        cx: &Context<'_>,
        entry: &ProductPatent,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        let Some((patent, status)) = cx.patent(entry.patent, verdict)? else { return Ok(()) };
        cx.in_force(entry.patent, &status, Code::PatentNotInForce, verdict);
        let refusal = Refusal::new(Code::ProductPatentBasis).about(entry.patent);
        match entry.basis {
            ProductBasis::Owned => {
                if !cx.owns(self.enterprise, &patent)? {
                    verdict.refuse(refusal.because_of(self.enterprise));
                }
            }
            ProductBasis::Licensed { licence: id } => {
                let Some(licence) = cx.named::<Licence>(id, verdict)? else { return Ok(()) };
                let covers = licence.licensee == self.enterprise && licence.patents.contains(&entry.patent);
                let begun = licence.term.first() <= cx.today;
                if !covers || !begun || !licence.is_active(cx.today) {
                    verdict.refuse(refusal.because_of(id));
                }
            }
        }
        Ok(())
    }
}

impl Rule for File {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let patents = self.named_patents();
        verdict.refuse_if(patents.is_empty(), Code::FieldMissing);
        cx.once(&patents, verdict);
        if let Some(member) = cx.named::<Member>(self.enterprise, verdict)? {
            if !member.is(Role::Enterprise) {
                verdict.refuse(Refusal::new(Code::ProductEnterprise).about(self.enterprise));
            }
            let refusal = Refusal::new(Code::MemberSignatureRequired).about(self.enterprise);
            cx.need_over(self.enterprise, &patents, refusal, verdict)?;
        }
        for entry in &self.patents {
            self.check_basis(cx, entry, verdict)?;
        }
        if let Some(platform) = &self.platform
            && let Some(taken) = cx.find::<ProductByPlatform>(&ProductByPlatform::key_of(platform))?
        {
            let refusal = Refusal::new(Code::ProductPlatformTaken).because_of(taken.product);
            verdict.refuse(refusal.with(platform));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let id = ProductId::new(effects.position, 0);
        let product = Product {
            enterprise: self.enterprise,
            name: self.name.clone(),
            model: self.model.clone(),
            patents: self.patents.clone(),
            industry: self.industry,
            platform: self.platform.clone(),
            filed: effects.today,
            recognition: None,
            state: ProductState::Filed,
        };
        effects.put(&id, &product)?;
        if let Some(platform) = &self.platform {
            effects.put(&ProductByPlatform::key_of(platform), &ProductByPlatform { product: id })?;
        }
        for patent in self.named_patents() {
            let before = effects.find::<PatentProducts>(&patent)?.map_or(0, |products| products.live);
            effects.put(&patent, &PatentProducts { live: before + 1, latest: id })?;
            effects.touch(patent, |_| ())?;
        }
        Ok(())
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(self.named_patents())
    }
}

/// A product that an act names and whose filing stands.
fn filed(cx: &Context<'_>, id: ProductId, verdict: &mut Verdict) -> Result<Option<Product>, Fault> {
    let Some(product) = cx.named::<Product>(id, verdict)? else { return Ok(None) };
    if let ProductState::Withdrawn { on } = product.state {
        verdict.refuse(Refusal::new(Code::ProductState).about(id).with(format!("withdrawn {on}")));
    }
    Ok(Some(product))
}

/// Needs the signature of the enterprise that filed the product.
fn enterprise_signs(
    cx: &Context<'_>,
    id: ProductId,
    product: &Product,
    verdict: &mut Verdict,
) -> Result<(), Fault> {
    let patents: Vec<_> = product.patents.iter().map(|entry| entry.patent).collect();
    let refusal = Refusal::new(Code::MemberSignatureRequired).about(id);
    cx.need_over(product.enterprise, &patents, refusal, verdict)
}

fn recognition_body(cx: &Context<'_>, verdict: &mut Verdict) {
    verdict.refuse_if(!cx.role_signed(Role::RecognitionBody), Code::RecognitionBodyOnly);
}

impl Rule for Output {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        if i32::from(self.year) >= cx.today.year() {
            let figures = format!("{} is not over on {}", self.year, cx.today);
            verdict.refuse(Refusal::new(Code::EffectiveDate).about(self.product).with(figures));
        }
        if let Some(earlier) = cx.find::<ProductOutput>(&(self.product, u32::from(self.year)))? {
            let refusal = Refusal::new(Code::ProductOutputDuplicate).about(self.product);
            verdict.refuse(refusal.because_of(earlier.record).with(self.year));
        }
        match filed(cx, self.product, verdict)? {
            Some(product) => enterprise_signs(cx, self.product, &product, verdict),
            None => Ok(()),
        }
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let record = RecordId::new(effects.position);
        let output = ProductOutput { class: self.class, figures: self.figures, record };
        effects.put(&(self.product, u32::from(self.year)), &output)
    }
}

impl Rule for Recognise {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        recognition_body(cx, verdict);
        let Some(product) = filed(cx, self.product, verdict)? else { return Ok(()) };
        cx.not_before(self.on, product.filed, verdict);
        if self.validity.last() < cx.today {
            let figures = format!("valid until {}", self.validity.last());
            verdict.refuse(Refusal::new(Code::EffectiveDate).about(self.product).with(figures));
        }
        if let Some(live) = product.recognition.filter(|recognition| recognition.is_live(cx.today)) {
            let refusal = Refusal::new(Code::ProductRecognised).about(self.product);
            verdict.refuse(refusal.because_of(live.record).with(live.validity));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut product: Product = effects.must(&self.product)?;
        let signed = effects.signers.members.iter().find(|(_, member)| member.is(Role::RecognitionBody));
        let unchecked = || Fault::Contradiction("a recognition without its body was not refused".into());
        let (by, _) = signed.ok_or_else(unchecked)?;
        product.recognition = Some(Recognition {
            by: *by,
            standard: self.standard,
            result: self.result,
            validity: self.validity,
            document: self.document,
            on: self.on,
            record: RecordId::new(effects.position),
            withdrawn: None,
        });
        effects.put(&self.product, &product)
    }
}

impl Rule for Withdraw {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(product) = filed(cx, self.product, verdict)? else { return Ok(()) };
        match self.what {
            ProductWithdrawal::Filing => {
                cx.not_before(self.on, product.filed, verdict);
                enterprise_signs(cx, self.product, &product, verdict)?;
            }
            ProductWithdrawal::Recognition => {
                recognition_body(cx, verdict);
                match product.recognition.filter(|recognition| recognition.is_live(cx.today)) {
                    Some(recognition) => cx.not_before(self.on, recognition.on, verdict),
                    None => {
                        let refusal = Refusal::new(Code::ProductState).about(self.product);
                        verdict.refuse(refusal.with("not recognised"));
                    }
                }
            }
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut product: Product = effects.must(&self.product)?;
        match self.what {
            ProductWithdrawal::Recognition => {
                if let Some(recognition) = &mut product.recognition {
                    recognition.withdrawn = Some(self.on);
                }
            }
            ProductWithdrawal::Filing => {
                product.state = ProductState::Withdrawn { on: self.on };
                for entry in &product.patents {
                    let products: PatentProducts = effects.must(&entry.patent)?;
                    match products.live {
                        0 | 1 => effects.remove::<PatentProducts>(&entry.patent)?,
                        more => effects.put(&entry.patent, &PatentProducts { live: more - 1, ..products })?,
                    }
                    effects.touch(entry.patent, |_| ())?;
                }
                if let Some(platform) = &product.platform {
                    effects.remove::<ProductByPlatform>(&ProductByPlatform::key_of(platform))?;
                }
            }
        }
        effects.put(&self.product, &product)
    }
}
