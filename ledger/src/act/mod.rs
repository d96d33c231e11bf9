//! What can be written: one file a family of the record catalogue.
//!
//! On the wire an act is `family u8 ‖ kind u8 ‖ schema u8 ‖ body length u16 ‖ body`. Family, kind and schema are given
//! here, explicitly, and never reused; the body is the act's fields in their order of declaration. A new kind is a
//! struct in its family's file, one line in the list below, and its rules in the file of the same name in `rules/`.

pub mod attribute;
pub mod consent;
pub mod consortium;
pub mod credit;
pub mod dispute;
pub mod event;
pub mod finance;
pub mod funding;
pub mod governance;
pub mod implementation;
pub mod licence;
pub mod listing;
pub mod matching;
pub mod member;
pub mod open_licence;
pub mod open_source;
pub mod party;
pub mod patent;
pub mod pledge;
pub mod pool;
pub mod portfolio;
pub mod product;
pub mod realisation;
pub mod risk;
pub mod royalty;
pub mod standard;
pub mod statistics;
pub mod stock;
pub mod technical_contract;
mod texts;
pub mod trade;
pub mod transfer;
pub mod valuation;

use crate::codec::{self, Bytes, CodecError, Decode, DecodeError, Encode, EncodeError, RECORD_LIMIT};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The family and kind of an act, as they stand on the wire.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct ActKind {
    /// The family of the catalogue.
    pub family: u8,
    /// The kind within the family.
    pub kind: u8,
}

/// Why bytes are no act.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    /// A tag this program does not know.
    #[error("act {family}.{kind} with schema {schema} is unknown to this program")]
    Unknown {
        /// The family's tag.
        family: u8,
        /// The kind's tag.
        kind: u8,
        /// The schema's version.
        schema: u8,
    },
    /// The body is not the canonical encoding of the act.
    #[error("the body of {name}: {error}")]
    Body {
        /// The act's name.
        name: &'static str,
        /// What is wrong.
        error: CodecError,
    },
}

