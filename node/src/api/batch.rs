//! Many records at once: for exchanges that bring a day's filings, and for whoever measures.

use super::{Api, Problem};
use crate::clock::now;
use crate::pool::{Admission, Origin, Verified};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, State};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use tongda_ledger::codec::RECORD_LIMIT;
use tongda_ledger::hash::Hash;

/// Records in a batch at most.
const RECORDS: usize = 4_096;
/// Bytes of a batch at most.
pub(super) const BYTES: usize = 4 << 20;

/// What became of a record of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Taken {
    /// It waits for a block, or stands in the log already. `GET /v1/records/{id}` tells when it is committed.
    Accepted(Hash),
    /// It is not taken: why, and what would cure it.
    Rejected(String),
}

/// `POST /v1/records/batch`: the body is envelopes, each behind its length as `u32`, little-endian. Answers for each in
/// order. Nothing is judged here: a record that the rules refuse is dropped when its turn comes.
pub(super) async fn submit(
    State(api): State<Api>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Vec<Taken>>, Problem> {
    let body = body?;
    let records = split(&body)?;
    let taken = tokio::task::spawn_blocking(move || admit(&api, &records, address)).await;
    Ok(Json(taken.map_err(Problem::broken)?))
}

fn split(body: &Bytes) -> Result<Vec<Bytes>, Problem> {
    let mut records = Vec::new();
    let mut rest: &[u8] = body;
    while let Some((length, tail)) = rest.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        if length > RECORD_LIMIT || records.len() == RECORDS {
            let limits = format!("a batch has at most {RECORDS} records of at most {RECORD_LIMIT} bytes");
            return Err(Problem::malformed(limits));
        }
        let Some((record, tail)) = tail.split_at_checked(length) else { break };
        records.push(body.slice_ref(record));
        rest = tail;
    }
    if rest.is_empty() {
        return Ok(records);
    }
    let place = format!("record {} is cut short, at byte {}", records.len(), body.len() - rest.len());
    Err(Problem::malformed(place))
}

fn admit(api: &Api, records: &[Bytes], address: SocketAddr) -> Vec<Taken> {
    let pool = api.chain.pool();
    let verified: Vec<_> = records.par_iter().map(|record| pool.verify(record, address.ip())).collect();
    let sound: Vec<Verified> = verified.iter().filter_map(|record| record.as_ref().ok().cloned()).collect();
    let mut admissions = pool.admit_all(sound, &Origin::Client, now()).into_iter();
    let taken = verified.into_iter().map(|record| {
        let record = record.map_err(|rejection| rejection.to_string())?;
        match admissions.next().expect("one admission for each sound record") {
            Ok(Admission::New | Admission::Waiting | Admission::Committed { .. }) => Ok(record.id()),
            Err(rejection) => Err(rejection.to_string()),
        }
    });
    taken.map(|taken| taken.map_or_else(Taken::Rejected, Taken::Accepted)).collect()
}
