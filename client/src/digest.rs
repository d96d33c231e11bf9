//! Commit to a document that stays off the ledger: its hash, with a salt where its content could be guessed.
//!
//! A contract's digest on a public ledger must not let anyone test guesses at the contract. So it is
//! `SHA-256("tongda/v1/commitment" ‖ 0x00 ‖ salt ‖ document)` with a salt of 32 random bytes. Whoever is shown the
//! document and the salt can check it; keep the salt with the document.

use rand::RngCore as _;
pub use tongda_ledger::disclosure::{Salt, of_document as salted};
use tongda_ledger::hash::Hash;

/// A salt drawn from the operating system's randomness.
#[must_use]
pub fn salt() -> Salt {
    let mut salt = [0; 32];
    rand::rngs::OsRng.fill_bytes(&mut salt);
    salt
}

/// The plain SHA-256 of a document that has a unique form and nothing to hide, like a payment receipt.
#[must_use]
pub fn plain(document: &[u8]) -> Hash {
    Hash::plain(&[document])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commitment_depends_on_salt_and_document_and_on_nothing_else() {
        let commitment = salted(&[7; 32], b"contract");
        assert_eq!(commitment, salted(&[7; 32], b"contract"));
        assert_ne!(commitment, salted(&[8; 32], b"contract"));
        assert_ne!(commitment, salted(&[7; 32], b"contracts"));
        assert_ne!(commitment, plain(b"contract"));
        assert_ne!(salt(), salt());
    }
}
