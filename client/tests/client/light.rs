//! The light client against nodes that tell the truth, and against nodes that do not.

use super::mirror::{Mirror, signed};
use crate::crafted_chain::{Chain, NETWORK, nodes};
use tempfile::TempDir;
use tongda_client::light::{Folder, Light, LightError, check_age};
use tongda_client::verify::{self, Trust, Verdict, Witnesses};
use tongda_ledger::hash::Hash;
use tongda_ledger::tree::{NoteAlgorithm, NoteKey, SignedCheckpoint};
use tongda_ledger::vote::NetworkId;

const VOTES: [u8; 4] = [1, 2, 3, 4];
const SECONDS: u64 = 1_764_550_000;

/// The seeds of the cosigning keys that go with these votes.
fn cosigning(votes: &[u8]) -> Vec<u8> {
    votes.iter().map(|vote| vote + 100).collect()
}

fn chain() -> Chain {
    let mut chain = Chain::new(NETWORK, &VOTES);
    grow(&mut chain, 3, b"entry");
    chain
}

/// Adds so many blocks of a hundred entries.
fn grow(chain: &mut Chain, blocks: usize, text: &[u8]) {
    for block in 0..blocks {
        let entries: Vec<_> = (0..100u8).map(|entry| [text, &[entry, block as u8]].concat()).collect();
        chain.block(&entries, |_| {});
    }
}

/// The newest checkpoint, with a quorum of those who decided its last block.
fn cosigned(chain: &Chain, seeds: &[u8]) -> SignedCheckpoint {
    signed(&chain.network, &chain.signers(), &chain.checkpoint(), seeds, SECONDS)
}

fn trust(chain: &Chain) -> Trust {
    let founded = tongda_ledger::epoch::Epochs::new(chain.network, &chain.founded).unwrap();
    Trust::of(founded, "crafted".into(), true)
}

fn light(chain: &Chain, data: &TempDir) -> Light {
    Light::open(trust(chain), Folder::new(data.path(), &chain.network)).unwrap()
}

#[tokio::test]
async fn it_follows_from_the_founding_keeps_what_it_verified_and_grows_from_there() {
    let (mirror, data) = (Mirror::start().await, tempfile::tempdir().unwrap());
    let mut chain = chain();
    mirror.show(&chain, &cosigned(&chain, &cosigning(&VOTES[..3])));
    let first = light(&chain, &data).follow(&mirror.node()).await.unwrap();
    assert_eq!((first.seal.height, first.quorum.power, first.epoch), (3, 3, 0));
    grow(&mut chain, 4, b"more");
    mirror.show(&chain, &cosigned(&chain, &cosigning(&VOTES)));
    let mut again = light(&chain, &data);
    assert_eq!(again.trusted(), Some(&first.checkpoint), "it goes on from what it kept");
    let second = again.follow(&mirror.node()).await.unwrap();
    assert_eq!(second.checkpoint.checkpoint().size, chain.log.size());
    assert!(check_age(second.quorum.time, SECONDS + 60, std::time::Duration::from_secs(60)).is_ok());
    let old = check_age(second.quorum.time, SECONDS + 61, std::time::Duration::from_secs(60));
    assert!(matches!(old, Err(LightError::Age { age: 61, limit: 60 })));
}

#[tokio::test]
async fn an_older_checkpoint_than_the_one_known_is_refused() {
    let (mirror, data) = (Mirror::start().await, tempfile::tempdir().unwrap());
    let before = chain();
    let mut after = before.clone();
    grow(&mut after, 1, b"more");
    mirror.show(&after, &cosigned(&after, &cosigning(&VOTES)));
    let mut light = light(&after, &data);
    light.follow(&mirror.node()).await.unwrap();
    mirror.show(&before, &cosigned(&before, &cosigning(&VOTES)));
    let error = light.follow(&mirror.node()).await.unwrap_err();
    assert!(matches!(error, LightError::Older { .. }), "{error}");
    assert_eq!(light.trusted().unwrap().checkpoint().size, after.log.size());
}

