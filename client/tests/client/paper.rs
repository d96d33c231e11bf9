//! Certificates on paper: composed, printed, found again in the file and in the image, verified offline; and what is
//! handed over instead of one.

use crate::crafted_chain::{Chain, NETWORK, Values, cosign, fill, nodes};
use std::path::Path;
use std::process::Command;
use tongda_client::paper::{self, CODE_LIMIT, TEXT_LIMIT};
use tongda_client::verify::{self, Input, InputError, Report, Trust, Verdict};
use tongda_ledger::certificate::{Certificate, Proven, Statement, json};
use tongda_ledger::epoch::Epochs;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{DeclarationId, LicenceId, PatentId, PledgeId, RecordId};
use tongda_ledger::state::{Life, PatentStatus, Pledge, StateKey, Stored as _, Verdict as Evaluation};
use tongda_ledger::vote::NetworkId;

const SECONDS: u64 = 1_764_550_000;

fn patent() -> PatentId {
    PatentId::new(283, 0)
}

fn status() -> PatentStatus {
    PatentStatus {
        number: "201510542317.2".parse().unwrap(),
        life: Life::Granted,
        term_last: Some("2035-08-27".parse().unwrap()),
        annuity_due: None,
        evaluation: Evaluation::None,
        invalidation: None,
        preservation: None,
        suspension: None,
        declaration: Some(DeclarationId::new(671, 0)),
        open: true,
        exclusive: 0,
        exclusive_latest: None::<LicenceId>,
        sole: 0,
        sole_latest: None,
        ordinary: 2,
        pledge: None,
        compulsory: 0,
        pools: 0,
        open_source: None,
        assigned: 0,
        events: 3,
        last: Some(RecordId::new(673)),
        chain: Hash([7; 32]),
    }
}

/// A chain of so many validators with the status, and many other values beside it.
fn chain(network: NetworkId, votes: &[u8]) -> Chain {
    let mut chain = Chain::new(network, votes);
    for block in 0..6 {
        let entries: Vec<_> = (0..120u8).map(|entry| vec![block, entry]).collect();
        chain.block(&entries, |values: &mut Values| fill(values, u64::from(block), 400));
    }
    chain.block(&[b"the patent".to_vec()], |values| {
        values.insert(StateKey::of::<PatentStatus>(&patent()), status().to_bytes().unwrap());
    });
    chain
}

fn certificate_of(chain: &Chain, key: StateKey, votes: &[u8]) -> Certificate {
    let checkpoint = chain.checkpoint();
    let times: Vec<_> = votes.iter().map(|vote| (vote + 100, SECONDS)).collect();
    let proven = Proven { key, value: chain.values.get(&key).cloned(), proof: chain.proof(&key) };
    let statement = Statement {
        proven,
        seal: chain.tip().clone(),
        size: checkpoint.size,
        root: checkpoint.root,
        inclusion: chain.inclusion(checkpoint.size - 1),
        cosignatures: cosign(&chain.signers(), &checkpoint, &times),
        witnesses: Vec::new(),
        details: Vec::new(),
    };
    Certificate { statement, epochs: chain.links.clone(), history: Vec::new() }
}

fn status_certificate(chain: &Chain, votes: &[u8]) -> Certificate {
    certificate_of(chain, StateKey::of::<PatentStatus>(&patent()), votes)
}

fn trust(chain: &Chain) -> Trust {
    Trust::of(Epochs::new(chain.network, &chain.founded).unwrap(), "演示网络".into(), true)
}

fn report(bytes: &[u8], trust: &Trust) -> Report {
    verify::verify(&verify::read(bytes).unwrap(), trust)
}

#[test]
fn a_page_brings_its_whole_proof_and_is_the_same_file_each_time() {
    let votes: Vec<u8> = (1..=7).collect();
    let chain = chain(NETWORK, &votes);
    let certificate = status_certificate(&chain, &votes);
    let trust = trust(&chain);
    let page = paper::compose(&certificate, &trust).unwrap();
    assert_eq!(page.codes.len(), 1, "one code for seven validators");
    let bytes = paper::join(&page.codes).unwrap();
    assert!(bytes.len() + 9 <= CODE_LIMIT, "{} bytes", bytes.len());
    eprintln!("seven validators: {} bytes of certificate in one code", bytes.len());
    let pdf = paper::print(&page).unwrap();
    assert_eq!(pdf, paper::print(&paper::compose(&certificate, &trust).unwrap()).unwrap());
    let report = report(&pdf, &trust);
    assert_eq!(report.verdict, Verdict::Holds, "{:?}", report.checks);
    assert_eq!(report.says.unwrap()["certified"]["value"]["number"], "201510542317.2");
    let shown = page.as_of.zh + &page.as_of.en;
    assert!(shown.contains("截至") && shown.contains("as of"), "{shown}");
    assert!(page.demonstration, "it bears the label");
}

