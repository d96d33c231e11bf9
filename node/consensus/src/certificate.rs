//! Commit certificates, in the ledger's form and in the engine's.

use crate::context::{Address, Height, Signed, Tongda, defined};
use malachitebft_app_channel::app::types::core::{
    CommitCertificate, CommitSignature, ExtendedCommitCertificate, Round,
};
use tongda_ledger::codec::{List, TooMany};
use tongda_ledger::vote;

/// The ledger's form of a certificate: its signatures ascend by address, each validator once.
pub(crate) fn ledger_certificate(
    certificate: &CommitCertificate<Tongda>,
) -> Result<vote::CommitCertificate, TooMany> {
    let mut signatures: Vec<_> = certificate
        .commit_signatures
        .iter()
        .map(|vote| vote::CommitSignature { validator: vote.address.0, signature: vote.signature.0.clone() })
        .collect();
    signatures.sort_by_key(|vote| vote.validator);
    signatures.dedup_by_key(|vote| vote.validator);
    Ok(vote::CommitCertificate {
        height: certificate.height.0,
        round: defined(certificate.round),
        block: certificate.value_id,
        signatures: List::try_from(signatures)?,
    })
}

/// The engine's form of a certificate.
pub(crate) fn engine_certificate(certificate: vote::CommitCertificate) -> ExtendedCommitCertificate<Tongda> {
    let certificate = CommitCertificate {
        height: Height(certificate.height),
        round: Round::new(certificate.round),
        value_id: certificate.block,
        commit_signatures: certificate
            .signatures
            .into_iter()
            .map(|vote| CommitSignature::new(Address(vote.validator), Signed(vote.signature)))
            .collect(),
    };
    ExtendedCommitCertificate::from_commit_certificate_and_extensions(certificate, Default::default())
}
