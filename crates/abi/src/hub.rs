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
            /// Speaks for the service about its rewards; zero if nobody does.
            address rewardManager;
            /// To whom slashed assets are due where the vault has approved the resolver, by whom alone they are then pulled; zero if they
            /// burn everywhere.
            address sink;
            /// How long the resolver may think before a request can be armed, seconds; shorter than a vault's epoch.
            uint64 vetoWindow;
            /// Most that may be slashed of one operator for one epoch of offence, out of 1e18.
            uint64 maxWad;
        }

        /// Where a slash request is in its life.
        enum Status { None, Filed, Armed, Vetoed, Executed, Lapsed }

        /// A slash request.
        struct Request {
            address vault;
            uint32 service;
            address operator;
            uint64 offenceEpoch;
            /// Part of the operator's magnitude, out of 1e18.
            uint64 wad;
            /// Magnitude it takes, out of the vault's capacity at its filing.
            uint64 delta;
            /// Of that magnitude: the units of the capacity then were `2^-scale`.
            uint8 scale;
            uint64 filedAt;
            /// When it was armed, 0 if not.
            uint64 armedAt;
            Status status;
        }

        /// Registers a service under terms that never change. Anyone. Emits `ServiceRegistered`.
        function registerService(Terms calldata terms) external returns (uint32 service);
        /// Registers the caller as an operator that signs with the secp256k1 key of address `signer`, or changes that key.
        /// Anyone. Emits `OperatorRegistered`.
        function registerOperator(address signer) external;
        /// Lets a service slash a vault within its terms. Governor of the vault. Emits `VaultOptedIn`.
        function optInVault(address vault, uint32 service, bytes32 termsHash) external;
        /// Lets the services whose resolver this is have what they slash of `vault`, as their terms say, or burns it from now on. Whoever is
        /// paid by slashes must face a resolver that the vault trusts. Governor of the vault. Emits `ResolverApproved`.
        function approveResolver(address vault, address resolver, bool approved) external;
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

        /// How many services there are; they are numbered from 1.
        function serviceCount() external view returns (uint32);
        /// The terms of a service, refused if there is no such service.
        function terms(uint32 service) external view returns (Terms memory);
        /// The hash that opt-ins name: keccak256 of the ABI encoding of the terms.
        function termsHash(uint32 service) external view returns (bytes32);
        /// The key of an operator, zero if it is not registered.
        function signer(address operator) external view returns (address);
        /// What a service may do: its undecided requests, its vetoed ones (two suspend it for good), and when it may file again
        /// after the last veto or lapse, Unix seconds.
        function standing(uint32 service) external view returns (uint8 undecided, uint8 vetoes, uint64 coolUntil);
        /// Whether a vault has approved a resolver.
        function isResolverApproved(address vault, address resolver) external view returns (bool);
        /// Whether a vault has opted in to a service.
        function isVaultIn(address vault, uint32 service) external view returns (bool);
        /// Whether an operator has opted in to a service.
        function isOperatorIn(address operator, uint32 service) external view returns (bool);
        /// How many slash requests were filed against all vaults; they are numbered from 1.
        function requestCount() external view returns (uint64);
        /// A slash request, refused if there is none of that number.
        function request(uint64 id) external view returns (Request memory);

        /// A service was registered, under terms that never change.
        event ServiceRegistered(uint32 indexed service, bytes32 indexed termsHash, Terms terms);
        /// An operator registered its key, or changed it; `oldSigner` is zero the first time.
        event OperatorRegistered(address indexed operator, address oldSigner, address newSigner);
        /// A service may slash a vault from now on, within its terms.
        event VaultOptedIn(address indexed vault, uint32 indexed service, bytes32 termsHash);
        /// What services with this resolver slash of the vault goes to whom their terms name, or burns, from now on.
        event ResolverApproved(address indexed vault, address indexed resolver, bool oldApproved, bool newApproved);
        /// An operator takes part in a service from now on.
        event OperatorOptedIn(address indexed operator, uint32 indexed service, bytes32 termsHash);
        /// A slash was requested. `losses`, by asset in the vault's order, are the most it can take; until it is decided
        /// they are contested.
        event SlashFiled(uint64 indexed id, address indexed vault, address indexed operator, uint32 service, uint64 offenceEpoch, uint64 wad, uint64 delta, uint64 capacity, bytes32 evidence, uint256[] losses);
        /// The resolver rejected a request: nothing is lost.
        event SlashVetoed(uint64 indexed id, address indexed vault);
        /// The veto window passed without a veto; the request can be executed from `executableAt` on, Unix seconds.
        event SlashArmed(uint64 indexed id, address indexed vault, uint64 executableAt);
        /// A request took `losses`, by asset in the vault's order. The vault's rate fell in this transaction.
        event SlashExecuted(uint64 indexed id, address indexed vault, uint64 delta, uint64 capacity, uint256[] losses);
        /// A request was not armed in time: nothing is lost.
        event SlashLapsed(uint64 indexed id, address indexed vault);

        /// No service has this number. `serviceCount` tells how many there are.
        error ServiceUnknown(uint32 service);
        /// The address is not registered as an operator. It must call `registerOperator` first.
        error OperatorUnknown(address operator);
        /// The vault has not opted in to the service. Its governor does, by `optInVault`.
        error VaultNotIn(address vault, uint32 service);
        /// The operator has not opted in to the service. It does by `optInOperator`.
        error OperatorNotIn(address operator, uint32 service);
        /// The hash is not that of the service's terms. Read them again, by `terms` and `termsHash`, before agreeing.
        error TermsMismatch(bytes32 expected, bytes32 got);
        /// The terms need a slasher, a resolver, a veto window above zero, and a cap above zero and at most 1e18.
        error BadTerms();
        /// The veto window of the service is not shorter than the vault's epoch: the vault cannot take part.
        error WindowTooLong(uint64 vetoWindow, uint64 epochLength);
        /// No slash request has this number.
        error RequestUnknown(uint64 id);
        /// The request is past the point where this could be done, or not there yet.
        error WrongStatus(uint64 id, Status status);
        /// Only offences of this epoch or the last can be filed.
        error OffenceEpochOutOfRange(uint64 offenceEpoch, uint64 current);
        /// A slash takes more than nothing and at most everything, 1e18.
        error BadWad(uint64 wad);
        /// This request and earlier ones of the same offence epoch, vetoed ones too, would take more than the terms allow.
        /// Ask for less.
        error AboveSlashCap(uint64 maxWad, uint64 attempted);
        /// The service has as many undecided requests as it may. Decide one first.
        error TooManyUndecided(uint32 service, uint256 max);
        /// A veto or lapse was less than an epoch ago. File from `until` on, Unix seconds.
        error CoolingDown(uint64 until);
        /// The service was vetoed twice and may not file again: new terms are a new service.
        error Suspended(uint32 service);
        /// The veto window is open until then, Unix seconds. Arm the request afterwards.
        error WindowOpen(uint64 until);
        /// The request was armed less than 12 hours ago. Execute it from then on, Unix seconds.
        error NotYetExecutable(uint64 at);
        /// The time to arm the request is over since then, Unix seconds; it can only lapse.
        error ArmingOver(uint64 since);
        /// The request can still be armed. It can lapse from then on, Unix seconds.
        error NotYetLapsed(uint64 at);
    }
}
