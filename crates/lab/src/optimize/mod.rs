//! Where a vault should allocate: yield against the tail of its slashing losses, under the very limits its allocator enforces.

pub mod cvar;
mod limits;
mod losses;
pub mod lp;
pub mod markowitz;
mod plan;
mod proposal;
mod report;
mod scenario;

pub use plan::{Allocated, OptimizeError, Plan, Point, Price, optimise};
pub use proposal::{Call, ProposalError};
pub use scenario::{Allocations, Group, Limits, Operator, Pair, Service, parse};
