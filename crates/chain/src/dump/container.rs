//! The outside of a state file: marker, format, length, checksum, compressed body.

use std::io::Read;

use alloy_primitives::keccak256;
use brotli::{CompressorWriter, Decompressor};

use super::StateFileError;

const MARKER: &[u8] = b"weir-chain state file\n";
/// Changes whenever the body's layout does.
const FORMAT: u32 = 1;
const HEADER_BYTES: usize = MARKER.len() + 4 + 8 + 32;
/// Most bytes of a body; a longer one is damage or an attack on memory.
const MAX_BODY_BYTES: u64 = 64 << 30;
const BUFFER_BYTES: usize = 64 << 10;
/// Low: the time of a dump matters more than its size.
const BROTLI_QUALITY: u32 = 2;
const BROTLI_WINDOW_BITS: u32 = 22;

/// Puts a body into a file's bytes.
pub(super) fn pack(body: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::with_capacity(body.len() / 4);
    {
        let mut writer = CompressorWriter::new(
            &mut compressed,
            BUFFER_BYTES,
            BROTLI_QUALITY,
            BROTLI_WINDOW_BITS,
        );
        // Writing to memory does not fail.
        let _infallible = std::io::Write::write_all(&mut writer, body);
    }
    let mut file = Vec::with_capacity(HEADER_BYTES + compressed.len());
    file.extend_from_slice(MARKER);
    file.extend_from_slice(&FORMAT.to_be_bytes());
    file.extend_from_slice(&(compressed.len() as u64).to_be_bytes());
    file.extend_from_slice(keccak256(&compressed).as_slice());
    file.extend_from_slice(&compressed);
    file
}

/// Takes the body out of a file's bytes.
pub(super) fn unpack(file: &[u8]) -> Result<Vec<u8>, StateFileError> {
    let Some(rest) = file.strip_prefix(MARKER) else {
        let begun = !file.is_empty() && MARKER.starts_with(file);
        return Err(if begun {
            truncated(file.len(), HEADER_BYTES)
        } else {
            StateFileError::Foreign
        });
    };
    let Some((format, rest)) = rest.split_first_chunk::<4>() else {
        return Err(truncated(file.len(), HEADER_BYTES));
    };
    let found = u32::from_be_bytes(*format);
    if found != FORMAT {
        return Err(StateFileError::Version {
            found,
            supported: FORMAT,
        });
    }
    let Some((length, rest)) = rest.split_first_chunk::<8>() else {
        return Err(truncated(file.len(), HEADER_BYTES));
    };
    let Some((checksum, compressed)) = rest.split_first_chunk::<32>() else {
        return Err(truncated(file.len(), HEADER_BYTES));
    };
    let want = u64::from_be_bytes(*length);
    let have = compressed.len() as u64;
    if have < want {
        let header = HEADER_BYTES as u64;
        return Err(StateFileError::Truncated {
            have: header + have,
            want: header.saturating_add(want),
        });
    }
    if have > want {
        return Err(StateFileError::Corrupt(format!(
            "{} bytes follow its end",
            have - want
        )));
    }
    if keccak256(compressed) != *checksum {
        return Err(StateFileError::Corrupt(
            "its checksum does not match".to_owned(),
        ));
    }
    let mut body = Vec::new();
    Decompressor::new(compressed, BUFFER_BYTES)
        .take(MAX_BODY_BYTES)
        .read_to_end(&mut body)
        .map_err(|error| StateFileError::Corrupt(format!("it does not decompress: {error}")))?;
    Ok(body)
}

fn truncated(have: usize, want: usize) -> StateFileError {
    StateFileError::Truncated {
        have: have as u64,
        want: want as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_back_what_was_packed() {
        for body in [
            vec![],
            vec![7; 1],
            (0..200_000u32).flat_map(u32::to_be_bytes).collect(),
        ] {
            assert_eq!(unpack(&pack(&body)).unwrap(), body);
        }
    }

    #[test]
    fn every_cut_and_every_flip_is_noticed() {
        let file = pack(b"the quick brown fox");
        for end in 0..file.len() {
            assert!(unpack(&file[..end]).is_err(), "cut at {end}");
        }
        for position in 0..file.len() {
            let mut damaged = file.clone();
            damaged[position] ^= 1;
            assert!(unpack(&damaged).is_err(), "flipped {position}");
        }
        assert!(matches!(
            unpack(b"{\"accounts\":{}}"),
            Err(StateFileError::Foreign)
        ));
        assert!(matches!(unpack(b""), Err(StateFileError::Foreign)));
        assert!(matches!(
            unpack(&file[..file.len() - 1]),
            Err(StateFileError::Truncated { .. })
        ));
    }
}
