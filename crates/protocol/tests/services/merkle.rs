//! Proofs of chunks against a tree that is built from its definition, and proofs that must not hold.

use alloy_primitives::{B256, keccak256};
use proptest::prelude::*;
use weir_protocol::services::merkle::{
    CHUNK_BYTES, Tree, chunk_bytes, chunk_count, leaf, node, proves,
};

/// The root by RFC 6962's definition: split at the largest power of two below the number of leaves.
fn root_by_halves(leaves: &[B256]) -> B256 {
    match leaves {
        [lone] => *lone,
        _ => {
            let half = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(half);
            let children = [root_by_halves(left).0, root_by_halves(right).0];
            keccak256([&[1][..], &children.concat()].concat())
        }
    }
}

fn blob(bytes: usize, seed: u8) -> Vec<u8> {
    (0..bytes)
        .map(|i| (i / 7) as u8 ^ (i as u8).wrapping_mul(31) ^ seed)
        .collect()
}

fn chunks(blob: &[u8]) -> Vec<&[u8]> {
    blob.chunks(CHUNK_BYTES as usize).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_root_is_that_of_the_definition_and_every_chunk_is_proved(bytes in 1_usize..20_000, seed: u8) {
        let blob = blob(bytes, seed);
        let (tree, chunks) = (Tree::new(&blob).unwrap(), chunks(&blob));
        let leaves: Vec<B256> = chunks.iter().map(|chunk| keccak256([&[0], *chunk].concat())).collect();
        prop_assert_eq!(tree.root(), root_by_halves(&leaves));
        let count = chunk_count(bytes as u64);
        prop_assert_eq!(count, chunks.len() as u64);
        for (index, chunk) in (0..).zip(&chunks) {
            prop_assert_eq!(chunk_bytes(bytes as u64, index), chunk.len() as u64);
            prop_assert!(proves(tree.root(), count, index, chunk, &tree.proof(index)));
        }
    }

    #[test]
    fn no_chunk_is_proved_at_another_place_or_changed(bytes in 1_025_usize..9_000, from: u64, to: u64, flip in 0_usize..1_024) {
        let blob = blob(bytes, 3);
        let (tree, chunks) = (Tree::new(&blob).unwrap(), chunks(&blob));
        let count = chunks.len() as u64;
        let (from, to) = (from % count, to % count);
        let chunk = chunks[from as usize];
        if chunk != chunks[to as usize] {
            prop_assert!(!proves(tree.root(), count, to, chunk, &tree.proof(to)));
            prop_assert!(!proves(tree.root(), count, to, chunk, &tree.proof(from)));
        }
        let mut changed = chunk.to_vec();
        let at = flip % changed.len();
        changed[at] ^= 1;
        prop_assert!(!proves(tree.root(), count, from, &changed, &tree.proof(from)));
        let mut proof = tree.proof(from);
        proof.push(B256::ZERO);
        prop_assert!(!proves(tree.root(), count, from, chunk, &proof), "a proof too long");
        proof.truncate(proof.len() - 2);
        prop_assert!(!proves(tree.root(), count, from, chunk, &proof), "a proof too short");
    }
}

#[test]
fn an_inner_node_does_not_pass_for_a_chunk() {
    let blob = blob(4 * 1_024, 0);
    let tree = Tree::new(&blob).unwrap();
    let leaves: Vec<B256> = chunks(&blob).into_iter().map(leaf).collect();
    let right = node(leaves[2], leaves[3]);
    // The left pair as if it were one chunk of a blob of two.
    let pair = [leaves[0].0, leaves[1].0].concat();
    assert!(!proves(tree.root(), 2, 0, &pair, &[right]));
    let prefixed = [&[1][..], &pair].concat();
    assert!(!proves(tree.root(), 2, 0, &prefixed, &[right]));
}

#[test]
fn a_last_chunk_twice_is_another_blob() {
    // Where a lone node is paired with itself, these two have one root.
    let three = blob(3 * 1_024, 0);
    let four = [&three[..], &three[2 * 1_024..]].concat();
    let (short, long) = (Tree::new(&three).unwrap(), Tree::new(&four).unwrap());
    assert_ne!(short.root(), long.root());
    let last = &three[2 * 1_024..];
    assert!(!proves(short.root(), 4, 3, last, &long.proof(3)));
    assert!(!proves(short.root(), 3, 3, last, &long.proof(3)));
}

#[test]
fn nothing_has_no_tree() {
    assert!(Tree::new(&[]).is_none());
    assert_eq!((chunk_count(0), chunk_bytes(0, 0)), (0, 0));
    assert_eq!(chunk_bytes(1_025, 1), 1);
    assert_eq!(chunk_bytes(1_025, 2), 0);
    assert_eq!(chunk_bytes(u64::MAX, u64::MAX), 0);
    assert!(!proves(leaf(&[]), 0, 0, &[], &[]));
}
