//! Operators hold blobs until a day they named, and anybody may ask for any chunk.
//!
//! ```text
//! bond      = base · 2^(open challenges of the operator)     back to who asked, unless the answer comes in time
//! deadline  = asked + answer time
//! offence   = epoch of the vault that the deadline is in      fixed when it is asked
//! ```
//!
//! Who asks names the chunk: every chunk is owed, so nobody's randomness need be trusted. A holding that failed is lost and
//! is slashed once.

use alloy_primitives::{Address, B256, U256, keccak256};

use super::merkle::{chunk_bytes, chunk_count, proves};
use crate::clock::{Clock, Epoch};
use crate::word::{Place, field64, halves, put, word};

/// Most challenges that an operator has to answer at once.
pub const MAX_OPEN: u8 = 16;
/// Longest that a blob can be promised for, seconds.
pub const MAX_HOLD_S: u64 = 366 * 24 * 60 * 60;
/// Largest blob, bytes: a proof of one of its chunks has at most 32 hashes.
pub const MAX_BLOB_BYTES: u64 = 1 << 42;

/// What is fixed for ever of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How long an operator has to answer, seconds.
    pub answer_s: u64,
    /// What the first open challenge of an operator costs, wei.
    pub bond: U256,
    /// The epochs of the vault whose stake secures the service.
    pub clock: Clock,
}

/// A promise to hold a blob.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    /// Who.
    pub operator: Address,
    /// Root of the blob's tree.
    pub root: B256,
    /// Its bytes.
    pub length: u64,
    /// Until when it can be asked for, Unix seconds.
    pub until_s: u64,
    /// Whether a challenge went unanswered.
    pub is_lost: bool,
}

/// Where a challenge is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// There is none.
    #[default]
    None,
    /// It waits for its answer.
    Open,
    /// It was answered in time.
    Answered,
    /// It was not, and the slash was filed.
    Failed,
    /// It was not, and nothing can be filed for it.
    Released,
}

/// A question for a chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    /// Of which holding.
    pub holding: u64,
    /// Which chunk.
    pub chunk: u64,
    /// Until when, Unix seconds.
    pub deadline_s: u64,
    /// Where it is.
    pub state: State,
    /// Who asked.
    pub challenger: Address,
    /// What it put down, wei.
    pub bond: U256,
}

/// Why a custody service refuses. A refused operation leaves no trace once its caller has rolled the store back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the interface says it of the errors of these names"
)]
pub enum CustodyError {
    Overflow,
    BadLength { length: u64, max: u64 },
    BadUntil { until_s: u64, now_s: u64 },
    HoldingUnknown { id: u64 },
    HoldingOver { id: u64, until_s: u64 },
    HoldingLost { id: u64 },
    ChunkOutOfRange { chunk: u64, count: u64 },
    WrongBond { needed: U256, sent: U256 },
    TooManyOpen { operator: Address, max: u8 },
    ChallengeUnknown { id: u64 },
    NotOpen { id: u64 },
    AnswerTooLate { id: u64, deadline_s: u64 },
    WrongChunk { id: u64 },
    NotDue { id: u64, deadline_s: u64 },
    StillSlashable { id: u64 },
    NothingToWithdraw { account: Address },
}

/// One storage word of a custody service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CustodyKey {
    /// Number of holdings and of challenges.
    Counts,
    /// Root of a holding.
    Root(u64),
    /// [`Holding`], but for its root.
    Holding(u64),
    /// Open challenges of an operator.
    Open(Address),
    /// [`Challenge`], but for who asked.
    Challenge(u64),
    /// Who asked, and its bond.
    Challenger(u64),
    /// What an account may withdraw, wei.
    Credit(Address),
}

impl CustodyKey {
    /// The storage slot of this word: no two keys share one.
    pub fn slot(self) -> U256 {
        let place = match self {
            Self::Counts => Place::new(1),
            Self::Root(id) => Place::new(2).id(id),
            Self::Holding(id) => Place::new(3).id(id),
            Self::Open(operator) => Place::new(4).account(operator),
            Self::Challenge(id) => Place::new(5).id(id),
            Self::Challenger(id) => Place::new(6).id(id),
            Self::Credit(account) => Place::new(7).account(account),
        };
        place.slot()
    }
}

