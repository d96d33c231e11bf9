//! What a verifier starts from: the genesis file, the epochs proven from it, witnesses that it was told of, a clock.

use super::report::{Check, Report, Verdict};
use std::time::Duration;
use tongda_ledger::epoch::{EpochLink, Epochs, Quorum, SignersError};
use tongda_ledger::founding::Founding;
use tongda_ledger::identifier::Timestamp;
use tongda_ledger::tree::{NoteError, NoteKey, SignedCheckpoint, origin};
use tongda_ledger::vote::NetworkId;

/// Witnesses outside the network, and how many of them must have signed.
#[derive(Clone, Debug, Default)]
pub struct Witnesses {
    /// Their keys.
    pub keys: Vec<NoteKey>,
    /// How many must have signed; 0 asks for none.
    pub needed: usize,
}

/// What a verifier believes.
#[derive(Clone, Debug)]
pub struct Trust {
    /// Who signs at every height, proven from the founding.
    pub epochs: Epochs,
    /// Witnesses outside the network.
    pub witnesses: Witnesses,
    /// How long ago a quorum may be, and this machine's time.
    pub age: Option<(Duration, Timestamp)>,
    name: String,
    demonstration: bool,
}

impl Trust {
    /// Trust in a founding alone.
    ///
    /// # Errors
    /// [`SignersError`] when it names nobody who signs.
    pub fn new(founding: &Founding) -> Result<Self, SignersError> {
        Ok(Self::of(Epochs::of(founding)?, founding.name.to_string(), founding.anchor.demonstration))
    }

    /// Trust in epochs that were proven, of a network of this name.
    #[must_use]
    pub fn of(epochs: Epochs, name: String, demonstration: bool) -> Self {
        Self { epochs, witnesses: Witnesses::default(), age: None, name, demonstration }
    }

    /// The network.
    #[must_use]
    pub fn network_id(&self) -> NetworkId {
        self.epochs.network()
    }

    /// The network's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether all on the network is made for demonstration.
    #[must_use]
    pub const fn demonstration(&self) -> bool {
        self.demonstration
    }

    /// Takes links of epochs that are kept or brought along; the first one that is not proven says why.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn learn<'a>(&mut self, links: impl IntoIterator<Item = &'a EpochLink>) -> Result<(), String> {
        links.into_iter().try_for_each(|link| self.epochs.push(link)).map_err(|error| error.to_string())
    }

    pub(super) fn network(&self, found: &str) -> Check {
        let expected = origin(&self.epochs.network());
        let outcome = if found == expected {
            Ok(self.epochs.network().to_string())
        } else {
            Err(format!("WRONG NETWORK: it is of {found}, and the genesis file is of {expected}"))
        };
        Check::new(("network", "属于创世文件的网络", "it is of the genesis file's network"), outcome)
    }

    /// The check of the witnesses, if any are asked for.
    pub(super) fn witnesses(&self, checkpoint: &SignedCheckpoint) -> Option<Check> {
        let needed = self.witnesses.needed;
        if needed == 0 {
            return None;
        }
        let outcome = match checkpoint.verify(&self.witnesses.keys) {
            Ok(signed) if signed.len() >= needed => {
                let names: Vec<_> = signed.iter().map(|signed| signed.key.name().as_str()).collect();
                Ok(names.join(", "))
            }
            Ok(signed) => Err(format!("{} signed, {needed} are asked for", signed.len())),
            Err(NoteError::Unsigned) => Err(format!("none signed, {needed} are asked for")),
            Err(error) => Err(error.to_string()),
        };
        Some(Check::new(("witnesses", "外部见证人联署", "witnesses outside the network cosigned"), outcome))
    }

    /// Holds the moment of a report that holds against the age allowed.
    pub(super) fn judge_age(&self, report: &mut Report) {
        let (Some((limit, now)), Some(as_of)) = (self.age, &report.as_of) else { return };
        let age = now.milliseconds().saturating_sub(as_of.time.milliseconds()) / 1_000;
        let outcome = if age <= limit.as_secs() {
            Ok(format!("{age} s before this machine's time"))
        } else {
            Err(format!("TOO OLD: {age} s before this machine's time, {} s are allowed", limit.as_secs()))
        };
        let old = outcome.is_err();
        report.checks.push(Check::new(("age", "不早于所要求的时间", "it is as recent as asked"), outcome));
        if old && report.verdict == Verdict::Holds {
            report.verdict = Verdict::TooOld;
        }
    }

    /// What all that is verified rests on.
    pub(super) fn rests_on(&self) -> Vec<String> {
        let mut rests = vec![
            format!("genesis {} ({})", self.epochs.network(), self.name),
            format!(
                "epochs 0 to {}, each decided by more than two thirds of the one before",
                self.epochs.changes()
            ),
        ];
        let names: Vec<_> = self.witnesses.keys.iter().map(NoteKey::to_string).collect();
        rests.push(match self.witnesses.needed {
            0 => "no witness outside the network was asked for: keys of former nodes could have made another history".into(),
            needed => format!("{needed} of the witnesses {}", names.join(", ")),
        });
        rests
    }
}

/// The time of a quorum.
pub(super) fn quorum_time(quorum: &Quorum) -> Option<Timestamp> {
    Timestamp::try_from(quorum.time.checked_mul(1_000)?).ok()
}
