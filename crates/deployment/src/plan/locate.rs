//! Finds the place of a value in the text of a plan.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One step down into a plan: a key of a table or an index of an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    Key(&'static str),
    Index(usize),
}

/// `vault.grace_s`, `assets[1].symbol`.
pub fn path_text(path: &[Segment]) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Key(key) if text.is_empty() => text.push_str(key),
            Segment::Key(key) => {
                text.push('.');
                text.push_str(key);
            }
            Segment::Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

/// The bytes at which the value of `path` stands; the nearest table around it if it is absent.
pub fn locate(text: &str, path: &[Segment]) -> Option<Range<usize>> {
    let root = DeTable::parse(text).ok()?;
    let (first, rest) = path.split_first()?;
    let Segment::Key(key) = first else {
        return None;
    };
    let mut value: &Spanned<DeValue<'_>> = root.get_ref().get(*key)?;
    for segment in rest {
        let next = match segment {
            Segment::Key(key) => value.get_ref().get(*key),
            Segment::Index(index) => value.get_ref().get(*index),
        };
        match next {
            Some(found) => value = found,
            None => break,
        }
    }
    Some(value.span())
}
