//! Name a value of the state: the key is the type's tag and the id's bytes.

use crate::codec::{self, Bytes, Decode, Encode};
use crate::hash::{Domain, Hash};
use crate::identifier::Timestamp;

/// The longest state value, in bytes: larger ones cost the index more memory than they are worth.
pub const VALUE_LIMIT: usize = 16 * 1024;

/// The longest id of a key, in bytes.
const ID_LIMIT: usize = 32;

/// The key of a state value: the type's tag and up to 32 bytes of id.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateKey {
    tag: u16,
    length: u8,
    id: [u8; ID_LIMIT],
}

impl StateKey {
    /// The key of the value of type `T` with this id.
    #[must_use]
    pub fn of<T: Stored>(id: &T::Id) -> Self {
        let bytes = id.bytes();
        let mut key = Self { tag: T::TAG, length: 0, id: [0; ID_LIMIT] };
        key.id[..bytes.len()].copy_from_slice(&bytes);
        key.length = u8::try_from(bytes.len()).expect("ids have at most 32 bytes");
        key
    }

    /// A key read back from its [`Self::bytes`].
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (&[low, high], rest) = bytes.split_first_chunk()?;
        let mut key = Self { tag: u16::from_le_bytes([low, high]), length: 0, id: [0; ID_LIMIT] };
        key.id.get_mut(..rest.len())?.copy_from_slice(rest);
        key.length = u8::try_from(rest.len()).ok()?;
        Some(key)
    }

    /// The type's tag.
    #[must_use]
    pub const fn tag(&self) -> u16 {
        self.tag
    }

    /// The id's bytes.
    #[must_use]
    pub fn id(&self) -> &[u8] {
        &self.id[..usize::from(self.length)]
    }

    /// The id as people write it, for the types that are named by the id of an object that is certified; else in
    /// hexadecimal.
    #[must_use]
    pub fn shown_id(&self) -> String {
        use super::{Declaration, Licence, Member, Party, Patent, PatentByNumber, PatentStatus, Pledge};
        use crate::identifier::{DeclarationId, LicenceId, MemberId, PartyId, PatentId, PledgeId};
        let Ok(bytes) = <[u8; 8]>::try_from(self.id()) else { return hex::encode(self.id()) };
        let number = u64::from_be_bytes(bytes);
        let (position, ordinal) = (number >> 8, number.to_le_bytes()[0]);
        match self.tag {
            Member::TAG => MemberId::new(position, ordinal).to_string(),
            Party::TAG => PartyId::new(position, ordinal).to_string(),
            Patent::TAG | PatentStatus::TAG => PatentId::new(position, ordinal).to_string(),
            Declaration::TAG => DeclarationId::new(position, ordinal).to_string(),
            Licence::TAG => LicenceId::new(position, ordinal).to_string(),
            Pledge::TAG => PledgeId::new(position, ordinal).to_string(),
            PatentByNumber::TAG => codec::decode::<crate::identifier::PatentNumber>(&bytes, 8)
                .map_or_else(|_| hex::encode(bytes), |number| number.to_string()),
            _ => hex::encode(bytes),
        }
    }

    /// `tag u16 ‖ id`: the key in bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        [&self.tag.to_le_bytes(), self.id()].concat()
    }

    /// The key's place in the state map: `H(map-key ‖ tag u16 ‖ id length u16 ‖ id)`.
    #[must_use]
    pub fn hash(&self) -> Hash {
        let length = u16::from(self.length).to_le_bytes();
        Hash::of(Domain::MAP_KEY, &[&self.tag.to_le_bytes(), &length, self.id()])
    }
}

impl std::fmt::Debug for StateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", type_name(self.tag), hex::encode(self.id()))
    }
}

/// An id that can name a state value.
pub trait KeyId {
    /// The id's bytes, at most 32; numbers big-endian, so that keys sort as ids do.
    fn bytes(&self) -> Vec<u8>;
}

/// The id of a type of which the state holds one value.
#[derive(Copy, Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Unit;

impl KeyId for Unit {
    fn bytes(&self) -> Vec<u8> {
        Vec::new()
    }
}

impl KeyId for u64 {
    fn bytes(&self) -> Vec<u8> {
        self.to_be_bytes().to_vec()
    }
}

impl KeyId for Hash {
    fn bytes(&self) -> Vec<u8> {
        self.0.to_vec()
    }
}

