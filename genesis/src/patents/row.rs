//! Read one row of a listing of patents.

use super::{ListingError, Note, Reason, Registration};
use crate::tables::Tables;
use csv::ByteRecord;
use std::fmt::Display;
use std::str::FromStr;
use tongda_ledger::act::patent::Stage;
use tongda_ledger::codec::{Text, TextError};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{Classification, Date, PatentKind, PatentNumber, PublicationNumber};
use unicode_normalization::UnicodeNormalization as _;

/// The columns that are read.
const NAMES: [&str; 11] = [
    "application_number",
    "publication_number",
    "kind",
    "title",
    "patentees",
    "main_ipc",
    "filing_date",
    "grant_date",
    "province",
    "non_organisation_patentees",
    "grant_evidence",
];

/// Where the columns stand.
pub(super) struct Columns {
    places: [usize; NAMES.len()],
    count: usize,
}

/// The cells of a row, without space at their ends, and the notes on them.
struct Cells<'r> {
    values: [&'r str; NAMES.len()],
    notes: Vec<Note>,
}

impl Columns {
    /// The places of the columns in the header.
    pub(super) fn of(header: &ByteRecord) -> Result<Self, ListingError> {
        let mut places = [0; NAMES.len()];
        for (place, name) in places.iter_mut().zip(NAMES) {
            // A file saved by a spreadsheet program may begin with a byte order mark.
            let is_it =
                |cell: &[u8]| cell.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(cell) == name.as_bytes();
            *place = header.iter().position(is_it).ok_or(ListingError::Column(name))?;
        }
        Ok(Self { places, count: header.len() })
    }

    /// What a row says.
    pub(super) fn read(&self, record: &ByteRecord, row: usize, source: Hash) -> Result<Registration, Reason> {
        if record.len() != self.count {
            return Err(Reason::Cells { found: record.len(), expected: self.count });
        }
        let mut values = [""; NAMES.len()];
        for ((value, place), name) in values.iter_mut().zip(self.places).zip(NAMES) {
            let bytes = record.get(place).unwrap_or_default();
            *value = std::str::from_utf8(bytes).map_err(|_| Reason::NotUtf8(name))?;
        }
        Cells { values, notes: Vec::new() }.registration(row, source)
    }
}

