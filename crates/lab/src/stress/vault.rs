//! The vault of a path: the protocol's own model, and a mirror of it in floating point for the markets.
//!
//! Every transition is a call of `weir_protocol::model`, which runs the operations that the contracts run, in their integers. The
//! mirror is read from its ledger after each transition and never written back. Between transitions only rates of assets move.
//!
//! The books follow value at the rates of the moment:
//!
//! ```text
//! entered + yielded = paid + slashed + held        held: Σ (T_i + held_i + owed_i + unvested_i) · rate_i
//! ```

use alloy_primitives::{Address, U256};
use weir_protocol::allocator::AllocatorError;
use weir_protocol::clock::Epoch;
use weir_protocol::exits::ExitsError;
use weir_protocol::hub::HubError;
use weir_protocol::model::{CUSHION, Call, EXITS, Model, ModelError, Op, Outcome};
use weir_protocol::units::{Amounts, MAX_ASSETS};
use weir_protocol::vault::{
    self, DepositLimits, RateState, RedeemLimits, VaultError, VaultStore as _,
};

use super::opening::{Opening, PUBLIC, operator_account, resolver, slasher, wei};

const WEI: f64 = 1e-18;
/// Shares that nobody asks for: less than this is not worth a call.
const DUST: f64 = 1e-6;

/// An open ticket of the public.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    /// Its epoch.
    pub epoch: Epoch,
    /// Shares in it.
    pub shares: f64,
    /// Of these, shares of the arbitrageur.
    pub of_arbitrage: f64,
    /// Whether some of it has been paid.
    pub paid: bool,
}

/// What claims brought.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Claimed {
    /// To the arbitrageur, ETH.
    pub arbitrage_value: f64,
    /// To the arbitrageur: shares of bonds and cover, which make leavers good for a slash that was executed after they left.
    pub arbitrage_shares: f64,
    /// Such shares of all others.
    pub holders_shares: f64,
}

/// What became of value, ETH at the rates of the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Books {
    /// Deposits.
    pub entered: f64,
    /// Yield of what the vault has.
    pub yielded: f64,
    /// Paid out: claims and instant exits.
    pub paid: f64,
    /// Slashed.
    pub slashed: f64,
}

/// Who bore executed slashes, ETH.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Borne {
    /// Bonds and cover.
    pub first_loss: f64,
    /// Shares of the public that were in no batch.
    pub staying: f64,
    /// Shares in batches not yet paid.
    pub queued: f64,
    /// Those who had left under the request.
    pub left: f64,
    /// Shares of fees and the locked ones.
    pub others: f64,
}

impl Borne {
    /// All of it.
    pub fn sum(&self) -> f64 {
        self.first_loss + self.staying + self.queued + self.left + self.others
    }
}

/// What an answer to a filing means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Filed {
    /// It has this id.
    Request(u64),
    /// Too many are undecided, or the service cools down: try again.
    Later,
    /// The offence is too old, or there is nothing left to slash.
    Escaped,
}

/// The vault of a path.
#[derive(Clone, Debug)]
pub struct SimVault {
    /// The protocol.
    pub model: Model,
    /// Calls so far, if they are wanted.
    pub log: Option<Vec<Op>>,
    /// ETH per asset, in truth.
    pub rates: [f64; MAX_ASSETS],
    /// ETH per share.
    pub rate: f64,
    /// ETH per share if every undecided slash is executed.
    pub floor: f64,
    /// Supply.
    pub supply: f64,
    /// Value that undecided requests will take, as a part of all.
    pub contested: f64,
    /// Highest rate so far.
    pub mark: f64,
    /// Value flows.
    pub books: Books,
    /// Who bore slashes.
    pub borne: Borne,
    /// Open tickets of the public.
    pub tickets: Vec<Ticket>,
    assets: usize,
    totals: [f64; MAX_ASSETS],
    beside: [f64; MAX_ASSETS],
    /// Rate and lower rate as the vault sees them, where its view is not the truth.
    seen: [(f64, f64); MAX_ASSETS],
    contests: [f64; MAX_ASSETS],
    cushions: f64,
}

