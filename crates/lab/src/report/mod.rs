//! A report of a run: one HTML file with everything in it, and the same figures for programs.
//!
//! [`Figures`] are estimated from files of paths alone; [`html`](fn@html::html) draws them. Recorded paths, which show what one year looks
//! like, are run again from the scenario that the files carry.

mod figures;
mod html;
mod plots;
mod summary;

pub use figures::{Figure, Figures, figures};
pub use html::{html, page};
pub use summary::summary;

/// In 1 of so many paths: the tail that the summary speaks of.
pub const ONE_OF: f64 = 400.0;
