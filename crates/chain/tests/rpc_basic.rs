//! What a client sees first: accounts, transfers, contracts, reverts, logs.

use alloy::{
    network::TransactionBuilder,
    primitives::{U256, utils::parse_ether},
    providers::Provider,
    rpc::types::TransactionRequest,
};
use weir_chain::{Chain, Config, UnsignedTx};

#[tokio::test(flavor = "multi_thread")]
async fn sends_ether_in_process_and_over_http() {
    let chain = Chain::start(Config::default()).unwrap();
    let addr = chain.serve(([127, 0, 0, 1], 0)).unwrap();
    let http = alloy::providers::ProviderBuilder::new()
        .connect_http(format!("http://{addr}").parse().unwrap());
    let (alice, bob) = (chain.accounts()[0].address(), chain.accounts()[1].address());
    for provider in [chain.provider(), http.erased()] {
        let before = provider.get_balance(bob).await.unwrap();
        let tx = TransactionRequest::default()
            .with_from(alice)
            .with_to(bob)
            .with_value(parse_ether("1").unwrap());
        let receipt = provider
            .send_transaction(tx)
            .await
            .unwrap()
            .get_receipt()
            .await
            .unwrap();
        assert!(receipt.status());
        assert_eq!(receipt.gas_used, 21_000);
        assert_eq!(receipt.effective_gas_price, 100_000_000);
        assert_eq!(
            provider.get_balance(bob).await.unwrap() - before,
            parse_ether("1").unwrap()
        );
    }
    assert_eq!(chain.head().await.unwrap().number, 2);
}

#[test]
fn sends_batches_through_the_handle() {
    let chain = Chain::start(Config::default()).unwrap();
    let (alice, bob) = (chain.accounts()[0].address(), chain.accounts()[1].address());
    let gift = || UnsignedTx::new(alice).to(bob).value(U256::from(5));
    let outcomes = chain
        .send_batch((0..100).map(|_| gift()).collect())
        .wait()
        .unwrap();
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.as_ref().unwrap().success)
    );
    assert_eq!(chain.head().wait().unwrap().number, 1);
    assert_eq!(
        chain.balance(bob).wait().unwrap(),
        chain.config().balance + U256::from(500)
    );
}
