//! Pledges: the twelve grounds of 专利权质押登记办法, the contract's contents, open licensing, release.

use crate::case::{Case, attempt};
use crate::stage::text;
use tongda_client::Signer;
use tongda_ledger::act::ActKind;
use tongda_ledger::act::patent::{AnnuityEvent, Correct, Correction, FreezeKind, LifeEvent, Stage};
use tongda_ledger::act::pledge::{Apply, Consent, Release, ReleaseCause};
use tongda_ledger::identifier::{Money, PatentId, PledgeId, RecordId, Term};

/// Owner and bank: who applies for a plain pledge.
fn parties(case: &Case) -> [&Signer; 2] {
    [&case.stage.owner.signer, &case.stage.bank.signer]
}

/// An application that is refused as `spoil` leaves it, and taken as it was.
async fn spoilt(case: &Case, spoil: impl FnOnce(&mut Apply)) {
    let right = case.stage.pledge(case.owned().await);
    let mut wrong = right.clone();
    spoil(&mut wrong);
    case.cured_by(&attempt(&parties(case), wrong), None, &attempt(&parties(case), right)).await;
}

pub async fn stranger(case: &Case) {
    let stage = &case.stage;
    let [owner, bank] = parties(case);
    let apply = stage.pledge(case.owned().await);
    let wrong = attempt(&[&stage.second.signer, owner, bank], apply.clone());
    case.cured_by(&wrong, Some(stage.second.id.into()), &attempt(&[owner, bank], apply)).await;
}

pub async fn terminated(case: &Case) {
    let stage = &case.stage;
    let patent = case.lapsed().await;
    let apply = attempt(&parties(case), stage.pledge(patent));
    case.refused(&apply, None).await;
    case.does(&[&stage.registrar], stage.life(patent, LifeEvent::Restored)).await;
    case.accepted(&apply).await;
}

/// There is no cure for this patent: another one is pledged.
pub async fn invalidated(case: &Case) {
    let stage = &case.stage;
    let (lost, kept) = (case.owned().await, case.owned().await);
    case.does(&[&stage.registrar], stage.life(lost, LifeEvent::Invalidated)).await;
    let wrong = attempt(&parties(case), stage.pledge(lost));
    case.cured_by(&wrong, None, &attempt(&parties(case), stage.pledge(kept))).await;
}

pub async fn not_granted(case: &Case) {
    let stage = &case.stage;
    let mut entry = stage.invention(&[stage.owner.party]);
    entry.stage = Stage::Application;
    let patent = case.patent(entry).await;
    let apply = attempt(&parties(case), stage.pledge(patent));
    case.refused(&apply, None).await;
    case.does(&[&stage.registrar], stage.life(patent, LifeEvent::Granted { publication: None })).await;
    case.accepted(&apply).await;
}

pub async fn annuity_overdue(case: &Case) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let apply = attempt(&parties(case), stage.pledge(patent));
    case.annuity(patent, AnnuityEvent::Overdue { due: stage.today.add_days(-30) }).await;
    case.refused(&apply, None).await;
    case.annuity(patent, AnnuityEvent::Paid { amount: Money::from_fen(200_000), reduction: None }).await;
    case.accepted(&apply).await;
}

async fn frozen(case: &Case, kind: FreezeKind) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let record = RecordId::new(case.does(&[&stage.court], stage.freeze(patent, kind)).await);
    let apply = attempt(&parties(case), stage.pledge(patent));
    case.refused(&apply, Some(record.into())).await;
    case.does(&[&stage.court], stage.unfreeze(patent, kind)).await;
    case.accepted(&apply).await;
}

pub async fn suspended(case: &Case) {
    frozen(case, FreezeKind::Suspension).await;
}

pub async fn preserved(case: &Case) {
    frozen(case, FreezeKind::Preservation).await;
}

pub async fn debt_outlives_patent(case: &Case) {
    let last = case.stage.today.add_years(15);
    let term = Term::new(case.stage.today, last).expect("a term");
    spoilt(case, |apply| apply.debt_term = Some(term)).await;
}

pub async fn no_debt_term(case: &Case) {
    spoilt(case, |apply| apply.debt_term = None).await;
}

pub async fn no_scope(case: &Case) {
    spoilt(case, |apply| apply.scope = None).await;
}

pub async fn forfeiture(case: &Case) {
    spoilt(case, |apply| apply.forfeiture = true).await;
}

pub async fn co_owner(case: &Case) {
    let stage = &case.stage;
    let [owner, bank] = parties(case);
    let mut apply = stage.pledge(case.shared().await);
    apply.pledgors.push(stage.second.party).expect("two pledgors");
    let wrong = attempt(&[owner, bank], apply.clone());
    let right = attempt(&[owner, bank, &stage.second.signer], apply);
    case.cured_by(&wrong, Some(stage.second.id.into()), &right).await;
}

