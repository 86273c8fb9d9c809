//! The conversation: lines out, one line in. Nothing is drawn, nothing moves, so that a screen
//! reader or a braille line reads it in the order in which it is said.

use std::io::{self, BufRead, Read};
use std::sync::mpsc as std_mpsc;

use tokio::sync::mpsc;

use super::super::output;
use crate::base::{Exit, Problem, printable};

/// Rows that are told at once.
const PAGE: usize = 20;
/// Most characters of an answer that are said again.
const ECHO: usize = 40;
/// Most bytes of an answer.
const LONGEST: u64 = 8_192;

/// What a person answered to a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Picked {
    /// The row of this place.
    Row(usize),
    /// A word that the list was told to take.
    Word(&'static str),
    /// Back to where they were.
    Back,
}

/// A word that may be answered to a list, and what it does.
pub(super) type Offer = (&'static str, &'static str);

/// Speaks and listens.
pub(super) struct Talk {
    /// Asks the reader for one more line.
    wanted: std_mpsc::Sender<()>,
    lines: mpsc::UnboundedReceiver<io::Result<Option<String>>>,
    /// A line was asked for and has not come yet.
    pending: bool,
    /// The person leaves: every list is gone back from, and nothing is asked any more.
    leaving: bool,
}

impl Talk {
    /// Listens to standard input from the first question on.
    pub(super) fn begin() -> Self {
        let (wanted, turns) = std_mpsc::channel();
        let (sender, lines) = mpsc::unbounded_channel();
        // Reading cannot be cancelled: a thread of its own does it, one line for each question.
        std::thread::spawn(move || {
            while turns.recv().is_ok() {
                if sender.send(read_line()).is_err() {
                    return;
                }
            }
        });
        Self {
            wanted,
            lines,
            pending: false,
            leaving: false,
        }
    }

    /// Says one line.
    pub(super) fn say(&self, text: &str) -> Result<(), Problem> {
        let text = printable(text);
        output::print(&format!("{text}\n"))
    }

    /// Says what went wrong, in full.
    pub(super) fn complain(&self, problem: &Problem) -> Result<(), Problem> {
        for line in problem.to_string().lines() {
            self.say(line)?;
        }
        Ok(())
    }

    /// The next line that is typed; none when there are no more. Dropped while it waits, the line
    /// goes to whoever asks next.
    pub(super) async fn line(&mut self) -> Result<Option<String>, Problem> {
        if !self.pending && self.wanted.send(()).is_err() {
            return Ok(None);
        }
        self.pending = true;
        let line = self.lines.recv().await;
        self.pending = false;
        match line {
            Some(Ok(line)) => Ok(line),
            Some(Err(error)) => Err(Problem::new("The answer could not be read", Exit::Failed)
                .because(error.to_string())),
            None => Ok(None),
        }
    }

    /// Asks; none when there are no more answers.
    pub(super) async fn ask(&mut self, question: &str) -> Result<Option<String>, Problem> {
        if self.leaving {
            return Ok(None);
        }
        output::print(&format!("{} ", printable(question)))?;
        self.line().await
    }

    /// Asks for a yes or a no, until it is one of them.
    pub(super) async fn agrees(&mut self, question: &str) -> Result<bool, Problem> {
        loop {
            let answer = self.ask(&format!("{question} Type yes or no:")).await?;
            let Some(answer) = answer else {
                return Ok(false);
            };
            match answer.trim().to_lowercase().as_str() {
                "y" | "yes" => return Ok(true),
                "" | "n" | "no" | "back" | "b" => return Ok(false),
                _ => {}
            }
        }
    }

