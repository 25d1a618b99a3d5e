//! Short texts, such as a token's name, in one storage slot.

use alloc::string::String;

use alloy_primitives::B256;

/// The most bytes that a slot holds beside the length.
pub const MAX_BYTES: usize = 31;

/// The slot of `text`, as Solidity lays out a short `string`: its bytes from the left, twice its length in the last.
///
/// Nothing if the text is longer than [`MAX_BYTES`].
pub fn pack(text: &str) -> Option<B256> {
    let mut slot = [0; 32];
    slot.get_mut(..MAX_BYTES)?
        .get_mut(..text.len())?
        .copy_from_slice(text.as_bytes());
    *slot.last_mut()? = u8::try_from(text.len()).ok()?.checked_mul(2)?;
    Some(B256::new(slot))
}

/// The text of a slot that [`pack`] made; empty for any other.
pub fn unpack(slot: B256) -> String {
    let length = usize::from(slot.0.last().copied().unwrap_or_default() / 2);
    let text = slot.0.get(..length).unwrap_or_default();
    core::str::from_utf8(text)
        .map(String::from)
        .unwrap_or_default()
}
