//! Holds what the logs come to against what the contracts have in storage at the same block.
//!
//! Storage words are compared and not views: a view answers as if what is due had happened, a word is what the last call left, as
//! are the logs.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_abi::IErc20;
use weir_protocol::vault::VaultKey;

use super::IndexError;
use super::fetch::Source;
use crate::projections::{AssetDoc, BatchDoc, VaultDoc, Workspace};
use crate::site::Site;
use crate::store::BlockRow;

/// Under this name a store remembers the last verdict.
pub(crate) const META: &str = "reconciled";

/// Something that the contracts say otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mismatch {
    /// What was compared.
    pub what: String,
    /// What the logs come to.
    pub logs: String,
    /// What the contract has.
    pub contract: String,
}

/// What the contracts say to a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// No log: nothing to compare.
    NothingNew,
    /// All words agree.
    Agrees,
    /// The endpoint does not have the state of that block any more.
    Unknown,
    /// Something differs.
    Differs(Vec<Mismatch>),
}

/// A verdict as the store keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VerdictNote {
    /// Block that was compared.
    pub block: u64,
    /// Whether there was something to compare with.
    pub is_known: bool,
    /// What differs.
    pub mismatches: Vec<Mismatch>,
}

impl Verdict {
    pub(super) fn note(&self, head: &BlockRow) -> String {
        let note = VerdictNote {
            block: head.number,
            is_known: !matches!(self, Self::Unknown),
            mismatches: match self {
                Self::Differs(mismatches) => mismatches.clone(),
                _ => Vec::new(),
            },
        };
        serde_json::to_string(&note).unwrap_or_default()
    }
}

/// A storage word and what it must be.
struct Word {
    what: String,
    slot: U256,
    mask: U256,
    expected: U256,
}

const LOW: U256 = U256::from_limbs([u64::MAX, u64::MAX, 0, 0]);
/// A supply or a number of shares in a word.
const SHARES: U256 = U256::from_limbs([u64::MAX, u32::MAX as u64, 0, 0]);

fn pair(low: U256, high: U256) -> U256 {
    (low & LOW) | (high << 128usize)
}

/// Compares at the last block of a batch.
pub(super) async fn reconcile(
    source: &Source,
    site: &Site,
    ws: &mut Workspace,
    head: &BlockRow,
) -> Result<Verdict, IndexError> {
    let vault = ws
        .load::<VaultDoc>(VaultDoc::KEY)
        .await?
        .unwrap_or_default();
    if vault.assets.is_empty() {
        // The contracts are being set up.
        return Ok(Verdict::NothingNew);
    }
    let words = words(ws, &vault).await?;
    let read: Result<Vec<Option<Mismatch>>, IndexError> = stream::iter(words)
        .map(|word| compare(source, site.vault, head, word))
        .buffered(16)
        .try_collect()
        .await;
    let mut mismatches: Vec<Mismatch> = match read {
        Ok(found) => found.into_iter().flatten().collect(),
        Err(IndexError::Endpoint { source, .. }) if source.is_error_resp() => {
            tracing::debug!(block = head.number, error = %source, "no state to compare with");
            return Ok(Verdict::Unknown);
        }
        Err(error) => return Err(error),
    };
    let supply = source
        .call(
            head.hash,
            site.lrt,
            IErc20::totalSupplyCall {}.abi_encode().into(),
        )
        .await?;
    if supply.as_ref() != vault.supply.0.to_be_bytes::<32>() {
        mismatches.push(Mismatch {
            what: "total supply of the share token".to_owned(),
            logs: vault.supply.to_string(),
            contract: supply.to_string(),
        });
    }
    Ok(if mismatches.is_empty() {
        Verdict::Agrees
    } else {
        Verdict::Differs(mismatches)
    })
}

async fn compare(
    source: &Source,
    vault: Address,
    head: &BlockRow,
    word: Word,
) -> Result<Option<Mismatch>, IndexError> {
    let found = source.word(head.hash, vault, word.slot).await? & word.mask;
    Ok((found != word.expected).then(|| Mismatch {
        what: word.what,
        logs: word.expected.to_string(),
        contract: found.to_string(),
    }))
}

/// The words of the vault that the logs tell whole.
async fn words(ws: &mut Workspace, vault: &VaultDoc) -> Result<Vec<Word>, IndexError> {
    let word = |what: String, key: VaultKey, mask, expected| Word {
        what,
        slot: key.slot(),
        mask,
        expected,
    };
    let mut words = vec![
        word("supply".to_owned(), VaultKey::Head, SHARES, vault.supply.0),
        word(
            "shares of closed batches".to_owned(),
            VaultKey::Queue,
            SHARES,
            vault.pending_shares.0,
        ),
    ];
    for (index, _) in (0u8..).zip(&vault.assets) {
        let asset = ws.load::<AssetDoc>(&[index]).await?.unwrap_or_default();
        let ledger = &asset.ledger;
        let rows = [
            (
                "idle and staked",
                VaultKey::Balance(index),
                ledger.idle,
                ledger.staked,
            ),
            (
                "unbonding",
                VaultKey::Unbonding(index),
                ledger.unbonding_even,
                ledger.unbonding_odd,
            ),
            (
                "unvested",
                VaultKey::Drip(index),
                ledger.unvested_even,
                ledger.unvested_odd,
            ),
            (
                "held and contested",
                VaultKey::Aside(index),
                ledger.held,
                ledger.contested,
            ),
            (
                "owed and due",
                VaultKey::Debt(index),
                ledger.owed,
                ledger.due,
            ),
            (
                "stream",
                VaultKey::Stream(index),
                ledger.stream_per_second,
                ledger.stream_left,
            ),
        ];
        for (what, key, first, second) in rows {
            let what = format!("{what} of asset {index}");
            words.push(word(what, key, U256::MAX, pair(first.0, second.0)));
        }
    }
    for epoch in &vault.open_batches {
        let batch = ws
            .load::<BatchDoc>(&epoch.to_be_bytes())
            .await?
            .unwrap_or_default();
        let mask = pair(SHARES, SHARES);
        let expected = pair(batch.shares.0, batch.filled.0);
        words.push(word(
            format!("batch {epoch}"),
            VaultKey::Batch(*epoch),
            mask,
            expected,
        ));
    }
    Ok(words)
}
