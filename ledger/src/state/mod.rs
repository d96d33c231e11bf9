//! What is true now: typed keys and values, views of them, and the overlay that an execution writes to.
//!
//! A value is stored as `type tag u16 ‖ schema u8 ‖ body length u16 ‖ body`; its key is the type's tag and the id's
//! bytes. Tags and schemas are given explicitly beside each type and never reused. The queue of what falls due is not
//! stored: each value says when it is due ([`Stored::due`]), so the queue is a function of the authenticated state.

mod attribute;
mod key;
mod licence;
mod member;
mod memory;
mod network;
mod open_licence;
mod overlay;
mod parameters;
mod party;
mod patent;
mod pending;
mod pledge;
mod royalty;
mod transfer;
mod used;

pub use attribute::MemberAttribute;
pub use key::{
    ACT_BODY_LIMIT, Fault, KeyId, StateKey, Stored, Unit, VALUE_LIMIT, due_of, key_digest, type_name,
};
pub use licence::{
    Licence, LicenceList, LicenceOrigin, LicenceState, LicensorsBound, RecordalCancelled, RecordalTaken,
    Recorded,
};
pub use member::{Duties, Member, MemberByCode, MemberByKey, MemberKey, PowerOfAttorney, Standing};
pub use memory::MemoryState;
pub use network::{Anchor, Node, Nodes};
pub use open_licence::{Announcement, Declaration, DeclarationState, NoticeState, OpenNotice, ReceiptUsed};
pub use overlay::{Overlay, Read, View, Writes};
pub use parameters::{Parameters, Table};
pub use party::Party;
pub use patent::{Frozen, Life, Patent, PatentByNumber, PatentStatus, Verdict};
pub use pending::{Pending, PendingState, Substance};
pub use pledge::{Pledge, PledgeConsent, PledgeState};
pub use royalty::{RoyaltyPeriod, RoyaltyPeriods, RoyaltyReport, RoyaltyState};
pub use transfer::{Transfer, TransferBasis, TransferGround, TransferState};
pub use used::{CHUNK as USED_CHUNK, ReplayWindow, UsedChunk, UsedId, UsedTail};
