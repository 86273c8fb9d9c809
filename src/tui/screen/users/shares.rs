//! The share of each account in its user's total: a bar, per cent and the amount. Currencies are
//! never added: each account is part of the total of its own.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::Focus;
use crate::base::{Money, Totals};
use crate::tui::app::Model;
use crate::tui::widget::table::Column;
use crate::workspace::AccountSummary;

/// Cells of a whole bar.
const BAR: usize = 20;

/// In place of those of the accounts.
pub(super) const COLUMNS: [Column; 4] = [
    Column::new("Account", 10, 0).up_to(28),
    Column::new("Share", 7, 0).right(),
    Column::new("", BAR, 2),
    Column::new("Balance", 14, 0).up_to(20).right(),
];

/// Shows them, or the accounts as they are.
pub(super) fn toggle(model: &mut Model) {
    let state = &mut model.users;
    state.shares = !state.shares;
    if state.shares && state.focus == Focus::Users {
        // Where the screen is small, only the pane with the focus is seen.
        state.focus = Focus::Accounts;
        state.about = super::About::Account;
    }
    let state = &mut model.users;
    state
        .accounts
        .resort(|column| match (state.shares, column) {
            // These two stand in both tables at the same place.
            (_, 0 | 3) => Some(column),
            // Nobody sees by what else it was sorted.
            (true, _) => None,
            (false, _) => Some(3),
        });
    model.say(match model.users.shares {
        true => model.spell(
            "Each account's share in the total of its currency; {users.charts} shows the accounts \
             again.",
        ),
        false => "The accounts as they are.".into(),
    });
}

/// An account's row, its balance aligned with others of so many decimals.
pub(super) fn account(
    model: &Model,
    totals: &Totals,
    account: &AccountSummary,
    decimals: usize,
) -> Vec<String> {
    let share = account
        .balance
        .as_ref()
        .and_then(|balance| share(balance, totals));
    vec![
        account.description.to_string(),
        share.map_or_else(|| "—".into(), |share| model.facts.forms.per_cent(share)),
        share.map_or_else(String::new, bar),
        account.balance.as_ref().map_or_else(
            || "—".into(),
            |balance| model.facts.forms.aligned(balance, decimals),
        ),
    ]
}

/// What part of its currency's total a balance is, in per cent; none where there is no whole that
/// it could be a part of.
fn share(balance: &Money, totals: &Totals) -> Option<Decimal> {
    let total = totals
        .iter()
        .find(|total| total.currency == balance.currency)?;
    if total.value <= Decimal::ZERO || balance.value.is_sign_negative() {
        return None;
    }
    let hundredfold = balance.value.checked_mul(Decimal::ONE_HUNDRED)?;
    Some(hundredfold.checked_div(total.value)?.round_dp(1))
}

/// As a bar; what is not nothing fills one cell at least.
fn bar(share: Decimal) -> String {
    let filled = (share * Decimal::from(BAR) / Decimal::ONE_HUNDRED).round();
    let filled = filled.to_usize().unwrap_or(BAR).min(BAR);
    let filled = filled.max(usize::from(!share.is_zero()));
    "█".repeat(filled) + &"─".repeat(BAR - filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("25.00", "EUR", Some("25.0"))]
    #[case("33.333", "EUR", Some("33.3"))]
    #[case("0.00", "EUR", Some("0.0"))]
    #[case("5.00", "USD", Some("50.0"))]
    #[case("-1.00", "EUR", None)]
    #[case("1.00", "JPY", None)]
    fn a_share_is_of_the_total_of_its_own_currency(
        #[case] balance: &str,
        #[case] currency: &str,
        #[case] expected: Option<&str>,
    ) {
        let money = |value: &str, currency: &str| Money::parse(value, currency).unwrap();
        let totals: Totals = [
            money("100.00", "EUR"),
            money("10.00", "USD"),
            money("-3", "JPY"),
        ]
        .into_iter()
        .collect();
        let share = share(&money(balance, currency), &totals);
        assert_eq!(
            share.map(|share| format!("{share:.1}")).as_deref(),
            expected
        );
    }

    #[test]
    fn a_bar_is_empty_only_for_nothing() {
        let filled = |share: &str| bar(share.parse().unwrap()).matches('█').count();
        assert_eq!(
            ["0", "0.1", "50", "100", "123"].map(filled),
            [0, 1, 10, 20, 20]
        );
    }
}
