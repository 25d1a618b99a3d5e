//! Runs stories and says how a failing one can be replayed.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use weir_protocol::model::generate::Story;
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
    let mut model = Model::new(story.config()).expect("a story's config is sound");
    story.give_tokens(&mut model);
    (story, model)
}

/// The answer of a call.
pub type Answer = Result<Outcome, ModelError>;

/// Lets `stories` stories of `length` calls happen and calls `check(before, op, answer, after)` after each. A panic in it names
/// the seed and prints a short list of calls that leads there.
pub fn check_stories(stories: u64, length: usize, check: impl Fn(&Model, &Op, &Answer, &Model)) {
    for seed in 0..stories * depth() {
        let (mut story, start) = begin(seed);
        let mut model = start.clone();
        let mut ops = Vec::new();
        for _ in 0..length {
            let op = story.next_op(&model);
            ops.push(op);
            let before = model.clone();
            let answer = model.apply(&op);
            let checked = catch_unwind(AssertUnwindSafe(|| check(&before, &op, &answer, &model)));
            if let Err(panic) = checked {
                let short = shorten(&start, ops, &check);
                eprintln!("story {seed} fails; {} calls lead there:", short.len());
                for op in &short {
                    eprintln!("  {op:?}");
                }
                resume_unwind(panic);
            }
        }
    }
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
        catch_unwind(AssertUnwindSafe(|| {
            for op in ops {
                let before = model.clone();
                let answer = model.apply(op);
                check(&before, op, &answer, &model);
            }
        }))
        .is_err()
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
