//! Every act's command line builds the act that it says.

mod governance;
mod market;
mod rights;

use super::act::ActCommand;
use super::caller::Caller;
use super::options::Options;
use clap::Parser;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tongda_ledger::act::Act;
use tongda_ledger::identifier::{ObjectId, ObjectKind, ObjectRef};

/// What `tongda` reads, reduced to acts.
#[derive(Parser)]
struct Line {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    act: ActCommand,
}

/// Two digests, a key and a credit code, by the names they have in the table below.
const NAMES: [(&str, &str); 4] = [
    ("<hash>", "1111111111111111111111111111111111111111111111111111111111111111"),
    ("<other>", "2222222222222222222222222222222222222222222222222222222222222222"),
    ("<key>", "ed25519:3333333333333333333333333333333333333333333333333333333333333333"),
    ("<code>", "91350211M000100Y46"),
];

/// A text with `<P5>` written out as the id of the patent that record 5 made, and so on.
pub(super) fn filled(text: &str) -> String {
    let mut text = NAMES.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
    for kind in ObjectKind::ALL {
        for position in 0..10 {
            let id = ObjectRef::new(kind, ObjectId::new(position, 0)).unwrap().to_string();
            text = text.replace(&format!("<{}{position}>", kind.letter()), &id);
        }
    }
    text
}

/// The act that a command line builds; words are parted by spaces, `_` stands for a space in one.
pub(super) async fn built(line: &str) -> Result<Act, String> {
    built_as("<M1>", line).await
}

/// The act that a command line of this member builds.
pub(super) async fn built_as(member: &str, line: &str) -> Result<Act, String> {
    let line = filled(line);
    // What the environment says of a node and a member is whoever runs the tests' own.
    let words = ["tongda", "--node", "http://127.0.0.1:26602", "--as", &filled(member)];
    let words = words.map(str::to_owned).into_iter();
    let words: Vec<_> = words.chain(line.split(' ').map(|word| word.replace('_', " "))).collect();
    let line = Line::try_parse_from(words).map_err(|error| error.to_string())?;
    let caller = Caller::new(line.options).map_err(|failure| failure.message())?;
    line.act.act(&caller).await.map_err(|failure| failure.message())
}

