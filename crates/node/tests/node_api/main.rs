//! The API over HTTP, on the embedded chain.

#[path = "../common/world.rs"]
mod world;

mod answers;
mod http;
mod openapi;
