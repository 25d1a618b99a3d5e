//! Executing transactions into a block.

use std::sync::Arc;

use alloy_primitives::{Bytes, TxKind, U256};
use revm::{
    context::{
        BlockEnv,
        result::{EVMError, ExecutionResult, Output},
    },
    database_interface::WrapDatabaseRef,
};

use super::{
    Block, Blocks, MinedTx, Receipt,
    seal::{self, seal},
};
use crate::{
    outcome::{Outcome, halt_text},
    pool::{self, Rules},
    state::{StateTrie, View, World},
    tx::{Defaults, Tx, TxError, UnsignedTx},
    vm::{Checks, Env, Vm},
};

pub(crate) use seal::HeaderSeed;

/// A transaction to be mined.
#[derive(Clone, Debug)]
pub(crate) enum Candidate {
    /// One from the pool, checked on its way in.
    Pooled(Arc<Tx>),
    /// One in somebody's name. It takes the sender's nonce when its turn comes.
    Unsigned(UnsignedTx),
}

/// A block in the making, and what it is made with.
pub(crate) struct Draft<'a> {
    pub(crate) vm: &'a mut Vm,
    pub(crate) world: &'a mut World,
    pub(crate) trie: &'a mut StateTrie,
    pub(crate) blocks: &'a Blocks,
    pub(crate) rules: Rules,
    pub(crate) seed: HeaderSeed,
}

/// What became of the candidates.
pub(crate) struct Built {
    pub(crate) block: Arc<Block>,
    /// The version of the state after the block.
    pub(crate) version: u64,
    /// For each candidate, in order, its outcome; none where the block had no room left for it.
    pub(crate) outcomes: Vec<Option<Result<Outcome, TxError>>>,
}

impl Draft<'_> {
    /// Executes the candidates in order and seals the block. Those that turn out invalid are left out.
    pub(crate) fn build(mut self, candidates: Vec<Candidate>) -> Built {
        self.vm.start_block();
        let version = self.world.open_version();
        let env = self.env();
        let mut txs: Vec<MinedTx> = Vec::with_capacity(candidates.len());
        let mut outcomes = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            let used = txs.last().map_or(0, |tx| tx.receipt.cumulative_gas_used);
            outcomes.push(self.candidate(candidate, &env, used, &mut txs).transpose());
        }
        let state_root = self.trie.catch_up(self.world);
        let block = seal(self.seed, state_root, txs);
        Built {
            block: Arc::new(block),
            version,
            outcomes,
        }
    }

    fn env(&self) -> Env {
        // Senders were checked for code on their way in; those who may have it are impersonated.
        let checks = Checks {
            sender_has_no_code: false,
            ..Checks::default()
        };
        Env {
            block: self.seed.block_env(),
            chain_id: self.rules.chain_id,
            checks,
        }
    }

    /// Executes one candidate. None if the block has no room for it.
    fn candidate(
        &mut self,
        candidate: Candidate,
        env: &Env,
        gas_used_before: u64,
        txs: &mut Vec<MinedTx>,
    ) -> Result<Option<Outcome>, TxError> {
        let view = View {
            world: self.world,
            blocks: self.blocks,
            version: u64::MAX,
        };
        let tx = match candidate {
            Candidate::Pooled(tx) => {
                pool::check_funds(&tx, &view)?;
                tx
            }
            Candidate::Unsigned(unsigned) => {
                let defaults = Defaults {
                    chain_id: self.rules.chain_id,
                    nonce: view.nonce(unsigned.from),
                    gas_limit: self.rules.tx_gas_cap.min(self.rules.block_gas_limit),
                    max_fee_wei: u128::from(self.rules.base_fee_wei),
                };
                let tx = Tx::unsigned(unsigned, defaults);
                pool::check(&tx, &self.rules, &view)?;
                Arc::new(tx)
            }
        };
        if gas_used_before.saturating_add(tx.env.gas_limit) > self.rules.block_gas_limit {
            return Ok(None);
        }
        let executed = self.vm.execute(
            WrapDatabaseRef(view),
            env,
            tx.env_at(self.rules.base_fee_wei),
        );
        let executed = executed.map_err(|error| match error {
            EVMError::Transaction(error) => TxError::from_invalid(error, tx.from()),
            other => TxError::Invalid(other.to_string()),
        })?;
        self.world.commit(executed.state);
        let fee_wei = fee_wei(&executed.result, self.rules.base_fee_wei);
        self.world.credit(self.seed.beneficiary, fee_wei);
        let (mined, outcome) = self.record(&tx, executed.result, gas_used_before, txs);
        txs.push(mined);
        Ok(Some(outcome))
    }

    /// The receipt of an executed transaction, and what its sender is told.
    fn record(
        &self,
        tx: &Tx,
        result: ExecutionResult,
        gas_used_before: u64,
        before: &[MinedTx],
    ) -> (MinedTx, Outcome) {
        let gas_used = result.tx_gas_used();
        let contract = (tx.env.kind == TxKind::Create).then(|| tx.from().create(tx.nonce()));
        let (success, logs, output, halt) = match result {
            ExecutionResult::Success { logs, output, .. } => match output {
                Output::Call(data) => (true, logs, data, None),
                Output::Create(..) => (true, logs, Bytes::new(), None),
            },
            ExecutionResult::Revert { output, .. } => (false, Vec::new(), output, None),
            ExecutionResult::Halt { reason, .. } => {
                (false, Vec::new(), Bytes::new(), Some(halt_text(&reason)))
            }
        };
        let receipt = Receipt {
            success,
            gas_used,
            cumulative_gas_used: gas_used_before + gas_used,
            gas_price_wei: u128::from(self.rules.base_fee_wei),
            contract,
            first_log: before
                .last()
                .map_or(0, |tx| tx.receipt.first_log + tx.receipt.logs.len() as u64),
            logs: logs.clone(),
            revert_data: if success {
                Bytes::new()
            } else {
                output.clone()
            },
        };
        let outcome = Outcome {
            hash: tx.hash,
            block: self.seed.number,
            success,
            gas_used,
            contract: contract.filter(|_| success),
            logs,
            output,
            halt,
        };
        (
            MinedTx {
                hash: tx.hash,
                from: tx.from(),
                raw: tx.raw.clone(),
                receipt,
            },
            outcome,
        )
    }
}

/// What the sender paid for gas. As on Nitro it is not burned: here the block's beneficiary is the network's fee account.
pub(crate) fn fee_wei(result: &ExecutionResult, base_fee_wei: u64) -> U256 {
    U256::from(u128::from(result.tx_gas_used()) * u128::from(base_fee_wei))
}

impl HeaderSeed {
    /// The block as contracts see it.
    pub(crate) fn block_env(&self) -> BlockEnv {
        BlockEnv {
            number: U256::from(self.number),
            beneficiary: self.beneficiary,
            timestamp: U256::from(self.timestamp_s),
            gas_limit: self.gas_limit,
            basefee: self.base_fee_wei,
            difficulty: self.difficulty,
            prevrandao: Some(self.prevrandao),
            ..BlockEnv::default()
        }
    }
}