impl SimVault {
    /// The vault as the opening left it.
    pub fn new(opening: &Opening, keep_log: bool) -> Result<Self, ModelError> {
        let mut rates = [0.0; MAX_ASSETS];
        for (rate, asset) in rates.iter_mut().zip(&opening.config.assets) {
            *rate = asset
                .source
                .map_or(1.0, |source| source.rate_wad as f64 * WEI);
        }
        let mut vault = Self {
            model: opening.model.clone(),
            log: keep_log.then(Vec::new),
            rates,
            rate: 1.0,
            floor: 1.0,
            supply: 0.0,
            contested: 0.0,
            mark: 0.0,
            books: Books::default(),
            borne: Borne::default(),
            tickets: Vec::new(),
            assets: opening.config.assets.len(),
            totals: [0.0; MAX_ASSETS],
            beside: [0.0; MAX_ASSETS],
            seen: [(0.0, 0.0); MAX_ASSETS],
            contests: [0.0; MAX_ASSETS],
            cushions: 0.0,
        };
        vault.read()?;
        vault.books.entered = vault.held_value();
        Ok(vault)
    }

    /// A call, as a transaction.
    pub fn act(&mut self, caller: Address, call: Call) -> Result<Outcome, ModelError> {
        let op = Op { caller, call };
        let outcome = self.model.apply(&op);
        if let Some(log) = &mut self.log {
            log.push(op);
        }
        outcome
    }

    /// Lets the model's time come to `now_s`.
    pub fn advance_to(&mut self, now_s: u64) -> Result<(), ModelError> {
        let seconds = now_s.saturating_sub(self.model.now_s());
        if seconds > 0 {
            self.act(Address::ZERO, Call::Advance { seconds })?;
        }
        Ok(())
    }

    /// Grows the rate of `asset` to `rate`, in truth; the vault hears of it with [`SimVault::post`].
    pub fn grow(&mut self, asset: usize, rate: f64) {
        let amount = self.totals[asset] + self.beside[asset];
        self.books.yielded += amount * (rate - self.rates[asset]);
        self.rates[asset] = rate;
    }

    /// Prices shares anew at the rates of now.
    pub fn reprice(&mut self) {
        let (mut nav, mut floor_nav, mut contested) = (0.0, 0.0, 0.0);
        for asset in 0..self.assets {
            let (rate, low) = if self.seen[asset].0 > 0.0 {
                self.seen[asset]
            } else {
                (self.rates[asset], self.rates[asset])
            };
            nav += self.totals[asset] * rate;
            floor_nav += (self.totals[asset] - self.contests[asset]) * low;
            contested += self.contests[asset] * rate;
        }
        self.rate = nav / self.supply;
        self.floor = (floor_nav / (self.supply - self.cushions)).min(self.rate);
        self.contested = contested / nav;
        self.mark = self.mark.max(self.rate);
    }

    /// Tells the vault's sources what assets are worth.
    pub fn post(&mut self) -> Result<(), ModelError> {
        let rates = self.rates;
        for (asset, rate) in rates.into_iter().enumerate().take(self.assets) {
            let answer = Some(U256::from(wei(rate)));
            self.act(
                Address::ZERO,
                Call::Answer {
                    asset: asset as u8,
                    answer,
                },
            )?;
        }
        let (quotes, _) = self.model.quotes();
        for (seen, quote) in self.seen.iter_mut().zip(&quotes).take(self.assets) {
            *seen = match quote.state {
                RateState::Fresh => (0.0, 0.0),
                _ => (quote.rate_wad as f64 * WEI, quote.low_wad as f64 * WEI),
            };
        }
        Ok(())
    }

