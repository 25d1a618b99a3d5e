//! Side pockets of failed assets: named once, paid to whom they belong.

use alloy_primitives::{Address, B256, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    IExits::{NotInPocket, Pocket, PocketClaimed, PocketOpened, claimPocketCall, openPocketCall},
    IVault::{AssetNotListed, assetsCall, wiringCall},
};
use weir_protocol::exits;
use weir_shell::{Outcome, access, call, lock, log, token};

use crate::{
    store::{self, Tickets},
    tickets::{enter, narrow, pocketed},
};

pub fn open(vm: &VM, c: openPocketCall) -> Outcome<()> {
    let vault = enter(vm)?;
    let (wiring,) = call::view(vm, vault, wiringCall {})?;
    access::only(vm, wiring.governor)?;
    // The shares in escrow are nobody's pocket, even if somebody lists them as an asset.
    if c.asset == wiring.lrt {
        return Err(AssetNotListed { token: c.asset }.into());
    }
    let index = index(vm, vault, c.asset)?;
    let opened = exits::open_pocket(&mut Tickets(vm), index, c.root, narrow(c.shares)?);
    pocketed(c.asset, opened)?;
    log!(vm, PocketOpened [asset: c.asset] { root: c.root, shares: c.shares });
    lock::release();
    Ok(())
}

pub fn claim(vm: &VM, c: claimPocketCall) -> Outcome<U256> {
    let vault = enter(vm)?;
    let index = index(vm, vault, c.asset)?;
    let (asset, account, shares) = (c.asset, c.account, c.shares);
    let tickets = &mut Tickets(vm);
    let root = exits::pocket(tickets, index).root;
    let keccak = |bytes: &[u8]| -> B256 { vm.native_keccak256(bytes) };
    if !exits::proves(root, account, shares, &c.proof, keccak) {
        return Err(NotInPocket {
            asset,
            account,
            shares,
        }
        .into());
    }
    let balance = narrow(token::balance_of(vm, asset, vm.contract_address())?)?;
    let amount = exits::take_pocket(tickets, index, account, narrow(shares)?, balance);
    let amount = U256::from(pocketed(asset, amount)?);
    token::transfer(vm, asset, account, amount)?;
    log!(vm, PocketClaimed [asset, account] { amount });
    lock::release();
    Ok(amount)
}

pub fn pocket(vm: &VM, asset: Address) -> Outcome<Pocket> {
    let index = index(vm, store::vault(vm), asset)?;
    let pocket = exits::pocket(&Tickets(vm), index);
    let balance = token::balance_of(vm, asset, vm.contract_address())?;
    let paid = U256::from(pocket.paid);
    Ok(Pocket {
        root: pocket.root,
        shares: U256::from(pocket.shares),
        received: balance.saturating_add(paid),
        paid,
    })
}

pub fn taken(vm: &VM, asset: Address, account: Address) -> Outcome<U256> {
    let index = index(vm, store::vault(vm), asset)?;
    Ok(U256::from(exits::pocket_taken(
        &Tickets(vm),
        index,
        account,
    )))
}

/// The place of an asset in the vault's order.
fn index(vm: &VM, vault: Address, asset: Address) -> Outcome<u8> {
    let (assets,) = call::view(vm, vault, assetsCall {})?;
    let index = assets.iter().position(|listed| *listed == asset);
    index
        .and_then(|index| u8::try_from(index).ok())
        .ok_or_else(|| AssetNotListed { token: asset }.into())
}
