//! Read a log over HTTP, within bounds of bytes and time.

use super::source::{Source, SourceError, Trouble};
use reqwest::{StatusCode, Url};
use std::time::Duration;
use tokio::runtime::Runtime;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a server may be silent within an answer.
const SILENCE: Duration = Duration::from_secs(30);
/// How long one resource may take in all.
const REQUEST: Duration = Duration::from_secs(300);
/// How often a resource is asked for when the server cannot be reached or is busy.
const TRIES: u32 = 3;

/// The longest page of a node's list of checkpoints.
const LIST_LIMIT: usize = 1 << 20;
/// The most pages of it that are read.
const LIST_PAGES: usize = 1_000;

/// A log behind an address.
#[derive(Debug)]
pub struct Server {
    http: reqwest::Client,
    base: Url,
    runtime: Runtime,
}

/// Why there is no such server.
#[derive(Debug, thiserror::Error)]
#[error(
    "{address:?} is no address of a log: {reason}; write it as in http://127.0.0.1:26602 or https://cache.example/log"
)]
pub struct AddressError {
    /// The text given.
    pub address: String,
    /// What is wrong.
    pub reason: String,
}

impl Server {
    /// The log of the node at this address, or of the web cache: an address that does not end with `/log` gets it.
    ///
    /// # Errors
    /// [`AddressError`] when it is none.
    pub fn new(address: &str) -> Result<Self, AddressError> {
        let wrong = |reason: String| AddressError { address: address.to_owned(), reason };
        let trimmed = address.trim_end_matches('/');
        let whole = if trimmed.ends_with("/log") { format!("{trimmed}/") } else { format!("{trimmed}/log/") };
        let base = Url::parse(&whole).map_err(|error| wrong(error.to_string()))?;
        let host = base.host_str().ok_or_else(|| wrong("it has no host".into()))?;
        let builder =
            reqwest::Client::builder().connect_timeout(CONNECT).read_timeout(SILENCE).timeout(REQUEST);
        // A node on this machine is never behind a proxy.
        let is_local = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        let builder = if is_local { builder.no_proxy() } else { builder };
        let http = builder.build().map_err(|error| wrong(error.to_string()))?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|error| wrong(error.to_string()))?;
        Ok(Self { http, base, runtime })
    }

    /// The sizes on the pages of the node's list of checkpoints, ascending. A web cache has no such list.
    async fn listed(&self) -> Vec<u64> {
        let mut sizes = Vec::new();
        let mut path = "../v1/checkpoints?limit=100".to_owned();
        for _ in 0..LIST_PAGES {
            let Ok(bytes) = self.get(&path, LIST_LIMIT).await else { break };
            let Ok(page) = serde_json::from_slice::<serde_json::Value>(&bytes) else { break };
            let items = page["items"].as_array().into_iter().flatten();
            let before = sizes.last().copied();
            sizes.extend(items.filter_map(|item| item["size"].as_u64()));
            match page["next"].as_u64().filter(|next| before.is_none_or(|before| *next < before)) {
                Some(next) => path = format!("../v1/checkpoints?limit=100&before={next}"),
                None => break,
            }
        }
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }

    async fn get(&self, path: &str, limit: usize) -> Result<Vec<u8>, Trouble> {
        let url = self.base.join(path).map_err(|error| Trouble::Unreachable(error.to_string()))?;
        let mut answer =
            self.http.get(url).send().await.map_err(|error| Trouble::Unreachable(deepest(&error)))?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(Trouble::Missing),
            status => return Err(Trouble::Status(status.as_u16())),
        }
        if answer.content_length().is_some_and(|length| length > limit as u64) {
            return Err(Trouble::TooLong(limit));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| Trouble::Cut(deepest(&error)))? {
            if bytes.len() + chunk.len() > limit {
                return Err(Trouble::TooLong(limit));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

impl Source for Server {
    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        let tries = async {
            let mut tried = 1;
            loop {
                match self.get(path, limit).await {
                    Err(Trouble::Unreachable(_) | Trouble::Cut(_) | Trouble::Status(500..))
                        if tried < TRIES =>
                    {
                        tokio::time::sleep(Duration::from_millis(200 << tried)).await;
                        tried += 1;
                    }
                    other => return other,
                }
            }
        };
        self.runtime.block_on(tries).map_err(|trouble| SourceError::new(path, trouble))
    }

    fn readers(&self) -> usize {
        8
    }

    fn checkpoints(&self) -> Vec<u64> {
        self.runtime.block_on(self.listed())
    }

    fn name(&self) -> String {
        self.base.as_str().trim_end_matches('/').to_owned()
    }
}

/// The innermost reason of an error: the outer ones repeat the address.
fn deepest(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
