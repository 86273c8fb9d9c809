//! The web pages in a real browser: the authorize page and `/admin` of the built-in bank, and the
//! page of the listener.
//!
//! Without a chromedriver this says so and passes, unless `BUNQ_REQUIRE_BROWSER` is set.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

#[path = "browser/attacker.rs"]
mod attacker;
mod common;
#[path = "browser/driver.rs"]
mod driver;

use bunq_tui::base::{Exit, Problem, UserNumber};
use bunq_tui::simulator::{Options, Simulator};
use bunq_tui::workspace::{Granted, ProviderChoice, Psd2Roles, Workspace};
use common::{Bench, library};
use driver::{Browser, ENTER, SPACE, TAB};
use serde_json::json;
use tokio::task::JoinHandle;

/// A bank, and a program that is set up at it.
struct Stand {
    simulator: Simulator,
    _bench: Bench,
    workspace: Workspace,
}

/// A login that waits for the browser.
struct Login {
    authorize_url: String,
    callback_url: String,
    strays: tokio::sync::watch::Receiver<u64>,
    waiting: JoinHandle<Result<Granted, Problem>>,
}

impl Stand {
    async fn new(options: Options) -> Self {
        let simulator = Simulator::start(options).await.unwrap();
        let bench = Bench::new(&simulator.root());
        let workspace = library::open(&bench, library::settings(&bench));
        let choice = ProviderChoice::NewPsd2Provider(Psd2Roles::Both);
        library::set_up(&workspace, choice).await;
        Self {
            simulator,
            _bench: bench,
            workspace,
        }
    }

    async fn login(&self) -> Login {
        let connecting = self.workspace.connect().await.unwrap();
        let invitation = connecting.invitation().clone();
        Login {
            authorize_url: invitation.authorize_url,
            callback_url: invitation.callback_url,
            strays: connecting.strays(),
            waiting: tokio::spawn(connecting.redirected()),
        }
    }

    /// The user of a login that came back, and the names of its accounts.
    async fn stored(&self, login: Login) -> (UserNumber, Vec<String>) {
        let granted = login.waiting.await.unwrap().unwrap();
        let number = granted.exchange().await.unwrap().number;
        let accounts = self.workspace.read_accounts(number).await.unwrap();
        let mut names: Vec<String> = accounts
            .value
            .rows
            .iter()
            .map(|account| account.description.to_string())
            .collect();
        names.sort();
        (number, names)
    }
}

fn quiet(console: &[String]) {
    assert!(console.is_empty(), "{console:#?}");
}

/// The browser ended on the listener's page: what stands there, and what does not.
async fn on_the_last_page(browser: &Browser, login: &Login) {
    let done = login.callback_url.replace("/callback", "/done");
    let address = browser.wait_for(|address| address == done).await;
    assert_eq!(address, done, "no code and no state in the address bar");
    assert_eq!(browser.text("h1").await, "Back to your terminal");
    let mut history = browser.history().await;
    let asked = history
        .iter()
        .rposition(|entry| *entry == login.authorize_url)
        .unwrap();
    assert_eq!(history.split_off(asked + 1), [done], "none in the history");
    assert_eq!(browser.run("return document.referrer").await, json!(""));
    runs_no_script(browser).await;
}

/// A page's own script would not run, and nothing else is loaded.
async fn runs_no_script(browser: &Browser) {
    let told = browser.console().await;
    quiet(&told);
    let ran = browser
        .run(
            "const script = document.createElement('script'); \
             script.textContent = 'window.ran = true'; document.head.append(script); \
             return window.ran === true",
        )
        .await;
    assert_eq!(ran, json!(false));
    let told = browser.console().await;
    assert!(
        told.iter()
            .any(|line| line.contains("Content Security Policy")),
        "{told:?}"
    );
}

async fn no_sideways_scroll(browser: &Browser) {
    let wide = "return document.documentElement.scrollWidth - window.innerWidth";
    let over = browser.run(wide).await.as_i64().unwrap();
    assert!(over <= 0, "{over} too wide");
}

const ACCOUNTS: &str = "return [...document.querySelectorAll('input[name=account]:checked')]\
    .map(box => box.closest('label').querySelector('bdi').textContent).sort()";

