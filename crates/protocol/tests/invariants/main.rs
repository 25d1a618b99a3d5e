//! The invariants of the protocol, over random stories of every call. `WEIR_DEPTH` multiplies how much is tried.

mod dilution;
mod ledger;
mod slashing;
mod stories;
mod sync;
