//! LRT: the share token of a vault.

interface! {
    /// LRT: the share token of one vault: all of `IErc20` and `IErc2612`, and what the vault calls.
    ///
    /// Only its vault mints, burns and moves shares without an allowance; nobody else can, and no role can stop a
    /// transfer. The supply stays under 2^96.
    interface ILrt {
        /// Wires the token to its vault and names it. Once, by its deployer. The name and the symbol have at most 31
        /// bytes. Emits `Initialized`.
        function init(address vault, string calldata name, string calldata symbol) external;

        /// The one contract that mints and burns.
        function vault() external view returns (address);
        /// Makes `value` wei of shares for `to`. The vault. Emits `Transfer` from the zero address.
        function mint(address to, uint256 value) external;
        /// Destroys `value` wei of the shares of `from`, with no allowance. The vault. Emits `Transfer` to the zero address.
        function burn(address from, uint256 value) external;
        /// Moves `value` wei of shares with no allowance: into the queue's escrow and back. The vault. Emits `Transfer`.
        function transferByVault(address from, address to, uint256 value) external;

        /// The token was wired and named.
        event Initialized(address vault, string name, string symbol);
        /// The supply would exceed what 96 bits hold.
        error ERC20ExceededCap(uint256 increasedSupply, uint256 cap);
    }
}
