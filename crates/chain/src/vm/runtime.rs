//! Compiles metered modules and runs them.
//!
//! One wasm engine serves all chains of a process that keep their native code in the same place: an engine reserves
//! address space for [`MAX_INSTANCES`] memories, which is more than a machine has for many engines. It is freed with the
//! last chain that uses it.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use alloy_primitives::{B256, Bytes};
use wasmtime::{
    Cache, CacheConfig, Config, Engine, InstanceAllocationStrategy, InstancePre, Linker, Module,
    ModuleExport, OptLevel, PoolingAllocationConfig, Store, Val,
};

use super::{
    VmError,
    host::{Api, Escape, FrameInfo, Host, INK_PER_GAS, link},
    wasm::{ENTRY_POINT, INK_LEFT, INK_STATUS, MAX_PAGES, MAX_STACK_WORDS, STACK_LEFT},
};

/// Programs that can run at once. A transaction opens at most 129: a program needs a page of memory to call another, 128
/// pages can be open, and the last one called may have none. The rest is for other chains of the process.
const MAX_INSTANCES: u32 = 512;
/// Native stack that one entry of a program may use. The 22,000 words of the abstract stack bound it: the smallest
/// frame is 6 words and takes up to some 150 bytes, so that 3,700 of them take half of this.
const MAX_NATIVE_STACK_BYTES: usize = 1 << 20;
/// Native stack that must be left to enter a program: its own, and that of the host functions and the EVM behind it.
const STACK_RESERVE_BYTES: usize = MAX_NATIVE_STACK_BYTES + (512 << 10);
/// Native stack added where less is left.
const STACK_SEGMENT_BYTES: usize = 16 << 20;
/// Native stack with which a thread runs transactions without ever needing more, but for programs written to use it up.
/// Any thread will do: where less than a program may need is left, more is added, which costs some microseconds.
pub const STACK_BYTES: usize = 16 << 20;
/// Memory of an instance that is kept mapped, and cleared by hand, when it ends.
const KEEP_RESIDENT_BYTES: usize = 1 << 20;
/// Compiled programs kept in memory. More than these begin anew.
const MAX_PROGRAMS: usize = 4_096;

static RUNTIMES: Mutex<Option<HashMap<Option<PathBuf>, Weak<Runtime>>>> = Mutex::new(None);

/// The wasm engine with the programs compiled so far.
pub(crate) struct Runtime {
    engine: Engine,
    linker: Linker<Host>,
    programs: Mutex<HashMap<B256, Arc<Program>>>,
}

/// A compiled program.
pub(crate) struct Program {
    pre: InstancePre<Host>,
    memory: ModuleExport,
    ink_left: ModuleExport,
    ink_status: ModuleExport,
    stack_left: ModuleExport,
    main: ModuleExport,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Success(Vec<u8>),
    Revert(Vec<u8>),
    /// A trap or a request that is not allowed: reverts without data and keeps the gas left.
    Failure(String),
    OutOfInk,
    OutOfStack,
}

/// What a run left.
pub(crate) struct Outcome {
    pub(crate) ending: Ending,
    pub(crate) ink_left: u64,
}

/// Why a run did not end.
pub(crate) enum RunError {
    /// The chain behind the program failed; it keeps the cause.
    Chain,
    /// The wasm engine failed.
    Engine(String),
}

impl Runtime {
    /// The process's engine for native code kept in `native_code_dir`.
    pub(crate) fn shared(native_code_dir: Option<PathBuf>) -> Result<Arc<Self>, VmError> {
        let mut runtimes = RUNTIMES.lock().unwrap_or_else(PoisonError::into_inner);
        let runtimes = runtimes.get_or_insert_default();
        if let Some(runtime) = runtimes.get(&native_code_dir).and_then(Weak::upgrade) {
            return Ok(runtime);
        }
        let runtime = Arc::new(
            Self::new(native_code_dir.clone()).map_err(|e| VmError::Engine(format!("{e:#}")))?,
        );
        runtimes.retain(|_, runtime| runtime.strong_count() > 0);
        runtimes.insert(native_code_dir, Arc::downgrade(&runtime));
        Ok(runtime)
    }

    fn new(native_code_dir: Option<PathBuf>) -> wasmtime::Result<Self> {
        let mut pool = PoolingAllocationConfig::new();
        pool.total_memories(MAX_INSTANCES)
            .total_core_instances(MAX_INSTANCES)
            .total_tables(MAX_INSTANCES)
            .max_memories_per_module(1)
            .max_tables_per_module(1)
            .table_elements(4_096)
            .max_core_instance_size(2 << 20)
            .max_memory_size(MAX_PAGES as usize * 65_536)
            .linear_memory_keep_resident(KEEP_RESIDENT_BYTES)
            .table_keep_resident(4_096);

        let mut config = Config::new();
        config
            .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
            .cranelift_opt_level(OptLevel::Speed)
            .cranelift_nan_canonicalization(true)
            .max_wasm_stack(MAX_NATIVE_STACK_BYTES)
            .wasm_backtrace_max_frames(None)
            .generate_address_map(false)
            .native_unwind_info(false)
            .wasm_simd(false)
            .wasm_relaxed_simd(false);
        if let Some(dir) = native_code_dir {
            let mut cache = CacheConfig::new();
            cache.with_directory(dir);
            config.cache(Some(Cache::new(cache)?));
        }
        let engine = Engine::new(&config)?;
        let mut linker = Linker::new(&engine);
        link(&mut linker)?;
        Ok(Self {
            engine,
            linker,
            programs: Mutex::default(),
        })
    }

