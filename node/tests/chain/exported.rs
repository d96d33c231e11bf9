//! An export is the log: whole, checked, incremental, and at every moment consistent with the checkpoint in it.

use super::World;
use super::served::open_door;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::tempdir;
use tongda_ledger::block::Seal;
use tongda_ledger::hash::Hash;
use tongda_ledger::key::SigningKey;
use tongda_ledger::tree::bundle::{decode_commits, decode_entries};
use tongda_ledger::tree::{
    Checkpoint, MemoryHashes, NoteSignature, SignedCheckpoint, Span, Tile, TilePath, cosigner_name,
    leaf_hash, origin,
};
use tongda_ledger::vote::Address;
use tongda_node::chain::Chain;
use tongda_node::tiles::{ChainSource, ExportError, NodeSource, Source, export};

/// A checkpoint as a node publishes it, here with one line.
fn checkpoint(chain: &Chain, size: u64, root: Hash) -> Vec<u8> {
    let network = chain.network();
    let checkpoint = Checkpoint { origin: origin(&network), size, root };
    let mut signed = SignedCheckpoint::new(&checkpoint).unwrap();
    let name = cosigner_name(&network, &Address([1; 20]));
    signed.add(NoteSignature::sign(name, &SigningKey::from_seed(&[5; 32]), &checkpoint.text())).unwrap();
    signed.to_string().into_bytes()
}

fn source(chain: &Chain, size: u64) -> ChainSource {
    let checkpoint = checkpoint(chain, size, chain.root_at(size).unwrap());
    let resources = [("checkpoint", checkpoint), ("genesis", b"a genesis file\n".to_vec())];
    let resources = resources.map(|(name, bytes)| (name.to_owned(), bytes)).into();
    ChainSource { chain: chain.clone(), resources }
}

/// The sizes of a chain behind each of its blocks.
fn sizes(chain: &Chain) -> Vec<u64> {
    let size = |height| chain.block(height).unwrap().unwrap().next_index();
    (1..=chain.committed().tip().height()).map(size).collect()
}

fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    fn gather(directory: &Path, below: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
        for entry in below.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(directory, &path, files);
            } else {
                let name = path.strip_prefix(directory).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    gather(directory, directory, &mut found);
    found.remove(".lock").unwrap();
    found
}

/// Checks all of an export by what stands in it alone; the number of its entries.
fn complete(files: &BTreeMap<String, Vec<u8>>) -> u64 {
    let file = |path: TilePath| files.get(&path.to_string()).unwrap_or_else(|| panic!("{path} is missing"));
    let checkpoint = SignedCheckpoint::parse(&files["checkpoint"]).unwrap().checkpoint().clone();
    let (mut tree, mut last) = (MemoryHashes::new(), Vec::new());
    for span in Span::all(checkpoint.size) {
        for leaf in decode_entries(file(TilePath::Entries(span)), span.width()).unwrap() {
            tree.append(leaf_hash(leaf));
            last = leaf.to_vec();
        }
    }
    assert_eq!(tree.root(checkpoint.size).unwrap(), checkpoint.root);
    for tile in Tile::all(checkpoint.size) {
        let hashes = tile.hashes(&tree, checkpoint.size).unwrap().unwrap();
        assert_eq!(tile.decode(file(TilePath::Tile(tile))).unwrap(), hashes);
    }
    let seal = Seal::decode(&last[1..]).unwrap();
    for span in Span::all(seal.height) {
        let commits = decode_commits(file(TilePath::Commits(span)), span.width()).unwrap();
        assert_eq!(commits.len(), usize::from(span.width()));
    }
    assert_eq!(files["genesis"], b"a genesis file\n");
    assert_eq!(files[&format!("checkpoints/{}", checkpoint.size)], files["checkpoint"]);
    checkpoint.size
}

/// What an incremental export has beyond a fresh one: earlier checkpoints, narrower pieces of what is not full yet.
fn only_narrower(grown: &BTreeMap<String, Vec<u8>>, fresh: &BTreeMap<String, Vec<u8>>) {
    for (name, bytes) in fresh {
        assert_eq!(grown.get(name), Some(bytes), "{name}");
    }
    let beyond = |name: &str| !fresh.contains_key(name) && !name.starts_with("checkpoints/");
    for (name, bytes) in grown.iter().filter(|(name, _)| beyond(name)) {
        let (full, _) = name.split_once(".p/").unwrap_or_else(|| panic!("{name} should not be there"));
        assert!(!grown.contains_key(full), "{name} should be gone: {full} is there");
        let wider = fresh.iter().find(|(other, _)| other.starts_with(&format!("{full}.p/"))).unwrap().1;
        assert!(wider.starts_with(bytes) && wider.len() > bytes.len(), "{name}");
    }
}

