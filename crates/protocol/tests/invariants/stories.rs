//! Runs stories and keeps those that fail.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

use weir_protocol::model::generate::{Story, opening};
use weir_protocol::model::text::Kept;
use weir_protocol::model::{Model, ModelError, Op, Outcome};

/// How much to try: `WEIR_DEPTH` times the quick default.
pub fn depth() -> u64 {
    std::env::var("WEIR_DEPTH")
        .ok()
        .and_then(|depth| depth.parse().ok())
        .unwrap_or(1)
}

/// A story's model at its beginning.
pub fn begin(seed: u64) -> (Story, Model) {
    let story = Story::new(seed);
    let model = opening(story.config()).expect("a story's config is sound");
    (story, model)
}

/// The answer of a call.
pub type Answer = Result<Outcome, ModelError>;

/// Plays every kept story, then lets `stories` stories of `length` calls happen, and calls `check(before, op, answer, after)`
/// after each call. A panic in it leaves a short list of calls that leads there among the kept stories.
pub fn check_stories(stories: u64, length: usize, check: impl Fn(&Model, &Op, &Answer, &Model)) {
    for (path, kept) in kept() {
        let mut model = opening(&kept.config).expect("a kept story's config is sound");
        for op in &kept.ops {
            if let Err(panic) = step(&mut model, op, &check) {
                eprintln!("the kept story {} fails at {op:?}", path.display());
                resume_unwind(panic);
            }
        }
    }
    for seed in 0..stories * depth() {
        let (mut story, start) = begin(seed);
        let mut model = start.clone();
        let mut ops = Vec::new();
        for _ in 0..length {
            let op = story.next_op(&model);
            ops.push(op);
            if let Err(panic) = step(&mut model, &op, &check) {
                keep(seed, story.config(), shorten(&start, ops, &check));
                resume_unwind(panic);
            }
        }
    }
}

fn step(
    model: &mut Model,
    op: &Op,
    check: &impl Fn(&Model, &Op, &Answer, &Model),
) -> std::thread::Result<()> {
    let before = model.clone();
    let answer = model.apply(op);
    catch_unwind(AssertUnwindSafe(|| check(&before, op, &answer, model)))
}

/// Leaves out calls as long as the rest still fails.
fn shorten(
    start: &Model,
    mut ops: Vec<Op>,
    check: &impl Fn(&Model, &Op, &Answer, &Model),
) -> Vec<Op> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let fails = |ops: &[Op]| {
        let mut model = start.clone();
        ops.iter().any(|op| step(&mut model, op, check).is_err())
    };
    let mut chunk = ops.len() / 2;
    while chunk > 0 {
        let mut at = 0;
        while at + chunk <= ops.len() {
            let mut fewer = ops.clone();
            fewer.drain(at..at + chunk);
            if fails(&fewer) {
                ops = fewer;
            } else {
                at += chunk;
            }
        }
        chunk /= 2;
    }
    std::panic::set_hook(hook);
    ops
}

/// Where stories are that failed once; the contracts are held against them too.
fn kept_stories() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kept")
}

fn kept() -> Vec<(PathBuf, Kept)> {
    let files = fs::read_dir(kept_stories()).expect("tests/kept is there");
    let mut paths: Vec<_> = files.map(|file| file.expect("readable").path()).collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "story")
    });
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("readable");
        let kept = text.parse().unwrap_or_else(|error| {
            panic!(
                "{} was kept before calls or configurations changed: {error}. Write it as they are now.",
                path.display()
            )
        });
        (path, kept)
    };
    paths.into_iter().map(read).collect()
}

/// Adds a story to the kept ones, under the name of the test; not if `WEIR_KEEP` is 0, as when mutants are tried.
fn keep(seed: u64, config: &weir_protocol::model::Config, ops: Vec<Op>) {
    let (config, count) = (config.clone(), ops.len());
    let story = Kept { config, ops };
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test").replace("::", "-");
    eprintln!("story {seed} fails; {count} calls lead there:\n{story}");
    if std::env::var("WEIR_KEEP").is_ok_and(|keep| keep == "0") {
        return;
    }
    let path = kept_stories().join(format!("{test}.story"));
    let text = format!("# {test} failed in story {seed}.\n{story}");
    match fs::write(&path, text) {
        Ok(()) => eprintln!("kept in {}: commit it with the fix", path.display()),
        Err(error) => eprintln!("not kept in {}: {error}", path.display()),
    }
}
