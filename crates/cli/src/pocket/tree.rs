//! A Merkle tree of accounts and their shares, as OpenZeppelin's `StandardMerkleTree` makes it: a heap with the root first and the
//! leaves last, sorted by their hashes.
//!
//! ```text
//! leaf = keccak(keccak(account ‖ shares))       both as 32-byte words
//! node = keccak(min(a, b) ‖ max(a, b))          of nodes 2i + 1 and 2i + 2
//! ```
//!
//! Source: `@openzeppelin/merkle-tree` 1.0.8, `core.ts` and `standard.ts`.

use alloy::primitives::{Address, B256, U256, keccak256};

/// The hash of an account with its shares.
pub fn leaf(account: Address, shares: U256) -> B256 {
    let words = [account.into_word().0, shares.to_be_bytes()].concat();
    keccak256(keccak256(words))
}

fn node(a: B256, b: B256) -> B256 {
    keccak256([a.min(b).0, a.max(b).0].concat())
}

/// The nodes of the tree of these leaves, and the place of each leaf among them; no nodes without leaves.
pub fn grow(leaves: &[B256]) -> (Vec<B256>, Vec<usize>) {
    let mut sorted: Vec<(B256, usize)> = leaves.iter().copied().zip(0..).collect();
    sorted.sort_unstable();
    let size = (2 * leaves.len()).saturating_sub(1);
    let (mut nodes, mut places) = (vec![B256::ZERO; size], vec![0; leaves.len()]);
    for (rank, (hash, index)) in sorted.into_iter().enumerate() {
        let place = size - 1 - rank;
        nodes[place] = hash;
        places[index] = place;
    }
    for place in (0..size.saturating_sub(leaves.len())).rev() {
        nodes[place] = node(nodes[2 * place + 1], nodes[2 * place + 2]);
    }
    (nodes, places)
}

/// The siblings on the way from a node up to the root.
pub fn proof(nodes: &[B256], mut place: usize) -> Vec<B256> {
    let mut siblings = Vec::new();
    while place > 0 {
        let sibling = if place % 2 == 1 { place + 1 } else { place - 1 };
        siblings.extend(nodes.get(sibling));
        place = (place - 1) / 2;
    }
    siblings
}

#[cfg(test)]
mod tests {
    use alloy::primitives::b256;
    use weir_protocol::exits::proves;

    use super::*;

    fn leaves(count: u8) -> Vec<(Address, U256)> {
        let leaf = |n| {
            (
                Address::with_last_byte(n),
                U256::from(u64::from(n) * 10_u64.pow(18)),
            )
        };
        (1..=count).map(leaf).collect()
    }

    #[test]
    fn the_rules_of_the_contract_take_every_proof() {
        for count in 1..=18 {
            let leaves = leaves(count);
            let hashes: Vec<B256> = leaves.iter().map(|(a, s)| leaf(*a, *s)).collect();
            let (nodes, places) = grow(&hashes);
            for ((account, shares), place) in leaves.iter().zip(&places) {
                let proof = proof(&nodes, *place);
                let hash = |bytes: &[u8]| keccak256(bytes);
                assert!(proves(nodes[0], *account, *shares, &proof, hash));
                let more = *shares + U256::ONE;
                assert!(!proves(nodes[0], *account, more, &proof, hash));
            }
        }
        assert_eq!(grow(&[]).0.len(), 0);
    }

    /// Roots and places that version 1.0.8 of it printed: for the two leaves of its README, and for five.
    #[test]
    fn the_tree_is_that_of_the_common_tool() {
        let of = |byte: u8, tenths: u64| {
            let shares = U256::from(tenths) * U256::from(10_u64.pow(17));
            leaf(Address::repeat_byte(byte), shares)
        };
        let (nodes, _) = grow(&[of(0x11, 50), of(0x22, 25)]);
        assert_eq!(
            nodes[0],
            b256!("d4dee0beab2d53f2cc83e567171bd2820e49898130a22622b10ead383e90bd77")
        );
        let five: Vec<B256> = leaves(5).iter().map(|(a, s)| leaf(*a, *s)).collect();
        let (nodes, places) = grow(&five);
        assert_eq!(
            nodes[0],
            b256!("0f83651191d9c2e31f3653a21da41e131e85621ccfbb17d45643e01a72de6f91")
        );
        assert_eq!(places, [5, 8, 4, 6, 7]);
    }
}
