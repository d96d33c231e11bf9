//! Rules for trade across the border: the sides lie as the record says, and the documents are there (技术进出口管理条例).

use super::deal::Deal;
use super::{Context, Effects, Rule, Verdict};
use crate::act::member::Role;
use crate::act::technical_contract::ContractReference;
use crate::act::trade::{CrossBorder, TradeDirection, TradeSubject};
use crate::act::transfer::Export;
use crate::identifier::{ObjectRef, PartyId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{BorderTrade, Fault, Licence, Party, Read, Transfer};

fn reference_of(subject: TradeSubject) -> ContractReference {
    match subject {
        TradeSubject::Licence { licence } => ContractReference::Licence { licence },
        TradeSubject::Transfer { transfer } => ContractReference::Transfer { transfer },
    }
}

/// Whether one of the parties is Chinese, and whether one is of the country.
fn sides(cx: &Context<'_>, parties: &[PartyId], trade: &CrossBorder) -> Result<(bool, bool), Fault> {
    let (mut home, mut abroad) = (false, false);
    for id in parties {
        let party: Party = cx.must(id)?;
        home |= party.is_chinese();
        abroad |= !party.is_chinese() && party.country == trade.country;
    }
    Ok((home, abroad))
}

impl CrossBorder {
    /// The document that the control of technology trade asks for; what is banned does not cross.
    fn check_documents(&self, object: ObjectRef, verdict: &mut Verdict) {
        let (missing, banned) = match self.direction {
            TradeDirection::Export => (Code::ExportDocRequired, Code::ExportForbidden),
            TradeDirection::Import => (Code::ImportDocRequired, Code::ImportForbidden),
        };
        match (&self.control, &self.number) {
            (Some(Export::Banned), _) => verdict.refuse(Refusal::new(banned).about(object)),
            (Some(_), Some(_)) => {}
            _ => verdict.refuse(Refusal::new(missing).about(object)),
        }
        if let Some(settlement) = &self.settlement {
            let currency = settlement.currency.as_str();
            let known = currency.len() == 3 && currency.bytes().all(|letter| letter.is_ascii_uppercase());
            if !known {
                verdict.refuse(Refusal::new(Code::FieldMissing).with(format!("currency: {currency}")));
            }
        }
    }

    /// Technology goes from a Chinese side to one of the country, or the other way.
    fn check_sides(
        &self,
        cx: &Context<'_>,
        deal: &Deal,
        object: ObjectRef,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        let (from, to) = (sides(cx, &deal.givers, self)?, sides(cx, &deal.takers, self)?);
        let lie_so = match self.direction {
            TradeDirection::Export => from.0 && to.1,
            TradeDirection::Import => from.1 && to.0,
        };
        if !lie_so {
            verdict.refuse(Refusal::new(Code::TradeSides).about(object).with(self.country));
        }
        Ok(())
    }
}

impl Rule for CrossBorder {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(!cx.role_signed(Role::Regulator), Code::TradeAuthorityRequired);
        cx.not_future(self.on, verdict);
        let reference = reference_of(self.subject);
        let object = super::deal::object_of(reference);
        self.check_documents(object, verdict);
        let Some(deal) = Deal::named(cx, reference, verdict)? else { return Ok(()) };
        if !deal.a_party_signed(cx)? {
            verdict.refuse(Refusal::new(Code::TradePartyRequired).about(object));
        }
        self.check_sides(cx, &deal, object, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let trade = BorderTrade {
            direction: self.direction,
            country: self.country,
            subject: self.subject,
            control: self.control.clone(),
            number: self.number.clone(),
            settlement: self.settlement.clone(),
            zone: self.zone.clone(),
            on: self.on,
        };
        effects.put(&RecordId::new(effects.position), &trade)?;
        let patents = match self.subject {
            TradeSubject::Licence { licence } => effects.overlay.must::<Licence>(&licence)?.patents,
            TradeSubject::Transfer { transfer } => effects.overlay.must::<Transfer>(&transfer)?.patents,
        };
        for patent in &patents {
            effects.touch(*patent, |_| ())?;
        }
        Ok(())
    }
}
