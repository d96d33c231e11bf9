//! Register a listing of patents: every row ends registered or listed with its reason.

use super::{DevnetError, client, io};
use futures::StreamExt as _;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;
use tongda_client::answer::Receipt;
use tongda_client::{Error, Session};
use tongda_genesis::patents::{self, PatentRow, Registration};
use tongda_ledger::act::party::{self, PartyKind, PartyName};
use tongda_ledger::act::patent::Stage;
use tongda_ledger::codec::Text;
use tongda_ledger::identifier::{CountryCode, Date, PartyId, PatentId, Term};

/// Records on their way at once.
const IN_FLIGHT: usize = 384;
/// Parties entered in one record.
const PARTIES: usize = 200;

/// What became of a row.
#[derive(Clone, Debug)]
pub(super) enum Fate {
    /// Registered in force.
    Registered(PatentId),
    /// Registered, although its term is over.
    Expired(PatentId),
    /// Not registered, for this reason.
    Listed(String),
}

/// A listing that has been registered.
pub(super) struct Imported {
    /// The registered patents, by row.
    pub(super) patents: Vec<(Registration, PatentId)>,
    /// The parties, by name.
    pub(super) parties: BTreeMap<String, PartyId>,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    rows: usize,
    registered: usize,
    with_notes: usize,
    expired: usize,
    listed: usize,
    seconds: f64,
}

impl Imported {
    pub(super) fn print(&self) {
        let Counts { rows, registered, with_notes, expired, listed, seconds } = self.counts;
        println!(
            "专利 {rows} 行 · {rows} rows of patents, in {seconds:.1} s ({:.0}/s):",
            rows as f64 / seconds
        );
        println!("  {registered:>6}  已登记 · registered");
        println!(
            "  {with_notes:>6}  其中有项目未知或经规范 · of these with something unknown or brought into form"
        );
        println!("  {expired:>6}  其中期限已届满 · of these registered as expired");
        println!("  {listed:>6}  未登记，理由见报告 · not registered; the report says why\n");
    }
}

/// Registers a listing through the sessions in turn, the registrar signing, and writes a report of every row.
pub(super) async fn import(
    sessions: &[Session],
    listing: &[u8],
    report: &Path,
    today: Date,
) -> Result<Imported, DevnetError> {
    let started = Instant::now();
    let rows = patents::read(listing).map_err(|error| DevnetError::Setup(error.to_string()))?;
    let names: Vec<_> = {
        let mut names = BTreeMap::new();
        for row in &rows {
            if let PatentRow::Ready(registration) = row {
                names.extend(registration.owners.iter().map(|name| (name.to_string(), name.clone())));
            }
        }
        names.into_values().collect()
    };
    let parties = enter_parties(sessions, &names).await?;
    let fates = register(sessions, &rows, &parties, today).await?;

    let mut counts = Counts { rows: rows.len(), ..Counts::default() };
    let mut text = String::from("row,number,outcome,id,notes\n");
    let mut registered = Vec::new();
    for (row, fate) in rows.iter().zip(fates) {
        let (place, number, notes) = match row {
            PatentRow::Ready(ready) => {
                let notes: Vec<_> = unknown(ready)
                    .map(|what| format!("unknown: {what}"))
                    .chain(ready.notes.iter().map(ToString::to_string))
                    .collect();
                (ready.row, ready.number.to_string(), notes.join("; "))
            }
            PatentRow::Unusable { row, .. } => (*row, String::new(), String::new()),
        };
        let (outcome, id, notes) = match &fate {
            Fate::Registered(id) => ("registered", id.to_string(), notes),
            Fate::Expired(id) => ("registered as expired", id.to_string(), notes),
            Fate::Listed(reason) => ("listed", String::new(), reason.clone()),
        };
        text.push_str(&format!("{place},{number},{outcome},{id},\"{}\"\n", notes.replace('"', "\"\"")));
        match (row, fate) {
            (PatentRow::Ready(ready), Fate::Registered(id) | Fate::Expired(id)) => {
                counts.registered += 1;
                counts.expired += usize::from(outcome != "registered");
                counts.with_notes += usize::from(!ready.notes.is_empty() || unknown(ready).next().is_some());
                registered.push(((**ready).clone(), id));
            }
            _ => counts.listed += 1,
        }
    }
    std::fs::write(report, text).map_err(io(format!("writing {}", report.display())))?;
    counts.seconds = started.elapsed().as_secs_f64();
    assert_eq!(counts.rows, counts.registered + counts.listed, "no row is skipped");
    Ok(Imported { patents: registered, parties, counts })
}

