//! Every way the store can fail.

use std::io;
use std::path::{Path, PathBuf};

use super::SlotKind;
use crate::base::{Exit, Problem};

/// Why a store could not be made, opened, read or written. No variant holds a key or a value
/// from the store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A file or directory could not be read or written.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// Which one.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// `SQLite` reported an error.
    #[error("the database reported an error: {0}")]
    Sql(#[source] rusqlite::Error),
    /// Another process wrote for longer than the five seconds we wait.
    #[error("the store is in use by another process")]
    Busy,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// The `SQLite` that was linked does not encrypt.
    #[error("the database library does not encrypt")]
    NotEncrypted,
    /// A store is already there.
    #[error("there is already a store at {path}", path = .0.display())]
    Exists(PathBuf),
    /// Neither store nor sidecar is there.
    #[error("there is no store at {path}", path = .0.display())]
    Missing(PathBuf),
    /// The database is there, its sidecar is not.
    #[error("{path}, which holds the store's key, is missing", path = .0.display())]
    NoSidecar(PathBuf),
    /// The sidecar is there, its database is not.
    #[error("{path} is missing, only its key is there", path = .0.display())]
    NoDatabase(PathBuf),
    /// The sidecar is not as it was written.
    #[error("{path}, which holds the store's key, is damaged", path = .0.display())]
    DamagedSidecar(PathBuf),
    /// The sidecar or the schema is of a later version of this program.
    #[error("{path} was written by a later version of bunq-tui", path = path.display())]
    Newer {
        /// Which file.
        path: PathBuf,
        /// The version it has.
        found: u32,
        /// The latest version that we know.
        known: u32,
    },
    /// The file is no database under this key, or its pages are damaged.
    #[error("the store is damaged")]
    Damaged,
    /// The database is one of another program, or of another sidecar.
    #[error("this is not the store that the key belongs to")]
    Foreign,
    /// The store has no slot of this kind.
    #[error("the store cannot be unlocked by {0}")]
    NoSuchSlot(SlotKind),
    /// The passphrase or key file is not the right one.
    #[error("the {0} is not the one that the store was made with")]
    WrongKey(SlotKind),
    /// The store has a slot of this kind, and its key is needed to wrap the data key anew.
    #[error("its {0} is needed too, and was not given")]
    KeyNotGiven(SlotKind),
    /// A passphrase without a character.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// The only slot left is not taken away.
    #[error("it is the only way to unlock the store")]
    LastSlot,
    /// The key file is not what it has to be.
    #[error("the key file {path} {fault}", path = path.display())]
    KeyFile {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        fault: KeyFileFault,
    },
    /// The keyring of the operating system does not give or keep the key.
    #[error("{0}")]
    Keyring(#[from] KeyringFault),
    /// A file or directory belongs to somebody else.
    #[error("{path} belongs to another user of this machine", path = .0.display())]
    Owner(PathBuf),
    /// Something else stands where a file or directory should.
    #[error("{path} is a link or no ordinary file", path = .0.display())]
    NotOrdinary(PathBuf),
    /// The random generator failed.
    #[error("no random numbers could be had")]
    Random(#[source] Problem),
    /// A stored value is not of its form.
    #[error("a stored value cannot be read ({0})")]
    Value(&'static str),
    /// A step was finished that had not begun.
    #[error("the setup step `{0}` was never begun")]
    UnknownStep(String),
    /// There is no user of that number.
    #[error("there is no user {0}")]
    UnknownUser(crate::base::UserNumber),
}

/// What is wrong with a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileFault {
    /// It is not there, or may not be read.
    #[error("cannot be read")]
    Unreadable,
    /// It is a directory, pipe or device.
    #[error("is not a regular file")]
    NotRegular,
    /// It belongs to somebody else.
    #[error("belongs to another user")]
    Owner,
    /// Others may read or write it.
    #[error("can be read or written by others")]
    Mode,
    /// It does not hold 64 hexadecimal characters.
    #[error("does not hold 64 hexadecimal characters")]
    Content,
}

/// What keeps the keyring of the operating system from being used. It holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyringFault {
    /// There is no session bus to find a keyring on.
    #[error("no session bus can be reached here, and the keyring is found through it")]
    NoBus,
    /// The session bus knows no keyring.
    #[error("no keyring service runs in this session")]
    NoService,
    /// The service is there, but holds no default keyring.
    #[error("the keyring service has no default keyring yet")]
    NoKeyring,
    /// It is locked, and was not unlocked.
    #[error("the keyring is locked")]
    Locked,
    /// It is locked, and its question for the password was answered with no.
    #[error("the keyring is locked, and its question was dismissed or could not be shown")]
    Denied,
    /// The session bus does not let us.
    #[error("a rule of the session bus forbids to use the keyring")]
    Forbidden,
    /// It did not answer in so many seconds.
    #[error("the keyring gave no answer in {0} s; it may be waiting for its password in a window")]
    Silent(u64),
    /// There is no such entry.
    #[error("the keyring no longer has the entry with the store's key")]
    Lost,
    /// The entry is not what we kept.
    #[error("the keyring's entry is not the one that this program kept")]
    Changed,
    /// Something that no other variant describes.
    #[error("the keyring reported an error: {0}")]
    Failed(String),
}

/// What is said of a store that the right key would open.
pub const STAYS_LOCKED: &str = "The store stays locked";

impl StoreError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull => Self::Full,
            _ => Self::Io { path, source },
        }
    }

    /// Whether a right passphrase or key file would help.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        matches!(
            self,
            Self::WrongKey(_)
                | Self::NoSuchSlot(_)
                | Self::EmptyPassphrase
                | Self::KeyFile { .. }
                | Self::Keyring(_)
                | Self::KeyNotGiven(_)
        )
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Missing(_) => Exit::NotReady,
            Self::Busy => Exit::TryLater,
            locked if locked.is_locked() => Exit::NotReady,
            _ => Exit::Failed,
        }
    }

    fn what(&self) -> &'static str {
        match self {
            Self::Exists(_) => "The store was not made",
            Self::LastSlot => "The key was not taken away",
            Self::KeyNotGiven(_) => "The store keeps its data key",
            locked if locked.is_locked() => STAYS_LOCKED,
            Self::Sql(_) | Self::Busy | Self::Full | Self::Value(_) => {
                "The store could not be read or written"
            }
            Self::UnknownStep(_) | Self::UnknownUser(_) => "That is not in the store",
            _ => "The store could not be opened",
        }
    }

    fn next(&self) -> String {
        const RELINK: &str = "Everything in it can be had from the bank again: move both files \
                              away, set up, and connect your users once more.";
        match self {
            Self::Io { .. } => "Check that the directory exists and is yours.".into(),
            Self::Sql(_) | Self::Value(_) => {
                "Try again. If it goes on, move both files of the store away and set up again."
                    .into()
            }
            Self::Busy => "Wait for the other bunq-tui to finish, then try again.".into(),
            Self::Full => "Make room on the disk, then try again.".into(),
            Self::NotEncrypted => {
                "Use a build that has SQLCipher in it; nothing was written.".into()
            }
            Self::Exists(_) => "Open it, or name another --profile.".into(),
            Self::Missing(_) => "Run `bunq-tui setup`.".into(),
            Self::NoSidecar(_) => {
                format!(
                    "Put it back from your backup; without it nobody can read the store. {RELINK}"
                )
            }
            Self::NoDatabase(path) => format!(
                "Put the store back from your backup. If it is gone for good, remove {}.slots and \
                 set up again.",
                path.display()
            ),
            Self::DamagedSidecar(_) | Self::Damaged | Self::Foreign => {
                format!("Put both files back from the same backup. {RELINK}")
            }
            Self::Newer { .. } => "Use that version, or a later one.".into(),
            Self::NoSuchSlot(kind) => no_slot_next(*kind).into(),
            Self::WrongKey(SlotKind::Keyring) => keyring_next(&KeyringFault::Changed),
            Self::Keyring(fault) => keyring_next(fault),
            Self::WrongKey(SlotKind::Passphrase) => "Type it again; capitals count.".into(),
            Self::WrongKey(SlotKind::KeyFile) => {
                "Name the right one with --key-file or BUNQ_TUI_KEY_FILE.".into()
            }
            Self::KeyNotGiven(kind) => format!(
                "Give it as well, or first run `bunq-tui vault remove-slot {}`.",
                kind.word()
            ),
            Self::EmptyPassphrase => {
                "Type at least one character; a short sentence is good.".into()
            }
            Self::LastSlot => "Add another key first.".into(),
            Self::KeyFile { path, fault } => key_file_next(path, *fault),
            Self::Owner(path) | Self::NotOrdinary(path) => {
                format!("Name another --data-dir, or move {} away.", path.display())
            }
            Self::Random(problem) => problem.next.clone(),
            Self::UnknownStep(_) => String::new(),
            Self::UnknownUser(_) => "`bunq-tui users` lists them.".into(),
        }
    }
}

