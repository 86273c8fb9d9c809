//! Small files that a person names: keys and certificates.

use std::fs::OpenOptions;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use zeroize::Zeroizing;

/// Whose file it has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Anybody's, for anybody to read.
    Anybody,
    /// Our own, and for nobody else to read or write.
    OwnerOnly,
}

/// Why a file is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// It cannot be opened or read: what the operating system says.
    Unreadable(String),
    /// It is a directory, a pipe or a device.
    NotOrdinary,
    /// It belongs to another user of this machine.
    Owner,
    /// Others may read or write it.
    Mode,
    /// It has more bytes than such a file has.
    TooLong,
}

/// Reads a file of at most so many bytes. What is judged is the file that was opened, not its
/// name: what is checked is what is read.
///
/// # Errors
/// What is wrong with the file.
pub fn read_file(path: &Path, whose: Whose, most: u64) -> Result<Zeroizing<Vec<u8>>, FileFault> {
    use FileFault as F;
    let unreadable = |error: std::io::Error| F::Unreadable(error.to_string());
    // A pipe without a writer would wait for ever.
    let flags = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags)
        .open(path)
        .map_err(unreadable)?;
    let meta = file.metadata().map_err(unreadable)?;
    if !meta.is_file() {
        return Err(F::NotOrdinary);
    }
    if whose == Whose::OwnerOnly {
        if meta.uid() != rustix::process::geteuid().as_raw() {
            return Err(F::Owner);
        }
        if meta.mode() & 0o077 != 0 {
            return Err(F::Mode);
        }
    }
    // Room from the start: what outgrows its place would leave a copy behind.
    let room = usize::try_from(meta.len().min(most) + 1).unwrap_or_default();
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > most {
        return Err(F::TooLong);
    }
    Ok(bytes)
}
