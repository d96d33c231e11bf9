//! Valuations, compensation funds, instruments and loan lines.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::finance::{instrument, valuation, yuan};
use kit::licensing::{grant, term};
use kit::rights::{kind, told};
use kit::{COURT, EXCHANGE, World, date, list, text};
use tongda_ledger::act::Act;
use tongda_ledger::act::consent::Give;
use tongda_ledger::act::finance::{
    Claim, ClaimStep, Finish, InstrumentEnd, InstrumentKind, InsuranceCover, Issue, Line,
};
use tongda_ledger::act::licence::{FeeClass, Grant, Proceeds};
use tongda_ledger::act::member::{Role, StandingChange, Status};
use tongda_ledger::act::patent::{Freeze, FreezeKind};
use tongda_ledger::act::pledge::Consent;
use tongda_ledger::act::realisation::{DefaultEvent, DefaultStatement};
use tongda_ledger::act::risk::{Compensate, Contribute, Recover};
use tongda_ledger::act::valuation::{ValuationMethod, ValuationTool, Value};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{
    InstrumentId, LicenceId, MemberId, Money, PatentId, PledgeId, Rate, RecordId, ValuationId,
};
use tongda_ledger::refusal::Code;
use tongda_ledger::state::{
    ClaimState, Compensation, CreditLine, FundAccount, Instrument, InsuranceClaim, Read, StreamList,
    Valuation,
};

const INSURANCE: InstrumentKind = InstrumentKind::Insurance { cover: InsuranceCover::Infringement };

struct Market {
    world: World,
    owner: MemberId,
    bank: MemberId,
    other: MemberId,
    patent: PatentId,
}

fn market() -> Market {
    let mut world = World::default();
    let owner = world.member("甲公司（演示）", Role::Enterprise);
    let bank = world.member("银行（演示）", Role::Bank);
    let other = world.member("乙公司（演示）", Role::Enterprise);
    let patent = world.patent(&[owner]);
    Market { world, owner, bank, other, patent }
}

impl Market {
    #[track_caller]
    fn told(&mut self, signers: &[MemberId], act: impl Into<Act>) -> Vec<String> {
        self.world.refusals(signers, act).iter().map(told).collect()
    }

    /// A licence for a royalty in 2027.
    fn royalty(&mut self) -> LicenceId {
        let act = Grant {
            fee: FeeClass::Royalty,
            proceeds: self.world.status(self.patent).pledge.map(|_| Proceeds::Prepay),
            ..grant(&self.world, &[self.patent], &[self.owner], self.other)
        };
        let signers = [self.owner, self.other, self.bank];
        LicenceId::new(self.world.effect(&signers, act), 0)
    }

    fn securitised(&self, patents: &[PatentId], licences: &[LicenceId]) -> Issue {
        Issue {
            patents: list(patents),
            licences: list(licences),
            ..instrument(InstrumentKind::Securitisation, (self.owner, self.bank), self.patent)
        }
    }

    fn finish(&self, instrument: InstrumentId, cause: InstrumentEnd) -> Finish {
        Finish { instrument, cause, document: None, on: self.world.today() }
    }

    #[track_caller]
    fn issued(&mut self, act: Issue) -> InstrumentId {
        let signers = [act.issuer, act.partner];
        InstrumentId::new(self.world.effect(&signers, act), 0)
    }
}

#[test]
fn an_appraiser_values_and_a_bank_values_for_itself() {
    let mut market = market();
    let appraiser = market.world.member("评估机构（演示）", Role::Appraiser);
    let act = valuation(&market.world, &[market.patent]);
    let bank = [market.bank];
    let expected = [format!("VALUATION_APPRAISER - {}", market.bank)];
    assert_eq!(market.told(&bank, act.clone()), expected);
    let internal = Value { method: ValuationMethod::BankInternal, ..act.clone() };
    assert_eq!(market.world.codes(&[appraiser], internal.clone()), [Code::ValuationAppraiser]);
    market.world.effect(&bank, internal);
    let id = ValuationId::new(market.world.effect(&[appraiser], act.clone()), 0);
    assert_eq!(market.world.get::<Valuation>(id).appraiser, appraiser);
    let tool = Value { method: ValuationMethod::Tool, ..act };
    assert_eq!(market.world.codes(&[appraiser], tool.clone()), [Code::FieldMissing]);
    let named = ValuationTool { name: text("估值工具"), version: text("1") };
    market.world.effect(&[appraiser], Value { tool: Some(named), ..tool });
}

