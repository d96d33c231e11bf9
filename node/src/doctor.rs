//! Look for what is wrong with a node's files, without changing anything, and say what would cure it.
//!
//! Above all: is there evidence that somebody signed two histories? See [`crate::witness::evidence`].

use crate::cosign::Finding;
use crate::run::{NodeDirectory, NodeError};
use crate::witness::EvidenceFolder;
use crate::witness::evidence::Found;
use std::path::{Path, PathBuf};
use tongda_ledger::evidence::{Evidence, EvidenceError};
use tongda_ledger::tree::{NoteError, NoteKey, NoteKeyError, SignedBy, cosigner_key};
use tongda_ledger::vote::Address;

/// The folder of evidence in a node's directory.
pub const EVIDENCE: &str = "evidence";

/// Looks into a node's directory.
#[derive(clap::Args)]
pub struct Doctor {
    /// The node's directory.
    #[arg(default_value = ".")]
    directory: PathBuf,
    /// More keys to judge evidence by: a file with one verifier key a line.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
}

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Lines for a person.
    pub lines: Vec<String>,
    /// How many of the things found need somebody.
    pub troubles: usize,
}

impl Doctor {
    /// Prints what is found; whether nothing needs anybody.
    ///
    /// # Errors
    /// [`NodeError`] when configuration, genesis or evidence cannot be read.
    pub fn run(self) -> Result<bool, NodeError> {
        let node = NodeDirectory::open(&self.directory)?;
        let mut known = known_keys(&node)?;
        if let Some(path) = &self.keys {
            known.extend(read_keys(path)?);
        }
        let findings = examine(&node, &known)?;
        for line in &findings.lines {
            println!("{line}");
        }
        Ok(findings.troubles == 0)
    }
}

/// The keys by which a node judges evidence: the cosigners of its genesis, its witnessed logs, its outside witnesses.
fn known_keys(node: &NodeDirectory) -> Result<Vec<NoteKey>, NodeError> {
    let genesis = &node.genesis;
    let validators = genesis.founding.nodes.nodes.iter().filter(|node| node.power > 0);
    let cosigners = validators
        .map(|node| cosigner_key(&genesis.network, &Address::of(&node.vote_key), &node.cosign_key))
        .collect::<Result<Vec<_>, NoteKeyError>>()
        .map_err(|error| unreadable(Path::new("genesis.toml"), error))?;
    let witness = &node.config.witness;
    let logs = witness.log.iter().flat_map(|log| log.vkeys.clone());
    let outside = witness.outside.iter().map(|outside| outside.vkey.clone());
    Ok(cosigners.into_iter().chain(logs).chain(outside).collect())
}

fn read_keys(path: &Path) -> Result<Vec<NoteKey>, NodeError> {
    let text =
        std::fs::read_to_string(path).map_err(|error| NodeError::File { path: path.to_owned(), error })?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.parse().map_err(|error: NoteKeyError| unreadable(path, error))).collect()
}

fn unreadable(path: &Path, error: impl std::fmt::Display) -> NodeError {
    NodeError::File { path: path.to_owned(), error: std::io::Error::other(error.to_string()) }
}

/// Examines keys and evidence of a node.
///
/// # Errors
/// [`NodeError`] when the evidence cannot be read.
pub fn examine(node: &NodeDirectory, known: &[NoteKey]) -> Result<Findings, NodeError> {
    let mut findings = Findings::default();
    findings.say(format!(
        "网络 · network {} ({}), 节点 · node {}",
        node.genesis.founding.name, node.genesis.network, node.config.name
    ));
    match node.check_keys(&node.genesis.founding.nodes) {
        Ok(()) => findings.say("密钥与创世文件一致 · the keys are those of the genesis file".into()),
        // The network may have named others since; the node itself compares with the state when it starts.
        Err(NodeError::OtherKey { .. } | NodeError::Stranger { .. }) => findings.say(
            "密钥与创世文件不同，以账本为准 · the keys are not those of the genesis file; what counts is the ledger's state"
                .into(),
        ),
        Err(error) => findings.trouble(format!("密钥 · keys: {error}")),
    }
    for finding in crate::cosign::examine(node)? {
        match finding {
            Finding::Well(line) => findings.say(line),
            Finding::Trouble(line) => findings.trouble(line),
        }
    }
    let folder = EvidenceFolder::new(node.path.join(EVIDENCE));
    let found = folder.list().map_err(|error| NodeError::File { path: folder.path().to_owned(), error })?;
    if found.is_empty() {
        findings.say("没有分叉证据 · no evidence of a fork".into());
    }
    for found in found {
        findings.evidence(&found, known);
    }
    Ok(findings)
}

impl Findings {
    fn say(&mut self, line: String) {
        self.lines.push(line);
    }

    fn trouble(&mut self, line: String) {
        self.troubles += 1;
        self.lines.push(line);
    }

    fn evidence(&mut self, found: &Found, known: &[NoteKey]) {
        let path = found.path.display();
        match &found.evidence {
            Ok(evidence) => {
                self.trouble(format!("{path}: 分叉证据 · evidence of a fork"));
                self.contradiction(evidence);
                self.signers(evidence, known);
                self.say(
                    "  请保存该文件并交各方核对 · keep this file and show it to the other exchanges: anybody can check it"
                        .into(),
                );
            }
            Err(error) => self.trouble(format!("{path}: 不是证据 · is no evidence: {error}")),
        }
    }

