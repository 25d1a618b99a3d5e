//! Actors, and tokens ready to use.

use alloy_primitives::{Address, U256, address};
use weir_abi::{
    IErc20::{allowanceCall, balanceOfCall, totalSupplyCall},
    ILrt, ILst, IReth, ISteth, IWeth, IWsteth,
};
use weir_artifacts::{LRT, RETH, STETH, WETH, WSTETH};
use weir_flows::{DEPLOYER, Sent, Stage};

pub const ALICE: Address = address!("00000000000000000000000000000000000a11ce");
pub const BOB: Address = address!("0000000000000000000000000000000000000b0b");
pub const CAROL: Address = address!("00000000000000000000000000000000000ca601");
/// Moves the rates of the liquid staking tokens.
pub const OWNER: Address = address!("00000000000000000000000000000000000084e5");
/// Mints and burns the LRT.
pub const VAULT: Address = address!("000000000000000000000000000000000000a017");

pub const EVERYBODY: [Address; 5] = [ALICE, BOB, CAROL, OWNER, VAULT];

pub const NAME: &str = "Weir Restaked Ether";
pub const SYMBOL: &str = "wrETH";

/// So many thousandths of an ether, in wei.
pub fn milli(thousandths: u64) -> U256 {
    U256::from(u128::from(thousandths) * 1_000_000_000_000_000)
}

/// A chain on which everybody has 1,000 ether.
pub fn stage() -> Stage {
    let stage = Stage::new();
    for account in EVERYBODY {
        stage.fund(account, milli(1_000_000));
    }
    stage
}

pub fn lrt(stage: &Stage) -> Address {
    let lrt = stage.deploy(&LRT);
    let init = ILrt::initCall {
        vault: VAULT,
        name: NAME.into(),
        symbol: SYMBOL.into(),
    };
    stage.send(DEPLOYER, lrt, &init).unwrap();
    lrt
}

pub fn mint(stage: &Stage, lrt: Address, to: Address, value: U256) -> Sent<ILrt::mintReturn> {
    stage
        .send(VAULT, lrt, &ILrt::mintCall { to, value })
        .unwrap()
}

pub fn weth(stage: &Stage) -> Address {
    stage.deploy(&WETH)
}

pub fn steth(stage: &Stage) -> Address {
    owned(stage, stage.deploy(&STETH))
}

pub fn reth(stage: &Stage) -> Address {
    owned(stage, stage.deploy(&RETH))
}

fn owned(stage: &Stage, token: Address) -> Address {
    stage
        .send(DEPLOYER, token, &ILst::initCall { owner: OWNER })
        .unwrap();
    token
}

/// The wrapper, and what it wraps.
pub fn wsteth(stage: &Stage) -> (Address, Address) {
    let steth = steth(stage);
    let wsteth = stage.deploy(&WSTETH);
    stage
        .send(DEPLOYER, wsteth, &IWsteth::initCall { steth })
        .unwrap();
    (wsteth, steth)
}

/// Gives `holder` tokens for this much ether, by each token's own way in.
pub fn acquire(stage: &Stage, token: Kind, at: Address, holder: Address, ether: U256) {
    match token {
        Kind::Lrt => drop(mint(stage, at, holder, ether)),
        Kind::Weth => drop(
            stage
                .pay(holder, at, ether, &IWeth::depositCall {})
                .unwrap(),
        ),
        Kind::Reth => drop(
            stage
                .pay(holder, at, ether, &IReth::depositCall {})
                .unwrap(),
        ),
        Kind::Steth => {
            let submit = ISteth::submitCall {
                referral: Address::ZERO,
            };
            stage.pay(holder, at, ether, &submit).unwrap();
        }
        Kind::Wsteth => drop(stage.send_bytes(holder, at, ether, []).unwrap()),
    }
}

/// The tokens that keep the rules of an ERC-20.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Lrt,
    Weth,
    Reth,
    Steth,
    Wsteth,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Lrt, Self::Weth, Self::Reth, Self::Steth, Self::Wsteth];

    pub fn deploy(self, stage: &Stage) -> Address {
        match self {
            Self::Lrt => lrt(stage),
            Self::Weth => weth(stage),
            Self::Reth => reth(stage),
            Self::Steth => steth(stage),
            Self::Wsteth => wsteth(stage).0,
        }
    }
}

pub fn balance(stage: &Stage, token: Address, account: Address) -> U256 {
    stage.view(token, &balanceOfCall { account })
}

pub fn allowance(stage: &Stage, token: Address, owner: Address, spender: Address) -> U256 {
    stage.view(token, &allowanceCall { owner, spender })
}

pub fn supply(stage: &Stage, token: Address) -> U256 {
    stage.view(token, &totalSupplyCall {})
}

pub fn ether(stage: &Stage, account: Address) -> U256 {
    stage.chain().balance(account).wait().unwrap()
}
