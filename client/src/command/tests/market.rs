//! Command lines about implementation, trade, the stock, matching, pools and standards, with the acts they build.

use super::super::push_proofs::PushProofs;
use super::{built, built_as, filled};
use serde_json::{Value, json};
use tongda_ledger::act::Act;
use tongda_ledger::act::matching::{Feedback, Push, PushPlace, push_leaf};
use tongda_ledger::codec::Encode;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, PatentId};

/// Each command line with the act it builds, as JSON.
pub(super) fn table() -> Vec<(&'static str, Value)> {
    [implementation(), stock(), matching(), listings(), pools(), open_source()].concat()
}

fn implementation() -> Vec<(&'static str, Value)> {
    let entry = json!({"kind": null, "amount": "10000000", "technical": "8000000", "patents": [],
        "references": [{"notice": {"notice": "<N5>"}}], "sellers": [], "buyers": [],
        "seller_region": "440000", "buyer_region": "110000", "concluded": "2026-02-01"});
    vec![
        (
            "implement report <P3> --own --start 2026-01-01 --product <K4> --output tens-of-millions \
             --figures <other> --evidence <hash>",
            json!({"act": "implement.report", "patent": "<P3>", "mode": "own", "start": "2026-01-01",
                "product": {"filed": {"product": "<K4>"}}, "output": "tens_of_millions", "figures": "<other>",
                "evidence": "<hash>"}),
        ),
        (
            "implement report <P3> --licence <L6> --start 2026-01-01 --product-name 泵_A1 --output none \
             --evidence <hash>",
            json!({"act": "implement.report", "patent": "<P3>", "mode": {"licensed": {"licence": "<L6>"}},
                "start": "2026-01-01", "product": {"named": {"name": "泵 A1"}}, "output": "none", "figures": null,
                "evidence": "<hash>"}),
        ),
        (
            "implement report <P3> --transfer <T7> --start 2026-01-01 --product <K4> --output billions \
             --evidence <hash>",
            json!({"act": "implement.report", "patent": "<P3>", "mode": {"acquired": {"transfer": "<T7>"}},
                "start": "2026-01-01", "product": {"filed": {"product": "<K4>"}}, "output": "billions",
                "figures": null, "evidence": "<hash>"}),
        ),
        (
            "implement report <P3> --together-with <M2> --start 2026-01-01 --product <K4> --output millions \
             --evidence <hash>",
            json!({"act": "implement.report", "patent": "<P3>", "mode": {"cooperating": {"with": "<M2>"}},
                "start": "2026-01-01", "product": {"filed": {"product": "<K4>"}}, "output": "millions",
                "figures": null, "evidence": "<hash>"}),
        ),
        (
            "implement verify <R5> --findings <hash>",
            json!({"act": "implement.verify", "report": "<R5>", "findings": "<hash>"}),
        ),
        (
            "techcontract link 2026440000000001 --kind licence --amount 100000 --technical 80000 --patent <P3> \
             --licence <L6> --transfer <T7> --notice <N5> --seller <E2> --buyer <E3> --seller-region 440000 \
             --buyer-region 110000 --concluded 2026-02-01 --certificate <hash>",
            json!({"act": "techcontract.link", "number": "2026440000000001", "entry": {"kind": "licence",
                "amount": "10000000", "technical": "8000000", "patents": ["<P3>"], "references":
                [{"licence": {"licence": "<L6>"}}, {"transfer": {"transfer": "<T7>"}}, {"notice": {"notice": "<N5>"}}],
                "sellers": ["<E2>"], "buyers": ["<E3>"], "seller_region": "440000", "buyer_region": "110000",
                "concluded": "2026-02-01"}, "certificate": "<hash>"}),
        ),
        (
            "techcontract correct <C8> --amount 100,000.00 --technical 80000 --notice <N5> --seller-region 440000 \
             --buyer-region 110000 --concluded 2026-02-01 --reason 笔误",
            json!({"act": "techcontract.correct", "contract": "<C8>", "entry": entry, "reason": "笔误"}),
        ),
        (
            "trade crossborder --direction export --country DE --licence <L6> --control free:<other> --number 2026-1 \
             --currency EUR --settlement <hash> --zone 广东 --on 2026-03-01",
            json!({"act": "trade.crossborder", "direction": "export", "country": "DE",
                "subject": {"licence": {"licence": "<L6>"}}, "control": {"free": {"registration": "<other>"}},
                "number": "2026-1", "settlement": {"currency": "EUR", "digest": "<hash>"}, "zone": "广东",
                "on": "2026-03-01"}),
        ),
        (
            "trade crossborder --direction import --country US --transfer <T7> --on 2026-03-01",
            json!({"act": "trade.crossborder", "direction": "import", "country": "US",
                "subject": {"transfer": {"transfer": "<T7>"}}, "control": null, "number": null, "settlement": null,
                "zone": null, "on": "2026-03-01"}),
        ),
    ]
}

