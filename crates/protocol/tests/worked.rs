//! The worked examples of `docs/protocol`: each number on those pages that a reader could compute is computed here.

use alloy_primitives::{Address, U256};
use weir_protocol::cover::CoverError;
use weir_protocol::hub::Terms;
use weir_protocol::model::{Call, Config, Model, ModelError, Op, Outcome, account};
use weir_protocol::rates::{Bounds, Guard, accept, credit, observe};
use weir_protocol::rewards::Auction;
use weir_protocol::units::{WAD, WAD_MAGNITUDE};
use weir_protocol::vault::{DepositLimits, RateState, RedeemLimits, VaultStore, ledger};

const ALICE: Address = account(10);
const BOB: Address = account(11);
const CAROL: Address = account(12);
const SLASHER: Address = account(30);
const RESOLVER: Address = account(40);
const SINK: Address = account(50);
const OPERATOR: Address = account(60);

const WETH: u8 = 0;
const LST: u8 = 1;
const DAY_S: u64 = 86_400;

/// A page, to look numbers up on.
struct Page(&'static str);

impl Page {
    fn says(&self, text: &str) {
        assert!(self.0.contains(text), "the page does not say {text}");
    }

    /// That the page gives this amount of wei, in units of 1e18, to the last digit.
    fn gives(&self, wei: u128) {
        let decimals = format!("{:018}", wei % WAD);
        let decimals = decimals.trim_end_matches('0');
        let text = if decimals.is_empty() {
            format!("{}", wei / WAD)
        } else {
            format!("{}.{decimals}", wei / WAD)
        };
        self.says(&text);
    }
}

fn model() -> Model {
    let mut model = Model::new(&Config::default()).expect("sound");
    for holder in [ALICE, BOB, CAROL] {
        model.give(WETH, holder, 1_000 * WAD);
        model.give(LST, holder, 1_000 * WAD);
    }
    model
}

fn by(model: &mut Model, caller: Address, call: Call) -> Outcome {
    model
        .apply(&Op { caller, call })
        .unwrap_or_else(|error| panic!("{call:?} gives {error:?}"))
}

fn deposit(model: &mut Model, caller: Address, asset: u8, amount: u128) -> u128 {
    let call = Call::Deposit {
        asset,
        amount,
        receiver: caller,
        limits: DepositLimits::NONE,
    };
    match by(model, caller, call) {
        Outcome::Deposited(summary) => summary.shares,
        answer => panic!("{answer:?}"),
    }
}

fn redeem(model: &mut Model, caller: Address, shares: u128) -> (u128, u128) {
    let call = Call::Redeem {
        asset: WETH,
        shares,
        receiver: caller,
        limits: RedeemLimits::NONE,
    };
    match by(model, caller, call) {
        Outcome::Redeemed(summary) => (summary.amount, summary.fee),
        answer => panic!("{answer:?}"),
    }
}

fn wait(model: &mut Model, seconds: u64) {
    by(model, ALICE, Call::Advance { seconds });
    by(model, ALICE, Call::Sync);
}

/// A service that may slash half of the stake, through one operator.
fn secure(model: &mut Model) {
    let terms = Terms {
        slasher: SLASHER,
        resolver: RESOLVER,
        reward_manager: Address::ZERO,
        sink: SINK,
        veto_window_s: 2 * DAY_S,
        max_wad: WAD_MAGNITUDE,
    };
    let (governor, curator) = (model.config().governor, model.config().curator);
    by(model, SLASHER, Call::RegisterService { terms });
    by(model, governor, Call::OptInVault { service: 1 });
    by(model, OPERATOR, Call::OptInOperator { service: 1 });
    let call = Call::Allocate {
        service: 1,
        operator: OPERATOR,
        magnitude: WAD_MAGNITUDE / 2,
    };
    by(model, curator, call);
    wait(model, 5 * DAY_S);
}

fn file(model: &mut Model, wad: u64) -> (u64, u128) {
    let offence_epoch = model.config().clock.epoch_at(model.now_s());
    let call = Call::File {
        service: 1,
        operator: OPERATOR,
        wad,
        offence_epoch,
    };
    match by(model, SLASHER, call) {
        Outcome::Filed { id, contest, .. } => (id, contest.losses[0]),
        answer => panic!("{answer:?}"),
    }
}

#[test]
fn ledger_and_rate() {
    let page = Page(include_str!("../../../docs/protocol/ledger-and-rate.md"));
    let mut model = model();
    page.gives(deposit(&mut model, ALICE, WETH, 10 * WAD));
    let answer = Some(U256::from(WAD + 15 * WAD / 100));
    by(&mut model, ALICE, Call::Answer { asset: LST, answer });
    let guard = Guard::Absent;
    by(&mut model, ALICE, Call::Market { asset: LST, guard });
    page.gives(deposit(&mut model, BOB, LST, 10 * WAD));
    let state = model.state().expect("synced");
    page.gives(state.valuation.nav().expect("fits"));
    assert_eq!(state.rate_wad, WAD);

    // 2 % in a hundred days.
    wait(&mut model, 100 * DAY_S);
    let rate_wad = 1_173_000_000_000_000_000u64;
    let answer = Some(U256::from(rate_wad));
    by(&mut model, ALICE, Call::Answer { asset: LST, answer });
    let state = model.state().expect("synced");
    let nav = state.valuation.nav().expect("fits");
    page.gives(nav);
    page.gives(state.rate_wad);
    page.gives(nav / 20);

    let guard = Guard::Price(U256::from(1_160_000_000_000_000_000u64));
    by(&mut model, ALICE, Call::Market { asset: LST, guard });
    let before = ledger(model.vault(), LST);
    page.gives(deposit(&mut model, CAROL, LST, WAD));
    let after = ledger(model.vault(), LST);
    let bought = after.total().expect("fits") - before.total().expect("fits");
    page.gives(bought);
    page.gives(after.unvested.iter().sum());
    assert_eq!(bought + after.unvested.iter().sum::<u128>(), WAD);
}

#[test]
fn exits() {
    let page = Page(include_str!("../../../docs/protocol/exits.md"));
    let mut model = model();
    deposit(&mut model, ALICE, WETH, 60 * WAD);
    deposit(&mut model, BOB, WETH, 40 * WAD);
    let row = ledger(model.vault(), WETH);
    page.gives(row.idle);
    page.gives(row.staked);
    let receiver = ALICE;
    let call = Call::Request {
        shares: 30 * WAD,
        receiver,
    };
    by(&mut model, ALICE, call);
    wait(&mut model, 5 * DAY_S);
    let row = ledger(model.vault(), WETH);
    // The margin of 64 wei aside.
    assert_eq!(row.unbonding[0], 30 * WAD + 64);
    page.gives(row.unbonding[0] - 64);
    wait(&mut model, 7 * DAY_S);
    let row = ledger(model.vault(), WETH);
    page.gives(row.owed);
    page.gives(model.vault().head().supply);
    let claim = Call::Claim {
        epoch: 0,
        owner: ALICE,
    };
    match by(&mut model, BOB, claim) {
        Outcome::Claimed { paid, finished, .. } => {
            assert_eq!(paid[0], 30 * WAD);
            assert!(finished);
        }
        answer => panic!("{answer:?}"),
    }
}

#[test]
fn slashing() {
    let page = Page(include_str!("../../../docs/protocol/slashing.md"));
    let mut model = model();
    secure(&mut model);
    deposit(&mut model, ALICE, WETH, 60 * WAD);
    deposit(&mut model, BOB, WETH, 40 * WAD);
    let receiver = BOB;
    let shares = 40 * WAD;
    by(&mut model, BOB, Call::Request { shares, receiver });
    let epoch = model.vault().head().closed;
    let (id, loss) = file(&mut model, WAD_MAGNITUDE / 5);
    page.gives(loss);
    let state = model.state().expect("synced");
    page.gives(state.rate_wad);
    page.gives(state.floor_rate_wad);

    // Not armed yet when the batch settles.
    let clock = model.config().clock;
    by(&mut model, ALICE, Call::Advance { seconds: 2 * DAY_S });
    by(&mut model, ALICE, Call::Arm { id });
    let seconds = clock.maturity_s(epoch) - model.now_s();
    wait(&mut model, seconds);
    let row = ledger(model.vault(), WETH);
    page.gives(row.owed);
    page.gives(row.held);
    page.gives(row.contested);
    page.gives(row.total().expect("fits"));

    let mut vetoed = model.clone();
    by(&mut model, ALICE, Call::Execute { id });
    let executed = model.state().expect("synced");
    page.gives(executed.valuation.nav().expect("fits"));
    page.gives(executed.rate_wad);
    assert_eq!(executed.rate_wad, state.floor_rate_wad);
    assert_eq!(executed.ledgers[0].due, loss);

    by(&mut vetoed, RESOLVER, Call::Veto { id });
    let lifted = vetoed.state().expect("synced");
    page.gives(lifted.ledgers[0].owed);
    assert_eq!(lifted.rate_wad, WAD);
}

#[test]
fn instant_exit() {
    let page = Page(include_str!("../../../docs/protocol/instant-exit.md"));
    let mut model = model();
    deposit(&mut model, ALICE, WETH, 1_000 * WAD);
    page.gives(ledger(model.vault(), WETH).idle);
    let (mut whole, mut halves) = (model.clone(), model);
    let (amount, fee) = redeem(&mut whole, ALICE, 10 * WAD);
    page.gives(amount);
    page.gives(fee);
    let (first, first_fee) = redeem(&mut halves, ALICE, 5 * WAD);
    let (second, second_fee) = redeem(&mut halves, ALICE, 5 * WAD);
    page.gives(first_fee);
    page.gives(second_fee);
    assert!(first + second <= amount && first_fee + second_fee >= fee);
    // The fee vests until the start of epoch 2.
    assert_eq!(ledger(whole.vault(), WETH).unvested, [fee, 0]);
    wait(&mut whole, 5 * DAY_S);
    page.gives(fee - ledger(whole.vault(), WETH).unvested[0]);
}

#[test]
fn rates() {
    let page = Page(include_str!("../../../docs/protocol/rates.md"));
    let start = accept(12 * WAD / 10, 0).expect("in range");
    let bounds = Bounds {
        max_drop_wad: 50_000_000_000_000_000,
        max_growth_per_day_wad: 1_000_000_000_000_000,
    };
    let (least, most) = (1_140_000_000_000_000_000u64, 1_201_200_000_000_000_000);
    page.gives(least.into());
    page.gives(most.into());
    for (answer, state) in [
        (least, RateState::Fresh),
        (least - 1, RateState::Suspicious),
        (most, RateState::Fresh),
        (most + 1, RateState::Suspicious),
    ] {
        let seen = observe(start, &bounds, Some(U256::from(answer)), DAY_S);
        assert_eq!(seen.state, state, "{answer}");
    }
    let low = 1_100_000_000_000_000_000u64;
    let seen = observe(start, &bounds, Some(U256::from(low)), DAY_S);
    assert_eq!(seen.low_wad, low.into());
    page.gives(low.into());
    let market = Guard::Price(U256::from(1_170_000_000_000_000_000u64));
    let margin = 30_000_000_000_000_000;
    let credited = credit(12 * WAD / 10, market, margin);
    page.gives(credited);
    let below = Guard::Price(U256::from(1_163_999_999_999_999_999u64));
    assert_eq!(credit(12 * WAD / 10, below, margin), 0);
    page.gives(1_164_000_000_000_000_000);
}

#[test]
fn fees() {
    let page = Page(include_str!("../../../docs/protocol/fees.md"));
    let config = Config {
        fee_bps: 1_000,
        ..Config::default()
    };
    let mut model = Model::new(&config).expect("sound");
    model.give(LST, ALICE, 1_000 * WAD);
    let governor = config.governor;
    let rate = |model: &mut Model, rate_wad: u128| {
        let answer = Some(U256::from(rate_wad));
        by(model, ALICE, Call::Answer { asset: LST, answer });
        by(
            model,
            governor,
            Call::AcceptRate {
                asset: LST,
                rate_wad,
            },
        );
        by(
            model,
            ALICE,
            Call::Market {
                asset: LST,
                guard: Guard::Price(U256::from(rate_wad)),
            },
        );
    };
    rate(&mut model, 115 * WAD / 100);
    deposit(&mut model, ALICE, LST, 100 * WAD);
    rate(&mut model, 1_265 * WAD / 1_000);
    let seen = model.state().expect("synced").rate_wad;
    let Outcome::Accrued(fee) = by(&mut model, ALICE, Call::Accrue) else {
        panic!("not accrued");
    };
    page.gives(fee.shares);
    page.gives(model.vault().head().supply);
    let state = model.state().expect("synced");
    assert_eq!(state.rate_wad, 109 * WAD / 100);
    assert_eq!(seen, state.rate_wad);
    assert_eq!(u128::from(state.hwm_wad), state.rate_wad + 1);
    for rate_wad in [120 * WAD / 100, 126 * WAD / 100] {
        rate(&mut model, rate_wad);
        let answer = by(&mut model, ALICE, Call::Accrue);
        assert!(matches!(answer, Outcome::Accrued(fee) if fee.shares == 0));
    }
    page.gives(model.state().expect("synced").rate_wad);
}

#[test]
fn bonds_and_cover() {
    let page = Page(include_str!("../../../docs/protocol/bonds-and-cover.md"));
    let mut model = model();
    secure(&mut model);
    deposit(&mut model, ALICE, WETH, 90 * WAD);
    deposit(&mut model, BOB, WETH, 5 * WAD);
    deposit(&mut model, CAROL, WETH, 5 * WAD);
    let (operator, shares) = (OPERATOR, 5 * WAD);
    by(&mut model, BOB, Call::Bond { operator, shares });
    by(&mut model, CAROL, Call::EnterCover { shares });
    wait(&mut model, 5 * DAY_S);

    for (wad, left, supply) in [
        (WAD_MAGNITUDE / 5, 905 * WAD / 10, 905 * WAD / 10),
        (WAD_MAGNITUDE / 2, 7_625 * WAD / 100, 90 * WAD),
    ] {
        let mut model = model.clone();
        let (id, loss) = file(&mut model, wad);
        page.gives(loss);
        let filed = model.state().expect("synced");
        assert_eq!(filed.rate_wad, WAD);
        page.gives(filed.floor_rate_wad);
        by(&mut model, ALICE, Call::Advance { seconds: 2 * DAY_S });
        by(&mut model, ALICE, Call::Arm { id });
        by(&mut model, ALICE, Call::Advance { seconds: DAY_S });
        by(&mut model, ALICE, Call::Execute { id });
        let executed = model.state().expect("synced");
        assert_eq!(executed.valuation.nav(), Ok(left));
        assert_eq!(executed.head.supply, supply);
        assert_eq!(executed.rate_wad, filed.floor_rate_wad);
        page.gives(left);
        page.gives(supply);
    }
    let mut bare = crate::model();
    secure(&mut bare);
    deposit(&mut bare, ALICE, WETH, 100 * WAD);
    file(&mut bare, WAD_MAGNITUDE / 2);
    page.gives(bare.state().expect("synced").floor_rate_wad);
}

#[test]
fn units_that_get_smaller() {
    let page = Page(include_str!("../../../docs/protocol/slashing.md"));
    let mut model = model();
    let left = 100_000_000_000;
    for (service, magnitude) in [(1, WAD_MAGNITUDE - left), (2, left / 2)] {
        let terms = Terms {
            slasher: SLASHER,
            resolver: RESOLVER,
            reward_manager: Address::ZERO,
            sink: SINK,
            veto_window_s: DAY_S,
            max_wad: WAD_MAGNITUDE,
        };
        by(&mut model, SLASHER, Call::RegisterService { terms });
        let (governor, curator) = (model.config().governor, model.config().curator);
        by(&mut model, governor, Call::OptInVault { service });
        by(&mut model, OPERATOR, Call::OptInOperator { service });
        let operator = OPERATOR;
        let call = Call::Allocate {
            service,
            operator,
            magnitude,
        };
        by(&mut model, curator, call);
    }
    wait(&mut model, 5 * DAY_S);
    deposit(&mut model, ALICE, WETH, 100 * WAD);
    let (id, _) = file(&mut model, WAD_MAGNITUDE);
    by(&mut model, ALICE, Call::Advance { seconds: DAY_S });
    by(&mut model, ALICE, Call::Arm { id });
    by(&mut model, ALICE, Call::Advance { seconds: DAY_S });
    by(&mut model, ALICE, Call::Execute { id });
    let capacity = model.capacity();
    assert_eq!(capacity.scale, 23);
    let half = model.allocation(2, OPERATOR);
    let half = half.active + half.pending;
    assert_eq!(capacity.capacity, 2 * half);
    assert!(!capacity.retired && !model.vault().head().retired);
    page.says("at scale 23");
    for number in [left, capacity.capacity, half] {
        let digits = number.to_string();
        let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().collect();
        page.says(&String::from_utf8(groups.join(&b',')).expect("digits"));
    }
}

#[test]
fn what_a_slash_would_cost() {
    let page = Page(include_str!("../../../docs/protocol/slashing.md"));
    let mut model = model();
    secure(&mut model);
    deposit(&mut model, ALICE, WETH, 90 * WAD);
    deposit(&mut model, BOB, WETH, 5 * WAD);
    deposit(&mut model, CAROL, WETH, 5 * WAD);
    let (operator, shares) = (OPERATOR, 5 * WAD);
    by(&mut model, BOB, Call::Bond { operator, shares });
    by(&mut model, CAROL, Call::EnterCover { shares });
    wait(&mut model, 5 * DAY_S);
    let half = WAD_MAGNITUDE / 2;
    for (wad, bond, cover, holders) in [
        (WAD_MAGNITUDE / 5, 5 * WAD, 45 * WAD / 10, 0),
        (half, 5 * WAD, 5 * WAD, 1_375 * WAD / 100),
    ] {
        let cost = model.what_if(1, OPERATOR, wad).expect("at stake").what_if;
        let parts = [cost.by_bond, cost.by_cover, cost.by_holders];
        assert_eq!(parts, [bond, cover, holders]);
        page.gives(cost.loss);
        parts.into_iter().for_each(|part| page.gives(part));
        page.gives(cost.rate_after_wad);
    }
    let coverage = model.coverage(1).expect("synced");
    assert_eq!(coverage.first_loss, 10 * WAD);
    page.gives(coverage.worst_loss);
    page.gives(coverage.ratio_wad);
}

#[test]
fn what_an_operator_bonds() {
    let page = Page(include_str!("../../../docs/protocol/bonds-and-cover.md"));
    let config = Config {
        bond_bps: 1_000,
        increase_delay_s: 0,
        ..Config::default()
    };
    let mut model = Model::new(&config).expect("sound");
    model.give(WETH, ALICE, 100 * WAD);
    let terms = Terms {
        slasher: SLASHER,
        resolver: RESOLVER,
        reward_manager: Address::ZERO,
        sink: SINK,
        veto_window_s: 2 * DAY_S,
        max_wad: WAD_MAGNITUDE,
    };
    by(&mut model, SLASHER, Call::RegisterService { terms });
    deposit(&mut model, ALICE, WETH, 100 * WAD);
    let operator = OPERATOR;
    let shares = 39 * WAD / 10;
    by(&mut model, ALICE, Call::Bond { operator, shares });
    let call = Call::Allocate {
        service: 1,
        operator,
        magnitude: 4 * WAD_MAGNITUDE / 10,
    };
    let caller = config.curator;
    let refused = model.apply(&Op { caller, call });
    let needed = 4 * WAD;
    let error = CoverError::BondTooSmall {
        operator,
        bonded: shares,
        needed,
    };
    assert_eq!(refused, Err(ModelError::Cover(error)));
    page.gives(shares);
    page.gives(needed);
    let shares = needed - shares;
    by(&mut model, ALICE, Call::Bond { operator, shares });
    by(&mut model, caller, call);
}

#[test]
fn rewards() {
    let page = Page(include_str!("../../../docs/protocol/rewards.md"));
    let mut model = model();
    secure(&mut model);
    deposit(&mut model, ALICE, WETH, 100 * WAD);
    by(&mut model, OPERATOR, Call::SetCommission { bps: 1_000 });
    let clock = model.config().clock;
    let second_s = clock.start_s(2) - model.now_s();
    wait(&mut model, second_s);
    let fund = Call::FundReward {
        operator: OPERATOR,
        asset: WETH,
        amount: 10 * WAD,
        end: 4,
        max_commission_bps: 1_000,
    };
    let Outcome::Rewarded { split, stream } = by(&mut model, BOB, fund) else {
        panic!("not a reward");
    };
    assert_eq!((split.commission, split.rest), (WAD, 9 * WAD));
    page.gives(stream.rate);
    let rate = |model: &Model| model.state().expect("synced").rate_wad;
    assert_eq!(rate(&model), WAD);
    wait(&mut model, 5 * DAY_S);
    let vested = 9 * WAD - ledger(model.vault(), WETH).stream.left;
    page.gives(vested);
    page.gives(rate(&model));
    let call = Call::Stream {
        asset: WETH,
        amount: 432 * WAD / 100,
        end: 4,
    };
    by(&mut model, CAROL, call);
    page.gives(ledger(model.vault(), WETH).stream.rate);
    wait(&mut model, 5 * DAY_S - 1);
    assert!(rate(&model) < 11_332 * WAD / 10_000);
    wait(&mut model, 1);
    assert_eq!(rate(&model), 11_332 * WAD / 10_000);
    page.gives(rate(&model));
    assert_eq!(
        by(&mut model, OPERATOR, Call::ClaimCommission { asset: WETH }),
        Outcome::Paid { amount: WAD }
    );

    let auction = Auction {
        start_wad: 2 * WAD / 1_000,
        floor_wad: 5 * WAD / 10_000,
        min_lot: 100 * WAD,
        max_lot: 1_000 * WAD,
        asset: WETH,
        fall_s: 86_400,
    };
    for elapsed_s in [0, 6 * 3_600, 12 * 3_600, DAY_S, 2 * DAY_S] {
        page.gives(auction.cost(1_000 * WAD, elapsed_s).expect("fits"));
    }
}
