//! The detail pane: a user's profile, or an account's fields.

use ratatui::text::{Line, Span};

use super::update::accounts;
use super::About;
use crate::tui::app::Model;
use crate::tui::widget::text::{problem_lines, when};
use crate::workspace::{AccountSummary, Field, SessionState, UserSummary};

/// Its title.
pub(super) fn title(model: &Model) -> &'static str {
    match model.users.about {
        About::User => "Profile",
        About::Account => "Account",
    }
}

/// When what it shows was read, and what is going on.
pub(super) fn remark(model: &Model) -> String {
    let state = &model.users;
    let Some(user) = state.user(&model.data.users) else {
        return String::new();
    };
    if state.about == About::Account {
        return String::new();
    }
    let remote = model.data.profiles.get(&user.number);
    if remote.is_some_and(|one| one.is_loading()) {
        return "reading…".into();
    }
    remote
        .and_then(|one| one.value())
        .map_or_else(String::new, |profile| {
            format!("read {}", when(profile.as_of, model.now, &model.facts.zone))
        })
}

/// Its lines.
pub(super) fn lines(model: &Model) -> Vec<Line<'static>> {
    let state = &model.users;
    let Some(user) = state.user(&model.data.users) else {
        return Vec::new();
    };
    match state.about {
        About::User => of_user(model, user),
        About::Account => accounts(model)
            .get(state.accounts.at)
            .map_or_else(Vec::new, |account| of_account(model, account)),
    }
}

fn labelled(model: &Model, label: &str, value: impl Into<String>) -> [Line<'static>; 2] {
    [
        Line::styled(label.to_owned(), model.facts.theme.strong()),
        Line::from(vec![
            Span::raw(" "),
            Span::raw(" "),
            Span::raw(value.into()),
        ]),
    ]
}

fn fields(model: &Model, fields: &[Field]) -> Vec<Line<'static>> {
    fields
        .iter()
        .flat_map(|field| labelled(model, field.label, field.value.clone()))
        .collect()
}

fn of_user(model: &Model, user: &UserSummary) -> Vec<Line<'static>> {
    let zone = &model.facts.zone;
    let mut lines = Vec::new();
    lines.extend(labelled(model, "Name", user.name.to_string()));
    if let Some(revoked) = user.revoked_at {
        lines.push(Line::styled(
            format!("✗ revoked, seen {}", when(revoked, model.now, zone)),
            model.facts.theme.bad(),
        ));
        lines.push(Line::raw("n links this user again, into the same number."));
    }
    let totals: Vec<String> = user.totals.iter().map(|money| money.to_string()).collect();
    for (place, total) in totals.into_iter().enumerate() {
        let [label, value] = labelled(model, "Total", total);
        if place == 0 {
            lines.push(label);
        }
        lines.push(value);
    }
    if let SessionState::Until(until) = user.session {
        lines.extend(labelled(model, "Session until", when(until, model.now, zone)));
    }
    if let Some(at) = user.connected_at {
        lines.extend(labelled(model, "Connected", when(at, model.now, zone)));
    }
    let remote = model.data.profiles.get(&user.number);
    match remote.and_then(|one| one.value()) {
        Some(profile) => {
            lines.push(Line::default());
            lines.extend(fields(model, &profile.fields));
        }
        None if remote.is_some_and(|one| one.is_loading()) => {}
        None => {
            lines.push(Line::default());
            lines.push(Line::from(vec![
                Span::styled("Enter", model.facts.theme.key()),
                Span::raw("  "),
                Span::raw("reads the whole profile"),
            ]));
        }
    }
    if let Some(problem) = remote.and_then(|one| one.problem()) {
        lines.push(Line::default());
        lines.extend(problem_lines(model.facts.theme, problem));
    }
    lines
}

fn of_account(model: &Model, account: &AccountSummary) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    lines.extend(labelled(model, "Account", account.description.to_string()));
    if let Some(balance) = &account.balance {
        lines.extend(labelled(model, "Balance", balance.to_string()));
    }
    if let Some(iban) = &account.iban {
        lines.extend(labelled(model, "IBAN", iban.grouped()));
        if !iban.is_valid() {
            lines.push(Line::raw("  its check digits are wrong"));
        }
    }
    lines.extend(labelled(model, "Kind", account.kind.label()));
    lines.extend(labelled(model, "Status", account.status.to_string()));
    lines.extend(labelled(model, "Number", account.id.to_string()));
    lines.extend(fields(model, &account.details));
    lines
}
