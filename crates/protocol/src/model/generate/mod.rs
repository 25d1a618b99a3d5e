//! Stories of adversarial calls: the same ones for the same seed.
//!
//! A story first sets the scene (services, opt-ins, allocations, a first deposit), then goes on for ever. It looks at the model to
//! aim: amounts near balances, caps and limits, times around the boundaries of epochs and windows, rates that creep, jump,
//! die and come back, slash requests of anything between a wei and everything, callers without the role.
//!
//! ```
//! use weir_protocol::model::generate::{Story, opening};
//!
//! let mut story = Story::new(7);
//! let mut model = opening(story.config())?;
//! for _ in 0..100 {
//!     let op = story.next_op(&model);
//!     let _refused_or_not = model.apply(&op);
//! }
//! # Ok::<(), weir_protocol::model::ModelError>(())
//! ```

mod allot;
mod first_loss;
mod parties;
mod rewards;
mod scene;

use std::collections::VecDeque;

use alloy_primitives::{Address, U256};

use super::random::Random;
use super::{Call, Config, Model, ModelError, Op, VAULT, account};
use crate::clock::Epoch;
use crate::exits::TicketKey;
use crate::hub::{BURN, EXECUTE_DELAY_S, HubStore, Request, Status};
use crate::rates::{Bounds, Guard};
use crate::units::{WAD, WAD_MAGNITUDE};
use crate::vault::{
    DepositLimits, FeeSplit, Pause, RETIRED_BELOW, RateState, RedeemLimits, VaultStore,
};
use scene::{config, curve, scene};

/// People with tokens.
pub const HOLDERS: [Address; 5] = [
    account(10),
    account(11),
    account(12),
    account(13),
    account(14),
];
/// File for services 1, 2, 3 and 4.
pub const SLASHERS: [Address; 4] = [account(30), account(31), account(32), account(33)];
/// Veto for services 1, 2, 3 and 4.
pub const RESOLVERS: [Address; 4] = [account(40), account(41), account(42), account(43)];
/// Slashed assets of services 1, 2, 3 and 4 are due to them.
pub const SINKS: [Address; 4] = [account(50), account(51), account(52), account(53)];
/// Operators.
pub const OPERATORS: [Address; 2] = [account(60), account(61)];

/// What everybody is given of each asset at the start: ten thousand.
pub const GIFT: u128 = 10_000 * WAD;

/// An endless sequence of calls.
#[derive(Clone, Debug)]
pub struct Story {
    random: Random,
    config: Config,
    scene: VecDeque<Op>,
}

