//! Bring the log's published checkpoints to witnesses outside the network, and keep their cosignatures.
//!
//! ```text
//! published ─► old size, consistency proof, checkpoint ─► POST …/add-checkpoint
//!                ▲                                          │ 200: cosignature, kept with the checkpoint
//!                └──── 409: the size that the witness has ──┤ 422: it saw another history ─► evidence
//!                                                           └ else: later again, ever more seldom
//! ```
//!
//! One task a witness. Nothing waits for it: a checkpoint is published when the network's own quorum has cosigned it.

use super::evidence::EvidenceFolder;
use super::memory::file_of;
use crate::fetch::is_local;
use reqwest::{Client, Response, StatusCode, Url, redirect};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tongda_ledger::evidence::{Evidence, EvidenceError};
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::note::NOTE_LIMIT;
use tongda_ledger::tree::{
    Checkpoint, CheckpointError, ConsistencyProof, NoteError, NoteKey, NoteSignature, SignedCheckpoint,
    Submission,
};

/// How long a witness may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The first pause after a failure; each further one is twice as long.
const PAUSE: Duration = Duration::from_secs(1);

/// The longest pause after failures.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// A submission is sent again so often, after a 409, before the witness is left alone for a while.
const TRIES: u32 = 3;

/// The log of this node, as its witnesses are shown it. Calls may block on the disk.
pub trait WatchedLog: Send + Sync + 'static {
    /// The proof that the log of `new` leaves continues that of `old` leaves.
    ///
    /// # Errors
    /// In words, when a hash cannot be read.
    fn consistency(&self, old: u64, new: u64) -> Result<ConsistencyProof, String>;

    /// The root of the log when it had this size, which it has had.
    ///
    /// # Errors
    /// In words, when a hash cannot be read.
    fn root(&self, size: u64) -> Result<Hash, String>;

    /// Keeps a witness's verified line with the checkpoint.
    ///
    /// # Errors
    /// In words, when it cannot be kept.
    fn keep(&self, checkpoint: &Checkpoint, line: NoteSignature) -> Result<(), String>;
}

/// A witness outside the network.
#[derive(Clone, Debug)]
pub struct OutsideWitness {
    /// Its key.
    pub key: NoteKey,
    /// Where `add-checkpoint` and `<origin hash>/checkpoint` are.
    pub url: Url,
}

/// Why a witness gave no cosignature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum AskError {
    #[error("it does not answer: {0}")]
    Silent(String),
    #[error("it answers {0}: {1}")]
    Status(u16, String),
    #[error("its answer is not what a witness answers: {0}")]
    Answer(String),
    #[error("it has cosigned {0} leaves of this log already, more than are published here")]
    Ahead(u64),
    #[error("it says that the checkpoint does not continue what it cosigned before: {0}")]
    Contradicts(String),
    #[error("the log cannot be read: {0}")]
    Log(String),
}

