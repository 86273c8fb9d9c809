//! A payment in full.

use ratatui::text::{Line, Span};

use crate::tui::app::Model;
use crate::tui::keymap::{Action, Context};
use crate::tui::screen::users::{fields, labelled};
use crate::workspace::payment_way;

/// Its lines: the row first, then the rest of what the bank says.
pub(super) fn lines(model: &Model, width: u16) -> Vec<Line<'static>> {
    let Some(row) = model.payments.selected() else {
        return Vec::new();
    };
    let forms = &model.facts.forms;
    let dash = || "—".to_owned();
    let iban = row.counterparty_iban.as_ref();
    let told = [
        ("Date", forms.date(row.created)),
        ("Time", forms.clock(row.created)),
        ("Amount", forms.money(&row.amount)),
        (
            "Balance after",
            row.balance_after
                .map_or_else(dash, |balance| forms.money(&balance)),
        ),
        ("Counterparty", row.counterparty.to_string()),
        ("IBAN", iban.map_or_else(dash, |iban| forms.iban(iban))),
        ("Description", row.description.to_string()),
        ("Kind", payment_way(&row.kind).to_string()),
    ];
    let mut lines: Vec<_> = told
        .iter()
        .flat_map(|(label, value)| labelled(model, label, value, width))
        .collect();
    match model.payments.recalled().map(|one| &one.payment) {
        Some(Some(payment)) if payment.details.is_empty() => {
            lines.push(Line::raw("That is all that the bank says."));
        }
        Some(Some(payment)) => lines.extend(fields(model, &payment.details, width)),
        Some(None) => lines.push(Line::raw("Looking up the rest…")),
        None => {}
    }
    lines.extend(labelled(model, "Number", &row.id.to_string(), width));
    if iban.is_some_and(|iban| !iban.is_valid()) {
        lines.push(Line::default());
        lines.push(Line::raw("The check digits of this IBAN are wrong."));
    }
    if model.payments.recalled().is_none() {
        lines.push(Line::default());
        lines.push(Line::from(vec![
            Span::styled(
                model.key(Context::Payments, Action::Enter),
                model.facts.theme.key(),
            ),
            Span::raw("  "),
            Span::raw("shows the rest of what the bank says"),
        ]));
    }
    lines
}
