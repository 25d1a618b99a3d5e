//! A vault with deposits, and an attestation service whose operators have a part of its stake.

use alloy::{
    primitives::{Address, B256, Bytes, U256, keccak256},
    signers::{SignerSync as _, local::PrivateKeySigner},
    sol,
    sol_types::{Eip712Domain, SolCall, SolStruct as _},
};
use weir_abi::{
    IAllocator,
    IAttestation::{self, Instance},
    IHub, IVault,
};
use weir_artifacts::{ATTESTATION, Artifact};
use weir_flows::{
    DEPLOYER, Refusal, Sent, Stage,
    actors::{RESOLVER, SINK, STRANGER},
    scene::{Scene, VETO_WINDOW_S},
};

pub const WAD: u64 = 1_000_000_000_000_000_000;
pub const PERIOD_S: u64 = 3_600;
/// What an equivocation costs.
pub const SLASH_WAD: u64 = WAD / 10;
pub const DOMAIN: B256 = B256::repeat_byte(0xd0);

sol! {
    /// Written down anew, so that the contract's digest is compared with an independent one.
    struct Attestation {
        address operator;
        bytes32 domain;
        uint64 height;
        bytes32 payload;
    }
}

pub struct World {
    pub scene: Scene,
    /// The contract.
    pub at: Address,
    pub service: u32,
    /// Of the operators, whose accounts are those of the keys.
    pub keys: Vec<PrivateKeySigner>,
}

impl World {
    /// Operators with these magnitudes, enrolled. Epoch 2 has just begun.
    pub fn new(values: bool, magnitudes: &[u64]) -> Self {
        let world = Self::allocated(values, magnitudes);
        for operator in world.operators() {
            world.enrol(operator).unwrap();
        }
        world
    }

    /// Operators with these magnitudes, none enrolled. Epoch 2 has just begun.
    pub fn allocated(values: bool, magnitudes: &[u64]) -> Self {
        let mut world = Self::wired(values);
        for (place, magnitude) in (1..).zip(magnitudes) {
            let key = key(place);
            world.join(&key);
            world.allocate(key.address(), *magnitude);
            world.keys.push(key);
        }
        world.scene.epoch(2);
        world
    }

    fn wired(values: bool) -> Self {
        let world = Self::unset(&ATTESTATION);
        let call = IAttestation::initCall {
            instance: world.instance(values),
        };
        world.send(DEPLOYER, &call).unwrap();
        world
    }

    /// A contract that is the slasher of a service which the vault takes part in, and is not set up.
    pub fn unset(program: &Artifact) -> Self {
        let scene = Scene::with_holders();
        let at = scene.world.stage.deploy(program);
        let mut world = Self {
            scene,
            at,
            service: 0,
            keys: Vec::new(),
        };
        world.service = world.service_of(at);
        let join = IHub::optInVaultCall {
            vault: world.vault(),
            service: world.service,
            termsHash: world.terms_hash(),
        };
        let (hub, governor) = (world.scene.world.at.hub, world.scene.world.governor);
        world.scene.world.done(governor, hub, &join);
        world
    }

    /// A new service whose slasher is a contract.
    pub fn service_of(&self, slasher: Address) -> u32 {
        let terms = IHub::Terms {
            slasher,
            resolver: RESOLVER,
            rewardManager: Default::default(),
            sink: SINK,
            vetoWindow: VETO_WINDOW_S,
            maxWad: WAD / 2,
        };
        let register = IHub::registerServiceCall { terms };
        let hub = self.scene.world.at.hub;
        self.scene.world.done(STRANGER, hub, &register).value
    }

    pub fn instance(&self, values: bool) -> Instance {
        Instance {
            hub: self.scene.world.at.hub,
            vault: self.vault(),
            service: self.service,
            domain: DOMAIN,
            start: self.scene.clock.genesis_s,
            period: PERIOD_S,
            slashWad: SLASH_WAD,
            values,
            target: Address::ZERO,
            selector: [0; 4].into(),
        }
    }

    pub fn stage(&self) -> &Stage {
        &self.scene.world.stage
    }

    pub fn vault(&self) -> Address {
        self.scene.world.at.vault
    }

    pub fn terms_hash(&self) -> B256 {
        let service = self.service;
        let hub = self.scene.world.at.hub;
        self.scene.world.ask(hub, &IHub::termsHashCall { service })
    }

