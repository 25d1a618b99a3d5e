//! The allocator: which part of a vault's stake secures which service through which operator.

interface! {
    /// The allocator of one vault: magnitudes by service and operator, out of the vault's capacity.
    ///
    /// Every unit of stake secures one thing: magnitudes never sum to more than the capacity, which starts at 1e18 and falls
    /// by what is slashed. Depositors trust the curator to choose well; the hub alone slashes.
    interface IAllocator {
        /// A magnitude and its pending change.
        struct Allocation {
            /// In force now.
            uint256 current;
            /// In force from `effectiveAt` on; equal to `current` if nothing is pending.
            uint256 pending;
            uint64 effectiveAt;
            /// The most that can still be slashed for an offence now: decreases stay slashable for two epochs and the grace.
            uint256 slashable;
        }

        /// Wires the contract. Once, by its deployer. Emits `Initialized`.
        function init(address vault, address hub, address curator, uint64 increaseDelayS) external;
        /// Sets the magnitude that `operator` has in `service`. Curator. An increase counts after the delay, a decrease at
        /// once, but stays slashable until stake that was unstaked in the same epoch is not. Emits `AllocationChanged`.
        function allocate(uint64 service, address operator, uint256 magnitude) external;
        /// Takes `delta` of a slashed operator's magnitude and of the capacity, which it returns as before. Hub. Emits
        /// `MagnitudeSlashed`.
        function applySlash(uint64 service, address operator, uint256 delta) external returns (uint256 capacityBefore);

        function capacity() external view returns (uint256);
        /// Sum of all magnitudes, pending increases included.
        function allocated() external view returns (uint256);
        function allocation(uint64 service, address operator) external view returns (Allocation memory);
        /// Magnitude that can be slashed now for an offence in `offenceEpoch`, and the capacity.
        function slashable(uint64 service, address operator, uint64 offenceEpoch) external view returns (uint256 magnitude, uint256 capacity);
        function wiring() external view returns (address vault, address hub, address curator, uint64 increaseDelayS);

        event Initialized(address vault, address hub, address curator, uint64 increaseDelayS);
        event AllocationChanged(uint64 indexed service, address indexed operator, uint256 oldMagnitude, uint256 newMagnitude, uint64 effectiveAt, uint256 allocated);
        event MagnitudeSlashed(uint64 indexed service, address indexed operator, uint256 delta, uint256 magnitude, uint256 capacity);

        error AboveCapacity(uint256 capacity, uint256 attempted);
        /// An earlier change of the same allocation has not taken effect yet.
        error ChangePending(uint64 effectiveAt);
        error TooManyAllocations(uint256 max);
        error SlashAboveMagnitude(uint256 magnitude, uint256 delta);
    }
}
