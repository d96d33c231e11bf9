//! Command lines of rights in their course: licences, royalties, transfers by law, pledges, finance, disputes, credit.

use serde_json::{Value, json};

/// Each command line with the act it builds, as JSON.
pub(super) fn table() -> Vec<(&'static str, Value)> {
    [rights(), pledges(), finance(), cases()].concat()
}

/// Licences, royalties, transfers, members.
fn rights() -> Vec<(&'static str, Value)> {
    vec![
        (
            "licence change <L6> --term 2026-01-01/2028-12-31 --kind sole --scope --territory 440000 --field C27 \
             --use make,sell --sublicence false --funder <M4> --agreement <hash>",
            json!({"act": "licence.change", "licence": "<L6>", "term": "2026-01-01/2028-12-31",
                "scope": {"territory": ["440000"], "fields": ["C27"], "acts": ["make", "sell"]}, "kind": "sole",
                "sublicence": false, "funder": "<M4>", "agreement": "<hash>"}),
        ),
        (
            "licence change <L6> --scope --agreement <hash>",
            json!({"act": "licence.change", "licence": "<L6>", "term": null,
                "scope": {"territory": [], "fields": [], "acts": []}, "kind": null, "sublicence": null,
                "funder": null, "agreement": "<hash>"}),
        ),
        (
            "licence cancel <L6> --on 2026-12-01",
            json!({"act": "licence.cancel", "licence": "<L6>", "on": "2026-12-01"}),
        ),
        (
            "licence end <L6> --cause ground-ceased --on 2026-12-01 --document <hash>",
            json!({"act": "licence.end", "licence": "<L6>", "cause": "ground_ceased", "on": "2026-12-01",
                "document": "<hash>", "remark": null}),
        ),
        (
            "licence compulsory <P3> --licensee <M2> --ground not-worked --use make --term 2026-01-01/2028-12-31 \
             --number 1 --decision <hash> --on 2025-12-01",
            json!({"act": "licence.compulsory", "patents": ["<P3>"], "licensee": "<M2>", "ground": "not_worked",
                "scope": {"territory": [], "fields": [], "acts": ["make"]}, "term": "2026-01-01/2028-12-31",
                "number": "1", "decision": "<hash>", "on": "2025-12-01"}),
        ),
        (
            "licence compulsory <P3> --licensee <M2> --dependent <P4> --term 2026-01-01/2028-12-31 --number 1 \
             --decision <hash> --on 2025-12-01",
            json!({"act": "licence.compulsory", "patents": ["<P3>"], "licensee": "<M2>",
                "ground": {"dependent": {"patent": "<P4>"}}, "scope": {"territory": [], "fields": [], "acts": []},
                "term": "2026-01-01/2028-12-31", "number": "1", "decision": "<hash>", "on": "2025-12-01"}),
        ),
        (
            "royalty report <L6> --period 2026-01-01/2026-06-30 --base <hash> --due sealed:<hash> --paid 5000",
            json!({"act": "royalty.report", "licence": "<L6>", "period": "2026-01-01/2026-06-30", "base": "<hash>",
                "due": {"sealed": {"digest": "<hash>"}}, "paid": {"public": {"amount": "500000"}}}),
        ),
        (
            "royalty acknowledge <R5>",
            json!({"act": "royalty.acknowledge", "report": "<R5>", "answer": "acknowledged"}),
        ),
        (
            "royalty acknowledge <R5> --dispute <hash>",
            json!({"act": "royalty.acknowledge", "report": "<R5>", "answer": {"disputed": {"reasons": "<hash>"}}}),
        ),
        (
            "transfer by-law <P3> --from <E2> --to <E4>=60%,<E5>=40% --cause judgment --preservation <R6> \
             --suspension <R7> --document <hash> --gazette 41-3 --on 2026-05-01",
            json!({"act": "transfer.by_law", "patents": ["<P3>"], "from": ["<E2>"],
                "to": [{"party": "<E4>", "share": "60.00%"}, {"party": "<E5>", "share": "40.00%"}],
                "undisclosed": 0, "cause": {"judgment": {"preservation": "<R6>", "suspension": "<R7>"}},
                "document": "<hash>", "gazette": "41-3", "on": "2026-05-01"}),
        ),
        (
            "transfer by-law <P3> --from <E2> --undisclosed 1 --cause inheritance --document <hash> --on 2026-05-01",
            json!({"act": "transfer.by_law", "patents": ["<P3>"], "from": ["<E2>"], "to": [], "undisclosed": 1,
                "cause": "inheritance", "document": "<hash>", "gazette": null, "on": "2026-05-01"}),
        ),
        (
            "transfer by-law <P3> --from <E2> --to <E4> --cause pledge-realised --pledge <G8> --on 2026-05-01",
            json!({"act": "transfer.by_law", "patents": ["<P3>"], "from": ["<E2>"],
                "to": [{"party": "<E4>", "share": null}], "undisclosed": 0,
                "cause": {"pledge_realised": {"pledge": "<G8>"}}, "document": null, "gazette": null,
                "on": "2026-05-01"}),
        ),
        (
            "transfer by-law <P3> --from <E2> --to <E4> --cause other --on 2026-05-01",
            json!({"act": "transfer.by_law", "patents": ["<P3>"], "from": ["<E2>"],
                "to": [{"party": "<E4>", "share": null}], "undisclosed": 0, "cause": "other_cause",
                "document": null, "gazette": null, "on": "2026-05-01"}),
        ),
        (
            "contribute equity <P3> --from <E2> --company <E4> --value <hash> --valued-on 2026-01-01 --valuation <V5> \
             --capital <E2>=30% --pricing agreement:2026-01-01/2026-01-15 --export free:<hash> --funder <M4> \
             --proceeds deposit --contract <other>",
            json!({"act": "contribute.equity", "patents": ["<P3>"], "from": ["<E2>"], "company": "<E4>",
                "value": {"digest": "<hash>", "on": "2026-01-01", "valuation": "<V5>"},
                "capital": [{"owner": "<E2>", "share": "30.00%"}],
                "pricing": {"agreement": {"notice": "2026-01-01/2026-01-15"}},
                "export": {"free": {"registration": "<hash>"}}, "funder": "<M4>", "proceeds": "deposit",
                "contract": "<other>"}),
        ),
        (
            "party update <E2> --name 新名称 --kind private --effective 2026-03-01 --evidence <hash>",
            json!({"act": "party.update", "party": "<E2>", "name": {"organisation": {"name": "新名称", "code": null}},
                "kind": "private", "effective": "2026-03-01", "evidence": "<hash>"}),
        ),
        (
            "member attribute take-back <M2> --kind high-tech-enterprise --reason 到期未复审",
            json!({"act": "member.attribute", "member": "<M2>",
                "change": {"take_back": {"kind": "high_tech_enterprise", "reason": "到期未复审"}}}),
        ),
        attribute(
            "member attribute certify <M2> --specialised little-giant --from 2026-01-01 --until 2028-12-31 --document <hash>",
            json!({"specialised_enterprise": {"grade": "little_giant"}}),
        ),
        attribute(
            "member attribute certify <M2> --high-tech GR1 --from 2026-01-01 --until 2028-12-31 --document <hash>",
            json!({"high_tech_enterprise": {"number": "GR1"}}),
        ),
        attribute(
            "member attribute certify <M2> --central --from 2026-01-01 --until 2028-12-31 --document <hash>",
            json!({"central_enterprise": {"group": null}}),
        ),
        attribute(
            "member attribute certify <M2> --central-group <M3> --from 2026-01-01 --until 2028-12-31 --document <hash>",
            json!({"central_enterprise": {"group": "<M3>"}}),
        ),
        attribute(
            "member attribute certify <M2> --innovation 4 --from 2026-01-01 --until 2028-12-31 --document <hash>",
            json!({"innovation_management": {"level": 4}}),
        ),
        attribute(
            "member attribute certify <M2> --demonstration-zone 甲 --from 2026-01-01 --until 2028-12-31 --document <hash>",
            json!({"demonstration_zone": {"zone": "甲"}}),
        ),
        attribute(
            "member attribute certify <M2> --free-trade-zone 乙 --from 2026-01-01 --until 2028-12-31 --document <hash>",
            json!({"free_trade_zone": {"zone": "乙"}}),
        ),
        attribute(
            "member attribute certify <M2> --equity-market listed --market-code 8 --from 2026-01-01 --until 2028-12-31 \
             --document <hash>",
            json!({"equity_market": {"standing": "listed", "code": "8"}}),
        ),
        attribute(
            "member attribute certify <M2> --operates-in C27,C35 --from 2026-01-01 --until 2028-12-31 --document <hash>",
            json!({"operation_scope": {"industries": ["C27", "C35"]}}),
        ),
        attribute(
            "member attribute certify <M2> --agency-licence 44000 --from 2026-01-01 --until 2028-12-31 --document <hash>",
            json!({"agency_licence": {"number": "44000"}}),
        ),
    ]
}

