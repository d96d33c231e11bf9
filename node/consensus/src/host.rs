//! Answer the engine's questions, one after another, with the application's help.
//!
//! The engine waits for every answer but two: that a block is committed, and that the next height may start. Only
//! these may take their time.

use crate::application::{Application, Fault, Origin, Proposal, Question, Verdict};
use crate::certificate::{engine_certificate, ledger_certificate};
use crate::config::{Limits, Peer, Timeouts};
use crate::context::{Address, Height, Tongda, Validators, Value, defined};
use crate::error::{EngineError, fault};
use crate::hold::Hold;
use crate::identity::{network_key, peer_address};
use crate::judge::{Judge, Judged, proposed};
use crate::observed::{Equivocated, Observed};
use crate::part::{Announced, Announcement, Part};
use crate::stream::{Received, Streams};
use crate::tamper::Tamper;
use crate::undecided::{Block, Head};
use bytes::{Buf as _, Bytes, BytesMut};
use malachitebft_app_channel::app::consensus::VoteExtensionError;
use malachitebft_app_channel::app::engine::host::{HeightParams, Next, SyncedValueOutcome};
use malachitebft_app_channel::app::engine::network::PersistentPeersOp;
use malachitebft_app_channel::app::engine::util::streaming::StreamContent;
use malachitebft_app_channel::app::streaming::{StreamId, StreamMessage};
use malachitebft_app_channel::app::types::core::{CommitCertificate, Round};
use malachitebft_app_channel::app::types::sync::RawDecidedValue;
use malachitebft_app_channel::app::types::{
    LocallyProposedValue, MisbehaviorEvidence, PeerId, ProposedValue,
};
use malachitebft_app_channel::{AppMsg, NetworkMsg, NetworkRequest, Reply};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::AbortHandle;
use tongda_ledger::hash::Hash;
use tongda_ledger::key::SigningKey;
use tongda_ledger::vote::{self, NetworkId};

/// Decided blocks sent in one answer hold at most about this many bytes, but at least one block.
const ANSWER_BYTES: usize = 8 << 20;

/// Stands between the engine and the application.
pub(crate) struct Host<A> {
    pub(crate) application: A,
    pub(crate) network: NetworkId,
    pub(crate) vote_key: Option<SigningKey>,
    pub(crate) limits: Limits,
    pub(crate) timeouts: Timeouts,
    pub(crate) peers: Vec<Peer>,
    pub(crate) judge: Judge,
    pub(crate) streams: Streams<PeerId>,
    pub(crate) hold: Arc<Hold>,
    pub(crate) work: watch::Receiver<bool>,
    pub(crate) outgoing: mpsc::Sender<NetworkMsg<Tongda>>,
    pub(crate) requests: mpsc::Sender<NetworkRequest>,
    pub(crate) names: StreamNames,
    pub(crate) waiting: Option<AbortHandle>,
    pub(crate) tamper: Option<Tamper>,
}

/// Gives every stream of this node another name, also after a restart: peers remember which streams have ended.
pub(crate) struct StreamNames {
    started: u128,
    count: u64,
}

impl StreamNames {
    pub(crate) fn new() -> Self {
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        Self { started, count: 0 }
    }

    fn next(&mut self) -> StreamId {
        self.count += 1;
        StreamId::new(Bytes::from([&self.started.to_be_bytes()[..], &self.count.to_be_bytes()].concat()))
    }
}

impl<A> Drop for Host<A> {
    fn drop(&mut self) {
        if let Some(waiting) = &self.waiting {
            waiting.abort();
        }
    }
}

/// Gives an answer. That the engine no longer waits for it is not an error: then it is ending.
fn answer<T>(reply: Reply<T>, value: T) {
    let _ = reply.send(value);
}

