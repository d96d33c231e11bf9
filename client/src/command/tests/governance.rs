//! Command lines of products, public funds, governance and statistics, with the acts that they build.

use super::built;
use serde_json::{Value, json};

/// Each command line with the act it builds, as JSON.
pub(super) fn table() -> Vec<(&'static str, Value)> {
    [products(), funds(), institutions(), governance(), nodes(), statistics(), publications()].concat()
}

fn products() -> Vec<(&'static str, Value)> {
    vec![
        (
            "product file <P3> <P4>=<L6> --name 电池管理模块（演示） --model BMS-1 --industry C39 --platform ZLCP-1",
            json!({"act": "product.file", "enterprise": "<M1>", "name": "电池管理模块（演示）", "model": "BMS-1",
                "patents": [{"patent": "<P3>", "basis": "owned"},
                    {"patent": "<P4>", "basis": {"licensed": {"licence": "<L6>"}}}],
                "industry": "C39", "platform": "ZLCP-1"}),
        ),
        (
            "product file <P3> --enterprise <M2> --name 模块 --model 1 --industry C39",
            json!({"act": "product.file", "enterprise": "<M2>", "name": "模块", "model": "1",
                "patents": [{"patent": "<P3>", "basis": "owned"}], "industry": "C39", "platform": null}),
        ),
        (
            "product output <K5> --year 2025 --class tens-of-millions --figures <hash>",
            json!({"act": "product.output", "product": "<K5>", "year": 2025, "class": "tens_of_millions",
                "figures": "<hash>"}),
        ),
        (
            "product recognise <K5> --standard national2025 --result recognised --validity 2026-01-01/2028-12-31 \
             --document <hash> --on 2026-01-01",
            json!({"act": "product.recognise", "product": "<K5>", "standard": "national2025",
                "result": "recognised", "validity": "2026-01-01/2028-12-31", "document": "<hash>",
                "on": "2026-01-01"}),
        ),
        (
            "product withdraw <K5> recognition --reason 不再符合标准 --on 2026-05-01",
            json!({"act": "product.withdraw", "product": "<K5>", "what": "recognition", "reason": "不再符合标准",
                "on": "2026-05-01"}),
        ),
    ]
}

fn funds() -> Vec<(&'static str, Value)> {
    vec![
        (
            "funding declare <P3> <P4> --project <hash> --funder <M2>",
            json!({"act": "fund.declare", "patents": ["<P3>", "<P4>"], "institution": "<M1>",
                "project": "<hash>", "funder": "<M2>"}),
        ),
        (
            "funding declare <P3> --institution <M3> --project <hash> --funder <M2>",
            json!({"act": "fund.declare", "patents": ["<P3>"], "institution": "<M3>", "project": "<hash>",
                "funder": "<M2>"}),
        ),
        (
            "funding verify <P3> --project <hash>",
            json!({"act": "fund.verify", "patent": "<P3>", "project": "<hash>"}),
        ),
        (
            "funding clock <P3> --project <hash> --justified <other> --until 2028-12-31",
            json!({"act": "fund.clock", "patent": "<P3>", "project": "<hash>",
                "decision": {"justified": {"reason": "<other>", "until": "2028-12-31"}}}),
        ),
        (
            "funding clock <P3> --project <hash> --state-use others-paid --document <other>",
            json!({"act": "fund.clock", "patent": "<P3>", "project": "<hash>",
                "decision": {"state_use": {"mode": "others_paid", "document": "<other>"}}}),
        ),
        (
            "funding report <P3> --project <hash> --year 2025 --report <other>",
            json!({"act": "fund.report", "patent": "<P3>", "project": "<hash>", "year": 2025,
                "report": "<other>"}),
        ),
    ]
}

