//! Take an act through: ask whether it is allowed, sign it, send it, say what came of it.

use super::act::ActCommand;
use super::caller::{Caller, open_new};
use super::failure::{Exit, Failure};
use super::next::{self, Outcome};
use super::receipt;
use super::show::{self, tree};
use serde_json::json;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tongda_client::answer::Permission;
use tongda_client::light::LightError;
use tongda_client::{Error, Gathering, Proposal, Signer};
use tongda_ledger::envelope::{APPLICANT, Core, Envelope};
use tongda_ledger::identifier::{MemberId, Timestamp};

/// A day in milliseconds.
const DAY: u64 = 24 * 3_600_000;
/// Minutes that an envelope counts when it is sent at once.
const SENT_AT_ONCE: u32 = 10;
/// Minutes that it counts when it goes from signer to signer: the longest that the format allows.
const GATHERED: u32 = 24 * 60;

/// Builds the act, signs it and sends it, or writes it to a file for more signatures.
pub(crate) async fn perform(caller: &Caller, command: &ActCommand) -> Result<(), Failure> {
    let act = command.act(caller).await?;
    let session = caller.session().await?;
    let mut proposal = with_options(caller, session.propose(act)).await?;
    let new_keys = command.new_keys().iter().map(|path| open_new(path)).collect::<Result<Vec<_>, _>>()?;
    if !new_keys.is_empty() {
        proposal = proposal.with(Signer::applicant(new_keys));
    }
    if !caller.options.signing.no_check {
        check(caller, &proposal).await?;
    }
    let gathering = gathered(caller, proposal).await?;
    match &caller.options.signing.out {
        Some(path) => keep(caller, path, &gathering),
        None => send(caller, &gathering.envelope().map_err(Error::from)?).await,
    }
}

/// Signs, after the signer has seen what.
async fn gathered(caller: &Caller, proposal: Proposal<'_>) -> Result<Gathering, Failure> {
    if !confirmed(caller, &json!({ "as": proposal.draft().author, "act": proposal.act() }))? {
        return Err(Failure::Broken("nothing was signed or sent".into()));
    }
    Ok(proposal.gather().await?)
}

/// The proposal as the options ask for it.
pub(crate) async fn with_options<'a>(
    caller: &Caller,
    mut proposal: Proposal<'a>,
) -> Result<Proposal<'a>, Failure> {
    let signing = &caller.options.signing;
    let minutes = signing.valid.unwrap_or(if signing.out.is_some() { GATHERED } else { SENT_AT_ONCE });
    proposal = proposal.valid_for(Duration::from_secs(u64::from(minutes) * 60));
    for member in &signing.assume {
        proposal = proposal.assuming(*member);
    }
    for expected in &signing.expect {
        proposal = proposal.expecting(caller.patent(expected.patent).await?, expected.version);
    }
    if let Some(until) = gather_until(caller).await? {
        proposal = proposal.gathering_until(until);
    }
    Ok(proposal)
}

/// Until when missing consents are waited for, if `--gather` asks for that.
pub(crate) async fn gather_until(caller: &Caller) -> Result<Option<Timestamp>, Failure> {
    Ok(match caller.options.signing.gather {
        Some(days) => Some(caller.node.now().await?.plus_milliseconds(u64::from(days) * DAY)),
        None => None,
    })
}

/// Asks before signing. When signatures are still to be gathered, a no is a note: those missing may be the reason.
async fn check(caller: &Caller, proposal: &Proposal<'_>) -> Result<(), Failure> {
    if caller.options.signing.out.is_none() {
        let permission = proposal.may_i().await?;
        return if permission.allowed { Ok(()) } else { Err(Error::Refused(permission.refusals).into()) };
    }
    let tomorrow = caller.node.now().await?.plus_milliseconds(DAY);
    let permission = proposal.clone().gathering_until(tomorrow).may_i().await?;
    let language = caller.language;
    if !permission.allowed {
        eprintln!("{}", language.say("目前尚不能登记，原因如下：", "as signed so far it would be refused:"));
        eprintln!("{}", show::refusals(&permission.refusals, language));
    } else if !permission.missing.is_empty() {
        eprintln!("{} {}", language.say("还需签名：", "still to sign:"), names(&permission.missing));
    }
    Ok(())
}

fn names(members: &[MemberId]) -> String {
    members.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Shows what is about to be signed and asks, if there is a person to ask.
fn confirmed(caller: &Caller, what: &serde_json::Value) -> Result<bool, Failure> {
    let person = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if caller.options.yes || !person {
        return Ok(true);
    }
    eprint!("{}", tree(what));
    eprint!("{} [y/N] ", caller.language.say("签名？", "Sign this?"));
    let broken = |error: std::io::Error| Failure::Broken(format!("the answer cannot be read: {error}"));
    std::io::stderr().flush().map_err(broken)?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).map_err(broken)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "是"))
}

/// Writes an envelope to a file for more signatures.
fn keep(caller: &Caller, path: &Path, gathering: &Gathering) -> Result<(), Failure> {
    write(path, gathering)?;
    let until = gathering.core().valid_until;
    let signed: Vec<_> = gathering.signatures().iter().map(|signed| signed.member).collect();
    let report = json!({
        "outcome": "kept", "file": path, "signatures": signed, "valid_until": until,
        "id": gathering.envelope().map(|envelope| envelope.id()).ok(),
    });
    show::print(caller, &report, |_| {
        let say = |zh: &str, en: &str| caller.language.say(zh, en);
        let file = path.display();
        format!(
            "{} {file}, {} {until}\n  tongda sign {file}   {}\n  tongda send {file}   {}\n",
            say("已签名并存于", "signed and kept in"),
            say("有效至", "good until"),
            say("由其他签名人加签", "for others to sign"),
            say("签齐后发送", "to send it when all have"),
        )
    });
    Ok(())
}

