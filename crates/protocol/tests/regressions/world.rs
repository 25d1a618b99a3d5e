//! A vault of WETH and an LST at 1.15 ETH, with people in it, and a service that may slash half of its stake.

use alloy_primitives::{Address, U256};
use weir_protocol::hub::Terms;
use weir_protocol::model::{Call, Config, Model, ModelError, Op, Outcome, account};
use weir_protocol::rates::Guard;
use weir_protocol::units::{Amounts, WAD, WAD_MAGNITUDE};
use weir_protocol::vault::{DepositLimits, RedeemLimits, VaultStore};

pub const ALICE: Address = account(10);
pub const BOB: Address = account(11);
pub const MALLORY: Address = account(12);
const SLASHER: Address = account(30);
const RESOLVER: Address = account(40);
const SINK: Address = account(50);
const OPERATOR: Address = account(60);

pub const WETH: u8 = 0;
pub const LST: u8 = 1;
pub const DAY_S: u64 = 86_400;
pub const EPOCH_S: u64 = 5 * DAY_S;
/// ETH per LST at first.
pub const LST_RATE_WAD: u128 = 1_150_000_000_000_000_000;

/// `floor(a · b / c)`.
pub fn part(a: u128, b: u128, c: u128) -> u128 {
    let exact = U256::from(a) * U256::from(b) / U256::from(c);
    exact.to()
}

#[derive(Clone, Debug)]
pub struct World(pub Model);

impl World {
    /// Nobody is in the vault; everybody has a million of each asset, and the LST trades at its rate.
    pub fn new() -> Self {
        let mut model = Model::new(&Config::default()).expect("sound");
        for holder in [ALICE, BOB, MALLORY] {
            for asset in [WETH, LST] {
                model.give(asset, holder, 1_000_000 * WAD);
            }
        }
        let mut world = Self(model);
        world.market(LST_RATE_WAD);
        world
    }

    /// Alice has deposited 60 WETH and Bob 40 LST.
    pub fn with_holders() -> Self {
        let mut world = Self::new();
        world.deposit(ALICE, WETH, 60 * WAD);
        world.deposit(BOB, LST, 40 * WAD);
        world
    }

    pub fn by(&mut self, caller: Address, call: Call) -> Outcome {
        self.0
            .apply(&Op { caller, call })
            .unwrap_or_else(|error| panic!("{call:?} gives {error:?}"))
    }

    /// A call that must be refused, and leaves no trace.
    pub fn refused(&mut self, caller: Address, call: Call) -> ModelError {
        let before = self.0.clone();
        let error = self.0.apply(&Op { caller, call }).expect_err("refused");
        assert!(self.0.same_as(&before), "a refused call left a trace");
        error
    }

    pub fn wait(&mut self, seconds: u64) {
        self.by(ALICE, Call::Advance { seconds });
        self.by(ALICE, Call::Sync);
    }

    pub fn deposit_call(receiver: Address, asset: u8, amount: u128) -> Call {
        let limits = DepositLimits::NONE;
        Call::Deposit {
            asset,
            amount,
            receiver,
            limits,
        }
    }

    /// Shares minted.
    pub fn deposit(&mut self, who: Address, asset: u8, amount: u128) -> u128 {
        match self.by(who, Self::deposit_call(who, asset, amount)) {
            Outcome::Deposited(summary) => summary.shares,
            answer => panic!("{answer:?}"),
        }
    }

    pub fn redeem_call(receiver: Address, asset: u8, shares: u128) -> Call {
        let limits = RedeemLimits::NONE;
        Call::Redeem {
            asset,
            shares,
            receiver,
            limits,
        }
    }

    /// Amount paid.
    pub fn redeem(&mut self, who: Address, asset: u8, shares: u128) -> u128 {
        match self.by(who, Self::redeem_call(who, asset, shares)) {
            Outcome::Redeemed(summary) => summary.amount,
            answer => panic!("{answer:?}"),
        }
    }

    /// The epoch of the ticket.
    pub fn request(&mut self, who: Address, shares: u128) -> u64 {
        let receiver = who;
        match self.by(who, Call::Request { shares, receiver }) {
            Outcome::Enqueued(summary) => summary.epoch,
            answer => panic!("{answer:?}"),
        }
    }

    /// What the ticket was paid, and whether that was all.
    pub fn claim(&mut self, owner: Address, epoch: u64) -> (Amounts, bool) {
        match self.by(MALLORY, Call::Claim { epoch, owner }) {
            Outcome::Claimed { paid, finished, .. } => (paid, finished),
            answer => panic!("{answer:?}"),
        }
    }

    pub fn shares(&self, who: Address) -> u128 {
        self.0.shares_of(who)
    }

    pub fn supply(&self) -> u128 {
        self.0.vault().head().supply
    }

    pub fn rate_wad(&self) -> u128 {
        self.0.state().expect("synced").rate_wad
    }

    /// What the source of the LST answers from now on; `None`: it reverts.
    pub fn answer(&mut self, rate_wad: Option<u128>) {
        let answer = rate_wad.map(U256::from);
        self.by(ALICE, Call::Answer { asset: LST, answer });
    }

    /// The market price of the LST from now on, ETH wei.
    pub fn market(&mut self, price_wad: u128) {
        let guard = Guard::Price(U256::from(price_wad));
        self.by(ALICE, Call::Market { asset: LST, guard });
    }

    /// Lets a service slash half of the stake, through one operator.
    pub fn secure(&mut self) {
        let terms = Terms {
            slasher: SLASHER,
            resolver: RESOLVER,
            reward_manager: Address::ZERO,
            sink: SINK,
            veto_window_s: 2 * DAY_S,
            max_wad: WAD_MAGNITUDE,
        };
        let (governor, curator) = (self.0.config().governor, self.0.config().curator);
        self.by(SLASHER, Call::RegisterService { terms });
        self.by(governor, Call::OptInVault { service: 1 });
        self.by(OPERATOR, Call::OptInOperator { service: 1 });
        let allocate = Call::Allocate {
            service: 1,
            operator: OPERATOR,
            magnitude: WAD_MAGNITUDE / 2,
        };
        self.by(curator, allocate);
        self.wait(EPOCH_S);
    }

    /// Files a slash of `wad` of the operator's stake; its number.
    pub fn file(&mut self, wad: u64) -> u64 {
        let offence_epoch = self.0.config().clock.epoch_at(self.0.now_s());
        let call = Call::File {
            service: 1,
            operator: OPERATOR,
            wad,
            offence_epoch,
        };
        match self.by(SLASHER, call) {
            Outcome::Filed { id, .. } => id,
            answer => panic!("{answer:?}"),
        }
    }

    /// Waits for the veto window and the delay of an armed request, and executes it.
    pub fn execute(&mut self, id: u64) {
        self.wait(2 * DAY_S);
        self.by(MALLORY, Call::Arm { id });
        self.wait(DAY_S / 2);
        self.by(MALLORY, Call::Execute { id });
    }
}
