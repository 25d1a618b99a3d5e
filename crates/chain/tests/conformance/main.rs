//! The project's own cases of how Stylus programs and EVM contracts behave and what they cost.
//!
//! Every figure stated here follows from the pricing rules of Nitro's engine, which the `vectors` test proves on a file
//! of its answers; these cases are written anew, so that the rules stay checked where that file is not at hand.

#[path = "../vectors/harness.rs"]
#[allow(dead_code, reason = "shared with the vectors test")]
mod harness;

mod arbos;
mod calls;
mod contracts;
mod creation;
mod engine;
mod entry;
mod fragments;
mod hostios;
mod lifecycle;
mod limits;
mod precompiles;
mod robustness;
mod traces;
