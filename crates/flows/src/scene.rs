//! A vault with a service that may slash it, and actors who hold nothing yet.

use alloy_primitives::{
    Address, B256, U256,
    utils::{format_ether, parse_ether},
};
use weir_abi::{IAllocator, IExits, IHub, IVault};
use weir_protocol::{
    clock::{Clock, Epoch},
    model::{Config, DEAD},
    rates::Guard,
    units::WAD,
    vault::{Closed, Settled, VaultKey, VaultStore},
};

use crate::{
    Sent, Stage, World,
    actors::{ALICE, BOB, CAROL, OPERATOR, RESOLVER, SINK, SLASHER, STRANGER},
};

/// The asset that is worth an ETH.
pub const WETH: usize = 0;
/// The asset that is worth 1.15 ETH at first.
pub const LST: usize = 1;

/// The service of a scene.
pub const SERVICE: u32 = 1;
/// How long its resolver has to veto, seconds.
pub const VETO_WINDOW_S: u64 = 24 * 60 * 60;
/// How long after arming a request is executed, seconds.
pub const EXECUTE_DELAY_S: u64 = 12 * 60 * 60;

/// A vault of WETH and an LST at 1.15, in the market too, 5 % idle, with epochs of 5 days and a grace of 48 hours. One service has half of the stake
/// through one operator. Epoch 1 has just begun.
#[derive(Debug)]
pub struct Scene {
    /// The contracts and what is around them.
    pub world: World,
    /// The vault's time.
    pub clock: Clock,
}

impl Scene {
    /// With the default parameters.
    #[expect(clippy::new_without_default, reason = "it starts threads")]
    pub fn new() -> Self {
        Self::with(&Config::default())
    }

    /// With other parameters.
    ///
    /// # Panics
    /// The contracts refuse them.
    pub fn with(config: &Config) -> Self {
        let mut config = Config {
            increase_delay_s: 0,
            ..config.clone()
        };
        let sources = config.assets.iter_mut();
        for source in sources.filter_map(|asset| asset.source.as_mut()) {
            source.guard = Guard::Absent;
        }
        let world = World::new(&config);
        let scene = Self {
            world,
            clock: config.clock,
        };
        scene.serve();
        scene.epoch(1);
        scene
    }

    /// With the default parameters, after Alice has put in 60 WETH and Bob 40 LST, all that they had: she has 59.999 shares,
    /// as a thousandth of one is locked, and he 46.
    pub fn with_holders() -> Self {
        let scene = Self::new();
        scene.give(WETH, ALICE, "60");
        scene.give(LST, BOB, "40");
        scene.deposit(ALICE, WETH, "60");
        scene.deposit(BOB, LST, "40");
        scene
    }

    /// The service, its operator and its stake.
    fn serve(&self) {
        let (world, at) = (&self.world, self.world.at);
        let terms = IHub::Terms {
            slasher: SLASHER,
            resolver: RESOLVER,
            rewardManager: Default::default(),
            sink: SINK,
            vetoWindow: VETO_WINDOW_S,
            maxWad: WAD as u64,
        };
        world.done(STRANGER, at.hub, &IHub::registerServiceCall { terms });
        let hash = world.ask(at.hub, &IHub::termsHashCall { service: SERVICE });
        let register = IHub::registerOperatorCall { signer: OPERATOR };
        world.done(OPERATOR, at.hub, &register);
        let join = IHub::optInOperatorCall {
            service: SERVICE,
            termsHash: hash,
        };
        world.done(OPERATOR, at.hub, &join);
        let join = IHub::optInVaultCall {
            vault: at.vault,
            service: SERVICE,
            termsHash: hash,
        };
        world.done(world.governor, at.hub, &join);
        let approve = IHub::approveResolverCall {
            vault: at.vault,
            resolver: RESOLVER,
            approved: true,
        };
        world.done(world.governor, at.hub, &approve);
        self.allocate(OPERATOR, WAD as u64 / 2);
    }

    /// Gives an operator this much of the capacity of 1e18, at once.
    pub fn allocate(&self, operator: Address, magnitude: u64) {
        let call = IAllocator::allocateCall {
            service: SERVICE,
            operator,
            magnitude,
        };
        let (curator, allocator) = (self.world.curator, self.world.at.allocator);
        self.world.done(curator, allocator, &call);
    }

