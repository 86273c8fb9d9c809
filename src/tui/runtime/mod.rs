//! The only part of the screens that touches the world: terminal, signals, tasks, clock.

mod background;
mod data;
mod demo;
mod doctor;
mod effects;
mod flow;
mod held;
mod idle;
mod input;
mod payments;
mod signals;
mod terminal;

use std::io::Write;
use std::time::Duration;

use crossterm::event::{Event, EventStream};
use futures_util::StreamExt;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::{broadcast, mpsc};
use tokio::time::{Instant, MissedTickBehavior};

use super::app::{Effect, Facts, Model, Msg, update};
use super::forms::Forms;
use super::keymap::Keymap;
use super::screen::{locked::locks_when_idle, users};
use super::{Options, Start};
use crate::base::{Clock, Exit, Problem, RequestEvent};
use crate::config::ScreenMemory;

pub use demo::Demo;
pub use doctor::terminal_checks;
pub(super) use effects::World;
use idle::Idle;
use input::LateAnswer;
pub(super) use input::translate;
use signals::{Pause, Pauses, Signals};
use terminal::Screen;

/// Least time between two frames.
const FRAME: Duration = Duration::from_millis(6);
/// Longest that the end waits for an exchange.
const LAST_WAIT: Duration = Duration::from_secs(15);
/// How long after a signal the terminal is given back at the latest.
const HANGS: Duration = Duration::from_secs(2);
/// Shortest sleep before a refresh that is due.
const LEAST_SLEEP: Duration = Duration::from_millis(100);
/// How many answers may wait for the loop.
const QUEUE: usize = 64;

/// How the screens ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The person left.
    Left,
    /// A signal of this number came.
    Signal(u8),
}

impl Ended {
    /// The code that the process ends with: 128 and the number for a signal, as shells do.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Left => 0,
            Self::Signal(number) => number.saturating_add(128),
        }
    }
}

/// Shows the screens until the person leaves or a signal comes.
///
/// # Errors
/// When there is no terminal, or the program met a mistake of its own.
pub async fn run(options: Options) -> Result<Ended, Problem> {
    let terminal = doctor::surroundings();
    if terminal.no_colour {
        // Otherwise the backend leaves out the number of a colour but not what is around it, and
        // the empty sequence that stays resets the reverse video of the selection.
        crossterm::style::force_color_output(true);
    }
    let unheard = |error: std::io::Error| {
        Problem::new("Signals could not be listened to", Exit::Failed).because(error.to_string())
    };
    let signals = Signals::listen().map_err(unheard)?;
    let pauses = Pauses::listen().map_err(unheard)?;
    let watchdog = tokio::spawn(end_if_it_hangs(Signals::listen().map_err(unheard)?));
    let clock = options.settings.clock.clone();
    let now = clock.now();
    let memory = ScreenMemory::load(&options.settings.data_dir);
    let (facts, owed) = facts(&options, keymap(&options)?, terminal, &memory);
    let mut model = Model::new(facts, &options.start, now);
    model.mouse.on = options.mouse;
    if !matches!(options.start, Start::Demo) {
        model.recall(memory);
    }
    model.mouse.on = options.mouse;
    let requests = options.settings.events.listen();
    let (sender, answers) = mpsc::channel(QUEUE);
    let mut looping = Loop {
        screen: Screen::take(options.mouse)?,
        world: World::new(options.settings, sender),
        model,
        clock,
        answers,
        requests,
        signals,
        idle: Idle::new(options.lock_after),
        pauses,
        late: LateAnswer::new(owed),
        dirty: true,
    };
    let ended = looping.turn().await;
    let ended = looping.end(ended).await;
    watchdog.abort();
    ended
}

/// Ends the program where a signal came and the terminal was not given back soon after.
async fn end_if_it_hangs(mut signals: Signals) {
    let number = signals.next().await;
    tokio::time::sleep(HANGS).await;
    terminal::end_by_force(Ended::Signal(number).code());
}

