//! Read a scenario: from its lines to what is done and what is expected.

use std::fmt;

/// A scenario as it was written.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its file, relative to the folder of scenarios.
    pub file: String,
    /// The title in Chinese.
    pub zh: String,
    /// The title in English.
    pub en: String,
    /// The articles it rests on.
    pub law: Vec<String>,
    /// Whether it is also played through a network of processes.
    pub on_nodes: bool,
    /// Founding parameters that differ from the usual ones.
    pub parameters: Vec<(String, String)>,
    /// What happens, in order.
    pub(crate) steps: Vec<Step>,
}

/// A statement, and what must come of it.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) line: usize,
    pub(crate) what: Statement,
    /// Empty: it must be accepted.
    pub(crate) then: Vec<(usize, Expectation)>,
}

#[derive(Clone, Debug)]
pub(crate) enum Statement {
    /// The clock goes to the beginning of a day.
    Today(String),
    /// The clock goes on by days.
    After(u32),
    /// Members are enrolled.
    Enrol { role: String, names: Vec<String>, country: String },
    /// Owners who are no members are entered.
    Party { names: Vec<String>, country: String },
    /// Somebody acts.
    Act(Action),
}

/// Somebody acts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Action {
    pub(crate) signers: Vec<String>,
    pub(crate) act: String,
    /// The act's own words with what they name.
    pub(crate) words: Vec<(String, Vec<String>)>,
    pub(crate) labels: Vec<String>,
    pub(crate) waiting: Option<u32>,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) envelope: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) enum Expectation {
    Accepted,
    WaitsFor(Vec<String>),
    Refused { code: String, about: Option<String>, because: Option<String> },
    Is { label: String, path: String, value: String },
}

/// Where a scenario cannot be read, and why.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct ScriptError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum Part {
    Given,
    When,
    Then,
}

impl Scenario {
    /// The codes of the refusals that it expects.
    pub fn refusals(&self) -> impl Iterator<Item = &str> {
        let expected = self.steps.iter().flat_map(|step| &step.then);
        expected.filter_map(|(_, expectation)| match expectation {
            Expectation::Refused { code, .. } => Some(code.as_str()),
            _ => None,
        })
    }

    /// Reads a scenario.
    ///
    /// # Errors
    /// [`ScriptError`] with the line that cannot be read.
    pub fn parse(file: &str, text: &str) -> Result<Self, ScriptError> {
        let mut reader = Reader {
            scenario: Self {
                file: file.to_owned(),
                zh: String::new(),
                en: String::new(),
                law: Vec::new(),
                on_nodes: false,
                parameters: Vec::new(),
                steps: Vec::new(),
            },
            part: None,
            fresh: 0,
        };
        for (number, line) in (1..).zip(text.lines()) {
            reader.line(number, line).map_err(|reason| ScriptError {
                file: file.to_owned(),
                line: number,
                reason,
            })?;
        }
        reader.finish().map_err(|reason| ScriptError {
            file: file.to_owned(),
            line: text.lines().count(),
            reason,
        })
    }
}