fn stock() -> Vec<(&'static str, Value)> {
    vec![
        (
            "stock enter <P3> --institution <M2> --willingness transfer,license --readiness 6 --grade 4 \
             --description 用于泵 --contact 电话",
            json!({"act": "stock.enter", "patent": "<P3>", "institution": "<M2>",
                "willingness": ["transfer", "license"], "readiness": 6, "grade": 4, "description": "用于泵",
                "contact": "电话"}),
        ),
        (
            "stock leave <P3> --reason 已转让",
            json!({"act": "stock.leave", "patent": "<P3>", "reason": "已转让"}),
        ),
        (
            "stock tier <P3> --rule 1 --feedback <R5>,<R6> --tier priority",
            json!({"act": "stock.tier", "patent": "<P3>", "rule": 1, "feedback": ["<R5>", "<R6>"],
                "tier": "priority"}),
        ),
        (
            "support record --patent <P3> --kind capital --title 贷款 --term 2026-01-01/2026-12-31 --document <hash>",
            json!({"act": "support.record", "target": {"patent": {"patent": "<P3>"}}, "kind": "capital",
                "title": "贷款", "term": "2026-01-01/2026-12-31", "document": "<hash>"}),
        ),
        (
            "support record --tier growing --kind policy --title 补贴",
            json!({"act": "support.record", "target": {"tier": {"tier": "growing"}}, "kind": "policy",
                "title": "补贴", "term": null, "document": null}),
        ),
    ]
}

fn matching() -> Vec<(&'static str, Value)> {
    let leaf = |leaf: Hash| leaf.to_string();
    vec![
        (
            // A tree of one leaf has the leaf for its root.
            "match push --patents tests/push/patents.txt --recipients tests/push/recipients.txt --segment C27 \
             --algorithm 关键词 --algorithm-version <hash>",
            json!({"act": "match.push", "patents": 1, "patents_root": leaf(push_leaf(&PatentId::new(3, 0))),
                "segment": "C27", "recipients": 1, "recipients_root": leaf(push_leaf(&MemberId::new(1, 0))),
                "algorithm": "关键词", "version": "<hash>"}),
        ),
        (
            "match feedback <U4> <P3> --proofs tests/push/proofs.json --prospect 5 --improvement 降低成本 \
             --cooperation take-licence",
            json!({"act": "match.feedback", "push": "<U4>", "patent": "<P3>",
                "recipient_place": {"index": 0, "proof": []}, "patent_place": {"index": 0, "proof": []},
                "prospect": 5, "improvement": "降低成本", "cooperation": "take_licence"}),
        ),
        (
            "demand post --problem 降噪 --industry C27 --budget five-million-up --joint --until 2026-12-31",
            json!({"act": "demand.post", "problem": "降噪", "industry": "C27", "budget": "five_million_up",
                "joint": true, "until": "2026-12-31"}),
        ),
        (
            "demand close <H5> --met --contract <C8> --patent <P3>",
            json!({"act": "demand.close", "demand": "<H5>",
                "outcome": {"met": {"contract": "<C8>", "patents": ["<P3>"]}}}),
        ),
        (
            "demand close <H5> --taken-back",
            json!({"act": "demand.close", "demand": "<H5>", "outcome": "taken_back"}),
        ),
    ]
}

