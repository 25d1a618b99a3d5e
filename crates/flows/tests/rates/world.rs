//! A vault with two assets: ether, which is worth itself, and a token whose worth a contract answers.

use alloy_primitives::{Address, FixedBytes, U256, address};
use alloy_sol_types::{SolCall, SolValue};
use weir_abi::{
    IRates::{self, Quote},
    IVault,
};
use weir_artifacts::RATES;
use weir_flows::{
    DEPLOYER, Refusal, Sent, Stage,
    evm::{self, Source},
};

pub const GOVERNOR: Address = address!("0000000000000000000000000000000000609e12");
pub const ANYBODY: Address = address!("0000000000000000000000000000000000a11b0d");
pub const ETHER: Address = address!("00000000000000000000000000000000000e7e12");
pub const TOKEN: Address = address!("000000000000000000000000000000000070ce17");
pub const DAY_S: u64 = 86_400;

/// 1.2 ETH for one.
pub const RATE: u64 = 1_200_000_000_000_000_000;
/// What it may grow in a day: 0.1 %.
pub const DAILY: u64 = RATE / 1_000;

pub struct World {
    pub stage: Stage,
    pub rates: Address,
    pub source: Address,
}

/// A view of any contract that [`evm`] has: they look at no selector.
pub fn source_of(target: Address) -> IRates::Source {
    IRates::Source {
        target,
        selector: FixedBytes([1, 2, 3, 4]),
        maxDropWad: 50_000_000_000_000_000,
        maxGrowthPerDayWad: 1_000_000_000_000_000,
        guard: Address::ZERO,
        guardSelector: FixedBytes::ZERO,
        guardMarginWad: 0,
    }
}

pub fn no_source() -> IRates::Source {
    IRates::Source {
        selector: FixedBytes::ZERO,
        maxDropWad: 0,
        maxGrowthPerDayWad: 0,
        ..source_of(Address::ZERO)
    }
}

impl World {
    /// Deployed and wired, without assets.
    pub fn bare() -> Self {
        let stage = Stage::new();
        let vault = stage.place(evm::answering(
            &[(
                IVault::assetsCall::SELECTOR,
                vec![ETHER, TOKEN].abi_encode(),
            )],
            &[],
        ));
        let rates = stage.deploy(&RATES);
        let init = IRates::initCall {
            vault,
            governor: GOVERNOR,
        };
        stage.send(DEPLOYER, rates, &init).unwrap();
        let source = stage.place(evm::source(&Source::Answers));
        let world = Self {
            stage,
            rates,
            source,
        };
        world.answer(RATE);
        world
    }

    /// With both assets.
    pub fn new() -> Self {
        let world = Self::bare();
        world.list(ETHER, no_source()).unwrap();
        world.list(TOKEN, source_of(world.source)).unwrap();
        world
    }

    pub fn list(
        &self,
        asset: Address,
        source: IRates::Source,
    ) -> Result<Sent<IRates::listSourceReturn>, Refusal> {
        let call = IRates::listSourceCall { asset, source };
        self.stage.send(GOVERNOR, self.rates, &call)
    }

    /// The source answers this from now on.
    pub fn answer(&self, wad: u64) {
        self.set_slot_0(self.source, U256::from(wad));
    }

    pub fn set_slot_0(&self, at: Address, word: U256) {
        self.stage.set_slot(at, evm::ANSWER_SLOT, word);
    }

    /// The source is another contract from now on.
    pub fn becomes(&self, source: &Source) {
        self.stage.set_code(self.source, evm::source(source));
    }

    pub fn poke(&self) -> Sent<Vec<Quote>> {
        let call = IRates::pokeCall {};
        self.stage.send(ANYBODY, self.rates, &call).unwrap()
    }

    pub fn peek(&self) -> Vec<Quote> {
        self.stage.view(self.rates, &IRates::peekCall {})
    }

    /// The token's rate, after asking.
    pub fn poked(&self) -> Quote {
        self.poke().value.pop().unwrap()
    }
}

pub const FRESH: u8 = 0;
pub const STALE: u8 = 1;
pub const SUSPICIOUS: u8 = 2;
