//! Show what a node answers: objects, lists and refusals, for people or as JSON for programs.

use super::caller::Caller;
use super::failure::Failure;
use super::language::Language;
use clap::Subcommand;
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt::{Display, Write as _};
use std::str::FromStr;
use tongda_client::Resource;
use tongda_client::answer::Object;
use tongda_ledger::identifier::{Money, ObjectIdError};
use tongda_ledger::refusal::Refusal;

/// What is read of every kind of object.
#[derive(Subcommand, Debug)]
pub(crate) enum ReadVerb<Id>
where
    Id: FromStr<Err = ObjectIdError> + Clone + Send + Sync + 'static,
{
    /// 查看 · Show one by its id
    Show {
        /// 编号 · The id
        id: Id,
    },
    /// 列出 · List them
    List {
        /// 仅该状态的 · Only those in this state
        #[arg(long)]
        state: Option<String>,
        /// 自该编号之后 · Those after this id
        #[arg(long, value_name = "ID")]
        after: Option<Id>,
        /// 条数 · How many
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
}

/// A kind of object as a line of a list.
pub(crate) trait Listing: Resource {
    /// The columns.
    const HEAD: &'static [&'static str];

    /// The line, a cell a column.
    fn row(object: &Object<Self::Id, Self>) -> Vec<String>;

    /// The word that `--state` compares.
    fn state(&self) -> String;
}

impl<Id> ReadVerb<Id>
where
    Id: FromStr<Err = ObjectIdError> + Copy + Send + Sync + PartialOrd + Display + Serialize + 'static,
{
    /// Reads and prints.
    pub(crate) async fn run<T: Listing<Id = Id>>(&self, caller: &Caller) -> Result<(), Failure> {
        match self {
            Self::Show { id } if caller.options.belief.verify => {
                return super::proven::show(caller, T::PATH, &id.to_string()).await;
            }
            Self::Show { id } => {
                let object = caller.node.object::<T>(*id).await?;
                print(caller, &object, |object| tree(&json!(object)));
            }
            Self::List { state: None, after, limit } => {
                let after = after.map(|after| after.to_string());
                let page = caller.node.page::<T>(after.as_deref(), *limit).await?;
                print(caller, &page, |page| {
                    let more = page.next.as_ref().map(|next| more(caller.language, next));
                    table(T::HEAD, page.items.iter().map(T::row).collect()) + &more.unwrap_or_default()
                });
            }
            Self::List { state: Some(state), after, limit } => {
                let state = state.replace('_', "-");
                let keep = |object: &Object<Id, T>| {
                    object.value.state() == state && after.as_ref().is_none_or(|after| object.id > *after)
                };
                let items = caller.node.find::<T>(*limit, keep).await?;
                print(caller, &json!({ "items": items }), |_| {
                    table(T::HEAD, items.iter().map(T::row).collect())
                });
            }
        }
        Ok(())
    }
}

/// The line under a page that says how to read on.
pub(crate) fn more(language: Language, next: &str) -> String {
    format!("{} --after {next}\n", language.say("下一页用", "for the next page"))
}

/// Prints a value: as JSON if asked, else in words.
pub(crate) fn print<T: Serialize>(caller: &Caller, value: &T, words: impl FnOnce(&T) -> String) {
    if caller.options.json {
        println!("{}", serde_json::to_string_pretty(value).expect("answers have a JSON form"));
    } else {
        print!("{}", words(value));
    }
}

/// A table with its columns aligned; the last one, which may hold long or wide text, runs free.
pub(crate) fn table(head: &[&str], rows: Vec<Vec<String>>) -> String {
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let lines: Vec<Vec<String>> = [head].into_iter().chain(rows).collect();
    let columns = lines[0].len();
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            lines.iter().filter_map(|line| line.get(column)).map(|cell| width(cell)).max().unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for line in &lines {
        for (column, cell) in line.iter().enumerate() {
            text.push_str(cell);
            if column + 1 < line.len() {
                text.extend(std::iter::repeat_n(' ', widths[column] - width(cell) + 2));
            }
        }
        text.push('\n');
    }
    text
}

/// Columns that a text takes in a terminal: Chinese characters and full-width signs take two.
fn width(text: &str) -> usize {
    text.chars().map(|character| if matches!(character, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE6F}' | '\u{FF00}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}') { 2 } else { 1 }).sum()
}

/// A value as indented lines of names and values; what is not there is left out.
pub(crate) fn tree(value: &Value) -> String {
    let mut text = String::new();
    branch(&mut text, value, 0);
    text
}

/// What a person looks for first.
const FIRST: [&str; 8] = ["network", "node", "id", "record", "number", "title", "name", "state"];
/// Names of amounts: in JSON fen, for people yuan.
const AMOUNTS: [&str; 4] = ["amount", "each", "entry", "maximum"];

