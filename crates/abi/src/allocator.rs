//! The allocator: which part of a vault's stake secures which service through which operator.

interface! {
    /// The allocator of one vault: magnitudes by service and operator, out of the vault's capacity.
    ///
    /// Every unit of stake secures one thing: magnitudes never sum to more than the capacity, which starts at 1e18 and falls
    /// by what is slashed. Depositors trust the curator to choose well; the hub alone slashes.
    interface IAllocator {
        /// What one operator has at stake in one service.
        struct Allocation {
            /// In force now.
            uint64 current;
            /// In force once `effectiveAt` has passed; equal to `current` if nothing is pending.
            uint64 pending;
            /// When the pending change counts, Unix seconds, 0 if none.
            uint64 effectiveAt;
            /// The most that can be slashed now for an offence now: decreases stay slashable for two epochs and the grace.
            uint64 slashable;
            /// Of undecided slash requests: neither slashable again nor free.
            uint64 frozen;
        }

        /// Wires the contract and takes over the epochs of the vault, which must be initialised. Once, by its deployer. Emits
        /// `Initialized`.
        function init(address vault, address hub, address curator, uint64 increaseDelayS) external;
        /// Sets the magnitude that `operator` has in `service`. Curator. An increase counts after the delay, a decrease at
        /// once, but stays slashable until stake that was unstaked in the same epoch is not. Emits `AllocationChanged`.
        function allocate(uint32 service, address operator, uint64 magnitude) external;
        /// Freezes the part of an operator's magnitude that slash request `id` of `wad` will take. Hub. Emits `MagnitudeFrozen`.
        function freeze(uint64 id, uint32 service, address operator, uint64 wad, uint64 offenceEpoch) external returns (uint64 delta, uint64 capacity);
        /// Takes what request `id` froze from the magnitude and the capacity, which it answers as it was before. Hub. Emits
        /// `MagnitudeSlashed`.
        function slash(uint64 id, uint32 service, address operator) external returns (uint64 delta, uint64 capacityBefore);
        /// Gives back what request `id` froze in `filedEpoch`. Hub. Emits `MagnitudeThawed`.
        function thaw(uint64 id, uint32 service, address operator, uint64 filedEpoch) external;

        /// What is not slashed yet of the 1e18 that the vault started with.
        function capacity() external view returns (uint64);
        /// Sum of all magnitudes, with pending, leaving and frozen ones. One that has left counts until its allocation is next
        /// touched, by anything, as by setting it to what it is.
        function allocated() external view returns (uint64);
        /// What an operator has in a service now; all zero if nothing was ever allocated.
        function allocation(uint32 service, address operator) external view returns (Allocation memory);
        /// Magnitude that can be slashed now for an offence in `offenceEpoch`, and the capacity.
        function slashable(uint32 service, address operator, uint64 offenceEpoch) external view returns (uint64 magnitude, uint64 capacity);
        /// What `init` was called with.
        function wiring() external view returns (address vault, address hub, address curator, uint64 increaseDelayS);

        /// The contract was wired.
        event Initialized(address vault, address hub, address curator, uint64 increaseDelayS);
        /// The curator set a magnitude. It counts from `effectiveAt`, Unix seconds; `allocated` is the sum of all magnitudes
        /// after the call.
        event AllocationChanged(uint32 indexed service, address indexed operator, uint64 oldMagnitude, uint64 newMagnitude, uint64 effectiveAt, uint64 allocated);
        /// A slash request was filed: `delta` of the magnitude, out of `capacity`, can neither leave nor be slashed twice.
        event MagnitudeFrozen(uint64 indexed id, uint32 indexed service, address indexed operator, uint64 delta, uint64 capacity);
        /// A slash request was executed: `magnitude` and `capacity` are what is left.
        event MagnitudeSlashed(uint64 indexed id, uint32 indexed service, address indexed operator, uint64 delta, uint64 magnitude, uint64 capacity);
        /// A slash request was vetoed or lapsed: what it froze is back where it came from, or free if it would have left
        /// since.
        event MagnitudeThawed(uint64 indexed id, uint32 indexed service, address indexed operator);

        /// Allocations would sum to more than the capacity. Lower another allocation first.
        error AboveCapacity(uint64 capacity, uint64 attempted);
        /// An earlier change of the same allocation has not taken effect yet. Wait until `effectiveAt`, Unix seconds.
        error ChangePending(uint64 effectiveAt);
        /// The operator has nothing in the service that can be slashed for an offence in that epoch: never allocated, left
        /// since, or frozen by other requests. File for another operator or epoch.
        error NothingSlashable(uint32 service, address operator, uint64 offenceEpoch);
        /// A slash takes more than nothing and at most everything.
        error BadWad(uint64 wad);
        /// No frozen magnitude has this request id, or one has it already.
        error RequestUnknown(uint64 id);
    }
}
