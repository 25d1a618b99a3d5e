//! A vault, all doors to it, and who goes through them.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use weir_abi::{
    IEntry, IErc20,
    IErc20::transferCall,
    IExits,
    IRouter::{self, uniswapV3SwapCallbackCall},
    IShare,
    IUniswapV3Pool::swapCall,
    IZap,
};
use weir_artifacts::{ENTRY, ROUTER, ZAP};
use weir_flows::{
    DEPLOYER,
    actors::{ALICE, BOB, CAROL, SINK},
    evm::{Asm, op::*},
    scene::{LST, Scene, WETH, wei},
};
use weir_protocol::model::DEAD;

/// Who acts.
pub const ACTORS: [Address; 3] = [ALICE, BOB, CAROL];

pub struct Town {
    pub scene: Scene,
    pub entries: [Address; 2],
    pub router: Address,
    pub zap: Address,
    /// Buys any amount of anything for as much of the asset of its place.
    pub pools: [Address; 2],
    /// Buys any amount of anything for nothing.
    pub thief: Address,
    /// Undecided slash requests.
    pub slashes: Vec<u64>,
    /// Who held what when the LST was pocketed.
    pub pocket: Option<Vec<(Address, U256)>>,
}

impl Town {
    pub fn new() -> Self {
        let scene = Scene::with_holders();
        scene.give(WETH, CAROL, "30");
        scene.deposit(CAROL, WETH, "30");
        let (world, at) = (&scene.world, scene.world.at);
        let vault = at.vault;
        let entries = [WETH, LST].map(|asset| {
            let entry = world.stage.deploy(&ENTRY);
            let asset = scene.token(asset);
            world.done(DEPLOYER, entry, &IEntry::initCall { vault, asset });
            let name = IShare::setVaultCall { asset, entry };
            world.done(world.governor, at.lrt, &name);
            entry
        });
        let router = world.stage.deploy(&ROUTER);
        world.done(DEPLOYER, router, &IRouter::initCall { vault });
        let zap = world.stage.deploy(&ZAP);
        let wire = IZap::initCall {
            vault,
            weth: scene.token(WETH),
            wsteth: Address::ZERO,
        };
        world.done(DEPLOYER, zap, &wire);
        let pools = [WETH, LST].map(|asset| world.stage.place(pool(Some(scene.token(asset)))));
        let thief = world.stage.place(pool(None));
        for asset in [WETH, LST] {
            for who in ACTORS.into_iter().chain(pools) {
                scene.give(asset, who, "1000");
            }
        }
        for who in ACTORS {
            world.stage.fund(who, wei("1000"));
            for entry in entries {
                for token in [scene.token(WETH), scene.token(LST), at.lrt] {
                    let approve = IErc20::approveCall {
                        spender: entry,
                        value: U256::MAX,
                    };
                    world.done(who, token, &approve);
                }
            }
            let operate = IExits::setOperatorCall {
                operator: router,
                approved: true,
            };
            world.done(who, at.exits, &operate);
        }
        Self {
            entries,
            router,
            zap,
            pools,
            thief,
            slashes: Vec::new(),
            pocket: None,
            scene,
        }
    }

    /// Both assets and the shares.
    pub fn tokens(&self) -> [Address; 3] {
        let lrt = self.scene.world.at.lrt;
        [self.scene.token(WETH), self.scene.token(LST), lrt]
    }

    /// Everybody who may have something.
    pub fn holders(&self) -> Vec<Address> {
        let at = self.scene.world.at;
        let mut holders = ACTORS.to_vec();
        holders.extend([at.vault, at.exits, at.cover, SINK, DEAD, self.thief]);
        holders.extend(self.pools);
        holders
    }

    pub fn balance(&self, token: Address, who: Address) -> U256 {
        self.scene.world.balance(token, who)
    }
}

/// A pool that asks for all that it is sold and, if it pays at all, sends as much of a token.
fn pool(pays: Option<Address>) -> alloy_primitives::Bytes {
    /// Where `amountSpecified` is in the calldata of `swap`.
    const AMOUNT: u32 = 68;
    assert_eq!(swapCall::SIGNATURE.find("int256"), Some(18));
    let amount = |asm: Asm, at| {
        asm.number(AMOUNT)
            .ops(&[CALLDATALOAD])
            .number(at)
            .ops(&[MSTORE])
    };
    let asm = Asm::new()
        .push(&uniswapV3SwapCallbackCall::SELECTOR)
        .ops(&[PUSH0, MSTORE]);
    // Both amounts: the router pays the larger.
    let asm = amount(amount(asm, 32), 64)
        .number(96)
        .number(96)
        .ops(&[MSTORE, PUSH0])
        .number(128)
        // call(gas, caller, 0, 28, 132, 0, 0)
        .ops(&[MSTORE, PUSH0, PUSH0])
        .number(132)
        .number(28)
        .ops(&[PUSH0, CALLER, GAS, CALL, POP]);
    let asm = match pays {
        Some(token) => {
            let asm = asm
                .push(&transferCall::SELECTOR)
                .ops(&[PUSH0, MSTORE, CALLER])
                .number(32)
                .ops(&[MSTORE]);
            // call(gas, token, 0, 28, 68, 0, 0)
            amount(asm, 64)
                .ops(&[PUSH0, PUSH0])
                .number(68)
                .number(28)
                .ops(&[PUSH0])
                .address(token)
                .ops(&[GAS, CALL, POP])
        }
        None => asm,
    };
    asm.number(64).ops(&[PUSH0, RETURN]).code()
}
