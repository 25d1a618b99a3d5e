//! Blobs that are held, asked for, and lost.

use alloy::primitives::{Address, B256, U256, keccak256};
use weir_abi::{
    ICustody::{
        self, AnswerTooLate, Answered, BadLength, BadService, BadUntil, ChallengeUnknown,
        Challenged, ChunkOutOfRange, Failed, HoldingLost, HoldingOver, HoldingUnknown, NotDue,
        NotOpen, NotSlasher, NothingToWithdraw, StillSlashable, TooManyOpen, WrongBond, WrongChunk,
        answerCall, bondOfCall, challengeAtCall, challengeCall, creditOfCall, holdCall,
        holdingCall, initCall, instanceCall, releaseCall, slashCall, withdrawCall,
    },
    IHub::{OperatorNotIn, SlashFiled, Status},
    IShared::{AlreadyInitialized, NotPayable, TransferFailed, Unauthorized},
};
use weir_artifacts::CUSTODY;
use weir_flows::{
    DEPLOYER, Refusal, Sent,
    actors::{ALICE, BOB, STRANGER},
    evm::{self, Source},
};
use weir_protocol::services::merkle::{CHUNK_BYTES, Tree};

use crate::world::{SLASH_WAD, WAD, World, key};

const ANSWER_S: u64 = 3_600;
const BOND: u64 = 10_000_000_000_000_000;

struct Custody {
    world: World,
    operator: Address,
    blob: Vec<u8>,
    tree: Tree,
}

impl Custody {
    /// An operator with a tenth of the stake holds a blob of three chunks and a half, as holding 1, for 30 days.
    fn new() -> Self {
        let custody = Self::bare();
        let call = custody.promise();
        assert_eq!(
            custody.world.send(custody.operator, &call).unwrap().value,
            1
        );
        custody
    }

    fn bare() -> Self {
        let mut world = World::unset(&CUSTODY);
        let call = initCall {
            instance: instance(&world),
        };
        world.send(DEPLOYER, &call).unwrap();
        let operator = key(1);
        world.join(&operator);
        world.allocate(operator.address(), WAD / 10);
        world.keys.push(operator);
        world.scene.epoch(2);
        let blob: Vec<u8> = (0..3_584_u32).map(|i| (i / 5) as u8).collect();
        Self {
            operator: world.keys[0].address(),
            tree: Tree::new(&blob).unwrap(),
            blob,
            world,
        }
    }

    fn promise(&self) -> holdCall {
        holdCall {
            root: self.tree.root(),
            length: self.blob.len() as u64,
            until: self.world.stage().now_s() + 30 * 86_400,
        }
    }

    fn ask_for(&self, chunk: u64) -> Result<Sent<u64>, Refusal> {
        let operator = self.operator;
        let bond = self.world.ask(&bondOfCall { operator });
        self.pay_for(chunk, bond)
    }

    fn pay_for(&self, chunk: u64, bond: U256) -> Result<Sent<u64>, Refusal> {
        let stage = self.world.stage();
        stage.fund(ALICE, bond);
        let call = challengeCall { holding: 1, chunk };
        stage.pay(ALICE, self.world.at, bond, &call)
    }

    fn answer(&self, id: u64, chunk: u64) -> answerCall {
        let chunks: Vec<_> = self.blob.chunks(CHUNK_BYTES as usize).collect();
        answerCall {
            id,
            chunk: chunks[chunk as usize].to_vec().into(),
            proof: self.tree.proof(chunk),
        }
    }

    fn credit(&self, account: Address) -> U256 {
        self.world.ask(&creditOfCall { account })
    }
}

fn instance(world: &World) -> ICustody::Instance {
    ICustody::Instance {
        hub: world.scene.world.at.hub,
        vault: world.vault(),
        service: world.service,
        answerTime: ANSWER_S,
        slashWad: SLASH_WAD,
        bond: U256::from(BOND),
    }
}

#[test]
fn every_chunk_is_answered_and_the_bond_is_the_operators() {
    let custody = Custody::new();
    let (world, operator) = (&custody.world, custody.operator);
    for chunk in 0..4 {
        let asked = custody.ask_for(chunk).unwrap();
        let event = asked.event::<Challenged>(world.at);
        assert_eq!(
            (event.id, event.holding, event.operator),
            (chunk + 1, 1, operator)
        );
        assert_eq!((event.challenger, event.bond), (ALICE, U256::from(BOND)));
        assert_eq!(event.deadline, world.stage().now_s() + ANSWER_S);
        // At the last second, by a stranger.
        world.stage().advance(ANSWER_S);
        let call = custody.answer(chunk + 1, chunk);
        let sent = world.send(STRANGER, &call).unwrap();
        assert_eq!(sent.event::<Answered>(world.at).id, chunk + 1);
        let again = world.send(STRANGER, &call).unwrap_err();
        assert_eq!(again.error::<NotOpen>().id, chunk + 1);
    }
    assert_eq!(custody.credit(operator), U256::from(4 * BOND));
    let paid = world
        .send(STRANGER, &withdrawCall { account: operator })
        .unwrap();
    assert_eq!(paid.value, U256::from(4 * BOND));
    let balance = world.stage().chain().balance(operator).wait().unwrap();
    assert_eq!(balance, U256::from(4 * BOND));
    let again = world.send(STRANGER, &withdrawCall { account: operator });
    assert_eq!(
        again.unwrap_err().error::<NothingToWithdraw>().account,
        operator
    );
    assert_eq!(world.requests(), 0);
}

