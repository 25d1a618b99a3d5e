//! Answers what the host functions of a running program ask of the EVM.

use alloy_primitives::{Address, B256, Bytes, Log, U256};
use revm::{
    Database,
    context::{Block, ContextError, JournalTr, Transaction},
    context_interface::CreateScheme,
    handler::FrameResult,
    interpreter::{
        CallInput, CallInputs, CallScheme, CallValue, CreateInputs, FrameInput, InstructionResult,
    },
    state::Bytecode,
};

use crate::vm::{
    evm::{DbError, StylusEvm},
    host::{
        AccountTouch, Api, CallKind, CallReply, CallRequest, CreateReply, CreateRequest,
        Environment, Escape, FrameInfo,
    },
    trace::HostioInk,
};

/// Gas of a call to a warm account, and what a cold one costs besides (EIP-2929).
const CALL_WARM_GAS: u64 = 100;
const CALL_COLD_GAS: u64 = 2_500;
/// Gas of a call that sends value, and what it costs besides to an empty account.
const CALL_VALUE_GAS: u64 = 9_000;
const CALL_NEW_ACCOUNT_GAS: u64 = 25_000;
/// Gas given to a call that sends value.
const CALL_STIPEND_GAS: u64 = 2_300;
/// Gas of a creation, and per word of code that is hashed.
const CREATE_GAS: u64 = 32_000;
const HASH_WORD_GAS: u64 = 6;

impl<DB: Database> Api for StylusEvm<'_, DB> {
    fn environment(&self) -> Environment {
        let ctx = &self.inner.ctx;
        let basefee = ctx.block.basefee();
        Environment {
            block_number: ctx.block.number().saturating_to(),
            block_timestamp: ctx.block.timestamp().saturating_to(),
            block_gas_limit: ctx.block.gas_limit(),
            block_basefee: U256::from(basefee),
            block_coinbase: ctx.block.beneficiary(),
            chain_id: ctx.cfg.chain_id,
            tx_gas_price: U256::from(ctx.tx.effective_gas_price(basefee.into())),
            tx_origin: ctx.tx.caller(),
        }
    }

    fn storage_load(&mut self, address: Address, key: U256) -> Result<(U256, bool), Escape> {
        let load = self.inner.ctx.journaled_state.sload(address, key);
        let load = load.map_err(|e| self.fatal(ContextError::Db(e)))?;
        Ok((load.data, load.is_cold))
    }

    fn storage_store(&mut self, address: Address, key: U256, value: U256) -> Result<u64, Escape> {
        let store = self.inner.ctx.journaled_state.sstore(address, key, value);
        let store = store.map_err(|e| self.fatal(ContextError::Db(e)))?;
        let params = &self.inner.ctx.cfg.gas_params;
        self.refund += params.sstore_refund(true, &store.data);
        Ok(
            params.sstore_static_gas()
                + params.sstore_dynamic_gas(true, &store.data, store.is_cold),
        )
    }

    fn transient_load(&mut self, address: Address, key: U256) -> U256 {
        self.inner.ctx.journaled_state.tload(address, key)
    }

    fn transient_store(&mut self, address: Address, key: U256, value: U256) {
        self.inner.ctx.journaled_state.tstore(address, key, value);
    }

    fn log(&mut self, log: Log) {
        self.inner.ctx.journaled_state.log(log);
    }

    fn touch_account(&mut self, address: Address) -> Result<AccountTouch, Escape> {
        let load = self
            .inner
            .ctx
            .journaled_state
            .load_account(address)
            .map(|account| AccountTouch {
                is_cold: account.is_cold,
                balance: account.data.info.balance,
                code_hash: if account.data.info.is_empty() {
                    B256::ZERO
                } else {
                    account.data.info.code_hash
                },
            });
        load.map_err(|e| self.fatal(ContextError::Db(e)))
    }

    fn code(&mut self, address: Address) -> Result<(Bytes, bool), Escape> {
        let load = self.inner.ctx.journaled_state.code(address);
        let load = load.map_err(|e| self.fatal(ContextError::Db(e)))?;
        Ok((load.data, load.is_cold))
    }

    fn call(&mut self, frame: &FrameInfo, request: CallRequest) -> Result<CallReply, Escape> {
        let failed = |cost| {
            Ok(CallReply {
                ok: false,
                cost,
                data: Bytes::new(),
            })
        };
        let pays = !request.value.is_zero();
        if pays && frame.is_static {
            return failed(0);
        }

        let loaded = self.code_to_call(request.to);
        let (hash, code, is_cold, is_empty) =
            loaded.map_err(|e| self.fatal(ContextError::Db(e)))?;
        let mut base = CALL_WARM_GAS;
        base += if is_cold { CALL_COLD_GAS } else { 0 };
        base += if pays && is_empty {
            CALL_NEW_ACCOUNT_GAS
        } else {
            0
        };
        base += if pays { CALL_VALUE_GAS } else { 0 };
        let Some(left) = request.gas_left.checked_sub(base) else {
            return failed(request.gas_left);
        };
        // The product cannot overflow: ink is ten thousand times the gas and fits.
        let mut gas_limit = request.gas_requested.min(left - left.div_ceil(64));
        if pays {
            gas_limit += CALL_STIPEND_GAS;
        }

        let (caller, target_address, scheme, value) = match request.kind {
            CallKind::Call => (
                frame.address,
                request.to,
                CallScheme::Call,
                CallValue::Transfer(request.value),
            ),
            CallKind::Static => (
                frame.address,
                request.to,
                CallScheme::StaticCall,
                CallValue::Transfer(U256::ZERO),
            ),
            CallKind::Delegate => (
                frame.caller,
                frame.address,
                CallScheme::DelegateCall,
                CallValue::Apparent(frame.value),
            ),
        };
        let inputs = CallInputs {
            input: CallInput::Bytes(request.input),
            return_memory_offset: 0..0,
            gas_limit,
            reservoir: 0,
            bytecode_address: request.to,
            known_bytecode: (hash, code),
            target_address,
            caller,
            value,
            scheme,
            is_static: frame.is_static || request.kind == CallKind::Static,
            charged_new_account_state_gas: false,
        };
        let result = self
            .run_nested(FrameInput::Call(Box::new(inputs)))
            .map_err(|e| self.fatal(e))?;
        let outcome = self.settle(&result);
        Ok(CallReply {
            ok: outcome.result.is_ok(),
            cost: base + (gas_limit.saturating_sub(outcome.gas_left)),
            data: if outcome.result.is_ok_or_revert() {
                outcome.output
            } else {
                Bytes::new()
            },
        })
    }

    fn create(&mut self, frame: &FrameInfo, request: CreateRequest) -> Result<CreateReply, Escape> {
        if frame.is_static {
            return Err(Escape::Failure("a creation in a static call"));
        }
        let mut base = CREATE_GAS;
        if request.salt.is_some() {
            base += HASH_WORD_GAS * (request.code.len() as u64).div_ceil(32);
        }
        let Some(left) = request.gas_left.checked_sub(base) else {
            return Err(Escape::Failure("too little gas for a creation"));
        };
        let kept = left / 64;
        let scheme = match request.salt {
            Some(salt) => CreateScheme::Create2 { salt },
            None => CreateScheme::Create,
        };
        let inputs = CreateInputs::new(
            frame.address,
            scheme,
            request.endowment,
            request.code,
            left - kept,
            0,
        );
        let result = self
            .run_nested(FrameInput::Create(Box::new(inputs)))
            .map_err(|e| self.fatal(e))?;
        let address = match &result {
            FrameResult::Create(create) if create.result.result.is_ok() => {
                create.address.unwrap_or_default()
            }
            _ => Address::ZERO,
        };
        let outcome = self.settle(&result);
        Ok(CreateReply {
            address,
            data: if outcome.result == InstructionResult::Revert {
                outcome.output
            } else {
                Bytes::new()
            },
            cost: request.gas_left.saturating_sub(outcome.gas_left + kept),
        })
    }

    fn add_pages(&mut self, pages: u16) -> u64 {
        let open = &mut self.inner.ctx.chain.pages;
        let gas = open.gas(pages);
        open.add(pages);
        gas
    }

    fn trace_hostio(&mut self, name: &'static str, start_ink: u64, end_ink: u64) {
        if let Some(recorder) = &mut self.inner.ctx.chain.recorder {
            recorder.hostio(HostioInk {
                name,
                start_ink,
                end_ink,
                position: 0,
            });
        }
    }
}

