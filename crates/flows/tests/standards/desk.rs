//! A vault with an entry for each asset.

use alloy_primitives::{Address, U256};
use weir_abi::{
    IEntry::{self, initCall},
    IErc20::{allowanceCall, approveCall},
    IShare,
};
use weir_artifacts::ENTRY;
use weir_flows::{
    DEPLOYER, Sent,
    actors::{ALICE, BOB, CAROL},
    scene::{LST, Scene, WETH, wei},
};

/// Alice has put in 60 WETH and Bob 40 LST at 1.15: 106 shares at one ETH. Both have 10 more of each asset, and have approved both
/// entries to take everything. Epoch 1 has begun.
pub struct Desk {
    pub scene: Scene,
    /// In the vault's order.
    pub entries: [Address; 2],
}

impl Desk {
    pub fn new() -> Self {
        let scene = Scene::with_holders();
        let entries = [WETH, LST].map(|asset| deploy(&scene, asset));
        for who in [ALICE, BOB, CAROL] {
            for (asset, entry) in entries.into_iter().enumerate() {
                scene.give(asset, who, "10");
                for token in [scene.token(asset), scene.world.at.lrt] {
                    let value = U256::MAX;
                    let spender = entry;
                    scene
                        .world
                        .done(who, token, &approveCall { spender, value });
                }
            }
        }
        Self { scene, entries }
    }

    pub fn share(&self, who: Address) -> U256 {
        self.scene.world.balance(self.scene.world.at.lrt, who)
    }

    pub fn balance(&self, asset: usize, who: Address) -> U256 {
        self.scene.world.balance(self.scene.token(asset), who)
    }

    pub fn ask<C: alloy_sol_types::SolCall>(&self, asset: usize, call: &C) -> C::Return {
        self.scene.world.ask(self.entries[asset], call)
    }

    pub fn done<C: alloy_sol_types::SolCall>(
        &self,
        who: Address,
        asset: usize,
        call: &C,
    ) -> Sent<C::Return> {
        self.scene.world.done(who, self.entries[asset], call)
    }

    pub fn refused<C: alloy_sol_types::SolCall>(
        &self,
        who: Address,
        asset: usize,
        call: &C,
    ) -> weir_flows::Refusal {
        self.scene.world.refused(who, self.entries[asset], call)
    }

    /// `who` asks to leave with so many shares, in ether, through the entry of an asset; the request.
    pub fn request(&self, who: Address, asset: usize, shares: &str) -> U256 {
        let call = IEntry::requestRedeemCall {
            shares: wei(shares),
            controller: who,
            owner: who,
        };
        self.done(who, asset, &call).value
    }

    /// Pending and claimable shares of a request.
    pub fn status(&self, asset: usize, request: U256, controller: Address) -> [U256; 2] {
        let pending = IEntry::pendingRedeemRequestCall {
            requestId: request,
            controller,
        };
        let claimable = IEntry::claimableRedeemRequestCall {
            requestId: request,
            controller,
        };
        [self.ask(asset, &pending), self.ask(asset, &claimable)]
    }

    pub fn max_redeem(&self, asset: usize, controller: Address) -> U256 {
        self.ask(asset, &IEntry::maxRedeemCall { controller })
    }

    pub fn max_withdraw(&self, asset: usize, controller: Address) -> U256 {
        self.ask(asset, &IEntry::maxWithdrawCall { controller })
    }

    /// No entry has a token, or lets anybody take one.
    pub fn keeps_nothing(&self) {
        let at = self.scene.world.at;
        for entry in self.entries {
            for token in [self.scene.token(WETH), self.scene.token(LST), at.lrt] {
                assert_eq!(self.scene.world.balance(token, entry), U256::ZERO);
                for spender in [at.vault, at.exits] {
                    let call = allowanceCall {
                        owner: entry,
                        spender,
                    };
                    assert_eq!(self.scene.world.ask(token, &call), U256::ZERO);
                }
            }
        }
    }
}

/// Deploys the entry of an asset and has the share token name it.
pub fn deploy(scene: &Scene, asset: usize) -> Address {
    let (world, asset) = (&scene.world, scene.token(asset));
    let entry = world.stage.deploy(&ENTRY);
    let vault = world.at.vault;
    world.done(DEPLOYER, entry, &initCall { vault, asset });
    let name = IShare::setVaultCall { asset, entry };
    world.done(world.governor, world.at.lrt, &name);
    entry
}

pub fn redeem(shares: U256, receiver: Address, controller: Address) -> IEntry::redeemCall {
    IEntry::redeemCall {
        shares,
        receiver,
        controller,
    }
}

pub fn withdraw(assets: U256, receiver: Address, controller: Address) -> IEntry::withdrawCall {
    IEntry::withdrawCall {
        assets,
        receiver,
        controller,
    }
}
