//! The command `tongda` as a person or a program meets it: words, exit codes, files.

use super::double::{Double, Fault};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;
use tongda_genesis::keys::{KeyFile, Protection, Purpose};
use tongda_ledger::act::member::Role;
use tongda_ledger::key::SigningKey;

const DONE: i32 = 0;
const BROKEN: i32 = 1;
const USAGE: i32 = 2;
const REFUSED: i32 = 3;
const UNSETTLED: i32 = 4;

/// A person at a node, with keys in a folder.
struct Desk {
    double: Double,
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { double: Double::start(), folder: tempfile::tempdir().unwrap() };
        for (name, role) in
            [("registrar", Role::Registrar), ("exchange", Role::Exchange), ("court", Role::Court)]
        {
            for (number, key) in (1..).zip(desk.double.founder(role).1) {
                desk.save(&format!("{name}-{number}.key"), key);
            }
        }
        desk
    }

    fn save(&self, name: &str, key: SigningKey) {
        let file = KeyFile { purpose: Purpose::Member, key };
        file.save(&self.folder.path().join(name), &Protection::OwnerOnly).unwrap();
    }

    fn run(&self, line: &str) -> Output {
        tongda(self.folder.path(), &format!("--node {} {line}", self.double.address()))
    }

    /// Runs with `--json` and returns what was printed.
    fn json(&self, line: &str, exit: i32) -> Value {
        let output = self.run(&format!("--json {line}"));
        assert_eq!(output.status.code(), Some(exit), "{line}\n{}", both(&output));
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{line}: {error}\n{}", both(&output)))
    }
}

/// Runs in a folder, without the caller's own settings; words are parted by spaces.
fn tongda(folder: &Path, line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tongda"));
    command.current_dir(folder).args(line.split(' ')).stdin(std::process::Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("TONGDA_") {
            command.env_remove(name);
        }
    }
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    command.output().unwrap()
}