/// The lines that read what the acts made are understood too; one that is not would end in a usage error.
#[test]
fn what_hangs_on_an_object_is_asked_for_by_the_objects_own_noun() {
    use clap::Parser as _;
    use tongda_ledger::identifier::{
        CreditEventId, LicenceId, MemberId, PatentId, PledgeId, TransferId, ValuationId,
    };
    let (member, pledge, valuation) = (MemberId::new(2, 0), PledgeId::new(8, 0), ValuationId::new(5, 0));
    for line in [
        format!("patent dependents {}", PatentId::new(3, 0)),
        format!("licence dependents {}", LicenceId::new(6, 0)),
        format!("transfer dependents {}", TransferId::new(7, 0)),
        format!("pledge dependents {pledge}"),
        format!("pledge notices {pledge} --after 99"),
        format!("member dependents {member}"),
        format!("member attributes {member}"),
        format!("member credit {member} --after {}", CreditEventId::new(6, 0)),
        format!("valuation show {valuation}"),
        format!("valuation list --state withheld --after {valuation}"),
        "finance list".into(),
        "credit list --state upheld".into(),
        "case list --state opened".into(),
    ] {
        let words = std::iter::once("tongda").chain(line.split(' '));
        let read = super::super::Cli::try_parse_from(words);
        assert!(read.is_ok(), "{line}: {}", read.err().map(|error| error.to_string()).unwrap_or_default());
    }
}