    /// Moves time to the start of an epoch.
    pub fn epoch(&self, epoch: Epoch) {
        self.world.stage.warp(self.clock.start_s(epoch));
    }

    /// Moves time to when the batch of an epoch settles.
    pub fn maturity(&self, epoch: Epoch) {
        self.world.stage.warp(self.clock.maturity_s(epoch));
    }

    /// The address of a token.
    pub fn token(&self, asset: usize) -> Address {
        self.world.assets[asset].token
    }

    /// Gives `who` so much of an asset, in ether, out of nowhere.
    pub fn give(&self, asset: usize, who: Address, ether: &str) {
        let wei = u128::try_from(wei(ether)).expect("less than all ether");
        self.world.give(asset, who, wei);
    }

    /// `who` deposits so much of an asset, in ether.
    pub fn deposit(&self, who: Address, asset: usize, ether: &str) -> Sent<U256> {
        let call = self.deposit_call(who, asset, ether);
        self.world.done(who, self.world.at.vault, &call)
    }

    /// A deposit without limits.
    pub fn deposit_call(&self, who: Address, asset: usize, ether: &str) -> IVault::depositCall {
        IVault::depositCall {
            asset: self.token(asset),
            amount: wei(ether),
            receiver: who,
            minShares: U256::ZERO,
            minFloorRate: U256::ZERO,
            deadline: U256::MAX,
        }
    }

    /// `who` asks to leave with so many shares, in ether; the ticket.
    pub fn request(&self, who: Address, ether: &str) -> Sent<U256> {
        let call = IExits::requestCall {
            shares: wei(ether),
            receiver: who,
        };
        self.world.done(who, self.world.at.exits, &call)
    }

    /// `who` takes shares of a ticket back.
    pub fn cancel(&self, who: Address, ticket: U256, ether: &str) -> Sent<IExits::cancelReturn> {
        let call = IExits::cancelCall {
            ticketId: ticket,
            shares: wei(ether),
        };
        self.world.done(who, self.world.at.exits, &call)
    }

    /// A stranger claims for the owner of a ticket.
    pub fn claim(&self, ticket: U256) -> Sent<Vec<U256>> {
        let call = IExits::claimCall { ticketId: ticket };
        self.world.done(STRANGER, self.world.at.exits, &call)
    }

    /// `who` leaves at once with so many shares, in ether, for one asset.
    pub fn redeem(&self, who: Address, asset: usize, ether: &str) -> Sent<U256> {
        let call = self.redeem_call(who, asset, ether);
        self.world.done(who, self.world.at.vault, &call)
    }

    /// An instant exit without limits.
    pub fn redeem_call(&self, who: Address, asset: usize, ether: &str) -> IVault::redeemCall {
        IVault::redeemCall {
            asset: self.token(asset),
            shares: wei(ether),
            receiver: who,
            minAmount: U256::ZERO,
            deadline: U256::MAX,
        }
    }

    /// A stranger syncs; whether nothing is left to do.
    pub fn sync(&self) -> Sent<bool> {
        self.world
            .done(STRANGER, self.world.at.vault, &IVault::syncCall {})
    }

    /// The service files for this part of what the operator has, for an offence of now; the request.
    pub fn file(&self, part: &str) -> Sent<u64> {
        let call = IHub::fileCall {
            vault: self.world.at.vault,
            service: SERVICE,
            operator: OPERATOR,
            wad: wei(part).to(),
            offenceEpoch: self.clock.epoch_at(self.world.stage.now_s()),
            evidence: B256::repeat_byte(7),
        };
        self.world.done(SLASHER, self.world.at.hub, &call)
    }

    /// The resolver vetoes.
    pub fn veto(&self, id: u64) -> Sent<IHub::vetoReturn> {
        self.world
            .done(RESOLVER, self.world.at.hub, &IHub::vetoCall { id })
    }