/// Ids of objects: position and ordinal, big-endian.
macro_rules! object_keys {
    ($($id:ident),*) => {
        $(impl KeyId for crate::identifier::$id {
            fn bytes(&self) -> Vec<u8> {
                let id = self.object_id();
                (id.position() << 8 | u64::from(id.ordinal())).bytes()
            }
        })*
    };
}
object_keys!(
    MemberId,
    PartyId,
    PatentId,
    DeclarationId,
    NoticeId,
    LicenceId,
    TransferId,
    PledgeId,
    PendingId,
    PowerId,
    RecordId,
    ValuationId,
    InstrumentId,
    ContractId,
    ListingId,
    DemandId,
    PushId,
    EventId,
    PoolId,
    OpenSourceId,
    ProductId,
    CaseId,
    CreditEventId,
    ProposalId,
    StatisticId,
    ProjectId
);

impl KeyId for crate::identifier::PatentNumber {
    fn bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }
}

impl KeyId for crate::identifier::TechnicalContractNumber {
    fn bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }
}

impl KeyId for crate::identifier::ObjectRef {
    fn bytes(&self) -> Vec<u8> {
        let id = self.object_id();
        [vec![self.kind().tag()], (id.position() << 8 | u64::from(id.ordinal())).bytes()].concat()
    }
}

impl KeyId for crate::act::ActKind {
    fn bytes(&self) -> Vec<u8> {
        vec![self.family, self.kind]
    }
}

impl<A: KeyId, B: KeyId> KeyId for (A, B) {
    fn bytes(&self) -> Vec<u8> {
        [self.0.bytes(), self.1.bytes()].concat()
    }
}

impl<A: KeyId, B: KeyId, C: KeyId> KeyId for (A, B, C) {
    fn bytes(&self) -> Vec<u8> {
        [self.0.bytes(), self.1.bytes(), self.2.bytes()].concat()
    }
}

impl KeyId for u32 {
    fn bytes(&self) -> Vec<u8> {
        self.to_be_bytes().to_vec()
    }
}

/// Something broken under the rules: a value that cannot be read. Never an answer to whether an act is allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The store could not be read.
    #[error("reading the state: {0}")]
    Store(String),
    /// A value is not what its key says.
    #[error("the state value {key:?} is corrupt: {reason}")]
    Corrupt {
        /// The value's key.
        key: StateKey,
        /// What is wrong with it.
        reason: String,
    },
    /// Something that must be there is not, or the other way round: the state contradicts itself.
    #[error("the state contradicts itself: {0}")]
    Contradiction(String),
}

/// A type whose values stand in the state.
pub trait Stored: Encode + Decode<()> + Sized {
    /// The type's tag; never reused.
    const TAG: u16;
    /// The version of the value's body.
    const SCHEMA: u8 = 1;
    /// What names a value.
    type Id: KeyId;

    /// Whether time does something to values of this type: `stored!` says so where it defines [`Self::due`]. A value of
    /// another type is replaced without a look at when the old one was due.
    const TIMED: bool = false;

    /// The first instant at which something happens to this value by the passing of time.
    fn due(&self) -> Option<Timestamp> {
        None
    }

    /// The value in bytes: `tag u16 ‖ schema u8 ‖ length u16 ‖ body`.
    ///
    /// # Errors
    /// [`Fault`] when it is longer than [`VALUE_LIMIT`].
    fn to_bytes(&self) -> Result<Vec<u8>, Fault> {
        let body = codec::encode(self);
        let too_long =
            || Fault::Contradiction(format!("a value of {} has {} bytes", type_name(Self::TAG), body.len()));
        let length =
            u16::try_from(body.len()).ok().filter(|_| body.len() <= VALUE_LIMIT).ok_or_else(too_long)?;
        let mut bytes = Vec::with_capacity(body.len() + 5);
        bytes.extend_from_slice(&Self::TAG.to_le_bytes());
        bytes.push(Self::SCHEMA);
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(&body);
        Ok(bytes)
    }

    /// Reads a value back.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] when tag, schema, length or body are not this type's.
    fn from_bytes(key: &StateKey, bytes: &[u8]) -> Result<Self, Fault> {
        let corrupt = |reason: String| Fault::Corrupt { key: *key, reason };
        let (header, body) = bytes.split_first_chunk::<5>().ok_or_else(|| corrupt("cut short".into()))?;
        let tag = u16::from_le_bytes([header[0], header[1]]);
        if tag != Self::TAG || header[2] != Self::SCHEMA {
            return Err(corrupt(format!("tag {tag} with schema {}", header[2])));
        }
        if usize::from(u16::from_le_bytes([header[3], header[4]])) != body.len() {
            return Err(corrupt("its length is wrong".into()));
        }
        codec::decode(body, VALUE_LIMIT).map_err(|error| corrupt(error.to_string()))
    }
}

