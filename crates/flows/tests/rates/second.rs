//! A second source confirms what is out of bounds, or does not.

use alloy_primitives::{Address, FixedBytes, U256};
use weir_abi::{
    IRates::{BadSource, RateAccepted, SecondSet, SourceUnknown, secondCall, setSecondCall},
    IShared::Unauthorized,
};
use weir_flows::{
    Refusal, Sent,
    evm::{self, Source},
};

use crate::world::*;

/// A hundredth: what the two may differ by.
const MARGIN: u64 = 10_000_000_000_000_000;

fn name(target: Address, margin_wad: u64) -> setSecondCall {
    let is_named = !target.is_zero();
    setSecondCall {
        asset: TOKEN,
        target,
        selector: FixedBytes(if is_named { [9; 4] } else { [0; 4] }),
        marginWad: margin_wad,
    }
}

fn set(
    world: &World,
    call: &setSecondCall,
) -> Result<Sent<weir_abi::IRates::setSecondReturn>, Refusal> {
    world.stage.send(GOVERNOR, world.rates, call)
}

/// A world whose token has a second source that answers `wad`.
fn confirmed_by(wad: u64) -> (World, Address) {
    let world = World::new();
    let second = world.stage.place(evm::source(&Source::Answers));
    world.set_slot_0(second, U256::from(wad));
    set(&world, &name(second, MARGIN)).unwrap();
    (world, second)
}

#[test]
fn a_second_source_that_agrees_confirms_what_is_out_of_bounds() {
    let suspect = RATE / 10 * 8;
    let (world, second) = confirmed_by(RATE);
    world.answer(suspect);
    assert_eq!(world.poked().state, SUSPICIOUS, "the second does not agree");

    // A hundredth of the answer is near enough, a wei more is not.
    world.set_slot_0(second, U256::from(suspect + suspect / 100 + 1));
    assert_eq!(world.peek()[1].state, SUSPICIOUS);
    world.set_slot_0(second, U256::from(suspect + suspect / 100));
    assert_eq!(world.peek()[1].state, FRESH);
    let poked = world.poke();
    assert_eq!(poked.events::<RateAccepted>(world.rates).len(), 1);
    let quote = &poked.value[1];
    assert_eq!((quote.state, quote.rateWad), (FRESH, U256::from(suspect)));
    assert_eq!(quote.lowWad, quote.rateWad);
    // From then on the first source is within bounds by itself.
    world.stage.set_code(second, evm::source(&Source::Reverts));
    assert_eq!(world.poked().state, FRESH);
}

#[test]
fn two_sources_that_share_a_mistake_of_scale_confirm_nothing() {
    for (suspect, state) in [
        (2 * RATE, FRESH),
        (2 * RATE + 1, SUSPICIOUS),
        (RATE / 2, FRESH),
        (RATE / 2 - 1, SUSPICIOUS),
        (RATE * 10, SUSPICIOUS),
        (RATE / 1_000, SUSPICIOUS),
        (0, SUSPICIOUS),
    ] {
        let (world, _) = confirmed_by(suspect);
        world.answer(suspect);
        assert_eq!(world.poked().state, state, "{suspect}");
    }
}

#[test]
fn a_second_source_that_fails_confirms_nothing_and_stops_nothing() {
    let (world, second) = confirmed_by(RATE);
    for source in [Source::Reverts, Source::AnswersBytes(31), Source::Loops] {
        world.stage.set_code(second, evm::source(&source));
        world.answer(RATE / 10 * 8);
        assert_eq!(world.peek()[1].state, SUSPICIOUS);
        world.answer(RATE);
        assert_eq!(world.peek()[1].state, FRESH, "it is not asked then");
    }
}

#[test]
fn the_governor_alone_names_a_second_source_and_takes_it_back() {
    let (world, second) = confirmed_by(RATE / 10 * 8);
    let seen = world.stage.view(world.rates, &secondCall { asset: TOKEN });
    assert_eq!((seen.target, seen.marginWad), (second, MARGIN));

    let call = name(ANYBODY, MARGIN);
    let refusal = world.stage.send(ANYBODY, world.rates, &call).unwrap_err();
    assert_eq!(refusal.error::<Unauthorized>().caller, ANYBODY);

    let back = set(&world, &name(Address::ZERO, 0)).unwrap();
    let event = back.event::<SecondSet>(world.rates);
    assert_eq!((event.oldTarget, event.newTarget), (second, Address::ZERO));
    world.answer(RATE / 10 * 8);
    assert_eq!(world.poked().state, SUSPICIOUS, "nobody confirms it");
    let seen = world.stage.view(world.rates, &secondCall { asset: TOKEN });
    assert_eq!((seen.target, seen.marginWad), (Address::ZERO, 0));
}

#[test]
fn another_source_needs_another_second() {
    let (world, _) = confirmed_by(RATE);
    world.list(TOKEN, source_of(world.source)).unwrap();
    let seen = world.stage.view(world.rates, &secondCall { asset: TOKEN });
    assert_eq!(seen.target, Address::ZERO);
}

#[test]
fn a_second_source_must_be_sound() {
    let (world, second) = confirmed_by(RATE);
    let mut silent = name(Address::ZERO, 0);
    silent.selector = FixedBytes([1; 4]);
    let tenth = 100_000_000_000_000_000;
    set(&world, &name(second, tenth)).unwrap();
    for call in [name(second, tenth + 1), name(Address::ZERO, 1), silent] {
        let refusal = set(&world, &call).unwrap_err();
        assert_eq!(refusal.error::<BadSource>().asset, TOKEN);
    }
    for asset in [ETHER, GOVERNOR] {
        let call = setSecondCall {
            asset,
            ..name(second, MARGIN)
        };
        let refusal = set(&world, &call).unwrap_err();
        assert_eq!(refusal.error::<SourceUnknown>().asset, asset);
    }
}