/// A line that certifies this attribute from 2026 to 2028.
fn attribute(line: &'static str, value: Value) -> (&'static str, Value) {
    let certify = json!({"value": value, "from": "2026-01-01", "until": "2028-12-31", "document": "<hash>"});
    (line, json!({"act": "member.attribute", "member": "<M2>", "change": {"certify": certify}}))
}

/// Pledges after their registration.
fn pledges() -> Vec<(&'static str, Value)> {
    vec![
        (
            "pledge change <G8> --agreed 2026-03-01 --on 2026-03-05 --debt trade --contract <hash> \
             --debt-term 2026-01-01/2029-12-31 --scope 本金 --maximum 2000000 --fixed 2026-02-01 --released <P3>,<P4>",
            json!({"act": "pledge.change", "pledge": "<G8>", "agreed": "2026-03-01", "on": "2026-03-05",
                "debt": "trade", "contract": "<hash>", "debt_term": "2026-01-01/2029-12-31", "scope": "本金",
                "maximum": "200000000", "fixed": "2026-02-01", "released": ["<P3>", "<P4>"]}),
        ),
        (
            "pledge default <G8> --evidence <hash> --on 2026-06-01",
            json!({"act": "pledge.default", "pledge": "<G8>", "event": {"stated": {"evidence": "<hash>"}},
                "on": "2026-06-01"}),
        ),
        (
            "pledge default <G8> --cured --on 2026-06-01",
            json!({"act": "pledge.default", "pledge": "<G8>", "event": "cured", "on": "2026-06-01"}),
        ),
        (
            "pledge dispose <G8> <P3> --mode auction --price 1000 --costs 100 --to-pledgee 800 --surplus 100 \
             --deficiency 0 --buyer <E4> --document <hash> --on 2026-07-01",
            json!({"act": "pledge.dispose", "pledge": "<G8>", "patents": ["<P3>"], "mode": "auction",
                "proceeds": {"published": {"price": "100000", "costs": "10000", "pledgee": "80000",
                    "surplus": "10000", "deficiency": "0"}},
                "buyer": "<E4>", "document": "<hash>", "on": "2026-07-01"}),
        ),
        (
            "pledge dispose <G8> <P3> <P4> --mode agreed-value --withheld <other> --buyer <E4> --document <hash> \
             --on 2026-07-01",
            json!({"act": "pledge.dispose", "pledge": "<G8>", "patents": ["<P3>", "<P4>"], "mode": "agreed_value",
                "proceeds": {"withheld": {"digest": "<other>"}}, "buyer": "<E4>", "document": "<hash>",
                "on": "2026-07-01"}),
        ),
        (
            "pledge revoke <G8> --ground not-owner --document <hash> --on 2026-07-01",
            json!({"act": "pledge.revoke", "pledge": "<G8>", "ground": "not_owner", "document": "<hash>",
                "on": "2026-07-01"}),
        ),
    ]
}

