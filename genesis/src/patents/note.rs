//! Say what the reader of a listing found, in Chinese and English.

use std::fmt;
use tongda_ledger::codec::TextError;
use tongda_ledger::identifier::{Date, PatentKind, PatentNumber, PatentNumberError};

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl fmt::Display for Spoken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.zh, self.en)
    }
}

/// Why a row cannot be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The row cannot be parted into cells.
    Row(String),
    /// More or fewer cells than the header has.
    Cells {
        /// Cells of the row.
        found: usize,
        /// Cells of the header.
        expected: usize,
    },
    /// A cell is not UTF-8.
    NotUtf8(&'static str),
    /// No patent number, or a wrong one.
    Number(PatentNumberError),
    /// The number stands in an earlier row.
    Duplicate {
        /// The number.
        number: PatentNumber,
        /// The earlier row.
        first: usize,
    },
    /// A word that is no kind of patent.
    KindUnknown(String),
    /// The number is one of another kind.
    Kind {
        /// The kind that the listing names.
        listed: PatentKind,
        /// The kind that the number has.
        numbered: PatentKind,
    },
    /// The title is no text for people.
    Title(TextError),
    /// An owner's name is no text for people.
    Owner {
        /// The name.
        name: String,
        /// What is wrong.
        error: TextError,
    },
    /// Too many owners for one patent.
    Owners(usize),
    /// Neither a named nor an undisclosed owner.
    NoOwner,
    /// The number of undisclosed owners is none, or above 255.
    UndisclosedOwners(String),
    /// Granted before it was filed.
    Dates {
        /// The day of filing.
        filing: Date,
        /// The day of the grant.
        grant: Date,
    },
}

/// What the reader changed, or left unknown, in a row that can be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The text was brought to NFC, or rid of space at its ends.
    Normalised(&'static str),
    /// An owner is named twice and was taken once.
    OwnerTwice(String),
    /// A value that cannot be read, or that is not one of this kind of right.
    LeftUnknown {
        /// The column.
        column: &'static str,
        /// The value in the listing.
        value: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Reason {
    /// The reason in words.
    #[must_use]
    pub fn spoken(&self) -> Spoken {
        let (zh, en) = match self {
            Self::Row(error) => {
                (format!("无法读取该行：{error}"), format!("the row cannot be read: {error}"))
            }
            Self::Cells { found, expected } => (
                format!("该行有 {found} 格，表头有 {expected} 格"),
                format!("the row has {found} cells, the header {expected}"),
            ),
            Self::NotUtf8(column) => (
                format!("{column} 不是 UTF-8 文本"),
                format!("{column} is not UTF-8; save the file as UTF-8"),
            ),
            Self::Number(error) => {
                (format!("申请号有误：{error}"), format!("the application number: {error}"))
            }
            Self::Duplicate { number, first } => {
                (format!("{number} 已在第 {first} 行出现"), format!("{number} stands in row {first} already"))
            }
            Self::KindUnknown(kind) => (
                format!("{kind:?} 不是专利类型"),
                format!("{kind:?} is no kind of patent: invention, utility_model or design"),
            ),
            Self::Kind { listed, numbered } => (
                format!("列为 {listed}，但申请号属于 {numbered}"),
                format!("listed as {listed}, but the number is one of {numbered}"),
            ),
            Self::Title(error) => (format!("名称有误：{error}"), format!("the title: {error}")),
            Self::Owner { name, error } => {
                (format!("专利权人 {name:?} 有误：{error}"), format!("the owner {name:?}: {error}"))
            }
            Self::Owners(count) => (
                format!("专利权人 {count} 名，至多 64 名"),
                format!("{count} owners; a patent has 64 at most"),
            ),
            Self::NoOwner => ("没有专利权人".into(), "there is no owner".into()),
            Self::UndisclosedOwners(count) => (
                format!("{count:?} 不是未列出的专利权人数（0 至 255）"),
                format!("{count:?} is no number of undisclosed owners, 0 to 255"),
            ),
            Self::Dates { filing, grant } => (
                format!("授权日 {grant} 早于申请日 {filing}"),
                format!("granted on {grant}, before it was filed on {filing}"),
            ),
        };
        Spoken { zh, en }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spoken().en)
    }
}

impl Note {
    /// The note in words.
    #[must_use]
    pub fn spoken(&self) -> Spoken {
        let (zh, en) = match self {
            Self::Normalised(column) => (
                format!("{column} 已规范为 NFC 并去除首尾空格"),
                format!("{column} was brought to NFC, without space at its ends"),
            ),
            Self::OwnerTwice(name) => (
                format!("专利权人 {name} 列出两次，只取一次"),
                format!("the owner {name} is named twice and taken once"),
            ),
            Self::LeftUnknown { column, value, reason } => (
                format!("{column} 的值 {value:?} 无法采用，留为未知：{reason}"),
                format!("{column} {value:?} cannot be used and is left unknown: {reason}"),
            ),
        };
        Spoken { zh, en }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spoken().en)
    }
}
