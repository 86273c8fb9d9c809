//! The bank's bad days, on request: what can go wrong (`kind`), how it is written (`parse`, `table`),
//! when it happens (`plan`), what it does to the call (`effect`) and to the connection (`wire`).

mod effect;
mod kind;
mod parse;
mod plan;
mod table;
mod wire;

pub use kind::{FaultKind, RetryAfter};
pub use parse::WrongFault;
pub use plan::Fault;
pub use table::FaultName;

pub(super) use effect::{after, before, sign};
pub(super) use plan::Faults;
pub(super) use wire::Wire;
