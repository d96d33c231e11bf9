//! A server that lies about the log is told from one that does not, and from one that cannot be read.

use crate::history::Chain;
use crate::history::acts::Story;
use crate::{audit, report};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use tongda_client::audit::{Audit, Kept, Outcome, Problem, Report, Server, Source, Verdict};
use tongda_ledger::audit::What;

/// What a server does with one of its resources; with all others it is honest.
#[derive(Clone, Debug)]
enum Trick {
    None,
    /// Changes one byte.
    Flip(&'static str, usize),
    /// Promises the whole and ends in the middle.
    Truncate(&'static str),
    /// Ends in the middle as if that were all.
    Shorten(&'static str),
    /// Never ends.
    Endless(&'static str),
    /// Has no such thing.
    Hide(&'static str),
    /// Fails.
    Fail(&'static str),
}

/// Serves a folder below `/log/` until the test ends.
fn serve(folder: &Path, trick: Trick) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let folder = folder.to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (folder, trick) = (folder.clone(), trick.clone());
            std::thread::spawn(move || answer(stream, &folder, &trick));
        }
    });
    address
}

fn answer(mut stream: TcpStream, folder: &Path, trick: &Trick) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let request = lines.next()?.ok()?;
    for line in lines.by_ref() {
        if line.ok()?.is_empty() {
            break;
        }
    }
    let path = request.split(' ').nth(1)?.strip_prefix("/log/")?.to_owned();
    let body = std::fs::read(folder.join(&path)).ok();
    let mut send = |status: &str, length: usize, body: &[u8]| {
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).ok()
    };
    let Some(mut body) = body else { return send("404 Not Found", 0, &[]) };
    let whole = body.len();
    match trick {
        Trick::Flip(on, offset) if *on == path => {
            body[*offset] ^= 0x20;
            send("200 OK", whole, &body)
        }
        Trick::Truncate(on) if *on == path => send("200 OK", whole, &body[..whole / 2]),
        Trick::Shorten(on) if *on == path => send("200 OK", whole / 2, &body[..whole / 2]),
        Trick::Hide(on) if *on == path => send("404 Not Found", 0, &[]),
        Trick::Fail(on) if *on == path => send("503 Service Unavailable", 0, &[]),
        Trick::Endless(on) if *on == path => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").ok()?;
            // Ends when the reader hangs up.
            while stream.write_all(&[b'x'; 4096]).is_ok() {}
            None
        }
        _ => send("200 OK", whole, &body),
    }
}

fn story() -> Story {
    let mut story = Story::new(4, 2);
    story.bulk(300, 10);
    story
}

fn at(chain: &Chain, address: &str) -> Audit {
    let source: Arc<dyn Source> = Arc::new(Server::new(address).unwrap());
    Audit { source, ..audit(chain, Path::new("")) }
}

fn served(chain: &Chain, folder: &Path, trick: Trick) -> Report {
    report(&at(chain, &serve(folder, trick)))
}

#[test]
fn each_lie_of_a_server_is_named_for_what_it_is() {
    let chain = story().chain;
    let folder = tempfile::tempdir().unwrap();
    chain.export(folder.path(), &[chain.blocks.len()]);
    assert_eq!(served(&chain, folder.path(), Trick::None).verdict, Verdict::Sound);

    let genesis = std::fs::read_to_string(folder.path().join("genesis")).unwrap();
    let canonical = genesis.rfind("canonical = ").unwrap() + 40;
    let founding = canonical + genesis[canonical..].find(|digit: char| digit.is_ascii_digit()).unwrap();
    for (trick, what, resource) in [
        (Trick::Flip("tile/0/000", 300), What::Tile, "tile/0/000"),
        (Trick::Flip("tile/entries/000", 9000), What::Record, "tile/entries/000"),
        (Trick::Shorten("tile/0/000"), What::Tile, "tile/0/000"),
        (Trick::Shorten("tile/entries/000"), What::Bundle, "tile/entries/000"),
        (Trick::Shorten("checkpoint"), What::Checkpoint, "checkpoint"),
        (Trick::Flip("genesis", founding), What::Genesis, "genesis"),
    ] {
        let report = served(&chain, folder.path(), trick.clone());
        assert_eq!(report.verdict, Verdict::Wrong, "{trick:?}: {:?}", report.problems);
        let finding = report.first_wrong.unwrap();
        assert_eq!(finding.resource.as_deref(), Some(resource), "{trick:?}: {finding}");
        assert!(finding.what == what || what == What::Record && finding.what == What::Signature, "{finding}");
    }

    for (trick, resource, word) in [
        (Trick::Endless("checkpoint"), "checkpoint", "more than"),
        (Trick::Endless("tile/0/000"), "tile/0/000", "more than"),
        (Trick::Truncate("tile/entries/000"), "tile/entries/000", "cut short"),
        (Trick::Hide("tile/entries/000"), "tile/entries/000", "missing"),
        (Trick::Hide("tile/0/000"), "tile/0/000", "missing"),
        (Trick::Fail("tile/entries/000"), "tile/entries/000", "503"),
    ] {
        let report = served(&chain, folder.path(), trick.clone());
        assert_eq!(report.verdict, Verdict::Unreadable, "{trick:?}: {:?}", report.problems);
        let named = report.problems.iter().any(|problem| match problem {
            Problem::Unreadable { resource: named, detail } => named == resource && detail.contains(word),
            _ => false,
        });
        assert!(named, "{trick:?}: {:?}", report.problems);
    }
}

