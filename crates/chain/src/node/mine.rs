//! Taking transactions in and mining blocks.

use std::sync::Arc;

use alloy_primitives::B256;

use super::{Event, Node};
use crate::{
    block::{Block, Built, Candidate, Draft},
    config::Mining,
    outcome::Outcome,
    pool::{self, Room},
    tx::{Tx, TxError, UnsignedTx},
};

impl Node {
    /// Takes a transaction in. Where blocks are mined at once and the transaction is due, it is mined on return.
    pub(crate) fn accept(&mut self, tx: Tx) -> Result<B256, TxError> {
        let hash = tx.hash;
        if self.blocks.tx(&hash).is_some() {
            return Err(TxError::Known);
        }
        pool::check(&tx, &self.rules(), &self.latest())?;
        let next_nonce = self.world.nonce(tx.from());
        if !self.impersonates(tx.from()) {
            self.check_sender_has_no_code(&tx)?;
        }
        let room = Room {
            txs: self.config.limits.pool_txs,
            bytes: self.config.limits.pool_bytes,
        };
        self.pool.add(Arc::new(tx), next_nonce, room)?;
        self.filters.pending(hash);
        self.tell(|| Event::Pending(hash));
        if self.mining == Mining::Instant
            && let Some(refused) = self.mine_ready(hash)
        {
            return Err(refused);
        }
        Ok(hash)
    }

    fn check_sender_has_no_code(&self, tx: &Tx) -> Result<(), TxError> {
        let code = self.latest().code(tx.from());
        if code.is_empty() || code.is_eip7702() {
            Ok(())
        } else {
            Err(TxError::SenderHasCode(tx.from()))
        }
    }

    /// Mines what can be mined. Returns why the transaction `watched` was refused, if it was.
    fn mine_ready(&mut self, watched: B256) -> Option<TxError> {
        let mut refused = None;
        while self.pool.has_ready() {
            let ready = self.pool.ready();
            let outcomes = self.mine(ready.iter().cloned().map(Candidate::Pooled).collect());
            let progress = outcomes.iter().any(Option::is_some);
            for (tx, outcome) in ready.iter().zip(outcomes) {
                if let Some(Err(error)) = outcome
                    && tx.hash == watched
                {
                    refused = Some(error);
                }
            }
            if !progress {
                // The block gas limit was lowered below what waits.
                break;
            }
        }
        refused
    }

    /// Mines one block with whatever can be mined now.
    pub(crate) fn mine_pending(&mut self) -> Arc<Block> {
        let ready = self.pool.ready();
        self.mine(ready.into_iter().map(Candidate::Pooled).collect());
        self.blocks.head().clone()
    }

    /// Mines transactions sent in anybody's name into one block. Refused ones are left out.
    pub(crate) fn mine_unsigned(&mut self, txs: Vec<UnsignedTx>) -> Vec<Result<Outcome, TxError>> {
        let candidates = txs.into_iter().map(Candidate::Unsigned).collect();
        let limit = self.settings.block_gas_limit;
        self.mine(candidates)
            .into_iter()
            .map(|outcome| {
                outcome.unwrap_or(Err(TxError::BlockGas {
                    gas: self.config.tx_gas_cap,
                    limit,
                }))
            })
            .collect()
    }

    /// Mines one block of `candidates` on top of the head.
    fn mine(&mut self, candidates: Vec<Candidate>) -> Vec<Option<Result<Outcome, TxError>>> {
        let pooled: Vec<_> = candidates
            .iter()
            .map(|candidate| match candidate {
                Candidate::Pooled(tx) => Some(tx.clone()),
                Candidate::Unsigned(_) => None,
            })
            .collect();
        let rules = self.rules();
        let head = self.blocks.head();
        let (parent_hash, number) = (head.hash, head.header.number + 1);
        let timestamp_s = self.settings.clock.take(head.header.timestamp);
        let draft = Draft {
            vm: &mut self.vm,
            world: &mut self.world,
            trie: &mut self.trie,
            blocks: &self.blocks,
            rules,
            seed: self.settings.header_seed(parent_hash, number, timestamp_s),
        };
        let Built {
            block,
            version,
            outcomes,
        } = draft.build(candidates);
        self.blocks.push(block.clone(), version);
        self.forget_old_states();
        for (tx, outcome) in pooled.iter().zip(&outcomes) {
            match (tx, outcome) {
                // One before it was refused: it waits for its turn again.
                (_, Some(Err(TxError::NonceTooHigh { .. }))) | (None, _) => {}
                (Some(tx), Some(Err(_))) => {
                    self.pool.remove(&tx.hash);
                }
                (Some(_), _) => {}
            }
        }
        let unsigned = block.txs.iter().map(|tx| tx.from);
        for from in pooled.iter().flatten().map(|tx| tx.from()).chain(unsigned) {
            self.pool.update(from, self.world.nonce(from));
        }
        self.tell(|| Event::Block(block));
        outcomes
    }

    fn forget_old_states(&mut self) {
        if let Some(kept) = self.config.kept_states
            && let Some(oldest) = self.blocks.height().checked_sub(kept)
            && let Some(version) = self.blocks.version(oldest)
        {
            self.world.forget_before(version);
        }
    }

    /// Tells subscribers, if there are any.
    fn tell(&self, event: impl FnOnce() -> Event) {
        if self.events.receiver_count() > 0 {
            // Fails only if the last subscriber left in between.
            let _nobody = self.events.send(event());
        }
    }
}
