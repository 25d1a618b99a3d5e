#![doc = include_str!("../README.md")]

pub mod amount;
pub mod events;
pub mod indexer;
pub mod projections;
pub mod site;
pub mod store;
