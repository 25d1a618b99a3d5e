//! A chain to put contracts on, and calls in the name of anybody.

use std::{cell::Cell, fmt};

use alloy_primitives::{Address, Bytes, Log, U256, address};
use alloy_sol_types::{SolCall, SolError, SolEvent, sol};
use weir_artifacts::Artifact;
use weir_chain::{Chain, Config, Outcome, UnsignedTx};

/// Who deploys. Funded, as everyone is who needs to be.
const DEPLOYER: Address = address!("00000000000000000000000000000000000de910");
/// The precompile that activates programs.
const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");
/// More than any activation costs, in wei; the rest comes back.
const ACTIVATION_WEI: u128 = 1_000_000_000_000_000_000;

sol! {
    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
}

/// A chain in this process. Time stands still unless it is moved.
pub struct Stage {
    /// The chain itself.
    pub chain: Chain,
    installed: Cell<u64>,
}

/// A call that succeeded.
pub struct Sent<T> {
    /// What it returned.
    pub value: T,
    /// Gas that its transaction paid for, the 21,000 and the calldata included.
    pub gas: u64,
    /// What was logged, in order.
    pub logs: Vec<Log>,
}

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
    /// The events of this kind, in order, whoever emitted them.
    pub fn events<E: SolEvent>(&self) -> Vec<E> {
        self.logs
            .iter()
            .filter_map(|log| E::decode_log_validate(log).ok().map(|log| log.data))
            .collect()
    }
}

/// A call that was refused.
#[derive(Debug)]
pub struct Refusal(Box<Outcome>);

impl Refusal {
    /// The typed error that the call was refused with.
    ///
    /// # Panics
    /// If it was refused with anything else.
    pub fn error<E: SolError>(&self) -> E {
        E::abi_decode_validate(&self.0.output).unwrap_or_else(|_| {
            panic!(
                "refused with {} ({}), not with {}",
                self.0.output,
                self.0.error().unwrap_or_default(),
                E::SIGNATURE
            )
        })
    }
}

impl Stage {
    /// Starts a chain with nothing on it.
    ///
    /// # Panics
    /// If it does not start.
    #[expect(clippy::new_without_default, reason = "it starts threads")]
    pub fn new() -> Self {
        let stage = Self {
            chain: Chain::start(Config::default()).expect("the chain starts"),
            installed: Cell::new(0),
        };
        stage.fund(DEPLOYER);
        stage
    }

    /// Who deploys, and so calls `init`.
    pub fn deployer(&self) -> Address {
        DEPLOYER
    }

    /// Gives `account` 1,000 ether.
    ///
    /// # Panics
    /// If the chain fails.
    pub fn fund(&self, account: Address) {
        let balance = U256::from(ACTIVATION_WEI).saturating_mul(U256::from(1_000));
        self.chain
            .set_balance(account, balance)
            .wait()
            .expect("the chain runs");
    }

    /// Deploys and activates a contract, as on Arbitrum.
    ///
    /// # Panics
    /// If the chain refuses it.
    pub fn deploy(&self, contract: &Artifact) -> Address {
        let created = self.outcome(UnsignedTx::new(DEPLOYER).data(contract.init_code()));
        let program = created
            .contract
            .filter(|_| created.success)
            .unwrap_or_else(|| panic!("{}: {:?}", contract.name, created.error()));
        // A code is activated once, wherever it lies.
        let activated = self.outcome(
            UnsignedTx::new(DEPLOYER)
                .to(ARB_WASM)
                .value(U256::from(ACTIVATION_WEI))
                .data(activateProgramCall { program }.abi_encode()),
        );
        assert!(
            activated.success,
            "{}: {:?} {}",
            contract.name,
            activated.error(),
            activated.output
        );
        program
    }

    /// Puts EVM code at an address of its own.
    ///
    /// # Panics
    /// If the chain fails.
    pub fn install(&self, code: impl Into<Bytes>) -> Address {
        let number = self.installed.get() + 1;
        self.installed.set(number);
        let at = Address::from_word(U256::from(0xc0de_0000_0000 + number).into());
        self.chain
            .set_code(at, code.into())
            .wait()
            .expect("the chain runs");
        at
    }

    /// Sends a call in the name of `from`.
    ///
    /// # Errors
    /// It was refused.
    ///
    /// # Panics
    /// If the answer is not that of the function.
    pub fn send<C: SolCall>(
        &self,
        from: Address,
        to: Address,
        call: &C,
    ) -> Result<Sent<C::Return>, Refusal> {
        self.pay(from, to, U256::ZERO, call)
    }

    /// Sends a call in the name of `from`, and `value` wei with it.
    ///
    /// # Errors
    /// It was refused.
    ///
    /// # Panics
    /// If the answer is not that of the function.
    pub fn pay<C: SolCall>(
        &self,
        from: Address,
        to: Address,
        value: U256,
        call: &C,
    ) -> Result<Sent<C::Return>, Refusal> {
        let outcome = self.send_bytes(from, to, value, call.abi_encode())?;
        let value = C::abi_decode_returns_validate(&outcome.output).unwrap_or_else(|error| {
            panic!("{} answered {}: {error}", C::SIGNATURE, outcome.output)
        });
        Ok(Sent {
            value,
            gas: outcome.gas_used,
            logs: outcome.logs,
        })
    }

    /// Sends any bytes and `value` wei in the name of `from`.
    ///
    /// # Errors
    /// They were refused.
    pub fn send_bytes(
        &self,
        from: Address,
        to: Address,
        value: U256,
        data: impl Into<Bytes>,
    ) -> Result<Outcome, Refusal> {
        let outcome = self.outcome(UnsignedTx::new(from).to(to).value(value).data(data));
        if outcome.success {
            Ok(outcome)
        } else {
            Err(Refusal(Box::new(outcome)))
        }
    }

    /// What a view answers, asked by nobody in particular.
    ///
    /// # Panics
    /// If it is refused.
    pub fn view<C: SolCall>(&self, at: Address, call: &C) -> C::Return {
        let nobody = Address::repeat_byte(0x99);
        self.fund(nobody);
        match self.send(nobody, at, call) {
            Ok(sent) => sent.value,
            Err(refusal) => panic!("{}: {:?}", C::SIGNATURE, refusal.0),
        }
    }

    /// Unix seconds of the newest block.
    ///
    /// # Panics
    /// If the chain fails.
    pub fn now_s(&self) -> u64 {
        self.chain
            .head()
            .wait()
            .expect("the chain runs")
            .timestamp_s
    }

    /// Lets time pass.
    ///
    /// # Panics
    /// If the chain fails.
    pub fn advance(&self, seconds: u64) {
        self.chain.advance(seconds).wait().expect("the chain runs");
    }

    /// Sends a transaction and says how it ended.
    ///
    /// # Panics
    /// If it cannot be mined.
    pub fn outcome(&self, tx: UnsignedTx) -> Outcome {
        self.chain
            .send(tx)
            .wait()
            .expect("the transaction is mined")
    }
}
