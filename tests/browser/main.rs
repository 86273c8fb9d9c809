//! The two web pages, and the simulator's own, in a real browser: what a person sees and does, and
//! what other pages cannot do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

#[path = "../common/mod.rs"]
mod common;
mod driver;
mod hostile;

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStderr, Stdio};

use bunq_tui::simulator::{Options, Simulator};
use common::{Bench, Ran};
use driver::Browser;
use serde_json::Value;

/// A `connect` that waits for its redirect.
struct Login {
    child: Child,
    lines: Lines<BufReader<ChildStderr>>,
    address: String,
    callback: String,
}

impl Login {
    fn begin(bench: &Bench) -> Self {
        let mut child = bench
            .command(&["connect", "--no-qr", "--format", "json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .map(Result::unwrap)
            .find(|line| line.starts_with("http") && line.contains("response_type=code"))
            .unwrap();
        Self {
            child,
            lines,
            address,
            callback: bench.callback_url.clone(),
        }
    }

    /// The address of the listener, without its path.
    fn listener(&self) -> &str {
        self.callback.trim_end_matches("/callback")
    }

    fn ended(self) -> Ran {
        let stderr: Vec<String> = self.lines.map(Result::unwrap).collect();
        let output = self.child.wait_with_output().unwrap();
        Ran {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: stderr.join("\n"),
        }
    }
}

/// A bank where a person decides, a machine that is set up at it, and a browser.
async fn ready() -> Option<(Simulator, Bench, Browser)> {
    let browser = Browser::start().await?;
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let bench = Bench::new(&simulator.root());
    let ran = bench.run(&["setup", "--psd2"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    Some((simulator, bench, browser))
}

/// Waits for the listener's page, and checks what is left of the login in the browser.
async fn back_to_the_terminal(browser: &Browser, login: &Login) {
    browser
        .until("return document.title == 'Back to your terminal'")
        .await;
    assert_eq!(browser.url().await, format!("{}/done", login.listener()));
    // Neither in the address nor in what the page could hand on.
    let seen = browser
        .run("return location.href + document.referrer + document.cookie")
        .await;
    for secret in ["code=", "state="] {
        assert!(!seen.as_str().unwrap().contains(secret), "{seen}");
    }
    assert_eq!(browser.console().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_allows_shares_what_is_ticked() {
    let Some((_simulator, bench, browser)) = ready().await else {
        return;
    };
    let login = Login::begin(&bench);
    browser.open(&login.address).await;
    let text = browser.text().await;
    assert!(text.contains("wants to connect"), "{text}");
    assert!(text.contains("4118.00"), "{text}");
    browser.picture("authorize").await;
    // The second and the third are not shared.
    for place in [2, 3] {
        browser
            .click(&format!("label:nth-of-type({place}) input"))
            .await;
    }
    let kept = "return [...document.querySelectorAll('input:checked')].map(i => i.value).sort()";
    let ticked = browser.run(kept).await;
    assert_eq!(browser.console().await, Vec::<String>::new());
    browser.click("button.allow").await;
    back_to_the_terminal(&browser, &login).await;
    browser.picture("result").await;
    // Back is the bank's page, not the redirect.
    browser.run("history.back()").await;
    browser
        .until("return document.body.innerText.includes('wants to connect')")
        .await;

    let ran = login.ended();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let accounts = bench.json(&["accounts", "1", "--format", "json"]);
    let mut shared: Vec<String> = accounts
        .as_array()
        .unwrap()
        .iter()
        .map(|account| account["id"].to_string())
        .collect();
    shared.sort();
    assert_eq!(Value::from(shared), ticked);
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_denies_is_asked_no_more() {
    let Some((_simulator, bench, browser)) = ready().await else {
        return;
    };
    let login = Login::begin(&bench);
    browser.open(&login.address).await;
    browser.click("button[value=deny]").await;
    back_to_the_terminal(&browser, &login).await;
    let ran = login.ended();
    assert_eq!(ran.code, 77, "{}", ran.stderr);
    assert!(ran.stderr.contains("declined"), "{}", ran.stderr);
    let users = bench.json(&["users", "--format", "json"]);
    assert_eq!(users.as_array().unwrap().len(), 0);
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_is_enough_and_so_is_another_person() {
    let Some((_simulator, bench, browser)) = ready().await else {
        return;
    };
    let login = Login::begin(&bench);
    browser.open(&login.address).await;
    let focused = |what: &str| format!("return document.activeElement.matches('{what}')");
    // To the second person, whose page opens.
    browser.press(&["\u{e004}", "\u{e004}", "\u{e007}"]).await;
    browser
        .until("return location.search.includes('inhabitant=')")
        .await;
    browser
        .until("return document.readyState == 'complete'")
        .await;
    let name = browser
        .run("return document.querySelector('nav a[aria-current]').innerText")
        .await;
    for _ in 0..60 {
        if browser.run(&focused("input[type=checkbox]")).await == Value::Bool(true) {
            break;
        }
        browser.press(&["\u{e004}"]).await;
    }
    browser.press(&[" "]).await;
    browser
        .until("return !document.activeElement.checked")
        .await;
    for _ in 0..60 {
        if browser.run(&focused("button.allow")).await == Value::Bool(true) {
            break;
        }
        browser.press(&["\u{e004}"]).await;
    }
    browser.press(&["\u{e007}"]).await;
    back_to_the_terminal(&browser, &login).await;
    let ran = login.ended();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let users = bench.json(&["users", "--format", "json"]);
    assert_eq!(users[0]["name"], name);
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_a_phone_and_the_dark_and_says_nothing_to_the_console() {
    let Some((simulator, bench, browser)) = ready().await else {
        return;
    };
    let login = Login::begin(&bench);
    let unknown = format!("{}/auth?client_id=unknown", simulator.root());
    let admin = format!("{}/admin", simulator.root());
    browser.resize(320, 640).await;
    for (name, page) in [
        ("authorize", &login.address),
        ("unknown", &unknown),
        ("admin", &admin),
    ] {
        let mut grounds = Vec::new();
        for scheme in ["light", "dark"] {
            browser.prefer(scheme).await;
            browser.open(page).await;
            let wide = "return document.documentElement.scrollWidth <= innerWidth";
            assert_eq!(
                browser.run(wide).await,
                Value::Bool(true),
                "{name} is wider than a phone"
            );
            let ground = "const s = getComputedStyle(document.body); return s.color";
            grounds.push(browser.run(ground).await);
            browser.picture(&format!("{name}-320-{scheme}")).await;
        }
        assert_ne!(grounds[0], grounds[1], "{name} knows no dark");
        // A page that is not there is told as such, and nothing else.
        let told = browser.console().await;
        let other = told.iter().filter(|line| !line.contains("404 (Not Found)"));
        assert_eq!(other.count(), 0, "{name}: {told:?}");
        assert!(name == "unknown" || told.is_empty(), "{name}: {told:?}");
    }
    browser.open(&login.address).await;
    browser.click("button.allow").await;
    back_to_the_terminal(&browser, &login).await;
    let wide = "return document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(browser.run(wide).await, Value::Bool(true));
    browser.picture("result-320-dark").await;
    assert_eq!(login.ended().code, 0);
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_of_each_page_lets_nothing_load_or_run() {
    let Some((simulator, bench, browser)) = ready().await else {
        return;
    };
    let login = Login::begin(&bench);
    let admin = format!("{}/admin", simulator.root());
    for page in [&login.address, &admin] {
        assert_nothing_runs(&browser, page).await;
    }
    browser.open(&login.address).await;
    browser.click("button.allow").await;
    back_to_the_terminal(&browser, &login).await;
    let done = browser.url().await;
    assert_nothing_runs_here(&browser, &done).await;
    assert_eq!(login.ended().code, 0);
    browser.quit().await;
}

async fn assert_nothing_runs(browser: &Browser, page: &str) {
    browser.open(page).await;
    assert_nothing_runs_here(browser, page).await;
}

/// Tries what an injected piece of HTML would try.
async fn assert_nothing_runs_here(browser: &Browser, page: &str) {
    let script = "
        window.ran = false;
        const put = (name, more) => document.body.append(
            Object.assign(document.createElement(name), more));
        put('script', {textContent: 'window.ran = true'});
        put('div', {innerHTML: '<img src=x onerror=\"window.ran = true\">'});
        put('style', {textContent: 'body { display: none }'});
        put('iframe', {srcdoc: '<script>parent.ran = true</script>'});
        return getComputedStyle(document.body).display != 'none' && !window.ran";
    assert_eq!(browser.run(script).await, Value::Bool(true), "{page}");
    let told = browser.console().await;
    let refused = told
        .iter()
        .filter(|line| line.contains("Content Security Policy"))
        .count();
    assert!(refused >= 3, "{page}: {told:?}");
    assert_eq!(
        browser.run("return !window.ran").await,
        Value::Bool(true),
        "{page}"
    );
}
