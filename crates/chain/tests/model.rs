//! Random operations on the chain and on a simple model give equal balances, at the head and in the past.

mod common;

use std::collections::BTreeMap;

use alloy::{
    eips::BlockId,
    primitives::{Address, U256},
    providers::Provider,
};
use common::start;
use proptest::prelude::*;
use weir_chain::{Chain, UnsignedTx};

const BASE_FEE_WEI: u64 = 100_000_000;
const TRANSFER_GAS: u64 = 21_000;
const SLOTS: u64 = 3;

#[derive(Clone, Debug)]
enum Op {
    Transfer { from: usize, to: usize, wei: u64 },
    Batch(Vec<(usize, usize, u64)>),
    SetBalance { who: usize, wei: u64 },
    SetSlot { slot: u64, value: u64 },
    Mine,
    Advance(u64),
    Snapshot,
    Revert(usize),
    DumpAndLoad,
}

fn op() -> impl Strategy<Value = Op> {
    let transfer = || (0usize..4, 0usize..4, 0u64..1_000_000);
    prop_oneof![
        4 => transfer().prop_map(|(from, to, wei)| Op::Transfer { from, to, wei }),
        1 => prop::collection::vec(transfer(), 0..5).prop_map(Op::Batch),
        2 => (0usize..4, 1u64 << 60..1 << 62).prop_map(|(who, wei)| Op::SetBalance { who, wei }),
        2 => (0..SLOTS, 0u64..3).prop_map(|(slot, value)| Op::SetSlot { slot, value }),
        1 => Just(Op::Mine),
        1 => (0u64..100).prop_map(Op::Advance),
        2 => Just(Op::Snapshot),
        2 => (0usize..4).prop_map(Op::Revert),
        1 => Just(Op::DumpAndLoad),
    ]
}

/// What the model knows of one moment.
#[derive(Clone, Debug, PartialEq)]
struct World {
    balances: [U256; 4],
    slots: [u64; SLOTS as usize],
    timestamp_s: u64,
}

#[derive(Clone, Debug)]
struct Model {
    now: World,
    /// The state after each block.
    past: Vec<World>,
    snapshots: BTreeMap<u64, (World, usize)>,
}

impl Model {
    fn transfer(&mut self, from: usize, to: usize, wei: u64) {
        let paid = U256::from(wei) + U256::from(BASE_FEE_WEI * TRANSFER_GAS);
        self.now.balances[from] -= paid;
        self.now.balances[to] += U256::from(wei);
    }

    fn mine(&mut self) {
        self.past.push(self.now.clone());
    }

    /// The state changed without a block.
    fn edited(&mut self) {
        *self.past.last_mut().unwrap() = self.now.clone();
    }
}

fn who(index: usize) -> Address {
    Address::repeat_byte(0xa0 + index as u8)
}

/// Its storage is written by hand.
fn notebook() -> Address {
    Address::repeat_byte(0xb0)
}

fn send(from: usize, to: usize, wei: u64) -> UnsignedTx {
    UnsignedTx::new(who(from))
        .to(who(to))
        .value(U256::from(wei))
        .gas_limit(TRANSFER_GAS)
}

fn apply(op: &Op, chain: &Chain, model: &mut Model, folder: &std::path::Path) {
    match op {
        Op::Transfer { from, to, wei } => {
            assert!(chain.send(send(*from, *to, *wei)).wait().unwrap().success);
            model.transfer(*from, *to, *wei);
            model.mine();
        }
        Op::Batch(transfers) => {
            let txs = transfers
                .iter()
                .map(|(from, to, wei)| send(*from, *to, *wei))
                .collect();
            assert!(
                chain
                    .send_batch(txs)
                    .wait()
                    .unwrap()
                    .iter()
                    .all(Result::is_ok)
            );
            for (from, to, wei) in transfers {
                model.transfer(*from, *to, *wei);
            }
            model.mine();
        }
        Op::SetBalance { who: index, wei } => {
            chain
                .set_balance(who(*index), U256::from(*wei))
                .wait()
                .unwrap();
            model.now.balances[*index] = U256::from(*wei);
            model.edited();
        }
        Op::SetSlot { slot, value } => {
            chain
                .set_storage(notebook(), U256::from(*slot), U256::from(*value))
                .wait()
                .unwrap();
            model.now.slots[*slot as usize] = *value;
            model.edited();
        }
        Op::Mine => {
            chain.mine(1).wait().unwrap();
            model.mine();
        }
        Op::Advance(seconds) => {
            chain.advance(*seconds).wait().unwrap();
            model.now.timestamp_s += seconds;
            model.mine();
        }
        Op::Snapshot => {
            let id = chain.snapshot().wait().unwrap();
            model
                .snapshots
                .insert(id, (model.now.clone(), model.past.len()));
        }
        Op::Revert(nth) => {
            let Some((&id, (world, blocks))) = model.snapshots.iter().nth(*nth) else {
                return;
            };
            let (world, blocks) = (world.clone(), *blocks);
            chain.revert(id).wait().unwrap();
            model.snapshots.split_off(&id);
            model.past.truncate(blocks);
            model.now = world;
            model.edited();
        }
        Op::DumpAndLoad => {
            let path = folder.join("chain.state");
            chain.dump(&path).wait().unwrap();
            // Something else in between, which the load must undo.
            chain.set_balance(who(0), U256::ZERO).wait().unwrap();
            chain.mine(3).wait().unwrap();
            chain.load(&path).wait().unwrap();
            model.snapshots.clear();
        }
    }
}

async fn read(chain: &Chain, block: BlockId) -> World {
    let provider = chain.provider();
    let mut world = World {
        balances: [U256::ZERO; 4],
        slots: [0; SLOTS as usize],
        timestamp_s: 0,
    };
    for (index, balance) in world.balances.iter_mut().enumerate() {
        *balance = provider
            .get_balance(who(index))
            .block_id(block)
            .await
            .unwrap();
    }
    for (slot, value) in (0u64..).zip(&mut world.slots) {
        *value = provider
            .get_storage_at(notebook(), U256::from(slot))
            .block_id(block)
            .await
            .unwrap()
            .to();
    }
    world.timestamp_s = provider
        .get_block(block)
        .await
        .unwrap()
        .unwrap()
        .header
        .timestamp;
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(48), ..ProptestConfig::default() })]

    #[test]
    fn the_chain_and_the_model_agree(ops in prop::collection::vec(op(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let chain = start();
        for index in 0..4 {
            chain.set_balance(who(index), U256::from(1u64 << 61)).wait().unwrap();
        }
        let now = World { balances: [U256::from(1u64 << 61); 4], slots: [0; SLOTS as usize], timestamp_s: 1_735_689_600 };
        let mut model = Model { past: vec![now.clone()], now, snapshots: BTreeMap::new() };
        for op in &ops {
            apply(op, &chain, &mut model, folder.path());
            prop_assert_eq!(&runtime.block_on(read(&chain, BlockId::latest())), &model.now, "after {:?}", op);
        }
        for (number, world) in (0u64..).zip(&model.past) {
            prop_assert_eq!(&runtime.block_on(read(&chain, BlockId::number(number))), world, "block {}", number);
        }
        // The root was kept up to date through all of it: a chain built from the dump has the same one.
        let path = folder.path().join("end.state");
        chain.dump(&path).wait().unwrap();
        let rebuilt = start();
        rebuilt.load(&path).wait().unwrap();
        prop_assert_eq!(chain.mine(1).wait().unwrap(), rebuilt.mine(1).wait().unwrap());
    }
}
