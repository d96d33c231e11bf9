//! Verify offline what an institution was handed: say what it is, check it from the genesis file alone, tell each check.
//!
//! ```text
//! file, text or PDF ── read ──► certificate | receipt | evidence ── Trust ──► Report: checks, verdict, as of when
//! ```
//! A report never says "now": what verifies held as of its checkpoint.

mod certificate;
mod evidence;
mod read;
mod receipt;
mod report;
mod said;
mod trust;

pub use certificate::certificate;
pub use evidence::evidence;
pub use read::{INPUT_LIMIT, Input, InputError, read};
pub use receipt::receipt;
pub use report::{AsOf, Check, Kind, Report, Verdict};
pub use said::{Said, Thing};
pub use trust::{Trust, Witnesses};

/// The report on whatever it is.
#[must_use]
pub fn verify(input: &Input, trust: &Trust) -> Report {
    match input {
        Input::Certificate(one) => certificate(one, trust),
        Input::Receipt(proof) => receipt(proof, None, trust),
        Input::Evidence(pair) => evidence(pair, trust),
    }
}
