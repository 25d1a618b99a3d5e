//! A network's file.
//!
//! ```toml
//! name = "two services"
//! synthetic = true                   # made up: optional, false if left out
//!
//! [[validator]]
//! name = "ada"
//! stake_eth = 100
//!
//! [[service]]
//! name = "oracle"
//! profit_eth = 30                    # what corrupting it gains
//! threshold = "1/3"                  # the part of its stake that an attack needs
//! validators = ["ada"]               # each with all its stake; or, each with so much:
//! # allocations_eth = { ada = 60 }
//! ```
//!
//! or, where all are alike, in place of both lists
//!
//! ```toml
//! name = "all alike"
//!
//! [symmetric]
//! validators = 15
//! services = 15
//! stake_eth = 10                     # of each validator
//! degree = "3/2"                     # how often each unit of stake is used
//! profit_eth = 1                     # of each service
//! threshold = "1/3"
//! ```

use std::collections::BTreeMap;

use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::model::{Network, Service, Validator};
use super::symmetric::Symmetric;
use crate::input::{InputError, Source, Table};

const AMOUNT: &str = "an amount of ETH that is finite and not negative, such as 32 or 0.5";
const THRESHOLD: &str = "a part above 0 and at most 1, such as 0.5 or \"1/3\"";

/// The network that `text` describes; `file` is what errors call it.
///
/// # Errors
/// The first line that is not as it should be, with its value and what was expected.
pub fn parse(file: &str, text: &str) -> Result<Network, InputError> {
    let source = Source { file, text };
    let root = source.parse()?;
    let top = Table::new(source, "", root.get_ref(), 0..0);
    let name = top.text("name", "a name in quotes")?;
    let is_synthetic = top.flag("synthetic")?;
    if top.get("symmetric").is_some() {
        let table = top.table("symmetric", "a table, [symmetric]")?;
        top.finish()?;
        let mut network = symmetric(&name, &table)?;
        network.is_synthetic = is_synthetic;
        return Ok(network);
    }
    let mut places = BTreeMap::new();
    let mut validators = Vec::new();
    for table in top.tables("validator", "at least one [[validator]]")? {
        let name = unique(&table, &mut places, validators.len())?;
        let stake = amount(&table, "stake_eth")?;
        table.finish()?;
        validators.push(Validator { name, stake });
    }
    let mut services = Vec::new();
    let mut allocations = vec![Vec::new(); validators.len()];
    let mut names = BTreeMap::new();
    for table in top.tables("service", "at least one [[service]]")? {
        let service = service(&table, &mut names, services.len())?;
        let column = column(&table, &validators, &places)?;
        table.finish()?;
        for (row, amount) in allocations.iter_mut().zip(column) {
            row.push(amount);
        }
        services.push(service);
    }
    top.finish()?;
    let network = Network::new(&name, validators, services, allocations);
    let mut network = network.map_err(|error| {
        source.refuse(
            0..0,
            "the network",
            &error.to_string(),
            "a network that can be",
        )
    })?;
    network.is_synthetic = is_synthetic;
    Ok(network)
}

/// Services alone, for a network whose stakes come from elsewhere: `[[service]]` tables with `name`, `profit_eth` and `threshold`.
///
/// # Errors
/// The first line that is not as it should be.
pub fn parse_services(file: &str, text: &str) -> Result<Vec<Service>, InputError> {
    let source = Source { file, text };
    let root = source.parse()?;
    let top = Table::new(source, "", root.get_ref(), 0..0);
    let (mut services, mut names) = (Vec::new(), BTreeMap::new());
    for table in top.tables("service", "at least one [[service]]")? {
        services.push(service(&table, &mut names, services.len())?);
        table.finish()?;
    }
    top.finish()?;
    Ok(services)
}

fn service(
    table: &Table<'_, '_>,
    names: &mut BTreeMap<String, usize>,
    place: usize,
) -> Result<Service, InputError> {
    let name = unique(table, names, place)?;
    let profit = amount(table, "profit_eth")?;
    let threshold = threshold(table)?;
    Ok(Service {
        name,
        profit,
        threshold,
    })
}

