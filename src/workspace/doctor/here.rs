//! This machine, and what the store tells without the bank.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::{found, good, met};
use crate::base::Problem;
use crate::bunq::{Certificate, Limits};
use crate::workspace::vault::try_keyring;
use crate::workspace::{
    Check, Lock, Profile, Settings, SlotKind, Stage, StepState, Verdict, Workspace,
};

/// From how many days before its end on a certificate is warned about.
const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);
/// From which age on a grant is told of: some were refused after 90 days.
const OLD_GRANT: SignedDuration = SignedDuration::from_hours(80 * 24);
/// Up to how far apart the two clocks are called the same.
const SAME_TIME: SignedDuration = SignedDuration::from_secs(60);

const STORE: &str = "Store";
const KEYRING: &str = "Keyring";

pub(super) fn environment(profile: &Profile) -> Check {
    let name = profile.environment.name();
    match profile.environment.endpoints() {
        Some(endpoints) => good(
            "Environment",
            format!("{name}; the API is at {}", endpoints.api),
        ),
        None => good(
            "Environment",
            format!("{name}; the bank inside this program"),
        ),
    }
}

pub(super) fn profiles(settings: &Settings, open: Option<&Profile>) -> Check {
    const TOPIC: &str = "Profiles";
    let all = match Profile::all(settings) {
        Ok(all) => all,
        Err(problem) => return met(TOPIC, Verdict::Bad, &problem),
    };
    if all.is_empty() {
        return good(TOPIC, "none has a store");
    }
    let line = |profile: &Profile| {
        let mark = if Some(profile) == open {
            " (this one)"
        } else {
            ""
        };
        format!("{} of {}{mark}", profile.name, profile.environment)
    };
    let lines: Vec<_> = all.iter().map(line).collect();
    good(TOPIC, lines.join("\n"))
}

/// The store of a profile that is not open. Not on the loop: the keyring is tried.
pub(super) fn closed_store(profile: &Profile, settings: &Settings) -> Vec<Check> {
    let path = profile.store_path(settings);
    match profile.lock(settings) {
        Ok(Lock::Absent) => vec![Check::new(
            STORE,
            Verdict::Bad,
            format!("there is none at {}", shown(&path)),
            format!("Run `bunq-tui --environment {} setup`.", profile.environment),
        )],
        Ok(lock) => vec![
            files(&path).unwrap_or_else(|| {
                Check::new(
                    STORE,
                    Verdict::Unknown,
                    format!("{} is locked", shown(&path)),
                    "Give its key to look inside: --key-file FILE, or the passphrase at a terminal.",
                )
            }),
            keyring(&lock),
        ],
        Err(problem) => vec![met(STORE, Verdict::Bad, &problem)],
    }
}

/// The path without the name of its owner.
fn shown(path: &Path) -> String {
    let inside =
        std::env::home_dir().and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned));
    match inside {
        Some(inside) => format!("~/{}", inside.display()),
        None => path.display().to_string(),
    }
}

/// Whether others can get at the files; none when they cannot.
fn files(path: &Path) -> Option<Check> {
    let beside = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        name.into()
    };
    let all = [
        path.to_owned(),
        beside(".slots"),
        beside("-wal"),
        beside("-shm"),
    ];
    let directory = path.parent().map(Path::to_owned);
    let open = |path: &Path| fs::metadata(path).is_ok_and(|meta| meta.mode() & 0o077 != 0);
    let bare = all.into_iter().chain(directory).find(|path| open(path))?;
    Some(Check::new(
        STORE,
        Verdict::Bad,
        format!("others on this machine can get at {}", shown(&bare)),
        format!("Run: chmod go= {}", shown(&bare)),
    ))
}

/// With what the store opens, and whether the keyring of the operating system answers. It tries
/// that out: not on the loop.
fn keyring(lock: &Lock) -> Check {
    let kinds: Vec<String> = lock.kinds().iter().map(ToString::to_string).collect();
    let opens = match kinds.as_slice() {
        [] => "nothing is locked".to_owned(),
        some => format!("the store opens with its {}", some.join(" or ")),
    };
    match (try_keyring(), lock.has(SlotKind::Keyring)) {
        (Ok(()), true) => good(KEYRING, format!("{opens}; the keyring answers")),
        (Ok(()), false) => good(
            KEYRING,
            format!("{opens}; the keyring answers, and is not used"),
        ),
        (Err(problem), false) => good(
            KEYRING,
            format!(
                "{opens}; the keyring is not used, and could not be: {}",
                problem.why
            ),
        ),
        (Err(problem), true) => {
            let verdict = match kinds.len() {
                1 => Verdict::Bad,
                _ => Verdict::Notice,
            };
            let finding = format!("{opens}; {}", problem.why);
            Check::new(KEYRING, verdict, finding, problem.next)
        }
    }
}

