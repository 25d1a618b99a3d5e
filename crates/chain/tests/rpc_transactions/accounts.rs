//! The accounts whose keys the chain holds.

use alloy::{
    network::TransactionBuilder,
    primitives::{Address, Bytes},
    providers::Provider,
    rpc::types::TransactionRequest,
};
use serde_json::json;
use weir_chain::TEST_MNEMONIC;

use crate::common::{account, ask, payload, start};

#[tokio::test(flavor = "multi_thread")]
async fn dev_accounts_sign_and_others_do_not() {
    let chain = start();
    let (alice, provider) = (account(&chain, 0), chain.provider());
    assert_eq!(
        provider.get_accounts().await.unwrap().len(),
        10,
        "{TEST_MNEMONIC}"
    );
    let stranger = Address::repeat_byte(0x55);
    let tx = TransactionRequest::default()
        .with_from(stranger)
        .with_to(alice)
        .with_gas_limit(21_000);
    let error = payload(provider.send_transaction(tx).await.unwrap_err());
    assert!(
        error.message.starts_with("unknown account"),
        "{}",
        error.message
    );

    let message = Bytes::from_static(b"hello");
    let signed = ask(&provider, "personal_sign", json!([message, alice]))
        .await
        .unwrap();
    let signature: Bytes = serde_json::from_value(signed.clone()).unwrap();
    let signature = alloy::primitives::Signature::from_raw(&signature).unwrap();
    assert_eq!(signature.recover_address_from_msg(b"hello").unwrap(), alice);
    assert_eq!(
        ask(&provider, "eth_sign", json!([alice, message]))
            .await
            .unwrap(),
        signed
    );

    let typed = json!({
        "domain": {"name": "Probe", "chainId": 412346},
        "types": {"EIP712Domain": [{"name": "name", "type": "string"}, {"name": "chainId", "type": "uint256"}],
                  "Mail": [{"name": "to", "type": "address"}, {"name": "n", "type": "uint256"}]},
        "primaryType": "Mail",
        "message": {"to": alice, "n": "0x5"},
    });
    let signed = ask(&provider, "eth_signTypedData_v4", json!([alice, typed]))
        .await
        .unwrap();
    assert_eq!(
        ask(
            &provider,
            "eth_signTypedData_v4",
            json!([alice, typed.to_string()])
        )
        .await
        .unwrap(),
        signed
    );
    let data: alloy_dyn_abi::TypedData = serde_json::from_value(typed).unwrap();
    let signature: Bytes = serde_json::from_value(signed).unwrap();
    let signature = alloy::primitives::Signature::from_raw(&signature).unwrap();
    assert_eq!(
        signature
            .recover_address_from_prehash(&data.eip712_signing_hash().unwrap())
            .unwrap(),
        alice
    );
}