/// Storage of a custody service, in words. A word that was never saved is zero.
pub trait CustodyStore {
    /// The word at `key`.
    fn load(&self, key: CustodyKey) -> U256;
    /// Replaces the word at `key`.
    fn save(&mut self, key: CustodyKey, word: U256);

    /// Number of holdings and of challenges.
    fn counts(&self) -> (u64, u64) {
        let [low, _] = halves(self.load(CustodyKey::Counts));
        (field64(low, 0, 64), field64(low, 64, 64))
    }
    /// See [`CustodyStore::counts`].
    fn set_counts(&mut self, holdings: u64, challenges: u64) {
        let low = u128::from(challenges) << 64 | u128::from(holdings);
        self.save(CustodyKey::Counts, word(low, 0));
    }
    /// See [`Holding`]; refused if there is none.
    fn holding(&self, id: u64) -> Result<Holding, CustodyError> {
        let [low, high] = halves(self.load(CustodyKey::Holding(id)));
        let operator = word(low, field64(high, 0, 32).into());
        let holding = Holding {
            operator: Address::from_word(operator.into()),
            root: self.load(CustodyKey::Root(id)).into(),
            length: field64(high, 32, 43),
            until_s: field64(high, 75, 40),
            is_lost: field64(high, 115, 1) == 1,
        };
        if holding.operator.is_zero() {
            return Err(CustodyError::HoldingUnknown { id });
        }
        Ok(holding)
    }
    /// See [`CustodyStore::holding`].
    fn set_holding(&mut self, id: u64, holding: &Holding) -> Result<(), CustodyError> {
        let [low, high] = halves(holding.operator.into_word().into());
        let high = put(high, 32, 43, holding.length.into())
            .and_then(|high| put(high, 75, 40, holding.until_s.into()))
            .and_then(|high| put(high, 115, 1, holding.is_lost.into()))
            .ok_or(CustodyError::Overflow)?;
        self.save(CustodyKey::Root(id), holding.root.into());
        self.save(CustodyKey::Holding(id), word(low, high));
        Ok(())
    }
    /// See [`Challenge`]; refused if there is none.
    fn challenge(&self, id: u64) -> Result<Challenge, CustodyError> {
        let [low, high] = halves(self.load(CustodyKey::Challenge(id)));
        let state = match field64(high, 64, 8) {
            1 => State::Open,
            2 => State::Answered,
            3 => State::Failed,
            4 => State::Released,
            _ => return Err(CustodyError::ChallengeUnknown { id }),
        };
        let [account, bond] = halves(self.load(CustodyKey::Challenger(id)));
        let challenger = word(account, field64(bond, 0, 32).into());
        Ok(Challenge {
            holding: field64(low, 0, 64),
            chunk: field64(low, 64, 64),
            deadline_s: field64(high, 0, 64),
            state,
            challenger: Address::from_word(challenger.into()),
            bond: U256::from(bond >> 32),
        })
    }
    /// See [`CustodyStore::challenge`].
    fn set_challenge(&mut self, id: u64, challenge: &Challenge) -> Result<(), CustodyError> {
        let low = u128::from(challenge.chunk) << 64 | u128::from(challenge.holding);
        let high = u128::from(challenge.state as u8) << 64 | u128::from(challenge.deadline_s);
        let [account, rest] = halves(challenge.challenger.into_word().into());
        let bond = u128::try_from(challenge.bond).map_err(|_| CustodyError::Overflow)?;
        let rest = put(rest, 32, 96, bond).ok_or(CustodyError::Overflow)?;
        self.save(CustodyKey::Challenge(id), word(low, high));
        self.save(CustodyKey::Challenger(id), word(account, rest));
        Ok(())
    }
}

