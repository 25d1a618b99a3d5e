//! Streams: rewards that vest at a constant rate until an epoch begins.
//!
//! All streams of an asset are one rate, and those of them that end together one number: so work and storage do not grow with
//! how many were funded. An amount A that is funded at t and ends with the start of epoch E:
//!
//! ```text
//! fund       r  = floor(A / (start(E) − t))        wei a second;  rate += r,  end_E += r,  left += A
//! vest to t' v  = rate · (t' − vested);  left −= v;  idle += v
//! at start(E)   rate −= end_E;  and once the rate is zero, all of left vests
//! ```
//!
//! Vesting in several steps is vesting in one, to the wei. Rounding: r is less than a wei a second under A's own rate, so less
//! than one wei for each second of a stream waits in `left` for the end of the last one. Nothing is ever lost.
//!
//! A sync passes every boundary by itself, so that no end is missed, whoever calls and whenever.

use super::ledger::Holding;
use super::{VaultError, VaultStore};
use crate::clock::{Clock, Epoch};
use crate::math::{add, mul_div_down};
use crate::units::{AMOUNT_LIMIT, WAD};

/// The longest that a stream may last, seconds; where two epochs are longer, these.
pub const MAX_STREAM_S: u64 = 30 * 24 * 60 * 60;
/// At most so many epochs begin before a stream ends: bounds what one sync may have to close.
pub const MAX_STREAM_EPOCHS: u64 = 8;
/// The least that a stream may bring, so that nobody makes every call dearer for dust.
pub const MIN_STREAM: u128 = WAD / 100;

/// What of an asset vests at a constant rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    /// Wei a second, of all streams together.
    pub rate: u128,
    /// What has not vested.
    pub left: u128,
}

/// A stream was funded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StreamSummary {
    /// What it adds to the rate, wei a second.
    pub rate: u128,
    /// When it ends, Unix seconds.
    pub end_s: u64,
}

/// The first and the last epoch with whose start a stream that is funded now may end.
pub fn stream_ends(clock: &Clock, now_s: u64) -> [Epoch; 2] {
    let current = clock.epoch_at(now_s);
    let first = clock.epoch_at(
        now_s
            .saturating_add(clock.epoch_s)
            .saturating_add(clock.epoch_s.saturating_sub(1)),
    );
    let longest_s = MAX_STREAM_S.max(clock.epoch_s.saturating_mul(2));
    let last = clock
        .epoch_at(now_s.saturating_add(longest_s))
        .min(current.saturating_add(MAX_STREAM_EPOCHS));
    [first, last]
}

/// Lets `amount` of `asset`, which the caller has received, vest for those who hold shares until epoch `end` starts.
///
/// # Errors
/// `AssetUnknown`; `AssetDelisted`; `BadStreamEnd` unless that is an epoch away at least, and [`MAX_STREAM_S`] and
/// [`MAX_STREAM_EPOCHS`] at most; `StreamTooSmall` under [`MIN_STREAM`]; `AmountTooLarge`; `NoHolders` before the first deposit.
pub fn fund_stream<S: VaultStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    asset: u8,
    amount: u128,
    end: Epoch,
) -> Result<StreamSummary, VaultError> {
    let settings = store.settings();
    let clock = settings.clock;
    if asset >= settings.assets {
        return Err(VaultError::AssetUnknown { asset });
    }
    if store.asset_terms(asset).delisted {
        return Err(VaultError::AssetDelisted { asset });
    }
    let [first, last] = stream_ends(&clock, now_s);
    if end < first || end > last {
        return Err(VaultError::BadStreamEnd { end, first, last });
    }
    if amount < MIN_STREAM {
        return Err(VaultError::StreamTooSmall {
            amount,
            min: MIN_STREAM,
        });
    }
    let mut head = store.head();
    if head.supply == 0 {
        return Err(VaultError::NoHolders);
    }
    let mut stream = store.stream(asset);
    // What a deposit may reach, a reward may not pass.
    let total = Holding::load(store, &head, asset)?.total;
    let reached = total.saturating_add(stream.left).saturating_add(amount);
    if reached >= AMOUNT_LIMIT {
        return Err(VaultError::AmountTooLarge { amount });
    }
    let end_s = clock.start_s(end);
    let rate = mul_div_down(amount, 1, end_s.saturating_sub(now_s).into())?;
    stream.rate = add(stream.rate, rate)?;
    stream.left = add(stream.left, amount)?;
    store.set_stream(asset, stream);
    let ending = add(store.stream_end(asset, end), rate)?;
    store.set_stream_end(asset, end, ending);
    if head.dripping == 0 {
        head.vested_s = now_s;
    }
    head.dripping |= 1u8.checked_shl(asset.into()).unwrap_or(0);
    head.streaming = true;
    store.set_head(head)?;
    Ok(StreamSummary { rate, end_s })
}

/// Takes what of the streams of `asset` vests in `seconds`, at whose end epoch `begins`, if one does; answers it and what is left.
pub(crate) fn flow<S: VaultStore + ?Sized>(
    store: &mut S,
    asset: u8,
    seconds: u64,
    begins: Option<Epoch>,
) -> [u128; 2] {
    let mut stream = store.stream(asset);
    if stream.left == 0 {
        return [0, 0];
    }
    // Never more than is left: the rate is what the amounts divided by their seconds are, rounded down.
    let mut vested = stream.rate.saturating_mul(seconds.into()).min(stream.left);
    if let Some(epoch) = begins {
        let ended = store.stream_end(asset, epoch);
        stream.rate = stream.rate.saturating_sub(ended);
        if stream.rate == 0 {
            vested = stream.left;
        }
    }
    stream.left = stream.left.saturating_sub(vested);
    store.set_stream(asset, stream);
    [vested, stream.left]
}