/// Each command line with the act it builds, as JSON.
fn table() -> Vec<(&'static str, Value)> {
    vec![
        (
            "member register --name 演示大学 --code <code> --role university,research-institute --region 440000 \
             --industry C27 --public-key <key> --evidence <hash> --evidence-until 2030-01-01 --threshold 1",
            json!({"act": "member.register", "name": "演示大学", "country": "CN", "code": {"checked": {"code": "<code>"}},
                "roles": ["university", "research_institute"], "region": "440000", "industry": "C27", "size": null,
                "keys": [{"key": "<key>", "evidence": {"digest": "<hash>", "valid_until": "2030-01-01"}}],
                "policy": {"default": 1, "acts": []}}),
        ),
        (
            "member register --name 演示外国公司 --country DE --role enterprise --region 440000 --public-key <key> \
             --evidence <hash>",
            json!({"act": "member.register", "name": "演示外国公司", "country": "DE", "code": null,
                "roles": ["enterprise"], "region": "440000", "industry": null, "size": null,
                "keys": [{"key": "<key>", "evidence": {"digest": "<hash>", "valid_until": null}}],
                "policy": {"default": 1, "acts": []}}),
        ),
        (
            "member update <M2> --region 110000 --role agency",
            json!({"act": "member.update", "member": "<M2>", "name": null, "region": "110000", "industry": null,
                "size": null, "roles": ["agency"]}),
        ),
        (
            "member key add --public-key <key> --evidence <hash>",
            json!({"act": "member.key", "member": "<M1>", "change": {"add": {"entry":
                {"key": "<key>", "evidence": {"digest": "<hash>", "valid_until": null}}}}}),
        ),
        (
            "member key rotate <M2> --old <key> --public-key <key> --evidence <hash>",
            json!({"act": "member.key", "member": "<M2>", "change": {"rotate": {"old": "<key>", "entry":
                {"key": "<key>", "evidence": {"digest": "<hash>", "valid_until": null}}}}}),
        ),
        (
            "member key revoke --old <key>",
            json!({"act": "member.key", "member": "<M1>", "change": {"revoke": {"key": "<key>"}}}),
        ),
        (
            "member key policy --default 1 --act transfer.propose=2",
            json!({"act": "member.key", "member": "<M1>", "change": {"policy": {"policy":
                {"default": 1, "acts": [{"act": "transfer.propose", "keys": 2}]}}}}),
        ),
        (
            "member status <M2> suspend --reason 证照吊销",
            json!({"act": "member.status", "member": "<M2>", "change": "suspend", "reason": "证照吊销"}),
        ),
        (
            "agency power --agent <M2> --act open.declare,open.withdraw --patent <P3> --until 2027-01-01",
            json!({"act": "agency.power", "principal": "<M1>", "agent": "<M2>",
                "acts": ["open.declare", "open.withdraw"], "patents": ["<P3>"], "until": "2027-01-01"}),
        ),
        (
            "party register --name 演示企业 --kind private",
            json!({"act": "party.register", "parties": [{"name": {"organisation": {"name": "演示企业", "code": null}},
                "kind": "private", "country": "CN"}]}),
        ),
        (
            "party link <E2> <E3> --member <M2> --proof <hash>",
            json!({"act": "party.link", "member": "<M2>", "parties": ["<E2>", "<E3>"], "proof": "<hash>"}),
        ),
        (
            "patent register --number 85100001.0 --title 装置 --owner <E2>=60%,<E3>=40% --granted 1987-01-01 \
             --filing 1985-04-01 --class G06Q_50/18 --source <hash> --funded",
            json!({"act": "patent.register", "number": "85100001.0", "publication": null, "title": "装置",
                "filing": "1985-04-01", "stage": {"granted": {"on": "1987-01-01"}},
                "owners": [{"party": "<E2>", "share": "60.00%"}, {"party": "<E3>", "share": "40.00%"}],
                "undisclosed_owners": 0, "classification": "G06Q 50/18", "industry": null, "same_day": null,
                "funded": true, "source": "<hash>"}),
        ),
        (
            "patent annuity <P3> --year 4 --paid 1200 --reduction 85% --on 2026-05-01",
            json!({"act": "patent.annuity", "patent": "<P3>", "year": 4, "event": {"paid": {"amount": "120000",
                "reduction": "85.00%"}}, "effective": "2026-05-01"}),
        ),
        (
            "patent life <P3> term-extended --last 2040-01-01 --on 2026-05-01 --document <hash>",
            json!({"act": "patent.life", "patent": "<P3>", "event": {"term_extended": {"last": "2040-01-01"}},
                "effective": "2026-05-01", "document": "<hash>"}),
        ),
        (
            "patent abandon <P3> --on 2026-05-01",
            json!({"act": "patent.life", "patent": "<P3>", "event": "abandoned", "effective": "2026-05-01",
                "document": null}),
        ),
        (
            "patent freeze <P3> preservation --from 2026-01-01 --until 2026-06-30 --case (2026)京1号",
            json!({"act": "patent.freeze", "patent": "<P3>", "kind": "preservation", "from": "2026-01-01",
                "until": "2026-06-30", "case": "(2026)京1号"}),
        ),
        (
            "patent unfreeze <P3> suspension --reason 撤诉",
            json!({"act": "patent.unfreeze", "patent": "<P3>", "kind": "suspension", "reason": "撤诉"}),
        ),
        (
            "patent evalreport <P3> --positive --number PJ1 --digest <hash>",
            json!({"act": "patent.evalreport", "patent": "<P3>", "positive": true, "number": "PJ1",
                "digest": "<hash>"}),
        ),
        (
            "patent coown <P3> --owner <E2>=50%,<E3>=50% --agreement <hash>",
            json!({"act": "patent.coown", "patent": "<P3>", "owners": [{"party": "<E2>", "share": "50.00%"},
                {"party": "<E3>", "share": "50.00%"}], "agreement": "<hash>"}),
        ),
        (
            "patent correct <P3> --owner <E2> --undisclosed 1 --reason 补登",
            json!({"act": "patent.correct", "patent": "<P3>", "correction": {"owners": {"owners":
                [{"party": "<E2>", "share": null}], "undisclosed": 1}}, "reason": "补登"}),
        ),
        (
            "open declare <P3> --fee lump:50000 --term 2026-01-01/2026-12-31 --contact 电话 --calculation 参照 \
             --industry C27,M73 --undertake",
            json!({"act": "open.declare", "patent": "<P3>", "fee": {"lump": {"amount": "5000000"}},
                "term": "2026-01-01/2026-12-31", "contact": "电话", "account": null, "calculation": "参照",
                "industries": ["C27", "M73"], "application": null, "know_how": false, "undertaking": true}),
        ),
        (
            "open announce <D4> --gazette 41-1 --on 2026-01-02",
            json!({"act": "open.announce", "declaration": "<D4>", "gazette": "41-1", "on": "2026-01-02"}),
        ),
        (
            "open notice <D4> --fee lump:50000 --term 2026-02-01/2026-12-31 --plan 生产",
            json!({"act": "open.notice", "declaration": "<D4>", "fee": {"lump": {"amount": "5000000"}},
                "term": "2026-02-01/2026-12-31", "plan": "生产", "export": null}),
        ),
        (
            "open pay <N5> --amount 50,000.00 --receipt <hash> --on 2026-02-03 --confirmed-by <M2>",
            json!({"act": "open.pay", "notice": "<N5>", "amount": "5000000", "currency": "CNY", "receipt": "<hash>",
                "on": "2026-02-03", "confirmed_by": "<M2>"}),
        ),
        (
            "open withdraw <D4> --reason 转让在即",
            json!({"act": "open.withdraw", "declaration": "<D4>", "reason": "转让在即", "condition": null}),
        ),
        (
            "open close <D4> --cause withdrawn --gazette 41-2 --on 2026-03-01",
            json!({"act": "open.close", "declaration": "<D4>", "cause": "withdrawn", "gazette": "41-2",
                "on": "2026-03-01"}),
        ),
        (
            "licence grant <P3> --licensee <M2> --licensor <E2> --kind exclusive --term 2026-01-01/2027-12-31 \
             --territory 440000 --use make,sell --fee royalty --contract <hash>",
            json!({"act": "licence.grant", "patents": ["<P3>"], "licensors": ["<E2>"], "licensee": "<M2>",
                "kind": "exclusive", "scope": {"territory": ["440000"], "fields": [], "acts": ["make", "sell"]},
                "term": "2026-01-01/2027-12-31", "sublicence": false, "under": null, "fee": "royalty", "shares": [],
                "proceeds": null, "beside": [], "export": null, "funder": null, "contract": "<hash>"}),
        ),
        (
            "licence record <L6> --number X2026440000001 --on 2026-02-01 --proof <hash>",
            json!({"act": "licence.record", "licence": "<L6>", "number": "X2026440000001", "on": "2026-02-01",
                "proofs": ["<hash>"]}),
        ),
        (
            "licence end <L6> --cause agreement --on 2026-05-01",
            json!({"act": "licence.end", "licence": "<L6>", "cause": "agreement", "on": "2026-05-01",
                "document": null, "remark": null}),
        ),
        (
            "transfer propose <P3> --from <E2> --to <E3>=100% --pricing agreement:2026-01-01/2026-01-16 \
             --export free:<other> --contract <hash>",
            json!({"act": "transfer.propose", "patents": ["<P3>"], "from": ["<E2>"],
                "to": [{"party": "<E3>", "share": "100.00%"}],
                "pricing": {"agreement": {"notice": "2026-01-01/2026-01-16"}},
                "export": {"free": {"registration": "<other>"}}, "funder": null, "proceeds": null,
                "contract": "<hash>"}),
        ),
        (
            "transfer register <T7> --gazette 41-3 --on 2026-05-01",
            json!({"act": "transfer.register", "transfer": "<T7>", "gazette": "41-3", "on": "2026-05-01"}),
        ),
        (
            "pledge apply <P3> --pledgor <E2> --pledgee <M2> --debt loan --contract <hash> \
             --debt-term 2026-01-01/2028-12-31 --scope 本金 --maximum 1000000 --open-continues",
            json!({"act": "pledge.apply", "patents": ["<P3>"], "pledgors": ["<E2>"], "pledgee": "<M2>",
                "debt": "loan", "contract": "<hash>", "debt_term": "2026-01-01/2028-12-31", "scope": "本金",
                "maximum": "100000000", "forfeiture": false, "insist_same_day": false, "insist_invalidation": false,
                "open_continues": true}),
        ),
        (
            "pledge register <G8> --number Y2026980000001 --on 2026-02-01",
            json!({"act": "pledge.register", "pledge": "<G8>", "number": "Y2026980000001", "on": "2026-02-01"}),
        ),
        (
            "pledge release <G8> --cause paid --on 2026-12-01",
            json!({"act": "pledge.release", "pledge": "<G8>", "cause": "paid", "on": "2026-12-01"}),
        ),
        (
            "pledge consent <G8> --act licence.grant --until 2027-01-01",
            json!({"act": "pledge.consent", "pledge": "<G8>", "to": "licence.grant", "conditions": null, "until": "2027-01-01"}),
        ),
        ("consent give <W9>", json!({"act": "consent.give", "pending": "<W9>"})),
        (
            "consent decline <W9> --reason 条件不合",
            json!({"act": "consent.decline", "pending": "<W9>", "reason": "条件不合"}),
        ),
    ]
}