#[test]
fn a_valuation_counts_for_a_year_and_for_its_patents() {
    let mut market = market();
    let appraiser = market.world.member("评估机构（演示）", Role::Appraiser);
    let insurer = market.world.member("保险公司（演示）", Role::Insurer);
    let act = valuation(&market.world, &[market.patent]);
    let old = Value { on: date("2025-11-23"), ..act.clone() };
    assert_eq!(market.world.codes(&[appraiser], old), [Code::ValuationStale]);
    let id = ValuationId::new(market.world.effect(&[appraiser], act), 0);
    let unvalued = market.world.patent(&[market.owner]);
    let signers = [market.owner, insurer];
    let policy = |patent| Issue {
        valuation: Some(id),
        term: term("2027-01-01/2029-12-31"),
        ..instrument(INSURANCE, (signers[0], insurer), patent)
    };
    assert_eq!(market.told(&signers, policy(unvalued)), [format!("VALUATION_PATENTS {unvalued} {id}")]);
    let patent = market.patent;
    market.world.go_to("2027-11-24");
    market.world.effect(&signers, policy(patent));
    market.world.go_to("2027-11-25");
    assert_eq!(market.told(&signers, policy(patent)), [format!("VALUATION_STALE {id} -")]);
}

#[test]
fn a_fund_compensates_a_default_once_out_of_what_it_holds_and_recovers_no_more() {
    let mut market = market();
    let fund = market.world.member("风险补偿基金（演示）", Role::Fund);
    let (owner, bank) = (market.owner, market.bank);
    let pledge = market.world.pledge_registered(market.patent, owner, bank);
    let on = market.world.today();
    let contribute = Contribute { fund, amount: yuan(100), document: Hash([1; 32]), on };
    assert_eq!(market.told(&[EXCHANGE], contribute.clone()), [format!("FUND_REQUIRED - {fund}")]);
    let nothing = Contribute { amount: Money::ZERO, ..contribute.clone() };
    assert_eq!(market.world.codes(&[EXCHANGE, fund], nothing), [Code::FundAmount]);
    let wrong = Contribute { fund: bank, ..contribute.clone() };
    assert_eq!(market.told(&[EXCHANGE, bank], wrong), [format!("FUND_ROLE {bank} -")]);
    assert_eq!(market.world.codes(&[fund], contribute.clone()), [Code::DuplicateEntry]);
    market.world.effect(&[EXCHANGE, fund], contribute.clone());

    let share = Rate::try_from(4000).unwrap();
    let compensate = Compensate { fund, pledge, loss: Hash([2; 32]), share, payout: yuan(101), on };
    let signers = [bank, fund];
    let expected = [format!("FUND_INSUFFICIENT {fund} -"), format!("RISK_NO_DEFAULT {pledge} -")];
    assert_eq!(market.told(&signers, compensate.clone()), expected);
    market.world.defaulted(pledge, bank);
    assert_eq!(market.world.codes(&signers, compensate.clone()), [Code::FundInsufficient]);
    let compensate = Compensate { payout: yuan(40), ..compensate };
    let (pending, missing) = market.world.pends(&[bank], compensate.clone());
    assert_eq!(missing, [fund]);
    let record = RecordId::new(market.world.effect(&[fund], Give { pending }));
    assert_eq!(market.told(&signers, compensate), [format!("RISK_COMPENSATED {pledge} {record}")]);
    let cured = DefaultStatement { pledge, event: DefaultEvent::Cured, on };
    assert_eq!(market.told(&[bank], cured), [format!("PLEDGE_DEFAULT_STATE {pledge} {record}")]);

    let recover = Recover { compensation: record, amount: yuan(30), document: Hash([3; 32]), on };
    assert_eq!(
        market.told(&[owner], recover.clone()),
        [format!("FUND_REQUIRED - {fund}"), format!("PLEDGE_PLEDGEE_REQUIRED - {bank}")]
    );
    market.world.effect(&signers, recover.clone());
    assert_eq!(market.told(&signers, recover.clone()), [format!("RISK_RECOVERY_EXCEEDS {record} -")]);
    market.world.effect(&signers, Recover { amount: yuan(10), ..recover });
    assert_eq!(market.world.get::<Compensation>(record).recovered, yuan(40));
    let account = market.world.get::<FundAccount>(fund);
    assert_eq!((account.holds(), account.compensations), (Some(yuan(100)), 1));
    let more = Contribute { amount: Money::from_fen(u64::MAX), ..contribute };
    assert_eq!(market.world.codes(&[EXCHANGE, fund], more), [Code::FundAmount]);
}

