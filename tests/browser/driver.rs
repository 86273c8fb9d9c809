//! A real Chromium without a window, driven over the WebDriver protocol (W3C).

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Longest wait for anything on a page; only a failing test takes it.
const PATIENCE: Duration = Duration::from_secs(60);
/// The key under which WebDriver hands out an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with a new, empty profile. It ends with this.
pub(crate) struct Browser {
    client: reqwest::Client,
    session: String,
    driver: Child,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts one; none where this machine has no driver for it and none is required.
    pub(crate) async fn start() -> Option<Self> {
        let Some((driver, port)) = start_driver() else {
            assert!(
                std::env::var_os("BUNQ_REQUIRE_BROWSER").is_none(),
                "there is no chromedriver"
            );
            println!("skipped: there is no chromedriver on this machine");
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Self {
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            session: format!("http://127.0.0.1:{port}"),
            driver,
            _profile: profile,
        };
        let directory = browser._profile.path().display().to_string();
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "acceptInsecureCerts": true,
            "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {"args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
                "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--window-size=1000,800", format!("--user-data-dir={directory}"),
            ]},
        }}});
        let session = browser.post("/session", &capabilities).await;
        let id = session["sessionId"].as_str().unwrap();
        browser.session = format!("{}/session/{id}", browser.session);
        Some(browser)
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.session);
        let answer = self.client.post(url).body(body.to_string()).send().await;
        value(&answer.unwrap().text().await.unwrap())
    }

    async fn get(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.session);
        value(
            &self
                .client
                .get(url)
                .send()
                .await
                .unwrap()
                .text()
                .await
                .unwrap(),
        )
    }

    /// Opens an address and waits until it is there.
    pub(crate) async fn open(&self, url: &str) {
        self.post("/url", &json!({"url": url})).await;
    }

    /// The address in the address bar.
    pub(crate) async fn url(&self) -> String {
        self.get("/url").await.as_str().unwrap().to_owned()
    }

    /// The page's text, as a person reads it.
    pub(crate) async fn text(&self) -> String {
        self.run("return document.body.innerText")
            .await
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Runs a script in the page and gives what it returns. A page's own policy is not asked.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({"script": script, "args": []}))
            .await
    }

    /// Clicks the first element of this selector, as a person does.
    pub(crate) async fn click(&self, selector: &str) {
        let wanted = json!({"using": "css selector", "value": selector});
        let found = self.post("/element", &wanted).await;
        let id = found[ELEMENT]
            .as_str()
            .unwrap_or_else(|| panic!("no {selector}: {found}"));
        self.post(&format!("/element/{id}/click"), &json!({})).await;
    }

    /// Presses keys, one after the other.
    pub(crate) async fn press(&self, keys: &[&str]) {
        let presses: Vec<Value> = keys
            .iter()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({"type": kind, "value": key})))
            .collect();
        let keyboard = json!({"actions": [{"type": "key", "id": "keyboard", "actions": presses}]});
        self.post("/actions", &keyboard).await;
    }

    /// Sets the window's size.
    pub(crate) async fn resize(&self, width: u32, height: u32) {
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            &json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": true}),
        )
        .await;
    }

    /// Asks the page for its dark or its light form.
    pub(crate) async fn prefer(&self, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.cdp("Emulation.setEmulatedMedia", &json!({"features": features}))
            .await;
    }

    async fn cdp(&self, command: &str, parameters: &Value) {
        let body = json!({"cmd": command, "params": parameters});
        self.post("/goog/cdp/execute", &body).await;
    }

    /// What the browser wrote to its console since the last look, errors and all else.
    pub(crate) async fn console(&self) -> Vec<String> {
        let entries = self.post("/se/log", &json!({"type": "browser"})).await;
        let entries = entries.as_array().unwrap();
        entries
            .iter()
            .map(|entry| format!("{} {}", entry["level"], entry["message"]))
            .collect()
    }

    /// Waits until a script's answer is `true`.
    pub(crate) async fn until(&self, script: &str) {
        let end = Instant::now() + PATIENCE;
        while self.run(script).await != Value::Bool(true) {
            assert!(
                Instant::now() < end,
                "{script}: {}: {}",
                self.url().await,
                self.text().await
            );
            tokio::task::yield_now().await;
        }
    }

    /// Keeps a picture of the page, where the person who runs the test wants some.
    pub(crate) async fn picture(&self, name: &str) {
        use base64::Engine as _;
        let Some(directory) = std::env::var_os("BUNQ_TUI_PICTURES") else {
            return;
        };
        let picture = self.get("/screenshot").await;
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(picture.as_str().unwrap())
            .unwrap();
        let file = std::path::Path::new(&directory).join(format!("{name}.png"));
        std::fs::write(file, bytes).unwrap();
    }

    /// Ends the browser.
    pub(crate) async fn quit(self) {
        // The driver's end would leave the browser running.
        let _ = self.client.delete(&self.session).send().await;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn value(answer: &str) -> Value {
    let mut answer: Value = serde_json::from_str(answer).unwrap();
    let value = answer["value"].take();
    assert!(value.get("error").is_none(), "{value}");
    value
}

/// The driver, on a port of its own choice.
fn start_driver() -> Option<(Child, u16)> {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let started = lines.by_ref().map_while(Result::ok).find_map(|line| {
        line.split_once("started successfully on port ")
            .map(|(_, port)| port.to_owned())
    });
    // What it says later is nobody's, but it must be read.
    std::thread::spawn(move || lines.for_each(drop));
    let port = started.expect("the driver says its port");
    let port = port.trim_end_matches('.').parse().unwrap();
    Some((driver, port))
}
