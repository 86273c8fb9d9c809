//! A new file for its owner alone, and never half of one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::base::{Exit, Problem, random_bytes};

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is there, whole.
    Done,
    /// There is one of that name already, and it was not to be replaced.
    Exists,
}

/// Writes a text into a file that only its owner can read. One that is there is replaced only
/// where that is wanted, as a whole, and only where it is an ordinary file: a link is not
/// followed.
///
/// # Errors
/// When it cannot be written; what was begun is removed.
pub fn write_file(path: &Path, text: &str, replace: bool) -> Result<Written, Problem> {
    let fill = |file: &mut File| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    match make(path, fill) {
        Ok(()) => Ok(Written::Done),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            if !is_ordinary(path) {
                return Err(Problem::new("The file was not written", Exit::Failed)
                    .because(format!("{} is a link or no ordinary file", path.display()))
                    .next("Take another name."));
            }
            if !replace {
                return Ok(Written::Exists);
            }
            let beside = beside(path).ok_or_else(|| unwritten(path, &error))?;
            make(&beside, fill)
                .and_then(|()| {
                    fs::rename(&beside, path).inspect_err(|_| drop(fs::remove_file(&beside)))
                })
                .map_err(|error| unwritten(path, &error))?;
            Ok(Written::Done)
        }
        Err(error) => Err(unwritten(path, &error)),
    }
}

/// Makes a file that is not there yet, and removes it again where it cannot be filled.
fn make(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    fill(&mut file).inspect_err(|_| drop(fs::remove_file(path)))
}

fn is_ordinary(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file())
}

/// A name beside it that nobody has.
fn beside(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let random = u64::from_ne_bytes(random_bytes::<8>().ok()?);
    Some(path.with_file_name(format!(".{name}.{random:x}.part")))
}

fn unwritten(path: &Path, error: &io::Error) -> Problem {
    Problem::new("The file was not written", Exit::Failed)
        .because(format!("{}: {error}", path.display()))
        .next("Take another name or place; `~` is your home directory.")
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_file_is_its_owners_alone_and_not_replaced_unasked() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("users.csv");
        assert_eq!(write_file(&path, "one", false), Ok(Written::Done));
        let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(write_file(&path, "two", false), Ok(Written::Exists));
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(write_file(&path, "two", true), Ok(Written::Done));
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn no_link_is_followed_and_nothing_else_is_replaced() {
        let place = tempfile::tempdir().unwrap();
        let other = place.path().join("other");
        fs::write(&other, "mine").unwrap();
        let link = place.path().join("link.csv");
        symlink(&other, &link).unwrap();
        let dangling = place.path().join("dangling.csv");
        symlink(place.path().join("nowhere"), &dangling).unwrap();
        for replace in [false, true] {
            for path in [&link, &dangling, &place.path().to_path_buf()] {
                let problem = write_file(path, "x", replace).unwrap_err();
                assert!(
                    problem.why.contains("link or no ordinary file"),
                    "{problem:?}"
                );
            }
        }
        assert_eq!(fs::read_to_string(&other).unwrap(), "mine");
        assert!(!place.path().join("nowhere").exists());
    }

    #[test]
    fn what_was_begun_and_failed_is_removed() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("users.csv");
        let failed = make(&path, |file| {
            file.write_all(b"half")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert!(failed.is_err());
        assert!(!path.exists());
        let nowhere = place.path().join("no/such/place.csv");
        let problem = write_file(&nowhere, "x", false).unwrap_err();
        assert!(problem.why.contains("place.csv"), "{problem:?}");
    }
}
