//! Twin worlds: in one a slash is decided long after its filing, in the other at once. Everybody ends with the same.

use alloy_primitives::Address;
use weir_protocol::clock::Clock;
use weir_protocol::model::{Random, VaultWords, account};
use weir_protocol::units::{Amounts, WAD, WAD_MAGNITUDE};
use weir_protocol::vault::{
    self, DepositLimits, Quote, Quotes, SYNC_STEPS, VaultConfig, VaultStore,
};

use crate::stories::depth;

const CLOCK: Clock = Clock {
    genesis_s: 1_000_000,
    epoch_s: 432_000,
    grace_s: 172_800,
};
const HOLDERS: usize = 4;
const SINK: Address = account(50);

/// A vault and its holders, without hub and allocator: decisions are inputs here.
#[derive(Clone, Debug)]
struct World {
    vault: VaultWords,
    quotes: Quotes,
    assets: u8,
    now_s: u64,
    shares: [u128; HOLDERS],
    tickets: Vec<(usize, u64, u128)>,
    capacity: u64,
}

impl World {
    fn new(random: &mut Random) -> Self {
        let mut vault = VaultWords::default();
        let config = VaultConfig {
            clock: CLOCK,
            idle_target_bps: random.pick(500, &[0, 3_000]),
            fee_bps: 0,
        };
        vault::initialise(&mut vault, CLOCK.genesis_s, &config).expect("sound");
        let assets = random.pick(1, &[2, 3]);
        let mut quotes = Quotes::default();
        for quote in &mut quotes[..usize::from(assets)] {
            vault::list_asset(&mut vault, 1 << 95, 0).expect("room");
            *quote = Quote::fresh(WAD / 2 + random.up_to(2 * WAD));
        }
        let mut world = Self {
            vault,
            quotes,
            assets,
            now_s: CLOCK.genesis_s,
            shares: [0; HOLDERS],
            tickets: Vec::new(),
            capacity: WAD_MAGNITUDE,
        };
        for holder in 0..HOLDERS {
            world.deposit(random, holder);
        }
        // Epochs with exits, so that stake is idle, staked and unbonding in any mixture.
        for _ in 0..random.below(4) {
            let (leaver, joiner) = (holder_of(random), holder_of(random));
            world.request(leaver, random);
            world.wait(random.below(CLOCK.epoch_s * 3 / 2));
            world.deposit(random, joiner);
        }
        world
    }

    fn deposit(&mut self, random: &mut Random, holder: usize) {
        let asset = random.below(self.assets.into()) as u8;
        let amount = WAD + random.up_to(1_000 * WAD);
        self.deposit_amount(holder, asset, amount);
    }

    fn deposit_amount(&mut self, holder: usize, asset: u8, amount: u128) {
        let summary = vault::deposit(
            &mut self.vault,
            self.now_s,
            asset,
            amount,
            &self.quotes,
            &DepositLimits::NONE,
        )
        .expect("a deposit with rates at hand");
        self.shares[holder] += summary.shares;
    }

    fn request(&mut self, holder: usize, random: &mut Random) {
        let shares = random.up_to(self.shares[holder]);
        self.request_shares(holder, shares);
    }

    fn request_shares(&mut self, holder: usize, shares: u128) {
        if shares > 0 {
            let summary = vault::enqueue(&mut self.vault, shares).expect("shares");
            self.shares[holder] -= shares;
            self.tickets.push((holder, summary.epoch, shares));
        }
    }

    fn wait(&mut self, seconds: u64) {
        self.now_s += seconds;
        let summary = vault::sync(&mut self.vault, self.now_s, SYNC_STEPS).expect("a sync");
        assert!(summary.done);
    }

    fn file(&mut self, id: u64, delta: u64) {
        vault::contest(&mut self.vault, id, delta, self.capacity).expect("fits the capacity");
    }

    fn decide(&mut self, id: u64, delta: u64, executed: bool) {
        if executed {
            vault::execute(&mut self.vault, id, delta, self.capacity, SINK).expect("undecided");
            self.capacity -= delta;
        } else {
            vault::lift(&mut self.vault, self.now_s, id).expect("undecided");
        }
    }

    /// Everybody leaves; what each got of each asset.
    fn payouts(mut self) -> [Amounts; HOLDERS] {
        for holder in 0..HOLDERS {
            self.request_shares(holder, self.shares[holder]);
        }
        self.wait(4 * CLOCK.epoch_s);
        let mut payouts = [Amounts::default(); HOLDERS];
        for (holder, epoch, shares) in &self.tickets {
            let summary = vault::release(&mut self.vault, *epoch, *shares, &[0; 8]).expect("owed");
            assert!(
                summary.finished,
                "batch {epoch}: {:?}",
                self.vault.batch(*epoch)
            );
            for (sum, amount) in payouts[*holder].iter_mut().zip(summary.amounts) {
                *sum += amount;
            }
        }
        payouts
    }
}

fn holder_of(random: &mut Random) -> usize {
    random.below(HOLDERS as u64) as usize
}

/// Requests that are filed with nothing maturing in between, and what becomes of them.
fn requests(random: &mut Random) -> Vec<(u64, u64, bool)> {
    let count = 1 + random.below(3);
    (1..=count)
        .map(|id| {
            let delta = match random.below(6) {
                0 => 1,
                1 => WAD_MAGNITUDE / count,
                _ => 1 + random.below(WAD_MAGNITUDE / count),
            };
            (id, delta, random.percent(50))
        })
        .collect()
}