fn listings() -> Vec<(&'static str, Value)> {
    vec![
        (
            "listing publish <P3> --exchange <M2> --mode auction --purpose sale --price 50,000.00 --openly-licensed \
             --description 泵 --until 2026-12-31",
            json!({"act": "listing.publish", "patents": ["<P3>"], "exchange": "<M2>", "mode": "auction",
                "purpose": "sale", "price": {"public": {"amount": "5000000"}}, "openly_licensed": true,
                "description": "泵", "until": "2026-12-31"}),
        ),
        (
            "listing publish <P3> <P4> --exchange <M2> --mode open-listing --purpose licensing \
             --confidential-price <hash> --description 泵 --until 2026-12-31",
            json!({"act": "listing.publish", "patents": ["<P3>", "<P4>"], "exchange": "<M2>",
                "mode": "open_listing", "purpose": "licensing", "price": {"confidential": {"digest": "<hash>"}},
                "openly_licensed": false, "description": "泵", "until": "2026-12-31"}),
        ),
        (
            "listing publish <P3> --exchange <M2> --mode negotiated --purpose sale --price-by-agreement \
             --description 泵 --until 2026-12-31",
            json!({"act": "listing.publish", "patents": ["<P3>"], "exchange": "<M2>", "mode": "negotiated",
                "purpose": "sale", "price": "by_agreement", "openly_licensed": false, "description": "泵",
                "until": "2026-12-31"}),
        ),
        (
            "listing close <Q9> --licence <L6>",
            json!({"act": "listing.close", "listing": "<Q9>",
                "outcome": {"concluded": {"deal": {"licence": {"licence": "<L6>"}}}}}),
        ),
        (
            "listing close <Q9> --transfer <T7>",
            json!({"act": "listing.close", "listing": "<Q9>",
                "outcome": {"concluded": {"deal": {"transfer": {"transfer": "<T7>"}}}}}),
        ),
        (
            "listing close <Q9> --notice <N5>",
            json!({"act": "listing.close", "listing": "<Q9>",
                "outcome": {"concluded": {"deal": {"notice": {"notice": "<N5>"}}}}}),
        ),
        (
            "listing close <Q9> --delisted",
            json!({"act": "listing.close", "listing": "<Q9>", "outcome": "delisted"}),
        ),
        (
            "listing close <Q9> --unsold",
            json!({"act": "listing.close", "listing": "<Q9>", "outcome": "unsold"}),
        ),
        (
            "event hold --kind roadshow --name 一月一链 --on 2026-06-01 --industry C27 --region 440000 \
             --patent <P3>,<P4> --member <M2>",
            json!({"act": "event.hold", "kind": "roadshow", "name": "一月一链", "on": "2026-06-01",
                "industry": "C27", "region": "440000", "patents": ["<P3>", "<P4>"], "members": ["<M2>"]}),
        ),
        (
            "event outcome <Y6> --intents 3 --contract <C8> --report <hash>",
            json!({"act": "event.outcome", "event": "<Y6>", "intents": 3, "contracts": ["<C8>"],
                "report": "<hash>"}),
        ),
    ]
}

fn pools() -> Vec<(&'static str, Value)> {
    vec![
        (
            "pool form --name 泵专利池 --rules <hash> --administrator <M1> --share-rule by-patent \
             --founder <M1>=<P3>,<P4> --founder <M2>=<P5>",
            json!({"act": "pool.form", "name": "泵专利池", "rules": "<hash>", "administrator": "<M1>",
                "share_rule": "by_patent", "founders": [{"member": "<M1>", "patents": ["<P3>", "<P4>"]},
                {"member": "<M2>", "patents": ["<P5>"]}]}),
        ),
        (
            "pool join <O7> <P6> --member <M2>",
            json!({"act": "pool.join", "pool": "<O7>", "member": "<M2>", "patents": ["<P6>"]}),
        ),
        (
            "pool leave <O7> <P6>",
            json!({"act": "pool.leave", "pool": "<O7>", "member": "<M1>", "patents": ["<P6>"]}),
        ),
        (
            "pool leave <O7> --all --member <M2>",
            json!({"act": "pool.leave", "pool": "<O7>", "member": "<M2>", "patents": []}),
        ),
        (
            "pool distribute <O7> --period 2026-01-01/2026-06-30 --total 3000 --share <M1>=2,000.00 --share <M2>=1000",
            json!({"act": "pool.distribute", "pool": "<O7>", "period": "2026-01-01/2026-06-30", "total": "300000",
                "shares": [{"member": "<M1>", "amount": "200000"}, {"member": "<M2>", "amount": "100000"}]}),
        ),
        (
            "pool dissolve <O7> --reason 期满",
            json!({"act": "pool.dissolve", "pool": "<O7>", "reason": "期满"}),
        ),
        (
            "portfolio form <P3> <P4> --name 泵组合 --industry C27,M73",
            json!({"act": "portfolio.form", "name": "泵组合", "field": ["C27", "M73"],
                "patents": ["<P3>", "<P4>"]}),
        ),
        ("portfolio end <R8>", json!({"act": "portfolio.end", "portfolio": "<R8>"})),
        (
            "consortium form --name 泵联合体 --member <M1>,<M2> --ip-rules <hash> --scope 联合攻关 --industry C27",
            json!({"act": "consortium.form", "name": "泵联合体", "members": ["<M1>", "<M2>"], "ip_rules": "<hash>",
                "scope": "联合攻关", "industries": ["C27"]}),
        ),
        (
            "consortium leave <R8> --member <M2>",
            json!({"act": "consortium.leave", "consortium": "<R8>", "member": "<M2>"}),
        ),
        ("consortium end <R8>", json!({"act": "consortium.end", "consortium": "<R8>"})),
    ]
}

