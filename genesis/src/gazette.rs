//! Read listings of gazette notices (专利公报事务公告), row by row: which change of a patent each one announces.
//!
//! A listing is comma-separated values with the columns of the shipped `gazette-events-sample.csv`, in any order; more
//! columns are ignored. A notice that cannot be read, or that announces nothing a ledger enters, stays in the list with
//! its reason.

use tongda_ledger::codec::Text;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{Date, PatentNumber, PublicationNumber};

/// The columns that are read.
const COLUMNS: [&str; 9] = [
    "application_number",
    "publication_number",
    "gazette_date",
    "event_code",
    "event_subtype",
    "before",
    "after",
    "effective_date",
    "raw_facts",
];

/// How listings mask a natural person.
const PERSON: &str = "〔自然人〕";

/// Owners as a notice names them: organisations by name, natural persons by their number only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedOwners {
    /// The organisations.
    pub names: Vec<Text<600>>,
    /// How many natural persons there are.
    pub persons: u8,
}

/// What a notice announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The grant (GR01).
    Granted,
    /// The end of the right for an unpaid annuity (CF01).
    Lapsed,
    /// The end of the term (CX01).
    Expired,
    /// The owners' abandonment (AV01).
    Abandoned,
    /// A transfer (TR01).
    Transferred {
        /// The owners before.
        before: NamedOwners,
        /// The owners after.
        after: NamedOwners,
    },
    /// A change of an owner's name or address (CP01 to CP03).
    Renamed {
        /// The owners as they were called before.
        before: NamedOwners,
        /// The owners as they are called now.
        after: NamedOwners,
    },
    /// A court's preservation (PP01).
    Preserved,
    /// The end of one (PD01).
    Released,
    /// A pledge's registration (PE01).
    Pledged,
    /// A notice that changes nothing in the register of rights: publication, examination, service of documents, a
    /// reference to another country's register.
    Nothing,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The row, counted from 1 behind the header.
    pub row: usize,
    /// The patent.
    pub number: PatentNumber,
    /// The number under which it was published, if the notice has it in a readable form.
    pub publication: Option<PublicationNumber>,
    /// The day of the gazette, if known.
    pub published: Option<Date>,
    /// The notice's code, like `TR01`.
    pub code: String,
    /// What it announces.
    pub event: Event,
    /// The day from which it has effect, if the notice names one.
    pub effective: Option<Date>,
    /// SHA-256 of the row's cells.
    pub digest: Hash,
}

/// Why a listing of notices, or a row of one, cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// A column is missing.
    #[error("the listing has no column {0:?}; the shipped sample shows all of them")]
    Column(&'static str),
    /// Not comma-separated values in UTF-8.
    #[error("row {row} cannot be read: {reason}; save the file as comma-separated values in UTF-8")]
    Row {
        /// The row, 0 for the header.
        row: usize,
        /// What is wrong.
        reason: String,
    },
    /// A cell that is not what its column says.
    #[error("row {row}, {column}: {reason}")]
    Cell {
        /// The row.
        row: usize,
        /// The column.
        column: &'static str,
        /// What is wrong.
        reason: String,
    },
}

/// Reads a listing of notices; a row that cannot be read stands there with its error.
///
/// # Errors
/// [`NoticeError`] when it is no listing of notices at all.
pub fn read(listing: &[u8]) -> Result<Vec<Result<Notice, NoticeError>>, NoticeError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(listing);
    let header = reader.headers().map_err(|error| NoticeError::Row { row: 0, reason: error.to_string() })?;
    let mut places = [0; COLUMNS.len()];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        let found = header.iter().position(|cell| cell.trim_start_matches('\u{FEFF}') == column);
        *place = found.ok_or(NoticeError::Column(column))?;
    }
    let rows = (1..).zip(reader.records());
    Ok(rows
        .map(|(row, record)| {
            let record = record.map_err(|error| NoticeError::Row { row, reason: error.to_string() })?;
            notice(row, places.map(|place| record.get(place).unwrap_or_default().trim()))
        })
        .collect())
}

