//! The thin binary: parse, start, exit code.
fn main() {}
