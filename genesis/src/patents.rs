//! Read listings of patents, row by row: what can be registered, and why the rest cannot.
//!
//! A listing is comma-separated values with the columns of the shipped sample, in any order; more columns are
//! ignored. The ledger refuses what is not in its form and repairs nothing, so this is where text that a person wrote
//! is brought into form: to NFC and without space at its ends. Every such change is told in the row's notes, as is
//! everything that stays unknown because the listing does not have it or has it in an unreadable form.

mod note;
mod row;

pub use note::{Note, Reason, Spoken};

use std::collections::BTreeMap;
use tongda_ledger::act::patent::{Owner, Register, Stage};
use tongda_ledger::codec::{List, Text, TooMany};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{Classification, Date, PartyId, PatentKind, PatentNumber, PublicationNumber};

/// What a row says, ready to be registered once its owners are parties of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The row, counted from 1 behind the header.
    pub row: usize,
    /// The application number.
    pub number: PatentNumber,
    /// The number under which it was published, if known.
    pub publication: Option<PublicationNumber>,
    /// The title.
    pub title: Text<1200>,
    /// The day of filing, if known.
    pub filing: Option<Date>,
    /// Granted or pending.
    pub stage: Stage,
    /// The owners' names, in the register's order, each once.
    pub owners: Vec<Text<600>>,
    /// Owners of whom the listing tells nothing but their number.
    pub undisclosed_owners: u8,
    /// IPC symbol or Locarno class, if known.
    pub classification: Option<Classification>,
    /// The two digits of the first owner's province, if known.
    pub province: Option<String>,
    /// SHA-256 of the row's bytes in the file, without its line end.
    pub source: Hash,
    /// What was changed or left unknown.
    pub notes: Vec<Note>,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatentRow {
    /// It can be registered.
    Ready(Box<Registration>),
    /// It cannot.
    Unusable {
        /// The row, counted from 1 behind the header.
        row: usize,
        /// Why.
        reason: Reason,
    },
}

/// Why a whole listing cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ListingError {
    /// Its header cannot be read.
    #[error("the listing's header cannot be read: {0}")]
    Header(csv::Error),
    /// A column is missing.
    #[error("the listing has no column {0:?}; the shipped sample shows all of them")]
    Column(&'static str),
}

impl Registration {
    /// The kind of right.
    #[must_use]
    pub fn kind(&self) -> PatentKind {
        self.number.kind()
    }

    /// The act that registers it, with the parties that its owners are on the ledger, in the same order.
    ///
    /// # Errors
    /// [`TooMany`] when there are more parties than a patent may have owners.
    pub fn register(&self, owners: &[PartyId]) -> Result<Register, TooMany> {
        let owners: Vec<_> = owners.iter().map(|party| Owner { party: *party, share: None }).collect();
        Ok(Register {
            number: self.number,
            publication: self.publication,
            title: self.title.clone(),
            filing: self.filing,
            stage: self.stage,
            owners: List::try_from(owners)?,
            undisclosed_owners: self.undisclosed_owners,
            classification: self.classification,
            industry: None,
            same_day: None,
            funded: false,
            source: self.source,
        })
    }
}

/// Reads a listing.
///
/// # Errors
/// [`ListingError`] when it is no listing at all; a bad row is a [`PatentRow::Unusable`].
pub fn read(listing: &[u8]) -> Result<Vec<PatentRow>, ListingError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(listing);
    let columns = row::Columns::of(reader.byte_headers().map_err(ListingError::Header)?)?;
    let mut rows = Vec::new();
    let mut seen = BTreeMap::new();
    let mut record = csv::ByteRecord::new();
    loop {
        let start = offset(&reader);
        let row = rows.len() + 1;
        match reader.read_byte_record(&mut record) {
            Ok(false) => return Ok(rows),
            Ok(true) => {
                let bytes = without_line_end(listing.get(start..offset(&reader)).unwrap_or_default());
                rows.push(match columns.read(&record, row, Hash::plain(&[bytes])) {
                    Ok(registration) => match seen.get(&registration.number) {
                        Some(first) => PatentRow::Unusable {
                            row,
                            reason: Reason::Duplicate { number: registration.number, first: *first },
                        },
                        None => {
                            seen.insert(registration.number, row);
                            PatentRow::Ready(Box::new(registration))
                        }
                    },
                    Err(reason) => PatentRow::Unusable { row, reason },
                });
            }
            // Bytes are read from memory and lengths are free, so this is out of reach; a row is lost at most.
            Err(error) => rows.push(PatentRow::Unusable { row, reason: Reason::Row(error.to_string()) }),
        }
    }
}

