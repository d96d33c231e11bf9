//! Too few nodes decide nothing, enough of them go on; a node whose clock is wrong is told so and stops nobody.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{ALL, Drill, Load, PATIENCE, until};
use std::time::{Duration, Instant};

/// How long a network is watched that is to do nothing.
const WATCHED: Duration = Duration::from_secs(5);

/// Checks that these nodes make no block while they are watched.
async fn makes_no_block(drill: &Drill, places: &[usize]) {
    let before = futures::future::join_all(places.iter().map(|place| drill.height(*place))).await;
    let end = Instant::now() + WATCHED;
    while Instant::now() < end {
        let now = futures::future::join_all(places.iter().map(|place| drill.height(*place))).await;
        assert_eq!(now, before, "at the nodes {places:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Waits until a network has nothing left to decide: no record waits, and a checkpoint covers the last block.
async fn rests(drill: &Drill, places: &[usize]) {
    until("the network to rest", PATIENCE, async || {
        for place in places {
            let peers = drill.json(*place, "v1/peers").await;
            let block = drill.node(*place).block(drill.height(*place).await).await.unwrap();
            if peers["consensus"]["resting"] != true || !block.seal.is_checkpoint() {
                return false;
            }
        }
        true
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_four_decide_nothing_and_all_four_go_on() {
    let mut drill = Drill::start(12_000).await;
    let load = Load::start(&drill, &[0, 1]);
    load.acknowledges(10).await;
    drill.network.stop_node(2).await;
    drill.network.kill(3).await.unwrap();
    // What the two had been told of by then is decided; from there on there is no quorum.
    until("the two to stand still at one height", PATIENCE, async || {
        let first = (drill.height(0).await, drill.height(1).await);
        tokio::time::sleep(Duration::from_millis(1500)).await;
        first.0 == first.1 && first == (drill.height(0).await, drill.height(1).await)
    })
    .await;
    makes_no_block(&drill, &[0, 1]).await;
    drill.no_fork(&[0, 1]).await;
    let ready = drill.node(0).readiness().await.unwrap();
    assert!(!ready.ready && ready.reasons.iter().any(|reason| reason.contains("quorum")), "{ready:?}");
    let stood = drill.height(0).await;

    for place in [2, 3] {
        drill.network.run(place, &[]).unwrap();
    }
    until("a block within 10 s of the quorum's return", Duration::from_secs(10), async || {
        drill.height(0).await > stood
    })
    .await;
    load.acknowledges(10).await;
    let receipts = load.stop().await;
    for place in [2, 3] {
        drill.network.wait_until_ready(place).await.unwrap();
    }
    drill.level(&ALL).await;
    drill.nothing_is_missing(&receipts, &ALL).await;
    drill.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_without_work_makes_no_blocks_and_goes_on_at_once_when_a_record_comes() {
    let drill = Drill::start(12_100).await;
    drill.record(0, "演示：静止之前").await;
    drill.level(&ALL).await;
    rests(&drill, &ALL).await;
    makes_no_block(&drill, &ALL).await;
    let rest = drill.level(&ALL).await;
    for place in ALL {
        let receipt = drill.record(place, &format!("演示：静止之后 {place}")).await;
        assert!(receipt.height > rest.height);
        drill.reached(place, receipt.height).await;
    }
    drill.level(&ALL).await;
    drill.stop().await;
}

/// Ten minutes ahead, its proposals come from the future and are refused; ten minutes behind, it refuses the others'.
/// Either way three of four decide, and the node follows them.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_whose_clock_is_ten_minutes_off_is_told_so_and_stops_nobody() {
    let mut drill = Drill::start(12_200).await;
    for (offset, refused_by) in [("600000", 0), ("-600000", 3)] {
        drill.network.stop_node(3).await;
        let befores = ALL.map(|place| drill.network.node_log(place).len());
        drill.network.run(3, &[("TONGDA_CLOCK_OFFSET_MS", offset)]).unwrap();
        let load = Load::start(&drill, &[0, 1, 2]);
        // A validator leads every fourth height: within these blocks its turn has come.
        let from = drill.height(0).await.max(1);
        drill.reached(0, from + 12).await;
        let log = |drill: &Drill, place: usize| drill.log_since(place, befores[place]);
        until("a block to be refused for its time", PATIENCE, async || {
            log(&drill, refused_by).contains("ahead of the clock")
        })
        .await;
        until("the node to be told", PATIENCE, async || {
            drill.node(3).readiness().await.is_ok_and(|readiness| {
                !readiness.ready && readiness.reasons.iter().any(|reason| reason.contains("clock"))
            })
        })
        .await;
        let told = log(&drill, 3);
        assert!(told.contains("校准时钟") && told.contains("ahead_ms"), "{told}");
        let receipts = load.stop().await;
        drill.level(&ALL).await;
        drill.nothing_is_missing(&receipts, &ALL).await;
        times_are_sound(&drill, from).await;
    }
    // With its clock set it is a node like any other.
    drill.network.stop_node(3).await;
    drill.run(3).await;
    drill.record(3, "演示：时钟已校准").await;
    drill.level(&ALL).await;
    drill.stop().await;
}

/// Checks that no block above `from` is from the future or out of order.
async fn times_are_sound(drill: &Drill, from: u64) {
    let now = tongda_tests::parties::now();
    let mut before = drill.node(0).block(from).await.unwrap().seal.time;
    for height in from + 1..=drill.height(0).await {
        let time = drill.node(0).block(height).await.unwrap().seal.time;
        assert!(
            before < time && time <= now.plus_milliseconds(2_000),
            "block {height} at {time}, after {before}"
        );
        before = time;
    }
}
