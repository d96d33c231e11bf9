//! Who and what a scenario names: its members with their keys, its objects with their ids.

use crate::stage::Stage;
use std::collections::BTreeMap;
use tongda_genesis::demonstration::Demonstration;
use tongda_ledger::act::member::Role;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, ObjectRef, PartyId, PendingId};
use tongda_ledger::key::SigningKey;

/// The founders' names in scenarios.
const EXCHANGES: [&str; 4] = ["北京交易所", "上海交易所", "广东交易所", "四川交易所"];
const OTHERS: [(Role, &str); 4] = [
    (Role::Registrar, "登记机构"),
    (Role::Court, "法院"),
    (Role::Regulator, "管理部门"),
    (Role::TechnicalRegistry, "技术合同登记机构"),
];

/// What a scenario's names stand for.
pub(crate) struct Cast {
    things: BTreeMap<String, ObjectRef>,
    keys: BTreeMap<MemberId, Vec<SigningKey>>,
    /// What each pending act does once its consents are there.
    pending: BTreeMap<PendingId, String>,
    /// The lists of which the ledger has the root alone, by what holds them and the word that named them.
    lists: BTreeMap<(ObjectRef, String), Vec<ObjectRef>>,
    /// The log index behind the last record.
    seal: u64,
    made: u32,
}

impl Cast {
    /// The founders. What is made from here on is numbered from `first`, so that no two plays on one stage make the same.
    pub(crate) fn new(founders: &Demonstration, first: u32) -> Self {
        let mut cast = Self {
            things: BTreeMap::new(),
            keys: BTreeMap::new(),
            pending: BTreeMap::new(),
            lists: BTreeMap::new(),
            seal: 0,
            made: first,
        };
        let exchanges = EXCHANGES.into_iter().zip(founders.exchanges());
        let others = OTHERS.into_iter().filter_map(|(role, name)| Some((name, founders.member(role)?)));
        for (name, member) in exchanges.chain(others) {
            cast.name(name, member.id.into());
            cast.keys.insert(member.id, member.keys.clone());
        }
        cast
    }

    /// Gives a thing a name; a name can pass on to something else.
    pub(crate) fn name(&mut self, name: &str, thing: ObjectRef) {
        self.things.insert(name.to_owned(), thing);
    }

    /// The thing with this name.
    pub(crate) fn get(&self, name: &str) -> Option<ObjectRef> {
        self.things.get(name).copied()
    }

    /// The name of a thing, or its id.
    pub(crate) fn spoken(&self, thing: ObjectRef) -> String {
        let named = self.things.iter().find(|(_, other)| **other == thing);
        named.map_or_else(|| thing.to_string(), |(name, _)| name.clone())
    }

    /// The member with this name.
    pub(crate) fn member(&self, name: &str) -> Result<MemberId, String> {
        match self.get(name) {
            Some(ObjectRef::Member(member)) => Ok(member),
            Some(other) => Err(format!("{name} is {}, no member", other.kind())),
            None => Err(format!("nobody here is called {name}")),
        }
    }

    /// The party with this name, or that the member with this name is.
    pub(crate) fn party(&self, name: &str, stage: &dyn Stage) -> Result<PartyId, String> {
        match self.get(name) {
            Some(ObjectRef::Party(party)) => Ok(party),
            _ => self.party_of(self.member(name)?, stage),
        }
    }

    /// The party that a member is.
    #[expect(
        clippy::unused_self,
        reason = "whoever asks for a party has the cast at hand, not the stage's form"
    )]
    pub(crate) fn party_of(&self, member: MemberId, stage: &dyn Stage) -> Result<PartyId, String> {
        let found = stage.object(member.into())?.ok_or_else(|| format!("{member} does not exist"))?;
        let party = found["party"].as_str().ok_or("a member has a party")?;
        party.parse().map_err(|error| format!("{party}: {error}"))
    }

    /// A member's keys.
    pub(crate) fn keys(&self, member: MemberId) -> &[SigningKey] {
        self.keys.get(&member).map_or(&[], Vec::as_slice)
    }

    /// Gives a member keys.
    pub(crate) fn give(&mut self, member: MemberId, keys: impl IntoIterator<Item = SigningKey>) {
        self.keys.entry(member).or_default().extend(keys);
    }

    /// Takes a key away from whoever has it.
    pub(crate) fn forget(&mut self, key: &str) {
        for keys in self.keys.values_mut() {
            keys.retain(|kept| kept.public().to_string() != key);
        }
    }

    /// Remembers what a pending act does.
    pub(crate) fn wait(&mut self, pending: PendingId, act: &str) {
        self.pending.insert(pending, act.to_owned());
    }

    /// What a pending act does once its consents are there.
    pub(crate) fn awaited(&self, pending: PendingId) -> Option<&str> {
        self.pending.get(&pending).map(String::as_str)
    }

    /// Keeps the list that a word named, with what was made.
    pub(crate) fn keep(&mut self, holder: ObjectRef, word: &str, names: &[String]) {
        let things = names.iter().filter_map(|name| self.get(name)).collect();
        self.lists.insert((holder, word.to_owned()), things);
    }

    /// The list of a thing that a word named.
    pub(crate) fn list(&self, holder: ObjectRef, word: &str) -> Option<&[ObjectRef]> {
        self.lists.get(&(holder, word.to_owned())).map(Vec::as_slice)
    }

    /// Remembers where the last record stands.
    pub(crate) fn recorded(&mut self, position: u64) {
        self.seal = position + 1;
    }

    /// The log index behind the last record, where the seal of its block stands; 0 before there is one.
    pub(crate) fn seal(&self) -> u64 {
        self.seal
    }

    /// A number that no other thing of this play has.
    pub(crate) fn fresh(&mut self) -> u32 {
        self.made += 1;
        self.made
    }

    /// A key that nobody has.
    pub(crate) fn fresh_key(&mut self) -> SigningKey {
        let label = format!("tongda scenario key, known to all\n{}", self.fresh());
        SigningKey::from_seed(Hash::plain(&[label.as_bytes()]).as_bytes())
    }

    /// A digest of something made.
    pub(crate) fn fresh_digest(&mut self) -> Hash {
        Hash::plain(&[b"tongda scenario document", &self.fresh().to_le_bytes()])
    }
}