/// The keys as the person bound them.
fn keymap(options: &Options) -> Result<Keymap, Problem> {
    Keymap::new(&options.keys).map_err(|problems| {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Problem::new("The keys cannot be bound so", Exit::Usage)
            .because(all.join("; "))
            .next("Correct them, or take them out.")
    })
}

/// The facts, and whether the terminal still owes an answer. It is asked before its modes are
/// changed: asking gives them back.
fn facts(
    options: &Options,
    keymap: Keymap,
    terminal: super::screen::doctor::Terminal,
    memory: &ScreenMemory,
) -> (Facts, bool) {
    let (theme, themes, owed) = background::choose(options.theme, memory, &terminal);
    let facts = Facts {
        over_ssh: terminal.over_ssh,
        terminal,
        forms: Forms::new(TimeZone::system(), options.locale),
        theme,
        themes,
        keymap,
        here: std::env::current_dir().unwrap_or_default(),
        home: std::env::var_os("HOME").map(Into::into),
        key_file: options.key_file.clone(),
        lock_after: options.lock_after,
        refresh: options.refresh,
        limits: options.settings.limits,
    };
    (facts, owed)
}

/// Everything that the loop holds.
struct Loop {
    screen: Screen,
    world: World,
    model: Model,
    clock: Clock,
    answers: mpsc::Receiver<Msg>,
    requests: broadcast::Receiver<RequestEvent>,
    signals: Signals,
    idle: Idle,
    pauses: Pauses,
    late: LateAnswer,
    dirty: bool,
}

/// What woke the loop.
enum Woken {
    Terminal(Option<std::io::Result<Event>>),
    Answer(Msg),
    Request(Result<RequestEvent, broadcast::error::RecvError>),
    Signal(u8),
    Pause(Pause),
    Panic,
    Tick,
    Idle,
    Due,
    Frame,
}

