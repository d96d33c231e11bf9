//! Every ground on which the law refuses an open licence, a transfer or a pledge, played on four node processes.
//!
//! Each case brings its situation about through acts sent to nodes; asks whether the act is allowed, by the client
//! library and by `tongda may-i`; sends it to another node, which refuses it; cures it; and sends it again, which is
//! taken. In every answer the code is the ground's and no other, with article, message and cure in Chinese and English.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a broken assumption of a test fails it"
)]

mod case;
mod open_licence;
mod pledge;
mod scene;
mod stage;
mod transfer;

use case::Case;
use futures::future::{FutureExt as _, LocalBoxFuture};
use futures::stream::{self, StreamExt as _};
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use tongda_ledger::refusal::Code;

/// A ground for a refusal.
struct Ground {
    /// Where the law has it, and what it is.
    law: &'static str,
    /// The code that says so.
    code: Code,
    play: for<'a> fn(&'a Case) -> LocalBoxFuture<'a, ()>,
}

macro_rules! grounds {
    ($($law:literal => $code:ident, $family:ident::$case:ident;)*) => {
        &[$(Ground { law: $law, code: Code::$code, play: |case| $family::$case(case).boxed_local() }),*]
    };
}

/// Ground, code, case. V.11 is the Guidelines for Examination (专利审查指南) Part V ch. 11, whose §3.1 has nine bars, and
/// 质押办法 the 专利权质押登记办法 with its twelve grounds; both count them in brackets.
const GROUNDS: &[Ground] = grounds! {
    "V.11 §3.1 (1) an exclusive licence in its term" => OlExclusiveActive, open_licence::exclusive_licence;
    "V.11 §3.1 (1) a sole licence in its term" => OlExclusiveActive, open_licence::sole_licence;
    "V.11 §3.1 (2) suspended by an ownership dispute" => PatentFrozen, open_licence::suspended;
    "V.11 §3.1 (2) preserved by a court" => PatentFrozen, open_licence::preserved;
    "V.11 §3.1 (3) annuity not paid" => AnnuityOverdue, open_licence::annuity_overdue;
    "V.11 §3.1 (4) pledged, the pledgee has not consented" => PledgeeConsentRequired, open_licence::pledged;
    "V.11 §3.1 (5) the right is terminated" => PatentNotInForce, open_licence::terminated;
    "V.11 §3.1 (6) declared wholly invalid" => PatentInvalidated, open_licence::invalidated;
    "V.11 §3.1 (7) utility model without report" => EvalReportRequired, open_licence::no_report;
    "V.11 §3.1 (8) the report is negative" => EvalReportNegative, open_licence::negative_report;
    "V.11 §3.1 (9) implementation is prevented" => OlImplementationPrevented, open_licence::no_undertaking;
    "V.11 §3.1 not granted and announced" => OlNotGranted, open_licence::not_granted;
    "V.11 §3.2 declared by another than the owner" => NotOwner, open_licence::stranger;
    "V.11 §3.2 a co-owner does not agree" => CoOwnerConsentRequired, open_licence::co_owner;
    "V.11 §3.2 a co-owner is undisclosed" => CoOwnerConsentRequired, open_licence::undisclosed_co_owner;
    "V.11 §3.2 a co-owner cannot sign" => OwnerNotMember, open_licence::owner_outside;
    "V.11 §3.3 no fee is stated" => OlFieldMissing, open_licence::no_fee;
    "V.11 §3.3 the fee is above the guide" => OlFeeAboveGuide, open_licence::fee_above_guide;
    "V.11 §3.3 advertising" => OlCommercialText, open_licence::advertising;
    "Rule 85 the term goes beyond the patent's" => OlTermExceedsPatent, open_licence::term_beyond_patent;
    "Rule 85 the term is over" => OlTermEnded, open_licence::term_over;
    "PL 42 the patent's term is unknown" => PatentTermUnknown, open_licence::filing_unknown;
    "PL 50 declared already" => OlAlreadyOpen, open_licence::declared_already;
    "V.11 §3.5 announced by another than the registrar" => RegistrarOnly, open_licence::announced_by_owner;
    "V.11 §3.5 notice before the announcement" => OlNotOpen, open_licence::notice_before_announcement;
    "Rule 86 notice while a bar halts the licence" => OlHalted, open_licence::notice_while_halted;
    "PL 51 notice over other terms" => OlTermsMismatch, open_licence::notice_of_other_terms;
    "PL 51 notice by an owner" => LicenseeOwns, open_licence::notice_by_owner;
    "PL 51 paid less than announced" => OlUnderpaid, open_licence::underpaid;
    "PL 51 paid in another currency" => PaymentCurrency, open_licence::foreign_currency;
    "PL 51 nobody else saw the payment" => OlPaymentUnconfirmed, open_licence::paid_to_oneself;
    "PL 51 one receipt for two licences" => PaymentDuplicate, open_licence::receipt_used_twice;
    "PL 51 an exclusive licence of an open patent" => OlExclusiveForbidden, open_licence::exclusive_while_declared;
    "V.11 §6 a foreign licensee without export document" => ExportDocRequired, open_licence::notice_from_abroad;
    "V.11 §7 recordal without notice and voucher" => ProofMissing, open_licence::recorded_without_proof;
    "V.11 §4 a conditional withdrawal" => OlWithdrawConditional, open_licence::conditional_withdrawal;
    "V.11 §4 an end announced before its withdrawal" => OlState, open_licence::closed_without_withdrawal;

    "PL 10 proposed by another than the owner" => NotOwner, transfer::stranger;
    "PL 14 a co-owner does not sign" => CoOwnerConsentRequired, transfer::co_owner;
    "PL 44 the right is terminated" => PatentNotInForce, transfer::terminated;
    "PL 47 declared wholly invalid" => PatentInvalidated, transfer::invalidated;
    "Rule 105 preserved by a court" => PatentFrozen, transfer::preserved;
    "Rule 105 suspended by an ownership dispute" => PatentFrozen, transfer::suspended;
    "CC 444 pledged, the pledgee has not consented" => PledgeeConsentRequired, transfer::pledged;
    "CC 444 what happens with the price is open" => ProceedsAllocationRequired, transfer::proceeds_open;
    "V.11 §9 the open licence is not withdrawn" => OlWithdrawFirst, transfer::openly_licensed;
    "PL 10 signed over an older state of the patent" => StateStale, transfer::stale;
    "PL 10 the transferee does not sign" => TransfereeRequired, transfer::transferee_silent;
    "PL 10 the transferee cannot sign" => OwnerNotMember, transfer::transferee_outside;
    "PL 10 there is no transferee" => OwnersMissing, transfer::no_transferee;
    "CC 308 the transferees' shares do not sum" => OwnersShares, transfer::shares_do_not_sum;
    "PL 10(2) abroad without export document" => ExportDocRequired, transfer::export_undocumented;
    "PL 10(2) export is banned" => ExportForbidden, transfer::export_banned;
    "S&TPL 34 public funds, the funder does not approve" => FunderApprovalRequired, transfer::funder_silent;
    "成果转化法 18 no method of pricing" => PricingMethodRequired, transfer::price_unexplained;
    "国发〔2016〕16号 public notice below 15 days" => PublicityPeriod, transfer::notice_too_short;
    "PL 10(3) registered by another than the registrar" => RegistrarOnly, transfer::registered_by_owner;
    "PL 10(3) registered as of a day to come" => EffectiveDate, transfer::registered_tomorrow;
    "PL 10(3) registered already" => TransferState, transfer::registered_twice;
    "I.1 §6.7 two steps on one day" => TransferChain, transfer::chained;

    "质押办法 (1) the pledgor is not the owner" => PledgeNotOwner, pledge::stranger;
    "质押办法 (2) the right is terminated" => PatentNotInForce, pledge::terminated;
    "质押办法 (2) declared wholly invalid" => PatentInvalidated, pledge::invalidated;
    "质押办法 (3) not granted yet" => PledgeNotGranted, pledge::not_granted;
    "质押办法 (4) annuity not paid" => AnnuityOverdue, pledge::annuity_overdue;
    "质押办法 (5) suspended by an ownership dispute" => PatentFrozen, pledge::suspended;
    "质押办法 (5) preserved by a court" => PatentFrozen, pledge::preserved;
    "质押办法 (6) the debt outlives the patent" => PledgeDebtExceedsTerm, pledge::debt_outlives_patent;
    "质押办法 (7) no term of the debt" => PledgeFieldMissing, pledge::no_debt_term;
    "质押办法 (7) no scope" => PledgeFieldMissing, pledge::no_scope;
    "质押办法 (8) a co-owner does not sign" => CoOwnerConsentRequired, pledge::co_owner;
    "质押办法 (9) pledged already" => PledgeAlready, pledge::pledged_already;
    "质押办法 (10) an invention application of the same day" => PledgeSameDayAck, pledge::same_day_application;
    "质押办法 (11) an invalidation, the parties insist" => PledgeInvalidationAck, pledge::invalidation_pending;
    "质押办法 (11) an invalidation that is survived" => PledgeInvalidationAck, pledge::invalidation_survived;
    "质押办法 (12) the patent's term is unknown" => PatentTermUnknown, pledge::filing_unknown;
    "CC 427 the pledgee does not sign" => PledgePledgeeRequired, pledge::pledgee_silent;
    "CC 428 forfeiture" => PledgeForfeitureClause, pledge::forfeiture;
    "CC 444 registered by another than the registrar" => RegistrarOnly, pledge::registered_by_pledgee;
    "CC 444 advance consent to what needs none" => PledgeConsentKind, pledge::consent_to_another_pledge;
    "V.11 §9 open, the pledgee does not let it continue" => PledgeContinuationRequired, pledge::openly_licensed;
    "CC 393 released without the pledgee" => PledgeCancelPledgeeSign, pledge::released_without_pledgee;
    "CC 393 released before it arose" => PledgeState, pledge::released_before_registration;
};

