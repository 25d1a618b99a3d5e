//! Tickets of exit batches.
//!
//! A ticket is the right of an account to a part of one batch: `(epoch, owner) → shares, taken_i`. What an owner asks for in
//! one epoch is one ticket, and a ticket that changes hands joins that of its new owner, because entitlements add up (see
//! [`release`](crate::vault::release)): merging changes what anybody gets by roundings at most. So a ticket needs no
//! number of its own, a request touches one slot, and the views of ERC-7540 (`requestId` is the epoch, the controller is the
//! owner) read it directly.

mod error;
mod key;
mod pocket;
mod store;
mod tickets;

pub use error::ExitsError;
pub use key::TicketKey;
pub use pocket::{MAX_PROOF, Pocket, open_pocket, pocket, pocket_taken, proves, take_pocket};
pub use store::TicketStore;
pub use tickets::{
    Ticket, cancel, record, record_claim, status, ticket, ticket_id, ticket_of, transfer,
};
