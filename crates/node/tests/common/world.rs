//! Weir on the embedded chain, and random calls of its holders, its slasher and its clock.

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolCall;
use weir_abi::{IErc20, IExits, IHub, ILst, IVault};
use weir_chain::{Chain, Config, UnsignedTx};
use weir_deployment::{AddressBook, BookStore, Deployment, devnet};
use weir_node::site::Site;

/// Length of an epoch, seconds.
pub const EPOCH_S: u64 = 432_000;

/// A chain with Weir on it.
pub struct World {
    pub chain: Chain,
    pub book: AddressBook,
    seed: u64,
    /// Calls that were mined and succeeded.
    pub done: usize,
}

impl World {
    /// Deploys Weir on a new chain; what follows is drawn from `seed`.
    pub async fn new(seed: u64) -> Self {
        let chain = Chain::start(Config::default()).unwrap();
        let plan = devnet::plan(chain.accounts(), EPOCH_S).unwrap();
        let signers = devnet::signers(chain.accounts()).unwrap();
        let provider = chain.provider();
        let opened = Deployment::open(provider.clone(), plan, signers, BookStore::memory());
        let mut deployment = opened.await.unwrap().without_trials();
        deployment.run(|_| {}).await.unwrap();
        let book = deployment.book().clone();
        devnet::fund(&provider, &book, chain.accounts())
            .await
            .unwrap();
        let mut world = Self {
            chain,
            book,
            seed: seed.wrapping_mul(2).wrapping_add(1),
            done: 0,
        };
        for holder in 0..devnet::HOLDERS {
            for asset in world.book.assets.clone() {
                let (spender, value) = (world.at("vault"), U256::MAX);
                world.send(holder, asset.token, IErc20::approveCall { spender, value });
            }
        }
        world
    }

    pub fn site(&self) -> Site {
        Site::new(&self.book).unwrap()
    }

    pub fn at(&self, name: &str) -> Address {
        self.book.address(name).unwrap()
    }

    pub fn account(&self, index: usize) -> Address {
        self.chain.accounts()[index].address()
    }

    fn named(&self, name: &str) -> Address {
        let index = devnet::NAMES.iter().position(|known| *known == name);
        self.account(index.unwrap())
    }

