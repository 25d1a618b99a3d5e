//! The allocator, on the chain.

mod access;
mod magnitudes;
mod world;
