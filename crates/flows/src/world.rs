//! The protocol on a chain of its own, and the world around it.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use weir_abi::{
    IAllocator, ICover, IErc20, IExits, IFeed, IGovernor, ILrt, IRates, IRewards, IVault, IWeth,
};
use weir_protocol::{
    model::{AssetConfig, Config, SourceConfig, TREASURY, account},
    rates::Guard,
    vault::{Curve, FeeSplit},
};

use crate::{
    evm::{self, Manner, Source},
    refusal::Refusal,
    stage::{DEPLOYER, Sent, Stage},
};

/// Where the contracts of the protocol are.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Contracts {
    pub lrt: Address,
    pub vault: Address,
    pub exits: Address,
    pub allocator: Address,
    pub hub: Address,
    pub rates: Address,
    pub control: Address,
    pub views: Address,
    pub instant: Address,
    pub slash: Address,
    pub cover: Address,
    pub rewards: Address,
    pub feed: Address,
    pub feed_floor: Address,
}

impl Contracts {
    /// Every one of them.
    pub fn all(&self) -> [Address; 14] {
        [
            self.lrt,
            self.vault,
            self.exits,
            self.allocator,
            self.hub,
            self.rates,
            self.control,
            self.views,
            self.instant,
            self.slash,
            self.cover,
            self.rewards,
            self.feed,
            self.feed_floor,
        ]
    }
}

/// An asset of the vault and what answers its price.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// The token: a face in front of wrapped ether.
    pub token: Address,
    /// Answers its rate; none for an asset that is worth one ETH.
    pub source: Option<Address>,
    /// Answers its market price; none where there is no source.
    pub guard: Option<Address>,
    /// Answers for its second source; none where there is none.
    pub second: Option<Address>,
}

/// Everything on one chain.
#[derive(Debug)]
pub struct World {
    /// The chain.
    pub stage: Stage,
    /// The protocol.
    pub at: Contracts,
    /// The vault's assets in its order.
    pub assets: Vec<Asset>,
    /// Sets parameters.
    pub governor: Address,
    /// Pauses.
    pub guardian: Address,
    /// Allocates.
    pub curator: Address,
    /// The code behind every token's face.
    weth: Address,
}

/// A price that no rate is over: the market guard never speaks.
const NO_PRICE: U256 = U256::MAX;

impl World {
    /// Deploys and wires the protocol with these parameters, through the same transactions as anywhere. The deployer's rights
    /// end with it.
    ///
    /// # Panics
    /// A step of the deployment is refused.
    pub fn new(config: &Config) -> Self {
        let mut world = Self::unwired(config);
        world.wire(config);
        world
    }

    /// The same with a governor contract in every role, whose own roles are held by the accounts that the parameters name; the
    /// contract. What the parameters set is set in its name.
    pub fn governed(config: &Config) -> (Self, Address) {
        let mut world = Self::unwired(config);
        let governor = world
            .stage
            .deploy(weir_artifacts::by_name("governor").expect("it is built"));
        (world.governor, world.guardian, world.curator) = (governor, governor, governor);
        world.wire(config);
        let init = IGovernor::initCall {
            vault: world.at.vault,
            governor: config.governor,
            curator: config.curator,
            guardian: config.guardian,
        };
        world.done(DEPLOYER, governor, &init);
        (world, governor)
    }

    /// Deploys the contracts and wires none.
    pub fn unwired(config: &Config) -> Self {
        let stage = Stage::start(config.clock.genesis_s);
        let deploy = |name| stage.deploy(weir_artifacts::by_name(name).expect(name));
        let at = Contracts {
            lrt: deploy("lrt"),
            vault: deploy("vault"),
            exits: deploy("exits"),
            allocator: deploy("allocator"),
            hub: deploy("hub"),
            rates: deploy("rates"),
            control: deploy("vault-control"),
            views: deploy("vault-views"),
            instant: deploy("vault-instant"),
            slash: deploy("vault-slash"),
            cover: deploy("cover"),
            rewards: deploy("rewards"),
            feed: deploy("feed"),
            feed_floor: deploy("feed"),
        };
        let weth = deploy("weth");
        Self {
            stage,
            at,
            assets: Vec::new(),
            governor: config.governor,
            guardian: config.guardian,
            curator: config.curator,
            weth,
        }
    }

