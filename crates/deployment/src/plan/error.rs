//! What is wrong with a plan, and where.

use std::fmt;
use std::ops::Range;

use super::locate::{Segment, locate, path_text};

/// A plan that cannot be deployed: the place, the value, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanError {
    /// Path of the value (`vault.grace_s`); empty where the text is not TOML at all.
    pub path: String,
    /// What is wrong, with the value and what was expected.
    pub message: String,
    /// Line in the text, counted from 1, if the plan was read from text.
    pub line: Option<usize>,
    /// The text of that line.
    pub excerpt: Option<String>,
    segments: Vec<Segment>,
}

impl PlanError {
    pub(super) fn at(segments: Vec<Segment>, message: impl Into<String>) -> Self {
        Self {
            path: path_text(&segments),
            message: message.into(),
            line: None,
            excerpt: None,
            segments,
        }
    }

    pub(super) fn from_toml(text: &str, error: &toml::de::Error) -> Self {
        let mut fault = Self::at(Vec::new(), error.message());
        fault.mark(text, error.span());
        fault
    }

    /// Adds the line at which the value stands in `text`.
    pub(super) fn locate(mut self, text: &str) -> Self {
        self.mark(text, locate(text, &self.segments));
        self
    }

    fn mark(&mut self, text: &str, span: Option<Range<usize>>) {
        let Some(before) = span.and_then(|span| text.get(..span.start)) else {
            return;
        };
        let line = before.matches('\n').count();
        self.line = Some(line + 1);
        self.excerpt = text
            .lines()
            .nth(line)
            .map(|found| found.trim_end().to_owned());
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        if let (Some(line), Some(excerpt)) = (self.line, &self.excerpt) {
            write!(f, "\n  {line} | {excerpt}")?;
        }
        Ok(())
    }
}

impl std::error::Error for PlanError {}
