//! What would make a network safe. Every measure is checked by searching for an attack again, on the network that it makes.
//!
//! * All stakes times a factor: costs scale and prizes do not, so the least factor is one over the least ratio of cost to prize.
//! * A cap on what one service secures (its profit from corruption): lowered by the profit of the best attack that it is part of,
//!   until there is none; that is exact, because each attack's profit falls by as much as the cap.
//! * More stake for one operator, or new stake for one service alone: doubled until there is no attack, then closed in on. More stake
//!   can also make new attacks possible, so this is an amount that is enough, close to the least where safety is monotone.
//! * Other allocations (elastic): all allocations times a factor, none above its stake.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::attack::{Attack, Method, Model, best_attack, is_safe, least_ratio};
use super::model::Network;
use super::scaled::TooFine;

/// Most validators for which single measures are searched: each takes some thirty searches.
pub const SEARCHED_VALIDATORS: usize = 16;
/// Halvings after the doubling: to a millionth.
const HALVINGS: u32 = 20;

/// Something that makes the network safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// All stakes and allocations times this factor, or for an elastic network anything above.
    ScaleStakes(BigRational),
    /// At most so much to gain from this service, ETH; in an elastic network less.
    CapProfit(usize, BigRational),
    /// So much more stake for this validator, ETH.
    MoreStake(usize, BigRational),
    /// So much new stake for this service alone, ETH.
    NewStake(usize, BigRational),
    /// All allocations times this factor, at most all of a stake.
    ScaleAllocations(BigRational),
}

/// Measures each of which alone makes `network` safe; none if it is safe, or a free attack is left whatever is done.
///
/// # Errors
/// Amounts with too many digits.
pub fn remedies(network: &Network, model: Model) -> Result<Vec<Remedy>, TooFine> {
    let mut found = Vec::new();
    if is_safe(network, model)? {
        return Ok(found);
    }
    if let Some((ratio, _, method)) = least_ratio(network, model)?
        && ratio.is_positive()
        && method != Method::BestFound
    {
        found.push(Remedy::ScaleStakes(ratio.recip()));
    }
    if network.validators.len() > SEARCHED_VALIDATORS {
        return Ok(found);
    }
    for service in 0..network.services.len() {
        if let Some(cap) = cap(network, model, service)? {
            found.push(Remedy::CapProfit(service, cap));
        }
    }
    let Some(attack) = best_attack(network, model)?.0 else {
        return Ok(found);
    };
    for validator in 0..network.validators.len() {
        if touches(network, &attack, validator) {
            let with = |stake: &BigRational| network.with_more_stake(validator, stake);
            if let Some(stake) = enough(network, model, with)? {
                found.push(Remedy::MoreStake(validator, stake));
            }
        }
    }
    for service in &attack.services {
        let with = |stake: &BigRational| network.with_new_stake(*service, stake);
        if let Some(stake) = enough(network, model, with)? {
            found.push(Remedy::NewStake(*service, stake));
        }
    }
    if model == Model::Elastic
        && let Some(factor) = allocation_factor(network)?
    {
        found.push(Remedy::ScaleAllocations(factor));
    }
    Ok(found)
}

/// Whether more stake of `validator` can matter to `attack`.
fn touches(network: &Network, attack: &Attack, validator: usize) -> bool {
    let row = &network.allocations[validator];
    attack
        .services
        .iter()
        .any(|service| row[*service].is_positive())
}

/// The most that may be gained from `service` so that no attack gains anything, if there is such an amount.
fn cap(network: &Network, model: Model, service: usize) -> Result<Option<BigRational>, TooFine> {
    let mut capped = network.clone();
    while let Some(attack) = best_attack(&capped, model)?.0 {
        let profit = attack.profit();
        if !profit.is_positive() {
            break;
        }
        if !attack.services.contains(&service) {
            return Ok(None);
        }
        capped.services[service].profit -= profit;
        if capped.services[service].profit.is_negative() {
            return Ok(None);
        }
    }
    let cap = capped.services[service].profit.clone();
    // An elastic attack that breaks even succeeds: it takes less than the cap.
    let below = match model {
        Model::Rigid => cap.clone(),
        Model::Elastic => &cap * BigRational::new(999_999.into(), 1_000_000.into()),
    };
    let is_enough = is_safe(&network.with_profit(service, &below), model)?;
    Ok((is_enough && cap < network.services[service].profit).then_some(cap))
}

/// An amount from which on what `with` makes of it is safe, rounded up to six digits and checked.
fn enough(
    network: &Network,
    model: Model,
    with: impl Fn(&BigRational) -> Network,
) -> Result<Option<BigRational>, TooFine> {
    let prizes: BigRational = network.services.iter().map(|service| &service.profit).sum();
    let whole = |number: i64| BigRational::from_integer(number.into());
    let most = (network.total_stake() + prizes) * whole(64);
    let mut high =
        (most.clone() / whole(1 << 16)).max(BigRational::new(1.into(), 1_000_000.into()));
    while !is_safe(&with(&high), model)? {
        high *= whole(2);
        if high > most {
            return Ok(None);
        }
    }
    let mut low = BigRational::zero();
    for _ in 0..HALVINGS {
        let middle = (&low + &high) / whole(2);
        if is_safe(&with(&middle), model)? {
            high = middle;
        } else {
            low = middle;
        }
    }
    let rounded = round_up(&high);
    Ok(is_safe(&with(&rounded), model)?.then_some(rounded))
}

/// Up to millionths of an ETH or a thousandth of a per mille, whichever is coarser.
fn round_up(amount: &BigRational) -> BigRational {
    let mut unit = BigRational::new(1.into(), 1_000_000.into());
    while &unit * BigRational::from_integer(BigInt::from(10_000_000)) < *amount {
        unit *= BigRational::from_integer(10.into());
    }
    (amount / &unit).ceil() * unit
}

/// The factor nearest to 1 for all allocations, on a grid of twentieths of a power of two, that makes an elastic network safe.
fn allocation_factor(network: &Network) -> Result<Option<BigRational>, TooFine> {
    let grid = |step: i32| {
        let exact = 2f64.powf(f64::from(step) / 20.0);
        BigRational::new(((exact * 1000.0).round() as i64).into(), 1000.into())
    };
    for step in 1..=100 {
        for signed in [step, -step] {
            let factor = grid(signed);
            if is_safe(&with_allocations(network, &factor), Model::Elastic)? {
                return Ok(Some(factor));
            }
        }
    }
    Ok(None)
}

/// The same network with every allocation times `factor`, at most all of its stake.
pub fn with_allocations(network: &Network, factor: &BigRational) -> Network {
    let mut changed = network.clone();
    changed.symmetric = None;
    for (validator, row) in changed.validators.iter().zip(&mut changed.allocations) {
        for amount in row {
            *amount = (&*amount * factor).min(validator.stake.clone());
        }
    }
    changed
}

/// The factor of all stakes at which Corollary 2 certifies a slack of `gamma`, given what it certifies now.
pub fn factor_for(certified: &BigRational, gamma: &BigRational) -> Option<BigRational> {
    let now = BigRational::one() + certified;
    now.is_positive()
        .then(|| (BigRational::one() + gamma) / now)
}
