//! With what a store is opened: what was given, what it was made with, what a person types. What
//! it was made with is never switched by itself.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

use super::arguments::UnlockWith;
use super::{hidden, output};
use crate::base::{Exit, Problem, Secret};
use crate::workspace::{
    self, Lock, Profile, SHORTEST_PASSPHRASE, Settings, SlotKind, StoreKey, Workspace,
};

/// How long the keyring is waited for where nobody could answer its question.
pub(super) const ALONE: Duration = Duration::from_secs(5);
/// After how long a person is told what is waited for.
const TOLD_AFTER: Duration = Duration::from_secs(1);

/// Whether somebody is there to be asked.
pub(super) fn can_type() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// The key of a store that is to be made.
pub(super) async fn first_key(
    asked: Option<UnlockWith>,
    key_file: Option<&PathBuf>,
) -> Result<StoreKey, Problem> {
    match (asked, key_file) {
        (None | Some(UnlockWith::KeyFile), Some(file)) => Ok(StoreKey::File(file.clone())),
        (Some(UnlockWith::KeyFile), None) => {
            Err(Problem::new("The store was not made", Exit::NotReady)
                .because("it is to be opened with a key file, and none was named")
                .next(format!(
                    "Add --key-file FILE (or BUNQ_TUI_KEY_FILE). {MAKE_KEY_FILE}"
                )))
        }
        (Some(UnlockWith::Keyring), _) => {
            probe().await?;
            Ok(StoreKey::Keyring)
        }
        (Some(UnlockWith::Passphrase), _) if can_type() => new_passphrase(),
        (None, None) if can_type() => choose().await,
        (Some(UnlockWith::Passphrase) | None, _) => Err(no_way_in()),
    }
}

/// The key of a store that is there: of the kind that was asked for, else the key file that was
/// given, else the keyring, else a passphrase.
pub(super) fn recorded_key(
    lock: &Lock,
    asked: Option<SlotKind>,
    key_file: Option<&PathBuf>,
) -> Result<StoreKey, Problem> {
    let has = |kind| lock.has(kind) && asked.is_none_or(|asked| asked == kind);
    if let Some(file) = key_file.filter(|_| has(SlotKind::KeyFile)) {
        return Ok(StoreKey::File(file.clone()));
    }
    if has(SlotKind::Keyring) {
        return Ok(StoreKey::Keyring);
    }
    if has(SlotKind::Passphrase) {
        if can_type() {
            return ask("Passphrase of the store: ").map(StoreKey::Passphrase);
        }
        return Err(needs_passphrase(lock));
    }
    if has(SlotKind::KeyFile) {
        return Err(needs_key_file());
    }
    let kind = asked.unwrap_or(SlotKind::Passphrase);
    Err(Problem::new(
        format!("The store does not open with a {kind}"),
        Exit::Usage,
    )
    .because("it was made otherwise, and is not switched by itself")
    .next(format!(
        "Run it without --unlock-with, or add the {kind} first: `bunq-tui vault add-slot {}`.",
        kind.word()
    )))
}

/// Opens a store that is there, or makes it with this key.
pub(super) async fn open(
    profile: Profile,
    key: StoreKey,
    settings: &Settings,
) -> Result<Workspace, Problem> {
    let settings = settings.clone();
    let keyring = key == StoreKey::Keyring;
    aside(keyring, move || Workspace::open(profile, &key, settings)).await
}

/// Opens a store that is there. Where the keyring fails that is told, and only then a person is
/// asked for the passphrase, if the store has one.
pub(super) async fn open_existing(
    profile: Profile,
    lock: &Lock,
    asked: Option<SlotKind>,
    key_file: Option<&PathBuf>,
    settings: &Settings,
) -> Result<Workspace, Problem> {
    let key = recorded_key(lock, asked, key_file)?;
    let by_keyring = key == StoreKey::Keyring;
    match open(profile.clone(), key, settings).await {
        Err(problem) if by_keyring && workspace::is_locked(&problem) => {
            let passphrase = ask_instead(problem, lock, asked)?;
            open(profile, passphrase, settings).await
        }
        opened => opened,
    }
}

/// The key with which a store that is there is changed. The keyring is tried first; where it
/// fails, it goes on as in [`open_existing`].
pub(super) async fn changing_key(
    profile: &Profile,
    lock: &Lock,
    key_file: Option<&PathBuf>,
    settings: &Settings,
) -> Result<StoreKey, Problem> {
    let key = recorded_key(lock, None, key_file)?;
    if key != StoreKey::Keyring {
        return Ok(key);
    }
    let (profile, settings) = (profile.clone(), settings.clone());
    match aside(true, move || profile.try_key(&StoreKey::Keyring, &settings)).await {
        Err(problem) if workspace::is_locked(&problem) => ask_instead(problem, lock, None),
        tried => tried.map(|()| key),
    }
}

/// Where the keyring failed: says so, and asks for the passphrase, if that is another way.
fn ask_instead(
    problem: Problem,
    lock: &Lock,
    asked: Option<SlotKind>,
) -> Result<StoreKey, Problem> {
    if asked.is_some() || !lock.has(SlotKind::Passphrase) || !can_type() {
        return Err(other_ways(problem, lock));
    }
    output::message(&problem.to_string());
    output::message("The store has a passphrase too; this one time it can be used instead.");
    ask("Passphrase of the store: ").map(StoreKey::Passphrase)
}

