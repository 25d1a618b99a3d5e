//! An asset fails and moves to a side pocket, which belongs to who held shares that day.

use alloy_primitives::{Address, B256, U256, keccak256};
use weir_abi::{
    IExits::{
        self, NotInPocket, NothingInPocket, PocketIsOpen, claimPocketCall, openPocketCall,
        pocketTakenCall,
    },
    IShared::{Unauthorized, ZeroAmount},
    IVault::{
        self, AssetIsDelisted, AssetNotFailed, AssetNotListed, AssetStillListed, Pocketed,
        StillContested,
    },
};
use weir_flows::{
    Sent,
    actors::{ALICE, BOB, CAROL, STRANGER},
    scene::{LST, Scene, WETH, wei},
};

/// The tree of these leaves, as in OpenZeppelin's standard: its root and the proof of each.
pub fn tree(leaves: &[(Address, U256)]) -> (B256, Vec<Vec<B256>>) {
    let hashes: Vec<B256> = leaves
        .iter()
        .map(|(account, shares)| {
            let leaf = [account.into_word().0, shares.to_be_bytes()].concat();
            keccak256(keccak256(leaf))
        })
        .collect();
    let mut proofs = vec![Vec::new(); hashes.len()];
    let mut places: Vec<usize> = (0..hashes.len()).collect();
    let mut level = hashes;
    while level.len() > 1 {
        for (proof, place) in proofs.iter_mut().zip(&mut places) {
            if let Some(sibling) = level.get(*place ^ 1) {
                proof.push(*sibling);
            }
            *place /= 2;
        }
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [a, b] => keccak256([a.min(b).as_slice(), a.max(b).as_slice()].concat()),
                rest => rest[0],
            })
            .collect();
    }
    (level[0], proofs)
}

/// Alice put in 60 WETH, Bob 40 LST, and asked to leave with 6 of his 46 shares. The LST's source is dead.
fn failed() -> Scene {
    let scene = Scene::with_holders();
    scene.request(BOB, "6");
    scene.world.set_answer(LST, None);
    scene
}

fn delist(scene: &Scene) {
    let token = scene.token(LST);
    let (governor, vault) = (scene.world.governor, scene.world.at.vault);
    scene
        .world
        .done(governor, vault, &IVault::delistCall { token });
}

fn pocket(scene: &Scene) -> Sent<U256> {
    let token = scene.token(LST);
    let (governor, vault) = (scene.world.governor, scene.world.at.vault);
    scene
        .world
        .done(governor, vault, &IVault::pocketCall { token })
}

fn open(scene: &Scene, root: B256) {
    let call = openPocketCall {
        asset: scene.token(LST),
        root,
        shares: wei("106"),
    };
    let (governor, exits) = (scene.world.governor, scene.world.at.exits);
    scene.world.done(governor, exits, &call);
}

fn claim(scene: &Scene, account: Address, shares: U256, proof: &[B256]) -> claimPocketCall {
    claimPocketCall {
        asset: scene.token(LST),
        account,
        shares,
        proof: proof.to_vec(),
    }
}

/// Who held shares when the asset was pocketed, the locked ones left out, and a fifth leaf for an odd tree.
fn holders() -> Vec<(Address, U256)> {
    vec![
        (ALICE, wei("59.999")),
        // 40 in his hands and 6 in a ticket.
        (BOB, wei("46")),
        (Address::with_last_byte(1), U256::ZERO),
        (Address::with_last_byte(2), U256::ZERO),
        (Address::with_last_byte(3), U256::ZERO),
    ]
}

#[test]
fn a_failed_asset_stops_nothing_once_it_is_in_its_pocket() {
    let scene = failed();
    scene.give(WETH, CAROL, "10");
    let deposit = scene.deposit_call(CAROL, WETH, "10");
    scene.world.refused(CAROL, scene.world.at.vault, &deposit);

    delist(&scene);
    let sent = pocket(&scene);
    let event = sent.event::<Pocketed>(scene.world.at.vault);
    assert_eq!((event.amount, event.supply), (wei("40"), wei("106")));
    assert_eq!(sent.value, wei("40"));

    // 60 ETH for 106 shares; and Carol pays for no part of what is gone.
    let rate = wei("60") / U256::from(106);
    assert_eq!(scene.state().rateWad, rate);
    let sent = scene.world.done(CAROL, scene.world.at.vault, &deposit);
    assert_eq!(sent.value, wei("10") * U256::from(106) / U256::from(60));
    scene.maturity(1);
    let id = weir_protocol::exits::ticket_id(1, BOB);
    let paid = scene.claim(id).value;
    assert_eq!(paid[LST], U256::ZERO);
    assert!(paid[WETH] > U256::ZERO);
}

