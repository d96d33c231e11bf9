//! Notes, checkpoints, receipts and policies against known answers and hostile bytes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod any_bytes;
mod evidence;
mod policies;
mod receipts;
mod signed;

use evidence::{evidence, submission};
use proptest::prelude::*;
use receipts::receipt;
use tongda_ledger::evidence::Evidence;
use tongda_ledger::hash::Hash;
use tongda_ledger::key::{PublicKey, SigningKey};
use tongda_ledger::tree::note::{NOTE_LIMIT, SIGNATURES_LIMIT};
use tongda_ledger::tree::policy::{POLICY_LIMIT, PolicyLog, PolicyWitness, sure_threshold};
use tongda_ledger::tree::receipt::RECEIPT_LIMIT;
use tongda_ledger::tree::{
    Checkpoint, CheckpointError, ConsistencyProof, Cosignature, InclusionProof, KeyName, LogProofError,
    MemoryHashes, Note, NoteAlgorithm, NoteError, NoteKey, NoteKeyError, NoteSignature, Policy, PolicyError,
    Receipt, ReceiptError, SignedCheckpoint, Submission, cosigner_key, cosigner_name, leaf_hash, log_key,
    origin,
};
use tongda_ledger::vote::{Address, NetworkId};

/// The example of C2SP tlog-cosignature, signed with the seeds 07 × 32 and 29 × 32.
const SOFA: &str = "\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa JSt00p6KTYtH8opAMF2NJ7glHT4uHMzg9iBNNDYLQta3PzLlhUjMPmDAXA2L1DXjWfKrvjQJdIEVj9Tiu9f35PqL5g8=
— witness.example.com/w1 cxSi6QAAAABkGFDLP/3bxApXIIkU5oPXcaO/rflBdOUVP6w0exm3HXlwkA59fmmPG5DG7ORqS+5I9VXA8aIsq2a9IAyiTlE9+nqgBA==
";
const SOFA_LOG: &str = "example.com/behind-the-sofa+252b74d2+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
const SOFA_WITNESS: &str = "witness.example.com/w1+7314a2e9+BPpINBR/bmkMNpPv9hM2BGQDzYrioU8xs8QHNYVpI5Vl";

/// The example of C2SP signed-note.
const FOO: &str = "\
This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
";
const FOO_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

fn key(text: &str) -> NoteKey {
    text.parse().unwrap()
}

fn sofa_keys() -> [NoteKey; 2] {
    [key(SOFA_LOG), key(SOFA_WITNESS)]
}
