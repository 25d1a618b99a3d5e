//! Sending: types, nonces, replacement, refusals.

#[path = "../common/mod.rs"]
mod common;

mod accounts;
mod pool;
mod refusals;
mod types;

use alloy::{
    consensus::{SignableTransaction, TxEip1559, TxEnvelope},
    eips::{Encodable2718, eip2930::AccessList},
    primitives::{Address, Bytes, TxKind, U256},
    signers::{SignerSync, local::PrivateKeySigner},
};

/// In wei.
pub const GWEI: u128 = 1_000_000_000;

/// A transfer of one wei that pays one gwei per gas.
pub fn transfer(nonce: u64) -> TxEip1559 {
    TxEip1559 {
        chain_id: 412_346,
        nonce,
        gas_limit: 21_000,
        max_fee_per_gas: GWEI,
        max_priority_fee_per_gas: 0,
        to: TxKind::Call(Address::repeat_byte(9)),
        value: U256::from(1),
        access_list: AccessList::default(),
        input: Bytes::new(),
    }
}

/// Signs a transaction and encodes it.
pub fn sign<T: SignableTransaction<alloy::primitives::Signature>>(
    tx: T,
    signer: &PrivateKeySigner,
) -> Bytes
where
    TxEnvelope: From<alloy::consensus::Signed<T>>,
{
    let signature = signer.sign_hash_sync(&tx.signature_hash()).unwrap();
    TxEnvelope::from(tx.into_signed(signature))
        .encoded_2718()
        .into()
}
