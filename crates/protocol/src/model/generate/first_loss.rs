//! Calls of bonds and cover.

use alloy_primitives::Address;

use super::{HOLDERS, OPERATORS, SLASHERS, Story, by};
use crate::cover::{self, CoverKey, CoverStore};
use crate::model::{CUSHION, Call, Model, Op};

impl Story {
    pub(super) fn first_loss(&mut self, model: &Model) -> Op {
        let operator = self.operator();
        let holder = self.holder();
        let service = self.random.pick(1, &[2, 3, 4, 4, 5]);
        let balance = model.shares_of(holder);
        let ripe = self.ripe(model);
        let place = self.random.below(ripe.len().saturating_mul(2) as u64) as usize;
        if let Some(op) = ripe.get(place) {
            return *op;
        }
        match self.random.below(22) {
            0..3 => {
                let shares = self.a_part(balance);
                by(holder, Call::Bond { operator, shares })
            }
            3..5 => {
                let shares = self.some(model.cover().bond(operator).shares);
                by(operator, Call::Unbond { shares })
            }
            5..7 => by(holder, Call::CollectBond { operator }),
            7..10 => {
                let shares = self.a_part(balance);
                by(holder, Call::EnterCover { shares })
            }
            10 => by(holder, Call::CancelEntry),
            11..13 => {
                let position = cover::position(model.cover(), holder).unwrap_or_default();
                let units = self.some(position.units);
                by(holder, Call::LeaveCover { units })
            }
            13..16 => by(self.holder(), Call::CollectCover { member: holder }),
            16 => by(holder, Call::Earn),
            17 => {
                let shares = self.random.amount(balance / 50);
                by(
                    holder,
                    Call::TransferShares {
                        to: CUSHION,
                        shares,
                    },
                )
            }
            18..20 => {
                let shares = self.a_part(balance);
                by(holder, Call::FundService { service, shares })
            }
            20 => {
                let shares = self.some(model.cover().stake(service).free);
                let slasher = SLASHERS.get((service as usize).saturating_sub(1));
                let slasher = slasher.copied().unwrap_or(holder);
                by(slasher, Call::DefundService { service, shares })
            }
            _ => by(holder, Call::Surrender),
        }
    }

    /// What is possible only now and then, where it is.
    fn ripe(&self, model: &Model) -> Vec<Op> {
        let store = model.cover();
        let clock = self.config.clock;
        let is_ripe = |key| {
            let leaving = store.leaving(key);
            leaving.amount > 0 && model.now_s() >= clock.maturity_s(leaving.epoch)
        };
        let [caller, ..] = HOLDERS;
        let mut ripe = Vec::new();
        for operator in OPERATORS {
            if is_ripe(CoverKey::Unbonding(operator)) {
                ripe.push(by(caller, Call::CollectBond { operator }));
            }
        }
        for member in HOLDERS {
            if is_ripe(CoverKey::Notice(member)) {
                ripe.push(by(caller, Call::CollectCover { member }));
            }
            if store.numbered(CoverKey::Entry(member)).0 > 0 {
                ripe.push(by(member, Call::CancelEntry));
            }
        }
        if store.forfeited() > 0 {
            ripe.push(by(caller, Call::Surrender));
        }
        let totals = store.totals();
        if model.shares_of(CUSHION) > totals.burnable.saturating_add(totals.staked) {
            ripe.push(by(caller, Call::Earn));
        }
        ripe
    }

    /// To when a notice matures, if there is one.
    pub(super) fn notice_matures(&mut self, model: &Model) -> Option<u64> {
        let operator = self.operator();
        let holder = self.holder();
        let key = self
            .random
            .pick(CoverKey::Unbonding(operator), &[CoverKey::Notice(holder)]);
        let leaving = model.cover().leaving(key);
        (leaving.amount > 0).then(|| self.config.clock.maturity_s(leaving.epoch))
    }

    fn operator(&mut self) -> Address {
        self.random.pick(OPERATORS[0], &OPERATORS[1..])
    }

    fn a_part(&mut self, balance: u128) -> u128 {
        if self.random.percent(80) {
            self.random.up_to(balance / 4)
        } else {
            self.random.amount(balance)
        }
    }

    fn some(&mut self, of: u128) -> u128 {
        if self.random.percent(40) {
            of
        } else {
            self.random.amount(of)
        }
    }
}

/// Who begins with shares lets every service stake some, and in half of the worlds gives some to bonds and to cover.
pub(super) fn first_lines(amount: u128, is_bonded: bool) -> Vec<Op> {
    let [holder, ..] = HOLDERS;
    let shares = amount / 40;
    let mut ops: Vec<Op> = (1..=4)
        .map(|service| by(holder, Call::FundService { service, shares }))
        .collect();
    if is_bonded {
        for operator in OPERATORS {
            ops.push(by(holder, Call::Bond { operator, shares }));
        }
        ops.push(by(holder, Call::EnterCover { shares }));
    }
    ops
}
