//! The validators change by the exchanges' votes while the network runs: who decides and who cosigns follows from the
//! genesis alone, link by link.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{ALL, Drill, PATIENCE, until};
use tongda_client::{Session, Signer};
use tongda_ledger::act::governance::{ChangeNodes, NodeChange, Vote};
use tongda_ledger::act::member::Role;
use tongda_ledger::certificate::{Asked, Certificate, Report};
use tongda_ledger::epoch::Epochs;
use tongda_ledger::identifier::ProposalId;
use tongda_tests::parties::signer;

/// The exchange that runs a node.
fn exchange(drill: &Drill, place: usize) -> Signer {
    let demonstration = &drill.network.demonstration;
    let exchange = demonstration.nodes[place].exchange;
    signer(demonstration.members.iter().find(|member| member.id == exchange).unwrap())
}

/// Gives a node another power by the votes of the first three exchanges.
async fn reweigh(drill: &Drill, place: usize, power: u64) {
    let name = drill.network.demonstration.nodes[place].name.parse().unwrap();
    let proposer = exchange(drill, 0);
    let session = Session::open(drill.node(0).clone(), proposer.clone()).await.unwrap();
    let act = ChangeNodes {
        exchange: proposer.member(),
        change: NodeChange::Reweigh { name, power },
        reason: "演示：演练".parse().unwrap(),
    };
    let proposed = session.propose(act).send().await.unwrap();
    let proposal = ProposalId::new(proposed.index, 0);
    for voter in 0..3 {
        let exchange = exchange(drill, voter);
        let vote = Vote { proposal, exchange: exchange.member(), in_favour: true };
        let session = Session::open(drill.node(voter).clone(), exchange).await.unwrap();
        session.propose(vote).send().await.unwrap();
    }
}

/// Waits until a node certifies the registrar as of a checkpoint that covers this log index; the report on it, by whoever
/// has nothing but the genesis.
async fn certified(drill: &Drill, place: usize, index: u64) -> Report {
    let founding = &drill.network.demonstration.founding;
    let registrar = drill.network.founder(Role::Registrar).unwrap().id;
    let epochs = Epochs::of(founding).unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/v1/certificates/members/{registrar}", drill.network.nodes[place].url);
    let mut found = None;
    until(&format!("a certificate that covers {index} at node {place}"), PATIENCE, async || {
        let asked = http.get(&url).header("Accept", "application/octet-stream").send().await;
        let Ok(answer) = asked.and_then(reqwest::Response::error_for_status) else { return false };
        let bytes = answer.bytes().await.unwrap();
        let (_, report) = Certificate::verify_bytes(&bytes, &epochs, &Asked::default());
        assert!(report.holds, "{report:?}");
        let covers = report.as_of.as_ref().is_some_and(|as_of| as_of.size > index);
        found = Some(report);
        covers
    })
    .await;
    found.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_is_voted_out_and_in_again_and_certificates_follow_from_the_genesis() {
    let mut drill = Drill::start(20_000).await;
    let before = drill.record(0, "演示：四个节点表决").await;
    let report = certified(&drill, 0, before.index).await;
    assert_eq!(report.rests_on.unwrap().epoch, 0);

    reweigh(&drill, 3, 0).await;
    drill.level(&ALL).await;
    // The block that changed them is cosigned by those before; the one behind it by the three.
    let without = drill.record(1, "演示：三个节点表决").await;
    for place in ALL {
        let rests_on = certified(&drill, place, without.index).await.rests_on.unwrap();
        assert_eq!((rests_on.epoch, rests_on.cosigners.contains(&"sichuan".to_owned())), (1, false));
    }

    // Without a vote it is missed by nobody, and while it follows, two of the three decide nothing.
    drill.network.stop_node(3).await;
    drill.record(0, "演示：离开的节点无人等待").await;
    drill.network.stop_node(2).await;
    let stood = drill.height(0).await;
    let stopped = drill.node(0).clone().patient(std::time::Duration::from_secs(5));
    let session =
        Session::open(stopped, signer(drill.network.founder(Role::Registrar).unwrap())).await.unwrap();
    assert!(session.propose(common::party("演示：无法决定")).send().await.is_err());
    assert_eq!(drill.height(0).await, stood);
    drill.run(2).await;
    drill.run(3).await;
    drill.level(&ALL).await;

    reweigh(&drill, 3, 1).await;
    drill.level(&ALL).await;
    drill.network.stop_node(1).await;
    let again = drill.record(0, "演示：其余三个节点表决").await;
    let rests_on = certified(&drill, 3, again.index).await.rests_on.unwrap();
    assert_eq!((rests_on.epoch, rests_on.cosigners.contains(&"sichuan".to_owned())), (2, true));
    drill.run(1).await;
    drill.level(&ALL).await;
    drill.stop().await;
}
