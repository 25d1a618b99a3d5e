//! Rewards: commission, the operators' part of the fee, auctions.

interface! {
    /// Rewards of one vault: streams with the commission of operators, their part of the performance fee, and auctions of tokens that
    /// are not the vault's assets.
    ///
    /// Holds commission and fee shares until their operator claims them, and tokens for sale; what streams is in the vault already.
    /// Trusts its vault, the vault's assets, and the allocator for who answers for which stake. Trusts no token that is sold: a
    /// lot is gone from the books before its token is called. Its governor says which tokens are sold and how; nobody can
    /// take what is another's.
    interface IRewards {
        /// How a token is sold. Prices are in wei of `asset` for 1e18 of the token.
        struct Auction {
            /// The asset of the vault that it is sold for.
            address asset;
            /// What a token costs when a lot opens.
            uint256 startWad;
            /// What it costs at least.
            uint256 floorWad;
            /// The least lot.
            uint256 minLot;
            /// The most that is in a lot.
            uint256 maxLot;
            /// In this time the price falls to the floor, seconds; 0 if the token is not for sale.
            uint256 fallS;
        }

        /// What is for sale of a token.
        struct Lot {
            /// All or nothing; 0 if no lot is open.
            uint256 amount;
            /// Since then, Unix seconds.
            uint256 openedAt;
            /// What it costs now.
            uint256 cost;
            /// From then on anybody may open it anew, Unix seconds.
            uint256 restartAt;
        }

        /// Who knows whom, fixed for ever by `init`.
        struct Wiring {
            address vault;
            address lrt;
            address allocator;
            /// Says which tokens are sold, and how.
            address governor;
        }

        /// Wires the rewards of `vault`. Once, by its deployer. Emits `Initialized`.
        function init(address vault, address governor) external;

        /// Pays a reward for the work of `operator`: takes `amount` of `asset` from the caller, who has approved it, keeps the
        /// operator's commission for it, and streams the rest in the vault until epoch `end` starts. Refused if the operator takes more
        /// than `maxCommissionBps`, and as `stream` of the vault is. Anyone. Emits `RewardFunded`.
        function fund(address asset, address operator, uint256 amount, uint64 end, uint256 maxCommissionBps) external returns (uint256 commission);
        /// Sets what the caller, an operator, takes of rewards, at most half: less at once, more from the next epoch on. Anyone, of what is
        /// theirs. Emits `CommissionSet`.
        function setCommission(uint256 bps) external;
        /// Divides the fee shares that came and are nobody's yet among the operators, by the magnitude of each that can be slashed now.
        /// Anyone. Emits `FeesShared`.
        function shareFees() external returns (uint256 shares);
        /// Sends what of `token`, an asset or the share token, waits for the caller to `to`. Anyone, of what is theirs. Emits
        /// `CommissionClaimed`.
        function claimCommission(address token, address to) external returns (uint256 amount);

        /// Sets how `token` is sold; it may be neither an asset of the vault nor its share token. Governor. Emits `AuctionSet`.
        function setAuction(address token, Auction calldata auction) external;
        /// Opens a lot of all of `token` that is here, up to the largest lot; anew if one has waited at its floor for as long as its
        /// price fell. Anyone. Emits `LotOpened`.
        function start(address token) external returns (uint256 amount);
        /// Buys the open lot of `token`, if it is `minAmount` at least and costs `maxCost` at most now; the asset is taken from the caller, who
        /// has approved it, and streams in the vault for an epoch at least. The lot goes to `to`. Anyone. Emits `LotSold`.
        function bid(address token, uint256 minAmount, uint256 maxCost, address to) external returns (uint256 cost);

        /// What an operator takes now, and what from epoch `from` on.
        function commission(address operator) external view returns (uint256 bps, uint256 nextBps, uint64 from);
        /// What of `token`, an asset or the share token, waits for an operator.
        function earned(address operator, address token) external view returns (uint256 amount);
        /// How a token is sold; all zero if it is not.
        function auction(address token) external view returns (Auction memory);
        /// The open lot of a token; all zero if none is.
        function lot(address token) external view returns (Lot memory);
        /// Who knows whom.
        function wiring() external view returns (Wiring memory);

        /// The rewards were wired.
        event Initialized(address vault, address governor);
        /// A reward was paid: `commission` of `amount` waits for the operator, the rest streams until epoch `end` starts.
        event RewardFunded(address indexed funder, address indexed operator, address indexed asset, uint256 amount, uint256 commission, uint64 end);
        /// An operator changed its commission; `newBps` counts from epoch `from` on.
        event CommissionSet(address indexed operator, uint256 oldBps, uint256 newBps, uint64 from);
        /// Fee shares were divided among operators; `rest` waits for the next time.
        event FeesShared(uint256 shares, uint256 rest);
        /// An operator claimed commission or fee shares.
        event CommissionClaimed(address indexed operator, address indexed token, address to, uint256 amount);
        /// How a token is sold changed.
        event AuctionSet(address indexed token, Auction oldAuction, Auction newAuction);
        /// A lot is for sale.
        event LotOpened(address indexed token, uint256 amount);
        /// A lot was sold. The cost streams in the vault.
        event LotSold(address indexed token, address indexed bidder, address to, uint256 amount, uint256 cost);

        /// The operator takes more than the funder accepts. Accept more, or wait until it takes less.
        error CommissionTooHigh(uint256 bps, uint256 maxBps);
        /// Nothing of the token waits for the caller.
        error NothingEarned(address token);
        /// No fee shares came that are not an operator's already. `collectFees` of the vault brings them.
        error NothingToShare();
        /// No operator has stake that can be slashed: the shares wait until one has.
        error NobodyEarns();
        /// The token is an asset of the vault, or its shares: stream it instead.
        error IsAsset(address token);
        /// The token is not for sale. The governor says which are.
        error NotForSale(address token);
        /// Prices and sizes must be above zero, the floor no higher than the start, the least lot no larger than the most, and worth 0.01 of
        /// the asset at the floor.
        error BadAuction();
        /// A lot of the token is open. Bid for it; from `until` on it may be opened anew.
        error LotOpen(uint256 until);
        /// No lot of the token is open. `start` opens one.
        error NoLot(address token);
        /// There is less of the token than the least lot, or than the bidder wants.
        error LotTooSmall(uint256 amount, uint256 min);
        /// The lot costs more than the bidder accepts. The price falls: wait, or accept more.
        error AboveMaxCost(uint256 cost, uint256 maxCost);
    }
}
