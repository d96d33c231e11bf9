//! Show what a salted digest on the ledger stands for: a document or an amount that is nobody's but the parties'.
//!
//! A digest on a public ledger must not let anyone test guesses at what it covers. So it is taken with a salt of 32 random
//! bytes, kept beside the document:
//!
//! ```text
//! document:  SHA-256("tongda/v1/commitment" ‖ 0x00 ‖ salt ‖ bytes)
//! amount:    SHA-256("tongda/v1/amount"     ‖ 0x00 ‖ salt ‖ fen, u64 little-endian)
//! ```
//!
//! Whoever may see the content is given a [`Disclosure`]: salt and content, which it checks against the digest on the
//! ledger. Domains keep a document from being shown as an amount. The media type of a document says how to open it; it is
//! not part of the digest, and the document is what it is without it.

use crate::codec::Text;
use crate::hash::{Domain, Hash};
use crate::identifier::Money;
use serde::{Deserialize, Serialize};

/// The secret part of a digest: 32 random bytes, kept with what it covers.
pub type Salt = [u8; 32];

/// The digest of a document under a salt.
#[must_use]
pub fn of_document(salt: &Salt, document: &[u8]) -> Hash {
    Hash::of(Domain::COMMITMENT, &[salt, document])
}

/// The digest of an amount under a salt.
#[must_use]
pub fn of_amount(salt: &Salt, amount: Money) -> Hash {
    Hash::of(Domain::AMOUNT, &[salt, &amount.fen().to_le_bytes()])
}

/// What a digest covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A document.
    Document {
        /// Its media type, like `application/pdf`.
        media_type: Text<100>,
        /// Its length in bytes.
        size: u64,
        /// The document, hexadecimal in JSON.
        #[serde(with = "hex::serde")]
        bytes: Vec<u8>,
    },
    /// An amount.
    Amount {
        /// The amount.
        amount: Money,
    },
}

/// A digest's salt and content, for those who may see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// The version of this form: 1.
    pub version: u8,
    /// The salt, hexadecimal in JSON.
    #[serde(with = "hex::serde")]
    pub salt: Salt,
    /// What the digest covers.
    pub content: Content,
}

/// Why a disclosure is not what stands on the ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DisclosureError {
    /// A form of another version.
    #[error("the disclosure has version {0}; this program reads version 1")]
    Version(u8),
    /// The document is not as long as it says.
    #[error("the document has {found} bytes, and the disclosure says {size}; ask for it again")]
    Size {
        /// Bytes that it says.
        size: u64,
        /// Bytes that there are.
        found: u64,
    },
    /// The digest is another.
    #[error(
        "the disclosure has digest {found}, and {expected} stands on the ledger: salt or content is another"
    )]
    Digest {
        /// What stands on the ledger.
        expected: Hash,
        /// What the disclosure comes to.
        found: Hash,
    },
}

impl Disclosure {
    /// Discloses a document.
    #[must_use]
    pub fn of_document(salt: Salt, media_type: Text<100>, bytes: Vec<u8>) -> Self {
        let size = bytes.len() as u64;
        Self { version: 1, salt, content: Content::Document { media_type, size, bytes } }
    }

    /// Discloses an amount.
    #[must_use]
    pub const fn of_amount(salt: Salt, amount: Money) -> Self {
        Self { version: 1, salt, content: Content::Amount { amount } }
    }

    /// The digest that it comes to.
    #[must_use]
    pub fn digest(&self) -> Hash {
        match &self.content {
            Content::Document { bytes, .. } => of_document(&self.salt, bytes),
            Content::Amount { amount } => of_amount(&self.salt, *amount),
        }
    }

    /// Checks it against the digest on the ledger.
    ///
    /// # Errors
    /// [`DisclosureError`] names what does not fit.
    pub fn check(&self, on_the_ledger: Hash) -> Result<(), DisclosureError> {
        if self.version != 1 {
            return Err(DisclosureError::Version(self.version));
        }
        if let Content::Document { size, bytes, .. } = &self.content
            && *size != bytes.len() as u64
        {
            return Err(DisclosureError::Size { size: *size, found: bytes.len() as u64 });
        }
        let found = self.digest();
        if found == on_the_ledger {
            Ok(())
        } else {
            Err(DisclosureError::Digest { expected: on_the_ledger, found })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_disclosed_is_checked_against_the_ledger() {
        let media_type: Text<100> = "application/pdf".parse().unwrap();
        let contract = Disclosure::of_document([7; 32], media_type, b"contract".to_vec());
        let on_the_ledger = contract.digest();
        assert_eq!(contract.check(on_the_ledger), Ok(()));
        let json = serde_json::to_string(&contract).unwrap();
        assert_eq!(serde_json::from_str::<Disclosure>(&json).unwrap(), contract);
        let mut other = contract.clone();
        other.salt[0] ^= 1;
        assert!(matches!(other.check(on_the_ledger), Err(DisclosureError::Digest { .. })));
        let mut longer = contract.clone();
        if let Content::Document { size, .. } = &mut longer.content {
            *size += 1;
        }
        assert_eq!(longer.check(on_the_ledger), Err(DisclosureError::Size { size: 9, found: 8 }));
        let later = Disclosure { version: 2, ..contract };
        assert_eq!(later.check(on_the_ledger), Err(DisclosureError::Version(2)));
    }

    proptest! {
        #[test]
        fn no_document_is_shown_as_an_amount(salt: [u8; 32], fen: u64) {
            let amount = Money::from_fen(fen);
            let disclosed = Disclosure::of_amount(salt, amount);
            prop_assert_eq!(disclosed.check(of_amount(&salt, amount)), Ok(()));
            prop_assert!(disclosed.check(of_document(&salt, &fen.to_le_bytes())).is_err());
            prop_assert!(disclosed.check(of_amount(&salt, Money::from_fen(fen ^ 1))).is_err());
        }
    }
}
