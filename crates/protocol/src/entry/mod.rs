//! A vault as standard clients see it: one asset in, one asset of the claim out (ERC-4626, ERC-7540, ERC-7575).

mod open;
mod worth;

pub use open::{OpenRequests, REMEMBERED_EPOCHS};
pub use worth::Worth;
