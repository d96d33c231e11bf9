//! Measure how fast this machine verifies signatures: the limit that an audit is compared with.

use serde::Serialize;
use std::time::{Duration, Instant};
use tongda_ledger::key::SigningKey;

/// How long is measured.
const LENGTH: Duration = Duration::from_millis(300);

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
        let key = SigningKey::from_seed(&[5; 32]);
        let message = [7_u8; 600];
        let (signature, public) = (key.sign(&message), key.public());
        let count = || {
            let (started, mut count) = (Instant::now(), 0_u64);
            while started.elapsed() < LENGTH {
                if public.verify(&message, &signature).is_ok() {
                    count += 1;
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
