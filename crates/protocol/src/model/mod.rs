//! The whole protocol as one in-memory state machine: vault, tickets, allocator, hub, rates and everybody's tokens.
//!
//! It runs the very operations that the contracts run, on tables instead of storage slots. [`Model::apply`] does what
//! a transaction does: a refused call leaves no trace. [`generate`] makes stories of adversarial calls, the same ones for
//! the same seed.
//!
//! ```
//! use weir_protocol::model::{Call, Config, Model, Op, account};
//! use weir_protocol::units::WAD;
//! use weir_protocol::vault::DepositLimits;
//!
//! let alice = account(10);
//! let mut model = Model::new(&Config::default())?;
//! model.give(0, alice, 5 * WAD);
//! let call = Call::Deposit { asset: 0, amount: 5 * WAD, receiver: alice, limits: DepositLimits::NONE };
//! model.apply(&Op { caller: alice, call })?;
//! // The first deposit locks a thousandth of a share for ever.
//! assert_eq!(model.shares_of(alice), 5 * WAD - WAD / 1_000);
//! # Ok::<(), weir_protocol::model::ModelError>(())
//! ```

mod allot;
mod apply;
mod config;
mod first_loss;
#[allow(
    clippy::arithmetic_side_effects,
    reason = "guesses numbers to try, handles none of anybody's money"
)]
pub mod generate;
pub mod kept;
mod kind;
mod op;
mod random;
mod rewards;
mod state;
mod stores;
mod table;
pub mod text;
mod what_if;

use alloy_primitives::{Address, U256};

pub use config::{
    AssetConfig, CUSHION, Config, DEAD, EXITS, REWARDS, SecondConfig, SourceConfig, TREASURY,
    VAULT, account,
};
pub use op::{Call, Kind, ModelError, Op, Outcome};
pub use random::Random;
pub use state::State;
pub use stores::{Notice, VaultWords};
pub use table::{Accesses, Table};
pub use what_if::Cost;

use crate::allocator::{self, AllocatorKey};
use crate::cover::{self, CoverKey};
use crate::exits::TicketKey;
use crate::hub::HubKey;
use crate::rates::{self, Accepted, Bounds, Guard};
use crate::rewards::RewardsKey;
use crate::units::MAX_ASSETS;
use crate::vault::{self, Quote, Quotes, RateState, VaultConfig};

/// The protocol and the world around it.
#[derive(Clone, Debug)]
pub struct Model {
    config: Config,
    now_s: u64,
    vault: VaultWords,
    tickets: Table<TicketKey, U256>,
    allocator: Table<AllocatorKey, U256>,
    hub: Table<HubKey, U256>,
    cover: Table<CoverKey, U256>,
    rewards: Table<RewardsKey, U256>,
    /// Accepted rates, as words.
    rates: Table<u8, U256>,
    /// Balances of shares.
    shares: Table<Address, u128>,
    /// Balances of the assets.
    tokens: Table<(u8, Address), u128>,
    feeds: Vec<Feed>,
}

/// What the world answers about an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Feed {
    bounds: Bounds,
    answer: Option<U256>,
    guard: Guard,
    margin_wad: u64,
    second: Option<Second>,
    has_source: bool,
    broken: bool,
}

/// What a second source answers, and how far it may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Second {
    answer: Option<U256>,
    margin_wad: u64,
}

impl Model {
    /// A vault without deposits at the start of its first epoch.
    pub fn new(config: &Config) -> Result<Self, ModelError> {
        let now_s = config.clock.genesis_s;
        let mut model = Self {
            config: config.clone(),
            now_s,
            vault: VaultWords::default(),
            tickets: Table::default(),
            allocator: Table::default(),
            hub: Table::default(),
            cover: Table::default(),
            rewards: Table::default(),
            rates: Table::default(),
            shares: Table::default(),
            tokens: Table::default(),
            feeds: Vec::new(),
        };
        vault::initialise(
            &mut model.vault,
            now_s,
            &VaultConfig {
                clock: config.clock,
                idle_target_bps: config.idle_target_bps,
                fee_bps: config.fee_bps,
            },
        )?;
        vault::set_curve(&mut model.vault, now_s, &config.curve)?;
        allocator::initialise(&mut model.allocator, config.increase_delay_s)?;
        let Config {
            clock,
            stake_bps,
            bond_bps,
            ..
        } = *config;
        cover::initialise(&mut model.cover, &clock, stake_bps, bond_bps)?;
        for asset in &config.assets {
            let index = vault::list_asset(&mut model.vault, asset.cap, asset.deposit_fee_bps)?;
            let source = asset.source;
            model.feeds.push(Feed {
                bounds: source.map(|source| source.bounds).unwrap_or_default(),
                answer: source.map(|source| U256::from(source.rate_wad)),
                guard: source.map_or(Guard::Absent, |source| source.guard),
                margin_wad: source.map_or(0, |source| source.margin_wad),
                second: source
                    .and_then(|source| source.second)
                    .map(|second| Second {
                        answer: Some(U256::from(second.rate_wad)),
                        margin_wad: second.margin_wad,
                    }),
                has_source: source.is_some(),
                broken: false,
            });
            if let Some(source) = source {
                source.bounds.check()?;
                let accepted = rates::accept(source.rate_wad, now_s)?;
                model.set_accepted(index, accepted)?;
            }
        }
        model.commit();
        Ok(model)
    }

