//! The vault: ledger, rate, epochs, exit batches, instant redemption and what a slash takes.
//!
//! One operation per file. Every operation but [`sync`](fn@sync) assumes that `sync` has just answered `done` for the same
//! time; a caller does that first, burns the shares it names, and rolls the store back if anything is refused.
//!
//! Symbols, per asset i, used by every file:
//!
//! | symbol | code | meaning |
//! | --- | --- | --- |
//! | `idle_i`, `staked_i` | [`Balance`] | in the vault; securing services |
//! | `u_i[e mod 2]` | [`VaultKey::Unbonding`] | unstaked as of epoch e, slashable until its maturity |
//! | `B_i` | | `staked_i + u_i[0] + u_i[1]`: what a slash reaches |
//! | `T_i` | [`Ledger::total`] | `idle_i + B_i`: what counts in the NAV |
//! | `ℓ_{r,i}`, `h_{r,i}` | [`Loss`] | what request r takes; what exits left for it (*held*) |
//! | `c_{r,i}`, `c_i` | [`Aside::contested`] | `ℓ_{r,i} − h_{r,i}`; its sum over undecided r |
//! | `S`, `supply` | [`Batch`], [`Head::supply`] | shares of a batch; all shares |
//! | `k_r` | [`Cushion::open`] | shares of bonds and cover locked for request r, that no exit took along |
//! | `Δ`, `M` | [`Contest::delta`], [`VaultKey::Capacity`] | magnitude of a slash; the allocator's capacity |

mod admin;
mod caps;
mod contest;
mod cushion;
mod delist;
mod deposit;
mod dequeue;
mod drip;
mod enqueue;
mod error;
mod execute;
mod fee;
mod health;
mod key;
mod ledger;
mod lift;
mod overlay;
mod performance;
mod pull;
mod quote;
mod ratios;
mod rebalance;
mod records;
mod redeem;
mod release;
mod reserve;
mod retire;
mod settle;
mod store;
mod stream;
mod sync;
mod valuation;
mod what_if;

pub use admin::{
    Pause, VaultConfig, initialise, pause, set_curve, set_deposit_fee, set_idle_target,
};
pub use caps::{FIRST_CAP_BPS, list_asset, rises, set_cap};
pub use contest::{ContestSummary, contest};
pub use cushion::{cushion, set_burnable, worth};
pub use delist::{delist, pocket};
pub use deposit::{DepositLimits, DepositSummary, deposit, preview_deposit};
pub use dequeue::dequeue;
pub use enqueue::{EnqueueSummary, enqueue};
pub use error::VaultError;
pub use execute::{ExecuteSummary, execute};
pub use fee::{marginal_fee_bps_wei, net_outflow};
pub use health::{Health, health};
pub use key::VaultKey;
pub use ledger::{Ledger, ledger};
pub use lift::{LiftSummary, lift};
pub use overlay::Overlay;
pub use performance::{Collected, Fee, accrue, collect_fees, set_fee, set_fee_split};
pub use pull::pull;
pub use quote::{Quote, Quotes, RateState};
pub use ratios::{Coverage, backing_ratio_wad, coverage};
pub use records::{
    Aside, AssetTerms, Balance, Batch, Contest, Curve, Cushion, Debt, FeeSplit, Flow, Head, Loss,
    Performance, Settings, Verdict,
};
pub use redeem::{RedeemLimits, RedeemSummary, preview_redeem, redeem};
pub use release::{
    ReleaseSummary, Released, burn_released, keep_owed, releasable, release, released,
    vest_released,
};
pub use retire::{RETIRED_BELOW, Retirement, retire};
pub use settle::Settled;
pub use store::{Ids, VaultStore};
pub use stream::{
    MAX_STREAM_EPOCHS, MAX_STREAM_S, MIN_STREAM, Stream, StreamSummary, fund_stream, stream_ends,
};
pub use sync::{Closed, SYNC_STEPS, SyncSummary, pending_shares, sync};
pub use valuation::{Valuation, valuation};
pub use what_if::{Supposed, WhatIf, suppose, what_if};
