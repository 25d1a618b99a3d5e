//! Running a transaction without mining it: calls, estimates, access lists.

use alloy::{
    eips::BlockId,
    rpc::types::{BlockOverrides, TransactionRequest, state::StateOverride},
};
use alloy_primitives::{Address, Bytes, TxKind, U256};
use revm::{
    context::{
        BlockEnv, TxEnv,
        result::{EVMError, ExecutionResult, ResultAndState},
    },
    context_interface::either::Either,
    database::CacheDB,
    state::AccountInfo,
};

use super::{Node, StateForgotten};
use crate::{
    block::fee_wei,
    state::{View, bytecode},
    tx::{Tx, TxError},
    vm::{Checks, Env, Trace, TraceTooLarge, Vm},
};

/// A state that can be written on without changing the chain.
pub(crate) type Overlay<'a> = CacheDB<View<'a>>;

/// Why a call was not run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CallError {
    #[error("header not found")]
    NoBlock,
    #[error(transparent)]
    Forgotten(#[from] StateForgotten),
    #[error(transparent)]
    Refused(#[from] TxError),
    #[error(transparent)]
    Trace(#[from] TraceTooLarge),
    #[error("{0}")]
    Request(String),
}

/// A call, ready to run any number of times with different gas limits.
pub(crate) struct Simulation<'a> {
    vm: &'a mut Vm,
    pub(crate) state: Overlay<'a>,
    pub(crate) env: Env,
    pub(crate) tx: TxEnv,
    /// Most gas that a mined transaction may have.
    pub(crate) tx_gas_cap: u64,
    /// Most bytes of a trace.
    trace_bytes: usize,
}

/// A call as it was asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallRequest {
    pub(crate) tx: TransactionRequest,
    pub(crate) block: Option<BlockId>,
    pub(crate) state: Option<StateOverride>,
    pub(crate) env: Option<Box<BlockOverrides>>,
}

impl Node {
    /// Prepares a call.
    pub(crate) fn simulate(&mut self, request: CallRequest) -> Result<Simulation<'_>, CallError> {
        let number = self.resolve(request.block).ok_or(CallError::NoBlock)?;
        let mut block = if request.block == Some(BlockId::pending()) {
            self.next_block_env()
        } else {
            self.block_env(number).ok_or(CallError::NoBlock)?
        };
        let gas_cap = self.config.call_gas_cap.min(block.gas_limit);
        let chain_id = self.settings.chain_id;
        // `state_after` borrows the whole node; the engine is needed beside it.
        let view = {
            let version = self.state_after(number).ok_or(CallError::NoBlock)??.version;
            View {
                world: &self.world,
                blocks: &self.blocks,
                version,
            }
        };
        let mut state = CacheDB::new(view);
        if let Some(overrides) = request.env {
            override_block(*overrides, &mut block, &mut state);
        }
        for (address, account) in request.state.into_iter().flatten() {
            override_account(&mut state, address, account)?;
        }
        let tx = call_env(request.tx, &view, &block, chain_id, gas_cap)?;
        let checks = Checks {
            balance: true,
            ..Checks::NONE
        };
        Ok(Simulation {
            vm: &mut self.vm,
            state,
            env: Env {
                block,
                chain_id,
                checks,
            },
            tx,
            tx_gas_cap: self.config.tx_gas_cap,
            trace_bytes: self.config.limits.trace_bytes,
        })
    }

    /// Block `number` as contracts saw it.
    pub(crate) fn block_env(&self, number: u64) -> Option<BlockEnv> {
        let header = &self.blocks.get(number)?.header;
        Some(BlockEnv {
            number: U256::from(header.number),
            beneficiary: header.beneficiary,
            timestamp: U256::from(header.timestamp),
            gas_limit: header.gas_limit,
            basefee: header.base_fee_per_gas.unwrap_or_default(),
            difficulty: header.difficulty,
            prevrandao: Some(header.mix_hash),
            ..BlockEnv::default()
        })
    }

    /// The block that would be mined now.
    fn next_block_env(&self) -> BlockEnv {
        let head = self.blocks.head();
        let timestamp_s = self.settings.clock.peek(head.header.timestamp);
        self.settings
            .header_seed(head.hash, head.header.number + 1, timestamp_s)
            .block_env()
    }

    /// Runs the transactions of block `number` before `index` again, then that one with a trace.
    pub(crate) fn retrace(
        &mut self,
        number: u64,
        index: usize,
    ) -> Result<(ResultAndState, Trace), CallError> {
        let block = self.blocks.get(number).ok_or(CallError::NoBlock)?.clone();
        let parent = number.checked_sub(1).ok_or(CallError::NoBlock)?;
        let version = self.state_after(parent).ok_or(CallError::NoBlock)??.version;
        // A state changed by hand after the parent was mined counts as the parent's, as it did then.
        let mut state = CacheDB::new(View {
            world: &self.world,
            blocks: &self.blocks,
            version,
        });
        let env = Env {
            block: self.block_env(number).ok_or(CallError::NoBlock)?,
            chain_id: self.settings.chain_id,
            checks: Checks {
                sender_has_no_code: false,
                ..Checks::default()
            },
        };
        let base_fee_wei = env.block.basefee;
        self.vm.start_block();
        for (position, mined) in block.txs.iter().enumerate().take(index + 1) {
            let tx = Tx::decode_trusted(mined.raw.clone(), mined.from)?.env_at(base_fee_wei);
            if position == index {
                let (done, trace) = self
                    .vm
                    .trace(&mut state, &env, tx, self.config.limits.trace_bytes)
                    .map_err(refused(mined.from))?;
                return Ok((done, trace?));
            }
            let done = self
                .vm
                .execute(&mut state, &env, tx)
                .map_err(refused(mined.from))?;
            revm::DatabaseCommit::commit(&mut state, done.state);
            let fee_wei = fee_wei(&done.result, base_fee_wei);
            let Ok(paid) = state.load_account(env.block.beneficiary);
            paid.info.balance = paid.info.balance.saturating_add(fee_wei);
        }
        Err(CallError::NoBlock)
    }
}

