//! Run a validator that misbehaves, for tests alone.

use crate::application::Application;
use crate::config::Config;
use crate::engine;
use crate::error::EngineError;
use crate::part::{Announced, Announcement, Part};
use crate::tamper::{Streaming, Tamper};
use bytes::Bytes;
use tongda_ledger::hash::Hash;
use tongda_ledger::key::SigningKey;
use tongda_ledger::vote::{Address, NetworkId};

/// What a hostile validator does beside taking part. Its votes are honest.
pub enum Mischief {
    /// It signs and sends a second block for every round that it leads, made from the first by this function.
    TwoBlocks(fn(&[u8]) -> (Hash, Bytes)),
    /// It announces its blocks under signatures that are not its own.
    ForgedSignatures,
    /// It announces its block, and sends another body of the same length first.
    FalseBodies,
    /// It sends streams without a beginning and without an end beside every body, this many at a time.
    EndlessStreams(usize),
    /// It does not hear this validator's prevotes of round 0; else it behaves.
    Deaf(Address),
}

impl Mischief {
    fn tamper(self, network: NetworkId, key: SigningKey) -> Tamper {
        let deaf_to = match &self {
            Self::Deaf(address) => Some(*address),
            _ => None,
        };
        Tamper { streams: self.streaming(network, key), deaf_to }
    }

    fn streaming(self, network: NetworkId, key: SigningKey) -> Streaming {
        match self {
            Self::TwoBlocks(second) => Box::new(move |announced, body, part_bytes| {
                let (block, other) = second(body);
                let length = u32::try_from(other.len()).expect("a test's block is short");
                let also = Announcement { block, length, ..announced.announcement.clone() };
                let also = also.sign(&network, &key);
                vec![also.parts(&other, part_bytes), announced.parts(body, part_bytes)]
            }),
            Self::ForgedSignatures => Box::new(move |announced, body, part_bytes| {
                let stranger = SigningKey::from_seed(&[0xFF; 32]);
                let forged = announced.announcement.clone().sign(&network, &stranger);
                vec![forged.parts(body, part_bytes)]
            }),
            Self::FalseBodies => Box::new(|announced: &Announced, body: &Bytes, part_bytes| {
                let other: Bytes = body.iter().map(|byte| !byte).collect();
                vec![announced.parts(&other, part_bytes), announced.parts(body, part_bytes)]
            }),
            Self::EndlessStreams(count) => Box::new(move |announced, body, part_bytes| {
                let chunk = Bytes::from(vec![0xEE; part_bytes]);
                let endless = || vec![Part::Chunk(chunk.clone()); 40];
                let mut streams: Vec<_> = (0..count).map(|_| endless()).collect();
                streams.push(announced.parts(body, part_bytes));
                streams
            }),
            Self::Deaf(_) => Box::new(|announced: &Announced, body: &Bytes, part_bytes| {
                vec![announced.parts(body, part_bytes)]
            }),
        }
    }
}

/// [`crate::run`], with mischief. The configuration must have a vote key.
///
/// # Errors
/// As [`crate::run`].
pub async fn run_hostile<A: Application>(
    config: Config,
    application: A,
    mischief: Mischief,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), EngineError> {
    let key = config.vote_key.clone();
    let key = key.ok_or_else(|| EngineError::Config("a hostile validator needs a vote key".into()))?;
    let tamper = mischief.tamper(config.network, key);
    engine::run(config, application, Some(tamper), shutdown).await
}
