//! A deployment that fails anywhere and is run again ends as one that never failed.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{self, Poll};

use alloy::primitives::U256;
use alloy::providers::{DynProvider, Provider, ProviderBuilder};
use alloy::rpc::client::RpcClient;
use alloy::rpc::json_rpc::{RequestPacket, ResponsePacket};
use alloy::rpc::types::TransactionRequest;
use alloy::transports::{BoxTransport, TransportError, TransportErrorKind, TransportFut};
use tower::Service;
use weir_chain::{Chain, Config};
use weir_deployment::book::BookError;
use weir_deployment::plan::Account;
use weir_deployment::{
    AddressBook, BookStore, DeployError, Deployment, Outcome, Plan, Progress, Signers, devnet, tx,
    verify,
};

const EPOCH_S: u64 = 432_000;

/// When the connection breaks.
#[derive(Debug, Clone, Copy)]
enum Break {
    /// Before the transaction reaches the chain.
    Before,
    /// After it did: the answer is lost.
    After,
}

/// A connection that breaks at the n-th transaction that is sent through it, and stays broken.
#[derive(Clone)]
struct Flaky {
    inner: BoxTransport,
    sends_left: Arc<AtomicUsize>,
    is_broken: Arc<AtomicBool>,
    how: Break,
}

impl Service<RequestPacket> for Flaky {
    type Response = ResponsePacket;
    type Error = TransportError;
    type Future = TransportFut<'static>;

    fn poll_ready(&mut self, context: &mut task::Context<'_>) -> Poll<Result<(), TransportError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, packet: RequestPacket) -> Self::Future {
        let mut this = self.clone();
        Box::pin(async move {
            let broken = || TransportErrorKind::custom_str("the connection broke");
            if this.is_broken.load(Ordering::SeqCst) {
                return Err(broken());
            }
            let sends = packet
                .method_names()
                .any(|method| method == "eth_sendRawTransaction");
            let breaks = sends && this.sends_left.fetch_sub(1, Ordering::SeqCst) == 0;
            if !breaks {
                return this.inner.call(packet).await;
            }
            this.is_broken.store(true, Ordering::SeqCst);
            if matches!(this.how, Break::After) {
                let _lost = this.inner.call(packet).await?;
            }
            Err(broken())
        })
    }
}

fn flaky(chain: &Chain, sends: usize, how: Break) -> DynProvider {
    let inner = chain.rpc_client().transport().clone();
    let (sends_left, is_broken) = (Arc::new(AtomicUsize::new(sends)), Arc::default());
    let client = RpcClient::new(
        Flaky {
            inner,
            sends_left,
            is_broken,
            how,
        },
        true,
    );
    ProviderBuilder::new().connect_client(client).erased()
}

fn plan(chain: &Chain) -> Plan {
    devnet::plan(chain.accounts(), EPOCH_S).unwrap()
}

fn signers(chain: &Chain) -> Signers {
    devnet::signers(chain.accounts()).unwrap()
}

/// One run with the book in `file`.
async fn run(
    provider: DynProvider,
    plan: &Plan,
    signers: Signers,
    file: &Path,
) -> Result<(Outcome, AddressBook, usize), DeployError> {
    let mut deployment = Deployment::open(provider, plan.clone(), signers, BookStore::file(file))
        .await?
        .without_trials();
    let mut sent = 0;
    let outcome = deployment
        .run(|progress| sent += usize::from(matches!(progress, Progress::Sent { .. })))
        .await?;
    Ok((outcome, deployment.book().clone(), sent))
}

