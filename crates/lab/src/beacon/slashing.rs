//! What a slashed validator loses, in gwei.
//!
//! ```text
//! at once        effective / 4096                                                        (Electra)
//! after 18 days  floor(min(3·slashed, total) / (total/increment)) · effective/increment  (Electra)
//! meanwhile      missed attestations, 54/64 of the base reward an epoch
//! ```
//!
//! Sources: the consensus specification, `slash_validator` and `process_slashings` of Electra; for Altair and Bellatrix the
//! model of Lido's offline and slashing risks, which counts the correlation penalty to the gwei where the specification counts
//! it in whole ETH, and the whole exit period as missed.

const GWEI: u64 = 1_000_000_000;
/// Effective balances move in steps of this.
const INCREMENT: u64 = GWEI;
/// `MIN_SLASHING_PENALTY_QUOTIENT_ELECTRA`.
const ELECTRA_QUOTIENT: u64 = 4096;
/// `PROPORTIONAL_SLASHING_MULTIPLIER_BELLATRIX`, which Electra keeps.
const MULTIPLIER: u64 = 3;
/// `EPOCHS_PER_SLASHINGS_VECTOR`, about 36 days.
const SLASHINGS_EPOCHS: u32 = 8192;

/// The penalty at once, gwei, of an effective balance in gwei, since Electra.
pub fn initial_penalty_gwei(effective_gwei: u64) -> u64 {
    effective_gwei / ELECTRA_QUOTIENT
}

/// The correlation penalty, gwei, of an effective balance, where `slashed_gwei` of `total_gwei` active are slashed within the 36
/// days around, since Electra. `None` where the total is less than an increment or a product leaves 64 bits.
pub fn correlation_penalty_gwei(
    effective_gwei: u64,
    slashed_gwei: u64,
    total_gwei: u64,
) -> Option<u64> {
    let adjusted = slashed_gwei.saturating_mul(MULTIPLIER).min(total_gwei);
    let each = adjusted.checked_div(total_gwei / INCREMENT)?;
    each.checked_mul(effective_gwei / INCREMENT)
}

/// A fork's constants for [`offline_loss_gwei`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fork {
    /// 1/64 at once, correlation twice.
    Altair,
    /// 1/32 at once, correlation three times.
    Bellatrix,
}

/// What each of `slashed` validators of 32 ETH out of `active` loses until it may withdraw, gwei, if it attests nothing from
/// its slashing on: the model of Lido's risk notebooks.
pub fn offline_loss_gwei(fork: Fork, active: u64, slashed: u64) -> f64 {
    let (quotient, multiplier) = match fork {
        Fork::Altair => (64.0, 2.0),
        Fork::Bellatrix => (32.0, 3.0),
    };
    let full = 32.0 * GWEI as f64;
    let total = active.saturating_sub(slashed).saturating_mul(32 * GWEI);
    let increment_reward = (INCREMENT * 64 / total.isqrt().max(1)) as f64;
    let total = total as f64;
    let mut validator = Validator {
        balance: full,
        effective: full,
    };
    validator.lose((full / quotient).floor());
    for epoch in 0..=SLASHINGS_EPOCHS {
        let reward = (validator.effective / INCREMENT as f64).floor() * increment_reward;
        validator.lose(54.0 / 64.0 * reward);
        if epoch == SLASHINGS_EPOCHS / 2 {
            let adjusted = (full * slashed as f64 * multiplier).min(total);
            validator.lose((validator.effective * adjusted / total).floor());
        }
    }
    full - validator.balance
}

struct Validator {
    balance: f64,
    effective: f64,
}

impl Validator {
    /// Takes a penalty; the effective balance follows once it is a quarter ETH off.
    fn lose(&mut self, penalty: f64) {
        let step = INCREMENT as f64;
        self.balance -= penalty;
        let is_below = self.balance + step / 4.0 < self.effective;
        if is_below || self.effective + step * 1.25 < self.balance {
            self.effective = (self.balance / step).floor().min(32.0) * step;
        }
    }
}
