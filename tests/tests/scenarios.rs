//! The scenarios of the law: every one in memory, a selection through four processes; and no refusal without one that
//! shows it and one that cures it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{ALL, Drill};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::runtime::{Handle, Runtime};
use tongda_client::answer::{Effect, PatentEvent, Receipt};
use tongda_client::{Error, Node};
use tongda_genesis::demonstration::Demonstration;
use tongda_ledger::envelope::Envelope;
use tongda_ledger::execution::{Draft, Judgement};
use tongda_ledger::identifier::{ObjectRef, PendingId, Timestamp};
use tongda_ledger::vote::NetworkId;
use tongda_scenarios::{Answer, Stage, Table, plan, play_and_name, play_in_memory, scenarios};

/// The scenario of one patent's life.
const WALK: &str = "walkthrough/one_patent.txt";

/// Fewer scenarios than this do not show the law.
const FEWEST: usize = 200;

/// How long a node may lag behind the one that acknowledged.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn scenarios_show_and_cure_every_refusal_and_stand_in_the_book() {
    let found = scenarios().unwrap_or_else(|error| panic!("{error}"));
    assert!(found.len() >= FEWEST, "{} scenarios, at least {FEWEST} are needed", found.len());
    let mut table = Table::default();
    let mut troubles = Vec::new();
    for scenario in &found {
        match play_in_memory(scenario) {
            Ok(played) => table.enter(scenario, &played),
            Err(trouble) => troubles.push(trouble.to_string()),
        }
    }
    assert!(troubles.is_empty(), "{} differ:\n{}", troubles.len(), troubles.join("\n"));
    assert_eq!(table.not_shown(), [""; 0], "codes that no scenario shows");
    assert_eq!(table.not_cured(), [""; 0], "codes that no scenario cures");

    assert_eq!(plan::gaps(&table), [""; 0], "rows of the plan that nothing answers");
    in_the_book("reference/scenarios.md", &table.page());
    in_the_book("reference/plan.md", &plan::page(&table));
}