    /// Gives `amount` of `asset` to `account` out of nowhere.
    pub fn give(&mut self, asset: u8, account: Address, amount: u128) {
        let balance = self.tokens_of(asset, account).saturating_add(amount);
        self.tokens.save((asset, account), balance);
        self.tokens.commit();
    }

    /// What it started with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The time, Unix seconds.
    pub fn now_s(&self) -> u64 {
        self.now_s
    }

    /// Shares of `account`, those in tickets not counted.
    pub fn shares_of(&self, account: Address) -> u128 {
        self.shares.load(account)
    }

    /// Everybody's shares; the escrow of the tickets and the locked ones are accounts too.
    pub fn holders(&self) -> impl Iterator<Item = (Address, u128)> + '_ {
        self.shares.entries()
    }

    /// Tokens of `account`.
    pub fn tokens_of(&self, asset: u8, account: Address) -> u128 {
        self.tokens.load((asset, account))
    }

    /// Everybody's tokens.
    pub fn balances(&self) -> impl Iterator<Item = ((u8, Address), u128)> + '_ {
        self.tokens.entries()
    }

    /// The vault's words.
    pub fn vault(&self) -> &VaultWords {
        &self.vault
    }

    /// The tickets' words.
    pub fn tickets(&self) -> &Table<TicketKey, U256> {
        &self.tickets
    }

    /// The allocator's words.
    pub fn allocator(&self) -> &Table<AllocatorKey, U256> {
        &self.allocator
    }

    /// The hub's words.
    pub fn hub(&self) -> &Table<HubKey, U256> {
        &self.hub
    }

    /// The words of bonds and cover.
    pub fn cover(&self) -> &Table<CoverKey, U256> {
        &self.cover
    }

    /// The words of the rewards.
    pub fn rewards(&self) -> &Table<RewardsKey, U256> {
        &self.rewards
    }

    /// The steps of the sync in the last call.
    pub fn notices(&self) -> &[Notice] {
        self.vault.notices()
    }

    /// How often storage was asked and told, ever: vault, tickets, allocator, hub, cover and rewards together.
    pub fn accesses(&self) -> Accesses {
        let mut sum = Accesses::default();
        for part in [
            self.vault.accesses(),
            self.tickets.accesses(),
            self.allocator.accesses(),
            self.hub.accesses(),
            self.cover.accesses(),
            self.rewards.accesses(),
        ] {
            sum.loads = sum.loads.wrapping_add(part.loads);
            sum.saves = sum.saves.wrapping_add(part.saves);
        }
        sum
    }

    /// Whether both would answer every call alike, now and later.
    pub fn same_as(&self, other: &Self) -> bool {
        self.now_s == other.now_s
            && self.feeds == other.feeds
            && self.vault.same_as(&other.vault)
            && self.tickets.same_as(&other.tickets)
            && self.allocator.same_as(&other.allocator)
            && self.hub.same_as(&other.hub)
            && self.cover.same_as(&other.cover)
            && self.rewards.same_as(&other.rewards)
            && self.rates.same_as(&other.rates)
            && self.shares.same_as(&other.shares)
            && self.tokens.same_as(&other.tokens)
    }

    /// What the rates contract would answer now, and what it would keep.
    pub fn quotes(&self) -> (Quotes, [Accepted; MAX_ASSETS]) {
        let mut quotes = Quotes::default();
        let mut kept = [Accepted::default(); MAX_ASSETS];
        let rows = self.feeds.iter().zip(quotes.iter_mut().zip(&mut kept));
        for (asset, (feed, (quote, kept))) in (0u8..).zip(rows) {
            if !feed.has_source {
                *quote = Quote::fresh(crate::units::WAD);
                continue;
            }
            let accepted = Accepted::from_word(self.rates.load(asset));
            let mut seen = rates::observe(accepted, &feed.bounds, feed.answer, self.now_s);
            if let Some(second) = feed.second {
                seen = rates::confirm(seen, second.answer, second.margin_wad, self.now_s);
            }
            let rate_wad = u128::from(seen.accepted.rate_wad);
            *kept = seen.accepted;
            *quote = Quote {
                rate_wad,
                low_wad: seen.low_wad,
                credit_wad: rates::credit(rate_wad, feed.guard, feed.margin_wad),
                state: seen.state,
            };
        }
        (quotes, kept)
    }

    /// The accepted rate of an asset, as it was last kept.
    pub fn accepted(&self, asset: u8) -> Accepted {
        Accepted::from_word(self.rates.load(asset))
    }

    /// The worst state of the rates of all assets.
    pub fn rate_state(&self) -> RateState {
        let (quotes, _) = self.quotes();
        quotes
            .iter()
            .take(self.feeds.len())
            .map(|quote| quote.state)
            .max_by_key(|state| *state as u8)
            .unwrap_or_default()
    }

    fn set_accepted(&mut self, asset: u8, accepted: Accepted) -> Result<(), ModelError> {
        let word = accepted.to_word().ok_or(vault::VaultError::Overflow)?;
        self.rates.save(asset, word);
        Ok(())
    }

    fn commit(&mut self) {
        self.vault.commit();
        self.tickets.commit();
        self.allocator.commit();
        self.hub.commit();
        self.cover.commit();
        self.rewards.commit();
        self.rates.commit();
        self.shares.commit();
        self.tokens.commit();
    }

    fn roll_back(&mut self) {
        self.vault.roll_back();
        self.tickets.roll_back();
        self.allocator.roll_back();
        self.hub.roll_back();
        self.cover.roll_back();
        self.rewards.roll_back();
        self.rates.roll_back();
        self.shares.roll_back();
        self.tokens.roll_back();
    }
}
