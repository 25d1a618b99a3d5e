//! The hub: services, who takes part in them, and the life of a slash request. One hub serves many vaults.
//!
//! ```text
//!             veto by the resolver, until executed
//!            ┌──────────────────────┬───────────────> Vetoed
//! file ──> Filed ── arm ─────────> Armed ── execute ─> Executed
//!            │      after window W,         12 h later
//!            │      within an epoch L
//!            └── lapse, from W + L on ──────────────> Lapsed
//! ```
//!
//! `file` is for the slasher of the service, `veto` for its resolver, the rest for anybody. The veto window runs twice, in
//! a way: a veto still counts between arming and execution, so that a halted chain does not eat it. The caller of `file`
//! then freezes the magnitude ([`allocator::freeze`](crate::allocator::freeze)) and contests the loss
//! ([`vault::contest`](crate::vault::contest)); of `execute`, slashes and executes; of `veto` and `lapse`, thaws and lifts.

mod decide;
mod error;
mod file;
mod key;
mod records;
mod services;
mod store;

pub use decide::{Decision, EXECUTE_DELAY_S, arm, execute, lapse, veto};
pub use error::HubError;
pub use file::{Filing, MAX_UNDECIDED_OF_SERVICE, VETOES_TO_SUSPEND, file, record_delta};
pub use key::HubKey;
pub use records::{BURN, Request, Service, Status, Terms, Used};
pub use services::{
    approve_resolver, is_approved, opt_in_operator, opt_in_vault, register_service, terms,
};
pub use store::HubStore;
