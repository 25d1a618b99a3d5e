//! The handle of a running chain.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Mutex, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

use alloy::{
    network::EthereumWallet,
    providers::{
        DynProvider, Identity, Provider, ProviderBuilder,
        fillers::{ChainIdFiller, GasFiller, JoinFill, NonceFiller, SimpleNonceManager},
    },
    rpc::client::RpcClient,
    signers::local::PrivateKeySigner,
};
use alloy_primitives::{Address, B256, Bytes, U256};

use crate::{
    accounts::Keys,
    config::{Config, Mining},
    dump::write_file,
    error::Error,
    executor::{self, Client},
    node::Node,
    outcome::Outcome,
    reply::Reply,
    server::{LocalTransport, Server},
    tx::{Tx, TxError, UnsignedTx},
    vm::Compiler,
};

/// How often an alloy provider in this process asks for news. Asking costs microseconds.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// A running chain. Dropping it stops the chain and frees its threads, sockets and memory.
#[derive(Debug)]
pub struct Chain {
    client: Client,
    executor: Option<JoinHandle<()>>,
    signers: Vec<PrivateKeySigner>,
    config: Config,
    server: Mutex<Option<Server>>,
}

/// A block, as the handle reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number.
    pub number: u64,
    /// Hash.
    pub hash: B256,
    /// Timestamp in Unix seconds.
    pub timestamp_s: u64,
}

impl Chain {
    /// Starts a chain.
    ///
    /// # Errors
    /// The accounts cannot be derived, the state file cannot be read, or the system refuses a thread.
    pub fn start(config: Config) -> Result<Self, Error> {
        let signers = config.accounts.signers()?;
        let (for_node, keys) = (config.clone(), Keys::new(signers.clone()));
        let (client, thread) = executor::start(move || Node::new(for_node, keys))?;
        Ok(Self {
            client,
            executor: Some(thread),
            signers,
            config,
            server: Mutex::new(None),
        })
    }

    /// The accounts whose keys the chain holds, in order. All are funded.
    pub fn accounts(&self) -> &[PrivateKeySigner] {
        &self.signers
    }

    /// The configuration that the chain was started with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// An alloy provider in this process, over the same JSON-RPC as [`serve`](Self::serve). It fills in nonce, fees and
    /// gas, and sends in the name of accounts that the chain holds the keys of or impersonates. It asks for the nonce
    /// each time, so that a revert to a snapshot does not confuse it. It does not keep the chain alive.
    pub fn provider(&self) -> DynProvider {
        filling().connect_client(self.rpc_client()).erased()
    }

    /// As [`provider`](Self::provider), signing itself with `wallet`.
    pub fn provider_with(&self, wallet: impl Into<EthereumWallet>) -> DynProvider {
        filling()
            .wallet(wallet.into())
            .connect_client(self.rpc_client())
            .erased()
    }

    /// An alloy RPC client in this process, to build a provider of one's own from.
    pub fn rpc_client(&self) -> RpcClient {
        let transport = LocalTransport {
            client: self.client.clone(),
            limits: self.config.limits,
        };
        RpcClient::new(transport, true).with_poll_interval(POLL_INTERVAL)
    }

    /// Serves JSON-RPC over HTTP and WebSocket on `addr`, such as `127.0.0.1:0` for any free port on this machine.
    /// Returns the address with its port. Whoever can reach it controls the chain, so think before you leave loopback.
    ///
    /// # Errors
    /// The address cannot be listened on, or the system refuses threads.
    pub fn serve(&self, addr: impl Into<SocketAddr>) -> Result<SocketAddr, Error> {
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        let running = match &mut *server {
            Some(running) => running,
            none => none.insert(Server::start()?),
        };
        running.listen(addr.into(), self.client.clone(), self.config.limits)
    }

    /// Compiles Stylus programs ahead of their first call, on any thread.
    pub fn compiler(&self) -> Reply<Compiler> {
        self.client.ask(|node| node.vm.compiler())
    }

    /// The newest block.
    pub fn head(&self) -> Reply<Head> {
        self.client.ask(|node| head(node))
    }

    /// Mines one block of transactions sent in anybody's name, without keys: the fast way in. Signatures, JSON and the
    /// pool are passed by. A transaction that is invalid when its turn comes is left out and answered with the reason.
    pub fn send_batch(&self, txs: Vec<UnsignedTx>) -> Reply<Vec<Result<Outcome, TxError>>> {
        self.client.ask(move |node| node.mine_unsigned(txs))
    }

    /// Mines one transaction sent in anybody's name, in a block of its own.
    pub fn send(&self, tx: UnsignedTx) -> Reply<Outcome> {
        self.client.try_ask(move |node| {
            let outcome = node.mine_unsigned(vec![tx]).pop();
            outcome
                .unwrap_or_else(|| Err(TxError::Invalid("nothing was sent".to_owned())))
                .map_err(Error::Tx)
        })
    }