#[test]
fn what_is_not_answered_is_slashed_once() {
    let custody = Custody::new();
    let (world, operator) = (&custody.world, custody.operator);
    custody.ask_for(2).unwrap();
    custody.ask_for(0).unwrap();
    let slash = |id| world.send(BOB, &slashCall { id });
    world.stage().advance(ANSWER_S);
    assert_eq!(slash(1).unwrap_err().error::<NotDue>().id, 1);
    world.stage().advance(1);
    let late = world.send(operator, &custody.answer(1, 2)).unwrap_err();
    assert_eq!(late.error::<AnswerTooLate>().id, 1);
    let sent = slash(1).unwrap();
    let failed = sent.event::<Failed>(world.at);
    assert_eq!(
        (failed.id, failed.request, failed.operator),
        (1, sent.value, operator)
    );
    assert_eq!(failed.finder, BOB);
    let filed = sent.event::<SlashFiled>(world.scene.world.at.hub);
    assert_eq!((filed.wad, filed.evidence), (SLASH_WAD, failed.evidence));
    let challenge = world.ask(&challengeAtCall { id: 1 });
    let words: [B256; 3] = [
        custody.tree.root(),
        U256::from(2).into(),
        U256::from(challenge.deadline).into(),
    ];
    assert_eq!(failed.evidence, keccak256(words.concat()));
    assert!(world.ask(&holdingCall { id: 1 }).isLost);

    // The other question of the same blob is not a second offence: its bond comes back.
    assert!(slash(1).unwrap_err().is::<NotOpen>());
    assert_eq!(slash(2).unwrap_err().error::<HoldingLost>().id, 1);
    world.send(BOB, &releaseCall { id: 2 }).unwrap();
    assert_eq!(custody.credit(ALICE), U256::from(3 * BOND));
    assert_eq!(custody.ask_for(1).unwrap_err().error::<HoldingLost>().id, 1);

    let before = world.rate();
    world.scene.arm(sent.value);
    world.scene.execute(sent.value);
    assert_eq!(world.request(sent.value).status, Status::Executed);
    assert!(world.rate() < before);
}

#[test]
fn the_deadline_fixes_the_epoch_of_the_offence() {
    let custody = Custody::new();
    let world = &custody.world;
    // Asked in epoch 2, due in epoch 3, shown in epoch 4, and in epoch 5 no more.
    world.stage().warp(world.scene.clock.start_s(3) - 60);
    custody.ask_for(0).unwrap();
    world.scene.epoch(4);
    world.stage().and_back(|| {
        let id = world.send(BOB, &slashCall { id: 1 }).unwrap().value;
        assert_eq!(world.request(id).offenceEpoch, 3);
    });
    let early = world.send(BOB, &releaseCall { id: 1 }).unwrap_err();
    assert_eq!(early.error::<StillSlashable>().id, 1);
    world.scene.epoch(5);
    assert!(world.send(BOB, &slashCall { id: 1 }).is_err());
    world.send(BOB, &releaseCall { id: 1 }).unwrap();
    assert_eq!(custody.credit(ALICE), U256::from(BOND));
}

#[test]
fn only_the_chunk_itself_is_an_answer() {
    let custody = Custody::new();
    let world = &custody.world;
    custody.ask_for(1).unwrap();
    let good = custody.answer(1, 1);
    let mut changed = good.chunk.to_vec();
    changed[7] ^= 1;
    let wrong = [
        custody.answer(1, 0),
        custody.answer(1, 3),
        answerCall {
            chunk: changed.into(),
            ..good.clone()
        },
        answerCall {
            chunk: [&good.chunk[..], &[0]].concat().into(),
            ..good.clone()
        },
        answerCall {
            proof: Vec::new(),
            ..good.clone()
        },
        answerCall {
            proof: [good.proof.clone(), vec![B256::ZERO]].concat(),
            ..good.clone()
        },
        // The node above as if it were a chunk.
        answerCall {
            chunk: [custody.tree.proof(1)[0].0, custody.tree.proof(0)[0].0]
                .concat()
                .into(),
            proof: custody.tree.proof(0)[1..].to_vec(),
            ..good.clone()
        },
    ];
    for call in wrong {
        let refusal = world.send(STRANGER, &call).unwrap_err();
        assert_eq!(refusal.error::<WrongChunk>().id, 1);
    }
    let unknown = answerCall {
        id: 9,
        ..good.clone()
    };
    let refusal = world.send(STRANGER, &unknown).unwrap_err();
    assert_eq!(refusal.error::<ChallengeUnknown>().id, 9);
    world.send(STRANGER, &good).unwrap();
}