/// What must be the same however often a deployment was interrupted.
async fn end_state(chain: &Chain, plan: &Plan, book: &AddressBook) -> (AddressBook, Vec<u64>) {
    let facts = verify(&chain.provider(), plan, book).await.unwrap();
    let broken: Vec<_> = facts.iter().filter(|fact| !fact.holds()).collect();
    assert!(broken.is_empty(), "{broken:?}");
    let mut nonces = Vec::new();
    for account in chain.accounts() {
        nonces.push(
            chain
                .provider()
                .get_transaction_count(account.address())
                .await
                .unwrap(),
        );
    }
    // A step that an interrupted run had sent is known by its transaction in either case, but gas may differ by warmth.
    let steps = book.steps.iter().cloned().map(|mut step| {
        (step.tx, step.block, step.gas_used) = (None, None, None);
        step
    });
    (
        AddressBook {
            steps: steps.collect(),
            genesis_s: 0,
            ..book.clone()
        },
        nonces,
    )
}

#[tokio::test]
async fn a_failure_at_any_step_is_resumed_without_repeating_or_losing_anything() {
    let folder = tempfile::tempdir().unwrap();
    let chain = Chain::start(Config::default()).unwrap();
    let mut plan = plan(&chain);
    // One service with a contract takes every kind of step, and the work grows with the square of their number.
    let is_more = |service: &str| ["blocks", "custody"].contains(&service);
    plan.services.retain(|service| !is_more(&service.name));
    plan.allocations
        .retain(|allocation| !is_more(&allocation.service));
    let mut clean = chain.snapshot().await.unwrap();
    let (outcome, book, sends) = run(
        chain.provider(),
        &plan,
        signers(&chain),
        &folder.path().join("reference.json"),
    )
    .await
    .unwrap();
    assert_eq!(outcome, Outcome::default());
    assert!(book.complete);
    let expected = end_state(&chain, &plan, &book).await;
    assert!(sends > 30, "only {sends} transactions were sent");

    // Each transaction breaks once, every other one before it is sent; with WEIR_DEPTH each breaks both ways.
    let deep = std::env::var_os("WEIR_DEPTH").is_some();
    for (first, how) in [(0, Break::Before), (1, Break::After)] {
        for at in (0..sends).filter(|at| deep || at % 2 == first) {
            chain.revert(clean).await.unwrap();
            clean = chain.snapshot().await.unwrap();
            let file = folder.path().join(format!("{how:?}-{at}.json"));
            let error = run(flaky(&chain, at, how), &plan, signers(&chain), &file)
                .await
                .unwrap_err();
            assert!(
                error.to_string().contains("the connection broke"),
                "{error}"
            );
            let (_, book, _) = run(chain.provider(), &plan, signers(&chain), &file)
                .await
                .unwrap();
            assert_eq!(
                end_state(&chain, &plan, &book).await,
                expected,
                "broken {how:?} transaction {at}"
            );
        }
    }
}

#[tokio::test]
async fn a_finished_deployment_sends_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("book.json");
    let chain = Chain::start(Config::default()).unwrap();
    let plan = plan(&chain);
    run(chain.provider(), &plan, signers(&chain), &file)
        .await
        .unwrap();
    let (_, book, sent) = run(chain.provider(), &plan, signers(&chain), &file)
        .await
        .unwrap();
    assert_eq!(sent, 0);
    assert!(book.complete);
}

#[tokio::test]
async fn what_others_must_sign_is_listed_and_found_once_they_have() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("book.json");
    let chain = Chain::start(Config::default()).unwrap();
    let accounts = chain.accounts();
    let (deployer, multisig) = (&accounts[9], &accounts[1]);
    let mut plan = plan(&chain);
    plan.roles.governor = Account::Address(multisig.address());
    let signers = Signers::new(deployer.clone())
        .with(accounts[5].clone())
        .with(accounts[8].clone());

    let (outcome, book, _) = run(chain.provider(), &plan, signers.clone(), &file)
        .await
        .unwrap();
    assert!(!book.complete);
    assert!(
        outcome
            .outstanding
            .iter()
            .all(|step| step.sender == multisig.address())
    );
    let names: Vec<&str> = outcome
        .outstanding
        .iter()
        .map(|step| step.step.as_str())
        .collect();
    assert!(
        names.contains(&"list wstETH") && names.contains(&"set fee curve"),
        "{names:?}"
    );

    for step in &outcome.outstanding {
        let request = TransactionRequest::default()
            .to(step.to)
            .input(step.data.clone().into());
        tx::send(&chain.provider(), multisig, request, &step.step)
            .await
            .unwrap();
    }
    let (outcome, book, sent) = run(chain.provider(), &plan, signers, &file).await.unwrap();
    assert_eq!((outcome, sent), (Outcome::default(), 0));
    assert!(book.complete);
}

