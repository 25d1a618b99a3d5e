//! Transactions sent in somebody's name without a signature.

use alloy::{
    consensus::{SignableTransaction, TxEip1559, TxEnvelope},
    eips::Encodable2718,
};
use alloy_primitives::{Address, Bytes, Signature, TxKind, U256, keccak256};

use super::{Tx, decode::env_of};

/// A transaction in the name of any account, without its key.
///
/// ```
/// use weir_chain::{UnsignedTx, primitives::{Address, U256}};
/// let (alice, bob) = (Address::repeat_byte(1), Address::repeat_byte(2));
/// let gift = UnsignedTx::new(alice).to(bob).value(U256::from(5));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsignedTx {
    /// Sender.
    pub from: Address,
    /// Recipient, or a creation.
    pub to: TxKind,
    /// Wei sent along.
    pub value: U256,
    /// Call data, or creation code.
    pub data: Bytes,
    /// Gas limit; none for the most that a transaction may have.
    pub gas_limit: Option<u64>,
    /// Nonce; none for the sender's next one.
    pub nonce: Option<u64>,
}

impl UnsignedTx {
    /// A creation with empty code, to be filled in with the methods below.
    pub fn new(from: Address) -> Self {
        Self {
            from,
            to: TxKind::Create,
            value: U256::ZERO,
            data: Bytes::new(),
            gas_limit: None,
            nonce: None,
        }
    }

    /// Sends to `to`.
    #[must_use]
    pub fn to(mut self, to: Address) -> Self {
        self.to = TxKind::Call(to);
        self
    }

    /// Sends `value` wei along.
    #[must_use]
    pub fn value(mut self, value: U256) -> Self {
        self.value = value;
        self
    }

    /// Sends `data`, or creates a contract with it as creation code.
    #[must_use]
    pub fn data(mut self, data: impl Into<Bytes>) -> Self {
        self.data = data.into();
        self
    }

    /// Uses at most `gas` gas.
    #[must_use]
    pub fn gas_limit(mut self, gas: u64) -> Self {
        self.gas_limit = Some(gas);
        self
    }
}

/// What an unsigned transaction takes from the chain it is sent on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Defaults {
    pub(crate) chain_id: u64,
    pub(crate) nonce: u64,
    pub(crate) gas_limit: u64,
    pub(crate) max_fee_wei: u128,
}

impl Tx {
    /// Fills in an unsigned transaction. It becomes an EIP-1559 transaction, signed with a mark instead of a signature.
    pub(crate) fn unsigned(tx: UnsignedTx, defaults: Defaults) -> Self {
        let from = tx.from;
        let typed = TxEip1559 {
            chain_id: defaults.chain_id,
            nonce: tx.nonce.unwrap_or(defaults.nonce),
            gas_limit: tx.gas_limit.unwrap_or(defaults.gas_limit),
            max_fee_per_gas: defaults.max_fee_wei,
            max_priority_fee_per_gas: 0,
            to: tx.to,
            value: tx.value,
            access_list: Default::default(),
            input: tx.data,
        };
        let env = env_of(&typed, from);
        let signed = TxEnvelope::Eip1559(typed.into_signed(mark(from)));
        let raw = Bytes::from(signed.encoded_2718());
        Self {
            hash: keccak256(&raw),
            raw,
            env,
        }
    }
}

/// Stands where a signature would. It holds the sender, so that equal transactions of two senders differ in their
/// hash, and no key makes it.
pub(crate) fn mark(from: Address) -> Signature {
    Signature::new(U256::from_be_slice(from.as_slice()), U256::ONE, false)
}
