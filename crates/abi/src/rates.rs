//! Rates: what an asset is worth in ETH, within bounds.

interface! {
    /// Rates: the redemption value of each asset in ETH, read from its own contract and bounded in how fast it may move.
    ///
    /// A source is called with 150,000 gas and its answer read up to 32 bytes; its failure is a stale rate, never a
    /// revert. A value outside its bounds is suspicious and is not taken until a second source agrees or the governor accepts
    /// one. Trusts a source within these bounds, two that agree up to half and double, and its governor for what it accepts.
    interface IRates {
        /// Where an asset's rate comes from, and how far it may move.
        struct Source {
            /// Contract that is asked; zero for an asset that is worth exactly one ETH.
            address target;
            /// View without arguments that answers ETH per asset, scaled by 1e18.
            bytes4 selector;
            /// Most that the value may fall below the last accepted one, out of 1e18, a multiple of 1e9.
            uint64 maxDropWad;
            /// Most that the value may rise in a day, out of 1e18, a multiple of 1e9.
            uint64 maxGrowthPerDayWad;
            /// Contract that answers the market price; zero for none.
            address guard;
            /// View without arguments that answers the price in ETH per asset, scaled by 1e18.
            bytes4 guardSelector;
            /// Deposits are refused when the market is more than this under the rate, out of 1e18.
            uint64 guardMarginWad;
        }

        /// The rate of one asset.
        struct Quote {
            /// Last accepted, ETH per asset.
            uint256 rateWad;
            /// The lower of that and a suspicious value: what the floor rate uses.
            uint256 lowWad;
            /// The lower of the rate and the market guard: what a deposit is credited at; 0 if the guard refuses.
            uint256 creditWad;
            /// Since when that is the rate, Unix seconds; less the time that its source spent out of bounds.
            uint64 acceptedAt;
            /// 0 fresh, 1 stale, 2 suspicious.
            uint8 state;
        }

        /// Wires the contract. Once, by its deployer. Emits `Initialized`.
        function init(address vault, address governor) external;
        /// Adds or changes the source of an asset and takes its answer, or 1e18 without a target, as accepted. A new asset
        /// must be the vault's next: listed there before, and here in the same order. Governor. Emits `SourceSet` and
        /// `RateAccepted`.
        function listSource(address asset, Source calldata source) external;
        /// Names a contract that may confirm what the source of `asset` answers out of bounds: a value that it agrees with up to
        /// `marginWad` (at most a tenth), and that is between half and twice the accepted rate, is accepted. A `target` of zero takes it back,
        /// and so does `listSource`. Governor. Emits `SecondSet`.
        function setSecond(address asset, address target, bytes4 selector, uint64 marginWad) external;
        /// Takes `rateWad` as accepted now, for an asset with a source. Governor. Emits `RateAccepted`.
        function accept(address asset, uint256 rateWad) external;
        /// Asks every source, accepts what is within bounds, and answers in the vault's order. Anyone; the vault does
        /// before it prices. Emits `RateAccepted` and `RateSuspicious`.
        function poke() external returns (Quote[] memory quotes);

        /// What `poke` would answer now.
        function peek() external view returns (Quote[] memory quotes);
        /// The rates that were accepted last, in the vault's order; no source is asked.
        function accepted() external view returns (uint256[] memory ratesWad);
        /// Assets with a source, in the vault's order.
        function assets() external view returns (address[] memory);
        /// The source of an asset, refused if it has none here.
        function source(address asset) external view returns (Source memory);
        /// Who may confirm what is out of bounds, all zero for nobody; refused if the asset has no source here.
        function second(address asset) external view returns (address target, bytes4 selector, uint64 marginWad);
        /// What `init` was called with.
        function wiring() external view returns (address vault, address governor);

        /// The contract was wired.
        event Initialized(address vault, address governor);
        /// An asset got a source, or another; `index` is its place in the vault's order.
        event SourceSet(address indexed asset, uint256 index, Source source);
        /// The second source of an asset changed.
        event SecondSet(address indexed asset, address oldTarget, address newTarget, bytes4 selector, uint64 marginWad);
        /// A rate moved, was confirmed by a second source, was accepted by the governor, or its source is back within bounds.
        event RateAccepted(address indexed asset, uint256 oldRateWad, uint256 newRateWad);
        /// A source answered a value out of bounds, for the first time or another than before.
        event RateSuspicious(address indexed asset, uint256 acceptedWad, uint256 answeredWad);

        /// The asset has no source here. The governor lists one by `listSource`.
        error SourceUnknown(address asset);
        /// A drop of one or more, a growth over one a day, a margin over one (of a second source: over a tenth), bounds finer than 1e9, a selector without a contract, or
        /// a guard of an asset that has no source to hold it against.
        error BadSource(address asset);
        /// The vault's next asset is `expected`; zero if it has no more. List the asset in the vault first, and sources in
        /// its order.
        error OutOfOrder(address asset, address expected);
        /// The source gave no answer when it was listed. Check the contract and the selector.
        error SourceSilent(address asset, address target);
        /// A rate is above 0 and below 2^64 (18.4 ETH for one).
        error RateOutOfRange(uint256 rateWad);
    }
}