/// Declares a stored type's tag, id and, where time can touch it, when it is due.
macro_rules! stored {
    ($type:ty, $tag:literal, $id:ty $(, due |$value:ident| $due:expr)?) => {
        impl $crate::state::Stored for $type {
            const TAG: u16 = $tag;
            type Id = $id;
            $(const TIMED: bool = true;
            fn due(&self) -> Option<$crate::identifier::Timestamp> {
                let $value = self;
                $due
            })?
        }
    };
}
pub(crate) use stored;

/// Lists the stored types: their names by tag, and when a value in bytes is due.
macro_rules! stored_types {
    ($($type:ident),* $(,)?) => {
        /// The name of the type with this tag.
        #[must_use]
        pub fn type_name(tag: u16) -> &'static str {
            $(if tag == <super::$type as Stored>::TAG { return stringify!($type); })*
            "unknown"
        }

        /// A value of the state, of whichever type; in JSON it is as the value itself is.
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[serde(untagged)]
        pub enum AnyValue {
            $(#[doc = concat!("[`super::", stringify!($type), "`].")] $type(Box<super::$type>)),*
        }

        impl AnyValue {
            /// Reads a value in bytes as one of its key's type.
            ///
            /// # Errors
            /// [`Fault::Corrupt`] when the bytes are none, or the type is unknown.
            pub fn read(key: &StateKey, bytes: &[u8]) -> Result<Self, Fault> {
                match key.tag() {
                    $(tag if tag == <super::$type as Stored>::TAG => {
                        Ok(Self::$type(Box::new(<super::$type as Stored>::from_bytes(key, bytes)?)))
                    })*
                    tag => Err(Fault::Corrupt { key: *key, reason: format!("type {tag} is unknown") }),
                }
            }
        }

        /// When a value in bytes is due; `None` for a type that time does not touch.
        ///
        /// # Errors
        /// [`Fault::Corrupt`] when the bytes are no value of the key's type.
        pub fn due_of(key: &StateKey, bytes: &[u8]) -> Result<Option<Timestamp>, Fault> {
            match key.tag() {
                $(tag if tag == <super::$type as Stored>::TAG => Ok(<super::$type as Stored>::from_bytes(key, bytes)?.due()),)*
                tag => Err(Fault::Corrupt { key: *key, reason: format!("type {tag} is unknown") }),
            }
        }
    };
}

stored_types!(
    Parameters,
    Nodes,
    Anchor,
    Member,
    MemberByCode,
    MemberByKey,
    PowerOfAttorney,
    Party,
    Patent,
    PatentByNumber,
    PatentStatus,
    LicenceList,
    Declaration,
    OpenNotice,
    ReceiptUsed,
    Licence,
    RecordalTaken,
    Transfer,
    Pledge,
    PledgeConsent,
    Pending,
    UsedChunk,
    UsedTail,
    Duties,
    PledgeCourse,
    PledgeNotice,
    Disposal,
    Valuation,
    FundAccount,
    Compensation,
    Instrument,
    StreamList,
    InsuranceClaim,
    CreditLine,
    Product,
    ProductOutput,
    ProductByPlatform,
    PatentProducts,
    Funding,
    FundingReport,
    IncomeDistribution,
    DiligenceEntry,
    TenderNotice,
    Proposal,
    NodeKeyUsed,
    Calendar,
    Statistic,
    RegionalReport,
    Project,
    ProjectResult,
    ExternalAnchor,
    Publication,
    Implementation,
    PatentImplementation,
    TechnicalContract,
    ContractByNumber,
    ContractOf,
    BorderTrade,
    StockEntry,
    SupportMeasure,
    MatchPush,
    MatchFeedback,
    FeedbackGiven,
    Demand,
    Listing,
    LiveListing,
    MatchingEvent,
    Pool,
    PoolMember,
    PoolsOf,
    PoolDistribution,
    Portfolio,
    Consortium,
    OpenSource,
    OpenSourceTermination,
    StandardDeclaration,
    UndertakenFor,
    DisputeCase,
    LicenceDisputes,
    CreditEntry,
    MemberCredit,
    TransferGround,
    RecordalCancelled,
    RoyaltyReport,
    RoyaltyPeriods,
    MemberAttribute,
    LicensorsBound,
    AnnuityPaid,
);

/// The id of a public key in the state, for [`super::MemberByKey`].
#[must_use]
pub fn key_digest(key: &crate::key::PublicKey) -> Hash {
    Hash::plain(&[&codec::encode(key)])
}

/// The longest body of an act that may stand as pending, in bytes: the value must fit.
pub const ACT_BODY_LIMIT: usize = 10_240;

/// Opaque act bytes kept in a pending act.
pub(super) type ActBody = Bytes<ACT_BODY_LIMIT>;
