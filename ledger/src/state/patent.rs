//! Patents: what the register says of one, and its one status value.

use super::key::stored;
use crate::act::patent::Owner;
use crate::codec::{Decode, Encode, List, Text, tagged};
use crate::hash::{Domain, Hash};
use crate::identifier::{
    Classification, Date, DeclarationId, IndustryCode, LicenceId, OpenSourceId, PatentId, PatentNumber,
    PledgeId, PublicationNumber, RecordId, Timestamp, TransferId,
};
use serde::{Deserialize, Serialize};

/// What the register says of a patent.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Patent {
    /// Its number.
    pub number: PatentNumber,
    /// The number of its publication.
    pub publication: Option<PublicationNumber>,
    /// Its title.
    pub title: Text<1200>,
    /// The day of filing, if known.
    pub filing: Option<Date>,
    /// The day of the grant's announcement, if known and granted.
    pub grant: Option<Date>,
    /// The owners.
    pub owners: List<Owner, 64>,
    /// Owners of whom nothing stands on the ledger.
    pub undisclosed_owners: u8,
    /// Digest of the co-owners' agreement, if one is recorded.
    pub agreement: Option<Hash>,
    /// Classification.
    pub classification: Option<Classification>,
    /// Branch of the national economy.
    pub industry: Option<IndustryCode>,
    /// The invention application of the same day, for a utility model.
    pub same_day: Option<PatentNumber>,
    /// Made with public research funds.
    pub funded: bool,
    /// Digest of the source's entry.
    pub source: Hash,
    /// The transfer by which the owners came to it, if it was registered on this ledger.
    pub acquired: Option<TransferId>,
}
stored!(Patent, 9, PatentId);

/// Which patent has a number.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PatentByNumber {
    /// The patent.
    pub patent: PatentId,
}
stored!(PatentByNumber, 10, PatentNumber);

/// The last patent year whose annuity was entered as paid. No annuity of it or of an earlier year is entered any more.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct AnnuityPaid {
    /// The year, from 1.
    pub year: u8,
    /// The record that entered it.
    pub record: RecordId,
}
stored!(AnnuityPaid, 120, PatentId);

tagged! {
    /// The life of a patent.
    #[derive(Copy)]
    pub enum Life {
        /// Not granted yet.
        1 => Application,
        /// In force.
        2 => Granted,
        /// In force; an annuity is overdue and the grace period runs.
        3 => Grace,
        /// Terminated for an unpaid annuity.
        4 => Lapsed,
        /// Abandoned.
        5 => Abandoned,
        /// Its term has run out.
        6 => Expired,
        /// Declared wholly invalid.
        7 => Invalidated,
    }
}

tagged! {
    /// What the evaluation report found.
    #[derive(Copy)]
    pub enum Verdict {
        /// There is none.
        1 => None,
        /// The conditions of grant are met.
        2 => Positive,
        /// They are not.
        3 => Negative,
    }
}

/// A preservation or suspension: the record that entered it, and its last day.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Frozen {
    /// The record.
    pub record: RecordId,
    /// The last day.
    pub until: Date,
}

/// All that is true of a patent now, in one value of at most 166 bytes, by ids only: a certificate needs one proof.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct PatentStatus {
    /// Its number: whoever is shown the status alone sees of which patent it is.
    pub number: PatentNumber,
    /// Its life as last entered. Guards compute from the dates too: see [`PatentStatus::in_force`].
    pub life: Life,
    /// The last day of its term, if the filing date is known.
    pub term_last: Option<Date>,
    /// The due date of the annuity that is overdue.
    pub annuity_due: Option<Date>,
    /// What the evaluation report found.
    pub evaluation: Verdict,
    /// An invalidation request has been accepted: the record.
    pub invalidation: Option<RecordId>,
    /// Preserved by a court.
    pub preservation: Option<Frozen>,
    /// Suspended in an ownership dispute.
    pub suspension: Option<Frozen>,
    /// The declaration by which it is open, or that is declared or halted.
    pub declaration: Option<DeclarationId>,
    /// Whether that declaration has been announced.
    pub open: bool,
    /// Exclusive licences that have not ended.
    pub exclusive: u16,
    /// The latest of them.
    pub exclusive_latest: Option<LicenceId>,
    /// Sole licences that have not ended.
    pub sole: u16,
    /// The latest of them.
    pub sole_latest: Option<LicenceId>,
    /// Ordinary licences that have not ended.
    pub ordinary: u32,
    /// The registered pledge.
    pub pledge: Option<PledgeId>,
    /// Compulsory licences that have not ended.
    pub compulsory: u8,
    /// Pools it is in.
    pub pools: u8,
    /// The open-source pledge it stands under.
    pub open_source: Option<OpenSourceId>,
    /// Finance instruments to which its income is assigned: none can be assigned twice.
    pub assigned: u8,
    /// Events that touched the patent: its version.
    pub events: u64,
    /// The record of the latest of them: what an act that was signed over an older version ran into.
    pub last: Option<RecordId>,
    /// The head of the hash chain over them.
    pub chain: Hash,
}
stored!(PatentStatus, 11, PatentId, due | status | status.next_due());

