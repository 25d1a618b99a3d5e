//! ERC-20, as every token of the protocol speaks it.

interface! {
    /// ERC-20 with the errors of ERC-6093.
    ///
    /// Edge cases follow OpenZeppelin's: an allowance of 2^256 - 1 never shrinks, the zero address neither holds nor
    /// approves nor spends, a transfer of nothing is a transfer. Tokens that others wrote may answer nothing where a `bool` is
    /// promised; the contracts accept that.
    interface IErc20 {
        function name() external view returns (string memory);
        function symbol() external view returns (string memory);
        function decimals() external view returns (uint8);
        function totalSupply() external view returns (uint256);
        function balanceOf(address account) external view returns (uint256);
        function allowance(address owner, address spender) external view returns (uint256);
        /// Emits `Transfer`.
        function transfer(address to, uint256 value) external returns (bool);
        /// Emits `Approval`.
        function approve(address spender, uint256 value) external returns (bool);
        /// Emits `Transfer`.
        function transferFrom(address from, address to, uint256 value) external returns (bool);

        event Transfer(address indexed from, address indexed to, uint256 value);
        event Approval(address indexed owner, address indexed spender, uint256 value);

        error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
        error ERC20InvalidSender(address sender);
        error ERC20InvalidReceiver(address receiver);
        error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
        error ERC20InvalidApprover(address approver);
        error ERC20InvalidSpender(address spender);
    }
}
