//! The handle: it is all there is, and when it goes everything goes.

mod common;

use alloy::{
    primitives::{Address, B256, U256, address},
    providers::Provider,
};
use common::{account, probe_code, start};
use weir_chain::{
    Chain, Config, DevAccounts, Error, GenesisAccount, StateFileError, Time, TxError, UnsignedTx,
};

#[test]
fn batches_are_mined_in_one_block() {
    let chain = start();
    let (alice, bob) = (account(&chain, 0), account(&chain, 1));
    let gift = || UnsignedTx::new(alice).to(bob).value(U256::from(5));
    let outcomes = chain
        .send_batch((0..100).map(|_| gift()).collect())
        .wait()
        .unwrap();
    assert!(outcomes.iter().all(|outcome| {
        outcome
            .as_ref()
            .is_ok_and(|outcome| outcome.success && outcome.block == 1)
    }));
    assert_eq!(chain.head().wait().unwrap().number, 1);
    assert_eq!(
        chain.balance(bob).wait().unwrap(),
        chain.config().balance + U256::from(500)
    );
}

#[test]
fn equal_unsigned_transactions_of_two_senders_have_two_hashes() {
    let chain = start();
    let (alice, bob) = (account(&chain, 0), account(&chain, 1));
    let outcomes = chain
        .send_batch(vec![
            UnsignedTx::new(alice).to(bob),
            UnsignedTx::new(bob).to(bob),
        ])
        .wait()
        .unwrap();
    assert_ne!(
        outcomes[0].as_ref().unwrap().hash,
        outcomes[1].as_ref().unwrap().hash
    );
}

#[test]
fn no_wei_is_made_or_lost() {
    let chain = start();
    let (alice, bob, coinbase) = (
        account(&chain, 0),
        account(&chain, 1),
        chain.config().coinbase,
    );
    let total = || {
        [alice, bob, coinbase]
            .map(|who| chain.balance(who).wait().unwrap())
            .iter()
            .sum::<U256>()
    };
    let before = total();
    let outcome = chain
        .send(UnsignedTx::new(alice).to(bob).value(U256::from(5)))
        .wait()
        .unwrap();
    assert_eq!(total(), before);
    let fee = U256::from(outcome.gas_used) * U256::from(chain.config().base_fee_wei);
    assert_eq!(chain.balance(coinbase).wait().unwrap(), fee);
}

#[test]
fn outcomes_say_what_happened() {
    let chain = start();
    let alice = account(&chain, 0);
    let deployed = chain
        .send(UnsignedTx::new(alice).data(probe_code(5)))
        .wait()
        .unwrap();
    let probe = deployed.contract.unwrap();
    let reverted = chain
        .send(
            UnsignedTx::new(alice)
                .to(probe)
                .data([0xe7, 0xcb, 0x52, 0x32]),
        )
        .wait()
        .unwrap();
    assert_eq!(
        (reverted.success, reverted.error().unwrap().as_str()),
        (false, "execution reverted: not today")
    );
    let poor = Address::repeat_byte(0x11);
    match chain.send(UnsignedTx::new(poor).to(alice)).wait() {
        Err(Error::Tx(TxError::Funds { address, .. })) => assert_eq!(address, poor),
        other => panic!("{other:?}"),
    }
    let outcomes = chain
        .send_batch(vec![
            UnsignedTx::new(alice).to(poor).value(U256::from(1)),
            UnsignedTx::new(poor).to(alice),
            UnsignedTx {
                nonce: Some(0),
                ..UnsignedTx::new(alice).to(poor)
            },
            UnsignedTx::new(alice).to(poor).gas_limit(1),
            UnsignedTx::new(alice).to(poor).value(U256::from(1)),
        ])
        .wait()
        .unwrap();
    let accepted: Vec<bool> = outcomes.iter().map(Result::is_ok).collect();
    assert_eq!(
        accepted,
        [true, false, false, false, true],
        "a bad one does not stop the others"
    );
    assert_eq!(chain.balance(poor).wait().unwrap(), U256::from(2));
}

#[test]
fn the_same_calls_give_the_same_chain() {
    let run = || {
        let chain = Chain::start(Config {
            accounts: DevAccounts::Seed { seed: 5, count: 3 },
            ..Config::default()
        })
        .unwrap();
        let alice = account(&chain, 0);
        chain
            .send(UnsignedTx::new(alice).data(probe_code(5)))
            .wait()
            .unwrap();
        chain.advance(100).wait().unwrap();
        chain
            .send(
                UnsignedTx::new(alice)
                    .to(account(&chain, 1))
                    .value(U256::from(7)),
            )
            .wait()
            .unwrap();
        chain.head().wait().unwrap()
    };
    assert_eq!(run(), run());
}

#[test]
fn genesis_holds_what_was_configured() {
    let special = address!("00000000000000000000000000000000000000cc");
    let config = Config {
        genesis: vec![GenesisAccount {
            address: special,
            balance: U256::from(9),
            nonce: 3,
            code: vec![0x60, 0x01].into(),
            storage: vec![(U256::from(1), U256::from(2))],
        }],
        time: Time::Manual {
            start_s: 77,
            step_s: 3,
        },
        ..Config::default()
    };
    let chain = Chain::start(config).unwrap();
    assert_eq!(chain.balance(special).wait().unwrap(), U256::from(9));
    assert_eq!(
        chain.storage(special, U256::from(1)).wait().unwrap(),
        U256::from(2)
    );
    assert_eq!(chain.head().wait().unwrap().timestamp_s, 77);
    assert_eq!(chain.mine(2).wait().unwrap().timestamp_s, 83);
}