/// Runs both worlds; the most that anybody's payout differs, and the number of settlements under contest.
fn twins(seed: u64) -> (u128, u64) {
    let mut random = Random::new(seed);
    let start = World::new(&mut random);
    let requests = requests(&mut random);
    let [mut late, mut at_once] = [start.clone(), start];
    // Somebody leaves around the filing, before and after.
    let leavers: Vec<(usize, u64)> = (0..3)
        .map(|_| (holder_of(&mut random), random.below(100)))
        .collect();
    let settled = |world: &World| world.vault.head().settled;
    for (round, (holder, percent)) in leavers.into_iter().enumerate() {
        let shares = late.shares[holder] * u128::from(percent) / 100;
        assert_eq!(late.shares, at_once.shares);
        late.request_shares(holder, shares);
        at_once.request_shares(holder, shares);
        if round == 1 {
            for (id, delta, executed) in &requests {
                late.file(*id, *delta);
                at_once.file(*id, *delta);
                at_once.decide(*id, *delta, *executed);
            }
        }
        let seconds = match random.below(3) {
            0 => 0,
            1 => random.below(CLOCK.epoch_s),
            _ => random.below(3 * CLOCK.epoch_s),
        };
        late.wait(seconds);
        at_once.wait(seconds);
    }
    let before = settled(&late);
    let seconds = random.below(4 * CLOCK.epoch_s);
    late.wait(seconds);
    at_once.wait(seconds);
    let overlapped = settled(&late) - before;
    for (id, delta, executed) in &requests {
        late.decide(*id, *delta, *executed);
        let seconds = random.below(CLOCK.epoch_s / 2);
        late.wait(seconds);
        at_once.wait(seconds);
    }
    let mut worst = 0;
    let pairs = late.payouts().into_iter().zip(at_once.payouts());
    for (late, at_once) in pairs {
        for (late, at_once) in late.into_iter().zip(at_once) {
            worst = worst.max(late.abs_diff(at_once));
        }
    }
    (worst, overlapped)
}

#[test]
fn contested_exits_end_as_if_the_decision_had_been_known_at_filing() {
    let mut overlapped = 0;
    let mut worst = 0;
    for seed in 0..4_000 * depth() {
        let (difference, settlements) = twins(seed);
        assert!(
            difference <= 16,
            "twins of seed {seed} differ by {difference} wei"
        );
        worst = worst.max(difference);
        overlapped += u64::from(settlements > 0);
    }
    println!("worst difference {worst} wei; {overlapped} runs settled under contest");
    assert!(
        overlapped > 1_000,
        "only {overlapped} runs settled a batch under contest"
    );
}

#[test]
fn a_deposit_during_a_contest_never_makes_an_earlier_holder_worse_off() {
    for seed in 0..2_000 * depth() {
        let mut random = Random::new(seed);
        let mut start = World::new(&mut random);
        let (id, delta, executed) = (1, 1 + random.below(WAD_MAGNITUDE), random.percent(50));
        start.file(id, delta);
        let [mut with, mut without] = [start.clone(), start];
        // The depositor is one more account: nobody's shares but its own change.
        let asset = random.below(with.assets.into()) as u8;
        let amount = WAD + random.up_to(5_000 * WAD);
        let summary = vault::deposit(
            &mut with.vault,
            with.now_s,
            asset,
            amount,
            &with.quotes,
            &DepositLimits::NONE,
        )
        .expect("a deposit with rates at hand");
        assert!(summary.shares > 0);
        let (holder, part) = (holder_of(&mut random), random.below(100));
        let wait_s = random.below(4 * CLOCK.epoch_s);
        for world in [&mut with, &mut without] {
            let shares = world.shares[holder] * u128::from(part) / 100;
            world.request_shares(holder, shares);
            world.wait(wait_s);
            world.decide(id, delta, executed);
        }
        let quotes = with.quotes;
        let value = |amounts: Amounts| -> u128 {
            amounts
                .iter()
                .zip(&quotes)
                .map(|(amount, quote)| amount / 1_000 * quote.rate_wad / (WAD / 1_000))
                .sum()
        };
        for (with, without) in with.payouts().into_iter().zip(without.payouts()) {
            let (with, without) = (value(with), value(without));
            assert!(with + 100_000 >= without, "seed {seed}: {with} < {without}");
        }
    }
}

#[test]
fn slashes_between_close_and_maturity_leave_no_batch_a_wei_short() {
    for seed in 0..2_000 * depth() {
        let mut random = Random::new(seed);
        let mut world = World::new(&mut random);
        // Everything idle is at work, as with a target of zero.
        vault::set_idle_target(&mut world.vault, 0).expect("in range");
        world.wait(4 * CLOCK.epoch_s);
        let leaver = holder_of(&mut random);
        let epoch = world.vault.head().closed;
        world.request(leaver, &mut random);
        let until_close_s = CLOCK.start_s(epoch + 1) - world.now_s;
        world.wait(until_close_s);
        for id in 1..=random.below(16) {
            let delta = 1 + random.below(world.capacity / 8);
            world.file(id, delta);
            world.decide(id, delta, true);
        }
        let until_maturity_s = CLOCK.maturity_s(epoch) - world.now_s;
        world.wait(until_maturity_s);
        let batch = world.vault.batch(epoch);
        assert_eq!(batch.filled, batch.shares, "seed {seed}");
    }
}