impl<A: Application> Host<A> {
    /// Answers one question.
    pub(crate) async fn answer(&mut self, question: AppMsg<Tongda>) -> Result<(), EngineError> {
        match question {
            AppMsg::ConsensusReady { reply } => {
                let validators = self.judge.validators().clone();
                answer(reply, (Height(self.judge.height()), self.parameters(validators)));
            }
            AppMsg::StartedRound { height, round, proposer, reply_value, .. } => {
                let known = self.started_round(height.0, defined(round), proposer.0).await?;
                answer(reply_value, known);
            }
            AppMsg::GetValue { height, round, reply, .. } => {
                self.propose(height.0, defined(round), reply).await?;
            }
            AppMsg::ReceivedProposalPart { from, published_by, part, reply } => {
                let value = self.receive(published_by.unwrap_or(from), part).await?;
                answer(reply, value);
            }
            AppMsg::RestreamProposal { height, round, valid_round, address, value_id } => {
                self.send_again(height.0, defined(round), valid_round.as_u32(), address.0, value_id).await;
            }
            AppMsg::Decided { certificate, reply, .. } => {
                self.commit(&certificate).await?;
                answer(reply, ());
            }
            AppMsg::Finalized { certificate, evidence, reply, .. } => {
                self.observe_evidence(&evidence);
                self.start_when_due(certificate.height.0 + 1, reply);
            }
            AppMsg::ProcessSyncedValue { height, round, value_bytes, reply, .. } => {
                let outcome = self.synced(height.0, defined(round), value_bytes).await?;
                answer(reply, outcome);
            }
            AppMsg::GetDecidedValues { range, reply } => {
                answer(reply, self.decided(range.start().0, range.end().0).await?);
            }
            AppMsg::GetHistoryMinHeight { reply } => {
                let oldest = self.application.oldest().await;
                answer(reply, Height(oldest.map_err(fault("name its oldest block"))?));
            }
            AppMsg::ExtendVote { reply, .. } => answer(reply, None),
            AppMsg::VerifyVoteExtensions { extensions, reply, .. } => {
                let none_is_valid = |(voter, ())| (voter, Err(VoteExtensionError::InvalidVoteExtension));
                answer(reply, extensions.into_iter().map(none_is_valid).collect());
            }
        }
        Ok(())
    }

    fn me(&self) -> Option<vote::Address> {
        self.vote_key.as_ref().map(|key| vote::Address::of(&key.public()))
    }

    fn parameters(&self, validators: Validators) -> HeightParams<Tongda> {
        HeightParams::new(validators, self.timeouts, None)
    }

    /// A round began: tells the engine what is known of this height that it may not know.
    async fn started_round(
        &mut self,
        height: u64,
        round: u32,
        proposer: vote::Address,
    ) -> Result<Vec<ProposedValue<Tongda>>, EngineError> {
        self.application.observe(Observed::RoundStarted { height, round, proposer });
        if height != self.judge.height() {
            return Ok(Vec::new());
        }
        self.hold.started(height);
        self.judge.started_round(round);
        let recovered = self.judge.undecided.take_recovered().into_iter().map(|head| {
            let Head { height, round, valid_round, proposer, block, .. } = head;
            proposed(height, round, valid_round, proposer, block, true)
        });
        let mut known: Vec<_> = recovered.collect();
        for judged in self.judge.judge_early(&mut self.application).await? {
            known.extend(self.told(judged));
        }
        Ok(known)
    }

    /// Passes on what is worth observing, and returns what the engine is to know.
    fn told(&mut self, judged: Judged) -> Option<ProposedValue<Tongda>> {
        if let Some(observed) = judged.observed {
            self.application.observe(observed);
        }
        judged.value
    }

    /// Makes this round's block, or takes the one that was made before a crash, and sends it.
    async fn propose(
        &mut self,
        height: u64,
        round: u32,
        reply: Reply<LocallyProposedValue<Tongda>>,
    ) -> Result<(), EngineError> {
        let Some((me, key)) = self.me().zip(self.vote_key.clone()) else {
            tracing::error!(height, round, "the engine asks an observer for a block");
            return Ok(());
        };
        if height != self.judge.height() {
            tracing::warn!(height, round, "the engine asks for a block of another height");
            return Ok(());
        }
        let made = self.judge.undecided.made(round, &me).cloned();
        let block = match made {
            Some(block) => block,
            None => {
                let Proposal { block, body } =
                    self.application.propose(height, round).await.map_err(fault("make a block"))?;
                let (length, valid_round, proposer) = (self.length(&body)?, None, me);
                let announcement = Announcement { height, round, valid_round, proposer, block, length };
                let announced = Some(announcement.sign(&self.network, &key));
                let head = Head { height, round, valid_round, proposer, block, announced };
                let block = Block { head, body };
                self.judge.undecided.keep(block.clone(), true).await?;
                block
            }
        };
        answer(reply, LocallyProposedValue::new(Height(height), Round::new(round), Value(block.head.block)));
        if let Some(announced) = &block.head.announced {
            self.send(announced, &block.body).await;
        }
        Ok(())
    }

    /// The length of a body that this node made, if it is within the limit.
    fn length(&self, body: &Bytes) -> Result<u32, EngineError> {
        let limit = self.limits.body_bytes;
        let length = u32::try_from(body.len()).ok().filter(|length| *length as usize <= limit);
        length.ok_or_else(|| {
            let message = format!("it made a block of {} bytes, the limit is {limit}", body.len());
            fault("make a block within the limit")(Fault::new(message))
        })
    }

