//! The governor: who may change what, and how long holders are warned.
//!
//! ```text
//!                    wait of its rule             for a grace
//! schedule ──> Waiting ────────────────> ripe ── execute ──> Executed
//!                 │                        │
//!                 └── cancel, governor or guardian ────────> Cancelled        after the grace: nobody can execute it
//! ```
//!
//! A call that only removes risk has no wait and is done at once. One that lets new value or new loss in waits until
//! whoever disagrees is out: the [longest exit](Waits::of) and a day. The [`rule`] of a call is found again when it is executed,
//! and the longer wait of the two counts: a cap scheduled as a cut is a raise once the cap was cut further.
//!
//! As long as the vault has no shares nobody is there to be warned, and nothing waits. The first deposit ends that for ever,
//! as its locked shares never leave.

mod key;
mod proposals;
mod rules;

pub use key::{GovernorKey, GovernorStore};
pub use proposals::{
    EXECUTION_GRACE_S, GovernorError, Proposal, Status, cancel, check_length, execute, schedule,
};
pub use rules::{Change, MAX_DATA_BYTES, Rule, SHORT_WAIT_S, Wait, Waits, rule};