fn open_source() -> Vec<(&'static str, Value)> {
    vec![
        (
            "opensource pledge <P3> <P4> --licence 木兰专利承诺 --text <hash> --conditions 署名 --defensive --revocable \
             --green",
            json!({"act": "opensource.pledge", "patents": ["<P3>", "<P4>"], "licence": "木兰专利承诺",
                "text": "<hash>", "conditions": "署名", "defensive": true, "revocable": true, "green": true}),
        ),
        (
            "opensource terminate <S5> --against <M2> --case <Z6>",
            json!({"act": "opensource.terminate", "pledge": "<S5>", "member": "<M2>",
                "ground": {"case": {"case": "<Z6>"}}}),
        ),
        (
            "opensource terminate <S5> --against <M2> --suit (2026)京1号 --document <hash>",
            json!({"act": "opensource.terminate", "pledge": "<S5>", "member": "<M2>",
                "ground": {"suit": {"number": "(2026)京1号", "document": "<hash>"}}}),
        ),
        (
            "opensource revoke <S5> --reason 条款所许",
            json!({"act": "opensource.revoke", "pledge": "<S5>", "reason": "条款所许"}),
        ),
        (
            "sep declare <P3> --standard GB/T_46961-2025 --undertaking frand-royalty-free --document <hash>",
            json!({"act": "sep.declare", "patents": ["<P3>"], "standard": "GB/T 46961-2025",
                "undertaking": "frand_royalty_free", "document": "<hash>"}),
        ),
    ]
}

/// The act that a line with `DIR/` in it builds, of member `<M1>`.
async fn built_in(dir: &tempfile::TempDir, line: &str) -> Result<Act, String> {
    built_in_as(dir, "<M1>", line).await
}

async fn built_in_as(dir: &tempfile::TempDir, member: &str, line: &str) -> Result<Act, String> {
    let place = dir.path().to_str().expect("a temporary folder has a plain name");
    built_as(member, &line.replace("DIR/", &format!("{place}/"))).await
}

async fn pushed(dir: &tempfile::TempDir, patents: &[PatentId], recipients: &[MemberId]) -> Push {
    let lines = |ids: Vec<String>| ids.join("\n") + "\n\n";
    let patents = patents.iter().map(ToString::to_string).collect();
    let recipients = recipients.iter().map(ToString::to_string).collect();
    std::fs::write(dir.path().join("patents"), lines(patents)).unwrap();
    std::fs::write(dir.path().join("recipients"), lines(recipients)).unwrap();
    let line = "match push --patents DIR/patents --recipients DIR/recipients --proofs DIR/proofs --proofs-in DIR/each \
                --segment C27 --algorithm 关键词 --algorithm-version <hash>";
    let Act::MatchPush(push) = built_in(dir, line).await.unwrap() else { panic!("another act") };
    *push
}

fn stands<T: Encode>(place: &PushPlace, size: u32, id: &T, root: &Hash) -> bool {
    place.proof.verify(place.index.into(), size.into(), &push_leaf(id), root).is_ok()
}

fn proved(push: &Push, feedback: &Feedback, by: MemberId) -> bool {
    stands(&feedback.recipient_place, push.recipients, &by, &push.recipients_root)
        && stands(&feedback.patent_place, push.patents, &feedback.patent, &push.patents_root)
}

async fn answered(dir: &tempfile::TempDir, file: &str, by: MemberId, about: PatentId) -> Result<Act, String> {
    let line = format!("match feedback <U4> {about} --proofs DIR/{file} --prospect 3 --cooperation no-wish");
    built_in_as(dir, &by.to_string(), &line).await
}

