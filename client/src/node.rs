//! Ask a node over HTTP: one exchange's door, or several asked in turn.

use crate::Error;
use crate::answer::Receipt;
use crate::answer::{
    Accepted, Block, LogEntry, LogTip, Network, Peers, Permission, Problem, Readiness, StateTip, Submitted,
};
use reqwest::header::{CONTENT_TYPE, DATE, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode, Url};
use serde::de::DeserializeOwned;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tongda_ledger::envelope::Envelope;
use tongda_ledger::execution::Draft;
use tongda_ledger::identifier::Timestamp;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);
/// How long one request may take: longer than a node waits for a commit before it answers.
const REQUEST: Duration = Duration::from_secs(60);
/// How long to keep asking a node that is busy, or waiting for a commit, unless told otherwise.
const PATIENCE: Duration = Duration::from_secs(60);
/// The pause after an answer that named none, and between two looks for a commit.
const PAUSE: Duration = Duration::from_millis(500);

/// The way to one exchange's node, or to several: the next is asked when one cannot be reached.
#[derive(Clone, Debug)]
pub struct Node {
    http: reqwest::Client,
    addresses: Vec<Url>,
    patience: Duration,
}

impl Node {
    /// The node at this address, `http://host:port` or `https://host`.
    ///
    /// # Errors
    /// [`Error::Address`] when it is none.
    pub fn new(address: &str) -> Result<Self, Error> {
        Self::any_of([address])
    }

