//! What the chain knows, read at one moment.

mod holder;
mod logs;
mod vault;

pub use holder::{HolderView, TicketView, ticket_id};
pub use logs::{first_block, logs};
pub use vault::{AssetView, RequestView, VaultView, sum};