    /// The window passes and a stranger arms.
    pub fn arm(&self, id: u64) -> Sent<IHub::armReturn> {
        self.world.stage.advance(VETO_WINDOW_S);
        self.world
            .done(STRANGER, self.world.at.hub, &IHub::armCall { id })
    }

    /// Half a day passes and a stranger executes.
    pub fn execute(&self, id: u64) -> Sent<IHub::executeReturn> {
        self.world.stage.advance(EXECUTE_DELAY_S);
        self.world
            .done(STRANGER, self.world.at.hub, &IHub::executeCall { id })
    }

    /// What is due to the service goes to it.
    pub fn pull(&self, asset: usize) -> Sent<U256> {
        let call = IVault::pullCall {
            asset: self.token(asset),
            sink: SINK,
        };
        self.world.done(SINK, self.world.at.vault, &call)
    }

    /// The vault in one answer.
    pub fn state(&self) -> IVault::State {
        self.world.ask(self.world.at.vault, &IVault::stateCall {})
    }

    /// The vault's words, to be changed behind its back.
    pub fn words(&self) -> Words<'_> {
        Words {
            stage: &self.world.stage,
            vault: self.world.at.vault,
        }
    }

    /// Who has anything has exactly this: lines of an actor, its shares, its WETH, its LST, in ether.
    ///
    /// # Panics
    /// Somebody has anything else, or the vault has less than its ledger says.
    #[track_caller]
    pub fn stands(&self, expected: &str) {
        let expected: Vec<Vec<_>> = expected
            .lines()
            .map(|line| line.split_whitespace().map(str::to_owned).collect())
            .filter(|words: &Vec<_>| !words.is_empty())
            .collect();
        assert_eq!(self.table(), expected, "actor, shares, WETH, LST");
        self.is_solvent();
    }

    fn table(&self) -> Vec<Vec<String>> {
        let at = self.world.at;
        let actors = [
            ("alice", ALICE),
            ("bob", BOB),
            ("carol", CAROL),
            ("operator", OPERATOR),
            ("service", SINK),
            ("stranger", STRANGER),
            ("exits", at.exits),
            ("vault", at.vault),
            ("locked", DEAD),
        ];
        let tokens = [at.lrt, self.token(WETH), self.token(LST)];
        let rows = actors.map(|(name, actor)| {
            let balances = tokens.map(|token| ether(self.world.balance(token, actor)));
            (name, balances)
        });
        rows.into_iter()
            .filter(|(_, balances)| balances.iter().any(|balance| balance != "0"))
            .map(|(name, balances)| [vec![name.to_owned()], balances.to_vec()].concat())
            .collect()
    }

    /// The vault has what its ledger says.
    ///
    /// # Panics
    /// It has less.
    #[track_caller]
    pub fn is_solvent(&self) {
        let vault = self.world.at.vault;
        for asset in &self.world.assets {
            let token = asset.token;
            let ledger = self.world.ask(vault, &IVault::assetCall { token }).ledger;
            let parts = [
                ledger.idle,
                ledger.staked,
                ledger.unbondingEven,
                ledger.unbondingOdd,
                ledger.held,
                ledger.owed,
                ledger.due,
                ledger.unvested,
            ];
            let sum = parts.into_iter().fold(U256::ZERO, |sum, part| sum + part);
            assert!(self.world.balance(token, vault) >= sum, "solvency");
        }
    }
}

/// Wei of so much ether.
///
/// # Panics
/// It is no number.
pub fn wei(ether: &str) -> U256 {
    parse_ether(ether).expect(ether)
}

/// Ether of so many wei, without zeros at the end.
pub fn ether(wei: U256) -> String {
    let text = format_ether(wei);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.to_owned()
}

/// A vault's words on the chain, in the types of the rules.
#[derive(Debug)]
pub struct Words<'a> {
    stage: &'a Stage,
    vault: Address,
}

impl VaultStore for Words<'_> {
    fn load(&self, key: VaultKey) -> U256 {
        self.stage.slot(self.vault, key.slot())
    }

    fn save(&mut self, key: VaultKey, word: U256) {
        self.stage.set_slot(self.vault, key.slot(), word);
    }

    fn closed(&mut self, _: &Closed) {}

    fn settled(&mut self, _: &Settled) {}
}