/// Declares the list of acts: their tags, names, variants and types.
macro_rules! acts {
    ($($(#[$meta:meta])* $family:literal/$kind:literal/$schema:literal $name:literal => $variant:ident($type:ty)),* $(,)?) => {
        /// What someone does. Every kind of record of the catalogue is one variant.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "act")]
        pub enum Act {
            $($(#[$meta])* #[serde(rename = $name)] $variant(Box<$type>)),*
        }

        impl Act {
            /// Every act's kind and name, in the order of the list.
            pub const ALL: &'static [(ActKind, &'static str)] = &[$((ActKind { family: $family, kind: $kind }, $name)),*];

            /// The act's family and kind.
            #[must_use]
            pub const fn kind(&self) -> ActKind {
                match self { $(Self::$variant(_) => ActKind { family: $family, kind: $kind }),* }
            }

            /// The version of the act's body.
            #[must_use]
            pub const fn schema(&self) -> u8 {
                match self { $(Self::$variant(_) => $schema),* }
            }

            /// The act's body in canonical bytes.
            #[must_use]
            pub fn body(&self) -> Vec<u8> {
                match self { $(Self::$variant(act) => codec::encode(act.as_ref())),* }
            }

            /// Reads an act from its tags and a body that is compared by whoever reads the frame around it.
            fn from_frame(family: u8, kind: u8, schema: u8, body: &[u8]) -> Result<Self, ActError> {
                match (family, kind, schema) {
                    $(($family, $kind, $schema) => Ok(Self::$variant(Box::new(
                        codec::decode_part::<$type>(body).map_err(|error| ActError::Body { name: $name, error })?
                    ))),)*
                    _ => Err(ActError::Unknown { family, kind, schema }),
                }
            }

            /// The rules for this act.
            pub(crate) fn rule(&self) -> &dyn crate::rules::Rule {
                match self { $(Self::$variant(act) => act.as_ref()),* }
            }
        }

        $(impl From<$type> for Act {
            fn from(act: $type) -> Self {
                Self::$variant(Box::new(act))
            }
        })*
    };
}

acts! {
    /// An organisation is enrolled (成员登记).
    1/1/1 "member.register" => MemberRegister(member::Register),
    /// A member's name, region, industry, size or roles change.
    1/2/1 "member.update" => MemberUpdate(member::Update),
    /// A member's keys or their signing policy change.
    1/3/1 "member.key" => MemberKey(member::Key),
    /// A member is suspended, restored or leaves.
    1/4/1 "member.status" => MemberStatus(member::Status),
    /// A member empowers an agent, or takes the power back (委托).
    1/5/1 "agency.power" => AgencyPower(member::Power),
    /// Somebody certifies what a member is, or takes that back (资质认定).
    1/6/1 "member.attribute" => MemberAttribute(attribute::Attribute),
    /// The registrar enters parties as the register names them.
    2/1/1 "party.register" => PartyRegister(party::Register),
    /// The registrar links parties to the member they are.
    2/2/1 "party.link" => PartyLink(party::Link),
    /// The registrar enters what has changed of a party: its name, its kind.
    2/3/1 "party.update" => PartyUpdate(party::Update),
    /// A patent enters the ledger (专利入链).
    3/1/1 "patent.register" => PatentRegister(patent::Register),
    /// An annuity falls due or is paid (年费).
    3/2/1 "patent.annuity" => PatentAnnuity(patent::Annuity),
    /// A patent is granted, lapses, is restored, expires, is abandoned or invalidated.
    3/3/1 "patent.life" => PatentLife(patent::Life),
    /// A court preserves a patent or its procedures are suspended (保全, 中止).
    3/4/1 "patent.freeze" => PatentFreeze(patent::Freeze),
    /// A preservation or suspension is lifted.
    3/5/1 "patent.unfreeze" => PatentUnfreeze(patent::Unfreeze),
    /// An evaluation report is entered (专利权评价报告).
    3/6/1 "patent.evalreport" => PatentEvaluation(patent::Evaluation),
    /// Co-owners record their shares and agreement (共有约定).
    3/7/1 "patent.coown" => PatentCoOwnership(patent::CoOwnership),
    /// An entry of the register is corrected.
    3/8/1 "patent.correct" => PatentCorrect(patent::Correct),
    /// The owners declare an open licence (开放许可声明).
    4/1/1 "open.declare" => OpenDeclare(open_licence::Declare),
    /// The registrar announces a declaration: from that day it is open.
    4/2/1 "open.announce" => OpenAnnounce(open_licence::Announce),
    /// A person notifies the owner that it takes the licence.
    4/3/1 "open.notice" => OpenNotice(open_licence::Notice),
    /// The announced fee is paid: the licence is in force.
    4/4/1 "open.pay" => OpenPay(open_licence::Pay),
    /// The owners withdraw the declaration.
    4/5/1 "open.withdraw" => OpenWithdraw(open_licence::Withdraw),
    /// The registrar announces a declaration's end.
    4/6/1 "open.close" => OpenClose(open_licence::Close),
    /// A licence contract is entered (实施许可).
    5/1/1 "licence.grant" => LicenceGrant(licence::Grant),
    /// The registrar records a licence (许可备案).
    5/2/1 "licence.record" => LicenceRecord(licence::Record),
    /// A licence's terms change (许可变更).
    5/3/1 "licence.change" => LicenceChange(licence::Change),
    /// A licence ends.
    5/4/1 "licence.end" => LicenceEnd(licence::End),
    /// The registrar cancels the recordal of a licence that has ended (备案注销).
    5/5/1 "licence.cancel" => LicenceCancel(licence::Cancel),
    /// A licensee reports the royalty of a period (使用费报告).
    5/6/1 "royalty.report" => RoyaltyReport(royalty::Report),
    /// A licensor acknowledges or disputes a royalty report.
    5/7/1 "royalty.acknowledge" => RoyaltyAcknowledge(royalty::Acknowledge),
    /// The authority grants a compulsory licence (强制许可).
    5/8/1 "licence.compulsory" => LicenceCompulsory(licence::Compulsory),
    /// Owners and transferees agree on a transfer (转让).
    6/1/1 "transfer.propose" => TransferPropose(transfer::Propose),
    /// The registrar registers a transfer: from that day the patent has new owners.
    6/2/1 "transfer.register" => TransferRegister(transfer::Register),
    /// Patents pass to others otherwise than by contract (Rule 15¶1).
    6/3/1 "transfer.by_law" => TransferByLaw(transfer::ByLaw),
    /// Owners contribute patents to a company's capital (作价入股).
    6/4/1 "contribute.equity" => ContributeEquity(transfer::Contribute),
    /// Pledgor and pledgee apply for a pledge's registration (质押登记申请).
    7/1/1 "pledge.apply" => PledgeApply(pledge::Apply),
    /// The registrar registers a pledge: the right arises.
    7/2/1 "pledge.register" => PledgeRegister(pledge::Register),
    /// A registered pledge changes (质押登记变更).
    7/3/1 "pledge.change" => PledgeChange(pledge::Change),
    /// The pledgee releases a pledge.
    7/4/1 "pledge.release" => PledgeRelease(pledge::Release),
    /// The pledgee consents in advance to acts on the pledged patent.
    7/5/1 "pledge.consent" => PledgeConsent(pledge::Consent),
    /// The pledgee states a default, or that it is cured (违约).
    7/6/1 "pledge.default" => PledgeDefault(realisation::DefaultStatement),
    /// Pledged patents are disposed of after a default (质物处置).
    7/7/1 "pledge.dispose" => PledgeDispose(realisation::Dispose),
    /// The registrar revokes a pledge's registration (撤销质押登记).
    7/8/1 "pledge.revoke" => PledgeRevoke(pledge::Revoke),
    /// A party consents to a pending act.
    8/1/1 "consent.give" => ConsentGive(consent::Give),
    /// A party declines a pending act.
    8/2/1 "consent.decline" => ConsentDecline(consent::Decline),
    /// A valuation of patents is entered (价值评估).
    9/1/1 "valuation" => Valuation(valuation::Value),
    /// Money is paid into a risk-compensation fund (风险补偿基金).
    9/2/1 "fund.contribute" => FundContribute(risk::Contribute),
    /// A fund compensates a pledgee for a default (风险补偿).
    9/3/1 "risk.compensate" => RiskCompensate(risk::Compensate),
    /// What was recovered afterwards comes back to the fund (追偿).
    9/4/1 "risk.recover" => RiskRecover(risk::Recover),
    /// An insurance, a securitisation, a warrant or the like is entered (金融工具).
    9/5/1 "finance.instrument" => FinanceInstrument(finance::Issue),
    /// A claim under an insurance policy is made or answered (理赔).
    9/6/1 "finance.claim" => FinanceClaim(finance::Claim),
    /// An instrument ends, and what was assigned to it is free.
    9/7/1 "finance.end" => FinanceEnd(finance::Finish),
    /// A bank's loan line beside a pledge is entered (授信).
    9/8/1 "credit.line" => CreditLine(finance::Line),
    /// An enterprise files a patented product (专利产品备案).
    13/1/1 "product.file" => ProductFile(product::File),
    /// The enterprise reports the product's output of a year.
    13/2/1 "product.output" => ProductOutput(product::Output),
    /// A recognition body decides whether the product is patent-intensive (专利密集型产品认定).
    13/3/1 "product.recognise" => ProductRecognise(product::Recognise),
    /// A product's filing or recognition is withdrawn.
    13/4/1 "product.withdraw" => ProductWithdraw(product::Withdraw),
    /// An institution declares that patents were made with public funds (财政资助声明).
    16/1/1 "fund.declare" => FundDeclare(funding::Declare),
    /// The funder verifies the declaration.
    16/2/1 "fund.verify" => FundVerify(funding::Verify),
    /// The funder decides on a patent that has not been implemented in time.
    16/3/1 "fund.clock" => FundClock(funding::Clock),
    /// The institution reports on a funded patent's year.
    16/4/1 "fund.report" => FundReport(funding::Report),
    /// An institution distributes a patent's net income (收益分配).
    16/5/1 "income.distribute" => IncomeDistribute(funding::Distribute),
    /// An institution enters evidence of its diligence: assessments, reviews, decisions.
    16/6/1 "assessment.enter" => AssessmentEnter(funding::Assess),
    /// An institution publishes a notice of a tender or of a fund's outlays.
    16/7/1 "tender.notice" => TenderNotice(funding::Tender),
    /// An exchange proposes to change parameters or to set a calendar (提案).
    17/1/1 "param.propose" => ParamPropose(governance::Propose),
    /// An exchange votes on a proposal (表决).
    17/2/1 "param.vote" => ParamVote(governance::Vote),
    /// An exchange proposes to change the set of nodes.
    17/3/1 "validator.change" => ValidatorChange(governance::ChangeNodes),
    /// A statistics office or an exchange releases a statistic (统计发布).
    18/1/1 "stat.release" => StatRelease(statistics::Release),
    /// A regulator reports on a region.
    18/2/1 "report.regional" => ReportRegional(statistics::Report),
    /// A project is registered.
    18/3/1 "project.register" => ProjectRegister(statistics::RegisterProject),
    /// A project's result of a year is reported.
    18/4/1 "project.result" => ProjectResult(statistics::ReportResult),
    /// An exchange anchors an external hash.
    18/5/1 "anchor" => ExternalAnchor(statistics::Anchor),
    /// A regulator publishes a case, or a list of patents or institutions.
    18/6/1 "case.publish" => CasePublish(statistics::Publish),
    /// A patent is worked (专利实施报告).
    10/1/1 "implement.report" => ImplementReport(implementation::Report),
    /// Somebody has looked and found a report of implementation right.
    10/2/1 "implement.verify" => ImplementVerify(implementation::Verify),
    /// A registered technical contract is entered and linked (技术合同认定登记).
    10/3/1 "techcontract.link" => TechnicalContractLink(technical_contract::Link),
    /// The entry of a technical contract is corrected.
    10/4/1 "techcontract.correct" => TechnicalContractCorrect(technical_contract::Correct),
    /// A licence or transfer crosses the border (技术进出口).
    10/5/1 "trade.crossborder" => TradeCrossBorder(trade::CrossBorder),
    /// An institution enters a patent in the stock (登记入库).
    11/1/1 "stock.enter" => StockEnter(stock::Enter),
    /// A patent leaves the stock.
    11/2/1 "stock.leave" => StockLeave(stock::Leave),
    /// A patent of the stock is assigned its tier (分层).
    11/3/1 "stock.tier" => StockTier(stock::Tier),
    /// A measure for a patent or a tier is recorded (推广、政策、服务、资本).
    11/4/1 "support.record" => SupportRecord(stock::Support),
    /// Patents are pushed to enterprises of an industry (匹配推送).
    11/5/1 "match.push" => MatchPush(matching::Push),
    /// An enterprise gives feedback on a pushed patent (市场反馈).
    11/6/1 "match.feedback" => MatchFeedback(matching::Feedback),
    /// An enterprise says what it looks for (技术需求).
    11/7/1 "demand.post" => DemandPost(matching::PostDemand),
    /// A demand ends.
    11/8/1 "demand.close" => DemandClose(matching::CloseDemand),
    /// Patents are offered at an exchange (挂牌).
    11/9/1 "listing.publish" => ListingPublish(listing::Publish),
    /// A listing ends.
    11/10/1 "listing.close" => ListingClose(listing::Close),
    /// An event is announced (路演, 对接活动).
    11/11/1 "event.hold" => EventHold(event::Hold),
    /// What came of an event is recorded.
    11/12/1 "event.outcome" => EventOutcome(event::Outcome),
    /// Members put patents together in a pool (专利池).
    12/1/1 "pool.form" => PoolForm(pool::Form),
    /// A member joins a pool, or brings more patents.
    12/2/1 "pool.join" => PoolJoin(pool::Join),
    /// Patents, or a member with all of its own, leave a pool.
    12/3/1 "pool.leave" => PoolLeave(pool::Leave),
    /// A pool's royalties of a period are distributed.
    12/4/1 "pool.distribute" => PoolDistribute(pool::Distribute),
    /// A pool is dissolved.
    12/5/1 "pool.dissolve" => PoolDissolve(pool::Dissolve),
    /// A holder puts patents together as a portfolio (高价值专利组合).
    12/6/1 "portfolio.form" => PortfolioForm(portfolio::Form),
    /// Members form an innovation consortium (创新联合体).
    12/7/1 "consortium.form" => ConsortiumForm(consortium::Form),
    /// Owners pledge patents to everybody (专利开源).
    12/8/1 "opensource.pledge" => OpenSourcePledge(open_source::PledgeOpen),
    /// An open-source pledge is terminated against who has sued (防御性终止).
    12/9/1 "opensource.terminate" => OpenSourceTerminate(open_source::Terminate),
    /// Patents are declared essential to a standard (标准必要专利).
    12/10/1 "sep.declare" => StandardDeclare(standard::Declare),
    /// A portfolio ends.
    12/11/1 "portfolio.end" => PortfolioEnd(portfolio::End),
    /// A member leaves a consortium.
    12/12/1 "consortium.leave" => ConsortiumLeave(consortium::Leave),
    /// A consortium ends.
    12/13/1 "consortium.end" => ConsortiumEnd(consortium::End),
    /// An open-source pledge is revoked as its own terms allow.
    12/14/1 "opensource.revoke" => OpenSourceRevoke(open_source::Revoke),
    /// A claim is brought before a mediator, an authority or a court (纠纷).
    14/1/1 "case.open" => CaseOpen(dispute::Open),
    /// The forum accepts a case (受理).
    14/2/1 "case.accept" => CaseAccept(dispute::Accept),
    /// A case is settled, decided, taken back or dismissed.
    14/3/1 "case.result" => CaseResult(dispute::Conclude),
    /// What was settled or decided has been done (履行).
    14/4/1 "case.perform" => CasePerform(dispute::Perform),
    /// A regulator enters a credit event (信用事件).
    15/1/1 "credit.event" => CreditEvent(credit::Enter),
    /// The member concerned appeals (异议).
    15/2/1 "credit.appeal" => CreditAppeal(credit::Appeal),
    /// The entry is upheld or cancelled.
    15/3/1 "credit.decide" => CreditDecide(credit::Decide),
    /// A final entry is repaired (信用修复).
    15/4/1 "credit.repair" => CreditRepair(credit::Repair),
}

impl Act {
    /// Reads an act from its tags and body.
    ///
    /// # Errors
    /// [`ActError`] when the tags are unknown or the body is not canonical.
    pub fn from_parts(family: u8, kind: u8, schema: u8, body: &[u8]) -> Result<Self, ActError> {
        let act = Self::from_frame(family, kind, schema, body)?;
        if act.body() != body {
            return Err(ActError::Body { name: act.name(), error: CodecError::NotCanonical });
        }
        Ok(act)
    }

    /// The act's name, like `open.declare`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.kind().name().expect("every act stands in the list")
    }
}

impl ActKind {
    /// The name of the kind, like `open.declare`, if it is one of this program's.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Act::ALL.iter().find(|(kind, _)| *kind == self).map(|(_, name)| *name)
    }

    /// The kind with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Act::ALL.iter().find(|(_, other)| *other == name).map(|(kind, _)| *kind)
    }
}

impl fmt::Display for ActKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{}.{}", self.family, self.kind),
        }
    }
}

impl Serialize for ActKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ActKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::named(&name).ok_or_else(|| serde::de::Error::custom(format!("{name:?} is no act")))
    }
}

impl Encode for Act {
    fn encode<E: bincode::enc::Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        let kind = self.kind();
        (kind.family, kind.kind, self.schema()).encode(encoder)?;
        let body: Bytes<RECORD_LIMIT> = self
            .body()
            .try_into()
            .map_err(|_| EncodeError::Other("the act's body is beyond the record limit of 65,534 bytes"))?;
        body.encode(encoder)
    }
}

impl<Context> Decode<Context> for Act {
    fn decode<D: bincode::de::Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let (family, kind, schema) = <(u8, u8, u8) as Decode<Context>>::decode(decoder)?;
        let body = Bytes::<RECORD_LIMIT>::decode(decoder)?;
        Self::from_frame(family, kind, schema, &body).map_err(|error| codec::invalid(error.to_string()))
    }
}
bincode::impl_borrow_decode!(Act);
