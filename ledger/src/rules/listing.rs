//! Rules for listings: owners and exchange offer what is in force and free, once in each mode, and say what burdens it.

use super::deal::Deal;
use super::{Context, Effects, Rule, Verdict};
use crate::act::listing::{Close, ListingMode, ListingOutcome, ListingPurpose, Publish};
use crate::act::member::Role;
use crate::identifier::{ListingId, PatentId};
use crate::refusal::{Code, Refusal};
use crate::state::{Fault, Listing, LiveListing, Member, Party, Patent, PatentStatus};

/// The mode's tag, which names the place of its live listing.
const fn place(patent: PatentId, mode: ListingMode) -> (PatentId, u32) {
    let tag = match mode {
        ListingMode::OpenListing => 1,
        ListingMode::Auction => 2,
        ListingMode::Negotiated => 3,
    };
    (patent, tag)
}

impl Publish {
    /// The patent is in force, free, not on offer so already, and what burdens it is said.
    fn check_patent(
        &self,
        cx: &Context<'_>,
        id: PatentId,
        status: &PatentStatus,
        verdict: &mut Verdict,
    ) -> Result<(), Fault> {
        cx.in_force(id, status, Code::PatentNotInForce, verdict);
        cx.free(id, status, verdict);
        let unsaid = self.purpose == ListingPurpose::Sale && !self.openly_licensed;
        if let Some(declaration) = status.declaration.filter(|_| unsaid) {
            verdict.refuse(Refusal::new(Code::ListingOpenUnsaid).about(id).because_of(declaration));
        }
        if let Some(live) = cx.find::<LiveListing>(&place(id, self.mode))?
            && cx.today <= live.until
        {
            let refusal = Refusal::new(Code::ListingDuplicate).about(id).because_of(live.listing);
            verdict.refuse(refusal.with(format!("until {}", live.until)));
        }
        Ok(())
    }
}

impl Rule for Publish {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(self.patents.is_empty(), Code::FieldMissing);
        cx.once(&self.patents, verdict);
        cx.not_over(self.until, verdict);
        if let Some(exchange) = cx.named::<Member>(self.exchange, verdict)? {
            verdict.refuse_if(!exchange.is(Role::Exchange), Code::ExchangeOnly);
            cx.need_over(self.exchange, &self.patents, Refusal::new(Code::ExchangeOnly), verdict)?;
        }
        for id in &self.patents {
            let Some((patent, status)) = cx.patent(*id, verdict)? else { continue };
            // The exchange may bring what the owners sign.
            if cx.author == self.exchange {
                cx.owners_sign(*id, &patent, verdict)?;
            } else {
                cx.all_owners(*id, &patent, Code::NotOwner, verdict)?;
            }
            self.check_patent(cx, *id, &status, verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let id = ListingId::new(effects.position, 0);
        let listing = Listing {
            patents: self.patents.clone(),
            exchange: self.exchange,
            mode: self.mode,
            purpose: self.purpose,
            price: self.price,
            openly_licensed: self.openly_licensed,
            description: self.description.clone(),
            published: effects.today,
            until: self.until,
            outcome: None,
        };
        effects.put(&id, &listing)?;
        for patent in &self.patents {
            effects.put(&place(*patent, self.mode), &LiveListing { listing: id, until: self.until })?;
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

/// Whether the exchange of a listing, or an owner of one of its patents, signed.
fn a_side_signed(cx: &Context<'_>, listing: &Listing) -> Result<bool, Fault> {
    if cx.signed_over(listing.exchange, &listing.patents)? {
        return Ok(true);
    }
    for id in &listing.patents {
        for owner in &cx.must::<Patent>(id)?.owners {
            let Some(member) = cx.must::<Party>(&owner.party)?.member else { continue };
            if cx.signed_for(member, Some(*id))? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

impl Rule for Close {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(listing) = cx.named::<Listing>(self.listing, verdict)? else { return Ok(()) };
        if listing.outcome.is_some() {
            verdict.refuse(Refusal::new(Code::ListingState).about(self.listing));
        }
        if !a_side_signed(cx, &listing)? {
            verdict
                .refuse(Refusal::new(Code::ListingPartyRequired).about(self.listing).because_of(cx.author));
        }
        if let ListingOutcome::Concluded { deal: reference } = self.outcome
            && let Some(deal) = Deal::named(cx, reference, verdict)?
            && !deal.patents.iter().any(|patent| listing.patents.contains(patent))
        {
            let object = super::deal::object_of(reference);
            verdict.refuse(Refusal::new(Code::ListingOtherDeal).about(self.listing).because_of(object));
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut listing: Listing = effects.must(&self.listing)?;
        listing.outcome = Some(self.outcome);
        effects.put(&self.listing, &listing)?;
        for patent in &listing.patents {
            let live = effects.find::<LiveListing>(&place(*patent, listing.mode))?;
            // One that ran out may have been followed by another.
            if live.is_some_and(|live| live.listing == self.listing) {
                effects.remove::<LiveListing>(&place(*patent, listing.mode))?;
            }
        }
        Ok(())
    }
}