    fn wire(&mut self, config: &Config) {
        let at = self.at;
        self.done(
            DEPLOYER,
            at.lrt,
            &ILrt::initCall {
                vault: at.vault,
                name: "Weir".into(),
                symbol: "wrETH".into(),
            },
        );
        self.done(
            DEPLOYER,
            at.vault,
            &IVault::initCall {
                wiring: self.wiring(config),
            },
        );
        self.done(
            DEPLOYER,
            at.cover,
            &ICover::initCall {
                vault: at.vault,
                stakeBps: config.stake_bps.into(),
                bondBps: config.bond_bps.into(),
            },
        );
        self.done(
            DEPLOYER,
            at.rewards,
            &IRewards::initCall {
                vault: at.vault,
                governor: self.governor,
            },
        );
        self.done(DEPLOYER, at.exits, &exits_init(at.vault));
        self.done(
            DEPLOYER,
            at.allocator,
            &IAllocator::initCall {
                vault: at.vault,
                hub: at.hub,
                curator: self.curator,
                increaseDelayS: config.increase_delay_s,
            },
        );
        self.done(
            DEPLOYER,
            at.rates,
            &IRates::initCall {
                vault: at.vault,
                governor: self.governor,
            },
        );
        self.done(
            self.governor,
            at.vault,
            &IVault::setFeeCurveCall {
                curve: fee_curve(&config.curve),
            },
        );
        self.done(
            self.governor,
            at.vault,
            &IVault::setFeeSplitCall {
                split: self.fee_split(FeeSplit::default()),
            },
        );
        let target_bps = U256::from(config.idle_target_bps);
        self.done(
            self.governor,
            at.vault,
            &IVault::setIdleTargetCall {
                targetBps: target_bps,
            },
        );
        for (feed, is_floor) in [(at.feed, false), (at.feed_floor, true)] {
            let init = IFeed::initCall {
                vault: at.vault,
                isFloor: is_floor,
                description: "wrETH / ETH".into(),
            };
            self.done(DEPLOYER, feed, &init);
        }
        for asset in &config.assets {
            self.list(asset);
        }
    }

    /// What `init` tells the vault.
    pub fn wiring(&self, config: &Config) -> IVault::Init {
        let at = self.at;
        IVault::Init {
            lrt: at.lrt,
            exits: at.exits,
            hub: at.hub,
            allocator: at.allocator,
            rates: at.rates,
            control: at.control,
            views: at.views,
            instant: at.instant,
            slash: at.slash,
            cover: at.cover,
            governor: self.governor,
            guardian: self.guardian,
            genesis: config.clock.genesis_s,
            epochLength: config.clock.epoch_s,
            slashGrace: config.clock.grace_s,
            feeBps: U256::from(config.fee_bps),
        }
    }

    /// Makes a token and lists it, in the vault and then in the rates.
    fn list(&mut self, asset: &AssetConfig) {
        let token = self
            .stage
            .place(evm::token(self.weth, [0; 4], &Manner::Honest));
        let listing = IVault::listAssetCall {
            token,
            cap: U256::from(asset.cap),
            depositFeeBps: U256::from(asset.deposit_fee_bps),
        };
        self.done(self.governor, self.at.vault, &listing);
        let (source, guard) = match &asset.source {
            Some(source) => (
                Some(self.answerer(U256::from(source.rate_wad))),
                Some(self.answerer(price(source.guard))),
            ),
            None => (None, None),
        };
        let source_words = source_of(
            asset.source.as_ref(),
            source.unwrap_or_default(),
            guard.unwrap_or_default(),
        );
        self.done(
            self.governor,
            self.at.rates,
            &IRates::listSourceCall {
                asset: token,
                source: source_words,
            },
        );
        let second = asset.source.and_then(|source| source.second);
        let second = second.map(|second| {
            let target = self.answerer(U256::from(second.rate_wad));
            let call = IRates::setSecondCall {
                asset: token,
                target,
                selector: [3; 4].into(),
                marginWad: second.margin_wad,
            };
            self.done(self.governor, self.at.rates, &call);
            target
        });
        self.assets.push(Asset {
            token,
            source,
            guard,
            second,
        });
    }

    /// The code behind every token's face.
    pub const fn weth(&self) -> Address {
        self.weth
    }

    /// Every program on the chain.
    pub fn programs(&self) -> impl Iterator<Item = Address> {
        self.at.all().into_iter().chain([self.weth])
    }

    fn answerer(&self, answer: U256) -> Address {
        let address = self.stage.place(evm::source(&Source::Answers));
        self.stage.set_slot(address, evm::ANSWER_SLOT, answer);
        address
    }

    /// The source of an asset answers this from now on; without an answer it reverts.
    pub fn set_answer(&self, asset: usize, answer: Option<U256>) {
        if let Some(source) = self.assets.get(asset).and_then(|asset| asset.source) {
            self.answer(source, answer);
        }
    }

    /// The second source of an asset answers this from now on; without an answer it reverts.
    pub fn set_second(&self, asset: usize, answer: Option<U256>) {
        if let Some(second) = self.assets.get(asset).and_then(|asset| asset.second) {
            self.answer(second, answer);
        }
    }

    /// The market guard of an asset answers this from now on.
    pub fn set_market(&self, asset: usize, guard: Guard) {
        if let Some(address) = self.assets.get(asset).and_then(|asset| asset.guard) {
            let answer = (guard != Guard::Silent).then(|| price(guard));
            self.answer(address, answer);
        }
    }

    fn answer(&self, of: Address, answer: Option<U256>) {
        let Some(answer) = answer else {
            return self.stage.set_code(of, evm::source(&Source::Reverts));
        };
        self.stage.set_code(of, evm::source(&Source::Answers));
        self.stage.set_slot(of, evm::ANSWER_SLOT, answer);
    }

