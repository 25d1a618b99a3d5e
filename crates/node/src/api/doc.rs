//! The OpenAPI document, from the code.

use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Weir node",
        description = "What a vault has, owes, earned and lost, at a named block. Amounts are decimal text in the smallest unit, \
                       rates and magnitudes are scaled by 1e18, times are Unix seconds. `GET /v1/stream` sends a server-sent event \
                       `block` whenever something new is published. Errors are `{ error: { code, what, next } }`.",
    ),
    tags(
        (name = "vault", description = "Rate, backing, queue, fees"),
        (name = "risk", description = "Where the stake is, and what slashes took"),
        (name = "holders", description = "Positions"),
        (name = "governance", description = "Parameters, roles, what waits in the timelock"),
        (name = "transactions", description = "Calls, encoded, tried and explained; nothing is sent"),
        (name = "history", description = "What the chain said")
    )
)]
struct Api;

pub(super) fn base() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// The OpenAPI document as text.
pub fn openapi() -> String {
    let (_, api) = super::versioned().split_for_parts();
    let mut text = api.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}
