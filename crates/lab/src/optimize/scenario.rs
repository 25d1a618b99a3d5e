//! What an optimisation is given.
//!
//! ```toml
//! name = "three services"
//! synthetic = true
//! seed = 7
//! draws = 20000                  # sampled years
//! level = "95%"                  # CVaR is the mean of the worst 5 %
//! horizon_years = 1
//! allocated = "100%"             # at most so much of the capacity
//! least_return = "2%"            # expected, after slashing; optional
//!
//! [limits]                       # the allocator's, of the capacity
//! service = "50%"
//! operator = "40%"
//! group = "60%"
//! worst = ["40%", "60%", "70%"]  # one, two and three operators failing at once
//!
//! [[service]]
//! name = "oracle"
//! id = 1
//! reward_per_year = "4%"
//! max_slash = "20%"              # for one epoch of offence
//! faults_per_year = 0.01         # that slash all its operators
//! severity = "10%"               # mean part slashed
//!
//! [[operator]]
//! name = "ada"
//! address = "0x00000000000000000000000000000000000000a1"
//! commission = "10%"
//! groups = ["geth"]
//! faults_per_year = 0.02
//! severity = "50%"
//!
//! [[group]]
//! name = "geth"
//! faults_per_year = 0.005
//! severity = "80%"
//!
//! [[current]]                    # optional: what is allocated now
//! service = "oracle"
//! operator = "ada"
//! magnitude = "10%"
//! ```

use std::collections::BTreeSet;

use alloy_primitives::Address;
use num_traits::ToPrimitive;

use crate::input::{InputError, Source, Table};

/// A service.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Its number in the hub.
    pub id: u32,
    /// What it pays a year for a unit of stake, a part.
    pub reward_per_year: f64,
    /// The most that it may slash for one epoch of offence, a part.
    pub max_slash: f64,
    /// Faults of its own a year, which slash all its operators.
    pub faults_per_year: f64,
    /// Mean part that such a fault slashes, before the cap.
    pub severity: f64,
}

/// An operator.
#[derive(Clone, Debug, PartialEq)]
pub struct Operator {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: Address,
    /// What it keeps of rewards, a part.
    pub commission: f64,
    /// The groups it is in, at most four.
    pub groups: Vec<usize>,
    /// Faults of its own a year, which slash it in every service.
    pub faults_per_year: f64,
    /// Mean part that such a fault slashes, before the caps.
    pub severity: f64,
}

/// What operators have in common, such as a client or a cloud.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Faults a year, which slash all its operators in every service.
    pub faults_per_year: f64,
    /// Mean part that such a fault slashes, before the caps.
    pub severity: f64,
}

/// The allocator's limits, parts of the capacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// At risk in one service.
    pub service: f64,
    /// At risk through one operator.
    pub operator: f64,
    /// At risk through one group.
    pub group: f64,
    /// At risk if one, two or three operators fail everywhere at once.
    pub worst: [f64; 3],
}

/// A place stake can be in: (service, operator).
pub type Pair = (usize, usize);

/// What an optimisation is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Allocations {
    /// Its name.
    pub name: String,
    /// Whether it was made up.
    pub is_synthetic: bool,
    /// Seed of the draws.
    pub seed: u64,
    /// How many draws.
    pub draws: usize,
    /// The level of CVaR.
    pub level: f64,
    /// The time that a draw covers, years.
    pub horizon_years: f64,
    /// At most so much of the capacity is allocated.
    pub allocated: f64,
    /// Expected return over the horizon to reach, after slashing, a part of the capacity.
    pub least_return: Option<f64>,
    /// The allocator's limits.
    pub limits: Limits,
    /// The services.
    pub services: Vec<Service>,
    /// The operators.
    pub operators: Vec<Operator>,
    /// The groups.
    pub groups: Vec<Group>,
    /// What is allocated now: a part of the capacity for each pair.
    pub current: Vec<(Pair, f64)>,
}

