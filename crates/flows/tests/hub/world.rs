//! A hub, an allocator, and a vault that logs what it is told.

use alloy_primitives::{Address, B256, U256, address, keccak256};
use alloy_sol_types::{SolCall, SolValue};
use weir_abi::{
    IAllocator,
    IHub::{self, Request, Terms},
    IVault,
};
use weir_artifacts::{ALLOCATOR, HUB};
use weir_flows::{DEPLOYER, Refusal, Sent, Stage, evm};

pub const GOVERNOR: Address = address!("0000000000000000000000000000000000609e12");
pub const CURATOR: Address = address!("0000000000000000000000000000000000c02a70");
pub const SLASHER: Address = address!("0000000000000000000000000000000000051a54");
pub const RESOLVER: Address = address!("00000000000000000000000000000000002e501e");
pub const SINK: Address = address!("0000000000000000000000000000000000005119");
pub const OPERATOR: Address = address!("000000000000000000000000000000000000feed");
pub const ANYBODY: Address = address!("0000000000000000000000000000000000a11b0d");

pub const WAD: u64 = 1_000_000_000_000_000_000;
pub const DAY_S: u64 = 86_400;
pub const EPOCH_S: u64 = 5 * DAY_S;
pub const WINDOW_S: u64 = 2 * DAY_S;
pub const EXECUTE_DELAY_S: u64 = DAY_S / 2;
pub const EVIDENCE: B256 = B256::repeat_byte(0xe5);

pub struct World {
    pub stage: Stage,
    pub hub: Address,
    pub vault: Address,
    pub allocator: Address,
}

pub fn terms() -> Terms {
    Terms {
        slasher: SLASHER,
        resolver: RESOLVER,
        rewardManager: Default::default(),
        sink: SINK,
        vetoWindow: WINDOW_S,
        maxWad: WAD / 2,
    }
}

/// What every vault of these tests answers with: one wei of one asset.
pub fn losses() -> Vec<U256> {
    vec![U256::from(1)]
}

impl World {
    /// Deployed and wired; nobody takes part in anything.
    pub fn bare() -> Self {
        let stage = Stage::new();
        let hub = stage.deploy(&HUB);
        let allocator = stage.deploy(&ALLOCATOR);
        let wiring = IVault::Init {
            lrt: Address::ZERO,
            control: Address::ZERO,
            views: Address::ZERO,
            instant: Address::ZERO,
            slash: Address::ZERO,
            cover: Address::ZERO,
            exits: Address::ZERO,
            hub,
            allocator,
            rates: Address::ZERO,
            governor: GOVERNOR,
            guardian: Address::ZERO,
            genesis: stage.now_s(),
            epochLength: EPOCH_S,
            slashGrace: WINDOW_S,
            feeBps: U256::ZERO,
        };
        let vault = stage.place(evm::answering(
            &[(IVault::wiringCall::SELECTOR, wiring.abi_encode())],
            &[
                (IVault::contestCall::SELECTOR, losses().abi_encode()),
                (IVault::executeCall::SELECTOR, losses().abi_encode()),
                (IVault::liftCall::SELECTOR, Vec::new()),
            ],
        ));
        let init = IAllocator::initCall {
            vault,
            hub,
            curator: CURATOR,
            increaseDelayS: 0,
        };
        stage.send(DEPLOYER, allocator, &init).unwrap();
        Self {
            stage,
            hub,
            vault,
            allocator,
        }
    }

    /// One service, and the vault and the operator in it with all the magnitude there is.
    pub fn new() -> Self {
        let world = Self::bare();
        world.service();
        let hash = terms_hash(&terms());
        world.register(OPERATOR);
        world.opt_in_operator(OPERATOR, 1, hash).unwrap();
        world.opt_in_vault(GOVERNOR, 1, hash).unwrap();
        let approve = IHub::approveResolverCall {
            vault: world.vault,
            resolver: RESOLVER,
            approved: true,
        };
        world.send(GOVERNOR, &approve).unwrap();
        let allocate = IAllocator::allocateCall {
            service: 1,
            operator: OPERATOR,
            magnitude: WAD,
        };
        world
            .stage
            .send(CURATOR, world.allocator, &allocate)
            .unwrap();
        world.stage.advance(EPOCH_S);
        world
    }

    /// Sends a call to the hub.
    pub fn send<C: SolCall>(&self, from: Address, call: &C) -> Result<Sent<C::Return>, Refusal> {
        self.stage.send(from, self.hub, call)
    }

    pub fn view<C: SolCall>(&self, call: &C) -> C::Return {
        self.stage.view(self.hub, call)
    }

    /// Registers the service of [`terms`] and answers its number.
    pub fn service(&self) -> u32 {
        let call = IHub::registerServiceCall { terms: terms() };
        self.send(ANYBODY, &call).unwrap().value
    }

    pub fn register(&self, operator: Address) {
        let call = IHub::registerOperatorCall { signer: operator };
        self.send(operator, &call).unwrap();
    }

    pub fn opt_in_operator(
        &self,
        operator: Address,
        service: u32,
        hash: B256,
    ) -> Result<Sent<IHub::optInOperatorReturn>, Refusal> {
        let call = IHub::optInOperatorCall {
            service,
            termsHash: hash,
        };
        self.send(operator, &call)
    }

    pub fn opt_in_vault(
        &self,
        caller: Address,
        service: u32,
        hash: B256,
    ) -> Result<Sent<IHub::optInVaultReturn>, Refusal> {
        let call = IHub::optInVaultCall {
            vault: self.vault,
            service,
            termsHash: hash,
        };
        self.send(caller, &call)
    }

    /// A filing that is right: the operator offended now.
    pub fn filing(&self, wad: u64) -> IHub::fileCall {
        IHub::fileCall {
            vault: self.vault,
            service: 1,
            operator: OPERATOR,
            wad,
            offenceEpoch: self.epoch(),
            evidence: EVIDENCE,
        }
    }

    /// Files for `wad` and answers the id.
    pub fn file(&self, wad: u64) -> u64 {
        self.send(SLASHER, &self.filing(wad)).unwrap().value
    }

    pub fn request(&self, id: u64) -> Request {
        self.view(&IHub::requestCall { id })
    }

    pub fn epoch(&self) -> u64 {
        let wiring = self.stage.view(self.vault, &IVault::wiringCall {});
        (self.stage.now_s() - wiring.genesis) / EPOCH_S
    }

    pub fn allocation(&self) -> IAllocator::Allocation {
        let call = IAllocator::allocationCall {
            service: 1,
            operator: OPERATOR,
        };
        self.stage.view(self.allocator, &call)
    }

    /// What the vault was told, of this kind.
    pub fn told<C: SolCall, T>(&self, sent: &Sent<T>) -> Vec<C> {
        sent.logs
            .iter()
            .filter(|log| log.address == self.vault)
            .filter_map(|log| C::abi_decode_validate(&log.data.data).ok())
            .collect()
    }
}

pub fn terms_hash(terms: &Terms) -> B256 {
    keccak256(terms.abi_encode())
}
