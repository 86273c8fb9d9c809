//! A real Secret Service of its own for one test: a session bus and a GNOME Keyring in a home of
//! its own. Both end with it.

// Every test binary takes what it needs of this.
#![allow(dead_code)]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Set where the daemons must be there: the gate.
const REQUIRED: &str = "BUNQ_REQUIRE_KEYRING";
const DAEMONS: [&str; 4] = [
    "dbus-daemon",
    "gnome-keyring-daemon",
    "gdbus",
    "secret-tool",
];
/// The password of the login keyring.
const PASSWORD: &str = "the keyring's own password";
const SECRETS: &str = "org.freedesktop.secrets";

/// Whether the daemons are installed. Where they are not, that is said loudly, and it fails if
/// they are required.
pub(crate) fn is_installed() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there = |name: &&str| std::env::split_paths(&path).any(|dir| dir.join(name).is_file());
    let missing: Vec<_> = DAEMONS.into_iter().filter(|name| !there(name)).collect();
    if missing.is_empty() {
        return true;
    }
    let said = format!("NOT TESTED: no keyring, since these are not installed: {missing:?}");
    assert!(std::env::var_os(REQUIRED).is_none(), "{said}");
    eprintln!("{said}");
    false
}

/// A session: a bus, and perhaps a keyring on it.
pub(crate) struct Session {
    home: TempDir,
    bus: Option<(Child, String)>,
    keyring: Option<Child>,
}

/// Forbids what every use of the keyring begins with.
pub(crate) const FORBIDDEN: &str = r#"<deny send_destination="org.freedesktop.secrets"
    send_interface="org.freedesktop.Secret.Service" send_member="OpenSession"/>"#;