#[tokio::test]
async fn every_recipient_answers_about_every_pushed_patent_with_the_proofs_of_the_push() {
    let dir = tempfile::tempdir().unwrap();
    for (patents, recipients) in [(1, 1), (2, 3), (5, 6)] {
        let patents: Vec<_> = (20..20 + patents).map(|position| PatentId::new(position, 0)).collect();
        let recipients: Vec<_> = (40..40 + recipients).rev().map(|at| MemberId::new(at, 0)).collect();
        let push = pushed(&dir, &patents, &recipients).await;
        assert_eq!((push.patents as usize, push.recipients as usize), (patents.len(), recipients.len()));
        for by in &recipients {
            for file in ["proofs".to_owned(), format!("each/{by}.json")] {
                for patent in &patents {
                    let Act::MatchFeedback(feedback) = answered(&dir, &file, *by, *patent).await.unwrap()
                    else {
                        panic!("another act")
                    };
                    assert!(proved(&push, &feedback, *by), "{by} about {patent} with {file}");
                    assert!(!proved(&push, &feedback, MemberId::new(99, 0)));
                }
            }
        }
    }
}

#[tokio::test]
async fn who_was_sent_nothing_has_no_proof_and_a_recipients_own_file_names_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let (patent, other) = (PatentId::new(20, 0), PatentId::new(21, 0));
    let recipients = [MemberId::new(40, 0), MemberId::new(41, 0)];
    pushed(&dir, &[patent], &recipients).await;
    let error = answered(&dir, "proofs", MemberId::new(42, 0), patent).await.unwrap_err();
    assert!(error.contains("holds no proof for M-42"), "{error}");
    let error = answered(&dir, "proofs", recipients[0], other).await.unwrap_err();
    assert!(error.contains("holds no proof for P-21"), "{error}");
    let own = std::fs::read_to_string(dir.path().join(format!("each/{}.json", recipients[0]))).unwrap();
    assert!(!own.contains("M-41"), "{own}");
}

#[tokio::test]
async fn the_order_of_the_files_tells_nothing_and_nobody_is_pushed_to_twice() {
    let dir = tempfile::tempdir().unwrap();
    let patents = [PatentId::new(20, 0), PatentId::new(21, 0)];
    let [first, second] = [MemberId::new(40, 0), MemberId::new(41, 0)];
    let push = pushed(&dir, &patents, &[first, second]).await;
    assert_eq!(push, pushed(&dir, &patents, &[second, first]).await);
    assert!(PushProofs::of(&patents, &[first, second, first]).is_err());
}

#[tokio::test]
async fn a_file_of_shares_stands_for_many_options() {
    let dir = tempfile::tempdir().unwrap();
    let shares = filled(r#"[{"member": "<M1>", "amount": "100"}, {"member": "<M2>", "amount": "200"}]"#);
    std::fs::write(dir.path().join("shares"), shares).unwrap();
    let line = "pool distribute <O7> --period 2026-01-01/2026-06-30 --total 3";
    let by_file = built_in(&dir, &format!("{line} --file DIR/shares")).await.unwrap();
    let by_option = built(&format!("{line} --share <M1>=1 --share <M2>=2")).await.unwrap();
    assert_eq!(by_file, by_option);
}

#[tokio::test]
async fn what_a_choice_needs_is_asked_for_and_two_choices_are_one_too_many() {
    for (line, part) in [
        ("implement report <P3> --start 2026-01-01 --product <K4> --output none --evidence <hash>", "--own"),
        (
            "implement report <P3> --own --licence <L6> --start 2026-01-01 --product <K4> --output none \
             --evidence <hash>",
            "cannot be used with",
        ),
        ("trade crossborder --direction export --country DE --on 2026-03-01", "--licence"),
        (
            "trade crossborder --direction export --country DE --licence <L6> --currency EUR --on 2026-03-01",
            "--settlement",
        ),
        ("listing close <Q9>", "--unsold"),
        ("demand close <H5> --taken-back --contract <C8>", "cannot be used with"),
        ("pool leave <O7>", "PATENTS"),
        ("pool leave <O7> <P3> --all", "cannot be used with"),
        (
            "pool form --name a --rules <hash> --administrator <M1> --share-rule by-rules --founder <M1>",
            "MEMBER=",
        ),
        ("opensource terminate <S5> --against <M2> --suit 1", "--document"),
        ("opensource terminate <S5> --against <M2> --case <Z6> --document <hash>", "cannot be used with"),
    ] {
        let error = built(line).await.err().unwrap_or_else(|| panic!("{line} is taken"));
        assert!(error.contains(part), "{line}: {error}");
    }
}
