//! Statistics that more than one part of the lab needs.

pub mod cvar;
pub mod importance;
pub mod shocks;
pub mod sobol;
