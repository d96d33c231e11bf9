//! Fetch from other nodes over HTTP: a snapshot to begin from, older blocks in a row.

use crate::api::snapshots::ShownSnapshots;
use crate::chain::{ChainError, SentBlock, verify_snapshot};
use crate::store::{Snapshots, StoreError};
use bytes::Bytes;
use reqwest::header::{ETAG, HeaderValue, IF_RANGE, RANGE};
use reqwest::{Client, Response, StatusCode, Url};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tongda_ledger::block::Body;
use tongda_ledger::founding::Founding;
use tongda_ledger::snapshot::{Piece, Reader, SnapshotError, Trust, Verified};
use tongda_ledger::tree::bundle::COMMITS_LIMIT;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);

/// How long an answer may stand still.
const SILENCE: Duration = Duration::from_secs(20);

/// How often a broken download is taken up again without a byte of progress.
const RESUMPTIONS: u32 = 5;

/// The pause before a download is taken up again.
const PAUSE: Duration = Duration::from_millis(500);

/// The longest answer to a question for blocks: what closes an answer, and the longest block with its certificate.
const ROW_LIMIT: usize = (4 << 20) + Body::LIMIT + (1 << 18);

/// Why something could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address is none.
    #[error("{0:?} is no address of a node, like http://host:port")]
    Address(String),
    /// The node does not answer, or not as expected.
    #[error("{url}: {reason}")]
    Answer {
        /// What was asked.
        url: String,
        /// What happened.
        reason: String,
    },
    /// What came is wrong, or cannot be kept.
    #[error("{from}: {error}")]
    Content {
        /// Where it came from.
        from: String,
        /// What is wrong.
        error: Box<ChainError>,
    },
}

/// A way to one node.
#[derive(Clone, Debug)]
pub struct NodeDoor {
    http: Client,
    address: Url,
}

impl NodeDoor {
    /// The node at this address.
    ///
    /// # Errors
    /// [`FetchError::Address`] when it is none.
    pub fn new(address: &str) -> Result<Self, FetchError> {
        let wrong = || FetchError::Address(address.to_owned());
        let address: Url = address.parse().map_err(|_| wrong())?;
        let builder = Client::builder().connect_timeout(CONNECT).read_timeout(SILENCE);
        // A node on this machine is never behind a proxy.
        let builder = if is_local(&address) { builder.no_proxy() } else { builder };
        Ok(Self { http: builder.build().map_err(|_| wrong())?, address })
    }

    fn url(&self, path: &str) -> Result<Url, FetchError> {
        let base = self.address.as_str().trim_end_matches('/');
        format!("{base}/{path}").parse().map_err(|_| FetchError::Address(base.to_owned()))
    }

    async fn get(&self, url: Url) -> Result<Response, FetchError> {
        let response = self.http.get(url.clone()).send().await.map_err(|error| answer(&url, &error))?;
        expect_success(&url, response).await
    }

    /// The blocks from this height on, as many as the node gives at once: at least one.
    ///
    /// # Errors
    /// [`FetchError::Answer`] when the node has none, or what it sends is no row of blocks.
    pub async fn blocks(&self, from: u64) -> Result<Vec<SentBlock>, FetchError> {
        let url = self.url(&format!("v1/blocks?from={from}"))?;
        let mut response = self.get(url.clone()).await?;
        let mut row = Vec::new();
        while let Some(portion) = response.chunk().await.map_err(|error| answer(&url, &error))? {
            row.extend_from_slice(&portion);
            if row.len() > ROW_LIMIT {
                return Err(answer(&url, &format!("more than {ROW_LIMIT} bytes of blocks")));
            }
        }
        let blocks = split_row(&Bytes::from(row));
        blocks.filter(|blocks| !blocks.is_empty()).ok_or_else(|| answer(&url, &"no row of blocks"))
    }

