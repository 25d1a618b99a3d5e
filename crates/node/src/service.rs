//! The node as a whole: indexer and API, started together and stopped together.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use alloy::providers::DynProvider;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::api::{self, App, DevAccount, RateLimit};
use crate::indexer::{self, IndexConfig, IndexError, Indexer, Published};
use crate::site::Site;
use crate::store::Store;

/// How long requests that are under way may take once the node stops.
const DRAIN: Duration = Duration::from_secs(5);

/// What a node is made of.
#[derive(Debug)]
pub struct NodeConfig {
    /// The chain.
    pub provider: DynProvider,
    /// The deployment.
    pub site: Site,
    /// The database.
    pub store: Arc<dyn Store>,
    /// How the indexer reads.
    pub index: IndexConfig,
    /// Where the API listens; port 0 for any that is free.
    pub listen: SocketAddr,
    /// Development accounts, if this is a chain of `weir up`.
    pub dev: Vec<DevAccount>,
    /// Where a browser reaches the chain, for development accounts.
    pub rpc_url: Option<String>,
    /// How much one client may ask.
    pub rate_limit: RateLimit,
    /// The numbers of this process, if they are recorded.
    pub metrics: Option<PrometheusHandle>,
}

/// Why a node did not start or did not go on.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {addr}: {source}")]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// Something that trying again cannot help.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A task ended that should not have.
    #[error("a part of the node broke: {0}")]
    Broke(String),
}

/// A running node.
#[derive(Debug)]
pub struct Node {
    /// Where the API answers.
    pub addr: SocketAddr,
    /// What is published.
    pub published: watch::Receiver<Published>,
    stop: CancellationToken,
    tasks: JoinSet<Result<(), NodeError>>,
}

/// Starts to record the numbers of this process. Once; later calls get none.
pub fn record_metrics() -> Option<PrometheusHandle> {
    PrometheusBuilder::new().install_recorder().ok()
}

impl Node {
    /// Starts the indexer and the API.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub async fn start(config: NodeConfig) -> Result<Self, NodeError> {
        let failed = |source| NodeError::Listen {
            addr: config.listen,
            source,
        };
        let listener = TcpListener::bind(config.listen).await.map_err(failed)?;
        let addr = listener.local_addr().map_err(failed)?;
        let (publish, published) = watch::channel(Published::default());
        let stop = CancellationToken::new();
        let site = Arc::new(config.site);
        let app = App {
            store: config.store.clone(),
            site: site.clone(),
            provider: config.provider.clone(),
            published: published.clone(),
            dev: Arc::new(config.dev),
            rpc_url: config.rpc_url,
            metrics: config.metrics,
            rate_limit: config.rate_limit,
        };
        let indexer = Indexer::new(config.provider, config.store, site, config.index);
        let mut tasks = JoinSet::new();
        let (indexing, serving) = (stop.clone(), stop.clone());
        tasks.spawn(async move {
            let done = indexer::run(indexer, publish, indexing).await;
            done.map_err(NodeError::from)
        });
        tasks.spawn(async move { serve(listener, app, serving).await });
        Ok(Self {
            addr,
            published,
            stop,
            tasks,
        })
    }

    /// Waits until a part of the node fails.
    pub async fn failed(&mut self) -> NodeError {
        match self.tasks.join_next().await {
            Some(Ok(Err(error))) => error,
            Some(Ok(Ok(()))) => NodeError::Broke("it stopped by itself".to_owned()),
            Some(Err(error)) => NodeError::Broke(error.to_string()),
            None => NodeError::Broke("nothing runs".to_owned()),
        }
    }

    /// Stops: no new requests, those under way are answered, the batch under way is committed or not begun.
    ///
    /// # Errors
    /// A part of the node had failed.
    pub async fn stop(mut self) -> Result<(), NodeError> {
        self.stop.cancel();
        let all = async {
            while let Some(done) = self.tasks.join_next().await {
                done.map_err(|error| NodeError::Broke(error.to_string()))??;
            }
            Ok(())
        };
        // Streams do not end by themselves.
        tokio::time::timeout(DRAIN, all).await.unwrap_or(Ok(()))
    }
}

async fn serve(listener: TcpListener, app: App, stop: CancellationToken) -> Result<(), NodeError> {
    let service = api::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(stop.cancelled_owned());
    served
        .await
        .map_err(|error| NodeError::Broke(error.to_string()))
}
