//! Check a commit certificate: the precommits by which more than two thirds of the validators fixed a block.
//!
//! The engine signs exactly these bytes, so that an auditor needs nothing of the engine to check them.

use crate::codec::{Decode, Encode, List, checked_wire, encode};
use crate::hash::{Domain, Hash};
use crate::key::{KeyError, PublicKey, Signature};
use std::fmt;

/// A network: the hash of its genesis file's canonical form.
#[derive(
    Copy,
    Clone,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct NetworkId(pub Hash);

impl fmt::Display for NetworkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A validator's address: the first 20 bytes of SHA-256 of its vote key's canonical bytes.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Address(pub [u8; 20]);

impl Address {
    /// The address of a vote key.
    #[must_use]
    pub fn of(key: &PublicKey) -> Self {
        let hash = Hash::plain(&[&encode(key)]);
        let mut address = [0; 20];
        address.copy_from_slice(&hash.0[..20]);
        Self(address)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0[..4]))
    }
}

impl serde::Serialize for Address {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Address {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let mut bytes = [0; 20];
        hex::decode_to_slice(text.as_ref(), &mut bytes).map_err(serde::de::Error::custom)?;
        Ok(Self(bytes))
    }
}

/// Whether this much of the voting power decides: more than two thirds of it. The one place that says how much a quorum is.
#[must_use]
pub fn is_quorum(power: u64, total: u64) -> bool {
    u128::from(power) * 3 > u128::from(total) * 2
}

/// The two votes of a round.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum VoteKind {
    /// First vote: the proposal is valid.
    Prevote = 1,
    /// Second vote: more than two thirds prevoted for it.
    Precommit = 2,
}

/// The bytes a validator signs to vote: domain, network, kind, height, round, block (or none), address.
#[must_use]
pub fn vote_bytes(
    network: &NetworkId,
    kind: VoteKind,
    height: u64,
    round: u32,
    block: Option<&Hash>,
    voter: &Address,
) -> Vec<u8> {
    let body = encode(&(kind as u8, height, round, block.copied(), *voter));
    Domain::VOTE.bytes(&[network.0.as_bytes(), &body])
}

/// One validator's precommit in a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct CommitSignature {
    /// Who voted.
    pub validator: Address,
    /// Over [`vote_bytes`] with kind precommit.
    pub signature: Signature,
}

/// The proof that a block was decided: its hash and the precommits of more than two thirds of the voting power.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct CommitCertificate {
    /// The block's height.
    pub height: u64,
    /// The round in which it was decided.
    pub round: u32,
    /// The block's hash: its seal's leaf hash.
    pub block: Hash,
    /// The precommits, ascending by address, each validator once.
    pub signatures: List<CommitSignature, 1024>,
}

/// A validator as the consensus knows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
pub struct Validator {
    /// The key it votes with.
    pub vote_key: PublicKey,
    /// Its voting power, at least 1.
    pub power: u64,
}

/// The validators of a height, ascending by address: at least one, no key twice.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "List<Validator, 1024>", into = "List<Validator, 1024>")]
pub struct ValidatorSet {
    validators: List<Validator, 1024>,
    /// Their addresses, in the same order.
    addresses: Vec<Address>,
}
checked_wire!(ValidatorSet, List<Validator, 1024>, |set| set.validators);

/// Why a set of validators is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValidatorSetError {
    /// No validator, or more than 1,024.
    #[error("a network has 1 to 1,024 validators, not {0}")]
    Count(usize),
    /// The same key twice.
    #[error("the vote key {0} stands twice")]
    Duplicate(PublicKey),
    /// A set that was read is out of order.
    #[error("the validators do not ascend by address")]
    Order,
    /// A validator without power, or a sum that overflows.
    #[error("a validator's power is at least 1, and the sum is below 2^63")]
    Power,
}

