//! Open licences: the bars of Guidelines V.11 §3.1, what a declaration must say, notice, payment, withdrawal.

use crate::case::{Case, attempt};
use crate::stage::{FEE, document, list, text};
use tongda_ledger::act::ActKind;
use tongda_ledger::act::licence::{End, EndCause, LicenceKind, Record};
use tongda_ledger::act::open_licence::{Declare, FeeStandard, Notice, Pay};
use tongda_ledger::act::party::Link;
use tongda_ledger::act::patent::{
    AnnuityEvent, Correct, Correction, Evaluation, FreezeKind, LifeEvent, Owner, Stage,
};
use tongda_ledger::act::pledge::Consent;
use tongda_ledger::identifier::{DeclarationId, LicenceId, Money, NoticeId, PatentId, RecordId, Term};
use tongda_tests::parties;

async fn barred_by_licence(case: &Case, kind: LicenceKind) {
    let stage = &case.stage;
    let (owner, buyer) = (&stage.owner.signer, &stage.buyer.signer);
    let patent = case.owned().await;
    let licence = LicenceId::new(case.does(&[owner, buyer], stage.grant(patent, kind)).await, 0);
    let declare = attempt(&[owner], stage.declare(patent));
    case.refused(&declare, Some(licence.into())).await;
    let (cause, on) = (EndCause::Agreement, stage.today);
    case.does(&[owner, buyer], End { licence, cause, on, document: None, remark: None }).await;
    case.accepted(&declare).await;
}

pub async fn exclusive_licence(case: &Case) {
    barred_by_licence(case, LicenceKind::Exclusive).await;
}

pub async fn sole_licence(case: &Case) {
    barred_by_licence(case, LicenceKind::Sole).await;
}

async fn barred_by_freeze(case: &Case, kind: FreezeKind) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let record = RecordId::new(case.does(&[&stage.court], stage.freeze(patent, kind)).await);
    let declare = attempt(&[&stage.owner.signer], stage.declare(patent));
    case.refused(&declare, Some(record.into())).await;
    case.does(&[&stage.court], stage.unfreeze(patent, kind)).await;
    case.accepted(&declare).await;
}

pub async fn suspended(case: &Case) {
    barred_by_freeze(case, FreezeKind::Suspension).await;
}

pub async fn preserved(case: &Case) {
    barred_by_freeze(case, FreezeKind::Preservation).await;
}

pub async fn annuity_overdue(case: &Case) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let declare = attempt(&[&stage.owner.signer], stage.declare(patent));
    case.annuity(patent, AnnuityEvent::Overdue { due: stage.today.add_days(-30) }).await;
    case.refused(&declare, None).await;
    case.annuity(patent, AnnuityEvent::Paid { amount: Money::from_fen(200_000), reduction: None }).await;
    case.accepted(&declare).await;
}

pub async fn pledged(case: &Case) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let pledge = case.pledged(patent).await;
    let declare = attempt(&[&stage.owner.signer], stage.declare(patent));
    case.refused(&declare, Some(pledge.into())).await;
    let act = ActKind::named("open.declare").expect("an act");
    let until = stage.today.add_months(1);
    case.does(&[&stage.bank.signer], Consent { pledge, act, conditions: None, until }).await;
    case.accepted(&declare).await;
}

pub async fn terminated(case: &Case) {
    let stage = &case.stage;
    let patent = case.lapsed().await;
    let declare = attempt(&[&stage.owner.signer], stage.declare(patent));
    case.refused(&declare, None).await;
    case.does(&[&stage.registrar], stage.life(patent, LifeEvent::Restored)).await;
    case.accepted(&declare).await;
}

/// There is no cure for this patent: another one is declared.
pub async fn invalidated(case: &Case) {
    let stage = &case.stage;
    let patent = case.owned().await;
    case.does(&[&stage.registrar], stage.life(patent, LifeEvent::Invalidated)).await;
    let owner = &stage.owner.signer;
    case.refused(&attempt(&[owner], stage.declare(patent)), None).await;
    let other = case.owned().await;
    case.accepted(&attempt(&[owner], stage.declare(other))).await;
}

