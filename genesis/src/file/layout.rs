//! Find the line of an entry in a TOML file.

use super::GenesisError;
use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};

/// A step into a TOML tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The entry of a table.
    Key(String),
    /// The element of an array, from 0.
    Index(usize),
}

impl Step {
    /// The entry of a table.
    pub(crate) fn key(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

/// A TOML file and where everything in it stands.
#[derive(Debug)]
pub(crate) struct Layout<'t> {
    text: &'t str,
    root: DeValue<'t>,
}

impl<'t> Layout<'t> {
    /// Reads the tree of a file.
    pub(crate) fn read(text: &'t str) -> Result<Self, GenesisError> {
        let root = DeTable::parse(text).map_err(|error| syntax(text, &error))?;
        Ok(Self { text, root: DeValue::Table(root.into_inner()) })
    }

    /// The file as a value of `T`.
    pub(crate) fn typed<T: DeserializeOwned>(&self) -> Result<T, GenesisError> {
        toml::from_str(self.text).map_err(|error| syntax(self.text, &error))
    }

    /// The line, from 1, of the deepest step of `path` that exists.
    pub(crate) fn line(&self, path: &[Step]) -> usize {
        let (mut value, mut offset) = (&self.root, 0);
        for step in path {
            let next = match step {
                Step::Key(key) => value.as_table().and_then(|table| {
                    table
                        .iter()
                        .find(|(name, _)| name.get_ref() == key)
                        .map(|(name, value)| (name.span(), value))
                }),
                Step::Index(index) => {
                    value.as_array().and_then(|array| array.get(*index)).map(|value| (value.span(), value))
                }
            };
            let Some((span, found)) = next else { break };
            value = found.get_ref();
            // An array of tables has no place of its own; its elements have.
            offset = if span.start == 0 && span.end == 0 { offset } else { span.start };
        }
        line_at(self.text, offset)
    }

    /// The line of the last value below `path` whose text stands in `message`, or of `path` itself.
    pub(crate) fn line_of_mention(&self, path: &[Step], message: &str) -> usize {
        let mut value = &self.root;
        for step in path {
            let next = match step {
                Step::Key(key) => value.as_table().and_then(|table| table.get(key.as_str())),
                Step::Index(index) => value.as_array().and_then(|array| array.get(*index)),
            };
            match next {
                Some(next) => value = next.get_ref(),
                None => return self.line(path),
            }
        }
        let mut last = None;
        mentions(value, message, &mut last);
        last.map_or_else(|| self.line(path), |offset| line_at(self.text, offset))
    }

    /// An error at `path`.
    pub(crate) fn error(&self, path: &[Step], reason: impl Into<String>) -> GenesisError {
        GenesisError::Entry { line: self.line(path), reason: reason.into() }
    }
}

/// A key or an address is never this short; a short value stands in a message by accident.
const SHORTEST_MENTION: usize = 8;

fn mentions(value: &DeValue<'_>, message: &str, last: &mut Option<usize>) {
    let children: Vec<_> = match value {
        DeValue::Table(table) => table.values().collect(),
        DeValue::Array(array) => array.iter().collect(),
        _ => return,
    };
    for child in children {
        let text = child.get_ref().as_str();
        if text.is_some_and(|text| text.len() >= SHORTEST_MENTION && message.contains(text)) {
            *last = (*last).max(Some(child.span().start));
        }
        mentions(child.get_ref(), message, last);
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}

fn syntax(text: &str, error: &toml::de::Error) -> GenesisError {
    let offset = error.span().map_or(0, |span| span.start);
    GenesisError::Entry { line: line_at(text, offset), reason: error.message().to_owned() }
}