    /// Reads the mirror from the ledger.
    pub fn read(&mut self) -> Result<(), ModelError> {
        let store = self.model.vault();
        let head = store.head();
        self.supply = head.supply as f64 * WEI;
        self.cushions = if head.undecided > 0 {
            store.cushions() as f64 * WEI
        } else {
            0.0
        };
        for asset in 0..self.assets {
            let row = vault::ledger(store, asset as u8);
            let total = row.total().map_err(VaultError::from)?;
            let all = row.liabilities().map_err(VaultError::from)?;
            self.totals[asset] = total as f64 * WEI;
            self.beside[asset] = (all - total - row.due) as f64 * WEI;
            self.contests[asset] = if head.undecided > 0 {
                row.contested as f64 * WEI
            } else {
                0.0
            };
        }
        self.reprice();
        Ok(())
    }

    /// Value of shares and of everything set aside for those who leave, ETH.
    pub fn held_value(&self) -> f64 {
        let amounts = self.totals.iter().zip(&self.beside);
        amounts
            .zip(&self.rates)
            .map(|((total, beside), rate)| (total + beside) * rate)
            .sum()
    }

    /// Value of the shares, ETH.
    pub fn nav(&self) -> f64 {
        self.rate * self.supply
    }

    fn value(&self, amounts: &Amounts) -> f64 {
        let pairs = amounts.iter().zip(&self.rates);
        pairs
            .map(|(amount, rate)| *amount as f64 * WEI * rate)
            .sum()
    }

    /// Deposits `value` ETH of `asset` for the public; the shares, none if it was refused.
    pub fn deposit(&mut self, asset: usize, value: f64) -> Result<f64, ModelError> {
        let amount = wei(value / self.rates[asset]);
        let limits = DepositLimits::NONE;
        let call = Call::Deposit {
            asset: asset as u8,
            amount,
            receiver: PUBLIC,
            limits,
        };
        let shares = match self.act(PUBLIC, call) {
            Ok(Outcome::Deposited(summary)) => {
                self.books.entered += amount as f64 * WEI * self.rates[asset];
                summary.shares as f64 * WEI
            }
            _ => return Ok(0.0),
        };
        self.read()?;
        Ok(shares)
    }

    /// Puts shares of the public into the batch of the open epoch.
    pub fn request(&mut self, shares: f64, of_arbitrage: f64) -> Result<bool, ModelError> {
        if shares < DUST {
            return Ok(false);
        }
        let call = Call::Request {
            shares: wei(shares),
            receiver: PUBLIC,
        };
        let Outcome::Enqueued(summary) = self.act(PUBLIC, call)? else {
            return Ok(false);
        };
        let ticket = Ticket {
            epoch: summary.epoch,
            shares,
            of_arbitrage,
            paid: false,
        };
        self.tickets.push(ticket);
        self.read()?;
        Ok(true)
    }

    /// Claims what has settled; answers what the arbitrageur and all others were paid. `paid_first` hears of each ticket that is paid
    /// for the first time, with the seconds since its epoch began.
    pub fn claim(&mut self, mut paid_first: impl FnMut(u64)) -> Result<Claimed, ModelError> {
        let now_s = self.model.now_s();
        let clock = self.model.config().clock;
        let mut sum = Claimed::default();
        let mut place = 0;
        while place < self.tickets.len() {
            let mut ticket = self.tickets[place];
            if now_s < clock.maturity_s(ticket.epoch) {
                place += 1;
                continue;
            }
            let call = Call::Claim {
                epoch: ticket.epoch,
                owner: PUBLIC,
            };
            let (value, shares, finished) = match self.act(PUBLIC, call) {
                Ok(Outcome::Claimed {
                    paid,
                    shares,
                    finished,
                }) => (self.value(&paid), shares as f64 * WEI, finished),
                // Nothing more yet: a part of it is under contest, or waits for idle.
                Ok(_) | Err(ModelError::Exits(ExitsError::NothingToClaim { .. })) => {
                    (0.0, 0.0, false)
                }
                Err(error) => return Err(error),
            };
            self.books.paid += value;
            let part = ticket.of_arbitrage / ticket.shares;
            sum.arbitrage_value += value * part;
            sum.arbitrage_shares += shares * part;
            sum.holders_shares += shares * (1.0 - part);
            if value > 0.0 && !ticket.paid {
                paid_first(now_s.saturating_sub(clock.start_s(ticket.epoch)));
                ticket.paid = true;
            }
            if finished {
                self.tickets.remove(place);
            } else {
                self.tickets[place] = ticket;
                place += 1;
            }
        }
        self.read()?;
        Ok(sum)
    }

