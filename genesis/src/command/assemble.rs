//! Assemble applications into a genesis file, as the coordinator: it decides the network's name, start and parameters.

use super::{Failure, read, refused, say, write_new};
use std::path::PathBuf;
use tongda_genesis::application::{Application, Plan, assemble};
use tongda_genesis::file::parse_parameters;
use tongda_genesis::tables::Tables;
use tongda_ledger::codec::Text;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::Timestamp;
use tongda_ledger::state::{Anchor, Parameters};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// 申请文件，次序即成员编号 · The applications; their order numbers the members
    #[arg(required = true)]
    applications: Vec<PathBuf>,
    /// 网络名称 · The network's name
    #[arg(long)]
    name: Text<200>,
    /// 起始时间 · When it begins: 2026-01-01T00:00:00Z
    #[arg(long)]
    start: Timestamp,
    /// 演示网络 · Members, fees and declarations are made for demonstration
    #[arg(long)]
    demonstration: bool,
    /// 前一网络最终检查点的散列 · Hash of the final checkpoint of the network that this one succeeds
    #[arg(long, value_name = "HEX")]
    predecessor: Option<Hash>,
    /// 参数文件 · A file with a section [parameters], as in a genesis file; without it the law's own figures
    #[arg(long, value_name = "FILE")]
    parameters: Option<PathBuf>,
    /// 创世文件 · The genesis file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut applications = Vec::new();
    for path in &arguments.applications {
        applications.push(Application::parse(&read(path)?).map_err(|error| refused(path, &error))?);
    }
    let parameters = match &arguments.parameters {
        Some(path) => parse_parameters(&read(path)?).map_err(|error| refused(path, &error))?,
        None => Parameters::default(),
    };
    let plan = Plan {
        name: arguments.name.clone(),
        anchor: Anchor {
            start: arguments.start,
            predecessor: arguments.predecessor,
            demonstration: arguments.demonstration,
        },
        parameters: Parameters { tables: Tables::named(), ..parameters },
    };
    let text = assemble(plan, &applications).map_err(|error| Failure::Refused(error.to_string()))?;
    write_new(&arguments.out, &text)?;
    say(&format!(
        "{}\n请将此文件分送各交易机构核对并签名。\nSend it to every exchange, to be verified and signed.",
        arguments.out.display()
    ))
}