#[tokio::test]
async fn every_act_of_the_ledger_has_a_command_that_builds_it() {
    let mut seen = BTreeSet::new();
    let families = [rights::table(), governance::table(), market::table()];
    for (line, expected) in table().into_iter().chain(families.into_iter().flatten()) {
        let act = built(line).await.unwrap_or_else(|error| panic!("{line}: {error}"));
        seen.insert(act.name());
        let expected: Value = serde_json::from_str(&filled(&expected.to_string())).unwrap();
        assert_eq!(json!(act), expected, "{line}");
    }
    let all: BTreeSet<_> = Act::ALL.iter().map(|(_, name)| *name).collect();
    assert_eq!(seen, all);
}

#[tokio::test]
async fn what_does_not_go_together_is_refused_with_what_would() {
    for (line, part) in [
        ("patent life <P3> granted --last 2040-01-01", "term-extended"),
        ("patent life <P3> term-extended", "--last"),
        ("patent life <P3> sold", "unknown variant"),
        ("patent annuity <P3> --year 4", "--overdue"),
        ("patent evalreport <P3> --positive --negative --number 1 --digest <hash>", "cannot be used with"),
        ("party register", "--name"),
        (
            "open declare <P3> --fee gift --term 2026-01-01/2026-12-31 --contact a --calculation b",
            "lump:5000",
        ),
        ("open declare <D3> --fee free --term 2026-01-01/2026-12-31 --contact a --calculation b", "D-3"),
        (
            "member register --name a --code 91350211M000100Y43 --role bank --region 440000 --public-key <key> \
          --evidence <hash>",
            "--code",
        ),
        (
            "member register --name a --role bank --region 440000 --public-key <key> --evidence <hash>",
            "--code",
        ),
        ("licence change <L6> --agreement <hash>", "--term"),
        ("licence change <L6> --term 2026-01-01/2026-12-31 --field C27 --agreement <hash>", "--scope"),
        ("transfer by-law <P3> --from <E2> --to <E4> --cause pledge-realised --on 2026-05-01", "--pledge"),
        ("transfer by-law <P3> --from <E2> --to <E4> --cause merger --preservation <R6>", "judgment"),
        ("member attribute certify <M2> --document <hash>", "--specialised"),
        ("member attribute certify <M2> --central --high-tech 1 --document <hash>", "cannot be used with"),
        ("pledge default <G8>", "--evidence"),
        ("pledge dispose <G8> <P3> --mode sale --buyer <E4> --document <hash>", "--price"),
        (
            "pledge dispose <G8> <P3> --mode sale --withheld <hash> --price 5 --buyer <E4> --document <hash>",
            "cannot",
        ),
        ("valuation <P3> --method tool --value <hash> --tool a", "--tool-version"),
        (
            "finance instrument insurance --issuer <M2> --partner <M3> --contract <hash> --term 2026-01-01/2026-12-31",
            "--cover",
        ),
        (
            "finance instrument warrant --cover licence --issuer <M2> --partner <M3> --contract <hash> \
             --term 2026-01-01/2026-12-31",
            "insurance",
        ),
        ("credit event <M2> --level minor --evidence <hash> --until 2027-12-31", "--ground"),
        ("credit decide <F6> --decision <hash>", "--uphold"),
        (
            "royalty report <L6> --period 2026-01-01/2026-06-30 --base <hash> --due sealed:5 --paid 5",
            "sealed:AMOUNT@FILE",
        ),
        ("pledge consent <G8> --act pledge.sell --until 2027-01-01", "open.declare"),
    ] {
        let error = built(line).await.err().unwrap_or_else(|| panic!("{line} is taken"));
        assert!(error.contains(part), "{line}: {error}");
    }
}

