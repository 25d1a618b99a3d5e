//! A service whose operators sign what they saw at each height, and are slashed for signing twice.

interface! {
    /// An attestation service: operators sign (domain, height, payload), and whoever shows two signatures of one operator
    /// over different payloads at one height has the slash filed in the same call.
    ///
    /// The contract is the service's slasher: no person can file, and nobody can run ahead of the evidence. One instance
    /// serves one vault, named at the start, because an offender could otherwise have slashes filed against vaults of its
    /// own making until the service has no place left for others. Payloads are values (an oracle: a round's result is their
    /// median, weighted by stake) or hashes (a chain: a block is final once two thirds of the stake signed it). Who reads a
    /// result trusts that less than a third of the stake that the vault has in the service lies at once, and that what it
    /// would cost them, `slashWad` of that stake, is more than the lie brings in.
    interface IAttestation {
        /// What `init` fixes for ever.
        struct Instance {
            /// Where operators register and slashes are filed.
            address hub;
            /// Whose stake secures the service.
            address vault;
            /// Its number at the hub. Its slasher must be this contract.
            uint32 service;
            /// Tells what is signed from what other instances sign.
            bytes32 domain;
            /// When height 0 begins, Unix seconds, in or after the vault's first epoch.
            uint64 start;
            /// How long a height lasts, seconds.
            uint64 period;
            /// Part of its stake that an equivocation costs an operator, out of 1e18.
            uint64 slashWad;
            /// Whether payloads are values rather than hashes.
            bool values;
            /// The contract whose view is reported, for operators that read one; zero for block hashes.
            address target;
            /// That view, without arguments.
            bytes4 selector;
        }

        /// An operator's place, and the weight that it has this epoch.
        struct Seat {
            address operator;
            /// Slashable magnitude, out of 1e18 of the vault's stake.
            uint64 weight;
        }

        /// The result of a height.
        struct Round {
            uint64 height;
            /// The median, or the hash.
            bytes32 payload;
            /// When it became final, Unix seconds.
            uint64 finalAt;
            /// Weight that reported, or that signed the hash.
            uint64 weight;
            /// Out of so much.
            uint64 total;
        }

        /// Sets the contract up. Once, by its deployer. Emits `Initialized`.
        function init(Instance calldata instance) external;
        /// Gives an operator that takes part and has stake a seat, and notes its key. Anyone. Emits `Enrolled`.
        function enrol(address operator) external;
        /// Reports what an operator signed: 65 bytes, r, s and v. Anyone. The first payload counts; of a second one that
        /// differs the operator's weight is withdrawn, and the signature is there for all to see. Emits `Attested` or
        /// `Rival`, and `Finalized`.
        function attest(address operator, uint64 height, bytes32 payload, bytes calldata signature) external;
        /// Files the slash of an operator that signed two payloads at one height, once for each height. Anyone. The epoch of
        /// the offence is that in which the height began. Emits `Equivocation`.
        function slash(address operator, uint64 height, bytes32 payloadA, bytes calldata signatureA, bytes32 payloadB, bytes calldata signatureB) external returns (uint64 id);

        /// What `init` was called with.
        function instance() external view returns (Instance memory);
        /// What an operator signs, by EIP-712: `Attestation(address operator,bytes32 domain,uint64 height,bytes32 payload)`
        /// in the domain "Weir Attestation", version "1", of this chain and contract.
        function digest(address operator, uint64 height, bytes32 payload) external view returns (bytes32);
        /// The newest height that has begun; refused before the first.
        function height() external view returns (uint64);
        /// When a height begins, Unix seconds.
        function beginsAt(uint64 height) external view returns (uint64);
        /// Who has a seat, with the weights of the newest epoch in which somebody called.
        function roster() external view returns (Seat[] memory);
        /// When a key was first seen as an operator's and when another was seen in its place, Unix seconds; 0 if never.
        function keyTimes(address operator, address key) external view returns (uint64 since, uint64 until);
        /// What an operator reported at a height: zero if nothing, the highest word if it signed twice.
        function report(uint64 height, address operator) external view returns (bytes32);
        /// Whether an operator's equivocation at a height was filed.
        function isSlashed(address operator, uint64 height) external view returns (bool);
        /// The result of a height; refused while it is not final.
        function round(uint64 height) external view returns (Round memory);
        /// The result of the newest height that has one; refused if none has.
        function latest() external view returns (Round memory);

        /// The contract was set up.
        event Initialized(Instance instance);
        /// An operator has a seat, and signs with `key` from now on.
        event Enrolled(address indexed operator, address indexed key, uint64 weight);
        /// An operator's report counts.
        event Attested(address indexed operator, uint64 indexed height, bytes32 payload, uint64 weight, bytes signature);
        /// An operator signed another payload than the one it reported first, `first`: neither counts, and both signatures
        /// are evidence.
        event Rival(address indexed operator, uint64 indexed height, bytes32 first, bytes32 payload, bytes signature);
        /// A height has its result.
        event Finalized(uint64 indexed height, bytes32 payload, uint64 weight, uint64 total);
        /// `finder` proved that an operator signed twice; slash request `id` was filed with the hash of the evidence.
        event Equivocation(address indexed operator, uint64 indexed height, uint64 indexed id, address finder, bytes32 payloadA, bytes32 payloadB, bytes32 evidence);

        /// A period and a part to slash are needed, and heights begin in or after the vault's first epoch.
        error BadInstance();
        /// The hub has another slasher for the service: register it with this contract as its slasher, then initialise.
        error NotTheSlasher(uint32 service, address slasher);
        /// The height begins then, Unix seconds.
        error TooEarly(uint64 height, uint64 begins);
        /// An offence at that height can no longer be slashed, so a signature for it is worth nothing.
        error TooLate(uint64 height, uint64 offenceEpoch, uint64 current);
        /// Zero and the highest word are no payload.
        error BadPayload(bytes32 payload);
        /// A signature is 65 bytes: r, s of the lower half of the order, and v of 27 or 28.
        error BadSignature(bytes signature);
        /// The signature is that of `recovered`, and the operator's key is `expected`. Check domain, height, payload, chain
        /// and contract.
        error BadSigner(address expected, address recovered);
        /// The operator has no seat. Call `enrol`.
        error NotEnrolled(address operator);
        /// The operator has no stake in the service: the vault's curator has not allocated any.
        error NoStake(address operator);
        /// All seats are taken by operators with stake.
        error RosterFull(uint8 max);
        /// The operator reported this payload already.
        error AlreadyAttested(address operator, uint64 height);
        /// The operator signed two payloads at the height: nothing of it counts there any more.
        error Equivocated(address operator, uint64 height);
        /// Two signatures over the same payload prove nothing.
        error SamePayload(bytes32 payload);
        /// The key was never seen as the operator's. `enrol` notes the present one.
        error KeyUnknown(address operator, address key);
        /// The operator had another key when the height began.
        error KeyRetired(address operator, address key, uint64 since);
        /// The equivocation was filed before.
        error AlreadySlashed(address operator, uint64 height);
        /// The height is not final, or none is.
        error NotFinal(uint64 height);
    }
}
