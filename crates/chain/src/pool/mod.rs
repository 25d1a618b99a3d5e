//! Transactions that wait: those that can be mined now and those whose nonce is not yet due.

mod check;

pub(crate) use check::{Rules, check, check_funds};

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    sync::Arc,
};

use alloy_primitives::{
    Address, B256,
    map::{AddressMap, AddressSet, B256Map},
};

use crate::tx::{Tx, TxError};

/// A replacement must pay this share more than what it replaces, in percent.
const REPLACEMENT_BUMP_PERCENT: u128 = 10;

/// Waiting transactions. First come, first served across senders; by nonce for one sender.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool {
    senders: AddressMap<BTreeMap<u64, Entry>>,
    by_hash: B256Map<(Address, u64)>,
    /// Senders whose first transaction can be mined now.
    ready: AddressSet,
    arrivals: u64,
    /// Bytes of all waiting transactions.
    bytes: usize,
}

/// How much may wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    pub(crate) txs: usize,
    pub(crate) bytes: usize,
}

#[derive(Clone, Debug)]
struct Entry {
    tx: Arc<Tx>,
    arrival: u64,
}

impl Pool {
    /// Number of waiting transactions.
    pub(crate) fn len(&self) -> usize {
        self.by_hash.len()
    }

    /// Adds a transaction whose nonce is not below `next_nonce`, the sender's next one. It may take the place of one
    /// with the same nonce that pays less.
    pub(crate) fn add(&mut self, tx: Arc<Tx>, next_nonce: u64, room: Room) -> Result<(), TxError> {
        if self.by_hash.contains_key(&tx.hash) {
            return Err(TxError::Known);
        }
        let (from, nonce) = (tx.from(), tx.nonce());
        let replaced = self
            .senders
            .get(&from)
            .and_then(|queue| queue.get(&nonce))
            .map(|entry| entry.tx.clone());
        if let Some(old) = &replaced
            && !outbids(&tx, old)
        {
            return Err(TxError::Replacement);
        }
        if (replaced.is_none() && self.len() >= room.txs) || self.bytes + tx.raw.len() > room.bytes
        {
            return Err(TxError::PoolFull {
                txs: self.len(),
                bytes: self.bytes,
            });
        }
        if let Some(old) = replaced {
            self.by_hash.remove(&old.hash);
            self.bytes -= old.raw.len();
        }
        self.bytes += tx.raw.len();
        self.by_hash.insert(tx.hash, (from, nonce));
        self.senders.entry(from).or_default().insert(
            nonce,
            Entry {
                tx,
                arrival: self.arrivals,
            },
        );
        self.arrivals += 1;
        if nonce == next_nonce {
            self.ready.insert(from);
        }
        Ok(())
    }

    /// The waiting transaction with this hash.
    pub(crate) fn get(&self, hash: &B256) -> Option<&Arc<Tx>> {
        let (from, nonce) = self.by_hash.get(hash)?;
        self.senders.get(from)?.get(nonce).map(|entry| &entry.tx)
    }

    /// Removes a transaction. The sender's queue is to be brought up to date with [`Self::update`].
    pub(crate) fn remove(&mut self, hash: &B256) -> Option<Arc<Tx>> {
        let (from, nonce) = self.by_hash.remove(hash)?;
        let queue = self.senders.get_mut(&from)?;
        let entry = queue.remove(&nonce);
        if queue.is_empty() {
            self.senders.remove(&from);
        }
        let tx = entry?.tx;
        self.bytes -= tx.raw.len();
        Some(tx)
    }

    /// Empties the pool.
    pub(crate) fn clear(&mut self) {
        *self = Self {
            arrivals: self.arrivals,
            ..Self::default()
        };
    }

    /// The sender's next nonce, counting what waits without a gap after `next_nonce`.
    pub(crate) fn pending_nonce(&self, from: Address, next_nonce: u64) -> u64 {
        let Some(queue) = self.senders.get(&from) else {
            return next_nonce;
        };
        (next_nonce..)
            .zip(queue.range(next_nonce..))
            .take_while(|(due, (nonce, _))| due == *nonce)
            .count() as u64
            + next_nonce
    }

    /// All waiting transactions by sender and nonce, each with whether it is due: none before it is missing.
    pub(crate) fn waiting(&self, next_nonce: impl Fn(Address) -> u64) -> Vec<(&Arc<Tx>, bool)> {
        let mut waiting = Vec::with_capacity(self.len());
        for (from, queue) in &self.senders {
            let due = self.pending_nonce(*from, next_nonce(*from));
            waiting.extend(queue.iter().map(|(nonce, entry)| (&entry.tx, *nonce < due)));
        }
        waiting
    }

