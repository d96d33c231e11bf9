//! Listen beside the engine to what peers send, for what the engine does not tell: who has begun the next height.

use crate::certificate::ledger_certificate;
use crate::context::Tongda;
use crate::hold::Hold;
use crate::identity::network_key;
use crate::observed::Observed;
use crate::signing::{signed_proposal_bytes, signed_vote_bytes};
use malachitebft_app_channel::app::engine::network::NetworkEvent;
use malachitebft_app_channel::app::types::sync::Response;
use ractor::{Actor, ActorProcessingErr, ActorRef, async_trait};
use std::sync::Arc;
use tokio::sync::mpsc;
use tongda_ledger::vote::NetworkId;

/// Hears every message from the network that the engine hears.
pub(crate) struct Listener {
    pub(crate) network: NetworkId,
    pub(crate) hold: Arc<Hold>,
    /// What is told to the application; dropped when it does not keep up.
    pub(crate) observed: mpsc::Sender<Observed>,
}

impl Listener {
    fn hear(&self, event: NetworkEvent<Tongda>) {
        match event {
            NetworkEvent::Vote(_, vote) => {
                self.hold.heard(vote.message.voter.0, vote.message.height.0, |key| {
                    key.verify(&signed_vote_bytes(&self.network, &vote.message), &vote.signature.0).is_ok()
                });
            }
            NetworkEvent::Proposal(_, proposal) => {
                self.hold.heard(proposal.message.proposer.0, proposal.message.height.0, |key| {
                    let bytes = signed_proposal_bytes(&self.network, &proposal.message);
                    key.verify(&bytes, &proposal.signature.0).is_ok()
                });
            }
            NetworkEvent::SyncResponse(_, _, Some(Response::ValueResponse(response))) => {
                for value in response.values {
                    if let Ok(certificate) = ledger_certificate(&value.certificate.trim_vote_extensions()) {
                        self.hold.answered(certificate);
                    }
                }
            }
            NetworkEvent::PeerConnected(peer) => self.tell(Observed::Connected { peer: network_key(&peer) }),
            NetworkEvent::PeerDisconnected(peer) => {
                self.tell(Observed::Disconnected { peer: network_key(&peer) });
            }
            NetworkEvent::Status(peer, status) => {
                self.tell(Observed::PeerTip { peer: network_key(&peer), height: status.tip_height.0 });
            }
            _ => {}
        }
    }

    fn tell(&self, observed: Observed) {
        // Full: the application is busy, and what it misses here is only for its logs.
        let _ = self.observed.try_send(observed);
    }
}

#[async_trait]
impl Actor for Listener {
    type Msg = NetworkEvent<Tongda>;
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<Self::Msg>, (): ()) -> Result<(), ActorProcessingErr> {
        Ok(())
    }

    async fn handle(
        &self,
        _: ActorRef<Self::Msg>,
        event: Self::Msg,
        (): &mut (),
    ) -> Result<(), ActorProcessingErr> {
        self.hear(event);
        Ok(())
    }
}
