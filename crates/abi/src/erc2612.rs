//! ERC-2612: allowances by signature.

interface! {
    /// ERC-2612, with the domain that ERC-5267 describes: name, version "1", chain and contract.
    interface IErc2612 {
        /// Sets the allowance that `owner` signed for. The signature is ECDSA (with low s) by the owner's key or, where the owner
        /// is a contract, one that its ERC-1271 `isValidSignature` accepts as the 65 bytes r, s, v. Anyone. Emits `Approval`.
        function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;
        /// How many permits of `owner` were used: the nonce that the next must sign.
        function nonces(address owner) external view returns (uint256);
        /// The hash of the domain, as EIP-712 defines it.
        function DOMAIN_SEPARATOR() external view returns (bytes32);
        /// The domain that signatures are made for (ERC-5267).
        function eip712Domain() external view returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        );

        /// The permit's deadline, Unix seconds, has passed. Sign a new one.
        error ERC2612ExpiredSignature(uint256 deadline);
        /// The signature is of `signer`, or of nobody if zero, and not of `owner`. Check the domain, the nonce and every
        /// value that was signed.
        error ERC2612InvalidSigner(address signer, address owner);
        /// The upper half of s is refused, so that a signature has no second form.
        error ECDSAInvalidSignatureS(bytes32 s);
    }
}