/// Why a certificate proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// It is for another height or block.
    #[error("the certificate is for height {height}, block {block}")]
    OtherBlock {
        /// The certificate's height.
        height: u64,
        /// The certificate's block.
        block: Hash,
    },
    /// Signatures out of order or twice.
    #[error("the certificate's signatures are not ascending by address, or one stands twice")]
    Order,
    /// A signer who is no validator of the height.
    #[error("{0} is no validator of this height")]
    Stranger(Address),
    /// A signature that does not verify.
    #[error("the precommit of {validator}: {error}")]
    Signature {
        /// Whose.
        validator: Address,
        /// What is wrong.
        error: KeyError,
    },
    /// Too little voting power.
    #[error("{signed} of {total} voting power signed; more than two thirds are needed")]
    NoQuorum {
        /// Voting power of the valid signatures.
        signed: u64,
        /// Voting power of the set.
        total: u64,
    },
}

impl ValidatorSet {
    /// The set of these validators, sorted by address.
    ///
    /// # Errors
    /// [`ValidatorSetError`] when it is empty, too large, names a key twice or gives a power of zero.
    pub fn new(mut validators: Vec<Validator>) -> Result<Self, ValidatorSetError> {
        validators.sort_by_cached_key(|validator| Address::of(&validator.vote_key));
        let count = validators.len();
        let validators: List<_, 1024> = validators.try_into().map_err(|_| ValidatorSetError::Count(count))?;
        validators.try_into()
    }

    /// The validators, ascending by address.
    #[must_use]
    pub fn validators(&self) -> &[Validator] {
        &self.validators
    }

    /// The validator with this address.
    #[must_use]
    pub fn get(&self, address: &Address) -> Option<&Validator> {
        self.addresses.binary_search(address).ok().map(|place| &self.validators[place])
    }

    /// The sum of the voting powers.
    #[must_use]
    pub fn power(&self) -> u64 {
        self.validators.iter().map(|validator| validator.power).sum()
    }

    /// The hash that a seal names.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(Domain::VALIDATORS, &[&encode(self)])
    }

    /// The proposer of a round: validators take turns by `height + round`, ascending by address.
    #[must_use]
    pub fn proposer(&self, height: u64, round: u32) -> Address {
        let turn = height.wrapping_add(u64::from(round)) % self.addresses.len() as u64;
        self.addresses[usize::try_from(turn).expect("below 1,024")]
    }
}

impl TryFrom<List<Validator, 1024>> for ValidatorSet {
    type Error = ValidatorSetError;

    fn try_from(validators: List<Validator, 1024>) -> Result<Self, ValidatorSetError> {
        if validators.is_empty() {
            return Err(ValidatorSetError::Count(0));
        }
        let addresses: Vec<_> = validators.iter().map(|validator| Address::of(&validator.vote_key)).collect();
        for (keys, addresses) in validators.windows(2).zip(addresses.windows(2)) {
            if keys[0].vote_key == keys[1].vote_key {
                return Err(ValidatorSetError::Duplicate(keys[0].vote_key.clone()));
            }
            if addresses[0] >= addresses[1] {
                return Err(ValidatorSetError::Order);
            }
        }
        let sum = validators.iter().try_fold(0_u64, |sum, validator| sum.checked_add(validator.power));
        if validators.iter().any(|validator| validator.power == 0) || sum.is_none_or(|sum| sum >= 1 << 63) {
            return Err(ValidatorSetError::Power);
        }
        Ok(Self { validators, addresses })
    }
}

impl From<ValidatorSet> for List<Validator, 1024> {
    fn from(set: ValidatorSet) -> Self {
        set.validators
    }
}

impl CommitCertificate {
    /// The longest canonical form that is read, in bytes: room for 1,024 Ed25519 signatures.
    pub const LIMIT: usize = 1 << 17;

