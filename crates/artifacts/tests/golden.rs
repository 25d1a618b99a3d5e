//! The sizes that the repository records are those that the build yields.
//!
//! After a change that is meant to alter them: `WEIR_BLESS=1 cargo test -p weir-artifacts`.

use std::{env, fmt::Write, fs, path::Path};

#[test]
fn sizes_are_as_recorded() {
    let mut table = format!(
        "{:<12} {:>9} {:>12} {:>12}\n",
        "contract", "opt-level", "wasm bytes", "code bytes"
    );
    for contract in weir_artifacts::all() {
        let (name, level) = (contract.name, contract.opt_level);
        writeln!(
            table,
            "{name:<12} {level:>9} {:>12} {:>12}",
            contract.wasm_len,
            contract.code.len()
        )
        .unwrap();
    }
    agrees("sizes.txt", &table);
}

/// Compares with a file in `contracts/golden`, or writes it if `WEIR_BLESS` is set.
fn agrees(file: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../contracts/golden")
        .join(file);
    if env::var_os("WEIR_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, actual).unwrap();
    }
    let recorded = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        recorded, actual,
        "contracts/golden/{file} (left) is not what the build yields (right). If the change is meant, \
         run `WEIR_BLESS=1 cargo test -p weir-artifacts` and commit the file"
    );
}
