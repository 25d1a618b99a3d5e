//! Tokens that a development chain needs and a live one has: wrapped ether and liquid staking tokens.
//!
//! They keep the rules and the names of WETH9, stETH, wstETH and rETH that the protocol meets, and are backed to the wei: the
//! yield of the liquid staking tokens is ether that their owner pays in, a slash is ether that they destroy.

interface! {
    /// Wrapped ether: `IErc20`, and ether in and out, one for one. Plain ether sent to it is a deposit.
    interface IWeth {
        /// Wraps the ether of the call for its sender. Anyone. Emits `Deposit` and `Transfer`.
        function deposit() external payable;
        /// Unwraps `value` wei and sends the ether to the caller. Anyone. Emits `Withdrawal` and `Transfer`.
        function withdraw(uint256 value) external;

        /// Ether was wrapped.
        event Deposit(address indexed dst, uint256 wad);
        /// Ether was unwrapped.
        event Withdrawal(address indexed src, uint256 wad);
    }

    /// What the owner of a liquid staking token does to its rate. A devnet's stand-in for a beacon chain.
    interface ILst {
        /// Names the owner. Once, by the deployer.
        function init(address owner) external;
        /// Who may move the rate.
        function owner() external view returns (address);
        /// Ether behind all tokens, in wei.
        function totalPooledEther() external view returns (uint256);
        /// Adds the ether of the call to what the tokens are worth: yield. The owner. Emits `Accrued`.
        function accrue() external payable;
        /// Destroys `amount` wei of ether behind the tokens: a slash. The owner. Emits `Slashed`.
        function slash(uint256 amount) external;

        /// Ether was paid in: every token is worth more.
        event Accrued(uint256 amount, uint256 totalPooledEther);
        /// Ether was destroyed: every token is worth less.
        event Slashed(uint256 amount, uint256 totalPooledEther);

        /// The pool has less than what was to be taken, or would be left with nothing.
        error PoolTooSmall(uint256 pooled, uint256 amount);
    }

    /// A rebasing token as stETH: `IErc20`, `ILst`, and shares. Balances are ether, move with every report, and round down.
    interface ISteth {
        /// Stakes the ether of the call for its sender. `referral` is not used. Anyone. Emits `Submitted`, `Transfer`, `TransferShares`.
        function submit(address referral) external payable returns (uint256 shares);
        /// Shares of the pool that an account has; they do not rebase.
        function sharesOf(address account) external view returns (uint256);
        /// All shares of the pool.
        function getTotalShares() external view returns (uint256);
        /// What shares are worth, in wei of ether, rounded down.
        function getPooledEthByShares(uint256 shares) external view returns (uint256);
        /// Shares that an amount of ether is, rounded down.
        function getSharesByPooledEth(uint256 ethAmount) external view returns (uint256);
        /// Moves `shares` of the caller to `to`. Anyone. Emits `Transfer`, `TransferShares`.
        function transferShares(address to, uint256 shares) external returns (uint256 ethAmount);

        /// Ether was staked.
        event Submitted(address indexed sender, uint256 amount, address referral);
        /// Shares moved.
        event TransferShares(address indexed from, address indexed to, uint256 shares);
    }

    /// The wrapper of stETH as wstETH: `IErc20`, `IErc2612`, and shares as a token that does not rebase. Plain ether sent to it is
    /// staked and wrapped.
    interface IWsteth {
        /// Names the token that it wraps. Once, by the deployer.
        function init(address steth) external;
        /// The token that this wraps.
        function stETH() external view returns (address);
        /// Takes `stEthAmount` of the caller, by its allowance, for what it is in wstETH. Anyone. Emits `Transfer`.
        function wrap(uint256 stEthAmount) external returns (uint256 wstEthAmount);
        /// Gives `wstEthAmount` of the caller back for stETH. Anyone. Emits `Transfer`.
        function unwrap(uint256 wstEthAmount) external returns (uint256 stEthAmount);
        /// stETH per wstETH, in WAD: the redemption rate.
        function stEthPerToken() external view returns (uint256);
        /// wstETH per stETH, in WAD.
        function tokensPerStEth() external view returns (uint256);
        /// wstETH that an amount of stETH is, rounded down.
        function getWstETHByStETH(uint256 stEthAmount) external view returns (uint256);
        /// stETH that an amount of wstETH is, rounded down.
        function getStETHByWstETH(uint256 wstEthAmount) external view returns (uint256);
    }

    /// A token with an exchange rate as rETH: `IErc20`, `ILst`.
    interface IReth {
        /// Stakes the ether of the call for its sender at the exchange rate. Anyone. Emits `Transfer`.
        function deposit() external payable;
        /// Burns `amount` of the caller's tokens for their ether. Anyone. Emits `Transfer`.
        function burn(uint256 amount) external;
        /// Ether per token, in WAD: the redemption rate.
        function getExchangeRate() external view returns (uint256);
        /// Ether that an amount of the token is worth, rounded down.
        function getEthValue(uint256 rethAmount) external view returns (uint256);
        /// Tokens that an amount of ether is worth, rounded down.
        function getRethValue(uint256 ethAmount) external view returns (uint256);
    }
}
