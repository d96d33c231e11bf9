//! Apply the ledger to the store: propose a block, validate one, commit one.
//!
//! ```text
//! pool ──► propose ──► body ──► consensus ──► validate ──► consensus ──► commit ──► log (fsync), index, map
//!             │                                  │                         ▲
//!             └────────── effects kept ──────────┴─────────────────────────┘   executed once, committed as executed
//! ```
//!
//! The log is the truth. The index with the state's values follows it, and is built again when it is behind, damaged or
//! gone: from the newest snapshot and the blocks behind it, which are executed again, without verifying signatures that
//! were verified before they were written, and every seal's roots are compared.

mod bundles;
mod certificates;
mod committed;
mod copy;
mod epochs;
mod error;
mod hashes;
mod layout;
mod leaves;
mod lists;
mod older;
mod open;
mod outcome;
mod past;
mod proof;
mod restore;
mod snapshot;
mod timeline;
mod work;

pub use certificates::{Cosigned, Subject as CertifiedSubject, Uncertified, With};
pub use committed::Committed;
pub use error::{ChainError, Unavailable};
#[cfg(test)]
pub(crate) use lists::is_listed;
pub use older::{Older, OlderBlocks, OlderError, SentBlock, Unproven};
pub use past::StateAt;
pub use proof::{ProvenState, ProvenValue};
pub use restore::verify_snapshot;
pub use snapshot::WrittenSnapshot;
pub use work::watch_work;

pub(crate) use work::has_work;

use crate::clock::now;
use crate::pool::{Pool, Verified};
use crate::store::{
    Entry, HashReader, HashStore, Index, LogOptions, LogReader, SegmentLog, Snapshots, StoredBlock, join,
};
use bytes::Bytes;
use committed::Effects;
use error::Judged;
use outcome::Outcome;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use tokio::sync::watch;
use tongda_ledger::block::{Body, LeafKind, Seal, leaf_of};
use tongda_ledger::chain;
use tongda_ledger::codec::encode;
use tongda_ledger::envelope::Envelope;
use tongda_ledger::execution::{Draft, Execution, Judgement, may_i};
use tongda_ledger::founding::Founding;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::Timestamp;
use tongda_ledger::refusal::{Code, Refusal};
use tongda_ledger::vote::{Address, CommitCertificate, NetworkId};

/// How the chain is opened.
#[derive(Clone, Debug)]
pub struct ChainOptions {
    /// The node's directory: `segments/` and `index/` stand in it.
    pub directory: PathBuf,
    /// Bytes of a log segment.
    pub segment_bytes: u64,
    /// Bytes of memory for the index's pages.
    pub index_cache: u64,
}

/// What was found and done when the chain was opened.
#[derive(Clone, Debug, Default)]
pub struct ChainOpening {
    /// Height of the log.
    pub height: u64,
    /// Whether older blocks that were fetched became the beginning of the log.
    pub joined: bool,
    /// A torn tail that was cut, told in words.
    pub cut: Option<String>,
    /// An index that was moved aside, told in words.
    pub set_aside: Option<String>,
    /// Snapshots that could not be used and were set aside, told in words.
    pub bad_snapshots: Vec<String>,
    /// The height of the snapshot with which the index began anew.
    pub restored: Option<u64>,
    /// Blocks that were executed again for the index.
    pub replayed: u64,
    /// Leaves of the log that were hashed again for its tree.
    pub hashed: u64,
    /// Why the hashes of the log's tree were made anew, if they were.
    pub hashes_rebuilt: Option<String>,
}

/// Where an index begins that is built anew.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Beginning {
    /// At the newest good snapshot within the log.
    #[default]
    Newest,
    /// At the oldest one.
    Oldest,
    /// At the genesis, whatever snapshots there are.
    Genesis,
}

/// The chain of blocks on this node. Cheap to clone.
#[derive(Clone)]
pub struct Chain {
    shared: Arc<Shared>,
}

