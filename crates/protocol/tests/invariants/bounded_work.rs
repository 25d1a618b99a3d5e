//! Work does not grow with holders, tickets, batches settled or requests decided: storage accesses are counted.

use alloy_primitives::Address;
use weir_protocol::hub::Terms;
use weir_protocol::model::{Accesses, Call, Config, Model, Op, Outcome, account};
use weir_protocol::units::{MAX_ASSETS, WAD, WAD_MAGNITUDE};
use weir_protocol::vault::{DepositLimits, RedeemLimits};

use crate::stories::check_stories;

const ALICE: Address = account(10);
const SLASHER: Address = account(30);
const RESOLVER: Address = account(40);
const SINK: Address = account(50);
const OPERATOR: Address = account(60);

fn by(model: &mut Model, caller: Address, call: Call) -> Outcome {
    model
        .apply(&Op { caller, call })
        .unwrap_or_else(|error| panic!("{call:?} gives {error:?}"))
}

fn wait(model: &mut Model, seconds: u64) {
    by(model, ALICE, Call::Advance { seconds });
}

fn deposit(model: &mut Model, receiver: Address, amount: u128) {
    let call = Call::Deposit {
        asset: 0,
        amount,
        receiver,
        limits: DepositLimits::NONE,
    };
    by(model, ALICE, call);
}

fn request(model: &mut Model, caller: Address, shares: u128) -> u64 {
    let receiver = caller;
    match by(model, caller, Call::Request { shares, receiver }) {
        Outcome::Enqueued(summary) => summary.epoch,
        answer => panic!("{answer:?}"),
    }
}

fn file(model: &mut Model, wad: u64) -> u64 {
    let offence_epoch = model.config().clock.epoch_at(model.now_s());
    let call = Call::File {
        service: 1,
        operator: OPERATOR,
        wad,
        offence_epoch,
    };
    match by(model, SLASHER, call) {
        Outcome::Filed { id, .. } => id,
        answer => panic!("{answer:?}"),
    }
}

fn execute(model: &mut Model, id: u64) {
    wait(model, 60);
    by(model, ALICE, Call::Arm { id });
    wait(model, 12 * 60 * 60);
    by(model, ALICE, Call::Execute { id });
}

fn setting() -> Model {
    let config = Config::default();
    let mut model = Model::new(&config).expect("sound");
    model.give(0, ALICE, 1_000_000 * WAD);
    let terms = Terms {
        slasher: SLASHER,
        resolver: RESOLVER,
        reward_manager: Address::ZERO,
        sink: SINK,
        veto_window_s: 60,
        max_wad: WAD_MAGNITUDE,
    };
    by(&mut model, SLASHER, Call::RegisterService { terms });
    by(&mut model, config.governor, Call::OptInVault { service: 1 });
    by(&mut model, OPERATOR, Call::OptInOperator { service: 1 });
    let call = Call::Allocate {
        service: 1,
        operator: OPERATOR,
        magnitude: WAD_MAGNITUDE / 2,
    };
    by(&mut model, config.curator, call);
    wait(&mut model, config.increase_delay_s);
    deposit(&mut model, ALICE, 1_000 * WAD);
    model
}

