//! The hub, on the chain, with a real allocator and a vault that writes down what it is told.

mod filing;
mod life;
mod parties;
mod world;
