//! The share token's part of ERC-7575.

interface! {
    /// The share token's part of ERC-7575: which contract is the entry of which asset.
    ///
    /// The entries are named by the vault's governor. Nothing else in the protocol relies on them: a client that does, trusts the
    /// governor to have named an entry of this vault, or reads the entry's `wiring`.
    interface IShare {
        /// The entry of `asset`; zero if it has none.
        function vault(address asset) external view returns (address entry);
        /// ERC-165: whether this is ERC-165 or the share token of ERC-7575.
        function supportsInterface(bytes4 interfaceId) external view returns (bool supported);
        /// Names the entry of `asset`, or none with zero. Governor of the vault. Emits `VaultUpdate`.
        function setVault(address asset, address entry) external;

        /// The entry of an asset is another.
        event VaultUpdate(address indexed asset, address vault);
    }
}