#[test]
fn after_a_change_of_validators_paper_alone_still_verifies() {
    let mut chain = chain(NETWORK, &[1, 2, 3, 4]);
    chain.change_nodes(&nodes(&[3, 4, 5, 6]));
    chain.block(&[b"later".to_vec()], |_| {});
    let certificate = status_certificate(&chain, &[3, 4, 5, 6]);
    let page = paper::compose(&certificate, &trust(&chain)).unwrap();
    assert!(page.codes.len() > 1);
    let mut texts = page.codes.clone();
    texts.reverse();
    let report = report(texts.join("\n").as_bytes(), &trust(&chain));
    assert_eq!(report.verdict, Verdict::Holds, "{:?}", report.checks);
    let missing = verify::read(texts[1..].join("\n").as_bytes()).unwrap_err();
    assert!(missing.to_string().contains("missing"), "{missing}");
}

#[test]
fn absence_is_certified_and_cannot_be_told_of_what_is_present() {
    let chain = chain(NETWORK, &[1, 2, 3, 4]);
    let nobodys = StateKey::of::<Pledge>(&PledgeId::new(9, 0));
    let certificate = certificate_of(&chain, nobodys, &[1, 2, 3]);
    let trust = trust(&chain);
    let held = verify::certificate(&certificate, &trust);
    assert_eq!(held.verdict, Verdict::Holds, "{:?}", held.checks);
    assert_eq!(held.says.unwrap()["absent"], true);
    assert_eq!(paper::compose(&certificate, &trust).unwrap().title.zh, "不存在证明");
    let mut denied = status_certificate(&chain, &[1, 2, 3]);
    denied.statement.proven.value = None;
    let report = report(&denied.bytes(), &trust);
    assert_eq!(report.verdict, Verdict::DoesNotVerify);
    assert!(report.failed().unwrap().found.contains("ABSENCE OF WHAT IS PRESENT"), "{:?}", report.failed());
}

#[test]
fn each_bad_certificate_is_named_for_what_it_is() {
    let mut chain = chain(NETWORK, &[1, 2, 3, 4]);
    let trust = trust(&chain);
    let good = status_certificate(&chain, &[1, 2, 3]);
    let failed = |certificate: &Certificate| {
        let report = report(&certificate.bytes(), &trust);
        assert_ne!(report.verdict, Verdict::Holds);
        report.failed().map(|check| (check.name, check.found.clone())).unwrap()
    };

    let mut short = good.clone();
    short.statement.cosignatures.pop();
    assert_eq!(failed(&short).0, "quorum", "one signature short");

    let other = Chain { network: NetworkId(Hash([8; 32])), ..chain.clone() };
    let foreign = verify::certificate(
        &good,
        &Trust::of(Epochs::new(other.network, &other.founded).unwrap(), String::new(), true),
    );
    assert_eq!(foreign.failed().unwrap().name, "network");

    let mut changed = good.clone();
    let last = changed.statement.proven.value.as_mut().unwrap();
    *last.last_mut().unwrap() ^= 1;
    assert_eq!(failed(&changed).0, "value");

    let (older_seal, older_proof) = (chain.tip().clone(), chain.inclusion(chain.log.size() - 1));
    chain.block(&[b"afterwards".to_vec()], |values| {
        let pledged = PatentStatus { pledge: Some(PledgeId::new(700, 0)), ..status() };
        values.insert(StateKey::of::<PatentStatus>(&patent()), pledged.to_bytes().unwrap());
    });
    let mut replayed = status_certificate(&chain, &[1, 2, 3]);
    replayed.statement.proven = good.statement.proven.clone();
    assert_eq!(failed(&replayed).0, "value", "an old value under a new seal");
    replayed.statement.seal = older_seal;
    replayed.statement.inclusion = older_proof;
    assert_eq!(failed(&replayed).0, "last-leaf", "an old seal under a new checkpoint");

    chain.change_nodes(&nodes(&[5, 6, 7, 8]));
    chain.block(&[b"later".to_vec()], |_| {});
    let mut hidden = status_certificate(&chain, &[5, 6, 7, 8]);
    hidden.epochs.clear();
    assert_eq!(failed(&hidden).0, "epoch", "mixed epochs");

    let mut old = trust.clone();
    old.age = Some((std::time::Duration::from_secs(60), time(SECONDS + 61)));
    assert_eq!(verify::certificate(&good, &old).verdict, Verdict::TooOld);
}

