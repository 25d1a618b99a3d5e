//! Exits: the tickets of redemption batches.

interface! {
    /// Exits: tickets in the vault's redemption batches, one batch for each epoch.
    ///
    /// A ticket is a right to a part of a batch. Its shares stay in the supply, earn and bleed, until the batch settles two
    /// epochs and the grace later; then it is paid in kind. No role can stop a request or a claim. Trusts its vault for
    /// the amounts, and the vault trusts it for who owns which ticket.
    ///
    /// An owner has one ticket for each epoch: `ticketId = epoch << 160 | owner`. Requests add to it. Its epoch is the
    /// `requestId` and its owner the `controller` of the ERC-7540 views.
    interface IExits {
        /// The right of an account to a part of a batch.
        struct Ticket {
            address owner;
            uint64 epoch;
            uint256 shares;
            /// Already claimed, by asset in the vault's order.
            uint256[] taken;
            /// Shares of bonds and cover already claimed.
            uint256 takenShares;
        }

        /// The side pocket of a failed asset.
        struct Pocket {
            /// Names its holders; zero before it is opened.
            bytes32 root;
            /// Shares of all holders.
            uint256 shares;
            /// Wei that ever came in.
            uint256 received;
            /// Wei that left.
            uint256 paid;
        }

        /// Wires the contract; `entryCode` is the code hash of entries, zero for none. Once, by its deployer. Emits `Initialized`.
        function init(address vault, bytes32 entryCode) external;
        /// Puts `shares` of the caller into the batch of the current epoch, on the ticket of `receiver`, who owns it from then on.
        /// Needs no approval. Anyone, of what is theirs. Emits `Requested`.
        function request(uint256 shares, address receiver) external returns (uint256 ticketId);
        /// Gives `shares` of a ticket back to its owner, the caller, while its epoch is open. The owner of the ticket. Emits `Cancelled`.
        function cancel(uint256 ticketId, uint256 shares) external;
        /// Pays the owner of a ticket what it may claim now, in every asset. Anyone. May be called again: a batch may be
        /// filled in parts, what a slash request holds back follows its decision, and an asset whose transfer failed
        /// stays claimable. Shares of bonds and cover that make an executed slash good come with it. Emits `Claimed`.
        function claim(uint256 ticketId) external returns (uint256[] memory amounts);
        /// `claim`, paid to `receiver`. The owner of the ticket or its operator. A contract with the code of entries may too: it has asked the
        /// owner. Emits `Claimed` and `PaidTo`.
        function claimTo(uint256 ticketId, address receiver) external returns (uint256[] memory amounts);
        /// Lets `operator` claim the tickets of the caller to whomever it says, or no more. Anyone, of what is theirs. Emits `OperatorSet`.
        function setOperator(address operator, bool approved) external returns (bool done);
        /// Gives a ticket of the caller to `to`, where it joins the ticket of the same epoch. The owner of the ticket. Emits `TicketTransferred`.
        function transferTicket(uint256 ticketId, address to) external returns (uint256 newTicketId);

        /// Names who held shares when `asset` moved to its side pocket: the root of a Merkle tree with a leaf
        /// `keccak256(keccak256(account, shares))` for each, owners of tickets included, and the sum of their shares. Once.
        /// Governor. Emits `PocketOpened`.
        function openPocket(address asset, bytes32 root, uint256 shares) external;
        /// Pays `account`, which held `shares` when `asset` was pocketed, its part of all that came into the pocket so far. Anyone. May be
        /// called again when more came in. Emits `PocketClaimed`.
        function claimPocket(address asset, address account, uint256 shares, bytes32[] calldata proof) external returns (uint256 amount);

        /// The side pocket of an asset.
        function pocket(address asset) external view returns (Pocket memory);
        /// What `account` took out of the side pocket of `asset`.
        function pocketTaken(address asset, address account) external view returns (uint256 amount);
        /// Whether `operator` may claim the tickets of `owner` to whomever it says.
        function isOperator(address owner, address operator) external view returns (bool approved);
        /// The code hash of entries: contracts that ask the owner of a ticket before they claim it; zero for none.
        function entryCode() external view returns (bytes32 codeHash);
        /// The vault whose batches these are.
        function vault() external view returns (address);
        /// The ticket, refused if it does not exist or is finished.
        function ticket(uint256 ticketId) external view returns (Ticket memory);
        /// Wei of each asset that a claim would pay now.
        function claimable(uint256 ticketId) external view returns (uint256[] memory amounts);
        /// Shares of bonds and cover that a claim would pay now.
        function claimableShares(uint256 ticketId) external view returns (uint256 shares);
        /// ERC-7540: shares of `controller` in the batch of epoch `requestId` that are not paid yet.
        function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256 shares);
        /// ERC-7540: shares of `controller` in the batch of epoch `requestId` that are paid, until the ticket is finished.
        function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256 shares);

        /// The contract was wired.
        event Initialized(address vault, bytes32 entryCode);
        /// `owner` gave `shares` up; `receiver` owns the ticket, which now has `total`.
        event Requested(uint256 indexed ticketId, address indexed owner, address indexed receiver, uint64 epoch, uint256 shares, uint256 total);
        /// Shares were taken back; `left` remain on the ticket.
        event Cancelled(uint256 indexed ticketId, address indexed owner, uint256 shares, uint256 left);
        /// `shares` are those of bonds and cover; `finished` says that the ticket is gone: nothing can follow.
        event Claimed(uint256 indexed ticketId, address indexed owner, uint256[] amounts, uint256 shares, bool finished);
        /// A claim was paid to another account than the ticket's owner, at the word of `caller`.
        event PaidTo(uint256 indexed ticketId, address indexed caller, address indexed receiver);
        /// `operator` may, or may no longer, claim for `controller`.
        event OperatorSet(address indexed controller, address indexed operator, bool approved);
        /// A ticket changed hands; its shares are on `newTicketId` now.
        event TicketTransferred(uint256 indexed ticketId, uint256 indexed newTicketId, address from, address to, uint256 shares);

        /// The holders of a side pocket were named.
        event PocketOpened(address indexed asset, bytes32 root, uint256 shares);
        /// A holder was paid its part of a side pocket.
        event PocketClaimed(address indexed asset, address indexed account, uint256 amount);

        /// The holders of this pocket are named, for ever.
        error PocketIsOpen(address asset);
        /// The proof does not lead from this account and these shares to the pocket's root.
        error NotInPocket(address asset, address account, uint256 shares);
        /// Nothing more of the pocket is for this account now: it took its part of all that came in.
        error NothingInPocket(address asset, address account);
        /// There is no such ticket: never requested, cancelled, or paid in full.
        error NoTicket(uint256 ticketId);
        /// Only the owner of a ticket may cancel or transfer it; only the owner and its operators may have somebody else paid.
        error NotTicketOwner(uint256 ticketId, address caller);
        /// The ticket has `shares`, and the call asks for `asked`.
        error NotEnoughInTicket(uint256 ticketId, uint256 shares, uint256 asked);
        /// Nothing of the ticket can be claimed now: its batch is not settled, or what was settled is claimed. `claimable` tells
        /// what a claim would pay.
        error NothingToClaim(uint256 ticketId);
    }
}
