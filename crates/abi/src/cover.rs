//! Cover: the shares that stand behind slashes.

interface! {
    /// Cover: shares that stand behind slashes. Bonds of operators bear a loss first, cover second, holders the rest.
    ///
    /// First loss, not insurance: all of it is shares of the vault itself, worthless in a total loss. What a request has locked
    /// stays until it is decided; when it is executed it burns, but for the part that goes to tickets whose batch settled
    /// meanwhile. Bond and cover leave as stake does, two epochs and the grace after their notice. Services stake a part of each
    /// loss that they ask for, which a veto or a lapse gives to the vault's holders.
    ///
    /// Trusts its vault for what a loss is worth and for which requests are decided how, and the hub for who slashes for a service.
    /// The vault trusts it to hold what it has locked.
    interface ICover {
        /// What the contract was initialised with.
        struct Wiring {
            address vault;
            address lrt;
            address exits;
            address hub;
            /// What a filing stakes, as a part of the loss that it asks for.
            uint64 stakeBps;
            /// What an operator must have bonded, as a part of what it puts at risk.
            uint64 bondBps;
        }

        /// The bond of an operator.
        struct Bond {
            uint256 shares;
            /// Of these, locked for undecided requests.
            uint256 locked;
            /// Shares that have given notice.
            uint256 leaving;
            /// From when on these can be collected, Unix seconds; 0 without a notice.
            uint64 leavesAt;
        }

        /// Cover as a whole.
        struct Pool {
            uint256 shares;
            /// Of these, locked for undecided requests.
            uint256 locked;
            /// Units of all members.
            uint256 units;
            /// Shares that do not count yet.
            uint256 joining;
            /// Fees that vest into it.
            uint256 unvested;
            /// Since when something is locked without a break, Unix seconds; 0 if nothing is.
            uint64 lockedSince;
        }

        /// What a member of cover has.
        struct Member {
            uint256 units;
            /// What these are worth, rounded down.
            uint256 shares;
            /// Shares that do not count yet.
            uint256 joining;
            /// Units that have given notice.
            uint256 leaving;
            /// From when on these can be collected, Unix seconds; 0 without a notice.
            uint64 leavesAt;
        }

        /// What an undecided request has locked.
        struct Lock {
            address operator;
            uint32 service;
            uint256 fromBond;
            uint256 fromCover;
            /// What the service staked on it.
            uint256 stake;
        }

        /// Wires the contract to a vault that is wired already. Once, by its deployer. At most 1,000 bps of stake and 3,333 of bond.
        /// Emits `Initialized`.
        function init(address vault, uint64 stakeBps, uint64 bondBps) external;

        /// Adds `shares` of the caller, who has approved them, to the bond of `operator`. They count at once. Anyone. Emits `Bonded`.
        function bond(address operator, uint256 shares) external;
        /// Gives notice of `shares` of the caller's bond, instead of an earlier notice; 0 takes it back. An operator, for itself. Emits `Unbonding`.
        function unbond(uint256 shares) external returns (uint64 leavesAt);
        /// Pays an operator what has matured of its notice and is not locked. Anyone. Emits `BondCollected`.
        function collectBond(address operator) external returns (uint256 shares);

        /// Puts `shares` of the caller, who has approved them, into cover. They count from the next epoch on, once nothing is
        /// locked. Anyone. Emits `Entered`.
        function enter(uint256 shares) external returns (uint64 countsAt);
        /// Gives the caller back what does not count yet. Anyone, of what is theirs. Emits `EntryCancelled`.
        function cancelEntry() external returns (uint256 shares);
        /// Gives notice of `units` of the caller, instead of an earlier notice; 0 takes it back. A member, for itself. Emits `Leaving`.
        function leave(uint256 units) external returns (uint64 leavesAt);
        /// Pays a member for the units whose notice has matured, unless a request filed by then is undecided. Anyone. Emits `Collected`.
        function collect(address member) external returns (uint256 shares);
        /// Lets fees that have arrived vest into cover. Anyone. Emits `Earned`.
        function earn() external returns (uint256 shares);

        /// Adds `shares` of the caller, who has approved them, to what a service may stake. Anyone. Emits `Funded`.
        function fund(uint32 service, uint256 shares) external;
        /// Pays the caller `shares` of what a service may stake and has not. The slasher of the service. Emits `Defunded`.
        function defund(uint32 service, uint256 shares) external;
        /// Puts forfeited stakes into the open exit batch, on a ticket of the vault: what it is paid vests for all holders. Anyone.
        /// Emits `Surrendered`.
        function surrender() external returns (uint256 shares);