#[test]
fn both_sides_sign_an_instrument_and_it_binds_them_until_its_end() {
    let mut market = market();
    let (owner, bank) = (market.owner, market.bank);
    let act = instrument(InstrumentKind::Warrant, (owner, bank), market.patent);
    assert_eq!(
        market.told(&[market.other], act.clone()),
        [
            format!("INSTRUMENT_PARTY_REQUIRED - {owner}"),
            format!("INSTRUMENT_PARTY_REQUIRED - {bank}"),
            format!("CO_OWNER_CONSENT_REQUIRED {} {owner}", market.patent),
        ]
    );
    let none = Issue { patents: list(&[]), ..act.clone() };
    assert_eq!(market.world.codes(&[owner, bank], none), [Code::InstrumentAssets]);
    let alone = Issue { partner: owner, ..act.clone() };
    assert_eq!(market.world.codes(&[owner], alone), [Code::DuplicateEntry]);
    let over = Issue { term: term("2025-01-01/2025-12-31"), ..act.clone() };
    assert_eq!(market.world.codes(&[owner, bank], over), [Code::EffectiveDate]);
    let (pending, _) = market.world.pends(&[owner], act);
    let id = InstrumentId::new(market.world.effect(&[bank], Give { pending }), 0);
    let exit = Status { member: bank, change: StandingChange::Exit, reason: text("测试") };
    assert_eq!(market.world.codes(&[bank, EXCHANGE], exit.clone()), [Code::MemberObligationsOpen]);
    let end = market.finish(id, InstrumentEnd::Performed);
    assert_eq!(market.told(&[owner], end.clone()), [format!("INSTRUMENT_PARTY_REQUIRED - {bank}")]);
    market.world.go_to("2028-01-01");
    let end = Finish { on: market.world.today(), ..end };
    market.world.effect(&[owner], end.clone());
    assert_eq!(market.told(&[owner, bank], end), [format!("INSTRUMENT_STATE {id} -")]);
    market.world.effect(&[bank, EXCHANGE], exit);
}

#[test]
fn an_income_is_assigned_to_one_securitisation_at_a_time() {
    let mut market = market();
    let (first, second) = (market.royalty(), market.royalty());
    let patent = market.patent;
    let signers = [market.owner, market.bank];
    let one = market.issued(market.securitised(&[], &[first]));
    assert_eq!(market.world.status(patent).assigned, 1);
    let expected = [format!("STREAM_ALREADY_LOCKED {patent} {one}")];
    let same = market.securitised(&[], &[first]);
    assert_eq!(market.told(&signers, same), expected);
    let whole = market.securitised(&[patent], &[]);
    assert_eq!(market.told(&signers, whole.clone()), expected, "the whole contains the licence's");
    let both = market.securitised(&[patent], &[second]);
    assert!(market.world.codes(&signers, both).contains(&Code::DuplicateEntry));
    let two = market.issued(market.securitised(&[], &[second]));
    assert_eq!(market.world.status(patent).assigned, 2);
    let end = market.finish(one, InstrumentEnd::Dissolved);
    market.world.effect(&signers, end);
    let end = market.finish(two, InstrumentEnd::Dissolved);
    market.world.effect(&signers, end);
    assert_eq!(market.world.status(patent).assigned, 0);
    assert_eq!(market.world.state.find::<StreamList>(&patent).unwrap(), None);
    let all = market.issued(whole);
    let licence = market.securitised(&[], &[first]);
    assert_eq!(market.told(&signers, licence), [format!("STREAM_ALREADY_LOCKED {patent} {all}")]);
}

