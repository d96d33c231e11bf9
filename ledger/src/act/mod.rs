//! What can be written: one file a family of the record catalogue.
//!
//! On the wire an act is `family u8 ‖ kind u8 ‖ schema u8 ‖ body length u16 ‖ body`. Family, kind and schema are given
//! here, explicitly, and never reused; the body is the act's fields in their order of declaration. A new kind is a
//! struct in its family's file, one line in the list below, and its rules in the file of the same name in `rules/`.

pub mod attribute;
pub mod consent;
pub mod licence;
pub mod member;
pub mod open_licence;
pub mod party;
pub mod patent;
pub mod pledge;
pub mod royalty;
mod texts;
pub mod transfer;

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
    /// The pledgee releases a pledge.
    7/4/1 "pledge.release" => PledgeRelease(pledge::Release),
    /// The pledgee consents in advance to acts on the pledged patent.
    7/5/1 "pledge.consent" => PledgeConsent(pledge::Consent),
    /// A party consents to a pending act.
    8/1/1 "consent.give" => ConsentGive(consent::Give),
    /// A party declines a pending act.
    8/2/1 "consent.decline" => ConsentDecline(consent::Decline),
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
