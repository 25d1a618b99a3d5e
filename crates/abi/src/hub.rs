//! The hub: services, operators, opt-ins and the life of a slash request.

interface! {
    /// The hub: services, operators, opt-ins and the life of a slash request. One hub serves many vaults.
    ///
    /// A vault takes part by its governor's opt-in to the hash of a service's terms, which are fixed for ever: new terms are
    /// a new service. The hub trusts a vault that opts in for nothing but its own stake: a vault that misbehaves harms
    /// only itself and a service that files against it, one of whose four places it keeps for as long as it refuses the
    /// decision. Depositors trust the slasher of each service their vault opted in to, within the cap and until
    /// its resolver's veto.
    interface IHub {
        /// What a vault and an operator agree to.
        struct Terms {
            /// May file slash requests.
            address slasher;
            /// May veto them until they are executed.
            address resolver;
            /// To whom slashed assets are due: a burn address, or a contract that redistributes them.
            address sink;
            /// How long the resolver may think before a request can be armed, seconds; shorter than a vault's epoch.
            uint64 vetoWindow;
            /// Most that may be slashed of one operator for one epoch of offence, out of 1e18.
            uint64 maxWad;
        }

        /// Where a slash request is in its life.
        enum Status { None, Filed, Armed, Vetoed, Executed, Lapsed }

        struct Request {
            address vault;
            uint32 service;
            address operator;
            uint64 offenceEpoch;
            /// Part of the operator's magnitude, out of 1e18.
            uint64 wad;
            /// Magnitude it takes, out of the vault's capacity.
            uint64 delta;
            uint64 filedAt;
            /// When it was armed, 0 if not.
            uint64 armedAt;
            Status status;
        }

        /// Registers a service under terms that never change. Anyone. Emits `ServiceRegistered`.
        function registerService(Terms calldata terms) external returns (uint32 service);
        /// Registers the caller as an operator that signs with the secp256k1 key of address `signer`, or changes that key.
        /// Emits `OperatorRegistered`.
        function registerOperator(address signer) external;
        /// Lets a service slash a vault within its terms. Governor of the vault. Emits `VaultOptedIn`.
        function optInVault(address vault, uint32 service, bytes32 termsHash) external;
        /// Takes part in a service under its terms. A registered operator, for itself. Emits `OperatorOptedIn`.
        function optInOperator(uint32 service, bytes32 termsHash) external;

        /// Files a request to slash `wad` of an operator's magnitude for an offence in this epoch or the last. The slasher
        /// of the service. From now on the loss is contested. Emits `SlashFiled`.
        function file(address vault, uint32 service, address operator, uint64 wad, uint64 offenceEpoch, bytes32 evidence) external returns (uint64 id);
        /// Rejects an undecided request. The resolver of the service. Emits `SlashVetoed`.
        function veto(uint64 id) external;
        /// Arms a request whose veto window is over. Anyone. Emits `SlashArmed`.
        function arm(uint64 id) external;
        /// Executes a request armed for 12 hours. Anyone. The vault's rate falls in this call. Emits `SlashExecuted`.
        function execute(uint64 id) external;
        /// Ends a request that nobody armed within an epoch after its window. Anyone. Emits `SlashLapsed`.
        function lapse(uint64 id) external;

        function serviceCount() external view returns (uint32);
        function terms(uint32 service) external view returns (Terms memory);
        /// The hash that opt-ins name: keccak256 of the ABI encoding of the terms.
        function termsHash(uint32 service) external view returns (bytes32);
        /// The key of an operator, zero if it is not registered.
        function signer(address operator) external view returns (address);
        /// What a service may do: its undecided requests, its vetoed ones (two suspend it for good), and when it may file again
        /// after the last veto or lapse, Unix seconds.
        function standing(uint32 service) external view returns (uint8 undecided, uint8 vetoes, uint64 coolUntil);
        function isVaultIn(address vault, uint32 service) external view returns (bool);
        function isOperatorIn(address operator, uint32 service) external view returns (bool);
        function requestCount() external view returns (uint64);
        function request(uint64 id) external view returns (Request memory);

        event ServiceRegistered(uint32 indexed service, bytes32 indexed termsHash, Terms terms);
        event OperatorRegistered(address indexed operator, address oldSigner, address newSigner);
        event VaultOptedIn(address indexed vault, uint32 indexed service, bytes32 termsHash);
        event OperatorOptedIn(address indexed operator, uint32 indexed service, bytes32 termsHash);
        event SlashFiled(uint64 indexed id, address indexed vault, address indexed operator, uint32 service, uint64 offenceEpoch, uint64 wad, uint64 delta, uint64 capacity, bytes32 evidence, uint256[] losses);
        event SlashVetoed(uint64 indexed id, address indexed vault);
        event SlashArmed(uint64 indexed id, address indexed vault, uint64 executableAt);
        event SlashExecuted(uint64 indexed id, address indexed vault, uint64 delta, uint64 capacity, uint256[] losses);
        event SlashLapsed(uint64 indexed id, address indexed vault);

        error ServiceUnknown(uint32 service);
        error OperatorUnknown(address operator);
        error VaultNotIn(address vault, uint32 service);
        error OperatorNotIn(address operator, uint32 service);
        error TermsMismatch(bytes32 expected, bytes32 got);
        error BadTerms();
        error WindowTooLong(uint64 vetoWindow, uint64 epochLength);
        error RequestUnknown(uint64 id);
        /// The request is in the wrong state for this call.
        error WrongStatus(uint64 id, Status status);
        error OffenceEpochOutOfRange(uint64 offenceEpoch, uint64 current);
        error BadWad(uint64 wad);
        /// This request and earlier ones of the same offence epoch would take more than the terms allow.
        error AboveSlashCap(uint64 maxWad, uint64 attempted);
        error TooManyUndecided(uint32 service, uint256 max);
        /// A veto or lapse was less than an epoch ago.
        error CoolingDown(uint64 until);
        /// The service was vetoed twice.
        error Suspended(uint32 service);
        /// The veto window is open until then.
        error WindowOpen(uint64 until);
        /// The request can be executed from then on.
        error NotYetExecutable(uint64 at);
        /// The time to arm the request is over; it can only lapse.
        error ArmingOver(uint64 since);
        /// The request can lapse from then on.
        error NotYetLapsed(uint64 at);
    }
}
