//! The ceremony from end to end, by its commands: four exchanges and a registrar make keys, apply, are assembled,
//! verify and sign; and whatever somebody changes on the way is refused with its line.

#![allow(clippy::unwrap_used, reason = "a test fails where a value is missing")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tongda_genesis::file::Genesis;

const EXCHANGES: [(&str, &str, &str); 4] = [
    ("beijing", "北京交易机构", "110000"),
    ("shanghai", "上海交易机构", "310000"),
    ("guangdong", "广东交易机构", "440000"),
    ("sichuan", "四川交易机构", "510000"),
];
const EVIDENCE: &str = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9";

/// A folder in which the founders meet.
struct Ceremony {
    folder: tempfile::TempDir,
}

impl Ceremony {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tongda-genesis"))
            .current_dir(self.folder.path())
            .args(arguments)
            .output()
            .unwrap()
    }

    /// Runs a command that must succeed, and gives back what it printed.
    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{arguments:?}\n{out}{err}");
        out
    }

    /// Runs a command that must end with this exit code, and gives back its error.
    fn refused(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let err = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{}{err}", text(&output.stdout));
        assert!(!err.contains("panicked"), "{err}");
        err
    }

    /// All founders have applied, and the coordinator has assembled `genesis.toml`.
    fn assembled() -> Self {
        let ceremony = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::write(ceremony.path("passphrase"), "开放许可 一二三\n").unwrap();
        for (n, (id, name, region)) in EXCHANGES.iter().enumerate() {
            ceremony.done(&["keys", "--out", id, "--passphrase-file", "passphrase"]);
            let address = |step: usize| format!("/ip4/203.0.113.{}/tcp/{}", n + 1, 26_600 + step);
            ceremony.done(&[
                "apply",
                "--id",
                id,
                "--name",
                name,
                "--role",
                "exchange",
                "--region",
                region,
                "--key",
                &format!("{id}/member-1.key"),
                "--evidence",
                EVIDENCE,
                "--node-keys",
                id,
                "--consensus-address",
                &address(0),
                "--gossip-address",
                &address(1),
                "--api-address",
                &format!("https://{id}.example"),
                "--passphrase-file",
                "passphrase",
                "--out",
                &format!("{id}.toml"),
            ]);
        }
        ceremony.done(&[
            "keys",
            "--out",
            "registrar",
            "--member-keys",
            "3",
            "--without-node",
            "--passphrase-file",
            "passphrase",
        ]);
        ceremony.done(&[
            "apply",
            "--id",
            "registrar",
            "--name",
            "登记机构",
            "--role",
            "registrar",
            "--region",
            "110000",
            "--exchange",
            "beijing",
            "--key",
            "registrar/member-1.key",
            "--key",
            "registrar/member-2.key",
            "--key",
            "registrar/member-3.key",
            "--sign-with",
            "2",
            "--sign-act",
            "patent.register=1",
            "--overridden-code",
            "91350211M0000XUF46",
            "--code-allowed-by",
            "registrar",
            "--evidence",
            EVIDENCE,
            "--valid-until",
            "2029-12-31",
            "--passphrase-file",
            "passphrase",
            "--out",
            "registrar.toml",
        ]);
        ceremony.done(&[
            "assemble",
            "beijing.toml",
            "shanghai.toml",
            "guangdong.toml",
            "sichuan.toml",
            "registrar.toml",
            "--name",
            "通达",
            "--start",
            "2026-01-01T00:00:00Z",
            "--out",
            "genesis.toml",
        ]);
        ceremony
    }

    fn sign(&self, id: &str) {
        self.done(&[
            "sign",
            "genesis.toml",
            "--application",
            &format!("{id}.toml"),
            "--key",
            &format!("{id}/member-1.key"),
            "--passphrase-file",
            "passphrase",
        ]);
    }

    /// Writes the genesis file with one text in place of another, under another name; says where it stands.
    fn changed(&self, genesis: &str, from: &str, to: &str) -> usize {
        assert!(genesis.contains(from), "{from}");
        let text = genesis.replacen(from, to, 1);
        std::fs::write(self.path("changed.toml"), &text).unwrap();
        line_of(&text, to.lines().next().unwrap_or_default())
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn line_of(text: &str, needle: &str) -> usize {
    text.lines().position(|line| line.contains(needle)).unwrap_or_else(|| panic!("{needle}")) + 1
}

/// The value of a key in the section that begins with `start`.
fn value<'t>(genesis: &'t str, start: &str, key: &str) -> &'t str {
    let section = &genesis[genesis.find(start).unwrap()..];
    let line = section.lines().find(|line| line.starts_with(key)).unwrap();
    line.split('"').nth(1).unwrap()
}