fn threshold(table: &Table<'_, '_>) -> Result<BigRational, InputError> {
    let threshold = table.number("threshold", THRESHOLD)?;
    if !threshold.is_positive() || threshold > BigRational::one() {
        return Err(table.refuse("threshold", &threshold.to_string(), THRESHOLD));
    }
    Ok(threshold)
}

fn symmetric(name: &str, table: &Table<'_, '_>) -> Result<Network, InputError> {
    let count = |key| {
        let expected = "a whole number from 1 to 1000";
        let number = table.number(key, expected)?;
        let count = number
            .to_integer()
            .to_u32()
            .filter(|count| (1..=1000).contains(count));
        let count = count.filter(|_| number.is_integer());
        count.ok_or_else(|| table.refuse(key, &number.to_string(), expected))
    };
    let (validators, services) = (count("validators")?, count("services")?);
    let stake = amount(table, "stake_eth")?;
    let expected = format!("from 0 to the number of services, {services}");
    let degree = table.number("degree", &expected)?;
    if degree.is_negative() || degree > BigRational::from_integer(services.into()) {
        return Err(table.refuse("degree", &degree.to_string(), &expected));
    }
    let alike = Symmetric {
        validators,
        services,
        degree,
        threshold: threshold(table)?,
        profit: amount(table, "profit_eth")?,
    };
    table.finish()?;
    alike
        .written_out(name, &stake)
        .map_err(|error| table.refuse("symmetric", &error.to_string(), "a network that can be"))
}

fn amount(table: &Table<'_, '_>, key: &'static str) -> Result<BigRational, InputError> {
    let amount = table.number(key, AMOUNT)?;
    if amount.is_negative() {
        return Err(table.refuse(key, &amount.to_string(), AMOUNT));
    }
    Ok(amount)
}

fn unique(
    table: &Table<'_, '_>,
    names: &mut BTreeMap<String, usize>,
    place: usize,
) -> Result<String, InputError> {
    let name = table.text("name", "a name in quotes")?;
    if name.trim().is_empty() || names.insert(name.clone(), place).is_some() {
        let shown = format!("\"{name}\"");
        return Err(table.refuse("name", &shown, "a name that no other has"));
    }
    Ok(name)
}

/// What each validator secures the service with.
fn column(
    table: &Table<'_, '_>,
    validators: &[Validator],
    places: &BTreeMap<String, usize>,
) -> Result<Vec<BigRational>, InputError> {
    let mut column = vec![BigRational::zero(); validators.len()];
    let named = table.texts("validators", "a list of validators' names")?;
    let amounts = table.numbers("allocations_eth", AMOUNT)?;
    let is_one_of_two = named.is_some() != amounts.is_some();
    if !is_one_of_two {
        let value = if named.is_some() {
            "given beside `validators`"
        } else {
            "missing"
        };
        let expected = "either `validators` (each with all its stake) or `allocations_eth`";
        return Err(table.refuse("allocations_eth", value, expected));
    }
    let known = || {
        let names: Vec<&str> = validators
            .iter()
            .map(|validator| validator.name.as_str())
            .collect();
        format!("a validator of this file: {}", names.join(", "))
    };
    let refuse = |span, value: &str, expected: &str| {
        table
            .source()
            .refuse(span, "a validator of a service", value, expected)
    };
    let mut seen = Vec::new();
    for name in named.iter().flatten() {
        let place = *places
            .get(name.get_ref())
            .ok_or_else(|| refuse(name.span(), name.get_ref(), &known()))?;
        if seen.contains(&place) {
            return Err(refuse(name.span(), name.get_ref(), "each validator once"));
        }
        seen.push(place);
        column[place] = validators[place].stake.clone();
    }
    for (name, amount) in amounts.into_iter().flatten() {
        let place = *places
            .get(name.get_ref())
            .ok_or_else(|| refuse(name.span(), name.get_ref(), &known()))?;
        let stake = &validators[place].stake;
        if amount.is_negative() || amount > *stake {
            let expected = format!(
                "0 to {stake} ETH, which is all the stake of {}",
                name.get_ref()
            );
            return Err(refuse(name.span(), &amount.to_string(), &expected));
        }
        column[place] = amount;
    }
    Ok(column)
}