struct Shared {
    directory: PathBuf,
    network: NetworkId,
    address: Option<Address>,
    committed: RwLock<Committed>,
    log: Mutex<SegmentLog>,
    reader: LogReader,
    /// The blocks below the log's first one, as far as they are here.
    older: Mutex<Option<SegmentLog>>,
    older_reader: LogReader,
    hashes: Mutex<HashStore>,
    hash_reader: HashReader,
    /// The height below the log's first block: 0 when the log is whole.
    base: u64,
    index: Arc<dyn Index>,
    pool: Pool,
    prepared: Mutex<HashMap<Hash, Arc<Prepared>>>,
    snapshots: Snapshots,
    /// Held while a snapshot is written.
    copying: Mutex<()>,
    /// Whether the node stops: a snapshot that is being written is broken off.
    stopping: AtomicBool,
    height: watch::Sender<u64>,
}

/// A block that was executed, made here or judged valid, and waits for its decision.
#[derive(Clone)]
struct Prepared {
    /// SHA-256 of the body: under one block hash, a body with other bytes is not this one.
    body: Hash,
    seal: Seal,
    effects: Effects,
    /// What was left out of it when it was made here, and why. It counts once the block is decided: another block may
    /// be decided in its place, in which these records stand and those that kept them out do not.
    refused: Vec<(Verified, Vec<Refusal>)>,
}

fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Chain {
    /// Opens the chain in the node's directory, catching the index up from the log. `address` is the node's own as a
    /// validator.
    ///
    /// # Errors
    /// [`ChainError`] when the log is damaged in the middle, or cannot be read or written.
    pub fn open(
        options: &ChainOptions,
        founding: &Founding,
        address: Option<Address>,
        pool: Pool,
    ) -> Result<(Self, ChainOpening), ChainError> {
        Self::open_from(options, founding, address, pool, Beginning::default())
    }

    /// The same; if the index is built anew, it begins here.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_from(
        options: &ChainOptions,
        founding: &Founding,
        address: Option<Address>,
        pool: Pool,
        beginning: Beginning,
    ) -> Result<(Self, ChainOpening), ChainError> {
        let network = founding.network();
        let log_options = LogOptions { segment_bytes: options.segment_bytes };
        let older = options.directory.join("older");
        let joined = join(&older, &options.directory.join("segments"), *network.0.as_bytes(), log_options)?;
        let (log, opened) =
            SegmentLog::open(&options.directory.join("segments"), *network.0.as_bytes(), log_options)?;
        let reader = log.reader();
        let mut opening = ChainOpening {
            height: reader.tip().map_or(0, |tip| tip.height),
            cut: opened.cut.map(|cut| cut.to_string()),
            joined: joined.is_some(),
            ..ChainOpening::default()
        };
        let snapshots = Snapshots::new(options.directory.join("snapshots"));
        snapshots.clean()?;
        let opener = open::Opener { options, founding, reader: &reader, snapshots: &snapshots, beginning };
        let (index, committed) = opener.index(&mut opening)?;
        opening.height = committed.tip().height();
        let hashes = hashes::open(&options.directory, &reader, committed.tip(), &mut opening)?;
        let base = reader.first().map_or(opening.height, |(first, _)| first - 1);
        let (older, older_reader) = if base == 0 {
            (None, LogReader::default())
        } else {
            let (log, _) = SegmentLog::open(&older, *network.0.as_bytes(), log_options)?;
            let reader = log.reader();
            (Some(log), reader)
        };
        let (height, _) = watch::channel(opening.height);
        let shared = Shared {
            directory: options.directory.clone(),
            network,
            address,
            committed: RwLock::new(committed),
            log: Mutex::new(log),
            reader,
            older: Mutex::new(older),
            older_reader,
            hash_reader: hashes.reader(),
            hashes: Mutex::new(hashes),
            base,
            index,
            pool,
            prepared: Mutex::default(),
            snapshots,
            copying: Mutex::default(),
            stopping: AtomicBool::new(false),
            height,
        };
        Ok((Self { shared: Arc::new(shared) }, opening))
    }

    /// What is committed. Held briefly: a commit waits for it.
    pub fn committed(&self) -> RwLockReadGuard<'_, Committed> {
        self.shared.committed.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The snapshots on this node.
    #[must_use]
    pub fn snapshots(&self) -> &Snapshots {
        &self.shared.snapshots
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> NetworkId {
        self.shared.network
    }

    /// The records on their way.
    #[must_use]
    pub fn pool(&self) -> &Pool {
        &self.shared.pool
    }

    /// The height of the last committed block, and every one after it.
    #[must_use]
    pub fn heights(&self) -> watch::Receiver<u64> {
        self.shared.height.subscribe()
    }

    /// The block at a height, if it is held.
    ///
    /// # Errors
    /// [`ChainError`] when the log cannot be read.
    pub fn block(&self, height: u64) -> Result<Option<StoredBlock>, ChainError> {
        let reader = if height > self.shared.base { &self.shared.reader } else { &self.shared.older_reader };
        Ok(reader.block(height)?)
    }

    /// The log entry at an index, with the height of its block.
    ///
    /// # Errors
    /// [`ChainError`] when the log cannot be read.
    pub fn entry(&self, index: u64) -> Result<Option<(u64, Entry)>, ChainError> {
        match self.shared.reader.entry(index)? {
            None => Ok(self.shared.older_reader.entry(index)?),
            found => Ok(found),
        }
    }

    /// The lowest height from which on every block is held; 0 when none is.
    #[must_use]
    pub fn oldest(&self) -> u64 {
        if self.shared.base > 0 && self.older_blocks().is_none() {
            return 1;
        }
        self.shared.reader.first().map_or(0, |(height, _)| height)
    }

    /// The time of a block made now: the clock's, and later than the last block's.
    fn block_time(committed: &Committed) -> Timestamp {
        now().max(committed.tip().time().plus_milliseconds(1))
    }

    /// Whether a draft would be allowed now.
    ///
    /// # Errors
    /// [`ChainError`] when the state cannot be read.
    pub fn may_i(&self, draft: &Draft) -> Result<Judgement, ChainError> {
        let committed = self.committed();
        Ok(may_i(&*committed, self.shared.network, Self::block_time(&committed), draft)?)
    }

    /// Judges a verified envelope as if it came next.
    ///
    /// # Errors
    /// [`ChainError`] when the state cannot be read.
    pub fn judge(&self, envelope: &Envelope) -> Result<Judgement, ChainError> {
        let committed = self.committed();
        Ok(execution(&committed, Self::block_time(&committed))?.record(envelope)?)
    }

    /// Judges again the records that blocks have passed over, and drops those that are refused by now.
    ///
    /// # Errors
    /// [`ChainError`] when the state cannot be read.
    pub fn sweep(&self) -> Result<(), ChainError> {
        for record in self.shared.pool.stale(PASSED_OVER, SWEEP) {
            if let Judgement::Refused(refusals) = self.judge(record.envelope())? {
                self.shared.pool.refuse(&record, refusals);
            }
        }
        Ok(())
    }

    /// Makes the block for a round that this node leads, of the records that are allowed in their order.
    ///
    /// # Errors
    /// [`ChainError`] when the state cannot be read.
    pub fn propose(&self, round: u32) -> Result<(Hash, Bytes), ChainError> {
        let proposer = self.shared.address.ok_or(ChainError::Index("an observer proposes nothing".into()))?;
        let committed = self.committed();
        let time = Self::block_time(&committed);
        let parameters = committed.parameters();
        let (most, bytes) = (parameters.records_per_block as usize, parameters.bytes_per_block as usize);
        let mut execution = execution(&committed, time)?;
        let (mut records, mut refused) = (Vec::<Verified>::new(), Vec::new());
        for record in self.shared.pool.take(most, bytes, time) {
            match execution.record(record.envelope())? {
                Judgement::Refused(refusals) => {
                    // What is refused only because the clock is behind may count in the next block.
                    if !refusals.iter().all(|refusal| refusal.code == Code::EnvelopeNotYetValid) {
                        refused.push((record, refusals));
                    }
                }
                _ => records.push(record),
            }
        }
        let leaves =
            records.iter().map(|record| leaf_of(LeafKind::Record, record.envelope().bytes())).collect();
        let ids = records.iter().map(|record| record.envelope().id()).collect();
        let outcome = Outcome::of(&committed, execution, leaves, ids)?;
        let seal = outcome.seal(&committed, round, time, proposer);
        let seal_bytes = seal.bytes();
        let entries = records.iter().map(|record| record.envelope().bytes()).collect();
        let body = Body { records: entries, seal: &seal_bytes }.encode();
        let block = seal.hash();
        let effects = outcome.effects(committed.tip(), seal.clone());
        drop(committed);
        let prepared = Prepared { body: Hash::plain(&[&body]), seal, effects, refused };
        unpoisoned(&self.shared.prepared).insert(block, Arc::new(prepared));
        Ok((block, body.into()))
    }

    /// Judges a block: whether its body is the block's, and whether it follows from the tip. `fresh` asks for the clock
    /// rule too; `round` is the round in which it is proposed or was decided.
    ///
    /// # Errors
    /// [`ChainError`] when the state cannot be read.
    pub fn validate(
        &self,
        block: Hash,
        body: &Bytes,
        round: u32,
        fresh: bool,
    ) -> Result<tongda_consensus::Verdict, ChainError> {
        use tongda_consensus::Verdict;
        let seal = match self.prepared(block, body) {
            Some(prepared) => prepared.seal.clone(),
            None => match self.judge_block(block, body)? {
                Judged::Valid(valid) => {
                    let (seal, effects) = *valid;
                    let body = Hash::plain(&[body]);
                    let prepared = Prepared { body, seal: seal.clone(), effects, refused: Vec::new() };
                    unpoisoned(&self.shared.prepared).insert(block, Arc::new(prepared));
                    seal
                }
                Judged::Invalid(reason) => return Ok(Verdict::Invalid(reason)),
                Judged::Mismatch(reason) => return Ok(Verdict::Mismatch(reason)),
            },
        };
        let clock = if fresh { chain::check_clock(&seal, now()) } else { Ok(()) };
        Ok(match clock.and_then(|()| chain::check_round(&seal, round)) {
            Ok(()) => Verdict::Valid,
            Err(error) => Verdict::Invalid(error.to_string()),
        })
    }

    /// The block with this hash, if it was executed with this very body.
    fn prepared(&self, block: Hash, body: &Bytes) -> Option<Arc<Prepared>> {
        let known = unpoisoned(&self.shared.prepared).get(&block).cloned()?;
        (known.body == Hash::plain(&[body])).then_some(known)
    }

    fn judge_block(&self, block: Hash, bytes: &Bytes) -> Result<Judged, ChainError> {
        let body = match Body::decode(bytes) {
            Ok(body) => body,
            Err(error) => return Ok(Judged::Mismatch(error.to_string())),
        };
        if leaf_of(LeafKind::Seal, body.seal) != block {
            return Ok(Judged::Mismatch("its seal has another hash".into()));
        }
        let seal = match Seal::decode(body.seal) {
            Ok(seal) => seal,
            Err(error) => return Ok(Judged::Invalid(format!("the seal: {error}"))),
        };
        let committed = self.committed();
        let tip = committed.tip();
        let parameters = committed.parameters();
        let every = parameters.checkpoint_every;
        // What follows from the block before is asked first: nothing is executed for a block that does not follow.
        if let Err(error) = chain::check_header(tip, &seal, committed.validators(), every) {
            return Ok(Judged::Invalid(error.to_string()));
        }
        let leaves: Vec<_> = body.records.iter().map(|record| leaf_of(LeafKind::Record, record)).collect();
        let mut log = tip.log.clone();
        leaves.iter().for_each(|leaf| log.append(*leaf));
        if log.root() != seal.log_root || leaves.len() != seal.records as usize {
            return Ok(Judged::Mismatch("its records are not those under the seal's log root".into()));
        }
        if let Err(error) = chain::check_size(parameters, &body) {
            return Ok(Judged::Invalid(error.to_string()));
        }
        let records: Vec<_> = body.records.iter().map(|record| bytes.slice_ref(record)).collect();
        let records = match self.shared.pool.verify_all(&records) {
            Ok(records) => records,
            Err((place, error)) => return Ok(Judged::Invalid(format!("record {place}: {error}"))),
        };
        let mut execution = execution(&committed, seal.time)?;
        for (place, record) in records.iter().enumerate() {
            if let Judgement::Refused(refusals) = execution.record(record.envelope())? {
                let reasons: Vec<_> = refusals.iter().map(ToString::to_string).collect();
                return Ok(Judged::Invalid(format!("record {place}: {}", reasons.join("; "))));
            }
        }
        let ids = records.iter().map(|record| record.envelope().id()).collect();
        let outcome = Outcome::of(&committed, execution, leaves, ids)?;
        if let Err(error) = outcome.check(&committed, &seal) {
            return Ok(Judged::Invalid(error.to_string()));
        }
        let effects = outcome.effects(tip, seal.clone());
        Ok(Judged::Valid(Box::new((seal, effects))))
    }

    /// Commits a decided block: to the log, durably, then to the index. Returns its seal.
    ///
    /// # Errors
    /// [`ChainError::Decided`] when the block is not valid here; [`ChainError::Store`] when it cannot be stored.
    pub fn commit(&self, certificate: &CommitCertificate, bytes: &Bytes) -> Result<Seal, ChainError> {
        let wrong = |reason| ChainError::Decided { height: certificate.height, reason };
        let prepared = self.prepared(certificate.block, bytes);
        unpoisoned(&self.shared.prepared).clear();
        let (seal, effects, refused) = match prepared.map(Arc::unwrap_or_clone) {
            Some(Prepared { seal, effects, refused, .. }) => (seal, effects, refused),
            None => match self.judge_block(certificate.block, bytes)? {
                Judged::Valid(valid) => (valid.0, valid.1, Vec::new()),
                Judged::Invalid(reason) | Judged::Mismatch(reason) => return Err(wrong(reason)),
            },
        };
        chain::check_round(&seal, certificate.round).map_err(|error| wrong(error.to_string()))?;
        let body = Body::decode(bytes)?;
        let block = StoredBlock {
            height: seal.height,
            first_index: seal.first,
            records: body.records.iter().map(|record| bytes.slice_ref(record)).collect(),
            seal: bytes.slice_ref(body.seal),
            certificate: encode(certificate).into(),
        };
        unpoisoned(&self.shared.log).append(&block)?;
        self.append_hashes(&effects);
        let placed: Vec<_> = effects.ids.iter().copied().zip(seal.first..).collect();
        self.shared
            .committed
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .apply(effects, &block.certificate)?;
        self.shared.pool.committed(&placed, seal.height);
        for (record, refusals) in refused {
            self.shared.pool.refuse(&record, refusals);
        }
        self.shared.height.send_replace(seal.height);
        Ok(seal)
    }

    /// Takes note that the index cannot be trusted: when the chain is opened next, it is built again from the log.
    pub fn distrust_index(&self) {
        open::distrust_index(&self.shared.directory);
    }

    /// Breaks off the snapshot that is being written, and writes none any more: the node stops.
    pub fn stop_snapshots(&self) {
        self.shared.stopping.store(true, Ordering::Relaxed);
    }

    /// Makes the index durable, before the node stops.
    ///
    /// # Errors
    /// [`ChainError::Store`] when it cannot be written.
    pub fn sync(&self) -> Result<(), ChainError> {
        Ok(self.shared.index.sync()?)
    }
}

/// Records that a sweep judges again at most.
const SWEEP: usize = 256;

/// Blocks that must have passed over a record before it is judged again.
const PASSED_OVER: u64 = 3;

fn execution(committed: &Committed, time: Timestamp) -> Result<Execution<'_>, ChainError> {
    let tip = committed.tip();
    Ok(Execution::new(committed, tip.network, tip.height() + 1, time, tip.next_index())?)
}
