//! Keep the votes that this validator signs, so that it never contradicts them after a crash.
//!
//! The engine's own log files, with two differences to the engine's own actor. The log is looked through before
//! the engine starts, to say clearly when it cannot be relied on. And it is synced to disk before a vote or a
//! proposal of this validator leaves the node, and not otherwise: what others sent can be sent again.
//!
//! What a crash tore off behind the last sync was never sent: an unfinished entry, or a tail of zeros, is cut off.
//! Any other damage may hide a vote that was sent.

use crate::context::{Height, Tongda};
use crate::error::EngineError;
use crate::wire::Wire;
use malachitebft_app_channel::app::consensus::Input;
use malachitebft_app_channel::app::engine::wal::{Msg, decode_entry, encode_entry};
use malachitebft_app_channel::app::wal::Log;
use ractor::{Actor, ActorProcessingErr, ActorRef, async_trait};
use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tongda_ledger::vote::Address;

/// Bytes before the first entry, and before the data of each: version and height; flag, length and checksum.
const FILE_HEAD: usize = 12;
const ENTRY_HEAD: usize = 13;

/// How often an engine that is just ending in this process is waited for, 50 ms each time.
const PATIENCE: u32 = 100;

/// Opens the log of a validator that begins at `height`, and checks it.
pub(crate) async fn open(path: &Path, height: u64, wire: &Wire) -> Result<Log, EngineError> {
    let mut log = open_file(path).await?;
    let voted = log.sequence();
    if voted > height {
        return Err(EngineError::Behind { voted, height });
    }
    if voted < height {
        return Ok(log);
    }
    let Some((entry, at, reason)) = first_damage(&mut log, wire).map_err(|error| reading(path, error))?
    else {
        return Ok(log);
    };
    let bytes = std::fs::read(path).map_err(|error| reading(path, error))?;
    if bytes.get(at..).is_some_and(|tail| tail.iter().all(|byte| *byte == 0)) {
        tracing::warn!(path = %path.display(), at, "the vote log ends in zeros that were never synced: cut off");
        log.truncate(entry).and_then(|()| log.flush()).map_err(|error| reading(path, error))?;
        return Ok(log);
    }
    Err(EngineError::VoteLog { path: path.to_owned(), reason, height })
}