#[tokio::test]
async fn two_of_four_are_no_quorum_and_a_forged_signature_is_none() {
    let (mirror, data) = (Mirror::start().await, tempfile::tempdir().unwrap());
    let chain = chain();
    mirror.show(&chain, &cosigned(&chain, &cosigning(&VOTES[..2])));
    let error = light(&chain, &data).follow(&mirror.node()).await.unwrap_err();
    assert!(matches!(error, LightError::Quorum(_)), "{error}");
    let note = cosigned(&chain, &cosigning(&VOTES)).to_string();
    let place = note.len() - 10;
    let other = if note.as_bytes()[place] == b'A' { "B" } else { "A" };
    mirror.put("log/checkpoint", format!("{}{other}{}", &note[..place], &note[place + 1..]));
    let error = light(&chain, &data).follow(&mirror.node()).await.unwrap_err();
    assert!(matches!(error, LightError::Note(_)), "{error}");
    assert!(light(&chain, &data).trusted().is_none(), "nothing of it was kept");
}

#[tokio::test]
async fn two_views_of_one_size_or_of_another_past_become_evidence_that_verifies() {
    let mut known = chain();
    grow(&mut known, 1, b"one past");
    let mut fork = chain();
    grow(&mut fork, 1, b"another past");
    let mut longer = fork.clone();
    grow(&mut longer, 2, b"and on");
    for forked in [&fork, &longer] {
        let (mirror, data) = (Mirror::start().await, tempfile::tempdir().unwrap());
        mirror.show(&known, &cosigned(&known, &cosigning(&VOTES)));
        let mut light = light(&known, &data);
        light.follow(&mirror.node()).await.unwrap();
        mirror.show(forked, &cosigned(forked, &cosigning(&VOTES[..3])));
        let error = light.follow(&mirror.node()).await.unwrap_err();
        let LightError::Fork { evidence } = error else { panic!("{error}") };
        assert_eq!(light.trusted().unwrap().checkpoint(), &known.checkpoint(), "the fork is not taken");
        let evidence = verify::read(&std::fs::read(evidence).unwrap()).unwrap();
        let report = verify::verify(&evidence, &trust(&known));
        assert_eq!(report.verdict, Verdict::Holds, "{:?}", report.checks);
        assert_eq!(report.says.unwrap()["signed_both"].as_array().unwrap().len(), 3);
        // Nobody's keys, nobody's evidence.
        let strangers = Chain::new(NETWORK, &[21, 22, 23]);
        assert_eq!(verify::verify(&evidence, &trust(&strangers)).verdict, Verdict::DoesNotVerify);
    }
}

#[tokio::test]
async fn a_lying_byte_of_any_tile_or_of_the_last_bundle_is_found_or_is_not_used() {
    let (mirror, data) = (Mirror::start().await, tempfile::tempdir().unwrap());
    let mut chain = chain();
    mirror.show(&chain, &cosigned(&chain, &cosigning(&VOTES)));
    light(&chain, &data).follow(&mirror.node()).await.unwrap();
    grow(&mut chain, 2, b"more");
    let newest = cosigned(&chain, &cosigning(&VOTES));
    mirror.show(&chain, &newest);
    let mut found = 0;
    for path in mirror.paths().into_iter().filter(|path| path.starts_with("log/tile/")) {
        for byte in [0, 33, 900] {
            mirror.show(&chain, &newest);
            let folder = tempfile::tempdir().unwrap();
            let kept = Folder::new(data.path(), &chain.network);
            let copy = folder.path().join(&chain.network.to_string()[..16]);
            std::fs::create_dir_all(&copy).unwrap();
            let from = kept.receipts().parent().unwrap().join("checkpoint");
            std::fs::copy(from, copy.join("checkpoint")).unwrap();
            let length = mirror.length(&path);
            if byte >= length {
                continue;
            }
            mirror.spoil(&path, byte);
            match light(&chain, &folder).follow(&mirror.node()).await {
                Ok(verified) => assert_eq!(verified.checkpoint, newest),
                Err(LightError::Proof { .. } | LightError::Consistency(_) | LightError::Tile { .. }) => {
                    found += 1
                }
                Err(other) => panic!("{path} byte {byte}: {other}"),
            }
        }
    }
    assert!(found >= 3, "{found}: the tiles of the proofs are among them");
}

