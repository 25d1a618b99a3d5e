//! Sockets and the threads that serve them.

use std::{net::SocketAddr, thread, time::Duration};

use tokio::{net::TcpListener, runtime::Runtime};

use super::http;
use crate::{config::Limits, error::Error, executor::Client};

/// How long open connections may take to end when the server stops.
const SHUTDOWN: Duration = Duration::from_secs(1);

/// The threads that serve sockets. Dropping it closes every socket and ends the threads.
#[derive(Debug)]
pub(crate) struct Server {
    runtime: Option<Runtime>,
}

impl Server {
    pub(crate) fn start() -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .thread_name("weir-chain-rpc")
            .enable_all()
            .build()
            .map_err(Error::Thread)?;
        Ok(Self {
            runtime: Some(runtime),
        })
    }

    /// Listens on `addr`. Returns the address with the port that was given.
    pub(crate) fn listen(
        &self,
        addr: SocketAddr,
        client: Client,
        limits: Limits,
    ) -> Result<SocketAddr, Error> {
        let failed = |source| Error::Listen { addr, source };
        let listener = std::net::TcpListener::bind(addr).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let bound = listener.local_addr().map_err(failed)?;
        if let Some(runtime) = &self.runtime {
            let _context = runtime.enter();
            let listener = TcpListener::from_std(listener).map_err(failed)?;
            runtime.spawn(http::serve(listener, client, limits));
        }
        Ok(bound)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A runtime may not be waited for from within another one, so a thread of its own does it.
            let waiter = thread::spawn(move || runtime.shutdown_timeout(SHUTDOWN));
            let _panicked = waiter.join();
        }
    }
}
