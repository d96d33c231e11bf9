//! `tongda sep`: patents essential to standards.

use super::caller::Caller;
use super::failure::Failure;
use super::value::{Digest, PatentName, choice, list};
use clap::{Args, Subcommand};
use tongda_ledger::act::Act;
use tongda_ledger::act::standard::{self, StandardUndertaking};
use tongda_ledger::codec::Text;

/// Acts on standards.
#[derive(Subcommand, Debug)]
pub(crate) enum StandardAct {
    /// 声明标准必要专利（全体专利权人） · Declare patents essential to a standard; by all owners
    Declare(Declare),
}

/// `tongda sep declare`.
#[derive(Args, Debug)]
pub(crate) struct Declare {
    /// 专利，可多个 · The patents
    #[arg(required = true)]
    patents: Vec<PatentName>,
    /// 标准号 · The standard's number, as in GB/T 46961-2025
    #[arg(long, value_name = "NUMBER")]
    standard: Text<60>,
    /// 许可承诺：no-undertaking, frand, frand-royalty-free · What the owners undertake towards users of the standard
    #[arg(long, value_parser = choice::<StandardUndertaking>)]
    undertaking: StandardUndertaking,
    /// 声明的摘要 · The digest of the declaration: HASH or @FILE
    #[arg(long, value_name = "DIGEST")]
    document: Digest,
}

impl StandardAct {
    /// The act.
    pub(crate) async fn act(&self, caller: &Caller) -> Result<Act, Failure> {
        let Self::Declare(declare) = self;
        let act = standard::Declare {
            patents: list(&caller.patents(&declare.patents).await?, "patents")?,
            standard: declare.standard.clone(),
            undertaking: declare.undertaking,
            document: caller.plain(&declare.document)?,
        };
        Ok(act.into())
    }
}
