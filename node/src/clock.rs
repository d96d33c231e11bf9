//! Tell the time of this machine, or the time that a drill takes it to have.

use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};
use tongda_ledger::identifier::Timestamp;

/// Milliseconds by which the process takes its clock to be off, for drills: `TONGDA_CLOCK_OFFSET_MS`.
pub(crate) fn offset() -> i64 {
    static OFFSET: OnceLock<i64> = OnceLock::new();
    *OFFSET.get_or_init(|| {
        let set = std::env::var("TONGDA_CLOCK_OFFSET_MS").ok();
        set.and_then(|offset| offset.parse().ok()).unwrap_or(0)
    })
}

/// The time of this machine's clock.
#[must_use]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let milliseconds = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    Timestamp::try_from(milliseconds.saturating_add_signed(offset())).unwrap_or(Timestamp::LAST)
}
