//! The zap: ether and rebasing stETH into the vault in one call.

interface! {
    /// The zap: wraps what the vault cannot list, ether and rebasing stETH, and deposits it for its sender, in one call.
    ///
    /// Keeps nothing: no token (but for a wei of stETH that wrapping may round away), no allowance, no right of anybody. What arrived is measured, because stETH moves a wei or two less than
    /// asked. Trusts the vault, WETH and wstETH that it was wired to.
    interface IZap {
        /// Wires the zap; zero for a token that the vault does not take. Once, by its deployer. Emits `Initialized`.
        function init(address vault, address weth, address wsteth) external;
        /// Wraps the ether sent along and deposits it as `IVault.deposit` does. Anyone. Emits `Zapped`.
        function depositEther(address receiver, uint256 minShares, uint256 minFloorRate, uint256 deadline) external payable returns (uint256 shares);
        /// Takes `amount` of stETH from the caller, who has approved it, wraps what arrived and deposits it as `IVault.deposit` does.
        /// Anyone. Emits `Zapped`.
        function depositSteth(uint256 amount, address receiver, uint256 minShares, uint256 minFloorRate, uint256 deadline) external returns (uint256 shares);
        /// `depositSteth` after an ERC-2612 permit of `amount` for the zap, signed by the caller, with the same `deadline`. A permit that
        /// fails (because somebody else used it first) is ignored; the transfer then needs the allowance. Anyone. Emits `Zapped`.
        function depositStethWithPermit(uint256 amount, address receiver, uint256 minShares, uint256 minFloorRate, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external returns (uint256 shares);
        /// What `init` was called with, and what `wsteth` wraps.
        function wiring() external view returns (address vault, address weth, address wsteth, address steth);

        /// The zap was wired.
        event Initialized(address vault, address weth, address wsteth, address steth);
        /// `amount` of `asset`, wrapped from ether or stETH, was deposited for `shares`.
        event Zapped(address indexed sender, address indexed receiver, address indexed asset, uint256 amount, uint256 shares);

        /// The zap was wired without this token: the vault does not take it.
        error NoSuchWrapper();
    }
}