#[tokio::test]
async fn an_export_that_grew_is_a_fresh_export_byte_for_byte() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 300);
    let sizes = sizes(&chain);
    assert!(sizes.last() > Some(&1_400));
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    for round in 0..4 {
        let grown = tempdir().unwrap();
        let mut steps: Vec<_> = (0..4).map(|_| sizes[random.gen_range(0..sizes.len())]).collect();
        steps.push(sizes[sizes.len() - 1]);
        steps.sort_unstable();
        steps.dedup();
        let mut before = 0;
        for size in steps {
            let exported = export(&source(&chain, size), grown.path(), "checkpoint").await.unwrap();
            assert_eq!((exported.before, exported.size), (before, size));
            assert!(exported.files > 0);
            let again = export(&source(&chain, size), grown.path(), "checkpoint").await.unwrap();
            assert_eq!((again.files, again.bytes), (0, 0), "there is nothing new");
            before = size;
            let fresh = tempdir().unwrap();
            export(&source(&chain, size), fresh.path(), "checkpoint").await.unwrap();
            let (grown, fresh) = (files(grown.path()), files(fresh.path()));
            assert_eq!(complete(&grown), size, "round {round}");
            only_narrower(&grown, &fresh);
            assert!(!fresh.keys().any(|name| name.contains(".new")));
        }
    }
    let address = open_door(&chain).await;
    let size = sizes[sizes.len() - 1];
    let by_http = tempdir().unwrap();
    let node =
        Http { door: NodeSource::new(&format!("http://{address}")).unwrap(), other: source(&chain, size) };
    export(&node, by_http.path(), "checkpoint").await.unwrap();
    let fresh = tempdir().unwrap();
    export(&source(&chain, size), fresh.path(), "checkpoint").await.unwrap();
    assert_eq!(files(by_http.path()), files(fresh.path()));
}

/// A node's door for the pieces; the checkpoint comes from elsewhere.
struct Http {
    door: NodeSource,
    other: ChainSource,
}

impl Source for Http {
    async fn piece(&self, path: TilePath) -> Result<Vec<u8>, ExportError> {
        self.door.piece(path).await
    }

    async fn resource(&self, name: &str) -> Result<Option<Vec<u8>>, ExportError> {
        if name == "genesis" {
            return self.door.resource(name).await;
        }
        assert_eq!(self.door.resource(name).await.unwrap(), None);
        self.other.resource(name).await
    }
}

/// A source that changes what it gives, or breaks off.
struct Spoiled<'a, F> {
    source: &'a ChainSource,
    given: AtomicUsize,
    spoil: F,
}

impl<F: Fn(usize, TilePath, Vec<u8>) -> Option<Vec<u8>> + Sync> Source for Spoiled<'_, F> {
    async fn piece(&self, path: TilePath) -> Result<Vec<u8>, ExportError> {
        let bytes = self.source.piece(path).await?;
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        (self.spoil)(number, path, bytes).ok_or_else(|| ExportError::NoCheckpoint("broken off".into()))
    }

    async fn resource(&self, name: &str) -> Result<Option<Vec<u8>>, ExportError> {
        self.source.resource(name).await
    }
}

#[tokio::test]
async fn an_export_that_is_broken_off_anywhere_leaves_a_whole_one_and_is_finished_later() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 120);
    let sizes = sizes(&chain);
    let (first, second) = (sizes[90], sizes[sizes.len() - 1]);
    let fresh = tempdir().unwrap();
    export(&source(&chain, second), fresh.path(), "checkpoint").await.unwrap();
    let fresh = files(fresh.path());
    let grown = tempdir().unwrap();
    let (before, after) = (source(&chain, first), source(&chain, second));
    let mut broken = 0;
    for stop in 0..100 {
        let folder = tempdir().unwrap();
        export(&before, folder.path(), "checkpoint").await.unwrap();
        let spoil = |number, _, bytes| (number < stop).then_some(bytes);
        let spoiled = Spoiled { source: &after, given: AtomicUsize::new(0), spoil };
        if export(&spoiled, folder.path(), "checkpoint").await.is_ok() {
            assert_eq!(complete(&files(folder.path())), second);
            break;
        }
        broken += 1;
        // What a crash in the middle of writing leaves.
        fs::write(folder.path().join(".new"), b"a part of a ti").unwrap();
        let mut left = files(folder.path());
        left.remove(".new").unwrap();
        assert_eq!(complete(&left), first, "broken off at piece {stop}");
        export(&after, folder.path(), "checkpoint").await.unwrap();
        let whole = files(folder.path());
        assert_eq!(complete(&whole), second);
        only_narrower(&whole, &fresh);
    }
    assert!(broken > 5, "{broken}");
    // A first export that is broken off has no checkpoint, and a file that a crash left empty is written again.
    let spoiled = Spoiled {
        source: &after,
        given: AtomicUsize::new(0),
        spoil: |number, _, bytes| (number < 6).then_some(bytes),
    };
    export(&spoiled, grown.path(), "checkpoint").await.unwrap_err();
    let left = files(grown.path());
    assert!(left.contains_key("tile/0/000") && !left.contains_key("checkpoint"));
    fs::write(grown.path().join("tile/0/000"), b"").unwrap();
    export(&after, grown.path(), "checkpoint").await.unwrap();
    assert_eq!(files(grown.path()), fresh);
    // So is one that someone has removed since.
    fs::remove_file(grown.path().join("tile/entries/000")).unwrap();
    export(&after, grown.path(), "checkpoint").await.unwrap();
    assert_eq!(files(grown.path()), fresh);
}