/// Promises to hold a blob until `until_s`; answers the number of the holding, from 1. The caller is `operator`, which
/// takes part.
///
/// # Errors
/// [`CustodyError::BadLength`], [`CustodyError::BadUntil`].
pub fn hold<S: CustodyStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    operator: Address,
    root: B256,
    length: u64,
    until_s: u64,
) -> Result<u64, CustodyError> {
    if length == 0 || length > MAX_BLOB_BYTES {
        let max = MAX_BLOB_BYTES;
        return Err(CustodyError::BadLength { length, max });
    }
    if until_s <= now_s || until_s > now_s.saturating_add(MAX_HOLD_S) {
        return Err(CustodyError::BadUntil { until_s, now_s });
    }
    let (holdings, challenges) = store.counts();
    let id = holdings.checked_add(1).ok_or(CustodyError::Overflow)?;
    store.set_counts(id, challenges);
    let holding = Holding {
        operator,
        root,
        length,
        until_s,
        is_lost: false,
    };
    store.set_holding(id, &holding)?;
    Ok(id)
}

/// What the next challenge of an operator costs, wei.
///
/// # Errors
/// [`CustodyError::TooManyOpen`], [`CustodyError::Overflow`].
pub fn bond<S: CustodyStore + ?Sized>(
    store: &S,
    rules: &Rules,
    operator: Address,
) -> Result<U256, CustodyError> {
    let open: u64 = open(store, operator);
    if open >= MAX_OPEN.into() {
        let max = MAX_OPEN;
        return Err(CustodyError::TooManyOpen { operator, max });
    }
    let factor = U256::from(1_u64.checked_shl(open as u32).unwrap_or(u64::MAX));
    rules.bond.checked_mul(factor).ok_or(CustodyError::Overflow)
}

/// Asks for a chunk, with `sent` wei; answers the number of the challenge, from 1, and the challenge.
///
/// # Errors
/// Those of [`CustodyError`] that speak of holdings, chunks and bonds.
pub fn challenge<S: CustodyStore + ?Sized>(
    store: &mut S,
    rules: &Rules,
    now_s: u64,
    challenger: Address,
    sent: U256,
    (id, chunk): (u64, u64),
) -> Result<(u64, Challenge), CustodyError> {
    let holding = store.holding(id)?;
    if holding.is_lost {
        return Err(CustodyError::HoldingLost { id });
    }
    if now_s > holding.until_s {
        let until_s = holding.until_s;
        return Err(CustodyError::HoldingOver { id, until_s });
    }
    let count = chunk_count(holding.length);
    if chunk >= count {
        return Err(CustodyError::ChunkOutOfRange { chunk, count });
    }
    let needed = bond(store, rules, holding.operator)?;
    if sent != needed {
        return Err(CustodyError::WrongBond { needed, sent });
    }
    let (holdings, challenges) = store.counts();
    let number = challenges.checked_add(1).ok_or(CustodyError::Overflow)?;
    store.set_counts(holdings, number);
    set_open(
        store,
        holding.operator,
        open(store, holding.operator).saturating_add(1),
    );
    let challenge = Challenge {
        holding: id,
        chunk,
        deadline_s: now_s.saturating_add(rules.answer_s),
        state: State::Open,
        challenger,
        bond: sent,
    };
    store.set_challenge(number, &challenge)?;
    Ok((number, challenge))
}

/// Answers a challenge in time; its bond is the operator's.
///
/// # Errors
/// [`CustodyError::NotOpen`], [`CustodyError::AnswerTooLate`], [`CustodyError::WrongChunk`].
pub fn answer<S: CustodyStore + ?Sized>(
    store: &mut S,
    now_s: u64,
    id: u64,
    chunk: &[u8],
    proof: &[B256],
) -> Result<(), CustodyError> {
    let (challenge, holding) = opened(store, id)?;
    let deadline_s = challenge.deadline_s;
    if now_s > deadline_s {
        return Err(CustodyError::AnswerTooLate { id, deadline_s });
    }
    let Holding { root, length, .. } = holding;
    let has_length = chunk.len() as u64 == chunk_bytes(length, challenge.chunk);
    let count = chunk_count(length);
    if !has_length || !proves(root, count, challenge.chunk, chunk, proof) {
        return Err(CustodyError::WrongChunk { id });
    }
    close(
        store,
        id,
        challenge,
        &holding,
        State::Answered,
        holding.operator,
    )
}

