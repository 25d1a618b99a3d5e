//! Real history in place of draws.

mod history;

pub use history::History;
