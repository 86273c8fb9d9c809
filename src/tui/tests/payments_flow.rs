//! The payments of an account from the demo's bank to the screen, through the real effects.

use std::time::Duration;

use tokio::sync::mpsc;

use super::fixtures::{draw, model, text};
use super::payments::{lines, list, some, with};
use crate::base::Clock;
use crate::tui::Start;
use crate::tui::app::{Effect, Keystroke, Model, Msg, Screen, update};
use crate::tui::keymap::Action;
use crate::tui::runtime::World;
use crate::tui::screen::users::Focus;
use crate::workspace::Settings;

/// The loop without a terminal.
struct Turn {
    model: Model,
    world: World,
    answers: mpsc::Receiver<Msg>,
    clock: Clock,
    _directory: tempfile::TempDir,
}

impl Turn {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let settings = Settings::new(directory.path().to_owned());
        let (sender, answers) = mpsc::channel(64);
        let clock = settings.clock.clone();
        let mut turn = Self {
            model: model(&Start::Demo),
            world: World::new(settings, sender),
            answers,
            clock,
            _directory: directory,
        };
        turn.take(Msg::Started);
        turn
    }

    fn take(&mut self, msg: Msg) {
        for effect in update(&mut self.model, msg, self.clock.now()) {
            assert_ne!(effect, Effect::Leave);
            self.world.run(effect, self.model.data.epoch);
        }
    }

    fn press(&mut self, action: Action) {
        self.take(Msg::Acted(action));
    }

    /// Takes answers until it is so.
    async fn until(&mut self, what: &str, so: impl Fn(&Model) -> bool) {
        let waiting = async {
            while !so(&self.model) {
                let msg = self.answers.recv().await.unwrap();
                self.take(msg);
            }
        };
        let in_time = tokio::time::timeout(Duration::from_secs(60), waiting).await;
        assert!(in_time.is_ok(), "{what}: {}", self.shown());
    }

    fn shown(&self) -> String {
        text(&draw(&self.model, 120, 40))
    }

    fn type_text(&mut self, typed: &str) {
        for character in typed.chars() {
            let key = crossterm::event::KeyCode::Char(character).into();
            self.take(Msg::Typed(Keystroke(key)));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_opened_scrolled_and_searched() {
    let mut turn = Turn::new();
    turn.until("open", |model| model.data.stage.is_some()).await;
    if !turn.model.data.is_ready() {
        turn.press(Action::SetUp);
        turn.until("ready", |model| model.data.is_ready()).await;
    }
    turn.until("code", |model| model.connect.address().is_some())
        .await;
    turn.press(Action::Approve);
    turn.until("users", |model| {
        model.screen == Screen::Users && model.users.focus == Focus::Accounts
    })
    .await;
    turn.until("accounts", |model| {
        text(&draw(model, 120, 40)).contains("4118.00")
    })
    .await;

    turn.press(Action::Enter);
    turn.press(Action::Enter);
    assert_eq!(turn.model.screen, Screen::Payments);
    turn.until("the newest", |model| model.payments.rows.len() == 200)
        .await;
    let newest = turn.model.payments.rows[0].clone();
    assert_eq!(newest.balance_after.unwrap().to_string(), "4118.00 EUR");

    // Older ones come by themselves, down to the first of the account.
    turn.until("settled", |model| shows(model, "more come as you go down"))
        .await;
    for _ in 0..20 {
        turn.press(Action::Last);
        let before = turn.model.payments.rows.len();
        if shows(&turn.model, "back to the first payment") {
            break;
        }
        turn.until("an older page", |model| {
            model.payments.rows.len() > before || shows(model, "back to the first payment")
        })
        .await;
    }
    assert!(turn.shown().contains("back to the first payment"));
    let all = turn.model.payments.rows.clone();
    assert!(all.len() > 200, "{}", all.len());
    let sum: rust_decimal::Decimal = all.iter().map(|row| row.amount.value).sum();
    assert_eq!(sum, newest.balance_after.unwrap().value);

    turn.press(Action::Search);
    turn.type_text("sALary");
    let salaries = |row: &&crate::workspace::PaymentLine| row.description.as_str() == "Salary";
    let count = all.iter().filter(salaries).count();
    turn.until("found", |model| model.payments.rows.len() == count)
        .await;
    turn.press(Action::Submit);
    let words = format!("{count} found among all {}", all.len());
    assert!(turn.shown().contains(&words), "{}", turn.shown());
    assert!(turn.model.payments.rows.iter().all(|row| salaries(&row)));

    turn.press(Action::Enter);
    turn.until("in full", |model| !shows(model, "Looking up"))
        .await;
    turn.press(Action::Back);
    turn.press(Action::Back);
    turn.until("all again", |model| model.payments.rows.len() == all.len())
        .await;
    turn.press(Action::Charts);
    turn.until("charts", |model| shows(model, "Balance 4118.00 EUR on"))
        .await;
}

fn shows(model: &Model, words: &str) -> bool {
    text(&draw(model, 120, 40)).contains(words)
}

#[test]
fn a_hundred_thousand_are_drawn_by_the_page() {
    let rows: Vec<_> = std::iter::repeat_n(lines(9_000, 9_999), 100)
        .flatten()
        .collect();
    let model = with(&list(rows, 100_000, true));
    let few = some();
    let took = |model: &Model| {
        let area = ratatui::layout::Rect::new(0, 0, 200, 50);
        let mut buffer = ratatui::buffer::Buffer::empty(area);
        let begun = std::time::Instant::now();
        crate::tui::view::view(model, area, &mut buffer);
        begun.elapsed()
    };
    // The machine may be busy at any time; a frame that looked at every row is never as fast.
    let as_fast = (0..200).any(|_| took(&model) < took(&few) * 2);
    assert!(as_fast);
}
