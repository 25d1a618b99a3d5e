//! Gas of each call in the life of a vault.

use std::{env, fmt::Write, fs, path::Path};

use alloy_primitives::{Address, U256, address};
use alloy_sol_types::sol;
use weir_abi::{IErc20, IRates, IRewards};
use weir_flows::{
    actors::{ALICE, BOB, CAROL, OPERATOR, STRANGER},
    scene::{LST, Scene, WETH, wei},
};

use crate::doors::doors;

sol! {
    function cacheProgram(address program) external;
}

const ARB_WASM_CACHE: Address = address!("0000000000000000000000000000000000000072");

const HEAD: &str = "\
Gas of transactions, with the 21,000 and the calldata, as Nitro's rules charge it on a chain without a price for L1 data.
A vault of two assets: WETH, and an LST whose rate and market price two small EVM contracts answer; both tokens are Stylus
programs behind a small EVM contract. One service. Each transaction is alone in its block. Entering a program costs less where
a cache manager keeps it cached: `cached` is with all programs kept, `cold` with none.
";

#[test]
fn gas_is_as_recorded() {
    let all = |is_cached| [life(is_cached), doors(is_cached)].concat();
    let (cold, cached) = (all(false), all(true));
    let mut table = format!("{HEAD}\n{:<42} {:>9} {:>9}\n", "call", "cold", "cached");
    for ((call, cold), (_, cached)) in cold.into_iter().zip(cached) {
        writeln!(table, "{call:<42} {cold:>9} {cached:>9}").unwrap();
    }
    agrees("gas.txt", &table);
}

/// Gas of each call of a life, in the order of the calls.
fn life(is_cached: bool) -> Vec<(&'static str, u64)> {
    let scene = Scene::new();
    let (world, at) = (&scene.world, scene.world.at);
    for (asset, actor) in [(WETH, ALICE), (LST, BOB), (WETH, CAROL)] {
        scene.give(asset, actor, "1000");
    }
    if is_cached {
        cache(&scene, &[]);
    }
    let transfer = |from, to, value| {
        let value = wei(value);
        world
            .done(from, at.lrt, &IErc20::transferCall { to, value })
            .gas
    };
    let mut gas = vec![
        (
            "deposit, first of the vault",
            scene.deposit(ALICE, WETH, "100").gas,
        ),
        (
            "deposit, first of an asset with a source",
            scene.deposit(BOB, LST, "100").gas,
        ),
        (
            "deposit, first of a holder",
            scene.deposit(CAROL, WETH, "100").gas,
        ),
        ("deposit again, WETH", scene.deposit(ALICE, WETH, "10").gas),
        ("deposit again, LST", scene.deposit(BOB, LST, "10").gas),
        (
            "transfer of shares, to a newcomer",
            transfer(ALICE, STRANGER, "1"),
        ),
        (
            "transfer of shares, to a holder",
            transfer(ALICE, STRANGER, "1"),
        ),
        (
            "poke of the rates",
            world.done(STRANGER, at.rates, &IRates::pokeCall {}).gas,
        ),
        (
            "redeem, first of the vault",
            scene.redeem(ALICE, WETH, "1").gas,
        ),
        ("redeem again", scene.redeem(ALICE, WETH, "1").gas),
    ];
    let of_alice = scene.request(ALICE, "10");
    gas.push(("request, first of a batch", of_alice.gas));
    let of_bob = scene.request(BOB, "10");
    gas.push(("request, a new ticket", of_bob.gas));
    gas.push(("request, more on a ticket", scene.request(BOB, "10").gas));
    gas.push((
        "cancel, a part of a ticket",
        scene.cancel(BOB, of_bob.value, "1").gas,
    ));
    scene.epoch(2);
    gas.push(("sync, with nothing else due than a close", scene.sync().gas));
    gas.push(("sync, with nothing due", scene.sync().gas));
    let filed = scene.file("0.2");
    gas.push(("file", filed.gas));
    gas.push(("arm", scene.arm(filed.value).gas));
    gas.push(("execute", scene.execute(filed.value).gas));
    scene.maturity(1);
    gas.push(("sync that closes and settles", scene.sync().gas));
    gas.push(("claim, first of a batch", scene.claim(of_alice.value).gas));
    gas.push(("claim, the last", scene.claim(of_bob.value).gas));
    let filed = scene.file("0.2");
    gas.push(("file again", filed.gas));
    scene.arm(filed.value);
    gas.push(("execute again", scene.execute(filed.value).gas));
    gas.push(("pull", scene.pull(WETH).gas));
    let filed = scene.file("0.2").value;
    gas.push(("veto", scene.veto(filed).gas));
    let reward = |end| {
        let call = IRewards::fundCall {
            asset: scene.token(WETH),
            operator: OPERATOR,
            amount: wei("10"),
            end,
            maxCommissionBps: U256::ZERO,
        };
        world.done(CAROL, at.rewards, &call).gas
    };
    let next = scene.state().currentEpoch.to::<u64>() + 2;
    gas.push(("reward, first of an asset", reward(next)));
    gas.push(("reward, of the same end", reward(next)));
    gas.push((
        "deposit while a reward streams",
        scene.deposit(ALICE, WETH, "10").gas,
    ));
    gas
}

/// Has the chain keep the programs of a scene cached, and others.
pub fn cache(scene: &Scene, others: &[Address]) {
    let at = scene.world.at;
    let stage = &scene.world.stage;
    let manager = stage.chain().accounts()[0].address();
    stage.fund(manager, U256::MAX >> 1);
    let programs = at.all().into_iter().chain([scene.world.weth()]);
    for program in programs.chain(others.iter().copied()) {
        stage
            .send(manager, ARB_WASM_CACHE, &cacheProgramCall { program })
            .expect("a program is cached");
    }
}

/// Compares with a file in `contracts/golden`, or writes it if `WEIR_BLESS` is set.
fn agrees(file: &str, actual: &str) {
    let package = env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let path = Path::new(&package)
        .join("../../contracts/golden")
        .join(file);
    if env::var_os("WEIR_BLESS").is_some() {
        fs::write(&path, actual).unwrap();
    }
    let recorded = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        recorded, actual,
        "contracts/golden/{file} (left) is not what the contracts cost (right). If the change is meant, run \
         `WEIR_BLESS=1 cargo test --workspace --test golden` and commit the file"
    );
}