/// Storage accesses of the life of a deposit and a slash, call by call.
fn costs(mut model: Model) -> Vec<(&'static str, Accesses)> {
    let clock = model.config().clock;
    let epoch_s = clock.epoch_s;
    let next_s = clock.start_s(clock.epoch_at(model.now_s()) + 4);
    let seconds = next_s - model.now_s();
    wait(&mut model, seconds);
    by(&mut model, ALICE, Call::Sync);
    let mut costs = Vec::new();
    let mut last = model.accesses();
    let mut cost = |model: &Model, name| {
        let now = model.accesses();
        let spent = Accesses {
            loads: now.loads - last.loads,
            saves: now.saves - last.saves,
        };
        costs.push((name, spent));
        last = now;
    };
    deposit(&mut model, ALICE, WAD);
    cost(&model, "deposit");
    let epoch = request(&mut model, ALICE, WAD / 2);
    cost(&model, "request");
    let redeem = Call::Redeem {
        asset: 0,
        shares: WAD / 4,
        receiver: ALICE,
        limits: RedeemLimits::NONE,
    };
    by(&mut model, ALICE, redeem);
    cost(&model, "redeem");
    wait(&mut model, epoch_s);
    by(&mut model, ALICE, Call::Sync);
    cost(&model, "close");
    let id = file(&mut model, WAD_MAGNITUDE / 1_000);
    cost(&model, "file");
    wait(&mut model, epoch_s);
    by(&mut model, ALICE, Call::Sync);
    cost(&model, "close another");
    wait(&mut model, 2 * 24 * 60 * 60);
    by(&mut model, ALICE, Call::Sync);
    cost(&model, "settle under contest");
    by(
        &mut model,
        ALICE,
        Call::Claim {
            epoch,
            owner: ALICE,
        },
    );
    cost(&model, "claim");
    by(&mut model, RESOLVER, Call::Veto { id });
    cost(&model, "veto");
    by(
        &mut model,
        ALICE,
        Call::Claim {
            epoch,
            owner: ALICE,
        },
    );
    cost(&model, "claim what was held");
    wait(&mut model, epoch_s);
    by(&mut model, ALICE, Call::Sync);
    cost(&model, "accrue");
    let id = file(&mut model, WAD_MAGNITUDE / 1_000);
    cost(&model, "file again");
    execute(&mut model, id);
    cost(&model, "arm and execute");
    costs
}

#[test]
fn bounded_work_does_not_grow_with_holders_and_tickets() {
    let [mut few, mut many] = [setting(), setting()];
    for (model, holders) in [(&mut few, 2u8), (&mut many, 200)] {
        for holder in (20..20 + holders).map(account) {
            if [SLASHER, RESOLVER, SINK, OPERATOR].contains(&holder) {
                continue;
            }
            deposit(model, holder, WAD);
            request(model, holder, WAD / 2);
        }
    }
    assert_eq!(costs(few), costs(many));
}

#[test]
fn bounded_work_does_not_grow_with_batches_settled_and_requests_decided() {
    let [mut short, mut long] = [setting(), setting()];
    for (model, epochs) in [(&mut short, 4), (&mut long, 300)] {
        let epoch_s = model.config().clock.epoch_s;
        for _ in 0..epochs {
            deposit(model, ALICE, WAD);
            request(model, ALICE, WAD / 10);
            let id = file(model, 1_000);
            execute(model, id);
            wait(model, epoch_s);
            by(model, ALICE, Call::Sync);
        }
    }
    assert_eq!(costs(short), costs(long));
}

#[test]
fn bounded_work_a_quiet_decade_costs_no_more_than_a_quiet_month() {
    let mut spent = Vec::new();
    for epochs in [6, 730] {
        let mut model = setting();
        request(&mut model, ALICE, WAD);
        let epoch_s = model.config().clock.epoch_s;
        wait(&mut model, epochs * epoch_s);
        let before = model.accesses();
        by(&mut model, ALICE, Call::Sync);
        let after = model.accesses();
        spent.push((after.loads - before.loads, after.saves - before.saves));
    }
    assert_eq!(spent[0], spent[1]);
}

#[test]
fn bounded_work_no_call_of_any_story_touches_more_than_its_assets_and_undecided_requests_ask_for() {
    // A settlement touches, for each of at most 16 undecided requests, a loss an asset and four pairs; a sync in a story
    // settles at most four batches.
    let most = 4 * 16 * (2 * MAX_ASSETS as u64 + 16);
    check_stories(100, 300, |before, op, _, after| {
        let [before, after] = [before.accesses(), after.accesses()];
        let spent = after.loads - before.loads + after.saves - before.saves;
        assert!(spent <= most, "{op:?} touches {spent} words");
    });
}
