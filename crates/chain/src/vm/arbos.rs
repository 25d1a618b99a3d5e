//! The storage of the ArbOS state account.

use alloy_primitives::{Address, Bytes, U256, address};
use revm::{
    Database, context::JournalTr, context_interface::journaled_state::account::JournaledAccountTr,
};

use super::evm::Ctx;

/// The account in whose storage the chain keeps its own state.
pub const ARBOS_STATE: Address = address!("0xA4B05FffffFffFFFFfFFfffFfffFFfffFfFfFFFf");

/// Reads a slot. It stays as cold or warm as it was: what the chain reads is no access of the transaction.
pub(crate) fn load<DB: Database>(ctx: &mut Ctx<DB>, slot: U256) -> Result<U256, DB::Error> {
    let (db, state) = ctx.journaled_state.db_and_state_mut();
    let known = state
        .get(&ARBOS_STATE)
        .and_then(|account| account.storage.get(&slot));
    match known {
        Some(known) => Ok(known.present_value),
        None => db.storage(ARBOS_STATE, slot),
    }
}

/// Writes a slot, in the journal, so that it is reverted with the frame.
pub(crate) fn store<DB: Database>(
    ctx: &mut Ctx<DB>,
    slot: U256,
    value: U256,
) -> Result<(), DB::Error> {
    let journal = &mut ctx.journaled_state;
    {
        let mut account = journal.load_account_mut(ARBOS_STATE)?;
        // An account without nonce, balance and code would be cleared away, and its storage with it.
        if account.nonce() == 0 {
            account.set_nonce(1);
        }
        account.touch();
    }
    journal.sstore(ARBOS_STATE, slot, value)?;
    Ok(())
}

/// Reads the code of an account. It stays as cold or warm as it was.
pub(crate) fn code<DB: Database>(ctx: &mut Ctx<DB>, at: Address) -> Result<Bytes, DB::Error> {
    let (db, state) = ctx.journaled_state.db_and_state_mut();
    let info = match state.get(&at) {
        Some(account) => Some(account.info.clone()),
        None => db.basic(at)?,
    };
    let Some(info) = info else {
        return Ok(Bytes::new());
    };
    let code = match info.code {
        Some(code) => code,
        None => db.code_by_hash(info.code_hash)?,
    };
    Ok(code.original_bytes())
}
