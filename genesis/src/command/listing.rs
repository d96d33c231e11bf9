//! Say what a listing of patents would bring to a network, before anything is registered.

use super::{Failure, Language, say};
use std::collections::BTreeMap;
use std::path::PathBuf;
use tongda_genesis::patents::{Note, PatentRow, Reason, Registration, Spoken, read};
use tongda_ledger::act::patent::Stage;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// 专利清单，CSV · The listing, comma-separated values
    listing: PathBuf,
    /// 逐行列出说明 · Print the notes of rows that can be registered, too
    #[arg(long)]
    notes: bool,
    /// 语言 · Language
    #[arg(long, value_enum, default_value_t = Language::Zh)]
    language: Language,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let path = &arguments.listing;
    let bytes = std::fs::read(path).map_err(|error| Failure::Use(format!("{}: {error}", path.display())))?;
    let rows = read(&bytes).map_err(|error| Failure::Refused(format!("{}: {error}", path.display())))?;
    let language = arguments.language;
    let mut lines = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |name: &str| *counts.entry(name.to_owned()).or_default() += 1;
    let mut ready = 0;
    for row in &rows {
        let mut tell = |row: usize, spoken: &Spoken| {
            lines.push(format!(
                "{} {row}  {}",
                language.of("行", "row"),
                language.of(&spoken.zh, &spoken.en)
            ));
        };
        match row {
            PatentRow::Ready(registration) => {
                ready += 1;
                for note in &registration.notes {
                    count(&note_name(note, language));
                    if arguments.notes {
                        tell(registration.row, &note.spoken());
                    }
                }
                for name in unknown(registration, language) {
                    count(name);
                }
            }
            PatentRow::Unusable { row, reason } => {
                count(reason_name(reason, language));
                tell(*row, &reason.spoken());
            }
        }
    }
    lines.push(format!("{:>8}  {}", rows.len(), language.of("行", "rows")));
    lines.push(format!("{ready:>8}  {}", language.of("可登记", "ready to be registered")));
    lines.push(format!("{:>8}  {}", rows.len() - ready, language.of("不可用", "unusable")));
    lines.extend(counts.into_iter().map(|(name, count)| format!("{count:>8}  · {name}")));
    say(&lines.join("\n"))
}

/// What stays unknown of a patent that can be registered.
fn unknown(registration: &Registration, language: Language) -> Vec<&'static str> {
    let facts = [
        (registration.publication.is_none(), language.of("公告号未知", "publication number unknown")),
        (registration.filing.is_none(), language.of("申请日未知", "filing date unknown")),
        (registration.stage == Stage::Granted { on: None }, language.of("授权日未知", "grant date unknown")),
        (registration.stage == Stage::Application, language.of("尚未授权", "not granted yet")),
        (registration.classification.is_none(), language.of("分类号未知", "classification unknown")),
        (registration.province.is_none(), language.of("省份未知", "province unknown")),
        (registration.undisclosed_owners > 0, language.of("有未列出的专利权人", "with undisclosed owners")),
    ];
    facts.into_iter().filter(|(holds, _)| *holds).map(|(_, name)| name).collect()
}

fn note_name(note: &Note, language: Language) -> String {
    match note {
        Note::Normalised(column) => format!("{} {column}", language.of("已规范", "brought into form:")),
        Note::OwnerTwice(_) => language.of("专利权人重复", "owner named twice").to_owned(),
        Note::LeftUnknown { column, .. } => format!("{} {column}", language.of("留为未知", "left unknown:")),
    }
}

const fn reason_name(reason: &Reason, language: Language) -> &'static str {
    let (zh, en) = match reason {
        Reason::Row(_) | Reason::Cells { .. } | Reason::NotUtf8(_) => ("格式有误", "malformed row"),
        Reason::Number(_) => ("申请号有误", "wrong application number"),
        Reason::Duplicate { .. } => ("申请号重复", "application number stands twice"),
        Reason::KindUnknown(_) | Reason::Kind { .. } => ("类型不符", "kind of patent does not fit"),
        Reason::Title(_) => ("名称有误", "title cannot be used"),
        Reason::Owner { .. } | Reason::Owners(_) | Reason::NoOwner | Reason::UndisclosedOwners(_) => {
            ("专利权人有误", "owners cannot be used")
        }
        Reason::Dates { .. } => ("日期矛盾", "dates contradict each other"),
    };
    language.of(zh, en)
}
