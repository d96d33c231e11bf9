//! Tell the story of one open licence: published at one exchange, readable at all of them, provably the same.

use super::import::{Imported, import};
use super::network::{Network, Running};
use super::{DevnetError, checkpoint, client, table};
use crate::clock::now;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tongda_client::answer::LogTip;
use tongda_client::{Session, Signer};
use tongda_genesis::demonstration::DemonstrationMember;
use tongda_genesis::patents::Registration;
use tongda_ledger::act::member::{
    EnrolmentCode, KeyEntry, KeyEvidence, Register as Enrol, Role, SigningPolicy,
};
use tongda_ledger::act::open_licence::{Announce, Declare, FeeStandard};
use tongda_ledger::act::party::Link;
use tongda_ledger::act::patent::Evaluation;
use tongda_ledger::codec::{List, Text};
use tongda_ledger::hash::{Domain, Hash};
use tongda_ledger::identifier::{
    CountryCode, CreditCode, Date, DeclarationId, MemberId, Money, PartyId, PatentId, PatentKind, RecordId,
    Term,
};
use tongda_ledger::key::SigningKey;
use tongda_ledger::state::{Declaration, DeclarationState};

/// Institutions that are enrolled and own some of the patents.
const INSTITUTIONS: usize = 3;
/// How long a declaration may take to be readable everywhere before something is wrong.
const PATIENCE: Duration = Duration::from_secs(30);

/// A made member.
struct Enrolled {
    id: MemberId,
    name: String,
    key_file: String,
    signer: Signer,
    /// The node of its exchange.
    node: usize,
}

/// What happened.
pub(super) struct Story {
    opened: Option<Opened>,
}

struct Opened {
    declaration: DeclarationId,
    patent: PatentId,
    number: String,
    bank: String,
    bank_key: String,
}

fn text<const MAX: usize>(text: &str) -> Text<MAX> {
    text.parse().expect("the story's own texts are sound")
}

fn signer(member: &DemonstrationMember) -> Signer {
    Signer::new(member.id, member.keys[..usize::from(member.sign_with)].to_vec())
}

/// A digest for what has no document behind it here.
fn made(what: &str) -> Hash {
    Hash::of(Domain::COMMITMENT, &["演示 · demonstration".as_bytes(), what.as_bytes()])
}

/// Tells the story on a running network.
pub(super) async fn tell(network: &Network, listing: &[u8]) -> Result<Story, DevnetError> {
    let today = now().date();
    let registrar = signer(network.founder(Role::Registrar)?);
    let mut sessions = Vec::new();
    for running in &network.nodes {
        let session = Session::open(running.node.clone(), registrar.clone()).await;
        sessions.push(session.map_err(client(format!("asking {}", running.name)))?);
    }
    let report = network.directory.join("patents-report.csv");
    let imported = import(&sessions, listing, &report, today).await?;
    imported.print();

    let enrolled = enrol_all(network, &sessions, &imported, today).await?;
    println!("演示成员 · made members:");
    for member in &enrolled {
        println!("  {}  {}（{}）", member.id, member.name, network.nodes[member.node].name);
    }
    println!();

    let opened = match choose(&imported, &enrolled, today) {
        Some((owner, registration, patent)) => {
            Some(open(network, &sessions, owner, &enrolled, registration, patent, today).await?)
        }
        None => {
            println!(
                "列表中没有可以开放许可的专利 · no patent of this listing can be openly licensed: none in force"
            );
            println!("with a known filing date is owned by one of the enrolled institutions alone.\n");
            None
        }
    };
    agree(network).await?;
    Ok(Story { opened })
}

/// The patents that an institution could open: owned by it alone, in force for at least another year.
fn openable(registration: &Registration, today: Date) -> bool {
    let last = registration.filing.map(|filing| Term::of_patent(registration.kind(), filing).last());
    registration.owners.len() == 1
        && registration.undisclosed_owners == 0
        && last.is_some_and(|last| last > today.add_years(1))
}

async fn enrol_all(
    network: &Network,
    sessions: &[Session],
    imported: &Imported,
    today: Date,
) -> Result<Vec<Enrolled>, DevnetError> {
    let mut owned: BTreeMap<&str, usize> = BTreeMap::new();
    for (registration, _) in imported.patents.iter().filter(|(patent, _)| openable(patent, today)) {
        *owned.entry(registration.owners[0].as_str()).or_default() += 1;
    }
    let mut owners: Vec<_> = owned.into_iter().collect();
    owners.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    let mut enrolled = Vec::new();
    for (place, (name, _)) in owners.into_iter().take(INSTITUTIONS).enumerate() {
        // The first institution is Guangdong's, so that the story begins away from the first node.
        let node = (place + 2) % network.nodes.len();
        let role = if name.contains("大学") || name.contains("学院") {
            Role::University
        } else {
            Role::Enterprise
        };
        let member = enrol(network, node, place, &format!("{name}（演示成员）"), role).await?;
        link(&sessions[node], &member, imported.parties[name]).await?;
        enrolled.push(member);
    }
    let place = enrolled.len();
    enrolled.push(enrol(network, 0, place, "演示银行（演示成员）", Role::Bank).await?);
    Ok(enrolled)
}

