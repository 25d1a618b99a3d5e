//! Every way in and out beside the vault's own, in any order: the zap, the entries, the router, operators, side pockets; while slashes come and go,
//! tokens fail and rates move.
//!
//! After each step: the vault is solvent, every wei of every token and share is somebody's, nothing lies in a contract that keeps nothing, no
//! ticket but the claimed one pays another amount than before, what standards say never fails has not, and a refusal has a reason.
//! `WEIR_DEPTH` multiplies how much is tried.

mod acts;
mod checks;
mod step;
mod town;
mod turns;

use std::{cell::RefCell, collections::BTreeMap};

use proptest::{prelude::*, test_runner::TestRunner};

use step::{Step, step};
use town::Town;

const STORIES: u32 = 8;
const STEPS: usize = 80;

#[test]
fn every_door_leaves_everybody_what_is_theirs() {
    let depth = std::env::var("WEIR_DEPTH").ok();
    let depth = depth.and_then(|text| text.parse().ok()).unwrap_or(1);
    let config = ProptestConfig {
        max_shrink_iters: 60,
        failure_persistence: None,
        ..ProptestConfig::with_cases(STORIES * depth)
    };
    let story = prop::collection::vec(step(), STEPS);
    let count = RefCell::new(BTreeMap::<&str, [u32; 2]>::new());
    let outcome = TestRunner::new(config).run(&story, |story: Vec<Step>| {
        let mut town = Town::new();
        for step in &story {
            let worked = town.take(step)?;
            count.borrow_mut().entry(step.name()).or_default()[usize::from(!worked)] += 1;
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    println!("done and refused: {:?}", count.into_inner());
}
