//! Commission only rises after a warning, what operators share is what came, and prices only fall.

use std::collections::HashMap;

use alloy_primitives::{Address, U256};
use weir_protocol::model::{Random, account};
use weir_protocol::rewards::{
    Auction, Lot, RewardsError, RewardsKey, RewardsStore, SHARES, Shared, Split, bid, claim,
    may_restart_s, open, price_wad, set_auction, set_commission, share, split,
};
use weir_protocol::units::WAD;

const OPERATOR: Address = account(60);
const OTHER: Address = account(61);
const TOKEN: Address = account(90);

#[derive(Default)]
struct Words(HashMap<RewardsKey, U256>);

impl RewardsStore for Words {
    fn load(&self, key: RewardsKey) -> U256 {
        self.0.get(&key).copied().unwrap_or_default()
    }

    fn save(&mut self, key: RewardsKey, word: U256) {
        self.0.insert(key, word);
    }
}

fn earned(words: &Words, operator: Address) -> u128 {
    words.amount(RewardsKey::Earned(SHARES, operator))
}

#[test]
fn commission_is_split_off_first_and_waits_for_its_operator() {
    let mut words = Words::default();
    set_commission(&mut words, OPERATOR, 1, 1_000).expect("in range");
    let parts = split(&mut words, OPERATOR, 2, 0, 10 * WAD + 9, 1_000);
    let expected = Split {
        commission: WAD,
        rest: 9 * WAD + 9,
    };
    assert_eq!(parts, Ok(expected));
    split(&mut words, OPERATOR, 2, 0, 10 * WAD, 1_000).expect("accepted");
    let nothing = Err(RewardsError::NothingEarned);
    assert_eq!(claim(&mut words, 1, OPERATOR), nothing);
    assert_eq!(claim(&mut words, 0, OTHER), nothing);
    assert_eq!(claim(&mut words, 0, OPERATOR), Ok(2 * WAD));
    assert_eq!(claim(&mut words, 0, OPERATOR), nothing);
}

#[test]
fn more_commission_counts_from_the_next_epoch_and_less_at_once() {
    let mut words = Words::default();
    let (old_bps, set) = set_commission(&mut words, OPERATOR, 5, 2_000).expect("in range");
    assert_eq!((old_bps, set.from), (0, 6));
    assert_eq!(words.commission(OPERATOR).at(5), 0);
    assert_eq!(words.commission(OPERATOR).at(6), 2_000);
    let high = RewardsError::CommissionTooHigh {
        bps: 2_000,
        max_bps: 1_999,
    };
    let free = split(&mut words, OPERATOR, 5, 0, WAD, 0).expect("nothing yet");
    assert_eq!((free.commission, free.rest), (0, WAD));
    assert_eq!(split(&mut words, OPERATOR, 6, 0, WAD, 1_999), Err(high));
    let (old_bps, set) = set_commission(&mut words, OPERATOR, 6, 500).expect("in range");
    assert_eq!((old_bps, set.from), (2_000, 6));
    assert_eq!(words.commission(OPERATOR).at(6), 500);
    // A rise that waits is replaced, not brought forward.
    set_commission(&mut words, OPERATOR, 6, 900).expect("in range");
    set_commission(&mut words, OPERATOR, 6, 800).expect("in range");
    assert_eq!(words.commission(OPERATOR).at(6), 500);
    assert_eq!(words.commission(OPERATOR).at(7), 800);
    let above = RewardsError::BpsTooHigh {
        bps: 5_001,
        max_bps: 5_000,
    };
    assert_eq!(set_commission(&mut words, OPERATOR, 6, 5_001), Err(above));
}