    /// Tells numbered rows, so many at a time, until one of them, a word or the way back is
    /// chosen.
    pub(super) async fn pick(
        &mut self,
        title: &str,
        rows: &[String],
        offers: &[Offer],
    ) -> Result<Picked, Problem> {
        if self.leaving {
            return Ok(Picked::Back);
        }
        let mut shown: Vec<usize> = (0..rows.len()).collect();
        let mut told = 0;
        self.say("")?;
        self.say(title)?;
        told = self.tell(rows, &shown, told)?;
        self.say(&ways(offers, rows.len(), told < shown.len()))?;
        loop {
            let Some(answer) = self.ask("Number or word:").await? else {
                return Ok(Picked::Back);
            };
            let answer = answer.trim();
            let word = answer.to_lowercase();
            if let Some((word, _)) = offers.iter().find(|(offered, _)| *offered == word) {
                return Ok(Picked::Word(word));
            }
            match (word.as_str(), answer.parse::<usize>()) {
                ("back" | "b", _) => return Ok(Picked::Back),
                ("quit" | "q", _) => {
                    self.leaving = true;
                    return Ok(Picked::Back);
                }
                ("more" | "m", _) if told < shown.len() => {
                    told = self.tell(rows, &shown, told)?;
                }
                ("more" | "m", _) => self.say("There are no more.")?,
                ("" | "again" | "help" | "?", _) => {
                    shown = (0..rows.len()).collect();
                    self.say(title)?;
                    told = self.tell(rows, &shown, 0)?;
                    self.say(&ways(offers, rows.len(), told < shown.len()))?;
                }
                (_, Ok(number)) if (1..=rows.len()).contains(&number) => {
                    return Ok(Picked::Row(number - 1));
                }
                (_, Ok(number)) => self.say(&format!("There is no number {number}."))?,
                _ if word.starts_with("find") || word.starts_with('/') => {
                    let wanted = word.trim_start_matches("find").trim_start_matches('/');
                    shown = matching(rows, wanted);
                    self.say(&format!("{} of {} fit.", shown.len(), rows.len()))?;
                    told = self.tell(rows, &shown, 0)?;
                }
                _ => {
                    let ways = ways(offers, rows.len(), told < shown.len());
                    // What is longer is not worth hearing again.
                    let answer = match answer.chars().nth(ECHO) {
                        Some(_) => "That",
                        None => answer,
                    };
                    self.say(&format!("{answer} is none of these. {ways}"))?;
                }
            }
        }
    }

    /// Tells the next rows; gives back how many were told by then.
    fn tell(&self, rows: &[String], shown: &[usize], from: usize) -> Result<usize, Problem> {
        let end = shown.len().min(from + PAGE);
        for place in shown.get(from..end).unwrap_or_default() {
            if let Some(row) = rows.get(*place) {
                self.say(&format!("{}. {row}", place + 1))?;
            }
        }
        if end < shown.len() {
            self.say(&format!(
                "{} more. Type more to hear them.",
                shown.len() - end
            ))?;
        }
        Ok(end)
    }
}

/// What may be answered, in one sentence.
fn ways(offers: &[Offer], rows: usize, more: bool) -> String {
    let mut ways: Vec<String> = offers
        .iter()
        .map(|(word, does)| format!("{word} {does}"))
        .collect();
    if more {
        ways.push("more goes on".into());
    }
    if rows > PAGE {
        ways.push("find WORDS narrows the list".into());
    }
    ways.push("back goes back".into());
    ways.push("quit leaves".into());
    let ways = ways.join("; ");
    match rows {
        0 => format!("Type a word: {ways}."),
        _ => format!("A number chooses; {ways}."),
    }
}

/// The rows that hold every word, blanks within account numbers aside.
fn matching(rows: &[String], wanted: &str) -> Vec<usize> {
    let squeezed = |text: &str| text.to_lowercase().replace(' ', "");
    let words: Vec<String> = wanted.split_whitespace().map(str::to_lowercase).collect();
    let fits = |row: &String| {
        let row = squeezed(row);
        words.iter().all(|word| row.contains(word.as_str()))
    };
    (0..rows.len())
        .filter(|place| rows.get(*place).is_some_and(fits))
        .collect()
}

fn read_line() -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let mut input = io::stdin().lock();
    let read = input.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
    if read == 0 {
        return Ok(None);
    }
    if u64::try_from(read).is_ok_and(|read| read == LONGEST) && !line.ends_with(b"\n") {
        // The rest of it is no answer to the next question.
        input.skip_until(b'\n')?;
    }
    Ok(Some(String::from_utf8_lossy(&line).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_find_rows_whatever_the_blanks() {
        let rows = [
            "Main, NL12 BUNQ 0123 4567 89".to_owned(),
            "Savings, NL99 BUNQ 9988 7766 55".to_owned(),
        ];
        assert_eq!(matching(&rows, " 456789"), [0]);
        assert_eq!(matching(&rows, "bunq sav"), [1]);
        assert_eq!(matching(&rows, ""), [0, 1]);
        assert!(matching(&rows, "nothing").is_empty());
    }

    #[test]
    fn the_ways_are_one_sentence() {
        let offers = [("connect", "adds a user")];
        assert_eq!(
            ways(&offers, PAGE + 1, true),
            "A number chooses; connect adds a user; more goes on; find WORDS narrows the list; \
             back goes back; quit leaves."
        );
        let none = ways(&offers, 0, false);
        assert_eq!(
            none,
            "Type a word: connect adds a user; back goes back; quit leaves."
        );
    }
}
