//! Streams of rewards.
//!
//! A stream over n epochs, funded with A in epoch e, the operator's commission k:
//!
//! ```text
//! c        = floor(A · k)                      waits for the operator
//! p        = floor((A − c) / n)                at least MIN_PART
//! in e     : A − c − (n − 1) · p               to the vault at once
//! in e+1 … : p                                 to the vault, r += p;  end(e + n) += p
//! ```
//!
//! Each part vests until the start of the epoch after the next, so the stream ends at `start(e + n + 1)`: at least an epoch away, at
//! most [`MAX_STREAM_S`]. To process an epoch E: `r −= end(E)`, then `due += r`. Anyone may ask for it, and funding does; late is no
//! loss: what is due is paid together. Once r is zero the rest of a quiet stretch is passed over at once, so the work is bounded by the
//! epochs of the longest stream. Rounding: the commission less than a wei down, the first part has what the others leave.

use alloy_primitives::{Address, U256};

use super::{RewardsError, RewardsStore};
use crate::clock::{Clock, Epoch};
use crate::math::{Overflow, add, mul_div_down, sub};
use crate::units::{BPS, WAD};
use crate::word::{field, field64, halves, put, word};

/// The longest that a stream may last, seconds.
pub const MAX_STREAM_S: u64 = 30 * 24 * 60 * 60;
/// Most parts of a stream, whatever the length of an epoch: bounds the work of one call.
pub const MAX_PARTS: u32 = 30;
/// The least that a stream may bring in an epoch.
pub const MIN_PART: u128 = WAD / 1_000;

/// What of an asset goes to the vault, epoch by epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    /// In the epoch that was processed last.
    pub per_epoch: u128,
    /// Epochs up to this one are processed.
    pub processed: Epoch,
}

impl Stream {
    pub(super) fn from_word(source: U256) -> Self {
        let [per_epoch, high] = halves(source);
        Self {
            per_epoch,
            processed: field64(high, 0, 32),
        }
    }

    pub(super) fn to_word(self) -> Option<U256> {
        let per_epoch = field(self.per_epoch, 0, 128);
        Some(word(per_epoch, put(0, 0, 32, self.processed.into())?))
    }
}

/// What funding a stream does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FundSummary {
    /// Waits for the operator.
    pub commission: u128,
    /// Goes to the vault now: the first part, and what was due of other streams.
    pub now: u128,
    /// Goes to the vault in each epoch that follows.
    pub per_epoch: u128,
    /// The last epoch in which a part goes to the vault.
    pub last: Epoch,
}

/// The most parts of a stream.
pub fn max_parts(clock: &Clock) -> u32 {
    let epochs = MAX_STREAM_S.checked_div(clock.epoch_s).unwrap_or(0);
    // The last part vests for up to two epochs.
    let parts = epochs.saturating_sub(1).clamp(1, MAX_PARTS.into());
    parts as u32
}

/// Starts a stream of `amount` of `asset` in `parts` parts, earned by `operator`. The caller has received the amount and sends
/// what goes to the vault now.
///
/// # Errors
/// `BadLength`, `CommissionTooHigh`, `StreamTooSmall`.
#[allow(clippy::too_many_arguments, reason = "those of the call")]
pub fn fund<S: RewardsStore + ?Sized>(
    store: &mut S,
    clock: &Clock,
    now_s: u64,
    asset: u8,
    operator: Address,
    amount: u128,
    parts: u32,
    max_commission_bps: u16,
) -> Result<FundSummary, RewardsError> {
    let max = max_parts(clock);
    if parts == 0 || parts > max {
        return Err(RewardsError::BadLength { epochs: parts, max });
    }
    let epoch = clock.epoch_at(now_s);
    let bps = store.commission(operator).at(epoch);
    if bps > max_commission_bps {
        return Err(RewardsError::CommissionTooHigh {
            bps,
            max_bps: max_commission_bps,
        });
    }
    let commission = mul_div_down(amount, bps.into(), BPS.into())?;
    let rest = sub(amount, commission)?;
    let part = rest.checked_div(parts.into()).ok_or(Overflow)?;
    if part < MIN_PART {
        return Err(RewardsError::StreamTooSmall {
            part,
            min: MIN_PART,
        });
    }
    let later = mul_div_down(part, parts.saturating_sub(1).into(), 1)?;
    let due = take_due(store, asset, epoch)?;
    if parts > 1 {
        let mut stream = store.stream(asset);
        stream.per_epoch = add(stream.per_epoch, part)?;
        store.set_stream(asset, stream)?;
        let end = epoch.saturating_add(parts.into());
        let ends = add(store.ends(asset, end), part)?;
        store.set_ends(asset, end, ends);
    }
    if commission > 0 {
        let earned = add(store.earned(asset, operator), commission)?;
        store.set_earned(asset, operator, earned);
    }
    Ok(FundSummary {
        commission,
        now: add(sub(rest, later)?, due)?,
        per_epoch: part,
        last: epoch.saturating_add(parts.saturating_sub(1).into()),
    })
}

/// Takes what of `asset` is due to the vault by now; the caller sends it there.
///
/// # Errors
/// `NothingDue`.
pub fn push<S: RewardsStore + ?Sized>(
    store: &mut S,
    clock: &Clock,
    now_s: u64,
    asset: u8,
) -> Result<u128, RewardsError> {
    match take_due(store, asset, clock.epoch_at(now_s))? {
        0 => Err(RewardsError::NothingDue),
        due => Ok(due),
    }
}

/// What [`push`] would take.
pub fn pushable<S: RewardsStore + ?Sized>(
    store: &S,
    clock: &Clock,
    now_s: u64,
    asset: u8,
) -> Result<u128, Overflow> {
    process(store, store.stream(asset), asset, clock.epoch_at(now_s)).map(|(_, due)| due)
}

/// Processes the epochs up to `epoch`.
fn take_due<S: RewardsStore + ?Sized>(
    store: &mut S,
    asset: u8,
    epoch: Epoch,
) -> Result<u128, Overflow> {
    let before = store.stream(asset);
    let (stream, due) = process(store, before, asset, epoch)?;
    if stream != before {
        store.set_stream(asset, stream)?;
    }
    Ok(due)
}

fn process<S: RewardsStore + ?Sized>(
    store: &S,
    mut stream: Stream,
    asset: u8,
    epoch: Epoch,
) -> Result<(Stream, u128), Overflow> {
    let mut due = 0;
    while stream.per_epoch > 0 && stream.processed < epoch {
        stream.processed = stream.processed.saturating_add(1);
        let ends = store.ends(asset, stream.processed);
        stream.per_epoch = sub(stream.per_epoch, ends)?;
        due = add(due, stream.per_epoch)?;
    }
    stream.processed = stream.processed.max(epoch);
    Ok((stream, due))
}