impl Allocations {
    /// Every place stake can be in.
    pub fn pairs(&self) -> Vec<Pair> {
        let operators = 0..self.operators.len();
        let with = |service| operators.clone().map(move |operator| (service, operator));
        (0..self.services.len()).flat_map(with).collect()
    }
}

const PART: &str = "a part from 0 to 1, such as 0.25 or \"25%\"";
const RATE: &str = "a number of events a year, from 0 to 1000";

/// The scenario that `text` describes; `file` is what errors call it.
///
/// # Errors
/// The first line that is not as it should be, with its value and what was expected.
pub fn parse(file: &str, text: &str) -> Result<Allocations, InputError> {
    let source = Source { file, text };
    let root = source.parse()?;
    let top = Table::new(source, "", root.get_ref(), 0..0);
    let mut names = BTreeSet::new();
    let mut groups = Vec::new();
    for table in top.tables("group", "an array of tables, [[group]], or `group = []`")? {
        groups.push(Group {
            name: unique(&table, &mut names)?,
            faults_per_year: within(&table, "faults_per_year", 0.0, 1000.0, RATE)?,
            severity: part(&table, "severity")?,
        });
        table.finish()?;
    }
    let (services, operators) = (services(&top)?, operators(&top, &groups)?);
    let count = services.len() * operators.len();
    if count == 0 || count > 1024 {
        let shown = format!(
            "{} services and {} operators",
            services.len(),
            operators.len()
        );
        return Err(top.refuse(
            "service",
            &shown,
            "1 to 1024 pairs of a service and an operator",
        ));
    }
    let is_given = top.get("least_return").is_some();
    let scenario = Allocations {
        name: top.text("name", "a name in quotes")?,
        is_synthetic: top.flag("synthetic")?,
        seed: within(&top, "seed", 0.0, 9e15, "a whole number from 0")? as u64,
        draws: within(
            &top,
            "draws",
            100.0,
            200_000.0,
            "a number of draws from 100 to 200000",
        )? as usize,
        level: within(
            &top,
            "level",
            0.5,
            0.9999,
            "a level from 0.5 to 0.9999, such as \"95%\"",
        )?,
        horizon_years: within(&top, "horizon_years", 0.01, 20.0, "years, from 0.01 to 20")?,
        allocated: part(&top, "allocated")?,
        least_return: if is_given {
            Some(within(
                &top,
                "least_return",
                -1.0,
                10.0,
                "a part of the capacity, such as \"2%\"",
            )?)
        } else {
            None
        },
        limits: limits(&top)?,
        current: current(&top, &services, &operators)?,
        services,
        operators,
        groups,
    };
    top.finish()?;
    Ok(scenario)
}

fn services(top: &Table<'_, '_>) -> Result<Vec<Service>, InputError> {
    let (mut names, mut ids, mut services) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for table in top.tables("service", "at least one [[service]]")? {
        let id = within(
            &table,
            "id",
            0.0,
            4_294_967_295.0,
            "the service's number in the hub",
        )? as u32;
        if !ids.insert(id) {
            return Err(table.refuse("id", &id.to_string(), "a number that no other service has"));
        }
        services.push(Service {
            name: unique(&table, &mut names)?,
            id,
            reward_per_year: within(
                &table,
                "reward_per_year",
                0.0,
                10.0,
                "a part a year, such as \"4%\"",
            )?,
            max_slash: part(&table, "max_slash")?,
            faults_per_year: within(&table, "faults_per_year", 0.0, 1000.0, RATE)?,
            severity: part(&table, "severity")?,
        });
        table.finish()?;
    }
    Ok(services)
}

