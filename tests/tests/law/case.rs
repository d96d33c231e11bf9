//! Play one ground: ask at one node by library and by command, send to another, cure, send again.

use crate::stage::Stage;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};
use tongda_client::answer::Effect;
use tongda_client::{Proposal, Session, Signer};
use tongda_ledger::act::Act;
use tongda_ledger::act::patent::Register;
use tongda_ledger::act::transfer;
use tongda_ledger::execution::Draft;
use tongda_ledger::identifier::{ObjectRef, PatentId};
use tongda_ledger::refusal::{Code, Refusal};

/// How long a node may take to catch up with another, or the command to answer, before something is wrong.
const PATIENCE: Duration = Duration::from_secs(30);
/// The exit codes of the command that this test meets: see `tongda exit-codes`.
const DONE: i32 = 0;
const REFUSED: i32 = 3;

/// An act about to be sent: by whom, and over which version of a patent.
#[derive(Clone)]
pub struct Attempt {
    pub signers: Vec<Signer>,
    pub act: Act,
    pub over: Option<(PatentId, u64)>,
}

/// An act signed by these, the first of them its author.
pub fn attempt(signers: &[&Signer], act: impl Into<Act>) -> Attempt {
    Attempt { signers: signers.iter().map(|signer| (*signer).clone()).collect(), act: act.into(), over: None }
}

impl Attempt {
    fn proposal<'a>(&self, session: &'a Session) -> Proposal<'a> {
        let proposal = session.propose(self.act.clone());
        let proposal = self.signers[1..].iter().cloned().fold(proposal, Proposal::with);
        match self.over {
            Some((patent, version)) => proposal.expecting(patent, version),
            None => proposal,
        }
    }
}

/// A ground being played.
pub struct Case {
    pub stage: Rc<Stage>,
    /// The only code with which this case may be refused.
    pub code: Code,
    /// What the ground is, for messages.
    pub ground: &'static str,
    /// The node that is asked and sets the scene; the next one is sent what is tried.
    pub asked: usize,
    /// The height that every node must have reached before it is asked.
    height: Cell<u64>,
    refused: Cell<usize>,
    accepted: Cell<usize>,
    /// What is cured by the next day alone.
    tomorrow: RefCell<Option<transfer::Register>>,
}

impl Case {
    pub fn new(stage: Rc<Stage>, code: Code, ground: &'static str, asked: usize) -> Self {
        let (height, refused, accepted) = (Cell::new(0), Cell::new(0), Cell::new(0));
        Self { stage, code, ground, asked, height, refused, accepted, tomorrow: RefCell::default() }
    }

    fn sent(&self) -> usize {
        (self.asked + 1) % self.stage.network.nodes.len()
    }

    fn name(&self) -> String {
        format!("{} {}", self.ground, self.code)
    }

    async fn session(&self, node: usize, author: &Signer) -> Session {
        let running = &self.stage.network.nodes[node];
        self.caught_up(node).await;
        let session = Session::open(running.node.clone(), author.clone()).await;
        session.unwrap_or_else(|error| panic!("{}: asking {}: {error}", self.name(), running.name))
    }