impl Workspace {
    pub(super) async fn examine_store(&self) -> Vec<Check> {
        let Some(path) = self.locks.store() else {
            return vec![
                good(STORE, "in memory only; nothing is kept"),
                good(KEYRING, "nothing is locked"),
            ];
        };
        let path = path.to_owned();
        let store = self.store.clone();
        // It reads the whole file.
        let checked = tokio::task::spawn_blocking(move || {
            store.quick_check()?;
            store.version()
        })
        .await;
        let looked = match checked {
            Err(_) => Check::new(STORE, Verdict::Unknown, "the check broke off", "Try again."),
            Ok(Err(error)) => met(STORE, Verdict::Bad, &Problem::from(error)),
            Ok(Ok(version)) => {
                let size = fs::metadata(&path).map_or(0, |meta| meta.len());
                good(
                    STORE,
                    format!(
                        "{}, {} KiB, version {version}, encrypted; every page is sound",
                        shown(&path),
                        size.div_ceil(1024)
                    ),
                )
            }
        };
        let (profile, settings) = (self.profile.clone(), self.settings.clone());
        let lock =
            tokio::task::spawn_blocking(move || profile.lock(&settings).map(|it| keyring(&it)));
        let lock = match lock.await {
            Ok(looked) => found(KEYRING, looked),
            Err(_) => Check::new(
                KEYRING,
                Verdict::Unknown,
                "the check broke off",
                "Try again.",
            ),
        };
        let mut checks = vec![looked, lock];
        checks.extend(files(&path));
        checks
    }

    pub(super) fn examine_setup(&self) -> Check {
        const TOPIC: &str = "Setup";
        let look = || -> Result<Check, Problem> {
            let missing: Vec<_> = self
                .steps()?
                .into_iter()
                .filter(|change| !matches!(change.state, StepState::Done { .. }))
                .map(|change| change.step.label())
                .collect();
            Ok(match self.stage()? {
                Stage::Ready => good(TOPIC, "all steps are done"),
                Stage::Fresh => {
                    Check::new(TOPIC, Verdict::Bad, "never begun", "Run `bunq-tui setup`.")
                }
                Stage::Unfinished => Check::new(
                    TOPIC,
                    Verdict::Bad,
                    format!("begun; not done are {}", missing.join(", ")),
                    "Run `bunq-tui setup`: it goes on where it was.",
                ),
            })
        };
        found(TOPIC, look())
    }

    pub(super) fn examine_provider(&self) -> Vec<Check> {
        const TOPIC: &str = "Provider";
        let look = || -> Result<Vec<Check>, Problem> {
            let Some(provider) = self.store.provider()? else {
                let finding = "we are nobody at the bank yet";
                return Ok(vec![Check::new(TOPIC, Verdict::Unknown, finding, "")]);
            };
            // No name: the report may be shown to anybody.
            let mut checks = vec![good(TOPIC, provider.kind.to_string())];
            if provider.credential_id.is_some()
                && let Some(certificate) = self.kept_certificate()?
            {
                checks.push(certified(&certificate, self.settings.clock.now()));
            }
            Ok(checks)
        };
        look().unwrap_or_else(|problem| vec![met(TOPIC, Verdict::Bad, &problem)])
    }

    pub(super) fn examine_grants(&self) -> Check {
        const TOPIC: &str = "Grants";
        let look = || -> Result<Check, Problem> {
            let now = self.settings.clock.now();
            let mut users = self.store.readings()?;
            users.retain(|row| !row.user.is_provider());
            let revoked = users.iter().filter(|row| row.revoked_at.is_some()).count();
            let old = users
                .iter()
                .filter(|row| row.revoked_at.is_none())
                .filter_map(|row| row.connected_at)
                .filter(|at| now.duration_since(*at) > OLD_GRANT)
                .count();
            let mut finding = match users.len() {
                1 => "1 user".to_owned(),
                several => format!("{several} users"),
            };
            match users.first().map(|row| row.as_of) {
                Some(Some(oldest)) => finding += &format!(", the oldest reading of {oldest:.0}"),
                Some(None) => finding += ", one of them never read",
                None => {}
            }
            let mut remedies = Vec::new();
            if revoked > 0 {
                finding += &format!("; {revoked} with a grant that is gone");
                remedies.push("Connect those whose grant is gone again.");
            }
            if old > 0 {
                finding += &format!("; {old} connected more than 80 days ago");
                remedies.push("Some grants ended after 90 days: ask those users to connect again.");
            }
            Ok(match remedies.as_slice() {
                [] => good(TOPIC, finding),
                some => Check::new(TOPIC, Verdict::Notice, finding, some.join(" ")),
            })
        };
        found(TOPIC, look())
    }

