//! Two institutions at two exchanges race for one patent in the same instant: exactly one act stands, and everybody
//! names the same reason to the other.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{ALL, Drill, PATIENCE, until};
use futures::StreamExt as _;
use tongda_client::answer::Receipt;
use tongda_client::{Error, Session, Signer};
use tongda_genesis::patents::Registration;
use tongda_ledger::act::Act;
use tongda_ledger::act::licence::{FeeClass, Grant, LicenceKind, Scope};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::pledge::{self, DebtKind};
use tongda_ledger::act::transfer::{self, Transferee};
use tongda_ledger::codec::List;
use tongda_ledger::envelope::Envelope;
use tongda_ledger::execution::Draft;
use tongda_ledger::identifier::{Date, LicenceId, ObjectRef, PatentId, PledgeId, Term, TransferId};
use tongda_ledger::refusal::{Code, Refusal};
use tongda_tests::parties::{Made, digest, enrol, founder, now, real_patents, register, send};

/// Races of each kind.
const RACES: usize = 100;

/// Races on their way at once.
const AT_ONCE: usize = 16;

/// One side of a race: what it would do, signed.
struct Racer {
    draft: Draft,
    envelope: Envelope,
}

impl Racer {
    async fn new<const N: usize>(
        drill: &Drill,
        node: usize,
        signers: [&Signer; N],
        act: impl Into<Act>,
    ) -> Self {
        let session = Session::open(drill.node(node).clone(), signers[0].clone()).await.unwrap();
        let mut proposal = session.propose(act);
        for signer in &signers[1..] {
            proposal = proposal.with((*signer).clone());
        }
        Self { draft: proposal.draft(), envelope: proposal.sign().await.unwrap() }
    }
}

/// The institutions, each enrolled at its own exchange.
struct Cast {
    owner: Made,
    first: Made,
    second: Made,
    today: Date,
}

impl Cast {
    async fn enrol(drill: &Drill) -> Self {
        let network = &drill.network;
        let (owner, first, second) = tokio::join!(
            enrol(network, 0, 1, Role::Enterprise),
            enrol(network, 1, 2, Role::Enterprise),
            enrol(network, 2, 3, Role::Bank),
        );
        Self { owner: owner.unwrap(), first: first.unwrap(), second: second.unwrap(), today: now().date() }
    }
}

/// Two different nodes, every pair in its turn.
fn doors(race: usize) -> (usize, usize) {
    let first = race % ALL.len();
    (first, (first + 1 + race / ALL.len() % (ALL.len() - 1)) % ALL.len())
}

/// Waits until a node's log holds the entry at this index.
async fn holds(drill: &Drill, node: usize, index: u64) {
    let what = format!("log index {index} at node {node}");
    until(&what, PATIENCE, async || drill.node(node).log().await.unwrap().size > index).await;
}

/// Sends both at once, each through its node; which one stands, its receipt, and why the other does not.
async fn race(drill: &Drill, racers: &[Racer; 2], doors: (usize, usize)) -> (usize, Receipt, Vec<Refusal>) {
    let settle = |racer: usize, node: usize| drill.node(node).settle(&racers[racer].envelope);
    match tokio::join!(settle(0, doors.0), settle(1, doors.1)) {
        (Ok(receipt), Err(Error::Refused(refusals))) => (0, receipt, refusals),
        (Err(Error::Refused(refusals)), Ok(receipt)) => (1, receipt, refusals),
        other => panic!("exactly one stands: {other:?}"),
    }
}

/// Checks that the loser's act stands in no log, and that every node answers the same to it as it was answered.
async fn lost(drill: &Drill, winner: &Receipt, loser: &Racer, refusals: &[Refusal], why: (Code, ObjectRef)) {
    let (code, obstacle) = why;
    let named = |refusals: &[Refusal]| {
        refusals.iter().any(|refusal| refusal.code == code && refusal.obstacle == Some(obstacle))
    };
    assert!(named(refusals), "{code} because of {obstacle}, not {refusals:?}");
    for place in ALL {
        drill.reached(place, winner.height).await;
        let entry = drill.node(place).record(winner.id).await.unwrap();
        assert_eq!(entry.index, winner.index, "the winner at node {place}");
        let found = drill.node(place).record(loser.envelope.id()).await;
        assert!(matches!(found, Err(Error::Missing(_))), "the loser at node {place}: {found:?}");
        let answer = drill.node(place).may_i(&loser.draft).await.unwrap();
        assert!(
            !answer.allowed && answer.refusals == refusals,
            "at node {place}: {answer:?}, not {refusals:?}"
        );
    }
}

