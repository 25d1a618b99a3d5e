//! A network from what a running deployment allocates.
//!
//! A vault gives each unit of stake to one service, so what an operator has at stake is the sum of what secures its services. Who
//! gains what from corruption, and which part of a service's stake that takes, is on no chain: it comes from a file.

use std::collections::BTreeMap;

use num_rational::BigRational;
use num_traits::Zero;

use super::model::{Network, NetworkError, Service, Validator};

/// What an operator secures a service with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secured {
    /// The service, as the file calls it.
    pub service: String,
    /// The operator.
    pub operator: String,
    /// The slashable stake behind it, wei: `slashable · m / M`.
    pub stake_wei: u128,
}

/// Why there is no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunningError {
    /// The file does not know a service that has stake.
    #[error(
        "{service} has stake, but the file of services says nothing of it; add a [[service]] with that name, its profit_eth and its threshold"
    )]
    Unknown {
        /// The service.
        service: String,
    },
    /// The numbers make no network.
    #[error(transparent)]
    Network(#[from] NetworkError),
}

/// The network of `stakes`, several entries of a pair adding up, with the profits and thresholds of `services`.
///
/// # Errors
/// A service with stake that `services` does not have.
pub fn of_running(
    name: &str,
    stakes: &[Secured],
    services: Vec<Service>,
) -> Result<Network, RunningError> {
    let wei = BigRational::from_integer(10u64.pow(18).into());
    let mut rows: BTreeMap<&str, Vec<BigRational>> = BTreeMap::new();
    for each in stakes {
        let place = services
            .iter()
            .position(|service| service.name == each.service);
        let place = place.ok_or_else(|| RunningError::Unknown {
            service: each.service.clone(),
        })?;
        let row = rows
            .entry(&each.operator)
            .or_insert_with(|| vec![BigRational::zero(); services.len()]);
        row[place] += BigRational::from_integer(each.stake_wei.into()) / &wei;
    }
    let validators = rows.iter().map(|(operator, row)| Validator {
        name: (*operator).to_owned(),
        stake: row.iter().sum(),
    });
    let validators = validators.collect();
    Ok(Network::new(
        name,
        validators,
        services,
        rows.into_values().collect(),
    )?)
}
