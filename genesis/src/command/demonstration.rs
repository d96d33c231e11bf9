//! Print the genesis file of a demonstration network.

use super::{Failure, say};
use tongda_genesis::demonstration::{Addresses, Demonstration};
use tongda_ledger::identifier::Timestamp;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// 交易机构数 · How many exchanges, 1 to 7
    #[arg(long, default_value_t = 4)]
    exchanges: usize,
    /// 种子，决定所有密钥 · The seed of all keys
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 首个端口 · The first port; every node takes three, ten apart
    #[arg(long, default_value_t = 26_600)]
    port: u16,
    /// 起始时间 · When the network begins
    #[arg(long, default_value = "2026-01-01T00:00:00Z")]
    start: Timestamp,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let addresses = Addresses::local_range(arguments.port, arguments.exchanges);
    let demonstration = Demonstration::new(arguments.seed, &addresses, arguments.start)
        .map_err(|error| Failure::Use(error.to_string()))?;
    say(demonstration.genesis_file().trim_end())
}
