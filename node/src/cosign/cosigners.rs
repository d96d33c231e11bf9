//! Know whose cosignatures count under a checkpoint, and how much.

use tongda_ledger::epoch::{Signer, Signers};
use tongda_ledger::key::PublicKey;
use tongda_ledger::tree::policy::{PolicyLog, PolicyWitness, sure_threshold};
use tongda_ledger::tree::{NoteKey, NoteKeyError, Policy, PolicyError, cosigner_key};
use tongda_ledger::vote::{Address, NetworkId, is_quorum};

/// A validator as a cosigner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigner {
    /// The address of its vote key.
    pub address: Address,
    /// The node's name.
    pub name: String,
    /// The key it cosigns with, under its name as a cosigner.
    pub key: NoteKey,
    /// Its voting power.
    pub power: u64,
}

/// The validators that decide a height and cosign its checkpoint, ascending by address.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Cosigners {
    cosigners: Vec<Cosigner>,
}

impl Cosigners {
    /// These signers.
    ///
    /// # Errors
    /// [`NoteKeyError`] when a cosigning key is none.
    pub fn of(network: &NetworkId, signers: &Signers) -> Result<Self, NoteKeyError> {
        let cosigner = |signer: &Signer| {
            let key = cosigner_key(network, &signer.address, &signer.cosign_key)?;
            let (address, name) = (signer.address, signer.name.clone());
            Ok::<_, NoteKeyError>(Cosigner { address, name, key, power: signer.power })
        };
        Ok(Self { cosigners: signers.signers().iter().map(cosigner).collect::<Result<_, _>>()? })
    }

    /// All of them.
    #[must_use]
    pub fn list(&self) -> &[Cosigner] {
        &self.cosigners
    }

    /// The one with this address.
    #[must_use]
    pub fn get(&self, address: &Address) -> Option<&Cosigner> {
        let place = self.cosigners.binary_search_by(|cosigner| cosigner.address.cmp(address)).ok()?;
        self.cosigners.get(place)
    }

    /// The one that cosigns with this key.
    #[must_use]
    pub fn with_key(&self, key: &PublicKey) -> Option<&Cosigner> {
        self.cosigners.iter().find(|cosigner| cosigner.key.public() == *key)
    }

    /// The sum of their powers.
    #[must_use]
    pub fn power(&self) -> u64 {
        self.cosigners.iter().map(|cosigner| cosigner.power).sum()
    }

    /// Whether this is more than two thirds of their power.
    #[must_use]
    pub fn is_quorum(&self, power: u64) -> bool {
        is_quorum(power, self.power())
    }

    /// The policy with which other people's tools ask for a quorum of them.
    ///
    /// # Errors
    /// [`PolicyError`] when two share a key.
    pub fn policy(&self, log: NoteKey) -> Result<Policy, PolicyError> {
        let powers: Vec<_> = self.cosigners.iter().map(|cosigner| cosigner.power).collect();
        let witnesses = self.cosigners.iter().map(|cosigner| PolicyWitness {
            name: cosigner.name.clone(),
            key: cosigner.key.clone(),
            url: None,
        });
        let threshold = sure_threshold(&powers).unwrap_or(powers.len());
        Policy::threshold(vec![PolicyLog { key: log, url: None }], witnesses.collect(), threshold)
    }
}

#[cfg(test)]
impl From<Vec<Cosigner>> for Cosigners {
    fn from(mut cosigners: Vec<Cosigner>) -> Self {
        cosigners.sort_by_key(|cosigner| cosigner.address);
        Self { cosigners }
    }
}
