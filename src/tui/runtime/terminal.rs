//! The terminal: taken over once, given back exactly once, whatever happens in between.

use std::cell::Cell;
use std::io::{self, IsTerminal, Stdout, Write};
use std::mem::ManuallyDrop;
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste};
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use nix::unistd::{Pid, getpgid, getppid, getsid};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use rustix::process::{Signal, getpid, kill_process};
use tokio::sync::Notify;

use crate::base::{Exit, Problem, Secret};
use crate::tui::app::Model;
use crate::tui::view::view;

/// How many milliseconds a panic waits for the frame that another thread writes.
const PATIENCE_FOR_A_FRAME: u32 = 500;
/// Takes clicks and the wheel, but not every movement, which would only wake the program.
const TAKE_MOUSE: &str = "\x1b[?1000h\x1b[?1006h";
/// Whether the terminal is ours.
static TAKEN: AtomicBool = AtomicBool::new(false);
/// Whether all of it was given back: the writes came to their end.
static HANDED_OVER: AtomicBool = AtomicBool::new(true);
/// A thread has panicked: nothing is drawn any more, and the program ends.
static PANICKED: AtomicBool = AtomicBool::new(false);
/// Wakes the loop after a panic.
static PANIC: Notify = Notify::const_new();

/// The terminal while it is ours. Dropping it gives it back.
pub(super) struct Screen {
    /// Never dropped: its own drop shows the cursor, which `give_back` does already, and where
    /// the terminal is gone it panics, for it says so on a standard error that is gone as well.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<Stdout>>>,
    /// Whether the next frame finds an empty screen.
    cleared: bool,
    /// Whether the mouse is ours.
    mouse: bool,
}

impl Screen {
    /// Takes the terminal over, with the mouse where that is wanted.
    pub(super) fn take(mouse: bool) -> Result<Self, Problem> {
        let failed = |error: io::Error| {
            give_back();
            Problem::new("The screen could not be set up", Exit::Failed)
                .because(error.to_string())
                .next(
                    "Run it in a terminal, or with --plain, which draws nothing; for scripts \
                     there are the commands: bunq-tui --help.",
                )
        };
        if !io::stdout().is_terminal() {
            return Err(failed(io::Error::other("the output is not a terminal")));
        }
        if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
            return Err(failed(io::Error::other(
                "this terminal cannot place text (TERM is dumb)",
            )));
        }
        take_over(mouse).map_err(failed)?;
        restore_on_panic();
        let terminal = Terminal::new(CrosstermBackend::new(io::stdout())).map_err(failed)?;
        Ok(Self {
            terminal: ManuallyDrop::new(terminal),
            cleared: false,
            mouse,
        })
    }

    /// Columns and rows; nothing when the terminal is gone.
    pub(super) fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// Gives the terminal back and stops the program, as Ctrl-Z does anywhere else; once it goes
    /// on, takes the terminal again, to be drawn in full. Where there is no shell to go back to it
    /// does nothing, as the system has it for every program (POSIX, orphaned process group), and
    /// answers so.
    pub(super) fn suspend(&mut self) -> io::Result<bool> {
        if !has_shell() {
            return Ok(false);
        }
        give_back();
        // TSTP itself would only come to us again. The loop is on the main thread, which is
        // stopped before the call returns.
        kill_process(getpid(), Signal::STOP)?;
        self.take_again().map(|()| true)
    }

    /// Takes the terminal after the program was stopped: whoever had it meanwhile may have changed
    /// everything.
    pub(super) fn take_again(&mut self) -> io::Result<()> {
        // Only what was given back is taken anew.
        disable_raw_mode()?;
        take_over(self.mouse)?;
        self.cleared = true;
        Ok(())
    }

    /// Everything has to be drawn anew: whoever changes the terminal's size twice, or stops the
    /// program, leaves a screen that is not the last frame, although its size is the same.
    pub(super) fn forget_frame(&mut self) {
        self.cleared = true;
    }

    /// Draws the model, all at once.
    pub(super) fn draw(&mut self, model: &Model) -> io::Result<()> {
        let _frame = Frame::begin();
        if PANICKED.load(Ordering::SeqCst) {
            return Ok(());
        }
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        if std::mem::take(&mut self.cleared) {
            queue!(self.terminal.backend_mut(), Clear(ClearType::All))?;
            // Forgets the last frame. `clear` would ask the terminal where the cursor is, and its
            // answer comes among the keys.
            self.terminal.swap_buffers();
        }
        self.terminal.draw(|frame| {
            let area = frame.area();
            if let Some(cursor) = view(model, area, frame.buffer_mut()) {
                frame.set_cursor_position(cursor);
            }
        })?;
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)
    }

    /// Takes the mouse, or leaves it to the terminal.
    pub(super) fn capture_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        let out = self.terminal.backend_mut();
        if on {
            execute!(out, Print(TAKE_MOUSE))
        } else {
            execute!(out, DisableMouseCapture)
        }
    }

    /// Hands a text to the terminal's clipboard (OSC 52).
    pub(super) fn copy(&mut self, text: &Secret) -> io::Result<()> {
        execute!(
            self.terminal.backend_mut(),
            CopyToClipboard::to_clipboard_from(text.expose())
        )
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Waits for a panic in any thread.
pub(super) async fn panicked() {
    PANIC.notified().await;
}

fn take_over(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    HANDED_OVER.store(false, Ordering::SeqCst);
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        Print(if mouse { TAKE_MOUSE } else { "" }),
        Hide
    )
}

