//! A restaking network.

use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

use super::symmetric::Symmetric;

/// An operator or validator: somebody whose stake can be slashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validator {
    /// Its name.
    pub name: String,
    /// Its stake, ETH.
    pub stake: BigRational,
}

/// A service that stake secures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// What an attacker gains by corrupting it, ETH.
    pub profit: BigRational,
    /// The part of the stake behind it that an attack needs, above 0 and at most 1.
    pub threshold: BigRational,
}

/// Who secures what with how much. Numbers are exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// Its name.
    pub name: String,
    /// Whether it was made up: such a network says nothing about any that exists.
    pub is_synthetic: bool,
    /// Who has stake.
    pub validators: Vec<Validator>,
    /// What is secured.
    pub services: Vec<Service>,
    /// `allocations[v][s]`: how much of the stake of v secures s, ETH, at most all of it.
    pub allocations: Vec<Vec<BigRational>>,
    /// If all are alike: how, so that closed forms can be used.
    pub symmetric: Option<Symmetric>,
}

/// Why numbers do not make a network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// A list has the wrong length.
    #[error(
        "allocations must be {validators} rows of {services} amounts, a row for each validator"
    )]
    Shape {
        /// How many validators there are.
        validators: usize,
        /// How many services there are.
        services: usize,
    },
    /// A negative amount.
    #[error("{what} is {value} ETH; it cannot be negative")]
    Negative {
        /// What.
        what: String,
        /// How much.
        value: String,
    },
    /// A threshold outside its range.
    #[error("the threshold of {service} is {value}; it must be above 0 and at most 1")]
    Threshold {
        /// Whose.
        service: String,
        /// What it is.
        value: String,
    },
    /// More secures a service than there is.
    #[error(
        "{validator} secures {service} with {allocation} ETH of a stake of {stake} ETH; at most all of it can"
    )]
    AboveStake {
        /// Whose.
        validator: String,
        /// What.
        service: String,
        /// How much.
        allocation: String,
        /// Of how much.
        stake: String,
    },
}

impl Network {
    /// A network of the parts, checked.
    ///
    /// # Errors
    /// A list of the wrong length, a negative amount, a threshold not in (0, 1], or an allocation above its stake.
    pub fn new(
        name: &str,
        validators: Vec<Validator>,
        services: Vec<Service>,
        allocations: Vec<Vec<BigRational>>,
    ) -> Result<Self, NetworkError> {
        let is_row = |row: &Vec<BigRational>| row.len() == services.len();
        if allocations.len() != validators.len() || !allocations.iter().all(is_row) {
            return Err(NetworkError::Shape {
                validators: validators.len(),
                services: services.len(),
            });
        }
        let not_negative = |what: String, value: &BigRational| {
            if value.is_negative() {
                return Err(NetworkError::Negative {
                    what,
                    value: value.to_string(),
                });
            }
            Ok(())
        };
        for service in &services {
            not_negative(format!("the profit of {}", service.name), &service.profit)?;
            let value = &service.threshold;
            if !value.is_positive() || *value > BigRational::from_integer(1.into()) {
                let (service, value) = (service.name.clone(), value.to_string());
                return Err(NetworkError::Threshold { service, value });
            }
        }
        for (validator, row) in validators.iter().zip(&allocations) {
            not_negative(format!("the stake of {}", validator.name), &validator.stake)?;
            for (service, allocation) in services.iter().zip(row) {
                let what = format!("what {} secures {} with", validator.name, service.name);
                not_negative(what, allocation)?;
                if *allocation > validator.stake {
                    return Err(NetworkError::AboveStake {
                        validator: validator.name.clone(),
                        service: service.name.clone(),
                        allocation: allocation.to_string(),
                        stake: validator.stake.to_string(),
                    });
                }
            }
        }
        Ok(Self {
            name: name.to_owned(),
            is_synthetic: false,
            validators,
            services,
            allocations,
            symmetric: None,
        })
    }

