//! What the tests share: clients over every way in, and two contracts.

#![allow(dead_code)] // Each test file uses a part of it.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, Bytes, U256, hex},
    providers::{DynProvider, Provider, ProviderBuilder, WsConnect},
    rpc::{json_rpc::ErrorPayload, types::TransactionRequest},
    sol,
    sol_types::SolValue,
    transports::TransportError,
};
use weir_chain::{Chain, Config};

sol! {
    #[derive(Debug)]
    #[sol(rpc)]
    contract Probe {
        error TooSmall(uint256 given, uint256 least);
        event Set(address indexed by, uint256 indexed tag, uint256 value);
        event Note(bytes data);

        function value() external view returns (uint256);
        function seen(address who) external view returns (uint256);
        function set(uint256 tag, uint256 to) external returns (uint256 old);
        function notes(uint256 count) external;
        function failWithReason() external pure;
        function failWithError(uint256 given) external pure;
        function failWithPanic(uint256 by) external pure returns (uint256);
        function failSilently() external pure;
        function spin() external pure;
        function grow(uint256 bytes_) external pure returns (uint256 length);
        function clear() external;
        function world() external view
            returns (uint256 number, uint256 timestamp, uint256 chainId, uint256 baseFee, address coinbase, bytes32 parent);
        function create(bytes32 salt) external returns (address made);
        function give(address to, uint256 amount) external;
    }
}

/// A chain as configured by default.
pub fn start() -> Chain {
    Chain::start(Config::default()).expect("the default chain starts")
}

/// One provider for each way in, with its name.
pub async fn clients(chain: &Chain) -> Vec<(&'static str, DynProvider)> {
    let addr = chain
        .serve(([127, 0, 0, 1], 0))
        .expect("a free port on loopback");
    // alloy's usual builder remembers nonces, which reverts and other clients belie.
    let builder = || {
        ProviderBuilder::default()
            .with_gas_estimation()
            .with_simple_nonce_management()
            .fetch_chain_id()
    };
    let http = builder().connect_http(format!("http://{addr}").parse().expect("a URL"));
    let ws = builder()
        .connect_ws(WsConnect::new(format!("ws://{addr}")))
        .await
        .expect("a WebSocket");
    // Remote clients poll seldom by default.
    http.client()
        .set_poll_interval(std::time::Duration::from_millis(10));
    vec![
        ("in process", chain.provider()),
        ("http", http.erased()),
        ("ws", ws.erased()),
    ]
}

/// Creation code of the probe, holding `value` at first.
pub fn probe_code(value: u64) -> Bytes {
    let code = hex::decode(include_str!("../contracts/Probe.hex").trim()).expect("hex");
    [code, U256::from(value).abi_encode()].concat().into()
}

/// Deploys a probe holding 5.
pub async fn deploy_probe(
    provider: &DynProvider,
    from: Address,
) -> Probe::ProbeInstance<DynProvider> {
    let tx = TransactionRequest::default()
        .with_from(from)
        .with_deploy_code(probe_code(5));
    let receipt = provider
        .send_transaction(tx)
        .await
        .expect("sent")
        .get_receipt()
        .await
        .expect("mined");
    assert!(receipt.status());
    Probe::new(
        receipt.contract_address.expect("a contract"),
        provider.clone(),
    )
}

/// Dev account `index`.
pub fn account(chain: &Chain, index: usize) -> Address {
    chain.accounts()[index].address()
}

/// Asks for `method` and gives the answer as JSON.
pub async fn ask(
    provider: &DynProvider,
    method: &'static str,
    params: serde_json::Value,
) -> Result<serde_json::Value, ErrorPayload> {
    provider
        .raw_request::<_, serde_json::Value>(method.into(), params)
        .await
        .map_err(payload)
}

/// The error that the node answered with.
pub fn payload(error: TransportError) -> ErrorPayload {
    error
        .as_error_resp()
        .cloned()
        .unwrap_or_else(|| panic!("no answer from the node: {error}"))
}
