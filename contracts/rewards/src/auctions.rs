//! Auctions of tokens that are not the vault's assets.

use alloy_primitives::{Address, U256};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::IRewards::{self, AuctionSet, BadAuction, IsAsset, LotOpened, LotSold, bidCall};
use weir_protocol::{
    rewards::{self, Auction, RewardsStore},
    vault::stream_ends,
};
use weir_shell::{Outcome, access, lock, log, token};

use crate::refusal::checked;
use crate::store::{Known, Store, assets, clock, index_of, narrow, stream};

pub fn set(vm: &VM, token: Address, auction: IRewards::Auction) -> Outcome<()> {
    access::only(vm, Known::Governor.address(vm))?;
    for_sale(vm, token)?;
    let rules = Auction {
        start_wad: narrow(auction.startWad)?,
        floor_wad: narrow(auction.floorWad)?,
        min_lot: narrow(auction.minLot)?,
        max_lot: narrow(auction.maxLot)?,
        asset: index_of(vm, auction.asset)?,
        fall_s: u32::try_from(auction.fallS).map_err(|_| BadAuction {})?,
    };
    let old = rewards::set_auction(&mut Store(vm), token, rules);
    let old_auction = shown(vm, &checked(token, old)?)?;
    log!(vm, AuctionSet [token] { oldAuction: old_auction, newAuction: auction });
    Ok(())
}

pub fn start(vm: &VM, token: Address) -> Outcome<U256> {
    lock::take()?;
    for_sale(vm, token)?;
    let balance = token::balance_of(vm, token, vm.contract_address())?;
    let now_s = vm.block_timestamp();
    let lot = rewards::open(&mut Store(vm), now_s, token, balance.saturating_to());
    let amount = U256::from(checked(token, lot)?.amount);
    log!(vm, LotOpened [token] { amount });
    lock::release();
    Ok(amount)
}

/// What it costs streams until the nearest end that a stream may have.
pub fn bid(vm: &VM, c: bidCall) -> Outcome<U256> {
    lock::take()?;
    let now_s = vm.block_timestamp();
    let (min_amount, max_cost) = (c.minAmount.saturating_to(), c.maxCost.saturating_to());
    let sale = rewards::bid(&mut Store(vm), now_s, c.token, min_amount, max_cost);
    let sale = checked(c.token, sale)?;
    let asset = asset_at(vm, sale.asset)?;
    let cost = U256::from(sale.cost);
    token::receive(vm, asset, cost)?;
    let [end, _] = stream_ends(&clock(vm), now_s);
    stream(vm, asset, sale.cost, end)?;
    let amount = U256::from(sale.amount);
    token::transfer(vm, c.token, c.to, amount)?;
    log!(vm, LotSold [token: c.token, bidder: vm.msg_sender()] { to: c.to, amount, cost });
    lock::release();
    Ok(cost)
}

pub fn auction(vm: &VM, token: Address) -> Outcome<IRewards::Auction> {
    shown(vm, &Store(vm).auction(token))
}

pub fn lot(vm: &VM, token: Address) -> Outcome<IRewards::Lot> {
    let store = Store(vm);
    let (auction, lot) = (store.auction(token), store.lot(token));
    let elapsed_s = vm.block_timestamp().saturating_sub(lot.opened_s);
    let is_open = lot.amount > 0;
    let cost = checked(token, auction.cost(lot.amount, elapsed_s))?;
    let restart_s = rewards::may_restart_s(&auction, &lot);
    Ok(IRewards::Lot {
        amount: U256::from(lot.amount),
        openedAt: U256::from(lot.opened_s),
        cost: U256::from(cost),
        restartAt: U256::from(if is_open { restart_s } else { 0 }),
    })
}

fn shown(vm: &VM, auction: &Auction) -> Outcome<IRewards::Auction> {
    let asset = if auction.fall_s > 0 {
        asset_at(vm, auction.asset)?
    } else {
        Address::ZERO
    };
    Ok(IRewards::Auction {
        asset,
        startWad: U256::from(auction.start_wad),
        floorWad: U256::from(auction.floor_wad),
        minLot: U256::from(auction.min_lot),
        maxLot: U256::from(auction.max_lot),
        fallS: U256::from(auction.fall_s),
    })
}

/// The rules only keep indices of assets, whose order never changes.
fn asset_at(vm: &VM, index: u8) -> Outcome<Address> {
    let assets = assets(vm)?;
    Ok(assets.get(usize::from(index)).copied().unwrap_or_default())
}

fn for_sale(vm: &VM, token: Address) -> Outcome<()> {
    if token == Known::Lrt.address(vm) || assets(vm)?.contains(&token) {
        return Err(IsAsset { token }.into());
    }
    Ok(())
}