/// A generated page of the book is what was generated; written first where that is asked for.
fn in_the_book(name: &str, page: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src").join(name);
    if std::env::var_os("TONGDA_WRITE_DOCS").is_some() {
        std::fs::write(&path, page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "{name} is out of date: write it again with TONGDA_WRITE_DOCS=1");
}

/// The commands of the plan's rows exist.
#[test]
fn scenarios_of_the_plan_name_commands_that_exist() {
    for act in plan::rows().into_iter().flat_map(|row| row.acts).collect::<BTreeSet<_>>() {
        let command = plan::command(&act);
        let words: Vec<_> = command.split(' ').skip(1).chain(["--help"]).collect();
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_tongda-test-client"))
            .args(words)
            .output()
            .unwrap();
        assert!(output.status.success(), "{command} --help: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn scenarios_play_the_same_through_four_nodes() {
    let runtime = Runtime::new().unwrap();
    let drill = runtime.block_on(Drill::start(14_800));
    let mut stage = Nodes { drill, handle: runtime.handle().clone(), turn: 0 };
    let chosen: Vec<_> = scenarios().unwrap().into_iter().filter(|scenario| scenario.on_nodes).collect();
    assert!(chosen.len() >= 20, "only {} scenarios are for four nodes", chosen.len());
    let mut walked = None;
    for (number, scenario) in (1_u32..).zip(&chosen) {
        let (_, names) = play_and_name(scenario, &mut stage, number * 10_000)
            .unwrap_or_else(|trouble| panic!("{trouble}"));
        if scenario.file == WALK {
            walked = names.get("P").copied();
        }
        stage.turn += 1;
    }
    let patent = walked.expect("the walk through one patent's life is among them");
    let timeline = runtime.block_on(stage.drill.node(0).patent_events(patent, None, 1000)).unwrap().items;
    in_the_book("walkthrough.md", &walkthrough(&timeline));
    let roots: BTreeSet<_> = runtime.block_on(async {
        stage.drill.level(&ALL).await;
        let mut roots = BTreeSet::new();
        for place in ALL {
            let log = stage.drill.node(place).log().await.unwrap();
            roots.insert((log.root.to_string(), log.state_root.to_string()));
        }
        roots
    });
    assert_eq!(roots.len(), 1, "the four roots differ");
    runtime.block_on(stage.drill.stop());
}

/// The book's page of one patent's life: the scenario, and the timeline that a node gives of it afterwards.
fn walkthrough(timeline: &[PatentEvent]) -> String {
    let path = tongda_scenarios::folder().join(WALK);
    let mut page = format!(
        "# One patent's way\n\n一件高校专利的历程，由四家交易机构的节点共同记入。The way of one university's patent through four \
         exchanges' nodes, as a scenario (`tests/scenarios/{WALK}`) that is played by `cargo test -p tongda-tests scenarios`. \
         Members, contracts and the patent are made (演示).\n\n```text\n{}```\n\n## Its timeline\n\nWhat `tongda patent \
         timeline` prints afterwards, the oldest first: every record that touched the patent. What touches no patent (an entry \
         of the stock, a push, a feedback) stands in the log beside it.\n\n| no. | event | by |\n|---|---|---|\n",
        std::fs::read_to_string(path).unwrap()
    );
    for event in timeline.iter().rev() {
        let by = event.author_name.as_deref().unwrap_or("–");
        page.push_str(&format!("| {} | `{}` | {by} |\n", event.number, event.what));
    }
    page
}

/// Four processes: what is acknowledged by one is read at the others.
struct Nodes {
    drill: Drill,
    handle: Handle,
    turn: usize,
}

impl Nodes {
    fn node(&self) -> &Node {
        self.drill.node(self.turn % ALL.len())
    }

    /// Waits until every node stands at the height of the receipt.
    async fn settled(&self, receipt: &Receipt) -> Result<(), String> {
        let deadline = Instant::now() + PATIENCE;
        for place in ALL {
            while self.drill.height(place).await < receipt.height {
                if Instant::now() > deadline {
                    return Err(format!("node {place} has not reached height {}", receipt.height));
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        Ok(())
    }
}

impl Stage for Nodes {
    fn founders(&self) -> &Demonstration {
        &self.drill.network.demonstration
    }

    fn network(&self) -> NetworkId {
        self.founders().founding.network()
    }

    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        u64::try_from(since.as_millis()).unwrap().try_into().unwrap()
    }

    fn go_to(&mut self, time: Timestamp) -> Result<(), String> {
        Err(format!("the clock of a real network cannot be moved to {time}"))
    }

    fn submit(&mut self, envelope: &Envelope) -> Result<Answer, String> {
        self.turn += 1;
        self.handle.block_on(async {
            match self.node().settle(envelope).await {
                Ok(receipt) => {
                    self.settled(&receipt).await?;
                    let judgement = match receipt.pending {
                        Some(awaited) => Judgement::Pending { id: awaited.id, missing: awaited.missing },
                        None => Judgement::Effective,
                    };
                    Ok(Answer { judgement, position: receipt.index })
                }
                Err(Error::Refused(refusals)) => {
                    Ok(Answer { judgement: Judgement::Refused(refusals), position: 0 })
                }
                Err(error) => Err(error.to_string()),
            }
        })
    }

    fn may_i(&self, draft: &Draft) -> Result<Judgement, String> {
        let permission = self.handle.block_on(self.node().may_i(draft)).map_err(|error| error.to_string())?;
        Ok(match permission.effect {
            Effect::Effective => Judgement::Effective,
            Effect::Pending => Judgement::Pending { id: PendingId::new(0, 0), missing: permission.missing },
            Effect::Refused => Judgement::Refused(permission.refusals),
        })
    }

    fn object(&self, id: ObjectRef) -> Result<Option<Value>, String> {
        let path = format!("v1/{}/{id}", id.kind().plural());
        let value = self.handle.block_on(self.drill.json(self.turn % ALL.len(), &path));
        Ok(Some(value))
    }
}
