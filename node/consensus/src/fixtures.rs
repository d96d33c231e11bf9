//! Keys and validators for the unit tests of this crate.

use crate::context::Validators;
use tongda_ledger::key::SigningKey;
use tongda_ledger::vote::{Validator, ValidatorSet};

/// As many validators of equal power, with their keys in the order of their seeds.
pub(crate) fn validators(count: u8) -> (Vec<SigningKey>, Validators) {
    let keys: Vec<_> = (1..=count).map(|seed| SigningKey::from_seed(&[seed; 32])).collect();
    let members = keys.iter().map(|key| Validator { vote_key: key.public(), power: 1 }).collect();
    (keys, Validators::new(ValidatorSet::new(members).unwrap()))
}