/// Valuations, funds, instruments, loan lines.
fn finance() -> Vec<(&'static str, Value)> {
    vec![
        (
            "valuation <P3> <P4> --method income --band one-to-ten-million --value <hash> --on 2026-01-01 \
             --tool 工具 --tool-version 2.1",
            json!({"act": "valuation", "patents": ["<P3>", "<P4>"], "method": "income",
                "band": "one_to_ten_million", "value": "<hash>", "on": "2026-01-01",
                "tool": {"name": "工具", "version": "2.1"}}),
        ),
        (
            "fund contribute <M4> --amount 1000000 --document <hash> --on 2026-01-01",
            json!({"act": "fund.contribute", "fund": "<M4>", "amount": "100000000", "document": "<hash>",
                "on": "2026-01-01"}),
        ),
        (
            "risk compensate <G8> --fund <M4> --loss <hash> --share 40% --payout 4000 --on 2026-08-01",
            json!({"act": "risk.compensate", "fund": "<M4>", "pledge": "<G8>", "loss": "<hash>", "share": "40.00%",
                "payout": "400000", "on": "2026-08-01"}),
        ),
        (
            "risk recover <R5> --amount 100 --document <hash> --on 2026-09-01",
            json!({"act": "risk.recover", "compensation": "<R5>", "amount": "10000", "document": "<hash>",
                "on": "2026-09-01"}),
        ),
        (
            "finance instrument insurance --cover licence --issuer <M2> --partner <M3> --licence <L6> --valuation <V5> \
             --contract <hash> --term 2026-01-01/2026-12-31",
            json!({"act": "finance.instrument", "kind": {"insurance": {"cover": "licence"}}, "issuer": "<M2>",
                "partner": "<M3>", "patents": [], "licences": ["<L6>"], "valuation": "<V5>", "contract": "<hash>",
                "term": "2026-01-01/2026-12-31"}),
        ),
        instrument("securitisation", json!("securitisation")),
        instrument("warrant", json!("warrant")),
        instrument("convertible", json!("convertible")),
        instrument("preferred-shares", json!("preferred_shares")),
        instrument("loan-and-investment --pledge <G8>", json!({"loan_and_investment": {"pledge": "<G8>"}})),
        (
            "finance claim make <I5> --event 2026-05-01 --loss <hash> --evidence <other>",
            json!({"act": "finance.claim", "instrument": "<I5>",
                "step": {"made": {"event": "2026-05-01", "loss": "<hash>", "evidence": "<other>"}}}),
        ),
        (
            "finance claim settle <I5> --claim <R6> --payment <hash>",
            json!({"act": "finance.claim", "instrument": "<I5>",
                "step": {"settled": {"claim": "<R6>", "payment": "<hash>"}}}),
        ),
        (
            "finance claim decline <I5> --claim <R6> --reasons <hash>",
            json!({"act": "finance.claim", "instrument": "<I5>",
                "step": {"declined": {"claim": "<R6>", "reasons": "<hash>"}}}),
        ),
        (
            "finance claim withdraw <I5> --claim <R6>",
            json!({"act": "finance.claim", "instrument": "<I5>", "step": {"withdrawn": {"claim": "<R6>"}}}),
        ),
        (
            "finance end <I5> --cause adjudged --document <hash> --on 2026-12-01",
            json!({"act": "finance.end", "instrument": "<I5>", "cause": "adjudged", "document": "<hash>",
                "on": "2026-12-01"}),
        ),
        (
            "credit line <G8> --line <hash> --term 2026-01-01/2026-12-31 --valuation <V5> --investment <I6>",
            json!({"act": "credit.line", "pledge": "<G8>", "line": "<hash>", "term": "2026-01-01/2026-12-31",
                "valuation": "<V5>", "investment": "<I6>"}),
        ),
    ]
}

