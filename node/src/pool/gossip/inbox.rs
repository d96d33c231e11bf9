//! Take in a batch that another node sent: verify it off the network's task and let it wait, unjudged.

use super::message::Reply;
use crate::pool::{Admission, Origin, Pool, Rejection};
use bytes::Bytes;
use std::time::Duration;
use tongda_ledger::envelope::EnvelopeError;
use tongda_ledger::identifier::Timestamp;
use tongda_ledger::vote::NetworkId;

/// What came of a batch.
pub(super) struct Received {
    /// The answer to the sender.
    pub(super) reply: Reply,
    /// Records that were read and hold.
    pub(super) records: u64,
    /// Those of them that were new.
    pub(super) admitted: u64,
    /// What no honest node sends. What stood behind it in the batch was not looked at.
    pub(super) offence: Option<String>,
}

/// Verifies and admits a batch. Whether the rules allow its records is for the next proposer to say.
///
/// One after the other, on one thread: many batches are taken in at once, and the pool of threads that verifies
/// proposals must not stand behind them.
pub(super) fn receive(
    pool: &Pool,
    network: NetworkId,
    records: &[Bytes],
    origin: &Origin,
    now: Timestamp,
) -> Received {
    let mut verified = Vec::with_capacity(records.len());
    let mut offence = None;
    for bytes in records {
        match pool.verify_once::<EnvelopeError>(bytes, |_| Ok(())) {
            Ok(record) if record.core().network == network => verified.push(record),
            Ok(record) => offence = Some(format!("record {} is for another network", record.id())),
            Err(error) => offence = Some(error.to_string()),
        }
        if offence.is_some() {
            break;
        }
    }
    let records = verified.len() as u64;
    let mut admitted = 0;
    let mut busy: Option<Duration> = None;
    for admission in pool.admit_all(verified, origin, now) {
        match admission {
            Ok(Admission::New) => admitted += 1,
            Ok(Admission::Waiting | Admission::Committed { .. }) => {}
            Err(rejection @ (Rejection::Full | Rejection::NodeShare(_))) => {
                busy = busy.max(rejection.retry_after());
            }
            // One author's share is full, or the window has passed: the sender's own proposals are left to bring it.
            Err(_) => {}
        }
    }
    Received { reply: busy.map_or(Reply::Taken, Reply::Busy), records, admitted, offence }
}