async fn open_file(path: &Path) -> Result<Log, EngineError> {
    let mut tries = 0;
    loop {
        match Log::open(path) {
            Ok(log) => return Ok(log),
            Err(error)
                if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) =>
            {
                return Err(EngineError::VoteLogHead { path: path.to_owned(), reason: error.to_string() });
            }
            Err(error) if tries >= PATIENCE => return Err(reading(path, error)),
            Err(_) => {
                // Locked: an engine that ended in this process lets go of the file a moment later.
                tries += 1;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

fn reading(path: &Path, error: io::Error) -> EngineError {
    EngineError::File { doing: "reading the vote log", path: path.to_owned(), error }
}

/// The first entry that cannot be read: its number, its place in the file, and what is wrong with it.
fn first_damage(log: &mut Log, wire: &Wire) -> io::Result<Option<(u64, usize, String)>> {
    if log.is_empty() {
        return Ok(None);
    }
    let mut at = FILE_HEAD;
    for (number, entry) in (0..).zip(log.iter()?) {
        let read = entry.and_then(|bytes| {
            decode_entry(wire, io::Cursor::new(&bytes))?;
            Ok(bytes.len())
        });
        match read {
            Ok(length) => at += ENTRY_HEAD + length,
            Err(error) => return Ok(Some((number, at, format!("entry {number} at byte {at}: {error}")))),
        }
    }
    Ok(None)
}

/// The engine's log, as the engine talks to it. An observer has none: it signs nothing.
pub(crate) struct VoteLog {
    /// The validator whose votes are synced.
    pub(crate) me: Option<Address>,
    /// How entries are written.
    pub(crate) wire: Wire,
    /// What broke the log, if anything did.
    pub(crate) broken: Arc<OnceLock<String>>,
}

/// The open log.
pub(crate) struct State {
    log: Option<Log>,
    height: u64,
    /// A message of this validator is written and not synced.
    unsynced: bool,
}

impl State {
    /// Does what may take the disk's time, outside the engine's threads.
    async fn on_disk(&mut self, work: fn(&mut Log, u64) -> io::Result<()>) -> io::Result<()> {
        let Some(mut log) = self.log.take() else { return Ok(()) };
        let height = self.height;
        let (log, result) = tokio::task::spawn_blocking(move || {
            let result = work(&mut log, height);
            (log, result)
        })
        .await
        .map_err(io::Error::other)?;
        self.log = Some(log);
        result
    }

    /// Begins an empty log for the height.
    async fn begin(&mut self) -> io::Result<()> {
        self.unsynced = false;
        self.on_disk(Log::reset).await
    }
}

impl VoteLog {
    /// The entries of the height at which the node begins; none at a height that follows.
    async fn started(&self, state: &mut State, height: Height) -> io::Result<Vec<io::Result<Input<Tongda>>>> {
        if state.height == height.0 {
            return Ok(Vec::new());
        }
        state.height = height.0;
        match &mut state.log {
            Some(log) if log.sequence() == height.0 => {
                if log.is_empty() {
                    return Ok(Vec::new());
                }
                let entries = log.iter()?;
                Ok(entries.map(|entry| decode_entry(&self.wire, io::Cursor::new(&entry?))).collect())
            }
            _ => state.begin().await.map(|()| Vec::new()),
        }
    }

    fn append(&self, state: &mut State, height: Height, entry: Input<Tongda>) -> io::Result<()> {
        let Some(log) = state.log.as_mut().filter(|_| state.height == height.0) else { return Ok(()) };
        let signer = match &entry {
            Input::Vote(vote) => Some(vote.message.voter.0),
            Input::Proposal(proposal) => Some(proposal.message.proposer.0),
            _ => None,
        };
        let mut bytes = Vec::new();
        encode_entry(entry, &self.wire, &mut bytes)?;
        log.append(&bytes)?;
        state.unsynced |= signer.is_some() && signer == self.me;
        Ok(())
    }

    async fn sync(state: &mut State) -> io::Result<()> {
        if !std::mem::take(&mut state.unsynced) {
            return Ok(());
        }
        state.on_disk(|log, _| log.flush()).await
    }

    /// Notes what breaks the log; the engine then stops by itself.
    fn noted<T>(&self, doing: &str, result: io::Result<T>) -> io::Result<T> {
        result.inspect_err(|error| {
            let _ = self.broken.set(format!("the vote log failed {doing}: {error}"));
        })
    }
}

#[async_trait]
impl Actor for VoteLog {
    type Msg = Msg<Tongda>;
    type State = State;
    type Arguments = Option<Log>;

    async fn pre_start(&self, _: ActorRef<Self::Msg>, log: Option<Log>) -> Result<State, ActorProcessingErr> {
        Ok(State { log, height: 0, unsynced: false })
    }

    async fn handle(
        &self,
        _: ActorRef<Self::Msg>,
        message: Self::Msg,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        // That nobody waits for an answer any more is no failure of the log.
        match message {
            Msg::StartedHeight(height, reply) => {
                let entries = self.started(state, height).await;
                let _ = reply.send(self.noted("to begin a height", entries).map_err(Into::into));
            }
            Msg::Reset(height, reply) => {
                state.height = height.0;
                let result = state.begin().await;
                let _ = reply.send(self.noted("to begin a height", result).map_err(Into::into));
            }
            Msg::Append(height, entry, reply) => {
                let result = self.append(state, height, entry);
                let _ = reply.send(self.noted("to write", result).map_err(Into::into));
            }
            Msg::Flush(reply) => {
                let result = Self::sync(state).await;
                let _ = reply.send(self.noted("to sync", result).map_err(Into::into));
            }
            Msg::Dump => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::{self, Signed, Vote};
    use crate::fixtures::validators;
    use crate::hold::Hold;
    use malachitebft_app_channel::app::types::core::{NilOrVal, Round, SignedVote, VoteType};
    use tongda_ledger::hash::Hash;
    use tongda_ledger::key::SigningKey;
    use tongda_ledger::vote::NetworkId;

    fn vote(key: &SigningKey) -> Input<Tongda> {
        let voter = context::Address(Address::of(&key.public()));
        let (height, round, value) = (Height(5), Round::new(0), NilOrVal::Val(Hash([1; 32])));
        let vote = Vote { kind: VoteType::Prevote, height, round, value, voter };
        Input::Vote(SignedVote::new(vote, Signed(key.sign(b"anything"))))
    }

    #[tokio::test]
    async fn only_what_this_validator_signs_waits_for_the_disk_and_all_is_read_back() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("votes");
        let (keys, set) = validators(4);
        let wire = Wire::new(Arc::new(Hold::new(NetworkId(Hash::ZERO), 5, set)));
        let me = Some(Address::of(&keys[0].public()));
        let vote_log = VoteLog { me, wire: wire.clone(), broken: Arc::default() };
        let log = open(&path, 5, &wire).await.unwrap();
        let mut state = State { log: Some(log), height: 0, unsynced: false };
        assert!(vote_log.started(&mut state, Height(5)).await.unwrap().is_empty());
        vote_log.append(&mut state, Height(5), vote(&keys[1])).unwrap();
        assert!(!state.unsynced);
        vote_log.append(&mut state, Height(5), vote(&keys[0])).unwrap();
        assert!(state.unsynced);
        VoteLog::sync(&mut state).await.unwrap();
        assert!(!state.unsynced);
        drop(state);

        let log = open(&path, 5, &wire).await.unwrap();
        let mut state = State { log: Some(log), height: 0, unsynced: false };
        let entries = vote_log.started(&mut state, Height(5)).await.unwrap();
        assert_eq!(entries.iter().filter(|entry| entry.is_ok()).count(), 2);
        assert!(vote_log.started(&mut state, Height(6)).await.unwrap().is_empty());
        drop(state);
        assert!(matches!(open(&path, 5, &wire).await, Err(EngineError::Behind { voted: 6, height: 5 })));
    }
}
