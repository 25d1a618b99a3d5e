//! A service whose operators hold data, and are slashed for a question that they do not answer.

interface! {
    /// A custody service: an operator promises to hold a blob, known by the root of its tree of 1,024-byte chunks and its
    /// length. Anybody may ask for any chunk, with a bond; the operator answers with the chunk and a proof before the
    /// deadline and gets the bond, or else anybody has the slash filed and who asked gets it back.
    ///
    /// The contract is the service's slasher. One instance serves one vault, named at the start. Who asks names the chunk:
    /// all are owed, so no randomness need be trusted; who has a doubt draws one on its own machine. The bond doubles with
    /// each open question of an operator, so that neither an enemy can drown it in questions nor a friend take all places,
    /// but with sums that grow without end.
    interface ICustody {
        /// What `init` fixes for ever.
        struct Instance {
            /// Where operators register and slashes are filed.
            address hub;
            /// Whose stake secures the service.
            address vault;
            /// Its number at the hub. Its slasher must be this contract.
            uint32 service;
            /// How long an operator has to answer, seconds; shorter than an epoch of the vault.
            uint64 answerTime;
            /// Part of its stake that a lost blob costs an operator, out of 1e18.
            uint64 slashWad;
            /// What the first open challenge of an operator costs, wei.
            uint256 bond;
        }

        /// A promise to hold a blob.
        struct Holding {
            address operator;
            bytes32 root;
            /// Bytes of the blob.
            uint64 length;
            /// Until when it can be asked for, Unix seconds.
            uint64 until;
            /// Whether a challenge went unanswered.
            bool isLost;
        }

        /// A question for a chunk.
        struct Challenge {
            uint64 holding;
            uint64 chunk;
            /// Until when it can be answered, Unix seconds.
            uint64 deadline;
            /// 1 open, 2 answered, 3 failed, 4 released.
            uint8 state;
            address challenger;
            /// Wei.
            uint256 bond;
        }

        /// Sets the contract up. Once, by its deployer. Emits `Initialized`.
        function init(Instance calldata instance) external;
        /// Promises to hold the blob of this root and length, bytes, until then, Unix seconds, at most 366 days away. Holdings
        /// are numbered from 1. A registered operator, for itself. Emits `Held`.
        function hold(bytes32 root, uint64 length, uint64 until) external returns (uint64 id);
        /// Asks for a chunk of a holding, with exactly the bond that `bondOf` tells. Challenges are numbered from 1. Anyone.
        /// Emits `Challenged`.
        function challenge(uint64 holding, uint64 chunk) external payable returns (uint64 id);
        /// Answers a challenge with the chunk and its neighbours in the tree from the leaf up. The bond is the operator's
        /// to withdraw. Anyone. Emits `Answered`.
        function answer(uint64 id, bytes calldata chunk, bytes32[] calldata proof) external;
        /// Files the slash of an operator that did not answer, once for a holding. Anyone. The epoch of the offence is that of the
        /// deadline. The bond is the challenger's to withdraw. Emits `Failed`.
        function slash(uint64 id) external returns (uint64 request);
        /// Ends a challenge that nothing can be filed for, because its holding failed before or its deadline was too long ago.
        /// Anyone. The bond is the challenger's to withdraw. Emits `Released`.
        function release(uint64 id) external;
        /// Sends an account what bonds gave it. Anyone. Emits `Withdrawn`.
        function withdraw(address account) external returns (uint256 amount);

        /// What `init` was called with.
        function instance() external view returns (Instance memory);
        /// How many holdings and challenges there were.
        function counts() external view returns (uint64 holdings, uint64 challenges);
        /// A holding, refused if there is none of that number.
        function holding(uint64 id) external view returns (Holding memory);
        /// A challenge, refused if there is none of that number.
        function challengeAt(uint64 id) external view returns (Challenge memory);
        /// What the next challenge of an operator costs, wei; refused while it has as many as it may.
        function bondOf(address operator) external view returns (uint256);
        /// What an account may withdraw, wei.
        function creditOf(address account) external view returns (uint256);

        /// The contract was set up.
        event Initialized(Instance instance);
        /// An operator promised to hold a blob.
        event Held(uint64 indexed id, address indexed operator, bytes32 indexed root, uint64 length, uint64 until);
        /// Somebody asked for a chunk, by `deadline`.
        event Challenged(uint64 indexed id, uint64 indexed holding, address indexed operator, uint64 chunk, uint64 deadline, address challenger, uint256 bond);
        /// The answer came in time.
        event Answered(uint64 indexed id, address indexed operator);
        /// No answer came: `finder` had slash request `request` filed.
        event Failed(uint64 indexed id, uint64 indexed request, address indexed operator, address finder, bytes32 evidence);
        /// A challenge ended without a slash or an answer.
        event Released(uint64 indexed id);
        /// An account was sent what bonds gave it, wei.
        event Withdrawn(address indexed account, uint256 amount);

        /// An answer time shorter than an epoch, a part to slash and a bond below 2^80 wei are needed.
        error BadService();
        /// The hub has another slasher for the service: register it with this contract as its slasher, then initialise.
        error NotSlasher(uint32 service, address slasher);
        /// A blob has at least a byte and at most `max`.
        error BadLength(uint64 length, uint64 max);
        /// A blob is held at least a second and at most 366 days.
        error BadUntil(uint64 until, uint64 nowTime);
        /// No holding has this number.
        error HoldingUnknown(uint64 id);
        /// The operator no longer has to hold the blob, since then.
        error HoldingOver(uint64 id, uint64 until);
        /// A challenge of this holding went unanswered before.
        error HoldingLost(uint64 id);
        /// The blob has `count` chunks, numbered from 0.
        error ChunkOutOfRange(uint64 chunk, uint64 count);
        /// The bond is another: see `bondOf`.
        error WrongBond(uint256 needed, uint256 sent);
        /// The operator has as many open challenges as it may. Wait until one is answered or failed.
        error TooManyOpen(address operator, uint8 max);
        /// No challenge has this number.
        error ChallengeUnknown(uint64 id);
        /// The challenge is answered, failed or released.
        error NotOpen(uint64 id);
        /// The deadline has passed.
        error AnswerTooLate(uint64 id, uint64 deadline);
        /// It is not the chunk that was asked for, or the proof is not of it.
        error WrongChunk(uint64 id);
        /// It can still be answered, until then, Unix seconds.
        error NotDue(uint64 id, uint64 deadline);
        /// The slash can still be filed, by `slash`.
        error StillSlashable(uint64 id);
        /// No bond waits for the account.
        error NothingToWithdraw(address account);
    }
}
