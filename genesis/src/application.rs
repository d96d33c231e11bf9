//! Apply to found a network: a member's entry and its nodes' entries, every key proved by a signature.
//!
//! An application has the entries exactly as the genesis file will have them, so whoever applied can compare the file
//! with its own application, and no key stands in a genesis file that nobody holds.

use crate::file::{
    Alteration, Genesis, GenesisError, Handle, Layout, MemberEntry, NodeEntry, Reference, Step, labelled,
    member_entry, node_entry, render_with,
};
use serde::Deserialize;
use std::fmt::Write as _;
use toml::Value;
use tongda_ledger::act::member::EnrolmentCode;
use tongda_ledger::codec::{List, Text};
use tongda_ledger::founding::{self, Founding, FoundingMember};
use tongda_ledger::identifier::MemberId;
use tongda_ledger::key::{PublicKey, Signature, SigningKey};
use tongda_ledger::state::{Anchor, Node, Nodes, Parameters};

/// What an organisation asks for: to be a founder, with nodes if it is an exchange.
///
/// Ids are given when the applications are put in order, so all references here are by short name: the exchanges in
/// `member` and `nodes` are without meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// The applicant's short name, by which the others refer to it.
    pub id: Text<60>,
    /// The short name of the exchange that answers for it: its own for an exchange.
    pub exchange: Text<60>,
    /// The short name of whoever allowed a credit code that fails its check.
    pub code_allowed_by: Option<Text<60>>,
    /// The member as it would be.
    pub member: FoundingMember,
    /// Its nodes.
    pub nodes: List<Node, 40>,
}

/// The form on disk.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    member: Vec<MemberEntry>,
    #[serde(default)]
    node: Vec<NodeEntry>,
    #[serde(default)]
    proof: Vec<Proof>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Proof {
    key: PublicKey,
    signature: Signature,
}

const HEAD: &str = "\
# 通达网络入网申请 · Application to found a Tongda network
#
# 以下条目将原样写入创世文件；每把密钥都以签名证明由申请人持有。改动任何一个值，签名即失效。
# The entries go into the genesis file as they are; every key proves by its signature that the applicant holds it.
# A change of any value makes the signatures void.

";

/// The id that stands for ids which are not given yet.
fn nobody() -> MemberId {
    Founding::member_id(0)
}

impl Application {
    /// The bytes that every key of the application signs.
    fn signed_bytes(&self) -> Vec<u8> {
        let Self { id, exchange, code_allowed_by, mut member, mut nodes } = self.clone();
        member.exchange = nobody();
        if let Some(EnrolmentCode::Overridden { allowed_by, .. }) = &mut member.code {
            *allowed_by = nobody();
        }
        nodes.iter_mut().for_each(|node| node.exchange = nobody());
        labelled("application", &(id, exchange, code_allowed_by, member, nodes))
    }

    /// The keys that must prove themselves, each with its place in the file.
    fn keys(&self) -> Vec<(Vec<Step>, PublicKey)> {
        let mut keys = Vec::new();
        for (n, entry) in self.member.keys.iter().enumerate() {
            let path = vec![Step::key("member"), Step::Index(0), Step::key("keys"), Step::Index(n)];
            keys.push((path, entry.key.clone()));
        }
        for (n, node) in self.nodes.iter().enumerate() {
            let named = [
                ("vote-key", &node.vote_key),
                ("cosign-key", &node.cosign_key),
                ("network-key", &node.network_key),
            ];
            for (field, key) in named {
                keys.push((vec![Step::key("node"), Step::Index(n), Step::key(field)], key.clone()));
            }
        }
        keys
    }