fn no_slot_next(kind: SlotKind) -> &'static str {
    match kind {
        SlotKind::KeyFile => {
            "Unlock it with its passphrase: leave the key file out, at a terminal."
        }
        SlotKind::Passphrase => "Name its key file with --key-file or BUNQ_TUI_KEY_FILE.",
        SlotKind::Keyring => "Unlock it as it was set up; `bunq-tui vault status` says how.",
    }
}

/// What mends the keyring; the ways around it are told by whoever knows the other slots.
fn keyring_next(fault: &KeyringFault) -> String {
    use KeyringFault as F;
    match fault {
        F::NoBus | F::NoService => {
            "Run it in your desktop's session, where a keyring service is (GNOME Keyring, KWallet \
             or KeePassXC)."
        }
        F::NoKeyring => "Make a default keyring in your keyring manager, then try again.",
        F::Locked | F::Denied | F::Silent(_) => {
            "Unlock the keyring in your desktop's keyring manager, then try again."
        }
        F::Forbidden => "Ask whoever made the rule, or run it outside of the sandbox that it is for.",
        F::Lost | F::Changed => {
            "Put the entry back from a backup of the keyring, and log in as the same user. If it is \
             gone for good and there is no other way in, move both files of the store away and \
             set up again: everything in it can be had from the bank."
        }
        F::Failed(_) => "Look at the keyring in your desktop's keyring manager, then try again.",
    }
    .into()
}

fn key_file_next(path: &Path, fault: KeyFileFault) -> String {
    match fault {
        KeyFileFault::Mode => format!("Run: chmod 600 {}", path.display()),
        KeyFileFault::Owner => "Use a key file that is your own.".into(),
        KeyFileFault::Unreadable | KeyFileFault::NotRegular => {
            "Name the right one with --key-file or BUNQ_TUI_KEY_FILE.".into()
        }
        KeyFileFault::Content => {
            "A new one is made by: (umask 077; openssl rand -hex 32 > FILE)".into()
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as C;
        // The file of shared memory could not grow.
        let code = error.sqlite_error().map(|error| error.extended_code);
        if code == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
            return Self::Full;
        }
        match error.sqlite_error_code() {
            Some(C::DatabaseBusy | C::DatabaseLocked) => Self::Busy,
            Some(C::DiskFull) => Self::Full,
            Some(C::NotADatabase | C::DatabaseCorrupt) => Self::Damaged,
            _ => Self::Sql(error),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::new(error.what(), error.exit())
            .because(error.to_string())
            .next(error.next())
    }
}
