//! The log as anyone can copy and check it: tiles, bundles of entries and of commit certificates, the genesis file.
//!
//! What is within the log never changes, so it may be cached for ever. Paths and bytes are those of C2SP tlog-tiles.

use super::{Api, Problem};
use crate::chain::{Chain, Unavailable};
use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use std::sync::Arc;
use tongda_ledger::tree::TilePath;

/// What the log's resources are answered from.
#[derive(Clone)]
pub struct LogDoor {
    /// The chain.
    pub chain: Chain,
    /// The genesis file.
    pub genesis: Arc<str>,
}

impl FromRef<Api> for LogDoor {
    fn from_ref(api: &Api) -> Self {
        Self { chain: api.chain.clone(), genesis: api.genesis.clone() }
    }
}

/// How long what never changes may be kept: a year, as nobody knows longer times.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// The routes below `/log/`.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S>
where
    LogDoor: FromRef<S>,
{
    Router::new()
        .route("/log/tile/{*path}", get(piece))
        .route("/log/commits/{*path}", get(piece))
        .route("/log/genesis", get(genesis))
}

/// `GET /log/tile/…`, `/log/commits/…`: a tile or a bundle.
async fn piece(State(door): State<LogDoor>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let path = uri.path().strip_prefix("/log/").unwrap_or_default();
    let path: TilePath = path.parse().map_err(Problem::missing)?;
    let packed = !matches!(path, TilePath::Tile(_)) && takes_gzip(&headers);
    let read = move || {
        let bytes = door.chain.piece(path)?;
        if packed { pack(&bytes).map_err(Problem::broken) } else { Ok(bytes) }
    };
    let bytes = tokio::task::spawn_blocking(read).await.map_err(Problem::broken)??;
    let mut response = with(bytes, &[(header::CONTENT_TYPE, BYTES), (header::CACHE_CONTROL, FOR_EVER)]);
    if !matches!(path, TilePath::Tile(_)) {
        let vary = HeaderValue::from_static("accept-encoding");
        response.headers_mut().insert(header::VARY, vary);
    }
    if packed {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Ok(response)
}

/// `GET /log/genesis`: the file with which the network began, as the node has it.
async fn genesis(State(door): State<LogDoor>) -> Response {
    with(door.genesis.to_string().into(), &[(header::CONTENT_TYPE, TEXT), (header::CACHE_CONTROL, FOR_EVER)])
}

fn with(bytes: Vec<u8>, headers: &[(HeaderName, HeaderValue)]) -> Response {
    let mut response = (StatusCode::OK, bytes).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, value.clone());
    }
    response
}

fn pack(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes)?;
    packer.finish()
}

/// Whether the request says that gzip is welcome.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    let mut codings = values.flat_map(|value| value.split(','));
    codings.any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        let quality = quality.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
        name.trim().eq_ignore_ascii_case("gzip") && quality.is_ok_and(|quality| quality > 0.0)
    })
}

impl From<Unavailable> for Problem {
    fn from(error: Unavailable) -> Self {
        match error {
            Unavailable::Beyond { .. } => Self::missing(error),
            Unavailable::Older { .. } => Self::not_held(error),
            Unavailable::Chain(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_only_to_those_who_take_it() {
        let takes = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            takes_gzip(&headers)
        };
        for value in ["gzip", "deflate, GZIP", "br;q=1.0, gzip;q=0.8", "gzip ; q=1"] {
            assert!(takes(value), "{value}");
        }
        for value in ["", "identity", "gzip;q=0", "gzip;q=0.0", "gzip;q=x", "x-gzip2", "deflate"] {
            assert!(!takes(value), "{value}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