    /// The next random number below `below`.
    pub fn draw(&mut self, below: u64) -> u64 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        self.seed % below
    }

    fn send<C: SolCall>(&mut self, from: usize, to: Address, call: C) -> bool {
        let from = self.account(from);
        self.send_as(from, to, U256::ZERO, call)
    }

    fn send_as<C: SolCall>(&mut self, from: Address, to: Address, value: U256, call: C) -> bool {
        let data = Bytes::from(call.abi_encode());
        let tx = UnsignedTx::new(from).to(to).value(value).data(data);
        let success = self
            .chain
            .send(tx.gas_limit(30_000_000))
            .wait()
            .unwrap()
            .success;
        self.done += usize::from(success);
        success
    }

    fn milli(&mut self, most: u64) -> U256 {
        U256::from(self.draw(most) + 1) * U256::from(10u64.pow(15))
    }

    /// Deposits of everybody, so that there is something to play with.
    pub fn open(&mut self) {
        for holder in 0..devnet::HOLDERS {
            for asset in self.book.assets.clone() {
                let amount = U256::from(10u64.pow(19));
                self.deposit(holder, asset.token, amount);
            }
        }
    }

    fn deposit(&mut self, holder: usize, asset: Address, amount: U256) {
        let call = IVault::depositCall {
            asset,
            amount,
            receiver: self.account(holder),
            minShares: U256::ZERO,
            minFloorRate: U256::ZERO,
            deadline: U256::MAX,
        };
        let vault = self.at("vault");
        assert!(
            self.send(holder, vault, call) || self.done > 20,
            "the first deposits succeed"
        );
    }

    /// One call of somebody, which the contracts may refuse.
    pub fn act(&mut self) {
        let holder = self.draw(devnet::HOLDERS as u64) as usize;
        let other = self.draw(devnet::HOLDERS as u64) as usize;
        let place = self.draw(self.book.assets.len() as u64) as usize;
        let asset = self.book.assets[place].token;
        let (vault, exits, lrt, hub) = (
            self.at("vault"),
            self.at("exits"),
            self.at("lrt"),
            self.at("hub"),
        );
        let (me, you) = (self.account(holder), self.account(other));
        match self.draw(16) {
            0..=3 => {
                let amount = self.milli(5_000);
                self.deposit(holder, asset, amount);
            }
            4 | 5 => {
                let shares = self.milli(3_000);
                self.send(
                    holder,
                    exits,
                    IExits::requestCall {
                        shares,
                        receiver: you,
                    },
                );
            }
            6 => {
                let (epoch, shares) = (self.epoch(), self.milli(500));
                let ticket = weir_node_ticket(epoch, me);
                self.send(
                    holder,
                    exits,
                    IExits::cancelCall {
                        ticketId: ticket,
                        shares,
                    },
                );
            }
            7 => {
                let shares = self.milli(500);
                let call = IVault::redeemCall {
                    asset,
                    shares,
                    receiver: me,
                    minAmount: U256::ZERO,
                    deadline: U256::MAX,
                };
                self.send(holder, vault, call);
            }
            8 | 9 => {
                let value = self.milli(2_000);
                self.send(holder, lrt, IErc20::transferCall { to: you, value });
            }
            10 | 11 => {
                let back = self.draw(5);
                let epoch = self.epoch().saturating_sub(back);
                let ticket = weir_node_ticket(epoch, me);
                self.send(other, exits, IExits::claimCall { ticketId: ticket });
            }
            12 => self.slash(hub),
            13 => {
                let (operator, token) = (self.account(9), self.at("reth"));
                let value = self.milli(400);
                self.send_as(operator, token, value, ILst::accrueCall {});
                let rates = self.at("rates");
                self.send(holder, rates, weir_abi::IRates::pokeCall {});
            }
            14 => {
                let ticket = weir_node_ticket(self.epoch(), me);
                self.send(
                    holder,
                    exits,
                    IExits::transferTicketCall {
                        ticketId: ticket,
                        to: you,
                    },
                );
            }
            _ => {
                let seconds = self.draw(EPOCH_S / 2);
                self.chain.advance(seconds + 1).wait().unwrap();
                if self.draw(2) == 0 {
                    self.send(holder, vault, IVault::syncCall {});
                    self.send(holder, vault, IVault::accrueFeeCall {});
                    self.send(holder, vault, IVault::collectFeesCall {});
                }
            }
        }
    }

    fn epoch(&self) -> u64 {
        let now = self.chain.head().wait().unwrap().timestamp_s;
        now.saturating_sub(self.book.genesis_s) / EPOCH_S
    }

    fn slash(&mut self, hub: Address) {
        let vault = self.at("vault");
        let id = self.draw(6) + 1;
        match self.draw(5) {
            0 | 1 => {
                let call = IHub::fileCall {
                    vault,
                    service: self.book.services["attestation"],
                    operator: self.named("operator"),
                    wad: 10u64.pow(16) * (self.draw(9) + 1),
                    offenceEpoch: self.epoch(),
                    evidence: Default::default(),
                };
                let slasher = self.named("slasher");
                self.send_as(slasher, hub, U256::ZERO, call);
            }
            2 => {
                let resolver = self.named("resolver");
                self.send_as(resolver, hub, U256::ZERO, IHub::vetoCall { id });
            }
            3 => {
                self.chain.advance(172_801).wait().unwrap();
                self.send(3, hub, IHub::armCall { id });
            }
            _ => {
                self.chain.advance(43_201).wait().unwrap();
                self.send(4, hub, IHub::executeCall { id });
            }
        }
    }
}

fn weir_node_ticket(epoch: u64, owner: Address) -> U256 {
    weir_node::projections::ticket_id(epoch, owner)
}