impl Story {
    /// The story of a seed.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let config = config(&mut random);
        let scene = scene(&mut random, &config);
        Self {
            random,
            config,
            scene,
        }
    }

    /// The world that it happens in.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What happens next in `model`.
    pub fn next_op(&mut self, model: &Model) -> Op {
        if let Some(op) = self.scene.pop_front() {
            return op;
        }
        if self.random.percent(4)
            && let Some(op) = self.pocket(model)
        {
            return op;
        }
        if self.random.percent(10) && is_done_for(model) {
            return by(self.holder(), Call::Retire);
        }
        let mut op = match self.random.below(130) {
            0..17 => self.deposit(model),
            17..20 => self.allot(model),
            20..31 => self.redeem(model),
            31..42 => self.request(model),
            42..45 => self.cancel(model),
            45..55 => self.claim(model),
            55..57 => self.transfer(model),
            57..73 => self.advance(model),
            73..79 => self.answer(model),
            79..84 => self.file(model),
            84..92 => self.decide(model),
            92..94 => self.pull(),
            94..96 => self.allot(model),
            96 => self.parties(model),
            97..102 => self.fees(model),
            107..122 => self.first_loss(model),
            122..130 => self.reward(model),
            _ => self.privileged(model),
        };
        if self.random.percent(1) {
            op.caller = self.random.pick(HOLDERS[0], &[account(99)]);
        }
        op
    }

    /// A delisted asset may go to a pocket only while its rate is not fresh and nothing is undecided: when it may, it does.
    fn pocket(&mut self, model: &Model) -> Option<Op> {
        let (quotes, _) = model.quotes();
        let failed = |asset: &u8| {
            let quote = quotes.get(usize::from(*asset));
            model.vault().asset_terms(*asset).delisted
                && quote.is_some_and(|quote| quote.state != RateState::Fresh)
        };
        let asset = (0..self.assets()).find(failed)?;
        Some(by(self.config.governor, Call::Pocket { asset }))
    }

    fn assets(&self) -> u8 {
        self.config.assets.len() as u8
    }

    fn holder(&mut self) -> Address {
        self.random.pick(HOLDERS[0], &HOLDERS[1..])
    }

    fn asset(&mut self) -> u8 {
        if self.random.percent(1) {
            return self.random.bits() as u8;
        }
        let assets = self.assets().into();
        self.random.below(assets) as u8
    }

    fn deposit(&mut self, model: &Model) -> Op {
        let caller = self.holder();
        let receiver = self.holder();
        let asset = self.asset();
        let balance = model.tokens_of(asset, caller);
        let amount = if self.random.percent(5) {
            let cap = model.vault().asset_terms(asset).cap;
            let total = model.vault().balance(asset);
            cap.saturating_sub(total.idle.saturating_add(total.staked))
                .saturating_add(self.random.below(2).into())
        } else if self.random.percent(40) {
            self.random.up_to(balance / 20)
        } else {
            self.random.amount(balance)
        };
        let mut limits = DepositLimits::NONE;
        if self.random.percent(5) {
            limits.min_shares = self.random.amount(amount);
        }
        if self.random.percent(5) {
            limits.min_floor_rate_wad = self.random.up_to(2 * WAD);
        }
        if self.random.percent(3) {
            limits.deadline_s = self.near(model.now_s());
        }
        by(
            caller,
            Call::Deposit {
                asset,
                amount,
                receiver,
                limits,
            },
        )
    }

    fn redeem(&mut self, model: &Model) -> Op {
        let caller = self.holder();
        let receiver = self.holder();
        let asset = self.asset();
        let balance = model.shares_of(caller);
        let shares = if self.random.percent(50) {
            self.random.up_to(balance / 20)
        } else {
            self.random.amount(balance)
        };
        let mut limits = RedeemLimits::NONE;
        if self.random.percent(5) {
            limits.min_amount = self.random.amount(shares);
        }
        if self.random.percent(3) {
            limits.deadline_s = self.near(model.now_s());
        }
        by(
            caller,
            Call::Redeem {
                asset,
                shares,
                receiver,
                limits,
            },
        )
    }

    fn request(&mut self, model: &Model) -> Op {
        let caller = self.holder();
        let receiver = self.holder();
        let shares = self.random.amount(model.shares_of(caller));
        by(caller, Call::Request { shares, receiver })
    }

    /// A ticket that exists, or one of an epoch not long ago.
    /// A ticket of a holder, or of the vault itself; now and then none.
    fn ticket(&mut self, model: &Model, of_vault: bool) -> (Epoch, Address) {
        let mut tickets: Vec<_> = model
            .tickets()
            .entries()
            .filter_map(|(key, _)| match key {
                TicketKey::Shares(epoch, owner) => Some((epoch, owner)),
                _ => None,
            })
            .filter(|(_, owner)| (*owner == VAULT) == of_vault)
            .collect();
        tickets.sort_unstable();
        let place = self.random.below(tickets.len() as u64) as usize;
        match tickets.get(place) {
            Some(ticket) if !self.random.percent(10) => *ticket,
            _ => {
                let current = self.config.clock.epoch_at(model.now_s());
                let back = self.random.below(5);
                (current.saturating_sub(back), self.holder())
            }
        }
    }

    fn cancel(&mut self, model: &Model) -> Op {
        let (epoch, owner) = self.ticket(model, false);
        let shares = model.ticket(epoch, owner).map_or(1, |ticket| ticket.shares);
        let shares = if self.random.percent(40) {
            shares
        } else {
            self.random.amount(shares)
        };
        by(
            owner,
            Call::Cancel {
                epoch,
                owner,
                shares,
            },
        )
    }

    fn claim(&mut self, model: &Model) -> Op {
        let of_vault = self.random.percent(10);
        let (epoch, owner) = self.ticket(model, of_vault);
        by(self.holder(), Call::Claim { epoch, owner })
    }

    fn transfer(&mut self, model: &Model) -> Op {
        let to = self.holder();
        if self.random.percent(50) {
            let (epoch, owner) = self.ticket(model, false);
            return by(owner, Call::TransferTicket { epoch, to });
        }
        let from = self.holder();
        let shares = self.random.amount(model.shares_of(from));
        by(from, Call::TransferShares { to, shares })
    }

    fn advance(&mut self, model: &Model) -> Op {
        let clock = self.config.clock;
        let now_s = model.now_s();
        let undecided = undecided(model);
        let place = self.random.below(undecided.len() as u64) as usize;
        if let Some((_, request)) = undecided.get(place)
            && self.random.percent(50)
        {
            let next_s = if request.status == Status::Armed {
                request.armed_s + EXECUTE_DELAY_S
            } else {
                request.filed_s + request.veto_window_s
            };
            let seconds = self.near(next_s).saturating_sub(now_s);
            return by(Address::ZERO, Call::Advance { seconds });
        }
        if self.random.percent(8)
            && let Some(at_s) = self.notice_matures(model)
        {
            let seconds = self.near(at_s).saturating_sub(now_s);
            return by(Address::ZERO, Call::Advance { seconds });
        }
        let seconds = match self.random.below(10) {
            0..3 => {
                let current = clock.epoch_at(now_s);
                let next = clock.start_s(current.saturating_add(1));
                let maturity = clock.start_s(current).saturating_add(clock.grace_s);
                let boundary = self.random.pick(next, &[maturity]);
                let before_or_after = self.random.below(3);
                boundary
                    .saturating_add(before_or_after)
                    .saturating_sub(1)
                    .saturating_sub(now_s)
            }
            3..5 => self.random.below(100),
            5 => EXECUTE_DELAY_S,
            6..8 => self.random.below(clock.epoch_s),
            8 => self.random.below(clock.epoch_s.saturating_mul(3)),
            _ => {
                let epochs = self.random.pick(2, &[3, 4, 5, 40]);
                clock.epoch_s.saturating_mul(epochs)
            }
        };
        by(Address::ZERO, Call::Advance { seconds })
    }

    fn answer(&mut self, model: &Model) -> Op {
        let asset = self.asset();
        let accepted = model.accepted(asset);
        let rate = u128::from(accepted.rate_wad);
        let bounds = self.bounds(asset);
        let elapsed_s = model.now_s().saturating_sub(accepted.at_s);
        let most = rate.saturating_mul(
            u128::from(bounds.max_growth_per_day_wad).saturating_mul(u128::from(elapsed_s))
                / (24 * 60 * 60),
        ) / WAD;
        let call = match self.random.below(32) {
            30 => Call::Second {
                asset,
                answer: self.random.pick(None, &[Some(U256::from(rate))]),
            },
            31 => {
                // What the source answers out of bounds, or nearly that.
                let off = self.random.up_to(rate / 50);
                let suspect = u128::from(accepted.suspect_wad);
                Call::Second {
                    asset,
                    answer: Some(U256::from(suspect.saturating_add(off))),
                }
            }
            0 => Call::Answer {
                asset,
                answer: None,
            },
            1 => Call::Answer {
                asset,
                answer: Some(
                    self.random
                        .pick(U256::ZERO, &[U256::MAX, U256::from(u64::MAX)]),
                ),
            },
            2 => {
                let drop = rate / WAD * u128::from(bounds.max_drop_wad);
                let answer = rate
                    .saturating_sub(drop)
                    .saturating_sub(self.random.up_to(2));
                self.answers(asset, answer)
            }
            3 => {
                let jump = self.random.up_to(rate);
                self.answers(asset, rate.saturating_add(jump))
            }
            4 => {
                let guard = match self.random.below(4) {
                    0 => Guard::Silent,
                    1 => Guard::Absent,
                    _ => Guard::Price(U256::from(self.random.up_to(rate.saturating_mul(2)))),
                };
                Call::Market { asset, guard }
            }
            5 => Call::Poke,
            6 => Call::Market {
                asset,
                guard: Guard::Price(U256::from(rate)),
            },
            7..12 => self.answers(asset, rate),
            _ => {
                let growth = self.random.up_to(most.saturating_add(1));
                self.answers(asset, rate.saturating_add(growth))
            }
        };
        by(Address::ZERO, call)
    }

    fn answers(&mut self, asset: u8, answer: u128) -> Call {
        Call::Answer {
            asset,
            answer: Some(U256::from(answer)),
        }
    }

    fn bounds(&self, asset: u8) -> Bounds {
        self.config
            .assets
            .get(usize::from(asset))
            .and_then(|asset| asset.source)
            .map(|source| source.bounds)
            .unwrap_or_default()
    }

    fn file(&mut self, model: &Model) -> Op {
        let place = self.random.below(4) as usize;
        let current = self.config.clock.epoch_at(model.now_s());
        let offence_epoch = current
            .saturating_add(1)
            .saturating_sub(self.random.pick(1, &[1, 1, 2, 2, 0, 3]));
        let wad = match self.random.below(8) {
            0 => self
                .random
                .pick(0, &[1, WAD_MAGNITUDE, u64::MAX, WAD_MAGNITUDE + 1]),
            1 => self.random.below(1_000),
            2..5 => self.random.below(WAD_MAGNITUDE / 5),
            _ => self.random.below(WAD_MAGNITUDE),
        };
        let operator = self.random.pick(OPERATORS[0], &OPERATORS[1..]);
        by(
            SLASHERS.get(place).copied().unwrap_or_default(),
            Call::File {
                service: place as u32 + 1,
                operator,
                wad,
                offence_epoch,
            },
        )
    }

    /// Something about one of the last requests, mostly what is possible with an undecided one.
    fn decide(&mut self, model: &Model) -> Op {
        let (_, last, _) = model.hub().counts();
        let undecided = undecided(model);
        let place = self.random.below(undecided.len() as u64) as usize;
        let Some((id, request)) = undecided.get(place).filter(|_| !self.random.percent(5)) else {
            let id = self.random.below(last.saturating_add(2));
            let call = self.random.pick(
                Call::Arm { id },
                &[Call::Execute { id }, Call::Lapse { id }, Call::Veto { id }],
            );
            return by(self.holder(), call);
        };
        let id = *id;
        if self.random.percent(12) {
            let service = request.service.saturating_sub(1) as usize;
            let resolver = RESOLVERS.get(service).copied().unwrap_or_default();
            return by(resolver, Call::Veto { id });
        }
        let call = match request.status {
            Status::Armed => Call::Execute { id },
            _ => self.random.pick(Call::Arm { id }, &[Call::Lapse { id }]),
        };
        by(self.holder(), call)
    }

    fn pull(&mut self) -> Op {
        let asset = self.asset();
        let sink = self.random.pick(BURN, &SINKS);
        let caller = if self.random.percent(90) {
            sink
        } else {
            self.holder()
        };
        by(caller, Call::Pull { asset, sink })
    }

    fn fees(&mut self, model: &Model) -> Op {
        let governor = self.config.governor;
        match self.random.below(5) {
            0 => by(self.holder(), Call::Accrue),
            1 | 2 => by(self.holder(), Call::CollectFees),
            3 => {
                let old_bps = model.vault().settings().fee_bps;
                let rise_bps = self.random.pick(10, &[old_bps / 4, 1, 11, old_bps / 4 + 1]);
                let fee_bps = self.random.pick(
                    old_bps + rise_bps,
                    &[old_bps, old_bps / 2, 1_000, 0, 2_000, 2_001],
                );
                by(governor, Call::SetFee { fee_bps })
            }
            _ => {
                let split = FeeSplit {
                    cover_bps: self.random.pick(0, &[1, 2_000, 10_000]),
                    operators_bps: self.random.pick(0, &[1, 3_333, 8_001]),
                };
                by(governor, Call::SetFeeSplit { split })
            }
        }
    }

    fn privileged(&mut self, model: &Model) -> Op {
        let asset = self.asset();
        let governor = self.config.governor;
        match self.random.below(14) {
            13 => by(self.holder(), Call::Retire),
            12 => {
                let delisted =
                    (0..self.assets()).find(|asset| model.vault().asset_terms(*asset).delisted);
                match delisted {
                    Some(asset) if self.random.percent(60) => by(
                        Address::ZERO,
                        Call::Answer {
                            asset,
                            answer: None,
                        },
                    ),
                    // For ever, and it takes deposits away: seldom.
                    _ if self.random.percent(30) => by(governor, Call::Delist { asset }),
                    _ => by(governor, Call::Pocket { asset }),
                }
            }
            0 => {
                let cap = self.random.amount(GIFT.saturating_mul(20));
                by(governor, Call::SetCap { asset, cap })
            }
            1 => {
                // Twice as much as now, or a bit beyond; or from nothing.
                let cap = model.vault().asset_terms(asset).cap.max(1);
                let more = self.random.pick(0, &[0, 1, cap / 2, GIFT]);
                let cap = cap.saturating_mul(2).saturating_add(more);
                by(governor, Call::SetCap { asset, cap })
            }
            2 => {
                let fee_bps = self.random.pick(0, &[0, 1, 10, 500, 501]);
                by(governor, Call::SetDepositFee { asset, fee_bps })
            }
            3 => {
                let target_bps = self.random.pick(500, &[0, 100, 2_000, 5_000, 5_001]);
                by(governor, Call::SetIdleTarget { target_bps })
            }
            4 => {
                let curve = curve(&mut self.random);
                by(governor, Call::SetCurve { curve })
            }
            5 => {
                let what = self.random.pick(Pause::Deposits, &[Pause::Instant]);
                let duration_s = self.random.pick(0, &[60, 3_600, 86_400, 259_200, 259_201]);
                by(self.config.guardian, Call::Pause { what, duration_s })
            }
            6 => {
                let rate = u128::from(model.accepted(asset).rate_wad);
                let rate_wad = self
                    .random
                    .pick(rate, &[0, 1, 1_000, rate / 2, rate + 1, 1 << 64]);
                by(governor, Call::AcceptRate { asset, rate_wad })
            }
            7 => by(
                Address::ZERO,
                Call::Break {
                    asset,
                    broken: true,
                },
            ),
            8 | 9 => by(
                Address::ZERO,
                Call::Break {
                    asset,
                    broken: false,
                },
            ),
            10 => {
                let amount = self.random.up_to(WAD);
                // Of a token that exists: a call of no code does nothing and succeeds.
                let asset = asset.checked_rem(self.assets()).unwrap_or(0);
                by(self.holder(), Call::Donate { asset, amount })
            }
            _ => by(self.holder(), Call::Sync),
        }
    }

    /// A second before, at or after.
    fn near(&mut self, now_s: u64) -> u64 {
        now_s.saturating_add(self.random.below(3)).saturating_sub(1)
    }
}

/// A model as stories in this world find it: every holder has tokens.
pub fn opening(config: &Config) -> Result<Model, ModelError> {
    let mut model = Model::new(config)?;
    for asset in 0..config.assets.len() as u8 {
        for holder in HOLDERS {
            model.give(asset, holder, GIFT);
        }
    }
    Ok(model)
}

/// Whether anybody may retire the vault, once its rates are fresh.
fn is_done_for(model: &Model) -> bool {
    let settings = model.vault().settings();
    let rate_wad = model.state().map_or(WAD, |state| state.rate_wad);
    !model.vault().head().retired && rate_wad < u128::from(settings.hwm_wad) / RETIRED_BELOW
}

fn by(caller: Address, call: Call) -> Op {
    Op { caller, call }
}

/// The undecided ones of the last requests.
fn undecided(model: &Model) -> Vec<(u64, Request)> {
    let (_, last, _) = model.hub().counts();
    (last.saturating_sub(40)..=last)
        .filter_map(|id| Some((id, model.hub().request(id).ok()?)))
        .filter(|(_, request)| matches!(request.status, Status::Filed | Status::Armed))
        .collect()
}