#[tokio::test]
async fn a_book_of_another_chain_plan_or_deployer_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("book.json");
    let chain = Chain::start(Config::default()).unwrap();
    let first = plan(&chain);
    run(chain.provider(), &first, signers(&chain), &file)
        .await
        .unwrap();

    let other = Chain::start(Config {
        chain_id: 7,
        ..Config::default()
    })
    .unwrap();
    let error = run(other.provider(), &first, signers(&other), &file)
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            DeployError::Book(BookError::OtherChain { chain: 7, .. })
        ),
        "{error}"
    );

    let mut changed = first.clone();
    changed.vault.idle_target_bps += 1;
    let error = run(chain.provider(), &changed, signers(&chain), &file)
        .await
        .unwrap_err();
    assert!(
        matches!(error, DeployError::Book(BookError::OtherPlan { .. })),
        "{error}"
    );

    let stranger = Signers::new(chain.accounts()[0].clone());
    let error = run(chain.provider(), &first, stranger, &file)
        .await
        .unwrap_err();
    assert!(
        matches!(error, DeployError::Book(BookError::OtherDeployer { .. })),
        "{error}"
    );

    let reset = Chain::start(Config::default()).unwrap();
    let error = run(reset.provider(), &first, signers(&reset), &file)
        .await
        .unwrap_err();
    assert!(
        matches!(error, DeployError::Book(BookError::Vanished { .. })),
        "{error}"
    );
}

#[tokio::test]
async fn a_poor_deployer_is_told_what_is_missing_before_anything_is_sent() {
    let chain = Chain::start(Config::default()).unwrap();
    let plan = plan(&chain);
    let signers = signers(&chain);
    let deployer = signers.deployer();
    chain
        .set_balance(deployer, U256::from(1_000_000_000_000_u64))
        .await
        .unwrap();
    let deployment = Deployment::open(chain.provider(), plan.clone(), signers, BookStore::memory())
        .await
        .unwrap();
    let cost = deployment.estimate().await.unwrap();
    let error = deployment.check_funds(&cost).await.unwrap_err();
    match error {
        DeployError::InsufficientFunds {
            account,
            balance,
            needed,
        } => {
            assert_eq!(
                (account, balance),
                (deployer, U256::from(1_000_000_000_000_u64))
            );
            assert!(needed > balance);
        }
        other => panic!("{other}"),
    }
    assert_eq!(
        chain
            .provider()
            .get_transaction_count(deployer)
            .await
            .unwrap(),
        0
    );
}

#[tokio::test]
async fn the_estimate_covers_what_a_deployment_costs() {
    let chain = Chain::start(Config::default()).unwrap();
    let plan = plan(&chain);
    let signers = signers(&chain);
    let mut deployment = Deployment::open(chain.provider(), plan, signers, BookStore::memory())
        .await
        .unwrap();
    let cost = deployment.estimate().await.unwrap();
    let mut before = Vec::new();
    for account in cost.by_sender.keys() {
        before.push(chain.balance(*account).await.unwrap());
    }
    let _outcome = deployment.run(|_| {}).await.unwrap();
    for ((account, estimated), before) in cost.by_sender.iter().zip(before) {
        let paid = before - chain.balance(*account).await.unwrap();
        assert!(
            paid <= *estimated,
            "{account} paid {paid} wei, {estimated} were estimated"
        );
    }
}
