//! What is assumed about a vault, its markets and the world: a TOML file with units in its names.
//!
//! A file says everything that differs from [the base](Scenario::base), the gallery's `calm`: what it leaves out is as there.
//! It is read once and checked as a whole; [`ScenarioError`] names the line, the value and what was expected.
//!
//! ```
//! use weir_lab::scenario::Scenario;
//!
//! let calm = Scenario::named("calm")?;
//! assert_eq!(calm.time.steps(), 365);
//! let error = Scenario::parse("[time]\nhorizon_days = -3\n").unwrap_err();
//! assert_eq!(error.line, Some(2));
//! # Ok::<(), weir_lab::scenario::ScenarioError>(())
//! ```

mod check;
mod error;
mod gallery;
mod parts;

pub use error::ScenarioError;
pub use gallery::{GALLERY, Named};
pub use parts::{
    Arbitrage, Asset, Concentrated, Event, EventKind, Holders, Lending, Network, Oracle, Queue,
    Rewards, Slashing, StableSwapPool, Time, Trading, Vault,
};

use std::path::Path;

use serde::{Deserialize, Serialize};

/// Everything that is assumed. Each field is a table of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each is described by its type")]
pub struct Scenario {
    /// One line: what this is about.
    pub title: String,
    /// Where the numbers come from, and what they are not.
    pub source: String,
    pub time: Time,
    pub vault: Vault,
    pub holders: Holders,
    pub network: Network,
    pub slashing: Slashing,
    pub rewards: Rewards,
    pub queue: Queue,
    pub stableswap: StableSwapPool,
    pub concentrated: Concentrated,
    pub trading: Trading,
    pub arbitrage: Arbitrage,
    pub lending: Lending,
    /// What happens on a certain day, in every path.
    #[serde(default, rename = "event")]
    pub events: Vec<Event>,
}

impl Scenario {
    /// What a file says nothing about.
    pub fn base() -> Result<Self, ScenarioError> {
        let text = gallery::BASE;
        let scenario: Self =
            toml::from_str(text).map_err(|error| ScenarioError::syntax(text, &error))?;
        check::check(&scenario).map_err(|wrong| wrong.in_text(text))?;
        Ok(scenario)
    }

    /// The scenario of the gallery with that name.
    pub fn named(name: &str) -> Result<Self, ScenarioError> {
        match GALLERY.iter().find(|named| named.name == name) {
            Some(named) => Self::parse(named.text).map_err(|error| error.of(name)),
            None => Err(ScenarioError::unknown_name(name)),
        }
    }

    /// A scenario of the gallery by its name, or of a file by its path.
    pub fn load(name_or_path: &str) -> Result<Self, ScenarioError> {
        let path = Path::new(name_or_path);
        let is_name = !name_or_path.contains(['/', '\\', '.']);
        if is_name && !path.is_file() {
            return Self::named(name_or_path);
        }
        let text = std::fs::read_to_string(path)
            .map_err(|error| ScenarioError::unreadable(&error).of(name_or_path))?;
        Self::parse(&text).map_err(|error| error.of(name_or_path))
    }

    /// The same with some values set, each as `table.key=value`.
    pub fn load_with(name_or_path: &str, sets: &[String]) -> Result<Self, ScenarioError> {
        let scenario = Self::load(name_or_path)?;
        if sets.is_empty() {
            return Ok(scenario);
        }
        let whole =
            toml::Table::try_from(&scenario).map_err(|error| ScenarioError::unwritable(&error))?;
        let mut whole = whole;
        for set in sets {
            let said = set.split_once('=').and_then(|(key, value)| {
                let (key, value) = (key.trim(), value.trim());
                let plain = toml::from_str::<toml::Table>(&format!("{key} = {value}"));
                plain
                    .or_else(|_| toml::from_str(&format!("{key} = \"{value}\"")))
                    .ok()
            });
            let Some(said) = said else {
                return Err(ScenarioError::not_a_setting(set));
            };
            overlay(&mut whole, said);
        }
        let text = sets.join("\n");
        let scenario = Self::deserialize(toml::Value::Table(whole))
            .map_err(|error| ScenarioError::shape(&text, &error).of("--set"))?;
        check::check(&scenario).map_err(|wrong| wrong.in_text(&text).of("--set"))?;
        Ok(scenario)
    }

    /// The scenario that a file's text says.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let syntax = |error: &toml::de::Error| ScenarioError::syntax(text, error);
        let said: toml::Table = toml::from_str(text).map_err(|error| syntax(&error))?;
        let mut whole: toml::Table =
            toml::from_str(gallery::BASE).map_err(|error| syntax(&error))?;
        overlay(&mut whole, said);
        // The text is read a second time for what it says alone, so that an error has a line of it.
        let scenario = match Self::deserialize(toml::Value::Table(whole)) {
            Ok(scenario) => scenario,
            Err(error) => return Err(ScenarioError::shape(text, &error)),
        };
        check::check(&scenario).map_err(|wrong| wrong.in_text(text))?;
        Ok(scenario)
    }

    /// The whole scenario as JSON, what it leaves out included; the same text for the same scenario.
    pub fn to_json(&self) -> Result<String, ScenarioError> {
        serde_json::to_string_pretty(self).map_err(|error| ScenarioError::unwritable(&error))
    }

    /// 64 bits of everything that is assumed: two scenarios with the same one draw the same paths.
    pub fn fingerprint(&self) -> Result<u64, ScenarioError> {
        // FNV-1a: nobody has a reason to make two scenarios collide.
        let text = self.to_json()?;
        let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        Ok(text.as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, mix))
    }
}

/// Puts what `said` says over `whole`, table by table. Arrays are replaced.
fn overlay(whole: &mut toml::Table, said: toml::Table) {
    for (key, value) in said {
        match (whole.get_mut(&key), value) {
            (Some(toml::Value::Table(under)), toml::Value::Table(over)) => overlay(under, over),
            (_, value) => {
                whole.insert(key, value);
            }
        }
    }
}