/// The head of a chain of events behind one more event:
/// `H(patent-event, chain ‖ record position u64 ‖ ordinal u16 ‖ family u8 ‖ kind u8)`. Before the first it is zero.
#[must_use]
pub fn chain_event(chain: &Hash, position: u64, ordinal: u16, what: (u8, u8)) -> Hash {
    Hash::of(
        Domain::PATENT_EVENT,
        &[chain.as_bytes(), &position.to_le_bytes(), &ordinal.to_le_bytes(), &[what.0, what.1]],
    )
}

impl PatentStatus {
    /// The most bytes of a status as it stands in the state: five of its head, and the fields when none is left out.
    pub const LONGEST: usize = 166;

    /// Whether the right is in force on this day: granted or in grace, and within its term if that is known.
    #[must_use]
    pub fn in_force(&self, on: Date) -> bool {
        matches!(self.life, Life::Granted | Life::Grace) && self.term_last.is_none_or(|last| on <= last)
    }

    /// Whether its term is over on this day, whatever life says.
    #[must_use]
    pub fn term_over(&self, on: Date) -> bool {
        self.term_last.is_some_and(|last| last < on)
    }

    /// The preservation or suspension in effect on this day.
    #[must_use]
    pub fn frozen(&self, on: Date) -> Option<Frozen> {
        [self.preservation, self.suspension].into_iter().flatten().find(|frozen| on <= frozen.until)
    }

    /// Adds an event to the chain.
    pub(super) fn touch(&mut self, position: u64, ordinal: u16, what: (u8, u8)) {
        self.chain = chain_event(&self.chain, position, ordinal, what);
        self.events += 1;
        self.last = Some(RecordId::new(position));
    }

    /// Its life on this day: expired once the term is over, whether or not that has been entered.
    #[must_use]
    pub fn life_on(&self, on: Date) -> Life {
        let living = matches!(self.life, Life::Granted | Life::Grace);
        if living && self.term_over(on) { Life::Expired } else { self.life }
    }

    /// The first instant at which time changes something: the day after a last day.
    fn next_due(&self) -> Option<Timestamp> {
        let living = matches!(self.life, Life::Granted | Life::Grace);
        let days = [
            self.term_last.filter(|_| living),
            self.preservation.map(|frozen| frozen.until),
            self.suspension.map(|frozen| frozen.until),
        ];
        days.into_iter().flatten().min().map(|last| Timestamp::start_of(last.next()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Stored as _;
    use super::*;

    /// Every field has a width of its own, but for what may be left out: nothing of it is.
    fn widest(life: Life, evaluation: Verdict) -> PatentStatus {
        let record = RecordId::new(1 << 40);
        let day: Date = "2026-11-24".parse().unwrap();
        let frozen = Some(Frozen { record, until: day });
        let licence = Some(LicenceId::new(1 << 40, 255));
        PatentStatus {
            number: PatentNumber::try_from(202_110_483_351).unwrap(),
            life,
            term_last: Some(day),
            annuity_due: Some(day),
            evaluation,
            invalidation: Some(record),
            preservation: frozen,
            suspension: frozen,
            declaration: Some(DeclarationId::new(1 << 40, 255)),
            open: true,
            exclusive: u16::MAX,
            exclusive_latest: licence,
            sole: u16::MAX,
            sole_latest: licence,
            ordinary: u32::MAX,
            pledge: Some(PledgeId::new(1 << 40, 255)),
            compulsory: u8::MAX,
            pools: u8::MAX,
            open_source: Some(OpenSourceId::new(1 << 40, 255)),
            assigned: u8::MAX,
            events: u64::MAX,
            last: Some(record),
            chain: Hash::ZERO,
        }
    }

    #[test]
    fn the_widest_status_is_as_long_as_the_bound_says() {
        let lives = [
            Life::Application,
            Life::Granted,
            Life::Grace,
            Life::Lapsed,
            Life::Abandoned,
            Life::Expired,
            Life::Invalidated,
        ];
        for life in lives {
            for verdict in [Verdict::None, Verdict::Positive, Verdict::Negative] {
                let bytes = widest(life, verdict).to_bytes().unwrap();
                assert_eq!(bytes.len(), PatentStatus::LONGEST, "{life:?}, {verdict:?}");
            }
        }
        let narrow = PatentStatus { pledge: None, last: None, ..widest(Life::Granted, Verdict::None) };
        assert_eq!(narrow.to_bytes().unwrap().len(), PatentStatus::LONGEST - 16);
    }
}