#[tokio::test]
async fn a_piece_with_one_changed_byte_is_never_published() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 60);
    let sizes = sizes(&chain);
    let (before, after) = (source(&chain, sizes[3]), source(&chain, sizes[sizes.len() - 1]));
    let pieces = [
        "tile/entries/000",
        "tile/entries/001.p/45",
        "tile/0/000",
        "tile/0/001.p/45",
        "tile/1/000.p/1",
        "commits/000.p/120",
    ];
    for wanted in pieces {
        let wanted: TilePath = wanted.parse().unwrap();
        for place in [0, 3, 40] {
            let folder = tempdir().unwrap();
            export(&before, folder.path(), "checkpoint").await.unwrap();
            let was_asked = AtomicUsize::new(0);
            let spoil = |_, path: TilePath, mut bytes: Vec<u8>| {
                if path == wanted {
                    was_asked.fetch_add(1, Ordering::Relaxed);
                    // Of a certificate only height and length are looked at: the auditor checks the rest.
                    let place = if matches!(path, TilePath::Commits(_)) { place.min(4) } else { place };
                    let place = place.min(bytes.len() - 1);
                    bytes[place] ^= 1;
                }
                Some(bytes)
            };
            let spoiled = Spoiled { source: &after, given: AtomicUsize::new(0), spoil };
            let error = export(&spoiled, folder.path(), "checkpoint").await.map(drop);
            assert!(was_asked.load(Ordering::Relaxed) > 0, "{wanted} was not asked for");
            assert!(matches!(&error, Err(ExportError::Wrong { .. })), "{wanted} at {place}: {error:?}");
            assert_eq!(complete(&files(folder.path())), sizes[3]);
        }
    }
}

#[tokio::test]
async fn an_export_never_goes_back_or_over_to_another_log_and_names_a_fork() {
    let (mut world, directory) = (World::new(), tempdir().unwrap());
    let (chain, _) = world.open(directory.path());
    world.blocks(&chain, 5);
    let sizes = sizes(&chain);
    let (first, second) = (sizes[4], sizes[9]);
    let folder = tempdir().unwrap();
    let source_of = |size, root| {
        let mut source = source(&chain, size);
        source.resources.insert("checkpoint".into(), checkpoint(&chain, size, root));
        source
    };
    let no_checkpoint = ChainSource { chain: chain.clone(), resources: BTreeMap::new() };
    let error = export(&no_checkpoint, folder.path(), "checkpoint").await.unwrap_err();
    assert!(matches!(error, ExportError::NoCheckpoint(_)), "{error}");
    let wrong_root = source_of(first, Hash([7; 32]));
    let error = export(&wrong_root, folder.path(), "checkpoint").await.unwrap_err();
    assert!(matches!(error, ExportError::Wrong { .. }), "{error}");
    assert!(!folder.path().join("checkpoint").exists());
    // The folder holds a checkpoint that the log contradicts: at the same size, and at a later one.
    fs::write(folder.path().join("checkpoint"), checkpoint(&chain, first, Hash([7; 32]))).unwrap();
    for size in [first, second] {
        let error = export(&source(&chain, size), folder.path(), "checkpoint").await.unwrap_err();
        let is_fork = matches!(error, ExportError::Fork { size, there: Hash(there), .. } if size == first && there == [7; 32]);
        assert!(is_fork && error.to_string().contains("A FORK"), "{error}");
    }
    fs::remove_file(folder.path().join("checkpoint")).unwrap();
    export(&source(&chain, second), folder.path(), "checkpoint").await.unwrap();
    let error = export(&source(&chain, first), folder.path(), "checkpoint").await.unwrap_err();
    assert!(matches!(error, ExportError::Behind { .. }), "{error}");
    let (mut other, other_directory) = (World::new(), tempdir().unwrap());
    let (other_chain, _) = other.open(other_directory.path());
    other.blocks(&other_chain, 9);
    let size = other_chain.committed().tip().log.size();
    let error = export(&source(&other_chain, size), folder.path(), "checkpoint").await.unwrap_err();
    assert!(matches!(error, ExportError::OtherLog { .. }), "{error}");
    assert_eq!(complete(&files(folder.path())), second);
}
