//! Models in every state, at a fixed time.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::base::{Environment, Exit, Problem, Remedy, UserKind, UserNumber};
use crate::tui::Start;
use crate::tui::app::{Effect, Facts, Keystroke, Model, Msg, Opened, Themes, update};
use crate::tui::keymap::{Action, Keymap};
use crate::tui::screen::{connect, doctor, setup, users};
use crate::tui::theme::{Theme, ThemeName};
use crate::tui::view::view;
use crate::workspace::{
    Accounts, Invitation, Lock, Profile, Provider, SlotKind, Stage, Step, StepChange, StepState,
    UserSummary,
};

pub(super) use super::people::{connected, some_accounts, some_profile, some_users, user};

/// An authorize address as long as they come: 64 characters of client id, 32 of state.
pub(super) const ADDRESS: &str = "https://oauth.sandbox.bunq.com/auth?response_type=code&client_id=4f6b1c2d9e8a7053f1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778&redirect_uri=http%3A%2F%2Flocalhost%3A8000%2Fcallback&state=Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3Jh";

/// The epoch of a model whose first request opened its workspace.
pub(super) const EPOCH: u64 = 1;

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn now() -> Timestamp {
    at("2026-11-24T14:02:00Z")
}

pub(super) fn model(start: &Start) -> Model {
    let facts = Facts {
        over_ssh: false,
        terminal: doctor::Terminal {
            term: "xterm-256color".into(),
            utf8: true,
            ..doctor::Terminal::default()
        },
        forms: crate::tui::forms::Forms::iso(TimeZone::UTC),
        theme: Theme::TERMINAL,
        themes: Themes {
            first: ThemeName::Terminal,
            pinned: None,
            true_colour: false,
        },
        keymap: Keymap::default(),
        here: "/home/you/money".into(),
        home: Some("/home/you".into()),
        key_file: None,
        lock_after: Some(Duration::from_secs(900)),
        refresh: None,
        limits: None,
    };
    let mut model = Model::new(facts, start, now());
    model.size = (120, 40);
    model
}

pub(super) fn profile(environment: Environment) -> Start {
    Start::Profile(named(environment))
}

/// The environment's own profile.
pub(super) fn named(environment: Environment) -> Profile {
    Profile {
        name: environment.file_stem(),
        environment,
    }
}

pub(super) fn send(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let now = model.now;
    update(model, msg, now)
}

pub(super) fn press(model: &mut Model, action: Action) -> Vec<Effect> {
    send(model, Msg::Acted(action))
}

pub(super) fn problem() -> Problem {
    Problem::new("The bank cannot be reached", Exit::Unavailable)
        .because("no answer from public-api.sandbox.bunq.com within 10 s")
        .next("Check the network, then try again.")
}

pub(super) fn opened(environment: Environment, stage: Stage, users: Vec<UserSummary>) -> Opened {
    Opened {
        profile: named(environment),
        stage,
        steps: Vec::new(),
        provider: (stage == Stage::Ready).then(provider),
        users,
        perhaps_granted: None,
    }
}

pub(super) fn provider() -> Provider {
    Provider {
        kind: UserKind::Person,
        name: Some("Gerda Bakker".into()),
        email: Some("test+0b3c8f24@bunq.com".into()),
        phone: Some("+31610000042".into()),
        callback_url: "http://localhost:8000/callback".into(),
    }
}

/// Setup with a profile that was opened.
pub(super) fn open(start: &Start, opened: Opened) -> (Model, Vec<Effect>) {
    let mut model = model(start);
    let effects = send(&mut model, Msg::Started);
    let generation = generation(&effects).unwrap_or(0);
    let environment = opened.profile.environment.clone();
    let effects = send(
        &mut model,
        Msg::Setup(setup::Msg::Opened {
            generation,
            result: Ok(Box::new(opened)),
        }),
    );
    if environment != Environment::Demo {
        model.setup.opened_with = Some((only(SlotKind::KeyFile), SlotKind::KeyFile));
    }
    (model, effects)
}

/// A store that opens with this alone.
pub(super) fn only(kind: SlotKind) -> Lock {
    Lock::Locked {
        keyring: kind == SlotKind::Keyring,
        passphrase: kind == SlotKind::Passphrase,
        key_file: kind == SlotKind::KeyFile,
    }
}

/// The generation that the first effect which has one waits for.
pub(super) fn generation(effects: &[Effect]) -> Option<u64> {
    effects.iter().find_map(|effect| match effect {
        Effect::InspectStore { generation, .. }
        | Effect::ListProfiles { generation }
        | Effect::OpenDemo { generation }
        | Effect::OpenStore { generation, .. }
        | Effect::StopOpening { generation }
        | Effect::ProbeKeyring { generation }
        | Effect::LookAtStored { generation, .. }
        | Effect::Lock { generation }
        | Effect::ReadCertificate { generation, .. }
        | Effect::RunSetup { generation, .. }
        | Effect::SetUpAnew { generation }
        | Effect::BeginConnect { generation }
        | Effect::BeginConnectOverLan { generation, .. }
        | Effect::FindLan { generation }
        | Effect::ChangePort { generation, .. }
        | Effect::ListUsers { generation }
        | Effect::RecallAllAccounts { generation }
        | Effect::Arrange { generation, .. }
        | Effect::RefreshAll { generation }
        | Effect::ReadAccounts { generation, .. }
        | Effect::Examine { generation, .. }
        | Effect::RecallJson { generation, .. }
        | Effect::LookAtBudgets { generation }
        | Effect::Export { generation, .. }
        | Effect::ListPayments { generation, .. }
        | Effect::ReadPayments { generation, .. }
        | Effect::RecallPayment { generation, .. }
        | Effect::ReckonPayments { generation, .. }
        | Effect::ReadProfile { generation, .. } => Some(*generation),
        _ => None,
    })
}