    /// Sends a body to the peers.
    async fn send(&mut self, announced: &Announced, body: &Bytes) {
        let part_bytes = self.limits.part_bytes;
        let streams = match &mut self.tamper {
            None => vec![announced.parts(body, part_bytes)],
            Some(tamper) => (tamper.streams)(announced, body, part_bytes),
        };
        for parts in streams {
            let name = self.names.next();
            for (sequence, part) in (0..).zip(parts) {
                let message = StreamMessage::new(name.clone(), sequence, StreamContent::Data(part));
                if self.outgoing.send(NetworkMsg::PublishProposalPart(message)).await.is_err() {
                    return; // the engine is ending
                }
            }
        }
    }

    /// Sends a body that validators may have locked again: as this round's leader, or as it came.
    async fn send_again(
        &mut self,
        height: u64,
        round: u32,
        valid_round: Option<u32>,
        leader: vote::Address,
        block: Hash,
    ) {
        let Some(kept) = self.judge.undecided.get(&block).cloned() else {
            tracing::warn!(height, round, %block, "the engine wants a block sent again that is not here");
            return;
        };
        let announced = match (&self.vote_key, self.length(&kept.body)) {
            (Some(key), Ok(length)) if self.me() == Some(leader) => {
                let announcement =
                    Announcement { height, round, valid_round, proposer: leader, block, length };
                Some(announcement.sign(&self.network, key))
            }
            _ => kept.head.announced.clone(),
        };
        if let Some(announced) = announced {
            self.send(&announced, &kept.body).await;
        }
    }

    /// Takes in a part of a peer's stream.
    async fn receive(
        &mut self,
        peer: PeerId,
        message: StreamMessage<Part>,
    ) -> Result<Option<ProposedValue<Tongda>>, EngineError> {
        let StreamContent::Data(part) = message.content else { return Ok(None) };
        // Whoever relays a message can invent its publisher; only those that may connect can publish.
        if !network_key(&peer).is_some_and(|key| self.peers.iter().any(|peer| peer.network_key == key)) {
            return Ok(None);
        }
        let (name, sequence) = (message.stream_id.to_bytes(), message.sequence);
        let judge = &self.judge;
        let admit = |announced: &Announced| judge.admit(&peer, announced);
        match self.streams.receive(&peer, name, sequence, part, Instant::now(), admit) {
            Received::Waiting => Ok(None),
            Received::Complete(assembled) => {
                let judged = self.judge.take(&mut self.application, peer, assembled).await?;
                Ok(self.told(judged))
            }
            Received::Dropped(reason) => {
                if reason.is_offence() {
                    let reason = reason.to_string();
                    self.application.observe(Observed::StreamDropped { peer: network_key(&peer), reason });
                }
                Ok(None)
            }
        }
    }

    /// Commits a decided block and turns to the next height.
    async fn commit(&mut self, certificate: &CommitCertificate<Tongda>) -> Result<(), EngineError> {
        let (height, decided) = (certificate.height.0, certificate.value_id);
        let certificate =
            ledger_certificate(certificate).map_err(|error| EngineError::Ended(error.to_string()))?;
        let kept = self.judge.undecided.get(&decided).filter(|_| height == self.judge.height());
        let body = kept.map(|block| block.body.clone()).ok_or_else(|| {
            EngineError::Ended(format!(
                "block {decided} of height {height} was decided, and its body is not here"
            ))
        })?;
        let next = self.application.commit(certificate, body).await.map_err(fault("commit a block"))?;
        let validators = Validators::new(next.validators);
        self.judge.begin(height + 1, validators.clone());
        self.hold.validators(height + 1, validators);
        if let Some(peers) = next.peers {
            self.replace_peers(peers).await?;
        }
        Ok(())
    }

    /// Connects to who is new, and cuts off who is no longer admitted.
    async fn replace_peers(&mut self, peers: Vec<Peer>) -> Result<(), EngineError> {
        let gone = self.peers.iter().filter(|peer| !peers.contains(peer)).map(|peer| (true, peer));
        let come = peers.iter().filter(|peer| !self.peers.contains(peer)).map(|peer| (false, peer));
        for (remove, peer) in gone.chain(come) {
            let address = peer_address(peer).map_err(EngineError::Config)?;
            let change =
                if remove { PersistentPeersOp::Remove(address) } else { PersistentPeersOp::Add(address) };
            let (reply, done) = oneshot::channel();
            if self.requests.send(NetworkRequest::UpdatePersistentPeers(change, reply)).await.is_err() {
                return Ok(()); // the engine is ending
            }
            if let Ok(Err(error)) = done.await {
                tracing::warn!(key = %peer.network_key, remove, %error, "the peers could not be changed");
            }
        }
        self.streams
            .retain(|id| network_key(id).is_some_and(|key| peers.iter().any(|peer| peer.network_key == key)));
        self.peers = peers;
        Ok(())
    }

