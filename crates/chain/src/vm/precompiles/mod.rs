//! The precompiled contracts of Ethereum and of ArbOS.
//!
//! Those of ArbOS are priced as Nitro prices them: calldata and result by the word, the opening of ArbOS's state, and
//! each access of it. What they write goes through the journal, so that it is reverted with the frame.

mod arbgasinfo;
mod arbsys;
mod arbwasm;
mod arbwasmcache;

use std::sync::{Arc, LazyLock};

use alloy::sol_types::{SolCall, SolError, SolEvent, SolValue};
use alloy_primitives::{Address, B256, Bytes, Log, U256, address};
use revm::{
    Database,
    context::{ContextError, JournalTr},
    handler::{PrecompileProvider, precompile_output_to_interpreter_result},
    interpreter::{CallInputs, Gas, InstructionResult, InterpreterResult},
    precompile::{Precompiles, secp256r1::P256VERIFY_OSAKA},
    primitives::{AddressSet, hardfork::SpecId},
};

use super::{
    evm::Ctx,
    programs::{self, Inactive, ProgramEntry, STYLUS_VERSION},
    runtime::Runtime,
};

/// ArbSys: the chain's own figures.
pub const ARB_SYS: Address = address!("0x0000000000000000000000000000000000000064");
/// ArbGasInfo: prices.
pub const ARB_GAS_INFO: Address = address!("0x000000000000000000000000000000000000006c");
/// ArbWasm: activation of Stylus programs.
pub const ARB_WASM: Address = address!("0x0000000000000000000000000000000000000071");
/// ArbWasmCache: programs kept cached by managers.
pub const ARB_WASM_CACHE: Address = address!("0x0000000000000000000000000000000000000072");

/// The precompiled contracts of ArbOS that this chain has.
pub const ARBOS_PRECOMPILES: [Address; 4] = [ARB_SYS, ARB_GAS_INFO, ARB_WASM, ARB_WASM_CACHE];

/// The code that these contracts have on an Arbitrum chain: one invalid opcode. The chain's genesis must set it, since
/// callers written in Solidity check that there is code.
pub const ARBOS_PRECOMPILE_CODE: [u8; 1] = [0xFE];

const COPY_WORD_GAS: u64 = 3;
const STATE_READ_GAS: u64 = 800;
const STATE_WRITE_GAS: u64 = 20_000;
const STATE_CLEAR_GAS: u64 = 5_000;
const COLD_ACCOUNT_GAS: u64 = 2_600;
const PARAMS_GAS: u64 = 100;
const LOG_GAS: u64 = 375;
const LOG_BYTE_GAS: u64 = 8;

// Prague's, and P-256 verification (RIP-7212) at the price of ArbOS 50 and later.
static ETHEREUM: LazyLock<Precompiles> = LazyLock::new(|| {
    let mut precompiles = Precompiles::prague().clone();
    precompiles.extend([P256VERIFY_OSAKA]);
    precompiles
});

static WARM: LazyLock<AddressSet> = LazyLock::new(|| {
    let mut warm = ETHEREUM.addresses_set().clone();
    warm.extend(ARBOS_PRECOMPILES);
    warm
});

/// Who may do what through the precompiles.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rights {
    /// Receives the data fee of activations.
    pub(crate) network_fee_account: Address,
    /// May cache programs and evict them.
    pub(crate) cache_managers: Vec<Address>,
}

/// Runs the precompiled contracts.
pub(crate) struct ArbPrecompiles {
    rights: Arc<Rights>,
    runtime: Arc<Runtime>,
}

impl ArbPrecompiles {
    pub(crate) fn new(rights: Arc<Rights>, runtime: Arc<Runtime>) -> Self {
        Self { rights, runtime }
    }
}

impl<DB: Database> PrecompileProvider<Ctx<DB>> for ArbPrecompiles {
    type Output = InterpreterResult;

    fn set_spec(&mut self, _: SpecId) -> bool {
        false
    }

    fn run(
        &mut self,
        ctx: &mut Ctx<DB>,
        inputs: &CallInputs,
    ) -> Result<Option<InterpreterResult>, String> {
        if !ARBOS_PRECOMPILES.contains(&inputs.bytecode_address) {
            let Some(precompile) = ETHEREUM.get(&inputs.bytecode_address) else {
                return Ok(None);
            };
            let output = precompile.execute(
                &inputs.input.as_bytes(ctx),
                inputs.gas_limit,
                inputs.reservoir,
            );
            let output = output.map_err(|e| e.to_string())?;
            return Ok(Some(precompile_output_to_interpreter_result(
                output,
                inputs.gas_limit,
            )));
        }
        let input = inputs.input.bytes(ctx);
        let mut call = Call {
            ctx,
            rights: &self.rights,
            runtime: &self.runtime,
            contract: inputs.bytecode_address,
            acting: inputs.target_address,
            caller: inputs.caller,
            value: inputs.value.get(),
            is_static: inputs.is_static,
            gas_left: inputs.gas_limit,
        };
        let result = call.run(&input);
        let mut gas = Gas::new(inputs.gas_limit);
        gas.spend_all();
        gas.erase_cost(call.gas_left);
        let (result, output) = match result {
            Ok(output) => (InstructionResult::Return, output),
            Err(Failure::Revert(output)) => (InstructionResult::Revert, output),
            Err(Failure::TakesAllGas) => {
                gas.spend_all();
                (InstructionResult::Revert, Bytes::new())
            }
            Err(Failure::Database(error)) => {
                ctx.error = Err(ContextError::Db(error));
                (InstructionResult::Revert, Bytes::new())
            }
        };
        Ok(Some(InterpreterResult {
            result,
            output,
            gas,
        }))
    }

