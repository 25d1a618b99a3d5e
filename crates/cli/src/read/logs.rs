//! Events of a contract, from its deployment on.

use alloy::primitives::{Address, B256};
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log};

use crate::connect::Client;
use crate::failure::Result;

/// Events of `contract` of these kinds, from block `from` to block `to`, in order. Endpoints that answer only so many at once are asked
/// for half of the blocks, and so on.
///
/// # Errors
/// The endpoint does not answer even for one block.
pub async fn logs(
    client: &Client,
    contract: Address,
    kinds: &[B256],
    from: u64,
    to: u64,
) -> Result<Vec<Log>> {
    let mut found = Vec::new();
    // Ranges that are still to be asked for, the first on top.
    let mut ranges = vec![(from, to)];
    while let Some((from, to)) = ranges.pop() {
        let filter = Filter::new()
            .address(contract)
            .event_signature(kinds.to_vec())
            .from_block(from)
            .to_block(to);
        match client.provider.get_logs(&filter).await {
            Ok(more) => found.extend(more),
            Err(error) if error.is_error_resp() && from < to => {
                let middle = from + (to - from) / 2;
                ranges.extend([(middle + 1, to), (from, middle)]);
            }
            Err(error) => return Err(client.failure("reading events", &error)),
        }
    }
    Ok(found)
}

/// The first block of the deployment, as far as the address book knows it.
pub fn first_block(client: &Client) -> u64 {
    let blocks = client.book.steps.iter().filter_map(|step| step.block);
    blocks.min().unwrap_or_default()
}
