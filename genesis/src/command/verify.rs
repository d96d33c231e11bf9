//! Check a genesis file: consistent in itself, signed by all exchanges, with one's own entries as one applied.

use super::{Failure, genesis, read, refused, say};
use std::path::{Path, PathBuf};
use tongda_genesis::application::{Application, compare};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// 创世文件 · The genesis file
    genesis: PathBuf,
    /// 本机构的申请，逐项核对 · One's own application, to be compared value by value; may be given several times
    #[arg(long = "application", value_name = "FILE")]
    applications: Vec<PathBuf>,
    /// 不检查签名，用于签名之前 · Leave the signatures aside: before all have signed
    #[arg(long)]
    unsigned: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let path = &arguments.genesis;
    let (genesis, text) = genesis(path)?;
    for application in &arguments.applications {
        compare_with(&text, path, application)?;
    }
    let found = if arguments.unsigned {
        "内容一致，签名未查。 Consistent; the signatures were not checked."
    } else {
        genesis.verify().map_err(|error| refused(path, &error))?;
        "内容一致，签名齐全。 Consistent, and signed by every exchange."
    };
    say(&format!("{found}\nnetwork-id {}", genesis.network))
}

/// Compares a genesis file with an application on disk, and gives the application back.
pub(super) fn compare_with(genesis: &str, path: &Path, application: &Path) -> Result<Application, Failure> {
    let text = read(application)?;
    let applied = Application::parse(&text).map_err(|error| refused(application, &error))?;
    compare(genesis, &text).map_err(|error| refused(path, &error))?;
    Ok(applied)
}