    fn warm_addresses(&self) -> &AddressSet {
        &WARM
    }
}

/// Why a call did not succeed. All of them revert.
enum Failure<E> {
    /// With data, keeping the gas left.
    Revert(Bytes),
    /// Without data or gas: out of gas, an unknown method, or one that may not be called this way.
    TakesAllGas,
    /// The database failed; the transaction ends.
    Database(E),
}

type Answer<T, E> = Result<T, Failure<E>>;

/// What a method does to the state, and so how it may be called.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Mutability {
    View,
    Write,
    Payable,
}

/// One call of a precompiled contract of ArbOS.
struct Call<'a, DB: Database> {
    ctx: &'a mut Ctx<DB>,
    rights: &'a Rights,
    runtime: &'a Runtime,
    contract: Address,
    /// The account called for; another than the contract's in a delegate call.
    acting: Address,
    caller: Address,
    value: U256,
    is_static: bool,
    gas_left: u64,
}

impl<DB: Database> Call<'_, DB> {
    fn run(&mut self, input: &[u8]) -> Answer<Bytes, DB::Error> {
        let Some((selector, args)) = input.split_first_chunk::<4>() else {
            return Err(Failure::TakesAllGas);
        };
        self.burn(COPY_WORD_GAS * words(args.len()))?;
        let result = match self.contract {
            ARB_SYS => arbsys::call(self, *selector, args),
            ARB_GAS_INFO => arbgasinfo::call(self, *selector, args),
            ARB_WASM => arbwasm::call(self, *selector, args),
            _ => arbwasmcache::call(self, *selector, args),
        };
        match result {
            Ok(output) | Err(Failure::Revert(output))
                if self.burn(COPY_WORD_GAS * words(output.len())).is_err() =>
            {
                Err(Failure::TakesAllGas)
            }
            other => other,
        }
    }

    /// Checks that a method may be called this way, opens ArbOS's state and decodes the arguments.
    fn enter<C: SolCall>(&mut self, mutability: Mutability, args: &[u8]) -> Answer<C, DB::Error> {
        let allowed = self.acting == self.contract
            && (mutability < Mutability::Write || !self.is_static)
            && (mutability == Mutability::Payable || self.value.is_zero());
        if !allowed {
            return Err(Failure::TakesAllGas);
        }
        self.burn(STATE_READ_GAS)?;
        C::abi_decode_raw(args).map_err(|_| Failure::TakesAllGas)
    }

    fn burn(&mut self, gas: u64) -> Answer<(), DB::Error> {
        match self.gas_left.checked_sub(gas) {
            Some(left) => {
                self.gas_left = left;
                Ok(())
            }
            None => {
                self.gas_left = 0;
                Err(Failure::TakesAllGas)
            }
        }
    }

    fn now_s(&self) -> u64 {
        self.ctx.block.timestamp.saturating_to()
    }

    fn code_hash(&mut self, address: Address) -> Answer<B256, DB::Error> {
        self.burn(COLD_ACCOUNT_GAS)?;
        // Not an access of the transaction: the account stays as cold or warm as it was.
        let (db, state) = self.ctx.journaled_state.db_and_state_mut();
        match state.get(&address) {
            Some(account) if account.info.is_empty() => Ok(B256::ZERO),
            Some(account) => Ok(account.info.code_hash),
            None => {
                let info = db.basic(address).map_err(Failure::Database)?;
                Ok(info
                    .filter(|info| !info.is_empty())
                    .map(|info| info.code_hash)
                    .unwrap_or_default())
            }
        }
    }

    fn program(&mut self, code_hash: &B256) -> Answer<ProgramEntry, DB::Error> {
        self.burn(STATE_READ_GAS)?;
        programs::load(self.ctx, code_hash).map_err(Failure::Database)
    }

    fn active_program(&mut self, code_hash: &B256) -> Answer<ProgramEntry, DB::Error> {
        let now_s = self.now_s();
        self.program(code_hash)?
            .active(now_s)
            .map_err(|inactive| match inactive {
                Inactive::NotActivated => revert(arbwasm::ProgramNotActivated {}),
                Inactive::NeedsUpgrade { version } => revert(arbwasm::ProgramNeedsUpgrade {
                    version,
                    stylusVersion: STYLUS_VERSION,
                }),
                Inactive::Expired { age_s } => revert(arbwasm::ProgramExpired {
                    ageInSeconds: age_s,
                }),
            })
    }

    fn store_program(&mut self, code_hash: &B256, entry: &ProgramEntry) -> Answer<(), DB::Error> {
        self.burn(STATE_WRITE_GAS)?;
        programs::store(self.ctx, code_hash, entry).map_err(Failure::Database)
    }

    fn emit(&mut self, event: &impl SolEvent) -> Answer<(), DB::Error> {
        let data = event.encode_log_data();
        self.burn(
            LOG_GAS * (1 + data.topics().len() as u64) + LOG_BYTE_GAS * data.data.len() as u64,
        )?;
        self.ctx.journaled_state.log(Log {
            address: self.contract,
            data,
        });
        Ok(())
    }
}

fn words(bytes: usize) -> u64 {
    (bytes as u64).div_ceil(32)
}

fn revert<E>(error: impl SolError) -> Failure<E> {
    Failure::Revert(error.abi_encode().into())
}

fn encode(value: impl SolValue) -> Bytes {
    value.abi_encode().into()
}
