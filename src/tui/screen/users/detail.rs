//! The detail pane: a user's profile, or an account's fields.

use ratatui::text::{Line, Span};

use super::About;
use super::update::account;
use crate::tui::app::{Model, Screen};
use crate::tui::keymap::{Action, Context};
use crate::tui::widget::text::{pad, problem_lines, width as text_width};
use crate::workspace::{AccountSummary, Field, GOAL_REACHED, SessionState, UserSummary};

/// Its title.
pub(super) fn title(model: &Model) -> &'static str {
    match model.users.about {
        About::User => "Profile",
        About::Account => "Account",
    }
}

/// When what it shows was read, and what is going on; of an account, what leads further.
pub(super) fn remark(model: &Model) -> String {
    let state = &model.users;
    let Some(user) = state.user(&model.data.users) else {
        return String::new();
    };
    if state.about == About::Account {
        let key = model.key(Context::Everywhere, Action::Go(Screen::Payments));
        return format!("{key}: payments");
    }
    let remote = model.data.profiles.get(&user.number);
    if remote.is_some_and(|one| one.is_loading()) {
        return "reading…".into();
    }
    remote
        .and_then(|one| one.value())
        .map_or_else(String::new, |profile| {
            format!("read {}", model.facts.forms.when(profile.as_of, model.now))
        })
}

/// Its lines.
pub(super) fn lines(model: &Model, width: u16) -> Vec<Line<'static>> {
    let state = &model.users;
    let Some(user) = state.user(&model.data.users) else {
        return Vec::new();
    };
    match state.about {
        About::User => of_user(model, user, width),
        About::Account => {
            account(model).map_or_else(Vec::new, |account| of_account(model, account, width))
        }
    }
}

/// Columns that labels take.
const LABEL: usize = 16;

/// A label and its value: on one line where they fit, else the value below.
pub(in crate::tui) fn labelled(
    model: &Model,
    label: &str,
    value: &str,
    width: u16,
) -> Vec<Line<'static>> {
    let strong = model.facts.theme.strong();
    let fits = text_width(label) < LABEL && LABEL + text_width(value) <= usize::from(width);
    if fits {
        return vec![Line::from(vec![
            Span::styled(pad(label, LABEL, false), strong),
            Span::raw(value.to_owned()),
        ])];
    }
    vec![
        Line::styled(label.to_owned(), strong),
        Line::from(vec![
            Span::raw(" "),
            Span::raw(" "),
            Span::raw(value.to_owned()),
        ]),
    ]
}

/// What the bank says, a label and its value each.
pub(in crate::tui) fn fields(model: &Model, fields: &[Field], width: u16) -> Vec<Line<'static>> {
    fields
        .iter()
        .flat_map(|field| {
            let bar = Some(field)
                .filter(|field| field.label == GOAL_REACHED)
                .and_then(|field| goal(&field.value));
            let value = bar.unwrap_or_else(|| model.facts.forms.field(field));
            labelled(model, field.label, &value, width)
        })
        .collect()
}

/// Cells of a bar.
const BAR: usize = 10;

/// How far a savings goal is reached, as a bar before its per cent.
fn goal(words: &str) -> Option<String> {
    let reached: usize = words.split_once(" %")?.0.parse().ok()?;
    let filled = (reached.min(100) * BAR + 50) / 100;
    let (filled, empty) = ("█".repeat(filled), "─".repeat(BAR - filled));
    Some(format!("[{filled}{empty}] {words}"))
}

fn of_user(model: &Model, user: &UserSummary, width: u16) -> Vec<Line<'static>> {
    let forms = &model.facts.forms;
    let remote = model.data.profiles.get(&user.number);
    let profile = remote.and_then(|one| one.value());
    let mut lines = labelled(model, "Name", user.name.as_str(), width);
    lines.extend(labelled(model, "Kind", user.kind.label(), width));
    if let Some(revoked) = user.revoked_at {
        let when = forms.when(revoked, model.now);
        let words = if user.of_earlier_setup {
            format!("✗ of an earlier setup, made anew {when}")
        } else {
            format!("✗ revoked, seen {when}")
        };
        lines.push(Line::styled(words, model.facts.theme.bad()));
        let words = "{everywhere.connect} links this user again, into the same number.";
        lines.push(Line::raw(model.spell(words)));
    }
    for (place, total) in user.totals.iter().enumerate() {
        let label = if place == 0 { "Total" } else { "" };
        lines.extend(labelled(model, label, &forms.money(&total), width));
    }
    if let Some(at) = user.as_of {
        let when = forms.when(at, model.now);
        lines.extend(labelled(model, "Accounts read", &when, width));
    }
    if let Some(at) = user.connected_at {
        lines.extend(labelled(
            model,
            "Connected",
            &forms.when(at, model.now),
            width,
        ));
    }
    if let SessionState::Until(until) = user.session {
        lines.extend(labelled(
            model,
            "Session until",
            &forms.when(until, model.now),
            width,
        ));
    }
    lines.push(Line::default());
    match profile {
        Some(profile) => {
            let rest: Vec<Field> = profile
                .fields
                .iter()
                .filter(|field| !["Name", "Kind"].contains(&field.label))
                .cloned()
                .collect();
            lines.extend(fields(model, &rest, width));
        }
        None if remote.is_some_and(|one| one.is_loading()) => {}
        None => lines.push(Line::from(vec![
            Span::styled(
                model.key(Context::Users, Action::Enter),
                model.facts.theme.key(),
            ),
            Span::raw("  "),
            Span::raw("reads the whole profile"),
        ])),
    }
    if let Some(problem) = remote.and_then(|one| one.problem()) {
        lines.push(Line::default());
        lines.extend(problem_lines(model, problem));
    }
    lines
}

/// All that the bank says of an account: its row first, then the rest.
fn of_account(model: &Model, account: &AccountSummary, width: u16) -> Vec<Line<'static>> {
    let forms = &model.facts.forms;
    let dash = || "—".to_owned();
    let iban = account.iban.as_ref();
    let row = [
        ("Description", account.description.to_string()),
        (
            "Balance",
            account
                .balance
                .map_or_else(dash, |money| forms.money(&money)),
        ),
        ("IBAN", iban.map_or_else(dash, |iban| forms.iban(iban))),
        ("Kind", account.kind.label().to_owned()),
        ("Status", account.status.to_string()),
    ];
    let mut lines: Vec<_> = row
        .iter()
        .flat_map(|(label, value)| labelled(model, label, value, width))
        .collect();
    lines.extend(fields(model, &account.details, width));
    lines.extend(labelled(model, "Number", &account.id.to_string(), width));
    if account.iban.as_ref().is_some_and(|iban| !iban.is_valid()) {
        lines.push(Line::default());
        lines.push(Line::raw("The check digits of this IBAN are wrong."));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::goal;

    #[test]
    fn a_goal_is_a_bar_with_its_per_cent() {
        let shown = |words: &str| goal(words).unwrap();
        assert_eq!(
            shown("52 % of 1000.00 EUR"),
            "[█████─────] 52 % of 1000.00 EUR"
        );
        assert_eq!(shown("0 %"), "[──────────] 0 %");
        assert_eq!(shown("140 %"), "[██████████] 140 %");
        assert_eq!(goal("soon"), None);
    }
}
