//! Name things by values that cannot be wrong: whoever holds one holds one that passed its check.
//!
//! What people write is read once, at the door, by `FromStr`: full-width characters, spaces and lower case are
//! taken as meant, and what is wrong is refused with its place and its cure. `Display` writes the normal form, which
//! is also the form in JSON. On the wire each value has a short form of fixed width, little-endian, and decoding it
//! checks as much as reading it does. No value here looks anything up in a table that changes: which classes,
//! industries and regions are in use is state of the network; their shape is not.
//!
//! - A patent: [`PatentNumber`], [`PatentKind`], [`PublicationNumber`], [`Classification`] ([`IpcSymbol`],
//!   [`IpcSubclass`], [`LocarnoClass`]).
//! - An organisation: [`CreditCode`], [`OverriddenCode`], [`IndustryCode`], [`RegionCode`], [`CountryCode`].
//! - An amount: [`Money`], [`Rate`].
//! - A time: [`Date`], [`Timestamp`], [`Term`].
//! - A number that an office gave: [`RecordalNumber`], [`TechnicalContractNumber`].
//! - An object of the ledger: [`ObjectRef`] and the ids of its kinds, all of them an [`ObjectId`] with a letter.

mod classification;
mod contract_number;
mod country;
mod credit_code;
mod date;
mod industry;
mod ipc;
mod locarno;
mod money;
mod object_id;
mod object_kind;
mod object_ref;
mod patent_kind;
mod patent_number;
mod personal_number;
mod publication_number;
mod rate;
mod recordal_number;
mod region;
mod term;
mod text;
mod timestamp;

pub use classification::{Classification, ClassificationError};
pub use contract_number::{TechnicalContractNumber, TechnicalContractNumberError};
pub use country::{CountryCode, CountryCodeError};
pub use credit_code::{CreditCode, CreditCodeError, OverriddenCode};
pub use date::{Date, DateError};
pub use industry::{IndustryCode, IndustryCodeError};
pub use ipc::{IpcError, IpcSubclass, IpcSymbol};
pub use locarno::{LocarnoClass, LocarnoError};
pub use money::{Money, MoneyError};
pub use object_id::{
    CaseId, ContractId, CreditEventId, DeclarationId, DemandId, EventId, InstrumentId, LicenceId, ListingId,
    MemberId, NoticeId, ObjectId, ObjectIdError, OpenSourceId, PartyId, PatentId, PendingId, PledgeId,
    PoolId, PowerId, ProductId, ProjectId, ProposalId, PushId, RecordId, StatisticId, TransferId,
    ValuationId,
};
pub use object_kind::ObjectKind;
pub use object_ref::{ObjectRef, ObjectRefError};
pub use patent_kind::{PatentKind, PatentKindError};
pub use patent_number::{PatentNumber, PatentNumberError};
pub use personal_number::has_personal_number;
pub use publication_number::{PublicationKind, PublicationNumber, PublicationNumberError};
pub use rate::{Rate, RateError};
pub use recordal_number::{RecordalKind, RecordalNumber, RecordalNumberError};
pub use region::{RegionCode, RegionCodeError};
pub use term::{Term, TermError};
pub use timestamp::{Timestamp, TimestampError};
