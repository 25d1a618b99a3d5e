//! A Merkle Patricia trie in memory whose root is kept up to date.
//!
//! Keys are 32 bytes, so a branch never carries a value. An extension is kept as the `prefix` of the branch below it:
//! two kinds of node instead of three.

use alloy::trie::{
    EMPTY_ROOT_HASH, Nibbles, TrieMask,
    nodes::{BranchNodeRef, ExtensionNodeRef, LeafNodeRef, RlpNode},
};
use alloy_primitives::{B256, Bytes, keccak256};

/// A map from 32-byte keys to RLP values, with its Merkle root.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trie {
    root: Option<Box<Node>>,
}

#[derive(Clone, Debug)]
struct Node {
    kind: Kind,
    /// How the parent refers to this node; none if the node or one below it changed.
    reference: Option<RlpNode>,
}

#[derive(Clone, Debug)]
enum Kind {
    Leaf {
        path: Nibbles,
        value: Box<[u8]>,
    },
    Branch {
        prefix: Nibbles,
        children: Box<[Option<Box<Node>>; 16]>,
    },
}

impl Trie {
    /// Sets the value of a key.
    pub(crate) fn insert(&mut self, key: &B256, value: &[u8]) {
        let path = Nibbles::unpack(key);
        match &mut self.root {
            Some(root) => root.insert(path, value),
            empty => *empty = Some(Node::leaf(path, value.into())),
        }
    }

    /// Removes a key if it is there.
    pub(crate) fn remove(&mut self, key: &B256) {
        remove(&mut self.root, Nibbles::unpack(key));
    }

    /// Merkle root.
    pub(crate) fn root(&mut self) -> B256 {
        let Some(root) = &mut self.root else {
            return EMPTY_ROOT_HASH;
        };
        let mut buffer = Vec::with_capacity(600);
        let reference = root.reference(&mut buffer);
        // A root shorter than a hash is not inlined anywhere: it is hashed all the same.
        reference
            .as_hash()
            .unwrap_or_else(|| keccak256(reference.as_slice()))
    }

    /// The encoded nodes on the way from the root to `key`, or to where it would be.
    pub(crate) fn proof(&mut self, key: &B256) -> Vec<Bytes> {
        self.root();
        let mut nodes = Vec::new();
        let mut path = Nibbles::unpack(key);
        let mut next = self.root.as_deref();
        while let Some(node) = next {
            node.encode_into(&mut nodes);
            next = None;
            if let Kind::Branch { prefix, children } = &node.kind
                && path.starts_with(prefix)
            {
                let (nibble, rest) = split(&path, prefix.len());
                next = children[nibble].as_deref();
                path = rest;
            }
        }
        nodes
    }
}

/// The nibble at `at` and the path after it.
fn split(path: &Nibbles, at: usize) -> (usize, Nibbles) {
    (
        usize::from(path.get(at).unwrap_or_default() & 0xf),
        path.slice(at + 1..),
    )
}

impl Node {
    fn leaf(path: Nibbles, value: Box<[u8]>) -> Box<Self> {
        Box::new(Self {
            kind: Kind::Leaf { path, value },
            reference: None,
        })
    }

    fn insert(&mut self, path: Nibbles, new: &[u8]) {
        let own = match &mut self.kind {
            Kind::Leaf { path: own, value } if *own == path => {
                if **value != *new {
                    *value = new.into();
                    self.reference = None;
                }
                return;
            }
            Kind::Branch { prefix, children } if path.starts_with(prefix) => {
                let (nibble, rest) = split(&path, prefix.len());
                match &mut children[nibble] {
                    Some(child) => child.insert(rest, new),
                    empty => *empty = Some(Self::leaf(rest, new.into())),
                }
                self.reference = None;
                return;
            }
            Kind::Leaf { path: own, .. } => *own,
            Kind::Branch { prefix, .. } => *prefix,
        };
        self.fork(own, path, new);
    }

    /// Puts a branch where the paths of this node and of a new leaf part.
    fn fork(&mut self, own: Nibbles, path: Nibbles, new: &[u8]) {
        let common = own.common_prefix_length(&path);
        let (own_nibble, own_rest) = split(&own, common);
        let (new_nibble, new_rest) = split(&path, common);
        let branch = Kind::Branch {
            prefix: own.slice(..common),
            children: Box::default(),
        };
        let mut old = std::mem::replace(&mut self.kind, branch);
        match &mut old {
            Kind::Leaf { path, .. } => *path = own_rest,
            Kind::Branch { prefix, .. } => *prefix = own_rest,
        }
        if let Kind::Branch { children, .. } = &mut self.kind {
            children[own_nibble] = Some(Box::new(Self {
                kind: old,
                reference: None,
            }));
            children[new_nibble] = Some(Self::leaf(new_rest, new.into()));
        }
        self.reference = None;
    }

    /// How the parent refers to this node: its encoding if short, else its hash.
    fn reference(&mut self, buffer: &mut Vec<u8>) -> RlpNode {
        if let Some(reference) = &self.reference {
            return reference.clone();
        }
        let reference = match &mut self.kind {
            Kind::Leaf { path, value } => {
                buffer.clear();
                LeafNodeRef::new(path, value).rlp(buffer)
            }
            Kind::Branch { prefix, children } => {
                let (stack, mask) = references(children, buffer);
                buffer.clear();
                let branch = BranchNodeRef::new(&stack, mask).rlp(buffer);
                if prefix.is_empty() {
                    branch
                } else {
                    buffer.clear();
                    ExtensionNodeRef::new(prefix, &branch).rlp(buffer)
                }
            }
        };
        self.reference = Some(reference.clone());
        reference
    }

