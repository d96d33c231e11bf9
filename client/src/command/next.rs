//! Say what came of an act, what it made, and what comes next.

use super::failure::Failure;
use super::language::Language;
use std::fmt::Write as _;
use tongda_client::Node;
use tongda_client::answer::{Awaited, Receipt};
use tongda_ledger::act::Act;
use tongda_ledger::identifier::{
    CaseId, ContractId, CreditEventId, DeclarationId, DemandId, EventId, InstrumentId, LicenceId, ListingId,
    MemberId, NoticeId, ObjectRef, OpenSourceId, PartyId, PatentId, PendingId, PledgeId, PoolId, ProductId,
    ProjectId, ProposalId, PushId, StatisticId, TransferId, ValuationId,
};
use tongda_ledger::state::{Pending, PendingState};

/// What came of an act.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It took effect and made these.
    Effective(Vec<ObjectRef>),
    /// It stands as pending.
    Waiting(Awaited),
    /// It was a consent, and with it another act took effect and made these.
    Completed { act: Box<Act>, made: Vec<ObjectRef> },
    /// It was a consent, and others are still missing.
    Consented(Awaited),
}

impl Outcome {
    /// What came of an act that stands in the log.
    pub(crate) async fn of(node: &Node, act: &Act, receipt: &Receipt) -> Result<Self, Failure> {
        if let Some(waiting) = &receipt.pending {
            return Ok(Self::Waiting(waiting.clone()));
        }
        let Act::ConsentGive(give) = act else { return Ok(Self::Effective(made(act, receipt.index))) };
        let pending = node.object::<Pending>(give.pending).await?.value;
        if pending.state == PendingState::Waiting {
            return Ok(Self::Consented(Awaited { id: give.pending, missing: pending.missing.to_vec() }));
        }
        let act = pending.act().map_err(|error| Failure::Broken(format!("{}: {error}", give.pending)))?;
        let made = made(&act, receipt.index);
        Ok(Self::Completed { act: Box::new(act), made })
    }

    /// In one word, for programs.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Effective(_) => "effective",
            Self::Waiting(_) => "pending",
            Self::Completed { .. } => "completed",
            Self::Consented(_) => "consented",
        }
    }

    /// What was made.
    pub(crate) fn made(&self) -> &[ObjectRef] {
        match self {
            Self::Effective(made) | Self::Completed { made, .. } => made,
            _ => &[],
        }
    }

    /// The act that waits.
    pub(crate) const fn waiting(&self) -> Option<&Awaited> {
        match self {
            Self::Waiting(waiting) | Self::Consented(waiting) => Some(waiting),
            _ => None,
        }
    }
}

/// What an act that took effect with the record at `index` made.
fn made(act: &Act, index: u64) -> Vec<ObjectRef> {
    match act {
        Act::MemberRegister(_) => vec![MemberId::new(index, 0).into(), PartyId::new(index, 0).into()],
        Act::PartyRegister(register) => {
            let ordinals = (0..=u8::MAX).take(register.parties.len());
            ordinals.map(|ordinal| PartyId::new(index, ordinal).into()).collect()
        }
        Act::PatentRegister(_) => vec![PatentId::new(index, 0).into()],
        Act::OpenDeclare(_) => vec![DeclarationId::new(index, 0).into()],
        Act::OpenNotice(_) => vec![NoticeId::new(index, 0).into()],
        Act::OpenPay(_) | Act::LicenceGrant(_) | Act::LicenceCompulsory(_) => {
            vec![LicenceId::new(index, 0).into()]
        }
        Act::TransferPropose(_) | Act::TransferByLaw(_) | Act::ContributeEquity(_) => {
            vec![TransferId::new(index, 0).into()]
        }
        Act::PledgeApply(_) => vec![PledgeId::new(index, 0).into()],
        Act::Valuation(_) => vec![ValuationId::new(index, 0).into()],
        Act::FinanceInstrument(_) => vec![InstrumentId::new(index, 0).into()],
        Act::TechnicalContractLink(_) => vec![ContractId::new(index, 0).into()],
        Act::ListingPublish(_) => vec![ListingId::new(index, 0).into()],
        Act::DemandPost(_) => vec![DemandId::new(index, 0).into()],
        Act::MatchPush(_) => vec![PushId::new(index, 0).into()],
        Act::EventHold(_) => vec![EventId::new(index, 0).into()],
        Act::PoolForm(_) => vec![PoolId::new(index, 0).into()],
        Act::OpenSourcePledge(_) => vec![OpenSourceId::new(index, 0).into()],
        Act::ProductFile(_) => vec![ProductId::new(index, 0).into()],
        Act::CaseOpen(_) => vec![CaseId::new(index, 0).into()],
        Act::CreditEvent(_) => vec![CreditEventId::new(index, 0).into()],
        Act::ParamPropose(_) | Act::ValidatorChange(_) => vec![ProposalId::new(index, 0).into()],
        Act::StatRelease(_) => vec![StatisticId::new(index, 0).into()],
        Act::ProjectRegister(_) => vec![ProjectId::new(index, 0).into()],
        _ => Vec::new(),
    }
}