/// Whether somebody waits for this program to stop: a parent of the same session, in another
/// process group. Where the parent is of another process namespace its numbers are 0, which is no
/// number of ours, and which rustix takes for a mistake.
fn has_shell() -> bool {
    let parent = getppid();
    if parent == Pid::from_raw(0) {
        return false;
    }
    let same_session = getsid(Some(parent)).is_ok_and(|session| getsid(None) == Ok(session));
    same_session && getpgid(Some(parent)).is_ok_and(|group| getpgid(None) != Ok(group))
}

/// Ends the program although its loop hangs, in a write to a terminal that no longer reads: only
/// the terminal's modes are given back, which needs no writing.
#[expect(
    clippy::disallowed_methods,
    clippy::exit,
    reason = "nothing else ends a process whose main thread hangs, and its terminal is given back"
)]
pub(super) fn end_by_force(code: u8) {
    if HANDED_OVER.load(Ordering::SeqCst) {
        return;
    }
    let _ = disable_raw_mode();
    std::process::exit(i32::from(code));
}

/// Gives the terminal back, once. What cannot be written is lost: the terminal is gone then.
fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    // First what cannot hang.
    let _ = disable_raw_mode();
    let mut out = io::stdout();
    let _ = execute!(
        out,
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
    let _ = out.flush();
    HANDED_OVER.store(true, Ordering::SeqCst);
}

/// A frame while it is written. Whatever else writes to the terminal waits for its end, or what is
/// left of it would land there after.
struct Frame(#[expect(dead_code, reason = "it is held")] MutexGuard<'static, ()>);

static FRAME: Mutex<()> = Mutex::new(());
thread_local! {
    /// Whether this thread is writing a frame.
    static WRITES: Cell<bool> = const { Cell::new(false) };
}

impl Frame {
    fn begin() -> Self {
        let frame = FRAME.lock().unwrap_or_else(PoisonError::into_inner);
        WRITES.set(true);
        Self(frame)
    }

    /// Waits for the end of the frame that is being written, but not for one of this very thread,
    /// nor for ever: the terminal may not read.
    fn after() -> Option<MutexGuard<'static, ()>> {
        for _ in 0..PATIENCE_FOR_A_FRAME {
            if WRITES.get() {
                return None;
            }
            match FRAME.try_lock() {
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
                Err(TryLockError::Poisoned(frame)) => return Some(frame.into_inner()),
                Ok(frame) => return Some(frame),
            }
        }
        None
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        WRITES.set(false);
    }
}

/// A panic in any thread gives the terminal back first, then says what the hook before says.
fn restore_on_panic() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        PANICKED.store(true, Ordering::SeqCst);
        let frame = Frame::after();
        give_back();
        drop(frame);
        before(info);
        PANIC.notify_one();
    }));
}
