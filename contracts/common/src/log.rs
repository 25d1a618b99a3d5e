//! Events.

use alloy_sol_types::SolEvent;
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::words::{self, Data, Encode, Topics};

/// Emits an event: its indexed members in brackets, the others in braces, each in the order of their declaration.
///
/// ```ignore
/// log!(vm, Transfer [from, to] { value: amount });
/// ```
#[macro_export]
macro_rules! log {
    ($vm:expr, $event:ident [$($topic:ident $(: $topic_value:expr)?),* $(,)?] {$($member:ident $(: $value:expr)?),* $(,)?}) => {{
        #[allow(non_snake_case, reason = "a member may have the name that Solidity's style gives it")]
        let ($($topic,)* $($member,)*) = (
            $($crate::log!(@value $topic $($topic_value)?),)*
            $($crate::log!(@value $member $($value)?),)*
        );
        // Never built: that the members are those of the event is for the compiler to see.
        if false {
            let _ = $event { $($topic: $topic.clone(),)* $($member: $member.clone(),)* };
        }
        $crate::log::emit::<$event>($vm, &($crate::log::signature::<$event>(), $($topic,)*), &($($member,)*));
    }};
    (@value $name:ident) => { $name };
    (@value $name:ident $value:expr) => { $value };
}

#[doc(hidden)]
pub use weir_abi::words::signature;

#[doc(hidden)]
#[inline(always)]
pub fn emit<E: SolEvent>(vm: &VM, topics: &Topics<E>, data: &Data<E>)
where
    Topics<E>: Encode,
    Data<E>: Encode,
{
    vm.emit_log(&words::log::<E>(topics, data), topics.words());
}