    /// The application file, signed with these keys: those of the member and of its nodes.
    #[must_use]
    pub fn render(&self, keys: &[SigningKey]) -> String {
        let mut text = String::from(HEAD);
        let (exchange, allowed_by) = (self.exchange.as_str(), self.code_allowed_by.as_ref());
        let mut entry = self.member.clone();
        // An id stands in the entry once for the exchange and once for whoever allowed its code: tell them apart.
        let allowing = Founding::member_id(1);
        if let Some(EnrolmentCode::Overridden { allowed_by, .. }) = &mut entry.code {
            *allowed_by = allowing;
        }
        entry.exchange = nobody();
        let handle =
            |id: MemberId| if id == allowing { allowed_by.map_or("", Text::as_str) } else { exchange };
        text.push_str(&member_entry(&entry, self.id.as_str(), &handle));
        for node in &self.nodes {
            let _ = write!(text, "\n{}", node_entry(node, self.id.as_str()));
        }
        let bytes = self.signed_bytes();
        for key in keys {
            let _ = write!(
                text,
                "\n[[proof]]\nkey = \"{}\"\nsignature = \"{}\"\n",
                key.public(),
                key.sign(&bytes)
            );
        }
        text
    }

    /// Reads an application and checks that every key in it has signed it.
    ///
    /// # Errors
    /// [`GenesisError`] names the line.
    pub fn parse(text: &str) -> Result<Self, GenesisError> {
        let layout = Layout::read(text)?;
        let file: File = layout.typed()?;
        let at =
            |section: &str, n: usize, field: &str| [Step::key(section), Step::Index(n), Step::key(field)];
        let mut members = file.member.into_iter();
        let (Some(entry), None) = (members.next(), members.next()) else {
            let path = [Step::key("member"), Step::Index(1)];
            return Err(layout.error(&path, "an application is for one member: one section [[member]]"));
        };
        let handle = |text: &str, field: &'static str| {
            text.parse::<Text<60>>().map_err(|error| layout.error(&at("member", 0, field), error.to_string()))
        };
        let id = handle(&entry.id, "id")?;
        let exchange = handle(&entry.exchange, "exchange")?;
        let code_allowed_by =
            entry.code_allowed_by.as_deref().map(|text| handle(text, "code-allowed-by")).transpose()?;
        let member = entry
            .resolve(|_| Ok(nobody()))
            .map_err(|(field, reason)| layout.error(&at("member", 0, field), reason))?;
        let mut nodes = List::new();
        for (n, entry) in file.node.into_iter().enumerate() {
            if entry.exchange != id.as_str() {
                let reason =
                    format!("the nodes of an application are the applicant's: write exchange = \"{id}\"");
                return Err(layout.error(&at("node", n, "exchange"), reason));
            }
            let node = entry
                .resolve(|_| Ok(nobody()))
                .map_err(|(field, reason)| layout.error(&at("node", n, field), reason))?;
            nodes.push(node).map_err(|error| layout.error(&at("node", n, "name"), error.to_string()))?;
        }
        let application = Self { id, exchange, code_allowed_by, member, nodes };
        application.check_proofs(&file.proof, &layout)?;
        Ok(application)
    }

    fn check_proofs(&self, proofs: &[Proof], layout: &Layout<'_>) -> Result<(), GenesisError> {
        let bytes = self.signed_bytes();
        for (path, key) in self.keys() {
            let Some(place) = proofs.iter().position(|proof| proof.key == key) else {
                let reason = format!(
                    "the key {key} has not signed the application; make it with `tongda-genesis apply`"
                );
                return Err(layout.error(&path, reason));
            };
            key.verify(&bytes, &proofs[place].signature).map_err(|error| {
                let path = [Step::key("proof"), Step::Index(place), Step::key("signature")];
                layout.error(
                    &path,
                    format!("{key}: {error}; a value of the application was changed after it was signed"),
                )
            })?;
        }
        Ok(())
    }
}

/// What the coordinator decides: all that stands in no application.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The network's name.
    pub name: Text<200>,
    /// When it begins, and what it succeeds.
    pub anchor: Anchor,
    /// Its parameters.
    pub parameters: Parameters,
}