    /// Brings the vault to its time.
    pub fn sync(&mut self) -> Result<(), ModelError> {
        self.act(PUBLIC, Call::Sync)?;
        self.read()
    }

    /// Gives shares of the public for the asset with the most idle, at once; the ETH value paid, none if it was refused.
    pub fn redeem(&mut self, shares: f64) -> Result<f64, ModelError> {
        let store = self.model.vault();
        let idle = |asset: &usize| store.balance(*asset as u8).idle;
        let asset = (0..self.assets).max_by_key(idle).unwrap_or(0);
        let limits = RedeemLimits::NONE;
        let call = Call::Redeem {
            asset: asset as u8,
            shares: wei(shares),
            receiver: PUBLIC,
            limits,
        };
        let value = match self.act(PUBLIC, call) {
            Ok(Outcome::Redeemed(summary)) => summary.amount as f64 * WEI * self.rates[asset],
            _ => return Ok(0.0),
        };
        self.books.paid += value;
        self.read()?;
        Ok(value)
    }

    /// Files a request.
    pub fn file(
        &mut self,
        service: u32,
        operator: u32,
        wad: u64,
        offence_epoch: Epoch,
    ) -> Result<Filed, ModelError> {
        let call = Call::File {
            service,
            operator: operator_account(operator),
            wad,
            offence_epoch,
        };
        match self.act(slasher(service), call) {
            Ok(Outcome::Filed { id, .. }) => {
                self.read()?;
                Ok(Filed::Request(id))
            }
            Err(
                ModelError::Hub(HubError::TooManyUndecided { .. } | HubError::CoolingDown { .. })
                | ModelError::Vault(VaultError::TooManyRequests { .. }),
            ) => Ok(Filed::Later),
            Err(
                ModelError::Hub(_) | ModelError::Allocator(AllocatorError::NothingSlashable { .. }),
            ) => Ok(Filed::Escaped),
            Err(error) => Err(error),
            Ok(_) => Ok(Filed::Escaped),
        }
    }

    /// The resolver rejects a request.
    pub fn veto(&mut self, service: u32, id: u64) -> Result<(), ModelError> {
        self.act(resolver(service), Call::Veto { id })?;
        self.read()
    }

    /// Anybody arms a request.
    pub fn arm(&mut self, id: u64) -> Result<(), ModelError> {
        self.act(PUBLIC, Call::Arm { id }).map(|_| ())
    }

    /// Anybody executes a request; the loss in ETH and the rate before.
    pub fn execute(&mut self, id: u64) -> Result<(f64, f64), ModelError> {
        self.sync()?;
        let shares = |vault: &Self, account| vault.model.shares_of(account) as f64 * WEI;
        let accounts = [CUSHION, PUBLIC, EXITS];
        let before = accounts.map(|account| shares(self, account));
        let (nav_before, supply_before) = (self.true_nav(), self.supply);
        let Outcome::Executed(summary) = self.act(PUBLIC, Call::Execute { id })? else {
            return Ok((0.0, self.rate));
        };
        self.read()?;
        let (rate_before, rate_after) = (nav_before / supply_before, self.true_nav() / self.supply);
        let drop = rate_before - rate_after;
        let [cushion, public, exits] = before;
        let others = supply_before - cushion - public - exits;
        let loss = self.value(&summary.losses);
        let given = summary.given_shares as f64 * WEI;
        self.books.slashed += loss;
        self.borne.first_loss += cushion * rate_before - shares(self, CUSHION) * rate_after;
        self.borne.staying += public * drop;
        self.borne.queued += exits * drop;
        self.borne.others += others * drop;
        self.borne.left += self.value(&summary.held_returned) - given * rate_after;
        Ok((loss, rate_before))
    }

    fn true_nav(&self) -> f64 {
        self.totals
            .iter()
            .zip(&self.rates)
            .map(|(total, rate)| total * rate)
            .sum()
    }
}