    /// Waits until a node knows what this case has written at another.
    async fn caught_up(&self, node: usize) {
        let running = &self.stage.network.nodes[node];
        let begun = Instant::now();
        loop {
            let tip = running.node.log().await;
            let tip = tip.unwrap_or_else(|error| panic!("{}: asking {}: {error}", self.name(), running.name));
            if tip.height >= self.height.get() {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{}: {} stays at {}", self.name(), running.name, tip.height);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    async fn commit(&self, node: usize, attempt: &Attempt) -> u64 {
        let session = self.session(node, &attempt.signers[0]).await;
        let sent = attempt.proposal(&session).send().await;
        let receipt = sent.unwrap_or_else(|error| panic!("{}: {}: {error}", self.name(), attempt.act.name()));
        assert!(receipt.pending.is_none(), "{}: {} only waits", self.name(), attempt.act.name());
        self.height.set(self.height.get().max(receipt.height));
        receipt.index
    }

    /// Sets the scene or cures: an act that must have effect; returns its log index.
    pub async fn does(&self, signers: &[&Signer], act: impl Into<Act>) -> u64 {
        self.commit(self.asked, &attempt(signers, act)).await
    }

    /// Enters a patent.
    pub async fn patent(&self, entry: Register) -> PatentId {
        PatentId::new(self.does(&[&self.stage.registrar], entry).await, 0)
    }

    /// The act is refused for this case's code alone, however one asks, and by another node when it is sent.
    pub async fn refused(&self, attempt: &Attempt, obstacle: impl Into<Option<ObjectRef>>) {
        let obstacle = obstacle.into();
        let asked = self.session(self.asked, &attempt.signers[0]).await;
        let permission = attempt.proposal(&asked).may_i().await;
        let permission = permission.unwrap_or_else(|error| panic!("{}: may I: {error}", self.name()));
        assert!(
            !permission.allowed && permission.effect == Effect::Refused,
            "{}: {permission:?}",
            self.name()
        );
        self.check(&permission.refusals, obstacle, "the client library");

        let (exit, spoken) = self.command(&attempt.proposal(&asked).draft()).await;
        assert_eq!(exit, REFUSED, "{}: {spoken}", self.name());
        assert_eq!(spoken["allowed"], false, "{}: {spoken}", self.name());
        self.check_spoken(&spoken["refusals"], &permission.refusals);

        let session = self.session(self.sent(), &attempt.signers[0]).await;
        let envelope = attempt.proposal(&session).sign().await.expect("signatures are at hand");
        let url = format!("{}/v1/records?wait=commit", self.stage.network.nodes[self.sent()].url);
        let request = self.stage.http.post(url).header("content-type", "application/octet-stream");
        let answer = request.body(envelope.bytes().to_vec()).send().await.expect("the node answers");
        assert_eq!(answer.status(), reqwest::StatusCode::CONFLICT, "{}", self.name());
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{}", self.name());
        let problem: serde_json::Value = answer.json().await.expect("a problem is JSON");
        self.check_spoken(&problem["refusals"], &permission.refusals);
        self.refused.set(self.refused.get() + 1);
    }

    fn check(&self, refusals: &[Refusal], obstacle: Option<ObjectRef>, by: &str) {
        assert!(!refusals.is_empty(), "{}: no reason by {by}", self.name());
        for refusal in refusals {
            assert_eq!(refusal.code, self.code, "{} by {by}: {refusal}", self.name());
        }
        let named = refusals.iter().any(|refusal| refusal.obstacle == obstacle);
        assert!(named, "{} by {by}: {refusals:?} instead of {obstacle:?}", self.name());
    }

    /// Refusals in JSON: these and no others, each with article, message and cure in both languages.
    fn check_spoken(&self, spoken: &serde_json::Value, refusals: &[Refusal]) {
        let entries = spoken.as_array().map(Vec::as_slice).unwrap_or_default();
        for entry in entries {
            for part in ["article", "message", "cure"] {
                let (zh, en) = (entry[part]["zh"].as_str(), entry[part]["en"].as_str());
                let chinese =
                    zh.is_some_and(|text| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)));
                let english = en.is_some_and(|text| text.chars().any(|c| c.is_ascii_alphabetic()));
                assert!(chinese && english, "{}: {part} of {entry}", self.name());
            }
        }
        let told: Vec<Refusal> = serde_json::from_value(spoken.clone()).unwrap_or_default();
        assert_eq!(told, refusals, "{}: {spoken}", self.name());
    }

    /// The act is allowed when one asks, by library and by command, and another node takes it; returns its log index.
    pub async fn accepted(&self, attempt: &Attempt) -> u64 {
        let asked = self.session(self.asked, &attempt.signers[0]).await;
        let permission = attempt.proposal(&asked).may_i().await;
        let permission = permission.unwrap_or_else(|error| panic!("{}: may I: {error}", self.name()));
        let allowed = permission.allowed && permission.effect == Effect::Effective;
        assert!(allowed, "{} is not cured: {permission:?}", self.name());
        let (exit, spoken) = self.command(&attempt.proposal(&asked).draft()).await;
        assert_eq!(exit, DONE, "{}: {spoken}", self.name());
        assert_eq!(spoken["allowed"], true, "{}: {spoken}", self.name());
        let index = self.commit(self.sent(), attempt).await;
        self.accepted.set(self.accepted.get() + 1);
        index
    }

    /// Refused as it is, accepted once it is changed like this.
    pub async fn cured_by(
        &self,
        wrong: &Attempt,
        obstacle: impl Into<Option<ObjectRef>>,
        right: &Attempt,
    ) -> u64 {
        self.refused(wrong, obstacle).await;
        self.accepted(right).await
    }

    /// Time alone cures it: the registration is sent again on the next day.
    pub fn tomorrow(&self, registration: transfer::Register) {
        self.tomorrow.replace(Some(registration));
    }

    /// Whether the case has been played as far as it can be today: refused, and cured if that takes no other day.
    pub fn is_played(&self) -> bool {
        self.refused.get() > 0 && (self.accepted.get() > 0 || self.tomorrow.borrow().is_some())
    }

    /// What is to be sent again on the next day.
    pub fn into_tomorrow(self) -> Option<transfer::Register> {
        self.tomorrow.into_inner()
    }

    /// What `tongda may-i` says of the draft at the asked node: exit code and JSON.
    async fn command(&self, draft: &Draft) -> (i32, serde_json::Value) {
        let file = self.stage.network.directory.join(format!("draft-{}.json", self.stage.fresh()));
        std::fs::write(&file, serde_json::to_vec(draft).expect("a draft has a JSON form")).expect("a file");
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_tongda-test-client"));
        command.args(["--json", "--node", &self.stage.network.nodes[self.asked].url, "may-i"]).arg(&file);
        for variable in ["TONGDA_NODE", "TONGDA_NETWORK", "TONGDA_KEY", "TONGDA_AS"] {
            command.env_remove(variable);
        }
        let output = tokio::time::timeout(PATIENCE, command.kill_on_drop(true).output()).await;
        let output = output.expect("the command answers in time").expect("the command runs");
        let text = String::from_utf8_lossy(&output.stdout);
        let spoken = serde_json::from_str(&text).unwrap_or_else(|error| {
            panic!("{}: {error}: {text}{}", self.name(), String::from_utf8_lossy(&output.stderr))
        });
        (output.status.code().unwrap_or(-1), spoken)
    }
}
