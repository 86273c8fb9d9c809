//! The line that says what waits for one of the bank's limits, why and how long.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::text::{fit, width};
use crate::base::{Method, WaitReason};
use crate::tui::app::Model;

/// A request that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Wait<'a> {
    /// How it asks.
    pub(in crate::tui) method: Method,
    /// What it asks for.
    pub(in crate::tui) path: &'a str,
    /// Until when.
    pub(in crate::tui) until: Timestamp,
    /// Why.
    pub(in crate::tui) why: WaitReason,
}

/// Whole seconds until then, the last one counted until it is over.
pub(in crate::tui) fn seconds_until(until: Timestamp, now: Timestamp) -> i64 {
    let milliseconds = until.duration_since(now).as_millis().max(0);
    i64::try_from(milliseconds.saturating_add(999) / 1000).unwrap_or(i64::MAX)
}

/// The reason in the fewest words.
pub(in crate::tui) fn shortly(why: WaitReason) -> String {
    match why {
        WaitReason::Limit { calls, seconds } => format!("{calls} in {seconds} s"),
        WaitReason::Refused => "too fast".into(),
        WaitReason::Retry => "trying again".into(),
    }
}

/// The words that fit into so many cells.
fn words(wait: Wait<'_>, others: usize, now: Timestamp, cells: usize) -> String {
    let left = seconds_until(wait.until, now);
    let method = wait.method;
    let path = wait.path.strip_prefix("/v1/").unwrap_or(wait.path);
    let last = path.rsplit('/').next().unwrap_or(path);
    let why = wait.why;
    let brief = shortly(why);
    let more = if others == 0 {
        String::new()
    } else {
        format!(", {others} more")
    };
    [
        format!("waits {left} s: {method} {path} ({why}){more}"),
        format!("waits {left} s: {method} {last} ({why}){more}"),
        format!("waits {left} s: {method} {last} ({brief}){more}"),
    ]
    .into_iter()
    .find(|text| width(text) <= cells)
    .unwrap_or_else(|| fit(&format!("waits {left} s{more}: {last} ({brief})"), cells))
}

/// Draws it, where something waits.
pub(in crate::tui) fn wait_line(model: &Model, row: Rect, buffer: &mut Buffer) {
    let Some((wait, others)) = model.log.waiting(model.now) else {
        return;
    };
    let text = words(wait, others, model.now, usize::from(row.width));
    Line::styled(text, model.facts.theme.strong()).render(row.intersection(buffer.area), buffer);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_get_shorter_and_keep_the_seconds() {
        let now: Timestamp = "2026-11-24T14:02:00Z".parse().unwrap();
        let wait = Wait {
            method: Method::Post,
            path: "/v1/session-server",
            until: "2026-11-24T14:02:11.2Z".parse().unwrap(),
            why: WaitReason::Limit {
                calls: 1,
                seconds: 30,
            },
        };
        let at = |cells| words(wait, 0, now, cells);
        assert_eq!(
            at(80),
            "waits 12 s: POST session-server (bunq takes 1 in 30 s)"
        );
        assert_eq!(at(44), "waits 12 s: POST session-server (1 in 30 s)");
        assert_eq!(at(38), "waits 12 s: session-server (1 in 30 s)");
        for cells in 0..80 {
            assert!(width(&words(wait, 3, now, cells)) <= cells, "{cells}");
        }
        assert!(words(wait, 3, now, 38).starts_with("waits 12 s, 3 more: "));
    }
}
