//! Plays with the contracts as they are deployed, on the embedded chain.
//!
//! A [`Stage`] is a chain to put contracts on and to call in anybody's name. [`World`] deploys the whole protocol on one as it
//! would be deployed anywhere, and stands for what is around it: tokens with good and bad manners ([`evm`]), rate sources, market
//! prices, time; a [`Scene`](scene::Scene) is one with a service that may slash. [`Twin`] holds the contracts against `weir_protocol::model`, call by call.
//!
//! The tests are in `tests/`, a folder for each subject: contracts by themselves (`allocator`, `hub`, `rates`, `tokens`), who may
//! call what (`access`), stories of random calls against the model (`twin`), flows with actors and stories through every door (`flows`), what clients of standards
//! expect (`standards`), contracts of others (`peers`), and what calls cost (`golden`).

pub mod evm;
mod refusal;
pub mod scene;
mod stage;
mod twin;
mod world;

pub use refusal::Refusal;
pub use stage::{DEPLOYER, Receipt, Sent, Stage};
pub use twin::Twin;
pub use world::{Asset, Contracts, World, actors, exits_init};
