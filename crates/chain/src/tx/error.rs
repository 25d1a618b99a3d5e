//! Why a transaction is refused, in the words of geth and Nitro.

use alloy_primitives::{Address, U256};

/// Why a transaction was not accepted. Texts follow geth's, since clients match on them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TxError {
    /// The bytes are not a transaction.
    #[error("malformed transaction: {0}")]
    Malformed(String),
    /// A type this chain does not take.
    #[error("transaction type not supported: type {0}; this chain takes types 0, 1, 2 and 4")]
    Type(u8),
    /// More bytes than a transaction may have.
    #[error("oversized data: transaction size {size}, limit {limit}")]
    Oversized {
        /// Bytes of the encoded transaction.
        size: usize,
        /// Most bytes that a transaction may have.
        limit: usize,
    },
    /// The signature names no sender.
    #[error("invalid sender: {0}")]
    Signature(&'static str),
    /// Signed for another chain.
    #[error("invalid chain id for signer: have {have} want {want}")]
    ChainId {
        /// Chain id in the transaction.
        have: u64,
        /// This chain's id.
        want: u64,
    },
    /// The nonce was used already.
    #[error("nonce too low: next nonce {next}, tx nonce {nonce}")]
    NonceTooLow {
        /// The sender's next nonce.
        next: u64,
        /// Nonce of the transaction.
        nonce: u64,
    },
    /// The nonce is not the next one, where only the next one will do.
    #[error("nonce too high: next nonce {next}, tx nonce {nonce}")]
    NonceTooHigh {
        /// The sender's next nonce.
        next: u64,
        /// Nonce of the transaction.
        nonce: u64,
    },
    /// The nonce cannot be followed by another.
    #[error("nonce has max value: address {0}")]
    NonceMax(Address),
    /// The sender cannot pay for it.
    #[error(
        "insufficient funds for gas * price + value: address {address} have {have} want {want}"
    )]
    Funds {
        /// The sender.
        address: Address,
        /// Its balance in wei.
        have: U256,
        /// What the transaction may cost at most, in wei.
        want: U256,
    },
    /// Gas limit, fee and value exceed what can be counted.
    #[error("the cost of the transaction does not fit 256 bits")]
    CostOverflow,
    /// Less gas than the transaction costs before it begins.
    #[error("intrinsic gas too low: gas {gas}, minimum needed {needed}")]
    IntrinsicGas {
        /// Gas limit of the transaction.
        gas: u64,
        /// What it costs before it begins.
        needed: u64,
    },
    /// The gas limit is above what one transaction may use.
    #[error("transaction gas limit too high (cap: {cap}, tx: {gas})")]
    GasCap {
        /// Gas limit of the transaction.
        gas: u64,
        /// Most gas that a transaction may have.
        cap: u64,
    },
    /// The gas limit is above the block's.
    #[error("exceeds block gas limit: gas {gas}, block gas limit {limit}")]
    BlockGas {
        /// Gas limit of the transaction.
        gas: u64,
        /// Gas limit of a block.
        limit: u64,
    },
    /// The fee does not cover the base fee.
    #[error(
        "max fee per gas less than block base fee: address {address}, maxFeePerGas: {max_fee_wei}, baseFee: {base_fee_wei}"
    )]
    Underpriced {
        /// The sender.
        address: Address,
        /// Most wei per gas that the sender pays.
        max_fee_wei: u128,
        /// Base fee in wei per gas.
        base_fee_wei: u64,
    },
    /// A tip above the whole fee.
    #[error(
        "max priority fee per gas higher than max fee per gas: address {address}, maxPriorityFeePerGas: {tip_wei}, maxFeePerGas: {max_fee_wei}"
    )]
    TipAboveFee {
        /// The sender.
        address: Address,
        /// Tip in wei per gas.
        tip_wei: u128,
        /// Most wei per gas that the sender pays.
        max_fee_wei: u128,
    },
    /// Creation code above the limit of EIP-3860.
    #[error("max initcode size exceeded: code size {size}, limit {limit}")]
    InitCode {
        /// Bytes of creation code.
        size: usize,
        /// Most bytes allowed.
        limit: usize,
    },
    /// The sender is a contract (EIP-3607).
    #[error("sender not an eoa: address {0}")]
    SenderHasCode(Address),
    /// An EIP-7702 transaction without authorizations.
    #[error("EIP-7702 transaction with empty auth list")]
    NoAuthorizations,
    /// The same transaction is in the pool or mined.
    #[error("already known")]
    Known,
    /// A transaction with that nonce waits and the new one pays less than 10 % more.
    #[error("replacement transaction underpriced")]
    Replacement,
    /// The pool holds as much as it may.
    #[error("txpool is full: {txs} transactions of {bytes} bytes wait")]
    PoolFull {
        /// Waiting transactions.
        txs: usize,
        /// Their bytes.
        bytes: usize,
    },
    /// Refused by the interpreter.
    #[error("invalid transaction: {0}")]
    Invalid(String),
}
