//! What the caller believes without asking a node: the genesis file, witnesses, how old a proof may be, what is kept.

use super::caller::{Caller, now, read_text};
use super::failure::Failure;
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;
use tongda_client::light::{Folder, Light, Verified, check_age};
use tongda_client::verify::{Trust, Witnesses};
use tongda_genesis::file::Genesis;
use tongda_ledger::founding::Founding;
use tongda_ledger::tree::NoteKey;

/// The heading in the help.
const HEADING: &str = "Trust";
/// A genesis file is at most this long.
const GENESIS_LIMIT: usize = 1 << 22;

/// What is believed.
#[derive(Args, Debug)]
pub(crate) struct Belief {
    /// 创世文件：一切证明的起点 · The genesis file: what every proof begins with
    #[arg(long, env = "TONGDA_GENESIS", global = true, value_name = "FILE", help_heading = HEADING)]
    pub(crate) genesis: Option<PathBuf>,
    /// 外部见证人的公钥，可重复 · The key of a witness outside the network; repeatable
    #[arg(long, env = "TONGDA_WITNESS", global = true, value_name = "VKEY", value_delimiter = ',', help_heading = HEADING)]
    pub(crate) witness: Vec<NoteKey>,
    /// 须有几个见证人联署，缺省为全部 · How many of them must have signed; without it, all named
    #[arg(long, global = true, value_name = "K", help_heading = HEADING)]
    pub(crate) witnesses: Option<usize>,
    /// 证明最多早于本机时间多久，如 30m、1h、2d · How old a proof may be, like 30m, 1h, 2d
    #[arg(long, global = true, value_name = "TIME", value_parser = span, help_heading = HEADING)]
    pub(crate) max_age: Option<Duration>,
    /// 查询结果须经证明 · Believe what is read of one object only with its proof
    #[arg(long, global = true, help_heading = HEADING)]
    pub(crate) verify: bool,
    /// 存放已核验之物的文件夹 · Where what was verified is kept [default: tongda in the user's data folder]
    #[arg(long, env = "TONGDA_DATA", global = true, value_name = "DIR", help_heading = HEADING)]
    pub(crate) data: Option<PathBuf>,
    /// 存放回执的文件夹 · Where receipts are kept [default: receipts in the network's folder of --data]
    #[arg(long, env = "TONGDA_RECEIPTS", global = true, value_name = "DIR", help_heading = HEADING)]
    pub(crate) receipts: Option<PathBuf>,
    /// 不取回执 · Keep no receipt of what is sent
    #[arg(long, global = true, conflicts_with = "receipts", help_heading = HEADING)]
    pub(crate) no_receipt: bool,
}

/// A span of time: a number and `s`, `m`, `h` or `d`.
fn span(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is no span of time; write it like 90s, 30m, 1h or 2d");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    number.checked_mul(seconds).map(Duration::from_secs).ok_or_else(wrong)
}

impl Caller {
    /// The founding of the network: from the genesis file; without one, from the node, if the network's id is named.
    pub(crate) async fn founding(&self) -> Result<Founding, Failure> {
        let text = match (&self.options.belief.genesis, self.options.network) {
            (Some(path), _) => read_text(path)?,
            (None, Some(_)) => {
                let bytes = self.node.file("log/genesis", GENESIS_LIMIT).await?;
                String::from_utf8(bytes).map_err(|_| "the node's genesis file is no text")?
            }
            (None, None) => {
                return Err(Failure::Usage(
                    "no genesis file: name it with --genesis FILE or TONGDA_GENESIS; or name the network's id with \
                     --network, and the node's file is taken if it has that id"
                        .into(),
                ));
            }
        };
        let genesis =
            Genesis::parse(&text).map_err(|error| Failure::Broken(format!("the genesis file: {error}")))?;
        match self.options.network {
            Some(id) if id != genesis.network.0 => Err(Failure::Broken(format!(
                "the genesis file is of the network {}, not of {id}",
                genesis.network
            ))),
            _ => Ok(genesis.founding),
        }
    }

    /// Whether there is something to begin a proof with.
    pub(crate) fn believes(&self) -> bool {
        self.options.belief.genesis.is_some() || self.options.network.is_some()
    }

    /// The witnesses named.
    pub(crate) fn witnesses(&self) -> Result<Witnesses, Failure> {
        let belief = &self.options.belief;
        let needed = belief.witnesses.unwrap_or(belief.witness.len());
        if needed > belief.witness.len() {
            let text =
                format!("--witnesses {needed}: only {} are named with --witness", belief.witness.len());
            return Err(Failure::Usage(text));
        }
        Ok(Witnesses { keys: belief.witness.clone(), needed })
    }

    /// The folder of a network's verified things.
    pub(crate) fn folder(&self, founding: &Founding) -> Result<Folder, Failure> {
        let home = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let data = self
            .options
            .belief
            .data
            .clone()
            .or_else(|| home("XDG_DATA_HOME").map(|data| data.join("tongda")))
            .or_else(|| home("HOME").map(|home| home.join(".local/share/tongda")))
            .ok_or("no folder for what was verified: name one with --data DIR or TONGDA_DATA")?;
        Ok(Folder::new(&data, &founding.network()))
    }

    /// A light client of the network, with what is kept of it.
    pub(crate) async fn light(&self) -> Result<Light, Failure> {
        let founding = self.founding().await?;
        Ok(Light::open(self.belief(&founding)?, self.folder(&founding)?)?)
    }

    /// The newest checkpoint, verified, and as young as asked.
    pub(crate) async fn follow(&self, light: &mut Light) -> Result<Verified, Failure> {
        let verified = light.follow(&self.node).await?;
        if let Some(limit) = self.options.belief.max_age {
            check_age(verified.quorum.time, now().milliseconds() / 1_000, limit)?;
        }
        Ok(verified)
    }

    /// What an offline verification starts from; epochs that are kept are taken along.
    pub(crate) async fn trust(&self) -> Result<Trust, Failure> {
        let founding = self.founding().await?;
        let mut trust = self.belief(&founding)?;
        if let Ok(folder) = self.folder(&founding) {
            trust.learn(&folder.epochs()?).map_err(Failure::Broken)?;
        }
        Ok(trust)
    }

    /// The founding, the witnesses and the age that the options name.
    fn belief(&self, founding: &Founding) -> Result<Trust, Failure> {
        let wrong =
            |error: tongda_ledger::epoch::SignersError| Failure::Broken(format!("the genesis file: {error}"));
        let mut trust = Trust::new(founding).map_err(wrong)?;
        trust.witnesses = self.witnesses()?;
        trust.age = self.options.belief.max_age.map(|limit| (limit, now()));
        Ok(trust)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time_have_a_unit() {
        assert_eq!(span("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(span("2d"), Ok(Duration::from_secs(172_800)));
        for wrong in ["", "1", "h", "-1h", "1 h", "1小时", "99999999999999999999d"] {
            assert!(span(wrong).is_err(), "{wrong:?}");
        }
    }
}
