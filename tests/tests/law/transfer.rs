//! Transfers: who must sign, what bars one, export, public money, public institutions, one step a day.

use crate::case::{Attempt, Case, attempt};
use crate::stage::{document, list, text};
use tongda_client::Signer;
use tongda_ledger::act::ActKind;
use tongda_ledger::act::licence::Proceeds;
use tongda_ledger::act::party::Link;
use tongda_ledger::act::patent::{FreezeKind, LifeEvent};
use tongda_ledger::act::pledge::Consent;
use tongda_ledger::act::transfer::{Export, Pricing, Propose, Register, Transferee};
use tongda_ledger::identifier::{Rate, RecordId, Term, TransferId};

/// Owner and buyer: who signs a plain sale.
fn parties(case: &Case) -> [&Signer; 2] {
    [&case.stage.owner.signer, &case.stage.buyer.signer]
}

async fn sale(case: &Case) -> Propose {
    case.stage.sale(case.owned().await)
}

pub async fn stranger(case: &Case) {
    let stage = &case.stage;
    let [owner, buyer] = parties(case);
    let sale = sale(case).await;
    let wrong = attempt(&[buyer, owner], sale.clone());
    case.cured_by(&wrong, Some(stage.buyer.id.into()), &attempt(&[owner, buyer], sale)).await;
}

pub async fn co_owner(case: &Case) {
    let stage = &case.stage;
    let [owner, buyer] = parties(case);
    let from = [stage.owner.party, stage.second.party];
    let propose = stage.propose(case.shared().await, &from, stage.buyer.party);
    let wrong = attempt(&[owner, buyer], propose.clone());
    let right = attempt(&[owner, buyer, &stage.second.signer], propose);
    case.cured_by(&wrong, Some(stage.second.id.into()), &right).await;
}

pub async fn terminated(case: &Case) {
    let stage = &case.stage;
    let patent = case.lapsed().await;
    let propose = attempt(&parties(case), stage.sale(patent));
    case.refused(&propose, None).await;
    case.does(&[&stage.registrar], stage.life(patent, LifeEvent::Restored)).await;
    case.accepted(&propose).await;
}

/// The invalidated patent is taken out of the act.
pub async fn invalidated(case: &Case) {
    let stage = &case.stage;
    let (lost, kept) = (case.owned().await, case.owned().await);
    case.does(&[&stage.registrar], stage.life(lost, LifeEvent::Invalidated)).await;
    let right = stage.sale(kept);
    let wrong = Propose { patents: list(&[lost, kept]), ..right.clone() };
    case.cured_by(&attempt(&parties(case), wrong), None, &attempt(&parties(case), right)).await;
}

async fn frozen(case: &Case, kind: FreezeKind) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let record = RecordId::new(case.does(&[&stage.court], stage.freeze(patent, kind)).await);
    let propose = attempt(&parties(case), stage.sale(patent));
    case.refused(&propose, Some(record.into())).await;
    case.does(&[&stage.court], stage.unfreeze(patent, kind)).await;
    case.accepted(&propose).await;
}

pub async fn preserved(case: &Case) {
    frozen(case, FreezeKind::Preservation).await;
}

pub async fn suspended(case: &Case) {
    frozen(case, FreezeKind::Suspension).await;
}

pub async fn pledged(case: &Case) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let pledge = case.pledged(patent).await;
    let sale = Propose { proceeds: Some(Proceeds::Prepay), ..stage.sale(patent) };
    let propose = attempt(&parties(case), sale);
    case.refused(&propose, Some(pledge.into())).await;
    let act = ActKind::named("transfer.propose").expect("an act");
    let until = stage.today.add_months(1);
    case.does(&[&stage.bank.signer], Consent { pledge, act, conditions: None, until }).await;
    case.accepted(&propose).await;
}

pub async fn proceeds_open(case: &Case) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let pledge = case.pledged(patent).await;
    let [owner, buyer] = parties(case);
    let signers = [owner, buyer, &stage.bank.signer];
    let wrong = stage.sale(patent);
    let right = Propose { proceeds: Some(Proceeds::Deposit), ..wrong.clone() };
    case.cured_by(&attempt(&signers, wrong), Some(pledge.into()), &attempt(&signers, right)).await;
}

pub async fn openly_licensed(case: &Case) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let declaration = case.open(patent).await;
    let propose = attempt(&parties(case), stage.sale(patent));
    case.refused(&propose, Some(declaration.into())).await;
    case.ended(declaration).await;
    case.accepted(&propose).await;
}

/// Signed over a version of the patent that an entry of the register has since replaced.
pub async fn stale(case: &Case) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let declaration = case.declared(patent).await;
    let record = case.does(&[&stage.owner.signer], stage.withdraw(declaration)).await;
    let over =
        |version| Attempt { over: Some((patent, version)), ..attempt(&parties(case), stage.sale(patent)) };
    case.cured_by(&over(1), Some(RecordId::new(record).into()), &over(3)).await;
}

pub async fn transferee_silent(case: &Case) {
    let stage = &case.stage;
    let [owner, buyer] = parties(case);
    let sale = sale(case).await;
    let wrong = attempt(&[owner], sale.clone());
    case.cured_by(&wrong, Some(stage.buyer.id.into()), &attempt(&[owner, buyer], sale)).await;
}

pub async fn transferee_outside(case: &Case) {
    let stage = &case.stage;
    let [owner, buyer] = parties(case);
    let party = case.outsider().await;
    let propose = stage.propose(case.owned().await, &[stage.owner.party], party);
    let propose = attempt(&[owner, buyer], propose);
    case.refused(&propose, Some(party.into())).await;
    let link = Link { member: stage.buyer.id, parties: list(&[party]), proof: document() };
    case.does(&[&stage.registrar, buyer], link).await;
    case.accepted(&propose).await;
}

