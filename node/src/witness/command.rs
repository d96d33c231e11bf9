//! The command `tongda-node witness`: make the witness's key, show what it cosigned.

use super::service::{Witness, WitnessedLog};
use super::{EvidenceFolder, OutsideWitness};
use crate::cosign::disk::Folder;
use crate::doctor::EVIDENCE;
use crate::run::{NodeDirectory, NodeError};
use rand::rngs::OsRng;
use std::path::{Path, PathBuf};
use tongda_genesis::keys::{KeyFile, Protection, Purpose};
use tongda_ledger::key::SigningKey;
use tongda_ledger::tree::{KeyName, NoteAlgorithm, NoteKey, origin};

/// Outside witnesses at most.
const OUTSIDE_LIMIT: usize = 16;

/// The folder in a node's directory of what the witness remembers.
const FOLDER: &str = "witness";

/// The node as a witness.
#[derive(clap::Args)]
pub struct Command {
    #[command(subcommand)]
    step: Step,
}

#[derive(clap::Subcommand)]
enum Step {
    /// Make the witness's key, if there is none, and print it for the logs' operators · 生成见证密钥.
    Init {
        /// The node's directory.
        #[arg(default_value = ".")]
        directory: PathBuf,
    },
    /// Print the witness's key, its logs, and the sizes it cosigned last · 查看见证情况.
    Show {
        /// The node's directory.
        #[arg(default_value = ".")]
        directory: PathBuf,
    },
}

impl Command {
    /// Does what is asked.
    ///
    /// # Errors
    /// [`NodeError`] when the configuration is wrong, or a file cannot be read or written.
    pub fn run(self) -> Result<(), NodeError> {
        match self.step {
            Step::Init { directory } => {
                let node = NodeDirectory::open(&directory)?;
                let secret = key(&node)?;
                println!(
                    "见证密钥 · the witness's key, for the operators of logs:\n{}",
                    note_key(&node, &secret)?
                );
            }
            Step::Show { directory } => {
                let node = NodeDirectory::open(&directory)?;
                let Some(witness) = open(&node)? else {
                    println!("未配置 · no [[witness.log]] in node.toml: this node witnesses nothing");
                    return Ok(());
                };
                println!("{}", witness.key());
                for (origin, size) in witness.sizes() {
                    match size {
                        Some(size) => println!("  {origin}: {size}"),
                        None => println!("  {origin}: 尚未见证 · nothing cosigned yet"),
                    }
                }
            }
        }
        Ok(())
    }
}

fn path(node: &NodeDirectory) -> PathBuf {
    node.path.join("keys").join("witness.key")
}

/// The witness's key of a node, made if there is none.
fn key(node: &NodeDirectory) -> Result<SigningKey, NodeError> {
    let path = path(node);
    if !path.exists() {
        KeyFile::generate(Purpose::Witness, &mut OsRng).save(&path, &Protection::OwnerOnly)?;
    }
    let secret = KeyFile::load(&path, || None)?.for_purpose(Purpose::Witness, &path)?;
    // A cosignature does not sign its maker's name: with the key of another purpose it would speak for that one too.
    for node in &node.genesis.founding.nodes.nodes {
        let public = secret.public();
        if [&node.vote_key, &node.cosign_key, &node.network_key].contains(&&public) {
            let error =
                "it is a node's key of the genesis file; remove this file, and a key of its own is made";
            return Err(NodeError::File { path, error: std::io::Error::other(error) });
        }
    }
    Ok(secret)
}

fn name(node: &NodeDirectory) -> Result<KeyName, NodeError> {
    if let Some(name) = &node.config.witness.name {
        return Ok(name.clone());
    }
    let name = format!("{}/witness/{}", origin(&node.genesis.network), node.config.name);
    name.parse().map_err(|error| NodeError::Witness(Box::new(super::WitnessError::Key(error))))
}

fn note_key(node: &NodeDirectory, secret: &SigningKey) -> Result<NoteKey, NodeError> {
    NoteKey::new(name(node)?, NoteAlgorithm::Cosignature, &secret.public())
        .map_err(|error| NodeError::Witness(Box::new(super::WitnessError::Key(error))))
}

/// The witness that a node is, if it is one.
///
/// # Errors
/// [`NodeError`] when its configuration is wrong, or key or memory cannot be read.
pub fn open(node: &NodeDirectory) -> Result<Option<Witness>, NodeError> {
    let logs: Vec<_> = node
        .config
        .witness
        .log
        .iter()
        .map(|log| WitnessedLog {
            origin: log.origin.clone(),
            keys: log.vkeys.clone(),
            threshold: log.threshold,
        })
        .collect();
    if logs.is_empty() {
        return Ok(None);
    }
    let path = node.path.join(FOLDER);
    let disk = Folder::open(&path).map_err(|error| NodeError::File { path, error })?;
    let witness = Witness::open(
        name(node)?,
        key(node)?,
        origin(&node.genesis.network),
        logs,
        Box::new(disk),
        evidence(&node.path),
    );
    witness.map(Some).map_err(|error| NodeError::Witness(Box::new(error)))
}

/// The folder of evidence of a node.
#[must_use]
pub fn evidence(directory: &Path) -> EvidenceFolder {
    EvidenceFolder::new(directory.join(EVIDENCE))
}

/// The outside witnesses of a node's configuration.
///
/// # Errors
/// [`NodeError::Outside`] when a key is none of a cosigner, or an address is none.
pub fn outside(node: &NodeDirectory) -> Result<Vec<OutsideWitness>, NodeError> {
    let read = |outside: &crate::config::OutsideConfig| {
        let wrong = |reason: &str| NodeError::Outside {
            name: outside.vkey.name().to_string(),
            reason: reason.into(),
        };
        if outside.vkey.algorithm() != NoteAlgorithm::Cosignature {
            return Err(wrong("its key is none of a cosigner (type 04)"));
        }
        let url: reqwest::Url =
            outside.url.parse().map_err(|_| wrong("`url` is no address, like https://host/path"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("`url` begins with http:// or https://"));
        }
        Ok(OutsideWitness { key: outside.vkey.clone(), url })
    };
    let outside = &node.config.witness.outside;
    match outside.get(OUTSIDE_LIMIT) {
        Some(one) => Err(NodeError::Outside {
            name: one.vkey.name().to_string(),
            reason: format!("more than {OUTSIDE_LIMIT} witnesses; their lines must fit under a checkpoint"),
        }),
        None => outside.iter().map(read).collect(),
    }
}
