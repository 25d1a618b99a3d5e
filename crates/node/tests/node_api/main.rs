//! The API over HTTP, on the embedded chain.

#[path = "../common/mod.rs"]
mod common;

mod answers;
mod http;
mod openapi;
