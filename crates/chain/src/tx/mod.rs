//! Transactions: decoding, who sent them, what they may cost.

mod decode;
mod error;
mod unsigned;

pub use error::TxError;
pub use unsigned::UnsignedTx;
pub(crate) use unsigned::{Defaults, mark};

use alloy::consensus::TxEnvelope;
use alloy::eips::Decodable2718;
use alloy_primitives::{Address, B256, Bytes, U256};
use revm::context::TxEnv;

/// A transaction whose sender is known.
#[derive(Clone, Debug)]
pub(crate) struct Tx {
    pub(crate) hash: B256,
    /// EIP-2718 encoding.
    pub(crate) raw: Bytes,
    /// What executes. `gas_price` holds the most wei per gas that the sender pays.
    pub(crate) env: TxEnv,
}

impl Tx {
    pub(crate) fn from(&self) -> Address {
        self.env.caller
    }

    pub(crate) fn nonce(&self) -> u64 {
        self.env.nonce
    }

    /// The most that the transaction can take from its sender, in wei. None if it does not fit.
    pub(crate) fn max_cost_wei(&self) -> Option<U256> {
        U256::from(self.env.gas_limit)
            .checked_mul(U256::from(self.env.gas_price))?
            .checked_add(self.env.value)
    }

    /// What executes in a block with this base fee. As on Nitro the sender pays the base fee and no tip.
    pub(crate) fn env_at(&self, base_fee_wei: u64) -> TxEnv {
        let mut env = self.env.clone();
        env.gas_price = u128::from(base_fee_wei);
        env.gas_priority_fee = env.gas_priority_fee.map(|_| 0);
        env
    }
}

/// Decodes a transaction that this chain has accepted before. None if the bytes are not one.
pub(crate) fn envelope(raw: &[u8]) -> Option<TxEnvelope> {
    TxEnvelope::decode_2718(&mut &*raw).ok()
}
