//! Scenarios with a name.

/// What a scenario says nothing about.
pub(super) const BASE: &str = include_str!("../../scenarios/calm.toml");

/// A scenario of the gallery.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// What to call it by.
    pub name: &'static str,
    /// Its file.
    pub text: &'static str,
}

macro_rules! gallery {
    ($($name:literal),* $(,)?) => {
        &[$(Named { name: $name, text: include_str!(concat!("../../scenarios/", $name, ".toml")) }),*]
    };
}

/// Every scenario that comes with the lab; the files are in `crates/lab/scenarios`.
pub const GALLERY: &[Named] = gallery![
    "calm",
    "client-bug",
    "steth-2022",
    "ezeth-2024",
    "rogue-service",
    "bank-run",
    "bridge-shock",
    "bench",
];
