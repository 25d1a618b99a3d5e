//! What every call of the vault does first and last.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    ILrt::{burnCall, mintCall, transferByVaultCall},
    IShared::{AmountTooLarge, BpsTooHigh, NotInitialized},
    IVault::{self, FeeCurve, FeeTaken, SyncPending, TooManyAssets},
    words,
};
use weir_protocol::{
    math,
    units::{Amounts, BPS, MAX_ASSETS},
    vault::{self, Curve, Fee, FeeSplit, SYNC_STEPS, SyncSummary, VaultError, VaultStore},
};
use weir_shell::{Outcome, call, lock, log};

use crate::{refusal::checked, store::Store, wiring::Known};

/// A call that changes the vault: synced, locked until [`Entry::leave`].
#[derive(Debug)]
pub struct Entry<'a> {
    /// The host.
    pub vm: &'a VM,
    /// The vault's words.
    pub store: Store<'a>,
    /// The time of the call, Unix seconds.
    pub now_s: u64,
    /// Shares of settled batches, still in the escrow.
    settled_shares: u128,
}

impl<'a> Entry<'a> {
    /// Locks the vault and brings it to the present.
    ///
    /// # Errors
    /// `Reentrant`, `NotInitialized`, `SyncPending`.
    #[inline(never)]
    pub fn enter(vm: &'a VM) -> Outcome<Self> {
        let (entry, summary) = Self::begin(vm)?;
        done(&summary)?;
        Ok(entry)
    }

    fn begin(vm: &'a VM) -> Outcome<(Self, SyncSummary)> {
        lock::take()?;
        let now_s = vm.block_timestamp();
        let mut store = Store::new(vm);
        let summary = synced(vm, &mut store, now_s)?;
        let entry = Self {
            vm,
            store,
            now_s,
            settled_shares: summary.burned_shares,
        };
        Ok((entry, summary))
    }

    /// The result of an operation of the protocol.
    pub fn check<T>(&self, result: Result<T, impl Into<VaultError>>) -> Outcome<T> {
        checked(self.vm, result)
    }

    /// Writes the ledger back, before any token is called, and burns the shares of batches that the sync settled.
    #[inline(never)]
    pub fn commit(&mut self) -> Outcome<()> {
        self.store.commit();
        let settled = core::mem::take(&mut self.settled_shares);
        if settled > 0 {
            self.burn(Known::Exits.address(self.vm), U256::from(settled))?;
        }
        Ok(())
    }

    /// Unlocks the vault, at the end of the call.
    pub fn leave(self) {
        lock::release();
    }

    /// Makes shares.
    ///
    /// # Errors
    /// Those of the token.
    pub fn mint(&self, to: Address, shares: u128) -> Outcome<()> {
        let value = U256::from(shares);
        self.order(&words::calldata(mintCall { to, value }))
    }

    /// Makes the shares of a performance fee, if there is one: the vault holds them until they are collected. Emits `FeeTaken`.
    ///
    /// # Errors
    /// Those of the token.
    #[inline(never)]
    pub fn mint_fee(&self, fee: &Fee) -> Outcome<()> {
        if fee.shares > 0 {
            self.mint(self.vm.contract_address(), fee.shares)?;
            log!(self.vm, FeeTaken [] { shares: U256::from(fee.shares), hwmWad: U256::from(fee.hwm_wad) });
        }
        Ok(())
    }

    /// Destroys shares of `from`.
    ///
    /// # Errors
    /// Those of the token: `from` may have fewer.
    pub fn burn(&self, from: Address, value: U256) -> Outcome<()> {
        self.order(&words::calldata(burnCall { from, value }))
    }

    /// Moves shares into the escrow or out of it.
    ///
    /// # Errors
    /// Those of the token: `from` may have fewer.
    pub fn move_shares(&self, from: Address, to: Address, value: U256) -> Outcome<()> {
        self.order(&words::calldata(transferByVaultCall { from, to, value }))
    }

    #[inline(never)]
    fn order(&self, calldata: &[u8]) -> Outcome<()> {
        call::order(self.vm, Known::Lrt.address(self.vm), calldata)
    }

    /// Amounts of the listed assets.
    pub fn list(&self, amounts: &Amounts) -> Vec<U256> {
        self.store.list(amounts)
    }
}

/// Basis points; the protocol has a closer limit for each kind.
///
/// # Errors
/// `BpsTooHigh`.
pub fn bps(bps: U256) -> Outcome<u16> {
    if bps > U256::from(BPS) {
        let max_bps = U256::from(BPS);
        return Err(BpsTooHigh {
            bps,
            maxBps: max_bps,
        }
        .into());
    }
    Ok(bps.saturating_to())
}

/// Closes and settles what is due, as far as one call may; whether nothing is left.
pub fn sync(vm: &VM) -> Outcome<bool> {
    let (mut entry, summary) = Entry::begin(vm)?;
    entry.commit()?;
    entry.leave();
    Ok(summary.done)
}

/// The vault as if synced now, for a view.
///
/// # Errors
/// `Reentrant`, `NotInitialized`, `SyncPending`.
#[inline(never)]
pub fn view(vm: &VM) -> Outcome<Store<'_>> {
    lock::check()?;
    let mut store = Store::view(vm);
    done(&synced(vm, &mut store, vm.block_timestamp())?)?;
    Ok(store)
}

fn synced(vm: &VM, store: &mut Store<'_>, now_s: u64) -> Outcome<SyncSummary> {
    if store.settings().clock.epoch_s == 0 {
        return Err(NotInitialized {}.into());
    }
    checked(vm, vault::sync(store, now_s, SYNC_STEPS))
}

fn done(summary: &SyncSummary) -> Outcome<()> {
    if summary.done {
        Ok(())
    } else {
        let next = summary.next_epoch;
        Err(SyncPending { nextEpoch: next }.into())
    }
}

/// An amount as the ledger holds it.
pub fn narrow(amount: U256) -> Outcome<u128> {
    math::narrow(amount).map_err(|_| AmountTooLarge { amount }.into())
}

/// Amounts by asset; those beyond the list are zero.
pub fn amounts(list: &[U256]) -> Outcome<Amounts> {
    if list.len() > MAX_ASSETS {
        let max = U256::from(MAX_ASSETS);
        return Err(TooManyAssets { max }.into());
    }
    let mut amounts: Amounts = [0; MAX_ASSETS];
    for (amount, from) in amounts.iter_mut().zip(list) {
        *amount = narrow(*from)?;
    }
    Ok(amounts)
}

/// A split of the fee shares in the words of the interface, with the receivers as they are now.
pub fn fee_split(vm: &VM, split: FeeSplit) -> IVault::FeeSplit {
    IVault::FeeSplit {
        treasury: Known::Treasury.address(vm),
        cover: Known::FeesOfCover.address(vm),
        coverBps: U256::from(split.cover_bps),
        operators: Known::FeesOfOperators.address(vm),
        operatorsBps: U256::from(split.operators_bps),
    }
}

/// A curve in the words of the interface.
pub fn fee_curve(curve: &Curve) -> FeeCurve {
    FeeCurve {
        baseBps: U256::from(curve.base_bps),
        kinkBps: U256::from(curve.kink_bps),
        limitBps: U256::from(curve.limit_bps),
        kinkValue: U256::from(curve.kink_value),
        limitValue: U256::from(curve.limit_value),
        windowS: U256::from(curve.window_s),
    }
}
