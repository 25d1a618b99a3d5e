//! Assets and their sources.

use alloy_primitives::{Address, FixedBytes, U256};
use stylus_sdk::host::VM;
use weir_abi::{
    IRates::{
        BadSource, OutOfOrder, SecondSet, Source, SourceSet, SourceSilent, SourceUnknown,
        secondReturn, setSecondCall,
    },
    IVault,
};
use weir_protocol::{
    rates::{Bounds, check_margin},
    units::{WAD, WAD_MAGNITUDE},
};
use weir_shell::{Outcome, access, call, log};

use crate::{
    layout::{self, Feed, Head, View},
    take,
};

pub fn source(vm: &VM, asset: Address) -> Outcome<Source> {
    let head = Head::load(vm);
    let index = head.index(vm, asset).ok_or(SourceUnknown { asset })?;
    let mut source = Source {
        target: Address::ZERO,
        selector: FixedBytes::ZERO,
        maxDropWad: 0,
        maxGrowthPerDayWad: 0,
        guard: Address::ZERO,
        guardSelector: FixedBytes::ZERO,
        guardMarginWad: 0,
    };
    if let Some(feed) = head.feed(vm, index) {
        source.target = feed.view.target;
        source.selector = feed.view.selector;
        source.maxDropWad = feed.bounds.max_drop_wad;
        source.maxGrowthPerDayWad = feed.bounds.max_growth_per_day_wad;
        if feed.has_guard {
            let guard = layout::guard(vm, index);
            source.guard = guard.target;
            source.guardSelector = guard.selector;
            source.guardMarginWad = guard.number;
        }
    }
    Ok(source)
}

/// Adds an asset or changes its source, and takes the source's answer.
pub fn list(vm: &VM, asset: Address, source: Source) -> Outcome<()> {
    access::only(vm, layout::governor(vm))?;
    let (feed, guard) = check(&source).ok_or(BadSource { asset })?;
    let mut head = Head::load(vm);
    let index = match head.index(vm, asset) {
        Some(index) => index,
        None => append(vm, &mut head, asset)?,
    };
    let bit = 1u64.wrapping_shl(index as u32);
    let answer = match &feed {
        Some(feed) => {
            head.sourced |= bit;
            layout::set_feed(vm, index, feed);
            feed.view.ask(vm).ok_or(SourceSilent {
                asset,
                target: source.target,
            })?
        }
        None => {
            head.sourced &= !bit;
            U256::from(WAD)
        }
    };
    head.save(vm);
    layout::set_guard(vm, index, guard);
    log!(vm, SourceSet [asset] { index: U256::from(index), source });
    take(vm, index, answer)
}

pub fn second(vm: &VM, asset: Address) -> Outcome<secondReturn> {
    let (index, feed) = sourced(vm, asset)?;
    let second = if feed.has_second {
        layout::second(vm, index)
    } else {
        View::NONE
    };
    Ok(secondReturn {
        target: second.target,
        selector: second.selector,
        marginWad: second.number,
    })
}

/// Names who may confirm what is out of bounds, or nobody.
pub fn set_second(vm: &VM, c: setSecondCall) -> Outcome<()> {
    access::only(vm, layout::governor(vm))?;
    let (index, feed) = sourced(vm, c.asset)?;
    let old = second(vm, c.asset)?.target;
    let has_second = !c.target.is_zero();
    let is_sound = check_margin(c.marginWad).is_ok()
        && (has_second || c.selector.is_zero() && c.marginWad == 0);
    if !is_sound {
        return Err(BadSource { asset: c.asset }.into());
    }
    let view = View {
        target: c.target,
        selector: c.selector,
        number: c.marginWad,
    };
    layout::set_second(vm, index, view);
    layout::set_feed(vm, index, &Feed { has_second, ..feed });
    log!(vm, SecondSet [asset: c.asset] { oldTarget: old, newTarget: c.target, selector: c.selector, marginWad: c.marginWad });
    Ok(())
}

/// The index of an asset that has a source, and that source.
fn sourced(vm: &VM, asset: Address) -> Outcome<(u64, Feed)> {
    let head = Head::load(vm);
    let index = head.index(vm, asset).ok_or(SourceUnknown { asset })?;
    let feed = head.feed(vm, index).ok_or(SourceUnknown { asset })?;
    Ok((index, feed))
}

/// What to keep of a source, if it is sound.
fn check(source: &Source) -> Option<(Option<Feed>, View)> {
    let bounds = Bounds {
        max_drop_wad: source.maxDropWad,
        max_growth_per_day_wad: source.maxGrowthPerDayWad,
    }
    .check()
    .ok()?;
    let view = View {
        target: source.target,
        selector: source.selector,
        number: 0,
    };
    let guard = View {
        target: source.guard,
        selector: source.guardSelector,
        number: source.guardMarginWad,
    };
    let has_source = !view.target.is_zero();
    let has_guard = !guard.target.is_zero();
    let says_nothing = |view: &View| view.selector.is_zero() && view.number == 0;
    let is_sound = guard.number <= WAD_MAGNITUDE
        && (has_guard || says_nothing(&guard))
        && (has_source || says_nothing(&view) && bounds == Bounds::default() && !has_guard);
    let feed = if has_source {
        Some(Feed::new(view, bounds, has_guard)?)
    } else {
        None
    };
    is_sound.then_some((feed, guard))
}

/// Adds an asset, which must be the vault's next.
fn append(vm: &VM, head: &mut Head, asset: Address) -> Outcome<u64> {
    let index = head.count;
    let (order,) = call::view(vm, head.vault, IVault::assetsCall {})?;
    let expected = order.get(index as usize).copied().unwrap_or_default();
    if asset != expected || asset.is_zero() {
        return Err(OutOfOrder { asset, expected }.into());
    }
    layout::set_token(vm, index, asset);
    head.count = index.saturating_add(1);
    Ok(index)
}