fn institutions() -> Vec<(&'static str, Value)> {
    vec![
        (
            "income distribute --licence <L6> --amount 123,456.00 --share 70% --inventor <hash>=60%,<other>=40% \
             --on 2026-05-01",
            json!({"act": "income.distribute", "institution": "<M1>",
                "source": {"from_licence": {"licence": "<L6>"}}, "net": {"public": {"amount": "12345600"}},
                "share": "70.00%", "inventors": [{"inventor": "<hash>", "part": "60.00%"},
                    {"inventor": "<other>", "part": "40.00%"}], "policy": null, "on": "2026-05-01"}),
        ),
        (
            "income distribute --institution <M2> --transfer <T7> --confidential <hash> --share 30% \
             --inventor <hash>=100% --policy <other> --on 2026-05-01",
            json!({"act": "income.distribute", "institution": "<M2>",
                "source": {"from_transfer": {"transfer": "<T7>"}},
                "net": {"confidential": {"digest": "<hash>"}}, "share": "30.00%",
                "inventors": [{"inventor": "<hash>", "part": "100.00%"}], "policy": "<other>",
                "on": "2026-05-01"}),
        ),
        (
            "assessment enter pre-filing --class file-priority --assessment <hash> --on 2026-05-01",
            json!({"act": "assessment.enter", "institution": "<M1>",
                "diligence": {"pre_filing": {"class": "file_priority", "assessment": "<hash>"}},
                "on": "2026-05-01"}),
        ),
        (
            "assessment enter clause-review --agreement <hash> --opinion <other> --institution <M2> --on 2026-05-01",
            json!({"act": "assessment.enter", "institution": "<M2>",
                "diligence": {"clause_review": {"agreement": "<hash>", "opinion": "<other>"}},
                "on": "2026-05-01"}),
        ),
        (
            "assessment enter decision --pricing agreement:2026-01-01/2026-01-16 --approval <hash> --approval <other> \
             --on 2026-05-01",
            json!({"act": "assessment.enter", "institution": "<M1>",
                "diligence": {"decision": {"pricing": {"agreement": {"notice": "2026-01-01/2026-01-16"}},
                    "approvals": ["<hash>", "<other>"]}}, "on": "2026-05-01"}),
        ),
        (
            "tender notice outlay --title 运营基金支出（演示） --notice <hash> --on 2026-05-01",
            json!({"act": "tender.notice", "institution": "<M1>", "kind": "outlay",
                "title": "运营基金支出（演示）", "notice": "<hash>", "on": "2026-05-01"}),
        ),
    ]
}

fn governance() -> Vec<(&'static str, Value)> {
    vec![
        (
            "parameter propose --set recordal-days=90 --set open-lump-cap=20,000,000 --set inventor-share=60% \
             --set algorithms=1 --set code-table=gbt4754@2017:<hash> --at 2026-12-01T08:00:00+08:00 --reason 演示",
            json!({"act": "param.propose", "exchange": "<M1>",
                "settings": [{"recordal_days": {"value": 90}}, {"open_lump_cap": {"value": "2000000000"}},
                    {"inventor_share": {"value": "60.00%"}}, {"algorithms": {"value": [1]}},
                    {"code_table": {"name": "gbt4754", "version": "2017", "digest": "<hash>"}}],
                "calendar": null, "at": "2026-12-01T00:00:00.000Z", "reason": "演示"}),
        ),
        (
            "parameter propose --exchange <M2> --calendar 2027 --holiday 2027-01-01,2027-02-08 --workday 2027-02-20 \
             --at 2026-12-01T00:00:00Z --reason 放假安排",
            json!({"act": "param.propose", "exchange": "<M2>", "settings": [],
                "calendar": {"year": 2027, "holidays": ["2027-01-01", "2027-02-08"], "workdays": ["2027-02-20"]},
                "at": "2026-12-01T00:00:00.000Z", "reason": "放假安排"}),
        ),
        (
            "parameter vote <B5> --in-favour",
            json!({"act": "param.vote", "proposal": "<B5>", "exchange": "<M1>", "in_favour": true}),
        ),
        (
            "parameter vote <B5> --against --exchange <M2>",
            json!({"act": "param.vote", "proposal": "<B5>", "exchange": "<M2>", "in_favour": false}),
        ),
    ]
}

fn nodes() -> Vec<(&'static str, Value)> {
    vec![
        (
            "validator change add shanghai --region 310000 --power 1 --vote-key <key> --cosign-key <key> \
             --network-key <key> --consensus-address /ip4/203.0.113.7/tcp/1 --gossip-address /ip4/203.0.113.7/tcp/2 \
             --api-address https://shanghai.example --reason 新节点",
            json!({"act": "validator.change", "exchange": "<M1>", "change": {"add": {"node": {
                "name": "shanghai", "exchange": "<M1>", "region": "310000", "power": 1, "vote_key": "<key>",
                "cosign_key": "<key>", "network_key": "<key>",
                "consensus_address": "/ip4/203.0.113.7/tcp/1", "gossip_address": "/ip4/203.0.113.7/tcp/2",
                "api_address": "https://shanghai.example"}}}, "reason": "新节点"}),
        ),
        (
            "validator change remove shanghai --exchange <M2> --reason 停用",
            json!({"act": "validator.change", "exchange": "<M2>", "change": {"remove": {"name": "shanghai"}},
                "reason": "停用"}),
        ),
        (
            "validator change rekey shanghai --vote-key <key> --cosign-key <key> --network-key <key> --reason 换钥",
            json!({"act": "validator.change", "exchange": "<M1>", "change": {"rekey": {"name": "shanghai",
                "vote_key": "<key>", "cosign_key": "<key>", "network_key": "<key>"}}, "reason": "换钥"}),
        ),
        (
            "validator change reweigh shanghai --power 2 --reason 调整",
            json!({"act": "validator.change", "exchange": "<M1>",
                "change": {"reweigh": {"name": "shanghai", "power": 2}}, "reason": "调整"}),
        ),
        (
            "validator change readdress shanghai --consensus-address /ip4/203.0.113.8/tcp/1 --gossip-address \
             /ip4/203.0.113.8/tcp/2 --api-address https://shanghai.example --reason 迁移",
            json!({"act": "validator.change", "exchange": "<M1>", "change": {"readdress": {"name": "shanghai",
                "consensus_address": "/ip4/203.0.113.8/tcp/1", "gossip_address": "/ip4/203.0.113.8/tcp/2",
                "api_address": "https://shanghai.example"}}, "reason": "迁移"}),
        ),
    ]
}

