//! Steps until told to stop, and tells what is published.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use metrics::{counter, gauge};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::reconcile::{META, VerdictNote};
use super::{Ends, IndexError, Indexer, Mismatch, Step, Verdict};
use crate::store::{BlockRow, Store};

/// The longest pause after a failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// What readers may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// The newest block whose documents agree with the contracts, or that cannot be compared.
    pub head: Option<BlockRow>,
    /// The newest block that the store has.
    pub indexed: Option<BlockRow>,
    /// The newest block that the chain has, as far as is known.
    pub chain_head: u64,
    /// The newest block that the chain calls final.
    pub finalized: u64,
    /// The last comparison.
    pub verdict: VerdictNote,
    /// What went wrong last, while it does.
    pub trouble: Option<String>,
    /// When the endpoint last answered, Unix seconds of this machine.
    pub heard_s: u64,
}

impl Published {
    /// Whether all that the chain has is published.
    pub fn is_current(&self) -> bool {
        self.verdict.mismatches.is_empty()
            && self.trouble.is_none()
            && self.head.is_some_and(|head| head.number >= self.chain_head)
    }
}

/// Unix seconds of this machine.
pub fn now_s() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map(|since| since.as_secs()).unwrap_or_default()
}

/// Follows the chain until `stop`.
///
/// # Errors
/// Something failed that trying again cannot help.
pub async fn run(
    mut indexer: Indexer,
    publish: watch::Sender<Published>,
    stop: CancellationToken,
) -> Result<(), IndexError> {
    first_words(&indexer, &publish).await?;
    let (mut pause, mut is_checked) = (indexer.config.poll, false);
    while !stop.is_cancelled() {
        let done = async {
            if !is_checked {
                check_chain(&indexer).await?;
                is_checked = true;
            }
            turn(&mut indexer, &publish).await
        };
        // A step is not broken off inside a commit: the database decides between all and nothing.
        let is_idle = tokio::select! {
            () = stop.cancelled() => break,
            done = done => match done {
                Ok(is_idle) => {
                    pause = indexer.config.poll;
                    is_idle
                }
                Err(error) if error.passes() => {
                    tracing::warn!(%error, "the indexer tries again");
                    counter!("weir_indexer_failures_total").increment(1);
                    publish.send_modify(|state| state.trouble = Some(error.to_string()));
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    true
                }
                Err(error) => return Err(error),
            }
        };
        if is_idle {
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
    Ok(())
}

/// What a store that was filled before has to say at once.
async fn first_words(
    indexer: &Indexer,
    publish: &watch::Sender<Published>,
) -> Result<(), IndexError> {
    let (head, verdict) = known(&indexer.store).await?;
    publish.send_modify(|state| {
        state.indexed = head;
        state.head = head.filter(|_| verdict.mismatches.is_empty());
        state.verdict = verdict;
    });
    Ok(())
}

async fn known(store: &Arc<dyn Store>) -> Result<(Option<BlockRow>, VerdictNote), IndexError> {
    let note = store.meta(META).await?.unwrap_or_default();
    Ok((
        store.head().await?,
        serde_json::from_str(&note).unwrap_or_default(),
    ))
}

async fn check_chain(indexer: &Indexer) -> Result<(), IndexError> {
    let (expected, got) = (indexer.site.chain_id, indexer.source.chain_id().await?);
    if expected == got {
        Ok(())
    } else {
        Err(IndexError::OtherChain { expected, got })
    }
}

/// One step, and what it changes for readers. Says whether there is nothing more to do now.
async fn turn(
    indexer: &mut Indexer,
    publish: &watch::Sender<Published>,
) -> Result<bool, IndexError> {
    let ends = indexer.ends().await?;
    let step = indexer.step(&ends).await?;
    tell(&step, &ends);
    let (indexed, verdict) = known(&indexer.store).await?;
    let is_idle = step == Step::AtHead;
    publish.send_if_modified(|state| {
        let mut new = Published {
            head: state.head,
            indexed,
            chain_head: ends.head.number,
            finalized: ends.finalized,
            verdict,
            trouble: None,
            heard_s: state.heard_s,
        };
        match step {
            // Readers may not see a block that was taken back.
            Step::BeganAnew => new.head = None,
            Step::TookBack { to, .. } if new.head.is_some_and(|head| head.number > to) => {
                new.head = indexed;
            }
            _ => {}
        }
        if new.verdict.mismatches.is_empty() {
            new.head = indexed;
        }
        let is_changed = new != *state;
        // Hearing the same again is no news.
        new.heard_s = now_s();
        *state = new;
        is_changed
    });
    Ok(is_idle)
}

#[expect(clippy::cast_precision_loss, reason = "metrics are floats")]
fn tell(step: &Step, ends: &Ends) {
    gauge!("weir_chain_head").set(ends.head.number as f64);
    match step {
        Step::AtHead => gauge!("weir_indexed_block").set(ends.head.number as f64),
        Step::Took {
            from,
            to,
            logs,
            verdict,
        } => {
            tracing::debug!(from, to, logs, "took blocks in");
            gauge!("weir_indexed_block").set(*to as f64);
            counter!("weir_indexed_logs_total").increment(*logs as u64);
            if let Verdict::Differs(mismatches) = verdict {
                counter!("weir_reconcile_failures_total").increment(1);
                for mismatch in mismatches {
                    let Mismatch {
                        what,
                        logs,
                        contract,
                    } = mismatch;
                    tracing::error!(
                        block = to,
                        what,
                        logs,
                        contract,
                        "the contracts say otherwise"
                    );
                }
            }
        }
        Step::TookBack { to, blocks } => {
            tracing::info!(
                to,
                blocks,
                "took blocks back: the chain follows another branch"
            );
            counter!("weir_reorgs_total").increment(1);
        }
        Step::BeganAnew => {
            tracing::warn!("the chain begins anew, and so does the history");
            counter!("weir_chain_resets_total").increment(1);
        }
    }
}
