//! Check signatures: keys and signatures as `algorithm id + length + bytes`, verified strictly and one by one.
//!
//! Batch verification accepts a crafted signature in some batches and not in others, which would split a network
//! of replicas; cofactored and cofactorless rules differ in the same way. So there is one rule, `verify_strict`,
//! at admission, validation, replay and audit alike.

use crate::codec::{Bytes, Decode, Encode};
use std::cell::RefCell;
use std::fmt;

/// The algorithm of a key or a signature.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Algorithm(pub u8);

impl Algorithm {
    /// Ed25519 (RFC 8032), verified strictly: the one algorithm accepted today.
    pub const ED25519: Self = Self(1);
    /// SM2 (GB/T 32918). Reserved.
    pub const SM2: Self = Self(2);
    /// ML-DSA-44 (FIPS 204). Reserved.
    pub const ML_DSA_44: Self = Self(3);
}

/// A public key: one byte of algorithm, a `u16` length and the key's bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct PublicKey {
    algorithm: u8,
    bytes: Bytes<2048>,
}

/// A signature: one byte of algorithm, a `u16` length and the signature's bytes.
#[derive(Clone, PartialEq, Eq, Hash, Encode, Decode)]
pub struct Signature {
    algorithm: u8,
    bytes: Bytes<4096>,
}

/// Why a key or a signature does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The algorithm is unknown or not in use yet.
    #[error("algorithm {0} is not in use; Ed25519 is 1")]
    Algorithm(u8),
    /// The bytes are no key of the algorithm.
    #[error("the bytes are no public key of their algorithm")]
    Malformed,
    /// The key has small order, so that signatures under it prove nothing, or a part of small order, so that only some
    /// of its signatures would count.
    #[error("the key is weak: it has a part of small order")]
    Weak,
    /// The signature does not match key and message.
    #[error("the signature does not match the key and the signed bytes")]
    Signature,
}

impl PublicKey {
    /// An Ed25519 key, unchecked until [`Self::check`] or [`Self::verify`].
    #[must_use]
    pub fn ed25519(bytes: [u8; 32]) -> Self {
        let bytes = bytes.to_vec().try_into().expect("32 bytes fit");
        Self { algorithm: Algorithm::ED25519.0, bytes }
    }

    /// The key's algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        Algorithm(self.algorithm)
    }

    /// The key's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Refuses keys that must not be enrolled: of an unknown algorithm, no point of the curve, outside the group of prime
    /// order. No key made by RFC 8032 is refused, and every encoding that is not canonical is: all of those decode to
    /// points outside that group.
    ///
    /// # Errors
    /// [`KeyError`] says which.
    pub fn check(&self) -> Result<(), KeyError> {
        let key = self.decompress()?;
        if key.is_weak() || !key.to_edwards().is_torsion_free() { Err(KeyError::Weak) } else { Ok(()) }
    }

    /// Verifies `signature` over `message`, strictly.
    ///
    /// # Errors
    /// [`KeyError`] when the algorithms differ or are unknown, the key is malformed or the signature is wrong.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), KeyError> {
        if signature.algorithm != self.algorithm {
            return Err(KeyError::Algorithm(signature.algorithm));
        }
        let key = self.decompress()?;
        let bytes: [u8; 64] = signature.bytes.as_ref().try_into().map_err(|_| KeyError::Signature)?;
        key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(&bytes))
            .map_err(|_| KeyError::Signature)
    }

    fn decompress(&self) -> Result<ed25519_dalek::VerifyingKey, KeyError> {
        if self.algorithm() != Algorithm::ED25519 {
            return Err(KeyError::Algorithm(self.algorithm));
        }
        let bytes: [u8; 32] = self.bytes.as_ref().try_into().map_err(|_| KeyError::Malformed)?;
        DECOMPRESSED.with_borrow_mut(|kept| kept.point(&bytes))
    }
}

/// Keys that a thread keeps decompressed.
const KEPT: usize = 512;

thread_local! {
    static DECOMPRESSED: RefCell<Decompressed> = RefCell::new(Decompressed(vec![None; KEPT]));
}

/// Keys whose point on the curve was computed, which is a tenth of a verification: members and validators sign over and
/// over. The point is a function of the key's bytes, so whether it was kept changes nothing but the time. Each key has one
/// place, by its bytes; whoever chooses keys that share a place only makes them be computed again.
struct Decompressed(Vec<Option<ed25519_dalek::VerifyingKey>>);

