//! The rules of services that slash on evidence.

mod attestation;
mod custody;
mod median;
mod merkle;