    fn contradiction(&mut self, evidence: &Evidence) {
        let (first, second) = (evidence.first().checkpoint(), evidence.second().checkpoint());
        self.say(format!("  日志 · log {}", first.origin));
        self.say(format!("  规模 · size {} 根 · root {}", first.size, first.root));
        self.say(format!("  规模 · size {} 根 · root {}", second.size, second.root));
        if let Some(past) = evidence.past_root() {
            self.say(format!(
                "  后者在规模 {0} 时的根 · the second one's root at size {0} was {past}, as its proof shows",
                first.size
            ));
        }
    }

    fn signers(&mut self, evidence: &Evidence, known: &[NoteKey]) {
        let names = |signers: &[SignedBy<'_>]| {
            signers.iter().map(|signer| signer.key.name().to_string()).collect::<Vec<_>>().join(", ")
        };
        match evidence.verify(known) {
            Ok(signers) if signers.both.is_empty() => {
                self.say(format!("  前者签署者 · the first is signed by {}", names(&signers.first)));
                self.say(format!("  后者签署者 · the second is signed by {}", names(&signers.second)));
                self.say("  无人两次签署 · none of the known keys signed both".into());
            }
            Ok(signers) => {
                for key in signers.both {
                    self.say(format!("  两者皆由其签署 · both are signed by {key}"));
                }
            }
            Err(EvidenceError::Signatures(NoteError::Unsigned)) => {
                let lines = [evidence.first(), evidence.second()].map(|signed| {
                    let names = signed.note().signatures().iter().map(|line| line.name().to_string());
                    names.collect::<Vec<_>>().join(", ")
                });
                self.say(format!(
                    "  签署密钥未知 · signed by keys that are not known here ({}; {}): give them with --keys",
                    lines[0], lines[1]
                ));
            }
            Err(error) => self.say(format!("  签名无效，不足为证 · the signatures prove nothing: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tongda_ledger::hash::Hash;
    use tongda_ledger::key::SigningKey;
    use tongda_ledger::tree::{Checkpoint, Cosignature, NoteAlgorithm, SignedCheckpoint};

    fn key(name: &str, seed: u8) -> NoteKey {
        let public = SigningKey::from_seed(&[seed; 32]).public();
        NoteKey::new(name.parse().unwrap(), NoteAlgorithm::Cosignature, &public).unwrap()
    }

    fn checkpoint(root: u8, seeds: &[u8]) -> SignedCheckpoint {
        let checkpoint = Checkpoint { origin: "o".into(), size: 7, root: Hash([root; 32]) };
        let mut signed = SignedCheckpoint::new(&checkpoint).unwrap();
        for seed in seeds {
            let secret = SigningKey::from_seed(&[*seed; 32]);
            let cosignature = Cosignature::sign(&secret, 9, &checkpoint.text());
            signed.add(cosignature.line(&key(&format!("w{seed}"), *seed)).unwrap()).unwrap();
        }
        signed
    }

    fn findings(text: &str, known: &[NoteKey]) -> Findings {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("7-x.evidence"), text).unwrap();
        std::fs::write(directory.path().join("notes.txt"), "none of it").unwrap();
        let mut findings = Findings::default();
        for found in EvidenceFolder::new(directory.path().to_owned()).list().unwrap() {
            findings.evidence(&found, known);
        }
        findings
    }

    #[test]
    fn evidence_is_shown_with_whoever_signed_both_histories() {
        let (first, second) = (checkpoint(1, &[1, 2]), checkpoint(2, &[2, 3]));
        let text = Evidence::of_one_size(first, second).unwrap().to_string();
        let all = [key("w1", 1), key("w2", 2), key("w3", 3)];
        let found = findings(&text, &all);
        assert_eq!(found.troubles, 1);
        let lines = found.lines.join("\n");
        assert!(lines.contains(&format!("both are signed by {}", all[1])), "{lines}");
        assert!(!lines.contains(&all[0].to_string()), "{lines}");

        let lines = findings(&text, &[key("w1", 1), key("w3", 3)]).lines.join("\n");
        assert!(lines.contains("none of the known keys signed both"), "{lines}");
        let lines = findings(&text, &[]).lines.join("\n");
        assert!(lines.contains("keys that are not known here (w1, w2; w2, w3)"), "{lines}");
        let forged = text.replacen("\n7\n", "\n8\n", 2);
        let lines = findings(&forged, &all).lines.join("\n");
        assert!(lines.contains("prove nothing"), "{lines}");
    }

    #[test]
    fn a_file_that_is_no_evidence_is_told() {
        let found = findings("tongda/evidence/v1\n", &[]);
        assert_eq!(found.troubles, 1);
        assert!(found.lines[0].contains("is no evidence"), "{:?}", found.lines);
        assert_eq!(findings("", &[]).troubles, 1);
    }

    #[test]
    fn a_folder_that_is_not_there_has_no_evidence() {
        let directory = tempfile::tempdir().unwrap();
        assert!(EvidenceFolder::new(directory.path().join("evidence")).list().unwrap().is_empty());
    }
}