    /// The compiled program kept under `key`, if it was compiled in this process.
    pub(crate) fn get(&self, key: &B256) -> Option<Arc<Program>> {
        self.programs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .cloned()
    }

    /// Compiles a metered module and keeps it under `key`.
    pub(crate) fn compile(&self, key: B256, metered: &[u8]) -> wasmtime::Result<Arc<Program>> {
        let module = Module::new(&self.engine, metered)?;
        let export = |name| {
            let missing =
                || wasmtime::Error::msg(format!("a metered module does not export {name}"));
            module.get_export_index(name).ok_or_else(missing)
        };
        let program = Arc::new(Program {
            pre: self.linker.instantiate_pre(&module)?,
            memory: export("memory")?,
            ink_left: export(INK_LEFT)?,
            ink_status: export(INK_STATUS)?,
            stack_left: export(STACK_LEFT)?,
            main: export(ENTRY_POINT)?,
        });
        let mut programs = self.programs.lock().unwrap_or_else(PoisonError::into_inner);
        if programs.len() >= MAX_PROGRAMS {
            programs.clear();
        }
        programs.insert(key, program.clone());
        Ok(program)
    }

    /// Runs `program` on `input` with `ink`, in the frame `frame` of the EVM `api`.
    ///
    /// Takes more native stack if little is left, so that programs may nest as deep as the EVM allows on any thread.
    pub(crate) fn run(
        &self,
        program: &Program,
        api: &mut dyn Api,
        frame: FrameInfo,
        input: Bytes,
        ink: u64,
        tracing: bool,
    ) -> Result<Outcome, RunError> {
        // SAFETY: only the lifetime is erased, since a store's data must be 'static. The pointer is used by the host
        // functions of this run alone, and the store ends with `enter`, while the exclusive reference is still held.
        let api =
            unsafe { std::mem::transmute::<*mut (dyn Api + '_), *mut (dyn Api + 'static)>(api) };
        let host = Host::new(api, frame, input, tracing);
        stacker::maybe_grow(STACK_RESERVE_BYTES, STACK_SEGMENT_BYTES, || {
            self.enter(program, host, ink)
        })
    }

    fn enter(&self, program: &Program, host: Host, ink: u64) -> Result<Outcome, RunError> {
        let args = host.input_len();
        let mut store = Store::new(&self.engine, host);
        let instance = program.pre.instantiate(&mut store).map_err(engine_error)?;
        let odd = || RunError::Engine("a metered module lacks an export".to_owned());
        let mut export = |export| {
            instance
                .get_module_export(&mut store, export)
                .ok_or_else(odd)
        };
        let memory = export(&program.memory)?.into_memory().ok_or_else(odd)?;
        let ink_left = export(&program.ink_left)?.into_global().ok_or_else(odd)?;
        let ink_status = export(&program.ink_status)?.into_global().ok_or_else(odd)?;
        let stack_left = export(&program.stack_left)?.into_global().ok_or_else(odd)?;
        let main = export(&program.main)?.into_func().ok_or_else(odd)?;
        let main = main.typed::<u32, u32>(&store).map_err(engine_error)?;
        ink_left
            .set(&mut store, Val::I64(ink as i64))
            .map_err(engine_error)?;
        stack_left
            .set(&mut store, Val::I32(MAX_STACK_WORDS as i32))
            .map_err(engine_error)?;
        store.data_mut().attach(memory, ink_left, ink_status);

        let status = main.call(&mut store, args);

        let exhausted = !matches!(ink_status.get(&mut store), Val::I32(0));
        let ink_left = match ink_left.get(&mut store) {
            Val::I64(ink) if !exhausted => ink as u64,
            _ => 0,
        };
        let end = |ending| Ok(Outcome { ending, ink_left });
        let status = match status {
            Ok(status) => status,
            Err(_) if matches!(stack_left.get(&mut store), Val::I32(0)) => {
                return end(Ending::OutOfStack);
            }
            Err(error) => match error.downcast_ref::<Escape>() {
                Some(Escape::Fatal) => return Err(RunError::Chain),
                _ if exhausted => return end(Ending::OutOfInk),
                Some(Escape::Exit(status)) => *status,
                _ if error.downcast_ref::<wasmtime::Trap>()
                    == Some(&wasmtime::Trap::StackOverflow) =>
                {
                    return Err(engine_error(error));
                }
                _ => return end(Ending::Failure(format!("{error:#}"))),
            },
        };
        let output = store.data_mut().take_output();
        end(if status == 0 {
            Ending::Success(output)
        } else {
            Ending::Revert(output)
        })
    }
}

impl Outcome {
    /// Gas that is left. Running out of stack takes all of it.
    pub(crate) fn gas_left(&self) -> u64 {
        match self.ending {
            Ending::OutOfStack => 0,
            _ => self.ink_left / INK_PER_GAS,
        }
    }
}

fn engine_error(error: wasmtime::Error) -> RunError {
    RunError::Engine(format!("{error:#}"))
}
