//! Lock incomes: a royalty stream is assigned to one securitisation at a time.

use super::{Context, Effects, Verdict};
use crate::identifier::{InstrumentId, LicenceId, PatentId};
use crate::refusal::{Code, Refusal};
use crate::state::{Fault, Instrument, Licence, Read, Stream, StreamList};
use std::collections::{BTreeMap, BTreeSet};

/// Incomes by patent: of which licences, or, where it says none, the whole.
pub(super) type Incomes = BTreeMap<PatentId, BTreeSet<Option<LicenceId>>>;

/// The incomes of whole patents and of licences, each with every patent that it is of.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn incomes(
    state: &impl Read,
    patents: &[PatentId],
    licences: &[LicenceId],
) -> Result<Incomes, Fault> {
    let mut incomes = Incomes::new();
    for patent in patents {
        incomes.entry(*patent).or_default().insert(None);
    }
    for id in licences {
        let Some(licence) = state.find::<Licence>(id)? else { continue };
        for patent in &licence.patents {
            incomes.entry(*patent).or_default().insert(Some(*id));
        }
    }
    Ok(incomes)
}

/// Refuses incomes that are assigned to an instrument which runs, or too many of one patent; names what is in the way.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn check(cx: &Context<'_>, incomes: &Incomes, verdict: &mut Verdict) -> Result<(), Fault> {
    for (patent, licences) in incomes {
        // The whole of a patent's income contains what its licences bring.
        verdict.refuse_if(licences.contains(&None) && licences.len() > 1, Code::DuplicateEntry);
        let list = cx.find::<StreamList>(patent)?.unwrap_or_default();
        for stream in &list.streams {
            if licences.iter().any(|licence| stream.overlaps(*licence))
                && cx.must::<Instrument>(&stream.instrument)?.is_running(cx.today)
            {
                let refusal = Refusal::new(Code::StreamAlreadyLocked).about(*patent);
                verdict.refuse(refusal.because_of(stream.instrument));
            }
        }
        if list.streams.len() + licences.len() > StreamList::LIMIT {
            let refusal = Refusal::new(Code::InstrumentAssets).about(*patent);
            verdict.refuse(refusal.with(format!("at most {} streams of a patent", StreamList::LIMIT)));
        }
    }
    Ok(())
}

/// Assigns incomes to an instrument, and counts them in the patents' status.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written.
pub(super) fn lock(
    effects: &mut Effects<'_, '_>,
    instrument: InstrumentId,
    incomes: &Incomes,
) -> Result<(), Fault> {
    for (patent, licences) in incomes {
        let mut list = effects.find::<StreamList>(patent)?.unwrap_or_default();
        for licence in licences {
            let stream = Stream { instrument, licence: *licence };
            let full = || Fault::Contradiction(format!("too many streams of {patent} were not refused"));
            list.streams.push(stream).map_err(|_| full())?;
        }
        write(effects, *patent, &list)?;
    }
    Ok(())
}

/// Frees what is assigned to an instrument.
///
/// # Errors
/// [`Fault`] when the state cannot be read or written.
pub(super) fn unlock(
    effects: &mut Effects<'_, '_>,
    instrument: InstrumentId,
    incomes: &Incomes,
) -> Result<(), Fault> {
    for patent in incomes.keys() {
        let mut list: StreamList = effects.must(patent)?;
        list.streams.retain(|stream| stream.instrument != instrument);
        write(effects, *patent, &list)?;
    }
    Ok(())
}

fn write(effects: &mut Effects<'_, '_>, patent: PatentId, list: &StreamList) -> Result<(), Fault> {
    let assigned = u8::try_from(list.streams.len()).expect("the list's bound is below 256");
    match assigned {
        0 => effects.remove::<StreamList>(&patent)?,
        _ => effects.put(&patent, list)?,
    }
    effects.touch(patent, |status| status.assigned = assigned)?;
    Ok(())
}