fn notice(row: usize, cells: [&str; COLUMNS.len()]) -> Result<Notice, NoticeError> {
    let [number, publication, published, code, subtype, before, after, effective, facts] = cells;
    let cell = |column, reason: String| NoticeError::Cell { row, column, reason };
    let date = |column, text: &str| match text {
        "" => Ok(None),
        text => text.parse::<Date>().map(Some).map_err(|error| cell(column, error.to_string())),
    };
    let owners = |column, text| owners(text).map_err(|reason| cell(column, reason));
    let event = match code {
        "GR01" => Event::Granted,
        "CF01" => Event::Lapsed,
        "CX01" => Event::Expired,
        "AV01" => Event::Abandoned,
        "TR01" => Event::Transferred { before: owners("before", before)?, after: owners("after", after)? },
        _ if code.starts_with("CP") => {
            Event::Renamed { before: owners("before", before)?, after: owners("after", after)? }
        }
        "PP01" => Event::Preserved,
        "PD01" => Event::Released,
        "PE01" => Event::Pledged,
        _ => Event::Nothing,
    };
    let cells: Vec<&[u8]> = [number, code, published, subtype, before, after, effective, facts]
        .into_iter()
        .flat_map(|cell| [cell.as_bytes(), b"\n".as_slice()])
        .collect();
    Ok(Notice {
        row,
        number: number.parse().map_err(|error| cell("application_number", format!("{error}")))?,
        publication: publication.parse().ok(),
        published: date("gazette_date", published)?,
        code: code.to_owned(),
        event,
        effective: date("effective_date", effective)?,
        digest: Hash::plain(&cells),
    })
}

fn owners(cell: &str) -> Result<NamedOwners, String> {
    let mut owners = NamedOwners::default();
    for name in cell.split([';', '；']).map(str::trim).filter(|name| !name.is_empty()) {
        if name == PERSON {
            owners.persons = owners.persons.checked_add(1).ok_or("more than 255 natural persons")?;
        } else {
            owners.names.push(name.parse().map_err(|error| format!("{name:?}: {error}"))?);
        }
    }
    Ok(owners)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_of_the_sample_is_read() {
        let notices = read(crate::sample::GAZETTE_EVENTS.as_bytes()).unwrap();
        assert_eq!(notices.len(), 278);
        let count = |wanted: fn(&Event) -> bool| {
            notices.iter().filter(|notice| wanted(&notice.as_ref().unwrap().event)).count()
        };
        assert_eq!(count(|event| *event == Event::Granted), 124);
        assert_eq!(count(|event| *event == Event::Lapsed), 120);
        assert_eq!(count(|event| matches!(event, Event::Transferred { .. })), 12);
        assert_eq!(count(|event| matches!(event, Event::Renamed { .. })), 4);
        assert_eq!(count(|event| *event == Event::Nothing), 8);
    }

    #[test]
    fn what_is_no_notice_is_told_with_its_row_and_column() {
        assert_eq!(read(b"a,b\n1,2\n").unwrap_err(), NoticeError::Column("application_number"));
        let header = COLUMNS.join(",");
        let listing = format!("{header}\n201230431901.9,,,GR01,,,,,\n201230431901.8,,soon,GR01,,,,,\n");
        let errors: Vec<_> =
            read(listing.as_bytes()).unwrap().into_iter().map(|row| row.unwrap_err().to_string()).collect();
        assert!(errors[0].starts_with("row 1, application_number:"), "{}", errors[0]);
        assert!(errors[1].starts_with("row 2, gazette_date:"), "{}", errors[1]);
    }

    #[test]
    fn natural_persons_are_counted_and_not_named() {
        let found = owners("〔自然人〕;甲公司；〔自然人〕").unwrap();
        assert_eq!((found.names.len(), found.persons), (1, 2));
    }
}
