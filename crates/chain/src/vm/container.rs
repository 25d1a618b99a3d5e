//! The code of a Stylus contract: wasm compressed by brotli, behind a prefix and a dictionary byte.
//!
//! A program too long for one contract is cut into fragments, each in a contract of its own, and a root that lists
//! them. Only the first form and the root are entered as programs.

use alloy_primitives::{Address, Bytes};
use brotli::{BrotliDecompressStream, BrotliResult, BrotliState, enc::StandardAlloc};

use super::wasm::ActivationError;

/// Begins the code of a program that is whole.
const WHOLE: [u8; 3] = [0xEF, 0xF0, 0x00];
/// Begins a part of a compressed program.
const FRAGMENT: [u8; 3] = [0xEF, 0xF0, 0x01];
/// Begins a list of fragments.
const ROOT: [u8; 3] = [0xEF, 0xF0, 0x02];

/// The longest wasm, in bytes. Nitro `params.go`, `initialMaxWasmSize`.
pub const MAX_WASM_BYTES: usize = 128 * 1024;
/// The most fragments of a program. Nitro `params.go`, `initialMaxFragmentCount`.
pub const MAX_FRAGMENTS: usize = 2;

/// A program in fragments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    dictionary: u8,
    wasm_len: usize,
    /// The contracts that hold the fragments, in order.
    pub(crate) fragments: Vec<Address>,
}

/// Whether `code` is entered as a program rather than run as EVM opcodes.
pub fn is_program(code: &[u8]) -> bool {
    begins(code, WHOLE) || begins(code, ROOT)
}

/// Whether code that begins with 0xEF may be created (EIP-3541 forbids the rest).
pub(crate) fn may_be_created(code: &[u8]) -> bool {
    is_program(code) || begins(code, FRAGMENT)
}

// Something must follow the prefix.
fn begins(code: &[u8], prefix: [u8; 3]) -> bool {
    code.len() > prefix.len() && code.starts_with(&prefix)
}

/// The wasm in the code of a program that is whole.
///
/// # Errors
/// The code is not such a program, uses an unknown dictionary, or does not decompress to at most [`MAX_WASM_BYTES`].
pub fn open(code: &[u8]) -> Result<Vec<u8>, ActivationError> {
    if !begins(code, WHOLE) {
        return Err(refused("it does not begin with 0xEFF000"));
    }
    let (dictionary, payload) = code[WHOLE.len()..].split_at(1);
    decompress(dictionary[0], payload, MAX_WASM_BYTES)
}

impl Root {
    /// Reads the code of a root; none if it is no root at all.
    pub(crate) fn read(code: &[u8]) -> Option<Result<Self, ActivationError>> {
        begins(code, ROOT).then(|| Self::parse(&code[ROOT.len()..]))
    }

    fn parse(body: &[u8]) -> Result<Self, ActivationError> {
        let Some(([dictionary, len @ ..], addresses)) = body.split_first_chunk::<5>() else {
            return Err(refused("the root is cut short"));
        };
        let wasm_len = u32::from_be_bytes(*len) as usize;
        if wasm_len > MAX_WASM_BYTES {
            return Err(ActivationError::limit(
                "bytes of wasm",
                wasm_len,
                MAX_WASM_BYTES,
            ));
        }
        if addresses.len() % 20 != 0 {
            return Err(refused("the root ends within an address"));
        }
        let fragments: Vec<Address> = addresses
            .chunks_exact(20)
            .map(Address::from_slice)
            .collect();
        if fragments.is_empty() {
            return Err(refused("the root lists no fragments"));
        }
        if fragments.len() > MAX_FRAGMENTS {
            return Err(ActivationError::limit(
                "fragments",
                fragments.len(),
                MAX_FRAGMENTS,
            ));
        }
        Ok(Self {
            dictionary: *dictionary,
            wasm_len,
            fragments,
        })
    }

    /// The wasm, from the codes of the fragments in order.
    pub(crate) fn open(&self, codes: &[Bytes]) -> Result<Vec<u8>, ActivationError> {
        let mut payload = Vec::new();
        for code in codes {
            if !begins(code, FRAGMENT) {
                return Err(refused("a listed contract does not begin with 0xEFF001"));
            }
            payload.extend(&code[FRAGMENT.len()..]);
        }
        let wasm = decompress(self.dictionary, &payload, self.wasm_len)?;
        if wasm.len() == self.wasm_len {
            Ok(wasm)
        } else {
            Err(refused("the fragments are not as long as the root says"))
        }
    }
}

fn refused(why: &str) -> ActivationError {
    ActivationError::Container(why.to_owned())
}

// As Nitro: the stream must end within the limit; bytes after its end are ignored.
fn decompress(dictionary: u8, input: &[u8], limit: usize) -> Result<Vec<u8>, ActivationError> {
    match dictionary {
        0 => {}
        1 => {
            return Err(refused(
                "it is compressed with the Stylus dictionary, which this chain does not carry; use none",
            ));
        }
        other => return Err(refused(&format!("there is no dictionary {other}"))),
    }
    let mut output = vec![0; limit];
    let mut state = BrotliState::new(
        StandardAlloc::default(),
        StandardAlloc::default(),
        StandardAlloc::default(),
    );
    let (mut in_left, mut in_at, mut out_left, mut out_at, mut total) =
        (input.len(), 0, output.len(), 0, 0);
    match BrotliDecompressStream(
        &mut in_left,
        &mut in_at,
        input,
        &mut out_left,
        &mut out_at,
        &mut output,
        &mut total,
        &mut state,
    ) {
        BrotliResult::ResultSuccess => {
            output.truncate(out_at);
            Ok(output)
        }
        _ => Err(refused(&format!(
            "it is not brotli data of at most {limit} bytes"
        ))),
    }
}
