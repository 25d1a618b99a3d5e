//! The memory of programs is reserved in terabytes of addresses, which an engine that is gone must not hold.
//!
//! One test alone in its file, since it looks at its whole process.

#![cfg(target_os = "linux")]

use std::fs;

use weir_chain::vm::{Vm, VmConfig};

const TERABYTE_PAGES: u64 = (1 << 40) / 4_096;

/// Pages of addresses that the process has reserved.
fn reserved_pages() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').next().unwrap().parse().unwrap()
}

#[test]
fn dropping_the_last_engine_frees_its_addresses() {
    let dir = tempfile::tempdir().unwrap();
    let cfg = VmConfig {
        native_code_dir: Some(dir.path().to_path_buf()),
        ..Default::default()
    };
    let before = reserved_pages();
    let vm = Vm::new(cfg).unwrap();
    let clone = vm.clone();
    assert!(reserved_pages() > before + TERABYTE_PAGES);
    drop(vm);
    assert!(
        reserved_pages() > before + TERABYTE_PAGES,
        "the clone still needs it"
    );
    drop(clone);
    assert!(reserved_pages() < before + TERABYTE_PAGES);
}
