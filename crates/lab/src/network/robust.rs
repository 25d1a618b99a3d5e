//! Robustness after *Robust Restaking Networks* (N. Durvasula and T. Roughgarden, 2024): what can be certified, and the worst
//! cascade.
//!
//! A network has slack γ if `(1 + γ)·π(A) <= σ(B)` for every set A of services and every set B of validators that can corrupt
//! them; then a loss of the part ψ of all stake never becomes a loss of `(1 + 1/γ)·ψ` or more (Theorem 1). The slack itself is
//! coNP-hard; Corollary 2 certifies some of it in one pass ([`super::certificate()`]):
//!
//! ```text
//! T_v = Σ_{s in N(v)} π_s / (α_s · σ(N(s)))           γ* = min_v 1/T_v − 1
//! ```
//!
//! γ* <= 0 means that nothing is certified, not that the network can be attacked. Validators without stake impose nothing. A
//! service with something to gain and no stake behind it is a free attack, and then nothing is certified.
//!
//! The worst cascade: validators D with at most the part ψ of all stake are lost, and attackers then attack what is left, again
//! and again. Let (A_1, B_1), …, (A_T, B_T) be such a sequence with disjoint A's and B's. Their union is one attack on what D
//! left: σ(∪B ∩ N(s)) >= σ(before) + α·(σ(N(s)) − σ(before)) >= α·σ(N(s)) because α <= 1, and profits and costs add up. So
//!
//! ```text
//! R_ψ = max over D, B disjoint:  (σ(D) + σ(B)) / σ(V),   B empty or π(what B corrupts once D is gone) > σ(B)
//! ```

use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::model::Network;
use super::scaled::{Scaled, TooFine};

/// Most validators whose worst cascade is computed: it takes up to 3^n steps.
pub const CASCADE_VALIDATORS: usize = 16;

/// Theorem 1: what a loss of the part `psi` can become at most, `(1 + 1/γ)·ψ` (and never all of it or more than 1). `None` if γ is
/// not positive, where the theorem says nothing.
pub fn loss_bound(gamma: &BigRational, psi: &BigRational) -> Option<BigRational> {
    if !gamma.is_positive() {
        return None;
    }
    Some((BigRational::one() + gamma.recip()) * psi)
}

/// The worst cascade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cascade {
    /// R_ψ, a part of all stake.
    pub loss: BigRational,
    /// Who is lost first.
    pub shock: Vec<usize>,
    /// Who attacks then, or nobody.
    pub attackers: Vec<usize>,
    /// What falls to them.
    pub services: Vec<usize>,
}

/// Why a cascade is not computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CascadeError {
    /// Too many validators.
    #[error(
        "{validators} validators are too many for the worst cascade, which is computed for up to {CASCADE_VALIDATORS}; the bound of Theorem 1 holds for any number where slack is certified"
    )]
    TooMany {
        /// How many there are.
        validators: usize,
    },
    /// Too many digits.
    #[error(transparent)]
    TooFine(#[from] TooFine),
}

/// The worst cascade after a loss of at most the part `psi` (0 to 1) of all stake of a rigid network, exactly.
///
/// # Errors
/// Too many validators, or amounts with too many digits.
pub fn worst_cascade(network: &Network, psi: &BigRational) -> Result<Cascade, CascadeError> {
    let n = network.validators.len();
    if n > CASCADE_VALIDATORS {
        return Err(CascadeError::TooMany { validators: n });
    }
    let scaled = Scaled::new(network)?;
    let total: i128 = scaled.stakes.iter().sum();
    let (above, below) = (psi.numer().to_i128(), psi.denom().to_i128());
    let (Some(above), Some(below)) = (above, below) else {
        return Err(TooFine {
            network: network.name.clone(),
        }
        .into());
    };
    let part = |amount: i128, above: i128, below: i128| {
        (BigRational::new(amount.into(), 1.into()) * BigRational::new(above.into(), below.into()))
            .floor()
            .to_integer()
    };
    let most_shock = part(total, above, below).to_i128().unwrap_or(i128::MAX);
    let sums = subset_sums(&scaled.stakes);
    let worth: Vec<usize> = (0..scaled.profits.len())
        .filter(|s| scaled.profits[*s] > 0)
        .collect();
    let columns: Vec<Vec<i128>> = worth
        .iter()
        .map(|s| subset_sums(&scaled.allocations[*s]))
        .collect();
    let all = (1usize << n) - 1;
    let prizes: i128 = worth.iter().map(|s| scaled.profits[*s]).sum();
    let (mut best, mut found) = (0, (0usize, 0usize));
    let mut needs = vec![0; worth.len()];
    for shock in 0..=all {
        if sums[shock] > most_shock {
            continue;
        }
        if sums[shock] > best {
            (best, found) = (sums[shock], (shock, 0));
        }
        for (need, (service, column)) in needs.iter_mut().zip(worth.iter().zip(&columns)) {
            *need = need_of(network, *service, column[all] - column[shock]);
        }
        let left = all & !shock;
        let mut attackers = left;
        // Every subset of what is left but the empty one, and then that one too: a service without stake falls to nobody.
        loop {
            let cost = sums[attackers];
            if cost < prizes && sums[shock] + cost > best {
                let fallen = columns
                    .iter()
                    .zip(&needs)
                    .zip(&worth)
                    .filter(|((column, need), _)| column[attackers] >= **need);
                let prize: i128 = fallen.map(|(_, service)| scaled.profits[*service]).sum();
                if prize > cost {
                    (best, found) = (sums[shock] + cost, (shock, attackers));
                }
            }
            if attackers == 0 {
                break;
            }
            attackers = (attackers - 1) & left;
        }
    }
    let members = |set: usize| {
        (0..n)
            .filter(|place| set >> place & 1 == 1)
            .collect::<Vec<_>>()
    };
    let (shock, attackers) = found;
    let falls = |(service, column): &(&usize, &Vec<i128>)| {
        attackers != 0
            && column[attackers] >= need_of(network, **service, column[all] - column[shock])
    };
    let services = worth
        .iter()
        .zip(&columns)
        .filter(falls)
        .map(|(service, _)| *service)
        .collect();
    let loss = if total == 0 {
        BigRational::zero()
    } else {
        BigRational::new(best.into(), total.into())
    };
    Ok(Cascade {
        loss,
        shock: members(shock),
        attackers: members(attackers),
        services,
    })
}

/// The least whole number that is at least `α · left`.
fn need_of(network: &Network, service: usize, left: i128) -> i128 {
    let threshold = &network.services[service].threshold;
    let need = (threshold * BigRational::from_integer(left.into())).ceil();
    need.to_integer().to_i128().unwrap_or(i128::MAX)
}

/// The sum over each subset, by its bits.
fn subset_sums(amounts: &[i128]) -> Vec<i128> {
    let mut sums = vec![0; 1 << amounts.len()];
    for set in 1..sums.len() {
        let low = set.trailing_zeros() as usize;
        sums[set] = sums[set & (set - 1)] + amounts[low];
    }
    sums
}
