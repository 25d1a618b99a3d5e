#![doc = include_str!("../README.md")]

pub mod amount;
pub mod arb_wasm;
pub mod book;
mod cost;
pub mod devnet;
mod error;
pub mod plan;
pub mod revert;
mod run;
pub mod steps;
pub mod tx;
mod verify;
mod view;

pub use book::{AddressBook, BookStore};
pub use cost::{Cost, StepCost};
pub use error::DeployError;
pub use plan::Plan;
pub use run::{Deployment, Outcome, Outstanding, Progress, Signers};
pub use verify::verify;
pub use view::view;
