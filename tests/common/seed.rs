//! The seed of a test that draws: the same each time, so that a gate that failed can be repeated,
//! unless another is asked for.

/// The seed, printed.
pub(crate) fn seed() -> u64 {
    let asked = std::env::var("BUNQ_TUI_TEST_SEED").ok();
    let seed = match asked.as_deref() {
        None => 20_261_124,
        Some("random") => {
            let mut bytes = [0; 8];
            getrandom::fill(&mut bytes).unwrap();
            u64::from_le_bytes(bytes)
        }
        Some(number) => number.parse().unwrap(),
    };
    println!("BUNQ_TUI_TEST_SEED={seed}");
    seed
}