impl Simulation<'_> {
    /// Runs the call.
    pub(crate) fn run(&mut self) -> Result<ResultAndState, CallError> {
        self.vm.start_block();
        self.vm
            .execute(&mut self.state, &self.env, self.tx.clone())
            .map_err(refused(self.tx.caller))
    }

    /// Runs the call and records its frames.
    pub(crate) fn trace(&mut self) -> Result<(ResultAndState, Trace), CallError> {
        self.vm.start_block();
        let (done, trace) = self
            .vm
            .trace(
                &mut self.state,
                &self.env,
                self.tx.clone(),
                self.trace_bytes,
            )
            .map_err(refused(self.tx.caller))?;
        Ok((done, trace?))
    }

    /// Runs the call with another gas limit.
    pub(crate) fn run_with_gas(&mut self, gas_limit: u64) -> Result<ExecutionResult, CallError> {
        self.tx.gas_limit = gas_limit;
        Ok(self.run()?.result)
    }
}

/// The interpreter's refusal of a call.
fn refused<E: std::fmt::Display>(from: Address) -> impl FnOnce(EVMError<E>) -> CallError {
    move |error| match error {
        EVMError::Transaction(error) => CallError::Refused(TxError::from_invalid(error, from)),
        other => CallError::Request(other.to_string()),
    }
}

/// What executes for a call.
fn call_env(
    request: TransactionRequest,
    view: &View<'_>,
    block: &BlockEnv,
    chain_id: u64,
    gas_cap: u64,
) -> Result<TxEnv, CallError> {
    let from = request.from.unwrap_or_default();
    if let Some(have) = request.chain_id.filter(|have| *have != chain_id) {
        return Err(CallError::Refused(TxError::ChainId {
            have,
            want: chain_id,
        }));
    }
    if request.has_eip4844_fields() {
        return Err(CallError::Refused(TxError::Type(3)));
    }
    let gas_price = call_gas_price(&request, from, block)?;
    let data = request.input.try_into_unique_input().map_err(|_| {
        CallError::Request("both \"data\" and \"input\" are set and not equal".to_owned())
    })?;
    let authorization_list: Vec<_> = request
        .authorization_list
        .unwrap_or_default()
        .into_iter()
        .map(Either::Left)
        .collect();
    let tx_type = match (&request.access_list, authorization_list.is_empty()) {
        (_, false) => 4,
        (Some(_), true) => 1,
        (None, true) => 0,
    };
    Ok(TxEnv {
        tx_type,
        caller: from,
        gas_limit: request.gas.unwrap_or(gas_cap).min(gas_cap),
        gas_price,
        kind: request.to.unwrap_or(TxKind::Create),
        value: request.value.unwrap_or_default(),
        data: data.unwrap_or_default(),
        nonce: view.nonce(from),
        chain_id: Some(chain_id),
        access_list: request.access_list.unwrap_or_default(),
        gas_priority_fee: (tx_type == 4).then_some(0),
        authorization_list,
        ..TxEnv::default()
    })
}

