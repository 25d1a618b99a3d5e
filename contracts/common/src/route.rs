//! From calldata to a contract's methods, by the interfaces of `weir-abi`.

use alloc::vec::Vec;

use alloy_primitives::U256;
#[doc(hidden)]
pub use alloy_sol_types::SolCall;
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{
    IShared::{BadArguments, NotPayable, UnknownSelector},
    words::{self, Answer, Decode, Parameters},
};

use crate::{Outcome, Revert};

/// Routes a call to the arm of its function, and answers what the entrypoint returns.
///
/// `implements` names the interfaces. The arms are their functions, each exactly once: one that is missing, foreign
/// or doubled, or two functions that share a selector, do not compile. Arms under `returns` yield the function's return
/// value, arms under `acts` belong to functions that return nothing; both are [`Outcome`]s. Ether is refused except by
/// functions named under `payable`. `elsewhere` names functions that another program answers for this one, by a type with
/// their `SELECTORS`, and what to do then.
///
/// Errors: `NotPayable`, `UnknownSelector`, `BadArguments` (they are not canonically encoded), and those of the arm.
#[macro_export]
macro_rules! route {
    (
        $vm:expr, $input:expr;
        implements $($calls:ty),+;
        $(elsewhere $other:ty => $forward:expr;)*
        $(payable $($paid:ty),+;)?
        $(returns { $($call:ty: $arg:pat => $value:expr,)* })?
        $(acts { $($act:ty: $act_arg:pat => $done:expr,)* })?
    ) => {{
        use $crate::route::{self, SolCall};
        const _: () = assert!(
            route::are_the_functions_of(
                &[
                    &[$($(<$call as SolCall>::SELECTOR,)*)? $($(<$act as SolCall>::SELECTOR,)*)?],
                    $(<$other>::SELECTORS,)*
                ],
                &[$(<$calls>::SELECTORS),+],
            ),
            "the arms are not exactly the functions of the interfaces",
        );
        let (selector, arguments) = route::split($input);
        let payable = false $($(|| selector == <$paid as SolCall>::SELECTOR)+)?;
        let outcome = route::accept_value($vm, payable).and_then(|()| {
            #[deny(unreachable_patterns)]
            match selector {
                $($(<$call as SolCall>::SELECTOR => route::answer(arguments, |$arg: $call| $value),)*)?
                $($(<$act as SolCall>::SELECTOR => route::act(arguments, |$act_arg: $act| $done),)*)?
                $(_ if <$other>::SELECTORS.contains(&selector) => $forward,)*
                _ => route::unknown(selector),
            }
        });
        outcome.map_err(|revert| revert.0)
    }};
}

/// Whether `parts` and `interfaces` name the same functions, none twice.
#[doc(hidden)]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "at compile time both are errors"
)]
pub const fn are_the_functions_of(parts: &[&[[u8; 4]]], interfaces: &[&[[u8; 4]]]) -> bool {
    let mut seen = 0;
    let mut p = 0;
    while p < parts.len() {
        let mut f = 0;
        while f < parts[p].len() {
            if count(parts[p][f], parts) != 1 || count(parts[p][f], interfaces) != 1 {
                return false;
            }
            seen += 1;
            f += 1;
        }
        p += 1;
    }
    let mut functions = 0;
    let mut i = 0;
    while i < interfaces.len() {
        functions += interfaces[i].len();
        i += 1;
    }
    functions == seen
}

/// How often `selector` is in `lists`.
#[expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "at compile time both are errors"
)]
const fn count(selector: [u8; 4], lists: &[&[[u8; 4]]]) -> usize {
    let mut found = 0;
    let mut i = 0;
    while i < lists.len() {
        let mut f = 0;
        while f < lists[i].len() {
            if u32::from_be_bytes(lists[i][f]) == u32::from_be_bytes(selector) {
                found += 1;
            }
            f += 1;
        }
        i += 1;
    }
    found
}

/// The selector of a call and its arguments. Calldata under four bytes has the selector zero, which `sol!` gives no
/// function.
#[doc(hidden)]
pub fn split(input: &[u8]) -> ([u8; 4], &[u8]) {
    match input.split_first_chunk() {
        Some((selector, arguments)) => (*selector, arguments),
        None => ([0; 4], &[]),
    }
}

#[doc(hidden)]
pub fn accept_value(vm: &VM, payable: bool) -> Outcome<()> {
    let value = vm.msg_value();
    if payable || value == U256::ZERO {
        Ok(())
    } else {
        Err(NotPayable { value }.into())
    }
}

#[doc(hidden)]
#[inline(always)]
pub fn answer<C: SolCall>(
    arguments: &[u8],
    method: impl FnOnce(C) -> Outcome<C::Return>,
) -> Outcome<Vec<u8>>
where
    Parameters<C>: Decode,
    C::Return: Answer,
{
    Ok(method(decode(arguments)?)?.answer())
}

#[doc(hidden)]
#[inline(always)]
pub fn act<C: SolCall>(arguments: &[u8], method: impl FnOnce(C) -> Outcome<()>) -> Outcome<Vec<u8>>
where
    Parameters<C>: Decode,
{
    method(decode(arguments)?)?;
    Ok(Vec::new())
}

#[doc(hidden)]
pub fn unknown(selector: [u8; 4]) -> Outcome<Vec<u8>> {
    Err(UnknownSelector {
        selector: selector.into(),
    }
    .into())
}

#[inline(always)]
fn decode<C: SolCall>(arguments: &[u8]) -> Outcome<C>
where
    Parameters<C>: Decode,
{
    words::arguments(arguments).ok_or_else(|| bad_arguments(C::SELECTOR))
}

#[inline(never)]
fn bad_arguments(selector: [u8; 4]) -> Revert {
    BadArguments {
        selector: selector.into(),
    }
    .into()
}