impl Loop {
    async fn turn(&mut self) -> Result<Ended, Problem> {
        let gone = Ok(Ended::Signal(1));
        let Ok((columns, rows)) = self.screen.size() else {
            return gone;
        };
        // The first frame comes before anything that takes time.
        self.model.size = (columns, rows);
        let mut events = EventStream::new();
        let mut next_frame = Instant::now();
        if self.screen.draw(&self.model).is_err() {
            return gone;
        }
        self.dirty = false;
        if self.take(Msg::Started) {
            return Ok(Ended::Left);
        }
        let mut ticks = tokio::time::interval(Duration::from_secs(1));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let counting = self.model.wants_ticks();
            let locks_at = self.idle.ends(&self.model);
            let due_in = users::due(&self.model).map(|due| self.until(due));
            let woken = tokio::select! {
                biased;
                () = terminal::panicked() => Woken::Panic,
                number = self.signals.next() => Woken::Signal(number),
                pause = self.pauses.next() => Woken::Pause(pause),
                // Until a frame is due, whatever came meanwhile is taken first.
                () = tokio::time::sleep_until(next_frame), if self.dirty => Woken::Frame,
                event = events.next() => Woken::Terminal(event),
                Some(msg) = self.answers.recv() => Woken::Answer(msg),
                event = self.requests.recv() => Woken::Request(event),
                _ = ticks.tick(), if counting => Woken::Tick,
                () = idle::until(locks_at), if locks_at.is_some() => Woken::Idle,
                () = tokio::time::sleep(due_in.unwrap_or_default()), if due_in.is_some() => Woken::Due,
            };
            let locked = self.lock_if_idle();
            let left = match woken {
                Woken::Panic => return Err(own_mistake()),
                Woken::Signal(number) => return Ok(Ended::Signal(number)),
                Woken::Pause(Pause::Stop) => self.suspend(),
                Woken::Pause(Pause::GoOn) => {
                    let taken = self.screen.take_again();
                    self.go_on(taken.is_ok())
                }
                Woken::Frame => {
                    if self.screen.draw(&self.model).is_err() {
                        return gone;
                    }
                    self.dirty = false;
                    next_frame = Instant::now() + FRAME;
                    false
                }
                // The terminal is gone: reading it again would fail for ever.
                Woken::Terminal(None | Some(Err(_))) => return gone,
                // It was meant for what is not shown any more.
                Woken::Terminal(Some(Ok(event))) if locked && idle::is_a_person(&event) => false,
                Woken::Terminal(Some(Ok(event))) => self.hear(event),
                Woken::Answer(msg) => self.take(msg),
                Woken::Request(Ok(event)) => self.take(Msg::Log(event)),
                Woken::Request(Err(_)) => false,
                Woken::Tick => self.take(Msg::Ticked),
                Woken::Idle => false,
                Woken::Due => self.take(Msg::Users(users::Msg::Due)),
            };
            if left {
                return Ok(Ended::Left);
            }
        }
    }

    /// Gives the terminal back, and lets an exchange that is under way finish: its code is spent.
    async fn end(self, ended: Result<Ended, Problem>) -> Result<Ended, Problem> {
        let Self {
            screen,
            mut world,
            answers,
            mut signals,
            ..
        } = self;
        drop(screen);
        // Nobody listens any more; a task that tells something must not wait for it.
        drop(answers);
        let Some(exchange) = world.exchange().await else {
            return ended;
        };
        // With the terminal gone there is nobody to tell.
        let _ = writeln!(
            std::io::stderr(),
            "Finishing the exchange first; Ctrl-C once more stops at once."
        );
        tokio::select! {
            _ = tokio::time::timeout(LAST_WAIT, exchange) => ended,
            number = signals.next_that_forces() => Ok(Ended::Signal(number)),
        }
    }

    /// How long it is until then. A little more than nothing: what is due must not be asked for in
    /// a circle, should it not begin.
    fn until(&self, time: Timestamp) -> Duration {
        let left = time.duration_since(self.clock.now());
        Duration::try_from(left)
            .unwrap_or_default()
            .max(LEAST_SLEEP)
    }

    /// Locks when nobody was there for long enough. Looked at whatever wakes the loop: it may be
    /// the person who comes back, before the timer.
    fn lock_if_idle(&mut self) -> bool {
        let over = self.idle.is_over(&self.model);
        if over {
            self.take(Msg::Idled);
        }
        over
    }

    /// Stops until the shell lets the program go on; true when the program is to end.
    fn suspend(&mut self) -> bool {
        match self.screen.suspend() {
            Ok(false) => self.take(Msg::NoShell),
            stopped => self.go_on(stopped.is_ok()),
        }
    }

    /// Draws anew after a stop. Where the terminal could not be taken again the next draw fails,
    /// and that is the end.
    fn go_on(&mut self, taken: bool) -> bool {
        self.dirty = true;
        match self.screen.size() {
            Ok((columns, rows)) if taken => self.take(Msg::Resized(columns, rows)),
            _ => false,
        }
    }

    fn hear(&mut self, event: Event) -> bool {
        if self.late.takes(&event) {
            return false;
        }
        if idle::is_a_person(&event) {
            self.idle.begin();
        }
        if matches!(event, Event::Resize(..)) {
            self.screen.forget_frame();
        }
        translate(&self.model, event).is_some_and(|msg| self.take(msg))
    }

    /// Takes a message and runs what follows from it; true when the program is to end.
    fn take(&mut self, msg: Msg) -> bool {
        self.dirty = true;
        let now = self.clock.now();
        if !locks_when_idle(&self.model) {
            // Whoever waited for something has its end to look at first.
            self.idle.begin();
        }
        for effect in update(&mut self.model, msg, now) {
            match effect {
                Effect::Leave => return true,
                Effect::Suspend => {
                    if self.suspend() {
                        return true;
                    }
                }
                Effect::Copy(text) => {
                    if self.screen.copy(&text).is_ok() && self.take(Msg::Copied) {
                        return true;
                    }
                }
                // A terminal that cannot be written to is noticed at the next frame.
                Effect::CaptureMouse(on) => drop(self.screen.capture_mouse(on)),
                effect => self.world.run(effect, self.model.data.epoch),
            }
        }
        false
    }
}

fn own_mistake() -> Problem {
    Problem::new("The program met a mistake of its own", Exit::Failed)
        .next("What was stored is whole. Start again.")
}
