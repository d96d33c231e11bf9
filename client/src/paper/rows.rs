//! Tell of an object what holds and what does not, in Chinese and English.

use super::page::{Both, Mark, Row};
use serde::Serialize;
use tongda_ledger::act::licence::LicenceKind;
use tongda_ledger::identifier::Date;
use tongda_ledger::state::{
    Declaration, DeclarationState, Licence, LicenceState, Life, Member, PatentStatus, Pledge, PledgeState,
    Verdict,
};

/// A row.
fn row(label: (&str, &str), mark: Mark, zh: impl Into<String>, en: impl Into<String>) -> Row {
    Row { label: Both::new(label.0, label.1), value: Both::new(zh, en), mark }
}

/// A row whose value reads the same in both languages.
fn plain(label: (&str, &str), mark: Mark, value: impl ToString) -> Row {
    let value = value.to_string();
    row(label, mark, value.clone(), value)
}

/// A row of something that is there or is not, by its id.
fn maybe<T: ToString>(label: (&str, &str), mark: Mark, there: (&str, &str), what: Option<T>) -> Row {
    match what {
        Some(what) => {
            let what = what.to_string();
            row(label, mark, format!("{} {what}", there.0), format!("{}, {what}", there.1))
        }
        None => row(label, Mark::HoldsNot, "无", "none"),
    }
}

/// A row of a count.
fn count<T: ToString>(label: (&str, &str), mark: Mark, count: u32, latest: Option<T>) -> Row {
    if count == 0 {
        return row(label, Mark::HoldsNot, "无", "none");
    }
    let latest = latest.map(|id| id.to_string());
    let (zh, en) =
        latest.map_or_else(Default::default, |id| (format!("，最近 {id}"), format!(", the latest {id}")));
    row(label, mark, format!("{count} 件{zh}"), format!("{count}{en}"))
}

const fn life(life: Life) -> (&'static str, &'static str, Mark) {
    match life {
        Life::Application => ("申请中，尚未授权", "an application, not granted", Mark::HoldsNot),
        Life::Granted => ("授权有效", "granted, in force", Mark::Holds),
        Life::Grace => ("有效，年费处于滞纳期", "in force, an annuity in its grace period", Mark::Burden),
        Life::Lapsed => ("因未缴年费终止", "lapsed for an unpaid annuity", Mark::Burden),
        Life::Abandoned => ("已放弃", "abandoned", Mark::Burden),
        Life::Expired => ("期限届满", "expired", Mark::Burden),
        Life::Invalidated => ("全部无效", "declared wholly invalid", Mark::Burden),
    }
}

/// What holds of a patent on a day.
pub(super) fn status(status: &PatentStatus, on: Date) -> Vec<Row> {
    let (zh, en, mark) = life(status.life_on(on));
    let frozen = |label: (&str, &str), frozen: Option<tongda_ledger::state::Frozen>| match frozen
        .filter(|frozen| on <= frozen.until)
    {
        Some(frozen) => row(
            label,
            Mark::Burden,
            format!("至 {} {}", frozen.until, frozen.record),
            format!("until {}, {}", frozen.until, frozen.record),
        ),
        None => row(label, Mark::HoldsNot, "无", "none"),
    };
    let evaluation = ("专利权评价报告", "Evaluation report");
    let declaration = ("开放许可声明", "Open-licence declaration");
    vec![
        row(("法律状态", "Life"), mark, zh, en),
        match status.term_last {
            Some(last) => plain(
                ("保护期届满日", "Last day of term"),
                if status.term_over(on) { Mark::Burden } else { Mark::Holds },
                last,
            ),
            None => row(("保护期届满日", "Last day of term"), Mark::HoldsNot, "未登记", "not on record"),
        },
        match status.annuity_due {
            Some(due) => row(
                ("年费", "Annuity"),
                Mark::Burden,
                format!("{due} 到期未缴"),
                format!("overdue since {due}"),
            ),
            None => row(("年费", "Annuity"), Mark::HoldsNot, "无欠缴记录", "none on record as overdue"),
        },
        match status.evaluation {
            Verdict::None => row(evaluation, Mark::HoldsNot, "无", "none"),
            Verdict::Positive => row(evaluation, Mark::Holds, "符合授权条件", "conditions of grant met"),
            Verdict::Negative => {
                row(evaluation, Mark::Burden, "不符合授权条件", "conditions of grant not met")
            }
        },
        frozen(("财产保全", "Preservation"), status.preservation),
        frozen(("权属纠纷中止", "Suspension"), status.suspension),
        maybe(
            ("无效宣告请求", "Invalidation request"),
            Mark::Burden,
            ("已受理", "accepted"),
            status.invalidation,
        ),
        match status.declaration {
            Some(id) if status.open => row(
                declaration,
                Mark::Holds,
                format!("已公告，对外开放 {id}"),
                format!("announced and open, {id}"),
            ),
            Some(id) => {
                row(declaration, Mark::HoldsNot, format!("未处于开放 {id}"), format!("not open, {id}"))
            }
            None => row(declaration, Mark::HoldsNot, "无", "none"),
        },
        count(
            ("独占许可", "Exclusive licences"),
            Mark::Burden,
            status.exclusive.into(),
            status.exclusive_latest,
        ),
        count(("排他许可", "Sole licences"), Mark::Burden, status.sole.into(), status.sole_latest),
        count(("普通许可", "Ordinary licences"), Mark::Holds, status.ordinary, None::<String>),
        count(("强制许可", "Compulsory licences"), Mark::Burden, status.compulsory.into(), None::<String>),
        maybe(("质押", "Pledge"), Mark::Burden, ("已登记", "registered"), status.pledge),
        count(("收益质押或证券化", "Income assigned"), Mark::Burden, status.assigned.into(), None::<String>),
        count(("专利池", "Patent pools"), Mark::Holds, status.pools.into(), None::<String>),
        maybe(("专利开源", "Open source"), Mark::Holds, ("承诺", "pledged"), status.open_source),
    ]
}

