//! Random histories over a few members and patents: whatever is tried, what must hold of the state holds.
//!
//! A history is drawn from one seed, which every failure prints. Each step tries one act of one family, mostly signed by
//! whom it needs, in a block of its own.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

mod kit;

use kit::history::{History, STEPS};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_must_hold_holds_in_every_history(seed: u64) {
        let mut history = History::new(seed);
        for _ in 0..STEPS {
            history.step();
        }
        prop_assert_eq!(history.world.replayed(), history.world.state, "replay, seed {}", seed);
    }
}

/// A property that no history comes near proves nothing: over some seeds, these acts have effect.
#[test]
fn histories_reach_every_family_of_acts() {
    let mut effective = std::collections::BTreeMap::new();
    for seed in 0..16 {
        let mut history = History::new(seed);
        for _ in 0..STEPS {
            history.step();
        }
        for name in history.effective {
            *effective.entry(name).or_insert(0) += 1;
        }
    }
    for name in [
        "transfer.propose",
        "transfer.register",
        "pledge.apply",
        "pledge.register",
        "pledge.release",
        "pledge.consent",
        "consent.give",
        "consent.decline",
        "patent.freeze",
        "patent.life",
        "open.declare",
        "open.announce",
        "open.notice",
        "open.pay",
        "open.withdraw",
        "open.close",
        "licence.grant",
        "licence.record",
        "licence.end",
    ] {
        assert!(
            effective.contains_key(name),
            "no history of the seeds 0 to 15 brought {name}: {effective:?}"
        );
    }
}