fn release(case: &Case, pledge: PledgeId) -> Release {
    Release { pledge, cause: ReleaseCause::Paid, on: case.stage.today }
}

pub async fn pledged_already(case: &Case) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let pledge = case.pledged(patent).await;
    let apply = attempt(&parties(case), stage.pledge(patent));
    case.refused(&apply, Some(pledge.into())).await;
    case.does(&[&stage.registrar, &stage.bank.signer], release(case, pledge)).await;
    case.accepted(&apply).await;
}

pub async fn same_day_application(case: &Case) {
    let stage = &case.stage;
    let mut entry = stage.utility_model();
    entry.same_day = Some(stage.number(1));
    let wrong = stage.pledge(case.patent(entry).await);
    let right = Apply { insist_same_day: true, ..wrong.clone() };
    case.cured_by(&attempt(&parties(case), wrong), None, &attempt(&parties(case), right)).await;
}

async fn attacked(case: &Case) -> (PatentId, RecordId) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let started = stage.life(patent, LifeEvent::InvalidationStarted);
    (patent, RecordId::new(case.does(&[&stage.registrar], started).await))
}

pub async fn invalidation_pending(case: &Case) {
    let (patent, record) = attacked(case).await;
    let wrong = case.stage.pledge(patent);
    let right = Apply { insist_invalidation: true, ..wrong.clone() };
    let wrong = attempt(&parties(case), wrong);
    case.cured_by(&wrong, Some(record.into()), &attempt(&parties(case), right)).await;
}

pub async fn invalidation_survived(case: &Case) {
    let stage = &case.stage;
    let (patent, record) = attacked(case).await;
    let apply = attempt(&parties(case), stage.pledge(patent));
    case.refused(&apply, Some(record.into())).await;
    case.does(&[&stage.registrar], stage.life(patent, LifeEvent::InvalidationEnded)).await;
    case.accepted(&apply).await;
}

pub async fn filing_unknown(case: &Case) {
    let stage = &case.stage;
    let mut entry = stage.invention(&[stage.owner.party]);
    let filing = entry.filing.take().expect("it has one");
    let patent = case.patent(entry).await;
    let apply = attempt(&parties(case), stage.pledge(patent));
    case.refused(&apply, None).await;
    let correct =
        Correct { patent, correction: Correction::Filing { filing }, reason: text("补登申请日") };
    case.does(&[&stage.registrar], correct).await;
    case.accepted(&apply).await;
}

pub async fn pledgee_silent(case: &Case) {
    let stage = &case.stage;
    let [owner, bank] = parties(case);
    let apply = stage.pledge(case.owned().await);
    let wrong = attempt(&[owner], apply.clone());
    case.cured_by(&wrong, Some(stage.bank.id.into()), &attempt(&[owner, bank], apply)).await;
}

pub async fn openly_licensed(case: &Case) {
    let stage = &case.stage;
    let patent = case.owned().await;
    let declaration = case.open(patent).await;
    let wrong = stage.pledge(patent);
    let right = Apply { open_continues: true, ..wrong.clone() };
    let wrong = attempt(&parties(case), wrong);
    case.cured_by(&wrong, Some(declaration.into()), &attempt(&parties(case), right)).await;
}

pub async fn registered_by_pledgee(case: &Case) {
    let stage = &case.stage;
    let register = case.pledge_registration(case.pledge_applied(case.owned().await).await);
    let wrong = attempt(&[&stage.bank.signer], register.clone());
    case.cured_by(&wrong, None, &attempt(&[&stage.registrar], register)).await;
}

pub async fn released_without_pledgee(case: &Case) {
    let stage = &case.stage;
    let [owner, bank] = parties(case);
    let release = release(case, case.pledged(case.owned().await).await);
    let wrong = attempt(&[&stage.registrar, owner], release.clone());
    let right = attempt(&[&stage.registrar, bank], release);
    case.cured_by(&wrong, Some(stage.bank.id.into()), &right).await;
}

pub async fn released_before_registration(case: &Case) {
    let stage = &case.stage;
    let pledge = case.pledge_applied(case.owned().await).await;
    let release = attempt(&[&stage.registrar, &stage.bank.signer], release(case, pledge));
    case.refused(&release, None).await;
    case.does(&[&stage.registrar], case.pledge_registration(pledge)).await;
    case.accepted(&release).await;
}

pub async fn consent_to_another_pledge(case: &Case) {
    let stage = &case.stage;
    let pledge = case.pledged(case.owned().await).await;
    let consent = |act| {
        let act = ActKind::named(act).expect("an act");
        let until = stage.today.add_months(1);
        attempt(&[&stage.bank.signer], Consent { pledge, act, conditions: None, until })
    };
    case.cured_by(&consent("pledge.apply"), None, &consent("licence.grant")).await;
}
