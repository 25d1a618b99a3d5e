//! What sources may answer, and do instead.

use alloy_primitives::{Bytes, U256};
use alloy_sol_types::SolCall;
use weir_abi::IRates::{
    self, BadSource, OutOfOrder, RateAccepted, RateOutOfRange, RateSuspicious, SourceSet,
    SourceSilent, SourceUnknown, acceptCall, assetsCall, peekCall, pokeCall, sourceCall,
    wiringCall,
};
use weir_flows::evm::{self, Source};

use crate::world::{
    DAILY, DAY_S, ETHER, FRESH, GOVERNOR, RATE, STALE, SUSPICIOUS, TOKEN, World, no_source,
    source_of,
};

const WAD: u64 = 1_000_000_000_000_000_000;

#[test]
fn ether_is_worth_itself_and_a_token_what_its_source_answers() {
    let world = World::new();
    let quotes = world.poke().value;
    let now_s = world.stage.now_s();
    for (quote, rate) in quotes.iter().zip([WAD, RATE]) {
        let rate = U256::from(rate);
        assert_eq!(
            (quote.rateWad, quote.lowWad, quote.creditWad),
            (rate, rate, rate)
        );
        assert_eq!((quote.state, quote.acceptedAt), (FRESH, now_s));
    }
    assert_eq!(quotes.len(), 2);
    assert_eq!(
        world.stage.view(world.rates, &assetsCall {}),
        [ETHER, TOKEN]
    );
}

#[test]
fn a_rate_moves_within_its_bounds_and_time() {
    let world = World::new();
    world.stage.advance(DAY_S);
    world.answer(RATE + DAILY);
    assert_eq!(world.peek()[1].rateWad, U256::from(RATE + DAILY));
    let poked = world.poke();
    let [moved] = &poked.events::<RateAccepted>(world.rates)[..] else {
        panic!("{:?}", poked.logs);
    };
    assert_eq!(moved.asset, TOKEN);
    assert_eq!(moved.oldRateWad, U256::from(RATE));
    assert_eq!(moved.newRateWad, U256::from(RATE + DAILY));
    assert_eq!(poked.value[1].acceptedAt, world.stage.now_s());

    let again = world.poke();
    assert!(again.logs.is_empty(), "a rate that is repeated is no news");
    assert_eq!(again.value[1].rateWad, U256::from(RATE + DAILY));

    world.answer((RATE + DAILY) / 100 * 95 + WAD / 1_000);
    assert_eq!(world.poked().state, FRESH);
}

#[test]
fn a_value_out_of_bounds_is_not_taken_and_lowers_what_the_floor_uses() {
    let world = World::new();
    let half = U256::from(RATE / 2);
    world.answer(RATE / 2);
    assert_eq!(world.peek()[1].state, SUSPICIOUS);
    let poked = world.poke();
    let [suspicious] = &poked.events::<RateSuspicious>(world.rates)[..] else {
        panic!("{:?}", poked.logs);
    };
    assert_eq!((suspicious.asset, suspicious.answeredWad), (TOKEN, half));
    assert_eq!(suspicious.acceptedWad, U256::from(RATE));
    let quote = &poked.value[1];
    assert_eq!((quote.state, quote.rateWad), (SUSPICIOUS, U256::from(RATE)));
    assert_eq!(quote.lowWad, half);
    assert!(world.poke().logs.is_empty(), "once is enough");

    world.stage.advance(100 * DAY_S);
    assert_eq!(world.poked().state, SUSPICIOUS, "waiting does not help");

    world.answer(RATE);
    let back = world.poke();
    assert_eq!(back.value[1].state, FRESH);
    assert_eq!(back.events::<RateAccepted>(world.rates).len(), 1);
}

