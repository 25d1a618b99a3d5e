//! Lets a contract take tokens, by an approval where it may not yet.

use alloy::primitives::{Address, U256};
use weir_abi::IErc20;

use crate::amount::exact;
use crate::connect::Moment;
use crate::failure::Result;
use crate::transact::{Call, Caller};

/// The approval of exactly `amount` that `spender` lacks to take it; none if it may already.
pub async fn missing(
    now: &Moment<'_>,
    caller: &Caller,
    token: Address,
    spender: Address,
    amount: U256,
) -> Result<Option<Call<IErc20::approveCall>>> {
    let owner = caller.address();
    let allowance = now
        .ask(token, IErc20::allowanceCall { owner, spender })
        .await?;
    if allowance >= amount {
        return Ok(None);
    }
    let call = IErc20::approveCall {
        spender,
        value: amount,
    };
    let call = Call::new(token, call)
        .arg("spender", now.client.name_of(spender))
        .arg("value", exact(amount));
    Ok(Some(call))
}
