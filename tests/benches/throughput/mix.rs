//! Mix all families as a year of the national platform would: how many records of which kind follow from a year's volumes
//! (new patents 3.5 million, transfers and licences 2.1, stock 3, implementation, products and royalties 1.5, pledges 0.6,
//! open licences 0.6, technical contracts 0.3, members 0.3).
//!
//! Patents come in generations. In each round one generation is registered, and on those before it the first, second and
//! third acts of their courses are done; all of a round stand in random order. Titles, classes and dates are those of real
//! patents; numbers, owners and everything that is done with them are made.

use crate::NODES;
use crate::load::{Load, Measured, Signing};
use futures::StreamExt as _;
use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tongda_client::Signer;
use tongda_genesis::patents::Registration;
use tongda_ledger::act::Act;
use tongda_ledger::act::member::Role;
use tongda_ledger::envelope::Envelope;
use tongda_ledger::execution::Draft;
use tongda_ledger::identifier::{
    DeclarationId, LicenceId, PatentId, PatentKind, PatentNumber, PledgeId, ProductId, TransferId,
};
use tongda_tests::Network;
use tongda_tests::parties::{Made, digest, enrol, founder, now, real_patents};

/// Patents of a generation.
const GENERATION: usize = 6_000;

/// Rounds before every step has something to be done on.
const WARM_UP: usize = 3;

const ORGANISATIONS: u32 = 16;

/// Rounds of the mix, one behind the other.
pub(crate) struct Mix<'a> {
    network: &'a Network,
    cast: Cast,
    generations: Vec<Vec<Plot>>,
    random: rand::rngs::StdRng,
    /// Records of each family, of the rounds behind the warm-up.
    shares: BTreeMap<&'static str, usize>,
}

/// A patent with a course before it: which one, its place in the generation says.
struct Plot {
    course: usize,
    owner: usize,
    /// The log index of its registration, and of what was made on it first.
    registered: u64,
    made: u64,
}

/// A record, and where its log index is to be kept.
struct Planned {
    family: &'static str,
    envelope: Envelope,
    keep: Option<(usize, usize, Keep)>,
}

#[derive(Clone, Copy)]
enum Keep {
    Registered,
    Made,
}

/// Who acts.
struct Cast {
    signing: Signing,
    universities: Vec<Made>,
    enterprises: Vec<Made>,
    banks: Vec<Made>,
    registrar: Signer,
    registry: Signer,
    exchange: Signer,
    inventions: Vec<Registration>,
    others: Vec<Registration>,
    fresh: AtomicU32,
}

impl<'a> Mix<'a> {
    /// The parties are enrolled, and every step of a course has something to be done on.
    pub(crate) async fn prepare(network: &'a Network, load: &Load<'_>) -> Self {
        let cast = Cast::prepare(network).await;
        let random = rand::rngs::StdRng::seed_from_u64(37);
        let mut mix = Self { network, cast, generations: Vec::new(), random, shares: BTreeMap::new() };
        for _ in 0..WARM_UP {
            mix.round(load).await;
        }
        mix.shares.clear();
        mix
    }

    /// Loads the network with rounds until they took this long.
    pub(crate) async fn measure(&mut self, load: &Load<'_>, length: Duration) -> Measured {
        let mut measured = Measured::default();
        while measured.elapsed() < length {
            measured.extend(self.round(load).await);
        }
        measured
    }

    async fn round(&mut self, load: &Load<'_>) -> Measured {
        let round = self.generations.len();
        let mut planned = self.cast.round(round, &mut self.generations);
        if round <= WARM_UP {
            rehearse(self.network, &planned).await;
        }
        planned.shuffle(&mut self.random);
        let records: Vec<_> = planned.iter().map(|one| one.envelope.clone()).collect();
        let measured = load.full(&records, None).await;
        planned.iter().for_each(|one| *self.shares.entry(one.family).or_default() += 1);
        let kept = planned.iter().filter_map(|one| one.keep.map(|keep| (one.envelope.id(), keep)));
        let found: Vec<_> = futures::stream::iter(kept)
            .map(|(id, keep)| async move { (load.index_of(&id).await, keep) })
            .buffer_unordered(32)
            .collect()
            .await;
        for (index, (generation, place, keep)) in found {
            let index = index.expect("every record of the mix is allowed");
            let plot = &mut self.generations[generation][place];
            match keep {
                Keep::Registered => plot.registered = index,
                Keep::Made => plot.made = index,
            }
        }
        measured
    }