async fn enrol(
    network: &Network,
    node: usize,
    place: usize,
    name: &str,
    role: Role,
) -> Result<Enrolled, DevnetError> {
    let exchange = &network.demonstration.nodes[node].exchange;
    let exchange = network.demonstration.members.iter().find(|member| member.id == *exchange);
    let exchange = exchange.ok_or_else(|| DevnetError::Setup("a node without an exchange".into()))?;
    let seed = Hash::plain(&[network.demonstration.founding.network().0.as_bytes(), name.as_bytes()]);
    let key = SigningKey::from_seed(seed.as_bytes());
    let act = Enrol {
        name: text(name),
        country: CountryCode::CHINA,
        code: Some(EnrolmentCode::Checked { code: made_code(place) }),
        roles: vec![role].try_into().expect("one role"),
        region: network.demonstration.founding.nodes.nodes[0].region,
        industry: None,
        size: None,
        keys: vec![KeyEntry {
            key: key.public(),
            evidence: KeyEvidence { digest: made("key"), valid_until: None },
        }]
        .try_into()
        .expect("one key"),
        policy: SigningPolicy { default: 1, acts: List::new() },
    };
    let running = &network.nodes[node];
    let what = || format!("enrolling {name} at {}", running.name);
    let session = Session::open(running.node.clone(), signer(exchange)).await.map_err(client(what()))?;
    let receipt = session.propose(act).with(Signer::applicant(vec![key.clone()])).send().await;
    let id = MemberId::new(receipt.map_err(client(what()))?.index, 0);
    let path = network.save_member_key(&format!("member-{}", place + 1), &key)?;
    Ok(Enrolled {
        id,
        name: name.to_owned(),
        key_file: path.display().to_string(),
        signer: Signer::new(id, vec![key]),
        node,
    })
}

async fn link(session: &Session, member: &Enrolled, party: PartyId) -> Result<(), DevnetError> {
    let parties = vec![party].try_into().expect("one party");
    let act = Link { member: member.id, parties, proof: made("link") };
    let sent = session.propose(act).with(member.signer.clone()).send().await;
    sent.map(|_| ()).map_err(client(format!("linking {} to what it owns", member.name)))
}

/// The credit code of a made organisation: no code of this region and class was issued with these digits' meaning.
fn made_code(place: usize) -> CreditCode {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let candidates = ALPHABET.chars().flat_map(|organisation| {
        ALPHABET.chars().map(move |check| format!("9111000000000{place:03}{organisation}{check}"))
    });
    candidates.filter_map(|text| text.parse().ok()).next().expect("two check characters fit")
}

/// The first institution with a patent to open: an invention if it has one, for it needs no evaluation report.
fn choose<'a>(
    imported: &'a Imported,
    enrolled: &'a [Enrolled],
    today: Date,
) -> Option<(&'a Enrolled, &'a Registration, PatentId)> {
    let owner_of = |registration: &Registration| {
        let party_name = registration.owners.first()?.as_str();
        enrolled.iter().find(|member| member.name == format!("{party_name}（演示成员）"))
    };
    let mut found: Vec<_> = imported
        .patents
        .iter()
        .filter(|(registration, _)| openable(registration, today))
        .filter_map(|(registration, id)| Some((owner_of(registration)?, registration, *id)))
        .collect();
    found.sort_by_key(|(owner, registration, _)| (registration.kind() != PatentKind::Invention, owner.id));
    found.into_iter().next()
}

