//! Play scenarios of the law on a network whose blocks are sealed.

use super::Chain;
use serde_json::Value;
use std::collections::BTreeMap;
use tongda_genesis::demonstration::Demonstration;
use tongda_ledger::envelope::Envelope;
use tongda_ledger::execution::{Draft, Judgement, may_i};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{ObjectRef, Timestamp};
use tongda_ledger::key::SigningKey;
use tongda_ledger::state::Parameters;
use tongda_ledger::vote::NetworkId;
use tongda_scenarios::{Answer, Stage, founders, object_of};

/// A network in memory with a sealed block for every envelope.
pub struct Sealed {
    pub chain: Chain,
    time: Timestamp,
}

impl Sealed {
    pub fn new(parameters: Parameters) -> Self {
        let mut chain = Chain::founded(founders(super::start(), parameters).unwrap());
        // The keys that scenarios make for nodes.
        for number in 1..400 {
            let label = format!("tongda scenario key, known to all\n{number}");
            let key = SigningKey::from_seed(Hash::plain(&[label.as_bytes()]).as_bytes());
            chain.keys.insert(key.public().bytes().to_vec(), key);
        }
        Self { chain, time: super::start() }
    }
}

impl Stage for Sealed {
    fn founders(&self) -> &Demonstration {
        &self.chain.founders
    }

    fn network(&self) -> NetworkId {
        self.chain.network
    }

    /// The time of the next block: a block is later than the one before.
    fn now(&self) -> Timestamp {
        self.time.max(self.chain.tip.time().plus_milliseconds(1))
    }

    fn go_to(&mut self, time: Timestamp) -> Result<(), String> {
        if time < self.time {
            return Err(format!("{time} is before {}", self.time));
        }
        self.time = time;
        let time = self.now();
        self.chain.block(time, &[]);
        Ok(())
    }

    fn submit(&mut self, envelope: &Envelope) -> Result<Answer, String> {
        let (position, time) = (self.chain.size(), self.now());
        let judgement = self.chain.block(time, std::slice::from_ref(envelope)).remove(0);
        Ok(Answer { judgement, position })
    }

    fn may_i(&self, draft: &Draft) -> Result<Judgement, String> {
        may_i(&self.chain.state, self.chain.network, self.now(), draft).map_err(|fault| fault.to_string())
    }

    fn object(&self, id: ObjectRef) -> Result<Option<Value>, String> {
        object_of(&self.chain.state, id).map_err(|fault| fault.to_string())
    }
}

/// What was done how often.
pub type Kinds = BTreeMap<&'static str, u64>;