fn operators(top: &Table<'_, '_>, groups: &[Group]) -> Result<Vec<Operator>, InputError> {
    let (mut names, mut addresses, mut operators) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for table in top.tables("operator", "at least one [[operator]]")? {
        let text = table.text("address", "an address, 0x and 40 hex digits")?;
        let address: Option<Address> = text
            .parse()
            .ok()
            .filter(|address| addresses.insert(*address));
        let Some(address) = address else {
            return Err(table.refuse(
                "address",
                &text,
                "an address, 0x and 40 hex digits, that no other operator has",
            ));
        };
        let mut of = Vec::new();
        for name in table
            .texts("groups", "a list of groups' names")?
            .unwrap_or_default()
        {
            let place = groups
                .iter()
                .position(|group| group.name == *name.get_ref());
            let Some(place) = place.filter(|place| !of.contains(place) && of.len() < 4) else {
                let known: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
                let expected = format!(
                    "at most four of the groups of this file, each once: {}",
                    known.join(", ")
                );
                return Err(table.source().refuse(
                    name.span(),
                    "a group of an operator",
                    name.get_ref(),
                    &expected,
                ));
            };
            of.push(place);
        }
        operators.push(Operator {
            name: unique(&table, &mut names)?,
            address,
            commission: part(&table, "commission")?,
            groups: of,
            faults_per_year: within(&table, "faults_per_year", 0.0, 1000.0, RATE)?,
            severity: part(&table, "severity")?,
        });
        table.finish()?;
    }
    Ok(operators)
}

fn limits(top: &Table<'_, '_>) -> Result<Limits, InputError> {
    let table = top.table("limits", "a table, [limits]")?;
    let worst = table.parts(
        "worst",
        "three parts of the capacity, for one, two and three operators",
    )?;
    let [one, two, three] = worst[..] else {
        return Err(table.refuse(
            "worst",
            &format!("{} parts", worst.len()),
            "three parts of the capacity",
        ));
    };
    let limits = Limits {
        service: part(&table, "service")?,
        operator: part(&table, "operator")?,
        group: part(&table, "group")?,
        worst: [one, two, three],
    };
    table.finish()?;
    Ok(limits)
}

fn current(
    top: &Table<'_, '_>,
    services: &[Service],
    operators: &[Operator],
) -> Result<Vec<(Pair, f64)>, InputError> {
    if top.get("current").is_none() {
        return Ok(Vec::new());
    }
    let (mut current, mut sum) = (Vec::new(), 0.0);
    for table in top.tables("current", "tables, [[current]]")? {
        let service = table.text("service", "a service of this file")?;
        let operator = table.text("operator", "an operator of this file")?;
        let place = services.iter().position(|each| each.name == service);
        let place =
            place.ok_or_else(|| table.refuse("service", &service, "a service of this file"))?;
        let other = operators.iter().position(|each| each.name == operator);
        let other =
            other.ok_or_else(|| table.refuse("operator", &operator, "an operator of this file"))?;
        let magnitude = part(&table, "magnitude")?;
        sum += magnitude;
        if sum > 1.0 + 1e-12 {
            return Err(table.refuse(
                "magnitude",
                &magnitude.to_string(),
                "magnitudes that are at most 1 together",
            ));
        }
        if current.iter().any(|(pair, _)| *pair == (place, other)) {
            return Err(table.refuse("operator", &operator, "each pair once"));
        }
        table.finish()?;
        current.push(((place, other), magnitude));
    }
    Ok(current)
}

fn unique(table: &Table<'_, '_>, names: &mut BTreeSet<String>) -> Result<String, InputError> {
    let name = table.text("name", "a name in quotes")?;
    if name.trim().is_empty() || !names.insert(name.clone()) {
        return Err(table.refuse("name", &format!("\"{name}\""), "a name that no other has"));
    }
    Ok(name)
}

fn part(table: &Table<'_, '_>, key: &'static str) -> Result<f64, InputError> {
    within(table, key, 0.0, 1.0, PART)
}

fn within(
    table: &Table<'_, '_>,
    key: &'static str,
    least: f64,
    most: f64,
    expected: &str,
) -> Result<f64, InputError> {
    let value = table.number(key, expected)?.to_f64().unwrap_or(f64::NAN);
    if value >= least && value <= most {
        return Ok(value);
    }
    Err(table.refuse(key, &value.to_string(), expected))
}
