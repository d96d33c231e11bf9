//! Sign a text with keys that have names, so that it can be read by people and by other people's tools (C2SP signed-note).
//!
//! ```text
//! example.com/behind-the-sofa                        ┐
//! 20852163                                           │ text: what is signed; ends with a line feed
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=       ┘
//!                                                    ← the LAST empty line
//! — example.com/behind-the-sofa JSt00p6KTYtH8o…      signature lines: name, base64(key id ‖ signature)
//! ```
//!
//! A signature of a key that is not known says nothing and is passed over; one of a known key that does not verify
//! spoils the whole note.

use super::cosignature::Cosignature;
use super::lines;
use super::note_key::{KeyName, NoteAlgorithm, NoteKey, NoteKeyError};
use crate::key::{Signature, SigningKey};
use std::fmt;

/// A note is at most this many bytes: 16 signatures of the largest algorithm foreseen and room beside them.
pub const NOTE_LIMIT: usize = 1 << 17;

/// A note has at most this many signatures.
pub const SIGNATURES_LIMIT: usize = 100;

/// One line of signature under a note. What it signs is not part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    name: KeyName,
    id: [u8; 4],
    bytes: Vec<u8>,
}

/// A text and the lines of signature under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// A known key that signed a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBy<'a> {
    /// The key.
    pub key: &'a NoteKey,
    /// What it signed with, where the key is a cosigner's.
    pub cosignature: Option<Cosignature>,
}

/// Why bytes are no note, or a note does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// More bytes than are read.
    #[error("{0} bytes; a note has at most {NOTE_LIMIT}")]
    TooLong(usize),
    /// Not UTF-8, or a control character other than the line feed.
    #[error("a note is UTF-8 without control characters; byte {0} is none of it")]
    Character(usize),
    /// The text does not end with a line feed.
    #[error("the text of a note ends with a line feed")]
    Text,
    /// There is no empty line, or nothing behind the last one, or the last line does not end with a line feed.
    #[error("a note is a text, an empty line, and lines of signature that each end with a line feed")]
    Shape,
    /// A line of signature that is none.
    #[error("signature {0} of the note is not `— NAME BASE64(key id and signature)`")]
    Line(usize),
    /// Too many signatures.
    #[error("a note has at most {SIGNATURES_LIMIT} signatures")]
    TooMany,
    /// A known key's signature does not verify.
    #[error("the note bears a signature of {0} that does not verify")]
    Signature(KeyName),
    /// No known key signed.
    #[error("none of the known keys signed the note")]
    Unsigned,
    /// A name or key that is none.
    #[error(transparent)]
    Key(#[from] NoteKeyError),
}

/// The bytes as characters that a note may have.
pub(crate) fn characters(bytes: &[u8]) -> Result<&str, NoteError> {
    let text = std::str::from_utf8(bytes).map_err(|error| NoteError::Character(error.valid_up_to()))?;
    match bytes.iter().position(|byte| *byte < 0x20 && *byte != b'\n') {
        Some(place) => Err(NoteError::Character(place)),
        None => Ok(text),
    }
}

impl NoteSignature {
    /// Signs `text` with the key of type 01 that has this name.
    #[must_use]
    pub fn sign(name: KeyName, secret: &SigningKey, text: &str) -> Self {
        let id = NoteAlgorithm::Ed25519.id(&name, secret.public().bytes());
        Self { name, id, bytes: secret.sign(text.as_bytes()).bytes().to_vec() }
    }

    /// The line of `key` with this signature, as the key's algorithm writes it.
    #[must_use]
    pub fn new(key: &NoteKey, signature: Vec<u8>) -> Self {
        Self { name: key.name().clone(), id: key.id(), bytes: signature }
    }

