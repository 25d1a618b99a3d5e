//! Rewards of one vault: the commission of operators, their part of the performance fee, and auctions of tokens that are not
//! the vault's assets.
//!
//! Who pays a reward names an operator. Its commission is split off first and waits for it; the rest streams in the vault
//! ([`fund_stream`](crate::vault::fund_stream)). What an auction brings streams too.
//!
//! | symbol | code | meaning |
//! | --- | --- | --- |
//! | `k` | [`Commission`] | what an operator takes of rewards, bps |
//! | `w_i(o)` | [`RewardsKey::Earned`] | what waits for operator o, of asset i or, as [`SHARES`], of the vault's shares |
//! | `W` | [`RewardsKey::Waiting`] | shares that wait for operators, all together |
//! | `p(x)` | [`price_wad`] | what a token costs x seconds after its lot opened |

mod auction;
mod commission;
mod error;
mod key;
mod share;
mod store;

pub use auction::{Auction, Lot, Sale, bid, may_restart_s, open, price_wad, set_auction};
pub use commission::{Commission, Split, claim, set_commission, split};
pub use error::RewardsError;
pub use key::{RewardsKey, SHARES};
pub use share::{Shared, share};
pub use store::RewardsStore;
