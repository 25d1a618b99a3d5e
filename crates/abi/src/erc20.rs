//! ERC-20, as every token of the protocol speaks it.

interface! {
    /// ERC-20 with the errors of ERC-6093.
    ///
    /// Edge cases follow OpenZeppelin's: an allowance of 2^256 - 1 never shrinks, the zero address neither holds nor
    /// approves nor spends, a transfer of nothing is a transfer. Tokens that others wrote may answer nothing where a `bool` is
    /// promised; the contracts accept that.
    interface IErc20 {
        /// What people call the token.
        function name() external view returns (string memory);
        /// Its short name.
        function symbol() external view returns (string memory);
        /// Digits after the dot: 18.
        function decimals() external view returns (uint8);
        /// All tokens there are, wei.
        function totalSupply() external view returns (uint256);
        /// Tokens of an account, wei.
        function balanceOf(address account) external view returns (uint256);
        /// What `spender` may still move of the tokens of `owner`, wei.
        function allowance(address owner, address spender) external view returns (uint256);
        /// Moves `value` of the caller's tokens to `to`. Anyone. Emits `Transfer`.
        function transfer(address to, uint256 value) external returns (bool);
        /// Lets `spender` move up to `value` of the caller's tokens, in place of what it could before. Anyone. Emits
        /// `Approval`.
        function approve(address spender, uint256 value) external returns (bool);
        /// Moves `value` of the tokens of `from` to `to`, out of the caller's allowance. Anyone. Emits `Transfer`.
        function transferFrom(address from, address to, uint256 value) external returns (bool);

        /// Tokens moved; from the zero address they were minted, to it they were burned.
        event Transfer(address indexed from, address indexed to, uint256 value);
        /// An allowance was set; spending it emits nothing.
        event Approval(address indexed owner, address indexed spender, uint256 value);

        /// `sender` has `balance` and the call needs `needed`. Ask for less.
        error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
        /// Tokens cannot come from this address: the zero address holds none.
        error ERC20InvalidSender(address sender);
        /// Tokens cannot go to this address: the zero address holds none.
        error ERC20InvalidReceiver(address receiver);
        /// `spender` may move `allowance` and the call needs `needed`. Approve it first, or use a permit.
        error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
        /// This address cannot approve: the zero address holds nothing.
        error ERC20InvalidApprover(address approver);
        /// This address cannot be approved: the zero address spends nothing.
        error ERC20InvalidSpender(address spender);
    }
}