fn time(seconds: u64) -> tongda_ledger::identifier::Timestamp {
    (seconds * 1_000).try_into().unwrap()
}

#[test]
fn a_certificate_cut_or_changed_anywhere_never_holds_as_something_else() {
    let chain = chain(NETWORK, &[1, 2, 3, 4]);
    let (trust, good) = (trust(&chain), status_certificate(&chain, &[1, 2, 3]));
    let bytes = good.bytes();
    for end in (0..bytes.len()).step_by(7) {
        assert!(verify::read(&bytes[..end]).is_err(), "cut at {end}");
    }
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1 << (place % 8);
        if let Ok(input) = verify::read(&changed) {
            assert_ne!(verify::verify(&input, &trust).verdict, Verdict::Holds, "byte {place}");
        }
    }
}

#[test]
fn noise_and_foreign_things_are_unreadable_and_say_what_they_are() {
    let noise: Vec<u8> =
        (0..65_536u32).map(|place| (place.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    assert!(matches!(verify::read(&noise), Err(InputError::Unknown(_))));
    assert!(matches!(verify::read(b""), Err(InputError::Empty)));
    assert!(matches!(verify::read(b"%PDF-1.7\n%%EOF"), Err(InputError::Pdf)));
    assert!(matches!(verify::read(b"{\"a\":1}"), Err(InputError::Certificate(_))));
    assert!(matches!(verify::read(b"c2sp.org/tlog-proof@v1\nindex x\n"), Err(InputError::Receipt(_))));
    assert!(matches!(verify::read(b"tongda/evidence/v1\n\n"), Err(InputError::Evidence(_))));
    let text = format!("HTA{}", "0".repeat(TEXT_LIMIT));
    assert!(matches!(verify::read(text.as_bytes()), Err(InputError::Paper(_))));
    let fitting = paper::split(&noise[..30_000]).unwrap().join("\n");
    assert!(matches!(verify::read(fitting.as_bytes()), Err(InputError::Certificate(_))));
}

#[test]
fn the_json_form_is_read_and_refused_where_it_shows_another_meaning() {
    let chain = chain(NETWORK, &[1, 2, 3, 4]);
    let (trust, good) = (trust(&chain), status_certificate(&chain, &[1, 2, 3]));
    let text = json::form(&good).to_string();
    assert_eq!(report(text.as_bytes(), &trust).verdict, Verdict::Holds);
    assert!(text.contains("\"granted\""), "{text}");
    let lie = text.replace("\"granted\"", "\"expired\"");
    assert!(
        matches!(verify::read(lie.as_bytes()), Err(InputError::Certificate(_))),
        "the words are not the bytes'"
    );
}

/// Runs a program of others; `None`, loudly, where it is not installed.
fn run(program: &str, arguments: &[&str], folder: &Path) -> Option<Vec<u8>> {
    match Command::new(program).args(arguments).current_dir(folder).output() {
        Ok(output) => {
            assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
            Some(output.stdout)
        }
        Err(error) => {
            eprintln!(
                "SKIPPED: {program} is not installed ({error}): apt-get install poppler-utils zbar-tools"
            );
            None
        }
    }
}

#[test]
fn the_rendered_page_is_decoded_by_a_program_of_others_and_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let mut chain = chain(NETWORK, &[1, 2, 3, 4]);
    for _ in 0..2 {
        let trust = trust(&chain);
        let votes = chain.votes.clone();
        let page = paper::compose(&status_certificate(&chain, &votes), &trust).unwrap();
        std::fs::write(folder.path().join("page.pdf"), paper::print(&page).unwrap()).unwrap();
        if run("pdftoppm", &["-r", "150", "-png", "page.pdf", "page"], folder.path()).is_none() {
            return;
        }
        let mut images: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".png"))
            .collect();
        images.sort();
        let mut arguments = vec!["-q", "--raw", "-Sdisable", "-Sqrcode.enable"];
        arguments.extend(images.iter().map(String::as_str));
        let Some(texts) = run("zbarimg", &arguments, folder.path()) else { return };
        let input = verify::read(&texts).unwrap();
        assert!(matches!(input, Input::Certificate(_)));
        let report = verify::verify(&input, &trust);
        assert_eq!(report.verdict, Verdict::Holds, "{:?}", report.checks);
        // The second time with another set of validators: two codes.
        chain.change_nodes(&nodes(&[3, 4, 5, 6]));
        chain.block(&[b"later".to_vec()], |_| {});
    }
}
