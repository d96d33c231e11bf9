//! The log over HTTP: what readers of C2SP tlog-tiles ask for, and what there is not.

use super::World;
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use std::io::Read as _;
use std::net::SocketAddr;
use tempfile::tempdir;
use tongda_ledger::tree::bundle::{decode_commits, decode_entries};
use tongda_ledger::tree::{Span, Tile, TilePath};
use tongda_node::api::log::{LogDoor, routes};
use tongda_node::chain::Chain;

/// A door of the log on a port of its own.
pub(super) async fn open_door(chain: &Chain) -> SocketAddr {
    let door = LogDoor { chain: chain.clone(), genesis: "a genesis file\n".into() };
    let router: Router = routes().with_state(door);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

struct Reader {
    http: reqwest::Client,
    address: SocketAddr,
}

impl Reader {
    async fn ask(
        &self,
        method: reqwest::Method,
        path: &str,
        encoding: &str,
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        let url = format!("http://{}/log/{path}", self.address);
        let answer = self.http.request(method, url).header("accept-encoding", encoding).send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        (status, headers, answer.bytes().await.unwrap().to_vec())
    }

    async fn get(&self, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
        self.ask(reqwest::Method::GET, path, "identity").await
    }
}

#[tokio::test]
async fn a_reader_gets_every_tile_and_bundle_as_the_specification_says_and_nothing_else() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 130);
    let (size, blocks) = (chain.committed().tip().log.size(), chain.committed().tip().height());
    assert!(size > 600);
    let address = open_door(&chain).await;
    let reader = Reader { http: reqwest::Client::builder().no_proxy().build().unwrap(), address };
    let tiles = Tile::all(size).map(TilePath::Tile);
    let entries = Span::all(size).map(TilePath::Entries);
    let commits = Span::all(blocks).map(TilePath::Commits);
    for path in tiles.chain(entries).chain(commits) {
        let (status, headers, bytes) = reader.get(&path.to_string()).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert_eq!(headers["content-type"], "application/octet-stream");
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(headers["content-length"], bytes.len().to_string().as_str());
        assert_eq!(bytes, chain.piece(path).unwrap(), "{path}");
        let width = path.span().width();
        match path {
            TilePath::Tile(tile) => drop(tile.decode(&bytes).unwrap()),
            TilePath::Entries(_) => drop(decode_entries(&bytes, width).unwrap()),
            TilePath::Commits(_) => drop(decode_commits(&bytes, width).unwrap()),
        }
        let (status, headers, nothing) =
            reader.ask(reqwest::Method::HEAD, &path.to_string(), "identity").await;
        assert_eq!((status, nothing.len()), (StatusCode::OK, 0));
        assert_eq!(headers["content-length"], bytes.len().to_string().as_str(), "HEAD tells the length");
        let (_, headers, packed) = reader.ask(reqwest::Method::GET, &path.to_string(), "gzip").await;
        if matches!(path, TilePath::Tile(_)) {
            assert!(!headers.contains_key("content-encoding"), "hashes are not packed");
            assert_eq!(packed, bytes);
        } else {
            assert_eq!(
                (&headers["content-encoding"], &headers["vary"]),
                (&"gzip".parse().unwrap(), &"accept-encoding".parse().unwrap())
            );
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut unpacked).unwrap();
            assert_eq!(unpacked, bytes);
            assert!(packed.len() < bytes.len());
        }
    }
    // Any width that the log contains.
    for width in [1, 17, 255] {
        let (status, _, bytes) = reader.get(&format!("tile/0/000.p/{width}")).await;
        assert_eq!((status, bytes.len()), (StatusCode::OK, 32 * width));
    }
    let beyond = (size / 256, size % 256 + 1);
    let wrong = [
        format!("tile/0/{:03}.p/{}", beyond.0, beyond.1),
        format!("tile/entries/{:03}.p/{}", beyond.0, beyond.1),
        format!("tile/0/{:03}", beyond.0),
        format!("tile/1/000.p/{}", beyond.0 + 1),
        "tile/2/000.p/1".into(),
        "commits/001.p/5".into(),
        "tile/0/000.p/0".into(),
        "tile/0/000.p/256".into(),
        "tile/0/0".into(),
        "tile/0/x000/000".into(),
        "tile/63/000".into(),
        "tile/0/%30%30%30".into(),
        "tile/0/000/".into(),
        "tile/data/000".into(),
        "tile/0/x999/x999/x999/x999/x999/999".into(),
        "commits/5".into(),
    ];
    for path in wrong {
        let (status, headers, body) = reader.get(&path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(headers["content-type"], "application/problem+json", "{path}");
        assert_eq!(headers["cache-control"], "no-store");
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["type"], "urn:tongda:problem:missing", "{problem}");
    }
    let (status, headers, bytes) = reader.get("genesis").await;
    assert_eq!((status, bytes.as_slice()), (StatusCode::OK, b"a genesis file\n".as_slice()));
    assert_eq!(headers["content-type"], "text/plain; charset=utf-8");
}
