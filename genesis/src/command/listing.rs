//! Say what a listing of patents would bring to a network, before anything is registered.

use super::{Failure, Language};
use std::collections::BTreeMap;
use std::path::PathBuf;
use tongda_genesis::patents::{Note, PatentRow, Reason, read};

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
    let row_name = language.of("行", "row");
    let (mut ready, mut unusable) = (0, 0);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in &rows {
        match row {
            PatentRow::Ready(registration) => {
                ready += 1;
                for note in &registration.notes {
                    *counts.entry(note_name(note, language)).or_default() += 1;
                    if arguments.notes {
                        let spoken = note.spoken();
                        println!("{row_name} {}  {}", registration.row, language.of(&spoken.zh, &spoken.en));
                    }
                }
            }
            PatentRow::Unusable { row, reason } => {
                unusable += 1;
                *counts.entry(reason_name(reason, language).to_owned()).or_default() += 1;
                let spoken = reason.spoken();
                println!("{row_name} {row}  {}", language.of(&spoken.zh, &spoken.en));
            }
        }
    }
    println!("{:>8}  {}", rows.len(), language.of("行", "rows"));
    println!("{ready:>8}  {}", language.of("可登记", "ready to be registered"));
    println!("{unusable:>8}  {}", language.of("不可用", "unusable"));
    for (name, count) in counts {
        println!("{count:>8}  · {name}");
    }
    Ok(())
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
