//! A small client of WebDriver (W3C), for a chromedriver that the test starts.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::{Value, json};

use super::common::free_port;

/// How the identifier of an element is named (WebDriver, section 12.3).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The keys as WebDriver writes them (section 17.4.2).
pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const SPACE: &str = " ";
pub(crate) const ENTER: &str = "\u{e007}";

/// A chromedriver with one browser, both gone when it is dropped.
pub(crate) struct Browser {
    driver: Child,
    http: reqwest::Client,
    session: String,
    _profile: tempfile::TempDir,
}

/// Whether there is a browser to test with; without one that is said loudly, unless it must be
/// there.
pub(crate) fn is_there() -> bool {
    let found = Command::new("chromedriver")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !found {
        assert!(
            std::env::var_os("BUNQ_REQUIRE_BROWSER").is_none(),
            "BUNQ_REQUIRE_BROWSER is set, and there is no chromedriver"
        );
        println!("SKIPPED: no chromedriver here, so no page was seen in a browser");
    }
    found
}

impl Browser {
    /// Starts both; with `trusting` the browser takes every certificate.
    pub(crate) async fn start(trusting: bool) -> Self {
        let port = free_port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // So that the browser goes with it.
            .process_group(0)
            .spawn()
            .unwrap();
        let profile = tempfile::tempdir().unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut browser = Self {
            driver,
            http,
            session: format!("http://127.0.0.1:{port}/session"),
            _profile: profile,
        };
        let status = format!("http://127.0.0.1:{port}/status");
        let began = Instant::now();
        while browser.http.get(&status).send().await.is_err() {
            assert!(began.elapsed() < PATIENCE, "chromedriver does not answer");
            tokio::task::yield_now().await;
        }
        let mut arguments: Vec<String> = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-proxy-server",
            // Nothing leaves this machine.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
        ]
        .map(str::to_owned)
        .into();
        arguments.push(format!(
            "--user-data-dir={}",
            browser._profile.path().display()
        ));
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "acceptInsecureCerts": trusting,
            "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {"args": arguments},
        }}});
        let made = browser.post("", wanted).await;
        let id = made["sessionId"].as_str().unwrap();
        browser.session = format!("{}/{id}", browser.session);
        browser
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.try_post(path, body).await.unwrap()
    }

    async fn try_post(&self, path: &str, body: Value) -> Result<Value, String> {
        let answer = self
            .http
            .post(format!("{}{path}", self.session))
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .unwrap();
        read(answer).await
    }

    async fn get(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.session);
        read(self.http.get(url).send().await.unwrap())
            .await
            .unwrap()
    }

    /// Goes to an address; an error when nothing answers there.
    pub(crate) async fn visit(&self, address: &str) -> Result<(), String> {
        let body = json!({"url": address});
        self.try_post("/url", body).await.map(drop)
    }

    /// The address bar.
    pub(crate) async fn address(&self) -> String {
        self.get("/url").await.as_str().unwrap().to_owned()
    }

    /// Waits until the address bar holds what is wanted.
    pub(crate) async fn wait_for(&self, wanted: impl Fn(&str) -> bool) -> String {
        let began = Instant::now();
        loop {
            let address = self.address().await;
            if wanted(&address) {
                return address;
            }
            assert!(began.elapsed() < PATIENCE, "still at {address}");
        }
    }

    /// Runs the body of a function in the page.
    pub(crate) async fn run(&self, script: &str) -> Value {
        let body = json!({"script": script, "args": []});
        self.post("/execute/sync", body).await
    }

    /// Waits until this is true in the page.
    pub(crate) async fn wait_until(&self, expression: &str) {
        let began = Instant::now();
        while self.run(&format!("return !!({expression})")).await != json!(true) {
            assert!(began.elapsed() < PATIENCE, "never: {expression}");
        }
    }

    async fn find(&self, css: &str) -> String {
        let body = json!({"using": "css selector", "value": css});
        let found = self.post("/element", body).await;
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    pub(crate) async fn click(&self, css: &str) {
        let element = self.find(css).await;
        self.post(&format!("/element/{element}/click"), json!({}))
            .await;
    }

    pub(crate) async fn text(&self, css: &str) -> String {
        let element = self.find(css).await;
        let text = self.get(&format!("/element/{element}/text")).await;
        text.as_str().unwrap().to_owned()
    }

    /// Presses a key where the focus is.
    pub(crate) async fn press(&self, key: &str) {
        let down = json!({"type": "keyDown", "value": key});
        let up = json!({"type": "keyUp", "value": key});
        let keys = json!({"type": "key", "id": "keyboard", "actions": [down, up]});
        self.post("/actions", json!({"actions": [keys]})).await;
    }

    /// What the console holds since it was last asked: also what a policy forbade.
    pub(crate) async fn console(&self) -> Vec<String> {
        let entries = self.post("/se/log", json!({"type": "browser"})).await;
        let entries = entries.as_array().unwrap().iter();
        entries
            .map(|entry| format!("{} {}", entry["level"], entry["message"]))
            .collect()
    }

    /// A command of the DevTools protocol.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        self.post("/goog/cdp/execute", body).await
    }

    /// The addresses of the history.
    pub(crate) async fn history(&self) -> Vec<String> {
        let history = self.devtools("Page.getNavigationHistory", json!({})).await;
        let entries = history["entries"].as_array().unwrap().iter();
        entries
            .map(|entry| entry["url"].as_str().unwrap().to_owned())
            .collect()
    }

    /// A window of this size, in light or dark.
    pub(crate) async fn look(&self, width: u32, height: u32, scheme: &str) {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false
        });
        self.devtools("Emulation.setDeviceMetricsOverride", size)
            .await;
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", media).await;
    }

    /// Keeps a picture where `BUNQ_BROWSER_PICTURES` names a directory.
    pub(crate) async fn picture(&self, name: &str) {
        let Some(directory) = std::env::var_os("BUNQ_BROWSER_PICTURES") else {
            return;
        };
        let picture = self.get("/screenshot").await;
        let engine = base64::engine::general_purpose::STANDARD;
        let bytes = engine.decode(picture.as_str().unwrap()).unwrap();
        let directory = std::path::PathBuf::from(directory);
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join(format!("{name}.png")), bytes).unwrap();
    }

    pub(crate) async fn quit(self) {
        drop(self.http.delete(&self.session).send().await);
    }
}

async fn read(answer: reqwest::Response) -> Result<Value, String> {
    let good = answer.status().is_success();
    let text = answer.text().await.unwrap();
    let mut body: Value = serde_json::from_str(&text).map_err(|_| text.clone())?;
    match good {
        true => Ok(body["value"].take()),
        false => Err(body["value"]["message"].to_string()),
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let group = rustix::process::Pid::from_child(&self.driver);
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        let _ = self.driver.wait();
    }
}