    /// Gives an asset a manner when one of its functions is called.
    pub fn set_manner<C: SolCall>(&self, asset: usize, manner: &Manner) {
        let code = evm::token(self.weth, C::SELECTOR, manner);
        self.stage.set_code(self.assets[asset].token, code);
    }

    /// Gives `holder` tokens of an asset, by wrapping ether out of nowhere, and lets vault and rewards take what it has.
    pub fn give(&self, asset: usize, holder: Address, amount: u128) {
        let token = self.assets[asset].token;
        let amount = U256::from(amount);
        self.stage.fund(holder, amount);
        self.stage
            .pay(holder, token, amount, &IWeth::depositCall {})
            .expect("a deposit of ether");
        for spender in [self.at.vault, self.at.rewards] {
            let approval = IErc20::approveCall {
                spender,
                value: U256::MAX,
            };
            self.done(holder, token, &approval);
        }
    }

    /// The split in the interface's words, with the model's receivers.
    pub(crate) fn fee_split(&self, split: FeeSplit) -> IVault::FeeSplit {
        IVault::FeeSplit {
            treasury: TREASURY,
            cover: self.at.cover,
            coverBps: U256::from(split.cover_bps),
            operators: self.at.rewards,
            operatorsBps: U256::from(split.operators_bps),
        }
    }

    /// `holder` lets bonds and cover take the shares that it brings.
    pub fn let_cover_take(&self, holder: Address) {
        let approval = IErc20::approveCall {
            spender: self.at.cover,
            value: U256::MAX,
        };
        self.done(holder, self.at.lrt, &approval);
    }

    /// Sends a call that must work.
    ///
    /// # Panics
    /// It is refused.
    pub fn done<C: SolCall>(&self, from: Address, to: Address, call: &C) -> Sent<C::Return> {
        self.stage
            .send(from, to, call)
            .unwrap_or_else(|refusal| panic!("{} refused: {refusal:?}", C::SIGNATURE))
    }

    /// Sends a call that must be refused, and answers why.
    ///
    /// # Panics
    /// It works.
    pub fn refused<C: SolCall>(&self, from: Address, to: Address, call: &C) -> Refusal {
        match self.stage.send(from, to, call) {
            Ok(_) => panic!("{} was not refused", C::SIGNATURE),
            Err(refusal) => refusal,
        }
    }

    /// Asks a view that must answer.
    ///
    /// # Panics
    /// It is refused.
    pub fn ask<C: SolCall>(&self, to: Address, call: &C) -> C::Return {
        self.stage.view(to, call)
    }

    /// A balance of shares or of a token.
    pub fn balance(&self, token: Address, account: Address) -> U256 {
        self.ask(token, &IErc20::balanceOfCall { account })
    }
}

/// What wires the exits of a vault.
///
/// # Panics
/// The entry is not built.
pub fn exits_init(vault: Address) -> IExits::initCall {
    let entry = weir_artifacts::by_name("entry").expect("it is built");
    IExits::initCall {
        vault,
        entryCode: entry.codehash(),
    }
}

/// The curve in the interface's words.
pub(crate) fn fee_curve(curve: &Curve) -> IVault::FeeCurve {
    IVault::FeeCurve {
        baseBps: U256::from(curve.base_bps),
        kinkBps: U256::from(curve.kink_bps),
        limitBps: U256::from(curve.limit_bps),
        kinkValue: U256::from(curve.kink_value),
        limitValue: U256::from(curve.limit_value),
        windowS: U256::from(curve.window_s),
    }
}

fn source_of(config: Option<&SourceConfig>, target: Address, guard: Address) -> IRates::Source {
    let Some(config) = config else {
        return IRates::Source {
            target: Address::ZERO,
            selector: [0; 4].into(),
            maxDropWad: 0,
            maxGrowthPerDayWad: 0,
            guard: Address::ZERO,
            guardSelector: [0; 4].into(),
            guardMarginWad: 0,
        };
    };
    IRates::Source {
        target,
        selector: [1; 4].into(),
        maxDropWad: config.bounds.max_drop_wad,
        maxGrowthPerDayWad: config.bounds.max_growth_per_day_wad,
        guard,
        guardSelector: [2; 4].into(),
        guardMarginWad: config.margin_wad,
    }
}

/// What a guard answers to say this.
fn price(guard: Guard) -> U256 {
    match guard {
        Guard::Price(price) => price,
        Guard::Absent | Guard::Silent => NO_PRICE,
    }
}

/// Actors of the flows.
pub mod actors {
    use super::{Address, account};

    /// Deposits first.
    pub const ALICE: Address = account(10);
    /// Deposits later.
    pub const BOB: Address = account(11);
    /// Comes late.
    pub const CAROL: Address = account(12);
    /// Runs a service's work.
    pub const OPERATOR: Address = account(60);
    /// Slashes for the service.
    pub const SLASHER: Address = account(30);
    /// Vetoes for the service.
    pub const RESOLVER: Address = account(40);
    /// Takes what the service slashed.
    pub const SINK: Address = account(50);
    /// Has no role.
    pub const STRANGER: Address = account(99);
}
