//! The router: a claim, paid in one asset.

interface! {
    /// The router: claims a ticket and sells what it paid for one token, in Uniswap v3 pools that the caller names.
    ///
    /// The owner of the tickets makes it an operator of its, by `setOperator` of the exits. It acts for who owns a ticket and for the owner's
    /// other operators, and for nobody else. It takes no allowance, calls nobody but the exits, the tokens and the pools, and what it got in a call
    /// leaves it in that call. Trusts the vault; not the pools: one that pays too little is refused by `minOut`.
    interface IRouter {
        /// Wires the router to a vault, which is wired. Once, by its deployer. Emits `Initialized`.
        function init(address vault) external;
        /// What `init` was called with, and the exits and the share token of that vault.
        function wiring() external view returns (address vault, address exits, address lrt);
        /// Claims `ticketId` and sells each asset that has a pool in `pools`, in the vault's order, for `into`. The receiver gets all of `into`, and,
        /// as they are, assets without a pool (zero, or left out), what a pool did not take, and shares of bonds and cover. Refused below `minOut` of
        /// `into` or after `deadline`. The owner of the ticket or its operator. Emits `Routed`.
        function claimInto(uint256 ticketId, address into, uint256 minOut, address receiver, uint256 deadline, address[] calldata pools) external returns (uint256 amountOut);
        /// Pays a pool for the swap that the router asked it for. The pool of that swap.
        function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata data) external;

        /// The router was wired.
        event Initialized(address vault);
        /// The claim of `ticketId` was paid to `receiver`, `amountOut` of it in `into`.
        event Routed(uint256 indexed ticketId, address indexed caller, address indexed receiver, address into, uint256 amountOut);

        /// `caller` is neither the owner of the ticket nor an operator of the owner.
        error NotForCaller(uint256 ticketId, address caller);
        /// The claim and the swaps would give less than its sender accepts. Name better pools, or claim in kind.
        error BelowMinOut(uint256 minOut, uint256 amountOut);
        /// The router keeps nothing, so it cannot be the receiver.
        error BadReceiver(address receiver);
        /// `caller` is not in a swap that the router asked for, or asks for more than the router sells it.
        error NotSwapping(address caller);
    }

    /// What the router calls of a Uniswap v3 pool.
    interface IUniswapV3Pool {
        /// Swaps, and asks the caller to pay by `uniswapV3SwapCallback`. The router.
        function swap(address recipient, bool zeroForOne, int256 amountSpecified, uint160 sqrtPriceLimitX96, bytes calldata data) external returns (int256 amount0, int256 amount1);
    }
}