/// Codes of these families that no act on this network can bring about, and why.
const UNREACHABLE: &[(Code, &str)] = &[(
    Code::OlTermTooShort,
    "the law names no shortest term, and so no network as it is founded by default",
)];

/// How the codes of the three families begin.
const FAMILIES: &[&str] =
    &["OL_", "EVAL_", "PAYMENT_", "TRANSFER", "EXPORT_", "FUNDER_", "PRICING_", "PUBLICITY_", "PLEDGE"];

#[test]
fn every_code_of_open_licences_transfers_and_pledges_has_its_case() {
    // What comes after a registration (changes, default, disposal, royalties …) is played by the scenarios.
    let scenarios = tongda_scenarios::scenarios().expect("the scenarios can be read");
    let scenarios: BTreeSet<_> = scenarios.iter().flat_map(tongda_scenarios::Scenario::refusals).collect();
    for code in
        Code::ALL.iter().filter(|code| FAMILIES.iter().any(|family| code.as_str().starts_with(family)))
    {
        let cases = GROUNDS.iter().filter(|ground| ground.code == *code).count();
        match UNREACHABLE.iter().find(|(unreachable, _)| unreachable == code) {
            Some((_, reason)) => assert_eq!(cases, 0, "{code} has a case, although {reason}"),
            None => assert!(cases > 0 || scenarios.contains(code.as_str()), "{code} has no case"),
        }
    }
}

/// Cases played at the same time.
const AT_ONCE: usize = 12;

#[tokio::test]
async fn the_law_refuses_on_every_ground_and_takes_what_is_cured() {
    let directory = tempfile::tempdir().expect("a directory");
    let stage = Rc::new(stage::Stage::set(&directory.path().join("network")).await);
    let cases: Vec<_> = (0..)
        .zip(GROUNDS)
        .map(|(number, ground)| (Case::new(stage.clone(), ground.code, ground.law, number % 4), ground))
        .collect();
    let played = stream::iter(&cases).map(|(case, ground)| async move {
        AssertUnwindSafe((ground.play)(case)).catch_unwind().await.is_ok() && case.is_played()
    });
    let played: Vec<bool> = played.buffered(AT_ONCE).collect().await;
    let failed: Vec<_> =
        cases.iter().zip(&played).filter(|(_, played)| !**played).map(|((case, _), _)| case.ground).collect();
    assert!(failed.is_empty(), "these cases failed, each for the reason printed above: {failed:#?}");

    let tomorrow: Vec<_> = cases.into_iter().filter_map(|(case, _)| case.into_tomorrow()).collect();
    let stage = Rc::into_inner(stage).expect("every case is over");
    stage.next_day(tomorrow).await;
}