fn statistics() -> Vec<(&'static str, Value)> {
    vec![
        (
            "statistic release open-amount --period 2026-01-01/2026-06-30 --basis recorded --seal 99 \
             --cell whole=12:1,234.50yuan --table <hash>",
            json!({"act": "stat.release", "publisher": "<M1>", "indicator": "open_amount",
                "period": "2026-01-01/2026-06-30", "basis": "recorded", "seal": 99,
                "cells": [{"cut": "whole", "contributors": 12, "figure": {"amount": {"amount": "123450"}}}],
                "table": "<hash>", "revises": null}),
        ),
        (
            "statistic release contracts --publisher <M2> --period 2026-01-01/2026-06-30 --basis effective --seal 99 \
             --cell region:310000=5:42 --cell region:330000=2 --cell pair:440000-110000=7:12.5% --cell ipc:H01M=5:1 \
             --cell industry:C39=5:1 --cell type:utility-model=5:1 --cell role:university=5:1 --cell exchange:<M3>=5:1 \
             --table <hash> --revises <X5>",
            json!({"act": "stat.release", "publisher": "<M2>", "indicator": "contracts",
                "period": "2026-01-01/2026-06-30", "basis": "effective", "seal": 99,
                "cells": [
                    {"cut": {"region": {"region": "310000"}}, "contributors": 5, "figure": {"count": {"count": 42}}},
                    {"cut": {"region": {"region": "330000"}}, "contributors": 2, "figure": null},
                    {"cut": {"region_pair": {"from": "440000", "to": "110000"}}, "contributors": 7,
                        "figure": {"ratio": {"ratio": "12.50%"}}},
                    {"cut": {"ipc": {"symbol": "H01M"}}, "contributors": 5, "figure": {"count": {"count": 1}}},
                    {"cut": {"industry": {"industry": "C39"}}, "contributors": 5,
                        "figure": {"count": {"count": 1}}},
                    {"cut": {"patents": {"of": "utility_model"}}, "contributors": 5,
                        "figure": {"count": {"count": 1}}},
                    {"cut": {"members": {"role": "university"}}, "contributors": 5,
                        "figure": {"count": {"count": 1}}},
                    {"cut": {"exchange": {"exchange": "<M3>"}}, "contributors": 5,
                        "figure": {"count": {"count": 1}}}],
                "table": "<hash>", "revises": "<X5>"}),
        ),
        (
            "report regional 310000 --regulator <M2> --period 2026-01-01/2026-06-30 --indicators <hash> \
             --statistic <X5>,<X6> --report <other>",
            json!({"act": "report.regional", "regulator": "<M2>", "region": "310000",
                "period": "2026-01-01/2026-06-30", "indicators": "<hash>", "statistics": ["<X5>", "<X6>"],
                "report": "<other>"}),
        ),
        (
            "project register key-core --name 电池技术产业化（演示） --batch 2026年第一批 --institution <M2> \
             --partner <M3>,<M4> --patent <P3> --plan <hash>",
            json!({"act": "project.register", "kind": "key_core", "name": "电池技术产业化（演示）",
                "batch": "2026年第一批", "institution": "<M2>", "partners": ["<M3>", "<M4>"],
                "patents": ["<P3>"], "plan": "<hash>"}),
        ),
        (
            "project result <J5> --year 2025 --class millions --patent <P3>,<P4> --figures <hash>",
            json!({"act": "project.result", "project": "<J5>", "year": 2025, "class": "millions",
                "patents": ["<P3>", "<P4>"], "figures": "<hash>"}),
        ),
    ]
}

