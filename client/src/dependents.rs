//! Read what hangs on an object beside its own value: a patent's funding, a pledge's notices, a member's credit.

use crate::answer::{Object, Page};
use crate::node::segment;
use crate::{Error, Node, Resource};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tongda_ledger::identifier::{
    ContractId, CreditEventId, LicenceId, MemberId, NoticeId, ObjectKind, PatentId, PledgeId, TransferId,
};
use tongda_ledger::state::{
    Calendar, CreditEntry, Duties, FundAccount, Funding, Licence, LicenceDisputes, LicensorsBound,
    LiveListing, Member, MemberAttribute, MemberCredit, OpenNotice, Patent, PatentImplementation,
    PatentProducts, Pledge, PledgeCourse, PledgeNotice, PoolsOf, RecordalCancelled, RoyaltyPeriod,
    StockEntry, StreamList, Transfer, TransferGround,
};

/// What hangs on a patent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatentDependents {
    /// Whether and since when it is worked.
    pub implementation: Option<PatentImplementation>,
    /// The public funds that it was made with.
    pub funding: Option<Funding>,
    /// Its entry in the stock.
    pub stock: Option<StockEntry>,
    /// The pools that it is in.
    pub pools: Option<PoolsOf>,
    /// The filed products in which it is worked.
    pub products: Option<PatentProducts>,
    /// Its incomes that are assigned to finance instruments.
    pub streams: Option<StreamList>,
    /// Its latest listings on exchanges, at most one a mode.
    pub listings: Vec<LiveListing>,
}

/// What hangs on a licence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceDependents {
    /// The open cases about it.
    pub disputes: Option<LicenceDisputes>,
    /// The technical contract that it is linked with.
    pub contract: Option<ContractId>,
    /// The cancellation of its recordal.
    pub recordal_cancelled: Option<RecordalCancelled>,
    /// The members that it binds as licensors.
    pub bound: Option<LicensorsBound>,
}

/// What hangs on a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferDependents {
    /// What it rests on, if it is no sale.
    pub ground: Option<TransferGround>,
    /// The technical contract that it is linked with.
    pub contract: Option<ContractId>,
}

/// What hangs on a notice under an open licence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeDependents {
    /// The technical contract that it is linked with.
    pub contract: Option<ContractId>,
}

/// What hangs on a pledge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PledgeDependents {
    /// What has happened to it since its registration.
    pub course: Option<PledgeCourse>,
}

/// What hangs on a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberDependents {
    /// What keeps it from leaving.
    pub duties: Option<Duties>,
    /// Its account, if it is a fund into which somebody has paid.
    pub fund: Option<FundAccount>,
    /// Its entries in the credit supervision.
    pub credit: Option<MemberCredit>,
}

/// A type of object on which something hangs.
pub trait Depended {
    /// What names one of them.
    type Id: ToString + DeserializeOwned;
    /// What hangs on it.
    type Dependents: DeserializeOwned;
    /// Where they stand under `/v1/`.
    const PATH: &'static str;
}

macro_rules! depended {
    ($($type:ident, $id:ident, $dependents:ident, $kind:ident);* $(;)?) => {
        $(impl Depended for $type {
            type Id = $id;
            type Dependents = $dependents;
            const PATH: &'static str = ObjectKind::$kind.plural();
        })*
    };
}
depended!(
    Patent, PatentId, PatentDependents, Patent; Licence, LicenceId, LicenceDependents, Licence;
    Transfer, TransferId, TransferDependents, Transfer; OpenNotice, NoticeId, NoticeDependents, Notice;
    Pledge, PledgeId, PledgeDependents, Pledge; Member, MemberId, MemberDependents, Member;
);

impl Node {
    /// What hangs on an object.
    ///
    /// # Errors
    /// [`Error::Missing`] when the object does not exist, and others; so for all questions below.
    pub async fn dependents<T: Depended>(&self, id: T::Id) -> Result<T::Dependents, Error> {
        let path = format!("v1/{}/{}/dependents", T::PATH, segment(&id.to_string()));
        Ok(self.get::<Object<T::Id, T::Dependents>>(&path).await?.value)
    }

    /// What a pledgee was told, by number: the notices after the one named.
    ///
    /// # Errors
    /// As [`Self::dependents`].
    pub async fn pledge_notices(
        &self,
        pledge: PledgeId,
        after: Option<u32>,
    ) -> Result<Page<Object<u32, PledgeNotice>>, Error> {
        self.part::<Pledge, _>(pledge, "notices", after).await
    }

    /// The periods of a licence whose royalty is reported and not disputed.
    ///
    /// # Errors
    /// As [`Self::dependents`].
    pub async fn royalty_periods(&self, licence: LicenceId) -> Result<Vec<RoyaltyPeriod>, Error> {
        Ok(self.part::<Licence, Page<_>>(licence, "royalties", None::<u32>).await?.items)
    }

    /// What others have certified of a member.
    ///
    /// # Errors
    /// As [`Self::dependents`].
    pub async fn attributes(&self, member: MemberId) -> Result<Vec<MemberAttribute>, Error> {
        Ok(self.part::<Member, Page<_>>(member, "attributes", None::<u32>).await?.items)
    }

    /// A member's entries in the credit supervision, the latest first; from before the one named.
    ///
    /// # Errors
    /// As [`Self::dependents`].
    pub async fn credit(
        &self,
        member: MemberId,
        after: Option<CreditEventId>,
    ) -> Result<Page<Object<CreditEventId, CreditEntry>>, Error> {
        self.part::<Member, _>(member, "credit", after).await
    }

    /// The holidays of a year; [`Error::Missing`] when there is no calendar of it.
    ///
    /// # Errors
    /// As [`Self::dependents`].
    pub async fn calendar(&self, year: u32) -> Result<Calendar, Error> {
        Ok(self.get::<Object<u32, Calendar>>(&format!("v1/calendars/{year}")).await?.value)
    }

    async fn part<T: Resource, A: DeserializeOwned>(
        &self,
        id: T::Id,
        part: &str,
        after: Option<impl ToString>,
    ) -> Result<A, Error> {
        let path = format!("v1/{}/{}/{part}", T::PATH, segment(&id.to_string()));
        let after = after.map(|after| after.to_string());
        let query: Vec<_> = after.iter().map(|after| ("after", after.as_str())).collect();
        self.get_with(&path, &query).await
    }
}
