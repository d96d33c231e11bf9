//! Bring about what a case needs: owned, lapsed, pledged and openly licensed patents.

use crate::case::Case;
use crate::stage::{list, text};
use tongda_ledger::act::party::{Entry, PartyKind, PartyName, Register};
use tongda_ledger::act::patent::{Annuity, AnnuityEvent, LifeEvent};
use tongda_ledger::act::pledge;
use tongda_ledger::identifier::{CountryCode, DeclarationId, PartyId, PatentId, PledgeId, TransferId};

impl Case {
    /// An invention of the owner alone.
    pub async fn owned(&self) -> PatentId {
        self.patent(self.stage.invention(&[self.stage.owner.party])).await
    }

    /// An invention of the owner and the second owner.
    pub async fn shared(&self) -> PatentId {
        self.patent(self.stage.invention(&[self.stage.owner.party, self.stage.second.party])).await
    }

    /// An invention of the owner that lapsed for an unpaid annuity.
    pub async fn lapsed(&self) -> PatentId {
        let patent = self.owned().await;
        self.annuity(patent, AnnuityEvent::Overdue { due: self.stage.long_overdue() }).await;
        self.does(&[&self.stage.registrar], self.stage.life(patent, LifeEvent::Lapsed)).await;
        patent
    }

    /// A Chinese party of the register that is no member.
    pub async fn outsider(&self) -> PartyId {
        let name = PartyName::Organisation { name: text("演示外部公司"), code: None };
        let entry = Entry { name, kind: PartyKind::Private, country: CountryCode::CHINA };
        PartyId::new(self.does(&[&self.stage.registrar], Register { parties: list(&[entry]) }).await, 0)
    }

    /// An annuity of the seventh year falls due or is paid.
    pub async fn annuity(&self, patent: PatentId, event: AnnuityEvent) {
        let effective = self.stage.today;
        self.does(&[&self.stage.registrar], Annuity { patent, year: 7, event, effective }).await;
    }

    /// The patent is declared open, and not announced.
    pub async fn declared(&self, patent: PatentId) -> DeclarationId {
        DeclarationId::new(self.does(&[&self.stage.owner.signer], self.stage.declare(patent)).await, 0)
    }

    /// The patent is declared open and announced.
    pub async fn open(&self, patent: PatentId) -> DeclarationId {
        let declaration = self.declared(patent).await;
        self.does(&[&self.stage.registrar], self.stage.announce(declaration)).await;
        declaration
    }

    /// The open licence is withdrawn, and its end announced.
    pub async fn ended(&self, declaration: DeclarationId) {
        self.does(&[&self.stage.owner.signer], self.stage.withdraw(declaration)).await;
        self.does(&[&self.stage.registrar], self.stage.close(declaration)).await;
    }

    /// A pledge to the bank is applied for.
    pub async fn pledge_applied(&self, patent: PatentId) -> PledgeId {
        let signers = [&self.stage.owner.signer, &self.stage.bank.signer];
        PledgeId::new(self.does(&signers, self.stage.pledge(patent)).await, 0)
    }

    /// The registration of a pledge today under a number of its own.
    pub fn pledge_registration(&self, pledge: PledgeId) -> pledge::Register {
        pledge::Register { pledge, number: self.stage.recordal_number('Y'), on: self.stage.today }
    }

    /// The patent is pledged to the bank.
    pub async fn pledged(&self, patent: PatentId) -> PledgeId {
        let pledge = self.pledge_applied(patent).await;
        self.does(&[&self.stage.registrar], self.pledge_registration(pledge)).await;
        pledge
    }

    /// The owner and the buyer propose a sale.
    pub async fn proposed(&self, patent: PatentId) -> TransferId {
        let signers = [&self.stage.owner.signer, &self.stage.buyer.signer];
        TransferId::new(self.does(&signers, self.stage.sale(patent)).await, 0)
    }
}