fn publications() -> Vec<(&'static str, Value)> {
    vec![
        (
            "anchor court-chain --name 2026-48 --digest <hash> --exchange <M2> --on 2026-05-01",
            json!({"act": "anchor", "exchange": "<M2>", "source": "court_chain", "name": "2026-48",
                "digest": "<hash>", "on": "2026-05-01"}),
        ),
        (
            "case-publication publish --typical-case --title 典型案例 --document <hash> --on 2026-05-01",
            json!({"act": "case.publish", "regulator": "<M1>", "what": "typical_case", "title": "典型案例",
                "document": "<hash>", "on": "2026-05-01"}),
        ),
        (
            "case-publication publish --patent <P3>,<P4> --regulator <M2> --title 高价值专利 --document <hash> \
             --on 2026-05-01",
            json!({"act": "case.publish", "regulator": "<M2>",
                "what": {"high_value_patents": {"patents": ["<P3>", "<P4>"]}}, "title": "高价值专利",
                "document": "<hash>", "on": "2026-05-01"}),
        ),
        (
            "case-publication publish --outstanding <M3> --title 优秀单位 --document <hash> --on 2026-05-01",
            json!({"act": "case.publish", "regulator": "<M1>", "what": {"outstanding": {"members": ["<M3>"]}},
                "title": "优秀单位", "document": "<hash>", "on": "2026-05-01"}),
        ),
    ]
}

#[tokio::test]
async fn choices_that_exclude_each_other_are_given_one_at_a_time() {
    for (line, part) in [
        ("funding clock <P3> --project <hash>", "--justified"),
        ("funding clock <P3> --project <hash> --justified <other>", "--until"),
        (
            "funding clock <P3> --project <hash> --justified <other> --until 2028-12-31 --state-use others-paid \
          --document <hash>",
            "cannot be used with",
        ),
        ("income distribute --share 70% --inventor <hash>=100% --amount 1", "--licence"),
        ("income distribute --licence <L6> --share 70% --inventor <hash>=100%", "--amount"),
        ("income distribute --licence <L6> --amount 1 --share 70% --inventor <hash>", "HASH=PART"),
        ("parameter propose --at 2026-12-01T00:00:00Z --reason 演示", "--set"),
        ("parameter propose --holiday 2027-01-01 --at 2026-12-01T00:00:00Z --reason 演示", "--calendar"),
        ("parameter vote <B5>", "--in-favour"),
        ("validator change rekey shanghai --vote-key <key> --reason 换钥", "--cosign-key"),
        ("validator change rekey shanghai --reason 换钥", "--node-keys"),
        (
            "case-publication publish --typical-case --patent <P3> --title 演示 --document <hash>",
            "cannot be used with",
        ),
    ] {
        let error = built(line).await.err().unwrap_or_else(|| panic!("{line} is taken"));
        assert!(error.contains(part), "{line}: {error}");
    }
}

/// The folder that the key ceremony made is enough: its public halves stand in the act, its keys sign.
#[tokio::test]
async fn the_keys_of_a_node_are_read_from_its_folder() {
    use tongda_genesis::keys::{KeyFile, Protection, Purpose};
    let folder = tempfile::tempdir().unwrap();
    let mut public = Vec::new();
    for (name, purpose) in
        [("vote.key", Purpose::Vote), ("cosign.key", Purpose::Cosign), ("network.key", Purpose::Network)]
    {
        let file = KeyFile::generate(purpose, &mut rand::rngs::OsRng);
        file.save(&folder.path().join(name), &Protection::OwnerOnly).unwrap();
        public.push(file.key.public().to_string());
        let opened =
            super::super::caller::open_new(&folder.path().join(name)).unwrap_or_else(|_| panic!("{name}"));
        assert_eq!(opened.public(), file.key.public());
        assert!(super::super::caller::open(&folder.path().join(name)).is_err(), "{name} is no member's");
    }
    let path = folder.path().to_str().unwrap();
    assert!(!path.contains(['_', ' ']), "the words of a line are parted by these: {path}");
    let line = format!("validator change rekey shanghai --node-keys {path} --reason 换钥");
    let act = json!(built(&line).await.unwrap());
    let rekey = &act["change"]["rekey"];
    assert_eq!(json!([rekey["vote_key"], rekey["cosign_key"], rekey["network_key"]]), json!(public), "{act}");
}

#[tokio::test]
async fn many_cells_are_read_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cells.json");
    let cells = json!([{"cut": "whole", "contributors": 12, "figure": {"count": {"count": 42}}},
        {"cut": {"region": {"region": "310000"}}, "contributors": 2, "figure": null}]);
    std::fs::write(&path, cells.to_string()).unwrap();
    let line = format!(
        "statistic release contracts --period 2026-01-01/2026-06-30 --basis recorded --seal 9 --file {} --table <hash>",
        path.display()
    );
    assert_eq!(json!(built(&line).await.unwrap())["cells"], cells);
    std::fs::write(&path, "[{}]").unwrap();
    let error = built(&line).await.unwrap_err();
    assert!(error.contains("cells.json"), "{error}");
}