#[test]
fn operators_share_what_came_by_their_magnitudes() {
    let mut words = Words::default();
    let stakes = [(OPERATOR, 1), (OTHER, 2), (OPERATOR, 3)];
    let shared = share(&mut words, 600, &stakes).expect("somebody");
    let all = Shared {
        shares: 600,
        rest: 0,
    };
    assert_eq!(shared, all);
    assert_eq!(
        (earned(&words, OPERATOR), earned(&words, OTHER)),
        (400, 200)
    );
    // Only what is nobody's is divided, and what rounding leaves waits.
    let nothing = Err(RewardsError::NothingToShare);
    assert_eq!(share(&mut words, 600, &stakes), nothing);
    let shared = share(&mut words, 604, &stakes).expect("somebody");
    assert_eq!((shared.shares, shared.rest), (3, 1));
    assert_eq!(claim(&mut words, SHARES, OPERATOR), Ok(402));
    assert_eq!(share(&mut words, 202, &[(OTHER, 9)]).expect("one").rest, 0);
    assert_eq!(claim(&mut words, SHARES, OTHER), Ok(202));
    assert_eq!(words.amount(RewardsKey::Waiting), 0);
    let nobody = Err(RewardsError::NobodyEarns);
    assert_eq!(share(&mut words, 9, &[(OTHER, 0)]), nobody);
    assert_eq!(share(&mut words, 9, &[]), nobody);
}

#[test]
fn what_operators_can_claim_is_here_and_no_part_is_more_than_its_stake() {
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let mut words = Words::default();
        let mut balance = 0u128;
        for _ in 0..30 {
            balance += random.up_to(1_000 * WAD);
            let stakes: Vec<_> = (0..random.below(64))
                .map(|_| (account(random.below(6) as u8), random.bits()))
                .collect();
            let before = |operator| earned(&words, operator);
            let was: Vec<u128> = (0..6).map(account).map(before).collect();
            let fresh = balance - words.amount(RewardsKey::Waiting);
            let sum: u128 = stakes.iter().map(|(_, stake)| u128::from(*stake)).sum();
            if let Ok(shared) = share(&mut words, balance, &stakes) {
                assert_eq!(shared.shares + shared.rest, fresh);
                assert!(shared.rest < 6);
                for (operator, was) in (0..6).map(account).zip(was) {
                    let own = stakes.iter().filter(|(of, _)| *of == operator);
                    let own: u128 = own.map(|(_, stake)| u128::from(*stake)).sum();
                    let part = earned(&words, operator) - was;
                    let exact = U256::from(fresh) * U256::from(own) / U256::from(sum);
                    assert_eq!(U256::from(part), exact, "seed {seed}");
                }
            }
            let operator = account(random.below(6) as u8);
            balance -= claim(&mut words, SHARES, operator).unwrap_or(0);
            assert!(words.amount(RewardsKey::Waiting) <= balance);
        }
        for operator in (0..6).map(account) {
            claim(&mut words, SHARES, operator).ok();
        }
        assert_eq!(words.amount(RewardsKey::Waiting), 0);
    }
}

fn auction() -> Auction {
    Auction {
        start_wad: 4 * WAD,
        floor_wad: WAD,
        min_lot: WAD,
        max_lot: 10 * WAD,
        asset: 1,
        fall_s: 3_600,
    }
}

#[test]
fn a_price_falls_in_a_line_between_its_bounds_and_never_rises() {
    let auction = auction();
    for (seconds, price) in [
        (0, 4 * WAD),
        (1_200, 3 * WAD),
        (2_400, 2 * WAD),
        (3_600, WAD),
    ] {
        assert_eq!(price_wad(&auction, seconds), Ok(price));
    }
    assert_eq!(price_wad(&auction, u64::MAX), Ok(WAD));
    let mut random = Random::new(1);
    for _ in 0..2_000 {
        let start_wad = 1 + random.up_to(u128::MAX - 1);
        let auction = Auction {
            start_wad,
            floor_wad: 1 + random.up_to(start_wad - 1),
            fall_s: 1 + random.below(100_000) as u32,
            ..auction
        };
        let (early_s, later_s) = (random.below(150_000), random.below(100_000));
        let before = price_wad(&auction, early_s).expect("fits");
        let after = price_wad(&auction, early_s + later_s).expect("fits");
        assert!(after <= before && before <= auction.start_wad);
        assert!(after >= auction.floor_wad, "{auction:?}");
    }
}