    /// Lets the next height start as soon as there is a reason.
    fn start_when_due(&mut self, height: u64, reply: Reply<Next<Tongda>>) {
        let next = Next::Start(Height(height), self.parameters(self.judge.validators().clone()));
        if *self.work.borrow() || self.hold.is_due(height) {
            answer(reply, next);
            return;
        }
        self.application.observe(Observed::Resting { height });
        let (hold, work) = (Arc::clone(&self.hold), self.work.clone());
        let waiting = tokio::spawn(async move {
            hold.wait(height, work).await;
            answer(reply, next);
        });
        self.waiting = Some(waiting.abort_handle());
    }

    /// Judges a block that others have decided. The engine compares its hash with the certificate's, and this crate
    /// does again when it is committed.
    async fn synced(
        &mut self,
        height: u64,
        round: u32,
        mut bytes: Bytes,
    ) -> Result<SyncedValueOutcome<Tongda>, EngineError> {
        if height != self.judge.height() {
            return Ok(SyncedValueOutcome::LocalTransientError);
        }
        if bytes.len() < 32 || bytes.len() - 32 > self.limits.body_bytes {
            return Ok(SyncedValueOutcome::PeerFault);
        }
        let mut block = Hash::ZERO;
        bytes.copy_to_slice(&mut block.0);
        let proposer = self.judge.validators().leader(height, round).address.0;
        if self.judge.undecided.get(&block).is_none() {
            let origin = Origin::Synced;
            let question = Question { height, round, proposer, origin, block, body: bytes.clone() };
            match self.application.validate(question).await.map_err(fault("judge a synced block"))? {
                Verdict::Valid => {}
                Verdict::Mismatch(reason) => {
                    tracing::warn!(height, %block, reason, "a peer sent a body that is not the decided block's");
                    return Ok(SyncedValueOutcome::PeerFault);
                }
                Verdict::Invalid(reason) => {
                    tracing::error!(
                        height, %block, reason,
                        "this node judges a decided block invalid and stands still: it follows other rules than \
                         the network; bring its software up to date"
                    );
                    self.application.observe(Observed::Refused { height, round, proposer, block, reason });
                    let value = proposed(height, round, None, proposer, block, false);
                    return Ok(SyncedValueOutcome::Verdict(value));
                }
            }
            let head = Head { height, round, valid_round: None, proposer, block, announced: None };
            // The vote log may remember the block; then its body must be here after a crash.
            self.judge.undecided.keep(Block { head, body: bytes }, self.judge.votes()).await?;
        }
        self.application.observe(Observed::Synced { height });
        Ok(SyncedValueOutcome::Verdict(proposed(height, round, None, proposer, block, true)))
    }

    /// Decided blocks for a peer that lags: as many from `first` on as there are and fit.
    async fn decided(&mut self, first: u64, last: u64) -> Result<Vec<RawDecidedValue<Tongda>>, EngineError> {
        let mut values = Vec::new();
        let mut bytes = 0;
        for height in first..=last {
            let decided = self.application.decided(height).await.map_err(fault("read a decided block"))?;
            let Some((certificate, body)) = decided else { break };
            bytes += body.len();
            if !values.is_empty() && bytes > ANSWER_BYTES {
                break;
            }
            let mut value = BytesMut::with_capacity(32 + body.len());
            value.extend_from_slice(certificate.block.as_bytes());
            value.extend_from_slice(&body);
            values.push(RawDecidedValue::new(value.freeze(), engine_certificate(certificate)));
        }
        Ok(values)
    }

    fn observe_evidence(&mut self, evidence: &MisbehaviorEvidence<Tongda>) {
        for (Address(validator), pairs) in evidence.votes.iter() {
            for (vote, _) in pairs {
                let (height, round) = (vote.message.height.0, defined(vote.message.round));
                let what = Equivocated::Vote;
                self.application.observe(Observed::Equivocation {
                    validator: *validator,
                    height,
                    round,
                    what,
                });
            }
        }
        for (Address(validator), pairs) in evidence.proposals.iter() {
            for (proposal, _) in pairs {
                let (height, round) = (proposal.message.height.0, defined(proposal.message.round));
                let what = Equivocated::Proposal;
                self.application.observe(Observed::Equivocation {
                    validator: *validator,
                    height,
                    round,
                    what,
                });
            }
        }
    }
}