impl Decompressed {
    fn point(&mut self, bytes: &[u8; 32]) -> Result<ed25519_dalek::VerifyingKey, KeyError> {
        let place = usize::from(u16::from_le_bytes([bytes[0], bytes[1]])) % KEPT;
        if let Some(key) = self.0[place].filter(|key| key.as_bytes() == bytes) {
            return Ok(key);
        }
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Malformed)?;
        self.0[place] = Some(key);
        Ok(key)
    }
}

impl Signature {
    /// An Ed25519 signature.
    #[must_use]
    pub fn ed25519(bytes: [u8; 64]) -> Self {
        let bytes = bytes.to_vec().try_into().expect("64 bytes fit");
        Self { algorithm: Algorithm::ED25519.0, bytes }
    }

    /// The signature's algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        Algorithm(self.algorithm)
    }

    /// The signature's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// A key that signs. The secret bytes are wiped when it is dropped.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// The Ed25519 key of a 32-byte seed. The caller brings the randomness: the ledger has none.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The seed, for keeping the key.
    #[must_use]
    pub fn seed(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey::ed25519(self.0.verifying_key().to_bytes())
    }

    /// Signs `message`; deterministic (RFC 8032).
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        use ed25519_dalek::Signer as _;
        Signature::ed25519(self.0.sign(message).to_bytes())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({:?})", self.public())
    }
}

/// Text form of keys and signatures: `ed25519:` and hexadecimal digits, or `ALGORITHM:HEX` for other algorithms.
macro_rules! text_form {
    ($type:ident, $what:literal) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.algorithm() {
                    Algorithm::ED25519 => f.write_str("ed25519:")?,
                    Algorithm(other) => write!(f, "{other}:")?,
                }
                f.write_str(&hex::encode(self.bytes()))
            }
        }
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
        impl std::str::FromStr for $type {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let (algorithm, digits) = text
                    .split_once(':')
                    .ok_or(concat!($what, " is written `ed25519:` and hexadecimal digits"))?;
                let algorithm = match algorithm {
                    "ed25519" => Algorithm::ED25519.0,
                    other => other
                        .parse()
                        .map_err(|_| format!("{other:?} is no algorithm; Ed25519 is `ed25519`"))?,
                };
                let bytes = hex::decode(digits).map_err(|error| format!("{}: {error}", $what))?;
                let bytes = bytes.try_into().map_err(|error| format!("{}: {error}", $what))?;
                Ok(Self { algorithm, bytes })
            }
        }
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
text_form!(PublicKey, "a public key");
text_form!(Signature, "a signature");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_share_a_place_are_each_taken_for_themselves() {
        // One key for each of three thousand seeds: five or six to a place, several of them in the same place in turn.
        let keys: Vec<_> = (0..3_000_u16)
            .map(|number| {
                let mut seed = [0; 32];
                seed[..2].copy_from_slice(&number.to_le_bytes());
                SigningKey::from_seed(&seed)
            })
            .collect();
        for _ in 0..2 {
            for (key, other) in keys.iter().zip(keys.iter().skip(1)) {
                let signature = key.sign(b"message");
                assert_eq!(key.public().verify(b"message", &signature), Ok(()));
                assert_eq!(other.public().verify(b"message", &signature), Err(KeyError::Signature));
            }
        }
    }

    #[test]
    fn bytes_that_are_no_key_are_refused_every_time_even_in_the_place_of_one() {
        let key = SigningKey::from_seed(&[1; 32]);
        let signature = key.sign(b"message");
        let public = key.public();
        let mut bytes: [u8; 32] = public.bytes().try_into().expect("32 bytes");
        // The first two bytes say the place; some of these are no point of the curve.
        let mut malformed = 0;
        for last in 0..=255 {
            assert_eq!(public.verify(b"message", &signature), Ok(()));
            bytes[20] = last;
            let other = PublicKey::ed25519(bytes);
            let once = other.verify(b"message", &signature);
            assert_eq!(other.verify(b"message", &signature), once);
            malformed += usize::from(once == Err(KeyError::Malformed));
            assert_eq!(once.is_ok(), other == public);
        }
        assert!((64..192).contains(&malformed), "about half of all numbers are no key: {malformed} of 256");
    }
}