/// A line that enters an instrument on a patent and a licence.
fn instrument(kind: &str, value: Value) -> (&'static str, Value) {
    let line = format!(
        "finance instrument {kind} --issuer <M2> --partner <M3> --patent <P3>,<P4> --contract <hash> \
         --term 2026-01-01/2026-12-31"
    );
    let act = json!({"act": "finance.instrument", "kind": value, "issuer": "<M2>", "partner": "<M3>",
        "patents": ["<P3>", "<P4>"], "licences": [], "valuation": null, "contract": "<hash>",
        "term": "2026-01-01/2026-12-31"});
    (line.leak(), act)
}

/// Disputes and credit.
fn cases() -> Vec<(&'static str, Value)> {
    vec![
        (
            "case open --kind open-licence --respondent <E2>,<E3> --forum <M4> --patent <P3> --licence <L6> --pledge <G8> \
             --claim <hash>",
            json!({"act": "case.open", "kind": "open_licence", "claimant": "<M1>", "respondents": ["<E2>", "<E3>"],
                "forum": "<M4>", "patents": ["<P3>"], "licences": ["<L6>"], "pledges": ["<G8>"],
                "claim": "<hash>"}),
        ),
        (
            "case open --kind ownership --claimant <M2> --respondent <E2> --forum <M4> --patent <P3> --claim <hash>",
            json!({"act": "case.open", "kind": "ownership", "claimant": "<M2>", "respondents": ["<E2>"],
                "forum": "<M4>", "patents": ["<P3>"], "licences": [], "pledges": [], "claim": "<hash>"}),
        ),
        (
            "case accept <Z5> --number 调-1 --on 2026-02-01 --until 2026-05-01",
            json!({"act": "case.accept", "case": "<Z5>", "number": "调-1", "on": "2026-02-01",
                "until": "2026-05-01"}),
        ),
        (
            "case result <Z5> --outcome settled --document <hash> --perform-by 2026-06-01 --on 2026-04-01",
            json!({"act": "case.result", "case": "<Z5>", "outcome": "settled", "document": "<hash>",
                "perform_by": "2026-06-01", "on": "2026-04-01"}),
        ),
        (
            "case perform <Z5> --evidence <hash> --on 2026-05-20",
            json!({"act": "case.perform", "case": "<Z5>", "evidence": "<hash>", "on": "2026-05-20"}),
        ),
        (
            "credit event <M2> --ground abnormal-filing --level minor --evidence <hash> --until 2027-12-31",
            json!({"act": "credit.event", "member": "<M2>", "ground": "abnormal_filing", "level": "minor",
                "evidence": "<hash>", "until": "2027-12-31"}),
        ),
        (
            "credit event <M2> --false-declaration <D3> --level serious --evidence <hash> --until 2027-12-31",
            json!({"act": "credit.event", "member": "<M2>", "ground": {"false_declaration": {"declaration": "<D3>"}},
                "level": "serious", "evidence": "<hash>", "until": "2027-12-31"}),
        ),
        (
            "credit event <M2> --unperformed <Z5> --level ordinary --evidence <hash> --until 2027-12-31",
            json!({"act": "credit.event", "member": "<M2>", "ground": {"refusal_to_perform": {"case": "<Z5>"}},
                "level": "ordinary", "evidence": "<hash>", "until": "2027-12-31"}),
        ),
        (
            "credit appeal <F6> --grounds <hash>",
            json!({"act": "credit.appeal", "event": "<F6>", "grounds": "<hash>"}),
        ),
        (
            "credit decide <F6> --uphold --decision <hash> --on 2026-06-01",
            json!({"act": "credit.decide", "event": "<F6>", "upheld": true, "decision": "<hash>",
                "on": "2026-06-01"}),
        ),
        (
            "credit decide <F6> --cancel --decision <hash> --on 2026-06-01",
            json!({"act": "credit.decide", "event": "<F6>", "upheld": false, "decision": "<hash>",
                "on": "2026-06-01"}),
        ),
        (
            "credit repair <F6> --evidence <hash> --on 2026-09-01",
            json!({"act": "credit.repair", "event": "<F6>", "evidence": "<hash>", "on": "2026-09-01"}),
        ),
    ]
}
