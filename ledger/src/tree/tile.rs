//! Cut a log into tiles: which there are, how their paths are written, and the hashes in them (C2SP tlog-tiles).
//!
//! ```text
//! level 0   the leaf hashes, 256 to a tile         tile/0/000  tile/0/001  tile/0/002.p/17
//! level 1   the roots of level 0's full tiles      tile/1/000.p/2
//! entries   the leaves' bytes, 256 to a bundle     tile/entries/000 …
//! commits   blocks' certificates, 256 to a bundle  commits/000 …              (ours; height 1 is item 0)
//! ```
//! Hash `i` of tile `n` of level `l` is the root over the leaves from `(256 n + i) 256^l`, as many as `256^l`. A full tile
//! never changes; a partial one, `.p/W`, is the beginning of it, as it was at the sizes that end there.

use super::log::node_hash;
use super::log_hashes::Hashes;
use crate::hash::Hash;
use std::fmt;
use std::str::FromStr;

/// Hashes in a full tile, and items in a full bundle.
pub const TILE_WIDTH: u16 = 256;

/// Levels of a log that one level of tiles spans: 256 hashes have a root eight levels above.
pub const LEVELS: u8 = 8;

/// The highest level that a path may name.
pub const LEVEL_LIMIT: u8 = 63;

/// Bytes of a hash in a tile.
const HASH_BYTES: usize = 32;

/// Up to 256 items in a row: the `index`-th 256 of them, the first `width` of these.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    index: u64,
    width: u16,
}

/// A tile: the hashes of a span of its level.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    level: u8,
    span: Span,
}

/// What a path below the log's address names.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TilePath {
    /// Hashes: `tile/<level>/<span>`.
    Tile(Tile),
    /// The leaves' bytes: `tile/entries/<span>`.
    Entries(Span),
    /// Commit certificates by height: `commits/<span>`, height 1 being item 0.
    Commits(Span),
}

/// Why a text is no path of a tile or a bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TilePathError {
    /// It begins in another way.
    #[error("{0:?} is neither tile/<level>/…, tile/entries/… nor commits/…")]
    Kind(String),
    /// The level is no number from 0 to 63, or has a leading zero.
    #[error("{0:?} is no level: a number from 0 to 63 without a leading zero is expected")]
    Level(String),
    /// The number is not written in groups of three digits.
    #[error("{0:?} is no tile number: it is written like 005, or x001/x234/067 for 1,234,067")]
    Index(String),
    /// The width is no number from 1 to 255, or has a leading zero.
    #[error("{0:?} is no width: a partial tile has 1 to 255 items, and a full one is named without .p")]
    Width(String),
}

/// Bytes that are no tile of the width that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{length} bytes are no tile of {width} hashes, which has {expected}")]
pub struct TileLengthError {
    /// Bytes given.
    pub length: usize,
    /// Hashes expected.
    pub width: u16,
    /// Bytes expected.
    pub expected: usize,
}

impl Span {
    /// The first `width` of the `index`-th 256 items; `None` unless the width is from 1 to 256 and the items have
    /// numbers of 64 bits.
    #[must_use]
    pub const fn new(index: u64, width: u16) -> Option<Self> {
        let is_span = width >= 1 && width <= TILE_WIDTH && index <= u64::MAX / TILE_WIDTH as u64;
        if is_span { Some(Self { index, width }) } else { None }
    }

    /// The span that holds item `item` where there are `count` in all, as wide as it is then; `None` beyond them.
    #[must_use]
    pub fn around(item: u64, count: u64) -> Option<Self> {
        let index = item / u64::from(TILE_WIDTH);
        let width = (count.saturating_sub(index * u64::from(TILE_WIDTH))).min(u64::from(TILE_WIDTH));
        if item < count { Self::new(index, u16::try_from(width).ok()?) } else { None }
    }

    /// Which 256 items.
    #[must_use]
    pub const fn index(self) -> u64 {
        self.index
    }

