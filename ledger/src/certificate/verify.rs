//! Verify a certificate with what is known of the network's epochs: check after check, and none left out because one before
//! it failed, as long as it means something by itself.

use super::content::{Certificate, Proven, Statement};
use super::error::CertificateError;
use super::report::{AsOf, Check, Failure, Outcome, Report, RestsOn, Subject};
use crate::block::{SEAL_VERSION, SUITE_SHA256};
use crate::epoch::{EpochError, Epochs, PlacedCosignature, Quorum, Signer};
use crate::state::AnyValue;
use crate::tree::{MapProofError, NoteKey};

/// What is asked of a certificate beside its proofs.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The time here, in seconds since 1970, and the most seconds since a quorum cosigned.
    pub age: Option<(u64, u64)>,
    /// Witnesses outside the network's validators that count.
    pub witnesses: Vec<NoteKey>,
    /// How many of them must have signed.
    pub witnesses_needed: usize,
}

impl Asked {
    /// How far cosigners' clocks may be ahead, in seconds.
    pub const CLOCK_AHEAD: u64 = 60;
}

/// Signatures that are tried at most to find out whose a wrong one is.
const TRIES: usize = 400;

struct Checks(Vec<Check>);

impl Checks {
    fn add(&mut self, what: Subject, result: Result<(), Failure>) -> bool {
        let holds = result.is_ok();
        let outcome = match result {
            Ok(()) => Outcome::Holds,
            Err(failure) => Outcome::Failed(Box::new(failure)),
        };
        self.0.push(Check { what, outcome });
        holds
    }

    fn skip(&mut self, what: Subject) {
        self.0.push(Check { what, outcome: Outcome::NotAsked });
    }
}

impl Certificate {
    /// Reads bytes as a certificate and verifies it.
    #[must_use]
    pub fn verify_bytes(bytes: &[u8], epochs: &Epochs, asked: &Asked) -> (Option<Self>, Report) {
        match Self::decode(bytes) {
            Ok(certificate) => {
                let report = certificate.verify(epochs, asked);
                (Some(certificate), report)
            }
            Err(error) => (None, Report::of_no_certificate(error)),
        }
    }

    /// The chain of epochs that was known, continued by the links of the certificate.
    ///
    /// # Errors
    /// [`EpochError`] names the first link that is wrong.
    pub fn epochs(&self, known: &Epochs) -> Result<Epochs, EpochError> {
        let mut epochs = known.clone();
        self.epochs.iter().try_for_each(|link| epochs.push(link))?;
        Ok(epochs)
    }

    /// Verifies the certificate. `known` is the chain of epochs as far as it is known: from the founding at least.
    #[must_use]
    pub fn verify(&self, known: &Epochs, asked: &Asked) -> Report {
        let statement = &self.statement;
        let seal = &statement.seal;
        let mut checks = Checks(Vec::new());
        checks.add(Subject::Format, Ok(()));
        let (found, expected) = (statement.network(), known.network());
        let is_ours = checks.add(
            Subject::Network,
            if found == expected { Ok(()) } else { Err(Failure::Network { found, expected }) },
        );
        let continued = self.epochs(known);
        let epochs = continued.as_ref().unwrap_or(known);
        let epoch = epochs.at(seal.height);
        let is_epoch = if is_ours {
            checks.add(Subject::Epochs, continued.as_ref().map(|_| ()).map_err(|error| error.clone().into()));
            checks.add(Subject::Epoch, check_epoch(statement, epochs))
        } else {
            checks.skip(Subject::Epochs);
            checks.skip(Subject::Epoch);
            false
        };
        checks.add(Subject::Value, check_value(&statement.proven, statement));
        for (place, detail) in statement.details.iter().enumerate() {
            checks.add(Subject::Detail { place }, check_value(detail, statement));
        }
        let (index, size) = (seal.index(), statement.size);
        let last = size.checked_sub(1) == Some(index);
        checks.add(Subject::LastLeaf, if last { Ok(()) } else { Err(Failure::NotLast { index, size }) });
        let included = statement.inclusion.verify(index, size, &seal.hash(), &statement.root);
        checks.add(Subject::Inclusion, included.map_err(Failure::Inclusion));

        let mut cosigners =
            Cosigners { statement, epochs, verified: Vec::new(), names: Vec::new(), tries: TRIES };
        let mut quorum = None;
        if is_ours {
            for placed in &statement.cosignatures {
                let (what, result) = cosigners.check(placed);
                checks.add(what, result);
            }
            let reached = epoch.signers.quorum(&cosigners.verified);
            // Power counts only in the epoch that the seal names.
            quorum = reached.as_ref().ok().copied().filter(|_| is_epoch);
            let (power, total) = match &reached {
                Ok(Quorum { power, total, .. }) => (*power, *total),
                Err(_) => (cosigners.power(), epoch.signers.power()),
            };
            let short = Failure::Short { power, total };
            checks.add(Subject::Quorum, reached.map(|_| ()).map_err(|_| short));
        } else {
            checks.skip(Subject::Quorum);
        }
        match (asked.age, quorum) {
            (Some((now, limit)), Some(quorum)) => {
                checks.add(Subject::Age, check_age(quorum.time, now, limit));
            }
            _ => checks.skip(Subject::Age),
        }
        let mut witnesses = Vec::new();
        if asked.witnesses_needed > 0 || !asked.witnesses.is_empty() {
            let (result, names) = check_witnesses(statement, asked);
            checks.add(Subject::Witnesses, result);
            witnesses = names;
        } else {
            checks.skip(Subject::Witnesses);
        }
        if self.history.is_empty() {
            checks.skip(Subject::History);
        } else {
            checks.add(Subject::History, self.proven_history().map(|_| ()).map_err(Failure::History));
        }
        let holds = checks.0.iter().all(|check| !matches!(check.outcome, Outcome::Failed(_)));
        let as_of = AsOf { height: seal.height, time: seal.time, size, root: statement.root, quorum };
        let rests_on = RestsOn {
            network: expected,
            epoch: epoch.number,
            links: self.epochs.len(),
            cosigners: cosigners.names,
            witnesses,
        };
        Report {
            holds,
            checks: checks.0,
            as_of: Some(as_of),
            rests_on: Some(rests_on).filter(|_| is_ours),
            key: Some(statement.proven.key),
        }
    }
}

