//! Restaking networks: who secures what, whether an attack would pay, what one loss can become, and what would make it safe.

mod attack;
pub mod byzantine;
mod certificate;
mod lines;
mod milp;
mod model;
mod parse;
mod remedy;
pub mod report;
mod robust;
mod running;
mod scaled;
pub mod split;
mod symmetric;
mod synthetic;
mod usual;

pub use crate::input::InputError;
pub use attack::{
    Attack, EXACT_VALIDATORS, Method, Model, best_attack, free_attacks, is_safe, least_ratio,
};
pub use certificate::{Certificate, certificate};
pub use model::{Network, NetworkError, Service, Validator, float, shown};
pub use parse::{parse, parse_services};
pub use remedy::{Remedy, factor_for, remedies, with_allocations};
pub use report::{Analysis, analyse};
pub use robust::{CASCADE_VALIDATORS, Cascade, CascadeError, loss_bound, worst_cascade};
pub use running::{RunningError, Secured, of_running};
pub use scaled::TooFine;
pub use symmetric::Symmetric;
pub use synthetic::{Recipe, synthetic};
pub use usual::usual_losses;
