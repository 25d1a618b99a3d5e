//! What a model starts with.

use alloy_primitives::{Address, U256};

use crate::clock::Clock;
use crate::rates::{Bounds, Guard};
use crate::units::WAD;
use crate::vault::Curve;

/// What a model starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The vault's time; the model starts at its genesis.
    pub clock: Clock,
    /// Part of each asset that is kept idle.
    pub idle_target_bps: u16,
    /// Part of a gain above the mark that is taken as a performance fee.
    pub fee_bps: u16,
    /// Fee on instant redemption.
    pub curve: Curve,
    /// How long an increase of an allocation waits, seconds.
    pub increase_delay_s: u64,
    /// What a filing stakes, as a part of the loss that it asks for.
    pub stake_bps: u16,
    /// What an operator must have bonded, as a part of what it puts at risk.
    pub bond_bps: u16,
    /// The assets, in the vault's order.
    pub assets: Vec<AssetConfig>,
    /// Sets parameters.
    pub governor: Address,
    /// Pauses.
    pub guardian: Address,
    /// Allocates.
    pub curator: Address,
}

/// An asset of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssetConfig {
    /// Most that a deposit may raise its total to.
    pub cap: u128,
    /// Part of a deposit that buys no shares.
    pub deposit_fee_bps: u16,
    /// Where its rate comes from; `None`: it is worth one ETH.
    pub source: Option<SourceConfig>,
}

/// A source of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceConfig {
    /// What it answers at first, which is accepted.
    pub rate_wad: u128,
    /// How far it may move.
    pub bounds: Bounds,
    /// What the market guard answers at first.
    pub guard: Guard,
    /// How far the market may be under the rate.
    pub margin_wad: u64,
    /// Who may confirm what is out of bounds.
    pub second: Option<SecondConfig>,
}

/// A second source of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondConfig {
    /// What it answers at first.
    pub rate_wad: u128,
    /// How far it may differ and still agree.
    pub margin_wad: u64,
}

impl Default for Config {
    /// WETH and one LST at 1.15, epochs of 5 days with a grace of 48 hours.
    fn default() -> Self {
        let day_s = 24 * 60 * 60;
        let ether = WAD;
        Self {
            clock: Clock {
                genesis_s: 1_700_000_000,
                epoch_s: 5 * day_s,
                grace_s: 2 * day_s,
            },
            idle_target_bps: 500,
            fee_bps: 0,
            curve: Curve {
                base_bps: 5,
                kink_bps: 30,
                limit_bps: 300,
                kink_value: 300 * ether,
                limit_value: 1_000 * ether,
                window_s: day_s,
            },
            increase_delay_s: 5 * day_s,
            stake_bps: 0,
            bond_bps: 0,
            assets: vec![
                AssetConfig {
                    cap: 1_000_000 * ether,
                    deposit_fee_bps: 0,
                    source: None,
                },
                AssetConfig {
                    cap: 1_000_000 * ether,
                    deposit_fee_bps: 0,
                    source: Some(SourceConfig {
                        rate_wad: 1_150_000_000_000_000_000,
                        bounds: Bounds {
                            max_drop_wad: 50_000_000_000_000_000,
                            max_growth_per_day_wad: 1_000_000_000_000_000,
                        },
                        guard: Guard::Price(U256::from(1_149_000_000_000_000_000u64)),
                        margin_wad: 30_000_000_000_000_000,
                        second: None,
                    }),
                },
            ],
            governor: account(1),
            guardian: account(2),
            curator: account(3),
        }
    }
}

/// The account of a number: its last bytes.
pub const fn account(number: u8) -> Address {
    Address::with_last_byte(number)
}

/// Where locked shares are.
pub const DEAD: Address = Address::new(*b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xde\xad");
/// The vault.
pub const VAULT: Address = Address::new(*b"weir-model--vault---");
/// Has the treasury's part of the fees.
pub const TREASURY: Address = account(80);
/// The tickets' escrow of shares.
pub const EXITS: Address = Address::new(*b"weir-model--exits---");
/// Commission of operators, and their part of the fees.
pub const REWARDS: Address = Address::new(*b"weir-model-rewards--");
/// Bonds and cover, and cover's part of the fees.
pub const CUSHION: Address = Address::new(*b"weir-model--cover---");
