//! Sign and verify what the engine sends, over the ledger's bytes and by the ledger's strict rule.

use crate::context::{Proposal, Signed, Tongda, Vote, defined, voted};
use crate::prevotes::Prevotes;
use async_trait::async_trait;
use malachitebft_app_channel::app::types::core::{
    SignedExtension, SignedMessage, SignedProposal, SignedVote, ValidatorProof, VoteExtensionScope, VoteType,
};
use malachitebft_signing::{Error, Signer, VerificationResult, Verifier};
use std::sync::Arc;
use tongda_ledger::codec::encode;
use tongda_ledger::hash::Domain;
use tongda_ledger::key::{PublicKey, SigningKey};
use tongda_ledger::vote::{NetworkId, vote_bytes};

/// The bytes that a vote's signature covers: those that a certificate is checked by.
pub(crate) fn signed_vote_bytes(network: &NetworkId, vote: &Vote) -> Vec<u8> {
    let block = voted(&vote.value);
    vote_bytes(network, vote.ledger_kind(), vote.height.0, defined(vote.round), block.as_ref(), &vote.voter.0)
}

/// The bytes that a proposal's signature covers.
pub(crate) fn signed_proposal_bytes(network: &NetworkId, proposal: &Proposal) -> Vec<u8> {
    let fields = (
        proposal.height.0,
        defined(proposal.round),
        proposal.valid_round.as_u32(),
        proposal.value.0,
        proposal.proposer.0,
    );
    Domain::PROPOSAL.bytes(&[network.0.as_bytes(), &encode(&fields)])
}

/// The bytes that bind a vote key to a network identity.
fn identity_bytes(network: &NetworkId, vote_key: &[u8], peer: &[u8]) -> Vec<u8> {
    let pair = ValidatorProof::<Tongda>::signing_bytes(vote_key, peer);
    Domain::IDENTITY.bytes(&[network.0.as_bytes(), &pair])
}

/// Verifies, and remembers the prevotes that it found genuine.
pub(crate) struct StrictVerifier {
    /// The network that signatures name.
    pub(crate) network: NetworkId,
    /// Where genuine prevotes are noted.
    pub(crate) prevotes: Arc<Prevotes>,
}

fn verdict(key: &PublicKey, message: &[u8], signature: &Signed) -> VerificationResult {
    VerificationResult::from_bool(key.verify(message, &signature.0).is_ok())
}

#[async_trait]
impl Verifier<Tongda> for StrictVerifier {
    async fn verify_signed_vote(
        &self,
        vote: &Vote,
        signature: &Signed,
        key: &PublicKey,
    ) -> Result<VerificationResult, Error> {
        let result = verdict(key, &signed_vote_bytes(&self.network, vote), signature);
        if let (VerificationResult::Valid, VoteType::Prevote, Some(block)) =
            (&result, vote.kind, voted(&vote.value))
        {
            self.prevotes.note(vote.height.0, defined(vote.round), block, vote.voter.0);
        }
        Ok(result)
    }

    async fn verify_signed_proposal(
        &self,
        proposal: &Proposal,
        signature: &Signed,
        key: &PublicKey,
    ) -> Result<VerificationResult, Error> {
        Ok(verdict(key, &signed_proposal_bytes(&self.network, proposal), signature))
    }

    /// Votes carry no extensions here.
    async fn verify_signed_vote_extension(
        &self,
        _: &VoteExtensionScope<Tongda>,
        (): &(),
        _: &Signed,
        _: &PublicKey,
    ) -> Result<VerificationResult, Error> {
        Ok(VerificationResult::Invalid)
    }

    async fn verify_validator_proof(
        &self,
        proof: &ValidatorProof<Tongda>,
    ) -> Result<VerificationResult, Error> {
        let key = proof.decoded_public_key().map_err(Error::from_source)?;
        let message = identity_bytes(&self.network, &proof.public_key, &proof.peer_id);
        Ok(verdict(&key, &message, &proof.signature))
    }
}

/// Signs with a vote key that this process holds.
pub(crate) struct KeySigner {
    /// The network that signatures name.
    pub(crate) network: NetworkId,
    /// The vote key.
    pub(crate) key: SigningKey,
}

#[async_trait]
impl Signer<Tongda> for KeySigner {
    async fn sign_vote(&self, vote: Vote) -> Result<SignedVote<Tongda>, Error> {
        let signature = Signed(self.key.sign(&signed_vote_bytes(&self.network, &vote)));
        Ok(SignedMessage::new(vote, signature))
    }

    async fn sign_proposal(&self, proposal: Proposal) -> Result<SignedProposal<Tongda>, Error> {
        let signature = Signed(self.key.sign(&signed_proposal_bytes(&self.network, &proposal)));
        Ok(SignedMessage::new(proposal, signature))
    }

    /// Votes carry no extensions here.
    async fn sign_vote_extension(
        &self,
        _: VoteExtensionScope<Tongda>,
        (): (),
    ) -> Result<SignedExtension<Tongda>, Error> {
        Err(Error::from_source("votes carry no extensions"))
    }

    async fn sign_validator_proof(
        &self,
        public_key: Vec<u8>,
        peer: Vec<u8>,
    ) -> Result<ValidatorProof<Tongda>, Error> {
        let signature = Signed(self.key.sign(&identity_bytes(&self.network, &public_key, &peer)));
        Ok(ValidatorProof::new(public_key, peer, signature))
    }
}
