//! `weir governor history`: what roles did, from the events of the contract.

use std::collections::BTreeMap;

use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::Log;
use alloy::sol_types::SolEvent;
use serde::Serialize;
use weir_abi::IGovernor::{Acted, Cancelled, Executed, RolesSet, Scheduled};

use crate::connect::{ChainArgs, Client};
use crate::decode::Decoded;
use crate::failure::Result;
use crate::read::{first_block, logs};
use crate::shell::Shell;
use crate::table::Sheet;
use crate::time::at;

/// Something that a role did.
#[derive(Debug, Serialize)]
struct Entry {
    block: u64,
    time_s: u64,
    /// `acted`, `scheduled`, `executed`, `cancelled` or `roles`.
    event: &'static str,
    /// Number of the scheduled call.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    /// Who did it, where the event says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Address>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<Decoded>,
}

/// Runs the command.
pub async fn run(from_block: Option<u64>, chain: &ChainArgs, shell: Shell) -> Result {
    let client = Client::open(chain).await?;
    let now = client.now().await?;
    let kinds = [
        Acted::SIGNATURE_HASH,
        Scheduled::SIGNATURE_HASH,
        Executed::SIGNATURE_HASH,
        Cancelled::SIGNATURE_HASH,
        RolesSet::SIGNATURE_HASH,
    ];
    let from = from_block.unwrap_or_else(|| first_block(&client));
    let governor = client.address("governor")?;
    let found = logs(&client, governor, &kinds, from, now.number).await?;
    let (mut times, mut entries) = (BTreeMap::new(), Vec::new());
    let mut calls: BTreeMap<u64, Decoded> = BTreeMap::new();
    for log in found {
        let Some(mut entry) = entry(&client, &log) else {
            continue;
        };
        entry.time_s = time(&client, &log, &mut times).await?;
        match (&entry.call, entry.id) {
            (Some(call), Some(id)) => drop(calls.insert(id, call.clone())),
            (None, Some(id)) => entry.call = calls.get(&id).cloned(),
            _ => {}
        }
        entries.push(entry);
    }
    shell.result(&entries, |entries| {
        if entries.is_empty() {
            return "no role did anything since\n".to_owned();
        }
        let mut sheet = Sheet::new(5, &["when", "block", "", "by", "call"]);
        for entry in entries {
            let id = entry.id.map(|id| format!(" {id}")).unwrap_or_default();
            sheet.row([
                at(entry.time_s),
                entry.block.to_string(),
                format!("{}{id}", entry.event),
                entry
                    .by
                    .map_or_else(|| "-".to_owned(), |by| client.label(by)),
                entry
                    .call
                    .as_ref()
                    .map_or_else(|| "-".to_owned(), |call| call.text(&client)),
            ]);
        }
        sheet.text()
    })
}

fn entry(client: &Client, log: &Log) -> Option<Entry> {
    let entry = |event, id, by, call| Entry {
        block: log.block_number.unwrap_or_default(),
        time_s: 0,
        event,
        id,
        by,
        call,
    };
    let inner = &log.inner;
    if let Ok(acted) = Acted::decode_log(inner) {
        let call = Decoded::new(client, acted.target, &acted.data.data);
        return Some(entry("acted", None, Some(acted.caller), Some(call)));
    }
    if let Ok(scheduled) = Scheduled::decode_log(inner) {
        let call = Decoded::new(client, scheduled.target, &scheduled.data.data);
        return Some(entry("scheduled", Some(scheduled.id), None, Some(call)));
    }
    if let Ok(executed) = Executed::decode_log(inner) {
        return Some(entry("executed", Some(executed.id), None, None));
    }
    if let Ok(cancelled) = Cancelled::decode_log(inner) {
        return Some(entry(
            "cancelled",
            Some(cancelled.id),
            Some(cancelled.by),
            None,
        ));
    }
    RolesSet::decode_log(inner).ok()?;
    Some(entry("roles", None, None, None))
}

/// When a block was made, Unix seconds.
async fn time(client: &Client, log: &Log, known: &mut BTreeMap<u64, u64>) -> Result<u64> {
    if let Some(time_s) = log.block_timestamp {
        return Ok(time_s);
    }
    let number = log.block_number.unwrap_or_default();
    if let Some(time_s) = known.get(&number) {
        return Ok(*time_s);
    }
    let block = client.provider.get_block_by_number(number.into()).await;
    let block = block.map_err(|error| client.failure("reading a block", &error))?;
    let time_s = block
        .map(|block| block.header.timestamp)
        .unwrap_or_default();
    known.insert(number, time_s);
    Ok(time_s)
}
