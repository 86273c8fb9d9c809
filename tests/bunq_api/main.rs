//! The client against a bank of a few lines, over real HTTP on loopback.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod bank;
mod documents;
mod failures;
mod wire;