struct Reader {
    scenario: Scenario,
    part: Option<Part>,
    /// Statements of the present `given` or `when`.
    fresh: usize,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) -> Result<(), String> {
        let depth = line.len() - line.trim_start().len();
        let text = line.trim();
        match (depth, text) {
            (_, "") => Ok(()),
            (0, title) if title.starts_with('#') && self.part.is_none() => self.title(title[1..].trim()),
            (_, remark) if remark.starts_with('#') => Ok(()),
            (0, "given") => self.begin(Part::Given),
            (0, "when") => self.begin(Part::When),
            (0, "then") => self.begin(Part::Then),
            (0, header) => self.header(header),
            (..=3, text) => match self.part {
                Some(Part::Then) => self.expectation(number, text),
                Some(_) => self.statement(number, text),
                None => Err("an indented line stands before the first `given`".into()),
            },
            (_, text) => self.detail(text),
        }
    }

    fn title(&mut self, title: &str) -> Result<(), String> {
        let scenario = &mut self.scenario;
        match (scenario.zh.is_empty(), scenario.en.is_empty()) {
            (true, _) => scenario.zh = title.to_owned(),
            (false, true) => scenario.en = title.to_owned(),
            _ => return Err("a scenario has two lines of title, Chinese and English".into()),
        }
        Ok(())
    }

    fn header(&mut self, line: &str) -> Result<(), String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match (word, rest.trim()) {
            _ if self.part.is_some() => Err(format!("{line:?} stands after the first `given`")),
            ("law", law) if !law.is_empty() => {
                self.scenario.law.push(law.to_owned());
                Ok(())
            }
            ("on", "four nodes") => {
                self.scenario.on_nodes = true;
                Ok(())
            }
            ("parameter", rest) => {
                let (name, value) = rest.split_once(' ').ok_or("a parameter needs a name and a value")?;
                self.scenario.parameters.push((name.to_owned(), value.trim().to_owned()));
                Ok(())
            }
            _ => Err(format!(
                "{line:?} is none of `law`, `on four nodes`, `parameter`, `given`, `when`, `then`"
            )),
        }
    }

    fn begin(&mut self, part: Part) -> Result<(), String> {
        let lacks = match (self.part, part) {
            (None | Some(Part::Given), Part::Then) => Some("`then` needs a `when` before it"),
            (Some(Part::Then), Part::Then) => Some("`then` follows `then`"),
            (Some(Part::When), Part::Given | Part::When) => Some("`when` needs a `then` after it"),
            _ if self.part.is_some() && self.fresh == 0 => Some("the part before says nothing"),
            _ => None,
        };
        if let Some(reason) = lacks {
            return Err(reason.into());
        }
        self.part = Some(part);
        self.fresh = 0;
        Ok(())
    }

    fn statement(&mut self, line: usize, text: &str) -> Result<(), String> {
        self.fresh += 1;
        if let Some(rest) = text.strip_prefix("repeat ") {
            return self.repeat(rest);
        }
        let what = statement(text)?;
        self.scenario.steps.push(Step { line, what, then: Vec::new() });
        Ok(())
    }

    /// Says the last lines again: `2 lines 35 times`.
    fn repeat(&mut self, text: &str) -> Result<(), String> {
        let said = text.split_once(" lines ").and_then(|(lines, times)| {
            let times: usize = times.trim().strip_suffix(" times")?.parse().ok()?;
            Some((lines.trim().parse::<usize>().ok()?, times))
        });
        let (lines, times) = said.ok_or_else(|| format!("{text:?} is no `N lines M times`"))?;
        let steps = &self.scenario.steps;
        let first = steps.len().checked_sub(lines).ok_or("there are not so many lines to repeat")?;
        let last = steps[first..].to_vec();
        if last.iter().any(|step| !step.then.is_empty()) {
            return Err("what `then` tells of is not repeated".into());
        }
        self.scenario.steps.extend((0..times).flat_map(|_| last.clone()));
        Ok(())
    }

    fn detail(&mut self, text: &str) -> Result<(), String> {
        let Some(Step { what: Statement::Act(action), .. }) = self.scenario.steps.last_mut() else {
            return Err("a line so deep belongs to an act".into());
        };
        if self.part == Some(Part::Then) {
            return Err("`then` has no details".into());
        }
        match text.split_once(char::is_whitespace) {
            Some(("envelope", change)) => action.envelope.push(change.trim().to_owned()),
            Some((field, value)) => action.fields.push((field.to_owned(), value.trim().to_owned())),
            None => return Err(format!("{text:?} is no field with a value")),
        }
        Ok(())
    }

    fn expectation(&mut self, line: usize, text: &str) -> Result<(), String> {
        self.fresh += 1;
        let step = self.scenario.steps.last_mut().ok_or("there is nothing to expect anything of")?;
        step.then.push((line, expectation(text)?));
        Ok(())
    }

    fn finish(self) -> Result<Scenario, String> {
        let scenario = self.scenario;
        match () {
            () if scenario.zh.is_empty() || scenario.en.is_empty() => Err("the title is missing".into()),
            () if scenario.law.is_empty() => Err("no `law` is named".into()),
            () if self.part != Some(Part::Then) || self.fresh == 0 => Err("the end is not a `then`".into()),
            () => Ok(scenario),
        }
    }
}

