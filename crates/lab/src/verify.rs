//! Paths as calls: what to send to the contracts so that they live through the same.
//!
//! A [`Tale`] is the opening of a scenario and every call of one path. Whoever plays it on a chain can hold its ledger against the
//! model's after each call; `weir lab verify` does, on the embedded chain.

use alloy_primitives::Address;
use weir_protocol::model::{Model, Op};

use crate::stress::opening::{INSURER, operator_account, start};
use crate::stress::{Outcome, PathError, Plan};

/// A path as calls.
#[derive(Clone, Debug)]
pub struct Tale {
    /// The path's number.
    pub path: u64,
    /// What it came to.
    pub outcome: Outcome,
    /// The model before the first call.
    pub model: Model,
    /// Every call, those of the opening included.
    pub ops: Vec<Op>,
    /// Who must be registered as an operator.
    pub operators: Vec<Address>,
    /// Who brings shares to bonds and cover.
    pub bonders: Vec<Address>,
}

/// The path `path` under root seed `seed` as calls.
pub fn tale(plan: &Plan, seed: u64, path: u64) -> Result<Tale, PathError> {
    let (outcome, record) = plan.recorded(seed, path, 1.0)?;
    let mut ops = plan.opening.ops.clone();
    ops.extend(record.ops);
    Ok(Tale {
        path,
        outcome,
        model: start(&plan.opening.config).map_err(PathError::Opening)?,
        ops,
        operators: (0..plan.scenario.network.operators)
            .map(operator_account)
            .collect(),
        bonders: vec![INSURER],
    })
}

/// Of the first `of` paths the `count` with the most slash requests, the most eventful first.
pub fn eventful(plan: &Plan, seed: u64, of: u64, count: usize) -> Result<Vec<u64>, PathError> {
    let mut found = Vec::new();
    for path in 0..of {
        let outcome = plan.path(seed, path, 1.0)?;
        found.push((outcome.filed + outcome.executed, path));
    }
    // Ties in the order of paths.
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    Ok(found
        .into_iter()
        .take(count)
        .map(|(_, path)| path)
        .collect())
}
