//! The config file: written, checked, shown, obeyed; and what is refused of one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A home directory of its own.
struct Home(TempDir);

struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join(".config/bunq-tui/config.toml")
    }

    fn write(&self, text: impl AsRef<[u8]>) -> PathBuf {
        fs::create_dir_all(self.file().parent().unwrap()).unwrap();
        fs::write(self.file(), text).unwrap();
        self.file()
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.within(&[], arguments)
    }

    fn within(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_bunq-tui"))
            .env_clear()
            .env("HOME", self.0.path())
            .envs(variables.iter().copied())
            .args(arguments)
            .output()
            .unwrap();
        Ran {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// An option's row of `config show`: its value, and who says it.
    fn shown(&self, variables: &[(&str, &str)], flags: &[&str], name: &str) -> (String, String) {
        let mut arguments = flags.to_vec();
        arguments.extend(["config", "show"]);
        let ran = self.within(variables, &arguments);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let row = ran
            .stdout
            .lines()
            .find(|line| line.split(' ').next() == Some(name))
            .unwrap_or_else(|| panic!("{name}: {}", ran.stdout))
            .to_owned();
        let rest = row[name.len()..].trim();
        let (value, source) = rest.rsplit_once("  ").unwrap();
        (value.trim().into(), source.into())
    }
}

fn owner_only(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn init_writes_a_file_that_is_fine_and_says_nothing() {
    let home = Home::new();
    let ran = home.run(&["config", "init"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.starts_with("wrote ") && ran.stdout.contains("config.toml"));
    assert_eq!(owner_only(&home.file()), 0o600);
    assert_eq!(owner_only(home.file().parent().unwrap()), 0o700);
    let text = fs::read_to_string(home.file()).unwrap();
    assert_eq!(home.run(&["config", "init", "--stdout"]).stdout, text);
    let checked = home.run(&["config", "check"]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    assert!(checked.stdout.contains("is fine"), "{}", checked.stdout);
    let shown = home.run(&["config", "show"]);
    for line in shown.stdout.lines().skip(1) {
        assert!(line.ends_with("  default"), "{line}");
    }
}

#[test]
fn init_overwrites_nothing_and_follows_no_link() {
    let home = Home::new();
    home.write("mouse = false\n");
    let ran = home.run(&["config", "init"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("there is one already"),
        "{}",
        ran.stderr
    );
    assert_eq!(fs::read(home.file()).unwrap(), b"mouse = false\n");

    let elsewhere = home.0.path().join("elsewhere");
    let link = home.0.path().join("link.toml");
    symlink(&elsewhere, &link).unwrap();
    let ran = home.run(&["--config", link.to_str().unwrap(), "config", "init"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(!elsewhere.exists());
}

#[test]
fn the_nearest_of_default_file_variable_and_flag_holds() {
    let home = Home::new();
    let variable = [("BUNQ_TUI_LOCK_AFTER", "7")];
    let flag = ["--lock-after", "8"];
    let row = |value: &str, source: &str| (value.to_owned(), source.to_owned());
    assert_eq!(home.shown(&[], &[], "lock-after"), row("15", "default"));
    home.write("lock-after = 6\nlimits = \"classic\"\n");
    assert_eq!(home.shown(&[], &[], "lock-after"), row("6", "file"));
    assert_eq!(
        home.shown(&variable, &[], "lock-after"),
        row("7", "variable")
    );
    assert_eq!(home.shown(&variable, &flag, "lock-after"), row("8", "flag"));

    let variable = [("BUNQ_TUI_LIMITS", "current")];
    let flag = ["--limits", "off"];
    assert_eq!(home.shown(&[], &[], "limits"), row("classic", "file"));
    assert_eq!(
        home.shown(&variable, &[], "limits"),
        row("current", "variable")
    );
    assert_eq!(home.shown(&variable, &flag, "limits"), row("off", "flag"));
}

#[test]
fn every_option_can_be_said_by_a_variable_and_by_a_flag() {
    let home = Home::new();
    for (name, flag, value) in [
        ("environment", "--environment", "sandbox"),
        ("profile", "--profile", "work"),
        ("data-dir", "--data-dir", "/somewhere"),
        ("key-file", "--key-file", "/somewhere/key"),
        ("callback-url", "--callback-url", "http://localhost:9/x"),
        ("limits", "--limits", "current"),
        ("my-address", "--my-address", "192.0.2.1"),
        ("address-service", "--address-service", "https://a.example/"),
        ("lock-after", "--lock-after", "off"),
        ("log", "--log", "/somewhere/log"),
        ("theme", "--theme", "mono"),
        ("locale", "--locale", "nl_NL"),
        ("refresh", "--refresh-every", "5m"),
        ("mouse", "--mouse", "false"),
        ("plain", "--plain", "true"),
    ] {
        let both = format!("{flag}={value}");
        let shown = home.shown(&[], &[&both], name);
        assert_eq!(shown, (value.into(), "flag".into()));
        let variable = format!("BUNQ_TUI_{}", name.replace('-', "_").to_uppercase());
        let shown = home.shown(&[(&variable, value)], &[], name);
        assert_eq!(shown, (value.into(), "variable".into()));
    }
    let plain = home.shown(&[], &["--plain"], "plain");
    assert_eq!(plain, ("true".into(), "flag".into()));
}

#[test]
fn all_that_is_wrong_is_told_at_once_and_no_command_goes_on_with_it() {
    let home = Home::new();
    let path = home.write("them = \"dark\"\n\nmouse = 1\nrefresh = \"30s\"\n");
    let check = home.run(&["config", "check"]);
    let users = home.run(&["users"]);
    let named = home.run(&["--config", path.to_str().unwrap(), "doctor"]);
    for ran in [check, users, named] {
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert_eq!(ran.stdout, "");
        for words in ["line 1:", "do you mean theme?", "line 3:", "line 4:", "60s"] {
            assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
        }
    }
    // What helps, and what knows nothing of it, is not kept from anybody.
    for arguments in [
        ["config", "init", "--stdout"].as_slice(),
        &["man"],
        &["completions", "bash"],
    ] {
        assert_eq!(home.run(arguments).code, 0, "{arguments:?}");
    }
}

#[test]
fn a_missing_default_file_is_fine_and_a_missing_named_one_is_not() {
    let home = Home::new();
    let checked = home.run(&["config", "check"]);
    assert_eq!(checked.code, 0);
    assert!(checked.stdout.contains("not there"), "{}", checked.stdout);
    let missing = home.0.path().join("missing.toml");
    let missing = missing.to_str().unwrap();
    for ran in [
        home.run(&["--config", missing, "users"]),
        home.within(&[("BUNQ_TUI_CONFIG", missing)], &["users"]),
        home.run(&["config", "check", missing]),
    ] {
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains("cannot be read"), "{}", ran.stderr);
    }
}

#[test]
fn no_hostile_file_does_more_than_be_refused() {
    let home = Home::new();
    let long = "#".repeat(300 * 1024);
    for (bytes, words) in [
        (long.as_bytes(), "longer than 256 KiB"),
        (
            b"mouse = true\n\xff\xfe\n".as_slice(),
            "line 2: it is no text",
        ),
        (b"\x7fELF\x02\x01\x01\0\0\0", "line 1:"),
        (b"\"\x1b]0;owned\x07\" = 1", "line 1:"),
        (b"theme = \"\\u001b[2J\"", "line 1:"),
    ] {
        home.write(bytes);
        let ran = home.run(&["users"]);
        assert_eq!(ran.code, 2, "{words}");
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
        let steers = |c: char| c.is_control() && c != '\n';
        assert!(!ran.stderr.contains(steers), "{:?}", ran.stderr);
    }
}

#[test]
fn what_is_no_ordinary_file_is_refused_and_a_link_to_one_is_followed() {
    let home = Home::new();
    let directory = home.0.path().to_str().unwrap();
    let ran = home.run(&["config", "check", directory]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("it is no file"), "{}", ran.stderr);
    let ran = home.run(&["config", "check", "/dev/zero"]);
    assert_eq!(ran.code, 2);
    let pipe = home.0.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let ran = home.run(&["config", "check", pipe.to_str().unwrap()]);
    assert_eq!(ran.code, 2, "a pipe nobody writes to holds nothing up");

    // As those who keep all their settings in one place have it.
    let kept = home.0.path().join("kept.toml");
    fs::write(&kept, "mouse = false\n").unwrap();
    fs::create_dir_all(home.file().parent().unwrap()).unwrap();
    symlink(&kept, home.file()).unwrap();
    assert_eq!(home.shown(&[], &[], "mouse").1, "file");
    fs::remove_file(&kept).unwrap();
    let ran = home.run(&["config", "check"]);
    assert_eq!(ran.code, 2, "a link that leads nowhere is no missing file");
}

#[test]
fn a_file_that_may_not_be_read_is_told() {
    let home = Home::new();
    let path = home.write("mouse = true\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&path).is_ok() {
        eprintln!("root may read everything: not tried");
        return;
    }
    let ran = home.run(&["users"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("cannot be read"), "{}", ran.stderr);
}

#[test]
fn the_file_is_obeyed() {
    let home = Home::new();
    home.write("environment = \"sandbox\"\ndata-dir = \"~/stores\"\n");
    let ran = home.run(&["users"]);
    assert_eq!(ran.code, 78, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("The profile sandbox is not set up"),
        "{}",
        ran.stderr
    );
    let paths = home.run(&["paths"]).stdout;
    let stores = home.0.path().join("stores");
    assert!(
        paths.contains(&format!("data    {}", stores.display())),
        "{paths}"
    );
    assert!(
        paths.contains("config.toml") && paths.contains("log     none"),
        "{paths}"
    );
    // A profile that is named outside belongs to no environment of the file.
    let ran = home.run(&["--profile", "work", "users"]);
    assert!(
        ran.stderr.contains("The profile work could not be chosen"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_a_file_names_does_not_narrow_a_wipe_of_everything() {
    let home = Home::new();
    home.write("environment = \"sandbox\"\n");
    let ran = home.run(&["wipe", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("Nothing is stored."), "{}", ran.stderr);
    assert!(home.file().exists(), "the config file is the person's own");
}

#[test]
fn keys_are_passed_on_and_shown() {
    let home = Home::new();
    home.write("[keys]\n\"users.refresh\" = [\"F5\", \"R\"]\n");
    let shown = home.shown(&[], &[], "keys.users.refresh");
    assert_eq!(shown, ("F5 R".into(), "file".into()));
}

#[test]
fn the_docs_list_every_option_as_the_program_has_it() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/settings.md");
    let docs = fs::read_to_string(path).unwrap();
    let list = bunq_tui::config::markdown();
    assert!(docs.contains(&list), "docs/settings.md must hold:\n{list}");
}

#[test]
fn keys_that_cannot_be_are_told_with_their_lines_by_every_command_that_reads_the_file() {
    let home = Home::new();
    home.write(
        "mouse = \"no\"\n[keys]\n\"users.refresh\" = [\"F5\", \"Hyper-x\"]\nusers.forget = [\"s\"]\n\
         \"no.such\" = [\"a\"]\neverywhere.help = []\n",
    );
    for arguments in [&["config", "check"][..], &["config", "show"], &["paths"]] {
        let ran = home.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.stdout);
        for words in [
            "line 1: mouse",
            "line 3: `users.refresh`: `Hyper-x`",
            "line 4: `s` is bound to both",
            "line 5: `no.such` is no binding",
            "line 6: `everywhere.help` must keep a key",
        ] {
            assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
        }
    }
    home.write("[keys]\n\"users.refresh\" = [\"F5\"]\n");
    assert_eq!(home.run(&["config", "check"]).code, 0);
    let ran = home.run(&["config", "show"]);
    assert!(ran.stdout.contains("keys.users.refresh"), "{}", ran.stdout);
}

#[test]
fn the_sample_is_fine_with_everything_in_it_said() {
    let home = Home::new();
    let sample = home.run(&["config", "init", "--stdout"]).stdout;
    let said: Vec<&str> = sample
        .lines()
        .filter_map(|line| line.strip_prefix('#'))
        .filter(|line| !line.is_empty() && !line.starts_with(' '))
        .collect();
    assert!(said.contains(&"[keys]"), "{said:?}");
    home.write(said.join("\n"));
    let ran = home.run(&["config", "check"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let shown = home.run(&["config", "show"]).stdout;
    assert!(
        shown.lines().skip(1).all(|line| line.ends_with("  file")),
        "{shown}"
    );
}