    /// Checks that more than two thirds of `validators` precommitted `block` at `height`.
    ///
    /// # Errors
    /// [`CertificateError`] names the first thing that is wrong.
    pub fn verify(
        &self,
        network: &NetworkId,
        validators: &ValidatorSet,
        height: u64,
        block: &Hash,
    ) -> Result<(), CertificateError> {
        if self.height != height || self.block != *block {
            return Err(CertificateError::OtherBlock { height: self.height, block: self.block });
        }
        if self.signatures.windows(2).any(|pair| pair[0].validator >= pair[1].validator) {
            return Err(CertificateError::Order);
        }
        let mut signed = 0_u64;
        for vote in &self.signatures {
            let validator =
                validators.get(&vote.validator).ok_or(CertificateError::Stranger(vote.validator))?;
            let message =
                vote_bytes(network, VoteKind::Precommit, height, self.round, Some(block), &vote.validator);
            validator
                .vote_key
                .verify(&message, &vote.signature)
                .map_err(|error| CertificateError::Signature { validator: vote.validator, error })?;
            signed += validator.power;
        }
        let total = validators.power();
        if is_quorum(signed, total) { Ok(()) } else { Err(CertificateError::NoQuorum { signed, total }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;

    fn network() -> (NetworkId, Vec<SigningKey>, ValidatorSet) {
        let keys: Vec<_> = (1..=4).map(|seed| SigningKey::from_seed(&[seed; 32])).collect();
        let validators = keys.iter().map(|key| Validator { vote_key: key.public(), power: 1 }).collect();
        (NetworkId(Hash([9; 32])), keys, ValidatorSet::new(validators).unwrap())
    }

    fn certificate(keys: &[SigningKey], network: &NetworkId, block: Hash) -> CommitCertificate {
        let mut signatures: Vec<_> = keys
            .iter()
            .map(|key| {
                let validator = Address::of(&key.public());
                let message = vote_bytes(network, VoteKind::Precommit, 7, 1, Some(&block), &validator);
                CommitSignature { validator, signature: key.sign(&message) }
            })
            .collect();
        signatures.sort_by_key(|vote| vote.validator);
        CommitCertificate { height: 7, round: 1, block, signatures: signatures.try_into().unwrap() }
    }

    #[test]
    fn a_set_that_is_read_is_a_set_that_could_have_been_made() {
        let (_, keys, set) = network();
        let json = serde_json::to_value(&set).unwrap();
        assert_eq!(serde_json::from_value::<ValidatorSet>(json.clone()).unwrap(), set);
        let mut reversed = json.as_array().unwrap().clone();
        reversed.reverse();
        assert!(serde_json::from_value::<ValidatorSet>(reversed.into()).is_err());
        assert!(serde_json::from_str::<ValidatorSet>("[]").is_err());
        assert!(crate::codec::decode::<ValidatorSet>(&[0, 0], 2).is_err());
        let found = set.get(&Address::of(&keys[2].public())).map(|validator| &validator.vote_key);
        assert_eq!(found, Some(&keys[2].public()));
        assert_eq!(set.get(&Address([0; 20])), None);
    }

    #[test]
    fn three_of_four_precommits_prove_a_block_and_two_do_not() {
        let (network, keys, set) = network();
        let block = Hash([1; 32]);
        assert_eq!(certificate(&keys[..3], &network, block).verify(&network, &set, 7, &block), Ok(()));
        assert_eq!(
            certificate(&keys[..2], &network, block).verify(&network, &set, 7, &block),
            Err(CertificateError::NoQuorum { signed: 2, total: 4 })
        );
    }

    #[test]
    fn a_certificate_with_a_repeated_a_foreign_or_a_false_signature_proves_nothing() {
        let (network, keys, set) = network();
        let block = Hash([1; 32]);
        let good = certificate(&keys[..3], &network, block);
        let mut twice = good.clone();
        twice.signatures[1] = twice.signatures[0].clone();
        assert_eq!(twice.verify(&network, &set, 7, &block), Err(CertificateError::Order));
        let stranger = SigningKey::from_seed(&[77; 32]);
        assert!(matches!(
            certificate(&[keys[0].clone(), keys[1].clone(), stranger], &network, block)
                .verify(&network, &set, 7, &block),
            Err(CertificateError::Stranger(_))
        ));
        let mut false_round = good.clone();
        false_round.round = 2;
        assert!(matches!(
            false_round.verify(&network, &set, 7, &block),
            Err(CertificateError::Signature { .. })
        ));
        assert!(matches!(good.verify(&network, &set, 8, &block), Err(CertificateError::OtherBlock { .. })));
    }
}
