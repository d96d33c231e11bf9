//! Put the log's leaves, and the blocks' commit certificates, into bundles of up to 256 items.
//!
//! ```text
//! entries   (length u16be ‖ leaf)…            leaf = type tag ‖ entry; its hash is SHA-256(0x00 ‖ leaf)
//! commits   (length u32be ‖ certificate)…     by height: height h is item h − 1
//! ```
//! A bundle has exactly the items that its name says and no byte more. The lengths are big-endian, as C2SP tlog-tiles
//! has them; the certificates within are in our own canonical bytes.

use super::tile::TILE_WIDTH;
use crate::codec::{self, CodecError, LEAF_LIMIT};
use crate::vote::CommitCertificate;

/// The longest commit certificate: one with the precommits of 1,024 validators, and more.
pub const CERTIFICATE_LIMIT: usize = 128 << 10;

/// The longest bundle of entries.
pub const ENTRIES_LIMIT: usize = TILE_WIDTH as usize * (2 + LEAF_LIMIT);

/// The longest bundle of commit certificates.
pub const COMMITS_LIMIT: usize = TILE_WIDTH as usize * (4 + CERTIFICATE_LIMIT);

/// Why bytes are no bundle of the width that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// It ends within an item or its length.
    #[error("the bundle is cut short in item {item} of {width}")]
    Cut {
        /// The item's place in the bundle.
        item: u16,
        /// Items expected.
        width: u16,
    },
    /// Bytes behind the last item.
    #[error("{length} bytes are left over behind the bundle's {width} items")]
    Trailing {
        /// Bytes left over.
        length: usize,
        /// Items expected.
        width: u16,
    },
    /// An item longer than there are.
    #[error("item {item} of the bundle has {length} bytes, the limit is {limit}")]
    TooLong {
        /// The item's place in the bundle.
        item: u16,
        /// Its length in bytes.
        length: usize,
        /// The most that is allowed.
        limit: usize,
    },
    /// A certificate that is none.
    #[error("item {item} of the bundle is no commit certificate: {error}")]
    Certificate {
        /// The item's place in the bundle.
        item: u16,
        /// What is wrong.
        error: CodecError,
    },
}

/// A bundle of these leaves, each with its type tag ([`leaf_bytes`](crate::block::leaf_bytes)).
///
/// # Panics
/// With a leaf of more than [`LEAF_LIMIT`] bytes, which no log holds.
#[must_use]
pub fn encode_entries<B: AsRef<[u8]>>(leaves: impl IntoIterator<Item = B>) -> Vec<u8> {
    let mut bundle = Vec::new();
    for leaf in leaves {
        let leaf = leaf.as_ref();
        let length = u16::try_from(leaf.len()).expect("a leaf is bounded");
        bundle.extend_from_slice(&length.to_be_bytes());
        bundle.extend_from_slice(leaf);
    }
    bundle
}

/// The `width` leaves in a bundle.
///
/// # Errors
/// [`BundleError`] when the bytes are not exactly so many items.
pub fn decode_entries(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, BundleError> {
    items(bytes, width, LEAF_LIMIT, |bytes| {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        Some((usize::from(u16::from_be_bytes(*length)), rest))
    })
}

/// A bundle of these commit certificates, each in canonical bytes.
///
/// # Panics
/// With a certificate of more than [`CERTIFICATE_LIMIT`] bytes, which no block has.
#[must_use]
pub fn encode_commits<B: AsRef<[u8]>>(certificates: impl IntoIterator<Item = B>) -> Vec<u8> {
    let mut bundle = Vec::new();
    for certificate in certificates {
        let certificate = certificate.as_ref();
        assert!(certificate.len() <= CERTIFICATE_LIMIT, "a commit certificate is bounded");
        let length = u32::try_from(certificate.len()).expect("checked above");
        bundle.extend_from_slice(&length.to_be_bytes());
        bundle.extend_from_slice(certificate);
    }
    bundle
}

/// The `width` commit certificates in a bundle. Whether they prove anything is not asked here.
///
/// # Errors
/// [`BundleError`] when the bytes are not exactly so many certificates in canonical bytes.
pub fn decode_commits(bytes: &[u8], width: u16) -> Result<Vec<CommitCertificate>, BundleError> {
    let items = items(bytes, width, CERTIFICATE_LIMIT, |bytes| {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        Some((usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX), rest))
    })?;
    let decode = |(item, bytes): (u16, &[u8])| {
        codec::decode(bytes, CERTIFICATE_LIMIT).map_err(|error| BundleError::Certificate { item, error })
    };
    (0..).zip(items).map(decode).collect()
}

/// The `width` items in a bundle, where `length` reads the length before an item.
fn items(
    bytes: &[u8],
    width: u16,
    limit: usize,
    length: impl Fn(&[u8]) -> Option<(usize, &[u8])>,
) -> Result<Vec<&[u8]>, BundleError> {
    let mut rest = bytes;
    let mut items = Vec::with_capacity(usize::from(width.min(TILE_WIDTH)));
    for item in 0..width {
        let cut = BundleError::Cut { item, width };
        let (length, behind) = length(rest).ok_or_else(|| cut.clone())?;
        if length > limit {
            return Err(BundleError::TooLong { item, length, limit });
        }
        let (bytes, behind) = behind.split_at_checked(length).ok_or(cut)?;
        items.push(bytes);
        rest = behind;
    }
    if rest.is_empty() { Ok(items) } else { Err(BundleError::Trailing { length: rest.len(), width }) }
}