async fn evaluated(case: &Case, patent: PatentId, positive: bool) {
    let report = Evaluation { patent, positive, number: text("演示-评价报告"), digest: document() };
    case.does(&[&case.stage.registrar], report).await;
}

pub async fn no_report(case: &Case) {
    let stage = &case.stage;
    let model = case.patent(stage.utility_model()).await;
    let declare = attempt(&[&stage.owner.signer], stage.declare(model));
    case.refused(&declare, None).await;
    evaluated(case, model, true).await;
    case.accepted(&declare).await;
}

pub async fn negative_report(case: &Case) {
    let stage = &case.stage;
    let model = case.patent(stage.utility_model()).await;
    let declare = attempt(&[&stage.owner.signer], stage.declare(model));
    evaluated(case, model, false).await;
    case.refused(&declare, None).await;
    evaluated(case, model, true).await;
    case.accepted(&declare).await;
}

/// A declaration that is refused as `spoil` leaves it, and taken as it was.
async fn spoilt(case: &Case, spoil: impl FnOnce(&mut Declare)) {
    let stage = &case.stage;
    let right = stage.declare(case.owned().await);
    let mut wrong = right.clone();
    spoil(&mut wrong);
    let owner = [&stage.owner.signer];
    case.cured_by(&attempt(&owner, wrong), None, &attempt(&owner, right)).await;
}

pub async fn no_undertaking(case: &Case) {
    spoilt(case, |declare| declare.undertaking = false).await;
}

pub async fn no_fee(case: &Case) {
    spoilt(case, |declare| declare.fee = FeeStandard::Lump { amount: Money::ZERO }).await;
}

pub async fn fee_above_guide(case: &Case) {
    spoilt(case, |declare| declare.fee = FeeStandard::Lump { amount: Money::from_fen(2_000_000_001) }).await;
}

pub async fn advertising(case: &Case) {
    spoilt(case, |declare| declare.application = Some(text("行业第一品牌首选"))).await;
}

pub async fn term_beyond_patent(case: &Case) {
    let last = case.stage.today.add_years(15);
    spoilt(case, |declare| declare.term = Term::new(declare.term.first(), last).expect("a term")).await;
}

pub async fn term_over(case: &Case) {
    let today = case.stage.today;
    let over = Term::new(today.add_days(-60), today.previous()).expect("a term");
    spoilt(case, |declare| declare.term = over).await;
}

pub async fn not_granted(case: &Case) {
    let stage = &case.stage;
    let mut entry = stage.invention(&[stage.owner.party]);
    entry.stage = Stage::Application;
    let patent = case.patent(entry).await;
    let declare = attempt(&[&stage.owner.signer], stage.declare(patent));
    case.refused(&declare, None).await;
    case.does(&[&stage.registrar], stage.life(patent, LifeEvent::Granted { publication: None })).await;
    case.accepted(&declare).await;
}

pub async fn filing_unknown(case: &Case) {
    let stage = &case.stage;
    let mut entry = stage.invention(&[stage.owner.party]);
    let filing = entry.filing.take().expect("it has one");
    let patent = case.patent(entry).await;
    let declare = attempt(&[&stage.owner.signer], stage.declare(patent));
    case.refused(&declare, None).await;
    let correct =
        Correct { patent, correction: Correction::Filing { filing }, reason: text("补登申请日") };
    case.does(&[&stage.registrar], correct).await;
    case.accepted(&declare).await;
}

pub async fn stranger(case: &Case) {
    let stage = &case.stage;
    let (owner, buyer) = (&stage.owner.signer, &stage.buyer.signer);
    let declare = stage.declare(case.owned().await);
    let wrong = attempt(&[buyer, owner], declare.clone());
    case.cured_by(&wrong, Some(stage.buyer.id.into()), &attempt(&[owner], declare)).await;
}

pub async fn co_owner(case: &Case) {
    let stage = &case.stage;
    let declare = stage.declare(case.shared().await);
    let (owner, second) = (&stage.owner.signer, &stage.second.signer);
    let alone = attempt(&[owner], declare.clone());
    case.cured_by(&alone, Some(stage.second.id.into()), &attempt(&[owner, second], declare)).await;
}

