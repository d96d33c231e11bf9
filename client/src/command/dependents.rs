//! Read what hangs on an object: `dependents`, and the lists of notices, attributes and credit events.

use super::caller::Caller;
use super::failure::Failure;
use super::show::{Listing as _, more, print, table, tree};
use super::value::word;
use serde::Serialize;
use serde_json::json;
use tongda_client::answer::Object;
use tongda_client::dependents::Depended;
use tongda_ledger::identifier::{CreditEventId, MemberId, PledgeId};
use tongda_ledger::state::CreditEntry;

/// What may hang on an object or not, together.
pub(crate) async fn all<T: Depended<Dependents: Serialize, Id: Copy + Serialize>>(
    caller: &Caller,
    id: T::Id,
) -> Result<(), Failure> {
    let object = Object { id, value: caller.node.dependents::<T>(id).await? };
    print(caller, &object, |object| tree(&json!(object)));
    Ok(())
}

/// `tongda pledge notices`.
pub(crate) async fn notices(caller: &Caller, pledge: PledgeId, after: Option<u32>) -> Result<(), Failure> {
    let page = caller.node.pledge_notices(pledge, after).await?;
    print(caller, &page, |page| {
        let row = |notice: &Object<u32, tongda_ledger::state::PledgeNotice>| {
            let Object { id, value } = notice;
            let (patent, record) = (value.patent.to_string(), value.record.to_string());
            vec![id.to_string(), value.on.to_string(), patent, record, word(&value.cause)]
        };
        let head = ["序号 number", "日期 day", "专利 patent", "记录 record", "事由 cause"];
        let next = page.next.as_ref().map(|next| more(caller.language, next));
        table(&head, page.items.iter().map(row).collect()) + &next.unwrap_or_default()
    });
    Ok(())
}

/// `tongda member attributes`.
pub(crate) async fn attributes(caller: &Caller, member: MemberId) -> Result<(), Failure> {
    let items = caller.node.attributes(member).await?;
    print(caller, &json!({ "items": items }), |_| {
        let row = |attribute: &tongda_ledger::state::MemberAttribute| {
            let until = attribute.until.map_or_else(|| "-".into(), |until| until.to_string());
            let by = attribute.by.to_string();
            vec![attribute.from.to_string(), until, by, attribute.record.to_string(), word(&attribute.value)]
        };
        let head = ["起始 from", "截止 until", "认定人 by", "记录 record", "资质 attribute"];
        table(&head, items.iter().map(row).collect())
    });
    Ok(())
}

/// `tongda member credit`.
pub(crate) async fn credit(
    caller: &Caller,
    member: MemberId,
    after: Option<CreditEventId>,
) -> Result<(), Failure> {
    let page = caller.node.credit(member, after).await?;
    print(caller, &page, |page| {
        let next = page.next.as_ref().map(|next| more(caller.language, next));
        table(CreditEntry::HEAD, page.items.iter().map(CreditEntry::row).collect())
            + &next.unwrap_or_default()
    });
    Ok(())
}