#[test]
fn old_states_can_be_forgotten() {
    let chain = Chain::start(Config {
        kept_states: Some(2),
        ..Config::default()
    })
    .unwrap();
    let early = chain.snapshot().wait().unwrap();
    let (alice, bob) = (account(&chain, 0), account(&chain, 1));
    for _ in 0..10 {
        chain
            .send(UnsignedTx::new(alice).to(bob).value(U256::from(1)))
            .wait()
            .unwrap();
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let provider = chain.provider();
    let at = |number: u64| runtime.block_on(provider.get_balance(bob).number(number).into_future());
    assert_eq!(at(8).unwrap() + U256::from(2), at(10).unwrap());
    assert!(at(7).unwrap_err().to_string().contains("not kept any more"));
    assert!(matches!(
        chain.revert(early).wait(),
        Err(Error::NoSnapshot(_))
    ));
    assert_eq!(
        chain.head().wait().unwrap().number,
        10,
        "a refused revert changes nothing"
    );
}

#[test]
fn a_file_keeps_the_chain_over_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chain.state");
    let (alice, bob) = {
        let chain = start();
        let (alice, bob) = (account(&chain, 0), account(&chain, 1));
        chain
            .send(UnsignedTx::new(alice).to(bob).value(U256::from(7)))
            .wait()
            .unwrap();
        chain.advance(50).wait().unwrap();
        chain.dump(&path).wait().unwrap();
        (alice, bob)
    };
    let chain = Chain::start(Config {
        load: Some(path.clone()),
        ..Config::default()
    })
    .unwrap();
    assert_eq!(chain.head().wait().unwrap().number, 2);
    assert_eq!(chain.head().wait().unwrap().timestamp_s, 1_735_689_650);
    assert_eq!(
        chain.balance(bob).wait().unwrap(),
        chain.config().balance + U256::from(7)
    );
    let outcome = chain
        .send(UnsignedTx::new(alice).to(bob).value(U256::from(1)))
        .wait()
        .unwrap();
    assert_eq!((outcome.success, outcome.block), (true, 3));
    // The same chain gives the same file.
    let again = folder.path().join("again.state");
    let reloaded = Chain::start(Config {
        load: Some(path.clone()),
        ..Config::default()
    })
    .unwrap();
    reloaded.dump(&again).wait().unwrap();
    assert_eq!(
        std::fs::read(&path).unwrap(),
        std::fs::read(&again).unwrap()
    );
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        2,
        "nothing is left behind"
    );

    let bytes = std::fs::read(&path).unwrap();
    let load = |bytes: &[u8]| {
        let path = folder.path().join("damaged.state");
        std::fs::write(&path, bytes).unwrap();
        match chain.load(&path).wait() {
            Err(Error::StateFile(error)) => error,
            other => panic!("{other:?}"),
        }
    };
    let before = chain.head().wait().unwrap();
    assert!(matches!(load(b"{}"), StateFileError::Foreign));
    assert!(matches!(
        load(&bytes[..bytes.len() / 2]),
        StateFileError::Truncated { .. }
    ));
    let mut damaged = bytes.clone();
    *damaged.last_mut().unwrap() ^= 0xff;
    assert!(matches!(load(&damaged), StateFileError::Corrupt(_)));
    assert_eq!(
        chain.head().wait().unwrap(),
        before,
        "a refused file changes nothing"
    );
    let absent = Chain::start(Config {
        load: Some(folder.path().join("absent")),
        ..Config::default()
    });
    assert!(matches!(
        absent,
        Err(Error::StateFile(StateFileError::Read { .. }))
    ));
    let nowhere = chain.dump(folder.path().join("no/such/folder")).wait();
    assert!(matches!(
        nowhere,
        Err(Error::StateFile(StateFileError::Write { .. }))
    ));
}

#[tokio::test]
async fn works_inside_a_single_threaded_runtime() {
    let chain = start();
    let addr = chain.serve(([127, 0, 0, 1], 0)).unwrap();
    let http = alloy::providers::ProviderBuilder::new()
        .connect_http(format!("http://{addr}").parse().unwrap());
    assert_eq!(
        http.get_block_number().await.unwrap(),
        chain.provider().get_block_number().await.unwrap()
    );
    assert_eq!(chain.head().wait().unwrap(), chain.head().await.unwrap());
    assert_ne!(chain.head().await.unwrap().hash, B256::ZERO);
}

#[test]
fn many_threads_can_ask_at_once() {
    let chain = start();
    std::thread::scope(|scope| {
        for index in 0..8 {
            let chain = &chain;
            scope.spawn(move || {
                for _ in 0..50 {
                    let (from, to) = (account(chain, index), Address::repeat_byte(0xaa));
                    assert!(
                        chain
                            .send(UnsignedTx::new(from).to(to).value(U256::from(1)))
                            .wait()
                            .unwrap()
                            .success
                    );
                }
            });
        }
    });
    assert_eq!(
        chain.balance(Address::repeat_byte(0xaa)).wait().unwrap(),
        U256::from(400)
    );
    assert_eq!(chain.head().wait().unwrap().number, 400);
}