/// A contradiction between a checkpoint that somebody shows and this node's newest one, as evidence.
///
/// # Errors
/// In words, when the log cannot be read, or does not lead to its own checkpoint.
pub fn contradiction(
    ours: &SignedCheckpoint,
    theirs: &SignedCheckpoint,
    log: &dyn WatchedLog,
) -> Result<Option<Evidence>, String> {
    let (own, other) = (ours.checkpoint(), theirs.checkpoint());
    let evidence = if own.origin != other.origin || other.size > own.size {
        return Ok(None);
    } else if other.size == own.size {
        Evidence::of_one_size(theirs.clone(), ours.clone())
    } else {
        let root = log.root(other.size)?;
        let proof = log.consistency(other.size, own.size)?;
        Evidence::of_another_past(theirs.clone(), ours.clone(), root, proof)
    };
    match evidence {
        Ok(evidence) => Ok(Some(evidence)),
        Err(EvidenceError::NoContradiction) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// One witness, and what is known of it.
struct Asked {
    witness: OutsideWitness,
    http: Client,
    log: Arc<dyn WatchedLog>,
    evidence: EvidenceFolder,
    /// The size that it cosigned last, as far as is known.
    old: u64,
}

impl OutsideWitness {
    /// Brings every published checkpoint to the witness, at most one in `every`, until nothing is published any more.
    pub async fn ask(
        self,
        every: Duration,
        mut newest: watch::Receiver<Option<Arc<SignedCheckpoint>>>,
        log: Arc<dyn WatchedLog>,
        evidence: EvidenceFolder,
    ) {
        let builder = Client::builder().timeout(PATIENCE).redirect(redirect::Policy::none());
        let builder = if is_local(&self.url) { builder.no_proxy() } else { builder };
        let name = self.key.name().clone();
        let http = match builder.build() {
            Ok(http) => http,
            Err(error) => {
                tracing::error!(witness = %name, %error, "the witness cannot be asked");
                return;
            }
        };
        let mut asked = Asked { witness: self, http, log, evidence, old: 0 };
        let (mut done, mut failure, mut pause) = (None::<Arc<SignedCheckpoint>>, None, PAUSE);
        loop {
            let next = newest.wait_for(|newest| newest.is_some() && *newest != done).await;
            let Ok(Some(checkpoint)) = next.map(|newest| newest.clone()) else { return };
            match asked.bring(&checkpoint).await {
                Ok(()) => {
                    if failure.take().is_some() {
                        tracing::info!(witness = %name, "the witness cosigns again");
                    }
                    pause = PAUSE;
                    done = Some(checkpoint);
                    tokio::time::sleep(every).await;
                }
                Err(error) => {
                    // Told once, until it is another failure.
                    if failure.as_ref() != Some(&error) {
                        tracing::warn!(witness = %name, %error, "no cosignature of the witness");
                    }
                    if matches!(error, AskError::Ahead(_) | AskError::Contradicts(_)) {
                        asked.compare(&checkpoint).await;
                    }
                    failure = Some(error);
                    tokio::time::sleep(pause.max(every)).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }
}

impl Asked {
    /// Brings a checkpoint, and keeps the cosignature.
    async fn bring(&mut self, checkpoint: &Arc<SignedCheckpoint>) -> Result<(), AskError> {
        let new = checkpoint.checkpoint().size;
        for _ in 0..TRIES {
            if self.old > new {
                return Err(AskError::Ahead(self.old));
            }
            let (log, old) = (self.log.clone(), self.old);
            let proof = in_the_log(move || log.consistency(old, new)).await?;
            let submission = Submission { old, proof, checkpoint: checkpoint.as_ref().clone() };
            let request = self.http.post(self.url("add-checkpoint")?).body(submission.to_string());
            let answer = request.send().await.map_err(|error| silent(&error))?;
            let status = answer.status();
            let body = text(answer).await?;
            match status {
                StatusCode::OK => {
                    let line = self.own_line(&body, checkpoint)?;
                    self.old = new;
                    let (log, checkpoint) = (self.log.clone(), checkpoint.checkpoint().clone());
                    return in_the_log(move || log.keep(&checkpoint, line)).await;
                }
                StatusCode::CONFLICT => {
                    let told = body.strip_suffix('\n').and_then(|size| size.parse().ok());
                    let told = told.ok_or_else(|| AskError::Answer("409 without a size".into()))?;
                    if told == self.old {
                        return Err(AskError::Answer("409 with the size that was sent to it".into()));
                    }
                    self.old = told;
                }
                StatusCode::UNPROCESSABLE_ENTITY => return Err(AskError::Contradicts(first_line(&body))),
                status => return Err(AskError::Status(status.as_u16(), first_line(&body))),
            }
        }
        Err(AskError::Answer("it names another size each time".into()))
    }

    /// The witness's line of an answer, verified over the checkpoint; lines of other keys are passed over.
    fn own_line(&self, body: &str, checkpoint: &SignedCheckpoint) -> Result<NoteSignature, AskError> {
        let wrong = |error: NoteError| AskError::Answer(error.to_string());
        let body = body.strip_suffix('\n').ok_or_else(|| AskError::Answer("no line".into()))?;
        for line in body.split('\n') {
            let line = NoteSignature::parse(line).map_err(wrong)?;
            if line.is_of(&self.witness.key) {
                let signed = line.verify(&self.witness.key, checkpoint.note().text()).map_err(wrong)?;
                return match signed.time() {
                    Some(0) | None => Err(AskError::Answer("a cosignature without a time".into())),
                    Some(_) => Ok(line),
                };
            }
        }
        Err(AskError::Answer("no cosignature of its key".into()))
    }

    /// Compares what the witness shows of this log with the log, and keeps a contradiction.
    async fn compare(&self, ours: &Arc<SignedCheckpoint>) {
        let shown = match self.shown(&ours.checkpoint().origin).await {
            Ok(shown) => shown,
            Err(error) => {
                let name = self.witness.key.name();
                tracing::warn!(witness = %name, %error, "what the witness has seen cannot be compared");
                return;
            }
        };
        let (log, ours, evidence) = (self.log.clone(), ours.clone(), self.evidence.clone());
        let compared = in_the_log(move || {
            if let Some(found) = contradiction(&ours, &shown, log.as_ref())? {
                evidence.keep_and_tell(&found);
            }
            Ok(())
        });
        if let Err(error) = compared.await {
            tracing::error!(%error, "a checkpoint that a witness shows could not be compared with the log");
        }
    }

    /// The checkpoint of this log that the witness cosigned last, with its cosignature.
    async fn shown(&self, origin: &str) -> Result<SignedCheckpoint, AskError> {
        let url = self.url(&format!("{}/checkpoint", file_of(origin)))?;
        let answer = self.http.get(url).send().await.map_err(|error| silent(&error))?;
        let status = answer.status();
        let body = text(answer).await?;
        if status != StatusCode::OK {
            return Err(AskError::Status(status.as_u16(), first_line(&body)));
        }
        let wrong = |error: CheckpointError| AskError::Answer(error.to_string());
        let shown = SignedCheckpoint::parse(body.as_bytes()).map_err(wrong)?;
        let own = shown.verify(std::slice::from_ref(&self.witness.key));
        own.map_err(|error| wrong(error.into()))?;
        Ok(shown)
    }

    fn url(&self, path: &str) -> Result<Url, AskError> {
        let base = self.witness.url.as_str().trim_end_matches('/');
        format!("{base}/{path}").parse().map_err(|_| AskError::Answer(format!("{base} is no address")))
    }
}

/// Does what may block on the disk.
async fn in_the_log<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, AskError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(error.to_string())).map_err(AskError::Log)
}

/// An answer's text, which is no longer than a note.
async fn text(mut answer: Response) -> Result<String, AskError> {
    let mut bytes = Vec::new();
    while let Some(portion) = answer.chunk().await.map_err(|error| silent(&error))? {
        bytes.extend_from_slice(&portion);
        if bytes.len() > NOTE_LIMIT {
            return Err(AskError::Answer(format!("more than {NOTE_LIMIT} bytes")));
        }
    }
    String::from_utf8(bytes).map_err(|_| AskError::Answer("no text".into()))
}

/// What went wrong, down to its cause.
fn silent(error: &reqwest::Error) -> AskError {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    AskError::Silent(text)
}

/// No more of a stranger's text than fits in a line of the node's log.
fn first_line(body: &str) -> String {
    body.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|character| !character.is_control())
        .take(200)
        .collect()
}
