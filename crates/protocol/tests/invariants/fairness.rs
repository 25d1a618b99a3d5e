//! Shares are alike: in one batch, and in and out of the queue.

use weir_protocol::hub::{HubStore, Status};
use weir_protocol::math::product;
use weir_protocol::model::generate::{HOLDERS, OPERATORS, SLASHERS};
use weir_protocol::model::{Call, Model, Op, Outcome, Random, account};
use weir_protocol::units::WAD_MAGNITUDE;
use weir_protocol::vault::{MAX_STREAM_EPOCHS, VaultStore};

use crate::stories::{begin, depth};

fn by(model: &mut Model, caller: alloy_primitives::Address, call: Call) -> Option<Outcome> {
    model.apply(&Op { caller, call }).ok()
}

fn wait(model: &mut Model, seconds: u64) {
    by(model, account(99), Call::Advance { seconds });
    by(model, account(99), Call::Sync).expect("a sync");
}

/// All tokens can be paid out.
fn mend(model: &mut Model) {
    for asset in 0..model.config().assets.len() as u8 {
        let broken = false;
        by(model, account(99), Call::Break { asset, broken });
    }
}

/// Anybody ends every undecided request, as soon as that is possible.
pub fn decide_all(model: &mut Model) {
    let (_, requests, _) = model.hub().counts();
    for id in 1..=requests {
        let request = model.hub().request(id).expect("numbered from 1");
        let end_s = match request.status {
            Status::Filed => request.filed_s + request.veto_window_s + request.epoch_s,
            Status::Armed => request.armed_s + 12 * 60 * 60,
            _ => continue,
        };
        let seconds = end_s.saturating_sub(model.now_s());
        wait(model, seconds);
        let call = if request.status == Status::Armed {
            Call::Execute { id }
        } else {
            Call::Lapse { id }
        };
        by(model, account(99), call).expect("anybody may, from then on");
    }
}

#[test]
fn queue_fairness_two_shares_in_one_batch_get_the_same() {
    let mut batches = 0;
    for seed in 0..300 * depth() {
        let (mut story, mut model) = begin(seed);
        let mut random = Random::new(!seed);
        for _ in 0..60 + random.below(100) {
            let op = story.next_op(&model);
            let _ = model.apply(&op);
        }
        by(&mut model, account(99), Call::Sync).expect("a sync");
        let epoch = model.vault().head().closed;
        // Everybody asks for something to a fresh account; nobody else is among these.
        let mut tickets = Vec::new();
        for (receiver, holder) in (80..).map(account).zip(HOLDERS) {
            let shares = random.up_to(model.shares_of(holder));
            if by(&mut model, holder, Call::Request { shares, receiver }).is_some() {
                tickets.push((receiver, shares));
            }
        }
        for _ in 0..200 {
            let op = story.next_op(&model);
            // The owners of these tickets keep them.
            if tickets.iter().all(|(owner, _)| *owner != op.caller) {
                let _ = model.apply(&op);
            }
        }
        mend(&mut model);
        decide_all(&mut model);
        let epoch_s = model.config().clock.epoch_s;
        wait(&mut model, 3 * epoch_s);
        for (owner, _) in &tickets {
            by(
                &mut model,
                *owner,
                Call::Claim {
                    epoch,
                    owner: *owner,
                },
            );
            assert!(
                model.ticket(epoch, *owner).is_none(),
                "story {seed}: all is paid"
            );
        }
        for (one, shares) in &tickets {
            for (other, others_shares) in &tickets {
                for asset in 0..model.config().assets.len() as u8 {
                    let a = product(model.tokens_of(asset, *one), *others_shares);
                    let b = product(model.tokens_of(asset, *other), *shares);
                    let wei = product(1, *shares.max(others_shares));
                    assert!(
                        a <= b + wei,
                        "story {seed}: {one} gets more of {asset} than {other}"
                    );
                }
            }
        }
        batches += u64::from(tickets.len() > 1);
    }
    assert!(batches > 100, "only {batches} batches of several tickets");
}

#[test]
fn a_slash_costs_a_queued_share_what_it_costs_any_other() {
    let mut slashes = 0;
    for seed in 0..300 * depth() {
        let (mut story, mut model) = begin(seed);
        let mut random = Random::new(!seed);
        for _ in 0..100 {
            let op = story.next_op(&model);
            let _ = model.apply(&op);
        }
        mend(&mut model);
        decide_all(&mut model);
        let clock = model.config().clock;
        // Past every drip, stream and batch, to the start of an epoch.
        let next = clock.epoch_at(model.now_s()) + MAX_STREAM_EPOCHS + 1;
        let seconds = clock.start_s(next) - model.now_s();
        wait(&mut model, seconds);
        let [queued, other, ..] = HOLDERS;
        let [a, b] = [account(80), account(81)];
        let shares = model.shares_of(queued).min(model.shares_of(other));
        let first = Call::Request {
            shares,
            receiver: a,
        };
        if by(&mut model, queued, first).is_none() {
            continue;
        }
        // A slash while the one is in the queue, known to be executed before its batch settles.
        let service = 1 + random.below(4) as u32;
        let file = Call::File {
            service,
            operator: OPERATORS[random.below(2) as usize],
            wad: 1 + random.below(WAD_MAGNITUDE / 2),
            offence_epoch: next,
        };
        let slasher = SLASHERS[service as usize - 1];
        let Some(Outcome::Filed { id, .. }) = by(&mut model, slasher, file) else {
            continue;
        };
        let window_s = model.hub().request(id).expect("filed").veto_window_s;
        wait(&mut model, window_s);
        by(&mut model, a, Call::Arm { id }).expect("the window is over");
        wait(&mut model, 12 * 60 * 60);
        by(&mut model, a, Call::Execute { id }).expect("12 hours later");
        assert!(
            model.now_s() < clock.maturity_s(next),
            "before the batch settles"
        );
        // The other leaves in the next batch.
        let second = Call::Request {
            shares,
            receiver: b,
        };
        let epoch = match by(&mut model, other, second) {
            Some(Outcome::Enqueued(summary)) => summary.epoch,
            answer => panic!("story {seed}: {answer:?}"),
        };
        wait(&mut model, 4 * clock.epoch_s);
        by(
            &mut model,
            a,
            Call::Claim {
                epoch: next,
                owner: a,
            },
        )
        .expect("settled");
        by(&mut model, b, Call::Claim { epoch, owner: b }).expect("settled");
        for asset in 0..model.config().assets.len() as u8 {
            let [a, b] = [model.tokens_of(asset, a), model.tokens_of(asset, b)];
            assert!(a.abs_diff(b) <= 3, "story {seed}: {a} and {b} of {asset}");
        }
        slashes += 1;
    }
    assert!(slashes > 30, "only {slashes} slashes");
}