#[test]
fn a_securitisation_whose_term_is_over_locks_nothing_although_it_is_not_ended() {
    let mut market = market();
    let patent = market.patent;
    let one = market.issued(market.securitised(&[patent], &[]));
    market.world.go_to("2028-01-01");
    let next = Issue { term: term("2028-01-01/2028-12-31"), ..market.securitised(&[patent], &[]) };
    let two = market.issued(next);
    assert_eq!(market.world.status(patent).assigned, 2);
    let end = market.finish(one, InstrumentEnd::Performed);
    market.world.effect(&[market.bank], end);
    let streams = market.world.get::<StreamList>(patent).streams;
    assert_eq!(streams.iter().map(|stream| stream.instrument).collect::<Vec<_>>(), [two]);
}

#[test]
fn what_is_assigned_is_free_lasts_as_long_and_brings_something() {
    let mut market = market();
    let licence = market.royalty();
    let patent = market.patent;
    let signers = [market.owner, market.bank, market.other];
    let act = market.securitised(&[], &[licence]);
    let long = Issue { term: term("2027-01-01/2028-01-01"), ..act.clone() };
    assert_eq!(market.told(&signers, long), [format!("INSTRUMENT_TERM {licence} -")]);
    let longer = Issue { term: term("2027-01-01/2040-01-15"), ..market.securitised(&[patent], &[]) };
    assert_eq!(market.told(&signers, longer), [format!("INSTRUMENT_TERM {patent} -")]);
    let free = grant(&market.world, &[patent], &[market.owner], market.other);
    let free = LicenceId::new(market.world.effect(&signers, free), 0);
    let gift = market.securitised(&[], &[free]);
    assert_eq!(market.told(&signers, gift), [format!("INSTRUMENT_ASSETS {free} -")]);
    let from = market.world.today();
    let case = text("（2026）京01民初1号");
    let freeze = Freeze { patent, kind: FreezeKind::Preservation, from, until: date("2026-12-31"), case };
    let record = RecordId::new(market.world.effect(&[COURT], freeze));
    assert_eq!(market.told(&signers, act.clone()), [format!("PATENT_FROZEN {patent} {record}")]);
    market.world.go_to("2027-01-01");
    market.issued(act);
}

#[test]
fn a_pledged_patents_income_is_assigned_with_the_pledgee() {
    let mut market = market();
    let lender = market.world.member("信用社（演示）", Role::Bank);
    let pledge = market.world.pledge_registered(market.patent, market.owner, lender);
    let signers = [market.owner, market.bank];
    let act = market.securitised(&[market.patent], &[]);
    let expected = [format!("PLEDGEE_CONSENT_REQUIRED {} {pledge}", market.patent)];
    assert_eq!(market.told(&signers, act.clone()), expected);
    let until = date("2026-12-31");
    let consent = Consent { pledge, act: kind("finance.instrument"), conditions: None, until };
    market.world.effect(&[lender], consent);
    market.issued(act);
}