async fn open(
    network: &Network,
    sessions: &[Session],
    owner: &Enrolled,
    enrolled: &[Enrolled],
    registration: &Registration,
    patent: PatentId,
    today: Date,
) -> Result<Opened, DevnetError> {
    let at = &network.nodes[owner.node];
    println!("{} {}《{}》", patent, registration.number, registration.title);
    if registration.kind() != PatentKind::Invention {
        let report =
            Evaluation {
                patent, positive: true, number: text("演示-评价报告"), digest: made("evaluation")
            };
        let sent = sessions[owner.node].propose(report).send().await;
        sent.map_err(client("entering the evaluation report"))?;
    }
    let declare = Declare {
        patent,
        fee: FeeStandard::Lump { amount: Money::from_fen(5_000_000) },
        term: Term::new(today, today.add_months(11)).expect("eleven months end after they begin"),
        contact: text("演示联系人，演示地址"),
        account: None,
        calculation: text("演示：参照同类技术的许可费。"),
        industries: List::new(),
        application: None,
        know_how: false,
        undertaking: true,
    };
    let session = Session::open(at.node.clone(), owner.signer.clone()).await;
    let session = session.map_err(client(format!("asking {}", at.name)))?;
    let declared = session.propose(declare).send().await.map_err(client("declaring the open licence"))?;
    let declaration = DeclarationId::new(declared.index, 0);
    let announce = Announce { declaration, gazette: text("演示-公告-1"), on: today };

    println!("在 {} 发布开放许可 {declaration} · publishing the open licence at {}:", at.name, at.name);
    let started = Instant::now();
    let announced = sessions[owner.node].propose(announce).send();
    let (announced, readable) = tokio::join!(
        announced,
        futures::future::join_all(network.nodes.iter().map(|node| readable(node, declaration, started)))
    );
    let announced = announced.map_err(client("announcing the open licence"))?;
    let mut rows = vec![vec![
        "节点 node".into(),
        "可读 readable after".into(),
        "日志序号 log index".into(),
        "区块 height".into(),
    ]];
    for (running, readable) in network.nodes.iter().zip(readable) {
        let elapsed = readable?;
        let entry = running.node.record(RecordId::new(announced.index)).await;
        let entry = entry.map_err(client(format!("reading the record at {}", running.name)))?;
        rows.push(vec![
            running.name.clone(),
            format!("{:.1} ms", elapsed.as_secs_f64() * 1e3),
            entry.index.to_string(),
            entry.height.to_string(),
        ]);
    }
    table::print(&rows);
    println!();
    let bank = enrolled.last().map(|bank| (bank.id.to_string(), bank.key_file.clone())).unwrap_or_default();
    Ok(Opened {
        declaration,
        patent,
        number: registration.number.to_string(),
        bank: bank.0,
        bank_key: bank.1,
    })
}

/// How long after `started` the declaration is open at a node.
async fn readable(
    running: &Running,
    declaration: DeclarationId,
    started: Instant,
) -> Result<Duration, DevnetError> {
    while started.elapsed() < PATIENCE {
        if let Ok(found) = running.node.object::<Declaration>(declaration).await
            && found.value.state == DeclarationState::Open
        {
            return Ok(started.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let what = format!("{declaration} is not open at {} after {} s", running.name, PATIENCE.as_secs());
    Err(DevnetError::Disagreement(what))
}

/// Waits until all nodes are at one height with nothing left to do, and compares their roots.
async fn agree(network: &Network) -> Result<(), DevnetError> {
    let started = Instant::now();
    let mut before: Vec<LogTip> = Vec::new();
    loop {
        let mut tips = Vec::new();
        for running in &network.nodes {
            let tip = running.node.log().await;
            tips.push(tip.map_err(client(format!("asking {} for its roots", running.name)))?);
        }
        let rest = tips == before && tips.windows(2).all(|pair| pair[0].height == pair[1].height);
        if rest || started.elapsed() > PATIENCE {
            compare(network, &tips)?;
            return match tips.first() {
                Some(tip) => checkpoint::agree(network, tip).await,
                None => Ok(()),
            };
        }
        before = tips;
        // The last tail gets its checkpoint within the cadence of one second.
        tokio::time::sleep(Duration::from_millis(1200)).await;
    }
}

fn compare(network: &Network, tips: &[LogTip]) -> Result<(), DevnetError> {
    let mut rows = vec![vec![
        "节点 node".into(),
        "高度 height".into(),
        "日志 log".into(),
        "日志根 log root".into(),
        "状态根 state root".into(),
    ]];
    for (running, tip) in network.nodes.iter().zip(tips) {
        let short = |hash: &Hash| hash.to_string()[..16].to_owned();
        rows.push(vec![
            running.name.clone(),
            tip.height.to_string(),
            tip.size.to_string(),
            short(&tip.root),
            short(&tip.state_root),
        ]);
    }
    table::print(&rows);
    if tips.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err(DevnetError::Disagreement("see the table above".into()));
    }
    println!("  各节点一致 ✓ all {} nodes agree", tips.len());
    Ok(())
}

impl Story {
    /// Prints what to try next.
    pub(super) fn what_to_try(&self, network: &Network) {
        let first = &network.nodes[0].url;
        println!("\n网络继续运行，Ctrl-C 停止 · the network stays up; Ctrl-C stops it. Try:");
        println!("  tongda --node {first} status --all");
        if let Some(opened) = &self.opened {
            println!("  tongda --node {first} patent show {}", opened.number);
            println!("  tongda --node {first} open show '{}'", opened.declaration);
            println!("  tongda --node {first} --key {} --as '{}' \\", opened.bank_key, opened.bank);
            println!("    may-i patent abandon '{}'", opened.patent);
        }
        println!("  curl {first}/v1/log");
        println!("  curl {first}/log/checkpoint");
        println!("  tongda-node inspect {}", network.directory.join(&network.nodes[0].name).display());
        println!("  {}", network.directory.join("patents-report.csv").display());
    }
}
