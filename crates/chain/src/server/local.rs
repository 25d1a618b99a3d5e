//! An alloy transport without a network: requests go straight to the dispatcher.

use std::task::{Context, Poll};

use alloy::{
    rpc::json_rpc::{RequestPacket, Response, ResponsePacket, ResponsePayload, SerializedRequest},
    transports::{TransportError, TransportFut},
};
use tower::Service;

use crate::{config::Limits, executor::Client, rpc};

/// The transport. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct LocalTransport {
    pub(crate) client: Client,
    pub(crate) limits: Limits,
}

impl LocalTransport {
    async fn serve(&self, request: &SerializedRequest) -> Response {
        let result = rpc::call(
            &self.client,
            &self.limits,
            request.method(),
            request.params(),
        )
        .await;
        let payload = result.map_or_else(ResponsePayload::Failure, ResponsePayload::Success);
        Response {
            id: request.id().clone(),
            payload,
        }
    }
}

impl Service<RequestPacket> for LocalTransport {
    type Response = ResponsePacket;
    type Error = TransportError;
    type Future = TransportFut<'static>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, packet: RequestPacket) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            match packet {
                RequestPacket::Single(request) => {
                    Ok(ResponsePacket::Single(this.serve(&request).await))
                }
                RequestPacket::Batch(requests) => {
                    let mut responses = Vec::with_capacity(requests.len());
                    for request in &requests {
                        responses.push(this.serve(request).await);
                    }
                    Ok(ResponsePacket::Batch(responses))
                }
            }
        })
    }
}
