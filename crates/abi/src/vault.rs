//! The vault: custody of the assets and the ledger.

interface! {
    /// The vault: custody of the assets, the ledger, epochs, exit batches, instant redemption and slashing.
    ///
    /// Trusts the tokens it lists to keep the ERC-20 rules (18 decimals, no fee on transfer, no rebasing), and
    /// measures deposits by the change of its balance. Trusts `exits` to say who owns which part of a batch, and `hub`
    /// to say which stake an undecided slash will take; each can call only what is marked with its name. Trusts
    /// `rates` for prices: only deposits, instant redemption and views read them. Its governor sets parameters, its
    /// guardian may pause deposits and instant redemption for a time; nobody can stop requests, settlement or claims.
    interface IVault {
        /// How the vault is wired and how it measures time, fixed for ever by `init`, but for the roles.
        struct Init {
            /// The share token, minted and burned by this vault alone.
            address lrt;
            /// Owns the tickets of exit batches and holds the shares in them.
            address exits;
            /// Decides slash requests.
            address hub;
            /// Magnitudes of the vault's stake.
            address allocator;
            /// Prices of the assets.
            address rates;
            /// Program of the vault for what roles call: run by delegate calls, in the vault's own storage.
            address control;
            /// Program of the vault for its views: run by delegate calls, in the vault's own storage.
            address views;
            /// Program of the vault for instant redemption: run by delegate calls, in the vault's own storage.
            address instant;
            /// Program of the vault for slashes: run by delegate calls, in the vault's own storage.
            address slash;
            /// Shares that stand behind slashes.
            address cover;
            /// Sets parameters.
            address governor;
            /// Pauses deposits and instant redemption.
            address guardian;
            /// Start of epoch 0, Unix seconds.
            uint64 genesis;
            /// Length of an epoch, seconds.
            uint64 epochLength;
            /// How long after the start of epoch e+2 what was unstaked in e stays slashable, seconds; below `epochLength`.
            uint64 slashGrace;
            /// Part of a gain above the high-water mark that is taken as a performance fee.
            uint256 feeBps;
        }

        /// Where each wei of one asset is. Only `idle`, `staked` and the two unbonding buckets count in the NAV.
        struct Ledger {
            /// In the vault, not slashable.
            uint256 idle;
            /// Secures services, slashable.
            uint256 staked;
            /// Unstaked in an even epoch, still slashable.
            uint256 unbondingEven;
            /// Unstaked in an odd epoch, still slashable.
            uint256 unbondingOdd;
            /// Set aside for exits that an undecided slash request holds back.
            uint256 held;
            /// Belongs to settled exits.
            uint256 owed;
            /// Slashed, to be pulled by the service's sink.
            uint256 due;
            /// Gains, retained fees and rewards that still drip into `idle`.
            uint256 unvested;
            /// What undecided requests will take and is not yet held: the part of the total that is nobody's yet.
            uint256 contested;
        }

        /// One asset and its parameters.
        struct Asset {
            address token;
            /// Most that deposits may raise the total of the asset to, wei.
            uint256 cap;
            /// Part of a deposit that buys no shares.
            uint256 depositFeeBps;
            Ledger ledger;
        }

        /// The exit batch of one epoch.
        struct Batch {
            /// All shares that entered it and were not cancelled.
            uint256 shares;
            /// Of these, shares that were not yet paid: they earn and bleed like any other.
            uint256 unfilled;
            /// Undecided or decided contingent claims tied to the batch, at most one for each request and fill.
            uint256 helds;
            /// Wei released to the batch so far, by asset, decided contingent claims included.
            uint256[] released;
            /// Shares of bonds and cover released to the batch so far.
            uint256 releasedShares;
        }

        /// The marginal fee on instant redemption over the vault's rolling net outflow, in ETH wei of value:
        /// `baseBps` at no outflow, `kinkBps` at `kinkValue`, `limitBps` at `limitValue`, straight in between.
        struct FeeCurve {
            uint256 baseBps;
            uint256 kinkBps;
            uint256 limitBps;
            uint256 kinkValue;
            /// No instant redemption takes the net outflow above this.
            uint256 limitValue;
            /// Over this long an outflow is forgotten, linearly, seconds.
            uint256 windowS;
        }

