//! What a slash is said to cost is what it costs.

use std::cell::Cell;

use alloy_primitives::Address;
use weir_protocol::cover::CoverStore;
use weir_protocol::hub::EXECUTE_DELAY_S;
use weir_protocol::math::mul_div_down;
use weir_protocol::model::{Call, Config, Model, Op, Outcome, Random, account};
use weir_protocol::rates::Guard;
use weir_protocol::units::{WAD, WAD_MAGNITUDE};
use weir_protocol::vault::DepositLimits;

use crate::stories::{check_stories, depth};

#[test]
fn what_if_says_before_a_filing_what_the_filing_fixes() {
    let seen = Cell::new(0);
    check_stories(200, 300, |was, op, answer, is| {
        let (
            Call::File {
                service,
                operator,
                wad,
                offence_epoch,
            },
            Ok(Outcome::Filed {
                freeze,
                contest,
                lock,
                ..
            }),
        ) = (&op.call, answer)
        else {
            return;
        };
        // Of an offence in the last epoch less may count.
        if *offence_epoch != was.config().clock.epoch_at(was.now_s()) {
            return;
        }
        let cost = was
            .what_if(*service, *operator, *wad)
            .expect("it was filed");
        let supposed = cost.supposed;
        assert_eq!(supposed.part, *freeze);
        assert_eq!(supposed.losses, contest.losses);
        assert_eq!(cost.quoted.from_bond, lock.from_bond);
        assert_eq!(cost.quoted.from_cover, lock.from_cover);
        assert_eq!(cost.quoted.stake, lock.stake);
        let filed = is.state().expect("synced");
        assert_eq!(cost.what_if.floor_rate_wad, filed.floor_rate_wad);
        let what_if = cost.what_if;
        let parts = what_if.by_bond + what_if.by_cover + what_if.by_holders;
        assert_eq!(parts, what_if.loss);
        seen.set(seen.get() + 1);
    });
    assert!(seen.get() > 100, "only {} filings", seen.get());
}

const HOLDER: Address = account(10);
const BOB: Address = account(11);
const SLASHER: Address = account(30);
const OPERATOR: Address = account(60);

fn by(model: &mut Model, caller: Address, call: Call) -> Outcome {
    let op = Op { caller, call };
    model
        .apply(&op)
        .unwrap_or_else(|error| panic!("{op:?} gives {error:?}"))
}

/// A vault of two assets, a service with some of its stake, and some bond and cover.
fn secured(random: &mut Random) -> Model {
    let mut model = Model::new(&Config::default()).expect("sound");
    let terms = weir_protocol::hub::Terms {
        slasher: SLASHER,
        resolver: account(40),
        reward_manager: Address::ZERO,
        sink: account(50),
        veto_window_s: 86_400,
        max_wad: WAD_MAGNITUDE,
    };
    by(&mut model, SLASHER, Call::RegisterService { terms });
    let (governor, curator) = (model.config().governor, model.config().curator);
    by(&mut model, governor, Call::OptInVault { service: 1 });
    by(&mut model, OPERATOR, Call::OptInOperator { service: 1 });
    let magnitude = 1 + random.below(WAD_MAGNITUDE);
    let call = Call::Allocate {
        service: 1,
        operator: OPERATOR,
        magnitude,
    };
    by(&mut model, curator, call);
    let seconds = model.config().increase_delay_s;
    by(&mut model, HOLDER, Call::Advance { seconds });
    // All that is deposited buys shares: nothing drips.
    let guard = Guard::Absent;
    by(&mut model, HOLDER, Call::Market { asset: 1, guard });
    for (asset, receiver) in [(0, HOLDER), (1, HOLDER), (0, BOB), (1, BOB)] {
        let amount = WAD + random.up_to(1_000 * WAD);
        model.give(asset, receiver, amount);
        let limits = DepositLimits::NONE;
        let call = Call::Deposit {
            asset,
            amount,
            receiver,
            limits,
        };
        by(&mut model, receiver, call);
    }
    let shares = random.up_to(WAD);
    let operator = OPERATOR;
    by(
        &mut model,
        HOLDER,
        Call::Bond {
            operator,
            shares: shares + 1,
        },
    );
    let shares = random.up_to(WAD);
    by(&mut model, HOLDER, Call::EnterCover { shares: shares + 1 });
    let seconds = model.config().clock.epoch_s;
    by(&mut model, HOLDER, Call::Advance { seconds });
    model
}

#[test]
fn an_executed_slash_leaves_the_rate_that_what_if_said_to_the_last_digit() {
    let mut random = Random::new(11);
    let mut borne = [0; 3];
    for _ in 0..300 * depth() {
        let mut model = secured(&mut random);
        let bits = random.below(60);
        let wad = 1 + random.below(WAD_MAGNITUDE >> bits);
        let cost = model.what_if(1, OPERATOR, wad).expect("at stake");
        let before = model.state().expect("synced");
        assert_eq!(cost.what_if.rate_wad, before.rate_wad);
        let offence_epoch = model.config().clock.epoch_at(model.now_s());
        let file = Call::File {
            service: 1,
            operator: OPERATOR,
            wad,
            offence_epoch,
        };
        by(&mut model, SLASHER, file);
        by(&mut model, BOB, Call::Advance { seconds: 86_400 });
        by(&mut model, BOB, Call::Arm { id: 1 });
        let seconds = EXECUTE_DELAY_S;
        by(&mut model, BOB, Call::Advance { seconds });
        by(&mut model, BOB, Call::Execute { id: 1 });
        let after = model.state().expect("synced");
        let what_if = cost.what_if;
        assert_eq!(what_if.rate_after_wad, after.rate_wad);
        assert_eq!(what_if.floor_rate_wad, after.rate_wad.min(before.rate_wad));

        // Who bears how much, by what shares are worth before and after. Each rate is cut by less than its last digit.
        let fell = before.rate_wad.saturating_sub(after.rate_wad);
        let holders = mul_div_down(after.head.supply, fell, WAD).expect("fits");
        let slack = after.head.supply / WAD + 3;
        assert!(
            holders.abs_diff(what_if.by_holders) <= slack,
            "{what_if:?}, {holders}"
        );
        let parts = [what_if.by_bond, what_if.by_cover, what_if.by_holders];
        for (times, part) in borne.iter_mut().zip(parts) {
            *times += u32::from(part > slack);
        }
    }
    assert!(borne.iter().all(|times| *times > 50), "{borne:?}");
}

#[test]
fn backing_and_coverage_are_parts_of_the_mark_and_of_the_worst_case() {
    let mut random = Random::new(12);
    for _ in 0..100 * depth() {
        let model = secured(&mut random);
        assert_eq!(model.backing_ratio_wad(), Ok(WAD));
        let coverage = model.coverage(1).expect("synced");
        let cost = model.what_if(1, OPERATOR, WAD_MAGNITUDE).expect("at stake");
        // Its terms let the service slash everything: the worst case is the whole allocation.
        assert!(coverage.worst_loss.abs_diff(cost.what_if.loss) <= 1);
        let shares = model.cover().totals().burnable;
        let state = model.state().expect("synced");
        assert_eq!(Ok(coverage.first_loss), state.valuation.value_of(shares));
        let ratio_wad = mul_div_down(coverage.first_loss, WAD, coverage.worst_loss).expect("fits");
        assert_eq!(coverage.ratio_wad, ratio_wad);
    }
    let empty = Model::new(&Config::default()).expect("sound");
    let coverage = empty.coverage(3).expect("synced");
    assert_eq!((coverage.ratio_wad, coverage.worst_loss), (u128::MAX, 0));
}
