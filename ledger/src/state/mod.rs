//! What is true now: typed keys and values, views of them, and the overlay that an execution writes to.
//!
//! A value is stored as `type tag u16 ‖ schema u8 ‖ body length u16 ‖ body`; its key is the type's tag and the id's
//! bytes. Tags and schemas are given explicitly beside each type and never reused. The queue of what falls due is not
//! stored: each value says when it is due ([`Stored::due`]), so the queue is a function of the authenticated state.

mod attribute;
mod consortium;
mod credit;
mod dispute;
mod event;
mod finance;
mod funding;
mod governance;
mod implementation;
mod key;
mod licence;
mod listing;
mod matching;
mod member;
mod memory;
mod network;
mod open_licence;
mod open_source;
mod overlay;
mod parameters;
mod party;
mod patent;
mod pending;
mod pledge;
mod pool;
mod portfolio;
mod product;
mod risk;
mod royalty;
mod standard;
mod statistics;
mod stock;
mod technical_contract;
mod trade;
mod transfer;
mod used;
mod valuation;

pub use attribute::MemberAttribute;
pub use consortium::Consortium;
pub use credit::{CreditEntry, CreditState, MemberCredit};
pub use dispute::{CaseState, DisputeCase, LicenceDisputes};
pub use event::{EventResult, MatchingEvent};
pub use finance::{ClaimState, CreditLine, Instrument, InstrumentState, InsuranceClaim, Stream, StreamList};
pub use funding::{
    DiligenceEntry, FundedProject, Funding, FundingReport, IncomeDistribution, Justification, StateUse,
    TenderNotice,
};
pub use governance::{Ballot, Calendar, NodeKeyUsed, Proposal, ProposalChange, ProposalState};
pub use implementation::{FirstImplementation, Implementation, PatentImplementation};
pub use key::{
    ACT_BODY_LIMIT, AnyValue, Fault, KeyId, StateKey, Stored, Unit, VALUE_LIMIT, due_of, key_digest,
    type_name,
};
pub use licence::{
    Licence, LicenceList, LicenceOrigin, LicenceState, LicensorsBound, RecordalCancelled, RecordalTaken,
    Recorded,
};
pub use listing::{Listing, LiveListing};
pub use matching::{Demand, FeedbackGiven, MatchFeedback, MatchPush};
pub use member::{Duties, Member, MemberByCode, MemberByKey, MemberKey, PowerOfAttorney, Standing};
pub use memory::MemoryState;
pub use network::{Anchor, Node, Nodes};
pub use open_licence::{Announcement, Declaration, DeclarationState, NoticeState, OpenNotice, ReceiptUsed};
pub use open_source::{OpenSource, OpenSourceTermination};
pub use overlay::{Overlay, PatentEvent, Read, View, Writes};
pub use parameters::{Parameters, Table};
pub use party::Party;
pub use patent::{AnnuityPaid, Frozen, Life, Patent, PatentByNumber, PatentStatus, Verdict, chain_event};
pub use pending::{Pending, PendingState, Substance};
pub use pledge::{
    DefaultStated, Disposal, NoticeCause, Pledge, PledgeChanged, PledgeConsent, PledgeCourse, PledgeNotice,
    PledgeState,
};
pub use pool::{Pool, PoolDistribution, PoolMember, PoolsOf};
pub use portfolio::Portfolio;
pub use product::{PatentProducts, Product, ProductByPlatform, ProductOutput, ProductState, Recognition};
pub use risk::{Compensation, FundAccount};
pub use royalty::{RoyaltyPeriod, RoyaltyPeriods, RoyaltyReport, RoyaltyState};
pub use standard::{StandardDeclaration, UndertakenFor};
pub use statistics::{ExternalAnchor, Project, ProjectResult, Publication, RegionalReport, Statistic};
pub use stock::{AssignedTier, StockEntry, SupportMeasure};
pub use technical_contract::{ContractByNumber, ContractMismatch, ContractOf, TechnicalContract};
pub use trade::BorderTrade;
pub use transfer::{Transfer, TransferBasis, TransferGround, TransferState};
pub use used::{CHUNK as USED_CHUNK, ReplayWindow, UsedChunk, UsedId, UsedTail};
pub use valuation::Valuation;