        /// Locks shares for a request whose loss is worth so many; answers those of bond and cover. The vault. Emits `Locked`.
        function lock(uint64 id, address operator, uint32 service, uint256 worth) external returns (uint256 locked);
        /// Ends the lock of a request; the shares of an executed one the caller takes itself. The vault. Emits `Unlocked`.
        function decide(uint64 id, bool executed) external;

        /// What `init` was called with, and what the vault answered.
        function wiring() external view returns (Wiring memory);
        /// The bond of an operator.
        function bondOf(address operator) external view returns (Bond memory);
        /// The shares that an operator with `magnitude` out of `capacity` must have bonded, at the present supply.
        function bondNeeded(uint64 magnitude, uint64 capacity) external view returns (uint256 shares);
        /// Refuses unless that much is bonded for the operator and neither locked nor leaving.
        function checkBond(address operator, uint64 magnitude, uint64 capacity) external view;
        /// What a filing against `operator` whose loss is worth so many shares would lock now, of bond and cover, and what it would stake.
        function quoteLock(address operator, uint256 worth) external view returns (uint256 fromBond, uint256 fromCover, uint256 stake);
        /// Bonds of all operators and cover, in shares, as of now: what could bear a loss.
        function backing() external view returns (uint256 shares);
        /// Cover as a whole, as of now.
        function pool() external view returns (Pool memory);
        /// What a member of cover has, as of now.
        function memberOf(address member) external view returns (Member memory);
        /// What a service may stake: what is free, and what is locked for undecided requests.
        function stakeOf(uint32 service) external view returns (uint256 free, uint256 locked);
        /// Forfeited stakes that wait for `surrender`.
        function forfeited() external view returns (uint256 shares);
        /// What an undecided request has locked; all zero for any other.
        function lockOf(uint64 id) external view returns (Lock memory);
        /// Shares that slashes may burn: bonds, cover, what joins it and what vests into it.
        function burnable() external view returns (uint256 shares);

        /// The contract was wired.
        event Initialized(address vault, uint64 stakeBps, uint64 bondBps);
        /// A bond rose to `total`.
        event Bonded(address indexed operator, address indexed from, uint256 shares, uint256 total);
        /// An operator gave notice of so much of its bond.
        event Unbonding(address indexed operator, uint256 shares, uint64 leavesAt);
        /// An operator was paid a part of its bond.
        event BondCollected(address indexed operator, uint256 shares);
        /// Shares entered cover; they count from then on, Unix seconds, or once nothing is locked.
        event Entered(address indexed member, uint256 shares, uint64 countsAt);
        /// Shares that did not count yet were taken back.
        event EntryCancelled(address indexed member, uint256 shares);
        /// A member gave notice of so many units.
        event Leaving(address indexed member, uint256 units, uint64 leavesAt);
        /// A member was paid for the units that had given notice.
        event Collected(address indexed member, uint256 shares);
        /// Fees vest into cover from now on.
        event Earned(uint256 shares);
        /// A service may stake more.
        event Funded(uint32 indexed service, address indexed from, uint256 shares);
        /// A service may stake less.
        event Defunded(uint32 indexed service, address indexed to, uint256 shares);
        /// Forfeited stakes left for the vault's holders, by the exit batch of the open epoch.
        event Surrendered(uint256 shares);
        /// A request locked so much of the operator's bond, of cover and of the service's stake, for a loss worth `worth` shares.
        event Locked(uint64 indexed id, address indexed operator, uint32 indexed service, uint256 worth, uint256 fromBond, uint256 fromCover, uint256 stake);
        /// A request was decided: executed, and bond and cover are gone and the stake is free; or not, and the stake is forfeited.
        event Unlocked(uint64 indexed id, bool executed, uint256 fromBond, uint256 fromCover, uint256 stake);

        /// The operator has bonded too little for what would be at risk through it: `bonded` shares are neither locked nor leaving.
        error BondTooSmall(address operator, uint256 bonded, uint256 needed);
        /// There are fewer shares or units, or fewer that are not locked.
        error NotEnoughShares(uint256 available, uint256 needed);
        /// The account has given no notice, or has nothing of it left. `unbond` or `leave` gives it.
        error NothingLeaving(address account);
        /// The notice has not matured. Collect from `at` on, Unix seconds.
        error NotMature(uint64 at);
        /// A request that was filed before the notice matured is undecided. Collect once it is decided.
        error CoverContested(uint64 filedAt);
        /// Everything that the account entered counts already, or it entered nothing.
        error NothingJoining(address account);
        /// No fees have arrived.
        error NothingEarned();
        /// No forfeited stake waits.
        error NothingForfeited();
        /// The service has staked too little for this filing. Anybody can `fund` it.
        error StakeTooSmall(uint32 service, uint256 free, uint256 needed);
        /// The request has locked shares before.
        error LockKnown(uint64 id);
        /// The request has locked nothing.
        error LockUnknown(uint64 id);
    }
}