    /// Reads one line, without its line feed.
    ///
    /// # Errors
    /// [`NoteError::Line`] with the place 0.
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        Self::read(line).ok_or(NoteError::Line(0))
    }

    fn read(line: &str) -> Option<Self> {
        let (name, payload) = line.strip_prefix("— ")?.split_once(' ')?;
        let payload = lines::bytes(payload)?;
        let (id, bytes) = payload.split_first_chunk::<4>()?;
        if bytes.is_empty() {
            return None;
        }
        Some(Self { name: name.parse().ok()?, id: *id, bytes: bytes.to_vec() })
    }

    /// The name of the key.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// The id of the key.
    #[must_use]
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// The signature, without the key's id, as the key's algorithm writes it.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether name and id are those of `key`.
    #[must_use]
    pub fn is_of(&self, key: &NoteKey) -> bool {
        self.name == *key.name() && self.id == key.id()
    }

    /// Verifies the signature of `key`, strictly.
    ///
    /// # Errors
    /// [`NoteError::Signature`] when it is another key's or does not verify.
    pub fn verify<'a>(&self, key: &'a NoteKey, text: &str) -> Result<SignedBy<'a>, NoteError> {
        let bad = || NoteError::Signature(self.name.clone());
        if !self.is_of(key) {
            return Err(bad());
        }
        let cosignature = match key.algorithm() {
            NoteAlgorithm::Ed25519 => {
                let signature = Signature::ed25519(self.bytes.as_slice().try_into().map_err(|_| bad())?);
                key.public().verify(text.as_bytes(), &signature).map_err(|_| bad())?;
                None
            }
            NoteAlgorithm::Cosignature => {
                let cosignature = Cosignature::from_bytes(&self.bytes).ok_or_else(bad)?;
                cosignature.verify(&key.public(), text).map_err(|_| bad())?;
                Some(cosignature)
            }
        };
        Ok(SignedBy { key, cosignature })
    }
}

impl fmt::Display for NoteSignature {
    /// The line, without a line feed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "— {} {}", self.name, lines::base64(&[&self.id[..], &self.bytes].concat()))
    }
}

impl Note {
    /// A text that nobody signed yet.
    ///
    /// # Errors
    /// [`NoteError`] when a note cannot have this text.
    pub fn new(text: String) -> Result<Self, NoteError> {
        if text.len() > NOTE_LIMIT {
            return Err(NoteError::TooLong(text.len()));
        }
        characters(text.as_bytes())?;
        if text.ends_with('\n') { Ok(Self { text, signatures: Vec::new() }) } else { Err(NoteError::Text) }
    }

    /// Reads a note with at least one line of signature; verifies none.
    ///
    /// # Errors
    /// [`NoteError`] says what is no part of a note.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > NOTE_LIMIT {
            return Err(NoteError::TooLong(bytes.len()));
        }
        let all = characters(bytes)?;
        let end = all.rfind("\n\n").ok_or(NoteError::Shape)?;
        let (text, signed) = (&all[..=end], &all[end + 2..]);
        let signed = signed.strip_suffix('\n').ok_or(NoteError::Shape)?;
        let mut signatures = Vec::new();
        for (place, line) in signed.split('\n').enumerate() {
            if place == SIGNATURES_LIMIT {
                return Err(NoteError::TooMany);
            }
            signatures.push(NoteSignature::read(line).ok_or(NoteError::Line(place))?);
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// What is signed, its last line feed included.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The lines of signature, of known and unknown keys.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a line of signature.
    ///
    /// # Errors
    /// [`NoteError::TooMany`] when the note is full, [`NoteError::TooLong`] when it would be too long.
    pub fn add(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        if self.signatures.len() >= SIGNATURES_LIMIT {
            return Err(NoteError::TooMany);
        }
        self.signatures.push(signature);
        let length = self.to_string().len();
        if length > NOTE_LIMIT {
            self.signatures.pop();
            return Err(NoteError::TooLong(length));
        }
        Ok(())
    }

    /// The known keys that signed, in the order of `known`, every public key of an algorithm once, whatever its names;
    /// of several cosignatures of one key the latest. Every signature of a known key must verify.
    ///
    /// # Errors
    /// [`NoteError::Signature`] when one does not, [`NoteError::Unsigned`] when there is none.
    pub fn verify<'a>(&self, known: &'a [NoteKey]) -> Result<Vec<SignedBy<'a>>, NoteError> {
        let mut signers: Vec<SignedBy<'a>> = Vec::new();
        for key in known {
            let mut signer: Option<SignedBy<'a>> = None;
            for signature in self.signatures.iter().filter(|signature| signature.is_of(key)) {
                let signed = signature.verify(key, &self.text)?;
                if signer.as_ref().is_none_or(|before| before.time() < signed.time()) {
                    signer = Some(signed);
                }
            }
            let Some(signer) = signer else { continue };
            if !signers.iter().any(|before| before.key.is_same_key(key)) {
                signers.push(signer);
            }
        }
        if signers.is_empty() { Err(NoteError::Unsigned) } else { Ok(signers) }
    }
}

impl SignedBy<'_> {
    /// When a cosigner signed, in seconds since 1970; a key of type 01 does not say.
    #[must_use]
    pub fn time(&self) -> Option<u64> {
        self.cosignature.as_ref().map(|cosignature| cosignature.time)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}
