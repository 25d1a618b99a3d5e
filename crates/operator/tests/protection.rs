//! What was about to be signed binds, whatever happens after.

use std::fs;

use alloy::primitives::{Address, B256};
use weir_operator::{Protection, ProtectionError};

const CONTRACT: Address = Address::repeat_byte(1);
const OPERATOR: Address = Address::repeat_byte(2);
const A: B256 = B256::repeat_byte(0xa);
const B: B256 = B256::repeat_byte(0xb);

fn claim(protection: &mut Protection, height: u64, payload: B256) -> Result<(), ProtectionError> {
    protection.claim(1, CONTRACT, OPERATOR, height, payload)
}

#[test]
fn what_was_written_binds_after_a_crash_before_signing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("signed.json");
    // The daemon dies here: written, and nobody knows whether it was signed.
    claim(&mut Protection::open(&path).unwrap(), 7, A).unwrap();

    let mut protection = Protection::open(&path).unwrap();
    let refused = claim(&mut protection, 7, B);
    assert!(matches!(
        refused,
        Err(ProtectionError::Conflict { height: 7, .. })
    ));
    let refused = claim(&mut protection, 6, A);
    assert!(matches!(
        refused,
        Err(ProtectionError::Past { last: 7, .. })
    ));
    // The same again is no equivocation, and what comes later is free.
    claim(&mut protection, 7, A).unwrap();
    claim(&mut protection, 8, B).unwrap();
    assert_eq!(protection.last_height(1, CONTRACT, OPERATOR), Some(8));
}

#[test]
fn contracts_chains_and_operators_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let mut protection = Protection::open(&folder.path().join("signed.json")).unwrap();
    claim(&mut protection, 7, A).unwrap();
    protection.claim(2, CONTRACT, OPERATOR, 7, B).unwrap();
    protection.claim(1, OPERATOR, OPERATOR, 7, B).unwrap();
    protection.claim(1, CONTRACT, CONTRACT, 3, B).unwrap();
}

#[test]
fn one_daemon_has_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("signed.json");
    let first = Protection::open(&path).unwrap();
    let second = Protection::open(&path);
    assert!(matches!(second, Err(ProtectionError::Locked { .. })));
    drop(first);
    Protection::open(&path).unwrap();
}

#[test]
fn a_torn_write_leaves_the_old_file_and_a_damaged_file_stops_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("signed.json");
    claim(&mut Protection::open(&path).unwrap(), 7, A).unwrap();
    // Killed while writing the next: the new file is torn and not in place.
    fs::write(folder.path().join("signed.json.new"), "{\"1/").unwrap();
    let mut protection = Protection::open(&path).unwrap();
    assert!(claim(&mut protection, 7, B).is_err());
    drop(protection);
    fs::write(&path, "{\"1/").unwrap();
    let damaged = Protection::open(&path);
    assert!(matches!(damaged, Err(ProtectionError::File { .. })));
}

#[test]
fn a_disk_that_does_not_take_it_means_no_signature() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("below/signed.json");
    let mut protection = Protection::open(&path).unwrap();
    fs::remove_dir_all(folder.path().join("below")).unwrap();
    let refused = claim(&mut protection, 7, A);
    assert!(matches!(refused, Err(ProtectionError::File { .. })));
    assert_eq!(protection.last_height(1, CONTRACT, OPERATOR), None);
}
