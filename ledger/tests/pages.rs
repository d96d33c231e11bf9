//! Keep the book's pages of acts and state values equal to the declarations in the code.
//!
//! `TONGDA_WRITE_DOCS=1 cargo test -p tongda-ledger --test pages` writes the pages again.
#![allow(clippy::unwrap_used, reason = "what a test cannot do without must be there")]

mod samples;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A declaration as it stands in a source file: what is written on the wire, in order, and what it means.
#[derive(Clone, Debug)]
enum Declared {
    Record { about: String, fields: Vec<Field> },
    Choice { about: String, variants: Vec<Variant> },
}

#[derive(Clone, Debug)]
struct Field {
    name: String,
    r#type: String,
    about: String,
}

#[derive(Clone, Debug)]
struct Variant {
    tag: String,
    name: String,
    about: String,
    fields: Vec<Field>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn source(path: &str) -> String {
    let path = root().join("ledger/src").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Reads the records and choices that a source file declares: the plain forms that these files keep to.
fn declarations(source: &str) -> BTreeMap<String, Declared> {
    let mut found = BTreeMap::new();
    let mut lines = source.lines().map(str::trim);
    let (mut about, mut renamed) = (String::new(), None);
    while let Some(line) = lines.next() {
        if let Some(text) = line.strip_prefix("///") {
            append(&mut about, text);
        } else if let Some(name) = between(line, "pub struct ", " {") {
            let fields = fields(&mut lines, "}", "pub ");
            found.insert(name.into(), Declared::Record { about: std::mem::take(&mut about), fields });
        } else if let Some(name) = between(line, "pub enum ", " {") {
            let variants = variants(&mut lines);
            found.insert(name.into(), Declared::Choice { about: std::mem::take(&mut about), variants });
        } else if line.starts_with("#[") {
            renamed = between(line, "#[serde(rename = \"", "\")]").map(str::to_owned).or(renamed);
        } else {
            about.clear();
        }
    }
    assert!(renamed.is_none(), "only fields have other names in JSON");
    found
}

fn append(about: &mut String, text: &str) {
    if !about.is_empty() {
        about.push(' ');
    }
    // Links that rustdoc resolves are none in the book.
    about.push_str(&text.trim().replace("[`", "`").replace("`]", "`"));
}

fn between<'a>(line: &'a str, start: &str, end: &str) -> Option<&'a str> {
    line.strip_prefix(start)?.strip_suffix(end)
}