/// What holds of a declaration.
pub(super) fn declaration(value: &Declaration) -> Vec<Row> {
    let (zh, en, mark) = match &value.state {
        DeclarationState::Declared => {
            ("已声明，尚未公告".into(), "declared, not announced".into(), Mark::HoldsNot)
        }
        DeclarationState::Open => ("已公告，对外开放".into(), "announced and open".into(), Mark::Holds),
        DeclarationState::Halted => {
            ("中止，不受理新的许可".into(), "halted: no new notices".into(), Mark::Burden)
        }
        DeclarationState::Closed { on, .. } => {
            (format!("{on} 终止"), format!("closed on {on}"), Mark::Burden)
        }
    };
    vec![
        row(("状态", "State"), mark, zh, en),
        plain(("专利", "Patent"), Mark::Holds, value.patent),
        plain(("许可期限", "Term"), Mark::Holds, value.term),
        plain(("使用费", "Fee"), Mark::Holds, short(&value.fee)),
        plain(("声明日", "Declared on"), Mark::Holds, value.declared),
        match &value.announced {
            Some(announced) => {
                plain(("公告", "Announced"), Mark::Holds, format!("{} {}", announced.on, announced.gazette))
            }
            None => row(("公告", "Announced"), Mark::HoldsNot, "未公告", "not announced"),
        },
        maybe(("撤回请求", "Withdrawal asked for"), Mark::Burden, ("已提出", "entered"), value.withdrawal),
        maybe(("质押", "Pledge"), Mark::Burden, ("质权人同意", "with the pledgee's consent"), value.pledge),
    ]
}

/// What holds of a licence on a day.
pub(super) fn licence(value: &Licence, on: Date) -> Vec<Row> {
    let (zh, en, mark) = match &value.state {
        LicenceState::Active if value.is_active(on) => ("有效".into(), "in force".into(), Mark::Holds),
        LicenceState::Active => ("未到期首日或者已过期".into(), "outside its term".into(), Mark::HoldsNot),
        LicenceState::Expired => ("期限届满".into(), "its term has run out".into(), Mark::Burden),
        LicenceState::Ended { on, .. } => (format!("{on} 终止"), format!("ended on {on}"), Mark::Burden),
        LicenceState::EndedWith { above, on } => {
            (format!("{on} 随 {above} 终止"), format!("ended with {above} on {on}"), Mark::Burden)
        }
    };
    let kind = match value.kind {
        LicenceKind::Ordinary => ("普通许可", "ordinary"),
        LicenceKind::Sole => ("排他许可", "sole"),
        LicenceKind::Exclusive => ("独占许可", "exclusive"),
    };
    vec![
        row(("状态", "State"), mark, zh, en),
        row(("许可方式", "Kind"), Mark::Holds, kind.0, kind.1),
        plain(("专利", "Patents"), Mark::Holds, listed(&value.patents)),
        plain(("许可人", "Licensors"), Mark::Holds, listed(&value.licensors)),
        plain(("被许可人", "Licensee"), Mark::Holds, value.licensee),
        plain(("期限", "Term"), Mark::Holds, value.term),
        match value.sublicence {
            true => row(("分许可", "Sublicences"), Mark::Holds, "允许", "allowed"),
            false => row(("分许可", "Sublicences"), Mark::HoldsNot, "不允许", "not allowed"),
        },
        match &value.recorded {
            Some(_) => row(("备案", "Recordal"), Mark::Holds, "已备案", "recorded"),
            None => row(("备案", "Recordal"), Mark::HoldsNot, "未备案", "not recorded"),
        },
    ]
}