#[test]
fn four_exchanges_found_a_network_and_every_change_is_refused_with_its_line() {
    let ceremony = Ceremony::assembled();

    // Not signed yet: consistent, but no network.
    ceremony.done(&["verify", "genesis.toml", "--unsigned", "--application", "sichuan.toml"]);
    let error = ceremony.refused(1, &["verify", "genesis.toml"]);
    assert!(error.contains("北京交易机构") && error.contains("tongda-genesis sign"), "{error}");

    for (id, _, _) in EXCHANGES {
        let error = ceremony.refused(1, &["verify", "genesis.toml"]);
        assert!(error.contains("has signed with 0 of the 1 keys"), "{error}");
        ceremony.sign(id);
    }
    ceremony.done(&[
        "verify",
        "genesis.toml",
        "--application",
        "beijing.toml",
        "--application",
        "registrar.toml",
    ]);
    let genesis = read(&ceremony.path("genesis.toml"));
    let read_back = Genesis::parse(&genesis).unwrap();
    assert_eq!(read_back.verify(), Ok(()));
    assert_eq!(read_back.founding.members[4].policy.default, 2);

    let twice = [
        "sign",
        "genesis.toml",
        "--application",
        "beijing.toml",
        "--key",
        "beijing/member-1.key",
        "--passphrase-file",
        "passphrase",
    ];
    assert!(ceremony.refused(1, &twice).contains("has signed already"));

    let others = [
        "sign",
        "genesis.toml",
        "--application",
        "beijing.toml",
        "--key",
        "shanghai/member-1.key",
        "--passphrase-file",
        "passphrase",
    ];
    assert!(ceremony.refused(1, &others).contains("is no key of the member that applied in beijing.toml"));

    // A value changed by whoever passes the file on: named by its line.
    let vote_key = value(&genesis, "name = \"guangdong\"", "vote-key");
    let other_key = value(&genesis, "name = \"guangdong\"", "cosign-key");
    let shanghai = &genesis[genesis.find("[[node]]\nname = \"shanghai\"").unwrap()..];
    let shanghai = &shanghai[..shanghai.find("# ──").unwrap()];
    for (from, to) in [
        (format!("vote-key = \"{vote_key}\""), format!("vote-key = \"{other_key}\" #")),
        ("grace-months = 6".into(), "grace-months = 7".into()),
        ("open-lump-cap = \"20,000,000.00\"".into(), "open-lump-cap = \"30,000,000.00\"".into()),
        ("/ip4/203.0.113.3/tcp/26601".into(), "/ip4/203.0.113.9/tcp/26601".into()),
        ("https://sichuan.example".into(), "https://sichuan.example.net".into()),
        ("sign-with = 2".into(), "sign-with = 3".into()),
        ("patent.register\", keys = 1".into(), "patent.register\", keys = 2".into()),
        ("code-allowed-by = \"registrar\"".into(), "code-allowed-by = \"beijing\"".into()),
        ("name = \"登记机构\"".into(), "name = \"登记机关\"".into()),
        ("valid-until = \"2029-12-31\"".into(), "valid-until = \"2039-12-31\"".into()),
        ("start = \"2026-01-01".into(), "start = \"2026-01-02".into()),
        ("demonstration = false".into(), "demonstration = true".into()),
        ("roles = [\"registrar\"]".into(), "roles = [\"registrar\", \"court\"]".into()),
    ] {
        let line = ceremony.changed(&genesis, &from, &to);
        let error = ceremony.refused(1, &["verify", "changed.toml"]);
        assert!(error.contains(&format!("line {line}: ")), "{to} in line {line}: {error}");
        assert!(error.lines().filter(|text| text.contains("line ")).count() == 1, "{to}: {error}");
    }

    // A node removed, and one added.
    ceremony.changed(&genesis, shanghai, "\n");
    let error = ceremony.refused(1, &["verify", "changed.toml"]);
    assert!(error.contains("shanghai is missing"), "{error}");
    let added = format!(
        "[[node]] # added\n{}",
        shanghai.trim_start_matches("[[node]]\n").replace("\"shanghai\"", "\"wuhan\"")
    );
    let added = added.replace("exchange = \"wuhan\"", "exchange = \"shanghai\"");
    let line = ceremony.changed(&genesis, shanghai, &format!("{added}{shanghai}"));
    let error = ceremony.refused(1, &["verify", "changed.toml"]);
    assert!(error.contains(&format!("line {line}: ")) && error.contains("does not belong there"), "{error}");

    // Signatures: one removed, one changed, one by a stranger.
    let last = genesis.rfind("\n[[signature]]").unwrap();
    std::fs::write(ceremony.path("changed.toml"), &genesis[..last]).unwrap();
    let error = ceremony.refused(1, &["verify", "changed.toml"]);
    let line = line_of(&genesis, "id = \"sichuan\"") - 1;
    assert!(error.contains(&format!("line {line}: 四川交易机构")), "{error}");
    let (head, signatures) = genesis.split_at(genesis.find("[[signature]]").unwrap());
    let swapped =
        format!("{head}{}", signatures.replacen("member = \"beijing\"", "member = \"shanghai\"", 1));
    std::fs::write(ceremony.path("changed.toml"), &swapped).unwrap();
    let error = ceremony.refused(1, &["verify", "changed.toml"]);
    assert!(error.contains(&format!("line {}: ", line_of(&swapped, "[[signature]]"))), "{error}");

    // Nothing is signed that differs from one's own application, even by a coordinator who assembles it anew.
    let forged = read(&ceremony.path("sichuan.toml")).replace("203.0.113.4", "203.0.113.44");
    std::fs::write(ceremony.path("forged.toml"), forged).unwrap();
    let assemble = [
        "assemble",
        "beijing.toml",
        "shanghai.toml",
        "guangdong.toml",
        "forged.toml",
        "registrar.toml",
        "--name",
        "通达",
        "--start",
        "2026-01-01T00:00:00Z",
        "--out",
        "forged-genesis.toml",
    ];
    let error = ceremony.refused(1, &assemble);
    assert!(error.contains("forged.toml: line ") && error.contains("changed after it was signed"), "{error}");
    let mut forged = Genesis::parse(&genesis).unwrap().founding;
    forged.nodes.nodes[2].gossip_address = "/ip4/203.0.113.99/tcp/26601".parse().unwrap();
    let forged = tongda_genesis::file::render(&forged, &[]);
    std::fs::write(ceremony.path("forged-genesis.toml"), &forged).unwrap();
    let node = forged_node(&forged);
    let sign = [
        "sign",
        "forged-genesis.toml",
        "--application",
        &format!("{node}.toml"),
        "--key",
        &format!("{node}/member-1.key"),
        "--passphrase-file",
        "passphrase",
    ];
    let error = ceremony.refused(1, &sign);
    let line = line_of(&forged, "203.0.113.99");
    assert!(error.contains(&format!("line {line}: ")) && error.contains("do not sign"), "{error}");
    assert_eq!(read(&ceremony.path("forged-genesis.toml")), forged, "nothing was added");

    // Wrong use.
    ceremony.refused(2, &["verify", "nowhere.toml"]);
    ceremony.refused(2, &["verify"]);
    ceremony.refused(2, &["keys", "--out", "beijing", "--passphrase-file", "passphrase"]);
    std::fs::write(ceremony.path("wrong"), "别的口令\n").unwrap();
    let wrong = ["sign", "genesis.toml", "--application", "beijing.toml", "--key", "beijing/member-1.key"];
    let error = ceremony.refused(2, &[&wrong[..], &["--passphrase-file", "wrong"]].concat());
    assert!(error.contains("the passphrase is wrong"), "{error}");

    for (language, words) in [("zh", "签名齐全"), ("en", "Signed by every exchange")] {
        let shown = ceremony.done(&["show", "genesis.toml", "--language", language]);
        assert!(shown.contains(&read_back.network.to_string()) && shown.contains(words), "{shown}");
    }
}

/// The node whose gossip address was changed.
fn forged_node(genesis: &str) -> &str {
    let before = &genesis[..genesis.find("203.0.113.99").unwrap()];
    value(&genesis[before.rfind("[[node]]").unwrap()..], "[[node]]", "name")
}
