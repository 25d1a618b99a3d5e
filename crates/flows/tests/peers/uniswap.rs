//! A Uniswap v3 pool that trades shares of a real vault, through the periphery that everybody uses: every balance is what the
//! whitepaper's equations give, to the wei.

use alloy_primitives::{
    Address, U256, U512, Uint,
    aliases::{I24, U24, U160},
};
use alloy_sol_types::sol;
use weir_abi::IErc20;
use weir_flows::{
    actors::{ALICE, BOB},
    scene::{Scene, WETH, wei},
};

use crate::artifacts::packaged;

sol! {
    interface INonfungiblePositionManager {
        struct MintParams {
            address token0;
            address token1;
            uint24 fee;
            int24 tickLower;
            int24 tickUpper;
            uint256 amount0Desired;
            uint256 amount1Desired;
            uint256 amount0Min;
            uint256 amount1Min;
            address recipient;
            uint256 deadline;
        }
        struct DecreaseLiquidityParams {
            uint256 tokenId;
            uint128 liquidity;
            uint256 amount0Min;
            uint256 amount1Min;
            uint256 deadline;
        }
        struct CollectParams {
            uint256 tokenId;
            address recipient;
            uint128 amount0Max;
            uint128 amount1Max;
        }
        function createAndInitializePoolIfNecessary(address token0, address token1, uint24 fee, uint160 sqrtPriceX96) external payable returns (address pool);
        function mint(MintParams calldata params) external payable returns (uint256 tokenId, uint128 liquidity, uint256 amount0, uint256 amount1);
        function decreaseLiquidity(DecreaseLiquidityParams calldata params) external payable returns (uint256 amount0, uint256 amount1);
        function collect(CollectParams calldata params) external payable returns (uint256 amount0, uint256 amount1);
    }
    interface ISwapRouter {
        struct ExactInputSingleParams {
            address tokenIn;
            address tokenOut;
            uint24 fee;
            address recipient;
            uint256 deadline;
            uint256 amountIn;
            uint256 amountOutMinimum;
            uint160 sqrtPriceLimitX96;
        }
        function exactInputSingle(ExactInputSingleParams calldata params) external payable returns (uint256 amountOut);
    }
    interface IUniswapV3Pool {
        function slot0() external view returns (uint160 sqrtPriceX96, int24 tick, uint16 observationIndex, uint16 observationCardinality, uint16 observationCardinalityNext, uint8 feeProtocol, bool unlocked);
        function liquidity() external view returns (uint128);
        function token0() external view returns (address);
    }
}

/// 0.05 %, in parts of a million.
const FEE: u32 = 500;
/// The widest range of that fee's ticks.
const LAST_TICK: i32 = 887_270;
const CORE: &str = "@uniswap/v3-core";
const PERIPHERY: &str = "@uniswap/v3-periphery";

/// A pool of two tokens with all liquidity in one position over all prices.
pub struct Market {
    pub scene: Scene,
    pub pool: Address,
    positions: Address,
    router: Address,
    /// In the pool's order.
    pub tokens: [Address; 2],
}

fn narrow(wide: U512) -> U256 {
    U256::from(wide)
}

impl Market {
    /// Of shares and WETH, which Alice and Bob have; the pool begins at the vault's own rate, which is one.
    fn new() -> Self {
        let scene = Scene::new();
        for who in [ALICE, BOB] {
            scene.give(WETH, who, "2000");
            scene.deposit(who, WETH, "1000");
        }
        let tokens = [scene.world.at.lrt, scene.token(WETH)];
        Self::between(scene, tokens)
    }

    /// Of two tokens, one for one at first, which Alice and Bob let it take.
    pub fn between(scene: Scene, mut tokens: [Address; 2]) -> Self {
        let stage = &scene.world.stage;
        let weth = scene.token(WETH);
        let factory = packaged(stage, CORE, "UniswapV3Factory", &());
        let positions = packaged(
            stage,
            PERIPHERY,
            "NonfungiblePositionManager",
            &(factory, weth, Address::ZERO),
        );
        let router = packaged(stage, PERIPHERY, "SwapRouter", &(factory, weth));
        tokens.sort();
        for (who, token) in [ALICE, BOB]
            .into_iter()
            .flat_map(|who| tokens.map(|token| (who, token)))
        {
            for spender in [positions, router] {
                let value = U256::MAX;
                scene
                    .world
                    .done(who, token, &IErc20::approveCall { spender, value });
            }
        }
        let open = INonfungiblePositionManager::createAndInitializePoolIfNecessaryCall {
            token0: tokens[0],
            token1: tokens[1],
            fee: U24::from(FEE),
            sqrtPriceX96: U160::ONE << 96,
        };
        let pool = scene.world.done(ALICE, positions, &open).value;
        assert_eq!(
            scene.world.ask(pool, &IUniswapV3Pool::token0Call {}),
            tokens[0]
        );
        Self {
            scene,
            pool,
            positions,
            router,
            tokens,
        }
    }

