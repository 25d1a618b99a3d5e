//! How a chain is set up.

use std::{path::PathBuf, time::Duration};

use alloy_primitives::{Address, Bytes, U256, address};

use crate::{accounts::DevAccounts, clock::Time};

/// When blocks are mined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mining {
    /// Each transaction at once, in a block of its own.
    #[default]
    Instant,
    /// A block per interval of the machine's time, with whatever waits.
    Interval(Duration),
    /// Only when asked.
    Manual,
}

/// An account that exists from the first block on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GenesisAccount {
    /// Its address.
    pub address: Address,
    /// Its balance in wei.
    pub balance: U256,
    /// Its nonce.
    pub nonce: u64,
    /// Its code.
    pub code: Bytes,
    /// Its storage.
    pub storage: Vec<(U256, U256)>,
}

/// What the chain refuses to hold or to answer, so that no request can exhaust it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of an HTTP body or WebSocket message.
    pub request_bytes: usize,
    /// Most bytes of the answers to one batch.
    pub response_bytes: usize,
    /// Most requests in a batch.
    pub batch_requests: usize,
    /// Most logs in one answer.
    pub logs: usize,
    /// Most filters at a time.
    pub filters: usize,
    /// A filter that nobody asks for this long is dropped.
    pub filter_idle: Duration,
    /// Most subscriptions of one connection.
    pub subscriptions: usize,
    /// Most connections at a time.
    pub connections: usize,
    /// Most bytes of an encoded transaction.
    pub tx_bytes: usize,
    /// Most bytes of memory that a trace takes.
    pub trace_bytes: usize,
    /// Most waiting transactions.
    pub pool_txs: usize,
    /// Most bytes of waiting transactions.
    pub pool_bytes: usize,
    /// Most blocks mined by one request.
    pub mined_blocks: u64,
    /// Most snapshots kept; a new one then drops the oldest.
    pub snapshots: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_bytes: 10 << 20,
            response_bytes: 64 << 20,
            batch_requests: 1_000,
            logs: 20_000,
            filters: 10_000,
            filter_idle: Duration::from_secs(300),
            subscriptions: 1_000,
            connections: 1_000,
            tx_bytes: 128 << 10,
            trace_bytes: 32 << 20,
            pool_txs: 200_000,
            pool_bytes: 256 << 20,
            mined_blocks: 100_000,
            snapshots: 100_000,
        }
    }
}

/// Everything that can be chosen about a chain. The default is a local Arbitrum-like chain with ten funded accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Chain id. Default: 412346, that of a Nitro development node.
    pub chain_id: u64,
    /// Accounts whose keys the chain holds.
    pub accounts: DevAccounts,
    /// Balance of each of them, in wei. Default: 10,000 ether.
    pub balance: U256,
    /// Further accounts.
    pub genesis: Vec<GenesisAccount>,
    /// What makes time pass. Default: nothing but the caller.
    pub time: Time,
    /// When blocks are mined. Default: at once.
    pub mining: Mining,
    /// Base fee in wei per gas, the same in every block. Default: 0.1 gwei, Arbitrum's floor.
    pub base_fee_wei: u64,
    /// Gas limit of a block. Default: 2^50, as Nitro's headers say.
    pub block_gas_limit: u64,
    /// Most gas of one transaction. Default: 32 million, as on Nitro.
    pub tx_gas_cap: u64,
    /// Most gas of an `eth_call` or a gas estimate. Default: 50 million, as on Nitro.
    pub call_gas_cap: u64,
    /// Who a block says made it. Default: the address that Nitro gives its sequencer.
    pub coinbase: Address,
    /// How many blocks back the state can be read. None for all.
    pub kept_states: Option<u64>,
    /// What the chain refuses to hold or to answer.
    pub limits: Limits,
    /// A state file to start from, written by [`Chain::dump`](crate::Chain::dump). It brings its own chain id,
    /// blocks and balances; the corresponding fields of this configuration are not used then.
    pub load: Option<PathBuf>,
    /// Directory of compiled native code of Stylus programs, kept between processes.
    pub native_code_dir: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            chain_id: 412_346,
            accounts: DevAccounts::default(),
            balance: U256::from(10_000u64) * U256::from(10u64).pow(U256::from(18u64)),
            genesis: Vec::new(),
            time: Time::default(),
            mining: Mining::default(),
            base_fee_wei: 100_000_000,
            block_gas_limit: 1 << 50,
            tx_gas_cap: 32_000_000,
            call_gas_cap: 50_000_000,
            coinbase: address!("a4b000000000000000000073657175656e636572"),
            kept_states: None,
            limits: Limits::default(),
            load: None,
            native_code_dir: None,
        }
    }
}