    /// What the rounds were made of.
    pub(crate) fn shares(&self) -> String {
        let total: usize = self.shares.values().sum();
        let share = |(family, count): (&&str, &usize)| {
            format!("{family} {:.1} %", *count as f64 / total as f64 * 100.0)
        };
        format!("the mix: {}", self.shares.iter().map(share).collect::<Vec<_>>().join(", "))
    }
}

/// Asks of one record of each act whether it may be: a mix that is refused measures nothing.
async fn rehearse(network: &Network, planned: &[Planned]) {
    let (mut asked, mut refused) = (BTreeSet::new(), Vec::new());
    for one in planned {
        let core = one.envelope.core();
        if asked.insert(core.act.name()) {
            let mut signers: Vec<_> = one.envelope.signatures().iter().map(|signed| signed.member).collect();
            signers.dedup();
            let act = core.act.clone();
            let draft = Draft { author: core.author, signers, gather_until: None, expects: Vec::new(), act };
            let answer = network.nodes[0].node.may_i(&draft).await.expect("an answer");
            if !answer.allowed {
                refused.push(format!("{}: {:?}", core.act.name(), answer.refusals));
            }
        }
    }
    assert!(refused.is_empty(), "the mix is refused: {refused:#?}");
}

impl Cast {
    async fn prepare(network: &Network) -> Self {
        let enrolled = async |first: u32, role: Role| -> Vec<Made> {
            futures::stream::iter(first..first + ORGANISATIONS)
                .map(|number| enrol(network, number as usize % NODES, number, role))
                .buffered(8)
                .map(|made| made.expect("a member is enrolled"))
                .collect()
                .await
        };
        let today = now().date();
        let (inventions, others) =
            real_patents(today).into_iter().partition(|patent| patent.kind() == PatentKind::Invention);
        Self {
            signing: Signing::new(network),
            universities: enrolled(1_000, Role::University).await,
            enterprises: enrolled(2_000, Role::Enterprise).await,
            banks: enrolled(3_000, Role::Bank).await,
            registrar: founder(network, Role::Registrar),
            registry: founder(network, Role::TechnicalRegistry),
            exchange: founder(network, Role::Exchange),
            inventions,
            others,
            fresh: AtomicU32::new(0),
        }
    }

    fn fresh(&self) -> u32 {
        self.fresh.fetch_add(1, Ordering::Relaxed)
    }

    fn digest(&self) -> String {
        digest(&format!("演示 {}", self.fresh())).to_string()
    }

    /// All records of a round: a new generation, and the next steps of those before it.
    fn round(&self, round: usize, generations: &mut Vec<Vec<Plot>>) -> Vec<Planned> {
        use rayon::prelude::*;
        let plots = (0..GENERATION).map(|place| {
            let (course, owner) = (place % 100, place / 100 % ORGANISATIONS as usize);
            Plot { course, owner, registered: 0, made: 0 }
        });
        generations.push(plots.collect());
        let mut planned: Vec<_> = generations[round]
            .par_iter()
            .enumerate()
            .map(|(place, plot)| {
                let act = self.registration(plot);
                let envelope = self.signing.envelope(&[&self.registrar], act);
                Planned { family: "patents", envelope, keep: Some((round, place, Keep::Registered)) }
            })
            .collect();
        for step in 1..=3.min(round) {
            let generation = round - step;
            let steps = generations[generation].par_iter().enumerate().flat_map_iter(|(place, plot)| {
                self.step(step, plot).into_iter().map(move |(family, envelope)| {
                    let makes = step == 1 && MAKERS.contains(&plot.course) && family != "stock";
                    Planned { family, envelope, keep: makes.then_some((generation, place, Keep::Made)) }
                })
            });
            planned.extend(steps.collect::<Vec<_>>());
        }
        planned
    }

    fn owner(&self, plot: &Plot) -> &Made {
        // A public institution's transfer needs a pricing method and a public notice: those of firms are the bulk.
        if PRODUCTS.contains(&plot.course) || TRANSFERS.contains(&plot.course) {
            &self.enterprises[plot.owner]
        } else {
            &self.universities[plot.owner]
        }
    }

    fn registration(&self, plot: &Plot) -> Act {
        let fresh = self.fresh();
        let real = if OPEN.contains(&plot.course) { &self.inventions } else { &self.others };
        let mut patent = real[fresh as usize % real.len()].clone();
        patent.number = made_number(&patent, fresh);
        patent.publication = None;
        patent.title = format!("{}（演示）", patent.title).parse().expect("a title with room");
        patent.register(&[self.owner(plot).party]).expect("one owner").into()
    }