#[test]
fn a_lot_is_sold_once_to_who_takes_it_as_it_is() {
    let mut words = Words::default();
    let none = open(&mut words, 0, TOKEN, 5 * WAD);
    assert_eq!(none, Err(RewardsError::NotForSale));
    let sale = bid(&mut words, 0, TOKEN, 0, WAD);
    assert_eq!(sale, Err(RewardsError::NotForSale));
    set_auction(&mut words, TOKEN, auction()).expect("sound");
    assert_eq!(bid(&mut words, 0, TOKEN, 0, WAD), Err(RewardsError::NoLot));
    let small = |amount, min| RewardsError::LotTooSmall { amount, min };
    assert_eq!(
        open(&mut words, 0, TOKEN, WAD - 1),
        Err(small(WAD - 1, WAD))
    );
    let lot = Lot {
        amount: 10 * WAD,
        opened_s: 50,
    };
    assert_eq!(open(&mut words, 50, TOKEN, 11 * WAD), Ok(lot));
    let at_s = 50 + 2_400;
    let above = RewardsError::AboveMaxCost {
        cost: 20 * WAD,
        max_cost: 20 * WAD - 1,
    };
    assert_eq!(bid(&mut words, at_s, TOKEN, 0, 20 * WAD - 1), Err(above));
    let fewer = RewardsError::LotTooSmall {
        amount: 10 * WAD,
        min: 10 * WAD + 1,
    };
    assert_eq!(
        bid(&mut words, at_s, TOKEN, 10 * WAD + 1, u128::MAX),
        Err(fewer)
    );
    let sale = bid(&mut words, at_s, TOKEN, 10 * WAD, 20 * WAD).expect("enough");
    assert_eq!(
        (sale.amount, sale.cost, sale.asset),
        (10 * WAD, 20 * WAD, 1)
    );
    let again = bid(&mut words, at_s, TOKEN, 0, u128::MAX);
    assert_eq!(again, Err(RewardsError::NoLot));
}

#[test]
fn a_lot_waits_at_its_floor_as_long_as_it_fell_and_may_be_opened_anew_after() {
    let mut words = Words::default();
    set_auction(&mut words, TOKEN, auction()).expect("sound");
    let lot = open(&mut words, 100, TOKEN, 2 * WAD).expect("enough");
    let until_s = may_restart_s(&auction(), &lot);
    assert_eq!(until_s, 100 + 2 * 3_600);
    for now_s in [100, 100 + 3_600, until_s - 1] {
        let early = open(&mut words, now_s, TOKEN, 9 * WAD);
        assert_eq!(early, Err(RewardsError::LotOpen { until_s }));
    }
    // Whoever comes later finds it at the floor as long as nobody opens it anew.
    let mut later = Words(words.0.clone());
    let sale = bid(&mut later, until_s + 99, TOKEN, 0, 2 * WAD);
    assert_eq!(sale.map(|sale| sale.cost), Ok(2 * WAD));
    let anew = open(&mut words, until_s, TOKEN, 9 * WAD).expect("nobody wanted it");
    assert_eq!((anew.amount, anew.opened_s), (9 * WAD, until_s));
}

#[test]
fn an_auction_needs_prices_sizes_and_a_lot_worth_a_stream() {
    let mut words = Words::default();
    let sound = auction();
    for unsound in [
        Auction {
            floor_wad: 0,
            ..sound
        },
        Auction {
            floor_wad: 5 * WAD,
            ..sound
        },
        Auction {
            min_lot: 0,
            ..sound
        },
        Auction {
            min_lot: 11 * WAD,
            ..sound
        },
        Auction {
            min_lot: WAD / 100 - 1,
            ..sound
        },
    ] {
        let refused = set_auction(&mut words, TOKEN, unsound);
        assert_eq!(refused, Err(RewardsError::BadAuction), "{unsound:?}");
    }
    let least = Auction {
        min_lot: WAD / 100,
        ..sound
    };
    assert_eq!(
        set_auction(&mut words, TOKEN, least),
        Ok(Auction::default())
    );
    // It ends by a fall of no time.
    assert_eq!(
        set_auction(&mut words, TOKEN, Auction::default()),
        Ok(least)
    );
    let over = open(&mut words, 0, TOKEN, WAD);
    assert_eq!(over, Err(RewardsError::NotForSale));
}
