//! Hold the next height back until there is a reason to start it, so that an idle network makes no blocks.
//!
//! Reasons are: work here; genuine messages of the next height from validators with more than a third of the power,
//! one of whom is honest and had work; or a peer's answer that holds the decided block of the next height, for then
//! this node lags. A single peer's word is no reason.

use crate::context::Validators;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use tongda_ledger::key::PublicKey;
use tongda_ledger::vote::{Address, CommitCertificate, NetworkId};

/// Messages this many heights ahead are noted; later ones come again by the time they matter.
const HEIGHTS_AHEAD: u64 = 4;

/// Certificates of later heights that are remembered.
const CERTIFICATES_LIMIT: usize = 256;

/// What is known of heights that this node has not started.
pub(crate) struct Hold {
    network: NetworkId,
    inner: Mutex<Inner>,
    changed: watch::Sender<()>,
}

struct Inner {
    /// The first height that is not started.
    next: u64,
    /// The last height whose validators are known: messages are checked by them.
    known: u64,
    /// Its validators.
    validators: Validators,
    /// The highest height in which a genuine message of a validator was seen.
    begun: BTreeMap<Address, u64>,
    /// Certificates of heights that peers say are decided.
    decided: BTreeMap<u64, CommitCertificate>,
}

impl Inner {
    fn proves(&self, network: &NetworkId, certificate: &CommitCertificate) -> bool {
        let CommitCertificate { height, block, .. } = certificate;
        let result = certificate.verify(network, self.validators.ledger(), *height, block);
        result.inspect_err(|error| tracing::warn!(height, %error, "a peer sent a false certificate")).is_ok()
    }
}

impl Hold {
    /// Nothing is known yet, and `next` is the first height.
    pub(crate) fn new(network: NetworkId, next: u64, validators: Validators) -> Self {
        let (begun, decided) = (BTreeMap::new(), BTreeMap::new());
        let inner = Inner { next, known: next, validators, begun, decided };
        Self { network, inner: Mutex::new(inner), changed: watch::Sender::new(()) }
    }

    /// This node started `height`.
    pub(crate) fn started(&self, height: u64) {
        let mut inner = self.lock();
        inner.next = height + 1;
        inner.decided.retain(|decided, _| *decided > height);
    }

    /// These are the validators of `height`, which follows the last committed block.
    pub(crate) fn validators(&self, height: u64, validators: Validators) {
        let mut inner = self.lock();
        inner.known = height;
        inner.validators = validators;
    }

    /// Whether a certificate that a peer sends can be genuine: it is, or its height's validators are not known yet.
    pub(crate) fn is_plausible(&self, certificate: &CommitCertificate) -> bool {
        let inner = self.lock();
        certificate.height != inner.known || inner.proves(&self.network, certificate)
    }

    /// A message of `voter` for `height` came; `genuine` checks its signature.
    pub(crate) fn heard(&self, voter: Address, height: u64, genuine: impl FnOnce(&PublicKey) -> bool) {
        let mut inner = self.lock();
        let old = inner.begun.get(&voter).is_some_and(|begun| *begun >= height);
        if old || height < inner.next || height >= inner.next + HEIGHTS_AHEAD {
            return;
        }
        if inner.validators.get(&voter).is_some_and(|validator| genuine(&validator.key)) {
            inner.begun.insert(voter, height);
            drop(inner);
            self.changed.send_replace(());
        }
    }

    /// A peer answered with the decided block of this certificate.
    pub(crate) fn answered(&self, certificate: CommitCertificate) {
        let mut inner = self.lock();
        if certificate.height >= inner.next {
            inner.decided.insert(certificate.height, certificate);
            if inner.decided.len() > CERTIFICATES_LIMIT {
                inner.decided.pop_last();
            }
            drop(inner);
            self.changed.send_replace(());
        }
    }

