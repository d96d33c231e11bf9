//! Write a certificate as frames, and read it strictly: every byte counts, none is left over.

use super::content::{Certificate, Statement, StatementWire};
use super::error::CertificateError;
use super::history::HistoryEntry;
use crate::codec;
use crate::epoch::EpochLink;

/// The first bytes.
const MAGIC: &[u8; 3] = b"TDC";

/// The version of the format.
const VERSION: u8 = 1;

/// Bytes before a frame's body.
const HEAD: usize = 5;

const STATEMENT: u8 = 1;
const LINK: u8 = 2;
const ENTRY: u8 = 3;

impl Certificate {
    /// The longest certificate, in bytes.
    pub const LIMIT: usize = 32 << 20;

    /// The longest body of a frame, in bytes.
    pub const BODY_LIMIT: usize = 1 << 18;

    /// The most links of the chain of epochs.
    pub const LINKS: usize = 10_000;

    /// The most entries of a history.
    pub const ENTRIES: usize = 10_000;

    /// The certificate in canonical bytes.
    ///
    /// # Panics
    /// With more cosignatures, witnesses or details than the format takes: 255, 32 and 16.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = [&MAGIC[..], &[VERSION]].concat();
        let mut frame = |kind: u8, body: &[u8]| {
            bytes.push(kind);
            let length = u32::try_from(body.len()).expect("a body is bounded");
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(body);
        };
        frame(STATEMENT, &self.statement.body());
        self.epochs.iter().for_each(|link| frame(LINK, &link.bytes()));
        self.history.iter().for_each(|entry| frame(ENTRY, &codec::encode(entry)));
        bytes
    }

    /// Reads a certificate; proves nothing.
    ///
    /// # Errors
    /// [`CertificateError`] says what is no part of one.
    pub fn decode(bytes: &[u8]) -> Result<Self, CertificateError> {
        if bytes.len() > Self::LIMIT {
            return Err(CertificateError::TooLong(bytes.len()));
        }
        let (head, mut rest) = bytes.split_first_chunk::<4>().ok_or(match bytes {
            _ if MAGIC.starts_with(bytes) || bytes == MAGIC => CertificateError::Cut { offset: bytes.len() },
            _ => CertificateError::NoCertificate,
        })?;
        let [magic @ .., version] = head;
        if magic != MAGIC {
            return Err(CertificateError::NoCertificate);
        }
        if *version != VERSION {
            return Err(CertificateError::Version(*version));
        }
        let (mut statement, mut epochs, mut history) =
            (None, Vec::<EpochLink>::new(), Vec::<HistoryEntry>::new());
        while !rest.is_empty() || statement.is_none() {
            let offset = bytes.len() - rest.len();
            let cut = CertificateError::Cut { offset: bytes.len() };
            let Some((head, tail)) = rest.split_first_chunk::<HEAD>() else {
                // Behind the statement, what is no head of a frame is a remainder and not a cut: both are refused.
                return Err(if statement.is_none() || plausible(rest[0]) {
                    cut
                } else {
                    CertificateError::Trailing { offset }
                });
            };
            let [kind, length @ ..] = *head;
            if !plausible(kind) {
                let trailing = CertificateError::Trailing { offset };
                return Err(if statement.is_some() {
                    trailing
                } else {
                    CertificateError::NoFrame { offset, kind }
                });
            }
            let length = u32::from_le_bytes(length) as usize;
            if length > Self::BODY_LIMIT {
                return Err(CertificateError::TooLong(length));
            }
            let (body, tail) = tail.split_at_checked(length).ok_or(cut)?;
            let wrong = |error| CertificateError::Body { offset, error };
            let misplaced = CertificateError::Misplaced { offset, kind };
            match kind {
                STATEMENT if statement.is_none() => {
                    let wire: StatementWire = codec::decode(body, Self::BODY_LIMIT).map_err(wrong)?;
                    let read: Statement = wire
                        .try_into()
                        .map_err(|reason: &str| wrong(codec::CodecError::Malformed(reason.to_owned())))?;
                    statement = Some(read);
                }
                LINK if statement.is_some() && history.is_empty() && epochs.len() < Self::LINKS => {
                    let link: EpochLink = codec::decode(body, EpochLink::LIMIT).map_err(wrong)?;
                    if epochs.last().is_some_and(|last| last.seal.height >= link.seal.height) {
                        return Err(misplaced);
                    }
                    epochs.push(link);
                }
                ENTRY if statement.is_some() && history.len() < Self::ENTRIES => {
                    let entry: HistoryEntry = codec::decode(body, Self::BODY_LIMIT).map_err(wrong)?;
                    if history.last().is_some_and(|last| last.position >= entry.position) {
                        return Err(misplaced);
                    }
                    history.push(entry);
                }
                _ => return Err(misplaced),
            }
            rest = tail;
        }
        let statement = statement.ok_or(CertificateError::Cut { offset: bytes.len() })?;
        Ok(Self { statement, epochs, history })
    }
}

/// Whether a frame may have this kind.
const fn plausible(kind: u8) -> bool {
    matches!(kind, STATEMENT | LINK | ENTRY)
}
