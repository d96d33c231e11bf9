//! Read and check many resources at once, and hand them over in their order.
//!
//! ```text
//! asked for, in order ──► reader threads ──► workers on all cores ──► in the order in which they were asked for
//!                         (wait for bytes)    (signatures, hashes)
//! ```
//! Whoever asks decides how far ahead; nothing is read that was not asked for.

use super::source::{Source, SourceError};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use tongda_ledger::audit::Finding;

/// Why a resource did not come: it cannot be read, or it is wrong in itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Failed {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Wrong(#[from] Box<Finding>),
}

/// What will come of a resource.
pub(super) type Coming<T> = Receiver<Result<T, Failed>>;

type Job = Box<dyn FnOnce() + Send>;

/// Reader threads and workers.
pub(super) struct Pipeline {
    source: Arc<dyn Source>,
    jobs: Sender<Job>,
    workers: Arc<ThreadPool>,
    /// Set when nobody waits any more.
    over: Arc<AtomicBool>,
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

impl Pipeline {
    pub(super) fn new(source: Arc<dyn Source>, cores: usize) -> std::io::Result<Self> {
        let workers = ThreadPoolBuilder::new()
            .num_threads(cores)
            .thread_name(|number| format!("check-{number}"))
            .build()
            .map_err(std::io::Error::other)?;
        let (jobs, waiting) = mpsc::channel::<Job>();
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 0..source.readers() {
            let waiting = Arc::clone(&waiting);
            std::thread::Builder::new().name(format!("read-{number}")).spawn(move || {
                // Ends when the pipeline is gone.
                while let Some(job) = next(&waiting) {
                    job();
                }
            })?;
        }
        Ok(Self { source, jobs, workers: Arc::new(workers), over: Arc::default() })
    }

    /// Asks for a resource, to be checked by `check` on one of the cores.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        path: String,
        limit: usize,
        check: impl FnOnce(Vec<u8>) -> Result<T, Box<Finding>> + Send + 'static,
    ) -> Coming<T> {
        let (done, coming) = mpsc::channel();
        let (source, workers) = (Arc::clone(&self.source), Arc::clone(&self.workers));
        let over = Arc::clone(&self.over);
        let job = move || {
            if over.load(Ordering::Relaxed) {
                return;
            }
            match source.read(&path, limit) {
                // Nobody waits any more when sending fails: the audit has ended.
                Err(error) => drop(done.send(Err(error.into()))),
                Ok(bytes) => workers.spawn(move || {
                    if !over.load(Ordering::Relaxed) {
                        let checked = check(bytes).map_err(|finding| Failed::from(finding.within(path)));
                        drop(done.send(checked));
                    }
                }),
            }
        };
        self.jobs.send(Box::new(job)).expect("readers wait as long as the pipeline stands");
        coming
    }

    /// How many cores check.
    pub(super) fn cores(&self) -> usize {
        self.workers.current_num_threads()
    }

    /// Runs `work` on the cores.
    pub(super) fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.workers.install(work)
    }
}

fn next(waiting: &Mutex<Receiver<Job>>) -> Option<Job> {
    waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv().ok()
}

/// Waits for what was asked for.
pub(super) fn wait<T>(coming: &Coming<T>) -> Result<T, Failed> {
    coming.recv().expect("every resource that was asked for comes or fails")
}

impl From<Finding> for Failed {
    fn from(finding: Finding) -> Self {
        Self::Wrong(Box::new(finding))
    }
}