/// What the call pays per gas, in wei: nothing unless it names a price, else the base fee, as a mined transaction does.
fn call_gas_price(
    request: &TransactionRequest,
    from: Address,
    block: &BlockEnv,
) -> Result<u128, CallError> {
    if request.gas_price.is_some()
        && (request.max_fee_per_gas.is_some() || request.max_priority_fee_per_gas.is_some())
    {
        let text = "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified";
        return Err(CallError::Request(text.to_owned()));
    }
    let max_fee_wei = request
        .gas_price
        .or(request.max_fee_per_gas)
        .unwrap_or_default();
    if max_fee_wei == 0 {
        return Ok(0);
    }
    if let Some(tip_wei) = request
        .max_priority_fee_per_gas
        .filter(|tip_wei| *tip_wei > max_fee_wei)
    {
        return Err(CallError::Refused(TxError::TipAboveFee {
            address: from,
            tip_wei,
            max_fee_wei,
        }));
    }
    if max_fee_wei < u128::from(block.basefee) {
        let base_fee_wei = block.basefee;
        return Err(CallError::Refused(TxError::Underpriced {
            address: from,
            max_fee_wei,
            base_fee_wei,
        }));
    }
    Ok(u128::from(block.basefee))
}

fn override_block(overrides: BlockOverrides, block: &mut BlockEnv, state: &mut Overlay<'_>) {
    let BlockOverrides {
        number,
        difficulty,
        time,
        gas_limit,
        coinbase,
        random,
        base_fee,
        block_hash,
        ..
    } = overrides;
    block.number = number.unwrap_or(block.number);
    block.difficulty = difficulty.unwrap_or(block.difficulty);
    block.timestamp = time.map_or(block.timestamp, U256::from);
    block.gas_limit = gas_limit.unwrap_or(block.gas_limit);
    block.beneficiary = coinbase.unwrap_or(block.beneficiary);
    block.prevrandao = random.or(block.prevrandao);
    block.basefee = base_fee.map_or(block.basefee, |fee| fee.saturating_to());
    for (number, hash) in block_hash.into_iter().flatten() {
        state.cache.block_hashes.insert(U256::from(number), hash);
    }
}

fn override_account(
    state: &mut Overlay<'_>,
    address: Address,
    account: alloy::rpc::types::state::AccountOverride,
) -> Result<(), CallError> {
    if account.move_precompile_to.is_some() {
        return Err(CallError::Request(format!(
            "account {address}: movePrecompileToAddress is not offered"
        )));
    }
    if account.state.is_some() && account.state_diff.is_some() {
        return Err(CallError::Request(format!(
            "account {address} has both 'state' and 'stateDiff'"
        )));
    }
    let mut info: AccountInfo = revm::Database::basic(state, address)
        .ok()
        .flatten()
        .unwrap_or_default();
    info.balance = account.balance.unwrap_or(info.balance);
    info.nonce = account.nonce.unwrap_or(info.nonce);
    if let Some(code) = account.code {
        set_code(&mut info, code);
    }
    state.insert_account_info(address, info);
    let word = |value: alloy_primitives::B256| U256::from_be_bytes(value.0);
    if let Some(slots) = account.state {
        let slots = slots
            .into_iter()
            .map(|(slot, value)| (word(slot), word(value)))
            .collect();
        let Ok(()) = state.replace_account_storage(address, slots);
    }
    for (slot, value) in account.state_diff.into_iter().flatten() {
        let Ok(()) = state.insert_account_storage(address, word(slot), word(value));
    }
    Ok(())
}

fn set_code(info: &mut AccountInfo, code: Bytes) {
    let code = bytecode(code);
    info.code_hash = code.hash_slow();
    info.code = Some(code);
}
