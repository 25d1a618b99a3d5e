//! Rewards: streams, commission, auctions.

interface! {
    /// Rewards of one vault: streams with the commission of operators, and auctions of tokens that are not the vault's assets.
    ///
    /// Holds commission until its operator collects it, parts of streams until their epoch, and tokens for sale. Trusts its
    /// vault and the vault's assets. Trusts no token that is sold: a lot is gone from the books before its token is called. Its
    /// manager says which tokens are sold and how; nobody can take what is another's.
    interface IRewards {
        /// How a token is sold. Prices are in wei of `asset` for 1e18 of the token.
        struct Auction {
            /// The asset of the vault that it is sold for.
            address asset;
            /// What a token costs when the next lot opens.
            uint256 startWad;
            /// What it costs at least.
            uint256 floorWad;
            /// The least lot.
            uint256 minLot;
            /// The most that is in a lot.
            uint256 maxLot;
            /// In this time the price falls by half, seconds; 0 if the token is not for sale.
            uint256 halfLifeS;
        }

        /// Wires the rewards of `vault`. Once, by its deployer. Emits `Initialized`.
        function init(address vault, address manager) external;

        /// Pays a reward: takes `amount` of `asset` from the caller, who has approved it, keeps the commission for `operator`, and
        /// streams the rest to the vault in equal parts, one in each of `epochs` epochs, this one first; what is in the vault vests
        /// until the start of the epoch after the next. Refused if the operator takes more than `maxCommissionBps`, or if a part is
        /// under 0.001 of the asset. Anyone. Emits `StreamFunded`.
        function fund(address asset, address operator, uint256 amount, uint32 epochs, uint256 maxCommissionBps) external returns (uint256 commission);
        /// Sends the vault what of `asset` is due to it by now. Anyone; funding does it too. Emits `Pushed`.
        function push(address asset) external returns (uint256 amount);
        /// Sets what the caller, an operator, takes of rewards: less at once, more from the next epoch on. Anyone, for itself. Emits
        /// `CommissionSet`.
        function setCommission(uint256 bps) external;
        /// Sends the commission of `asset` that waits for the caller to `to`. Anyone, of what is theirs. Emits `CommissionCollected`.
        function collect(address asset, address to) external returns (uint256 amount);

        /// Sets how `token` is sold; it may not be an asset of the vault. Manager. Emits `AuctionSet`.
        function setAuction(address token, Auction calldata auction) external;
        /// Opens a lot of all of `token` that is here, up to the largest lot. Anyone. Emits `LotOpened`.
        function open(address token) external returns (uint256 amount);
        /// Buys the open lot of `token` at its price now, at most for `maxCost`; the asset is taken from the caller, who has approved
        /// it, and vests in the vault. The lot goes to `to`. Anyone. Emits `LotSold`.
        function bid(address token, uint256 maxCost, address to) external returns (uint256 cost);

        /// What an operator takes now, what from epoch `from` on.
        function commission(address operator) external view returns (uint256 bps, uint256 nextBps, uint64 from);
        /// Commission of `asset` that waits for an operator.
        function earned(address operator, address asset) external view returns (uint256 amount);
        /// What of `asset` goes to the vault in each epoch, as of the last one processed, and what is due to it now.
        function stream(address asset) external view returns (uint256 perEpoch, uint256 due);
        /// How a token is sold.
        function auction(address token) external view returns (Auction memory);
        /// The open lot of a token, since when it is, and what it costs now; all zero if none is open.
        function lot(address token) external view returns (uint256 amount, uint256 openedAt, uint256 cost);
        /// The vault, and who sets auctions.
        function wiring() external view returns (address vault, address manager);

        /// The rewards were wired.
        event Initialized(address vault, address manager);
        /// A reward was paid. `sent` went to the vault at once, what was due of other streams included; `perEpoch` follows in
        /// each epoch up to `last`.
        event StreamFunded(address indexed funder, address indexed operator, address indexed asset, uint256 amount, uint256 commission, uint256 sent, uint256 perEpoch, uint64 last);
        /// What was due of streams went to the vault.
        event Pushed(address indexed asset, uint256 amount);
        /// An operator changed its commission; `newBps` counts from epoch `from` on.
        event CommissionSet(address indexed operator, uint256 oldBps, uint256 newBps, uint64 from);
        /// An operator collected commission.
        event CommissionCollected(address indexed operator, address indexed asset, address to, uint256 amount);
        /// How a token is sold changed.
        event AuctionSet(address indexed token, Auction oldAuction, Auction newAuction);
        /// A lot is for sale.
        event LotOpened(address indexed token, uint256 amount);
        /// A lot was sold. The cost went to the vault.
        event LotSold(address indexed token, address indexed bidder, address to, uint256 amount, uint256 cost);

        /// The operator takes more than the funder accepts.
        error CommissionTooHigh(uint256 bps, uint256 maxBps);
        /// A stream lasts at least one epoch and at most `max`.
        error BadLength(uint256 epochs, uint256 max);
        /// The part of an epoch would be too small. Fund more, or for fewer epochs.
        error StreamTooSmall(uint256 part, uint256 min);
        /// Nothing of the asset is due.
        error NothingDue(address asset);
        /// The token is an asset of the vault: fund a stream with it.
        error IsAsset(address token);
        /// The token is not for sale.
        error NoAuction(address token);
        /// Prices, sizes and half-life must be above zero, the floor no higher than the start, the least lot no larger than the most.
        error BadAuction();
        /// A lot of the token is open already.
        error LotOpen(uint256 amount);
        /// No lot of the token is open. `open` one.
        error NoLot(address token);
        /// There is less of the token here than the least lot.
        error LotTooSmall(uint256 amount, uint256 min);
        /// The lot costs more than the bidder accepts. The price falls: wait, or accept more.
        error AboveMaxCost(uint256 cost, uint256 maxCost);
    }
}