/// Why applications make no network together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssemblyError {
    /// An application does not fit the others.
    #[error("the application of {id}: {reason}")]
    Application {
        /// The applicant's short name.
        id: String,
        /// What is wrong.
        reason: String,
    },
    /// Together they are no founding.
    #[error("together the applications make no network: {error}\n    {text}")]
    Founding {
        /// What is wrong with the file that they make.
        error: GenesisError,
        /// The text of its line.
        text: String,
    },
}

/// A genesis file without signatures, of these applications in this order.
///
/// # Errors
/// [`AssemblyError`] names the application that does not fit, or the value.
pub fn assemble(plan: Plan, applications: &[Application]) -> Result<String, AssemblyError> {
    let handles: Vec<Handle> = applications.iter().map(|application| application.id.to_string()).collect();
    let reference = Reference::of(&handles);
    let mut founding = Founding {
        version: founding::VERSION,
        name: plan.name,
        anchor: plan.anchor,
        members: List::new(),
        nodes: Nodes::default(),
        parameters: plan.parameters,
    };
    for application in applications {
        let refused = |reason| AssemblyError::Application { id: application.id.to_string(), reason };
        let find = |handle: &Text<60>| reference.find(handle.as_str()).map_err(refused);
        let mut member = application.member.clone();
        member.exchange = find(&application.exchange)?;
        if let (Some(EnrolmentCode::Overridden { allowed_by, .. }), Some(handle)) =
            (&mut member.code, &application.code_allowed_by)
        {
            *allowed_by = find(handle)?;
        }
        founding.members.push(member).map_err(|error| refused(error.to_string()))?;
        for node in &application.nodes {
            let node = Node { exchange: find(&application.id)?, ..node.clone() };
            founding.nodes.nodes.push(node).map_err(|error| refused(error.to_string()))?;
        }
    }
    founding.nodes.nodes.sort_by(|a, b| a.name.cmp(&b.name));
    let text = render_with(&founding, &handles, &[]);
    match Genesis::parse(&text) {
        Ok(_) => Ok(text),
        Err(error) => {
            let line =
                error.line().and_then(|line| text.lines().nth(line - 1)).unwrap_or_default().to_owned();
            Err(AssemblyError::Founding { error, text: line })
        }
    }
}

/// Checks that a genesis file has the entries of an application, value by value, and no other node of the applicant.
///
/// # Errors
/// [`GenesisError::NotAsApplied`] names every line of the file that differs; other errors when one of the two cannot
/// be read.
pub fn compare(genesis: &str, application: &str) -> Result<(), GenesisError> {
    Genesis::parse(genesis)?;
    let layout = Layout::read(genesis)?;
    let (file, applied): (toml::Table, toml::Table) = (layout.typed()?, Layout::read(application)?.typed()?);
    let mut alterations = Vec::new();
    let applicant = entries(&applied, "member").first().and_then(|member| member.get("id")).cloned();
    for (section, key) in [("member", "id"), ("node", "name")] {
        let found = entries(&file, section);
        for wanted in entries(&applied, section) {
            let Some(name) = wanted.get(key) else { continue };
            let entry = format!("{section} {}", plain(name));
            match found.iter().position(|other| other.get(key) == Some(name)) {
                Some(place) => {
                    let mut path = vec![Step::key(section), Step::Index(place)];
                    compare_values(wanted, &found[place], &mut path, &entry, &layout, &mut alterations);
                }
                None => {
                    let line = layout.line(&[Step::key(section), Step::Index(0)]);
                    alterations.push(Alteration { line, entry, expected: Some("it".into()), found: None });
                }
            }
        }
    }
    let nodes = entries(&applied, "node");
    for (place, node) in entries(&file, "node").iter().enumerate() {
        let is_known = nodes.iter().any(|known| known.get("name") == node.get("name"));
        if node.get("exchange") == applicant.as_ref() && !is_known {
            let line = layout.line(&[Step::key("node"), Step::Index(place)]);
            let entry = format!("node {}", node.get("name").map_or_else(String::new, plain));
            alterations.push(Alteration { line, entry, expected: None, found: Some("it".into()) });
        }
    }
    if alterations.is_empty() { Ok(()) } else { Err(GenesisError::NotAsApplied(alterations)) }
}