    /// Whether others have begun or decided `height`.
    pub(crate) fn is_due(&self, height: u64) -> bool {
        let mut inner = self.lock();
        let begun = inner.begun.iter().filter(|(_, begun)| **begun >= height);
        let power = begun.filter_map(|(voter, _)| inner.validators.get(voter)).map(|voter| voter.power).sum();
        if inner.validators.exceeds_third(power) {
            return true;
        }
        let Some(certificate) = inner.decided.get(&height) else { return false };
        let proven = inner.proves(&self.network, certificate);
        if !proven {
            inner.decided.remove(&height);
        }
        proven
    }

    /// Waits until [`Self::is_due`] or there is work.
    pub(crate) async fn wait(&self, height: u64, mut work: watch::Receiver<bool>) {
        let mut changed = self.changed.subscribe();
        let others = async {
            while !self.is_due(height) {
                changed.changed().await.expect("the sender lives in self");
            }
        };
        let here = async {
            if work.wait_for(|work| *work).await.is_err() {
                // An application that dropped its signal has no work; others may still begin.
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = others => {}
            () = here => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::validators;
    use tongda_ledger::hash::Hash;
    use tongda_ledger::key::SigningKey;
    use tongda_ledger::vote::{CommitSignature, VoteKind, vote_bytes};

    const NETWORK: NetworkId = NetworkId(Hash([3; 32]));

    fn certificate(keys: &[SigningKey], height: u64) -> CommitCertificate {
        let block = Hash([9; 32]);
        let mut signatures: Vec<_> = keys
            .iter()
            .map(|key| {
                let validator = Address::of(&key.public());
                let bytes = vote_bytes(&NETWORK, VoteKind::Precommit, height, 0, Some(&block), &validator);
                CommitSignature { validator, signature: key.sign(&bytes) }
            })
            .collect();
        signatures.sort_by_key(|vote| vote.validator);
        CommitCertificate { height, round: 0, block, signatures: signatures.try_into().unwrap() }
    }

    #[test]
    fn a_height_is_due_when_more_than_a_third_have_begun_it() {
        let (keys, set) = validators(4);
        let address = |at: usize| Address::of(&keys[at].public());
        let hold = Hold::new(NETWORK, 6, set);
        hold.heard(address(0), 6, |_| true);
        hold.heard(address(0), 7, |_| true);
        hold.heard(address(1), 6, |_| false);
        hold.heard(address(2), 5, |_| true);
        hold.heard(Address([1; 20]), 6, |_| true);
        assert!(!hold.is_due(6), "one validator is no reason, however much it sends");
        hold.heard(address(1), 6, |_| true);
        assert!(hold.is_due(6));
        assert!(!hold.is_due(7));
    }

    #[test]
    fn a_height_is_due_when_a_peer_proves_that_it_is_decided() {
        let (keys, set) = validators(4);
        let hold = Hold::new(NETWORK, 6, set);
        hold.answered(certificate(&keys[..2], 6));
        assert!(!hold.is_due(6), "two of four precommits prove nothing");
        assert!(!hold.is_plausible(&certificate(&keys[..2], 6)));
        assert!(hold.is_plausible(&certificate(&keys[..2], 7)), "other validators may decide height 7");
        hold.answered(certificate(&keys[..3], 7));
        assert!(!hold.is_due(6));
        hold.answered(certificate(&keys[..3], 6));
        assert!(hold.is_due(6));
        hold.started(6);
        assert!(!hold.is_due(6));
        assert!(hold.is_due(7));
    }

    #[tokio::test]
    async fn work_ends_the_wait() {
        let (_, set) = validators(4);
        let hold = Hold::new(NETWORK, 6, set);
        let (work, here) = watch::channel(false);
        let waiting = hold.wait(6, here);
        tokio::pin!(waiting);
        assert!(futures_ready(waiting.as_mut()).await.is_none());
        work.send_replace(true);
        waiting.await;
    }

    async fn futures_ready<F: Future + Unpin>(future: F) -> Option<F::Output> {
        tokio::select! {
            biased;
            output = future => Some(output),
            () = tokio::task::yield_now() => None,
        }
    }
}
