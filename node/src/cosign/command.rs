//! Make the guard of a fresh cosigning key: `tongda-node cosign init`.

use super::guard::{self, Found, Guard, NAME};
use super::{Checkpoints, CheckpointsError};
use crate::run::{NodeDirectory, NodeError, open_chain};
use std::io;
use std::path::PathBuf;
use tongda_genesis::keys::Purpose;
use tongda_ledger::key::SigningKey;
use tongda_ledger::vote::Address;

/// What `tongda-node cosign` does.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Make the guard of a key that has never cosigned; the node must not run. Refused where the key has a guard, or may
    /// have lost one · 为新密钥建立联署守护文件.
    Init {
        /// The node's directory, with the new keys in keys/.
        #[arg(default_value = ".")]
        directory: PathBuf,
    },
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    /// [`NodeError`] says why a guard is not made.
    pub fn run(self) -> Result<(), NodeError> {
        let Self::Init { directory } = self;
        let node = NodeDirectory::open(&directory)?;
        // Held until the guard is there: no node runs here meanwhile.
        let (chain, opening) = open_chain(&node)?;
        let key = node.key(Purpose::Cosign, "cosign")?;
        let disk = guard::folder(&node.consensus())?;
        let refuse = |reason: &str| NodeError::File {
            path: node.consensus().join(NAME),
            error: io::Error::other(reason.to_owned()),
        };
        if opening.height > 0 && guard::look(&disk)? == Found::Nothing {
            return Err(refuse(
                "the guard is gone although the node has run, and whose it was is not known. Start the node once with its \
                 old keys, so that this is noted; it will vote and cosign nothing. Then give it new keys",
            ));
        }
        if has_cosigned(&node, &key)? {
            return Err(refuse(
                "keys/cosign.key has cosigned published checkpoints, so this key had a guard and it is lost: only a key \
                 that is new is safe",
            ));
        }
        let guard = Guard::make(disk, chain.network(), key)?;
        println!("已建立联署守护文件 · made the cosigning guard of {}", guard.key());
        println!("  {}", node.consensus().join(NAME).display());
        Ok(())
    }
}

/// Whether a published checkpoint bears a cosignature of this node with this key.
fn has_cosigned(node: &NodeDirectory, key: &SigningKey) -> Result<bool, NodeError> {
    let path = node.path.join(super::checkpoints::FILE);
    if !path.exists() {
        return Ok(false);
    }
    let own = Address::of(&node.key(Purpose::Vote, "vote")?.public());
    // The log's line is not looked at: any key will do to read the file.
    let opened: Result<_, CheckpointsError> =
        Checkpoints::open(&node.path, node.genesis.network, key.clone());
    let (_, opening) = opened?;
    Ok(opening.of_signers.iter().any(|cosigned| {
        let text = cosigned.tree.text(&node.genesis.network);
        cosigned.signer == own || cosigned.cosignature.verify(&key.public(), &text).is_ok()
    }))
}
