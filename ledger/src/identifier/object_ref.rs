//! Refer to an object of any kind.

use super::text::text_form;
use super::{
    CaseId, ContractId, CreditEventId, DeclarationId, DemandId, EventId, InstrumentId, LicenceId, ListingId,
    MemberId, NoticeId, ObjectId, ObjectIdError, ObjectKind, OpenSourceId, PartyId, PatentId, PendingId,
    PledgeId, PoolId, PowerId, ProductId, ProjectId, ProposalId, PushId, RecordId, StatisticId, TransferId,
    ValuationId,
};
use crate::codec::checked_wire;
use std::fmt;

/// Declares the choice over all kinds: one variant a kind, by the name of the kind.
macro_rules! reference {
    ($($kind:ident($id:ident)),* $(,)?) => {
        /// The id of an object with its kind. On the wire the kind's tag, one byte, and the id, eight; as text the id.
        #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ObjectRef {
            $(#[doc = concat!("An object with a [`", stringify!($id), "`].")] $kind($id)),*
        }

        impl ObjectRef {
            /// The kind of the object.
            #[must_use]
            pub const fn kind(self) -> ObjectKind {
                match self {
                    $(Self::$kind(_) => ObjectKind::$kind),*
                }
            }

            /// The id without its kind.
            #[must_use]
            pub const fn object_id(self) -> ObjectId {
                match self {
                    $(Self::$kind(id) => id.object_id()),*
                }
            }

            /// The object of a kind with an id.
            ///
            /// # Errors
            /// [`ObjectIdError::RecordOrdinal`] for a record whose ordinal is not 0.
            pub fn new(kind: ObjectKind, id: ObjectId) -> Result<Self, ObjectIdError> {
                match kind {
                    $(ObjectKind::$kind => $id::try_from(id).map(Self::$kind)),*
                }
            }
        }

        $(impl From<$id> for ObjectRef {
            fn from(id: $id) -> Self {
                Self::$kind(id)
            }
        })*
    };
}
reference! {
    Member(MemberId),
    Party(PartyId),
    Patent(PatentId),
    Declaration(DeclarationId),
    Licence(LicenceId),
    Transfer(TransferId),
    Pledge(PledgeId),
    Pending(PendingId),
    Notice(NoticeId),
    Power(PowerId),
    Record(RecordId),
    Valuation(ValuationId),
    Instrument(InstrumentId),
    Contract(ContractId),
    Listing(ListingId),
    Demand(DemandId),
    Push(PushId),
    Event(EventId),
    Pool(PoolId),
    OpenSource(OpenSourceId),
    Product(ProductId),
    Case(CaseId),
    CreditEvent(CreditEventId),
    Proposal(ProposalId),
    Statistic(StatisticId),
    Project(ProjectId),
}

/// Why bytes are no reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObjectRefError {
    /// A tag that no kind has.
    #[error("{0} is no tag of a kind of object")]
    Tag(u8),
    /// An id that the kind does not allow.
    #[error(transparent)]
    Id(#[from] ObjectIdError),
}

impl TryFrom<(u8, ObjectId)> for ObjectRef {
    type Error = ObjectRefError;

    fn try_from((tag, id): (u8, ObjectId)) -> Result<Self, ObjectRefError> {
        let kind = ObjectKind::of_tag(tag).ok_or(ObjectRefError::Tag(tag))?;
        Ok(Self::new(kind, id)?)
    }
}
checked_wire!(ObjectRef, (u8, ObjectId), |object| (object.kind().tag(), object.object_id()));

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.object_id().write(self.kind(), f)
    }
}
text_form!(ObjectRef);

impl std::str::FromStr for ObjectRef {
    type Err = ObjectIdError;

    fn from_str(text: &str) -> Result<Self, ObjectIdError> {
        let (kind, id) = ObjectId::read(text)?;
        Self::new(kind, id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::decode;
    use crate::identifier::text::tests::survives_every_form;

    #[test]
    fn a_reference_of_every_kind_survives_every_form_with_its_letter() {
        for kind in ObjectKind::ALL {
            let object = ObjectRef::new(kind, ObjectId::new(1042, 0)).unwrap();
            assert_eq!(object.kind(), kind);
            assert!(object.to_string().starts_with(kind.letter()), "{object}");
            survives_every_form(&object, 9);
        }
        let patent = PatentId::new(7, 2);
        assert_eq!(ObjectRef::from(patent).to_string(), patent.to_string());
        assert_eq!(patent.to_string().parse(), Ok(ObjectRef::Patent(patent)));
    }

    #[test]
    fn an_unknown_tag_and_a_record_with_an_ordinal_do_not_decode() {
        assert!(decode::<ObjectRef>(&[0, 0, 1, 0, 0, 0, 0, 0, 0], 9).is_err());
        assert!(decode::<ObjectRef>(&[27, 0, 1, 0, 0, 0, 0, 0, 0], 9).is_err());
        assert!(decode::<ObjectRef>(&[11, 1, 1, 0, 0, 0, 0, 0, 0], 9).is_err());
        assert!(decode::<ObjectRef>(&[10, 1, 1, 0, 0, 0, 0, 0, 0], 9).is_ok());
    }
}
