//! A long timeline comes in pages of a hundred, each event once, with who acted and when.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::Drill;
use tongda_client::Session;
use tongda_ledger::act::Act;
use tongda_ledger::act::member::Role;
use tongda_ledger::act::patent::{Correct, Correction, Owner, Register, Stage};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{PartyId, PatentId};
use tongda_tests::parties::founder;

fn patent(owner: PartyId) -> Register {
    Register {
        number: "202010000001.1".parse().unwrap(),
        publication: None,
        title: "一种演示装置".parse().unwrap(),
        filing: "2020-01-15".parse().ok(),
        stage: Stage::Granted { on: "2022-03-01".parse().ok() },
        owners: vec![Owner { party: owner, share: None }].try_into().unwrap(),
        undisclosed_owners: 0,
        classification: "G06Q 50/18".parse().ok(),
        industry: None,
        same_day: None,
        funded: false,
        source: Hash([7; 32]),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_hundred_events_are_paged_through_without_a_gap_or_a_double() {
    let drill = Drill::start(19_400).await;
    let party = drill.record(0, "演示：权利人").await;
    let session =
        Session::open(drill.node(0).clone(), founder(&drill.network, Role::Registrar)).await.unwrap();
    let registered = session.propose(patent(PartyId::new(party.index, 0))).send().await.unwrap();
    let patent = PatentId::new(registered.index, 0);
    let corrections = (0..240).map(|number| {
        let title = format!("一种演示装置之{number}").parse().unwrap();
        let reason = "演示".parse().unwrap();
        let act: Act = Correct { patent, correction: Correction::Title { title }, reason }.into();
        session.propose(act).send()
    });
    let mut places: Vec<_> = futures::future::join_all(corrections)
        .await
        .into_iter()
        .map(|receipt| receipt.map(|receipt| (receipt.index, receipt.height)).unwrap())
        .collect();
    places.push((registered.index, registered.height));
    places.sort_unstable();
    let (mut before, mut pages, mut events) = (None, Vec::new(), Vec::new());
    loop {
        let page = drill.node(0).patent_events(patent, before, 1_000).await.unwrap();
        pages.push(page.items.len());
        events.extend(page.items);
        match page.next {
            Some(next) => before = Some(next.parse().unwrap()),
            None => break,
        }
    }
    assert_eq!(pages, [100, 100, 41]);
    for ((event, number), place) in events.iter().rev().zip(1..).zip(&places) {
        assert_eq!((event.number, event.record.position(), event.height), (number, place.0, place.1));
        assert!(event.author.is_some() && event.author_name.is_some());
    }
    assert_eq!(events.last().unwrap().what, "patent.register");
    assert_eq!(events[0].what, "patent.correct");
    drill.stop().await;
}