#[tokio::test(flavor = "multi_thread")]
async fn allow_gives_exactly_the_ticked_accounts() {
    if !driver::is_there() {
        return;
    }
    let stand = Stand::new(Options::default()).await;
    let browser = Browser::start(false).await;
    let login = stand.login().await;
    browser.visit(&login.authorize_url).await.unwrap();
    browser.picture("authorize").await;
    let all = browser.run(ACCOUNTS).await;
    assert_eq!(all.as_array().unwrap().len(), 4);
    browser.click("label:nth-of-type(2) input").await;
    browser.click("label:nth-of-type(4) input").await;
    let ticked = browser.run(ACCOUNTS).await;
    assert_eq!(ticked.as_array().unwrap().len(), 2);
    quiet(&browser.console().await);
    browser.click("button.allow").await;
    on_the_last_page(&browser, &login).await;
    browser.picture("done").await;

    let callback_url = login.callback_url.clone();
    let (number, names) = stand.stored(login).await;
    assert_eq!(number, UserNumber(1));
    assert_eq!(json!(names), ticked);
    // Nobody listens any more.
    let again = browser
        .visit(&format!("{callback_url}?code=x&state=y"))
        .await;
    assert!(again.unwrap_err().contains("ERR_CONNECTION_REFUSED"));
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deny_declines_and_a_wrong_state_ends_nothing() {
    if !driver::is_there() {
        return;
    }
    let stand = Stand::new(Options::default()).await;
    let browser = Browser::start(false).await;
    let login = stand.login().await;
    let wrong = format!("{}?code=x&state=wrong", login.callback_url);
    browser.visit(&wrong).await.unwrap();
    assert_eq!(
        browser.text("body").await,
        "This request is not expected here."
    );
    assert!(!login.waiting.is_finished());
    let unknown = login.authorize_url.replace("client_id=", "client_id=x");
    browser.visit(&unknown).await.unwrap();
    assert_eq!(browser.text("h1").await, "Connection not found");
    browser.picture("not-found").await;
    // These two are errors by their status, which a console tells.
    drop(browser.console().await);

    browser.visit(&login.authorize_url).await.unwrap();
    browser.click("button[value=deny]").await;
    on_the_last_page(&browser, &login).await;
    let Err(problem) = login.waiting.await.unwrap() else {
        panic!("denied")
    };
    assert_eq!(problem.exit, Exit::Refused);
    assert_eq!(stand.simulator.census().grants, 0);
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_is_enough() {
    if !driver::is_there() {
        return;
    }
    let stand = Stand::new(Options::default()).await;
    let browser = Browser::start(false).await;
    let login = stand.login().await;
    browser.visit(&login.authorize_url).await.unwrap();
    let focused = |what: &str| format!("return document.activeElement.matches({what:?})");
    let mut tabs = 0;
    while browser.run(&focused("input[type=checkbox]")).await != json!(true) {
        browser.press(TAB).await;
        tabs += 1;
        assert!(tabs < 100, "the first account is never reached");
    }
    browser.press(SPACE).await;
    let ticked = browser.run(ACCOUNTS).await;
    assert_eq!(ticked.as_array().unwrap().len(), 3);
    while browser.run(&focused("button.allow")).await != json!(true) {
        browser.press(TAB).await;
        tabs += 1;
        assert!(tabs < 100, "Allow is never reached");
    }
    let outline = "return getComputedStyle(document.activeElement).outlineStyle";
    assert_eq!(browser.run(outline).await, json!("solid"), "focus is seen");
    browser.press(ENTER).await;
    on_the_last_page(&browser, &login).await;
    let (_, names) = stand.stored(login).await;
    assert_eq!(json!(names), ticked);
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_fit_a_narrow_window_in_light_and_dark() {
    if !driver::is_there() {
        return;
    }
    let stand = Stand::new(Options::default()).await;
    let browser = Browser::start(false).await;
    for scheme in ["light", "dark"] {
        let login = stand.login().await;
        browser.look(320, 640, scheme).await;
        for (name, address) in [
            ("authorize", login.authorize_url.clone()),
            ("admin", stand.simulator.admin()),
            ("authorize-last", login.authorize_url.clone()),
        ] {
            browser.visit(&address).await.unwrap();
            no_sideways_scroll(&browser).await;
            browser.picture(&format!("{name}-{scheme}")).await;
            quiet(&browser.console().await);
            let both = "return getComputedStyle(document.body).colorScheme";
            assert_eq!(browser.run(both).await, json!("light dark"), "{name}");
        }
        browser.click("button.allow").await;
        on_the_last_page(&browser, &login).await;
        no_sideways_scroll(&browser).await;
        browser.picture(&format!("done-{scheme}")).await;
        let ground = "const [r, g, b] = getComputedStyle(document.body).backgroundColor\
            .match(/\\d+/g).map(Number); return r + g + b";
        let light = browser.run(ground).await.as_i64().unwrap() > 3 * 128;
        assert_eq!(light, scheme == "light");
        stand.stored(login).await;
    }
    // The admin page with all that was called.
    browser.look(1280, 800, "light").await;
    browser.visit(&stand.simulator.admin()).await.unwrap();
    assert!(browser.text("main").await.contains("/v1/"));
    browser.picture("admin-wide").await;
    runs_no_script(&browser).await;
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_somebody_else_decides_nothing() {
    if !driver::is_there() {
        return;
    }
    let stand = Stand::new(Options::default()).await;
    let browser = Browser::start(false).await;
    let login = stand.login().await;
    // The attacker even knows the state: only where a request comes from tells it apart.
    let state = login.authorize_url.split("state=").nth(1).unwrap();
    let callback = format!("{}?code=stolen&state={state}", login.callback_url);
    let page = attacker::Page::serve(&callback, &login.authorize_url).await;
    for host in ["127.0.0.1", "localhost"] {
        let before = *login.strays.borrow();
        browser.visit(&page.address(host)).await.unwrap();
        browser.wait_until("document.title === 'tried'").await;
        assert!(!login.waiting.is_finished(), "from {host}");
        assert!(*login.strays.borrow() > before, "none arrived from {host}");
        assert_eq!(
            browser.run("return window.read").await,
            json!([]),
            "nothing of an answer can be read"
        );
        // A form that takes the whole window along.
        for form in ["to-listener", "to-bank"] {
            browser.visit(&page.address(host)).await.unwrap();
            browser.wait_until("document.title === 'tried'").await;
            browser.click(&format!("#{form} button")).await;
            browser.wait_until("!document.querySelector('form')").await;
            assert!(!login.waiting.is_finished(), "{form} from {host}");
        }
        assert!(browser.text("h1").await.contains("not ours"));
    }
    assert_eq!(stand.simulator.census().grants, 0);
    drop(browser.console().await);
    browser.visit(&login.authorize_url).await.unwrap();
    browser.click("button.allow").await;
    on_the_last_page(&browser, &login).await;
    stand.stored(login).await;
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_https_once_the_certificate_is_taken() {
    if !driver::is_there() {
        return;
    }
    let stand = Stand::new(Options {
        https_callbacks: true,
        ..Options::default()
    })
    .await;
    // Whoever does not trust the certificate is asked, and that ends nothing.
    let careful = Browser::start(false).await;
    let login = stand.login().await;
    careful.visit(&login.authorize_url).await.unwrap();
    careful.click("button[value=deny]").await;
    careful
        .wait_for(|address| address.starts_with(&login.callback_url))
        .await;
    careful
        .wait_until("document.getElementById('details-button')")
        .await;
    assert!(careful.text("body").await.contains("not private"));
    careful.picture("certificate").await;
    assert!(!login.waiting.is_finished());
    assert_eq!(
        *login.strays.borrow(),
        0,
        "a browser's question is no wrong request"
    );
    // Advanced, then proceed: as the screen says.
    careful.click("#details-button").await;
    careful.click("#proceed-link").await;
    on_the_last_page(&careful, &login).await;
    assert!(login.waiting.await.unwrap().is_err(), "declined");
    careful.quit().await;
    let login = stand.login().await;

    let browser = Browser::start(true).await;
    browser.visit(&login.authorize_url).await.unwrap();
    browser.click("button.allow").await;
    on_the_last_page(&browser, &login).await;
    assert!(login.callback_url.starts_with("https:"));
    let (number, _) = stand.stored(login).await;
    assert_eq!(number, UserNumber(1));
    browser.quit().await;
}
