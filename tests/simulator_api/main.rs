//! The simulator over raw HTTP, as a client in another language would meet it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod checks;
mod every_fault;
mod faults;
mod handles;
mod oauth;
mod pages;
mod program;
mod raw;
mod support;
