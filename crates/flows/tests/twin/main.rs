//! The contracts do what the model does, to the wei, whatever is called.
//!
//! `WEIR_DEPTH` multiplies how many stories are played, `WEIR_SEED` chooses the first and `WEIR_STEPS` their length. A story that fails
//! is shortened and kept among those of the invariants, which are played first.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use weir_flows::Twin;
use weir_protocol::model::{
    Op,
    generate::Story,
    kept::{self, Kept},
};

/// How many stories, and how long they are.
const STORIES: u64 = 200;
const STEPS: u64 = 200;

#[test]
fn contracts_and_model_agree_on_what_went_wrong_once() {
    for (path, story) in kept::all(&folder()).expect("kept stories") {
        if let Some(failure) = failure_of(&story) {
            panic!("{}: {failure}", path.display());
        }
    }
}

#[test]
fn contracts_and_model_agree_after_every_call() {
    let first = number("WEIR_SEED", 1);
    let seeds = first..first + STORIES * number("WEIR_DEPTH", 1);
    let steps = number("WEIR_STEPS", STEPS);
    let next = AtomicU64::new(seeds.start);
    let failed = Mutex::new(None);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while failed.lock().expect("nobody panics with it").is_none() {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if !seeds.contains(&seed) {
                        return;
                    }
                    if let Some(failure) = play(seed, steps) {
                        *failed.lock().expect("nobody panics with it") = Some((seed, failure));
                    }
                }
            });
        }
    });
    if let Some((seed, (story, failure))) = failed.into_inner().expect("nobody panics with it") {
        panic!("story {seed}: {failure}\n{}", kept_in(seed, story));
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().expect(name))
}

/// Plays the story of a seed; if it fails, the calls until then and how it did.
fn play(seed: u64, steps: u64) -> Option<(Kept, String)> {
    let mut story = Story::new(seed);
    let config = story.config().clone();
    let mut ops = Vec::new();
    let played = catch_unwind(AssertUnwindSafe(|| {
        let mut twin = Twin::new(&config);
        for _ in 0..steps {
            let op = story.next_op(&twin.model);
            ops.push(op);
            twin.step(&op);
        }
        twin.finish();
    }));
    let failure = message(played.err()?.as_ref());
    let last: Option<Op> = ops.last().copied();
    Some((Kept { config, ops }, format!("{failure}\nafter {last:?}")))
}

/// How a story fails, if it does.
fn failure_of(story: &Kept) -> Option<String> {
    let played = catch_unwind(|| {
        let mut twin = Twin::new(&story.config);
        story.ops.iter().for_each(|op| twin.step(op));
        twin.finish();
    });
    Some(message(played.err()?.as_ref()))
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    text.unwrap_or_else(|| "a panic without words".to_owned())
}

/// Shortens a story and keeps it; says how it went.
fn kept_in(seed: u64, story: Kept) -> String {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let short = story.shortened(|story| failure_of(story).is_some());
    std::panic::set_hook(hook);
    let name = format!("twin-{seed}");
    let why = format!("Contracts and model differed in story {seed}.");
    let kept = match short.keep(&folder(), &name, &why) {
        Ok(Some(path)) => format!("kept in {}: commit it with the fix", path.display()),
        Ok(None) => "not kept, as WEIR_KEEP says".to_owned(),
        Err(error) => format!("not kept: {error}"),
    };
    format!("{} calls lead there, {kept}:\n{short}", short.ops.len())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../protocol/tests/kept")
}
