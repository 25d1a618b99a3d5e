//! How far a run is, on stderr.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use crate::shell::Shell;

/// Tells how many paths are done, how fast, and how long the rest takes at that speed.
pub struct Progress {
    shell: Shell,
    of: u64,
    begun: Instant,
    told: Instant,
    first: Option<u64>,
    rewrites: bool,
}

impl Progress {
    /// Of `of` paths.
    pub fn new(shell: Shell, of: u64) -> Self {
        let now = Instant::now();
        Self {
            shell,
            of,
            begun: now,
            told: now,
            first: None,
            rewrites: std::io::stderr().is_terminal(),
        }
    }

    /// So many are done.
    pub fn tell(&mut self, done: u64) {
        let Some(first) = self.first else {
            self.first = Some(done);
            return;
        };
        let pause = if self.rewrites {
            Duration::from_millis(200)
        } else {
            Duration::from_secs(10)
        };
        let is_last = done >= self.of;
        if self.shell.quiet || (self.told.elapsed() < pause && !is_last) {
            return;
        }
        self.told = Instant::now();
        let elapsed_s = self.begun.elapsed().as_secs_f64();
        let per_s = (done - first) as f64 / elapsed_s;
        let left_s = (self.of - done) as f64 / per_s.max(1e-9);
        let left = humantime::format_duration(Duration::from_secs(left_s.ceil() as u64));
        let line = format!(
            "{done} of {} paths, {per_s:.0} a second, {left} left",
            self.of
        );
        if self.rewrites {
            eprint!("\r\x1b[K{line}{}", if is_last { "\n" } else { "" });
            let _ = std::io::stderr().flush();
        } else {
            eprintln!("{line}");
        }
    }
}