fn both(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn an_act_is_recorded_and_told_with_what_it_made_and_what_comes_next() {
    let desk = Desk::new();
    let line = "--key registrar-1.key,registrar-2.key party register --name 演示大学";
    let output = desk.run(line);
    let text = both(&output);
    assert_eq!(output.status.code(), Some(DONE), "{text}");
    assert!(
        text.contains("已登记 · recorded") && text.contains("E-1-") && text.contains("party.register"),
        "{text}"
    );
    let report = desk.json(line, DONE);
    assert_eq!((&report["outcome"], &report["index"]), (&"effective".into(), &3.into()), "{report}");
    assert!(report["made"][0].as_str().unwrap().starts_with("E-3-"), "{report}");
}

#[test]
fn a_refusal_exits_with_3_and_names_code_article_and_cure_before_anything_is_signed() {
    let desk = Desk::new();
    let line = "--key exchange-1.key party register --name 演示大学";
    let output = desk.run(line);
    let text = both(&output);
    assert_eq!(output.status.code(), Some(REFUSED), "{text}");
    assert!(text.contains("REGISTRAR_ONLY") && text.contains("→"), "{text}");
    assert_eq!(desk.double.submissions(), 0, "it was asked about first");
    assert_eq!(desk.json(line, REFUSED)["refusals"][0]["code"], "REGISTRAR_ONLY");
    assert_eq!(desk.json(&format!("{line} --no-check"), REFUSED)["refusals"][0]["code"], "REGISTRAR_ONLY");
    assert_eq!(desk.double.submissions(), 1);
}

#[test]
fn may_i_asks_without_a_signature_and_takes_json_too() {
    let desk = Desk::new();
    let (registrar, _) = desk.double.founder(Role::Registrar);
    let asked = desk.json(&format!("--as {registrar} may-i party register --name 演示大学"), DONE);
    assert_eq!(asked["allowed"], true);
    let act = r#"{"act":"party.register","parties":[]}"#;
    std::fs::write(desk.folder.path().join("act.json"), act).unwrap();
    let asked = desk.json(&format!("--as {registrar} may-i act.json"), REFUSED);
    assert_eq!(asked["allowed"], false);
    let draft = format!(r#"{{"author":"{registrar}","signers":["{registrar}"],"act":{act}}}"#);
    std::fs::write(desk.folder.path().join("draft.json"), draft).unwrap();
    desk.json("may-i draft.json", REFUSED);
    let output = desk.run("may-i opne declare");
    assert_eq!(output.status.code(), Some(USAGE), "{}", both(&output));
    assert!(both(&output).contains("neither a noun"), "{}", both(&output));
    assert_eq!((desk.double.submissions(), desk.double.records()), (0, 0));
}

#[test]
fn what_is_missing_is_said_with_what_to_do() {
    let desk = Desk::new();
    for (line, exit, part) in [
        ("party register --name a", USAGE, "pass --key FILE or set TONGDA_KEY"),
        ("may-i party register --name a", USAGE, "--as MEMBER"),
        ("--key nothing.key party register --name a", BROKEN, "nothing.key"),
        ("party register --nmae a", USAGE, "--name"),
        ("open show P-1-T", USAGE, "P-1-T"),
        ("key new some.key", USAGE, "TONGDA_PASSPHRASE"),
        ("send nothing.json", BROKEN, "nothing.json"),
    ] {
        let output = desk.run(line);
        let text = both(&output);
        assert_eq!(output.status.code(), Some(exit), "{line}: {text}");
        assert!(text.contains(part), "{line}: {text}");
    }
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = tongda(desk.folder.path(), &format!("--node http://{closed} status"));
    assert_eq!(output.status.code(), Some(BROKEN));
    assert!(both(&output).contains("--node URL or TONGDA_NODE"), "{}", both(&output));
    assert_eq!(tongda(desk.folder.path(), "--node ftp://x status").status.code(), Some(USAGE));
}

#[test]
fn signatures_are_gathered_in_a_file_that_goes_from_signer_to_signer() {
    let desk = Desk::new();
    let registrar = "--key registrar-1.key,registrar-2.key";
    let party = desk.json(&format!("{registrar} party register --name 演示企业"), DONE)["made"][0].clone();
    let (member, _) = desk.double.founder(Role::Exchange);
    let party = party.as_str().unwrap();
    let proof = "1111111111111111111111111111111111111111111111111111111111111111";
    let link = format!("{registrar} party link {party} --member {member} --proof {proof} --out link.json");
    let output = desk.run(&link);
    assert_eq!(output.status.code(), Some(DONE), "{}", both(&output));
    desk.json("send link.json", REFUSED);
    let signed = desk.json("--key exchange-1.key sign link.json", DONE);
    assert_eq!(signed["signatures"].as_array().map(Vec::len), Some(3), "{signed}");
    assert_eq!(desk.json("send link.json", DONE)["act"], "party.link");
    assert_eq!(desk.json("send link.json", DONE)["index"], 3, "sending it again is no error");
    let other = format!("--network {proof} --key court-1.key sign link.json");
    assert_eq!(desk.run(&other).status.code(), Some(BROKEN), "signed for another network");
}

#[test]
fn an_organisation_is_enrolled_with_the_new_key_signing_beside_the_exchange() {
    let desk = Desk::new();
    desk.save("university.key", SigningKey::from_seed(&[42; 32]));
    std::fs::write(desk.folder.path().join("agreement.pdf"), "协议").unwrap();
    let register = "--key exchange-1.key member register --name 演示大学 --code 91350211M000100Y46 --role university \
                    --region 440000 --evidence @agreement.pdf --new-key university.key";
    let report = desk.json(register, DONE);
    assert!(report["made"][0].as_str().unwrap().starts_with("M-1-"), "{report}");
    let salt = std::fs::read_to_string(desk.folder.path().join("agreement.pdf.salt")).unwrap();
    assert_eq!(salt.trim().len(), 64, "the salt stands beside the document");
    let shown = desk.json(&format!("member show {}", report["made"][0].as_str().unwrap()), DONE);
    assert_eq!(shown["name"], "演示大学");
}

#[test]
fn an_envelope_of_which_nothing_is_known_is_kept_and_counts_once_when_it_is_sent_again() {
    let desk = Desk::new();
    let line = "--key registrar-1.key,registrar-2.key --wait 0 party register --name 演示大学";
    for (fault, exit) in [(Fault::Slow, UNSETTLED), (Fault::LostAnswer, BROKEN), (Fault::Busy, BROKEN)] {
        let before = desk.double.records();
        desk.double.fail([fault]);
        let output = desk.run(line);
        assert_eq!(output.status.code(), Some(exit), "{fault:?}: {}", both(&output));
        let kept: Vec<_> = std::fs::read_dir(desk.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with("unsettled-"))
            .collect();
        assert_eq!(kept.len(), 1, "{fault:?}");
        desk.json(&format!("send {}", kept[0]), DONE);
        assert_eq!(desk.double.records(), before + 1, "{fault:?}");
        std::fs::remove_file(desk.folder.path().join(&kept[0])).unwrap();
    }
    desk.double.fail([Fault::Expires]);
    assert_eq!(desk.run(line).status.code(), Some(BROKEN));
}

#[test]
fn exit_codes_and_completions_are_printed_without_a_node() {
    let folder = tempfile::tempdir().unwrap();
    for line in ["help exit-codes", "exit-codes"] {
        let output = tongda(folder.path(), line);
        assert_eq!(output.status.code(), Some(DONE));
        assert!(both(&output).contains("3  依法不予登记"), "{}", both(&output));
    }
    let output = tongda(folder.path(), "completions bash");
    assert!(both(&output).contains("may-i"), "{}", both(&output));
}

#[test]
fn a_key_is_made_shown_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let made = tongda(folder.path(), "--json key new gateway.key --plain");
    assert_eq!(made.status.code(), Some(DONE), "{}", both(&made));
    let shown = tongda(folder.path(), "--json key show gateway.key");
    let key =
        |output: &Output| serde_json::from_slice::<Value>(&output.stdout).unwrap()["public_key"].clone();
    assert_eq!(key(&made), key(&shown));
    let again = tongda(folder.path(), "key new gateway.key --plain");
    assert_eq!(again.status.code(), Some(BROKEN));
    assert!(both(&again).contains("never overwritten"), "{}", both(&again));
}

/// A receipt of the network of the golden vectors: sound in form, and of no network that the desk knows.
fn strangers_receipt() -> String {
    let vectors = include_str!("../../../tests/vectors/checkpoint.json");
    let vectors: Value = serde_json::from_str(vectors).unwrap();
    vectors["receipts"][0]["receipt"].as_str().unwrap().to_owned()
}

#[test]
fn each_receipt_is_told_whatever_is_wrong_with_another_and_the_gravest_decides() {
    let desk = Desk::new();
    let file = |name: &str, text: &str| std::fs::write(desk.folder.path().join(name), text).unwrap();
    file("genesis.toml", &desk.double.genesis_file());
    file("noise.tlog-proof", "noise");
    file("strangers.tlog-proof", &strangers_receipt());
    let base = "--genesis genesis.toml --data data";
    for (files, exit) in [
        ("noise.tlog-proof", 6),
        ("strangers.tlog-proof", 5),
        ("noise.tlog-proof strangers.tlog-proof", 5),
        ("strangers.tlog-proof noise.tlog-proof", 5),
        ("noise.tlog-proof nothing.tlog-proof", 6),
        ("nothing.tlog-proof noise.tlog-proof", 6),
    ] {
        let output = desk.run(&format!("{base} receipt verify {files}"));
        let text = both(&output);
        assert_eq!(output.status.code(), Some(exit), "{files}: {text}");
        let several = files.contains(' ');
        assert!(!several || files.split(' ').all(|file| text.contains(file)), "{text}");
    }
    let told = desk.json(&format!("{base} receipt verify noise.tlog-proof strangers.tlog-proof"), 5);
    assert_eq!(told["items"][0]["outcome"], "unreadable");
    assert_eq!(told["items"][1]["result"]["verdict"], "does-not-verify", "{told}");
}

#[test]
fn nothing_to_verify_is_no_success_and_a_damaged_receipt_hides_no_other() {
    let desk = Desk::new();
    std::fs::write(desk.folder.path().join("genesis.toml"), desk.double.genesis_file()).unwrap();
    let base = "--genesis genesis.toml --data data --receipts kept";
    let output = desk.run(&format!("{base} receipt verify"));
    assert_eq!(output.status.code(), Some(USAGE), "{}", both(&output));
    assert!(both(&output).contains("tongda receipt fetch"), "{}", both(&output));
    let kept = desk.folder.path().join("kept");
    std::fs::create_dir(&kept).unwrap();
    std::fs::write(kept.join("a.tlog-proof"), "noise").unwrap();
    std::fs::write(kept.join("b.tlog-proof"), strangers_receipt()).unwrap();
    let listed = desk.json(&format!("{base} receipt list"), DONE);
    assert_eq!(listed["items"].as_array().unwrap().len(), 2, "{listed}");
    assert_eq!(listed["items"][0]["outcome"], "unreadable", "{listed}");
    assert!(listed["items"][1]["checkpoint"].is_u64(), "{listed}");
    let told = desk.json(&format!("{base} receipt verify"), 5);
    assert_eq!(told["items"].as_array().unwrap().len(), 2, "{told}");
}
