//! A connection that loses answers, cuts lists of logs off and mixes their order.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use alloy::providers::{DynProvider, Provider, ProviderBuilder};
use alloy::rpc::client::RpcClient;
use alloy::rpc::json_rpc::{RequestPacket, ResponsePacket, ResponsePayload};
use alloy::transports::{BoxTransport, TransportError, TransportErrorKind, TransportFut};
use serde_json::value::RawValue;
use tower::Service;
use weir_chain::Chain;

/// A connection that misbehaves in one of `one_in` answers.
#[derive(Clone)]
pub struct Wire {
    inner: BoxTransport,
    seed: Arc<AtomicU64>,
    one_in: u64,
}

/// A provider over a connection that misbehaves in one of `one_in` answers.
pub fn bad(chain: &Chain, seed: u64, one_in: u64) -> DynProvider {
    let wire = Wire {
        inner: chain.rpc_client().transport().clone(),
        seed: Arc::new(AtomicU64::new(seed)),
        one_in,
    };
    let builder = ProviderBuilder::new().disable_recommended_fillers();
    builder.connect_client(RpcClient::new(wire, true)).erased()
}

impl Wire {
    fn draw(&self, below: u64) -> u64 {
        let next = self.seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
        let mixed = (next ^ (next >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 29)) % below
    }
}

impl Service<RequestPacket> for Wire {
    type Response = ResponsePacket;
    type Error = TransportError;
    type Future = TransportFut<'static>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, packet: RequestPacket) -> Self::Future {
        let mut this = self.clone();
        Box::pin(async move {
            let is_logs = packet.method_names().any(|method| method == "eth_getLogs");
            let answer = this.inner.call(packet).await?;
            if this.draw(this.one_in) > 0 {
                return Ok(answer);
            }
            match this.draw(3) {
                0 => Err(TransportErrorKind::custom_str("the answer was lost")),
                1 if is_logs => Ok(changed(answer, |logs| drop(logs.pop()))),
                _ if is_logs => Ok(changed(answer, |logs| logs.reverse())),
                _ => Err(TransportErrorKind::custom_str("the connection broke")),
            }
        })
    }
}

fn changed(
    answer: ResponsePacket,
    change: impl FnOnce(&mut Vec<serde_json::Value>),
) -> ResponsePacket {
    let ResponsePacket::Single(mut response) = answer else {
        return answer;
    };
    if let ResponsePayload::Success(result) = &response.payload {
        let mut logs: Vec<serde_json::Value> = serde_json::from_str(result.get()).unwrap();
        change(&mut logs);
        let text = serde_json::to_string(&logs).unwrap();
        response.payload = ResponsePayload::Success(RawValue::from_string(text).unwrap());
    }
    ResponsePacket::Single(response)
}
