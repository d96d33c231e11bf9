//! Read one object and believe only what a certificate proves of it: `--verify`.

use super::caller::Caller;
use super::failure::Failure;
use super::show::{print, tree};
use super::verify::beijing;
use serde::Serialize;
use serde_json::{Value, json};
use tongda_client::verify::{self, Report, Said, Verdict};
use tongda_ledger::certificate::Certificate;

/// What is proven of an object, as of a checkpoint.
#[derive(Debug, Serialize)]
pub(crate) struct ProvenRead {
    /// The object's value as the state has it; null if there is none.
    pub(crate) proven: Value,
    /// What else is proven, as of the same checkpoint.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) details: Vec<Said>,
    /// The checks.
    #[serde(skip)]
    pub(crate) report: Report,
}

/// Fetches the certificate of an object, verifies it and checks that it belongs to the history known.
pub(crate) async fn certified(
    caller: &Caller,
    kind: &str,
    id: &str,
    history: bool,
) -> Result<(Certificate, Report, tongda_client::light::Light), Failure> {
    let mut light = caller.light().await?;
    caller.follow(&mut light).await?;
    let certificate = light.certificate(&caller.node, kind, id, history).await?;
    let report = verify::certificate(&certificate, light.trust());
    if report.verdict == Verdict::Holds {
        light.continues(&caller.node, &certificate.statement.checkpoint()).await?;
    }
    Ok((certificate, report, light))
}

/// Prints what is proven of an object. What is not proven is not printed as if it were: the report is.
pub(crate) async fn show(caller: &Caller, kind: &str, id: &str) -> Result<(), Failure> {
    let (certificate, report, _) = certified(caller, kind, id, false).await?;
    if report.verdict != Verdict::Holds {
        return super::verify::told(caller, &report);
    }
    let statement = &certificate.statement;
    let wrong = |reason: String| Failure::Broken(format!("what is proven cannot be read: {reason}"));
    let said = Said::of(&statement.proven).map_err(wrong)?;
    let details = statement.details.iter().map(Said::of).collect::<Result<Vec<_>, _>>().map_err(wrong)?;
    let read = ProvenRead { proven: json!({ "id": said.id, "value": said.value() }), details, report };
    let as_of = read.report.as_of.clone();
    let out = json!({ "proven": read.proven, "details": read.details, "as_of": as_of });
    print(caller, &out, |_| {
        let when = as_of.as_ref().map_or_else(String::new, |as_of| {
            caller.language.say(
                &format!("✓ 已证实，截至 {}（北京时间）的检查点", beijing(as_of.time)),
                &format!("proven, as of the checkpoint of {}", as_of.time),
            )
        });
        let details: String = read.details.iter().map(|detail| tree(&json!(detail))).collect();
        format!("{when}\n{}{details}", tree(&read.proven))
    });
    Ok(())
}