#[test]
fn an_old_checkpoint_is_told_from_the_newest_one() {
    let mut story = story();
    let (old, new, state) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    story.chain.export(old.path(), &[story.chain.blocks.len()]);
    let before = story.chain.size();
    story.bulk(20, 2);
    story.chain.export(new.path(), &[story.chain.blocks.len()]);
    let address = serve(new.path(), Trick::None);
    let mut audit = at(&story.chain, &address);
    audit.kept = Some(Kept::new(state.path(), &audit.genesis.founding, &*audit.source));
    assert_eq!(report(&audit).verdict, Verdict::Sound);
    // The same server goes back, as if the rest had never been.
    audit.source = Arc::new(Server::new(&serve(old.path(), Trick::None)).unwrap());
    let stale = report(&audit);
    assert_eq!(stale.verdict, Verdict::Unreadable);
    assert_eq!(stale.problems, [Problem::Stale { served: before, audited: story.chain.size() }]);
}

#[test]
fn two_views_of_one_network_become_evidence() {
    let mut story = story();
    let mut other = self::story();
    story.bulk(5, 1);
    let registration = other.patent(1);
    other.block(&[registration]);
    other.bulk(6, 1);
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    story.chain.export(one.path(), &[story.chain.blocks.len()]);
    other.chain.export(two.path(), &[other.chain.blocks.len()]);
    for (own, chain, also) in [(&one, &story.chain, &two), (&two, &other.chain, &one)] {
        let mut audit = at(chain, &serve(own.path(), Trick::None));
        audit.also = vec![
            Arc::new(Server::new(&serve(also.path(), Trick::None)).unwrap()),
            Arc::new(Server::new(&serve(also.path(), Trick::Endless("checkpoint"))).unwrap()),
            Arc::new(Server::new("http://127.0.0.1:9/log").unwrap()),
        ];
        let report = report(&audit);
        assert_eq!(report.problems, []);
        let outcomes: Vec<_> = report.nodes.iter().map(|node| &node.outcome).collect();
        let is_same = story.chain.tip.log == other.chain.tip.log;
        assert!(!is_same);
        let Outcome::Contradiction { evidence: Some(evidence), .. } = outcomes[0] else {
            panic!("{:?}", outcomes[0])
        };
        let evidence = tongda_ledger::evidence::Evidence::parse(evidence.as_bytes()).unwrap();
        let keys: Vec<_> = chain
            .nodes()
            .nodes
            .iter()
            .map(|node| {
                let address = tongda_ledger::vote::Address::of(&node.vote_key);
                tongda_ledger::tree::cosigner_key(&chain.network, &address, &node.cosign_key).unwrap()
            })
            .collect();
        assert_eq!(evidence.verify(&keys).unwrap().both.len(), 4);
        assert!(matches!(outcomes[1], Outcome::Unreadable { detail } if detail.contains("more than")));
        assert!(matches!(outcomes[2], Outcome::Unreadable { .. }));
        assert_eq!(report.verdict, Verdict::Contradiction);
    }
}