    /// What somebody has of both tokens.
    pub fn balances(&self, who: Address) -> [U256; 2] {
        self.tokens
            .map(|token| self.scene.world.balance(token, who))
    }

    fn sqrt_price_x96(&self) -> U256 {
        let slot = self
            .scene
            .world
            .ask(self.pool, &IUniswapV3Pool::slot0Call {});
        U256::from(slot.sqrtPriceX96)
    }

    fn liquidity(&self) -> u128 {
        self.scene
            .world
            .ask(self.pool, &IUniswapV3Pool::liquidityCall {})
    }

    /// Alice puts up to so much of both in; the position and what it took.
    pub fn provide(&self, amount: U256) -> (U256, u128, [U256; 2]) {
        let params = INonfungiblePositionManager::MintParams {
            token0: self.tokens[0],
            token1: self.tokens[1],
            fee: U24::from(FEE),
            tickLower: I24::try_from(-LAST_TICK).expect("24 bits"),
            tickUpper: I24::try_from(LAST_TICK).expect("24 bits"),
            amount0Desired: amount,
            amount1Desired: amount,
            amount0Min: U256::ZERO,
            amount1Min: U256::ZERO,
            recipient: ALICE,
            deadline: U256::MAX,
        };
        let call = INonfungiblePositionManager::mintCall { params };
        let minted = self.scene.world.done(ALICE, self.positions, &call).value;
        (
            minted.tokenId,
            minted.liquidity,
            [minted.amount0, minted.amount1],
        )
    }

    /// Bob sells so much of a token; what he gets.
    fn sell(&self, token: usize, amount: U256) -> U256 {
        let params = ISwapRouter::ExactInputSingleParams {
            tokenIn: self.tokens[token],
            tokenOut: self.tokens[1 - token],
            fee: U24::from(FEE),
            recipient: BOB,
            deadline: U256::MAX,
            amountIn: amount,
            amountOutMinimum: U256::ZERO,
            sqrtPriceLimitX96: U160::ZERO,
        };
        let call = ISwapRouter::exactInputSingleCall { params };
        self.scene.world.done(BOB, self.router, &call).value
    }

    /// Bob sells so much, and nobody's balance changes but by that and by what he gets, which is answered.
    fn sells(&self, token: usize, amount: U256) -> U256 {
        let [pool, bob] = [self.pool, BOB].map(|who| self.balances(who));
        let out = self.sell(token, amount);
        let [pool_after, bob_after] = [self.pool, BOB].map(|who| self.balances(who));
        let other = 1 - token;
        assert_eq!(pool_after[token], pool[token] + amount);
        assert_eq!(pool_after[other], pool[other] - out);
        assert_eq!(bob_after[token], bob[token] - amount);
        assert_eq!(bob_after[other], bob[other] + out);
        out
    }

    /// What selling so much must give, and the price after it: the equations of the whitepaper, section 6.2.3, rounded as the
    /// pool promises, against the trader.
    pub fn expected(&self, token: usize, amount: U256) -> (U256, U256) {
        let liquidity: U512 = Uint::from(self.liquidity());
        let price: U512 = Uint::from(self.sqrt_price_x96());
        let scaled: U512 = liquidity << 96;
        let million = U512::from(1_000_000);
        let amount = U512::from(amount) * (million - U512::from(FEE)) / million;
        let (out, next) = if token == 0 {
            // sqrt P' = L · sqrt P / (L + x · sqrt P), up; y = L · (sqrt P − sqrt P'), down.
            let next = (scaled * price).div_ceil(scaled + amount * price);
            ((liquidity * (price - next)) >> 96, next)
        } else {
            // sqrt P' = sqrt P + y / L, down; x = L · (1 / sqrt P − 1 / sqrt P'), down.
            let next = price + (amount << 96) / liquidity;
            (scaled * (next - price) / next / price, next)
        };
        (narrow(out), narrow(next))
    }
}

