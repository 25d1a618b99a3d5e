//! Runs stories and keeps those that fail.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

use weir_protocol::model::generate::{Story, opening};
use weir_protocol::model::kept::{self, Kept};
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
    for (path, kept) in kept::all(&folder()).expect("kept stories") {
        let mut model = opening(&kept.config).expect("a kept story's config is sound");
        for op in &kept.ops {
            if let Err(panic) = step(&mut model, op, &check) {
                eprintln!("the kept story {} fails at {op:?}", path.display());
                resume_unwind(panic);
            }
        }
    }
    for seed in 0..stories * depth() {
        let (mut story, mut model) = begin(seed);
        let mut ops = Vec::new();
        for _ in 0..length {
            let op = story.next_op(&model);
            ops.push(op);
            if let Err(panic) = step(&mut model, &op, &check) {
                let config = story.config().clone();
                keep(seed, Kept { config, ops }, &check);
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

/// Where stories are that failed once; the contracts are held against them too.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kept")
}

/// Shortens a story that fails and adds it to the kept ones, under the name of the test.
fn keep(seed: u64, story: Kept, check: &impl Fn(&Model, &Op, &Answer, &Model)) {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let short = story.shortened(|kept| {
        let mut model = opening(&kept.config).expect("a story's config is sound");
        let fails = |op| step(&mut model, op, check).is_err();
        kept.ops.iter().any(fails)
    });
    std::panic::set_hook(hook);
    eprintln!(
        "story {seed} fails; {} calls lead there:\n{short}",
        short.ops.len()
    );
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    let why = format!("{test} failed in story {seed}.");
    match short.keep(&folder(), test, &why) {
        Ok(Some(path)) => eprintln!("kept in {}: commit it with the fix", path.display()),
        Ok(None) => {}
        Err(error) => eprintln!("not kept: {error}"),
    }
}