        /// Who has the fee shares. The treasury has the rest, and the part of a receiver that is zero.
        struct FeeSplit {
            address treasury;
            /// The junior tranche.
            address cover;
            uint256 coverBps;
            /// Keeps the part of the operators.
            address operators;
            uint256 operatorsBps;
        }

        /// The performance fee, as if what is due were taken now.
        struct Performance {
            /// Part of a gain above the mark.
            uint256 feeBps;
            /// The high-water mark of the rate, ETH per share: below it there is no fee.
            uint256 hwmWad;
            /// Fee shares that wait to be collected.
            uint256 uncollected;
            /// From this epoch on the fee may rise again.
            uint64 nextRise;
            FeeSplit split;
        }

        /// The vault in one answer, as if synced now and the performance fee that is due were taken.
        struct State {
            /// ETH per share.
            uint256 rateWad;
            /// ETH per share if every undecided slash is executed.
            uint256 floorRateWad;
            /// ETH wei.
            uint256 nav;
            /// Shares, those in exit batches included.
            uint256 supply;
            uint256 currentEpoch;
            /// Shares in closed batches that are not yet paid.
            uint256 pendingShares;
            /// Slash requests neither vetoed, executed nor lapsed.
            uint256 undecided;
            /// Rolling net outflow of instant redemption, ETH wei of value.
            uint256 netOutflow;
            /// Deposits are paused until then, 0 if not.
            uint256 depositsPausedUntil;
            /// Instant redemption is paused until then, 0 if not.
            uint256 instantPausedUntil;
            /// 0 fresh, 1 stale, 2 suspicious: the worst of the assets that the vault holds.
            uint256 rateState;
            uint256 targetIdleBps;
            /// Deposits, allocations and staking have ended for good; exits go on.
            bool retired;
        }

        /// What a slash that is filed now would cost, and whom, if nothing else happens until it is executed.
        struct WhatIf {
            /// Magnitude that it would take, out of `capacity`.
            uint64 delta;
            uint64 capacity;
            /// ETH per share now.
            uint256 rateWad;
            /// ETH per share once it is executed.
            uint256 rateAfterWad;
            /// ETH per share if every undecided slash is executed, with this one among them.
            uint256 floorRateWad;
            /// What is lost, ETH wei at the rates of now.
            uint256 loss;
            /// Of it, by the operator's bond.
            uint256 byBond;
            /// Of it, by cover.
            uint256 byCover;
            /// Of it, by everybody who holds shares.
            uint256 byHolders;
        }

        /// What a lender may rely on, in one answer, as if synced now.
        struct Health {
            /// ETH per share, at the last accepted rates.
            uint256 rateWad;
            /// The same at the lower of each accepted rate and a suspicious answer.
            uint256 lowRateWad;
            /// ETH per share if every undecided slash is executed, at the lower rates.
            uint256 floorRateWad;
            /// Of what time that is, Unix seconds: now while every rate is fresh, else since when the oldest that is not stands.
            uint256 updatedAt;
            /// How old that is, seconds.
            uint256 ageS;
            /// 0 fresh, 1 stale, 2 suspicious: the worst of the assets that the vault holds.
            uint256 rateState;
            /// Slash requests neither vetoed, executed nor lapsed.
            uint256 undecided;
            /// When a request made now would be paid, Unix seconds.
            uint256 exitAt;
        }

        // ------------------------------------------------------------------ set-up and parameters