fn branch(text: &mut String, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(map) => {
            let place = |name: &str| FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
            let mut entries: Vec<_> = map.iter().filter(|(_, value)| !is_empty(value)).collect();
            entries.sort_by_key(|(name, _)| place(name));
            for (name, value) in entries {
                let amount = value.as_str().filter(|_| AMOUNTS.contains(&name.as_str()));
                let amount = amount.and_then(|fen| fen.parse().ok()).map(Money::from_fen);
                let value = &amount.map_or_else(|| value.clone(), |amount| json!(format!("¥{amount}")));
                let name = name.replace('_', " ");
                match plain(value) {
                    Some(line) => writeln!(text, "{indent}{name:<16} {line}").expect("a String takes all"),
                    None => {
                        writeln!(text, "{indent}{name}").expect("a String takes all");
                        branch(text, value, depth + 1);
                    }
                }
            }
        }
        Value::Array(values) => {
            for value in values {
                match plain(value) {
                    Some(line) => writeln!(text, "{indent}- {line}").expect("a String takes all"),
                    None => {
                        writeln!(text, "{indent}-").expect("a String takes all");
                        branch(text, value, depth + 1);
                    }
                }
            }
        }
        other => writeln!(text, "{indent}{}", plain(other).unwrap_or_default()).expect("a String takes all"),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.is_empty(),
        _ => false,
    }
}

/// A value on one line, if it takes no more.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(values) if values.iter().all(|value| !value.is_object() && !value.is_array()) => {
            Some(values.iter().filter_map(plain).collect::<Vec<_>>().join(", "))
        }
        Value::Object(_) | Value::Array(_) => None,
        other => Some(other.to_string()),
    }
}

/// Refusals in words: code, article, message, what stands in the way, what would cure it.
pub(crate) fn refusals(refusals: &[Refusal], language: Language) -> String {
    let mut text = language.say("依法不予登记：", "Not allowed:");
    text.push('\n');
    for refusal in refusals {
        let wording = refusal.code.wording();
        let article = match language {
            Language::Zh => wording.article.zh.to_owned(),
            Language::En => wording.article.en.to_owned(),
            Language::Both => format!("{} · {}", wording.article.zh, wording.article.en),
        };
        writeln!(text, "\n✗ {}  {article}", refusal.code).expect("a String takes all");
        for line in language.lines(wording.message) {
            writeln!(text, "  {line}").expect("a String takes all");
        }
        let facts = [
            (language.say("涉及", "about"), refusal.subject.map(|subject| subject.to_string())),
            (language.say("障碍", "obstacle"), refusal.obstacle.map(|obstacle| obstacle.to_string())),
            (language.say("具体", "details"), refusal.detail.clone()),
        ];
        for (name, fact) in facts {
            if let Some(fact) = fact {
                writeln!(text, "  {name}: {fact}").expect("a String takes all");
            }
        }
        for line in language.lines(wording.cure) {
            writeln!(text, "  → {line}").expect("a String takes all");
        }
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use tongda_ledger::identifier::{LicenceId, PatentId};
    use tongda_ledger::refusal::Code;

    #[test]
    fn columns_stay_aligned_beside_chinese_text() {
        let rows = vec![vec!["许可".into(), "甲".into()], vec!["abcdef".into(), "乙".into()]];
        let text = table(&["类型 kind", "名称"], rows);
        let starts: Vec<_> = text
            .lines()
            .zip(["名称", "甲", "乙"])
            .map(|(line, cell)| width(&line[..line.find(cell).unwrap()]))
            .collect();
        assert_eq!(starts, [11, 11, 11], "{text}");
    }

    #[test]
    fn a_refusal_names_code_article_obstacle_and_cure_in_both_languages() {
        let obstacle = LicenceId::new(9, 0);
        let refusal = Refusal::new(Code::OlExclusiveActive).about(PatentId::new(5, 0)).because_of(obstacle);
        let text = refusals(std::slice::from_ref(&refusal), Language::Both);
        let wording = refusal.code.wording();
        for part in
            [refusal.code.as_str(), wording.article.zh, wording.message.en, wording.cure.zh, wording.cure.en]
        {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        assert!(text.contains(&obstacle.to_string()) && text.contains("P-5-"), "{text}");
        assert!(!refusals(&[refusal], Language::En).contains(wording.message.zh));
    }

    #[test]
    fn a_tree_leaves_out_what_is_not_there() {
        let text =
            tree(&json!({"id": "P-1", "none": null, "list": [], "status": {"life": "granted"}, "n": [1, 2]}));
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(text.contains("  life") && text.contains("1, 2"), "{text}");
    }

    #[test]
    fn a_tree_begins_with_what_one_looks_for_and_tells_amounts_in_yuan() {
        let text = tree(&json!({"fee": {"lump": {"amount": "5000000"}}, "id": "D-1", "class": "G06Q"}));
        assert!(text.starts_with("id ") && text.contains("¥50,000.00"), "{text}");
    }
}
