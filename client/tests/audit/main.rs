//! A log is audited from wherever it is read, and whatever is wrong with it is found and named.
#![allow(clippy::unwrap_used, reason = "a broken assumption of a test fails it")]

#[path = "../history/mod.rs"]
mod history;

mod altered;
mod consistent;
mod servers;
mod sound;

use history::Chain;
use std::path::Path;
use std::sync::Arc;
use tongda_client::audit::{Audit, Directory, Report, Unwatched, run};

/// The audit of an exported log.
fn audit(chain: &Chain, folder: &Path) -> Audit {
    Audit {
        genesis: chain.genesis(),
        source: Arc::new(Directory::new(folder)),
        also: Vec::new(),
        kept: None,
        from_genesis: false,
        cores: 2,
        machine: None,
    }
}

fn report(audit: &Audit) -> Report {
    run(audit, &mut Unwatched).unwrap()
}