/// Takes note that a challenge went unanswered; answers its holding, the epoch of the offence and the hash of the evidence.
/// The caller files.
///
/// # Errors
/// [`CustodyError::NotOpen`], [`CustodyError::NotDue`], [`CustodyError::HoldingLost`].
pub fn fail<S: CustodyStore + ?Sized>(
    store: &mut S,
    rules: &Rules,
    now_s: u64,
    id: u64,
) -> Result<(Challenge, Holding, Epoch, B256), CustodyError> {
    let (challenge, mut holding) = due(store, now_s, id)?;
    if holding.is_lost {
        let id = challenge.holding;
        return Err(CustodyError::HoldingLost { id });
    }
    holding.is_lost = true;
    store.set_holding(challenge.holding, &holding)?;
    let back = challenge.challenger;
    close(store, id, challenge, &holding, State::Failed, back)?;
    let (chunk, deadline) = (challenge.chunk, challenge.deadline_s);
    let evidence = keccak256(
        [
            holding.root,
            U256::from(chunk).into(),
            U256::from(deadline).into(),
        ]
        .concat(),
    );
    let epoch = rules.clock.epoch_at(deadline);
    Ok((challenge, holding, epoch, evidence))
}

/// Gives a bond back for whose challenge nothing can be filed: its holding failed before, or it is too long ago.
///
/// # Errors
/// [`CustodyError::NotOpen`], [`CustodyError::NotDue`], [`CustodyError::StillSlashable`].
pub fn release<S: CustodyStore + ?Sized>(
    store: &mut S,
    rules: &Rules,
    now_s: u64,
    id: u64,
) -> Result<(), CustodyError> {
    let (challenge, holding) = due(store, now_s, id)?;
    let offence = rules.clock.epoch_at(challenge.deadline_s);
    if !holding.is_lost && offence.saturating_add(1) >= rules.clock.epoch_at(now_s) {
        return Err(CustodyError::StillSlashable { id });
    }
    let back = challenge.challenger;
    close(store, id, challenge, &holding, State::Released, back)
}

/// Takes all that an account may withdraw; the caller sends it.
///
/// # Errors
/// [`CustodyError::NothingToWithdraw`].
pub fn withdraw<S: CustodyStore + ?Sized>(
    store: &mut S,
    account: Address,
) -> Result<U256, CustodyError> {
    let amount = store.load(CustodyKey::Credit(account));
    if amount.is_zero() {
        return Err(CustodyError::NothingToWithdraw { account });
    }
    store.save(CustodyKey::Credit(account), U256::ZERO);
    Ok(amount)
}

fn opened<S: CustodyStore + ?Sized>(
    store: &S,
    id: u64,
) -> Result<(Challenge, Holding), CustodyError> {
    let challenge = store.challenge(id)?;
    if challenge.state != State::Open {
        return Err(CustodyError::NotOpen { id });
    }
    Ok((challenge, store.holding(challenge.holding)?))
}

fn due<S: CustodyStore + ?Sized>(
    store: &S,
    now_s: u64,
    id: u64,
) -> Result<(Challenge, Holding), CustodyError> {
    let (challenge, holding) = opened(store, id)?;
    let deadline_s = challenge.deadline_s;
    if now_s <= deadline_s {
        return Err(CustodyError::NotDue { id, deadline_s });
    }
    Ok((challenge, holding))
}

fn close<S: CustodyStore + ?Sized>(
    store: &mut S,
    id: u64,
    challenge: Challenge,
    holding: &Holding,
    state: State,
    to: Address,
) -> Result<(), CustodyError> {
    store.set_challenge(id, &Challenge { state, ..challenge })?;
    let open = open(store, holding.operator);
    set_open(store, holding.operator, open.saturating_sub(1));
    let key = CustodyKey::Credit(to);
    let credit = store.load(key).checked_add(challenge.bond);
    store.save(key, credit.ok_or(CustodyError::Overflow)?);
    Ok(())
}

fn open<S: CustodyStore + ?Sized>(store: &S, operator: Address) -> u64 {
    let [low, _] = halves(store.load(CustodyKey::Open(operator)));
    field64(low, 0, 64)
}

fn set_open<S: CustodyStore + ?Sized>(store: &mut S, operator: Address, open: u64) {
    store.save(CustodyKey::Open(operator), U256::from(open));
}
