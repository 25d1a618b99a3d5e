//! Random questions and answers, in memory: every wei put down is with somebody, and nobody is slashed for what it answered.

use std::collections::BTreeMap;

use alloy_primitives::{Address, U256};
use proptest::prelude::*;
use weir_protocol::{
    clock::Clock,
    services::{
        custody::{
            Challenge, CustodyError as Error, CustodyKey, CustodyStore, Holding, MAX_OPEN, Rules,
            State, answer, bond, challenge, fail, hold, release, withdraw,
        },
        merkle::Tree,
    },
};

#[derive(Default)]
struct Store(BTreeMap<U256, U256>);

impl CustodyStore for Store {
    fn load(&self, key: CustodyKey) -> U256 {
        self.0.get(&key.slot()).copied().unwrap_or_default()
    }

    fn save(&mut self, key: CustodyKey, word: U256) {
        self.0.insert(key.slot(), word);
    }
}

const EPOCH_S: u64 = 100_000;
const RULES: Rules = Rules {
    answer_s: 1_000,
    bond: U256::from_limbs([100, 0, 0, 0]),
    clock: Clock {
        genesis_s: 0,
        epoch_s: EPOCH_S,
        grace_s: 0,
    },
};
const OPERATORS: [Address; 2] = [Address::repeat_byte(1), Address::repeat_byte(2)];
const CHALLENGER: Address = Address::repeat_byte(9);

/// A blob of five chunks for each operator.
fn blob(operator: usize) -> Vec<u8> {
    (0..5_000_u32)
        .map(|i| (i / 3) as u8 ^ operator as u8)
        .collect()
}

#[derive(Clone, Debug)]
enum Step {
    Wait(u64),
    Ask(usize, u64),
    Answer(u64, bool),
    Fail(u64),
    Release(u64),
    Withdraw(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        prop_oneof![1_u64..1_500, EPOCH_S / 2..EPOCH_S].prop_map(Step::Wait),
        (0_usize..2, 0_u64..6).prop_map(|(holding, chunk)| Step::Ask(holding, chunk)),
        (1_u64..20, any::<bool>()).prop_map(|(id, is_right)| Step::Answer(id, is_right)),
        (1_u64..20).prop_map(Step::Fail),
        (1_u64..20).prop_map(Step::Release),
        (0_usize..3).prop_map(Step::Withdraw),
    ]
}

proptest! {
    #[test]
    fn every_wei_is_with_somebody_and_who_answered_is_not_slashed(steps in prop::collection::vec(step(), 1..80)) {
        let mut store = Store::default();
        let mut now_s = 10;
        for (index, operator) in OPERATORS.into_iter().enumerate() {
            let root = Tree::new(&blob(index)).unwrap().root();
            hold(&mut store, now_s, operator, root, 5_000, 20 * EPOCH_S).unwrap();
        }
        let (mut paid, mut out) = (U256::ZERO, U256::ZERO);
        let mut answered = Vec::new();
        let mut slashes = [0; 2];
        for step in steps {
            match step {
                Step::Wait(seconds) => now_s += seconds,
                Step::Ask(index, chunk) => {
                    let Ok(price) = bond(&store, &RULES, OPERATORS[index]) else { continue };
                    let asked = challenge(&mut store, &RULES, now_s, CHALLENGER, price, (index as u64 + 1, chunk));
                    if asked.is_ok() {
                        prop_assert!(chunk < 5);
                        paid += price;
                    }
                }
                Step::Answer(id, is_right) => {
                    let Ok(asked) = store.challenge(id) else { continue };
                    let blob = blob(asked.holding as usize - 1);
                    let at = if is_right { asked.chunk } else { (asked.chunk + 1) % 5 };
                    let tree = Tree::new(&blob).unwrap();
                    let chunk = blob.chunks(1_024).nth(at as usize).unwrap();
                    let done = answer(&mut store, now_s, id, chunk, &tree.proof(at));
                    let in_time = asked.state == State::Open && now_s <= asked.deadline_s;
                    prop_assert_eq!(done.is_ok(), is_right && in_time);
                    if done.is_ok() {
                        answered.push(id);
                    }
                }
                Step::Fail(id) => {
                    let before = store.challenge(id);
                    if let Ok((asked, holding, epoch, _)) = fail(&mut store, &RULES, now_s, id) {
                        prop_assert!(!answered.contains(&id));
                        prop_assert_eq!(before.map(|found| found.state), Ok(State::Open));
                        prop_assert!(now_s > asked.deadline_s);
                        prop_assert_eq!(epoch, asked.deadline_s / EPOCH_S);
                        prop_assert!(holding.is_lost);
                        slashes[asked.holding as usize - 1] += 1;
                    }
                }
                Step::Release(id) => {
                    let before = store.challenge(id);
                    if release(&mut store, &RULES, now_s, id).is_ok() {
                        let asked: Challenge = before.unwrap();
                        let lost = store.holding(asked.holding).unwrap().is_lost;
                        prop_assert!(lost || asked.deadline_s / EPOCH_S + 1 < now_s / EPOCH_S);
                    }
                }
                Step::Withdraw(who) => {
                    let account = [OPERATORS[0], OPERATORS[1], CHALLENGER][who];
                    if let Ok(amount) = withdraw(&mut store, account) {
                        out += amount;
                    }
                }
            }
            let (_, challenges) = store.counts();
            let all = (1..=challenges).map(|id| store.challenge(id).unwrap());
            let open: Vec<Challenge> = all.filter(|asked| asked.state == State::Open).collect();
            prop_assert!(open.len() <= 2 * usize::from(MAX_OPEN));
            let locked: U256 = open.iter().map(|asked| asked.bond).sum();
            let credits: U256 = [OPERATORS[0], OPERATORS[1], CHALLENGER]
                .map(|account| store.load(CustodyKey::Credit(account)))
                .into_iter()
                .sum();
            prop_assert_eq!(locked + credits + out, paid);
            prop_assert!(slashes.iter().all(|count| *count <= 1));
        }
    }

    #[test]
    fn words_keep_what_they_are_given(
        length in 1_u64..=1 << 42, until_s in 0_u64..1 << 40, is_lost: bool,
        chunk: u64, deadline_s: u64, bond in 0_u128..1 << 96,
    ) {
        let mut store = Store::default();
        let holding = Holding {
            operator: Address::repeat_byte(0xff),
            root: [0xee; 32].into(),
            length,
            until_s,
            is_lost,
        };
        store.set_holding(u64::MAX, &holding).unwrap();
        prop_assert_eq!(store.holding(u64::MAX), Ok(holding));
        let asked = Challenge {
            holding: u64::MAX,
            chunk,
            deadline_s,
            state: State::Released,
            challenger: Address::repeat_byte(0xff),
            bond: U256::from(bond),
        };
        store.set_challenge(3, &asked).unwrap();
        prop_assert_eq!(store.challenge(3), Ok(asked));
        let dear = Challenge { bond: U256::from(1_u128 << 96), ..asked };
        prop_assert_eq!(store.set_challenge(3, &dear), Err(Error::Overflow));
    }
}
