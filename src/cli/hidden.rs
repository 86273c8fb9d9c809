//! A line that is typed without being shown.

use std::fs::File;
use std::io::{self, Read, Write};

use rustix::process::{Signal, getpid, kill_process};
use rustix::termios::{self, LocalModes, OptionalActions, SpecialCodeIndex, Termios};
use zeroize::Zeroizing;

use crate::base::Secret;

/// Most bytes of a line; its memory is never moved, so that no copy stays behind.
const LONGEST: usize = 1024;

const END_OF_TEXT: u8 = 0x03;
const END_OF_TRANSMISSION: u8 = 0x04;
const BACKSPACE: u8 = 0x08;
const CLEAR_LINE: u8 = 0x15;
const DELETE: u8 = 0x7f;

/// Asks at the terminal, whatever standard input and output are. Nothing is shown of what is
/// typed, also not of what is typed before the question stands there: only then is it asked.
/// Ctrl-C ends the program as it always does, with the terminal put right first.
pub(super) fn ask(prompt: &str) -> io::Result<Secret> {
    let terminal = File::options().read(true).write(true).open("/dev/tty")?;
    let hidden = Hidden::begin(&terminal)?;
    let asked = (&terminal).write_all(prompt.as_bytes());
    let line = asked.and_then(|()| read_line(&terminal));
    drop(hidden);
    let _ = (&terminal).write_all(b"\n");
    match line? {
        Some(line) => std::str::from_utf8(&line)
            .map(Secret::new)
            .map_err(|_| io::Error::other("it is not valid UTF-8")),
        None => {
            kill_process(getpid(), Signal::INT)?;
            Err(io::ErrorKind::Interrupted.into())
        }
    }
}

/// The terminal shows nothing and makes no signals until this is dropped.
struct Hidden<'a> {
    terminal: &'a File,
    before: Termios,
}

impl<'a> Hidden<'a> {
    fn begin(terminal: &'a File) -> io::Result<Self> {
        let before = termios::tcgetattr(terminal)?;
        let mut now = before.clone();
        now.local_modes
            .remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
        now.special_codes[SpecialCodeIndex::VMIN] = 1;
        now.special_codes[SpecialCodeIndex::VTIME] = 0;
        termios::tcsetattr(terminal, OptionalActions::Now, &now)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Hidden<'_> {
    fn drop(&mut self) {
        let _ = termios::tcsetattr(self.terminal, OptionalActions::Now, &self.before);
    }
}

/// None when it was interrupted.
fn read_line(mut from: impl Read) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    loop {
        let mut byte = [0];
        // What a signal interrupts is read again.
        from.read_exact(&mut byte)?;
        let [byte] = byte;
        match byte {
            b'\r' | b'\n' => return Ok(Some(line)),
            END_OF_TEXT => return Ok(None),
            END_OF_TRANSMISSION if line.is_empty() => {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            END_OF_TRANSMISSION => {}
            BACKSPACE | DELETE => erase(&mut line),
            CLEAR_LINE => line.clear(),
            _ if line.len() == LONGEST => {
                return Err(io::Error::other(format!(
                    "it has more than {LONGEST} bytes"
                )));
            }
            other => line.push(other),
        }
    }
}

/// Takes the last character away, with all of its bytes.
fn erase(line: &mut Vec<u8>) {
    while let Some(byte) = line.pop() {
        if !matches!(byte, 0x80..=0xbf) {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &[u8]) -> io::Result<Option<String>> {
        let line = read_line(typed)?;
        Ok(line.map(|line| String::from_utf8(line.to_vec()).unwrap()))
    }

    #[test]
    fn keys_do_what_they_do_in_a_shell() {
        for (typed, line) in [
            ("plain\r", "plain"),
            ("new line\n more", "new line"),
            ("aé\u{7f}b\r", "ab"),
            ("\u{8}\u{8}x\r", "x"),
            ("gone\u{15}here\r", "here"),
            ("a\u{4}b\r", "ab"),
            ("\r", ""),
        ] {
            assert_eq!(read(typed.as_bytes()).unwrap().unwrap(), line, "{typed:?}");
        }
        assert_eq!(read(b"secret\x03").unwrap(), None);
        assert!(read(b"\x04").is_err());
        assert!(read(b"cut off").is_err());
        assert!(read(&[b'x'; LONGEST + 1]).is_err());
    }
}
