//! The code of a Stylus contract: a prefix, a dictionary byte and wasm compressed by brotli.

use brotli::{BrotliDecompressStream, BrotliResult, BrotliState, enc::StandardAlloc};

use super::wasm::ActivationError;

/// Begins the code of a program.
const PROGRAM: [u8; 3] = [0xEF, 0xF0, 0x00];
/// The longest wasm, in bytes. Nitro `params.go`, `initialMaxWasmSize`.
pub const MAX_WASM_BYTES: usize = 128 * 1024;

/// Whether `code` is entered as a program rather than run as EVM opcodes.
pub fn is_program(code: &[u8]) -> bool {
    code.len() > PROGRAM.len() && code.starts_with(&PROGRAM)
}

/// Whether code that begins with 0xEF may be created (EIP-3541 forbids the rest).
pub(crate) fn may_be_created(code: &[u8]) -> bool {
    is_program(code)
}

/// The wasm in the code of a program.
///
/// # Errors
/// The code is not a program, uses an unknown dictionary, or does not decompress to at most [`MAX_WASM_BYTES`].
pub fn open(code: &[u8]) -> Result<Vec<u8>, ActivationError> {
    let error = |why: &str| ActivationError::Container(why.to_owned());
    if !is_program(code) {
        return Err(error("it does not begin with 0xEFF000"));
    }
    let (dictionary, payload) = match code.get(PROGRAM.len()..) {
        Some([dictionary, payload @ ..]) => (*dictionary, payload),
        _ => return Err(error("it is empty")),
    };
    match dictionary {
        0 => decompress(payload).ok_or_else(|| {
            ActivationError::Container(format!(
                "it is not brotli data of at most {MAX_WASM_BYTES} bytes"
            ))
        }),
        1 => Err(error(
            "it is compressed with the Stylus dictionary, which this chain does not carry; use none",
        )),
        other => Err(ActivationError::Container(format!(
            "there is no dictionary {other}"
        ))),
    }
}

// As Nitro: the stream must end within the limit; bytes after its end are ignored.
fn decompress(input: &[u8]) -> Option<Vec<u8>> {
    let mut output = vec![0; MAX_WASM_BYTES];
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
            Some(output)
        }
        _ => None,
    }
}
