//! Monte Carlo of a vault in its markets.
//!
//! [`Plan::path`] runs one path: a function of (seed, scenario, path) alone, so that any number of threads and machines answer the same
//! bytes. [`run`](fn@run::run) runs many into Parquet files. The equations, and what they leave out, are in `docs/lab/stress.md`.
//!
//! ```
//! use weir_lab::scenario::Scenario;
//! use weir_lab::stress::Plan;
//!
//! let plan = Plan::new(Scenario::named("client-bug")?)?;
//! let outcome = plan.path(7, 0, 1.0)?;
//! assert!(outcome.slashed_eth > 0.0);
//! // Each ETH that was slashed was borne by somebody, and nothing else left the books.
//! assert!(outcome.gap_eth.abs() < 1e-6 * outcome.entered_eth);
//! # Ok::<(), weir_lab::stress::PathError>(())
//! ```

pub mod lending;
pub mod opening;
pub mod outcome;
mod path;
pub mod pool;
pub mod random;
pub mod run;
pub mod shocks;
mod slashes;
mod tally;
pub mod vault;
mod world;

pub use outcome::{COLUMNS, Column, Outcome, column};
pub use path::{Moment, PathError, Plan, Record};
pub use tally::{CASCADE_HOURS, DEPEG};
