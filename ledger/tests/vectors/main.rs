//! Check codec, keys, envelopes, acts, state values, seals and certificates against the golden vectors in
//! `tests/vectors`, which are written for implementations in any language.
//!
//! `TONGDA_WRITE_VECTORS=1 cargo test -p tongda-ledger --test vectors` writes them again: acts and state values from the
//! JSON forms that the vectors hold themselves, the others from these files. A frozen format's vectors do not change.
#![allow(clippy::unwrap_used, reason = "what a test cannot do without must be there")]

mod acts;
mod certificates;
mod codec_values;
#[path = "../crafted/mod.rs"]
mod crafted;
mod envelopes;
mod keys;
#[path = "../samples/mod.rs"]
mod samples;
mod seals;
mod state;

use samples::agree;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt::Debug;
use tongda_ledger::act::Act;
use tongda_ledger::act::open_licence::FeeStandard;
use tongda_ledger::block::{Body, LeafKind, Seal, leaf_of};
use tongda_ledger::codec::{self, Bytes, CodecError, Decode, Encode, List, Text, encode};
use tongda_ledger::envelope::{Core, Envelope, EnvelopeError, Expected};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, PatentId, Timestamp};
use tongda_ledger::key::{KeyError, PublicKey, Signature, SigningKey};
use tongda_ledger::tree::value_hash;
use tongda_ledger::vote::{
    Address, CertificateError, CommitCertificate, CommitSignature, NetworkId, Validator, ValidatorSet,
    VoteKind, vote_bytes,
};

/// Longer than any frame in the vectors.
const LIMIT: usize = codec::RECORD_LIMIT;

const NETWORK: NetworkId = NetworkId(Hash([9; 32]));

/// Bytes that are refused, and the name of the reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Refused {
    what: String,
    wire: String,
    error: String,
}

/// The name of an error's innermost variant in snake case.
fn name_of(error: &dyn Debug) -> String {
    let debug = format!("{error:?}");
    let variants = debug.strip_prefix("Codec(").unwrap_or(&debug);
    let mut name = String::new();
    for (index, character) in variants.split([' ', '(']).next().unwrap_or_default().char_indices() {
        if character.is_ascii_uppercase() && index > 0 {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

fn unhex(digits: &str) -> Vec<u8> {
    hex::decode(digits).unwrap_or_else(|error| panic!("{digits}: {error}"))
}
