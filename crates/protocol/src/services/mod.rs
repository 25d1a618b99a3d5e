//! Services that slash on evidence: what their operators promise, and what proves that one broke the promise.
//!
//! Nobody decides here: whoever has the evidence files it, and the contract is the service's slasher.

pub mod attestation;
pub mod custody;
pub mod merkle;
