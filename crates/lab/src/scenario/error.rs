//! Why a scenario was refused: the line, the value, and what was expected.

use std::fmt;

use toml::de::{DeTable, DeValue};

/// Why a scenario was refused.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioError {
    /// Name or path of the scenario, if it has one.
    pub scenario: Option<String>,
    /// Line of the file, from 1; none if the file says nothing about it.
    pub line: Option<usize>,
    /// What is wrong, with the value.
    pub what: String,
    /// What was expected in its place.
    pub expected: String,
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scenario) = &self.scenario {
            write!(f, "{scenario}: ")?;
        }
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        write!(f, "{}; expected {}", self.what, self.expected)
    }
}

impl std::error::Error for ScenarioError {}

/// A value that is not as it should be, by its place: table, index in an array of tables, key.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wrong {
    pub(super) path: String,
    pub(super) value: String,
    pub(super) expected: String,
}

impl Wrong {
    pub(super) fn in_text(self, text: &str) -> ScenarioError {
        ScenarioError {
            scenario: None,
            line: line_of(text, &self.path),
            what: format!("{} is {}", self.path, self.value),
            expected: self.expected,
        }
    }
}

impl ScenarioError {
    /// The same, of a named scenario.
    #[must_use]
    pub fn of(mut self, scenario: &str) -> Self {
        self.scenario = Some(scenario.to_owned());
        self
    }

    pub(super) fn syntax(text: &str, error: &toml::de::Error) -> Self {
        Self {
            scenario: None,
            line: error.span().map(|span| line_at(text, span.start)),
            what: error.message().replace('\n', ", "),
            expected: "TOML: `[table]`, `key = value`, one to a line".to_owned(),
        }
    }

    /// A key that does not exist, or a value of another kind; the line is found by what the message names.
    pub(super) fn shape(text: &str, error: &toml::de::Error) -> Self {
        let message = error.message().replace('\n', ", ");
        let (what, expected) = match message.split_once(", expected ") {
            Some((what, expected)) => (what.to_owned(), expected.to_owned()),
            None => (
                message.clone(),
                "the keys and units of the base scenario".to_owned(),
            ),
        };
        let place = error.to_string();
        let key = message
            .split('`')
            .nth(1)
            .filter(|_| message.starts_with("unknown"));
        let path = place
            .split("in `")
            .nth(1)
            .and_then(|rest| rest.split('`').next());
        let path = match (path, key) {
            (Some(path), Some(key)) => format!("{path}.{key}"),
            (Some(path), None) => path.to_owned(),
            (None, Some(key)) => key.to_owned(),
            (None, None) => String::new(),
        };
        Self {
            scenario: None,
            line: line_of(text, &path).or_else(|| first_line_with(text, key?)),
            what: if path.is_empty() {
                what
            } else {
                format!("{path}: {what}")
            },
            expected,
        }
    }

    pub(super) fn unknown_name(name: &str) -> Self {
        let names: Vec<&str> = super::GALLERY.iter().map(|named| named.name).collect();
        Self {
            scenario: None,
            line: None,
            what: format!("there is no scenario {name}"),
            expected: format!("one of {}, or the path of a TOML file", names.join(", ")),
        }
    }

    pub(super) fn not_a_setting(set: &str) -> Self {
        Self {
            scenario: None,
            line: None,
            what: format!("{set} sets nothing"),
            expected: "table.key=value, such as lending.oracle=floor".to_owned(),
        }
    }

    pub(super) fn unreadable(error: &std::io::Error) -> Self {
        Self {
            scenario: None,
            line: None,
            what: format!("cannot be read: {error}"),
            expected: "a file in UTF-8".to_owned(),
        }
    }

    pub(super) fn unwritable(error: &impl fmt::Display) -> Self {
        Self {
            scenario: None,
            line: None,
            what: format!("cannot be written out: {error}"),
            expected: "finite numbers".to_owned(),
        }
    }
}

fn line_at(text: &str, byte: usize) -> usize {
    let before = text.as_bytes().iter().take(byte);
    before.filter(|byte| **byte == b'\n').count() + 1
}

fn first_line_with(text: &str, key: &str) -> Option<usize> {
    let found = text
        .lines()
        .position(|line| line.trim_start().starts_with(key))?;
    Some(found + 1)
}

/// The line of `vault.asset[1].rate` or of the closest part of it that the text has.
fn line_of(text: &str, path: &str) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    let mut table = document.get_ref();
    let mut line = None;
    for part in path.split('.') {
        let (key, index) = match part.split_once('[') {
            Some((key, index)) => (key, index.trim_end_matches(']').parse::<usize>().ok()),
            None => (part, None),
        };
        let (found_key, found) = table.iter().find(|(name, _)| name.get_ref() == key)?;
        line = Some(line_at(text, found_key.span().start));
        let value = match (found.get_ref(), index) {
            (DeValue::Array(rows), Some(index)) => {
                let row = rows.get(index)?;
                line = Some(line_at(text, row.span().start));
                row.get_ref()
            }
            (value, _) => value,
        };
        match value {
            DeValue::Table(next) => table = next,
            _ => return line,
        }
    }
    line
}