pub async fn undisclosed_co_owner(case: &Case) {
    let stage = &case.stage;
    let mut entry = stage.invention(&[stage.owner.party]);
    entry.undisclosed_owners = 1;
    let patent = case.patent(entry).await;
    let declare = attempt(&[&stage.owner.signer], stage.declare(patent));
    case.refused(&declare, None).await;
    let owners = list(&[Owner { party: stage.owner.party, share: None }]);
    let correction = Correction::Owners { owners, undisclosed: 0 };
    case.does(&[&stage.registrar], Correct { patent, correction, reason: text("误登") }).await;
    case.accepted(&declare).await;
}

pub async fn owner_outside(case: &Case) {
    let stage = &case.stage;
    let party = case.outsider().await;
    let patent = case.patent(stage.invention(&[stage.owner.party, party])).await;
    let (owner, second) = (&stage.owner.signer, &stage.second.signer);
    let declare = attempt(&[owner, second], stage.declare(patent));
    case.refused(&declare, Some(party.into())).await;
    let link = Link { member: stage.second.id, parties: list(&[party]), proof: document() };
    case.does(&[&stage.registrar, second], link).await;
    case.accepted(&declare).await;
}

pub async fn declared_already(case: &Case) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let declaration = case.open(patent).await;
    let declare = attempt(&[&stage.owner.signer], stage.declare(patent));
    case.refused(&declare, Some(declaration.into())).await;
    case.ended(declaration).await;
    case.accepted(&declare).await;
}

pub async fn announced_by_owner(case: &Case) {
    let stage = &case.stage;
    let announce = stage.announce(case.declared(case.owned().await).await);
    let wrong = attempt(&[&stage.owner.signer], announce.clone());
    case.cured_by(&wrong, None, &attempt(&[&stage.registrar], announce)).await;
}

pub async fn exclusive_while_declared(case: &Case) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let declaration = case.declared(patent).await;
    let signers = [&stage.owner.signer, &stage.buyer.signer];
    let grant = attempt(&signers, stage.grant(patent, LicenceKind::Exclusive));
    case.refused(&grant, Some(declaration.into())).await;
    case.does(&[&stage.owner.signer], stage.withdraw(declaration)).await;
    case.accepted(&grant).await;
}

pub async fn notice_before_announcement(case: &Case) {
    let stage = &case.stage;
    let declaration = case.declared(case.owned().await).await;
    let notice = attempt(&[&stage.buyer.signer], stage.notice(declaration));
    case.refused(&notice, None).await;
    case.does(&[&stage.registrar], stage.announce(declaration)).await;
    case.accepted(&notice).await;
}

pub async fn notice_while_halted(case: &Case) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let declaration = case.open(patent).await;
    let kind = FreezeKind::Preservation;
    let record = RecordId::new(case.does(&[&stage.court], stage.freeze(patent, kind)).await);
    let buyer = &stage.buyer.signer;
    case.refused(&attempt(&[buyer], stage.notice(declaration)), Some(record.into())).await;
    case.does(&[&stage.court], stage.unfreeze(patent, kind)).await;
    case.ended(declaration).await;
    let anew = case.open(patent).await;
    case.accepted(&attempt(&[buyer], stage.notice(anew))).await;
}

pub async fn notice_of_other_terms(case: &Case) {
    let stage = &case.stage;
    let right = stage.notice(case.open(case.owned().await).await);
    let wrong = Notice { fee: FeeStandard::Free, ..right.clone() };
    let buyer = [&stage.buyer.signer];
    case.cured_by(&attempt(&buyer, wrong), None, &attempt(&buyer, right)).await;
}

pub async fn notice_by_owner(case: &Case) {
    let stage = &case.stage;
    let notice = stage.notice(case.open(case.owned().await).await);
    let wrong = attempt(&[&stage.owner.signer], notice.clone());
    case.cured_by(&wrong, Some(stage.owner.id.into()), &attempt(&[&stage.buyer.signer], notice)).await;
}