    /// Appends this node's encodings, those shorter than a hash left out: they are part of their parent's.
    fn encode_into(&self, nodes: &mut Vec<Bytes>) {
        let mut push = |encoded: Vec<u8>| {
            if nodes.is_empty() || encoded.len() >= 32 {
                nodes.push(encoded.into());
            }
        };
        let mut encoded = Vec::new();
        match &self.kind {
            Kind::Leaf { path, value } => {
                LeafNodeRef::new(path, value).rlp(&mut encoded);
                push(encoded);
            }
            Kind::Branch { prefix, children } => {
                let known = children
                    .iter()
                    .map(|child| child.as_ref().and_then(|child| child.reference.clone()));
                let (stack, mask) = stack_of(known);
                let branch = BranchNodeRef::new(&stack, mask).rlp(&mut encoded);
                if !prefix.is_empty() {
                    let mut extension = Vec::new();
                    ExtensionNodeRef::new(prefix, &branch).rlp(&mut extension);
                    push(extension);
                }
                push(encoded);
            }
        }
    }
}

fn references(
    children: &mut [Option<Box<Node>>; 16],
    buffer: &mut Vec<u8>,
) -> (Vec<RlpNode>, TrieMask) {
    stack_of(
        children
            .iter_mut()
            .map(|child| child.as_mut().map(|child| child.reference(buffer))),
    )
}

fn stack_of(children: impl Iterator<Item = Option<RlpNode>>) -> (Vec<RlpNode>, TrieMask) {
    let mut stack = Vec::with_capacity(16);
    let mut mask = TrieMask::default();
    for (nibble, child) in (0u8..).zip(children) {
        if let Some(reference) = child {
            stack.push(reference);
            mask.set_bit(nibble);
        }
    }
    (stack, mask)
}

/// Removes `path` below `slot`. Returns whether anything changed.
fn remove(slot: &mut Option<Box<Node>>, path: Nibbles) -> bool {
    let Some(node) = slot else { return false };
    match &mut node.kind {
        Kind::Leaf { path: own, .. } => {
            let found = *own == path;
            if found {
                *slot = None;
            }
            found
        }
        Kind::Branch { prefix, children } => {
            if !path.starts_with(prefix) {
                return false;
            }
            let (nibble, rest) = split(&path, prefix.len());
            let found = remove(&mut children[nibble], rest);
            if found {
                node.reference = None;
                collapse(node);
            }
            found
        }
    }
}

/// Puts the only child of a branch in its place.
fn collapse(node: &mut Node) {
    let Kind::Branch { prefix, children } = &mut node.kind else {
        return;
    };
    if children.iter().flatten().count() != 1 {
        return;
    }
    let only = (0u8..)
        .zip(children.iter_mut())
        .find_map(|(nibble, child)| child.take().map(|child| (nibble, child)));
    let Some((nibble, child)) = only else { return };
    let mut path = *prefix;
    path.push(nibble);
    node.kind = match child.kind {
        Kind::Leaf { path: rest, value } => Kind::Leaf {
            path: path.join(&rest),
            value,
        },
        Kind::Branch {
            prefix: rest,
            children,
        } => Kind::Branch {
            prefix: path.join(&rest),
            children,
        },
    };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use alloy::trie::{HashBuilder, proof::verify_proof};
    use proptest::prelude::*;

    use super::*;

    /// The root that alloy's builder computes from scratch.
    fn expected(entries: &BTreeMap<B256, Vec<u8>>) -> B256 {
        let mut builder = HashBuilder::default();
        for (key, value) in entries {
            builder.add_leaf(Nibbles::unpack(key), value);
        }
        builder.root()
    }

    /// Keys that share long prefixes, so that extensions, forks and merges occur.
    fn key() -> impl Strategy<Value = B256> {
        (0usize..8, 0u8..4, any::<u8>()).prop_map(|(len, fill, last)| {
            let mut key = B256::repeat_byte(fill);
            key.0[len * 4] = last;
            key
        })
    }

    proptest! {
        #[test]
        fn equals_a_trie_built_from_scratch(ops in prop::collection::vec((key(), prop::option::weighted(0.7, prop::collection::vec(1u8..200, 1..70))), 1..60)) {
            let (mut trie, mut entries) = (Trie::default(), BTreeMap::new());
            for (key, value) in ops {
                match value {
                    Some(value) => {
                        trie.insert(&key, &value);
                        entries.insert(key, value);
                    }
                    None => {
                        trie.remove(&key);
                        entries.remove(&key);
                    }
                }
                prop_assert_eq!(trie.root(), expected(&entries));
                let proof = trie.proof(&key);
                let value = entries.get(&key).cloned();
                if value.is_some() || !entries.is_empty() {
                    prop_assert!(verify_proof(trie.root(), Nibbles::unpack(key), value, &proof).is_ok());
                }
            }
        }
    }
}