/// What the listing does not know of a patent: it is registered with this left unknown.
fn unknown(ready: &Registration) -> impl Iterator<Item = &'static str> {
    let facts = [
        (ready.filing.is_none(), "filing date"),
        (ready.stage == Stage::Granted { on: None }, "grant date"),
        (ready.publication.is_none(), "publication number"),
        (ready.classification.is_none(), "class"),
        (ready.undisclosed_owners > 0, "some owners"),
    ];
    facts.into_iter().filter_map(|(missing, what)| missing.then_some(what))
}

/// Enters every owner once, as the listing names it.
async fn enter_parties(
    sessions: &[Session],
    names: &[Text<600>],
) -> Result<BTreeMap<String, PartyId>, DevnetError> {
    let mut parties = BTreeMap::new();
    let batches: Vec<_> = names.chunks(PARTIES).collect();
    let sent = futures::stream::iter(batches.iter().enumerate().map(|(number, names)| {
        let entries: Vec<_> = names
            .iter()
            .map(|name| party::Entry {
                name: PartyName::Organisation { name: name.clone(), code: None },
                kind: PartyKind::Unknown,
                country: CountryCode::CHINA,
            })
            .collect();
        let act =
            party::Register { parties: entries.try_into().expect("a batch is as long as the list may be") };
        let session = &sessions[number % sessions.len()];
        async move { (number, session.propose(act).send().await) }
    }));
    let mut sent = sent.buffer_unordered(8);
    while let Some((number, receipt)) = sent.next().await {
        let index = receipt.map_err(client("entering the owners"))?.index;
        for (ordinal, name) in (0_u8..).zip(batches[number]) {
            parties.insert(name.to_string(), PartyId::new(index, ordinal));
        }
    }
    Ok(parties)
}

async fn register(
    sessions: &[Session],
    rows: &[PatentRow],
    parties: &BTreeMap<String, PartyId>,
    today: Date,
) -> Result<Vec<Fate>, DevnetError> {
    let mut fates: Vec<Option<Fate>> = vec![None; rows.len()];
    let mut sent = futures::stream::iter(rows.iter().enumerate().map(|(place, row)| {
        let session = &sessions[place % sessions.len()];
        async move {
            let fate = match row {
                PatentRow::Unusable { reason, .. } => Ok(Fate::Listed(reason.to_string())),
                PatentRow::Ready(ready) => register_one(session, ready, parties, today).await,
            };
            (place, fate)
        }
    }))
    .buffer_unordered(IN_FLIGHT);
    while let Some((place, fate)) = sent.next().await {
        fates[place] = Some(fate?);
    }
    Ok(fates.into_iter().map(|fate| fate.expect("every row was sent")).collect())
}

async fn register_one(
    session: &Session,
    ready: &Registration,
    parties: &BTreeMap<String, PartyId>,
    today: Date,
) -> Result<Fate, DevnetError> {
    let owners: Vec<_> = ready.owners.iter().filter_map(|name| parties.get(name.as_str()).copied()).collect();
    let act = match ready.register(&owners) {
        Ok(act) => act,
        Err(error) => return Ok(Fate::Listed(error.to_string())),
    };
    match session.propose(act).send().await {
        Ok(Receipt { index, .. }) => {
            let id = PatentId::new(index, 0);
            let over =
                ready.filing.is_some_and(|filing| Term::of_patent(ready.kind(), filing).last() < today);
            Ok(if over { Fate::Expired(id) } else { Fate::Registered(id) })
        }
        Err(Error::Refused(refusals)) => {
            let reasons: Vec<_> = refusals.iter().map(ToString::to_string).collect();
            Ok(Fate::Listed(reasons.join("; ")))
        }
        Err(error) => Err(client(format!("registering {}", ready.number))(error)),
    }
}
