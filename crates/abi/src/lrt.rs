//! LRT: the share token of a vault.

interface! {
    /// LRT: the share token of one vault: all of `IErc20`, and what is here: permits (ERC-2612, ERC-5267) and the vault's calls.
    ///
    /// Only its vault mints, burns and moves shares without an allowance; nobody else can, and no role can stop a
    /// transfer. The supply stays under 2^96.
    interface ILrt {
        /// Wires the token to its vault and names it. Once, by its deployer. The name and the symbol have at most 31
        /// bytes. Emits `Initialized`.
        function init(address vault, string calldata name, string calldata symbol) external;

        /// Sets the allowance that `owner` signed for. The signature is ECDSA (with low s) by the owner's key or, where the owner
        /// is a contract, one that its ERC-1271 `isValidSignature` accepts as the 65 bytes r, s, v. Emits `Approval`.
        function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;
        function nonces(address owner) external view returns (uint256);
        function DOMAIN_SEPARATOR() external view returns (bytes32);
        function eip712Domain() external view returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        );

        /// The one contract that mints and burns.
        function vault() external view returns (address);
        /// Makes `value` wei of shares for `to`. The vault. Emits `Transfer` from the zero address.
        function mint(address to, uint256 value) external;
        /// Destroys `value` wei of the shares of `from`, with no allowance. The vault. Emits `Transfer` to the zero address.
        function burn(address from, uint256 value) external;
        /// Moves `value` wei of shares with no allowance: into the queue's escrow and back. The vault. Emits `Transfer`.
        function transferByVault(address from, address to, uint256 value) external;

        event Initialized(address vault, string name, string symbol);
        /// The supply would exceed what 96 bits hold.
        error ERC20ExceededCap(uint256 increasedSupply, uint256 cap);
        error ERC2612ExpiredSignature(uint256 deadline);
        error ERC2612InvalidSigner(address signer, address owner);
        /// The upper half of s is refused, so that a signature has no second form.
        error ECDSAInvalidSignatureS(bytes32 s);
        /// A name or symbol has more than 31 bytes.
        error TextTooLong(uint256 length);
    }
}
