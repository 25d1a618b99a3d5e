//! The rules of services that slash on evidence.

mod attestation;
mod median;
mod merkle;
