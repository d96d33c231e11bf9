//! Gather signatures under one act before it is sent: a file that goes from signer to signer.

use crate::Signer;
use serde::{Deserialize, Serialize};
use tongda_ledger::codec::CodecError;
use tongda_ledger::envelope::{Core, Envelope, EnvelopeError, Signed};

/// The version of the file's form.
const FORM: &str = "tongda/envelope/1";

/// What is to be signed, and the signatures so far. As JSON it can be read by those who sign: there is nothing beside
/// what they read that they sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gathering {
    form: String,
    core: Core,
    signatures: Vec<Signed>,
}

/// Why a file is none of gathered signatures.
#[derive(Debug, thiserror::Error)]
pub enum GatheringError {
    /// Not the JSON of one.
    #[error("this is no file of gathered signatures: {0}; `--out FILE` makes one")]
    Form(String),
    /// The act is beyond the record limit.
    #[error("the act cannot be signed: {0}")]
    TooLarge(#[from] CodecError),
    /// A signature does not match what is signed: the file was changed after signing.
    #[error("{0}: the file was changed after it was signed; begin again with a new one")]
    Changed(EnvelopeError),
}

impl Gathering {
    /// Nothing signed yet.
    ///
    /// # Errors
    /// [`GatheringError::TooLarge`] when the act is beyond the record limit.
    pub fn new(core: Core) -> Result<Self, GatheringError> {
        core.bytes()?;
        Ok(Self { form: FORM.into(), core, signatures: Vec::new() })
    }

    /// Takes up an envelope, for more signatures.
    #[must_use]
    pub fn of(envelope: &Envelope) -> Self {
        let (core, signatures) = (envelope.core().clone(), envelope.signatures().to_vec());
        Self { form: FORM.into(), core, signatures }
    }

    /// Reads the file: its JSON, or an envelope in hexadecimal digits. The signatures in it are verified.
    ///
    /// # Errors
    /// [`GatheringError`] says what is wrong.
    pub fn read(text: &str) -> Result<Self, GatheringError> {
        let form = |error: &dyn ToString| GatheringError::Form(error.to_string());
        let text = text.trim();
        let gathering = if text.starts_with('{') {
            let read: Self = serde_json::from_str(text).map_err(|error| form(&error))?;
            read.core.bytes()?;
            read
        } else {
            let bytes = hex::decode(text).map_err(|error| form(&error))?;
            Self::of(&Envelope::decode(&bytes).map_err(|error| form(&error))?)
        };
        if gathering.form != FORM {
            return Err(GatheringError::Form(format!("its form is {:?}, not {FORM:?}", gathering.form)));
        }
        if !gathering.signatures.is_empty() {
            gathering.envelope().and_then(|envelope| envelope.verify()).map_err(GatheringError::Changed)?;
        }
        Ok(gathering)
    }

    /// The file's JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("cores and signatures have a JSON form") + "\n"
    }

    /// Adds a member's signatures; a key that has signed already signs no second time.
    pub fn sign(&mut self, signer: &Signer) {
        for signed in signer.sign(&self.core) {
            let known = self
                .signatures
                .iter()
                .any(|other| (other.member, &other.key) == (signed.member, &signed.key));
            if !known {
                self.signatures.push(signed);
            }
        }
    }

    /// What is signed.
    #[must_use]
    pub const fn core(&self) -> &Core {
        &self.core
    }

    /// The signatures so far.
    #[must_use]
    pub fn signatures(&self) -> &[Signed] {
        &self.signatures
    }

    /// The envelope with the signatures so far.
    ///
    /// # Errors
    /// [`EnvelopeError`] when nobody has signed, or the whole is beyond the record limit.
    pub fn envelope(&self) -> Result<Envelope, EnvelopeError> {
        Envelope::new(self.core.clone(), self.signatures.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tongda_ledger::act::consent::Give;
    use tongda_ledger::hash::Hash;
    use tongda_ledger::identifier::{MemberId, PendingId, Timestamp};
    use tongda_ledger::key::SigningKey;
    use tongda_ledger::vote::NetworkId;

    fn core() -> Core {
        let time = |milliseconds: u64| Timestamp::try_from(milliseconds).unwrap();
        Core {
            network: NetworkId(Hash([1; 32])),
            author: MemberId::new(1, 0),
            valid_from: time(1_000),
            valid_until: time(2_000),
            nonce: [3; 16],
            gather_until: None,
            expects: Vec::new().try_into().unwrap(),
            act: Give { pending: PendingId::new(9, 0) }.into(),
        }
    }

    fn signer(member: u64) -> Signer {
        Signer::new(MemberId::new(member, 0), vec![SigningKey::from_seed(&[member.to_le_bytes()[0]; 32])])
    }

    #[test]
    fn signatures_gathered_in_any_order_make_the_same_envelope() {
        let mut one = Gathering::new(core()).unwrap();
        one.sign(&signer(1));
        let mut other = Gathering::read(&one.to_json()).unwrap();
        other.sign(&signer(2));
        other.sign(&signer(1));
        let mut turned = Gathering::new(core()).unwrap();
        turned.sign(&signer(2));
        turned.sign(&signer(1));
        let envelope = other.envelope().unwrap();
        assert_eq!(envelope.bytes(), turned.envelope().unwrap().bytes());
        assert_eq!(envelope.verify(), Ok(()));
        let again = Gathering::read(&hex::encode(envelope.bytes())).unwrap();
        assert_eq!(again.envelope().unwrap().bytes(), envelope.bytes());
    }

    #[test]
    fn a_file_changed_after_signing_is_refused() {
        let mut gathering = Gathering::new(core()).unwrap();
        gathering.sign(&signer(1));
        let changed = gathering.to_json().replace("W-9-", "W-8-");
        let other = PendingId::new(8, 0).to_string();
        let changed = changed.replace(&format!("W-8-{}", &PendingId::new(9, 0).to_string()[4..]), &other);
        assert!(matches!(Gathering::read(&changed), Err(GatheringError::Changed(_))), "{changed}");
        assert!(matches!(Gathering::read("{}"), Err(GatheringError::Form(_))));
    }
}
