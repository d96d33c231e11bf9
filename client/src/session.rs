//! Act as a member: propose an act, ask whether it is allowed, sign it, send it.

use crate::answer::{Permission, Receipt};
use crate::{Error, Gathering, Node, Signer};
use rand::RngCore as _;
use std::time::Duration;
use tongda_ledger::act::Act;
use tongda_ledger::envelope::{Core, Envelope, Expected};
use tongda_ledger::execution::Draft;
use tongda_ledger::identifier::{MemberId, PatentId, Timestamp};
use tongda_ledger::vote::NetworkId;

/// How long an envelope counts unless told otherwise: long enough for a slow network, short enough that a copy that
/// turns up later is of no use.
const WINDOW: Duration = Duration::from_secs(600);
/// How far an envelope's window begins before the node's clock: clocks differ.
const SLACK: Duration = Duration::from_secs(60);

/// A member at a node of one network.
#[derive(Clone, Debug)]
pub struct Session {
    node: Node,
    network: NetworkId,
    signer: Signer,
}

/// An act that a member is about to do.
#[derive(Clone, Debug)]
pub struct Proposal<'a> {
    session: &'a Session,
    act: Act,
    cosigners: Vec<Signer>,
    assumed: Vec<MemberId>,
    gather_until: Option<Timestamp>,
    expects: Vec<Expected>,
    window: Duration,
}

impl Session {
    /// A session in whatever network the node belongs to.
    ///
    /// # Errors
    /// [`Error`] when no node answers.
    pub async fn open(node: Node, signer: Signer) -> Result<Self, Error> {
        let network = node.network().await?.network;
        Ok(Self { node, network, signer })
    }

    /// A session in the network named: what is signed counts there and nowhere else, whatever the node says.
    ///
    /// # Errors
    /// [`Error::OtherNetwork`] when the node belongs to another one.
    pub async fn open_in(node: Node, signer: Signer, network: NetworkId) -> Result<Self, Error> {
        let session = Self::open(node, signer).await?;
        if session.network == network {
            return Ok(session);
        }
        let node = session.node.addresses().next().unwrap_or_default().to_owned();
        Err(Error::OtherNetwork { node, expected: network, found: session.network })
    }

    /// The node.
    #[must_use]
    pub const fn node(&self) -> &Node {
        &self.node
    }

    /// The network.
    #[must_use]
    pub const fn network(&self) -> NetworkId {
        self.network
    }

    /// Who acts.
    #[must_use]
    pub const fn member(&self) -> MemberId {
        self.signer.member()
    }

    /// Proposes an act. Nothing happens until it is asked about or sent.
    pub fn propose(&self, act: impl Into<Act>) -> Proposal<'_> {
        Proposal {
            session: self,
            act: act.into(),
            cosigners: Vec::new(),
            assumed: Vec::new(),
            gather_until: None,
            expects: Vec::new(),
            window: WINDOW,
        }
    }
}

impl Proposal<'_> {
    /// Another member signs in the same envelope, or new keys do as [`Signer::applicant`].
    #[must_use]
    pub fn with(mut self, signer: Signer) -> Self {
        self.cosigners.push(signer);
        self
    }

    /// When asking, assume that this member signs too.
    #[must_use]
    pub fn assuming(mut self, member: MemberId) -> Self {
        self.assumed.push(member);
        self
    }

    /// If consents are missing, let the act stand as pending until this time instead of being refused.
    #[must_use]
    pub const fn gathering_until(mut self, until: Timestamp) -> Self {
        self.gather_until = Some(until);
        self
    }

    /// The act counts only while the patent is at this version: the count of events that had touched it.
    #[must_use]
    pub fn expecting(mut self, patent: PatentId, version: u64) -> Self {
        self.expects.push(Expected { patent, version });
        self
    }

    /// How long the envelope counts; 10 minutes unless told otherwise, at most the network's own bound (24 hours).
    #[must_use]
    pub const fn valid_for(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// The act.
    #[must_use]
    pub const fn act(&self) -> &Act {
        &self.act
    }

    /// The act as it would be tried: who would sign, over what.
    #[must_use]
    pub fn draft(&self) -> Draft {
        let author = self.session.member();
        let mut signers = vec![author];
        for member in self.cosigners.iter().map(Signer::member).chain(self.assumed.iter().copied()) {
            if !signers.contains(&member) {
                signers.push(member);
            }
        }
        let (gather_until, expects, act) = (self.gather_until, self.expects.clone(), self.act.clone());
        Draft { author, signers, gather_until, expects, act }
    }

    /// Whether it would be allowed, with every reason against it.
    ///
    /// # Errors
    /// [`Error`] when no node answers.
    pub async fn may_i(&self) -> Result<Permission, Error> {
        self.session.node.may_i(&self.draft()).await
    }

    /// Signs, for more signatures to be gathered before it is sent.
    ///
    /// # Errors
    /// [`Error`] when the node's time cannot be asked, or the act is beyond the record limit.
    pub async fn gather(self) -> Result<Gathering, Error> {
        let now = self.session.node.now().await?;
        let (from, until) = window(now, self.window);
        let mut nonce = [0; 16];
        rand::rngs::OsRng.fill_bytes(&mut nonce);
        let count = self.expects.len();
        let core = Core {
            network: self.session.network,
            author: self.session.member(),
            valid_from: from,
            valid_until: until,
            nonce,
            gather_until: self.gather_until,
            expects: self.expects.try_into().map_err(|_| Error::Expectations(count))?,
            act: self.act,
        };
        let mut gathering = Gathering::new(core)?;
        gathering.sign(&self.session.signer);
        for signer in &self.cosigners {
            gathering.sign(signer);
        }
        Ok(gathering)
    }

    /// Signs with what is at hand.
    ///
    /// # Errors
    /// As [`Self::gather`].
    pub async fn sign(self) -> Result<Envelope, Error> {
        Ok(self.gather().await?.envelope()?)
    }

    /// Signs, sends, and waits for the commit.
    ///
    /// # Errors
    /// [`Error::Refused`] when the act is not allowed, and others.
    pub async fn send(self) -> Result<Receipt, Error> {
        let node = self.session.node.clone();
        node.settle(&self.sign().await?).await
    }
}

/// A window of this length around the network's time; it begins a little before, for clocks that differ.
fn window(now: Timestamp, length: Duration) -> (Timestamp, Timestamp) {
    let milliseconds = |length: Duration| u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
    let (length, slack) = (milliseconds(length), milliseconds(SLACK));
    let before = slack.min(length / 2);
    let from = Timestamp::try_from(now.milliseconds().saturating_sub(before)).unwrap_or(now);
    (from, from.plus_milliseconds(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_holds_the_networks_time_and_has_its_length() {
        let now = Timestamp::try_from(1_800_000_000_000).unwrap();
        for seconds in [1, 60, 600, 86_400] {
            let (from, until) = window(now, Duration::from_secs(seconds));
            assert!(from < now && now < until, "{seconds}");
            assert_eq!(until.milliseconds() - from.milliseconds(), seconds * 1_000);
        }
    }
}
