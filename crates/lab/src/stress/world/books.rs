//! Whether a path's books add up, and what it came to.

use super::World;
use crate::stress::opening::PUBLIC;
use crate::stress::outcome::{COLUMNS, Outcome};
use crate::stress::path::PathError;

impl World<'_> {
    pub(super) fn finish(self) -> Result<Outcome, PathError> {
        let path = self.path;
        let public = self.vault.model.shares_of(PUBLIC) as f64 * 1e-18;
        let kept: f64 = self.holdings().iter().sum();
        let leak = |what, gap: f64, of: f64| {
            let is_none = gap.abs() <= 1e-9 * of.max(1.0);
            is_none.then_some(()).ok_or(PathError::Leak {
                path,
                what,
                gap,
                of,
            })
        };
        leak(
            "shares of the public and of those the lab keeps apart",
            public - kept,
            self.vault.supply,
        )?;
        let eth = self.stable.eth + self.range.eth + self.cash;
        leak(
            "ETH in the pools and what went through them",
            eth - self.eth_at_start,
            self.eth_at_start,
        )?;
        let books = self.vault.books;
        let held = self.vault.held_value();
        let gap = books.entered + books.yielded - books.paid - books.slashed - held;
        leak(
            "value that entered and value that is accounted for",
            gap,
            books.entered,
        )?;
        leak(
            "slashes and who bore them",
            self.vault.borne.sum() - books.slashed,
            books.entered,
        )?;
        let queued = self
            .vault
            .tickets
            .iter()
            .map(|ticket| ticket.of_arbitrage)
            .sum::<f64>();
        let arbitrage = self.arbitrage.gain + (queued + self.arbitrage.shares) * self.vault.floor;
        let mut outcome = self
            .tally
            .outcome(&self.vault, &self.stable, &self.range, &self.book);
        outcome.arbitrage_gain_eth = arbitrage;
        outcome.instant_paid_eth = self.arbitrage.instant;
        outcome.held_eth = held;
        outcome.gap_eth = gap;
        for (column, value) in COLUMNS.iter().zip(outcome.row()) {
            if !value.is_finite() {
                return Err(PathError::NotFinite {
                    path,
                    column: column.name,
                });
            }
        }
        Ok(outcome)
    }
}