fn fields<'a>(lines: &mut impl Iterator<Item = &'a str>, end: &str, visible: &str) -> Vec<Field> {
    let (mut fields, mut about, mut json) = (Vec::new(), String::new(), None);
    for line in lines.by_ref().take_while(|line| *line != end) {
        if let Some(text) = line.strip_prefix("///") {
            append(&mut about, text);
        } else if line.starts_with("#[") {
            json = between(line, "#[serde(rename = \"", "\")]").map(str::to_owned);
        } else {
            let (name, r#type) = line
                .trim_start_matches(visible)
                .split_once(':')
                .unwrap_or_else(|| panic!("{line} is no field on one line"));
            fields.push(Field {
                name: json.take().unwrap_or_else(|| name.trim().into()),
                r#type: r#type.trim().trim_end_matches(',').into(),
                about: std::mem::take(&mut about),
            });
        }
    }
    fields
}

fn variants<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Vec<Variant> {
    let (mut variants, mut about) = (Vec::new(), String::new());
    while let Some(line) = lines.next().filter(|line| *line != "}") {
        if let Some(text) = line.strip_prefix("///") {
            append(&mut about, text);
        } else if let Some((tag, name)) = line.split_once(" => ") {
            let fields = if name.ends_with('{') { fields(lines, "},", "") } else { Vec::new() };
            let name = snake_case(name.trim_end_matches([' ', '{', ',']));
            variants.push(Variant { tag: tag.into(), name, about: std::mem::take(&mut about), fields });
        }
    }
    variants
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (index, character) in name.char_indices() {
        if character.is_ascii_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

/// How a type is written: what the pages of codec and identifiers define, or a link to its own table.
fn wire(r#type: &str, link: &dyn Fn(&str) -> String) -> String {
    let inner = |prefix: &str| between(r#type, prefix, ">");
    // What is optional or listed is one thing: several that belong together stand in brackets.
    let one = |of: &str| {
        let written = wire(of, link);
        if of.starts_with('(') { format!("({written})") } else { written }
    };
    if let Some(of) = inner("Option<") {
        return format!("optional {}", one(of));
    }
    if let Some((of, most)) = inner("List<").and_then(|inner| inner.rsplit_once(", ")) {
        return format!("list of at most {} {}", most.replace('_', ""), one(of));
    }
    if let Some(most) = inner("Text<") {
        return format!("text of at most {most} bytes");
    }
    if let Some(parts) = between(r#type, "(", ")") {
        return parts.split(", ").map(|part| wire(part, link)).collect::<Vec<_>>().join(" ‖ ");
    }
    match r#type.rsplit("::").next().expect("a type has a name") {
        number @ ("u8" | "u16" | "u32" | "u64") => number.into(),
        "bool" => "truth value".into(),
        "Hash" | "UsedId" => "hash".into(),
        "ActBody" => "bytes, at most 10,240".into(),
        "ActKind" => "act kind: family u8 ‖ kind u8".into(),
        "PublicKey" => "[public key](keys.md)".into(),
        "InclusionProof" => "[inclusion proof](log-proof.md)".into(),
        "ObjectRef" => "[reference](identifiers.md) to an object: tag of its kind u8 ‖ id".into(),
        "PendingId" => "[id](identifiers.md) of a pending act".into(),
        id if id.ends_with("Id") => format!("[id](identifiers.md) of a {}", snake_case(&id[..id.len() - 2])),
        identifier @ ("Date"
        | "Timestamp"
        | "Money"
        | "Rate"
        | "Term"
        | "PatentNumber"
        | "PublicationNumber"
        | "CreditCode"
        | "OverriddenCode"
        | "Classification"
        | "IndustryCode"
        | "RegionCode"
        | "CountryCode"
        | "RecordalNumber"
        | "TechnicalContractNumber") => {
            format!("[{}](identifiers.md)", snake_case(identifier).replace('_', " "))
        }
        "CHUNK" => unreachable!("a bound is no type"),
        other => link(other),
    }
}

fn table(page: &mut String, fields: &[Field], link: &dyn Fn(&str) -> String) {
    page.push_str("| field | bytes | |\n|---|---|---|\n");
    for field in fields {
        writeln!(page, "| `{}` | {} | {} |", field.name, wire(&field.r#type, link), field.about).unwrap();
    }
    page.push('\n');
}

/// The tables of all declarations that `shown` names.
fn parts(page: &mut String, shown: &BTreeMap<String, Declared>, link: &dyn Fn(&str) -> String) {
    for (name, declared) in shown {
        match declared {
            Declared::Record { about, fields } => {
                writeln!(page, "### {name}\n\n{about}\n").unwrap();
                table(page, fields, link);
            }
            Declared::Choice { about, variants } => {
                writeln!(page, "### {name}\n\n{about}\n\n| tag | choice | fields | |\n|---|---|---|---|")
                    .unwrap();
                for Variant { tag, name, about, fields } in variants {
                    let fields: Vec<_> = fields
                        .iter()
                        .map(|field| format!("`{}` {}", field.name, wire(&field.r#type, link)))
                        .collect();
                    writeln!(page, "| {tag} | `{name}` | {} | {about} |", fields.join(" ‖ ")).unwrap();
                }
                page.push('\n');
            }
        }
    }
}

const FAMILIES: &[&str] = &[
    "member",
    "attribute",
    "party",
    "patent",
    "open_licence",
    "licence",
    "transfer",
    "pledge",
    "realisation",
    "consent",
    "valuation",
    "risk",
    "finance",
    "product",
    "funding",
    "governance",
    "statistics",
    "implementation",
    "technical_contract",
    "trade",
    "stock",
    "matching",
    "listing",
    "event",
    "pool",
    "portfolio",
    "consortium",
    "open_source",
    "standard",
    "dispute",
    "credit",
    "royalty",
];

const VALUES: &[&str] = &[
    "parameters",
    "network",
    "member",
    "party",
    "patent",
    "open_licence",
    "licence",
    "attribute",
    "transfer",
    "pledge",
    "pending",
    "used",
    "valuation",
    "risk",
    "finance",
    "product",
    "funding",
    "governance",
    "statistics",
    "consortium",
    "event",
    "implementation",
    "listing",
    "matching",
    "open_source",
    "pool",
    "portfolio",
    "standard",
    "stock",
    "technical_contract",
    "trade",
    "credit",
    "dispute",
    "royalty",
];

/// The declarations of all acts' files, which may name each other's.
fn act_declarations() -> BTreeMap<String, BTreeMap<String, Declared>> {
    let read = |family: &&str| ((*family).to_owned(), declarations(&source(&format!("act/{family}.rs"))));
    FAMILIES.iter().map(read).collect()
}

/// The act list of the code: family, kind, schema, name, module, type, what it says.
fn act_list() -> Vec<([String; 3], String, String, String, String)> {
    let list = source("act/mod.rs");
    let list = list.split_once("\nacts! {\n").expect("the list of acts").1;
    let mut about = String::new();
    let mut acts = Vec::new();
    for line in list.lines().map(str::trim).take_while(|line| *line != "}") {
        if let Some(text) = line.strip_prefix("///") {
            append(&mut about, text);
            continue;
        }
        let (tags, rest) = line.split_once(' ').expect("tags before the name");
        let tags: Vec<_> = tags.split('/').map(str::to_owned).collect();
        let (name, target) = rest.split_once(" => ").expect("a name before the variant");
        let target = target.split_once('(').expect("a type in the variant").1.trim_end_matches("),");
        let (module, r#type) = target.split_once("::").expect("a type of a family's module");
        acts.push((
            tags.try_into().expect("family, kind and schema"),
            name.trim_matches('"').into(),
            module.into(),
            r#type.into(),
            std::mem::take(&mut about),
        ));
    }
    acts
}

fn anchor(name: &str) -> String {
    name.to_lowercase()
}

fn acts_page() -> String {
    let families = act_declarations();
    let acts = act_list();
    assert_eq!(acts.len(), tongda_ledger::act::Act::ALL.len(), "the list was read whole");
    let link = |name: &str| {
        let known = families.values().any(|declared| declared.contains_key(name));
        assert!(known, "{name} is neither defined in a family nor one of the codec's");
        format!("[{name}](#{})", anchor(name))
    };
    let mut page = String::from(
        "# Acts\n\nOn the wire an act is `family u8 ‖ kind u8 ‖ schema u8 ‖ body length u16 ‖ body`; the body is its fields \
         in this order ([codec](codec.md)). In JSON an act is an object with its name as `act` and its fields; a choice is \
         the name of the variant, or an object with that name and the variant's fields.\n\nThis page is generated from \
         the code, and a test fails when it is out of date.\n\n| family.kind | schema | act | |\n|---|---|---|---|\n",
    );
    for ([family, kind, schema], name, _, _, about) in &acts {
        let anchor = name.replace('.', "");
        writeln!(page, "| {family}.{kind} | {schema} | [`{name}`](#{anchor}) | {about} |").unwrap();
    }
    page.push('\n');
    let mut parts_of = families.clone();
    for (tags, name, module, r#type, _) in &acts {
        let declared = parts_of.get_mut(module).and_then(|family| family.remove(r#type));
        let Some(Declared::Record { about, fields }) = declared else { panic!("{name} has no record") };
        writeln!(page, "## {name}\n\nTags {}\n\n{about}\n", tags.join(", ")).unwrap();
        table(&mut page, &fields, &link);
    }
    page.push_str("## Parts of acts\n\n");
    let count: usize = parts_of.values().map(BTreeMap::len).sum();
    let shown: BTreeMap<_, _> = parts_of.into_values().flatten().collect();
    assert_eq!(shown.len(), count, "two families give different parts the same name");
    parts(&mut page, &shown, &link);
    page.trim_end().to_owned() + "\n"
}

/// The stored types of the code: tag, type, id.
fn stored_list() -> BTreeMap<u16, (String, String)> {
    let mut stored = BTreeMap::new();
    for module in VALUES {
        let text = source(&format!("state/{module}.rs"));
        for part in text.split("\nstored!(").skip(1) {
            let inner =
                part.split(");").next().expect("a part").split_whitespace().collect::<Vec<_>>().join(" ");
            let inner = inner.split(", due ").next().expect("a part").trim_end_matches(");");
            let (r#type, rest) = inner.split_once(", ").expect("a type and a tag");
            let (tag, id) = rest.split_once(", ").expect("a tag and an id");
            let before = stored.insert(tag.parse().expect("a tag"), (r#type.to_owned(), id.to_owned()));
            assert!(before.is_none(), "tag {tag} is given twice");
        }
    }
    stored
}

fn state_page() -> String {
    let acts = act_declarations();
    let mut declared: BTreeMap<String, Declared> = VALUES
        .iter()
        .flat_map(|module| declarations(&source(&format!("state/{module}.rs")).replace("CHUNK>", "256>")))
        .filter(|(name, _)| name != "ReplayWindow")
        .collect();
    let stored = stored_list();
    let known = declared.clone();
    let link = |name: &str| {
        if known.contains_key(name) {
            return format!("[{name}](#{})", anchor(name));
        }
        assert!(acts.values().any(|family| family.contains_key(name)), "{name} is defined nowhere");
        format!("[{name}](acts.md#{})", anchor(name))
    };
    let mut page = String::from(
        "# State values\n\nA value of the state is `tag u16 ‖ schema u8 ‖ body length u16 ‖ body`, at most 16,384 bytes of \
         body; the body is its fields in this order. Its key is `tag u16 ‖ id`. The tag is little-endian; numbers and ids \
         behind it are big-endian, but a patent number and the number of a technical contract stand as they do in a \
         value. Every schema is 1. [Map key and map proof](map.md) says how key \
         and value enter the map.\n\nThis page is generated from the code, and a test fails when it is out of date.\n\n\
         | tag | value | id | |\n|---|---|---|---|\n",
    );
    for (tag, (name, id)) in &stored {
        let Some(Declared::Record { about, .. }) = declared.get(name) else { panic!("{name} is no record") };
        assert_eq!(tongda_ledger::state::type_name(*tag), name);
        let id = if id == "Unit" { "none".to_owned() } else { wire(id, &link) };
        writeln!(page, "| {tag} | [{name}](#{}) | {id} | {about} |", anchor(name)).unwrap();
    }
    page.push('\n');
    for (tag, (name, _)) in &stored {
        let Some(Declared::Record { about, fields }) = declared.remove(name) else {
            panic!("{name} is no record")
        };
        writeln!(page, "## {name}\n\nTag {tag}. {about}\n").unwrap();
        table(&mut page, &fields, &link);
    }
    page.push_str("## Parts of values\n\n");
    parts(&mut page, &declared, &link);
    page.trim_end().to_owned() + "\n"
}

fn agree(name: &str, made: &str) {
    let path = root().join("docs/src/formats").join(name);
    if std::env::var_os("TONGDA_WRITE_DOCS").is_some() {
        std::fs::write(&path, made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "{name} is out of date: write it again with TONGDA_WRITE_DOCS=1");
}

#[test]
fn the_page_of_acts_is_what_the_code_declares() {
    agree("acts.md", &acts_page());
}

#[test]
fn the_page_of_state_values_is_what_the_code_declares() {
    agree("state.md", &state_page());
}

#[test]
fn the_samples_hold_every_variant_of_every_choice() {
    let read = |kind: &str| {
        let texts = samples::files(kind)
            .into_iter()
            .map(|name| std::fs::read_to_string(samples::path(&name)).unwrap());
        texts.collect::<String>()
    };
    let states = VALUES.iter().flat_map(|module| declarations(&source(&format!("state/{module}.rs"))));
    let acts = act_declarations().into_values().flatten();
    for (samples, choices) in [("act", acts.collect::<Vec<_>>()), ("state", states.collect())] {
        let text = read(samples);
        for (name, declared) in choices {
            let Declared::Choice { variants, .. } = declared else { continue };
            for variant in variants {
                assert!(
                    text.contains(&format!("\"{}\"", variant.name)),
                    "no sample {samples} has {name} {}",
                    variant.name
                );
            }
        }
    }
}
