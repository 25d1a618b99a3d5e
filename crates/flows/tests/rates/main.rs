//! Rates, on the chain.

mod access;
mod second;
mod sources;
mod world;
