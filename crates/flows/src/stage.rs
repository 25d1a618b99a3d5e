//! A chain to put contracts on, and calls in the name of anybody.

use std::{fmt, sync::OnceLock};

use alloy_primitives::{Address, Bytes, Log, U256, address};
use alloy_sol_types::{SolCall, SolEvent, sol};
use weir_artifacts::Artifact;
use weir_chain::{Chain, Config, Time, UnsignedTx};

use crate::{evm, refusal::Refusal};

sol! {
    /// The precompile that takes a Stylus program into service.
    interface ArbWasm {
        function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
        error ProgramUpToDate();
    }
}

const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");

/// Creates every contract, and so may call `init`.
pub const DEPLOYER: Address = address!("00000000000000000000000000000000de910ee2");

/// Asks views.
const READER: Address = address!("0000000000000000000000000000000000eade12");

/// Counts the contracts that tests put onto the chain.
const PLACES: Address = address!("00000000000000000000000000000000091ace50");

/// Where the time of a stage begins if it does not matter, Unix seconds.
const SOME_DAY_S: u64 = 1_800_000_000;

/// How many blocks a snapshot may be old.
const KEPT_BLOCKS: u64 = 256;

/// Enough for every activation, wei.
const PLENTY: U256 = U256::from_limbs([0, 1 << 30, 0, 0]);

/// A chain that nobody uses: programs stay compiled as long as some chain of the process runs.
static IDLE: OnceLock<Chain> = OnceLock::new();

/// What a call did that succeeded.
#[derive(Clone)]
pub struct Sent<T> {
    /// What it answered.
    pub value: T,
    /// Gas that its transaction paid for, the 21,000 and the calldata included.
    pub gas: u64,
    /// What was logged, in order.
    pub logs: Vec<Log>,
}

/// What a call did, its answer not decoded.
pub type Receipt = Sent<Bytes>;

// What `sol!` makes for functions that return nothing cannot be shown.
impl<T> fmt::Debug for Sent<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent")
            .field("gas", &self.gas)
            .field("logs", &self.logs)
            .finish_non_exhaustive()
    }
}

impl<T> Sent<T> {
    /// The events of one kind that a contract emitted, in order.
    pub fn events<E: SolEvent>(&self, of: Address) -> Vec<E> {
        self.logs
            .iter()
            .filter(|log| log.address == of)
            .filter_map(|log| E::decode_log_data_validate(&log.data).ok())
            .collect()
    }

    /// The one event of a kind that a contract emitted.
    ///
    /// # Panics
    /// There is another number of them.
    pub fn event<E: SolEvent>(&self, of: Address) -> E {
        let mut events = self.events::<E>(of);
        assert_eq!(events.len(), 1, "{}", E::SIGNATURE);
        events.remove(0)
    }
}

impl Receipt {
    /// The answer of a function.
    ///
    /// # Panics
    /// It is not one of that function.
    pub fn answer<C: SolCall>(&self) -> C::Return {
        C::abi_decode_returns_validate(&self.value)
            .unwrap_or_else(|error| panic!("{} answered {}: {error}", C::SIGNATURE, self.value))
    }
}

/// A chain without fees whose time stands still unless it is moved.
#[derive(Debug)]
pub struct Stage {
    chain: Chain,
    viewer: Address,
}

impl Stage {
    /// Starts a chain on some day.
    #[expect(clippy::new_without_default, reason = "it starts threads")]
    pub fn new() -> Self {
        Self::start(SOME_DAY_S)
    }

    /// Starts a chain at `start_s`, Unix seconds.
    ///
    /// # Panics
    /// It does not start.
    pub fn start(start_s: u64) -> Self {
        let config = Config {
            base_fee_wei: 0,
            kept_states: Some(KEPT_BLOCKS),
            time: Time::Manual { start_s, step_s: 0 },
            ..Config::default()
        };
        IDLE.get_or_init(|| Chain::start(Config::default()).expect("a chain starts"));
        let chain = Chain::start(config).expect("a chain starts");
        let mut stage = Self {
            chain,
            viewer: Address::ZERO,
        };
        stage.fund(DEPLOYER, PLENTY);
        stage.viewer = stage.place(evm::viewer());
        stage
    }

    /// The chain itself.
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The time of the newest block, Unix seconds.
    ///
    /// # Panics
    /// The chain fails, as in all that follow.
    pub fn now_s(&self) -> u64 {
        self.chain
            .head()
            .wait()
            .expect("the chain runs")
            .timestamp_s
    }

    /// Moves time to `to_s`, if that is later than now.
    pub fn warp(&self, to_s: u64) {
        if to_s > self.now_s() {
            self.chain.warp(to_s).wait().expect("time goes forward");
        }
    }

    /// Lets time pass.
    pub fn advance(&self, seconds: u64) {
        self.chain.advance(seconds).wait().expect("the chain runs");
    }

    /// Does something, then takes it all back: blocks, state and time.
    pub fn and_back(&self, act: impl FnOnce()) {
        let before = self.chain.snapshot().wait().expect("the chain runs");
        act();
        self.chain.revert(before).wait().expect("a recent snapshot");
    }

