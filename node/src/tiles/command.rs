//! `tongda-node tiles`: the log as static files.

use super::{ChainSource, Exported, NodeSource, export};
use crate::api::checkpoints::{keys_text, policy_text};
use crate::cosign::Checkpoints;
use crate::run::{NodeDirectory, NodeError, open_chain};
use crate::witness::{Kept, kept};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// What is done with the log's tiles.
#[derive(clap::Subcommand)]
pub enum Tiles {
    /// Bring a folder level with a published checkpoint; only what is new is written · 导出日志为静态文件.
    Export(Export),
}

/// Exports the log into a folder.
#[derive(clap::Args)]
pub struct Export {
    /// The folder; it may hold an earlier export.
    folder: PathBuf,
    /// The node's directory; the node must not run.
    #[arg(long, default_value = ".", conflicts_with = "from")]
    node: PathBuf,
    /// The address of a running node instead.
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// The size of a published checkpoint, or `newest`.
    #[arg(long, default_value = "newest")]
    checkpoint: Which,
}

/// Which checkpoint.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The newest published one.
    Newest,
    /// The published one of this size.
    Size(u64),
}

impl FromStr for Which {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "newest" => Ok(Self::Newest),
            size => {
                size.parse().map(Self::Size).map_err(|_| "`newest`, or the size of a published checkpoint")
            }
        }
    }
}

impl Which {
    /// The resource below `/log/`.
    fn name(self) -> String {
        match self {
            Self::Newest => "checkpoint".into(),
            Self::Size(size) => format!("checkpoints/{size}"),
        }
    }
}

impl Tiles {
    /// Does it.
    ///
    /// # Errors
    /// [`NodeError`] says why it was broken off; the folder's checkpoint is then the one from before.
    pub fn run(self) -> Result<(), NodeError> {
        let Self::Export(Export { folder, node, from, checkpoint }) = self;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| NodeError::File { path: "the async runtime".into(), error })?;
        let exported = match from {
            Some(url) => {
                let source = NodeSource::new(&url)?;
                runtime.block_on(export(&source, &folder, &checkpoint.name()))?
            }
            None => {
                let source = source(&node, checkpoint)?;
                runtime.block_on(export(&source, &folder, &checkpoint.name()))?
            }
        };
        tell(&folder, &exported);
        Ok(())
    }
}

/// What a node's directory gives.
fn source(directory: &Path, checkpoint: Which) -> Result<ChainSource, NodeError> {
    let node = NodeDirectory::open(directory)?;
    let (chain, _) = open_chain(&node)?;
    chain.fill_hashes()?;
    let (checkpoints, _) = Checkpoints::open(&node.path, chain.network(), node.log_key()?)?;
    let published = match checkpoint {
        Which::Newest => checkpoints.newest(),
        Which::Size(size) => checkpoints.at(size)?,
    };
    let mut resources = BTreeMap::from([("genesis".to_owned(), node.genesis_text.into_bytes())]);
    if let Some(published) = published {
        let path = node.path.join(kept::FILE);
        let witnessed = Kept::open(&path).map_err(|error| NodeError::File { path, error })?;
        resources.insert(checkpoint.name(), witnessed.with(&published.signed).to_string().into_bytes());
    }
    let (name, key) = (node.genesis.founding.name.as_str(), checkpoints.log_key());
    let mut put = |resource: String, text: String| resources.insert(resource, text.into_bytes());
    if let (Ok(policy), Ok(keys)) = (policy_text(&chain, key, name, None), keys_text(&chain, key)) {
        put("policy".into(), policy);
        put("keys".into(), keys);
    }
    Ok(ChainSource { chain, resources })
}

fn tell(folder: &Path, exported: &Exported) {
    let Exported { size, root, blocks, before, files, bytes } = exported;
    println!(
        "已导出 · exported into {}: {size} entries in {blocks} blocks ({} of them new), {files} files and {bytes} bytes \
         written\n根 · root {root}",
        folder.display(),
        size - before,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_named_newest_or_by_its_size() {
        assert_eq!("newest".parse(), Ok(Which::Newest));
        assert_eq!("70000".parse(), Ok(Which::Size(70_000)));
        assert_eq!(Which::Size(70_000).name(), "checkpoints/70000");
        assert!("".parse::<Which>().is_err() && "-1".parse::<Which>().is_err());
    }
}
