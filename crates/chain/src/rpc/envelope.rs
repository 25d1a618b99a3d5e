//! Requests and responses as text: single ones, batches, notifications.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::{
    RpcError, RpcResult, do_all,
    error::{invalid_request, limit, parse},
    prepare,
};
use crate::{config::Limits, executor::Client};

/// A request as it comes in.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct RawRequest<'a> {
    #[serde(borrow, default)]
    jsonrpc: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(crate) id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(crate) params: Option<&'a RawValue>,
}

/// An id that is there, even if it is `null`: only a request without one wants no answer.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// A message that was taken apart.
pub(crate) enum Incoming<'a> {
    /// One request.
    Single(Result<RawRequest<'a>, RpcError>),
    /// Several.
    Batch(Vec<Result<RawRequest<'a>, RpcError>>),
}

/// Requests of a batch that are done in one visit to the chain's thread. Bounds how many answers are held at a time.
const BATCH_STEP: usize = 32;

#[derive(Serialize)]
struct Response<'a> {
    jsonrpc: &'static str,
    id: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorObject<'a>>,
}

/// alloy writes an absent `data` as `null`; nodes leave it out.
#[derive(Serialize)]
struct ErrorObject<'a> {
    code: i64,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a RawValue>,
}

impl<'a> RawRequest<'a> {
    fn parse(raw: &'a RawValue) -> Result<Self, RpcError> {
        serde_json::from_str(raw.get()).map_err(invalid_request)
    }

    /// The method's name, once the request is known to be one.
    pub(crate) fn method(&self) -> Result<&str, RpcError> {
        if self.jsonrpc.as_deref() != Some("2.0") {
            return Err(invalid_request("\"jsonrpc\" must be \"2.0\""));
        }
        if self
            .id
            .is_some_and(|id| id.get().starts_with(['{', '[', 't', 'f']))
        {
            return Err(invalid_request("\"id\" must be a number, a string or null"));
        }
        self.method
            .as_deref()
            .ok_or_else(|| invalid_request("\"method\" is missing"))
    }

    /// Whether no answer is wanted.
    fn is_notification(&self) -> bool {
        self.id.is_none() && self.method().is_ok()
    }
}

impl<'a> Incoming<'a> {
    /// Takes a message apart.
    pub(crate) fn parse(message: &'a [u8], limits: &Limits) -> Result<Self, RpcError> {
        let raw: &RawValue = serde_json::from_slice(message).map_err(parse)?;
        if !raw.get().starts_with('[') {
            return Ok(Self::Single(RawRequest::parse(raw)));
        }
        let items: Vec<&RawValue> = serde_json::from_str(raw.get()).map_err(parse)?;
        if items.is_empty() {
            return Err(invalid_request("empty batch"));
        }
        if items.len() > limits.batch_requests {
            let most = limits.batch_requests;
            return Err(limit(format!(
                "batch too large: {} requests, limit {most}",
                items.len()
            )));
        }
        Ok(Self::Batch(
            items.into_iter().map(RawRequest::parse).collect(),
        ))
    }
}

/// Serves a message. None if it wants no answer.
pub(crate) async fn respond(client: &Client, limits: &Limits, message: &[u8]) -> Option<Vec<u8>> {
    match Incoming::parse(message, limits) {
        Err(error) => Some(encode(None, &Err(error))),
        Ok(Incoming::Single(request)) => respond_to(client, limits, request).await,
        Ok(Incoming::Batch(requests)) => respond_to_all(client, limits, requests).await,
    }
}

/// Serves one request. None if it wants no answer.
pub(crate) async fn respond_to(
    client: &Client,
    limits: &Limits,
    request: Result<RawRequest<'_>, RpcError>,
) -> Option<Vec<u8>> {
    let request = match request {
        Ok(request) => request,
        Err(error) => return Some(encode(None, &Err(error))),
    };
    let result = match request.method() {
        Ok(method) => super::call(client, limits, method, request.params).await,
        Err(error) => Err(error),
    };
    (!request.is_notification()).then(|| encode(request.id, &result))
}

async fn respond_to_all(
    client: &Client,
    limits: &Limits,
    requests: Vec<Result<RawRequest<'_>, RpcError>>,
) -> Option<Vec<u8>> {
    let mut body = Vec::with_capacity(64 * requests.len());
    for requests in requests.chunks(BATCH_STEP) {
        let jobs = requests
            .iter()
            .map(|request| {
                let request = request.as_ref().map_err(Clone::clone)?;
                prepare(request.method()?, request.params, limits)
            })
            .collect();
        for (request, answer) in requests.iter().zip(do_all(client, jobs).await) {
            if request.as_ref().is_ok_and(RawRequest::is_notification) {
                continue;
            }
            body.push(if body.is_empty() { b'[' } else { b',' });
            let id = request.as_ref().ok().and_then(|request| request.id);
            let most = limits.response_bytes;
            let too_large = || {
                limit(format!(
                    "response too large: the batch's answers exceed {most} bytes; ask for less"
                ))
            };
            let result = if body.len() < most {
                answer.and_then(|encode| encode())
            } else {
                Err(too_large())
            };
            let response = encode(id, &result);
            if body.len() + response.len() > most {
                body.extend(encode(id, &Err(too_large())));
            } else {
                body.extend(response);
            }
        }
    }
    if body.is_empty() {
        return None;
    }
    body.push(b']');
    Some(body)
}

/// A response as text.
pub(crate) fn encode(id: Option<&RawValue>, result: &RpcResult) -> Vec<u8> {
    let error = result.as_ref().err().map(|error| ErrorObject {
        code: error.code,
        message: &error.message,
        data: error.data.as_deref(),
    });
    let response = Response {
        jsonrpc: "2.0",
        id,
        result: result.as_deref().ok(),
        error,
    };
    // Every part is valid JSON already; there is nothing in it that can fail to encode.
    serde_json::to_vec(&response).unwrap_or_default()
}