    /// A resource below `/log/`; `None` when the node has none of this name.
    ///
    /// # Errors
    /// [`FetchError::Answer`] when the node does not answer, or with more than the longest bundle.
    pub async fn log_resource(&self, name: &str) -> Result<Option<Vec<u8>>, FetchError> {
        let url = self.url(&format!("log/{name}"))?;
        let response = self.http.get(url.clone()).send().await.map_err(|error| answer(&url, &error))?;
        if response.status() == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let mut response = expect_success(&url, response).await?;
        let mut bytes = Vec::new();
        while let Some(portion) = response.chunk().await.map_err(|error| answer(&url, &error))? {
            bytes.extend_from_slice(&portion);
            if bytes.len() > COMMITS_LIMIT {
                return Err(answer(&url, &format!("more than {COMMITS_LIMIT} bytes")));
            }
        }
        Ok(Some(bytes))
    }

    /// The snapshot's address: the one given, or the newest of the node there.
    async fn snapshot(&self) -> Result<Url, FetchError> {
        if self.address.path().contains("/v1/snapshots/") {
            return Ok(self.address.clone());
        }
        let url = self.url("v1/snapshots")?;
        let response = self.get(url.clone()).await?;
        let shown: ShownSnapshots = response.json().await.map_err(|error| answer(&url, &error))?;
        let newest = shown.snapshots.last().ok_or_else(|| answer(&url, &"the node has no snapshot yet"))?;
        self.url(&format!("v1/snapshots/{}", newest.height))
    }
}

/// Fetches a snapshot from a file or a node, proves it from the founding and puts it into the directory.
///
/// # Errors
/// [`FetchError`] names what cannot be reached, or the first thing in the snapshot that is wrong; nothing is then kept.
pub async fn snapshot(
    source: &str,
    snapshots: &Snapshots,
    founding: &Founding,
) -> Result<Verified, FetchError> {
    let directory = snapshots.directory();
    let part = directory.join("fetched.snap.new");
    let wrong = |error: ChainError| FetchError::Content { from: source.to_owned(), error: Box::new(error) };
    std::fs::create_dir_all(directory)
        .map_err(|error| wrong(StoreError::io("create", directory)(error).into()))?;
    let fetched = if source.starts_with("http://") || source.starts_with("https://") {
        download(source, &part, founding).await
    } else {
        copy(Path::new(source), &part, founding).map_err(wrong)
    };
    match fetched {
        Ok(verified) => {
            snapshots.adopt(&part, verified.header.seal.height).map_err(|error| wrong(error.into()))?;
            Ok(verified)
        }
        Err(error) => {
            // Whether there is anything to remove or not: the error is told.
            let _ = std::fs::remove_file(&part);
            Err(error)
        }
    }
}

fn copy(source: &Path, part: &PathBuf, founding: &Founding) -> Result<Verified, ChainError> {
    let verified = verify_snapshot(source, founding)?;
    std::fs::copy(source, part).map_err(StoreError::io("copy", source))?;
    Ok(verified)
}

