//! The invariants of the protocol, over random stories of every call. `WEIR_DEPTH` multiplies how much is tried.

mod access;
mod bounded_work;
mod contested;
mod dilution;
mod exact;
mod fairness;
mod fees;
mod ledger;
mod liveness;
mod pairs;
mod profit;
mod scale;
mod slashing;
mod stories;
mod sync;
mod waterfall;
mod what_if;
