//! Name the reasons for a refusal by stable codes.

use super::wording::{Wording, wording_of};
use std::fmt;

/// Declares the codes.
macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident = $name:literal),* $(,)?) => {
        /// A stable code of a refusal. Codes are never renamed or reused.
        #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$meta])* $variant),*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The code's text, like `OL_EXCLUSIVE_ACTIVE`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

codes! {
    /// The envelope is for another network.
    WrongNetwork = "WRONG_NETWORK",
    /// The block's time is before the envelope's window.
    EnvelopeNotYetValid = "ENVELOPE_NOT_YET_VALID",
    /// The block's time is after the envelope's window.
    EnvelopeExpired = "ENVELOPE_EXPIRED",
    /// The window is longer than the network allows, or ends before it begins.
    EnvelopeWindow = "ENVELOPE_WINDOW",
    /// An envelope with this id stands in the log already.
    EnvelopeUsed = "ENVELOPE_USED",
    /// A signature's algorithm does not count in this network.
    AlgorithmNotAccepted = "ALGORITHM_NOT_ACCEPTED",
    /// A signer or the author is no member.
    MemberUnknown = "MEMBER_UNKNOWN",
    /// A signer is suspended or has left.
    MemberSuspended = "MEMBER_SUSPENDED",
    /// A key is not, or no longer, the member's.
    KeyNotMembers = "KEY_NOT_MEMBERS",
    /// Fewer of a member's keys signed than its policy asks for.
    ThresholdNotMet = "THRESHOLD_NOT_MET",
    /// The author's own signature is missing.
    AuthorNotSigned = "AUTHOR_NOT_SIGNED",
    /// A patent has moved on since the act was signed over it.
    StateStale = "STATE_STALE",
    /// A text holds somebody's identity number.
    PersonalNumber = "PERSONAL_NUMBER",
    /// An object that the act names does not exist.
    ObjectUnknown = "OBJECT_UNKNOWN",
    /// A date lies in the future, or before what it follows.
    EffectiveDate = "EFFECTIVE_DATE",
    /// A field that the act needs is empty.
    FieldMissing = "FIELD_MISSING",
    /// The act names the same thing twice.
    DuplicateEntry = "DUPLICATE_ENTRY",
    /// Only the registrar may do this.
    RegistrarOnly = "REGISTRAR_ONLY",
    /// Only a court or the registrar may do this.
    CourtOnly = "COURT_ONLY",
    /// Only an exchange may do this.
    ExchangeOnly = "EXCHANGE_ONLY",
    /// Only the member's exchange, a regulator or the registrar may do this.
    RegulatorOnly = "REGULATOR_ONLY",
    /// An exchange cannot grant this role by itself.
    RoleNotGrantable = "ROLE_NOT_GRANTABLE",
    /// Another member has this credit code.
    CreditCodeTaken = "CREDIT_CODE_TAKEN",
    /// Who allowed a failing credit code is neither regulator nor registrar, or did not sign.
    OverrideNotAllowed = "OVERRIDE_NOT_ALLOWED",
    /// The key is, or was, somebody's.
    KeyTaken = "KEY_TAKEN",
    /// The key is malformed or has small order.
    KeyWeak = "KEY_WEAK",
    /// The new key did not sign.
    KeyProofMissing = "KEY_PROOF_MISSING",
    /// A signing policy asks for no key, or for more keys than there are.
    PolicyInvalid = "POLICY_INVALID",
    /// The member itself must sign.
    MemberSignatureRequired = "MEMBER_SIGNATURE_REQUIRED",
    /// The exchange that enrolled the member must sign.
    MemberExchangeRequired = "MEMBER_EXCHANGE_REQUIRED",
    /// The member's standing does not allow the change.
    MemberStanding = "MEMBER_STANDING",
    /// The member still has rights or duties on the ledger.
    MemberObligationsOpen = "MEMBER_OBLIGATIONS_OPEN",
    /// The agent is no agency.
    AgentRoleRequired = "AGENT_ROLE_REQUIRED",
    /// Nobody signed who may certify this attribute of another member.
    AttributeCertifier = "ATTRIBUTE_CERTIFIER",
    /// The member's roles do not go with this attribute.
    AttributeHolder = "ATTRIBUTE_HOLDER",
    /// The member has no such attribute.
    AttributeNone = "ATTRIBUTE_NONE",
    /// The party is linked to a member already.
    PartyLinked = "PARTY_LINKED",
    /// The patent is on the ledger already.
    PatentNumberTaken = "PATENT_NUMBER_TAKEN",
    /// The dates contradict one another.
    PatentDates = "PATENT_DATES",
    /// The classification does not fit the kind of patent.
    PatentClassKind = "PATENT_CLASS_KIND",
    /// A patent has at least one owner.
    OwnersMissing = "OWNERS_MISSING",
    /// The owners' shares do not sum to 10,000 basis points.
    OwnersShares = "OWNERS_SHARES",
    /// The right has been terminated: it lapsed, expired or was abandoned.
    PatentNotInForce = "PATENT_NOT_IN_FORCE",
    /// The right was declared wholly invalid.
    PatentInvalidated = "PATENT_INVALIDATED",
    /// The term cannot be told: the filing date is unknown.
    PatentTermUnknown = "PATENT_TERM_UNKNOWN",
    /// The patent is preserved by a court or suspended in an ownership dispute.
    PatentFrozen = "PATENT_FROZEN",
    /// An annuity is overdue.
    AnnuityOverdue = "ANNUITY_OVERDUE",
    /// The patent's life does not allow this change.
    LifeTransition = "LIFE_TRANSITION",
    /// A term is extended only by a decision.
    TermOverrideNoDecision = "TERM_OVERRIDE_NO_DECISION",
    /// The annuity does not follow the one before.
    AnnuityOrder = "ANNUITY_ORDER",
    /// The annuity reduction does not apply, or stands beside another.
    ReductionNotCumulative = "REDUCTION_NOT_CUMULATIVE",
    /// The patent is preserved, or suspended, already.
    PreservationDuplicate = "PRESERVATION_DUPLICATE",
    /// The preservation or suspension is longer than the law allows.
    PreservationTooLong = "PRESERVATION_TOO_LONG",
    /// There is no such preservation or suspension.
    FreezeNone = "FREEZE_NONE",
    /// An evaluation report is made of a utility model or design only.
    EvaluationNotApplicable = "EVALUATION_NOT_APPLICABLE",
    /// The grace period has not run out.
    GraceRunning = "GRACE_RUNNING",
    /// The correction changes nothing.
    CorrectionEmpty = "CORRECTION_EMPTY",
    /// Who acts does not own the patent.
    NotOwner = "NOT_OWNER",
    /// An owner is not linked to a member, so it cannot sign.
    OwnerNotMember = "OWNER_NOT_MEMBER",
    /// A co-owner has not signed.
    CoOwnerConsentRequired = "CO_OWNER_CONSENT_REQUIRED",
    /// The pledgee has not consented.
    PledgeeConsentRequired = "PLEDGEE_CONSENT_REQUIRED",
    /// The patent has not been granted and announced.
    OlNotGranted = "OL_NOT_GRANTED",
    /// An exclusive or sole licence is in its term.
    OlExclusiveActive = "OL_EXCLUSIVE_ACTIVE",
    /// A utility model or design needs an evaluation report.
    EvalReportRequired = "EVAL_REPORT_REQUIRED",
    /// The evaluation report finds the conditions of grant not met.
    EvalReportNegative = "EVAL_REPORT_NEGATIVE",
    /// The patent is declared or open already.
    OlAlreadyOpen = "OL_ALREADY_OPEN",
    /// The declaration lacks a content that the law requires.
    OlFieldMissing = "OL_FIELD_MISSING",
    /// The declaration contains advertising.
    OlCommercialText = "OL_COMMERCIAL_TEXT",
    /// The licence's term goes beyond the patent's.
    OlTermExceedsPatent = "OL_TERM_EXCEEDS_PATENT",
    /// The licence's term is shorter than the network's minimum.
    OlTermTooShort = "OL_TERM_TOO_SHORT",
    /// The fee is above the guide for open licences.
    OlFeeAboveGuide = "OL_FEE_ABOVE_GUIDE",
    /// Something else prevents effective implementation, or the owner does not undertake that nothing does.
    OlImplementationPrevented = "OL_IMPLEMENTATION_PREVENTED",
    /// The declaration's state does not allow this.
    OlState = "OL_STATE",
    /// The declaration is not open.
    OlNotOpen = "OL_NOT_OPEN",
    /// The open licence is halted.
    OlHalted = "OL_HALTED",
    /// The notice is over other terms than those announced.
    OlTermsMismatch = "OL_TERMS_MISMATCH",
    /// The term of the open licence is over.
    OlTermEnded = "OL_TERM_ENDED",
    /// Less was paid than announced.
    OlUnderpaid = "OL_UNDERPAID",
    /// The payment is not confirmed by an owner, an exchange or a bank.
    OlPaymentUnconfirmed = "OL_PAYMENT_UNCONFIRMED",
    /// The payment is in another currency.
    PaymentCurrency = "PAYMENT_CURRENCY",
    /// The receipt has been entered already.
    PaymentDuplicate = "PAYMENT_DUPLICATE",
    /// A withdrawal cannot be conditional.
    OlWithdrawConditional = "OL_WITHDRAW_CONDITIONAL",
    /// While a patent is open, no exclusive or sole licence is granted.
    OlExclusiveForbidden = "OL_EXCLUSIVE_FORBIDDEN",
    /// The open licence must be withdrawn first.
    OlWithdrawFirst = "OL_WITHDRAW_FIRST",
    /// The licence's term goes beyond the patent's.
    LicenceTermExceedsPatent = "LICENCE_TERM_EXCEEDS_PATENT",
    /// Another licence stands in the way.
    LicenceConflict = "LICENCE_CONFLICT",
    /// The licence's state does not allow this.
    LicenceState = "LICENCE_STATE",
    /// The licensee has not signed.
    LicenseeRequired = "LICENSEE_REQUIRED",
    /// Who owns the patent takes no open licence of it.
    LicenseeOwns = "LICENSEE_OWNS",
    /// A party to the licence must sign.
    LicencePartyRequired = "LICENCE_PARTY_REQUIRED",
    /// The licence does not permit this sublicence.
    SublicenceNotPermitted = "SUBLICENCE_NOT_PERMITTED",
    /// A recorded licence is prolonged only shortly before its last day.
    LicenceChangeTooEarly = "LICENCE_CHANGE_TOO_EARLY",
    /// The licence rests on a declaration or a decision, not on a contract that its parties could change.
    LicenceNotContract = "LICENCE_NOT_CONTRACT",
    /// A sublicence would no longer lie within the licence.
    SublicenceExceeds = "SUBLICENCE_EXCEEDS",
    /// The licence is not recorded, or its recordal has been cancelled.
    RecordalNone = "RECORDAL_NONE",
    /// The years after which a patent that is not worked can be licensed compulsorily are not over.
    CompulsoryTooEarly = "COMPULSORY_TOO_EARLY",
    /// The ground for a compulsory licence is not given.
    CompulsoryGround = "COMPULSORY_GROUND",
    /// The licence carries no royalty.
    RoyaltyNone = "ROYALTY_NONE",
    /// The period is not over, or lies outside the licence's time.
    RoyaltyPeriod = "ROYALTY_PERIOD",
    /// Part of the period is reported already.
    RoyaltyOverlap = "ROYALTY_OVERLAP",
    /// A negotiated amount does not stand on the ledger.
    RoyaltyConfidential = "ROYALTY_CONFIDENTIAL",
    /// The report has been answered.
    RoyaltyState = "ROYALTY_STATE",
    /// The co-owners' shares of the fee are missing or do not sum to 10,000.
    FeeShareMissing = "FEE_SHARE_MISSING",
    /// It must be said whether the proceeds prepay the debt or are deposited.
    ProceedsAllocationRequired = "PROCEEDS_ALLOCATION_REQUIRED",
    /// The licence is recorded, or the number is taken.
    RecordalDuplicate = "RECORDAL_DUPLICATE",
    /// The number is of another kind of record.
    RecordalNumber = "RECORDAL_NUMBER",
    /// The written proof is missing.
    ProofMissing = "PROOF_MISSING",
    /// The export document is missing.
    ExportDocRequired = "EXPORT_DOC_REQUIRED",
    /// The technology must not be exported.
    ExportForbidden = "EXPORT_FORBIDDEN",
    /// A transferee has not signed.
    TransfereeRequired = "TRANSFEREE_REQUIRED",
    /// The transfer's state does not allow this.
    TransferState = "TRANSFER_STATE",
    /// A second transfer of the same patent on one day.
    TransferChain = "TRANSFER_CHAIN",
    /// The funder has not approved the export.
    FunderApprovalRequired = "FUNDER_APPROVAL_REQUIRED",
    /// A public institution must name how the price was found.
    PricingMethodRequired = "PRICING_METHOD_REQUIRED",
    /// The public notice is missing or too short.
    PublicityPeriod = "PUBLICITY_PERIOD",
    /// Patents are contributed to a company only.
    EquityCompany = "EQUITY_COMPANY",
    /// The contributors' shares of the company's capital are missing, or more than the whole.
    EquityShare = "EQUITY_SHARE",
    /// The valuation of the contribution is too old.
    EquityValuation = "EQUITY_VALUATION",
    /// The pledgor is not the registered owner.
    PledgeNotOwner = "PLEDGE_NOT_OWNER",
    /// The patent has not been granted.
    PledgeNotGranted = "PLEDGE_NOT_GRANTED",
    /// The debt's term goes beyond the patent's.
    PledgeDebtExceedsTerm = "PLEDGE_DEBT_EXCEEDS_TERM",
    /// The contract lacks a content that the law requires.
    PledgeFieldMissing = "PLEDGE_FIELD_MISSING",
    /// The patent is pledged already.
    PledgeAlready = "PLEDGE_ALREADY",
    /// An invention application of the same day is pending, and the parties do not insist.
    PledgeSameDayAck = "PLEDGE_SAME_DAY_ACK",
    /// An invalidation has been started, and the parties do not insist.
    PledgeInvalidationAck = "PLEDGE_INVALIDATION_ACK",
    /// The contract lets the pledgee keep the patent on default.
    PledgeForfeitureClause = "PLEDGE_FORFEITURE_CLAUSE",
    /// The pledgee must agree that open licensing continues.
    PledgeContinuationRequired = "PLEDGE_CONTINUATION_REQUIRED",
    /// The pledge's state does not allow this.
    PledgeState = "PLEDGE_STATE",
    /// The pledgee has not signed.
    PledgePledgeeRequired = "PLEDGE_PLEDGEE_REQUIRED",
    /// Only the pledgee releases a pledge.
    PledgeCancelPledgeeSign = "PLEDGE_CANCEL_PLEDGEE_SIGN",
    /// No pledgee consents in advance to an act of this kind.
    PledgeConsentKind = "PLEDGE_CONSENT_KIND",
    /// Who pledged, or an owner of a pledged patent, has not signed.
    PledgePledgorRequired = "PLEDGE_PLEDGOR_REQUIRED",
    /// The change of the pledge changes nothing.
    PledgeChangeEmpty = "PLEDGE_CHANGE_EMPTY",
    /// The patents taken out are not in the pledge, or are all that is in it.
    PledgeChangePatents = "PLEDGE_CHANGE_PATENTS",
    /// The pledge is no maximum-amount pledge, or its debt is fixed already.
    PledgeNotMaximum = "PLEDGE_NOT_MAXIMUM",
    /// A default is stated already, or there is none to cure, or it has been acted upon.
    PledgeDefaultState = "PLEDGE_DEFAULT_STATE",
    /// No default of the secured debt is stated.
    DisposalNoDefault = "DISPOSAL_NO_DEFAULT",
    /// The parts of the proceeds do not make up the price.
    DisposalProceedsUnbalanced = "DISPOSAL_PROCEEDS_UNBALANCED",
    /// The patent is not in the pledge, or has been disposed of already.
    DisposalPatents = "DISPOSAL_PATENTS",
    /// At an agreed value it is the pledgee who takes the patents.
    DisposalBuyer = "DISPOSAL_BUYER",
    /// An auction's figures are public.
    DisposalFiguresRequired = "DISPOSAL_FIGURES_REQUIRED",
    /// The debt of the maximum-amount pledge is not fixed.
    DisposalDebtNotFixed = "DISPOSAL_DEBT_NOT_FIXED",
    /// The pledgee takes more than the maximum.
    DisposalAboveMaximum = "DISPOSAL_ABOVE_MAXIMUM",
    /// No disposal is entered.
    DisposalNone = "DISPOSAL_NONE",
    /// Who values is neither an appraiser nor a bank that values for itself.
    ValuationAppraiser = "VALUATION_APPRAISER",
    /// The valuation no longer counts.
    ValuationStale = "VALUATION_STALE",
    /// The valuation is not of this patent.
    ValuationPatents = "VALUATION_PATENTS",
    /// The member is no fund.
    FundRole = "FUND_ROLE",
    /// The fund has not signed.
    FundRequired = "FUND_REQUIRED",
    /// The amount is nothing, or the sum is beyond counting.
    FundAmount = "FUND_AMOUNT",
    /// The fund does not hold as much.
    FundInsufficient = "FUND_INSUFFICIENT",
    /// No default of the pledge is stated.
    RiskNoDefault = "RISK_NO_DEFAULT",
    /// The default has been compensated already.
    RiskCompensated = "RISK_COMPENSATED",
    /// More comes back than was paid.
    RiskRecoveryExceeds = "RISK_RECOVERY_EXCEEDS",
    /// A side of the instrument has not signed.
    InstrumentPartyRequired = "INSTRUMENT_PARTY_REQUIRED",
    /// The partner is not who such an instrument needs.
    InstrumentPartner = "INSTRUMENT_PARTNER",
    /// The insured has no interest in what is insured.
    InstrumentInterest = "INSTRUMENT_INTEREST",
    /// The instrument has no asset, or this is none.
    InstrumentAssets = "INSTRUMENT_ASSETS",
    /// The instrument outlasts what is assigned to it.
    InstrumentTerm = "INSTRUMENT_TERM",
    /// The income is assigned to another instrument.
    StreamAlreadyLocked = "STREAM_ALREADY_LOCKED",
    /// The instrument is of another kind.
    InstrumentKind = "INSTRUMENT_KIND",
    /// The instrument's state does not allow this.
    InstrumentState = "INSTRUMENT_STATE",
    /// Claims under the policy are not answered.
    InstrumentClaimOpen = "INSTRUMENT_CLAIM_OPEN",
    /// The insured event is outside the policy's term.
    ClaimOutsideTerm = "CLAIM_OUTSIDE_TERM",
    /// The claim is answered already, or is of another policy.
    ClaimState = "CLAIM_STATE",
    /// The pledgee is no bank.
    CreditLineBank = "CREDIT_LINE_BANK",
    /// The forum neither mediates nor decides disputes, or is the claimant.
    CaseForum = "CASE_FORUM",
    /// The forum has not signed.
    CaseForumRequired = "CASE_FORUM_REQUIRED",
    /// The case names nothing that a case of its kind is about, or something that it is not.
    CaseObjects = "CASE_OBJECTS",
    /// The claimant has no part in what it disputes.
    CaseClaimant = "CASE_CLAIMANT",
    /// A party to the case has not signed.
    CasePartyRequired = "CASE_PARTY_REQUIRED",
    /// The case's state does not allow this.
    CaseState = "CASE_STATE",
    /// The deadline is before the day it counts from, or nothing is to be done by it.
    CaseDeadline = "CASE_DEADLINE",
    /// The forum cannot decide a case of this kind.
    CaseDecision = "CASE_DECISION",
    /// Only a regulator enters and repairs credit events.
    CreditRegulatorOnly = "CREDIT_REGULATOR_ONLY",
    /// The ledger does not show the ground that the entry names.
    CreditGround = "CREDIT_GROUND",
    /// The member concerned has not signed.
    CreditMemberRequired = "CREDIT_MEMBER_REQUIRED",
    /// The entry's state does not allow this.
    CreditState = "CREDIT_STATE",
    /// The time for an appeal is over.
    CreditAppealLate = "CREDIT_APPEAL_LATE",
    /// Whoever entered an event does not decide the appeal against it alone.
    CreditDecider = "CREDIT_DECIDER",
    /// The entry is not final.
    CreditNotFinal = "CREDIT_NOT_FINAL",
    /// What was refused has not been performed.
    CreditNotPerformed = "CREDIT_NOT_PERFORMED",
    /// The pending act no longer waits.
    PendingNotWaiting = "PENDING_NOT_WAITING",
    /// The pending act does not wait for this member.
    PendingNotAwaited = "PENDING_NOT_AWAITED",
    /// What was agreed over has changed.
    PendingStale = "PENDING_STALE",
    /// This kind of act cannot stand as pending.
    PendingNotAllowed = "PENDING_NOT_ALLOWED",
    /// The time for gathering consents is over before it begins, or too long.
    GatherTime = "GATHER_TIME",
    /// Who files a patented product is no enterprise.
    ProductEnterprise = "PRODUCT_ENTERPRISE",
    /// The enterprise neither owns the patent nor has a licence in force.
    ProductPatentBasis = "PRODUCT_PATENT_BASIS",
    /// The platform's id is another product's.
    ProductPlatformTaken = "PRODUCT_PLATFORM_TAKEN",
    /// The state of the product's filing or recognition does not allow this.
    ProductState = "PRODUCT_STATE",
    /// The product's output of this year is reported already.
    ProductOutputDuplicate = "PRODUCT_OUTPUT_DUPLICATE",
    /// The product has a recognition in force.
    ProductRecognised = "PRODUCT_RECOGNISED",
    /// Only a recognition body may do this.
    RecognitionBodyOnly = "RECOGNITION_BODY_ONLY",
    /// The member named is no funder, or the project's funder has not signed.
    FundFunder = "FUND_FUNDER",
    /// The project is declared for the patent already, or no more projects fit.
    FundDeclared = "FUND_DECLARED",
    /// The patent is not declared as made with the funds of this project.
    FundNotDeclared = "FUND_NOT_DECLARED",
    /// The declaration is verified already.
    FundVerified = "FUND_VERIFIED",
    /// The funder has not verified the declaration.
    FundNotVerified = "FUND_NOT_VERIFIED",
    /// The time for implementation has not run out, or the patent is implemented.
    FundClockRunning = "FUND_CLOCK_RUNNING",
    /// The State's use is decided already.
    FundStateUse = "FUND_STATE_USE",
    /// The funded patent's year is reported already.
    FundReportDuplicate = "FUND_REPORT_DUPLICATE",
    /// The licence or transfer brought the institution no income.
    IncomeSource = "INCOME_SOURCE",
    /// The inventors' share is below the law's, and no rules are named.
    IncomeShareLow = "INCOME_SHARE_LOW",
    /// The inventors' parts do not sum to the whole.
    IncomeSharesSum = "INCOME_SHARES_SUM",
    /// A proposed value lies beyond its bounds.
    ParameterBounds = "PARAMETER_BOUNDS",
    /// A calendar's days are of another year, out of order, or of the wrong kind.
    CalendarDays = "CALENDAR_DAYS",
    /// The proposal is to count too soon.
    ProposalActivation = "PROPOSAL_ACTIVATION",
    /// The proposal is decided, or its time is over.
    ProposalClosed = "PROPOSAL_CLOSED",
    /// The exchange runs no node that votes.
    ProposalNoVote = "PROPOSAL_NO_VOTE",
    /// There is no node of this name.
    NodeUnknown = "NODE_UNKNOWN",
    /// There is a node of this name already.
    NodeNameTaken = "NODE_NAME_TAKEN",
    /// The network takes no more nodes.
    NodeLimit = "NODE_LIMIT",
    /// The change leaves no sound set of validators.
    NodeValidators = "NODE_VALIDATORS",
    /// Another exchange runs the node.
    NodeExchange = "NODE_EXCHANGE",
    /// Who releases a statistic is neither a statistics office nor an exchange.
    StatPublisher = "STAT_PUBLISHER",
    /// The seal from which a statistic is counted is not there yet.
    StatSeal = "STAT_SEAL",
    /// The cells of a release are cut in different ways.
    StatCut = "STAT_CUT",
    /// A figure's unit is not the indicator's.
    StatUnit = "STAT_UNIT",
    /// Too few contribute to a cell for its figure to be published.
    StatCell = "STAT_CELL",
    /// The release cannot be revised by this one.
    StatRevision = "STAT_REVISION",
    /// A regulator must do this, or sign it too.
    StatRegulator = "STAT_REGULATOR",
    /// The project's result of this year is reported already.
    ProjectResultDuplicate = "PROJECT_RESULT_DUPLICATE",
    /// The implementer has no right to work the patent.
    ImplementerNoRight = "IMPLEMENTER_NO_RIGHT",
    /// Only an exchange or a regulator that is no party verifies a report.
    VerifierRequired = "VERIFIER_REQUIRED",
    /// The report is verified already.
    ImplementationVerified = "IMPLEMENTATION_VERIFIED",
    /// Only the registry that registered a technical contract enters or corrects it.
    TechnicalRegistryOnly = "TECHNICAL_REGISTRY_ONLY",
    /// A technical contract with this number has been entered.
    TechnicalContractNumberTaken = "TECHNICAL_CONTRACT_NUMBER_TAKEN",
    /// The amount paid for technology is above the contract's.
    TechnicalAmountExceeds = "TECHNICAL_AMOUNT_EXCEEDS",
    /// What the contract refers to is linked with another contract.
    TechnicalContractLinked = "TECHNICAL_CONTRACT_LINKED",
    /// The authority for technology trade has not signed.
    TradeAuthorityRequired = "TRADE_AUTHORITY_REQUIRED",
    /// No party to what crosses the border has signed.
    TradePartyRequired = "TRADE_PARTY_REQUIRED",
    /// The sides do not lie as direction and country say.
    TradeSides = "TRADE_SIDES",
    /// The document for an import is missing.
    ImportDocRequired = "IMPORT_DOC_REQUIRED",
    /// The technology must not be imported.
    ImportForbidden = "IMPORT_FORBIDDEN",
    /// Only a university or research institute enters a patent in the stock.
    StockInstitutionOnly = "STOCK_INSTITUTION_ONLY",
    /// The patent is not in the stock.
    StockNotEntered = "STOCK_NOT_ENTERED",
    /// A grade lies outside its scale.
    ScaleRange = "SCALE_RANGE",
    /// Only an exchange or an operation centre may do this.
    MatchingOfficeOnly = "MATCHING_OFFICE_ONLY",
    /// There is no such version of the tiering rule.
    TierRule = "TIER_RULE",
    /// The tier is not what the rule computes.
    TierMismatch = "TIER_MISMATCH",
    /// A feedback is about another patent, or of an enterprise that counts already.
    TierFeedback = "TIER_FEEDBACK",
    /// The member does not give support of this kind.
    SupportGiver = "SUPPORT_GIVER",
    /// Only an enterprise may do this.
    EnterpriseOnly = "ENTERPRISE_ONLY",
    /// It is not proved that the enterprise was a recipient of the push.
    FeedbackNotRecipient = "FEEDBACK_NOT_RECIPIENT",
    /// It is not proved that the patent was among those pushed.
    FeedbackNotPushed = "FEEDBACK_NOT_PUSHED",
    /// The enterprise has given its feedback on this patent of this push.
    FeedbackGiven = "FEEDBACK_GIVEN",
    /// The demand has been closed.
    DemandState = "DEMAND_STATE",
    /// The patent is on offer in the same mode already.
    ListingDuplicate = "LISTING_DUPLICATE",
    /// A listing for sale does not say that the patent is openly licensed.
    ListingOpenUnsaid = "LISTING_OPEN_UNSAID",
    /// The listing has been ended.
    ListingState = "LISTING_STATE",
    /// Only an owner or the exchange of a listing ends it.
    ListingPartyRequired = "LISTING_PARTY_REQUIRED",
    /// The deal named is over none of the listing's patents.
    ListingOtherDeal = "LISTING_OTHER_DEAL",
    /// What came of the event has been recorded.
    EventReported = "EVENT_REPORTED",
    /// The pool's administrator has not signed.
    PoolAdministratorRequired = "POOL_ADMINISTRATOR_REQUIRED",
    /// A member of the pool has not signed.
    PoolMemberRequired = "POOL_MEMBER_REQUIRED",
    /// An exclusive or sole licence and a pool exclude each other.
    PoolExclusive = "POOL_EXCLUSIVE",
    /// The patent must be taken out of the pool first.
    PoolLeaveFirst = "POOL_LEAVE_FIRST",
    /// A bound on members, patents or pools is reached.
    PoolFull = "POOL_FULL",
    /// The pool has been dissolved.
    PoolState = "POOL_STATE",
    /// The member is not one of the pool.
    PoolMemberUnknown = "POOL_MEMBER_UNKNOWN",
    /// The member has not brought this patent into the pool.
    PoolPatentUnknown = "POOL_PATENT_UNKNOWN",
    /// The royalties of the period have been distributed.
    PoolPeriod = "POOL_PERIOD",
    /// The members' amounts do not sum to the total.
    PoolShareUnbalanced = "POOL_SHARE_UNBALANCED",
    /// The portfolio has ended.
    PortfolioState = "PORTFOLIO_STATE",
    /// The consortium has ended.
    ConsortiumState = "CONSORTIUM_STATE",
    /// The member is not in the consortium.
    ConsortiumMember = "CONSORTIUM_MEMBER",
    /// An exclusive or sole licence and an open-source pledge exclude each other.
    OpenSourceExclusive = "OPEN_SOURCE_EXCLUSIVE",
    /// An open licence at a fee and an open-source pledge exclude each other.
    OpenSourceFee = "OPEN_SOURCE_FEE",
    /// The patent stands under an open-source pledge already.
    OpenSourceAlready = "OPEN_SOURCE_ALREADY",
    /// The open-source pledge has been revoked.
    OpenSourceState = "OPEN_SOURCE_STATE",
    /// The open-source pledge has no defensive termination.
    OpenSourceNotDefensive = "OPEN_SOURCE_NOT_DEFENSIVE",
    /// The open-source pledge has been terminated against this member.
    OpenSourceTerminated = "OPEN_SOURCE_TERMINATED",
    /// The open-source pledge is irrevocable.
    OpenSourceIrrevocable = "OPEN_SOURCE_IRREVOCABLE",
    /// The undertaking gives no more than one that was made.
    StandardUndertakingLess = "STANDARD_UNDERTAKING_LESS",
}

impl Code {
    /// Article, message and cure, in Chinese and English.
    #[must_use]
    pub fn wording(self) -> &'static Wording {
        wording_of(self)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is no code of a refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no code of a refusal")]
pub struct UnknownCode(String);

impl std::str::FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text).ok_or_else(|| UnknownCode(text.into()))
    }
}
