//! A machine whose every corner is looked into: home, working directory, temporary files,
//! processes, and a browser that writes down how it was started.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::common::free_port;
use crate::places::Places;
use crate::pty::Pty;

pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Machine {
    root: TempDir,
    environment: String,
    callback_url: String,
    pub(crate) places: Places,
    pub(crate) runs: usize,
    /// What the last command printed.
    pub(crate) printed: Vec<u8>,
}

impl Machine {
    pub(crate) fn new(environment: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        for directory in ["home", "data", "tmp", "work", "log", "inputs", "browser"] {
            fs::create_dir(root.path().join(directory)).unwrap();
        }
        let machine = Self {
            root,
            environment: environment.into(),
            callback_url: format!("http://localhost:{}/callback", free_port()),
            places: Places::default(),
            runs: 0,
            printed: Vec::new(),
        };
        let browser = machine.at("inputs/a-browser");
        let record = machine.at("browser");
        let script = format!(
            "#!/bin/sh\ncat /proc/$$/cmdline > {0}/argv.new\ncat /proc/$$/environ > {0}/environ\n\
             mv {0}/argv.new {0}/argv\n",
            record.display()
        );
        fs::write(&browser, script).unwrap();
        fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
        machine
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// A file that the program is given, for its owner only.
    pub(crate) fn input(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.at("inputs").join(name);
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path.to_str().unwrap().into()
    }

    /// The program in a profile of this machine, started in its working directory.
    pub(crate) fn command(&self, profile: &str, key_file: Option<&str>, more: &[&str]) -> Command {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "cd \"$WORK\" && exec \"$0\" \"$@\""])
            .arg(env!("CARGO_BIN_EXE_bunq-tui"))
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("WORK", self.at("work"))
            .env("HOME", self.at("home"))
            .env("TMPDIR", self.at("tmp"))
            .env("BROWSER", self.at("inputs/a-browser"))
            .arg("--data-dir")
            .arg(self.at("data"))
            .arg("--log")
            .arg(self.at("log/requests"))
            .args(["--environment", &self.environment, "--profile", profile])
            .args(["--callback-url", &self.callback_url])
            .args(key_file.iter().flat_map(|file| ["--key-file", file]))
            .args(more)
            .stdin(Stdio::null());
        command
    }

    /// Runs it to the end, with an answer to the authorize address where it asks for one; gives
    /// its exit code.
    pub(crate) fn run(
        &mut self,
        command: &mut Command,
        approve: impl Fn(&str) -> String,
        paste: bool,
    ) -> i32 {
        self.runs += 1;
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let printed = std::thread::spawn(move || {
            let mut all = Vec::new();
            stdout.read_to_end(&mut all).unwrap();
            all
        });
        let mut stderr = child.stderr.take().unwrap();
        let (mut told, mut buffer, mut answered) = (Vec::new(), [0; 4096], false);
        loop {
            let count = stderr.read(&mut buffer).unwrap();
            if count == 0 {
                break;
            }
            told.extend_from_slice(&buffer[..count]);
            self.look_at_processes();
            let text = String::from_utf8_lossy(&told);
            let mut lines = text
                .split_inclusive('\n')
                .filter(|line| line.ends_with('\n'));
            let address = lines.find(|line| line.contains("response_type=code"));
            if let Some(address) = address.filter(|_| !answered) {
                answered = true;
                self.look_at_files();
                let back = approve(address.trim());
                if paste {
                    // A wrong one first.
                    let wrong = back.replace("state=", "state=0");
                    writeln!(stdin, "{wrong}\n{back}").unwrap();
                } else {
                    follow(&back);
                }
            }
        }
        drop(stdin);
        let printed = printed.join().unwrap();
        let code = child.wait().unwrap().code().unwrap();
        if code != 0 {
            println!("exit {code}: {}", String::from_utf8_lossy(&told).trim());
        }
        let report = command.get_args().any(|argument| argument == "doctor");
        let place = if report { "doctor's report" } else { "stdout" };
        self.printed.clone_from(&printed);
        self.places.add(place, printed);
        self.places.add("stderr", told);
        self.look_at_files();
        code
    }

    /// The same in a terminal.
    pub(crate) fn in_terminal(&mut self, command: &Command) -> Pty {
        self.runs += 1;
        Pty::run(command)
    }

    /// Takes what a terminal got.
    pub(crate) fn ended(&mut self, terminal: Pty) -> u32 {
        self.look_at_processes();
        self.look_at_files();
        let (bytes, code) = terminal.ended();
        self.look_at_files();
        let cells = |count: u16| std::num::NonZeroU16::new(count).unwrap();
        let mut screen = vt100::Parser::new(cells(40), cells(120), 0);
        for piece in bytes.chunks(1024) {
            screen.process(piece);
            let text = screen.screen().contents();
            // What is broken over lines is whole again without what stands between.
            let squeezed: String = text.split_whitespace().collect();
            self.places.add("terminal, screens", text);
            self.places.add("terminal, screens", squeezed);
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for copied in text.split("\u{1b}]52;c;").skip(1) {
            use base64::Engine as _;
            let payload = copied.split(['\u{1b}', '\u{7}']).next().unwrap();
            let decoded = base64::engine::general_purpose::STANDARD.decode(payload);
            self.places.add("clipboard", decoded.unwrap());
        }
        // The clipboard's base64 is what the clipboard is held to.
        let rest = text
            .split("\u{1b}]52;c;")
            .enumerate()
            .map(|(place, part)| match place {
                0 => part,
                _ => part
                    .split_once(['\u{1b}', '\u{7}'])
                    .map_or("", |(_, rest)| rest),
            });
        self.places.add("terminal, bytes", rest.collect::<String>());
        code
    }

    pub(crate) fn look_at_processes(&mut self) {
        let root = self.root.path().to_str().unwrap().to_owned();
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let id = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse().ok());
            let argv = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let text = String::from_utf8_lossy(&argv);
            let Some(id) = id.filter(|_| text.contains(&root)) else {
                continue;
            };
            // The browser may still run; it tells itself how it was started.
            if !text.contains("/inputs/a-browser") {
                self.places.add_process(id);
            }
        }
    }

    pub(crate) fn look_at_files(&mut self) {
        for (place, directory) in [
            ("other stored files", "data"),
            ("home", "home"),
            ("temporary files", "tmp"),
            ("working directory", "work"),
            ("log", "log"),
        ] {
            let directory = self.at(directory);
            self.places.add_files(place, &directory);
        }
    }

    /// Waits for the browser, and takes how it was started.
    pub(crate) fn browser(&mut self) -> String {
        let argv = until("a browser", || fs::read(self.at("browser/argv")).ok());
        self.places.add("browser's argv", argv.clone());
        let environment = fs::read(self.at("browser/environ")).unwrap();
        self.places.add("browser's environment", environment);
        let argv = String::from_utf8(argv).unwrap();
        let address = argv.split('\0').find(|part| part.starts_with("http"));
        address.unwrap().to_owned()
    }

    /// The files of stores that are there.
    pub(crate) fn stores(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.at("data")).unwrap();
        let paths = files.map(|entry| entry.unwrap().path());
        paths
            .filter(|path| path.extension().is_some_and(|end| end == "db"))
            .collect()
    }
}