/// Cures name commands; each must exist, so that nobody is sent to one that does not.
#[test]
fn every_command_that_a_refusals_cure_names_exists() {
    use clap::CommandFactory as _;
    let tongda = super::Cli::command();
    for code in tongda_ledger::refusal::Code::ALL {
        for cure in [code.wording().cure.zh, code.wording().cure.en] {
            for named in cure.split('`').filter(|part| part.starts_with("tongda ")) {
                let found = named.split(' ').skip(1).try_fold(&tongda, |at, word| at.find_subcommand(word));
                assert!(found.is_some(), "{code} names `{named}`");
            }
        }
    }
}

/// An option of one command with the id of an option of all would silently be taken for it.
#[test]
fn no_command_takes_an_option_of_all_commands_for_its_own() {
    use clap::CommandFactory as _;
    fn walk(command: &clap::Command, everywhere: &BTreeSet<String>) {
        for below in command.get_subcommands() {
            for argument in below.get_arguments() {
                let id = argument.get_id().as_str();
                assert!(!everywhere.contains(id), "{}: {id}", below.get_name());
            }
            walk(below, everywhere);
        }
    }
    let tongda = super::Cli::command();
    let everywhere = tongda.get_arguments().filter(|argument| argument.is_global_set());
    walk(&tongda, &everywhere.map(|argument| argument.get_id().to_string()).collect());
    tongda.debug_assert();
}