#[test]
#[ignore = "needs what `bash .ci/fetch-peers` fetches"]
fn a_pool_trades_shares_both_ways_to_the_wei() {
    let market = Market::new();
    let before = market.balances(ALICE);
    let (position, liquidity, paid) = market.provide(wei("500"));
    assert_eq!(market.liquidity(), liquidity);
    assert_eq!(market.balances(market.pool), paid);
    let after = market.balances(ALICE);
    assert_eq!([0, 1].map(|token| before[token] - after[token]), paid);

    // The price stays between ticks 0 and 2,560, which the pool crosses in one step.
    for (token, amount) in [
        (1, wei("25.000000000000000007")),
        (1, wei("40")),
        (0, U256::from(12_345)),
        (0, wei("30.1")),
        (1, U256::ONE),
        (0, wei("20")),
    ] {
        let (out, price) = market.expected(token, amount);
        assert_eq!(
            market.sells(token, amount),
            out,
            "for {amount} of token {token}"
        );
        assert_eq!(market.sqrt_price_x96(), price);
    }
    // Far beyond, in steps of which each may cost a wei more.
    for (token, amount) in [(0, wei("400")), (1, wei("900"))] {
        let (most, _) = market.expected(token, amount);
        let out = market.sells(token, amount);
        assert!(
            out <= most && most - out <= U256::from(20),
            "{out} of {most}"
        );
    }

    // Alice takes everything out; fees are hers, and no more than the wei that each step rounds stays.
    let deadline = U256::MAX;
    let params = INonfungiblePositionManager::DecreaseLiquidityParams {
        tokenId: position,
        liquidity,
        amount0Min: U256::ZERO,
        amount1Min: U256::ZERO,
        deadline,
    };
    let world = &market.scene.world;
    world.done(
        ALICE,
        market.positions,
        &INonfungiblePositionManager::decreaseLiquidityCall { params },
    );
    let params = INonfungiblePositionManager::CollectParams {
        tokenId: position,
        recipient: ALICE,
        amount0Max: u128::MAX,
        amount1Max: u128::MAX,
    };
    let held = market.balances(market.pool);
    let had = market.balances(ALICE);
    let call = INonfungiblePositionManager::collectCall { params };
    let collected = world.done(ALICE, market.positions, &call).value;
    let collected = [collected.amount0, collected.amount1];
    for token in [0, 1] {
        assert_eq!(market.balances(ALICE)[token], had[token] + collected[token]);
        assert_eq!(
            market.balances(market.pool)[token],
            held[token] - collected[token]
        );
        let dust = market.balances(market.pool)[token];
        assert!(dust <= U256::from(100), "{dust} wei are nobody's");
    }
    // The vault saw nothing of it: the shares are the same, and somebody has each.
    let lrt = world.at.lrt;
    let holders = [ALICE, BOB, market.pool, weir_protocol::model::DEAD];
    let sum = holders
        .into_iter()
        .fold(U256::ZERO, |sum, who| sum + world.balance(lrt, who));
    assert_eq!(sum, world.ask(lrt, &IErc20::totalSupplyCall {}));
}

#[test]
#[ignore = "needs what `bash .ci/fetch-peers` fetches"]
fn shares_bought_in_a_pool_come_home_through_the_queue() {
    let market = Market::new();
    market.provide(wei("500"));
    let shares = usize::from(market.tokens[1] == market.scene.world.at.lrt);
    let bought = market.sell(1 - shares, wei("50"));
    let world = &market.scene.world;
    let request = weir_abi::IExits::requestCall {
        shares: bought,
        receiver: BOB,
    };
    let before = world.balance(market.scene.token(WETH), BOB);
    let ticket = world.done(BOB, world.at.exits, &request).value;
    market.scene.maturity(1);
    market.scene.claim(ticket);
    let paid = world.balance(market.scene.token(WETH), BOB) - before;
    // One share is one WETH here; a claim rounds down.
    assert!(
        paid <= bought && bought - paid <= U256::ONE,
        "{paid} for {bought}"
    );
}