fn offset<R: std::io::Read>(reader: &csv::Reader<R>) -> usize {
    usize::try_from(reader.position().byte()).unwrap_or(usize::MAX)
}

/// The row alone: without its line end, and without the ends of blank lines before it.
fn without_line_end(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., b'\n' | b'\r'] | [b'\n' | b'\r', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    const HEADER: &str = "application_number,publication_number,kind,title,patentees,main_ipc,filing_date,grant_date,\
                          province,non_organisation_patentees,grant_evidence\n";

    /// What becomes of one row below the header.
    fn one(row: &str) -> PatentRow {
        let mut rows = read(format!("{HEADER}{row}\n").as_bytes()).unwrap();
        assert_eq!(rows.len(), 1, "{row}");
        rows.remove(0)
    }

    fn ready(row: &str) -> Registration {
        match one(row) {
            PatentRow::Ready(registration) => *registration,
            PatentRow::Unusable { reason, .. } => panic!("{row}: {reason}"),
        }
    }

    fn reason(row: &str) -> Reason {
        match one(row) {
            PatentRow::Ready(registration) => panic!("{row} is ready: {registration:?}"),
            PatentRow::Unusable { reason, .. } => reason,
        }
    }

    const GOOD: &str = "201821330272.8,CN209153509U,utility_model,清洗装置,甲公司;乙公司,A47L15/00,2018-08-17,2019-07-26,四川,0,publication kind U";

    #[test]
    fn every_row_of_the_shipped_sample_can_be_registered() {
        let rows = read(sample::PATENTS.as_bytes()).unwrap();
        assert_eq!(rows.len(), 643);
        for (row, line) in rows.iter().zip(sample::PATENTS.lines().skip(1)) {
            let PatentRow::Ready(registration) = row else { panic!("{line}: {row:?}") };
            assert!(line.starts_with(&registration.number.to_string()), "{line}");
            assert_eq!(registration.source, Hash::plain(&[line.as_bytes()]), "{line}");
            assert!(
                registration.classification.is_none_or(|class| class.suits(registration.kind())),
                "{line}"
            );
        }
    }

    #[test]
    fn a_good_row_says_what_the_listing_says() {
        let registration = ready(GOOD);
        assert_eq!(registration.title.as_str(), "清洗装置");
        assert_eq!(registration.owners.iter().map(Text::as_str).collect::<Vec<_>>(), ["甲公司", "乙公司"]);
        assert_eq!(registration.filing, "2018-08-17".parse().ok());
        assert_eq!(registration.stage, Stage::Granted { on: "2019-07-26".parse().ok() });
        assert_eq!(registration.province.as_deref(), Some("51"));
        assert_eq!(registration.source, Hash::plain(&[GOOD.as_bytes()]));
        assert_eq!(registration.notes, []);
        let act = registration.register(&[PartyId::new(3, 0), PartyId::new(3, 1)]).unwrap();
        assert_eq!((act.number, act.owners.len()), (registration.number, 2));
    }

    #[test]
    fn what_the_listing_does_not_have_stays_unknown() {
        let registration = ready("201821330272.8,,,清洗装置,甲公司,,,,,2,");
        assert_eq!(registration.publication, None);
        assert_eq!((registration.filing, registration.classification), (None, None));
        assert_eq!(registration.stage, Stage::Granted { on: None });
        assert_eq!((registration.province, registration.undisclosed_owners), (None, 2));
        assert!(ready("201821330272.8,,,清洗装置,,,,,,1,").owners.is_empty());
    }

    #[test]
    fn text_is_brought_into_form_and_the_row_says_so() {
        let registration = ready(&GOOD.replace("清洗装置", " cafe\u{301} "));
        assert_eq!(registration.title.as_str(), "café");
        assert_eq!(registration.notes, [Note::Normalised("title")]);
        let registration = ready(&GOOD.replace("甲公司;乙公司", "甲公司 ； 乙公司;甲公司; "));
        assert_eq!(registration.owners.len(), 2);
        assert_eq!(registration.notes, [Note::Normalised("patentees"), Note::OwnerTwice("甲公司".into())]);
        let registration = ready(&GOOD.replace("甲公司;乙公司", "\"甲公司 , Yi Co., Ltd.\""));
        assert_eq!(
            registration.owners.iter().map(Text::as_str).collect::<Vec<_>>(),
            ["甲公司", "Yi Co., Ltd."]
        );
    }

    #[test]
    fn an_unreadable_side_fact_stays_unknown_and_the_row_says_so() {
        for (good, bad, column) in [
            ("CN209153509U", "CN20915350U", "publication_number"),
            ("CN209153509U", "CN305250108S", "publication_number"),
            ("A47L15/00", "A47L", "main_ipc"),
            ("A47L15/00", "14-01", "main_ipc"),
            ("四川", "四川盆地", "province"),
            ("2018-08-17", "17.08.2018", "filing_date"),
            ("2019-07-26", "2019-07-32", "grant_date"),
        ] {
            let registration = ready(&GOOD.replace(good, bad));
            let notes = registration.notes;
            assert!(
                matches!(notes.as_slice(), [Note::LeftUnknown { column: found, .. }] if *found == column),
                "{bad}: {notes:?}"
            );
        }
    }

    #[test]
    fn a_row_that_contradicts_itself_or_lacks_its_core_is_unusable() {
        assert!(matches!(reason(&GOOD.replace("201821330272.8", "201821330272.7")), Reason::Number(_)));
        assert!(matches!(reason(&GOOD.replace("utility_model", "design")), Reason::Kind { .. }));
        assert!(matches!(reason(&GOOD.replace("utility_model", "utility")), Reason::KindUnknown(_)));
        assert!(matches!(reason(&GOOD.replace("清洗装置", "")), Reason::Title(_)));
        assert!(matches!(reason(&GOOD.replace("清洗装置", "清\u{200B}洗")), Reason::Title(_)));
        assert!(matches!(reason(&GOOD.replace("甲公司;乙公司", "")), Reason::NoOwner));
        assert!(matches!(reason(&GOOD.replace("甲公司", &"甲".repeat(201))), Reason::Owner { .. }));
        assert!(matches!(reason(&GOOD.replace(",0,", ",many,")), Reason::UndisclosedOwners(_)));
        assert!(matches!(reason(&GOOD.replace("2019-07-26", "2017-07-26")), Reason::Dates { .. }));
        assert!(matches!(reason("201821330272.8,CN209153509U"), Reason::Cells { found: 2, expected: 11 }));
        let owners: Vec<_> = (0..65).map(|n| format!("第{n}公司")).collect();
        assert!(matches!(reason(&GOOD.replace("甲公司;乙公司", &owners.join(";"))), Reason::Owners(65)));
        let listing =
            [HEADER.as_bytes(), &GOOD.as_bytes()[..60], b"\xFF\xFE", &GOOD.as_bytes()[60..]].concat();
        let rows = read(&listing).unwrap();
        assert!(
            matches!(rows.as_slice(), [PatentRow::Unusable { reason: Reason::NotUtf8(_), .. }]),
            "{rows:?}"
        );
    }

    #[test]
    fn a_number_that_stands_twice_is_taken_once() {
        let rows = read(format!("{HEADER}{GOOD}\r\n\n{GOOD}\n").as_bytes()).unwrap();
        let [
            PatentRow::Ready(first),
            PatentRow::Unusable { row: 2, reason: Reason::Duplicate { first: 1, .. } },
        ] = rows.as_slice()
        else {
            panic!("{rows:?}")
        };
        assert_eq!(first.source, Hash::plain(&[GOOD.as_bytes()]));
    }

    #[test]
    fn the_year_of_filing_need_not_be_that_of_the_number() {
        assert_eq!(ready(&GOOD.replace("2018-08-17", "2016-08-17")).notes, []);
    }

    #[test]
    fn a_design_is_classified_by_locarno() {
        let registration =
            ready("201830670646.X,CN305250108S,design,耳机,甲公司,14-01,2018-11-23,2019-07-09,广东,0,");
        assert_eq!(registration.classification.map(|class| class.to_string()).as_deref(), Some("14-01"));
    }

    #[test]
    fn an_invention_without_a_sign_of_its_grant_is_an_application() {
        let row = "202110483351.2,CN113205382A,invention,方法,甲公司,G06Q50/18,2021-04-30,,北京,0,";
        assert_eq!(ready(row).stage, Stage::Application);
        assert_eq!(ready(&row.replace("382A", "382B")).stage, Stage::Granted { on: None });
        assert_eq!(ready(&format!("{row}status 授权")).stage, Stage::Granted { on: None });
        assert_eq!(
            ready(&row.replace(",,北京", ",2022-04-30,北京")).stage,
            Stage::Granted { on: "2022-04-30".parse().ok() }
        );
    }

    #[test]
    fn a_listing_without_a_column_is_refused() {
        let error = read(b"application_number,title\n").unwrap_err();
        assert!(matches!(error, ListingError::Column("publication_number")), "{error}");
    }

    proptest::proptest! {
        #[test]
        fn no_listing_makes_the_reader_panic(
            rows in proptest::collection::vec("[0-9.,;X\"甲\n -]{0,60}", 0..8),
        ) {
            let _ = read(format!("{HEADER}{}", rows.join("\n")).as_bytes());
        }
    }
}
