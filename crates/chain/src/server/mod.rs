//! Ways in: HTTP and WebSocket on one port, and alloy in process.

mod counted;
mod http;
mod local;
mod runtime;
mod ws;

pub(crate) use local::LocalTransport;
pub(crate) use runtime::Server;