struct Settled {
    result: InstructionResult,
    gas_left: u64,
    output: Bytes,
}

impl<DB: Database> StylusEvm<'_, DB> {
    // Keeps the cause of a failure for the transaction.
    fn fatal(&mut self, error: DbError<DB>) -> Escape {
        self.inner.ctx.error = Err(error);
        Escape::Fatal
    }

    // As the CALL opcode, but for the price of a delegated account (EIP-7702), which Nitro does not charge here.
    fn code_to_call(
        &mut self,
        address: Address,
    ) -> Result<(B256, Bytecode, bool, bool), DB::Error> {
        let journal = &mut self.inner.ctx.journaled_state;
        let account = journal.load_account_with_code(address)?;
        let (is_cold, is_empty) = (account.is_cold, account.data.info.is_empty());
        let mut code = account.data.info.code.clone().unwrap_or_default();
        let mut hash = account.data.info.code_hash;
        if let Some(delegate) = code.eip7702_address() {
            let account = journal.load_account_with_code(delegate)?;
            code = account.data.info.code.clone().unwrap_or_default();
            hash = account.data.info.code_hash;
        }
        Ok((hash, code, is_cold, is_empty))
    }

    // What a nested frame leaves to the program: its gas unless it halted, its refund if it succeeded.
    fn settle(&mut self, result: &FrameResult) -> Settled {
        let outcome = result.interpreter_result();
        let gas_left = if outcome.result.is_ok_or_revert() {
            outcome.gas.remaining()
        } else {
            0
        };
        if outcome.result.is_ok() {
            self.refund += outcome.gas.refunded();
        }
        Settled {
            result: outcome.result,
            gas_left,
            output: outcome.output.clone(),
        }
    }
}
