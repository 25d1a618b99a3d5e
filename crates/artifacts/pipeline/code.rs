//! The code that is stored in the account of a contract.

use brotli::enc::BrotliEncoderParams;

/// What marks a Stylus program: the prefix of a whole program, and no dictionary.
pub const PREFIX: [u8; 4] = [0xef, 0xf0, 0x00, 0x00];

/// The most bytes of code an account may have (EIP-170).
pub const MAX_CODE_BYTES: usize = 24_576;

/// The most bytes of a module after decompression that every Arbitrum chain accepts. Newer ones accept twice that.
pub const MAX_WASM_BYTES: usize = 128 * 1024;

/// The code of a module: the prefix, then the module compressed as far as brotli goes.
pub fn compress(wasm: &[u8]) -> Result<Vec<u8>, String> {
    let mut code = PREFIX.to_vec();
    let params = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: wasm.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &wasm[..], &mut code, &params)
        .map_err(|e| format!("brotli failed: {e}"))?;
    Ok(code)
}

/// Passes if an account may hold the code, and a chain decompresses it to the module.
pub fn check_sizes(wasm: &[u8], code: &[u8]) -> Result<(), String> {
    let advice = "split it, or choose another opt-level (`cargo run -p weir-artifacts --example measure-sizes`)";
    if code.len() > MAX_CODE_BYTES {
        return Err(format!(
            "its code has {} bytes, {} more than the {MAX_CODE_BYTES} that an account may hold; {advice}",
            code.len(),
            code.len() - MAX_CODE_BYTES,
        ));
    }
    if wasm.len() > MAX_WASM_BYTES {
        return Err(format!(
            "its module has {} bytes, {} more than the {MAX_WASM_BYTES} that a chain decompresses; {advice}",
            wasm.len(),
            wasm.len() - MAX_WASM_BYTES,
        ));
    }
    Ok(())
}
