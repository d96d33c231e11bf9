//! Measure how fast this machine verifies signatures: the limit that an audit is compared with.

use serde::Serialize;
use std::time::{Duration, Instant};
use tongda_ledger::key::SigningKey;

/// How long is measured.
const LENGTH: Duration = Duration::from_millis(300);

/// Signatures that are verified in turn: how long one takes depends on its numbers, and a processor that verifies the same
/// one over and over foresees every branch.
const SIGNATURES: u16 = 1024;

/// Keys that made them.
const KEYS: u8 = 64;

/// Bytes of a message.
const MESSAGE: usize = 600;

/// What this machine can do.
#[derive(Copy, Clone, Debug, PartialEq, Serialize)]
pub struct Machine {
    /// Cores.
    pub cores: usize,
    /// Strict verifications of Ed25519 signatures a second on each of them, while all are at it.
    pub verifications: f64,
}

impl Machine {
    /// Measures, on `cores` cores at once.
    #[must_use]
    pub fn measure(cores: usize) -> Self {
        let keys: Vec<_> = (0..KEYS).map(|seed| SigningKey::from_seed(&[seed; 32])).collect();
        let signed: Vec<_> = (0..SIGNATURES)
            .map(|number| {
                let key = &keys[usize::from(number) % keys.len()];
                let message: Vec<u8> = number.to_le_bytes().into_iter().cycle().take(MESSAGE).collect();
                (key.public(), key.sign(&message), message)
            })
            .collect();
        let count = || {
            let (started, mut count) = (Instant::now(), 0_u64);
            for (key, signature, message) in signed.iter().cycle() {
                if key.verify(message, signature).is_ok() {
                    count += 1;
                }
                if started.elapsed() >= LENGTH {
                    break;
                }
            }
            count
        };
        let counts: u64 = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..cores).map(|_| scope.spawn(count)).collect();
            workers.into_iter().map(|worker| worker.join().expect("a worker only counts")).sum()
        });
        Self { cores, verifications: counts as f64 / LENGTH.as_secs_f64() / cores as f64 }
    }

    /// Verifications a second of all cores together.
    #[must_use]
    pub fn limit(&self) -> f64 {
        self.verifications * self.cores as f64
    }
}