    /// Nodes at these addresses; each question goes to the first that can be reached.
    ///
    /// # Errors
    /// [`Error::Address`] when one of them is none, or there is none.
    pub fn any_of<'a>(addresses: impl IntoIterator<Item = &'a str>) -> Result<Self, Error> {
        let addresses = addresses.into_iter().map(address_of).collect::<Result<Vec<_>, _>>()?;
        let none = || Error::Address { address: String::new(), reason: "there is none".into() };
        addresses.first().ok_or_else(none)?;
        let builder = reqwest::Client::builder().connect_timeout(CONNECT).timeout(REQUEST);
        // A node on this machine is never behind a proxy.
        let builder = if addresses.iter().all(is_local) { builder.no_proxy() } else { builder };
        let http = builder
            .build()
            .map_err(|error| Error::Address { address: addresses[0].to_string(), reason: deepest(&error) })?;
        Ok(Self { http, addresses, patience: PATIENCE })
    }

    /// The same, but patient for this long with a node that is busy and for a commit to be seen.
    #[must_use]
    pub fn patient(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The addresses, in the order they are asked.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.addresses.iter().map(|url| url.as_str().trim_end_matches('/'))
    }

    /// What the network is.
    ///
    /// # Errors
    /// [`Error`] when no node answers, or not as expected; so for all questions below.
    pub async fn network(&self) -> Result<Network, Error> {
        self.get("v1/network").await
    }

    /// The log's tip.
    ///
    /// # Errors
    /// As [`Self::network`].
    pub async fn log(&self) -> Result<LogTip, Error> {
        self.get("v1/log").await
    }

    /// The state's root.
    ///
    /// # Errors
    /// As [`Self::network`].
    pub async fn state(&self) -> Result<StateTip, Error> {
        self.get("v1/state").await
    }

    /// The nodes of the network.
    ///
    /// # Errors
    /// As [`Self::network`].
    pub async fn peers(&self) -> Result<Peers, Error> {
        self.get("v1/peers").await
    }

    /// A block; [`Error::Missing`] when the node does not hold it.
    ///
    /// # Errors
    /// As [`Self::network`].
    pub async fn block(&self, height: u64) -> Result<Block, Error> {
        self.get(&format!("v1/blocks/{height}")).await
    }

    /// An entry of the log, by log index, record id or envelope id; [`Error::Missing`] when there is none.
    ///
    /// # Errors
    /// As [`Self::network`].
    pub async fn record(&self, record: impl ToString) -> Result<LogEntry, Error> {
        self.get(&format!("v1/records/{}", segment(&record.to_string()))).await
    }

    /// Whether the node can serve. A node that cannot is an answer too, not an error.
    ///
    /// # Errors
    /// As [`Self::network`].
    pub async fn readiness(&self) -> Result<Readiness, Error> {
        let (response, node) = self.ask(&Request::get("readyz")).await?;
        read(response, &node).await
    }

    /// Whether an act would be allowed, with every reason against it. Nobody signs and nothing is written.
    ///
    /// # Errors
    /// As [`Self::network`].
    pub async fn may_i(&self, draft: &Draft) -> Result<Permission, Error> {
        let body = serde_json::to_vec(draft).expect("a draft has a JSON form");
        let request = Request {
            method: Method::POST,
            path: "v1/may-i",
            query: &[],
            body: Some(("application/json", body)),
        };
        self.answer(&request).await
    }

    /// The network's time: the node's clock, and never before the last block.
    ///
    /// # Errors
    /// As [`Self::network`].
    pub async fn now(&self) -> Result<Timestamp, Error> {
        let (response, node) = self.ask(&Request::get("v1/log")).await?;
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
        let clock =
            date.and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or_else(SystemTime::now);
        let since = clock.duration_since(UNIX_EPOCH).unwrap_or_default();
        let milliseconds = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        let clock = Timestamp::try_from(milliseconds)
            .map_err(|error| Error::Broken { node: node.clone(), detail: format!("its clock: {error}") })?;
        let tip: LogTip = read(successful(response, &node).await?, &node).await?;
        Ok(clock.max(tip.time))
    }

    /// Sends an envelope and waits for its commit as long as the node itself waits. An envelope that stands in the log
    /// already is answered like one that was just committed.
    ///
    /// # Errors
    /// [`Error::Refused`] when the act is not allowed, [`Error::Expired`] when its window has passed, and others.
    pub async fn submit(&self, envelope: &Envelope) -> Result<Submitted, Error> {
        let body = Some(("application/octet-stream", envelope.bytes().to_vec()));
        let request =
            Request { method: Method::POST, path: "v1/records", query: &[("wait", "commit")], body };
        let (response, node) = self.ask(&request).await?;
        let response = successful(response, &node).await?;
        if response.status() == StatusCode::ACCEPTED {
            let accepted: Accepted = read(response, &node).await?;
            return Ok(Submitted::Accepted(accepted.id));
        }
        Ok(Submitted::Committed(Box::new(read(response, &node).await?)))
    }

    /// Sends an envelope until it is committed or refused.
    ///
    /// # Errors
    /// As [`Self::submit`], and [`Error::Unsettled`] when patience ran out first.
    pub async fn settle(&self, envelope: &Envelope) -> Result<Receipt, Error> {
        let begun = Instant::now();
        loop {
            match self.submit(envelope).await? {
                Submitted::Committed(receipt) => return Ok(*receipt),
                Submitted::Accepted(id) if begun.elapsed() >= self.patience => {
                    return Err(Error::Unsettled { id });
                }
                Submitted::Accepted(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// What stands at a path below the node's address, as bytes; at most so many.
    ///
    /// # Errors
    /// As [`Self::network`], and when it is longer.
    pub async fn file(&self, path: &str, limit: usize) -> Result<Vec<u8>, Error> {
        self.bytes(path, limit).await
    }

    pub(crate) async fn bytes(&self, path: &str, limit: usize) -> Result<Vec<u8>, Error> {
        let (response, node) = self.ask(&Request::get(path)).await?;
        let mut response = successful(response, &node).await?;
        let broken = |detail: String| Error::Broken { node: node.clone(), detail };
        let mut bytes = Vec::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|error| broken(format!("the answer broke off: {error}")))?
        {
            if bytes.len() + chunk.len() > limit {
                return Err(broken(format!("{path} is longer than the {limit} bytes that it may have")));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        self.answer(&Request::get(path)).await
    }

    pub(crate) async fn get_with<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, Error> {
        self.answer(&Request { query, ..Request::get(path) }).await
    }

    async fn answer<T: DeserializeOwned>(&self, request: &Request<'_>) -> Result<T, Error> {
        let (response, node) = self.ask(request).await?;
        read(successful(response, &node).await?, &node).await
    }

    /// Asks the nodes in turn, and again after a pause while they are busy. Every request may be repeated: questions
    /// change nothing, and an envelope counts once.
    async fn ask(&self, request: &Request<'_>) -> Result<(Response, String), Error> {
        let begun = Instant::now();
        loop {
            let mut unreachable = None;
            let mut busy = None;
            for address in &self.addresses {
                let node = address.as_str().trim_end_matches('/').to_owned();
                match self.send(address, request).await {
                    Ok(response) if is_busy(&response, request) => busy = Some((response, node)),
                    Ok(response) => return Ok((response, node)),
                    Err(error) => {
                        unreachable.get_or_insert(Error::Unreachable { node, reason: deepest(&error) });
                    }
                }
            }
            let Some((response, node)) = busy else {
                return Err(unreachable.expect("there is at least one address"));
            };
            let pause = retry_after(&response).unwrap_or(PAUSE);
            if begun.elapsed() + pause > self.patience {
                return Err(Error::Busy { node, detail: problem(response).await.detail });
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn send(&self, address: &Url, request: &Request<'_>) -> Result<Response, reqwest::Error> {
        let url = format!("{address}{}", request.path);
        let mut builder = self.http.request(request.method.clone(), url).query(request.query);
        if let Some((kind, body)) = &request.body {
            builder = builder.header(CONTENT_TYPE, *kind).body(body.clone());
        }
        builder.send().await
    }
}

struct Request<'a> {
    method: Method,
    path: &'a str,
    query: &'a [(&'a str, &'a str)],
    body: Option<(&'static str, Vec<u8>)>,
}

impl<'a> Request<'a> {
    const fn get(path: &'a str) -> Self {
        Self { method: Method::GET, path, query: &[], body: None }
    }
}

fn address_of(text: &str) -> Result<Url, Error> {
    let wrong = |reason: String| Error::Address { address: text.to_owned(), reason };
    let mut url: Url = text.trim().parse().map_err(|error| wrong(format!("{error}")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wrong("it begins with neither http:// nor https://".into()));
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

fn is_local(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    })
}

/// Whether to come back later. A node that is not ready says so with the same status: that is its answer.
fn is_busy(response: &Response, request: &Request<'_>) -> bool {
    let later = matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    later && request.path != "readyz"
}

/// Seconds or a date (RFC 9110 §10.2.3).
fn retry_after(response: &Response) -> Option<Duration> {
    let text = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    httpdate::parse_http_date(text).ok()?.duration_since(SystemTime::now()).ok()
}

async fn problem(response: Response) -> Problem {
    let status = response.status();
    let text = response.text().await.unwrap_or_default();
    let shortened = || text.chars().take(200).collect::<String>();
    serde_json::from_str(&text).unwrap_or_else(|_| Problem {
        detail: if text.is_empty() { status.to_string() } else { shortened() },
        ..Problem::default()
    })
}

/// The response, or the error that its status and problem document tell of.
async fn successful(response: Response, node: &str) -> Result<Response, Error> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let Problem { detail, refusals } = problem(response).await;
    let node = node.to_owned();
    Err(match status {
        StatusCode::CONFLICT if !refusals.is_empty() => Error::Refused(refusals),
        StatusCode::NOT_FOUND => Error::Missing(detail),
        StatusCode::GONE => Error::Expired,
        status if status.is_server_error() => Error::Broken { node, detail },
        status => Error::Rejected { node, status: status.as_u16(), detail },
    })
}

async fn read<T: DeserializeOwned>(response: Response, node: &str) -> Result<T, Error> {
    let broken = |detail: String| Error::Broken { node: node.to_owned(), detail };
    let bytes = response.bytes().await.map_err(|error| broken(format!("the answer broke off: {error}")))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| broken(format!("the answer is not of this version's form: {error}")))
}

/// The last cause, which is the one a person can do something about.
fn deepest(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

/// One segment of a path, percent-encoded where RFC 3986 asks for it.
pub(crate) fn segment(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'*' | b':' => {
                out.push(char::from(byte))
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_http_with_a_host() {
        assert!(Node::new("http://127.0.0.1:26602").is_ok());
        assert!(Node::new("https://node.example/tongda/").is_ok());
        for wrong in ["127.0.0.1:26602", "ftp://node.example", "", "http://"] {
            assert!(matches!(Node::new(wrong), Err(Error::Address { .. })), "{wrong:?}");
        }
        assert!(matches!(Node::any_of([]), Err(Error::Address { .. })));
    }

    #[test]
    fn a_path_segment_cannot_lead_elsewhere() {
        assert_eq!(segment("P-1042.1-*"), "P-1042.1-*");
        assert_eq!(segment("../x?y"), "..%2Fx%3Fy");
        assert_eq!(segment("专"), "%E4%B8%93");
    }

    #[test]
    fn loopback_is_told_from_the_world() {
        for (address, local) in
            [("http://[::1]:1", true), ("http://localhost", true), ("http://10.0.0.1", false)]
        {
            assert_eq!(is_local(&address_of(address).unwrap()), local, "{address}");
        }
    }
}