    /// How many of them, from 1 to 256.
    #[must_use]
    pub const fn width(self) -> u16 {
        self.width
    }

    /// Whether it is a full one, which never changes.
    #[must_use]
    pub const fn is_full(self) -> bool {
        self.width == TILE_WIDTH
    }

    /// The number of its first item.
    #[must_use]
    pub const fn start(self) -> u64 {
        self.index * TILE_WIDTH as u64
    }

    /// Whether `count` items contain all of its own.
    #[must_use]
    pub const fn is_within(self, count: u64) -> bool {
        count >= self.start() && count - self.start() >= self.width as u64
    }

    /// The spans of `count` items: the full ones, and a partial one if some are left.
    pub fn all(count: u64) -> impl Iterator<Item = Self> {
        let (full, rest) = (count / u64::from(TILE_WIDTH), count % u64::from(TILE_WIDTH));
        let rest = u16::try_from(rest).expect("a rest of 256");
        (0..full).map(|index| Self { index, width: TILE_WIDTH }).chain(Self::new(full, rest))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.index.to_string();
        let padded = format!("{digits:0>length$}", length = digits.len().next_multiple_of(3));
        let last = padded.len() - 3;
        for group in padded.as_bytes()[..last].chunks(3) {
            write!(f, "x{}/", std::str::from_utf8(group).expect("digits"))?;
        }
        f.write_str(&padded[last..])?;
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

impl FromStr for Span {
    type Err = TilePathError;

    fn from_str(text: &str) -> Result<Self, TilePathError> {
        let (number, width) = match text.split_once(".p/") {
            None => (text, TILE_WIDTH),
            Some((number, width)) => {
                let wrong = || TilePathError::Width(width.into());
                let parsed =
                    small_number(width).filter(|width| (1..=255).contains(width)).ok_or_else(wrong)?;
                (number, parsed)
            }
        };
        let wrong = || TilePathError::Index(number.into());
        let mut index = 0_u64;
        let mut groups = number.split('/').peekable();
        while let Some(group) = groups.next() {
            let digits = if groups.peek().is_some() { group.strip_prefix('x') } else { Some(group) };
            let digits = digits.filter(|digits| digits.len() == 3).ok_or_else(wrong)?;
            for digit in digits.bytes() {
                let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0')).ok_or_else(wrong)?;
                index = index.checked_mul(10).and_then(|ten| ten.checked_add(digit)).ok_or_else(wrong)?;
            }
        }
        let span = Self::new(index, width).ok_or_else(wrong)?;
        // A number has one form: no group of zeros before it.
        if span.to_string() == text { Ok(span) } else { Err(wrong()) }
    }
}

/// A number of at most three digits without a leading zero.
fn small_number(text: &str) -> Option<u16> {
    let is_number = (1..=3).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    let number = text.parse().ok().filter(|_| is_number)?;
    (text.len() == 1 || !text.starts_with('0')).then_some(number)
}

impl Tile {
    /// The tile of a level from 0 to 63 with these hashes; `None` for a higher level.
    #[must_use]
    pub const fn new(level: u8, span: Span) -> Option<Self> {
        if level <= LEVEL_LIMIT { Some(Self { level, span }) } else { None }
    }

    /// The tile's level: its hashes are roots over `256^level` leaves.
    #[must_use]
    pub const fn level(self) -> u8 {
        self.level
    }

    /// The place of its hashes among those of its level.
    #[must_use]
    pub const fn span(self) -> Span {
        self.span
    }

    /// How many hashes a level has in a log of `size` leaves.
    #[must_use]
    pub fn hashes_of_level(level: u8, size: u64) -> u64 {
        size.checked_shr(u32::from(level) * u32::from(LEVELS)).unwrap_or(0)
    }

    /// Whether a log of `size` leaves has all of the tile's hashes.
    #[must_use]
    pub fn is_within(self, size: u64) -> bool {
        self.span.is_within(Self::hashes_of_level(self.level, size))
    }

    /// The tiles of a log of `size` leaves, level by level: the full ones, and the partial one at the end of each level.
    pub fn all(size: u64) -> impl Iterator<Item = Self> {
        let spans =
            move |level| Span::all(Self::hashes_of_level(level, size)).map(move |span| Self { level, span });
        (0..=LEVEL_LIMIT).take_while(move |level| Self::hashes_of_level(*level, size) > 0).flat_map(spans)
    }

    /// The tile's hashes in a log of `size` leaves; `None` where the log does not have all of them.
    ///
    /// # Errors
    /// When a hash cannot be read.
    pub fn hashes<H: Hashes>(self, hashes: &H, size: u64) -> Result<Option<Vec<Hash>>, H::Error> {
        if !self.is_within(size) {
            return Ok(None);
        }
        let first = self.span.start();
        let level = self.level * LEVELS;
        (first..first + u64::from(self.span.width))
            .map(|index| hashes.hash(level, index))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// The bytes of a tile with these hashes.
    #[must_use]
    pub fn encode(hashes: &[Hash]) -> Vec<u8> {
        hashes.iter().flat_map(|hash| hash.0).collect()
    }

    /// The hashes in a tile's bytes.
    ///
    /// # Errors
    /// [`TileLengthError`] when there are not exactly as many as the tile's width.
    pub fn decode(self, bytes: &[u8]) -> Result<Vec<Hash>, TileLengthError> {
        let width = self.span.width;
        let expected = usize::from(width) * HASH_BYTES;
        if bytes.len() != expected {
            return Err(TileLengthError { length: bytes.len(), width, expected });
        }
        let (hashes, _) = bytes.as_chunks::<HASH_BYTES>();
        Ok(hashes.iter().copied().map(Hash).collect())
    }
}

/// The root of a complete subtree with these leaves, or hashes of one level: as many as a power of two, at least one.
///
/// # Panics
/// With another number of hashes.
#[must_use]
pub fn subtree_root(hashes: &[Hash]) -> Hash {
    assert!(
        hashes.len().is_power_of_two(),
        "a complete subtree has a power of two of leaves, not {}",
        hashes.len()
    );
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        level = level.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
    }
    level[0]
}

impl TilePath {
    /// What of it are the items: hashes, leaves or blocks.
    #[must_use]
    pub const fn span(self) -> Span {
        match self {
            Self::Tile(tile) => tile.span,
            Self::Entries(span) | Self::Commits(span) => span,
        }
    }

    /// Whether a log of `size` leaves, of which `blocks` are seals, has all of it.
    #[must_use]
    pub fn is_within(self, size: u64, blocks: u64) -> bool {
        match self {
            Self::Tile(tile) => tile.is_within(size),
            Self::Entries(span) => span.is_within(size),
            Self::Commits(span) => span.is_within(blocks),
        }
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tile(Tile { level, span }) => write!(f, "tile/{level}/{span}"),
            Self::Entries(span) => write!(f, "tile/entries/{span}"),
            Self::Commits(span) => write!(f, "commits/{span}"),
        }
    }
}

impl FromStr for TilePath {
    type Err = TilePathError;

    fn from_str(text: &str) -> Result<Self, TilePathError> {
        let wrong = || TilePathError::Kind(text.into());
        let (kind, rest) = text.split_once('/').ok_or_else(wrong)?;
        if kind == "commits" {
            return Ok(Self::Commits(rest.parse()?));
        }
        let (level, span) = rest.split_once('/').filter(|_| kind == "tile").ok_or_else(wrong)?;
        if level == "entries" {
            return Ok(Self::Entries(span.parse()?));
        }
        let number = small_number(level).and_then(|level| u8::try_from(level).ok());
        let number =
            number.filter(|level| *level <= LEVEL_LIMIT).ok_or_else(|| TilePathError::Level(level.into()))?;
        Ok(Self::Tile(Tile { level: number, span: span.parse()? }))
    }
}
