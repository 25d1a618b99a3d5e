//! The embedded chain, spoken to in the protocol's types.

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

/// Creates every contract of the world.
pub const DEPLOYER: Address = address!("00000000000000000000000000000000de910ee2");

/// Asks views.
const READER: Address = address!("0000000000000000000000000000000000eade12");

/// Enough for any fee, wei.
const PLENTY: U256 = U256::from_limbs([0, 1 << 30, 0, 0]);

/// What a call did.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Gas that the transaction paid for.
    pub gas_used: u64,
    /// Its logs in order.
    pub logs: Vec<Log>,
    /// What the call answered.
    pub output: Bytes,
}

impl Receipt {
    /// Its events of one kind, from one contract.
    pub fn events<E: SolEvent>(&self, of: Address) -> Vec<E> {
        self.logs
            .iter()
            .filter(|log| log.address == of)
            .filter_map(|log| E::decode_log_data_validate(&log.data).ok())
            .collect()
    }

    /// Its one event of a kind from a contract.
    ///
    /// # Panics
    /// There is another number of them.
    pub fn event<E: SolEvent>(&self, of: Address) -> E {
        let mut events = self.events::<E>(of);
        assert_eq!(events.len(), 1, "{}", E::SIGNATURE);
        events.remove(0)
    }
}

/// A chain without fees whose time stands still unless told, and ways to speak to it.
#[derive(Debug)]
pub struct Stage {
    chain: Chain,
    viewer: Address,
}

impl Stage {
    /// Starts a chain at `start_s`, Unix seconds.
    pub fn start(start_s: u64) -> Self {
        let config = Config {
            base_fee_wei: 0,
            kept_states: Some(4),
            time: Time::Manual { start_s, step_s: 0 },
            ..Config::default()
        };
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
    pub fn now_s(&self) -> u64 {
        self.chain
            .head()
            .wait()
            .expect("the chain runs")
            .timestamp_s
    }

    /// Moves time to `to_s`, which is not before now.
    pub fn warp(&self, to_s: u64) {
        if to_s > self.now_s() {
            self.chain.warp(to_s).wait().expect("time goes forward");
        }
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

    /// Deploys a contract as on any Arbitrum chain: init code, then activation.
    pub fn deploy(&self, artifact: &Artifact) -> Address {
        let tx = UnsignedTx::new(DEPLOYER).data(artifact.init_code());
        let outcome = self
            .chain
            .send(tx)
            .wait()
            .expect("the transaction is valid");
        let program = outcome.contract.filter(|_| outcome.success);
        let program = program.unwrap_or_else(|| panic!("{}: {:?}", artifact.name, outcome.error()));
        // One activation serves all accounts of the same code.
        let call = ArbWasm::activateProgramCall { program };
        let activation = self.pay(DEPLOYER, ARB_WASM, U256::from(10u64.pow(18)), &call);
        if let Err(refusal) = activation {
            assert!(
                refusal.is::<ArbWasm::ProgramUpToDate>(),
                "activation of {}: {refusal:?}",
                artifact.name
            );
        }
        program
    }

    /// Puts EVM code at a new address.
    pub fn place(&self, code: Bytes) -> Address {
        let nonce_word = self.slot(PLACES, U256::ZERO);
        self.set_slot(PLACES, U256::ZERO, nonce_word + U256::ONE);
        let address = PLACES.create2(nonce_word.to_be_bytes::<32>(), [0; 32]);
        self.set_code(address, code);
        address
    }

    /// Sends a call in anybody's name.
    pub fn send<C: SolCall>(
        &self,
        from: Address,
        to: Address,
        call: &C,
    ) -> Result<Receipt, Refusal> {
        self.pay(from, to, U256::ZERO, call)
    }

    /// Sends a call with `value` wei of ether.
    pub fn pay<C: SolCall>(
        &self,
        from: Address,
        to: Address,
        value: U256,
        call: &C,
    ) -> Result<Receipt, Refusal> {
        self.send_raw(from, to, value, call.abi_encode().into())
    }

    /// Sends calldata.
    pub fn send_raw(
        &self,
        from: Address,
        to: Address,
        value: U256,
        data: Bytes,
    ) -> Result<Receipt, Refusal> {
        let tx = UnsignedTx::new(from).to(to).value(value).data(data);
        let outcome = self
            .chain
            .send(tx)
            .wait()
            .expect("the transaction is valid");
        if outcome.success {
            Ok(Receipt {
                gas_used: outcome.gas_used,
                logs: outcome.logs,
                output: outcome.output,
            })
        } else {
            Err(Refusal {
                data: outcome.output,
                halt: outcome.halt,
            })
        }
    }

    /// Asks a view as another contract does: by a static call.
    pub fn view<C: SolCall>(&self, to: Address, call: &C) -> Result<C::Return, Refusal> {
        let data = [to.as_slice(), &call.abi_encode()].concat();
        let receipt = self.send_raw(READER, self.viewer, U256::ZERO, data.into())?;
        Ok(C::abi_decode_returns_validate(&receipt.output).expect(C::SIGNATURE))
    }
}

/// Counts the contracts that tests put onto the chain.
const PLACES: Address = address!("00000000000000000000000000000000091ace50");