/// What holds of a pledge.
pub(super) fn pledge(value: &Pledge) -> Vec<Row> {
    let (zh, en, mark) = match &value.state {
        PledgeState::Applied => {
            ("已申请，质权未设立".into(), "applied for; the right has not arisen".into(), Mark::HoldsNot)
        }
        PledgeState::Registered => {
            ("已登记，质权设立".into(), "registered: the right exists".into(), Mark::Burden)
        }
        PledgeState::Released { on, .. } => {
            (format!("{on} 注销"), format!("released on {on}"), Mark::HoldsNot)
        }
        PledgeState::Revoked { on, .. } => (format!("{on} 撤销"), format!("revoked on {on}"), Mark::HoldsNot),
    };
    vec![
        row(("状态", "State"), mark, zh, en),
        plain(("专利", "Patents"), Mark::Holds, listed(&value.patents)),
        plain(("出质人", "Pledgors"), Mark::Holds, listed(&value.pledgors)),
        plain(("质权人", "Pledgee"), Mark::Holds, value.pledgee),
        plain(("债务履行期", "Term of the debt"), Mark::Holds, value.debt_term),
        match &value.registration {
            Some((number, on)) => plain(("登记", "Registration"), Mark::Holds, format!("{number} {on}")),
            None => row(("登记", "Registration"), Mark::HoldsNot, "未登记", "not registered"),
        },
        match &value.maximum {
            Some(maximum) => plain(("最高额", "Maximum amount"), Mark::Holds, format!("¥{maximum}")),
            None => row(
                ("最高额", "Maximum amount"),
                Mark::HoldsNot,
                "非最高额质押",
                "not a maximum-amount pledge",
            ),
        },
        match value.open_continues {
            true => row(
                ("开放许可继续", "Open licensing goes on"),
                Mark::Holds,
                "质权人同意",
                "the pledgee agrees",
            ),
            false => {
                row(("开放许可继续", "Open licensing goes on"), Mark::HoldsNot, "无此同意", "no such consent")
            }
        },
    ]
}

/// What holds of a member.
pub(super) fn member(value: &Member) -> Vec<Row> {
    let standing = short(&value.standing);
    let mark = if standing == "active" { Mark::Holds } else { Mark::Burden };
    vec![
        plain(("名称", "Name"), Mark::Holds, &value.name),
        plain(("状态", "Standing"), mark, standing),
        plain(("角色", "Roles"), Mark::Holds, value.roles.iter().map(short).collect::<Vec<_>>().join(", ")),
        plain(("区划", "Region"), Mark::Holds, value.region),
        plain(("交易机构", "Enrolled by"), Mark::Holds, value.exchange),
        plain(("权利人", "Party"), Mark::Holds, value.party),
        plain(("有效密钥", "Keys that count"), Mark::Holds, value.keys.len()),
        plain(("签名所需密钥", "Keys that must sign"), Mark::Holds, value.policy.default),
    ]
}

/// That there is no such object.
pub(super) fn absent(id: &str) -> Vec<Row> {
    vec![row(
        ("该编号", "This id"),
        Mark::HoldsNot,
        format!("{id} 不在账本上"),
        format!("{id} is not on the ledger"),
    )]
}

fn listed<T: ToString>(ids: &[T]) -> String {
    let (first, more) = ids.split_at(ids.len().min(3));
    let text = first.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if more.is_empty() { text } else { format!("{text} (+{})", more.len()) }
}

/// A value in its JSON form, on one line.
fn short<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value).unwrap_or_default() {
        serde_json::Value::String(text) => text,
        other => other.to_string().replace(['{', '}', '"'], "").replace(':', " ").replace(',', ", "),
    }
}
