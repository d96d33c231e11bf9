//! The node's door answers clearly: what is taken, what is wrong and what would cure it; and time alone makes a block.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{ALL, Drill, PATIENCE, party, until};
use serde_json::Value;
use std::time::{Duration, Instant};
use tongda_client::Session;
use tongda_ledger::act::member::Role;
use tongda_ledger::act::party::Link;
use tongda_ledger::envelope::Envelope;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{PartyId, PendingId};
use tongda_ledger::state::{Pending, PendingState};
use tongda_tests::parties::{enrol, founder};

struct Door<'a> {
    drill: &'a Drill,
    http: reqwest::Client,
}

/// An answer as it came over the wire.
struct Answer {
    status: u16,
    kind: String,
    body: Value,
}

impl Answer {
    /// The answer is a problem document with this status, whose detail says this.
    #[track_caller]
    fn is_problem(&self, status: u16, says: &str) {
        assert_eq!((self.status, self.kind.as_str()), (status, "application/problem+json"), "{}", self.body);
        assert_eq!(self.body["status"], status);
        let detail = self.body["detail"].as_str().unwrap();
        assert!(detail.contains(says), "{detail:?} does not say {says:?}");
        assert!(self.body["type"].as_str().unwrap().starts_with("urn:tongda:problem:"));
    }
}

impl<'a> Door<'a> {
    fn new(drill: &'a Drill) -> Self {
        Self { drill, http: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.drill.network.nodes[0].url)
    }

    async fn answer(request: reqwest::RequestBuilder) -> Answer {
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        Answer { status, kind, body: answer.json().await.unwrap() }
    }

    async fn get(&self, path: &str) -> Answer {
        Self::answer(self.http.get(self.url(path))).await
    }

    async fn post(&self, path: &str, body: impl Into<reqwest::Body>) -> Answer {
        Self::answer(self.http.post(self.url(path)).body(body)).await
    }

    /// A signed record that nobody has sent yet.
    async fn envelope(&self, name: &str) -> Envelope {
        let registrar = founder(&self.drill.network, Role::Registrar);
        let session = Session::open(self.drill.node(0).clone(), registrar).await.unwrap();
        session.propose(party(name)).sign().await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_door_says_what_is_taken_and_what_is_wrong() {
    let drill = Drill::start(18_000).await;
    let door = Door::new(&drill);

    // Without waiting; then again, which is no error and tells where it stands.
    let envelope = door.envelope("甲").await;
    let taken = door.post("v1/records?wait=none", envelope.bytes().to_vec()).await;
    assert_eq!((taken.status, &taken.body["id"]), (202, &Value::from(envelope.id().to_string())));
    let again = door.post("v1/records", envelope.bytes().to_vec()).await;
    assert_eq!(again.status, 200, "{}", again.body);
    let index = again.body["index"].as_u64().unwrap();
    for name in [index.to_string(), again.body["record"].as_str().unwrap().into(), envelope.id().to_string()]
    {
        let shown = door.get(&format!("v1/records/{name}")).await;
        assert_eq!((shown.status, shown.body["index"].as_u64()), (200, Some(index)), "{name}");
        assert_eq!(shown.body["core"]["act"]["act"], "party.register");
    }
    assert_eq!(door.get("v1/records/0").await.body["type"], "genesis");

    // A used id under other signatures is another envelope, and refused with the reason.
    let mut broken = envelope.bytes().to_vec();
    *broken.last_mut().unwrap() ^= 1;
    door.post("v1/records", broken).await.is_problem(400, "signature");
    door.post("v1/records", "no envelope").await.is_problem(400, "version 110");
    door.post("v1/records", vec![1; 300_000]).await.is_problem(413, "length limit");
    door.post("v1/may-i", "{}").await.is_problem(400, "application/json");
    door.get("v1/nothing").await.is_problem(404, "/v1/nothing is no resource");
    door.get("v1/members/M-1-1").await.is_problem(400, "check character");
    door.get("v1/patents/202110483351.3").await.is_problem(400, "check digit");
    door.get("v1/patents/202110483351.2").await.is_problem(404, "not on this ledger");
    door.get("v1/records/99999999").await.is_problem(404, "no entry 99999999");
    door.get("v1/blocks/99999999").await.is_problem(404, "not held here");
    door.get("v1/parties?limit=0").await.is_problem(400, "1 to 1000");

    // Many at once: each is answered for.
    let (one, two) = (door.envelope("乙").await, door.envelope("丙").await);
    let mut batch = Vec::new();
    for record in [one.bytes(), b"garbage", two.bytes()] {
        batch.extend_from_slice(&u32::try_from(record.len()).unwrap().to_le_bytes());
        batch.extend_from_slice(record);
    }
    let before = drill.height(0).await;
    let later = format!("v1/log?after={before}");
    let long_poll = door.get(&later);
    let (tip, answers) = tokio::join!(long_poll, door.post("v1/records/batch", batch.clone()));
    assert_eq!(answers.body[0]["accepted"], one.id().to_string());
    assert!(answers.body[1]["rejected"].as_str().unwrap().contains("version"));
    assert_eq!(answers.body[2]["accepted"], two.id().to_string());
    assert!(tip.body["height"].as_u64().unwrap() > before, "the long poll answers with a higher block");
    batch.pop();
    door.post("v1/records/batch", batch).await.is_problem(400, "record 2 is cut short");

    // A list in pages is the list.
    until("both of the batch to be committed", PATIENCE, async || {
        door.get(&format!("v1/records/{}", two.id())).await.status == 200
            && door.get(&format!("v1/records/{}", one.id())).await.status == 200
    })
    .await;
    let whole = door.get("v1/parties").await.body["items"].as_array().unwrap().clone();
    assert!(whole.len() > 3, "founders and those entered here");
    let (mut pages, mut after) = (Vec::new(), String::new());
    loop {
        let page = door.get(&format!("v1/parties?limit=2{after}")).await.body;
        pages.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(pages, whole);
    drill.level(&ALL).await;
    drill.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_falls_due_makes_a_block_by_itself() {
    let drill = Drill::start(18_200).await;
    let member = enrol(&drill.network, 1, 1, Role::Enterprise).await.unwrap();
    let entered = drill.record(0, "原权利人").await;
    let registrar = founder(&drill.network, Role::Registrar);
    let session = Session::open(drill.node(0).clone(), registrar).await.unwrap();
    // The registrar links the party to the member, who has not signed: the act waits for that, for two seconds.
    let parties = vec![PartyId::new(entered.index, 0)].try_into().unwrap();
    let link = Link { member: member.id, parties, proof: Hash([3; 32]) };
    let deadline = tongda_tests::parties::now().plus_milliseconds(2_000);
    let sent = Instant::now();
    let receipt = session.propose(link).gathering_until(deadline).send().await.unwrap();
    let id = PendingId::new(receipt.index, 0);
    assert_eq!(receipt.pending.unwrap().missing, [member.id]);
    for place in ALL {
        until("the act to lapse", PATIENCE, async || {
            drill.node(place).object::<Pending>(id).await.unwrap().value.state == PendingState::Lapsed
        })
        .await;
    }
    assert!(sent.elapsed() >= Duration::from_secs(1), "not before its time");
    let blocks = drill.height(0).await;
    let mut due = 0;
    for height in receipt.height + 1..=blocks {
        let block = drill.node(0).block(height).await.unwrap();
        assert_eq!(block.seal.records, 0, "nobody sent anything");
        due += block.seal.due;
    }
    assert_eq!(due, 1);
    drill.level(&ALL).await;
    drill.stop().await;
}