#[test]
fn the_governor_may_accept_what_is_out_of_bounds() {
    let world = World::new();
    world.answer(2 * RATE);
    assert_eq!(world.poked().state, SUSPICIOUS);
    let accept = |rate_wad: U256| {
        let call = acceptCall {
            asset: TOKEN,
            rateWad: rate_wad,
        };
        world.stage.send(GOVERNOR, world.rates, &call)
    };
    let accepted = accept(U256::from(2 * RATE)).unwrap();
    assert_eq!(accepted.events::<RateAccepted>(world.rates).len(), 1);
    let quote = world.poked();
    assert_eq!((quote.state, quote.rateWad), (FRESH, U256::from(2 * RATE)));

    for rate_wad in [U256::ZERO, U256::from(1) << 64, U256::MAX] {
        let refusal = accept(rate_wad).unwrap_err();
        assert_eq!(refusal.error::<RateOutOfRange>().rateWad, rate_wad);
    }
    for asset in [ETHER, GOVERNOR] {
        let call = acceptCall {
            asset,
            rateWad: U256::from(RATE),
        };
        let refusal = world.stage.send(GOVERNOR, world.rates, &call).unwrap_err();
        assert_eq!(refusal.error::<SourceUnknown>().asset, asset);
    }
}

#[test]
fn a_source_that_gives_no_word_is_stale_and_costs_no_more_than_its_gas() {
    let world = World::new();
    let usual = world.poke().gas;
    let mut codes = [
        Source::Reverts,
        Source::Loops,
        Source::AnswersBytes(0),
        Source::AnswersBytes(31),
        Source::AnswersBytes(1 << 20),
        Source::Writes,
    ]
    .map(|source| evm::source(&source))
    .to_vec();
    codes.push(Bytes::new());
    for code in codes {
        world.stage.set_code(world.source, code.clone());
        let poked = world.poke();
        let quote = &poked.value[1];
        assert_eq!(quote.state, STALE, "{code}");
        assert_eq!(
            (quote.rateWad, quote.lowWad),
            (U256::from(RATE), U256::from(RATE))
        );
        assert!(poked.logs.is_empty());
        assert!(poked.gas < usual + 150_000, "{code}: {} gas", poked.gas);
    }
    world.becomes(&Source::Answers);
    assert_eq!(world.poked().state, FRESH);
}

#[test]
fn a_source_that_asks_back_changes_nothing_but_its_answer() {
    let world = World::new();
    let usual = world.poke().gas;
    world.answer(RATE / 2);
    for (selector, news) in [(pokeCall::SELECTOR, 1), (peekCall::SELECTOR, 0)] {
        world.becomes(&Source::Asks {
            target: world.rates,
            selector,
        });
        let poked = world.poke();
        let quote = &poked.value[1];
        assert_eq!((quote.state, quote.rateWad), (SUSPICIOUS, U256::from(RATE)));
        assert_eq!(quote.lowWad, U256::from(RATE / 2));
        assert_eq!(poked.logs.len(), news, "an inner poke cannot write");
        assert!(poked.gas < usual + 160_000, "{} gas", poked.gas);
    }
}

#[test]
fn of_a_long_answer_only_the_first_word_counts() {
    let world = World::new();
    world.becomes(&Source::AnswersBytes(1 << 16));
    let quote = world.poked();
    assert_eq!((quote.state, quote.rateWad), (FRESH, U256::from(RATE)));
}

#[test]
fn a_value_that_is_no_rate_is_suspicious() {
    let world = World::new();
    for (answer, low) in [
        (U256::ZERO, 0),
        (U256::from(1) << 64, RATE),
        (U256::MAX, RATE),
    ] {
        world.set_slot_0(world.source, answer);
        let quote = world.poked();
        assert_eq!((quote.state, quote.lowWad), (SUSPICIOUS, U256::from(low)));
    }
}

#[test]
fn a_deposit_is_credited_at_the_market_under_the_rate_and_refused_far_under_it() {
    let world = World::new();
    let market = world.stage.place(evm::source(&Source::Answers));
    let source = IRates::Source {
        guard: market,
        guardSelector: [5, 6, 7, 8].into(),
        guardMarginWad: WAD / 50,
        ..source_of(world.source)
    };
    world.set_slot_0(market, U256::from(RATE));
    world.list(TOKEN, source.clone()).unwrap();
    let kept = world.stage.view(world.rates, &sourceCall { asset: TOKEN });
    assert_eq!(kept, source);
    let least = RATE / 100 * 98;
    for (price, credit) in [
        (RATE + 1, RATE),
        (RATE - 1, RATE - 1),
        (least, least),
        (least - 1, 0),
        (0, 0),
    ] {
        world.set_slot_0(market, U256::from(price));
        let quote = world.poked();
        assert_eq!(quote.creditWad, U256::from(credit), "{price}");
        assert_eq!((quote.state, quote.rateWad), (FRESH, U256::from(RATE)));
    }
    world.stage.set_code(market, evm::source(&Source::Reverts));
    assert_eq!(world.poked().creditWad, U256::ZERO);

    world.list(TOKEN, source_of(world.source)).unwrap();
    assert_eq!(world.poked().creditWad, U256::from(RATE));
}

