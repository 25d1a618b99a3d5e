//! A vault of one asset and OpenZeppelin's ERC-4626 over the same token, side by side.
//!
//! OpenZeppelin reckons with one share and one wei more than there are, ours with a thousandth of a share that nobody can redeem; so
//! with assets and supply alike the two answer alike, to the wei both round in.

use alloy_primitives::{Address, U256};
use alloy_sol_types::sol;
use weir_abi::{IErc20, IVault};
use weir_flows::{
    actors::{ALICE, BOB, CAROL, SINK},
    scene::{Scene, WETH, wei},
};
use weir_protocol::{
    model::{Config, DEAD, Random},
    units::{LOCKED_SHARES, WAD},
    vault::Curve,
};

use crate::artifacts::compiled;

sol! {
    /// ERC-4626.
    interface IErc4626 {
        function asset() external view returns (address);
        function totalAssets() external view returns (uint256);
        function convertToShares(uint256 assets) external view returns (uint256);
        function convertToAssets(uint256 shares) external view returns (uint256);
        function previewDeposit(uint256 assets) external view returns (uint256);
        function previewRedeem(uint256 shares) external view returns (uint256);
        function deposit(uint256 assets, address receiver) external returns (uint256);
        function redeem(uint256 shares, address receiver, address owner) external returns (uint256);
    }
}

/// Ours, and theirs over the same asset.
struct Pair {
    scene: Scene,
    theirs: Address,
}

impl Pair {
    /// All stake is idle or not, and leaving at once costs nothing.
    fn new() -> Self {
        let mut config = Config::default();
        config.assets.truncate(1);
        config.idle_target_bps = 5_000;
        config.curve = Curve {
            base_bps: 0,
            kink_bps: 0,
            limit_bps: 0,
            kink_value: 0,
            limit_value: 1_000_000 * WAD,
            window_s: 1,
        };
        let scene = Scene::with(&config);
        let theirs = compiled(&scene.world.stage, "Vault", &(scene.token(WETH),));
        let pair = Self { scene, theirs };
        for who in [ALICE, BOB, CAROL] {
            pair.scene.give(WETH, who, "4000");
            let approve = IErc20::approveCall {
                spender: theirs,
                value: U256::MAX,
            };
            pair.scene.world.done(who, pair.scene.token(WETH), &approve);
        }
        assert_eq!(pair.theirs(&IErc4626::assetCall {}), pair.scene.token(WETH));
        pair
    }

    fn theirs<C: alloy_sol_types::SolCall>(&self, call: &C) -> C::Return {
        self.scene.world.ask(self.theirs, call)
    }

    fn ours<C: alloy_sol_types::SolCall>(&self, call: &C) -> C::Return {
        self.scene.world.ask(self.scene.world.at.vault, call)
    }

    /// Deposits into both; the shares of both.
    fn deposit(&self, who: Address, assets: U256) -> [U256; 2] {
        let world = &self.scene.world;
        let call = IVault::depositCall {
            asset: self.scene.token(WETH),
            amount: assets,
            receiver: who,
            minShares: U256::ZERO,
            minFloorRate: U256::ZERO,
            deadline: U256::MAX,
        };
        let ours = world.done(who, world.at.vault, &call).value;
        let call = IErc4626::depositCall {
            assets,
            receiver: who,
        };
        [ours, world.done(who, self.theirs, &call).value]
    }

    /// Redeems from both; the assets of both.
    fn redeem(&self, who: Address, shares: U256) -> [U256; 2] {
        let world = &self.scene.world;
        let call = IVault::redeemCall {
            asset: self.scene.token(WETH),
            shares,
            receiver: who,
            minAmount: U256::ZERO,
            deadline: U256::MAX,
        };
        let ours = world.done(who, world.at.vault, &call).value;
        let call = IErc4626::redeemCall {
            shares,
            receiver: who,
            owner: who,
        };
        [ours, world.done(who, self.theirs, &call).value]
    }

    /// All that ours has for its shares.
    fn total(&self) -> U256 {
        let token = self.scene.token(WETH);
        let ledger = self.ours(&IVault::assetCall { token }).ledger;
        [
            ledger.idle,
            ledger.staked,
            ledger.unbondingEven,
            ledger.unbondingOdd,
        ]
        .into_iter()
        .fold(U256::ZERO, |sum, part| sum + part)
    }

