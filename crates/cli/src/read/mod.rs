//! What the chain knows, read at one moment.

mod holder;
mod vault;

pub use holder::{HolderView, TicketView, ticket_id};
pub use vault::{AssetView, RequestView, VaultView, sum};