pub async fn no_transferee(case: &Case) {
    let right = sale(case).await;
    let wrong = Propose { to: list(&[]), ..right.clone() };
    case.cured_by(&attempt(&parties(case), wrong), None, &attempt(&parties(case), right)).await;
}

pub async fn shares_do_not_sum(case: &Case) {
    let party = case.stage.buyer.party;
    let sale = sale(case).await;
    let to = |share| {
        let share = Some(Rate::try_from(share).expect("a share"));
        attempt(&parties(case), Propose { to: list(&[Transferee { party, share }]), ..sale.clone() })
    };
    case.cured_by(&to(9_999), None, &to(10_000)).await;
}

/// A sale to the German company, with what export control says.
async fn abroad(case: &Case, export: Option<Export>) -> Propose {
    let stage = &case.stage;
    let propose = stage.propose(case.owned().await, &[stage.owner.party], stage.foreigner.party);
    Propose { export, ..propose }
}

fn free() -> Option<Export> {
    Some(Export::Free { registration: document() })
}

pub async fn export_undocumented(case: &Case) {
    let stage = &case.stage;
    let signers = [&stage.owner.signer, &stage.foreigner.signer];
    let wrong = abroad(case, None).await;
    let right = Propose { export: free(), ..wrong.clone() };
    let obstacle = Some(stage.foreigner.party.into());
    case.cured_by(&attempt(&signers, wrong), obstacle, &attempt(&signers, right)).await;
}

/// The only way out is a Chinese transferee.
pub async fn export_banned(case: &Case) {
    let stage = &case.stage;
    let signers = [&stage.owner.signer, &stage.foreigner.signer];
    let wrong = abroad(case, Some(Export::Banned)).await;
    let right = stage.sale(wrong.patents[0]);
    let obstacle = Some(stage.foreigner.party.into());
    case.cured_by(&attempt(&signers, wrong), obstacle, &attempt(&parties(case), right)).await;
}

pub async fn funder_silent(case: &Case) {
    let stage = &case.stage;
    let mut entry = stage.invention(&[stage.owner.party]);
    entry.funded = true;
    let patent = case.patent(entry).await;
    let wrong = stage.propose(patent, &[stage.owner.party], stage.foreigner.party);
    let wrong = Propose { export: free(), ..wrong };
    let right = Propose { funder: Some(stage.funder.id), ..wrong.clone() };
    let (owner, foreigner) = (&stage.owner.signer, &stage.foreigner.signer);
    let wrong = attempt(&[owner, foreigner], wrong);
    let right = attempt(&[owner, foreigner, &stage.funder.signer], right);
    case.cured_by(&wrong, Some(stage.foreigner.party.into()), &right).await;
}

async fn priced(case: &Case, wrong: Option<Pricing>, right: Pricing) {
    let stage = &case.stage;
    let university = &stage.university;
    let patent = case.patent(stage.invention(&[university.party])).await;
    let signers = [&university.signer, &stage.buyer.signer];
    let propose = |pricing| {
        let propose = stage.propose(patent, &[university.party], stage.buyer.party);
        attempt(&signers, Propose { pricing, ..propose })
    };
    case.cured_by(&propose(wrong), Some(university.party.into()), &propose(Some(right))).await;
}

pub async fn price_unexplained(case: &Case) {
    priced(case, None, Pricing::Listing).await;
}

pub async fn notice_too_short(case: &Case) {
    let last = case.stage.today.previous();
    let notice = |days: i32| {
        let notice = Term::new(last.add_days(1 - days), last).expect("a term");
        Pricing::Agreement { notice: Some(notice) }
    };
    priced(case, Some(notice(14)), notice(15)).await;
}

pub async fn registered_by_owner(case: &Case) {
    let stage = &case.stage;
    let register = stage.transfer_registration(case.proposed(case.owned().await).await);
    let wrong = attempt(&[&stage.owner.signer], register.clone());
    case.cured_by(&wrong, None, &attempt(&[&stage.registrar], register)).await;
}

pub async fn registered_tomorrow(case: &Case) {
    let stage = &case.stage;
    let right = stage.transfer_registration(case.proposed(case.owned().await).await);
    let wrong = Register { on: stage.today.next(), ..right.clone() };
    let registrar = [&stage.registrar];
    case.cured_by(&attempt(&registrar, wrong), None, &attempt(&registrar, right)).await;
}

/// What is registered is not registered again: a further transfer is proposed anew.
pub async fn registered_twice(case: &Case) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let register = stage.transfer_registration(case.proposed(patent).await);
    let record = RecordId::new(case.does(&[&stage.registrar], register.clone()).await);
    case.refused(&attempt(&[&stage.registrar], register), Some(record.into())).await;
    let [owner, buyer] = parties(case);
    let back = stage.propose(patent, &[stage.buyer.party], stage.owner.party);
    case.accepted(&attempt(&[buyer, owner], back)).await;
}

/// The second step on one day is taken on the next one.
pub async fn chained(case: &Case) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let first = case.proposed(patent).await;
    case.does(&[&stage.registrar], stage.transfer_registration(first)).await;
    let [owner, buyer] = parties(case);
    let back = stage.propose(patent, &[stage.buyer.party], stage.owner.party);
    let back = TransferId::new(case.does(&[buyer, owner], back).await, 0);
    let register = stage.transfer_registration(back);
    case.refused(&attempt(&[&stage.registrar], register.clone()), Some(first.into())).await;
    case.tomorrow(Register { on: stage.today.next(), gazette: text("演示-公告"), ..register });
}
