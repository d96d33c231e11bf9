//! The stage a scenario is played on: a network that judges envelopes, in memory or of processes.

use serde_json::Value;
use tongda_genesis::demonstration::{Addresses, Demonstration};
use tongda_ledger::envelope::Envelope;
use tongda_ledger::execution::{Draft, Execution, Judgement, may_i};
use tongda_ledger::identifier::{ObjectRef, Timestamp};
use tongda_ledger::state::{self, Fault, MemoryState, Parameters, PatentStatus, Read, Stored};
use tongda_ledger::vote::NetworkId;

/// What the ledger answered, and where the record stands if it counts.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Allowed, pending or refused.
    pub judgement: Judgement,
    /// The position in the log.
    pub position: u64,
}

/// A network that judges.
pub trait Stage {
    /// The founders with their keys.
    fn founders(&self) -> &Demonstration;

    /// The network's id.
    fn network(&self) -> NetworkId;

    /// The present time.
    fn now(&self) -> Timestamp;

    /// Moves the clock on, so that what is due happens.
    ///
    /// # Errors
    /// What is wrong, in words: the clock cannot go there.
    fn go_to(&mut self, time: Timestamp) -> Result<(), String>;

    /// Judges an envelope and, if it is allowed, takes it over.
    ///
    /// # Errors
    /// What is broken, in words; a refusal is no error.
    fn submit(&mut self, envelope: &Envelope) -> Result<Answer, String>;

    /// What the ledger would answer, were the act signed by those the draft names.
    ///
    /// # Errors
    /// What is broken, in words.
    fn may_i(&self, draft: &Draft) -> Result<Judgement, String>;

    /// The JSON form of an object, a patent's with its `status`; `None` if there is none.
    ///
    /// # Errors
    /// What is broken, in words.
    fn object(&self, id: ObjectRef) -> Result<Option<Value>, String>;
}

/// The founders of a network of four exchanges that begins at `start`.
///
/// # Errors
/// What is wrong with them, in words.
pub fn founders(start: Timestamp, parameters: Parameters) -> Result<Demonstration, String> {
    let mut founders = Demonstration::new(1, &Addresses::local_range(26_600, 4), start)
        .map_err(|error| error.to_string())?;
    let tables = std::mem::take(&mut founders.founding.parameters.tables);
    founders.founding.parameters = Parameters { tables, ..parameters };
    Ok(founders)
}

/// A network in memory, with a block for every envelope.
#[derive(Debug)]
pub struct Memory {
    founders: Demonstration,
    state: MemoryState,
    network: NetworkId,
    height: u64,
    index: u64,
    time: Timestamp,
}

impl Memory {
    /// A network of four exchanges whose first block comes at `start`.
    ///
    /// # Errors
    /// What is wrong with the parameters, in words.
    pub fn new(start: Timestamp, parameters: Parameters) -> Result<Self, String> {
        let founders = founders(start, parameters)?;
        let mut state = MemoryState::new();
        let writes = founders.founding.writes().map_err(|error| error.to_string())?;
        state.apply(&writes).map_err(|error| error.to_string())?;
        let network = founders.founding.network();
        Ok(Self { founders, state, network, height: 0, index: 1, time: start })
    }

    fn block(&mut self, envelope: Option<&Envelope>) -> Result<Option<Answer>, Fault> {
        self.height += 1;
        let position = self.index;
        let mut execution = Execution::new(&self.state, self.network, self.height, self.time, self.index)?;
        let judgement = envelope.map(|envelope| execution.record(envelope)).transpose()?;
        let executed = execution.finish()?;
        self.state.apply(&executed.writes)?;
        self.index += u64::from(executed.records) + 1;
        Ok(judgement.map(|judgement| Answer { judgement, position }))
    }
}

impl Stage for Memory {
    fn founders(&self) -> &Demonstration {
        &self.founders
    }

    fn network(&self) -> NetworkId {
        self.network
    }

    fn now(&self) -> Timestamp {
        self.time
    }

    fn go_to(&mut self, time: Timestamp) -> Result<(), String> {
        if time < self.time {
            return Err(format!("{time} is before {}", self.time));
        }
        self.time = time;
        self.block(None).map(|_| ()).map_err(|fault| fault.to_string())
    }

    fn submit(&mut self, envelope: &Envelope) -> Result<Answer, String> {
        envelope.verify().map_err(|error| error.to_string())?;
        let answer = self.block(Some(envelope)).map_err(|fault| fault.to_string())?;
        answer.ok_or_else(|| "the block judged nothing".to_owned())
    }

    fn may_i(&self, draft: &Draft) -> Result<Judgement, String> {
        may_i(&self.state, self.network, self.time, draft).map_err(|fault| fault.to_string())
    }

    fn object(&self, id: ObjectRef) -> Result<Option<Value>, String> {
        object_of(&self.state, id).map_err(|fault| fault.to_string())
    }
}

fn form<T: Stored + serde::Serialize>(state: &MemoryState, id: &T::Id) -> Result<Option<Value>, Fault> {
    let found: Option<T> = state.find(id)?;
    Ok(found.map(|value| serde_json::to_value(value).expect("state values have a JSON form")))
}

/// The types whose values are objects, by the kind of their id.
macro_rules! objects {
    ($state:ident, $id:ident, $($kind:ident => $type:ident),* $(,)?) => {
        match $id {
            $(ObjectRef::$kind(id) => form::<state::$type>($state, &id),)*
            _ => Ok(None),
        }
    };
}

/// The JSON form of an object of a state in memory, a patent's with its `status`; `None` if there is none.
///
/// # Errors
/// [`Fault`] when a value cannot be read.
pub fn object_of(state: &MemoryState, id: ObjectRef) -> Result<Option<Value>, Fault> {
    if let ObjectRef::Patent(patent) = id {
        let Some(mut value) = form::<state::Patent>(state, &patent)? else { return Ok(None) };
        value["status"] = form::<PatentStatus>(state, &patent)?.unwrap_or_default();
        return Ok(Some(value));
    }
    objects!(state, id,
        Member => Member,
        Party => Party,
        Declaration => Declaration,
        Notice => OpenNotice,
        Licence => Licence,
        Transfer => Transfer,
        Pledge => Pledge,
        Pending => Pending,
        Valuation => Valuation,
        Instrument => Instrument,
        Case => DisputeCase,
        CreditEvent => CreditEntry,
        Contract => TechnicalContract,
        Push => MatchPush,
        Demand => Demand,
        Listing => Listing,
        Event => MatchingEvent,
        Pool => Pool,
        OpenSource => OpenSource,
        Product => Product,
        Proposal => Proposal,
        Statistic => Statistic,
        Project => Project,
    )
}
