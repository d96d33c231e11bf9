//! `tongda certificate`: what holds and what does not as of a checkpoint, with the whole proof.

use super::caller::Caller;
use super::failure::Failure;
use super::proven::certified;
use super::show::{print, tree};
use super::value::PatentName;
use super::verify::{told, words};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;
use tongda_client::light::write_file;
use tongda_client::paper;
use tongda_client::verify;
use tongda_ledger::certificate::{Certificate as Proof, json as form};
use tongda_ledger::identifier::{Date, DeclarationId, LicenceId, MemberId, PatentId, PledgeId, Timestamp};

/// `tongda certificate`.
#[derive(Args, Debug)]
pub(crate) struct Certificate {
    /// 专利号或者编号：专利 P-…、声明 D-…、许可、质押、成员的编号 · A patent's number or the id of a patent, declaration, licence,
    /// pledge or member
    #[arg(value_name = "PATENT|ID")]
    what: String,
    /// 印成一页 A4，连同二维码 · Print an A4 page with QR codes that hold the whole proof
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
    /// 写成 JSON 形式 · Write the JSON form, which proves title and owners too
    #[arg(long, value_name = "FILE")]
    form: Option<PathBuf>,
    /// 写成二进制形式 · Write the binary form
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// 连同专利的全部历史 · With the patent's whole history
    #[arg(long)]
    history: bool,
    /// 某日的状况，由历史得出（自动连同历史） · What held on this day, from the history
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
    /// 截至某时所知（与 --at 合用） · As known at this time; with --at
    #[arg(long, value_name = "TIME", requires = "at")]
    known: Option<Timestamp>,
}

/// Which object: its kind in the node's paths, and its id.
fn object(what: &str) -> Result<(&'static str, String), Failure> {
    macro_rules! by_id {
        ($($id:ident $kind:literal),*) => {
            $(if let Ok(id) = what.parse::<$id>() { return Ok(($kind, id.to_string())); })*
        };
    }
    by_id!(PatentId "patents", DeclarationId "declarations", LicenceId "licences", PledgeId "pledges", MemberId "members");
    let name: PatentName = what.parse().map_err(|error: String| {
        Failure::Usage(format!("{what:?} is neither a patent's number nor the id of a patent, declaration, licence, pledge or member: {error}"))
    })?;
    Ok(("patents", name.to_string()))
}

/// Fetches, verifies, writes and tells.
pub(crate) async fn run(caller: &Caller, asked: &Certificate) -> Result<(), Failure> {
    let (kind, id) = object(&asked.what)?;
    let history = asked.history || asked.at.is_some();
    let (certificate, report, light) = certified(caller, kind, &id, history).await?;
    if report.verdict != verify::Verdict::Holds {
        return told(caller, &report);
    }
    let whole = certificate.clone().with_epochs(light.links_until(certificate.statement.seal.height));
    let mut written = serde_json::Map::new();
    if let Some(path) = &asked.form {
        let text = serde_json::to_string_pretty(&form::form(&whole)).expect("a certificate has a JSON form");
        write_file(path, text.as_bytes())?;
        written.insert("form".into(), json!(path));
    }
    if let Some(path) = &asked.binary {
        write_file(path, &whole.bytes())?;
        written.insert("binary".into(), json!(path));
    }
    if let Some(path) = &asked.pdf {
        let broken = |error: String| Failure::Broken(error);
        let page = paper::compose(&whole, light.trust()).map_err(|error| broken(error.to_string()))?;
        let pdf = paper::print(&page).map_err(|error| broken(error.to_string()))?;
        write_file(path, &pdf)?;
        written.insert("pdf".into(), json!({ "file": path, "bytes": pdf.len(), "codes": page.codes.len() }));
    }
    let held = asked.at.map(|day| held(&certificate, day, asked.known)).transpose()?;
    let mut out = json!({ "report": report, "written": written, "held": held });
    if caller.options.json && written_nothing(&out) {
        out["certificate"] = form::form(&whole);
    }
    print(caller, &out, |_| {
        let mut text = words(&report, caller.language);
        if let Some(held) = &held {
            text.push_str(&tree(held));
        }
        for path in [&asked.form, &asked.binary, &asked.pdf].into_iter().flatten() {
            text.push_str(&format!("{} {}\n", caller.language.say("已写入", "written to"), path.display()));
        }
        text
    });
    Ok(())
}

fn written_nothing(out: &Value) -> bool {
    out["written"].as_object().is_none_or(serde_json::Map::is_empty)
}

/// What held on a day as known at a time; the time of the seal unless told otherwise.
fn held(certificate: &Proof, day: Date, known: Option<Timestamp>) -> Result<Value, Failure> {
    let broken = |error: String| Failure::Broken(error);
    let history = certificate.proven_history().map_err(|error| broken(error.to_string()))?;
    let known = known.unwrap_or(history.until());
    let held = history.at(day, known).map_err(|error| broken(error.to_string()))?;
    Ok(match held {
        None => json!({ "day": day, "known": known, "held": null }),
        Some(held) => json!({
            "day": day, "known": known, "life": held.life, "owners": held.owners,
            "undisclosed_owners": held.undisclosed, "open": held.open, "licences": held.licences,
            "pledge": held.pledge, "preserved": held.preserved, "suspended": held.suspended,
        }),
    })
}
