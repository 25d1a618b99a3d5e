//! A network in whole numbers of a common unit, so that a search compares exactly and fast.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};

use super::model::Network;

/// Why a network cannot be searched in whole numbers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the amounts of {network} have too many digits in common to be compared exactly; give fewer digits"
)]
pub struct TooFine {
    /// The network.
    pub network: String,
}

/// Sums of what is below stay far from the end of 128 bits.
const MAX_BITS: u64 = 110;

pub(crate) struct Scaled {
    unit: BigInt,
    pub stakes: Vec<i128>,
    pub profits: Vec<i128>,
    /// `[service][validator]`.
    pub allocations: Vec<Vec<i128>>,
    /// What an attack on the service needs.
    pub needs: Vec<i128>,
}

impl Scaled {
    pub fn new(network: &Network) -> Result<Self, TooFine> {
        let needs: Vec<BigRational> = (0..network.services.len())
            .map(|service| &network.services[service].threshold * network.secured_by(service))
            .collect();
        let stakes = network.validators.iter().map(|validator| &validator.stake);
        let profits = network.services.iter().map(|service| &service.profit);
        let all = stakes.clone().chain(profits.clone()).chain(&needs);
        let unit = all
            .chain(network.allocations.iter().flatten())
            .fold(BigInt::one(), |unit, amount| {
                least_common(unit, amount.denom())
            });
        let sum: BigRational = stakes.clone().chain(profits.clone()).sum();
        let too_fine = || TooFine {
            network: network.name.clone(),
        };
        if (sum * &unit).to_integer().bits() > MAX_BITS {
            return Err(too_fine());
        }
        let whole = |amount: &BigRational| (amount * &unit).to_integer().to_i128().unwrap_or(0);
        let column = |service: usize| {
            network
                .allocations
                .iter()
                .map(|row| whole(&row[service]))
                .collect()
        };
        Ok(Self {
            stakes: stakes.map(whole).collect(),
            profits: profits.map(whole).collect(),
            allocations: (0..network.services.len()).map(column).collect(),
            needs: needs.iter().map(whole).collect(),
            unit,
        })
    }

    pub fn amount(&self, scaled: i128) -> BigRational {
        if scaled == 0 {
            return BigRational::zero();
        }
        BigRational::new(BigInt::from(scaled), self.unit.clone())
    }
}

/// The least common multiple: `a / b` in lowest terms has `a / gcd` above.
fn least_common(a: BigInt, b: &BigInt) -> BigInt {
    BigRational::new(a, b.clone()).numer() * b
}