fn entries<'v>(file: &'v toml::Table, section: &str) -> &'v [Value] {
    file.get(section).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn compare_values(
    expected: &Value,
    found: &Value,
    path: &mut Vec<Step>,
    entry: &str,
    layout: &Layout<'_>,
    alterations: &mut Vec<Alteration>,
) {
    let mut compare_one =
        |step: Step, label: &str, one: Option<&Value>, other: Option<&Value>, path: &mut Vec<Step>| {
            let entry = format!("{entry} {label}");
            path.push(step);
            match (one, other) {
                (Some(one), Some(other)) => compare_values(one, other, path, &entry, layout, alterations),
                _ => alterations.push(Alteration {
                    line: layout.line(path),
                    entry,
                    expected: one.map(plain),
                    found: other.map(plain),
                }),
            }
            path.pop();
        };
    match (expected, found) {
        _ if expected == found => {}
        (Value::Table(expected), Value::Table(found)) => {
            for key in expected.keys().chain(found.keys().filter(|key| !expected.contains_key(*key))) {
                if expected.get(key) != found.get(key) {
                    compare_one(Step::key(key), key, expected.get(key), found.get(key), path);
                }
            }
        }
        (Value::Array(expected), Value::Array(found)) => {
            for n in 0..expected.len().max(found.len()) {
                if expected.get(n) != found.get(n) {
                    compare_one(Step::Index(n), &(n + 1).to_string(), expected.get(n), found.get(n), path);
                }
            }
        }
        _ => alterations.push(Alteration {
            line: layout.line(path),
            entry: entry.to_owned(),
            expected: Some(plain(expected)),
            found: Some(plain(found)),
        }),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tongda_ledger::act::member::{KeyEntry, KeyEvidence, Role, SigningPolicy};
    use tongda_ledger::hash::Hash;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_seed(&[seed; 32])
    }

    /// An application with keys from `seed` on, and its keys.
    fn application(id: &str, role: Role, exchange: &str, seed: u8) -> (Application, Vec<SigningKey>) {
        let keys = vec![key(seed), key(seed + 1), key(seed + 2), key(seed + 3)];
        let evidence = KeyEvidence { digest: Hash::ZERO, valid_until: None };
        let member = FoundingMember {
            name: format!("{id} 机构").parse().unwrap(),
            code: None,
            roles: vec![role].try_into().unwrap(),
            region: "110000".parse().unwrap(),
            keys: vec![KeyEntry { key: keys[0].public(), evidence }].try_into().unwrap(),
            policy: SigningPolicy { default: 1, acts: List::new() },
            exchange: Founding::member_id(7),
        };
        let node = Node {
            name: id.parse().unwrap(),
            exchange: Founding::member_id(9),
            region: "110000".parse().unwrap(),
            power: 1,
            vote_key: keys[1].public(),
            cosign_key: keys[2].public(),
            network_key: keys[3].public(),
            consensus_address: "/ip6/2001:db8::1/tcp/1".parse().unwrap(),
            gossip_address: "/ip4/192.0.2.1/tcp/2".parse().unwrap(),
            api_address: "https://node.example".parse().unwrap(),
        };
        let nodes = if role == Role::Exchange { vec![node] } else { vec![] }.try_into().unwrap();
        let (id, exchange) = (id.parse().unwrap(), exchange.parse().unwrap());
        (Application { id, exchange, code_allowed_by: None, member, nodes }, keys)
    }

    fn plan() -> Plan {
        let anchor = Anchor {
            start: "2026-01-01T00:00:00Z".parse().unwrap(),
            predecessor: None,
            demonstration: false,
        };
        Plan { name: "网络".parse().unwrap(), anchor, parameters: Parameters::default() }
    }

    #[test]
    fn an_application_reads_back_with_its_references_by_name() {
        let (mut wanted, keys) = application("court", Role::Court, "beijing", 1);
        let code = "91350211M000100Y44".parse().unwrap();
        wanted.member.code = Some(EnrolmentCode::Overridden { code, allowed_by: Founding::member_id(3) });
        wanted.code_allowed_by = Some("registrar".parse().unwrap());
        let read = Application::parse(&wanted.render(&keys)).unwrap();
        assert_eq!((read.exchange.as_str(), read.code_allowed_by), ("beijing", wanted.code_allowed_by));
        assert_eq!(read.member.keys, wanted.member.keys);
    }

    #[test]
    fn a_key_that_has_not_signed_is_named_by_its_line() {
        let (application, keys) = application("beijing", Role::Exchange, "beijing", 1);
        for missing in 0..keys.len() {
            let mut some = keys.clone();
            let key = some.remove(missing).public().to_string();
            let text = application.render(&some);
            let error = Application::parse(&text).unwrap_err();
            let line = text.lines().position(|line| line.contains(&key)).unwrap() + 1;
            assert_eq!(error.line(), Some(line), "{error}");
        }
    }

    #[test]
    fn a_change_of_any_value_makes_the_proofs_void() {
        let (application, keys) = application("beijing", Role::Exchange, "beijing", 1);
        let text = application.render(&keys);
        for (from, to) in [
            ("beijing 机构", "beijing 机关"),
            ("power = 1", "power = 2"),
            ("sign-with = 1", "sign-with = 2"),
            ("/tcp/2", "/tcp/3"),
            ("\"110000\"", "\"310000\""),
            ("[\"exchange\"]", "[\"exchange\", \"court\"]"),
            ("node.example", "node.example.net"),
        ] {
            assert!(text.contains(from), "{from}");
            let error = Application::parse(&text.replacen(from, to, 1)).unwrap_err();
            assert!(error.to_string().contains("changed after it was signed"), "{to}: {error}");
        }
    }

    #[test]
    fn applications_that_do_not_fit_together_are_refused() {
        let (beijing, _) = application("beijing", Role::Exchange, "beijing", 1);
        let (registrar, _) = application("registrar", Role::Registrar, "shanghai", 11);
        let error = assemble(plan(), &[beijing.clone(), registrar.clone()]).unwrap_err();
        assert!(error.to_string().contains("no member has the id \"shanghai\""), "{error}");
        let fitting = Application { exchange: "beijing".parse().unwrap(), ..registrar };
        assert!(assemble(plan(), &[beijing.clone(), fitting.clone()]).is_ok());
        let (thief, _) = application("thief", Role::Exchange, "thief", 2);
        let error = assemble(plan(), &[beijing.clone(), fitting, thief]).unwrap_err();
        assert!(error.to_string().contains("is used twice"), "{error}");
        let error = assemble(plan(), &[beijing]).unwrap_err();
        assert!(error.to_string().contains("registrar"), "{error}");
    }

    #[test]
    fn a_file_is_compared_with_an_application_value_by_value() {
        let (beijing, keys) = application("beijing", Role::Exchange, "beijing", 1);
        let (registrar, _) = application("registrar", Role::Registrar, "beijing", 11);
        let text = beijing.render(&keys);
        let genesis = assemble(plan(), &[beijing.clone(), registrar.clone()]).unwrap();
        assert_eq!(compare(&genesis, &text), Ok(()));
        let mut other = beijing;
        other.nodes[0].power = 3;
        other.member.policy.default = 1;
        let genesis = assemble(plan(), &[other, registrar]).unwrap();
        let line = genesis.lines().position(|line| line == "power = 3").unwrap() + 1;
        let error = compare(&genesis, &text).unwrap_err();
        assert_eq!(error.line(), Some(line), "{error}");
        assert!(error.to_string().contains("node beijing power is 3, not 1"), "{error}");
    }
}