#[test]
fn holders_of_that_day_share_the_pocket_and_what_comes_in_later() {
    let scene = failed();
    delist(&scene);
    pocket(&scene);
    let (world, exits) = (&scene.world, scene.world.at.exits);
    let (root, proofs) = tree(&holders());
    open(&scene, root);

    // Who comes later, or sells, changes nothing.
    scene.give(WETH, CAROL, "10");
    scene.deposit(CAROL, WETH, "10");
    let alice = claim(&scene, ALICE, wei("59.999"), &proofs[0]);
    let nothing: NothingInPocket = world.refused(STRANGER, exits, &alice).error();
    assert_eq!(nothing.account, ALICE);

    let pull = IVault::pullCall {
        asset: scene.token(LST),
        sink: exits,
    };
    world.done(STRANGER, world.at.vault, &pull);
    let paid = world.done(STRANGER, exits, &alice).value;
    assert_eq!(paid, wei("40") * wei("59.999") / wei("106"));
    assert_eq!(world.balance(scene.token(LST), ALICE), paid);
    world
        .refused(ALICE, exits, &alice)
        .error::<NothingInPocket>();

    let bob = claim(&scene, BOB, wei("46"), &proofs[1]);
    let paid = world.done(BOB, exits, &bob).value;
    assert_eq!(paid, wei("40") * U256::from(46) / U256::from(106));

    // The issuer pays a part back.
    scene.give(LST, CAROL, "5.3");
    let gift = weir_abi::IErc20::transferCall {
        to: exits,
        value: wei("5.3"),
    };
    world.done(CAROL, scene.token(LST), &gift);
    let more = world.done(CAROL, exits, &bob).value;
    assert_eq!(paid + more, wei("45.3") * U256::from(46) / U256::from(106));
    let call = pocketTakenCall {
        asset: scene.token(LST),
        account: BOB,
    };
    assert_eq!(world.ask(exits, &call), paid + more);
    let asset = scene.token(LST);
    let pocket = world.ask(exits, &IExits::pocketCall { asset });
    assert_eq!(pocket.received, wei("45.3"));
    assert_eq!(pocket.root, root);
}

#[test]
fn a_proof_of_another_claim_is_refused() {
    let scene = failed();
    delist(&scene);
    pocket(&scene);
    let leaves = holders();
    let (root, proofs) = tree(&leaves);
    let (world, exits) = (&scene.world, scene.world.at.exits);
    let early = claim(&scene, BOB, wei("46"), &proofs[1]);
    world.refused(BOB, exits, &early).error::<NotInPocket>();
    open(&scene, root);
    let mut longer = proofs[1].clone();
    longer.push(B256::ZERO);
    let false_claims = [
        claim(&scene, BOB, wei("47"), &proofs[1]),
        claim(&scene, CAROL, wei("46"), &proofs[1]),
        claim(&scene, BOB, wei("46"), &proofs[0]),
        claim(&scene, BOB, wei("46"), &longer),
        claim(&scene, BOB, wei("46"), &proofs[1][1..]),
        claim(&scene, BOB, wei("46"), &[]),
        claim(&scene, BOB, wei("46"), &vec![B256::ZERO; 1_000]),
        claim(&scene, BOB, U256::MAX, &proofs[1]),
    ];
    for call in false_claims {
        let refused: NotInPocket = world.refused(BOB, exits, &call).error();
        assert_eq!(
            (refused.account, refused.shares),
            (call.account, call.shares)
        );
    }
    let mut other = claim(&scene, BOB, wei("46"), &proofs[1]);
    other.asset = scene.token(WETH);
    world.refused(BOB, exits, &other).error::<NotInPocket>();
    other.asset = world.at.lrt;
    world.refused(BOB, exits, &other).error::<AssetNotListed>();
}

#[test]
fn only_the_governor_moves_a_failed_asset_and_names_its_holders() {
    let scene = failed();
    let (world, at, token) = (&scene.world, scene.world.at, scene.token(LST));
    let stranger = |refusal: weir_flows::Refusal| {
        assert_eq!(refusal.error::<Unauthorized>().caller, STRANGER);
    };
    stranger(world.refused(STRANGER, at.vault, &IVault::delistCall { token }));
    stranger(world.refused(STRANGER, at.vault, &IVault::pocketCall { token }));
    let open_call = |asset, root, shares| openPocketCall {
        asset,
        root,
        shares,
    };
    let root = B256::repeat_byte(1);
    stranger(world.refused(STRANGER, at.exits, &open_call(token, root, wei("1"))));

    let governor = world.governor;
    let early = world.refused(governor, at.vault, &IVault::pocketCall { token });
    assert_eq!(early.error::<AssetStillListed>().token, token);
    delist(&scene);
    let again = world.refused(governor, at.vault, &IVault::delistCall { token });
    assert_eq!(again.error::<AssetIsDelisted>().token, token);

    world.set_answer(LST, Some(wei("1.15")));
    let alive = world.refused(governor, at.vault, &IVault::pocketCall { token });
    assert_eq!(alive.error::<AssetNotFailed>().token, token);
    world.set_answer(LST, None);
    let id = scene.file("0.2").value;
    let contested = world.refused(governor, at.vault, &IVault::pocketCall { token });
    assert_eq!(contested.error::<StillContested>().undecided, U256::ONE);
    scene.veto(id);
    pocket(&scene);

    let refused = world.refused(governor, at.exits, &open_call(token, B256::ZERO, wei("1")));
    refused.error::<ZeroAmount>();
    let refused = world.refused(governor, at.exits, &open_call(token, root, U256::ZERO));
    refused.error::<ZeroAmount>();
    let refused = world.refused(governor, at.exits, &open_call(at.lrt, root, wei("1")));
    refused.error::<AssetNotListed>();
    open(&scene, root);
    let refused = world.refused(governor, at.exits, &open_call(token, root, wei("1")));
    assert_eq!(refused.error::<PocketIsOpen>().asset, token);
}
