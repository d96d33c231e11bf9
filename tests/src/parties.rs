//! Make members and patents on a running network, through the client library alone.

use tongda_client::answer::Receipt;
use tongda_client::{Error, Session, Signer};
use tongda_genesis::demonstration::DemonstrationMember;
use tongda_genesis::patents::{self, PatentRow, Registration};
use tongda_ledger::act::Act;
use tongda_ledger::act::member::{EnrolmentCode, KeyEntry, KeyEvidence, Register, Role, SigningPolicy};
use tongda_ledger::codec::List;
use tongda_ledger::hash::{Domain, Hash};
use tongda_ledger::identifier::{
    CountryCode, CreditCode, Date, MemberId, PartyId, PatentId, Term, Timestamp,
};
use tongda_ledger::key::SigningKey;
use tongda_ledger::state::Member;
use tongda_node::devnet::network::Network;

/// A made member with its key.
#[derive(Clone, Debug)]
pub struct Made {
    /// Its id.
    pub id: MemberId,
    /// The party that it is.
    pub party: PartyId,
    /// What it signs with.
    pub signer: Signer,
    /// Its key.
    pub key: SigningKey,
}

/// The registrar's or another founder's signer, with as many keys as its policy asks.
#[must_use]
pub fn signer(member: &DemonstrationMember) -> Signer {
    Signer::new(member.id, member.keys[..usize::from(member.sign_with)].to_vec())
}

/// A digest of nothing in particular.
#[must_use]
pub fn digest(what: &str) -> Hash {
    Hash::of(Domain::COMMITMENT, &[b"test", what.as_bytes()])
}

/// A founder's signer by role.
///
/// # Panics
/// When the network has no such founder.
#[must_use]
pub fn founder(network: &Network, role: Role) -> Signer {
    signer(network.founder(role).expect("the demonstration has every founder"))
}

/// The credit code of a made organisation.
///
/// # Panics
/// Never for numbers below 1,000,000.
#[must_use]
pub fn credit_code(number: u32) -> CreditCode {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let texts = ALPHABET.chars().flat_map(|organisation| {
        ALPHABET.chars().map(move |check| format!("9111000000{number:06}{organisation}{check}"))
    });
    texts.filter_map(|text| text.parse().ok()).next().expect("two check characters fit")
}

/// Sends an act at a node, signed by the first signer as its author and by the others.
///
/// # Errors
/// [`Error`] as the client library has it.
pub async fn send(
    network: &Network,
    node: usize,
    signers: &[&Signer],
    act: impl Into<Act>,
) -> Result<Receipt, Error> {
    let session = Session::open(network.nodes[node].node.clone(), signers[0].clone()).await?;
    let mut proposal = session.propose(act);
    for signer in &signers[1..] {
        proposal = proposal.with((*signer).clone());
    }
    proposal.send().await
}

/// Sends an act that may stand as pending for a day.
///
/// # Errors
/// [`Error`] as the client library has it.
pub async fn gather(
    network: &Network,
    node: usize,
    signers: &[&Signer],
    act: impl Into<Act>,
) -> Result<Receipt, Error> {
    let session = Session::open(network.nodes[node].node.clone(), signers[0].clone()).await?;
    let until = tongda_node::clock::now().plus_milliseconds(86_400_000);
    let mut proposal = session.propose(act).gathering_until(until);
    for signer in &signers[1..] {
        proposal = proposal.with((*signer).clone());
    }
    proposal.send().await
}

/// Enrols a made Chinese organisation at a node's exchange.
///
/// # Errors
/// [`Error`] as the client library has it.
///
/// # Panics
/// When the network's demonstration has no exchange for the node.
pub async fn enrol(network: &Network, node: usize, number: u32, role: Role) -> Result<Made, Error> {
    enrol_from(network, node, number, role, CountryCode::CHINA).await
}

/// Enrols a made organisation of a country at a node's exchange; a Chinese one has a credit code.
///
/// # Errors
/// [`Error`] as the client library has it.
///
/// # Panics
/// As [`enrol`].
pub async fn enrol_from(
    network: &Network,
    node: usize,
    number: u32,
    role: Role,
    country: CountryCode,
) -> Result<Made, Error> {
    let seed = digest(&format!("{} {number}", network.demonstration.founding.network()));
    let key = SigningKey::from_seed(seed.as_bytes());
    let exchange = network.demonstration.nodes[node].exchange;
    let exchange = network.demonstration.members.iter().find(|member| member.id == exchange);
    let exchange = signer(exchange.expect("each node has its exchange"));
    let entry =
        KeyEntry { key: key.public(), evidence: KeyEvidence { digest: digest("key"), valid_until: None } };
    let act = Register {
        name: format!("演示成员{number}").parse().expect("a text"),
        country,
        code: (country == CountryCode::CHINA).then(|| EnrolmentCode::Checked { code: credit_code(number) }),
        roles: vec![role].try_into().expect("one role"),
        region: "110000".parse().expect("a region"),
        industry: None,
        size: None,
        keys: vec![entry].try_into().expect("one key"),
        policy: SigningPolicy { default: 1, acts: List::new() },
    };
    let applicant = Signer::applicant(vec![key.clone()]);
    let receipt = send(network, node, &[&exchange, &applicant], act).await?;
    let id = MemberId::new(receipt.index, 0);
    let member = network.nodes[node].node.object::<Member>(id).await?;
    Ok(Made { id, party: member.value.party, signer: Signer::new(id, vec![key.clone()]), key })
}

/// The shipped real patents that are in force for another year, their filing date known.
///
/// # Panics
/// When the shipped sample cannot be read.
#[must_use]
pub fn real_patents(today: Date) -> Vec<Registration> {
    let rows = patents::read(tongda_genesis::sample::PATENTS.as_bytes()).expect("the sample is a listing");
    let ready = rows.into_iter().filter_map(|row| match row {
        PatentRow::Ready(ready) => Some(*ready),
        PatentRow::Unusable { .. } => None,
    });
    ready
        .filter(|patent| {
            let last = patent.filing.map(|filing| Term::of_patent(patent.kind(), filing).last());
            last.is_some_and(|last| last > today.add_years(1))
        })
        .collect()
}

/// Registers a real patent as owned by made members: the owners, and that they own it, are made.
///
/// # Errors
/// [`Error`] as the client library has it.
///
/// # Panics
/// When there are more owners than a patent may have.
pub async fn register(
    network: &Network,
    node: usize,
    patent: &Registration,
    owners: &[PartyId],
) -> Result<PatentId, Error> {
    let act = patent.register(owners).expect("a few owners");
    let registrar = founder(network, Role::Registrar);
    Ok(PatentId::new(send(network, node, &[&registrar], act).await?.index, 0))
}

/// The time now, as the nodes on this machine have it.
#[must_use]
pub fn now() -> Timestamp {
    tongda_node::clock::now()
}
