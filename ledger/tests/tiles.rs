//! Tiles and bundles: known answers of C2SP tlog-tiles, the golden vectors, and recomputation.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod samples;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use tongda_ledger::block::{LeafKind, leaf_bytes};
use tongda_ledger::codec::encode;
use tongda_ledger::hash::Hash;
use tongda_ledger::key::SigningKey;
use tongda_ledger::tree::bundle::{
    BundleError, decode_commits, decode_entries, encode_commits, encode_entries,
};
use tongda_ledger::tree::tile::subtree_root;
use tongda_ledger::tree::{MemoryHashes, Span, Tile, TilePath, TilePathError, leaf_hash};
use tongda_ledger::vote::{Address, CommitCertificate, CommitSignature};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct TileVectors {
    about: String,
    paths: Vec<PathCase>,
    paths_refused: Vec<RefusedPath>,
    sizes: Vec<SizeCase>,
    tiles: Vec<TileCase>,
    entries: Vec<BundleCase>,
    entries_refused: Vec<RefusedBundle>,
    commits: Vec<BundleCase>,
    commits_refused: Vec<RefusedBundle>,
}

/// A path and what it names; `level` is there for tiles.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct PathCase {
    path: String,
    kind: String,
    level: Option<u8>,
    index: u64,
    width: u16,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct RefusedPath {
    path: String,
    error: String,
}

/// The tiles of a log, by level: how many are full, and the width of the partial one.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct SizeCase {
    size: u64,
    levels: Vec<(u64, u16)>,
}