    /// Registers the account of a key with that key, and takes part.
    pub fn join(&self, key: &PrivateKeySigner) {
        self.register(key.address(), key.address());
        let join = IHub::optInOperatorCall {
            service: self.service,
            termsHash: self.terms_hash(),
        };
        let hub = self.scene.world.at.hub;
        self.scene.world.done(key.address(), hub, &join);
    }

    pub fn register(&self, operator: Address, signer: Address) {
        let register = IHub::registerOperatorCall { signer };
        let hub = self.scene.world.at.hub;
        self.scene.world.done(operator, hub, &register);
    }

    pub fn allocate(&self, operator: Address, magnitude: u64) {
        let call = IAllocator::allocateCall {
            service: self.service,
            operator,
            magnitude,
        };
        let world = &self.scene.world;
        world.done(world.curator, world.at.allocator, &call);
    }

    pub fn operators(&self) -> Vec<Address> {
        self.keys.iter().map(PrivateKeySigner::address).collect()
    }

    /// Sends a call to the contract.
    pub fn send<C: SolCall>(&self, from: Address, call: &C) -> Result<Sent<C::Return>, Refusal> {
        self.stage().send(from, self.at, call)
    }

    pub fn ask<C: SolCall>(&self, call: &C) -> C::Return {
        self.stage().view(self.at, call)
    }

    pub fn enrol(&self, operator: Address) -> Result<Sent<IAttestation::enrolReturn>, Refusal> {
        self.send(STRANGER, &IAttestation::enrolCall { operator })
    }

    /// The newest height.
    pub fn height(&self) -> u64 {
        self.ask(&IAttestation::heightCall {})
    }

    /// What an operator signs, by alloy.
    pub fn digest(&self, operator: Address, height: u64, payload: B256) -> B256 {
        let chain_id = self.stage().chain().config().chain_id;
        self.digest_of(chain_id, self.at, DOMAIN, operator, height, payload)
    }

    pub fn digest_of(
        &self,
        chain_id: u64,
        contract: Address,
        domain: B256,
        operator: Address,
        height: u64,
        payload: B256,
    ) -> B256 {
        let separator = Eip712Domain {
            name: Some("Weir Attestation".into()),
            version: Some("1".into()),
            chain_id: Some(U256::from(chain_id)),
            verifying_contract: Some(contract),
            salt: None,
        };
        let message = Attestation {
            operator,
            domain,
            height,
            payload,
        };
        message.eip712_signing_hash(&separator)
    }

    /// The signature of operator number `index`.
    pub fn signed(&self, index: usize, height: u64, payload: B256) -> Bytes {
        let key = &self.keys[index];
        sign(key, self.digest(key.address(), height, payload))
    }

    /// A stranger reports what operator number `index` signed.
    pub fn attest(
        &self,
        index: usize,
        height: u64,
        payload: B256,
    ) -> Result<Sent<IAttestation::attestReturn>, Refusal> {
        let call = self.attestation(index, height, payload);
        self.send(STRANGER, &call)
    }

    pub fn attestation(
        &self,
        index: usize,
        height: u64,
        payload: B256,
    ) -> IAttestation::attestCall {
        IAttestation::attestCall {
            operator: self.keys[index].address(),
            height,
            payload,
            signature: self.signed(index, height, payload),
        }
    }

    /// Evidence that operator number `index` signed both.
    pub fn evidence(&self, index: usize, height: u64, a: B256, b: B256) -> IAttestation::slashCall {
        IAttestation::slashCall {
            operator: self.keys[index].address(),
            height,
            payloadA: a,
            signatureA: self.signed(index, height, a),
            payloadB: b,
            signatureB: self.signed(index, height, b),
        }
    }

    pub fn request(&self, id: u64) -> IHub::Request {
        let hub = self.scene.world.at.hub;
        self.scene.world.ask(hub, &IHub::requestCall { id })
    }

    pub fn requests(&self) -> u64 {
        let hub = self.scene.world.at.hub;
        self.scene.world.ask(hub, &IHub::requestCountCall {})
    }

    pub fn rate(&self) -> U256 {
        self.scene.world.ask(self.vault(), &IVault::rateCall {})
    }
}

/// A key that nobody else has.
pub fn key(number: u8) -> PrivateKeySigner {
    PrivateKeySigner::from_bytes(&keccak256([number])).unwrap()
}

pub fn sign(key: &PrivateKeySigner, digest: B256) -> Bytes {
    key.sign_hash_sync(&digest).unwrap().as_bytes().into()
}

pub fn word(number: u64) -> B256 {
    U256::from(number).into()
}
