//! The model and the contracts, side by side.
//!
//! A [`Twin`] applies each call to `weir_protocol::model` and, as a transaction, to the real contracts on a chain. After each
//! step both must have done or refused the same, with the same numbers in their answers, errors and events, and hold the same state to the wei:
//! every storage word of vault, exits, allocator, cover and rewards (what changed after each step, all of them every so many), every balance, the rates, the requests of the hub, and a ledger rebuilt from
//! events alone.

mod answer;
mod first_loss;
mod refusal;
mod rewards;
mod send;
mod state;
mod what_if;

use std::collections::HashMap;

use alloy_primitives::{Address, U256};
use weir_abi::{IHub, IVault};
use weir_protocol::model::{
    Config, Model, Op, account,
    generate::{HOLDERS, OPERATORS, opening},
};

use crate::{actors, refusal::Refusal, stage::Receipt, world::World};

/// For so long no program needs another activation: a year, less a day as the chain counts hours.
const SERVICE_S: u64 = 364 * 24 * 60 * 60;

/// The model and the contracts in the same state.
#[derive(Debug)]
pub struct Twin {
    /// The model.
    pub model: Model,
    /// The contracts.
    pub world: World,
    /// The ledger as `LedgerChanged` told it, by asset and part of its row.
    rows: HashMap<(u8, u8), [U256; 2]>,
    /// The model's words at the last comparison, by contract; those that are zero again too.
    known: HashMap<Address, HashMap<U256, U256>>,
    steps: u64,
    /// When programs may soon need another activation, Unix seconds.
    serves_until_s: HashMap<Address, u64>,
}

impl Twin {
    /// Both at the start of stories in this world.
    pub fn new(config: &Config) -> Self {
        let model = opening(config).expect("a story's world is valid");
        let bonders: Vec<Address> = HOLDERS.into_iter().chain([actors::STRANGER]).collect();
        // The model lets anybody opt in to a service, the hub only those who registered.
        let operators: Vec<Address> = OPERATORS
            .into_iter()
            .chain(bonders.iter().copied())
            .collect();
        Self::of(model, &operators, &bonders)
    }

    /// Both as `model` is, to which nothing has happened yet but gifts of tokens; `operators` are registered, and `bonders` let
    /// bonds and cover take the shares that they bring, for which the model needs no allowance.
    pub fn of(model: Model, operators: &[Address], bonders: &[Address]) -> Self {
        let world = World::new(model.config());
        for ((asset, holder), amount) in model.balances() {
            world.give(asset.into(), holder, amount);
        }
        for bonder in bonders {
            world.let_cover_take(*bonder);
        }
        for operator in operators {
            let call = IHub::registerOperatorCall { signer: account(1) };
            world.done(*operator, world.at.hub, &call);
        }
        Self {
            model,
            world,
            rows: HashMap::new(),
            known: HashMap::new(),
            steps: 0,
            serves_until_s: HashMap::new(),
        }
    }

    /// Applies a call to both and compares everything.
    ///
    /// # Panics
    /// They differ.
    pub fn step(&mut self, op: &Op) {
        let expected = self.model.apply(op);
        let sent = self.send(op);
        self.keep_programs();
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
        self.compare_state(false);
    }

    /// Compares everything that model and contracts keep, as at the end of a story.
    ///
    /// # Panics
    /// They differ.
    pub fn finish(&mut self) {
        self.compare_state(true);
    }

    /// Takes programs into service again whose year is over, as anybody may.
    fn keep_programs(&mut self) {
        let now_s = self.world.stage.now_s();
        let genesis_s = self.model.config().clock.genesis_s;
        let programs = self.world.at.all();
        for program in programs.into_iter().chain([self.world.weth()]) {
            let until_s = self
                .serves_until_s
                .entry(program)
                .or_insert(genesis_s + SERVICE_S);
            if now_s >= *until_s && self.world.stage.activate(program) {
                *until_s = now_s + SERVICE_S;
            }
        }
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
