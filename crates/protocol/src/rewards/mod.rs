//! Rewards of one vault: streams with commission, and auctions of tokens that the vault does not hold.
//!
//! Who pays a reward sends an asset of the vault and names an operator. The operator's commission is split off and waits for
//! it; the rest goes to the vault in equal parts, one an epoch, the first at once, and each vests into idle until the start of the
//! epoch after the next ([`fund`](crate::vault::fund)). So nobody gains by being there when a reward is paid, and streams of
//! one asset that end together are one number, however many there are.
//!
//! | symbol | code | meaning |
//! | --- | --- | --- |
//! | `r_i` | [`Stream::per_epoch`] | what of asset i goes to the vault in the epoch that comes |
//! | `end_i(e)` | [`RewardsKey::Ends`] | the part of `r_i` that stops with epoch e |
//! | | [`RewardsKey::Earned`] | commission of an operator that waits, by asset |

mod auction;
mod commission;
mod error;
mod key;
mod store;
mod stream;

pub use auction::{Auction, Lot, Sale, bid, open, price_wad, set_auction};
pub use commission::{Commission, collect, commission_bps, set_commission};
pub use error::RewardsError;
pub use key::RewardsKey;
pub use store::RewardsStore;
pub use stream::{FundSummary, MAX_STREAM_S, MIN_PART, Stream, fund, push, pushable};
