//! Nobody gets more out than they put in by the way they do it.

use alloy_primitives::{Address, U256};
use weir_protocol::hub::{HubStore, Status};
use weir_protocol::math::product;
use weir_protocol::model::{Call, Model, Op, Outcome, Random, account};
use weir_protocol::units::{Amounts, WAD};
use weir_protocol::vault::{DepositLimits, MAX_STREAM_EPOCHS, Quotes, RateState, RedeemLimits};

use crate::ledger::ledgers;
use crate::stories::{begin, depth};

const STRANGER: Address = account(70);
const PLENTY: u128 = 1_000_000 * WAD;

fn by(model: &mut Model, caller: Address, call: Call) -> Option<Outcome> {
    model.apply(&Op { caller, call }).ok()
}

fn wait(model: &mut Model, seconds: u64) {
    by(model, Address::ZERO, Call::Advance { seconds });
    by(model, STRANGER, Call::Sync).expect("a sync");
}

fn deposit(model: &mut Model, asset: u8, amount: u128) -> Option<u128> {
    let call = Call::Deposit {
        asset,
        amount,
        receiver: STRANGER,
        limits: DepositLimits::NONE,
    };
    match by(model, STRANGER, call)? {
        Outcome::Deposited(summary) => Some(summary.shares),
        _ => None,
    }
}

fn redeem(model: &mut Model, asset: u8, shares: u128) -> Option<u128> {
    let call = Call::Redeem {
        asset,
        shares,
        receiver: STRANGER,
        limits: RedeemLimits::NONE,
    };
    match by(model, STRANGER, call)? {
        Outcome::Redeemed(summary) => Some(summary.amount),
        _ => None,
    }
}

/// States along many stories in which a stranger with plenty of tokens can deposit: rates fresh and still, nothing that
/// vests, so that nobody is due a reward.
fn quiet_states(stories: u64, mut visit: impl FnMut(Model, &mut Random)) {
    for seed in 0..stories * depth() {
        let (mut story, mut model) = begin(seed);
        let mut random = Random::new(!seed);
        for asset in 0..model.config().assets.len() as u8 {
            model.give(asset, STRANGER, PLENTY);
        }
        for _ in 0..12 {
            for _ in 0..25 {
                let op = story.next_op(&model);
                let _ = model.apply(&op);
            }
            let mut quiet = model.clone();
            let governor = quiet.config().governor;
            for asset in 0..quiet.config().assets.len() as u8 {
                let rate_wad = u128::from(quiet.accepted(asset).rate_wad);
                let answer = Some(U256::from(rate_wad));
                by(&mut quiet, governor, Call::Answer { asset, answer });
                by(&mut quiet, governor, Call::AcceptRate { asset, rate_wad });
                let broken = false;
                by(&mut quiet, governor, Call::Break { asset, broken });
                let cap = 1 << 95;
                by(&mut quiet, governor, Call::SetCap { asset, cap });
            }
            // Past pauses and the end of every drip.
            let epoch_s = quiet.config().clock.epoch_s;
            wait(&mut quiet, (MAX_STREAM_EPOCHS + 1) * epoch_s + 259_200);
            let vests = ledgers(&quiet)
                .iter()
                .any(|row| row.unvested != [0, 0] || row.stream.left > 0);
            let instant = ledgers(&quiet).iter().any(|row| row.held > 0);
            if !vests && !instant && quiet.rate_state() == RateState::Fresh {
                visit(quiet, &mut random);
            }
        }
    }
}

fn worth(amounts: &Amounts, quotes: &Quotes) -> U256 {
    amounts
        .iter()
        .zip(quotes)
        .map(|(amount, quote)| product(*amount, quote.rate_wad))
        .sum()
}

#[test]
fn round_trips_never_profit_at_once() {
    let mut trips = 0;
    quiet_states(120, |mut model, random| {
        let (quotes, _) = model.quotes();
        let assets = model.config().assets.len() as u64;
        let (a, b) = (random.below(assets) as u8, random.below(assets) as u8);
        let amount = 1 + random.amount(PLENTY / 1_000).min(PLENTY / 2);
        let Some(shares) = deposit(&mut model, a, amount) else {
            return;
        };
        let Some(paid) = redeem(&mut model, b, shares) else {
            return;
        };
        let put_in = product(amount, quotes[usize::from(a)].rate_wad);
        let got_out = product(paid, quotes[usize::from(b)].rate_wad);
        assert!(got_out <= put_in, "{amount} of {a} became {paid} of {b}");
        trips += 1;
    });
    assert!(trips > 50, "only {trips} trips came back");
}