fn write(path: &Path, gathering: &Gathering) -> Result<(), Failure> {
    let broken = |error: std::io::Error| Failure::Broken(format!("{}: {error}", path.display()));
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = PathBuf::from(name);
    std::fs::write(&new, gathering.to_json()).and_then(|()| std::fs::rename(&new, path)).map_err(broken)
}

/// Adds the caller's signatures to a file.
pub(crate) async fn sign(caller: &Caller, path: &Path, applicant: bool) -> Result<(), Failure> {
    let mut gathering = Gathering::read(&super::caller::read_text(path)?)?;
    in_named_network(caller, gathering.core())?;
    let member = if applicant { APPLICANT } else { caller.author().await? };
    if !confirmed(caller, &json!({ "as": member, "core": gathering.core() }))? {
        return Err(Failure::Broken("nothing was signed".into()));
    }
    let signer =
        if applicant { Signer::applicant(caller.new_keys()?) } else { Signer::new(member, caller.keys()?) };
    gathering.sign(&signer);
    keep(caller, caller.options.signing.out.as_deref().unwrap_or(path), &gathering)
}

/// Sends the envelope of a file.
pub(crate) async fn send_file(caller: &Caller, path: &Path) -> Result<(), Failure> {
    let gathering = Gathering::read(&super::caller::read_text(path)?)?;
    in_named_network(caller, gathering.core())?;
    send(caller, &gathering.envelope().map_err(Error::from)?).await
}

fn in_named_network(caller: &Caller, core: &Core) -> Result<(), Failure> {
    match caller.options.network {
        Some(network) if network != core.network.0 => Err(Failure::Broken(format!(
            "the file is for the network {}, not for {network}: it was not touched",
            core.network
        ))),
        _ => Ok(()),
    }
}

/// Sends, waits for the commit, and says what came of it. An envelope of which that is not known is kept.
async fn send(caller: &Caller, envelope: &Envelope) -> Result<(), Failure> {
    let receipt = match caller.node.settle(envelope).await {
        Ok(receipt) => receipt,
        Err(
            error @ (Error::Unsettled { .. }
            | Error::Unreachable { .. }
            | Error::Broken { .. }
            | Error::Busy { .. }),
        ) => {
            let id = envelope.id().to_string();
            let path = PathBuf::from(format!("unsettled-{}.json", &id[..16]));
            write(&path, &Gathering::of(envelope))?;
            let file = path.display();
            eprintln!(
                "{}",
                caller.language.say(
                    &format!("已签名的记录存于 {file}；`tongda send {file}` 重发，不会重复登记"),
                    &format!("the signed envelope stands in {file}: `tongda send {file}` sends it again, and it counts once"),
                )
            );
            return Err(error.into());
        }
        Err(error) => return Err(error.into()),
    };
    let outcome = Outcome::of(&caller.node, envelope.act(), &receipt).await?;
    let kept = proof_of(caller, receipt.index).await?;
    let report = json!({
        "outcome": outcome.word(), "act": envelope.act().name(), "record": receipt.record, "index": receipt.index,
        "height": receipt.height, "id": receipt.id, "made": outcome.made(), "pending": outcome.waiting(),
        "receipt": kept,
    });
    show::print(caller, &report, |_| {
        let words = next::words(caller.language, envelope.act(), &receipt, &outcome);
        match &kept {
            Some(path) => {
                format!(
                    "{words}{} {}\n",
                    caller.language.say("回执已存于", "the receipt stands in"),
                    path.display()
                )
            }
            None => words,
        }
    });
    Ok(())
}

/// Keeps the receipt of a committed record where a genesis file or a network is named. That it cannot be had yet is no
/// failure of the act; that the node shows two histories is said as such.
async fn proof_of(caller: &Caller, index: u64) -> Result<Option<PathBuf>, Failure> {
    if caller.options.belief.no_receipt || !caller.believes() {
        return Ok(None);
    }
    match receipt::keep(caller, index, None).await {
        Ok(path) => Ok(Some(path)),
        Err(failure @ Failure::Light(LightError::Fork { .. })) => Err(failure),
        Err(failure) => {
            eprintln!(
                "{}",
                caller.language.say(
                    &format!("已登记，但回执未取得（稍后 `tongda receipt fetch {index}`）：{}", failure.message()),
                    &format!(
                        "it is recorded, and its receipt could not be had (`tongda receipt fetch {index}` later): {}",
                        failure.message()
                    ),
                )
            );
            Ok(None)
        }
    }
}

/// Prints the answer to a question; a no is a refusal.
pub(crate) fn answered(caller: &Caller, permission: Permission) -> Result<(), Failure> {
    if caller.options.json {
        show::print(caller, &permission, |_| String::new());
        return if permission.allowed { Ok(()) } else { Err(Failure::Told(Exit::Refused)) };
    }
    if !permission.allowed {
        return Err(Error::Refused(permission.refusals).into());
    }
    let language = caller.language;
    let effect = if permission.missing.is_empty() {
        language.say("可以登记，立即生效", "allowed; it would have effect at once")
    } else {
        let waiting = language.say("可以登记，尚待同意：", "allowed; it would wait for the consent of");
        format!("{waiting} {}", names(&permission.missing))
    };
    let as_of = language.say("截至", "as of");
    println!("✓ {effect}\n  {as_of} {} (height {})", permission.as_of, permission.height);
    Ok(())
}
