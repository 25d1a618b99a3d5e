//! Rates, on the chain.

mod access;
mod sources;
mod world;