/// A tile of the log whose leaf `i` is the eight bytes of `i`, little-endian.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct TileCase {
    size: u64,
    path: String,
    sha256: Hash,
    first: Hash,
    last: Hash,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct BundleCase {
    items: Vec<String>,
    wire: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct RefusedBundle {
    what: String,
    width: u16,
    wire: String,
    error: String,
}

/// The name of an error in snake case.
fn name_of(error: &dyn std::fmt::Debug) -> String {
    let debug = format!("{error:?}");
    let name = debug.split([' ', '(']).next().unwrap_or_default();
    let mut words = String::new();
    for (at, character) in name.char_indices() {
        if character.is_ascii_uppercase() && at > 0 {
            words.push('_');
        }
        words.push(character.to_ascii_lowercase());
    }
    words
}

fn path_case(path: &str) -> PathCase {
    let parsed: TilePath = path.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(parsed.to_string(), path);
    let (kind, level) = match parsed {
        TilePath::Tile(tile) => ("tile", Some(tile.level())),
        TilePath::Entries(_) => ("entries", None),
        TilePath::Commits(_) => ("commits", None),
    };
    let span = parsed.span();
    PathCase { path: path.into(), kind: kind.into(), level, index: span.index(), width: span.width() }
}

fn log(size: u64) -> MemoryHashes {
    (0..size).map(|leaf| leaf_hash(&leaf.to_le_bytes())).collect()
}

fn tile_case(hashes: &MemoryHashes, size: u64, path: &str) -> TileCase {
    let TilePath::Tile(tile) = path.parse().unwrap() else { panic!("{path} is no tile") };
    let found = tile.hashes(hashes, size).unwrap().unwrap_or_else(|| panic!("{path} is not within {size}"));
    let bytes = Tile::encode(&found);
    assert_eq!(tile.decode(&bytes), Ok(found.clone()));
    assert!(tile.decode(&bytes[1..]).is_err());
    assert!(tile.decode(&[&bytes[..], &[0]].concat()).is_err());
    let sha256 = Hash::plain(&[&bytes]);
    TileCase { size, path: path.into(), sha256, first: found[0], last: found[found.len() - 1] }
}

fn certificate(height: u64) -> CommitCertificate {
    let key = SigningKey::from_seed(&[7; 32]);
    let signature =
        CommitSignature { validator: Address::of(&key.public()), signature: key.sign(b"example") };
    let block = Hash([u8::try_from(height).unwrap(); 32]);
    CommitCertificate { height, round: 0, block, signatures: vec![signature].try_into().unwrap() }
}

#[test]
fn paths_tiles_and_bundles_are_as_the_vectors_say() {
    let paths = [
        "tile/0/000",
        "tile/0/005",
        "tile/0/255.p/1",
        "tile/1/x001/x234/067",
        "tile/1/x001/x234/067.p/255",
        "tile/63/999.p/10",
        "tile/entries/x001/000",
        "tile/entries/000.p/112",
        "tile/0/x072/x057/x594/x037/x927/935",
        "commits/000.p/7",
        "commits/x012/345",
    ];
    let refused = [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/0/5",
        "tile/0/0005",
        "tile/0/x000/005",
        "tile/0/x001/5",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/X001/002",
        "tile/0/ 05",
        "tile/0/+05",
        "tile/0/000/",
        "tile/0//000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/256/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000.p/1/2",
        "tile/0/000.p/1.p/1",
        "tile/0/x072/x057/x594/x037/x927/936",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/data/000",
        "tile/entries/5",
        "tiles/0/000",
        "/tile/0/000",
        "commits/5",
        "checkpoint",
    ];
    let refused = refused.map(|path| RefusedPath {
        path: path.into(),
        error: name_of(&path.parse::<TilePath>().map(|parsed| panic!("{path} is {parsed:?}")).unwrap_err()),
    });
    let sizes = [0, 1, 255, 256, 257, 65_536, 70_000, 16_777_217].map(|size| {
        let levels = (0..=63).take_while(|level| Tile::hashes_of_level(*level, size) > 0).map(|level| {
            let of_level =
                || Tile::all(size).filter(move |tile| tile.level() == level).map(|tile| tile.span());
            let partial: Vec<_> = of_level().filter(|span| !span.is_full()).collect();
            assert!(partial.len() <= 1);
            (
                of_level().filter(|span| span.is_full()).count() as u64,
                partial.first().map_or(0, |span| span.width()),
            )
        });
        SizeCase { size, levels: levels.collect() }
    });
    let hashes = log(70_000);
    let tiles = [
        (1, "tile/0/000.p/1"),
        (256, "tile/0/000"),
        (256, "tile/1/000.p/1"),
        (70_000, "tile/0/273.p/112"),
        (70_000, "tile/1/000"),
        (70_000, "tile/1/001.p/17"),
        (70_000, "tile/2/000.p/1"),
    ]
    .map(|(size, path)| tile_case(&hashes, size, path));
    let leaves: [&[Vec<u8>]; 3] = [
        &[leaf_bytes(LeafKind::Genesis, &[9; 32])],
        &[leaf_bytes(LeafKind::Record, b"envelope"), leaf_bytes(LeafKind::Seal, b"seal")],
        &[vec![], vec![1]],
    ];
    let entries = leaves.map(|leaves| {
        let wire = encode_entries(leaves);
        assert_eq!(decode_entries(&wire, u16::try_from(leaves.len()).unwrap()).unwrap(), leaves);
        BundleCase { items: leaves.iter().map(hex::encode).collect(), wire: hex::encode(wire) }
    });
    let entries_refused = [
        ("no bytes", 1, vec![]),
        ("half a length", 1, vec![0]),
        ("an item cut short", 1, vec![0, 2, 1]),
        ("one item fewer than the width", 2, vec![0, 1, 1]),
        ("one item more than the width", 1, vec![0, 1, 1, 0, 1, 2]),
        ("a length in the other byte order", 1, vec![1, 0, 1]),
    ]
    .map(|(what, width, wire)| RefusedBundle {
        what: what.into(),
        width,
        error: name_of(&decode_entries(&wire, width).unwrap_err()),
        wire: hex::encode(wire),
    });
    let certificates = [certificate(1), certificate(2)].map(|certificate| encode(&certificate));
    let wire = encode_commits(&certificates);
    assert_eq!(decode_commits(&wire, 2).unwrap(), [certificate(1), certificate(2)]);
    let commits =
        BundleCase { items: certificates.iter().map(hex::encode).collect(), wire: hex::encode(&wire) };
    let longer = [&wire[..], &[0]].concat();
    let mut padded = u32::try_from(certificates[0].len() + 1).unwrap().to_be_bytes().to_vec();
    padded.extend_from_slice(&certificates[0]);
    padded.push(0);
    let commits_refused = [
        ("no bytes", 1, vec![]),
        ("three bytes of a length", 1, vec![0, 0, 0]),
        ("a certificate cut short", 2, wire[..wire.len() - 1].to_vec()),
        ("one certificate more than the width", 1, wire.clone()),
        ("a byte behind the last", 2, longer),
        ("a length beyond any certificate", 1, vec![255, 255, 255, 255, 0]),
        ("a certificate with a byte behind it", 1, padded),
        ("an empty certificate", 1, vec![0, 0, 0, 0]),
    ]
    .map(|(what, width, wire)| RefusedBundle {
        what: what.into(),
        width,
        error: name_of(&decode_commits(&wire, width).unwrap_err()),
        wire: hex::encode(wire),
    });
    samples::agree("tile.json", &TileVectors {
        about: "Paths of tiles and bundles; the tiles of a log by level (full ones, width of the partial one); tiles of \
                the log whose leaf i is the 8 bytes of i, little-endian; bundles of entries and of commit certificates; \
                and what is refused."
            .into(),
        paths: paths.map(path_case).into(),
        paths_refused: refused.into(),
        sizes: sizes.into(),
        tiles: tiles.into(),
        entries: entries.into(),
        entries_refused: entries_refused.into(),
        commits: vec![commits],
        commits_refused: commits_refused.into(),
    });
}

#[test]
fn a_log_of_seventy_thousand_has_the_tiles_that_the_specification_counts() {
    let all: Vec<_> = Tile::all(70_000).map(|tile| TilePath::Tile(tile).to_string()).collect();
    let of = |level: u8| all.iter().filter(|path| path.starts_with(&format!("tile/{level}/"))).count();
    assert_eq!((of(0), of(1), of(2), all.len()), (274, 2, 1, 277));
    for last in ["tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"] {
        assert!(all.iter().any(|path| path == last), "{last}");
    }
    let of_256: Vec<_> = Tile::all(256).map(|tile| TilePath::Tile(tile).to_string()).collect();
    assert_eq!(of_256, ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(Tile::all(0).count(), 0);
    let path = TilePath::Tile(Tile::new(0, Span::new(1_234_067, 256).unwrap()).unwrap());
    assert_eq!(path.to_string(), "tile/0/x001/x234/067");
}

#[test]
fn a_tile_of_the_highest_level_or_number_lies_in_no_log_and_overflows_nothing() {
    let last = Span::new(u64::MAX / 256, 256).unwrap();
    assert_eq!(Span::new(u64::MAX / 256 + 1, 1), None);
    assert_eq!((Span::new(0, 0), Span::new(0, 257)), (None, None));
    let hashes = log(3);
    for level in [0, 7, 8, 31, 63] {
        let tile = Tile::new(level, last).unwrap();
        assert_eq!(tile.hashes(&hashes, 3), Ok(None));
        assert_eq!(Tile::new(level, Span::new(0, 1).unwrap()).unwrap().is_within(u64::MAX), level < 8);
        assert!(!tile.is_within(u64::MAX - 1));
    }
    assert_eq!(Tile::new(64, last), None);
    assert!(TilePath::Entries(last).to_string().parse::<TilePath>().is_ok());
}

#[test]
fn a_certificate_of_the_most_validators_fits_into_a_bundle() {
    let key = SigningKey::from_seed(&[7; 32]);
    let signature = key.sign(b"example");
    let signatures: Vec<_> = (0..1024_u16)
        .map(|number| {
            let mut address = [0; 20];
            address[..2].copy_from_slice(&number.to_be_bytes());
            CommitSignature { validator: Address(address), signature: signature.clone() }
        })
        .collect();
    let mut largest = certificate(1);
    largest.signatures = signatures.try_into().unwrap();
    let wire = encode_commits([encode(&largest)]);
    assert_eq!(decode_commits(&wire, 1), Ok(vec![largest]));
}

#[test]
fn an_entry_of_the_longest_size_fits_into_a_bundle() {
    let leaves = [vec![1; 65_535], vec![2]];
    assert_eq!(decode_entries(&encode_entries(&leaves), 2).unwrap(), leaves);
}

proptest! {
    #[test]
    fn every_tile_is_recomputed_from_the_leaves(size in 1_u64..1500, seed: u64) {
        let leaves: Vec<_> = (0..size).map(|leaf| leaf_hash(&(leaf ^ seed).to_le_bytes())).collect();
        let hashes: MemoryHashes = leaves.iter().copied().collect();
        let mut seen = [0_u64; 3];
        for tile in Tile::all(size) {
            let found = tile.hashes(&hashes, size).unwrap().unwrap();
            let each = 256_usize.pow(u32::from(tile.level()));
            prop_assert_eq!(found.len(), usize::from(tile.span().width()));
            for (index, hash) in (tile.span().start()..).zip(&found) {
                let from = usize::try_from(index).unwrap() * each;
                prop_assert_eq!(*hash, subtree_root(&leaves[from..from + each]));
            }
            seen[usize::from(tile.level())] += found.len() as u64;
        }
        prop_assert_eq!(seen, [size, size / 256, 0]);
    }

    #[test]
    fn what_is_read_as_a_path_is_written_the_same(text in "(tile/|commits/|entries/|[0-9]{1,3}/|x[0-9]{3}/|[0-9]{3}|\\.p/){1,8}[0-9]{0,3}") {
        if let Ok(path) = text.parse::<TilePath>() {
            prop_assert_eq!(path.to_string(), text);
        }
    }

    #[test]
    fn noise_is_never_more_than_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600), width in 0_u16..300) {
        if let Ok(items) = decode_entries(&bytes, width) {
            prop_assert_eq!(encode_entries(&items), bytes.clone());
        }
        let refused = decode_commits(&bytes, width);
        prop_assert!(refused.is_err() || (width == 0 && bytes.is_empty()));
        if width > 0 && bytes.is_empty() {
            prop_assert_eq!(refused, Err(BundleError::Cut { item: 0, width }));
        }
        let text = String::from_utf8_lossy(&bytes);
        let is_refused = matches!(text.parse::<TilePath>(), Err(TilePathError::Kind(_)));
        prop_assert!(is_refused);
    }

    #[test]
    fn items_lie_where_their_span_says(item in 0_u64..100_000, count in 0_u64..100_000) {
        match Span::around(item, count) {
            None => prop_assert!(item >= count),
            Some(span) => {
                prop_assert!(item < count && span.is_within(count));
                prop_assert!((span.start()..span.start() + u64::from(span.width())).contains(&item));
                prop_assert!(Span::all(count).any(|one| one == span));
            }
        }
    }
}