fn check_epoch(statement: &Statement, epochs: &Epochs) -> Result<(), Failure> {
    let seal = &statement.seal;
    let Err(error) = epochs.check_seal(seal) else { return Ok(()) };
    if seal.version != SEAL_VERSION || seal.suite != SUITE_SHA256 {
        return Err(Failure::Seal(error));
    }
    Err(Failure::MixedEpoch { height: seal.height, epoch: epochs.at(seal.height).number })
}

/// The value, or the absence, is proven, and the value is one of its type.
fn check_value(proven: &Proven, statement: &Statement) -> Result<(), Failure> {
    proven.verify(&statement.seal.state_root).map_err(|error| match error {
        MapProofError::Present => Failure::Present,
        MapProofError::Absent => Failure::Absent,
        other => Failure::Value(other),
    })?;
    match &proven.value {
        None => Ok(()),
        Some(value) => {
            AnyValue::read(&proven.key, value).map(|_| ()).map_err(|fault| Failure::Type(fault.to_string()))
        }
    }
}

fn check_age(time: u64, now: u64, limit: u64) -> Result<(), Failure> {
    if time > now.saturating_add(Asked::CLOCK_AHEAD) {
        return Err(Failure::Future { ahead: time - now });
    }
    let age = now.saturating_sub(time);
    if age > limit { Err(Failure::Old { age, limit }) } else { Ok(()) }
}

fn check_witnesses(statement: &Statement, asked: &Asked) -> (Result<(), Failure>, Vec<String>) {
    let text = statement.checkpoint().text();
    let (mut names, mut forged) = (Vec::new(), None);
    let mut counted: Vec<&NoteKey> = Vec::new();
    for key in &asked.witnesses {
        let line = statement.witnesses.iter().find(|line| line.name == *key.name() && line.id == key.id());
        let Some(line) = line else { continue };
        if line.cosignature.verify(&key.public(), &text).is_err() {
            forged.get_or_insert_with(|| key.name().to_string());
        } else if !counted.iter().any(|other| other.is_same_key(key)) {
            counted.push(key);
            names.push(key.name().to_string());
        }
    }
    let result = match forged {
        Some(name) => Err(Failure::ForgedWitness { name }),
        None if names.len() < asked.witnesses_needed => {
            Err(Failure::Witnesses { found: names.len(), needed: asked.witnesses_needed })
        }
        None => Ok(()),
    };
    (result, names)
}

/// Whose cosignatures verified.
struct Cosigners<'a> {
    statement: &'a Statement,
    epochs: &'a Epochs,
    verified: Vec<PlacedCosignature>,
    names: Vec<String>,
    /// How many signatures may still be tried to find out whose a wrong one is.
    tries: usize,
}

impl Cosigners<'_> {
    fn check(&mut self, placed: &PlacedCosignature) -> (Subject, Result<(), Failure>) {
        let signers = self.epochs.signers_at(self.statement.seal.height);
        let signer = signers.get(placed.signer);
        let what = Subject::Cosignature {
            signer: placed.signer,
            address: signer.map(|signer| signer.address),
            name: signer.map(|signer| signer.name.clone()),
            time: placed.cosignature.time,
        };
        let text = self.statement.checkpoint().text();
        let is_of = |signer: &Signer| placed.cosignature.verify(&signer.cosign_key, &text).is_ok();
        if let Some(signer) = signer.filter(|signer| is_of(signer)) {
            self.verified.push(*placed);
            self.names.push(signer.name.clone());
            return (what, Ok(()));
        }
        // Not as it stands; a signer of another epoch is told apart from a forger, as far as that costs little.
        let here = self.epochs.at(self.statement.seal.height).number;
        for epoch in self.epochs.iter().rev().filter(|epoch| epoch.number != here) {
            let tried = epoch.signers.signers().len();
            let Some(left) = self.tries.checked_sub(tried) else { break };
            self.tries = left;
            if let Some(other) = epoch.signers.signers().iter().find(|other| is_of(other)) {
                let (place, name) = (placed.signer, other.name.clone());
                return (what, Err(Failure::OtherEpoch { place, name, epoch: epoch.number }));
            }
        }
        let failure = match signer {
            None => Failure::Stranger { place: placed.signer, count: signers.signers().len() },
            Some(signer) => Failure::Forged { name: signer.name.clone() },
        };
        (what, Err(failure))
    }

    fn power(&self) -> u64 {
        let signers = self.epochs.signers_at(self.statement.seal.height);
        self.verified.iter().filter_map(|placed| signers.get(placed.signer)).map(|signer| signer.power).sum()
    }
}

impl From<CertificateError> for Report {
    fn from(error: CertificateError) -> Self {
        Self::of_no_certificate(error)
    }
}