    /// All waiting transactions by arrival.
    pub(crate) fn in_order(&self) -> Vec<&Arc<Tx>> {
        let mut entries: Vec<&Entry> = self.senders.values().flat_map(BTreeMap::values).collect();
        entries.sort_unstable_by_key(|entry| entry.arrival);
        entries.into_iter().map(|entry| &entry.tx).collect()
    }

    /// Whether something can be mined now.
    pub(crate) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// What can be mined now, in order: each sender's transactions without a gap.
    pub(crate) fn ready(&self) -> Vec<Arc<Tx>> {
        let mut heads: BinaryHeap<Reverse<(u64, Address, u64)>> = self
            .ready
            .iter()
            .filter_map(|from| {
                let (nonce, entry) = self.senders.get(from)?.first_key_value()?;
                Some(Reverse((entry.arrival, *from, *nonce)))
            })
            .collect();
        let mut ordered = Vec::new();
        while let Some(Reverse((_, from, nonce))) = heads.pop() {
            let Some(queue) = self.senders.get(&from) else {
                continue;
            };
            if let Some(entry) = queue.get(&nonce) {
                ordered.push(entry.tx.clone());
            }
            if let Some((next, entry)) = nonce
                .checked_add(1)
                .and_then(|next| queue.get_key_value(&next))
            {
                heads.push(Reverse((entry.arrival, from, *next)));
            }
        }
        ordered
    }

    /// Brings one sender's queue up to date with its next nonce: what was used goes, what is due becomes ready.
    pub(crate) fn update(&mut self, from: Address, next_nonce: u64) {
        let Some(queue) = self.senders.get_mut(&from) else {
            return;
        };
        while let Some(entry) = queue.first_entry() {
            if *entry.key() >= next_nonce {
                break;
            }
            let tx = entry.remove().tx;
            self.by_hash.remove(&tx.hash);
            self.bytes -= tx.raw.len();
        }
        match queue.first_key_value() {
            None => {
                self.senders.remove(&from);
                self.ready.remove(&from);
            }
            Some((nonce, _)) if *nonce == next_nonce => {
                self.ready.insert(from);
            }
            Some(_) => {
                self.ready.remove(&from);
            }
        }
    }
}

/// Whether `new` pays enough more than `old` to take its place.
fn outbids(new: &Tx, old: &Tx) -> bool {
    let enough = |new: u128, old: u128| {
        new.saturating_mul(100) >= old.saturating_mul(100 + REPLACEMENT_BUMP_PERCENT)
            && (new > old || old == 0)
    };
    let tip = |tx: &Tx| tx.env.gas_priority_fee.unwrap_or(tx.env.gas_price);
    enough(new.env.gas_price, old.env.gas_price) && enough(tip(new), tip(old))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tx::{Defaults, UnsignedTx};

    fn tx(from: u8, nonce: u64, max_fee_wei: u128) -> Arc<Tx> {
        let from = Address::repeat_byte(from);
        let defaults = Defaults {
            chain_id: 1,
            nonce,
            gas_limit: 21_000,
            max_fee_wei,
        };
        Arc::new(Tx::unsigned(UnsignedTx::new(from).to(from), defaults))
    }

    const ROOM: Room = Room {
        txs: 10,
        bytes: 10_000,
    };

    fn nonces(pool: &Pool) -> Vec<(u8, u64)> {
        pool.ready()
            .iter()
            .map(|tx| (tx.from()[0], tx.nonce()))
            .collect()
    }

    #[test]
    fn orders_by_arrival_and_nonce() {
        let mut pool = Pool::default();
        for (from, nonce) in [(1, 1), (2, 0), (1, 0), (1, 3)] {
            pool.add(tx(from, nonce, 100), 0, ROOM).unwrap();
        }
        assert_eq!(nonces(&pool), [(2, 0), (1, 0), (1, 1)]);
        assert_eq!(pool.pending_nonce(Address::repeat_byte(1), 0), 2);
        pool.update(Address::repeat_byte(1), 2);
        assert_eq!(nonces(&pool), [(2, 0)], "nonce 3 waits for 2");
        pool.update(Address::repeat_byte(1), 3);
        assert_eq!(nonces(&pool), [(2, 0), (1, 3)]);
    }

    #[test]
    fn a_replacement_pays_a_tenth_more() {
        let mut pool = Pool::default();
        let one = Room { txs: 1, ..ROOM };
        pool.add(tx(1, 0, 100), 0, one).unwrap();
        assert_eq!(pool.add(tx(1, 0, 100), 0, one), Err(TxError::Known));
        assert_eq!(pool.add(tx(1, 0, 109), 0, one), Err(TxError::Replacement));
        assert_eq!(
            pool.add(tx(2, 0, 100), 0, one),
            Err(TxError::PoolFull {
                txs: 1,
                bytes: pool.bytes
            })
        );
        pool.add(tx(1, 0, 110), 0, one).unwrap();
        assert_eq!((pool.len(), pool.ready()[0].env.gas_price), (1, 110));
    }
}