    /// Gives an account this much ether, wei, and no more.
    pub fn fund(&self, account: Address, wei: U256) {
        self.chain
            .set_balance(account, wei)
            .wait()
            .expect("the chain runs");
    }

    /// A storage slot.
    pub fn slot(&self, account: Address, slot: U256) -> U256 {
        self.chain
            .storage(account, slot)
            .wait()
            .expect("the chain runs")
    }

    /// Writes a storage slot.
    pub fn set_slot(&self, account: Address, slot: U256, word: U256) {
        self.chain
            .set_storage(account, slot, word)
            .wait()
            .expect("the chain runs");
    }

    /// Replaces an account's code.
    pub fn set_code(&self, account: Address, code: Bytes) {
        self.chain
            .set_code(account, code)
            .wait()
            .expect("the chain runs");
    }

    /// Puts EVM code at a new address.
    pub fn place(&self, code: Bytes) -> Address {
        let count = self.slot(PLACES, U256::ZERO);
        self.set_slot(PLACES, U256::ZERO, count + U256::ONE);
        let address = PLACES.create2(count.to_be_bytes::<32>(), [0; 32]);
        self.set_code(address, code);
        address
    }

    /// Deploys a contract as on any Arbitrum chain: init code, then activation.
    ///
    /// # Panics
    /// The chain refuses it.
    pub fn deploy(&self, contract: &Artifact) -> Address {
        let tx = UnsignedTx::new(DEPLOYER).data(contract.init_code());
        let outcome = self
            .chain
            .send(tx)
            .wait()
            .expect("the transaction is valid");
        let program = outcome.contract.filter(|_| outcome.success);
        let program = program.unwrap_or_else(|| panic!("{}: {:?}", contract.name, outcome.error()));
        self.activate(program);
        program
    }

    /// Takes a program into service, or again after its year. One activation serves all accounts of the same code; answers whether this
    /// one was needed.
    ///
    /// # Panics
    /// The chain refuses it.
    pub fn activate(&self, program: Address) -> bool {
        let call = ArbWasm::activateProgramCall { program };
        let activation = self.pay(DEPLOYER, ARB_WASM, U256::from(10u64.pow(18)), &call);
        if let Err(refusal) = &activation {
            assert!(
                refusal.is::<ArbWasm::ProgramUpToDate>(),
                "activation of {program}: {refusal:?}"
            );
        }
        activation.is_ok()
    }

    /// Sends a call in the name of `from`.
    ///
    /// # Errors
    /// It was refused.
    ///
    /// # Panics
    /// The answer is not that of the function.
    pub fn send<C: SolCall>(
        &self,
        from: Address,
        to: Address,
        call: &C,
    ) -> Result<Sent<C::Return>, Refusal> {
        self.pay(from, to, U256::ZERO, call)
    }

    /// Sends a call in the name of `from`, and `value` wei of ether with it.
    ///
    /// # Errors
    /// It was refused.
    ///
    /// # Panics
    /// The answer is not that of the function.
    pub fn pay<C: SolCall>(
        &self,
        from: Address,
        to: Address,
        value: U256,
        call: &C,
    ) -> Result<Sent<C::Return>, Refusal> {
        let receipt = self.send_bytes(from, to, value, call.abi_encode())?;
        Ok(Sent {
            value: receipt.answer::<C>(),
            gas: receipt.gas,
            logs: receipt.logs,
        })
    }

    /// Sends any calldata and `value` wei of ether in the name of `from`.
    ///
    /// # Errors
    /// It was refused.
    ///
    /// # Panics
    /// The transaction cannot be mined.
    pub fn send_bytes(
        &self,
        from: Address,
        to: Address,
        value: U256,
        data: impl Into<Bytes>,
    ) -> Result<Receipt, Refusal> {
        let tx = UnsignedTx::new(from).to(to).value(value).data(data);
        let outcome = self
            .chain
            .send(tx)
            .wait()
            .expect("the transaction is valid");
        if outcome.success {
            Ok(Sent {
                value: outcome.output,
                gas: outcome.gas_used,
                logs: outcome.logs,
            })
        } else {
            Err(Refusal {
                data: outcome.output,
                halt: outcome.halt,
            })
        }
    }

    /// What a view answers, asked as another contract does: by a static call.
    ///
    /// # Errors
    /// It was refused.
    pub fn try_view<C: SolCall>(&self, at: Address, call: &C) -> Result<C::Return, Refusal> {
        let data = [at.as_slice(), &call.abi_encode()].concat();
        let receipt = self.send_bytes(READER, self.viewer, U256::ZERO, data)?;
        Ok(receipt.answer::<C>())
    }

    /// What a view answers.
    ///
    /// # Panics
    /// It was refused.
    pub fn view<C: SolCall>(&self, at: Address, call: &C) -> C::Return {
        self.try_view(at, call)
            .unwrap_or_else(|refusal| panic!("{} refused: {refusal:?}", C::SIGNATURE))
    }
}
