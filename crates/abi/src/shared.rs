//! Errors that more than one contract reverts with.

interface! {
    /// Errors that more than one contract reverts with.
    ///
    /// A call that reverts leaves no trace. Errors of a nested call arrive unchanged: a client of `exits` may
    /// meet those of the vault.
    interface IShared {
        /// `caller` does not hold the role that this call asks for.
        error Unauthorized(address caller);
        /// `init` ran before. It runs once.
        error AlreadyInitialized();
        /// The contract is deployed and not yet wired: its deployer has not called `init`.
        error NotInitialized();
        /// The vault is inside another call: a token or a receiver tried to call back.
        error Reentrant();
        /// No function of the contract has this selector.
        error UnknownSelector(bytes4 selector);
        /// The arguments are not the canonical encoding of the function's parameters.
        error BadArguments(bytes4 selector);
        /// The contract takes no ether.
        error NotPayable(uint256 value);
        /// The amount does not fit in 128 bits, far above what the ledger can hold.
        error AmountTooLarge(uint256 amount);
        /// A sum, difference or product left its range: a bound elsewhere was broken. Nothing was changed.
        error Overflow();
        /// The address may not be zero here.
        error ZeroAddress();
        /// The amount may not be zero here.
        error ZeroAmount();
        /// A fee or share in basis points is over its limit, `maxBps`.
        error BpsTooHigh(uint256 bps, uint256 maxBps);
        /// `token` answered a transfer of `amount` to `to` with a revert or with false. Check balance, allowance and the
        /// token's own rules.
        error TransferFailed(address token, address to, uint256 amount);
        /// A contract of the protocol did not answer as its interface promises: it is wired to something else.
        error BadAnswer(address target, bytes4 selector);
        /// A name, a symbol or a description is at most 31 bytes long.
        error TextTooLong(uint256 length);
        /// The deadline of the call has passed. Quote again and send it anew.
        error Expired(uint256 deadline, uint256 nowTime);
        /// A pause may last `maxS` seconds at most.
        error PauseTooLong(uint256 durationS, uint256 maxS);
        /// The guardian may pause again only after as long as the last pause lasted: from `until` on, Unix seconds.
        error PauseCoolingDown(uint256 until);
    }
}
