#![doc = include_str!("../README.md")]

pub mod amount;
pub mod api;
pub mod dashboard;
pub mod events;
pub mod indexer;
pub mod projections;
pub mod service;
pub mod site;
pub mod store;