/// A transfer and a pledge of one patent, both agreed on by their parties, are registered at once.
async fn transfer_against_pledge(drill: &Drill, cast: &Cast, patent: PatentId, number: usize) -> usize {
    let (a, b) = doors(number);
    let (owner, buyer, bank) = (&cast.owner, &cast.first, &cast.second);
    let patents: List<PatentId, 32> = vec![patent].try_into().unwrap();
    let proposal = transfer::Propose {
        patents: patents.clone(),
        from: vec![owner.party].try_into().unwrap(),
        to: vec![Transferee { party: buyer.party, share: None }].try_into().unwrap(),
        pricing: None,
        export: None,
        funder: None,
        proceeds: None,
        contract: digest("transfer"),
    };
    let application = pledge::Apply {
        patents,
        pledgors: vec![owner.party].try_into().unwrap(),
        pledgee: bank.id,
        debt: DebtKind::Loan,
        contract: digest("loan"),
        debt_term: Some(Term::new(cast.today, cast.today.add_months(6)).unwrap()),
        scope: Some("本金、利息、违约金".parse().unwrap()),
        maximum: None,
        forfeiture: false,
        insist_same_day: true,
        insist_invalidation: true,
        open_continues: false,
    };
    let (sellers, pledgors) = ([&owner.signer, &buyer.signer], [&owner.signer, &bank.signer]);
    let (transfer, pledge) = tokio::join!(
        send(&drill.network, a, &sellers, proposal),
        send(&drill.network, b, &pledgors, application),
    );
    let transfer = TransferId::new(transfer.unwrap().index, 0);
    let pledge = PledgeId::new(pledge.unwrap().index, 0);
    tokio::join!(holds(drill, a, pledge.position()), holds(drill, b, transfer.position()));
    let registrar = founder(&drill.network, Role::Registrar);
    let gazette = "演示公告".parse().unwrap();
    let recordal = format!("Y{}98{number:07}", cast.today.to_string().get(..4).unwrap());
    let recordal = recordal.parse().unwrap();
    let (first, second) = tokio::join!(
        Racer::new(drill, a, [&registrar], transfer::Register { transfer, gazette, on: cast.today }),
        Racer::new(drill, b, [&registrar], pledge::Register { pledge, number: recordal, on: cast.today }),
    );
    let racers = [first, second];
    let (winner, receipt, refusals) = race(drill, &racers, (a, b)).await;
    let why = match winner {
        0 => (Code::PledgeNotOwner, transfer.into()),
        _ => (Code::PledgeeConsentRequired, pledge.into()),
    };
    lost(drill, &receipt, &racers[1 - winner], &refusals, why).await;
    winner
}

/// Two institutions are granted an exclusive licence of one patent at once.
async fn licence_against_licence(drill: &Drill, cast: &Cast, patent: PatentId, number: usize) -> usize {
    let (a, b) = doors(number);
    let grant = |licensee: &Made| Grant {
        patents: vec![patent].try_into().unwrap(),
        licensors: vec![cast.owner.party].try_into().unwrap(),
        licensee: licensee.id,
        kind: LicenceKind::Exclusive,
        scope: Scope::default(),
        term: Term::new(cast.today, cast.today.add_months(6)).unwrap(),
        sublicence: false,
        under: None,
        fee: FeeClass::Lump,
        shares: List::new(),
        proceeds: None,
        beside: List::new(),
        export: None,
        funder: None,
        contract: digest("licence"),
    };
    let owner = &cast.owner.signer;
    let (first, second) = tokio::join!(
        Racer::new(drill, a, [owner, &cast.first.signer], grant(&cast.first)),
        Racer::new(drill, b, [owner, &cast.second.signer], grant(&cast.second)),
    );
    let racers = [first, second];
    let (winner, receipt, refusals) = race(drill, &racers, (a, b)).await;
    let why = (Code::LicenceConflict, LicenceId::new(receipt.index, 0).into());
    lost(drill, &receipt, &racers[1 - winner], &refusals, why).await;
    winner
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_acts_that_race_for_one_patent_exactly_one_stands_two_hundred_times() {
    let drill = Drill::start(13_000).await;
    let cast = Cast::enrol(&drill).await;
    drill.level(&ALL).await;
    let patents = real_patents(cast.today);
    assert!(patents.len() >= 2 * RACES, "the sample has {} living patents", patents.len());
    let wins: Vec<usize> = futures::stream::iter(patents.iter().take(2 * RACES).enumerate())
        .map(|(number, patent)| one(&drill, &cast, patent, number))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    assert_eq!(wins.len(), 2 * RACES);
    println!("the second of the two stands {} times of {}", wins.iter().sum::<usize>(), wins.len());
    drill.level(&ALL).await;
    drill.stop().await;
}

/// The race with this number: of one kind and of the other in turn.
async fn one(drill: &Drill, cast: &Cast, patent: &Registration, number: usize) -> usize {
    let patent = register(&drill.network, number % ALL.len(), patent, &[cast.owner.party]).await.unwrap();
    let (a, b) = doors(number / 2);
    tokio::join!(holds(drill, a, patent.position()), holds(drill, b, patent.position()));
    match number % 2 {
        0 => transfer_against_pledge(drill, cast, patent, number / 2).await,
        _ => licence_against_licence(drill, cast, patent, number / 2).await,
    }
}