/// Waits for something.
pub(crate) fn until<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "{what} did not come");
        std::thread::yield_now();
    }
}

/// Follows a redirect as a browser would.
pub(crate) fn follow(redirect: &str) {
    let rest = redirect.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    for path in [path, "done"] {
        let mut stream = std::net::TcpStream::connect(host).unwrap();
        write!(
            stream,
            "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut page = String::new();
        stream.read_to_string(&mut page).unwrap();
    }
}

/// The bytes of a PEM key that are nobody's but the owner's: what follows its public part.
pub(crate) fn private_part(pem: &str) -> Vec<u8> {
    use base64::Engine as _;
    let body: String = pem.lines().filter(|line| !line.contains("---")).collect();
    let der = base64::engine::general_purpose::STANDARD
        .decode(body)
        .unwrap();
    // The public exponent, 65537, as an INTEGER (RFC 8017, appendix A.1.2).
    let exponent = [2, 3, 1, 0, 1];
    let at = der
        .windows(exponent.len())
        .position(|part| part == exponent);
    der[at.unwrap() + exponent.len() + 4..].to_vec()
}

/// Waits until something is on a terminal's screen, and gives it.
pub(crate) fn found<T>(terminal: &Pty, what: &str, look: impl Fn(&str) -> Option<T>) -> T {
    let found = std::cell::Cell::new(None);
    terminal.until(what, |screen| {
        let seen = look(screen);
        let there = seen.is_some();
        found.set(seen);
        there
    });
    found.into_inner().unwrap()
}
