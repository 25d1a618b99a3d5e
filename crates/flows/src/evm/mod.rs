//! EVM contracts of the world around the protocol: rate sources, tokens with manners of their own, contracts that answer as told, a
//! reader of views.

mod answering;
mod asm;
mod source;
mod token;
mod viewer;

pub use answering::{Answer, answering};
pub use asm::{Asm, op};
pub use source::{ANSWER_SLOT, Source, source};
pub use token::{Manner, token};
pub use viewer::viewer;
