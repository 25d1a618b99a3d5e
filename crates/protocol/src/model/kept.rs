//! Stories that failed once: shortened, written to a file, and played again before anything new.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::{fmt, fs, io};

use super::text::{Unreadable, read};
use super::{Config, Op};

/// What a story starts with and every call. Its text is a line for the world and one for each call, as `{:?}` prints them; lines
/// that begin with `#` are for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The world of the story; [`opening`](super::generate::opening) begins in it.
    pub config: Config,
    /// The calls.
    pub ops: Vec<Op>,
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}", self.config)?;
        self.ops.iter().try_for_each(|op| writeln!(f, "{op:?}"))
    }
}

impl FromStr for Kept {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let mut lines = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        Ok(Self {
            config: read(lines.next().unwrap_or_default())?,
            ops: lines.map(read).collect::<Result<_, _>>()?,
        })
    }
}

impl Kept {
    /// Leaves out calls as long as the rest still `fails`.
    #[must_use]
    #[allow(
        clippy::arithmetic_side_effects,
        reason = "places in a list, nobody's money"
    )]
    pub fn shortened(mut self, fails: impl Fn(&Self) -> bool) -> Self {
        let mut chunk = self.ops.len() / 2;
        while chunk > 0 {
            let mut at = 0;
            while at + chunk <= self.ops.len() {
                let mut fewer = self.clone();
                fewer.ops.drain(at..at + chunk);
                if fails(&fewer) {
                    self = fewer;
                } else {
                    at += chunk;
                }
            }
            chunk /= 2;
        }
        self
    }

    /// Writes it to `folder` under the name of what failed, and answers where. Whoever sets `WEIR_KEEP` to 0, as those do who try
    /// mutants, keeps nothing.
    pub fn keep(&self, folder: &Path, name: &str, why: &str) -> io::Result<Option<PathBuf>> {
        if std::env::var("WEIR_KEEP").is_ok_and(|keep| keep == "0") {
            return Ok(None);
        }
        let path = folder.join(format!("{}.story", name.replace("::", "-")));
        fs::write(&path, format!("# {why}\n{self}"))?;
        Ok(Some(path))
    }
}

/// Every story of `folder` with its path, by name.
///
/// # Errors
/// A file that cannot be read, or was kept before calls or configurations changed.
pub fn all(folder: &Path) -> io::Result<Vec<(PathBuf, Kept)>> {
    let mut paths = fs::read_dir(folder)?
        .map(|file| Ok(file?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "story"));
    paths.sort();
    let read = |path: PathBuf| match fs::read_to_string(&path)?.parse() {
        Ok(kept) => Ok((path, kept)),
        Err(error) => Err(io::Error::other(format!(
            "{} was kept before calls or configurations changed: {error}. Write it as they are now.",
            path.display()
        ))),
    };
    paths.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::generate::{Story, opening};
    use crate::model::{Call, Kind};

    fn story(seed: u64, length: usize) -> Kept {
        let mut story = Story::new(seed);
        let config = story.config().clone();
        let mut model = opening(&config).expect("sound");
        let next = |_| {
            let op = story.next_op(&model);
            let _refused_or_not = model.apply(&op);
            op
        };
        Kept {
            config,
            ops: (0..length).map(next).collect(),
        }
    }

    #[test]
    fn stories_are_read_back_as_they_were_printed() {
        let mut kinds = BTreeSet::new();
        for seed in 0..100 {
            let kept = story(seed, 300);
            assert_eq!(format!("# A comment.\n\n{kept}").parse(), Ok(kept.clone()));
            for op in kept.ops {
                assert_eq!(read(&format!("{op:#?}")), Ok(op));
                kinds.insert(op.call.kind());
            }
        }
        let all: BTreeSet<Kind> = Kind::ALL.iter().copied().collect();
        assert_eq!(kinds, all, "stories tell of every call");
    }

    #[test]
    fn a_shortened_story_fails_with_nothing_to_leave_out() {
        let long = story(3, 200);
        let fails = |kept: &Kept| {
            let kinds: Vec<_> = kept.ops.iter().map(|op| op.call.kind()).collect();
            let deposit = kinds.iter().position(|kind| *kind == Kind::Deposit);
            deposit.is_some_and(|place| kinds.iter().skip(place).any(|kind| *kind == Kind::Claim))
        };
        assert!(fails(&long));
        let [first, second] = long.shortened(fails).ops.try_into().expect("two calls");
        assert!(matches!(first.call, Call::Deposit { .. }));
        assert!(matches!(second.call, Call::Claim { .. }));
    }

    #[test]
    fn kept_stories_are_found_by_name_and_old_ones_refused() {
        let folder = std::env::temp_dir().join(format!("weir-kept-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let kept = story(1, 20);
        fs::write(folder.join("b.story"), kept.to_string()).expect("written");
        fs::write(folder.join("a.story"), kept.to_string()).expect("written");
        fs::write(folder.join("README.md"), "not a story").expect("written");
        let found = all(&folder).expect("readable");
        let names: Vec<_> = found
            .iter()
            .filter_map(|(path, _)| path.file_name())
            .collect();
        assert_eq!(names, ["a.story", "b.story"]);
        assert!(found.iter().all(|(_, found)| *found == kept));
        fs::write(folder.join("c.story"), "Config { clock: 3 }").expect("written");
        let error = all(&folder).expect_err("unreadable").to_string();
        assert!(error.contains("c.story was kept before"), "{error}");
        fs::remove_dir_all(&folder).expect("removed");
    }
}