pub async fn notice_from_abroad(case: &Case) {
    let stage = &case.stage;
    let wrong = stage.notice(case.open(case.owned().await).await);
    let right = Notice { export: Some(document()), ..wrong.clone() };
    let foreigner = [&stage.foreigner.signer];
    let obstacle = Some(stage.foreigner.id.into());
    case.cured_by(&attempt(&foreigner, wrong), obstacle, &attempt(&foreigner, right)).await;
}

async fn noticed(case: &Case, declaration: DeclarationId) -> NoticeId {
    let stage = &case.stage;
    NoticeId::new(case.does(&[&stage.buyer.signer], stage.notice(declaration)).await, 0)
}

/// A payment that is refused as `spoil` leaves it, and taken as it was.
async fn misspent(case: &Case, spoil: impl FnOnce(&mut Pay)) {
    let stage = &case.stage;
    let right = stage.pay(noticed(case, case.open(case.owned().await).await).await);
    let mut wrong = right.clone();
    spoil(&mut wrong);
    let signers = [&stage.buyer.signer, &stage.exchange];
    case.cured_by(&attempt(&signers, wrong), None, &attempt(&signers, right)).await;
}

pub async fn underpaid(case: &Case) {
    misspent(case, |pay| pay.amount = Money::from_fen(FEE.due_on_taking().fen() - 1)).await;
}

pub async fn foreign_currency(case: &Case) {
    misspent(case, |pay| pay.currency = text("USD")).await;
}

pub async fn paid_to_oneself(case: &Case) {
    let stage = &case.stage;
    let right = stage.pay(noticed(case, case.open(case.owned().await).await).await);
    let wrong = Pay { confirmed_by: stage.buyer.id, ..right.clone() };
    let signers = [&stage.buyer.signer, &stage.exchange];
    let obstacle = Some(stage.buyer.id.into());
    case.cured_by(&attempt(&signers, wrong), obstacle, &attempt(&signers, right)).await;
}

pub async fn receipt_used_twice(case: &Case) {
    let stage = &case.stage;
    let declaration = case.open(case.owned().await).await;
    let signers = [&stage.buyer.signer, &stage.exchange];
    let first = stage.pay(noticed(case, declaration).await);
    let record = RecordId::new(case.does(&signers, first.clone()).await);
    let right = stage.pay(noticed(case, declaration).await);
    let wrong = Pay { receipt: first.receipt, ..right.clone() };
    case.cured_by(&attempt(&signers, wrong), Some(record.into()), &attempt(&signers, right)).await;
}

pub async fn recorded_without_proof(case: &Case) {
    let stage = &case.stage;
    let notice = noticed(case, case.open(case.owned().await).await).await;
    let paid = case.does(&[&stage.buyer.signer, &stage.exchange], stage.pay(notice)).await;
    let (number, proofs) = (stage.recordal_number('X'), list(&[document(), parties::digest("voucher")]));
    let right = Record { licence: LicenceId::new(paid, 0), number, on: stage.today, proofs };
    let wrong = Record { proofs: list(&[document()]), ..right.clone() };
    let signers = [&stage.registrar, &stage.buyer.signer];
    case.cured_by(&attempt(&signers, wrong), None, &attempt(&signers, right)).await;
}

pub async fn conditional_withdrawal(case: &Case) {
    let stage = &case.stage;
    let right = stage.withdraw(case.open(case.owned().await).await);
    let mut wrong = right.clone();
    wrong.condition = Some(text("被许可人须同意"));
    let owner = [&stage.owner.signer];
    case.cured_by(&attempt(&owner, wrong), None, &attempt(&owner, right)).await;
}

pub async fn closed_without_withdrawal(case: &Case) {
    let stage = &case.stage;
    let declaration = case.open(case.owned().await).await;
    let close = attempt(&[&stage.registrar], stage.close(declaration));
    case.refused(&close, None).await;
    case.does(&[&stage.owner.signer], stage.withdraw(declaration)).await;
    case.accepted(&close).await;
}