    /// Takes a signed transaction in. Decoding and recovering the signer happen on the calling thread. Returns its hash;
    /// where blocks are mined at once it is mined by then.
    pub fn send_raw(&self, raw: Bytes) -> Reply<B256> {
        let tx = Tx::decode(raw, self.config.limits.tx_bytes);
        self.client.try_ask(move |node| Ok(node.accept(tx?)?))
    }

    /// Mines `count` blocks; the first one takes what waits. Returns the head.
    pub fn mine(&self, count: u64) -> Reply<Head> {
        self.client.ask(move |node| {
            for _ in 0..count {
                node.mine_pending();
            }
            head(node)
        })
    }

    /// Chooses when blocks are mined.
    pub fn set_mining(&self, mining: Mining) -> Reply<()> {
        self.client.ask(move |node| node.mining = mining)
    }

    /// Moves time to `timestamp_s`, in Unix seconds, and mines a block there. Returns it.
    ///
    /// # Errors
    /// The head is already later.
    pub fn warp(&self, timestamp_s: u64) -> Reply<Head> {
        self.client.try_ask(move |node| {
            node.warp(timestamp_s)?;
            Ok(head(node))
        })
    }

    /// Lets `seconds` pass and mines a block there. Returns it.
    pub fn advance(&self, seconds: u64) -> Reply<Head> {
        self.client.ask(move |node| {
            node.settings.clock.advance(seconds);
            node.mine_pending();
            head(node)
        })
    }

    /// Gives the next block exactly this timestamp, in Unix seconds, without mining it.
    ///
    /// # Errors
    /// The head is already later.
    pub fn set_next_timestamp(&self, timestamp_s: u64) -> Reply<()> {
        self.client.try_ask(move |node| {
            let head_s = node.blocks.head().header.timestamp;
            Ok(node.settings.clock.set_next(timestamp_s, head_s)?)
        })
    }

    /// Remembers this moment: state, blocks, pool, clock and impersonation. Returns its number.
    pub fn snapshot(&self) -> Reply<u64> {
        self.client.ask(|node| node.snapshot())
    }

    /// Returns to a snapshot, and forgets it and all later ones.
    ///
    /// # Errors
    /// There is no such snapshot.
    pub fn revert(&self, snapshot: u64) -> Reply<()> {
        self.client.try_ask(move |node| {
            node.revert(snapshot)
                .then_some(())
                .ok_or(Error::NoSnapshot(snapshot))
        })
    }

    /// Writes the whole chain to a file: state with its past, blocks, waiting transactions, clock and settings, but no
    /// snapshots. The file is replaced as a whole or not at all. [`Config::load`] starts from it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn dump(&self, path: impl Into<PathBuf>) -> Reply<()> {
        let path = path.into();
        self.client
            .try_ask(move |node| Ok(write_file(&path, &node.dump())?))
    }

    /// Replaces the whole chain by one from a file. On error nothing changes.
    ///
    /// # Errors
    /// The file cannot be read, is not a state file, or is damaged.
    pub fn load(&self, path: impl Into<PathBuf>) -> Reply<()> {
        let path = path.into();
        self.client.try_ask(move |node| Ok(node.load_file(&path)?))
    }

    /// Balance in wei.
    pub fn balance(&self, address: Address) -> Reply<U256> {
        self.client
            .ask(move |node| node.latest().balance_wei(address))
    }

    /// Sets a balance, in wei.
    pub fn set_balance(&self, address: Address, balance: U256) -> Reply<()> {
        self.client
            .ask(move |node| node.edit_account(address, |info| info.balance = balance))
    }

    /// Puts code at an address.
    pub fn set_code(&self, address: Address, code: Bytes) -> Reply<()> {
        self.client.ask(move |node| node.set_code(address, code))
    }

    /// Reads a storage slot.
    pub fn storage(&self, address: Address, slot: U256) -> Reply<U256> {
        self.client
            .ask(move |node| node.latest().slot(address, slot))
    }

    /// Writes a storage slot.
    pub fn set_storage(&self, address: Address, slot: U256, value: U256) -> Reply<()> {
        self.client
            .ask(move |node| node.set_slot(address, slot, value))
    }

    /// Lets anyone send in this account's name over JSON-RPC without its key.
    pub fn impersonate(&self, address: Address) -> Reply<()> {
        self.client.ask(move |node| {
            node.settings.impersonated.insert(address);
        })
    }
}

type Filling = JoinFill<
    JoinFill<JoinFill<Identity, GasFiller>, NonceFiller<SimpleNonceManager>>,
    ChainIdFiller,
>;

/// alloy's usual fillers, but none that remembers a nonce.
fn filling() -> ProviderBuilder<Identity, Filling> {
    ProviderBuilder::default()
        .with_gas_estimation()
        .with_simple_nonce_management()
        .fetch_chain_id()
}

fn head(node: &Node) -> Head {
    let block = node.blocks.head();
    Head {
        number: block.header.number,
        hash: block.hash,
        timestamp_s: block.header.timestamp,
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        drop(
            self.server
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        self.client.stop();
        if let Some(thread) = self.executor.take() {
            // A panic of the thread was reported when it happened.
            let _panicked = thread.join();
        }
    }
}
