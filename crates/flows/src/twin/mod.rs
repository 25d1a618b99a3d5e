//! The model and the contracts, side by side.
//!
//! A [`Twin`] applies each call to `weir_protocol::model` and, as a transaction, to the real contracts on a chain. After each
//! step both must have done or refused the same, with the same numbers in their answers, errors and events, and hold the same state to the wei:
//! every storage word of vault, exits and allocator, every balance, the rates, the requests of the hub, and a ledger rebuilt from
//! events alone.

mod answer;
mod refusal;
mod send;
mod state;

use std::collections::{HashMap, HashSet};

use alloy_primitives::{Address, U256};
use weir_abi::{IHub, IVault};
use weir_protocol::{
    model::{
        Config, Model, Op, account,
        generate::{GIFT, HOLDERS, OPERATORS, opening},
    },
    vault::VaultKey,
};

use crate::{actors, refusal::Refusal, stage::Receipt, world::World};

/// The model and the contracts in the same state.
#[derive(Debug)]
pub struct Twin {
    /// The model.
    pub model: Model,
    /// The contracts.
    pub world: World,
    /// The ledger as `LedgerChanged` told it, by asset and part of its row.
    rows: HashMap<(u8, u8), [U256; 2]>,
    /// Words that were not zero once, by contract.
    known: HashSet<(Address, U256)>,
    steps: u64,
}

impl Twin {
    /// Both at the start of stories in this world.
    pub fn new(config: &Config) -> Self {
        let model = opening(config).expect("a story's world is valid");
        let world = World::new(config);
        for asset in 0..config.assets.len() {
            for holder in HOLDERS {
                world.give(asset, holder, GIFT);
            }
        }
        // The model lets anybody opt in to a service, the hub only those who registered.
        for operator in OPERATORS
            .into_iter()
            .chain(HOLDERS)
            .chain([actors::STRANGER])
        {
            world.done(
                operator,
                world.at.hub,
                &IHub::registerOperatorCall { signer: account(1) },
            );
        }
        let rows = HashMap::new();
        Self {
            model,
            world,
            rows,
            known: HashSet::new(),
            steps: 0,
        }
    }

    /// Applies a call to both and compares everything.
    ///
    /// # Panics
    /// They differ.
    pub fn step(&mut self, op: &Op) {
        let expected = self.model.apply(op);
        let sent = self.send(op);
        self.steps += 1;
        match (&expected, sent) {
            (_, None) => {}
            (Ok(outcome), Some(Ok(receipt))) => {
                self.follow(&receipt);
                self.compare_answer(outcome, &receipt);
                self.compare_notices(&receipt);
            }
            (Err(error), Some(Err(refusal))) => self.compare_refusal(op, error, &refusal),
            (Ok(outcome), Some(Err(refusal))) => {
                panic!("the model did {outcome:?}, the contracts refused: {refusal:?}")
            }
            (Err(error), Some(Ok(_))) => {
                panic!("the model refused: {error:?}, the contracts did it")
            }
        }
        self.compare_state();
    }

    /// Rebuilds the ledger from events.
    fn follow(&mut self, receipt: &Receipt) {
        for event in receipt.events::<IVault::LedgerChanged>(self.world.at.vault) {
            self.rows
                .insert((event.asset, event.part), [event.first, event.second]);
        }
    }

    fn token(&self, asset: u8) -> Address {
        // A token that nobody listed stands for an index that no asset has.
        let asset = self.world.assets.get(usize::from(asset));
        asset.map_or(Address::repeat_byte(0xee), |asset| asset.token)
    }
}

type Sent = Option<Result<Receipt, Refusal>>;

/// Words of the vault as slots.
fn slot_of((key, word): (VaultKey, U256)) -> (U256, U256) {
    (key.slot(), word)
}
