//! A vault whose every role is held by a governor contract.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use weir_abi::{IGovernor, IVault};
use weir_flows::{Refusal, Sent, World, actors::ALICE};
use weir_protocol::{
    governor::Waits,
    model::{Config, account},
    units::WAD,
};

/// Its governor, guardian and curator.
pub const GOVERNOR: Address = account(1);
pub const GUARDIAN: Address = account(2);
pub const CURATOR: Address = account(3);

pub struct Governed {
    pub world: World,
    /// The contract.
    pub at: Address,
    pub waits: Waits,
}

impl Governed {
    /// Nobody has deposited yet.
    pub fn empty() -> Self {
        let config = Config::default();
        let (world, at) = World::governed(&config);
        Self {
            world,
            at,
            waits: Waits::of(&config.clock),
        }
    }

    /// Alice has a share.
    pub fn new() -> Self {
        let governed = Self::empty();
        governed.deposit();
        governed
    }

    pub fn deposit(&self) {
        let world = &self.world;
        world.give(0, ALICE, WAD);
        let call = IVault::depositCall {
            asset: self.token(),
            amount: U256::from(WAD),
            receiver: ALICE,
            minShares: U256::ZERO,
            minFloorRate: U256::ZERO,
            deadline: U256::MAX,
        };
        world.done(ALICE, world.at.vault, &call);
    }

    pub fn token(&self) -> Address {
        self.world.assets[0].token
    }

    pub fn act(
        &self,
        caller: Address,
        target: Address,
        call: &impl SolCall,
    ) -> Result<Sent<IGovernor::actReturn>, Refusal> {
        let data = call.abi_encode().into();
        let act = IGovernor::actCall { target, data };
        self.world.stage.send(caller, self.at, &act)
    }

    /// Schedules as the governor; the id.
    pub fn schedule(&self, target: Address, call: &impl SolCall) -> u64 {
        let data = call.abi_encode().into();
        let schedule = IGovernor::scheduleCall { target, data };
        self.world.done(GOVERNOR, self.at, &schedule).value
    }

    pub fn execute(
        &self,
        caller: Address,
        id: u64,
    ) -> Result<Sent<IGovernor::executeReturn>, Refusal> {
        let call = IGovernor::executeCall { id };
        self.world.stage.send(caller, self.at, &call)
    }

    pub fn cap(&self) -> U256 {
        let call = IVault::assetCall {
            token: self.token(),
        };
        self.world.ask(self.world.at.vault, &call).cap
    }

    pub fn set_cap(&self, cap: U256) -> IVault::setCapCall {
        IVault::setCapCall {
            token: self.token(),
            cap,
        }
    }
}