/// Downloads a snapshot and proves it as it comes; what breaks off is taken up again where it broke off.
async fn download(source: &str, part: &Path, founding: &Founding) -> Result<Verified, FetchError> {
    let door = NodeDoor::new(source)?;
    let url = door.snapshot().await?;
    let wrong = |error: ChainError| FetchError::Content { from: url.to_string(), error: Box::new(error) };
    let trust = Trust::of(founding).map_err(|error| wrong(ChainError::Founding(error.to_string())))?;
    let create = || File::create(part).map_err(|error| wrong(StoreError::io("create", part)(error).into()));
    let mut download = Download { file: create()?, reader: Reader::new(trust.clone()), have: 0, tag: None };
    let mut without_progress = 0;
    loop {
        let before = download.have;
        match download.go_on(&door, &url).await {
            Ok(true) => break,
            // The node has another file there by now, or gives no ranges: from the beginning.
            Ok(false) => {
                download =
                    Download { file: create()?, reader: Reader::new(trust.clone()), have: 0, tag: None };
            }
            Err(FetchError::Answer { url, reason }) => {
                without_progress = if download.have > before { 0 } else { without_progress + 1 };
                if without_progress > RESUMPTIONS {
                    return Err(FetchError::Answer { url, reason });
                }
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(error),
        }
    }
    download.reader.finish().map_err(|error| wrong(error.into()))
}

struct Download {
    file: File,
    reader: Reader,
    have: u64,
    /// Which file it is, as the node calls it.
    tag: Option<HeaderValue>,
}

impl Download {
    /// Downloads what is missing. False when it must begin anew.
    async fn go_on(&mut self, door: &NodeDoor, url: &Url) -> Result<bool, FetchError> {
        let wrong = |error: ChainError| FetchError::Content { from: url.to_string(), error: Box::new(error) };
        let mut request = door.http.get(url.clone());
        if self.have > 0 {
            request = request.header(RANGE, format!("bytes={}-", self.have));
            if let Some(tag) = &self.tag {
                request = request.header(IF_RANGE, tag);
            }
        }
        let response = request.send().await.map_err(|error| answer(url, &error))?;
        let mut response = match response.status() {
            StatusCode::RANGE_NOT_SATISFIABLE => return Ok(true),
            StatusCode::OK if self.have > 0 => return Ok(false),
            _ => expect_success(url, response).await?,
        };
        self.tag = response.headers().get(ETAG).cloned();
        while let Some(portion) = response.chunk().await.map_err(|error| answer(url, &error))? {
            let pass = |_: Piece<'_>| Ok::<_, SnapshotError>(());
            self.reader.push(&portion, pass).map_err(|error| wrong(error.into()))?;
            let written = self.file.write_all(&portion);
            written
                .map_err(|error| wrong(StoreError::io("write", Path::new("the snapshot"))(error).into()))?;
            self.have += portion.len() as u64;
        }
        Ok(true)
    }
}

/// The blocks in a row of them; `None` when lengths and bytes do not match.
fn split_row(row: &Bytes) -> Option<Vec<SentBlock>> {
    let mut rest = row.clone();
    let mut part = || {
        let length = rest.get(..4)?.try_into().ok().map(u32::from_le_bytes)?;
        let end = usize::try_from(length).ok()?.checked_add(4)?;
        (end <= rest.len()).then(|| rest.split_to(end).slice(4..))
    };
    let mut blocks = Vec::new();
    let mut left = row.len();
    while left > 0 {
        let (certificate, body) = (part()?, part()?);
        left -= certificate.len() + body.len() + 8;
        blocks.push(SentBlock { certificate, body });
    }
    Some(blocks)
}

pub(crate) fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

async fn expect_success(url: &Url, response: Response) -> Result<Response, FetchError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let text = response.text().await.unwrap_or_default();
    let detail = serde_json::from_str::<serde_json::Value>(&text).ok();
    let detail = detail.and_then(|problem| problem["detail"].as_str().map(str::to_owned)).unwrap_or(text);
    Err(answer(url, &format!("{status}: {detail}")))
}

fn answer(url: &Url, reason: &dyn std::fmt::Display) -> FetchError {
    FetchError::Answer { url: url.to_string(), reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_blocks_is_split_at_its_lengths_and_nothing_else_is_taken_for_one() {
        let row = [&3_u32.to_le_bytes()[..], b"abc", &2_u32.to_le_bytes(), b"de"].concat().repeat(2);
        let blocks = split_row(&row.clone().into()).unwrap();
        assert_eq!(blocks.len(), 2);
        assert_eq!((&blocks[1].certificate[..], &blocks[1].body[..]), (&b"abc"[..], &b"de"[..]));
        for length in (1..row.len()).filter(|length| length % 13 != 0) {
            assert!(split_row(&row[..length].to_vec().into()).is_none(), "{length}");
        }
        assert!(split_row(&u32::MAX.to_le_bytes().repeat(2).into()).is_none());
        assert!(split_row(&Bytes::new()).unwrap().is_empty());
    }

    #[test]
    fn this_machine_is_known_by_its_names() {
        for (address, local) in [
            ("http://127.0.0.1:1", true),
            ("http://[::1]:1", true),
            ("http://localhost", true),
            ("https://beijing.example", false),
        ] {
            assert_eq!(is_local(&address.parse().unwrap()), local, "{address}");
        }
    }
}