#[test]
fn assets_come_in_the_order_of_the_vault() {
    let world = World::bare();
    let refusal = world.list(TOKEN, source_of(world.source)).unwrap_err();
    let refused: OutOfOrder = refusal.error();
    assert_eq!((refused.asset, refused.expected), (TOKEN, ETHER));

    let listed = world.list(ETHER, no_source()).unwrap();
    assert_eq!(listed.event::<SourceSet>(world.rates).index, U256::ZERO);
    assert_eq!(
        listed.event::<RateAccepted>(world.rates).newRateWad,
        U256::from(WAD)
    );
    let listed = world.list(TOKEN, source_of(world.source)).unwrap();
    assert_eq!(listed.event::<SourceSet>(world.rates).index, U256::from(1));
    assert_eq!(
        listed.event::<RateAccepted>(world.rates).newRateWad,
        U256::from(RATE)
    );

    let refusal = world.list(GOVERNOR, no_source()).unwrap_err();
    assert!(refusal.error::<OutOfOrder>().expected.is_zero());
    assert_eq!(world.stage.view(world.rates, &assetsCall {}).len(), 2);
}

#[test]
fn a_source_must_answer_a_rate_when_it_is_listed() {
    let world = World::new();
    world.answer(0);
    let refusal = world.list(TOKEN, source_of(world.source)).unwrap_err();
    assert!(refusal.error::<RateOutOfRange>().rateWad.is_zero());
    world.becomes(&Source::Reverts);
    let refusal = world.list(TOKEN, source_of(world.source)).unwrap_err();
    assert_eq!(refusal.error::<SourceSilent>().target, world.source);
}

#[test]
fn a_source_that_means_nothing_is_refused() {
    let world = World::new();
    let sound = source_of(world.source);
    let guarded = IRates::Source {
        guard: world.source,
        guardSelector: [1; 4].into(),
        guardMarginWad: WAD,
        ..sound.clone()
    };
    world.list(TOKEN, guarded.clone()).unwrap();
    for source in [
        IRates::Source {
            maxDropWad: WAD,
            ..sound.clone()
        },
        IRates::Source {
            maxDropWad: 1,
            ..sound.clone()
        },
        IRates::Source {
            maxGrowthPerDayWad: WAD + 1_000_000_000,
            ..sound.clone()
        },
        IRates::Source {
            maxGrowthPerDayWad: 1_000_000_001,
            ..sound.clone()
        },
        IRates::Source {
            guardMarginWad: 1,
            ..sound.clone()
        },
        IRates::Source {
            guardSelector: [1; 4].into(),
            ..sound.clone()
        },
        IRates::Source {
            guardMarginWad: WAD + 1,
            ..guarded.clone()
        },
        IRates::Source {
            selector: [1; 4].into(),
            ..no_source()
        },
        IRates::Source {
            maxDropWad: 1_000_000_000,
            ..no_source()
        },
        IRates::Source {
            guard: world.source,
            ..no_source()
        },
    ] {
        let refusal = world.list(TOKEN, source.clone()).unwrap_err();
        assert_eq!(refusal.error::<BadSource>().asset, TOKEN, "{source:?}");
    }
    assert_eq!(
        world.stage.view(world.rates, &sourceCall { asset: TOKEN }),
        guarded
    );
    let widest = IRates::Source {
        maxDropWad: WAD - 1_000_000_000,
        maxGrowthPerDayWad: WAD,
        ..sound
    };
    world.list(TOKEN, widest.clone()).unwrap();
    assert_eq!(
        world.stage.view(world.rates, &sourceCall { asset: TOKEN }),
        widest
    );
}

#[test]
fn the_wiring_is_what_init_was_told() {
    let world = World::bare();
    let wiring = world.stage.view(world.rates, &wiringCall {});
    assert_eq!(wiring.governor, GOVERNOR);
    assert!(!wiring.vault.is_zero());
    assert!(world.peek().is_empty());
}
