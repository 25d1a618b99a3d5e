//! The chain itself, as it lives on its thread: state, blocks, pool, clock.

mod call;
mod dev;
mod estimate;
mod filter;
mod logs;
mod mine;
mod send;
mod snapshot;

pub(crate) use call::{CallError, CallRequest};
pub(crate) use estimate::EstimateError;
pub(crate) use filter::{Changes, FilterError, FilterKind, Filters};
pub(crate) use logs::{LogPosition, LogsError, matching};
pub(crate) use send::SendError;
pub(crate) use snapshot::Snapshot;

use std::{collections::BTreeMap, sync::Arc};

use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy_primitives::{Address, B256, Bytes, U256, map::AddressSet};
use tokio::sync::broadcast;

use crate::{
    accounts::Keys,
    block::{Block, Blocks, HeaderSeed, seal},
    clock::Clock,
    config::{Config, Mining},
    error::Error,
    pool::{Pool, Rules},
    state::{Info, StateTrie, View, World},
    vm::{ARBOS_PRECOMPILE_CODE, ARBOS_PRECOMPILES, Vm, VmConfig},
};

/// How many events a slow subscriber may be behind before it loses some.
const EVENTS_KEPT: usize = 16_384;

/// What subscribers are told.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A block was mined.
    Block(Arc<Block>),
    /// A transaction was accepted.
    Pending(B256),
}

/// What can change while the chain runs and what a snapshot brings back, besides state and blocks.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) chain_id: u64,
    pub(crate) base_fee_wei: u64,
    pub(crate) block_gas_limit: u64,
    pub(crate) coinbase: Address,
    pub(crate) clock: Clock,
    /// Accounts in whose name anyone may send.
    pub(crate) impersonated: AddressSet,
    pub(crate) impersonate_all: bool,
}

/// The chain. It does one thing at a time.
pub(crate) struct Node {
    pub(crate) config: Config,
    pub(crate) settings: Settings,
    pub(crate) keys: Keys,
    pub(crate) world: World,
    pub(crate) trie: StateTrie,
    pub(crate) blocks: Blocks,
    pub(crate) pool: Pool,
    pub(crate) vm: Vm,
    pub(crate) mining: Mining,
    pub(crate) snapshots: BTreeMap<u64, Snapshot>,
    pub(crate) next_snapshot: u64,
    pub(crate) filters: Filters,
    pub(crate) events: broadcast::Sender<Event>,
}

impl Node {
    /// A chain with its first block.
    pub(crate) fn new(config: Config, keys: Keys) -> Result<Self, Error> {
        let settings = Settings {
            chain_id: config.chain_id,
            base_fee_wei: config.base_fee_wei,
            block_gas_limit: config.block_gas_limit,
            coinbase: config.coinbase,
            clock: Clock::new(config.time),
            impersonated: AddressSet::default(),
            impersonate_all: false,
        };
        let mut world = genesis_world(&config, &keys);
        let mut trie = StateTrie::default();
        let state_root = trie.catch_up(&mut world);
        let seed = settings.header_seed(B256::ZERO, 0, settings.clock.genesis_s());
        let blocks = Blocks::new(seal(seed, state_root, Vec::new()), world.version());
        let mut node = Self {
            vm: new_vm(&config, &keys)?,
            mining: config.mining,
            events: broadcast::Sender::new(EVENTS_KEPT),
            pool: Pool::default(),
            snapshots: BTreeMap::new(),
            next_snapshot: 1,
            filters: Filters::default(),
            config,
            settings,
            keys,
            world,
            trie,
            blocks,
        };
        if let Some(path) = node.config.load.clone() {
            node.load_file(&path)?;
        }
        Ok(node)
    }

