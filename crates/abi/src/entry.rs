//! The entry: one asset of a vault as ERC-7540 and ERC-7575 have it.

interface! {
    /// The entry: one asset of a vault as clients of ERC-4626, ERC-7540 and ERC-7575 expect it. Deposits are synchronous, redemptions are
    /// requests. One for each asset; `vault(asset)` of the share token finds it.
    ///
    /// Keeps no token and no allowance between calls: it knows who is whose operator here, and in which epochs an account has open
    /// requests. A request's ticket is its controller's own in the exits contract, which pays a ticket to another account only when its
    /// owner says so, by itself, by an operator there, or by an entry: the exits know the code of entries, and this code asks the controller.
    ///
    /// A redemption is paid in kind: a claim pays the receiver its part of every asset of the vault, and what it returns and logs as
    /// assets is the part in this entry's asset. Only a whole request is claimed. Trusts the vault, and what the vault trusts.
    interface IEntry {
        /// Wires the entry to a vault, which is wired, and to the asset that it is for. Once, by its deployer. Emits `Initialized`.
        function init(address vault, address asset) external;
        /// What `init` was called with, and the contracts of the vault that it calls.
        function wiring() external view returns (address vault, address asset, address lrt, address exits, address rates);

        /// ERC-165: whether this is ERC-165, ERC-7575, the operators of ERC-7540 or its asynchronous redemption.
        function supportsInterface(bytes4 interfaceId) external view returns (bool supported);
        /// The asset that this entry takes.
        function asset() external view returns (address token);
        /// The share token of the vault.
        function share() external view returns (address token);

        /// All that the vault holds, in whichever asset, in wei of this one, at the rates of now.
        function totalAssets() external view returns (uint256 assets);
        /// Shares for `assets` at the rates of now, without fee, guard and limits.
        function convertToShares(uint256 assets) external view returns (uint256 shares);
        /// Wei of this asset for `shares` at the rates of now, without fee; a redemption pays this value in all assets.
        function convertToAssets(uint256 shares) external view returns (uint256 assets);

        /// Most that a deposit may bring now; 0 when deposits are paused or refused.
        function maxDeposit(address receiver) external view returns (uint256 assets);
        /// Shares that `deposit` would mint now; refused with the reason for which the deposit would be, its cap included.
        function previewDeposit(uint256 assets) external view returns (uint256 shares);
        /// Takes `assets` from the caller, who has approved the entry, and deposits them for `receiver`, at whatever rate the vault has now:
        /// `IVault.deposit` takes limits. Anyone. Emits `Deposit`.
        function deposit(uint256 assets, address receiver) external returns (uint256 shares);
        /// Always 0: see `mint`.
        function maxMint(address receiver) external view returns (uint256 shares);
        /// Always refused: see `mint`.
        function previewMint(uint256 shares) external view returns (uint256 assets);
        /// Always refused: a wei of the asset may be worth more than a share's, so that an exact number of shares has no price. Nobody.
        function mint(uint256 shares, address receiver) external returns (uint256 assets);

        /// Puts `shares` of `owner`, who has approved the entry, into the batch of the current epoch, as a request of `controller`. The owner or
        /// its operator. Emits `RedeemRequest`. Refused in epoch 0, as a request with the id 0 means another thing.
        function requestRedeem(uint256 shares, address controller, address owner) external returns (uint256 requestId);
        /// Shares of `controller` in the batch of epoch `requestId` that are not paid yet.
        function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256 shares);
        /// Shares of `controller` in the batch of epoch `requestId` that a claim would pay now.
        function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256 shares);
        /// Shares of the oldest request of `controller` that can be claimed now, among those made through this entry in the last 192 epochs.
        function maxRedeem(address controller) external view returns (uint256 shares);
        /// What a claim of these pays in this entry's asset.
        function maxWithdraw(address controller) external view returns (uint256 assets);
        /// Claims the oldest request that can be claimed, of which `shares` must be all: the receiver is paid in every asset. The
        /// controller or its operator. Emits `Withdraw`.
        function redeem(uint256 shares, address receiver, address controller) external returns (uint256 assets);
        /// The same, where `assets` must be all that is paid in this entry's asset. The controller or its operator. Emits `Withdraw`.
        function withdraw(uint256 assets, address receiver, address controller) external returns (uint256 shares);
        /// Always refused, as ERC-7540 demands.
        function previewRedeem(uint256 shares) external view returns (uint256 assets);
        /// Always refused, as ERC-7540 demands.
        function previewWithdraw(uint256 assets) external view returns (uint256 shares);

        /// Lets `operator` request with shares of the caller and claim its requests here, or no more. Anyone, of what is theirs. Emits `OperatorSet`.
        function setOperator(address operator, bool approved) external returns (bool done);
        /// Whether `operator` may act for `controller` here.
        function isOperator(address controller, address operator) external view returns (bool approved);

        /// The entry was wired.
        event Initialized(address vault, address asset);
        /// `sender` deposited `assets` for `owner`, who got `shares`.
        event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares);
        /// `shares` of `owner` are in the batch of epoch `requestId`, whose claim `controller` has.
        event RedeemRequest(address indexed controller, address indexed owner, uint256 indexed requestId, address sender, uint256 shares);
        /// A request of `owner` over `shares` was claimed for `receiver`, who got `assets` of this entry's asset and its part of the others,
        /// of which the exits tell by `Claimed`.
        event Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares);
        /// `operator` may, or may no longer, act for `controller`.
        event OperatorSet(address indexed controller, address indexed operator, bool approved);

        /// `caller` is neither `account` nor an operator of it. `account` names one by `setOperator`; an allowance of shares is not
        /// enough, as the share token is another contract: its holder takes the shares first.
        error NotOperator(address account, address caller);
        /// The entry sells no exact number of shares. Use `deposit`.
        error NoMint();
        /// What a claim pays is not known before, as ERC-7540 has it. `maxRedeem` and `maxWithdraw` tell for a controller.
        error NoPreview();
        /// A claim takes a whole request: `claimable` of it, and not `asked`. Nothing can be claimed if that is 0.
        error WholeRequestsOnly(uint256 claimable, uint256 asked);
        /// The vault is in its first epoch, whose number cannot name a request. Wait for the next, or use `request` of the exits.
        error NoRequestIdYet();
    }
}
