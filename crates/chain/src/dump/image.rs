//! The body of a state file, in RLP.

use std::sync::Arc;

use alloy::consensus::Header;
use alloy_primitives::{Address, B256, Bytes, Log, U256, keccak256};
use alloy_rlp::{Decodable, RlpDecodable, RlpEncodable};

use super::StateFileError;
use crate::{
    block::{Block, Blocks, MinedTx, Receipt},
    node::{Node, Settings},
    pool::{Pool, Room},
    state::{Account, Cell, Info, StateTrie, World, WorldParts},
    tx::Tx,
};

#[derive(RlpEncodable, RlpDecodable)]
struct Image {
    settings: SettingsImage,
    version: u64,
    oldest: u64,
    codes: Vec<Bytes>,
    accounts: Vec<AccountImage>,
    blocks: Vec<BlockImage>,
    waiting: Vec<WaitingImage>,
}

#[derive(RlpEncodable, RlpDecodable)]
struct SettingsImage {
    chain_id: u64,
    base_fee_wei: u64,
    block_gas_limit: u64,
    coinbase: Address,
    impersonated: Vec<Address>,
    impersonate_all: bool,
    /// Seconds by which the clock is ahead of its source, or behind it.
    ahead_s: u128,
    behind_s: u128,
    /// Nothing, or one.
    next_s: Vec<u64>,
    interval_s: Vec<u64>,
}

/// An account that exists, or an empty list.
type InfoImage = Vec<InfoFields>;

#[derive(RlpEncodable, RlpDecodable)]
struct InfoFields {
    nonce: u64,
    balance: U256,
    code_hash: B256,
}

#[derive(RlpEncodable, RlpDecodable)]
struct AccountImage {
    address: Address,
    now: InfoImage,
    past: Vec<PastInfo>,
    slots: Vec<SlotImage>,
}

#[derive(RlpEncodable, RlpDecodable)]
struct PastInfo {
    version: u64,
    before: InfoImage,
}

#[derive(RlpEncodable, RlpDecodable)]
struct SlotImage {
    slot: U256,
    now: U256,
    past: Vec<PastSlot>,
}

#[derive(RlpEncodable, RlpDecodable)]
struct PastSlot {
    version: u64,
    before: U256,
}

#[derive(RlpEncodable, RlpDecodable)]
struct BlockImage {
    version: u64,
    header: Header,
    txs: Vec<TxImage>,
}

#[derive(RlpEncodable, RlpDecodable)]
struct TxImage {
    from: Address,
    raw: Bytes,
    success: bool,
    gas_used: u64,
    gas_price_wei: u128,
    /// Nothing, or one.
    contract: Vec<Address>,
    logs: Vec<Log>,
    revert_data: Bytes,
}

#[derive(RlpEncodable, RlpDecodable)]
struct WaitingImage {
    from: Address,
    raw: Bytes,
}

/// The body for `node`.
pub(super) fn encode(node: &Node) -> Vec<u8> {
    let world = &node.world;
    alloy_rlp::encode(Image {
        settings: encode_settings(&node.settings),
        version: world.version(),
        oldest: world.oldest_version(),
        codes: world.sorted_codes(),
        accounts: world
            .sorted_accounts()
            .into_iter()
            .map(|(address, account)| encode_account(address, account))
            .collect(),
        blocks: node
            .blocks
            .iter()
            .map(|(block, version)| encode_block(block, version))
            .collect(),
        waiting: node
            .pool
            .in_order()
            .into_iter()
            .map(|tx| WaitingImage {
                from: tx.from(),
                raw: tx.raw.clone(),
            })
            .collect(),
    })
}

/// Replaces what `node` holds by the body's content. On error nothing changes.
pub(super) fn restore(node: &mut Node, body: &[u8]) -> Result<(), StateFileError> {
    let mut rest = body;
    let image = Image::decode(&mut rest).map_err(|error| corrupt(error.to_string()))?;
    if !rest.is_empty() {
        return Err(corrupt(format!("{} bytes follow its body", rest.len())));
    }
    let mut accounts = Vec::with_capacity(image.accounts.len());
    for account in image.accounts {
        accounts.push(decode_account(account)?);
    }
    let parts = WorldParts {
        version: image.version,
        oldest: image.oldest,
        codes: image.codes,
        accounts,
    };
    let mut world = World::from_parts(parts);
    let trie = StateTrie::rebuilt(&mut world);
    let blocks = decode_blocks(image.blocks)?;
    let mut pool = Pool::default();
    let everything = Room {
        txs: usize::MAX,
        bytes: usize::MAX,
    };
    for waiting in image.waiting {
        let tx = Tx::decode_trusted(waiting.raw, waiting.from)
            .map_err(|error| corrupt(error.to_string()))?;
        let next_nonce = world.nonce(tx.from());
        pool.add(Arc::new(tx), next_nonce, everything)
            .map_err(|error| corrupt(error.to_string()))?;
    }
    restore_settings(&mut node.settings, image.settings);
    (node.world, node.trie, node.blocks, node.pool) = (world, trie, blocks, pool);
    node.snapshots.clear();
    node.filters.rewind(node.blocks.height());
    Ok(())
}

fn corrupt(why: impl Into<String>) -> StateFileError {
    StateFileError::Corrupt(why.into())
}

