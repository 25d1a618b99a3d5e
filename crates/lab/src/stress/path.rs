//! One path: a scenario that is ready to run, and why a path can fail.

use weir_protocol::model::ModelError;

use super::opening::Opening;
use super::outcome::Outcome;
use super::shocks::Sources;
use super::world::World;
use crate::market::stableswap::PoolError;
use crate::math::shocks::ShockError;
use crate::replay::History;
use crate::scenario::{Scenario, ScenarioError};

/// Why a path has no outcome: each is a defect of the lab or an impossible scenario, never a bad draw.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PathError {
    /// The protocol refused what it must not refuse.
    #[error("path {path}, step {step}: the protocol refused a call that it should take: {error:?}")]
    Refused {
        /// The path.
        path: u64,
        /// The step.
        step: usize,
        /// Why.
        error: ModelError,
    },
    /// Value appeared or disappeared.
    #[error("path {path}: {what} differ by {gap} of {of}")]
    Leak {
        /// The path.
        path: u64,
        /// Which books.
        what: &'static str,
        /// By how much.
        gap: f64,
        /// Of how much.
        of: f64,
    },
    /// A number is not one.
    #[error("path {path}: {column} is not a finite number")]
    NotFinite {
        /// The path.
        path: u64,
        /// Which.
        column: &'static str,
    },
    /// The vault could not be opened.
    #[error("the vault cannot be opened as the scenario says: {0:?}")]
    Opening(ModelError),
    /// A pool cannot be as the scenario says.
    #[error(transparent)]
    Pool(#[from] PoolError),
    /// Shocks cannot be as the scenario says.
    #[error(transparent)]
    Shocks(#[from] ShockError),
    /// The scenario is none.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
}

/// A scenario, ready to run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What is assumed.
    pub scenario: Scenario,
    /// 64 bits of the scenario.
    pub fingerprint: u64,
    /// Those of the scenario whose random streams and graph it uses: its own, or another's.
    pub streams: u64,
    /// How every path begins.
    pub opening: Opening,
    /// Where offences come from.
    pub sources: Sources,
    /// What happened in truth, in place of draws.
    pub history: Option<History>,
}

/// The state of a path at the end of a step, for plots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Days from the start.
    pub day: f64,
    /// ETH per share.
    pub rate: f64,
    /// The floor of it.
    pub floor: f64,
    /// The pool's price, ETH per share.
    pub price: f64,
    /// Shares in unpaid batches, part of the supply.
    pub queued_part: f64,
    /// Loans repaid by liquidators so far, ETH.
    pub liquidated: f64,
}

/// What a path leaves besides its outcome, if it is asked to.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Every step.
    pub moments: Vec<Moment>,
    /// Every call of the vault after the opening.
    pub ops: Vec<weir_protocol::model::Op>,
}

impl Plan {
    /// Opens the vault of a scenario and draws its graph.
    pub fn new(scenario: Scenario) -> Result<Self, PathError> {
        let streams = scenario.fingerprint()?;
        Self::with_streams(scenario, streams)
    }

    /// The same with the random streams and the graph of another scenario: policies are compared on the same draws.
    pub fn with_streams(scenario: Scenario, streams: u64) -> Result<Self, PathError> {
        let fingerprint = scenario.fingerprint()?;
        let opening = Opening::new(&scenario, streams).map_err(PathError::Opening)?;
        let sources = Sources::new(&scenario, &opening.graph)?;
        Ok(Self {
            scenario,
            fingerprint,
            streams,
            opening,
            sources,
            history: None,
        })
    }

    /// What path `path` under root seed `seed` comes to. `tilt` multiplies the intensity of shocks; 1 is the scenario's own.
    pub fn path(&self, seed: u64, path: u64, tilt: f64) -> Result<Outcome, PathError> {
        World::new(self, seed, path, tilt, false)?.run(None)
    }

    /// The same, with every step and every call of the vault.
    pub fn recorded(
        &self,
        seed: u64,
        path: u64,
        tilt: f64,
    ) -> Result<(Outcome, Record), PathError> {
        let mut record = Record::default();
        let outcome = World::new(self, seed, path, tilt, true)?.run(Some(&mut record))?;
        Ok((outcome, record))
    }
}
