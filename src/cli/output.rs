//! Standard output and standard error. A reader that went away ends the program quietly.

use std::io::{self, ErrorKind, IsTerminal, Write};

use crate::base::{Exit, Problem, printable};

/// Prints a text to standard output.
pub(super) fn print(text: &str) -> Result<(), Problem> {
    write(text.as_bytes())
}

/// Prints the bank's bodies, one line for each: byte for byte into a pipe or file, with what
/// could steer a terminal escaped on one.
pub(super) fn print_raw(bodies: &[bytes::Bytes]) -> Result<(), Problem> {
    let to_terminal = io::stdout().is_terminal();
    for body in bodies {
        if to_terminal {
            write(escape(body).as_bytes())?;
        } else {
            write(body)?;
        }
        write(b"\n")?;
    }
    Ok(())
}

/// Prints a message for the person to standard error; whatever a path or a name in it holds,
/// nothing steers the terminal.
pub(super) fn message(text: &str) {
    picture(&printable(text));
}

/// Prints a picture that we drew ourselves, its colours included, to standard error.
pub(super) fn picture(text: &str) {
    // With standard error gone there is nobody left to tell.
    let _ = writeln!(io::stderr(), "{text}");
}

fn write(bytes: &[u8]) -> Result<(), Problem> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Problem::new(
            "The output could not be written",
            Exit::Failed,
        )
        .because(error.to_string())
        .next("Check the disk or the program that reads it.")),
        _ => Ok(()),
    }
}

fn escape(body: &[u8]) -> String {
    String::from_utf8_lossy(body)
        .chars()
        .flat_map(|character| {
            let plain = character == ' ' || character.is_ascii_graphic();
            let (kept, escaped) = if plain {
                (Some(character), None)
            } else {
                (None, Some(character.escape_unicode()))
            };
            kept.into_iter().chain(escaped.into_iter().flatten())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_no_control_characters() {
        assert_eq!(escape(b"a\x1b[31m"), "a\\u{1b}[31m");
        assert_eq!(escape("\u{202e}".as_bytes()), "\\u{202e}");
        assert_eq!(escape(br#"{"a":"\/"}"#), r#"{"a":"\/"}"#);
    }
}