    /// Supply and assets of both are the same.
    fn level(&self) {
        let supply = |of| self.scene.world.ask(of, &IErc20::totalSupplyCall {});
        assert_eq!(supply(self.scene.world.at.lrt), supply(self.theirs));
        assert_eq!(self.total(), self.theirs(&IErc4626::totalAssetsCall {}));
    }

    /// Every preview of both, for this many assets or shares.
    fn views(&self, amount: U256) {
        let token = self.scene.token(WETH);
        let call = IVault::previewDepositCall {
            asset: token,
            amount,
        };
        let supply = self
            .scene
            .world
            .ask(self.theirs, &IErc20::totalSupplyCall {});
        let total = self.total();
        let ours = self.ours(&call);
        close(
            ours,
            self.theirs(&IErc4626::previewDepositCall { assets: amount }),
        );
        close(
            ours,
            self.theirs(&IErc4626::convertToSharesCall { assets: amount }),
        );
        assert!(ours * total <= amount * supply, "never more than the part");
        let call = IVault::previewRedeemCall {
            asset: token,
            shares: amount,
        };
        let IVault::previewRedeemReturn { amount: ours, fee } = self.ours(&call);
        assert_eq!(fee, U256::ZERO);
        close(
            ours,
            self.theirs(&IErc4626::previewRedeemCall { shares: amount }),
        );
        close(
            ours,
            self.theirs(&IErc4626::convertToAssetsCall { shares: amount }),
        );
        assert!(ours * supply <= amount * total, "never more than the part");
        let one = U256::from(WAD);
        close(
            self.ours(&IVault::rateCall {}),
            self.theirs(&IErc4626::convertToAssetsCall { shares: one }),
        );
    }
}

/// The same, but for the wei that both round in.
fn close(ours: U256, theirs: U256) {
    assert!(ours.abs_diff(theirs) <= U256::ONE, "{ours} and {theirs}");
}

#[test]
#[ignore = "needs what `bash .ci/fetch-peers` fetches"]
fn a_vault_of_one_asset_answers_as_openzeppelins_does() {
    let pair = Pair::new();
    let locked = U256::from(LOCKED_SHARES);
    let [ours, theirs] = pair.deposit(ALICE, wei("100"));
    assert_eq!(ours + locked, theirs);
    // Who deposits first there locks as much by hand.
    let lock = IErc20::transferCall {
        to: DEAD,
        value: locked,
    };
    pair.scene.world.done(ALICE, pair.theirs, &lock);
    pair.level();

    let mut random = Random::new(4);
    for _ in 0..25 {
        let who = random.pick(ALICE, &[BOB, CAROL]);
        let assets = U256::from(1 + random.up_to(WAD * 5));
        pair.views(assets);
        let [ours, theirs] = pair.deposit(who, assets);
        assert_eq!(ours, theirs, "shares for {assets}");
        let shares = U256::from(1 + random.up_to((ours / U256::from(2)).to()));
        pair.views(shares);
        let [ours, theirs] = pair.redeem(who, shares);
        assert_eq!(ours, theirs, "assets for {shares}");
        pair.level();
    }
}

#[test]
#[ignore = "needs what `bash .ci/fetch-peers` fetches"]
fn after_a_slash_a_vault_of_one_asset_answers_as_openzeppelins_does() {
    let pair = Pair::new();
    pair.deposit(ALICE, wei("100"));
    let lock = IErc20::transferCall {
        to: DEAD,
        value: U256::from(LOCKED_SHARES),
    };
    pair.scene.world.done(ALICE, pair.theirs, &lock);
    let mut random = Random::new(9);
    for part in ["0.3", "0.111111111111111111", "0.07"] {
        let before = pair.total();
        let id = pair.scene.file(part).value;
        pair.scene.arm(id);
        pair.scene.execute(id);
        let loss = before - pair.total();
        assert!(loss > U256::ZERO);
        // Theirs loses as much.
        let world = &pair.scene.world;
        let call = IErc20::transferCall {
            to: SINK,
            value: loss,
        };
        world.done(pair.theirs, pair.scene.token(WETH), &call);
        assert_eq!(pair.total(), pair.theirs(&IErc4626::totalAssetsCall {}));
        for _ in 0..20 {
            // No more than is idle, which is what leaves at once.
            pair.views(U256::from(1 + random.up_to(WAD * 40)));
        }
        let supply = |of| pair.scene.world.ask(of, &IErc20::totalSupplyCall {});
        assert_eq!(supply(world.at.lrt), supply(pair.theirs));
    }
}