    /// What is done on a patent at this step of its course.
    fn step(&self, step: usize, plot: &Plot) -> Vec<(&'static str, Envelope)> {
        let patent = PatentId::new(plot.registered, 0);
        let owner = self.owner(plot);
        let (enterprise, bank) = (&self.enterprises[(plot.owner + 1) % 16], &self.banks[plot.owner]);
        let (registrar, exchange) = (&self.registrar, &self.exchange);
        let today = now().date();
        let term = |days: i32| format!("{today}/{}", today.add_days(days));
        // What the parties agreed on is filed with the recordal.
        let contract = digest(&format!("合同 {patent}"));
        let mut records = Vec::new();
        let mut add = |family, signers: &[&Signer], form: Value| {
            let act: Act =
                serde_json::from_value(form.clone()).unwrap_or_else(|error| panic!("{form}: {error}"));
            records.push((family, self.signing.envelope(signers, act)));
        };
        let plot_course = plot.course;
        match (step, plot_course) {
            (1, course) if LICENCES.contains(&course) => add(
                "transfers and licences",
                &[&owner.signer, &enterprise.signer],
                json!({ "act": "licence.grant", "licensors": [owner.party], "licensee": enterprise.id,
                    "patents": [patent], "kind": "ordinary", "scope": { "territory": [], "fields": [], "acts": [] },
                    "term": term(300), "sublicence": false, "fee": "royalty", "shares": [], "beside": [],
                    "contract": contract }),
            ),
            (2, course) if LICENCES.contains(&course) => {
                let licence = LicenceId::new(plot.made, 0);
                add(
                    "transfers and licences",
                    &[registrar, &enterprise.signer],
                    json!({ "act": "licence.record", "licence": licence, "on": today, "proofs": [contract],
                        "number": format!("X202698{:07}", self.fresh()) }),
                );
                if course % 3 != 0 {
                    let amount = json!({ "sealed": { "digest": self.digest() } });
                    add(
                        "implementation, products, royalties",
                        &[&enterprise.signer],
                        json!({ "act": "royalty.report", "licence": licence, "period": term(0), "base": self.digest(),
                            "due": amount, "paid": amount }),
                    );
                }
            }
            (3, course) if LICENCES.contains(&course) => add(
                "transfers and licences",
                &[&owner.signer, &enterprise.signer],
                json!({ "act": "licence.end", "licence": LicenceId::new(plot.made, 0), "cause": "agreement",
                    "on": today, "document": self.digest() }),
            ),
            (1, course) if TRANSFERS.contains(&course) => add(
                "transfers and licences",
                &[&owner.signer, &enterprise.signer],
                json!({ "act": "transfer.propose", "from": [owner.party], "to": [{ "party": enterprise.party }],
                    "patents": [patent], "contract": self.digest() }),
            ),
            (2, course) if TRANSFERS.contains(&course) => add(
                "transfers and licences",
                &[registrar],
                json!({ "act": "transfer.register", "transfer": TransferId::new(plot.made, 0),
                    "gazette": "42-50-01", "on": today }),
            ),
            (1, course) if PLEDGES.contains(&course) => add(
                "pledges",
                &[&owner.signer, &bank.signer],
                json!({ "act": "pledge.apply", "pledgors": [owner.party], "pledgee": bank.id, "patents": [patent],
                    "debt": "loan", "contract": self.digest(), "debt_term": term(240),
                    "scope": "本金、利息、违约金（演示）", "forfeiture": false, "insist_same_day": false,
                    "insist_invalidation": false, "open_continues": false }),
            ),
            (2, course) if PLEDGES.contains(&course) => add(
                "pledges",
                &[registrar],
                json!({ "act": "pledge.register", "pledge": PledgeId::new(plot.made, 0), "on": today,
                    "number": format!("Y202698{:07}", self.fresh()) }),
            ),
            (3, course) if PLEDGES.contains(&course) => add(
                "pledges",
                &[registrar, &bank.signer],
                json!({ "act": "pledge.release", "pledge": PledgeId::new(plot.made, 0), "cause": "paid", "on": today }),
            ),
            (1, course) if OPEN.contains(&course) => add(
                "open licences",
                &[&owner.signer],
                json!({ "act": "open.declare", "patent": patent, "fee": { "lump": { "amount": "5000000" } },
                    "term": term(300), "contact": "演示联系人", "calculation": "演示：参照同类技术", "industries": [],
                    "know_how": false, "undertaking": true }),
            ),
            (2, course) if OPEN.contains(&course) => add(
                "open licences",
                &[registrar],
                json!({ "act": "open.announce", "declaration": DeclarationId::new(plot.made, 0),
                    "gazette": "42-48-01", "on": today }),
            ),
            (3, course) if OPEN.contains(&course) => {
                for licensee in [enterprise, &self.enterprises[(plot.owner + 2) % 16]] {
                    add(
                        "open licences",
                        &[&licensee.signer],
                        json!({ "act": "open.notice", "declaration": DeclarationId::new(plot.made, 0),
                            "fee": { "lump": { "amount": "5000000" } }, "term": term(240),
                            "plan": "演示：实施计划" }),
                    );
                }
            }
            (1, course) if PRODUCTS.contains(&course) => add(
                "implementation, products, royalties",
                &[&owner.signer],
                json!({ "act": "product.file", "enterprise": owner.id, "name": "电池管理模块（演示）", "model": "BMS-1",
                    "patents": [{ "patent": patent, "basis": "owned" }], "industry": "C39" }),
            ),
            (2, course) if PRODUCTS.contains(&course) => add(
                "implementation, products, royalties",
                &[&owner.signer],
                json!({ "act": "product.output", "product": ProductId::new(plot.made, 0),
                    "year": today.year() - 1, "class": "millions", "figures": self.digest() }),
            ),
            (1, course) if REPORTS.contains(&course) => add(
                "implementation, products, royalties",
                &[&owner.signer],
                json!({ "act": "implement.report", "patent": patent, "mode": "own", "start": today.add_days(-30),
                    "product": { "named": { "name": "测试装置一型（演示）" } }, "output": "millions",
                    "figures": self.digest(), "evidence": self.digest() }),
            ),
            (1, course) if CONTRACTS.contains(&course) => add(
                "technical contracts",
                &[&self.registry],
                json!({ "act": "techcontract.link", "number": format!("2026110000{:06}", self.fresh() % 1_000_000),
                    "certificate": self.digest(),
                    "entry": { "kind": "licence", "amount": "5000000", "technical": "4500000", "patents": [patent],
                        "references": [], "sellers": [owner.party], "buyers": [enterprise.party],
                        "seller_region": "110000", "buyer_region": "440300", "concluded": today } }),
            ),
            (1, course) if PARTIES.contains(&course) => add(
                "members",
                &[registrar],
                json!({ "act": "party.register", "parties": [{ "name": { "organisation": {
                    "name": format!("演示公司{}", self.fresh()) } }, "kind": "private", "country": "CN" }] }),
            ),
            _ => {}
        }
        if STOCK.contains(&plot_course) {
            match step {
                1 => add(
                    "stock",
                    &[&owner.signer],
                    json!({ "act": "stock.enter", "patent": patent, "institution": owner.id,
                        "willingness": ["transfer", "license"], "readiness": 6, "grade": 3,
                        "description": "用于动力电池的均衡控制（演示）", "contact": "成果转化办公室（演示）" }),
                ),
                2 if plot_course.is_multiple_of(3) => add(
                    "stock",
                    &[exchange],
                    json!({ "act": "stock.tier", "patent": patent, "rule": 1, "feedback": [], "tier": "growing" }),
                ),
                3 if plot_course % 3 == 1 => add(
                    "stock",
                    &[exchange],
                    json!({ "act": "support.record", "target": { "patent": { "patent": patent } }, "kind": "promotion",
                        "title": "重点专利推介（演示）", "term": term(90), "document": self.digest() }),
                ),
                _ => {}
            }
        }
        records
    }
}

/// A made number of the patent's kind and year, with its check digit.
fn made_number(patent: &Registration, made: u32) -> PatentNumber {
    let number = patent.number.to_string();
    let digits: String = number.chars().filter(char::is_ascii_digit).take(5).collect();
    let mut numbers =
        "0123456789X".chars().filter_map(|check| format!("{digits}{made:07}.{check}").parse().ok());
    numbers.next().expect("one check digit fits")
}

/// The courses of a hundred patents.
const LICENCES: std::ops::Range<usize> = 0..12;
const TRANSFERS: std::ops::Range<usize> = 12..24;
const PLEDGES: std::ops::Range<usize> = 24..30;
const OPEN: std::ops::Range<usize> = 30..34;
const MAKERS: std::ops::Range<usize> = 0..46;
const PRODUCTS: std::ops::Range<usize> = 36..46;
const REPORTS: std::ops::Range<usize> = 46..61;
const CONTRACTS: std::ops::Range<usize> = 61..70;
const PARTIES: std::ops::Range<usize> = 70..79;
const STOCK: std::ops::Range<usize> = 46..100;