    /// A network where whoever secures a service does so with all its stake: `members[s]` are the validators of service s.
    ///
    /// # Errors
    /// As [`Self::new`]; a member that is not there is a wrong shape.
    pub fn rigid(
        name: &str,
        validators: Vec<Validator>,
        services: Vec<Service>,
        members: &[Vec<usize>],
    ) -> Result<Self, NetworkError> {
        let shape = NetworkError::Shape {
            validators: validators.len(),
            services: services.len(),
        };
        let mut allocations = vec![vec![BigRational::zero(); services.len()]; validators.len()];
        if members.len() != services.len() {
            return Err(shape);
        }
        for (service, members) in members.iter().enumerate() {
            for member in members {
                let Some(validator) = validators.get(*member) else {
                    return Err(shape);
                };
                allocations[*member][service] = validator.stake.clone();
            }
        }
        Self::new(name, validators, services, allocations)
    }

    /// All stake, ETH.
    pub fn total_stake(&self) -> BigRational {
        self.validators
            .iter()
            .map(|validator| &validator.stake)
            .sum()
    }

    /// All that secures service `service`, ETH.
    pub fn secured_by(&self, service: usize) -> BigRational {
        self.allocations.iter().map(|row| &row[service]).sum()
    }

    /// Whether every allocation is all of a stake or nothing: the networks of *Robust Restaking Networks*.
    pub fn is_rigid(&self) -> bool {
        self.partial().is_none()
    }

    /// An allocation (validator, service) that is a part of its stake, if there is one.
    pub fn partial(&self) -> Option<(usize, usize)> {
        for (place, (validator, row)) in self.validators.iter().zip(&self.allocations).enumerate() {
            let is_part = |amount: &BigRational| amount.is_positive() && *amount != validator.stake;
            if let Some(service) = row.iter().position(is_part) {
                return Some((place, service));
            }
        }
        None
    }

    /// How often a unit of stake is used, all in all: `Σ allocations / Σ stakes`, the restaking degree. Zero without stake.
    pub fn degree(&self) -> BigRational {
        let total = self.total_stake();
        if total.is_zero() {
            return total;
        }
        let used: BigRational = self.allocations.iter().flatten().sum();
        used / total
    }

    /// The same network with `stake` more for validator `validator`: where it secured with all its stake it still does.
    pub fn with_more_stake(&self, validator: usize, stake: &BigRational) -> Self {
        let mut network = self.clone();
        network.symmetric = None;
        let before = self.validators[validator].stake.clone();
        network.validators[validator].stake += stake;
        for amount in &mut network.allocations[validator] {
            if *amount == before && !before.is_zero() {
                *amount += stake;
            }
        }
        network
    }

    /// The same network with a new validator of `stake` that secures `service` alone.
    pub fn with_new_stake(&self, service: usize, stake: &BigRational) -> Self {
        let mut network = self.clone();
        network.symmetric = None;
        network.validators.push(Validator {
            name: format!("new stake for {}", self.services[service].name),
            stake: stake.clone(),
        });
        let mut row = vec![BigRational::zero(); self.services.len()];
        row[service] = stake.clone();
        network.allocations.push(row);
        network
    }

    /// The same network with every stake and allocation times `factor`.
    pub fn scaled(&self, factor: &BigRational) -> Self {
        let mut network = self.clone();
        network.symmetric = None;
        for validator in &mut network.validators {
            validator.stake *= factor;
        }
        for amount in network.allocations.iter_mut().flatten() {
            *amount *= factor;
        }
        network
    }

    /// The same network where corrupting `service` gains at most `cap`.
    pub fn with_profit(&self, service: usize, cap: &BigRational) -> Self {
        let mut network = self.clone();
        network.symmetric = None;
        network.services[service].profit = cap.clone();
        network
    }
}

/// The nearest floating-point number.
pub fn float(value: &BigRational) -> f64 {
    value.to_f64().unwrap_or(f64::NAN)
}

/// An exact number for people: as it is if short, else to six digits.
pub fn shown(value: &BigRational) -> String {
    if value.is_integer() && value.numer().bits() < 64 {
        return value.to_string();
    }
    let rounded = float(value);
    let digits = format!("{rounded:.6}");
    let digits = digits
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned();
    if value.denom().bits() <= 14 && value.numer().bits() <= 24 {
        return format!("{digits} ({value})");
    }
    digits
}