impl Cells<'_> {
    fn get(&self, column: &str) -> &str {
        let place =
            NAMES.iter().position(|name| *name == column).expect("only columns that are read are asked for");
        self.values[place].trim()
    }

    fn registration(mut self, row: usize, source: Hash) -> Result<Registration, Reason> {
        let number: PatentNumber = self.get("application_number").parse().map_err(Reason::Number)?;
        self.check_kind(number.kind())?;
        let title = self.title()?;
        let owners = self.owners()?;
        let undisclosed_owners = self.undisclosed_owners()?;
        if owners.is_empty() && undisclosed_owners == 0 {
            return Err(Reason::NoOwner);
        }
        let filing = self.optional::<Date>("filing_date");
        let grant = self.optional::<Date>("grant_date");
        if let (Some(filing), Some(grant)) = (filing, grant)
            && grant < filing
        {
            return Err(Reason::Dates { filing, grant });
        }
        let publication = self.publication(number.kind());
        let classification = self.classification(number.kind());
        let province = self.province();
        let stage = self.stage(number.kind(), publication, grant);
        Ok(Registration {
            row,
            number,
            publication,
            title,
            filing,
            stage,
            owners,
            undisclosed_owners,
            classification,
            province,
            source,
            notes: self.notes,
        })
    }

    /// The kind that the listing names, if it names one, is the kind that the number has.
    fn check_kind(&self, numbered: PatentKind) -> Result<(), Reason> {
        let text = self.get("kind");
        if text.is_empty() {
            return Ok(());
        }
        let listed: PatentKind = text.parse().map_err(|_| Reason::KindUnknown(text.to_owned()))?;
        if listed == numbered { Ok(()) } else { Err(Reason::Kind { listed, numbered }) }
    }

    fn title(&mut self) -> Result<Text<1200>, Reason> {
        let place = NAMES.iter().position(|name| *name == "title").expect("a column");
        let (title, changed) = normalised(self.values[place]);
        if changed {
            self.notes.push(Note::Normalised("title"));
        }
        Text::new(title).map_err(Reason::Title)
    }

    /// The names between semicolons, or between commas with a space on either side: a comma alone may stand in the
    /// name of a foreign company.
    fn owners(&mut self) -> Result<Vec<Text<600>>, Reason> {
        let cell = self.get("patentees").replace(" , ", ";").replace('；', ";");
        let mut owners: Vec<Text<600>> = Vec::new();
        let mut twice = Vec::new();
        let mut any_changed = false;
        for part in cell.split(';').filter(|part| !part.trim().is_empty()) {
            let (name, changed) = normalised(part);
            any_changed |= changed;
            let owner = Text::new(name.clone()).map_err(|error: TextError| Reason::Owner { name, error })?;
            if owners.contains(&owner) {
                twice.push(Note::OwnerTwice(owner.to_string()));
            } else {
                owners.push(owner);
            }
        }
        if any_changed {
            self.notes.push(Note::Normalised("patentees"));
        }
        self.notes.append(&mut twice);
        if owners.len() > 64 { Err(Reason::Owners(owners.len())) } else { Ok(owners) }
    }

    fn undisclosed_owners(&self) -> Result<u8, Reason> {
        match self.get("non_organisation_patentees") {
            "" => Ok(0),
            text => text.parse().map_err(|_| Reason::UndisclosedOwners(text.to_owned())),
        }
    }

    /// Utility models and designs are published only on their grant; an invention shows it by its grant date, by the
    /// kind of its publication, or by what the listing gives as evidence.
    fn stage(&self, kind: PatentKind, publication: Option<PublicationNumber>, grant: Option<Date>) -> Stage {
        let is_granted = kind != PatentKind::Invention
            || grant.is_some()
            || publication.is_some_and(|publication| publication.kind().is_granted())
            || !self.get("grant_evidence").is_empty();
        if is_granted { Stage::Granted { on: grant } } else { Stage::Application }
    }

    fn publication(&mut self, kind: PatentKind) -> Option<PublicationNumber> {
        let publication: PublicationNumber = self.optional("publication_number")?;
        if publication.kind().patent_kind() == kind {
            return Some(publication);
        }
        self.leave_unknown("publication_number", format!("it is not a number of {kind}"));
        None
    }

    fn classification(&mut self, kind: PatentKind) -> Option<Classification> {
        let class: Classification = self.optional("main_ipc")?;
        if class.suits(kind) {
            return Some(class);
        }
        self.leave_unknown("main_ipc", format!("it does not classify {kind}"));
        None
    }

    fn province(&mut self) -> Option<String> {
        let name = self.get("province");
        if name.is_empty() {
            return None;
        }
        let code = Tables::shipped().province_code(name).map(str::to_owned);
        if code.is_none() {
            self.leave_unknown("province", "no province, or more than one, begins so".into());
        }
        code
    }

    /// A value that may be missing; one that cannot be read is noted and left unknown.
    fn optional<T: FromStr<Err: Display>>(&mut self, column: &'static str) -> Option<T> {
        match self.get(column) {
            "" => None,
            text => match text.parse() {
                Ok(value) => Some(value),
                Err(error) => {
                    self.leave_unknown(column, error.to_string());
                    None
                }
            },
        }
    }

    fn leave_unknown(&mut self, column: &'static str, reason: String) {
        let value = self.get(column).to_owned();
        self.notes.push(Note::LeftUnknown { column, value, reason });
    }
}

/// The text in NFC and without space at its ends, and whether it was otherwise.
fn normalised(text: &str) -> (String, bool) {
    let normal: String = text.trim().nfc().collect();
    let changed = normal != text;
    (normal, changed)
}