/// The next step after an act that took effect, as a command, in Chinese and English.
fn step(act: &Act, made: &[ObjectRef]) -> Option<(String, &'static str, &'static str)> {
    let made = made.first().map(ToString::to_string).unwrap_or_default();
    Some(match act {
        Act::OpenDeclare(_) => (
            format!("tongda open announce {made} --gazette NUMBER"),
            "登记机构公告之日起开放",
            "it is open from the registrar's announcement",
        ),
        Act::OpenAnnounce(announce) => (
            format!("tongda open notice {} --fee FEE --term TERM --plan TEXT", announce.declaration),
            "任何单位或者个人可以通知实施",
            "anyone may take the licence by notice",
        ),
        Act::OpenNotice(_) => (
            format!("tongda open pay {made} --amount AMOUNT --receipt DIGEST --confirmed-by MEMBER"),
            "付清公告的费用即获得许可",
            "the licence is in force once the announced fee is paid",
        ),
        Act::OpenPay(_) | Act::LicenceGrant(_) => (
            format!("tongda licence record {made} --number NUMBER"),
            "自生效之日起三个月内备案",
            "it is recorded within three months of its effect",
        ),
        Act::OpenWithdraw(withdraw) => (
            format!("tongda open close {} --cause withdrawn --gazette NUMBER", withdraw.declaration),
            "登记机构公告后终结",
            "it ends with the registrar's announcement",
        ),
        Act::TransferPropose(_) | Act::ContributeEquity(_) => (
            format!("tongda transfer register {made} --gazette NUMBER"),
            "自登记机构登记之日起生效",
            "it has effect from the registrar's registration",
        ),
        Act::PledgeApply(_) => (
            format!("tongda pledge register {made} --number NUMBER"),
            "质权自登记机构登记时设立",
            "the pledge arises with the registrar's registration",
        ),
        Act::RoyaltyReport(_) => (
            "tongda royalty acknowledge RECORD".into(),
            "由许可人确认或者异议，RECORD 为本记录",
            "the licensor acknowledges or disputes it; RECORD is this one",
        ),
        Act::CaseOpen(_) => (
            format!("tongda case accept {made} --number NUMBER --until DATE"),
            "由受理机构受理",
            "the forum accepts it",
        ),
        Act::CaseAccept(accept) => (
            format!("tongda case result {} --outcome OUTCOME", accept.case),
            "期限届满前写入结果",
            "its result is entered by the last day for it",
        ),
        Act::CreditEvent(_) => (
            format!("tongda credit appeal {made} --grounds DIGEST"),
            "当事成员可以在期限内提出异议",
            "the member concerned may appeal within the days for it",
        ),
        Act::MemberRegister(_) => (
            format!("tongda party link PARTY --member {made} --proof DIGEST"),
            "已有专利的，由登记机构关联其权利人",
            "if it owns patents already, the registrar links its parties",
        ),
        _ => return None,
    })
}

/// The whole in words.
pub(crate) fn words(language: Language, act: &Act, receipt: &Receipt, outcome: &Outcome) -> String {
    let mut text = format!("✓ {}  {}\n", language.say("已登记", "recorded"), receipt.record);
    let mut line = |zh: &str, en: &str, value: &dyn std::fmt::Display| {
        writeln!(text, "  {}  {value}", language.say(zh, en)).expect("a String takes all");
    };
    line("行为", "act", &act.name());
    line("日志序号", "log index", &receipt.index);
    line("区块高度", "height", &receipt.height);
    for made in outcome.made() {
        line("产生", "made", made);
    }
    let (done, made) = match outcome {
        Outcome::Waiting(waiting) | Outcome::Consented(waiting) => {
            line("尚未生效，待同意", "no effect yet; waiting", &waiting.id);
            let missing: Vec<_> = waiting.missing.iter().map(ToString::to_string).collect();
            line("待同意人", "still to consent", &missing.join(", "));
            line("下一步", "next", &consent(waiting.id, language));
            return text;
        }
        Outcome::Effective(made) => (act, made),
        Outcome::Completed { act, made } => {
            line("已全部同意，生效", "all have consented; in effect", &act.name());
            (act.as_ref(), made)
        }
    };
    if let Some((command, zh, en)) = step(done, made) {
        line("下一步", "next", &format!("{command}\n      {}", language.say(zh, en)));
    }
    text
}

fn consent(pending: PendingId, language: Language) -> String {
    format!("tongda consent give {pending}\n      {}", language.say("由上述各方分别同意", "by each of them"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tongda_ledger::act::open_licence::Withdraw;

    #[test]
    fn a_withdrawal_makes_nothing_and_leads_to_the_registrars_announcement() {
        let declaration = DeclarationId::new(5, 0);
        let withdraw = Withdraw { declaration, reason: "转让".parse().unwrap(), condition: None };
        let act = Act::from(withdraw);
        assert!(made(&act, 9).is_empty());
        let (command, ..) = step(&act, &[]).unwrap();
        assert!(command.starts_with(&format!("tongda open close {declaration} ")), "{command}");
    }
}
