//! Call data, result, return data, logs and hashing.

use alloy_primitives::{B256, Bytes, Log, LogData, keccak256};

use super::{Call, EVM_API, Escape, HOSTIO, Result, window};

const LOG_TOPIC_GAS: u64 = 375;
const LOG_BYTE_GAS: u64 = 8;

/// Copies the call data to `ptr`.
pub(super) fn read_args(call: &mut Call<'_>, ptr: u32) -> Result<()> {
    call.buy_ink(HOSTIO)?;
    let input = call.host().input.clone();
    call.pay_for_write(input.len())?;
    call.write(ptr, &input)
}

/// Sets the data that the program returns or reverts with.
pub(super) fn write_result(call: &mut Call<'_>, ptr: u32, len: u32) -> Result<()> {
    call.buy_ink(HOSTIO)?;
    call.pay_for_read(len)?;
    call.pay_for_read(len)?; // once more for the EVM, which reads it from the program
    let output = call.read(ptr, len)?.to_vec();
    call.host().output = output;
    Ok(())
}

/// Copies a window of the last call's return data to `dest`; how many bytes there were.
pub(super) fn read_return_data(
    call: &mut Call<'_>,
    dest: u32,
    offset: u32,
    size: u32,
) -> Result<u32> {
    call.buy_ink(HOSTIO + EVM_API)?;
    let data = call.host().return_data.clone();
    let available = data.len().saturating_sub(offset as usize);
    call.pay_for_write((size as usize).min(available))?;
    let part = window(&data, offset, size);
    if !part.is_empty() {
        call.write(dest, part)?;
    }
    Ok(part.len() as u32)
}

/// Length of the last call's return data.
pub(super) fn return_data_size(call: &mut Call<'_>) -> Result<u32> {
    call.buy_ink(HOSTIO)?;
    Ok(call.host().return_data.len() as u32)
}

/// Emits a log whose topics are the first words of the data.
pub(super) fn emit_log(call: &mut Call<'_>, data: u32, len: u32, topics: u32) -> Result<()> {
    call.buy_ink(HOSTIO + EVM_API)?;
    if topics > 4 || len < topics * 32 {
        return Err(Escape::Failure(
            "a log has too many topics or too little data for them",
        ));
    }
    call.pay_for_read(len)?;
    call.buy_gas(
        (1 + u64::from(topics)) * LOG_TOPIC_GAS + u64::from(len - topics * 32) * LOG_BYTE_GAS,
    )?;
    let bytes = call.read(data, len)?;
    let (head, tail) = bytes.split_at(topics as usize * 32);
    let topics = head.chunks_exact(32).map(B256::from_slice).collect();
    let data = LogData::new_unchecked(topics, Bytes::copy_from_slice(tail));
    if call.frame().is_static {
        return Err(Escape::Failure("a log in a static call"));
    }
    let address = call.frame().address;
    call.api().log(Log { address, data });
    Ok(())
}

/// Writes the keccak-256 of `len` bytes at `input` to `output`.
pub(super) fn native_keccak256(
    call: &mut Call<'_>,
    input: u32,
    len: u32,
    output: u32,
) -> Result<()> {
    let words = u64::from(len.div_ceil(32));
    call.buy_ink(121_800 + 21_000 * words.saturating_sub(2))?;
    let hash = keccak256(call.read(input, len)?);
    call.write(output, hash.as_slice())
}