        /// Wires the vault. Once, by its deployer. Emits `Initialized`.
        function init(Init calldata wiring) external;
        /// Adds an asset with 18 decimals, as the last in the vault's order. Governor. At most 8. Once there are shares its cap starts at 0.
        /// Emits `AssetListed`.
        function listAsset(address token, uint256 cap, uint256 depositFeeBps) external;
        /// Sets the most that deposits may raise the total of `token` to; 0 stops them. Once there are shares a raise is to twice the cap before
        /// this epoch's first at most, or to a twentieth of the NAV, and needs fresh rates. Governor. Emits `CapSet`.
        function setCap(address token, uint256 cap) external;
        /// Stops deposits of `token` for ever; what is there is paid out by exits like everything else. Governor. Emits
        /// `AssetDelisted`.
        function delist(address token) external;
        /// Moves all that counts of a delisted `token`, whose rate is not fresh, out of the NAV to what is due to the exits contract: its side
        /// pocket, which belongs to who holds shares now. Refused while a slash request is undecided. Governor. Emits `Pocketed`.
        function pocket(address token) external returns (uint256 amount);
        /// Sets the part of a deposit that buys no shares. Governor. Emits `DepositFeeSet`.
        function setDepositFee(address token, uint256 feeBps) external;
        /// Sets the fee on instant redemption and its limit. Governor. Emits `FeeCurveSet`.
        function setFeeCurve(FeeCurve calldata curve) external;
        /// Sets the part of each asset that stays idle for instant redemption. Governor. Emits `IdleTargetSet`.
        function setIdleTarget(uint256 targetBps) external;
        /// Pauses deposits for `durationS`, at most 3 days, or ends the pause with 0. Guardian. Emits `DepositsPaused`.
        function pauseDeposits(uint256 durationS) external;
        /// Pauses instant redemption for `durationS`, at most 3 days, or ends the pause with 0. Guardian. Emits
        /// `InstantPaused`.
        function pauseInstant(uint256 durationS) external;

        /// Sets the performance fee, at most 20 %, after taking what is due at the old one. Gains up to now are never billed at
        /// the new fee. It rises by 10 bps or a quarter of itself at most, and once an epoch. Governor. Emits `PerformanceFeeSet`.
        function setPerformanceFee(uint256 feeBps) external;
        /// Sets who has the fee shares from now on, those that wait included. Governor. Emits `FeeSplitSet`.
        function setFeeSplit(FeeSplit calldata split) external;

        // ------------------------------------------------------------------ in and out