/// A setup that runs, its first steps done.
pub(super) fn running() -> (Model, u64) {
    let (mut model, _) = open(
        &Start::Demo,
        opened(Environment::Demo, Stage::Fresh, Vec::new()),
    );
    let effects = press(&mut model, Action::SetUp);
    let generation = generation(&effects).unwrap();
    for (step, milliseconds) in [(Step::KeyPair, 63), (Step::Installation, 21)] {
        step_is(
            &mut model,
            generation,
            step,
            StepState::Done {
                took: Some(Duration::from_millis(milliseconds)),
            },
        );
    }
    step_is(&mut model, generation, Step::Provider, StepState::Running);
    (model, generation)
}

pub(super) fn step_is(model: &mut Model, generation: u64, step: Step, state: StepState) {
    send(
        model,
        Msg::Setup(setup::Msg::Stepped {
            generation,
            change: StepChange { step, state },
        }),
    );
}

/// A setup that failed at the provider.
pub(super) fn failed_setup() -> Model {
    let (mut model, generation) = running();
    step_is(
        &mut model,
        generation,
        Step::Provider,
        StepState::Failed(problem()),
    );
    send(
        &mut model,
        Msg::Setup(setup::Msg::Finished {
            generation,
            result: Err(problem()),
        }),
    );
    model
}

/// Everything set up, nobody connected, and the code on its way.
pub(super) fn starting(environment: Environment) -> (Model, u64) {
    let start = match &environment {
        Environment::Demo => Start::Demo,
        other => profile(other.clone()),
    };
    let (model, effects) = open(&start, opened(environment, Stage::Ready, Vec::new()));
    let generation = generation(&effects).unwrap();
    (model, generation)
}

pub(super) fn invitation() -> Invitation {
    Invitation {
        authorize_url: ADDRESS.into(),
        callback_url: "http://localhost:8000/callback".into(),
        expires_at: at("2026-11-24T14:12:00Z"),
        strangers: Vec::new(),
        certificate: None,
        lan_address: None,
    }
}

/// The code is shown.
pub(super) fn inviting(environment: Environment) -> (Model, u64) {
    let (mut model, generation) = starting(environment);
    send(
        &mut model,
        Msg::Connect(connect::Msg::Invited {
            generation,
            result: Ok(invitation()),
        }),
    );
    (model, generation)
}

/// The code could not be shown.
pub(super) fn failed_connect() -> Model {
    let (mut model, generation) = starting(Environment::Sandbox);
    let taken = Problem::new("Port 8000 is taken", Exit::Failed)
        .because("another program listens there")
        .next("Stop it and press r, or take another port with e.")
        .remedied_by(Remedy::OtherPort);
    send(
        &mut model,
        Msg::Connect(connect::Msg::Invited {
            generation,
            result: Err(taken),
        }),
    );
    model
}

/// Users on stored figures, the first one's accounts being read.
pub(super) fn listed() -> (Model, u64) {
    let (model, effects) = open(
        &profile(Environment::Sandbox),
        opened(Environment::Sandbox, Stage::Ready, some_users()),
    );
    let generation = generation(&effects).unwrap();
    (model, generation)
}

/// Users with accounts.
pub(super) fn full() -> Model {
    let (mut model, generation) = listed();
    read(&mut model, generation, Ok(some_accounts()));
    model.users.focus = users::Focus::Accounts;
    model.users.about = users::About::Account;
    model
}

pub(super) fn read(
    model: &mut Model,
    generation: u64,
    result: Result<Accounts, Problem>,
) -> Vec<Effect> {
    send(
        model,
        Msg::Users(users::Msg::AccountsRead {
            generation,
            user: UserNumber(1),
            result,
        }),
    )
}

pub(super) fn draw(model: &Model, width: u16, height: u16) -> Buffer {
    let mut model = model.clone();
    send(&mut model, Msg::Resized(width, height));
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    view(&model, area, &mut buffer);
    // Whatever a test draws: nothing in it steers, hides or turns.
    let found = super::hostile::faults(&buffer);
    assert!(found.is_empty(), "{found:?}");
    buffer
}

/// What a text capture of the screen gives.
pub(super) fn text(buffer: &Buffer) -> String {
    let mut lines = Vec::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut skip = 0;
        for x in 0..buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            if skip == 0 {
                line.push_str(symbol);
            }
            skip = if skip > 0 {
                skip - 1
            } else {
                crate::tui::widget::text::width(symbol).saturating_sub(1)
            };
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}

pub(super) fn type_text(model: &mut Model, typed: &str) {
    for character in typed.chars() {
        let key = crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char(character));
        send(model, Msg::Typed(Keystroke(key)));
    }
}
