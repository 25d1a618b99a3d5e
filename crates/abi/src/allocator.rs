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

        /// How much of the capacity may be at risk in one place, basis points.
        struct Limits {
            /// In one service.
            uint16 serviceBps;
            /// Through one operator.
            uint16 operatorBps;
            /// Through the operators of one group.
            uint16 groupBps;
            /// If any one operator fails everywhere.
            uint16 worstOneBps;
            /// If any two fail at once.
            uint16 worstTwoBps;
            /// If any three fail at once.
            uint16 worstThreeBps;
        }

        /// Where a part of the stake is.
        struct Exposure {
            /// The service.
            uint32 service;
            /// The operator.
            address operator;
            /// All that can be slashed or will be: in force, pending, leaving and frozen.
            uint64 magnitude;
            /// Of it, what is not in force yet.
            uint64 pending;
            /// Of it, what was taken back and can still be slashed.
            uint64 leaving;
            /// Of it, what undecided slash requests will take.
            uint64 frozen;
            /// The most that can be lost of it: what is frozen, and of the rest three times what the service may slash in an epoch.
            uint64 atRisk;
        }

        /// Wires the contract and takes over the epochs, the governor and the guardian of the vault, which must be initialised.
        /// Nothing is limited at first. Once, by its deployer. Emits `Initialized`.
        function init(address vault, address hub, address curator, uint64 increaseDelayS) external;
        /// Sets the magnitude that `operator` has in `service`. Curator. An increase counts after the delay, a decrease at
        /// once, but stays slashable until stake that was unstaked in the same epoch is not. An increase must keep every limit,
        /// the operator's bond must stand in proportion to all that is then at risk through it, and the hub must know the service. Emits
        /// `AllocationChanged`.
        function allocate(uint32 service, address operator, uint64 magnitude) external;
        /// Lowers an allocation that a slash or a new limit has left over a limit, by as much as it is over. Anyone. Emits
        /// `AllocationChanged`.
        function trim(uint32 service, address operator) external;
        /// Sets how much may be at risk in one place. Governor; curator and guardian too, if no limit gets wider. What is over a
        /// new limit stays until it is trimmed. Emits `LimitsSet`.
        function setLimits(Limits calldata limits) external;
        /// Says what an operator has in common with others, by at most four tags of eight bytes, such as a client or a cloud; zero
        /// is no tag. Governor; the curator too, if every old tag stays. Emits `GroupsSet`.
        function setGroups(address operator, bytes8[] calldata groups) external;
        /// Stops increases for `durationS` seconds, three days at most, or ends the pause with 0. Guardian; not again before as
        /// much time has passed after a pause as it lasted. Emits `AllocationsPaused`.
        function pauseAllocations(uint256 durationS) external;
        /// Stops increases for good, when the vault ends; a slash of all that is left of the capacity does the same. The vault. Emits
        /// `AllocationsEnded`.
        function retire() external;
        /// Freezes the part of an operator's magnitude that slash request `id` of `wad` will take. Hub. Emits `MagnitudeFrozen`.
        function freeze(uint64 id, uint32 service, address operator, uint64 wad, uint64 offenceEpoch) external returns (uint64 delta, uint64 capacity, uint8 scale);
        /// Takes what request `id` froze from the magnitude and the capacity, which it answers as it was before. Hub. Emits
        /// `MagnitudeSlashed`.
        function slash(uint64 id, uint32 service, address operator) external returns (uint64 delta, uint64 capacityBefore, uint8 scaleBefore);
        /// Gives back what request `id` froze in `filedEpoch`. Hub. Emits `MagnitudeThawed`.
        function thaw(uint64 id, uint32 service, address operator, uint64 filedEpoch) external;

        /// What is not slashed yet of the 1e18 that the vault started with, in units of `2^-scale` of these.
        function capacity() external view returns (uint64);
        /// How small the units are that every magnitude is counted in: they halve so often when a slash leaves little of the capacity.
        function scale() external view returns (uint8);
        /// Sum of all magnitudes, with pending, leaving and frozen ones. One that has left counts until its allocation is next
        /// touched, by anything, as by setting it to what it is.
        function allocated() external view returns (uint64);
        /// What an operator has in a service now; all zero if nothing was ever allocated.
        function allocation(uint32 service, address operator) external view returns (Allocation memory);
        /// Magnitude that can be slashed now for an offence in `offenceEpoch`, and the capacity.
        function slashable(uint32 service, address operator, uint64 offenceEpoch) external view returns (uint64 magnitude, uint64 capacity);
        /// What `freeze` would answer for `wad` and an offence now.
        function wouldFreeze(uint32 service, address operator, uint64 wad) external view returns (uint64 delta, uint64 capacity, uint8 scale);
        /// Every allocation with anything at stake, 64 at most.
        function exposure() external view returns (Exposure[] memory);
        /// The largest loss, as a magnitude, if any `operators` of them fail at once in every service, three at most; and the
        /// capacity that it is a part of.
        function worstCase(uint8 operators) external view returns (uint64 loss, uint64 capacity);
        /// How much may be at risk in one place.
        function limits() external view returns (Limits memory);
        /// What an operator has in common with others: four tags, zero where there is none.
        function groups(address operator) external view returns (bytes8[] memory);
        /// Until when increases are paused, Unix seconds; in the past or 0 if they are not.
        function allocationsPausedUntil() external view returns (uint64);
        /// What `init` was called with, and the governor and guardian that the vault had then.
        function wiring() external view returns (address vault, address hub, address curator, uint64 increaseDelayS, address governor, address guardian);

        /// The contract was wired.
        event Initialized(address vault, address hub, address curator, uint64 increaseDelayS);
        /// Nothing can be raised any more.
        event AllocationsEnded();
        /// Limits were set.
        event LimitsSet(Limits oldLimits, Limits newLimits);
        /// The groups of an operator were set.
        event GroupsSet(address indexed operator, bytes8[] oldGroups, bytes8[] newGroups);
        /// Increases are paused until `newUntil`, Unix seconds, which is in the past if the pause was ended.
        event AllocationsPaused(uint256 oldUntil, uint256 newUntil);
        /// The curator set a magnitude, or somebody trimmed it. It counts from `effectiveAt`, Unix seconds; `allocated` is the sum of all magnitudes
        /// after the call.
        event AllocationChanged(uint32 indexed service, address indexed operator, uint64 oldMagnitude, uint64 newMagnitude, uint64 effectiveAt, uint64 allocated);
        /// A slash request was filed: `delta` of the magnitude, out of `capacity`, can neither leave nor be slashed twice.
        event MagnitudeFrozen(uint64 indexed id, uint32 indexed service, address indexed operator, uint64 delta, uint64 capacity);
        /// A slash request was executed: `magnitude` and `capacity` are what is left, in units of `2^-scale`; `delta` is in those before.
        event MagnitudeSlashed(uint64 indexed id, uint32 indexed service, address indexed operator, uint64 delta, uint64 magnitude, uint64 capacity, uint8 scale);
        /// A slash request was vetoed or lapsed: what it froze is back where it came from, or free if it would have left
        /// since.
        event MagnitudeThawed(uint64 indexed id, uint32 indexed service, address indexed operator);

        /// Allocations would sum to more than the capacity. Lower another allocation first.
        error AboveCapacity(uint64 capacity, uint64 attempted);
        /// Of what the service may lose, more than the limit of one service would be at risk. Lower another allocation of it.
        error AboveServiceLimit(uint32 service, uint64 limit, uint64 attempted);
        /// More than the limit of one operator would be at risk through it. Choose another operator.
        error AboveOperatorLimit(address operator, uint64 limit, uint64 attempted);
        /// More than the limit of one group would be at risk through the operators of this one. Choose an operator outside it.
        error AboveGroupLimit(bytes8 group, uint64 limit, uint64 attempted);
        /// If the worst so many operators failed at once, more than the limit would be lost. Spread over more operators.
        error AboveWorstCaseLimit(uint8 operators, uint64 limit, uint64 attempted);
        /// The vault has as many allocations as it can. Lower one to zero and wait until nothing of it can be slashed.
        error TooManyAllocations(uint8 max);
        /// Increases are paused until then, Unix seconds. Decreases are not.
        error AllocationsArePaused(uint256 until);
        /// The vault has ended: nothing can be raised any more.
        error VaultRetired();
        /// Only the governor may widen a limit or take an operator out of a group.
        error Loosens();
        /// An operator has no more groups than that.
        error TooManyGroups(uint256 max);
        /// Nothing of the allocation is over a limit, beside what is leaving already.
        error NothingToTrim(uint32 service, address operator);
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
