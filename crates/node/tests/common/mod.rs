//! A chain with Weir on it, on which people do things at random, and a connection to it that misbehaves.

pub mod wire;
pub mod world;
