//! The feed: what a share is worth, as lending markets and pools read it.

interface! {
    /// The feed of a share: Balancer's rate provider and Chainlink's `AggregatorV3Interface` over the vault's own rate.
    ///
    /// Redemption value, never a market price. The rate is that at the lower of each accepted rate and a suspicious answer,
    /// at once, and its time stands still meanwhile; a slash is in it in the transaction that executes it. An instance with
    /// `isFloor` answers the floor rate instead: what a share is worth if every undecided slash is executed.
    /// Every view reverts with `Reentrant` while the vault is inside a call. Trusts its vault alone.
    interface IFeed {
        /// Wires the feed to `vault`; `description` is at most 31 bytes. Once, by its deployer. Emits `Initialized`.
        function init(address vault, bool isFloor, string calldata description) external;

        /// Balancer's rate provider: ETH per share.
        function getRate() external view returns (uint256 rateWad);
        /// Chainlink: 18, the decimals of the answer.
        function decimals() external view returns (uint8);
        /// Chainlink: what is answered.
        function description() external view returns (string memory);
        /// Chainlink: 1.
        function version() external view returns (uint256);
        /// Chainlink: ETH per share. `updatedAt` is now while every rate is fresh, and else since when the oldest rate that is not
        /// stands; a round is numbered by it.
        function latestRoundData() external view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
        /// Chainlink: the latest round, by its number. No other is kept: refused with `RoundUnknown`.
        function getRoundData(uint80 id) external view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
        /// The vault this is the feed of, and whether the answer is the floor rate.
        function wiring() external view returns (address vault, bool isFloor);

        /// The feed was wired.
        event Initialized(address vault, bool isFloor, string description);

        /// Only the latest round is kept.
        error RoundUnknown(uint256 id, uint256 latest);
    }
}