#[test]
fn questions_cost_twice_as_much_each_time_and_are_bounded() {
    let custody = Custody::new();
    let (world, operator) = (&custody.world, custody.operator);
    for open in 0..16 {
        let bond = world.ask(&bondOfCall { operator });
        assert_eq!(bond, U256::from(BOND) << open);
        let cheap: WrongBond = custody
            .pay_for(0, bond - U256::from(1))
            .unwrap_err()
            .error();
        assert_eq!((cheap.needed, cheap.sent), (bond, bond - U256::from(1)));
        custody.ask_for(open % 4).unwrap();
    }
    let refusal = custody.pay_for(0, U256::from(BOND) << 16).unwrap_err();
    assert_eq!(refusal.error::<TooManyOpen>().max, 16);
    // An answer makes room, at the price of the last place.
    world.send(operator, &custody.answer(1, 0)).unwrap();
    assert_eq!(world.ask(&bondOfCall { operator }), U256::from(BOND) << 15);
}

#[test]
fn what_cannot_be_promised_or_asked_is_refused() {
    let custody = Custody::bare();
    let (world, operator) = (&custody.world, custody.operator);
    let good = custody.promise();
    let now_s = world.stage().now_s();
    let refused = |call: &holdCall| world.send(operator, call).unwrap_err();
    for length in [0, (1 << 42) + 1, u64::MAX] {
        let call = holdCall {
            length,
            ..good.clone()
        };
        assert_eq!(refused(&call).error::<BadLength>().length, length);
    }
    for until in [0, now_s, now_s + 367 * 86_400, u64::MAX] {
        let call = holdCall {
            until,
            ..good.clone()
        };
        assert_eq!(refused(&call).error::<BadUntil>().until, until);
    }
    let refusal = world.send(STRANGER, &good).unwrap_err();
    assert_eq!(refusal.error::<OperatorNotIn>().operator, STRANGER);
    assert_eq!(
        custody.ask_for(0).unwrap_err().error::<HoldingUnknown>().id,
        1
    );
    world.send(operator, &good).unwrap();
    let error: ChunkOutOfRange = custody.ask_for(4).unwrap_err().error();
    assert_eq!((error.chunk, error.count), (4, 4));
    world.stage().fund(BOB, U256::from(5));
    let paid = world
        .stage()
        .pay(BOB, world.at, U256::from(5), &slashCall { id: 1 });
    assert_eq!(paid.unwrap_err().error::<NotPayable>().value, U256::from(5));
    world.stage().warp(good.until + 1);
    assert_eq!(
        custody.ask_for(0).unwrap_err().error::<HoldingOver>().until,
        good.until
    );
}

#[test]
fn a_challenger_that_takes_no_ether_stops_nobody() {
    let custody = Custody::new();
    let world = &custody.world;
    custody.ask_for(0).unwrap();
    world.stage().advance(ANSWER_S + 1);
    world.stage().set_code(ALICE, evm::source(&Source::Reverts));
    world.send(BOB, &slashCall { id: 1 }).unwrap();
    let refusal = world
        .send(BOB, &withdrawCall { account: ALICE })
        .unwrap_err();
    assert_eq!(refusal.error::<TransferFailed>().to, ALICE);
    assert_eq!(custody.credit(ALICE), U256::from(BOND));
}

#[test]
fn it_is_set_up_once_by_its_deployer_as_the_slasher_and_sound() {
    let world = World::unset(&CUSTODY);
    let sound = instance(&world);
    let init = |from, at, instance| world.stage().send(from, at, &initCall { instance });
    let refusal = init(STRANGER, world.at, sound.clone()).unwrap_err();
    assert!(refusal.is::<Unauthorized>());
    let wrong: [fn(&mut ICustody::Instance); 6] = [
        |i| i.answerTime = 0,
        |i| i.answerTime = u64::MAX,
        |i| i.slashWad = 0,
        |i| i.slashWad = WAD + 1,
        |i| i.bond = U256::ZERO,
        |i| i.bond = U256::MAX,
    ];
    for change in wrong {
        let mut instance = sound.clone();
        change(&mut instance);
        let refusal = init(DEPLOYER, world.at, instance).unwrap_err();
        assert!(refusal.is::<BadService>(), "{refusal:?}");
    }
    let other = world.stage().deploy(&CUSTODY);
    let refusal = init(DEPLOYER, other, sound.clone()).unwrap_err();
    assert_eq!(refusal.error::<NotSlasher>().slasher, world.at);
    init(DEPLOYER, world.at, sound.clone()).unwrap();
    assert_eq!(world.ask(&instanceCall {}), sound);
    let again = init(DEPLOYER, world.at, sound).unwrap_err();
    assert!(again.is::<AlreadyInitialized>());
}