#[test]
fn an_insurer_insures_who_has_an_interest_and_answers_claims() {
    let mut market = market();
    let insurer = market.world.member("保险公司（演示）", Role::Insurer);
    let (owner, other, patent) = (market.owner, market.other, market.patent);
    let wrong = instrument(INSURANCE, (owner, market.bank), patent);
    let signers = [owner, market.bank];
    assert_eq!(market.told(&signers, wrong), [format!("INSTRUMENT_PARTNER - {}", market.bank)]);
    let policy = instrument(INSURANCE, (other, insurer), patent);
    let expected = [format!("INSTRUMENT_INTEREST {patent} {other}")];
    assert_eq!(market.told(&[other, insurer], policy.clone()), expected);
    let licence = market.royalty();
    let policy = market.issued(Issue { licences: list(&[licence]), ..policy });

    let made = |event| Claim {
        instrument: policy,
        step: ClaimStep::Made { event: date(event), loss: Hash([1; 32]), evidence: Hash([2; 32]) },
    };
    market.world.go_to("2027-06-01");
    assert_eq!(market.told(&[other], made("2026-12-31")), [format!("CLAIM_OUTSIDE_TERM {policy} -")]);
    assert_eq!(market.told(&[owner], made("2027-05-01")), [format!("INSTRUMENT_PARTY_REQUIRED - {other}")]);
    let claim = RecordId::new(market.world.effect(&[other], made("2027-05-01")));
    let end = market.finish(policy, InstrumentEnd::Dissolved);
    let expected = [format!("INSTRUMENT_CLAIM_OPEN {policy} -")];
    assert_eq!(market.told(&[other, insurer], end.clone()), expected);
    let step = ClaimStep::Settled { claim, payment: Hash([3; 32]) };
    let settled = Claim { instrument: policy, step };
    assert_eq!(market.told(&[other], settled.clone()), [format!("INSTRUMENT_PARTY_REQUIRED - {insurer}")]);
    market.world.effect(&[insurer], settled.clone());
    assert_eq!(market.told(&[insurer], settled), [format!("CLAIM_STATE {claim} {policy}")]);
    let paid = ClaimState::Paid { payment: Hash([3; 32]) };
    assert_eq!(market.world.get::<InsuranceClaim>(claim).state, paid);
    for step in [
        |claim| ClaimStep::Declined { claim, reasons: Hash([4; 32]) },
        |claim| ClaimStep::Withdrawn { claim },
    ] {
        let claim = RecordId::new(market.world.effect(&[other], made("2027-05-02")));
        market.world.effect(&[other, insurer], Claim { instrument: policy, step: step(claim) });
    }
    assert_eq!(market.world.get::<Instrument>(policy).claims, 0);
    market.world.effect(&[other, insurer], end);
}

#[test]
fn a_judgment_ends_an_instrument_with_its_document() {
    let mut market = market();
    let id = market.issued(market.securitised(&[market.patent], &[]));
    let end = market.finish(id, InstrumentEnd::Adjudged);
    let signers = [market.owner, market.bank];
    assert_eq!(market.world.codes(&signers, end.clone()), [Code::CourtOnly, Code::ProofMissing]);
    market.world.effect(&[COURT], Finish { document: Some(Hash([5; 32])), ..end });
    assert_eq!(market.world.status(market.patent).assigned, 0);
}

#[test]
fn a_banks_loan_line_stands_beside_its_pledge_and_the_investment_beside_both() {
    let mut market = market();
    let fund = market.world.member("基金（演示）", Role::Fund);
    let (owner, bank, patent) = (market.owner, market.bank, market.patent);
    let pledge = market.world.pledge_registered(patent, owner, bank);
    let mut second = |pledgee| {
        let patent = market.world.patent(&[owner]);
        (patent, market.world.pledge_registered(patent, owner, pledgee))
    };
    let (_, funds) = second(fund);
    let (_, others) = second(bank);
    let line = |pledge, investment| Line {
        pledge,
        line: Hash([1; 32]),
        term: term("2027-01-01/2027-12-31"),
        valuation: None,
        investment,
    };
    let expected = [format!("CREDIT_LINE_BANK {funds} {fund}")];
    assert_eq!(market.told(&[fund, owner], line(funds, None)), expected);
    let missing =
        [format!("PLEDGE_PLEDGEE_REQUIRED {pledge} {bank}"), format!("PLEDGE_PLEDGOR_REQUIRED - {owner}")];
    assert_eq!(market.told(&[fund], line(pledge, None)), missing);
    let lending = |pledge: PledgeId, partner| {
        instrument(InstrumentKind::LoanAndInvestment { pledge }, (owner, partner), patent)
    };
    let expected = [format!("INSTRUMENT_PARTNER - {fund}")];
    assert_eq!(market.told(&[owner, fund], lending(pledge, fund)), expected);
    let other = market.issued(lending(others, bank));
    let investment = market.issued(lending(pledge, bank));
    let signers = [bank, owner];
    let expected = [format!("INSTRUMENT_KIND {other} {pledge}")];
    assert_eq!(market.told(&signers, line(pledge, Some(other))), expected);
    let record = RecordId::new(market.world.effect(&signers, line(pledge, Some(investment))));
    assert_eq!(market.world.get::<CreditLine>(record).investment, Some(investment));
}