fn encode_settings(settings: &Settings) -> SettingsImage {
    let (ahead_s, next_s, interval_s) = settings.clock.parts();
    let mut impersonated: Vec<Address> = settings.impersonated.iter().copied().collect();
    impersonated.sort_unstable();
    SettingsImage {
        chain_id: settings.chain_id,
        base_fee_wei: settings.base_fee_wei,
        block_gas_limit: settings.block_gas_limit,
        coinbase: settings.coinbase,
        impersonated,
        impersonate_all: settings.impersonate_all,
        ahead_s: ahead_s.max(0).unsigned_abs(),
        behind_s: ahead_s.min(0).unsigned_abs(),
        next_s: next_s.into_iter().collect(),
        interval_s: interval_s.into_iter().collect(),
    }
}

fn restore_settings(settings: &mut Settings, image: SettingsImage) {
    settings.chain_id = image.chain_id;
    settings.base_fee_wei = image.base_fee_wei;
    settings.block_gas_limit = image.block_gas_limit;
    settings.coinbase = image.coinbase;
    settings.impersonated = image.impersonated.into_iter().collect();
    settings.impersonate_all = image.impersonate_all;
    let signed = |seconds: u128| i128::try_from(seconds).unwrap_or(i128::MAX);
    let ahead_s = signed(image.ahead_s).saturating_sub(signed(image.behind_s));
    settings.clock.set_parts(
        ahead_s,
        image.next_s.first().copied(),
        image.interval_s.first().copied(),
    );
}

fn encode_info(info: Option<Info>) -> InfoImage {
    info.into_iter()
        .map(
            |Info {
                 nonce,
                 balance,
                 code_hash,
             }| InfoFields {
                nonce,
                balance,
                code_hash,
            },
        )
        .collect()
}

fn decode_info(image: InfoImage) -> Option<Info> {
    image.into_iter().next().map(
        |InfoFields {
             nonce,
             balance,
             code_hash,
         }| Info {
            nonce,
            balance,
            code_hash,
        },
    )
}

fn encode_account(address: Address, account: &Account) -> AccountImage {
    let info = &account.info;
    let mut slots: Vec<SlotImage> = account
        .storage
        .iter()
        .map(|(slot, cell)| SlotImage {
            slot: *slot,
            now: cell.now(),
            past: cell
                .past()
                .iter()
                .map(|&(version, before)| PastSlot { version, before })
                .collect(),
        })
        .collect();
    // Hash maps have no order; equal chains shall give equal files.
    slots.sort_unstable_by_key(|slot| slot.slot);
    AccountImage {
        address,
        now: encode_info(info.now()),
        past: info
            .past()
            .iter()
            .map(|&(version, before)| PastInfo {
                version,
                before: encode_info(before),
            })
            .collect(),
        slots,
    }
}

fn decode_account(image: AccountImage) -> Result<(Address, Account), StateFileError> {
    let disordered = || corrupt(format!("the history of {} is out of order", image.address));
    let past = image
        .past
        .into_iter()
        .map(|past| (past.version, decode_info(past.before)))
        .collect();
    let info = Cell::from_parts(decode_info(image.now), past).ok_or_else(disordered)?;
    let mut account = Account {
        info,
        ..Account::default()
    };
    for SlotImage { slot, now, past } in image.slots {
        let past = past
            .into_iter()
            .map(|past| (past.version, past.before))
            .collect();
        account
            .storage
            .insert(slot, Cell::from_parts(now, past).ok_or_else(disordered)?);
    }
    Ok((image.address, account))
}

fn encode_block(block: &Block, version: u64) -> BlockImage {
    let txs = block.txs.iter().map(|tx| {
        let receipt = &tx.receipt;
        TxImage {
            from: tx.from,
            raw: tx.raw.clone(),
            success: receipt.success,
            gas_used: receipt.gas_used,
            gas_price_wei: receipt.gas_price_wei,
            contract: receipt.contract.into_iter().collect(),
            logs: receipt.logs.clone(),
            revert_data: receipt.revert_data.clone(),
        }
    });
    BlockImage {
        version,
        header: block.header.clone(),
        txs: txs.collect(),
    }
}

fn decode_blocks(images: Vec<BlockImage>) -> Result<Blocks, StateFileError> {
    let mut blocks: Option<Blocks> = None;
    for (number, image) in (0..).zip(images) {
        let parent = blocks
            .as_ref()
            .map_or(B256::ZERO, |blocks| blocks.head().hash);
        if image.header.number != number || image.header.parent_hash != parent {
            return Err(corrupt(format!(
                "block {number} does not follow the one before it"
            )));
        }
        let block = Block {
            hash: image.header.hash_slow(),
            header: image.header,
            txs: decode_txs(image.txs),
        };
        match &mut blocks {
            Some(blocks) => blocks.push(Arc::new(block), image.version),
            none => *none = Some(Blocks::new(block, image.version)),
        }
    }
    blocks.ok_or_else(|| corrupt("it holds no block"))
}

fn decode_txs(images: Vec<TxImage>) -> Vec<MinedTx> {
    let (mut cumulative_gas_used, mut first_log) = (0u64, 0u64);
    let mut txs = Vec::with_capacity(images.len());
    for image in images {
        cumulative_gas_used = cumulative_gas_used.saturating_add(image.gas_used);
        let receipt = Receipt {
            success: image.success,
            gas_used: image.gas_used,
            cumulative_gas_used,
            gas_price_wei: image.gas_price_wei,
            contract: image.contract.first().copied(),
            first_log,
            logs: image.logs,
            revert_data: image.revert_data,
        };
        first_log += receipt.logs.len() as u64;
        txs.push(MinedTx {
            hash: keccak256(&image.raw),
            from: image.from,
            raw: image.raw,
            receipt,
        });
    }
    txs
}