    /// The state as it is now.
    pub(crate) fn latest(&self) -> View<'_> {
        View {
            world: &self.world,
            blocks: &self.blocks,
            version: u64::MAX,
        }
    }

    /// The state after block `number`. None if that block is not there; an error if its state was forgotten.
    pub(crate) fn state_after(&self, number: u64) -> Option<Result<View<'_>, StateForgotten>> {
        if number == self.blocks.height() {
            return Some(Ok(self.latest()));
        }
        let version = self.blocks.version(number)?;
        if version < self.world.oldest_version() {
            return Some(Err(StateForgotten { block: number }));
        }
        Some(Ok(View {
            world: &self.world,
            blocks: &self.blocks,
            version,
        }))
    }

    /// The number of the block that `id` names; none for the head.
    pub(crate) fn resolve(&self, id: Option<BlockId>) -> Option<u64> {
        self.blocks
            .resolve(id.unwrap_or(BlockId::Number(BlockNumberOrTag::Latest)))
    }

    /// What the chain asks of a transaction now.
    pub(crate) fn rules(&self) -> Rules {
        Rules {
            chain_id: self.settings.chain_id,
            base_fee_wei: self.settings.base_fee_wei,
            tx_gas_cap: self.config.tx_gas_cap,
            block_gas_limit: self.settings.block_gas_limit,
        }
    }

    /// Whether transactions may be sent in this account's name without its key.
    pub(crate) fn impersonates(&self, address: Address) -> bool {
        self.settings.impersonate_all || self.settings.impersonated.contains(&address)
    }

    /// Brings the chain back to its head after a panic left work half done. What waits is dropped: mining it again could
    /// panic again.
    pub(crate) fn recover(&mut self) {
        let version = self
            .blocks
            .version(self.blocks.height())
            .unwrap_or_default();
        let _reachable = self.world.undo_to(version);
        self.trie = StateTrie::rebuilt(&mut self.world);
        self.pool.clear();
        if let Ok(vm) = new_vm(&self.config, &self.keys) {
            self.vm = vm;
        }
    }
}

/// The state after a block is no longer kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the state after block {block} is not kept any more; the chain was configured to keep only the newest states"
)]
pub(crate) struct StateForgotten {
    block: u64,
}

impl Settings {
    /// The header of a block on top of `parent_hash`.
    pub(crate) fn header_seed(
        &self,
        parent_hash: B256,
        number: u64,
        timestamp_s: u64,
    ) -> HeaderSeed {
        HeaderSeed {
            parent_hash,
            number,
            timestamp_s,
            beneficiary: self.coinbase,
            gas_limit: self.block_gas_limit,
            base_fee_wei: self.base_fee_wei,
            // As on Nitro, where neither carries randomness.
            prevrandao: B256::with_last_byte(1),
            difficulty: U256::ONE,
        }
    }
}

fn genesis_world(config: &Config, keys: &Keys) -> World {
    let mut world = World::default();
    world.open_version();
    for address in keys.addresses() {
        world.set_info(
            address,
            Info {
                balance: config.balance,
                ..Info::default()
            },
        );
    }
    let code_hash = world.add_code(Bytes::from_static(&ARBOS_PRECOMPILE_CODE));
    for address in ARBOS_PRECOMPILES {
        let info = Info {
            code_hash,
            ..Info::default()
        };
        world.set_info(address, info);
    }
    for account in &config.genesis {
        let code_hash = world.add_code(account.code.clone());
        world.set_info(
            account.address,
            Info {
                nonce: account.nonce,
                balance: account.balance,
                code_hash,
            },
        );
        for (slot, value) in &account.storage {
            world.set_slot(account.address, *slot, *value);
        }
    }
    world
}

// The dev accounts may keep programs cached, as the owner of a real chain may.
fn new_vm(config: &Config, keys: &Keys) -> Result<Vm, Error> {
    Ok(Vm::new(VmConfig {
        native_code_dir: config.native_code_dir.clone(),
        network_fee_account: config.coinbase,
        cache_managers: keys.addresses(),
    })?)
}
