//! HTTP: what the store knows and what the contracts say, at one and the same block.
//!
//! Every answer carries its block, its hash, whether it is final, how old it is, and whether it agrees with the contracts. Amounts
//! are decimal text. `at=finalized` answers as of the newest final block, `at=latest` as of the newest published one.

mod answer;
mod doc;
mod error;
mod exposure;
mod extract;
mod growth;
mod health;
mod holders;
mod lists;
mod parameters;
mod queue;
mod scope;
mod slashes;
mod stream;
mod tx;
mod vault;

use std::sync::Arc;
use std::time::Duration;

use alloy::primitives::Address;
use alloy::providers::DynProvider;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, Method, StatusCode, header};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;
use tower_governor::GovernorLayer;
use tower_governor::governor::GovernorConfigBuilder;
use tower_http::cors::{Any, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use answer::{Answer, BlockRef};
pub use doc::openapi;
pub use error::ApiError;
pub use exposure::{ExposureAnswer, read as read_exposure};
pub use growth::Growth;
pub use holders::{PositionAnswer, read as read_position};
pub use parameters::{ParametersAnswer, read as read_parameters};
pub use queue::{QueueAnswer, QueuedBatch, read as read_queue};
pub use scope::{At, Scope};
pub use vault::{AssetAnswer, VaultAnswer, read as read_vault};

use crate::indexer::Published;
use crate::site::Site;
use crate::store::Store;

/// A development account, whose key the chain holds and everybody knows.
#[derive(Debug, Clone)]
pub struct DevAccount {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: Address,
}

/// What handlers need.
#[derive(Debug, Clone)]
pub struct App {
    /// The database.
    pub store: Arc<dyn Store>,
    /// The deployment.
    pub site: Arc<Site>,
    /// The chain.
    pub provider: DynProvider,
    /// What is published.
    pub published: watch::Receiver<Published>,
    /// Development accounts, if this is a chain of `weir up`.
    pub dev: Arc<Vec<DevAccount>>,
    /// Where a browser reaches the chain, for development accounts.
    pub rpc_url: Option<String>,
    /// The numbers of this process, if they are recorded.
    pub metrics: Option<PrometheusHandle>,
    /// Requests a second of one client, and how many at once.
    pub rate_limit: RateLimit,
}

/// How much one client may ask.
#[derive(Debug, Clone, Copy)]
pub struct RateLimit {
    /// Requests a second that come back.
    pub per_second: u32,
    /// Requests at once.
    pub burst: u32,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self {
            per_second: 50,
            burst: 200,
        }
    }
}

/// Largest body of a request, bytes.
const BODY_LIMIT: usize = 16 << 10;
/// A request that takes longer is broken off.
const TIMEOUT: Duration = Duration::from_secs(15);

fn versioned() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(doc::base())
        .routes(routes!(vault::vault))
        .routes(routes!(vault::rate))
        .routes(routes!(lists::history))
        .routes(routes!(lists::rates))
        .routes(routes!(exposure::exposure))
        .routes(routes!(exposure::what_if))
        .routes(routes!(queue::queue))
        .routes(routes!(holders::holders))
        .routes(routes!(holders::holder))
        .routes(routes!(holders::activity))
        .routes(routes!(slashes::slashes))
        .routes(routes!(slashes::slash))
        .routes(routes!(parameters::parameters))
        .routes(routes!(parameters::changes))
        .routes(routes!(lists::services))
        .routes(routes!(lists::fees))
        .routes(routes!(lists::events))
        .routes(routes!(tx::deposit))
        .routes(routes!(tx::request))
        .routes(routes!(tx::cancel))
        .routes(routes!(tx::claim))
        .routes(routes!(tx::redeem))
}

/// The whole service. It needs the address of each client: serve it with connect info.
pub fn router(app: App) -> Router {
    let limit = GovernorConfigBuilder::default()
        .period(Duration::from_secs(1) / app.rate_limit.per_second.max(1))
        .burst_size(app.rate_limit.burst.max(1))
        .finish();
    let (versioned, api) = versioned().split_for_parts();
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE, header::IF_NONE_MATCH])
        .expose_headers([header::ETAG]);
    let mut versioned = versioned
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            TIMEOUT,
        ))
        .merge(stream::router())
        .layer(DefaultBodyLimit::max(BODY_LIMIT));
    if let Some(limit) = limit {
        versioned = versioned.layer(GovernorLayer::new(limit).error_handler(error::limited));
    }
    let document = serde_json::to_string(&api).unwrap_or_default();
    let answer = move || async move { ([(header::CONTENT_TYPE, "application/json")], document) };
    Router::new()
        .merge(versioned)
        .route("/openapi.json", axum::routing::get(answer))
        .merge(health::router())
        .merge(crate::dashboard::router(&app))
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(axum::middleware::from_fn(health::measure))
        .layer(cors)
        .with_state(app)
}
