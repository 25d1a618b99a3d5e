//! Filters: questions that are asked again and answered with what is new.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use alloy::rpc::types::{Filter, FilterBlockOption};
use alloy_primitives::B256;

use super::{
    Node,
    logs::{LogPosition, LogsError},
};

/// Most hashes that a filter of pending transactions keeps for its next answer.
const PENDING_KEPT: usize = 100_000;

/// What a filter asks for.
#[derive(Clone, Debug)]
pub(crate) enum FilterKind {
    /// Hashes of new blocks.
    Blocks,
    /// Hashes of accepted transactions, as they have come in since the last answer.
    Pending(Vec<B256>),
    /// Logs of new blocks.
    Logs(Box<Filter>),
}

#[derive(Debug)]
struct Active {
    kind: FilterKind,
    /// The first block not yet answered for.
    next_block: u64,
    asked: Instant,
}

/// The filters in use.
#[derive(Debug, Default)]
pub(crate) struct Filters {
    active: BTreeMap<u64, Active>,
    last_id: u64,
}

/// What is new for a filter.
#[derive(Clone, Debug)]
pub(crate) enum Changes {
    Hashes(Vec<B256>),
    Logs(Vec<LogPosition>),
}

/// Why a filter gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FilterError {
    #[error("filter not found")]
    NotFound,
    #[error("too many filters: {0} are in use; uninstall some")]
    TooMany(usize),
    #[error(transparent)]
    Logs(#[from] LogsError),
}

impl Filters {
    fn drop_idle(&mut self, idle: Duration) {
        self.active
            .retain(|_, filter| filter.asked.elapsed() < idle);
    }

    /// Tells the filters of pending transactions of one.
    pub(super) fn pending(&mut self, hash: B256) {
        for filter in self.active.values_mut() {
            if let FilterKind::Pending(hashes) = &mut filter.kind
                && hashes.len() < PENDING_KEPT
            {
                hashes.push(hash);
            }
        }
    }

    /// Blocks above `height` are gone: what comes in their place is new.
    pub(crate) fn rewind(&mut self, height: u64) {
        for filter in self.active.values_mut() {
            filter.next_block = filter.next_block.min(height + 1);
        }
    }
}

impl Node {
    /// Installs a filter. Returns its number.
    pub(crate) fn install_filter(&mut self, kind: FilterKind) -> Result<u64, FilterError> {
        let limits = self.config.limits;
        self.filters.drop_idle(limits.filter_idle);
        if self.filters.active.len() >= limits.filters {
            return Err(FilterError::TooMany(limits.filters));
        }
        self.filters.last_id += 1;
        let filter = Active {
            kind,
            next_block: self.blocks.height() + 1,
            asked: Instant::now(),
        };
        self.filters.active.insert(self.filters.last_id, filter);
        Ok(self.filters.last_id)
    }

    /// Removes a filter. Returns whether it was there.
    pub(crate) fn uninstall_filter(&mut self, id: u64) -> bool {
        self.filters.active.remove(&id).is_some()
    }

    /// What is new for a filter since the last time.
    pub(crate) fn filter_changes(&mut self, id: u64) -> Result<Changes, FilterError> {
        self.filters.drop_idle(self.config.limits.filter_idle);
        let height = self.blocks.height();
        let filter = self
            .filters
            .active
            .get_mut(&id)
            .ok_or(FilterError::NotFound)?;
        filter.asked = Instant::now();
        let since = filter.next_block;
        let wanted = match &mut filter.kind {
            FilterKind::Pending(hashes) => return Ok(Changes::Hashes(std::mem::take(hashes))),
            FilterKind::Blocks => None,
            FilterKind::Logs(wanted) => Some(wanted.clone()),
        };
        let Some(wanted) = wanted else {
            filter.next_block = height + 1;
            return Ok(Changes::Hashes(
                (since..=height)
                    .filter_map(|number| self.blocks.hash(number))
                    .collect(),
            ));
        };
        let (from, to) = match wanted.block_option {
            FilterBlockOption::Range {
                from_block,
                to_block,
            } => (
                from_block.and_then(|tag| tag.as_number()).unwrap_or(0),
                to_block.and_then(|tag| tag.as_number()).unwrap_or(u64::MAX),
            ),
            FilterBlockOption::AtBlockHash(_) => (0, u64::MAX),
        };
        let (from, to) = (since.max(from), height.min(to));
        let logs = if from <= to {
            self.logs_in(&wanted, from..=to)?
        } else {
            Vec::new()
        };
        // Only now: an answer that failed can be asked for again.
        if let Some(filter) = self.filters.active.get_mut(&id) {
            filter.next_block = height + 1;
        }
        Ok(Changes::Logs(logs))
    }

    /// Everything that a filter of logs matches.
    pub(crate) fn filter_logs(&mut self, id: u64) -> Result<Vec<LogPosition>, FilterError> {
        let filter = self
            .filters
            .active
            .get_mut(&id)
            .ok_or(FilterError::NotFound)?;
        filter.asked = Instant::now();
        let FilterKind::Logs(wanted) = &filter.kind else {
            return Err(FilterError::NotFound);
        };
        let wanted = wanted.clone();
        Ok(self.logs(&wanted)?)
    }
}
