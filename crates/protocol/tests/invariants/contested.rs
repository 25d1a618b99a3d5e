//! Twin worlds: in one a slash is decided long after its filing, in the other at once. Everybody ends with the same.

use alloy_primitives::Address;
use weir_protocol::allocator::{Part, lifted, renormalised};
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
    scale: u8,
    /// Shares of bonds and cover: free, and locked.
    cover: [u128; 2],
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
            scale: 0,
            cover: [0; 2],
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

    /// Holder 0 gives a part of what it has to bonds and cover.
    fn bond(&mut self, percent: u64) {
        let shares = self.shares[0] * u128::from(percent) / 100;
        self.shares[0] -= shares;
        self.cover[0] += shares;
        vault::set_burnable(&mut self.vault, self.cover[0] + self.cover[1]);
    }

    /// Files; answers the shares that the loss is worth, at the quotes.
    fn file(&mut self, id: u64, delta: u64) -> u128 {
        let part = self.part(delta, self.scale);
        let summary = vault::contest(&mut self.vault, id, part);
        let losses = summary.expect("fits the capacity").losses;
        let mut rates_wad = Amounts::default();
        for (rate_wad, quote) in rates_wad.iter_mut().zip(&self.quotes) {
            *rate_wad = quote.rate_wad;
        }
        vault::worth(&self.vault, &losses, &rates_wad).expect("fits")
    }

    /// A magnitude that was fixed at `scale`, of the capacity of now.
    fn part(&self, delta: u64, scale: u8) -> Part {
        Part {
            delta: lifted(delta, self.scale - scale),
            capacity: self.capacity,
            scale: self.scale,
        }
    }

    /// Locks `shares`, or what is free, behind a request; answers how many.
    fn lock(&mut self, id: u64, shares: u128) -> u128 {
        let locked = shares.min(self.cover[0]);
        vault::cushion(&mut self.vault, id, locked).expect("undecided");
        self.cover[0] -= locked;
        self.cover[1] += locked;
        locked
    }

    fn decide(&mut self, id: u64, delta: u64, executed: bool) {
        let cushion = self.vault.cushion(id);
        let locked = cushion.open + cushion.tied;
        self.cover[1] -= locked;
        if executed {
            let part = self.part(delta, self.vault.contest(id).scale);
            let summary = vault::execute(&mut self.vault, id, part, SINK);
            let summary = summary.expect("undecided");
            assert_eq!(summary.burned_shares + summary.given_shares, locked);
            let left = self.capacity - part.delta;
            (self.capacity, self.scale) = renormalised(left, self.scale);
        } else {
            vault::lift(&mut self.vault, self.now_s, id).expect("undecided");
            self.cover[0] += locked;
        }
    }

    /// Everybody leaves, twice if shares of bonds and cover came with the assets; what each got of each asset.
    fn payouts(mut self) -> [Amounts; HOLDERS] {
        let mut payouts = [Amounts::default(); HOLDERS];
        for _ in 0..2 {
            for holder in 0..HOLDERS {
                self.request_shares(holder, self.shares[holder]);
            }
            self.wait(4 * CLOCK.epoch_s);
            for (holder, epoch, shares) in std::mem::take(&mut self.tickets) {
                let summary =
                    vault::release(&mut self.vault, epoch, shares, &[0; 8], 0).expect("owed");
                assert!(
                    summary.finished,
                    "batch {epoch}: {:?}",
                    self.vault.batch(epoch)
                );
                self.shares[holder] += summary.shares;
                for (sum, amount) in payouts[holder].iter_mut().zip(summary.amounts) {
                    *sum += amount;
                }
            }
        }
        assert_eq!(self.shares, [0; HOLDERS]);
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

/// Runs both worlds, with so much of a holder's shares in bonds and cover; the most that anybody's payout differs, and the
/// number of settlements under contest.
fn twins(seed: u64, bonded: bool) -> (u128, u64) {
    let mut random = Random::new(seed);
    let mut start = World::new(&mut random);
    let covered = bonded.then(|| random.pick(100, &[30, 70, 200]));
    if bonded {
        start.bond(random.below(100));
    }
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
                let worth = late.file(*id, *delta);
                at_once.file(*id, *delta);
                if let Some(percent) = covered {
                    let locked = late.lock(*id, worth * percent / 100);
                    assert_eq!(at_once.lock(*id, locked), locked);
                }
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

fn compare_twins(bonded: bool, tolerance: u128) {
    let mut overlapped = 0;
    let mut worst = 0;
    for seed in 0..4_000 * depth() {
        let (difference, settlements) = twins(seed, bonded);
        assert!(
            difference <= tolerance,
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
fn contested_exits_end_as_if_the_decision_had_been_known_at_filing() {
    compare_twins(false, 16);
}

#[test]
fn contested_exits_with_bonds_and_cover_end_as_if_the_decision_had_been_known_at_filing() {
    compare_twins(true, 16);
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
        if seed % 2 == 0 {
            world.bond(random.below(101));
        }
        let leaver = holder_of(&mut random);
        let epoch = world.vault.head().closed;
        world.request(leaver, &mut random);
        let until_close_s = CLOCK.start_s(epoch + 1) - world.now_s;
        world.wait(until_close_s);
        for id in 1..=random.below(16) {
            let delta = 1 + random.below(world.capacity / 8);
            let worth = world.file(id, delta);
            world.lock(id, worth);
            world.decide(id, delta, true);
        }
        let until_maturity_s = CLOCK.maturity_s(epoch) - world.now_s;
        world.wait(until_maturity_s);
        let batch = world.vault.batch(epoch);
        assert_eq!(batch.filled, batch.shares, "seed {seed}");
    }
}

#[test]
fn no_holder_bears_a_loss_that_bonds_and_cover_can_bear() {
    let mut borne = 0;
    for seed in 0..2_000 * depth() {
        let mut random = Random::new(seed);
        let mut world = World::new(&mut random);
        world.bond(50 + random.below(50));
        let value = |world: &World| vault::valuation(&world.vault, &world.quotes).expect("fits");
        let before = value(&world);
        let delta = 1 + random.below(WAD_MAGNITUDE / 4);
        let worth = world.file(1, delta);
        if world.lock(1, worth) < worth {
            continue;
        }
        // The floor is the rate from filing on, and no settlement or decision changes either.
        world.request(1 + random.below(3) as usize, &mut random);
        world.wait(random.below(4 * CLOCK.epoch_s));
        let waiting = value(&world);
        world.decide(1, delta, true);
        let after = value(&world);
        let rate_wad = before.rate_wad().expect("fits");
        for now_wad in [waiting.floor_rate_wad(), after.rate_wad()] {
            let now_wad = now_wad.expect("fits");
            assert!(
                now_wad.abs_diff(rate_wad) <= 100,
                "seed {seed}: {now_wad} of {rate_wad}"
            );
        }
        borne += 1;
    }
    assert!(borne > 500, "only {borne} losses were borne");
}
