//! Trees of hashes over the chunks of a blob.
//!
//! ```text
//! leaf(i) = keccak(0x00 · chunk i)      node = keccak(0x01 · left · right)
//! ```
//!
//! The two prefixes keep an inner node from passing for a chunk. A node without a neighbour rises unchanged, as in RFC
//! 6962, so that no two lists of chunks of one number have one root; the number is known beside the root.

use alloy_primitives::{B256, keccak256};

/// Bytes of a chunk; the last of a blob may be shorter.
pub const CHUNK_BYTES: u64 = 1024;

/// Number of chunks of a blob of `length` bytes.
pub const fn chunk_count(length: u64) -> u64 {
    length.div_ceil(CHUNK_BYTES)
}

/// Bytes that chunk `index` of a blob of `length` bytes has; none beyond its end.
pub const fn chunk_bytes(length: u64, index: u64) -> u64 {
    let left = length.saturating_sub(index.saturating_mul(CHUNK_BYTES));
    if left < CHUNK_BYTES {
        left
    } else {
        CHUNK_BYTES
    }
}

/// The hash of a chunk.
pub fn leaf(chunk: &[u8]) -> B256 {
    keccak256([&[0], chunk].concat())
}

/// The hash of two nodes.
pub fn node(left: B256, right: B256) -> B256 {
    keccak256([&[1], left.as_slice(), right.as_slice()].concat())
}

/// Whether `chunk` is number `index` of `count` under `root`. `proof` has the neighbours from the leaf up, none twice.
pub fn proves(root: B256, count: u64, index: u64, chunk: &[u8], proof: &[B256]) -> bool {
    if index >= count {
        return false;
    }
    let (mut hash, mut at, mut width) = (leaf(chunk), index, count);
    let mut proof = proof.iter();
    while width > 1 {
        if (at ^ 1) < width {
            let Some(neighbour) = proof.next() else {
                return false;
            };
            hash = if at & 1 == 0 {
                node(hash, *neighbour)
            } else {
                node(*neighbour, hash)
            };
        }
        at >>= 1;
        width = width.div_ceil(2);
    }
    proof.next().is_none() && hash == root
}

/// The whole tree of a blob, for who holds it.
#[cfg(feature = "std")]
#[derive(Clone, Debug)]
pub struct Tree {
    levels: alloc::vec::Vec<alloc::vec::Vec<B256>>,
}

#[cfg(feature = "std")]
impl Tree {
    /// The tree of a blob that is not empty.
    pub fn new(blob: &[u8]) -> Option<Self> {
        let chunks = blob.chunks(CHUNK_BYTES as usize);
        let mut levels = alloc::vec![chunks.map(leaf).collect::<alloc::vec::Vec<_>>()];
        while levels.last()?.len() > 1 {
            let pair = |pair: &[B256]| match pair {
                [left, right] => node(*left, *right),
                [lone] => *lone,
                _ => B256::ZERO,
            };
            let above = levels.last()?.chunks(2).map(pair).collect();
            levels.push(above);
        }
        let tree = Self { levels };
        tree.levels.last()?.first()?;
        Some(tree)
    }

    /// Its root.
    pub fn root(&self) -> B256 {
        let top = self.levels.last().and_then(|level| level.first());
        top.copied().unwrap_or_default()
    }

    /// The neighbours of chunk `index` from the leaf up.
    pub fn proof(&self, index: u64) -> alloc::vec::Vec<B256> {
        let levels = self.levels.iter().zip(0_u32..);
        let neighbour = |(level, height): (&alloc::vec::Vec<B256>, u32)| {
            let at = index.checked_shr(height)? ^ 1;
            level.get(usize::try_from(at).ok()?).copied()
        };
        levels.filter_map(neighbour).collect()
    }
}