#[tokio::test]
async fn the_epoch_that_the_last_leaf_names_must_have_signed_and_no_other() {
    let (mirror, data) = (Mirror::start().await, tempfile::tempdir().unwrap());
    let mut chain = chain();
    let former = chain.signers();
    chain.change_nodes(&nodes(&[3, 4, 5, 6]));
    grow(&mut chain, 1, b"new set");
    mirror.show(&chain, &cosigned(&chain, &cosigning(&[3, 4, 5])));
    let verified = light(&chain, &data).follow(&mirror.node()).await.unwrap();
    assert_eq!(verified.epoch, 1);
    let fresh = tempfile::tempdir().unwrap();
    let forged = signed(&chain.network, &former, &chain.checkpoint(), &cosigning(&VOTES), SECONDS);
    mirror.put("log/checkpoint", forged.to_string());
    let error = light(&chain, &fresh).follow(&mirror.node()).await.unwrap_err();
    assert!(matches!(error, LightError::Quorum(_)), "{error}: only two of them sit in the new set");
    mirror.put("v1/epochs", r#"{"epochs":[{"link":null}]}"#);
    let error = light(&chain, &tempfile::tempdir().unwrap()).follow(&mirror.node()).await.unwrap_err();
    assert!(matches!(error, LightError::Epoch(_)), "{error}: a node that hides the change gains nothing");
}

#[tokio::test]
async fn another_networks_checkpoint_and_missing_witnesses_are_named() {
    let (mirror, data) = (Mirror::start().await, tempfile::tempdir().unwrap());
    let chain = chain();
    let mut other = Chain::new(NetworkId(Hash([8; 32])), &VOTES);
    grow(&mut other, 1, b"elsewhere");
    mirror.show(&other, &cosigned(&other, &cosigning(&VOTES)));
    let error = light(&chain, &data).follow(&mirror.node()).await.unwrap_err();
    assert!(matches!(error, LightError::Origin { .. }), "{error}");

    mirror.show(&chain, &cosigned(&chain, &cosigning(&VOTES)));
    let name = "witness.example/w".parse().unwrap();
    let key =
        NoteKey::new(name, NoteAlgorithm::Cosignature, &crate::crafted_chain::key(77).public()).unwrap();
    let mut asking = trust(&chain);
    asking.witnesses = Witnesses { keys: vec![key], needed: 1 };
    let mut light = Light::open(asking, Folder::new(data.path(), &chain.network)).unwrap();
    let error = light.follow(&mirror.node()).await.unwrap_err();
    assert!(matches!(error, LightError::Witnesses { found: 0, needed: 1 }), "{error}");
}

#[tokio::test]
async fn a_receipt_verifies_offline_is_brought_up_and_one_changed_byte_is_named() {
    let (mirror, data) = (Mirror::start().await, tempfile::tempdir().unwrap());
    let mut chain = chain();
    mirror.show(&chain, &cosigned(&chain, &cosigning(&VOTES)));
    let mut light = light(&chain, &data);
    let verified = light.follow(&mirror.node()).await.unwrap();
    let receipt = light.receipt(&mirror.node(), 150, &verified).await.unwrap();
    assert!(matches!(
        light.receipt(&mirror.node(), 5_000, &verified).await,
        Err(LightError::Beyond { index: 5_000, .. })
    ));
    let report = verify::receipt(&receipt, None, &trust(&chain));
    assert_eq!(report.verdict, Verdict::Holds, "{:?}", report.checks);
    assert_eq!(report.as_of.unwrap().height, 3);

    chain.change_nodes(&nodes(&[3, 4, 5, 6]));
    grow(&mut chain, 1, b"later");
    mirror.show(&chain, &cosigned(&chain, &cosigning(&[3, 4, 5, 6])));
    let verified = light.follow(&mirror.node()).await.unwrap();
    let newer = light.upgrade(&mirror.node(), &receipt, &verified).await.unwrap();
    assert_eq!(newer.checkpoint, verified.checkpoint);
    let mut knowing = trust(&chain);
    assert_eq!(
        verify::receipt(&newer, None, &knowing).verdict,
        Verdict::DoesNotVerify,
        "the epoch is unknown"
    );
    knowing.learn(&chain.links).unwrap();
    assert_eq!(verify::receipt(&newer, None, &knowing).verdict, Verdict::Holds);

    let text = newer.to_string();
    for place in (0..text.len()).step_by(97) {
        let mut bytes = text.clone().into_bytes();
        bytes[place] ^= 1;
        let Ok(input) = verify::read(&bytes) else { continue };
        let report = verify::verify(&input, &knowing);
        // A cosignature more or less changes nothing while a quorum stands; a line that is nobody's is ignored.
        if report.verdict == Verdict::Holds {
            assert!(place > text.find("\n\n").unwrap(), "byte {place} of the proof has no meaning?");
        }
    }
}
