//! Write a certificate's page: what it says in words, as of when, and what it rests on.

use super::page::{Both, Fact, Page};
use super::parts::{PaperError, split};
use super::rows;
use crate::verify::{Said, Thing, Trust};
use tongda_ledger::certificate::{Certificate, json};
use tongda_ledger::epoch::{EpochError, QuorumError};
use tongda_ledger::identifier::Timestamp;

/// Why a certificate has no page.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// It is of a kind of value that has no page, or the value is none.
    #[error("a certificate of this value has no page: {0}")]
    Kind(String),
    /// Its chain of epochs does not follow.
    #[error(transparent)]
    Epochs(#[from] EpochError),
    /// Nobody stands behind it.
    #[error(transparent)]
    Quorum(#[from] QuorumError),
    /// It does not fit on paper.
    #[error(transparent)]
    Paper(#[from] PaperError),
}

/// The page of a certificate that was verified with this trust; the links that it carries go on paper too.
///
/// # Errors
/// [`ComposeError`].
pub fn compose(certificate: &Certificate, trust: &Trust) -> Result<Page, ComposeError> {
    let statement = &certificate.statement;
    let epochs = certificate.epochs(&trust.epochs)?;
    let epoch = epochs.at(statement.seal.height);
    let quorum = epoch.signers.check(&statement.checkpoint(), &statement.cosignatures)?;
    let time = Timestamp::try_from(quorum.time.saturating_mul(1_000)).unwrap_or(statement.seal.time);
    let said = Said::of(&statement.proven).map_err(ComposeError::Kind)?;
    let on = statement.seal.time.date();
    let named = |zh: &str, en: &str| Both::new(zh, en);
    let (title, rows) = match &said.thing {
        Thing::Patent(Some(status)) => (
            named("专利状态证明", "Certificate of a patent's status on the ledger"),
            rows::status(status, on),
        ),
        Thing::Declaration(Some(value)) => (
            named("开放许可声明证明", "Certificate of a declaration of open licence"),
            rows::declaration(value),
        ),
        Thing::Licence(Some(value)) => {
            (named("实施许可证明", "Certificate of a licence"), rows::licence(value, on))
        }
        Thing::Pledge(Some(value)) => (named("质押登记证明", "Certificate of a pledge"), rows::pledge(value)),
        Thing::Member(Some(value)) => (named("成员身份证明", "Certificate of a member"), rows::member(value)),
        Thing::Patent(None)
        | Thing::Declaration(None)
        | Thing::Licence(None)
        | Thing::Pledge(None)
        | Thing::Member(None) => (named("不存在证明", "Certificate of absence"), rows::absent(&said.id)),
        _ => return Err(ComposeError::Kind(said.id)),
    };
    let subject = match &said.thing {
        Thing::Patent(Some(status)) => format!("{} · {}", status.number, said.id),
        _ => said.id.clone(),
    };
    let powers = format!("{} / {} 表决权 voting power", quorum.power, quorum.total);
    let names: Vec<_> = statement
        .cosignatures
        .iter()
        .filter_map(|placed| epoch.signers.get(placed.signer).map(|signer| signer.name.clone()))
        .collect();
    let short = certificate.for_paper(epoch.signers).with_epochs(certificate.epochs.clone());
    Ok(Page {
        title,
        demonstration: trust.demonstration(),
        network: trust.name().to_owned(),
        subject,
        as_of: as_of(time),
        facts: vec![
            Fact::new("创世摘要", "genesis", trust.network_id().to_string()),
            Fact::new(
                "检查点",
                "checkpoint",
                format!("{} 项 entries · 区块高度 height {}", statement.size, statement.seal.height),
            ),
            Fact::new("日志根", "log root", statement.root.to_string()),
            Fact::new("联署", "cosigned", format!("{powers} · {}", names.join(", "))),
        ],
        rows,
        details: details(certificate),
        trust: rests_on(certificate, epoch.number, trust),
        codes: split(&short.bytes())?,
        json: serde_json::to_string_pretty(&json::form(certificate)).ok(),
        time,
    })
}

/// "As of", in Beijing's time and in UTC.
fn as_of(time: Timestamp) -> Both {
    let text = |time: Timestamp| time.to_string().get(..19).unwrap_or_default().replace('T', " ");
    let beijing = text(time.plus_milliseconds(Timestamp::BEIJING));
    Both::new(
        format!("截至 {beijing}（北京时间）达到法定多数的检查点"),
        format!("as of the checkpoint whose quorum was reached at {} UTC", text(time)),
    )
}

/// Title and owners, from the details that the certificate brings.
fn details(certificate: &Certificate) -> Vec<Fact> {
    let details = certificate.statement.details.iter().filter_map(|detail| Said::of(detail).ok());
    let register = details.filter_map(|said| match said.thing {
        Thing::Register(patent) => patent,
        _ => None,
    });
    let mut facts = Vec::new();
    for patent in register {
        let mut owners: Vec<_> = patent.owners.iter().map(|owner| owner.party.to_string()).collect();
        if patent.undisclosed_owners > 0 {
            owners.push(format!("另有 {0} 名未公开 {0} undisclosed", patent.undisclosed_owners));
        }
        let day = |day: Option<tongda_ledger::identifier::Date>| {
            day.map_or_else(|| "—".to_owned(), |day| day.to_string())
        };
        facts.push(Fact::new("名称", "title", patent.title.to_string()));
        facts.push(Fact::new("权利人", "owners", owners.join("；")));
        facts.push(Fact::new(
            "申请、授权",
            "filed, granted",
            format!("{} · {}", day(patent.filing), day(patent.grant)),
        ));
    }
    facts
}

fn rests_on(certificate: &Certificate, epoch: usize, believed: &Trust) -> Vec<Both> {
    let network = believed.network_id().to_string();
    let short = network.get(..16).unwrap_or_default();
    let mut rests = vec![Both::new(
        format!("创世文件，其摘要为 {short}…，由核验者自行取得"),
        format!("the genesis file with the hash {short}…, which the verifier has from elsewhere"),
    )];
    let links = certificate.epochs.len();
    rests.push(if links == epoch {
        Both::new(
            format!("第 0 至 {epoch} 期节点名单，每次变更由前一期超过三分之二的表决权决定，其证明随附于此"),
            format!("the nodes of epochs 0 to {epoch}, each change decided by more than two thirds of those before; the proofs are here"),
        )
    } else {
        Both::new(
            format!("第 0 至 {epoch} 期节点名单，其中 {links} 次变更的证明随附于此，其余须另行取得"),
            format!("the nodes of epochs 0 to {epoch}; of their changes {links} are proven here, the others are to be had elsewhere"),
        )
    });
    let witnesses: Vec<_> =
        certificate.statement.witnesses.iter().map(|line| line.name.to_string()).collect();
    rests.push(if witnesses.is_empty() {
        Both::new(
            "外部见证人：无。旧节点的密钥若未销毁而被盗用，可能伪造另一历史，外部见证可防止",
            "outside witnesses: none. Keys of former nodes that were not destroyed could forge another history; witnesses prevent it",
        )
    } else {
        let names = witnesses.join(", ");
        Both::new(format!("外部见证人联署：{names}"), format!("cosigned by the outside witnesses {names}"))
    });
    rests
}