/// The names in `甲, 乙`.
fn names(text: &str) -> Vec<String> {
    text.split([',', '，', '、']).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn statement(text: &str) -> Result<Statement, String> {
    if let Some((signers, act)) = text.split_once([':', '：']) {
        return action(signers, act).map(Statement::Act);
    }
    let (word, rest) = text.split_once(' ').ok_or_else(|| format!("{text:?} says nothing"))?;
    let (rest, country) = rest.rsplit_once(" from ").unwrap_or((rest, "CN"));
    Ok(match word {
        "today" => Statement::Today(rest.trim().to_owned()),
        "after" => {
            let days = rest.trim_end_matches(" days").trim_end_matches(" day");
            Statement::After(days.parse().map_err(|_| format!("{days:?} is no number of days"))?)
        }
        "party" => Statement::Party { names: names(rest), country: country.trim().to_owned() },
        _ => {
            // A role may have several words; the names are what follows it.
            let (mut role, mut rest) = (word.to_owned(), rest);
            while let Some((next, after)) = rest.split_once(' ')
                && next.chars().all(|letter| letter.is_ascii_lowercase())
            {
                role = format!("{role}_{next}");
                rest = after;
            }
            Statement::Enrol { role, names: names(rest), country: country.trim().to_owned() }
        }
    })
}

fn action(signers: &str, act: &str) -> Result<Action, String> {
    let signers: Vec<_> = signers.split('+').map(|name| name.trim().to_owned()).collect();
    let mut tokens = act.split_whitespace();
    let act = tokens.next().ok_or("nobody acts without an act")?.to_owned();
    let mut action = Action { signers, act, ..Action::default() };
    let mut list: Vec<(String, String)> = Vec::new();
    let mut open = false;
    for token in tokens {
        match list.last_mut() {
            Some((_, value)) if open || value.is_empty() => value.push_str(token),
            _ => list.push((token.to_owned(), String::new())),
        }
        open = token.ends_with([',', '，', '、']);
    }
    for (word, value) in list {
        if value.is_empty() {
            return Err(format!("{word:?} names nothing"));
        }
        match word.as_str() {
            "as" => action.labels = names(&value),
            "waiting" => {
                action.waiting = Some(value.parse().map_err(|_| format!("{value:?} is no number of days"))?);
            }
            _ => action.words.push((word, names(&value))),
        }
    }
    Ok(action)
}

fn expectation(text: &str) -> Result<Expectation, String> {
    if text == "accepted" {
        return Ok(Expectation::Accepted);
    }
    if let Some(who) = text.strip_prefix("waits for ") {
        return Ok(Expectation::WaitsFor(names(who)));
    }
    if let Some(refusal) = text.strip_prefix("refused ") {
        let (rest, because) = match refusal.split_once(" because of ") {
            Some((rest, because)) => (rest, Some(because.trim().to_owned())),
            None => (refusal, None),
        };
        let (code, about) = match rest.split_once(" about ") {
            Some((code, about)) => (code, Some(about.trim().to_owned())),
            None => (rest, None),
        };
        return Ok(Expectation::Refused { code: code.trim().to_owned(), about, because });
    }
    let (what, value) = text.split_once(" is ").ok_or_else(|| format!("{text:?} expects nothing"))?;
    let (label, path) = what.split_once('.').ok_or_else(|| format!("{what:?} is no NAME.field"))?;
    Ok(Expectation::Is {
        label: label.trim().to_owned(),
        path: path.trim().to_owned(),
        value: value.trim().to_owned(),
    })
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted => f.write_str("accepted"),
            Self::WaitsFor(names) => write!(f, "waits for {}", names.join(", ")),
            Self::Refused { code, about, because } => {
                write!(f, "refused {code}")?;
                about.iter().try_for_each(|about| write!(f, " about {about}"))?;
                because.iter().try_for_each(|because| write!(f, " because of {because}"))
            }
            Self::Is { label, path, value } => write!(f, "{label}.{path} is {value}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "# 题目\n# Title\nlaw 专利法第五十条 · PL 50\n\ngiven\n  research institute 甲, 乙 from DE\n  甲 + 乙: \
                         licence.grant of P, Q to 乙 as L waiting 30\n    kind exclusive\n    envelope keys \
                         1\nwhen\n  after 3 days\n  甲：open.declare of P\nthen\n  refused A_CODE about P because of L\n";

    #[test]
    fn a_scenario_is_read_as_it_is_written() {
        let scenario = Scenario::parse("x.txt", SOUND).unwrap();
        assert_eq!((scenario.zh.as_str(), scenario.en.as_str()), ("题目", "Title"));
        let Statement::Enrol { role, names, country } = &scenario.steps[0].what else { panic!() };
        assert_eq!((role.as_str(), names.len(), country.as_str()), ("research_institute", 2, "DE"));
        let Statement::Act(action) = &scenario.steps[1].what else { panic!() };
        assert_eq!(action.signers, ["甲", "乙"]);
        assert_eq!(
            action.words,
            [
                ("of".to_owned(), vec!["P".to_owned(), "Q".to_owned()]),
                ("to".to_owned(), vec!["乙".to_owned()])
            ]
        );
        assert_eq!((action.labels.as_slice(), action.waiting), (["L".to_owned()].as_slice(), Some(30)));
        assert_eq!((action.fields.len(), action.envelope.len()), (1, 1));
        assert_eq!(scenario.steps[3].then[0].1.to_string(), "refused A_CODE about P because of L");
    }

    #[test]
    fn the_last_lines_are_said_again() {
        let text = SOUND.replace(
            "  after 3 days\n",
            "  after 3 days\n  甲: open.declare of P\n  repeat 2 lines 4 times\n",
        );
        let once = Scenario::parse("x.txt", SOUND).unwrap().steps.len();
        assert_eq!(Scenario::parse("x.txt", &text).unwrap().steps.len(), once + 1 + 8);
    }

    #[test]
    fn what_is_no_scenario_is_refused_at_its_line() {
        let cases = [
            (SOUND.replace("law 专", "lax 专"), 3),
            (SOUND.replace("given\n", "given now\n"), 5),
            (SOUND.replace("then\n", ""), 13),
            (SOUND.replace("  after 3 days", "  after three days"), 11),
            (SOUND.replace("refused A_CODE about P because of L", "A_CODE"), 14),
            (SOUND.replace(" waiting 30", " waiting"), 7),
            (SOUND.replace("after 3 days", "repeat 9 lines 2 times"), 11),
        ];
        for (text, line) in cases {
            let error = Scenario::parse("x.txt", &text).unwrap_err();
            assert_eq!(error.line, line, "{error}");
        }
    }
}
