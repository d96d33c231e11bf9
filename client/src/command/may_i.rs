//! `tongda may-i`: ask whether an act would be allowed, before anyone signs.

use super::act::ActCommand;
use super::caller::{Caller, read_text};
use super::failure::Failure;
use super::submit::{answered, gather_until, with_options};
use clap::Subcommand;
use std::ffi::OsString;
use std::path::Path;
use tongda_client::{Session, Signer};
use tongda_ledger::act::Act;
use tongda_ledger::execution::Draft;

/// What is asked about.
#[derive(Subcommand, Debug)]
pub(crate) enum Question {
    #[command(flatten)]
    Act(ActCommand),
    /// JSON 文件 · A JSON file with an act or a draft
    #[command(external_subcommand)]
    File(Vec<OsString>),
}

/// Asks and prints the answer.
pub(crate) async fn ask(caller: &Caller, question: &Question) -> Result<(), Failure> {
    let act = match question {
        Question::Act(command) => command.act(caller).await?,
        Question::File(words) => match drafted(words)? {
            Drafted::Whole(draft) => return answered(caller, caller.node.may_i(&draft).await?),
            Drafted::Act(act) => act,
        },
    };
    if caller.options.member.is_none() && caller.options.key.is_empty() {
        return Err("say who would act: --as MEMBER or --key FILE".into());
    }
    // Nobody signs: the session is needed for who would.
    let signer = Signer::new(caller.author().await?, Vec::new());
    let session = Session::open(caller.node.clone(), signer).await?;
    let mut proposal = with_options(caller, session.propose(act)).await?;
    if let Some(until) = gather_until(caller).await? {
        proposal = proposal.gathering_until(until);
    }
    answered(caller, proposal.may_i().await?)
}

enum Drafted {
    Whole(Box<Draft>),
    Act(Act),
}

fn drafted(words: &[OsString]) -> Result<Drafted, Failure> {
    let [file] = words else { return Err(unknown(words)) };
    let path = Path::new(file);
    if !path.exists() {
        return Err(unknown(words));
    }
    let wrong = |error: serde_json::Error| Failure::Usage(format!("{}: {error}", path.display()));
    let value: serde_json::Value = serde_json::from_str(&read_text(path)?).map_err(wrong)?;
    if value.get("author").is_some() {
        return Ok(Drafted::Whole(serde_json::from_value(value).map_err(wrong)?));
    }
    Ok(Drafted::Act(serde_json::from_value(value).map_err(wrong)?))
}

fn unknown(words: &[OsString]) -> Failure {
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    Failure::Usage(format!(
        "{:?} is neither a noun with a verb, as in `tongda may-i open declare …`, nor a JSON file with an act",
        words.join(" ")
    ))
}
