//! From the bytes of a signed transaction to one with a sender.

use alloy::{
    consensus::{EthereumTxEnvelope, Transaction, TxEip4844},
    eips::Decodable2718,
};
use alloy_primitives::{Address, B256, B512, Bytes, Signature, U256, keccak256, uint};
use revm::{context::TxEnv, context_interface::either::Either, precompile::secp256k1::ecrecover};

use super::{Tx, TxError};

/// Half the order of secp256k1: signatures with a larger `s` are refused (EIP-2).
const HALF_ORDER: U256 =
    uint!(0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0_U256);

type Envelope = EthereumTxEnvelope<TxEip4844>;

impl Tx {
    /// Decodes a signed transaction and recovers who signed it. Costs tens of microseconds: not for the executor.
    ///
    /// # Errors
    /// The transaction is too long, not one, of a type that the chain does not take, or badly signed.
    pub(crate) fn decode(raw: Bytes, max_bytes: usize) -> Result<Self, TxError> {
        if raw.len() > max_bytes {
            return Err(TxError::Oversized {
                size: raw.len(),
                limit: max_bytes,
            });
        }
        match raw.first() {
            None => return Err(TxError::Malformed("it is empty".to_owned())),
            Some(first @ (0 | 3 | 5..0xc0)) => return Err(TxError::Type(*first)),
            Some(_) => {}
        }
        let mut rest: &[u8] = &raw;
        let envelope = Envelope::decode_2718(&mut rest)
            .map_err(|error| TxError::Malformed(error.to_string()))?;
        if !rest.is_empty() {
            return Err(TxError::Malformed(format!(
                "{} bytes after its end",
                rest.len()
            )));
        }
        let from = recover(envelope.signature(), &envelope.signature_hash())?;
        Ok(Self {
            hash: keccak256(&raw),
            env: env_of(&envelope, from),
            raw,
        })
    }

    /// Decodes a transaction without looking at its signature.
    pub(crate) fn decode_trusted(raw: Bytes, from: Address) -> Result<Self, TxError> {
        let envelope = Envelope::decode_2718(&mut raw.as_ref())
            .map_err(|error| TxError::Malformed(error.to_string()))?;
        Ok(Self {
            hash: keccak256(&raw),
            env: env_of(&envelope, from),
            raw,
        })
    }
}

/// Who made `signature` over `hash`.
fn recover(signature: &Signature, hash: &B256) -> Result<Address, TxError> {
    if signature.s() > HALF_ORDER {
        return Err(TxError::Signature(
            "the signature's s is in the upper half of the curve's order",
        ));
    }
    let mut rs = B512::ZERO;
    rs[..32].copy_from_slice(&signature.r().to_be_bytes::<32>());
    rs[32..].copy_from_slice(&signature.s().to_be_bytes::<32>());
    let word = ecrecover(&rs, u8::from(signature.v()), hash)
        .map_err(|_| TxError::Signature("no key can have made the signature"))?;
    Ok(Address::from_word(word))
}

/// What executes.
pub(super) fn env_of<T: Transaction>(tx: &T, from: Address) -> TxEnv {
    TxEnv {
        tx_type: tx.ty(),
        caller: from,
        gas_limit: tx.gas_limit(),
        gas_price: tx.max_fee_per_gas(),
        gas_priority_fee: tx.max_priority_fee_per_gas(),
        kind: tx.kind(),
        value: tx.value(),
        data: tx.input().clone(),
        nonce: tx.nonce(),
        chain_id: tx.chain_id(),
        access_list: tx.access_list().cloned().unwrap_or_default(),
        authorization_list: tx
            .authorization_list()
            .unwrap_or_default()
            .iter()
            .cloned()
            .map(Either::Left)
            .collect(),
        blob_hashes: Vec::new(),
        max_fee_per_blob_gas: 0,
    }
}