#[test]
fn round_trips_never_profit_through_the_queue() {
    let mut trips = 0;
    quiet_states(120, |mut model, random| {
        let (quotes, _) = model.quotes();
        let assets = model.config().assets.len() as u64;
        let asset = random.below(assets) as u8;
        let amount = 1 + random.amount(PLENTY / 1_000).min(PLENTY / 2);
        let Some(shares) = deposit(&mut model, asset, amount) else {
            return;
        };
        let epoch_s = model.config().clock.epoch_s;
        wait(&mut model, random.below(2 * epoch_s));
        let request = Call::Request {
            shares,
            receiver: STRANGER,
        };
        let Some(Outcome::Enqueued(ticket)) = by(&mut model, STRANGER, request) else {
            return;
        };
        wait(&mut model, 4 * epoch_s);
        // The best for a leaver: whatever is undecided comes to nothing.
        let (_, requests, _) = model.hub().counts();
        for id in 1..=requests {
            let request = model.hub().request(id).expect("numbered from 1");
            if matches!(request.status, Status::Armed) {
                return;
            }
            by(&mut model, STRANGER, Call::Lapse { id });
        }
        let claim = Call::Claim {
            epoch: ticket.epoch,
            owner: STRANGER,
        };
        let paid = match by(&mut model, STRANGER, claim) {
            Some(Outcome::Claimed { paid, .. }) => paid,
            _ => return,
        };
        let put_in = product(amount, quotes[usize::from(asset)].rate_wad);
        assert!(
            worth(&paid, &quotes) <= put_in,
            "{amount} of {asset} became {paid:?}"
        );
        trips += 1;
    });
    assert!(trips > 100, "only {trips} trips came back");
}

#[test]
fn splitting_a_deposit_never_gains() {
    let mut splits = 0;
    quiet_states(120, |model, random| {
        let asset = random.below(model.config().assets.len() as u64) as u8;
        let amount = random.amount(PLENTY / 1_000).min(PLENTY / 2);
        let part = random.amount(amount).min(amount);
        let (mut whole, mut parts) = (model.clone(), model);
        let Some(shares) = deposit(&mut whole, asset, amount) else {
            return;
        };
        let first = deposit(&mut parts, asset, part).unwrap_or(0);
        let second = deposit(&mut parts, asset, amount - part).unwrap_or(0);
        assert!(first + second <= shares, "{first} + {second} > {shares}");
        splits += 1;
    });
    assert!(splits > 100, "only {splits} deposits");
}

#[test]
fn splitting_an_instant_exit_never_gains() {
    let mut splits = 0;
    quiet_states(200, |mut model, random| {
        let asset = random.below(model.config().assets.len() as u64) as u8;
        if deposit(&mut model, asset, WAD + random.up_to(PLENTY / 1_000)).is_none() {
            return;
        }
        let shares = random.up_to(model.shares_of(STRANGER));
        let part = random.amount(shares).min(shares);
        let (mut whole, mut parts) = (model.clone(), model);
        let Some(paid) = redeem(&mut whole, asset, shares) else {
            return;
        };
        let first = redeem(&mut parts, asset, part).unwrap_or(0);
        let second = redeem(&mut parts, asset, shares - part).unwrap_or(0);
        // The floor of the first part leaves less than a wei more for the second.
        assert!(first + second <= paid + 2, "{first} + {second} > {paid}");
        splits += 1;
    });
    assert!(splits > 50, "only {splits} redemptions");
}

#[test]
fn splitting_a_request_or_a_claim_never_gains() {
    let mut splits = 0;
    quiet_states(60, |mut model, random| {
        let [whole, parts, other] = [account(71), account(72), account(73)];
        if deposit(&mut model, 0, WAD + random.up_to(PLENTY / 1_000)).is_none() {
            return;
        }
        let shares = model.shares_of(STRANGER) / 2;
        let epoch_s = model.config().clock.epoch_s;
        let request = |model: &mut Model, shares, receiver| {
            let call = Call::Request { shares, receiver };
            match by(model, STRANGER, call) {
                Some(Outcome::Enqueued(summary)) => summary.epoch,
                answer => panic!("{answer:?}"),
            }
        };
        let epoch = request(&mut model, shares, whole);
        // The same shares in three requests; one ticket changes hands between two claims.
        let part = 1 + shares / 3;
        request(&mut model, part, parts);
        request(&mut model, part, other);
        request(&mut model, shares - 2 * part, parts);
        let claim = |model: &mut Model, owner| {
            by(model, owner, Call::Claim { epoch, owner });
        };
        for _ in 0..3 {
            wait(&mut model, epoch_s + random.below(epoch_s));
            claim(&mut model, parts);
            claim(&mut model, other);
            by(&mut model, other, Call::TransferTicket { epoch, to: parts });
        }
        let (_, requests, _) = model.hub().counts();
        for id in 1..=requests {
            by(&mut model, STRANGER, Call::Lapse { id });
        }
        for owner in [whole, parts] {
            claim(&mut model, owner);
        }
        for asset in 0..model.config().assets.len() as u8 {
            let at_once = model.tokens_of(asset, whole);
            let split = model.tokens_of(asset, parts) + model.tokens_of(asset, other);
            // Floors of a part are below those of the whole, but two tickets merged have taken up to a wei less.
            assert!(split <= at_once + 1, "asset {asset}: {split} > {at_once}");
            assert!(at_once <= split + 3, "asset {asset}: {at_once} > {split}");
        }
        splits += 1;
    });
    assert!(splits > 100, "only {splits} tickets");
}