    pub(super) fn examine_perhaps_granted(&self) -> Option<Check> {
        const TOPIC: &str = "Lost grant";
        match self.perhaps_granted() {
            Ok(None) => None,
            Ok(Some(at)) => Some(Check::new(
                TOPIC,
                Verdict::Notice,
                format!("a code was spent at {at:.0} and its access token lost"),
                "The user may find a connection too many in the bunq app, and can remove it there.",
            )),
            Err(problem) => Some(met(TOPIC, Verdict::Bad, &problem)),
        }
    }

    pub(super) fn examine_clock(&self) -> Check {
        const TOPIC: &str = "Clock";
        let Some(offset) = self.client.bank_clock_offset() else {
            return Check::new(
                TOPIC,
                Verdict::Unknown,
                "the bank has not told the time",
                "",
            );
        };
        if offset.abs() <= SAME_TIME {
            return good(TOPIC, "the same as the bank's");
        }
        let which = if offset.is_negative() {
            "ahead of"
        } else {
            "behind"
        };
        Check::new(
            TOPIC,
            Verdict::Notice,
            format!("{} s {which} the bank's", offset.abs().as_secs()),
            "Sessions are judged by the bank's clock, so it works; set this machine's clock right.",
        )
    }

    pub(super) fn examine_limits(&self) -> Check {
        const TOPIC: &str = "Limits";
        let look = || -> Result<Check, Problem> {
            let table = match self.limits() {
                Limits::Off => "none is kept to unless the bank asks for it",
                Limits::Classic => "the classic ones are kept to",
                Limits::Current => "the current ones are kept to",
            };
            let mut finding = table.to_owned();
            for (name, row) in self.store.limit_rows()? {
                if let Some((calls, seconds, at)) = row.learned {
                    // Whose token it was is nobody's business.
                    let name = name.split(" of ").next().unwrap_or_default();
                    finding += &format!("; {at:.0}: {name} {calls} in {seconds} s, said the bank");
                }
            }
            for budget in self.budgets()? {
                let name = budget.name.split(" of ").next().unwrap_or_default();
                if let Some((calls, seconds)) = budget.rate {
                    let used = budget.used;
                    finding += &format!("; {name}: {used} of {calls} in {seconds} s used");
                }
            }
            Ok(match self.next_session_at()? {
                None => good(TOPIC, finding + "; a session can be opened now"),
                Some(at) => Check::new(
                    TOPIC,
                    Verdict::Notice,
                    format!("{finding}; the next session can be opened at {at:.0}"),
                    "Wait until then; the program does so by itself.",
                ),
            })
        };
        found(TOPIC, look())
    }
}

/// A certificate: for what and for how long. Not whom it names: the report may be shown to anybody.
fn certified(certificate: &Certificate, now: Timestamp) -> Check {
    const TOPIC: &str = "Certificate";
    let roles: Vec<_> = certificate.roles.iter().map(|role| role.marker()).collect();
    let roles = match roles.as_slice() {
        [] => "roles not told by its name".to_owned(),
        some => some.join(" and "),
    };
    let Some(ends) = certificate.expires_at() else {
        return Check::new(TOPIC, Verdict::Unknown, roles, "");
    };
    let finding = format!("{roles}; valid until {ends:.0}");
    let left = ends.duration_since(now);
    let remedy = "Set up anew with another one: `bunq-tui setup --anew`, with the same kind of \
                  provider.";
    if left.is_negative() {
        Check::new(TOPIC, Verdict::Bad, finding + "; it has expired", remedy)
    } else if left < SOON {
        Check::new(
            TOPIC,
            Verdict::Notice,
            finding + "; it expires soon",
            remedy,
        )
    } else {
        good(TOPIC, finding)
    }
}
