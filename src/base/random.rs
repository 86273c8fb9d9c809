//! Random bytes from the operating system.

use getrandom::rand_core::TryRng;

use super::{Exit, Problem};

/// `N` random bytes.
///
/// # Errors
/// When the operating system has none to give; there is no weaker source to fall back to.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    getrandom::SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| {
            Problem::new("No random numbers could be had", Exit::Failed)
                .because(format!("the operating system's generator failed: {error}"))
                .next("Check that /dev/urandom is there, then try again.")
        })?;
    Ok(bytes)
}