        /// Takes `amount` of `asset` from the caller, who has approved it, and mints shares to `receiver`, priced at
        /// the vault's rate and the lower of the asset's rate and its market guard, rounded down.
        /// Refused if the shares are fewer than `minShares`, the floor rate is below `minFloorRate`, or it is later than
        /// `deadline`. Anyone. Emits `Deposited`.
        function deposit(address asset, uint256 amount, address receiver, uint256 minShares, uint256 minFloorRate, uint256 deadline) external returns (uint256 shares);
        /// `deposit` after an ERC-2612 permit of `amount` for the vault, signed by the caller, with the same `deadline`. A
        /// permit that fails (because somebody else used it first) is ignored; the transfer then needs the allowance. Anyone.
        function depositWithPermit(address asset, uint256 amount, address receiver, uint256 minShares, uint256 minFloorRate, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external returns (uint256 shares);
        /// Burns `shares` of the caller and pays `asset` to `receiver` at once, from idle that no batch and no undecided
        /// request needs, priced at the floor rate, less the fee. Refused below `minAmount` or after `deadline`. Anyone, of what is
        /// theirs. Emits `Redeemed`.
        function redeem(address asset, uint256 shares, address receiver, uint256 minAmount, uint256 deadline) external returns (uint256 amount);
        /// Closes and settles epochs that are due, a bounded number in one call. Anyone. `done` says that nothing is left.
        function sync() external returns (bool done);

        /// Pays a reward to who holds shares: takes `amount` of `asset`, at least 0.01, from the caller, who has approved it, and lets it
        /// vest at a constant rate until epoch `end` starts: an epoch away at least, and 30 days and 8 epochs at most. Anyone; the
        /// rewards contract does it for who names an operator. Emits `Streamed`.
        function stream(address asset, uint256 amount, uint64 end) external;

        /// Takes the performance fee that is due: `shares` are minted to the vault and wait to be collected. Deposits and instant
        /// redemption do the same by themselves. Anyone. Emits `FeeTaken` if there is a fee.
        function accrueFee() external returns (uint256 shares);
        /// Splits the fee shares that wait among their receivers. Anyone. Emits `FeesCollected`.
        function collectFees() external returns (uint256 treasury, uint256 cover, uint256 operators);

        /// Ends the vault if its rate is under a millionth of its high-water mark, while every rate is fresh: deposits, allocations and
        /// staking stop for good, exits go on. A slash of all that is left of the capacity does the same by itself. Anyone. Emits
        /// `Retired`.
        function retire() external;

        // ------------------------------------------------------------------ exits only

        /// Moves `shares` of `owner` into the batch of the current epoch, which it returns. The exits contract. It tells of it, by
        /// `Requested`.
        function enqueue(address owner, uint256 shares) external returns (uint64 epoch);
        /// Gives `shares` of the still open batch `epoch` back to `owner`. The exits contract. It tells of it, by `Cancelled`.
        function dequeue(address owner, uint64 epoch, uint256 shares) external;
        /// Pays `to` what `shares` of batch `epoch` may claim now, less `taken` by asset, each asset on its own: one whose
        /// transfer fails stays owed; and shares of bonds and cover, less `takenShares`. What is for the vault itself vests, and its
        /// shares burn. `finished` says that nothing can follow. The exits contract. It tells what
        /// was paid, by `Claimed`; this emits `ReleaseFailed` for what was not.
        function release(uint64 epoch, uint256 shares, uint256[] calldata taken, uint256 takenShares, address to) external returns (uint256[] memory paid, uint256 paidShares, bool finished);

        // ------------------------------------------------------------------ hub only

        /// Contests what slash request `id` of `delta` out of `capacity`, by `service` against `operator`, will take, and has bonds and cover lock what
        /// it is worth. Hub. Emits `Contested`.
        function contest(uint64 id, uint64 delta, uint64 capacity, uint8 scale, address operator, uint32 service) external returns (uint256[] memory losses);
        /// Takes what request `id` contested, with `delta` out of the present `capacity`, to be pulled by `sink`. The rate falls
        /// in this call. Hub. Emits `Slashed`.
        function execute(uint64 id, uint64 delta, uint64 capacity, uint8 scale, address sink) external returns (uint256[] memory losses);
        /// Ends the contest of a vetoed or lapsed request: what was held back goes to those it was held from. Hub. Emits `Lifted`.
        function lift(uint64 id) external;

        // ------------------------------------------------------------------ cover only

        /// Tells how many shares bonds and cover hold: the most that slashes could burn. The cover contract. It tells of it, by its
        /// own events.
        function setBurnable(uint256 shares) external;

        /// Sends `asset` that is due to `sink` to it. Anyone, of what is theirs; what burns at `0x…dEaD`, and what is for the exits contract, is for
        /// all to send. Emits `Pulled`.
        function pull(address asset, address sink) external returns (uint256 amount);

        // ------------------------------------------------------------------ views, as if synced now

        /// ETH per share, from the last accepted rates of the assets.
        function rate() external view returns (uint256 rateWad);
        /// ETH per share if every undecided slash is executed, with the shares of bonds and cover that burn then; at most the rate.
        function floorRate() external view returns (uint256 rateWad);
        /// The vault in one answer.
        function state() external view returns (State memory);
        /// What a lender may rely on, in one answer.
        function health() external view returns (Health memory);
        /// Tokens in the vault's order, in which every array of amounts is.
        function assets() external view returns (address[] memory);
        /// One asset, its parameters and its ledger; refused if not listed.
        function asset(address token) external view returns (Asset memory);
        /// What of `asset` streams to who holds shares: wei a second, what has not vested, and how much of the rate ends with the start of
        /// each of the next 8 epochs.
        function streams(address asset) external view returns (uint256 perSecond, uint256 left, uint256[] memory ending);
        /// The batch of an epoch, all zero if nobody asked to leave in it.
        function batch(uint64 epoch) external view returns (Batch memory);
        /// What `shares` of batch `epoch` may claim now, less `taken`, and of bonds and cover, less `takenShares`.
        function releasable(uint64 epoch, uint256 shares, uint256[] calldata taken, uint256 takenShares) external view returns (uint256[] memory amounts, uint256 paidShares);
        /// Slashed asset that waits for `sink`.
        function dueTo(address asset, address sink) external view returns (uint256 amount);
        /// The wiring and time of `init`, with the roles as they are now.
        function wiring() external view returns (Init memory);
        /// What a slash of `wad` of what `operator` has in `service` would cost, and whom. It is refused as its filing would be for what
        /// concerns the vault; the terms of the service may allow less.
        function whatIf(uint32 service, address operator, uint64 wad) external view returns (WhatIf memory);
        /// The rate as a part of its high-water mark, 1e18 at most.
        function backingRatio() external view returns (uint256 ratioWad);
        /// Bonds and cover, as a part of what is lost if the worst so many operators fail at once, three at most: `ratioWad` is the
        /// largest number if nothing is at risk. Both in ETH wei. A bond bears the losses of its own operator alone.
        function coverageRatio(uint8 operators) external view returns (uint256 ratioWad, uint256 firstLoss, uint256 worstLoss);
        /// The fee on instant redemption and its limit.
        function feeCurve() external view returns (FeeCurve memory);
        /// The performance fee, its mark and who has it.
        function performanceFee() external view returns (Performance memory);
        /// Shares that `deposit` would mint now.
        function previewDeposit(address asset, uint256 amount) external view returns (uint256 shares);
        /// What `redeem` would pay now, and the fee in it.
        function previewRedeem(address asset, uint256 shares) external view returns (uint256 amount, uint256 fee);
        /// Whether the vault is inside a call. Contracts that price by it refuse to answer meanwhile.
        function locked() external view returns (bool);

        // ------------------------------------------------------------------ events

        /// The vault was wired.
        event Initialized(Init wiring);
        /// An asset was added, at `index` of the vault's order.
        event AssetListed(address indexed token, uint256 index, uint256 cap, uint256 depositFeeBps);
        /// The cap of an asset changed.
        event CapSet(address indexed token, uint256 oldCap, uint256 newCap);
        /// An asset takes no more deposits, for ever; its cap was `oldCap`.
        event AssetDelisted(address indexed token, uint256 oldCap);
        /// What was left of a failed asset is its holders' of this moment, who have `supply` shares.
        event Pocketed(address indexed token, uint256 amount, uint256 supply);
        /// The deposit fee of an asset changed.
        event DepositFeeSet(address indexed token, uint256 oldBps, uint256 newBps);
        /// The fee on instant redemption changed.
        event FeeCurveSet(FeeCurve oldCurve, FeeCurve newCurve);
        /// The part that stays idle changed.
        event IdleTargetSet(uint256 oldBps, uint256 newBps);
        /// The performance fee changed. No fee is taken up to a rate of `hwmWad`.
        event PerformanceFeeSet(uint256 oldBps, uint256 newBps, uint256 hwmWad);
        /// The receivers of the fee shares changed.
        event FeeSplitSet(FeeSplit oldSplit, FeeSplit newSplit);
        /// A performance fee was taken: `shares` were minted to the vault. The mark of the rate is now `hwmWad`.
        event FeeTaken(uint256 shares, uint256 hwmWad);
        /// Fee shares went to their receivers.
        event FeesCollected(uint256 treasury, uint256 cover, uint256 operators);
        /// Deposits are paused until `newUntil`, Unix seconds; a time that has passed ends the pause.
        event DepositsPaused(uint256 oldUntil, uint256 newUntil);
        /// Instant redemption is paused until `newUntil`, Unix seconds; a time that has passed ends the pause.
        event InstantPaused(uint256 oldUntil, uint256 newUntil);

        /// Two members of the ledger row of an asset, by its index, as a call leaves them. `part` names them: 0 `idle` and `staked`, 1 `unbondingEven`
        /// and `unbondingOdd`, 2 what is unvested until the start of the next even and of the next odd epoch, 3 `held` and `contested`,
        /// 4 `owed` and `due`, 5 wei a second that stream and what of the streams has not vested. Emitted for each part that the call changed, so that the events alone rebuild every ledger.
        event LedgerChanged(uint8 indexed asset, uint8 indexed part, uint256 first, uint256 second);
        /// A deposit: `value` in ETH wei was credited after the deposit fee, `supply` is that after the mint.
        event Deposited(address indexed sender, address indexed receiver, address indexed asset, uint256 amount, uint256 shares, uint256 value, uint256 supply);
        /// A reward was paid: `amount` vests until epoch `end` starts, at `perSecond` wei.
        event Streamed(address indexed funder, address indexed asset, uint256 amount, uint64 end, uint256 perSecond);
        /// An instant redemption: `amount` was paid, `fee` drips back to the vault, `setAside` waits for undecided requests.
        event Redeemed(address indexed owner, address indexed receiver, address indexed asset, uint256 shares, uint256 amount, uint256 fee, uint256 setAside, uint256 supply);
        /// An epoch ended with `shares` in its batch; `pendingShares` are those of all closed batches not yet paid.
        event EpochClosed(uint64 indexed epoch, uint256 shares, uint256 pendingShares);
        /// A batch was paid for `filled` of its shares, which burned. `paid` and what is held back are by asset.
        event BatchSettled(uint64 indexed epoch, uint256 filled, uint256 unfilled, uint256 supply, uint256[] paid, uint256[] held);
        /// The transfer of one asset of a claim failed; it stays owed.
        event ReleaseFailed(uint64 indexed epoch, address indexed to, address indexed asset, uint256 amount);
        /// A slash request was filed. `losses`, by asset in the vault's order, are the most it can take.
        event Contested(uint64 indexed id, uint64 delta, uint64 capacity, uint256[] losses);
        /// A slash was executed. `heldReturned` came from what exits had left behind for it, `losses` are now due to `sink`. Of bonds
        /// and cover `burned` shares burned, and `given` went to tickets.
        event Slashed(uint64 indexed id, address indexed sink, uint64 delta, uint64 capacity, uint256[] losses, uint256[] heldReturned, uint256 burned, uint256 given);
        /// The vault has ended: exits alone go on. `rateWad` was under a millionth of `hwmWad`; both are zero if a slash took all that was
        /// left of the capacity.
        event Retired(uint256 rateWad, uint256 hwmWad);
        /// A slash request was vetoed or lapsed. What was held for it went to the batches it was held from, and to holders
        /// over time, by asset.
        event Lifted(uint64 indexed id, uint256[] toBatches, uint256[] toVesting);
        /// Slashed assets left for the sink of their service.
        event Pulled(address indexed asset, address indexed sink, uint256 amount);

        // ------------------------------------------------------------------ errors

        /// The token is not an asset of the vault. `assets` lists them.
        error AssetNotListed(address token);
        /// The token is an asset of the vault already.
        error AssetAlreadyListed(address token);
        /// The vault has as many assets as it can.
        error TooManyAssets(uint256 max);
        /// The asset takes no more deposits, for ever. Deposit another asset.
        error AssetIsDelisted(address token);
        /// Only a delisted asset moves to its side pocket. The governor delists it first, by `delist`.
        error AssetStillListed(address token);
        /// The asset's rate is fresh: it has not failed, and exits pay it out.
        error AssetNotFailed(address token);
        /// So many slash requests are undecided, and what they will take is nobody's yet. Wait for their decisions.
        error StillContested(uint256 undecided);
        /// Only tokens of 18 decimals are listed.
        error UnsupportedDecimals(address token, uint256 decimals);
        /// An epoch must be at least a minute and longer than the grace, and epoch 0 start no later than now.
        error BadEpochs(uint64 genesis, uint64 epochLength, uint64 slashGrace);
        /// Marginal fees must not fall along the curve, the kink must lie inside it, and the window be above zero.
        error BadFeeCurve();
        /// The performance fee may rise to `maxBps` at most for now.
        error FeeRiseTooSteep(uint256 bps, uint256 maxBps);
        /// The performance fee rose in this epoch already. It may again from `nextEpoch` on.
        error FeeRoseAlready(uint64 nextEpoch);
        /// No fee shares wait to be collected.
        error NoFees();

        /// A stream ends with the start of an epoch, from `first` to `last`.
        error BadStreamEnd(uint64 end, uint64 first, uint64 last);
        /// A stream brings `min` of its asset at least.
        error StreamTooSmall(uint256 amount, uint256 min);
        /// Nobody holds shares: who deposited first would have the reward. Deposit first.
        error NoHolders();

        /// Deposits are paused until then, Unix seconds. Exits go on.
        error DepositsArePaused(uint256 until);
        /// Instant redemption is paused until then, Unix seconds. The queue is never paused: use `request` of the exits.
        error InstantIsPaused(uint256 until);
        /// The deposit would raise the total of the asset to `attempted`, over its cap. Deposit less, or another asset.
        error AboveCap(address token, uint256 cap, uint256 attempted);
        /// A cap may rise to `maxCap` in this epoch at most: to twice what it was, or to a twentieth of the vault. An asset joins a vault that
        /// has shares with a cap of 0. Ask for less, and raise again next epoch.
        error CapRisesTooFast(address token, uint256 cap, uint256 maxCap);
        /// The vault has ended. Exits go on: use `request` of the exits, or `redeem`.
        error VaultRetired();
        /// The rate is not under a millionth of its mark: the vault goes on.
        error NotRetirable(uint256 rateWad, uint256 hwmWad);
        /// The vault's first deposit is worth less than 0.01 ETH.
        error FirstDepositTooSmall(uint256 value, uint256 minValue);
        /// The amount is too small for one wei of a share.
        error ZeroShares(uint256 amount);
        /// The deposit would mint fewer shares than its sender accepts: a rate moved. Quote again by `previewDeposit`.
        error BelowMinShares(uint256 minShares, uint256 shares);
        /// The floor rate is below what the sender accepts: a slash may have been filed. Look at the undecided requests
        /// before depositing.
        error FloorBelowMin(uint256 minFloorRate, uint256 floorRate);
        /// The supply would exceed what 96 bits hold.
        error SupplyTooLarge(uint256 supply);
        /// A rate that the call needs is stale (1) or suspicious (2). Deposits and instant redemption wait; the queue needs
        /// no rate.
        error RateNotFresh(address token, uint8 state);
        /// The token trades more than the margin under its rate on the market. Deposit another asset.
        error GuardRefuses(address token);
        /// The balance of the vault did not change by the amount of the transfer: the token takes a fee or rebases, and
        /// cannot be an asset.
        error BalanceMismatch(address token, uint256 expected, uint256 measured);

        /// The redemption would pay less than its sender accepts: a rate or the fee moved. Quote again by `previewRedeem`.
        error BelowMinAmount(uint256 minAmount, uint256 amount);
        /// The rolling net outflow would be `attempted`, ETH wei, over its limit. Redeem less, wait, or use the queue.
        error OutflowLimit(uint256 limitValue, uint256 attempted);
        /// Idle that no exit batch and no undecided request needs is less than the redemption. `token` is the asset that is
        /// short, not always the one redeemed. Redeem less, or use the queue.
        error InsufficientIdle(address token, uint256 available, uint256 needed);
        /// Shares exist and nothing backs them: none can be priced.
        error Worthless(uint256 supply);

        /// More epochs are due than one call may process: call `sync` first, repeatedly until it answers true.
        error SyncPending(uint64 nextEpoch);
        /// Shares can be taken back only while the batch is the open one. Claim it once it is settled.
        error EpochNotOpen(uint64 epoch, uint64 current);
        /// The batch has fewer shares than that.
        error BatchTooSmall(uint64 epoch, uint256 shares, uint256 needed);

        /// A slash request of this number was contested before.
        error RequestKnown(uint64 id);
        /// No undecided slash request has this number.
        error RequestUnknown(uint64 id);
        /// The vault has as many undecided slash requests as it can. One must be decided first.
        error TooManyRequests(uint256 max);
        /// A slash may not take more than the capacity.
        error BadDelta(uint64 delta, uint64 capacity);
        /// No slashed asset waits for this sink.
        error NothingDue(address asset, address sink);
    }
}
