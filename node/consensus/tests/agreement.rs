//! Networks of four engines in one process: they agree, rest, catch up and pass over who does not do its part.

mod common;

use bytes::Bytes;
use common::{Conduct, Net};

const BUSY: Conduct = Conduct { busy: true, filler: 1000, makes_invalid: false, fails_at: None, change: None };

#[tokio::test(flavor = "multi_thread")]
async fn four_nodes_agree_on_twenty_blocks_with_certificates_that_verify() {
    let mut net = Net::new(4, 4, &BUSY);
    net.start();
    net.all_reached(20).await;
    net.stop().await;
    net.audit();
    for node in &net.nodes {
        assert!(node.ledger.tip() >= 20);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_network_makes_no_blocks_until_there_is_work() {
    let mut net = Net::new(4, 4, &Conduct::default());
    net.start();
    net.all_reached(1).await;
    let height = net.all_rest().await;
    let payload = Bytes::from_static(b"a record");
    net.submit(&payload);
    net.all_reached(height).await;
    assert_eq!(net.all_rest().await, height + 1);
    net.stop().await;
    net.audit();
    assert_eq!(net.nodes[0].ledger.block(height).payload, payload);
}