/// What else opens the store, beside what failed.
fn other_ways(mut problem: Problem, lock: &Lock) -> Problem {
    if lock.has(SlotKind::Passphrase) {
        problem.next += " Or run it at a terminal, and type the store's passphrase.";
    }
    if lock.has(SlotKind::KeyFile) {
        problem.next += " Or give the store's key file with --key-file FILE or BUNQ_TUI_KEY_FILE.";
    }
    problem
}

/// Does slow work off the loop; whoever waits for the keyring is told so.
pub(super) async fn aside<T: Send + 'static>(
    keyring: bool,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let broken = |_| Problem::new("The work on the store broke off", Exit::Failed);
    let mut work = tokio::task::spawn_blocking(work);
    if keyring && can_type() {
        tokio::select! {
            done = &mut work => return done.map_err(broken)?,
            () = tokio::time::sleep(TOLD_AFTER) => output::message(
                "Waiting for the keyring; it may ask for its password in a window of its own.",
            ),
        }
    }
    work.await.map_err(broken)?
}

/// Tries the keyring out.
pub(super) async fn probe() -> Result<(), Problem> {
    aside(false, || {
        workspace::probe_keyring().map_err(|mut problem| {
            problem.exit = Exit::NotReady;
            problem
        })
    })
    .await
}

async fn choose() -> Result<StoreKey, Problem> {
    if let Err(problem) = probe().await {
        output::message(&format!("{}: {}.", problem.what, problem.why));
        return new_passphrase();
    }
    output::message(
        "What is stored on this machine is encrypted. How shall it be opened?\n  \
         1  by the keyring of this system: with your login, nothing to type (default)\n  \
         2  by a passphrase: typed at every start",
    );
    loop {
        // With standard error gone there is nobody to ask, and no answer comes.
        let _ = write!(io::stderr(), "1 or 2 [1]: ");
        let _ = io::stderr().flush();
        let mut answer = String::new();
        let read = io::stdin().lock().read_line(&mut answer);
        if !read.is_ok_and(|bytes| bytes > 0) {
            output::message("");
            return Err(Problem::new("The store was not made", Exit::NotReady)
                .because("nothing was chosen")
                .next("Run it again."));
        }
        match answer.trim() {
            "" | "1" => return Ok(StoreKey::Keyring),
            "2" => return new_passphrase(),
            _ => {}
        }
    }
}

/// Asks for a new passphrase twice, and says how good it is.
pub(super) fn new_passphrase() -> Result<StoreKey, Problem> {
    output::message("Choose a passphrase for the store on this machine; it cannot be recovered.");
    let first = ask("New passphrase: ")?;
    settle_on(first)
}

/// The same, unless nothing is typed: then the present one stays.
pub(super) fn perhaps_new_passphrase(present: &Secret) -> Result<StoreKey, Problem> {
    let first = ask("New passphrase (Enter keeps the present one): ")?;
    if first.is_empty() {
        return Ok(StoreKey::Passphrase(present.clone()));
    }
    settle_on(first)
}

fn settle_on(first: Secret) -> Result<StoreKey, Problem> {
    if first.expose().chars().count() < SHORTEST_PASSPHRASE {
        return Err(Problem::new("The passphrase is too short", Exit::NotReady)
            .because(format!(
                "it has fewer than {SHORTEST_PASSPHRASE} characters"
            ))
            .next("Choose a longer one, such as four unrelated words."));
    }
    output::message(&workspace::passphrase_strength(&first).sentence());
    if ask("The same once more: ")? != first {
        return Err(
            Problem::new("The two passphrases differ", Exit::NotReady).next("Run it again.")
        );
    }
    Ok(StoreKey::Passphrase(first))
}

/// Asks for a secret, without showing it.
pub(super) fn ask(prompt: &str) -> Result<Secret, Problem> {
    hidden::ask(prompt).map_err(|error| {
        Problem::new("No passphrase could be read", Exit::NotReady)
            .because(error.to_string())
            .next("Run it at a terminal, or give --key-file FILE.")
    })
}

const MAKE_KEY_FILE: &str = "A key file has 64 hex characters and is readable by you only: \
                             `(umask 077; openssl rand -hex 32 > FILE)` makes one.";

/// For a store that is to be made.
fn no_way_in() -> Problem {
    Problem::new("The store was not made", Exit::NotReady)
        .because(
            "it is always encrypted, and there is no key file, no word to use the keyring, and \
             nobody at a terminal to type a passphrase",
        )
        .next(format!(
            "Give --key-file FILE (or BUNQ_TUI_KEY_FILE), add --unlock-with keyring where a \
             keyring is, or run the command at a terminal. {MAKE_KEY_FILE} `bunq-tui demo` needs \
             no store."
        ))
}

fn needs_passphrase(lock: &Lock) -> Problem {
    let problem = Problem::new("The store cannot be unlocked", Exit::NotReady)
        .because("it opens with a passphrase, and there is nobody at a terminal to type it");
    if lock.has(SlotKind::KeyFile) {
        return problem.next(
            "Run the command at a terminal, or give the store's key file with --key-file FILE or \
             BUNQ_TUI_KEY_FILE.",
        );
    }
    problem.next(
        "Run the command at a terminal. For scripts, add a key file there: `bunq-tui vault \
         add-slot key-file FILE`, and give it with --key-file FILE or BUNQ_TUI_KEY_FILE.",
    )
}

/// For a store that opens with a key file only.
pub(super) fn needs_key_file() -> Problem {
    Problem::new("The store opens with its key file", Exit::NotReady)
        .because("none was named")
        .next("Give it with --key-file FILE or BUNQ_TUI_KEY_FILE.")
}
