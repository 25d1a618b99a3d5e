//! Exits: the tickets of redemption batches.

interface! {
    /// Exits: tickets in the vault's redemption batches, one batch for each epoch.
    ///
    /// A ticket is a right to a part of a batch. Its shares stay in the supply, earn and bleed, until the batch settles two
    /// epochs and the grace later; then it is paid in kind. No role can stop a request or a claim. Trusts its vault for
    /// the amounts, and the vault trusts it for who owns which ticket.
    ///
    /// `requestId` in the ERC-7540 views is the epoch of the batch.
    interface IExits {
        struct Ticket {
            address owner;
            /// Who is paid by a claim.
            address receiver;
            uint64 epoch;
            uint256 shares;
            /// Already claimed, by asset in the vault's order.
            uint256[] taken;
        }

        /// Wires the contract. Once, by its deployer. Emits `Initialized`.
        function init(address vault) external;
        /// Puts `shares` of the caller into the batch of the current epoch, for `receiver` to be paid. Needs no approval.
        /// Emits `Requested`.
        function request(uint256 shares, address receiver) external returns (uint256 ticketId);
        /// Returns the shares of a ticket to its owner, the caller, while its epoch is open. Emits `Cancelled`.
        function cancel(uint256 ticketId) external;
        /// Pays the receiver of a ticket what it may claim now, in every asset. Its owner, or its receiver. May be called again: a
        /// batch may be filled in parts, and what a slash request holds back follows its decision. Emits `Claimed`.
        function claim(uint256 ticketId) external returns (uint256[] memory amounts);
        /// Gives a ticket of the caller to `to`, who becomes its receiver too. Emits `TicketTransferred`.
        function transferTicket(uint256 ticketId, address to) external;
        /// Changes who is paid by a ticket of the caller. Emits `ReceiverSet`.
        function setReceiver(uint256 ticketId, address receiver) external;

        function vault() external view returns (address);
        /// The ticket, refused if it does not exist or is finished.
        function ticket(uint256 ticketId) external view returns (Ticket memory);
        /// Wei of each asset that a claim would pay now.
        function claimable(uint256 ticketId) external view returns (uint256[] memory amounts);
        /// The number of tickets ever made; they are numbered from 1.
        function ticketCount() external view returns (uint256);
        /// ERC-7540: shares of `controller` in the batch of epoch `requestId` that are not paid yet.
        function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256 shares);
        /// ERC-7540: shares of `controller` in the batch of epoch `requestId` that are paid and not claimed.
        function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256 shares);

        event Initialized(address vault);
        event Requested(uint256 indexed ticketId, address indexed owner, address indexed receiver, uint64 epoch, uint256 shares);
        event Cancelled(uint256 indexed ticketId, address indexed owner, uint64 epoch, uint256 shares);
        /// `finished` says that the ticket is gone: nothing can follow.
        event Claimed(uint256 indexed ticketId, address indexed receiver, uint256[] amounts, bool finished);
        event TicketTransferred(uint256 indexed ticketId, address indexed from, address indexed to);
        event ReceiverSet(uint256 indexed ticketId, address oldReceiver, address newReceiver);

        error NoTicket(uint256 ticketId);
        error NotTicketOwner(uint256 ticketId, address caller);
        error NothingToClaim(uint256 ticketId);
    }
}
