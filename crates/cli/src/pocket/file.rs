//! The file of a pocket: the tree as `StandardMerkleTree.dump()` of OpenZeppelin writes it, with what it is of beside.

use std::path::Path;
use std::{fs, str::FromStr};

use alloy::primitives::{Address, B256, U256};
use serde::{Deserialize, Serialize};
use weir_deployment::book::write_json;

use super::Snapshot;
use super::tree::{grow, leaf, proof};
use crate::failure::{Code, Failure, Result};

const FORMAT: &str = "standard-v1";
const LEAF: [&str; 2] = ["address", "uint256"];

/// Who has which part of a side pocket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PocketFile {
    format: String,
    leaf_encoding: [String; 2],
    /// Nodes, the root first.
    tree: Vec<B256>,
    values: Vec<Value>,
    /// The chain.
    pub chain_id: u64,
    /// The asset.
    pub asset: Address,
    /// The block in which it left the vault.
    pub block: u64,
    /// All shares of that moment, those that are nobody's included: what parts are of.
    pub supply: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Value {
    /// Account and shares, wei.
    value: (Address, String),
    tree_index: usize,
}

impl PocketFile {
    /// Of a moment. Accounts are in the order of their addresses, so that everybody gets the same file.
    pub fn new(chain_id: u64, snapshot: &Snapshot) -> Self {
        let holdings = || snapshot.holdings.iter();
        let leaves: Vec<B256> = holdings()
            .map(|(account, shares)| leaf(*account, *shares))
            .collect();
        let (tree, places) = grow(&leaves);
        let values = holdings()
            .zip(places)
            .map(|((account, shares), place)| Value {
                value: (*account, shares.to_string()),
                tree_index: place,
            });
        Self {
            format: FORMAT.to_owned(),
            leaf_encoding: LEAF.map(str::to_owned),
            tree,
            values: values.collect(),
            chain_id,
            asset: snapshot.asset,
            block: snapshot.block,
            supply: snapshot.supply.to_string(),
        }
    }

    /// Reads a file, and checks that its tree is that of its leaves.
    ///
    /// # Errors
    /// It cannot be read, or is not such a tree.
    pub fn read(path: &Path) -> Result<Self> {
        let wrong = |why: String| {
            Failure::usage(format!("{} is not the tree of a pocket", path.display()))
                .because(why)
                .next("weir pocket tree ASSET --out FILE writes one")
        };
        let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let file: Self = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        if file.format != FORMAT || file.leaf_encoding != LEAF {
            return Err(wrong("it has another format or other leaves".to_owned()));
        }
        let mut leaves = Vec::new();
        for Value {
            value: (account, shares),
            ..
        } in &file.values
        {
            let shares = U256::from_str(shares).map_err(|error| wrong(error.to_string()))?;
            leaves.push(leaf(*account, shares));
        }
        let (tree, places) = grow(&leaves);
        let indices = file.values.iter().map(|value| value.tree_index);
        if tree != file.tree || !indices.eq(places) || U256::from_str(&file.supply).is_err() {
            return Err(wrong("its nodes are not those of its leaves".to_owned()));
        }
        Ok(file)
    }

    /// Writes it, whole or not at all.
    ///
    /// # Errors
    /// The system refused.
    pub fn write(&self, path: &Path) -> Result {
        write_json(path, self).map_err(|error| {
            Failure::new(Code::Failed, format!("cannot write {}", path.display())).because(error)
        })
    }

    /// The root; zero without leaves.
    pub fn root(&self) -> B256 {
        self.tree.first().copied().unwrap_or_default()
    }

    /// All shares that parts are of.
    pub fn shares(&self) -> U256 {
        U256::from_str(&self.supply).unwrap_or_default()
    }

    /// Accounts and their shares.
    pub fn holdings(&self) -> impl Iterator<Item = (Address, U256)> {
        self.values.iter().map(|value| {
            let (account, shares) = &value.value;
            (*account, U256::from_str(shares).unwrap_or_default())
        })
    }

    /// The shares of an account and what proves them; none if it held nothing.
    pub fn proof(&self, account: Address) -> Option<(U256, Vec<B256>)> {
        let mut values = self.values.iter();
        let value = values.find(|value| value.value.0 == account)?;
        let shares = U256::from_str(&value.value.1).unwrap_or_default();
        Some((shares, proof(&self.tree, value.tree_index)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_reads_back_and_a_changed_one_is_refused() {
        let holdings = (1..=5).map(|n| (Address::with_last_byte(n), U256::from(n)));
        let snapshot = Snapshot {
            asset: Address::repeat_byte(9),
            block: 7,
            supply: U256::from(15),
            holdings: holdings.collect(),
            nobodys: U256::ZERO,
        };
        let file = PocketFile::new(1, &snapshot);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pocket.json");
        file.write(&path).unwrap();
        assert_eq!(PocketFile::read(&path).unwrap(), file);
        let text = fs::read_to_string(&path).unwrap();
        for (from, to) in [("\"5\"", "\"6\""), ("standard-v1", "simple-v1")] {
            fs::write(&path, text.replace(from, to)).unwrap();
            assert!(PocketFile::read(&path).is_err(), "{to}");
        }
    }
}
