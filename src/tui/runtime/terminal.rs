//! The terminal: taken over once, given back exactly once, whatever happens in between.

use std::io::{self, IsTerminal, Stdout, Write};
use std::mem::ManuallyDrop;
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use rustix::process::{Signal, getpid, kill_process};
use tokio::sync::Notify;

use crate::base::{Exit, Problem, Secret};
use crate::tui::app::Model;
use crate::tui::view::view;

/// Whether the terminal is ours.
static TAKEN: AtomicBool = AtomicBool::new(false);
/// A thread has panicked: nothing is drawn any more, and the program ends.
static PANICKED: AtomicBool = AtomicBool::new(false);
/// Wakes the loop after a panic.
static PANIC: Notify = Notify::const_new();

/// The terminal while it is ours. Dropping it gives it back.
pub(super) struct Screen {
    /// Never dropped: its own drop shows the cursor, which `give_back` does already, and where
    /// the terminal is gone it panics, for it says so on a standard error that is gone as well.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<Stdout>>>,
}

impl Screen {
    /// Takes the terminal over.
    pub(super) fn take() -> Result<Self, Problem> {
        let failed = |error: io::Error| {
            give_back();
            Problem::new("The screen could not be set up", Exit::Failed)
                .because(error.to_string())
                .next("Run it in a terminal; for scripts there are the commands: bunq-tui --help.")
        };
        if !io::stdout().is_terminal() {
            return Err(failed(io::Error::other("the output is not a terminal")));
        }
        take_over().map_err(failed)?;
        restore_on_panic();
        let terminal = Terminal::new(CrosstermBackend::new(io::stdout())).map_err(failed)?;
        Ok(Self {
            terminal: ManuallyDrop::new(terminal),
        })
    }

    /// Columns and rows; nothing when the terminal is gone.
    pub(super) fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// Gives the terminal back and stops the program, as Ctrl-Z does anywhere else; once it goes
    /// on, takes the terminal again, to be drawn in full.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        give_back();
        // The loop is on the main thread, which the signal stops before the call returns. Where
        // there is no shell to go back to, the system ignores it.
        kill_process(getpid(), Signal::TSTP)?;
        take_over()?;
        execute!(self.terminal.backend_mut(), Clear(ClearType::All))?;
        // Forgets the last frame. `clear` would ask the terminal where the cursor is, and its
        // answer comes among the keys.
        self.terminal.swap_buffers();
        Ok(())
    }

    /// Draws the model, all at once.
    pub(super) fn draw(&mut self, model: &Model) -> io::Result<()> {
        if PANICKED.load(Ordering::SeqCst) {
            return Ok(());
        }
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(|frame| {
            let area = frame.area();
            if let Some(cursor) = view(model, area, frame.buffer_mut()) {
                frame.set_cursor_position(cursor);
            }
        })?;
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)
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

fn take_over() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        Hide
    )
}

/// Gives the terminal back, once. What cannot be written is lost: the terminal is gone then.
fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = execute!(
        out,
        EndSynchronizedUpdate,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
    let _ = disable_raw_mode();
    let _ = out.flush();
}

/// A panic in any thread gives the terminal back first, then says what the hook before says.
fn restore_on_panic() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        PANICKED.store(true, Ordering::SeqCst);
        give_back();
        before(info);
        PANIC.notify_one();
    }));
}