impl Session {
    /// A bus that nobody is on, and nothing is started on by itself.
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        for name in ["run", "data", "services"] {
            std::fs::create_dir(home.path().join(name)).unwrap();
        }
        make_private(&home.path().join("run"));
        let mut session = Self {
            home,
            bus: None,
            keyring: None,
        };
        session.start_bus("");
        session
    }

    /// One with an unlocked keyring.
    pub(crate) fn unlocked() -> Self {
        let mut session = Self::new();
        session.start_keyring(true);
        session
    }

    /// Starts a bus on which these rules hold, in the place of the one before.
    pub(crate) fn start_bus(&mut self, rules: &str) {
        self.end_keyring();
        self.end_bus();
        let config = self.home.path().join("bus.conf");
        let text = format!(
            r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={run}</listen>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
    {rules}
  </policy>
</busconfig>"#,
            run = self.home.path().join("run").display(),
            services = self.home.path().join("services").display(),
        );
        std::fs::write(&config, text).unwrap();
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--nopidfile", "--print-address"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        self.bus = Some((bus, address.trim().to_owned()));
    }

    fn end_bus(&mut self) {
        if let Some((mut bus, _)) = self.bus.take() {
            let _ = bus.kill();
            let _ = bus.wait();
        }
    }

    fn address(&self) -> &str {
        &self.bus.as_ref().unwrap().1
    }

    /// Starts the keyring of this home: unlocked, or as it is after a login without a password.
    pub(crate) fn start_keyring(&mut self, unlocked: bool) {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if unlocked {
            command.arg("--unlock");
        }
        let mut keyring = self
            .on_it(&mut command)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdin = keyring.stdin.take().unwrap();
        if unlocked {
            stdin.write_all(PASSWORD.as_bytes()).unwrap();
        }
        drop(stdin);
        self.keyring = Some(keyring);
        let deadline = Instant::now() + Duration::from_secs(20);
        while !self.has_default_keyring(unlocked) {
            assert!(Instant::now() < deadline, "the keyring did not come up");
            std::thread::yield_now();
        }
    }

    fn has_default_keyring(&self, wanted: bool) -> bool {
        let answer = self.call(
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.ReadAlias",
            &["default"],
        );
        answer.is_some_and(|path| !wanted || path.contains("/collection/"))
    }

    /// The Secret Service's own call: after it the keyring asks for its password again.
    pub(crate) fn lock_keyring(&self) {
        let answer = self.call(
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.Lock",
            &["['/org/freedesktop/secrets/collection/login']"],
        );
        assert!(answer.is_some_and(|locked| locked.contains("collection/login")));
    }

    /// Ends the keyring, and takes what it kept.
    pub(crate) fn end_keyring(&mut self) {
        if let Some(mut keyring) = self.keyring.take() {
            let _ = keyring.kill();
            let _ = keyring.wait();
        }
    }

    /// Stops the keyring where it is: it hears, and never answers.
    pub(crate) fn freeze_keyring(&self) {
        let id = self.keyring.as_ref().unwrap().id().to_string();
        let stopped = Command::new("kill").args(["-STOP", &id]).status().unwrap();
        assert!(stopped.success());
    }

    /// How many entries of ours it has, and the labels of them.
    pub(crate) fn entries(&self) -> Vec<String> {
        let found = self
            .call(
                "/org/freedesktop/secrets",
                "org.freedesktop.Secret.Service.SearchItems",
                &["{'service': 'bunq-tui'}"],
            )
            .unwrap();
        let paths = found.split('\'').filter(|part| part.starts_with("/org/"));
        paths.map(str::to_owned).collect()
    }

    /// What a person reads of the entry at this path.
    pub(crate) fn label(&self, path: &str) -> String {
        self.call(
            path,
            "org.freedesktop.DBus.Properties.Get",
            &["org.freedesktop.Secret.Item", "Label"],
        )
        .unwrap()
    }

    /// Deletes the entry at this path, as a person does in a keyring manager.
    pub(crate) fn delete(&self, path: &str) {
        self.call(path, "org.freedesktop.Secret.Item.Delete", &[])
            .unwrap();
    }

    /// Another key in the place of ours, under the same name.
    pub(crate) fn overwrite_entry(&self, secret: &str) {
        let entries = self.entries();
        let attributes = self
            .call(
                &entries[0],
                "org.freedesktop.DBus.Properties.Get",
                &["org.freedesktop.Secret.Item", "Attributes"],
            )
            .unwrap();
        let (_, rest) = attributes.split_once("'username': '").unwrap();
        let (name, _) = rest.split_once('\'').unwrap();
        self.delete(&entries[0]);
        let mut stored = self
            .on_it(Command::new("secret-tool").args(["store", "--label=x"]))
            .args(["service", "bunq-tui", "username", name])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        stored
            .stdin
            .take()
            .unwrap()
            .write_all(secret.as_bytes())
            .unwrap();
        assert!(stored.wait().unwrap().success());
    }

    fn call(&self, path: &str, method: &str, arguments: &[&str]) -> Option<String> {
        let output = Command::new("gdbus")
            .args(["call", "--address", self.address(), "--dest", SECRETS])
            .args(["--object-path", path, "--method", method])
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .output()
            .unwrap();
        output
            .status
            .success()
            .then(|| String::from_utf8(output.stdout).unwrap())
    }

    /// A program within the session.
    pub(crate) fn on_it<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env_clear().envs(self.variables())
    }

    /// What a program finds the session by.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        let at = |name: &str| self.home.path().join(name).display().to_string();
        vec![
            ("PATH", std::env::var("PATH").unwrap()),
            ("HOME", self.home.path().display().to_string()),
            ("XDG_RUNTIME_DIR", at("run")),
            ("XDG_DATA_HOME", at("data")),
            ("DBUS_SESSION_BUS_ADDRESS", self.address().to_owned()),
        ]
    }

    /// Where the keyring keeps its files.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }
}

fn make_private(path: &PathBuf) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).unwrap();
}

impl Drop for Session {
    fn drop(&mut self) {
        self.end_keyring();
        self.end_bus();
    }
}
