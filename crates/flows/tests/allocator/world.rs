//! An allocator whose hub is an account, so that each of its calls can be made by itself.

use alloy_primitives::{Address, Bytes, U256, address};
use alloy_sol_types::{SolCall, SolValue};
use weir_abi::{
    IAllocator::{self, Allocation},
    IHub, IVault,
};
use weir_artifacts::ALLOCATOR;
use weir_flows::{DEPLOYER, Refusal, Sent, Stage, evm};

pub const HUB: Address = address!("0000000000000000000000000000000000000b0b");
pub const CURATOR: Address = address!("0000000000000000000000000000000000c02a70");
pub const GOVERNOR: Address = address!("0000000000000000000000000000000000060b0b");
pub const GUARDIAN: Address = address!("000000000000000000000000000000000009a2d1");
pub const ANYBODY: Address = address!("0000000000000000000000000000000000a11b0d");
pub const OPERATOR: Address = address!("000000000000000000000000000000000000feed");
pub const SERVICE: u32 = 1;

pub const WAD: u64 = 1_000_000_000_000_000_000;
pub const EPOCH_S: u64 = 5 * 86_400;
pub const GRACE_S: u64 = 2 * 86_400;
pub const DELAY_S: u64 = 86_400;

pub struct World {
    pub stage: Stage,
    pub allocator: Address,
    pub vault: Address,
}

/// What a vault says of itself, whose first epoch starts now.
pub fn wiring(stage: &Stage) -> IVault::Init {
    let nobody = Address::ZERO;
    IVault::Init {
        lrt: nobody,
        control: nobody,
        views: nobody,
        instant: nobody,
        slash: nobody,
        cover: nobody,
        exits: nobody,
        hub: HUB,
        allocator: nobody,
        rates: nobody,
        governor: GOVERNOR,
        guardian: GUARDIAN,
        genesis: stage.now_s(),
        epochLength: EPOCH_S,
        slashGrace: GRACE_S,
        feeBps: U256::ZERO,
    }
}

pub fn vault(stage: &Stage, wiring: &IVault::Init) -> Address {
    let view = (IVault::wiringCall::SELECTOR, wiring.abi_encode());
    stage.place(evm::answering(&[view], &[]))
}

/// A hub that knows one kind of terms, for every service: a tenth may be slashed in an epoch.
fn hub_code() -> Bytes {
    let terms = IHub::Terms {
        slasher: Address::ZERO,
        resolver: Address::ZERO,
        rewardManager: Default::default(),
        sink: Address::ZERO,
        vetoWindow: 1,
        maxWad: WAD / 10,
    };
    evm::answering(&[(IHub::termsCall::SELECTOR, terms.abi_encode())], &[])
}

pub fn init(vault: Address) -> IAllocator::initCall {
    IAllocator::initCall {
        vault,
        hub: HUB,
        curator: CURATOR,
        increaseDelayS: DELAY_S,
    }
}

impl World {
    pub fn new() -> Self {
        let stage = Stage::new();
        let vault = vault(&stage, &wiring(&stage));
        stage.set_code(HUB, hub_code());
        let allocator = stage.deploy(&ALLOCATOR);
        stage.send(DEPLOYER, allocator, &init(vault)).unwrap();
        Self {
            stage,
            allocator,
            vault,
        }
    }

    pub fn allocate(&self, magnitude: u64) -> Result<Sent<IAllocator::allocateReturn>, Refusal> {
        let call = IAllocator::allocateCall {
            service: SERVICE,
            operator: OPERATOR,
            magnitude,
        };
        self.stage.send(CURATOR, self.allocator, &call)
    }

    /// Allocates and waits until all of it can be slashed for an offence of now.
    pub fn in_force(&self, magnitude: u64) {
        self.allocate(magnitude).unwrap();
        self.stage.advance(EPOCH_S);
    }

    pub fn freeze(&self, id: u64, wad: u64) -> Result<Sent<IAllocator::freezeReturn>, Refusal> {
        let call = IAllocator::freezeCall {
            id,
            service: SERVICE,
            operator: OPERATOR,
            wad,
            offenceEpoch: self.epoch(),
        };
        self.stage.send(HUB, self.allocator, &call)
    }

    pub fn slash(&self, id: u64) -> Result<Sent<IAllocator::slashReturn>, Refusal> {
        let call = IAllocator::slashCall {
            id,
            service: SERVICE,
            operator: OPERATOR,
        };
        self.stage.send(HUB, self.allocator, &call)
    }

    pub fn thaw(&self, id: u64, filed_epoch: u64) -> Result<Sent<IAllocator::thawReturn>, Refusal> {
        let call = IAllocator::thawCall {
            id,
            service: SERVICE,
            operator: OPERATOR,
            filedEpoch: filed_epoch,
        };
        self.stage.send(HUB, self.allocator, &call)
    }

    pub fn epoch(&self) -> u64 {
        let wiring = self.stage.view(self.vault, &IVault::wiringCall {});
        (self.stage.now_s() - wiring.genesis) / EPOCH_S
    }

    pub fn allocation(&self) -> Allocation {
        let call = IAllocator::allocationCall {
            service: SERVICE,
            operator: OPERATOR,
        };
        self.stage.view(self.allocator, &call)
    }

    pub fn capacity(&self) -> u64 {
        self.stage
            .view(self.allocator, &IAllocator::capacityCall {})
    }

    pub fn allocated(&self) -> u64 {
        self.stage
            .view(self.allocator, &IAllocator::allocatedCall {})
    }
}
