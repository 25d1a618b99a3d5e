//! Failures as people read them: what happened, why, and what to do next.

use std::fmt::Display;

use serde_json::json;

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Something failed that has no code of its own.
    Failed = 1,
    /// The command line or a value on it is wrong.
    Usage = 2,
    /// The chain cannot be reached, or the contracts are not where the address book says.
    NoChain = 3,
    /// A contract refused the call.
    Refused = 4,
    /// A check found a difference: amounts that do not add up, or a chain that is not as the plan says.
    Mismatch = 5,
    /// The deployment is not finished: others must sign, or it stopped on the way and can be continued.
    Unfinished = 6,
}

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    /// How the process ends.
    pub code: Code,
    what: String,
    why: Option<String>,
    next: Option<String>,
}

/// What a command returns.
pub type Result<T = ()> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure with what happened.
    pub fn new(code: Code, what: impl Display) -> Self {
        Self {
            code,
            what: what.to_string(),
            why: None,
            next: None,
        }
    }

    /// A wrong value on the command line.
    pub fn usage(what: impl Display) -> Self {
        Self::new(Code::Usage, what)
    }

    /// Adds the reason.
    #[must_use]
    pub fn because(mut self, why: impl Display) -> Self {
        self.why = Some(why.to_string());
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn next(mut self, next: impl Display) -> Self {
        self.next = Some(next.to_string());
        self
    }

    /// Writes the failure to stderr.
    pub fn report(&self, json: bool) {
        if json {
            let error = json!({
                "error": { "code": self.code as u8, "what": self.what, "why": self.why, "next": self.next }
            });
            eprintln!("{error}");
            return;
        }
        let label = |text: &str| console::style(text.to_owned()).for_stderr().bold();
        eprintln!("{} {}", label("error:").red(), self.what);
        if let Some(why) = &self.why {
            eprintln!("  {} {}", label("why:"), indent(why));
        }
        if let Some(next) = &self.next {
            eprintln!("  {} {}", label("try:"), indent(next));
        }
    }
}

fn indent(text: &str) -> String {
    text.replace('\n', "\n       ")
}
