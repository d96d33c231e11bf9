//! Snapshots: which there are, and their bytes.

use super::{Api, Problem};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use std::io::{self, SeekFrom};
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio::sync::Semaphore;
use tongda_ledger::vote::NetworkId;

/// Bytes of a portion of the answer.
const PORTION: usize = 128 << 10;

/// Snapshots sent at once: each takes the disk and the line for as long as its reader does.
static SENDING: Semaphore = Semaphore::const_new(8);

/// Bytes of the digest at the end of a snapshot.
const DIGEST: u64 = 32;

/// The snapshots of a node.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ShownSnapshots {
    /// The network.
    pub network: NetworkId,
    /// The snapshots, ascending by height.
    pub snapshots: Vec<ShownSnapshot>,
}

/// A snapshot that can be fetched.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ShownSnapshot {
    /// The height of its seal.
    pub height: u64,
    /// Its length.
    pub bytes: u64,
}

/// `GET /v1/snapshots`.
pub(super) async fn list(State(api): State<Api>) -> Result<Json<ShownSnapshots>, Problem> {
    let files = api.chain.snapshots().list().map_err(Problem::broken)?;
    let snapshots =
        files.into_iter().map(|file| ShownSnapshot { height: file.height, bytes: file.bytes }).collect();
    Ok(Json(ShownSnapshots { network: api.chain.network(), snapshots }))
}

/// `GET /v1/snapshots/{height}`: the file, or with `Range: bytes=FROM-` what is left of it.
pub(super) async fn fetch(
    State(api): State<Api>,
    Path(height): Path<u64>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = api.chain.snapshots().find(height).map_err(Problem::broken)?;
    let found = found.ok_or_else(|| {
        Problem::missing(format!("there is no snapshot of height {height}; GET /v1/snapshots lists them"))
    })?;
    let permit = SENDING.try_acquire();
    let permit = permit.map_err(|_| Problem::busy("eight snapshots are being fetched; ask again later"))?;
    let mut file = File::open(&found.path).await.map_err(Problem::broken)?;
    let tag = entity_tag(&mut file, found.bytes).await.map_err(Problem::broken)?;
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    // Another node's snapshot of the same height has other certificates: only this very file is continued.
    let same = text(header::IF_RANGE).is_none_or(|wanted| wanted == tag);
    let from = text(header::RANGE).filter(|_| same).and_then(first_byte);
    let (status, from) = match from {
        Some(from) if from >= found.bytes => {
            let range = [(header::CONTENT_RANGE, format!("bytes */{}", found.bytes))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, range).into_response());
        }
        Some(from) => (StatusCode::PARTIAL_CONTENT, from),
        None => (StatusCode::OK, 0),
    };
    file.seek(SeekFrom::Start(from)).await.map_err(Problem::broken)?;
    let portions = futures::stream::try_unfold((file, permit), |(mut file, permit)| async move {
        let mut portion = vec![0; PORTION];
        let length = file.read(&mut portion).await?;
        portion.truncate(length);
        Ok::<_, io::Error>((length > 0).then(|| (Bytes::from(portion), (file, permit))))
    });
    let mut response = (status, Body::from_stream(portions.into_stream())).into_response();
    let last = found.bytes - 1;
    let mut set = |name: header::HeaderName, value: String| {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, "application/octet-stream".into());
    set(header::CONTENT_LENGTH, (found.bytes - from).to_string());
    set(header::ACCEPT_RANGES, "bytes".into());
    set(header::ETAG, tag);
    if status == StatusCode::PARTIAL_CONTENT {
        set(header::CONTENT_RANGE, format!("bytes {from}-{last}/{}", found.bytes));
    }
    Ok(response)
}

/// The digest of the whole, in quotes.
async fn entity_tag(file: &mut File, length: u64) -> io::Result<String> {
    file.seek(SeekFrom::Start(length.saturating_sub(DIGEST))).await?;
    let mut digest = Vec::new();
    file.read_to_end(&mut digest).await?;
    Ok(format!("\"{}\"", hex::encode(digest)))
}

/// The first byte that a range asks for, if it asks for all from there on: other ranges are answered with the whole.
fn first_byte(range: &str) -> Option<u64> {
    range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_range_to_the_end_is_taken_for_one() {
        assert_eq!(first_byte("bytes=7-"), Some(7));
        for other in ["bytes=-7", "bytes=1-2", "bytes=1-,5-", "lines=7-", ""] {
            assert_eq!(first_byte(other), None, "{other}");
        }
    }
}
