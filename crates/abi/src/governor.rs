//! The governor: roles and the timelock of one vault.

interface! {
    /// Roles and timelock of one vault, in whose contracts this one holds every role.
    ///
    /// The *governor* changes parameters: what only removes risk at once, the rest after a wait in which everybody sees it and
    /// can leave. The *curator* allocates, the *guardian* pauses. A call is judged by its target, its selector and the value
    /// that it would replace; what the rules do not name waits longest. As long as the vault has no shares nothing waits. No
    /// call carries ether, and nothing here can hold up a request, a settlement or a claim.
    interface IGovernor {
        /// A scheduled call.
        struct Proposal {
            /// Whom it calls.
            address target;
            /// When it was scheduled, Unix seconds.
            uint64 scheduledAt;
            /// From when on anyone may execute it, if the rule of its call stays what it is now, Unix seconds.
            uint64 ripeAt;
            /// From when on nobody can, Unix seconds.
            uint64 expiresAt;
            /// 1 waiting, ripe or expired; 2 executed; 3 cancelled.
            uint8 status;
        }

        /// Wires the contract to a vault, which must be initialised, and names its roles. Once, by its deployer. Emits
        /// `Initialized`.
        function init(address vault, address governor, address curator, address guardian) external;
        /// Calls `target` with `data` at once, if its rule says that it need not wait. The role that the rule names. Emits
        /// `Acted`.
        function act(address target, bytes calldata data) external;
        /// Schedules a call of `target` with `data`, 1,024 bytes at most, that its rule lets the governor make. Governor. Emits
        /// `Scheduled`.
        function schedule(address target, bytes calldata data) external returns (uint64 id);
        /// Makes a scheduled call that is ripe. Anyone. Emits `Executed`.
        function execute(uint64 id) external;
        /// Takes back a scheduled call. Governor; the guardian too. Emits `Cancelled`.
        function cancel(uint64 id) external;
        /// Names the roles anew. The governor contract itself; as a scheduled call, which waits longest. Emits `RolesSet`.
        function setRoles(address governor, address curator, address guardian) external;

        /// Who holds which role.
        function roles() external view returns (address governor, address curator, address guardian);
        /// The vault, and how long the short and the long wait and the time to execute last, seconds.
        function terms() external view returns (address vault, uint64 shortWaitS, uint64 longWaitS, uint64 graceS);
        /// How long a call would wait now, seconds, and who may make it.
        function rule(address target, bytes calldata data) external view returns (uint64 waitS, bool governor, bool curator, bool guardian);
        /// How many calls were ever scheduled: ids count from 1.
        function count() external view returns (uint64);
        /// A scheduled call, but for its data.
        function proposal(uint64 id) external view returns (Proposal memory);
        /// The calldata of a scheduled call.
        function proposalData(uint64 id) external view returns (bytes memory);

        /// The contract was wired.
        event Initialized(address vault, address governor, address curator, address guardian, uint64 longWaitS);
        /// A role made a call that need not wait.
        event Acted(address indexed caller, address indexed target, bytes data);
        /// The governor scheduled a call.
        event Scheduled(uint64 indexed id, address indexed target, bytes data, uint64 ripeAt, uint64 expiresAt);
        /// A scheduled call was made.
        event Executed(uint64 indexed id, address indexed target);
        /// A scheduled call was taken back.
        event Cancelled(uint64 indexed id, address indexed by);
        /// Roles were named anew.
        event RolesSet(address oldGovernor, address oldCurator, address oldGuardian, address newGovernor, address newCurator, address newGuardian);

        /// The call must wait so long: schedule it.
        error MustWait(uint64 waitS);
        /// Nothing was scheduled under this id.
        error ProposalUnknown(uint64 id);
        /// The call was executed (2) or cancelled (3) before.
        error NotWaiting(uint64 id, uint8 status);
        /// The call still waits, until then, Unix seconds.
        error NotRipe(uint64 ripeAt);
        /// The call was not executed in time. Schedule it again.
        error ProposalExpired(uint64 since);
        /// The calldata is longer than what is kept.
        error DataTooLong(uint256 length, uint256 max);
    }
}
