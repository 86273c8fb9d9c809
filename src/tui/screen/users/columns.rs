//! The columns of both tables, and what stands in them.

use ratatui::style::Style;

use crate::base::{Money, UserNumber};
use crate::tui::app::Model;
use crate::tui::forms::Forms;
use crate::tui::widget::table::Column;
use crate::workspace::{AccountSummary, SessionState, UserSummary};

/// Of the users. Where the details stand beside a narrow table, what they say too gives way to
/// the names.
pub(super) fn users(model: &Model, crowded: bool) -> [Column; 8] {
    let last = model.data.users.last();
    let digits = last.map_or(1, |user| user.number.to_string().len());
    [
        Column::new("#", digits, 0).right(),
        Column::new("Name", 14, 0).up_to(36),
        Column::new("Kind", 8, 4).left_out_if(crowded),
        Column::new("Accts", 5, 3).right(),
        Column::new("Total", 19, 0).up_to(22).right(),
        Column::new("Since", 10, 5).left_out_if(crowded),
        Column::new("Session", 11, 2),
        Column::new("Read", 10, 6).left_out_if(crowded),
    ]
}

/// Of the accounts.
pub(super) const ACCOUNTS: [Column; 5] = [
    Column::new("Account", 12, 0).up_to(32),
    Column::new("IBAN", 22, 2).up_to(27),
    Column::new("Kind", 8, 3).up_to(16),
    Column::new("Balance", 14, 0).up_to(20).right(),
    Column::new("Status", 8, 4),
];

/// A user's row.
pub(super) fn user(model: &Model, user: &UserSummary) -> (Vec<String>, Style) {
    let theme = model.facts.theme;
    let forms = &model.facts.forms;
    let revoked = user.revoked_at.is_some();
    let failed = failed(model, user.number);
    let session = match (self::revoked(user), user.session) {
        (Some(word), _) => word.into(),
        (_, SessionState::None) => "—".into(),
        (_, SessionState::Until(until)) if until > model.now => {
            format!("to {}", forms.when_briefly(until, model.now))
        }
        (_, SessionState::Until(_) | SessionState::Expired) => "expired".into(),
    };
    let cells = vec![
        user.number.to_string(),
        // The mark stands where no width leaves it out.
        if revoked {
            format!("✗ {}", user.name)
        } else if failed {
            format!("! {}", user.name)
        } else {
            user.name.to_string()
        },
        user.kind.label().into(),
        user.accounts
            .map_or_else(|| "—".into(), |count| count.to_string()),
        total(model, user),
        since(forms, user),
        session,
        user.as_of
            .map_or_else(|| "never".into(), |at| forms.when_shortly(at, model.now)),
    ];
    (cells, if revoked { theme.bad() } else { theme.text() })
}

/// When it connected.
pub(super) fn since(forms: &Forms, user: &UserSummary) -> String {
    let at = user.connected_at;
    at.map_or_else(|| "yourself".into(), |at| forms.date(at))
}

/// The word for a grant that is gone.
pub(super) fn revoked(user: &UserSummary) -> Option<&'static str> {
    user.revoked_at.map(|_| {
        if user.of_earlier_setup {
            "earlier"
        } else {
            "revoked"
        }
    })
}

/// Whether the last read of a user's accounts failed.
fn failed(model: &Model, number: UserNumber) -> bool {
    let remote = model.data.accounts.get(&number);
    remote.is_some_and(|remote| remote.problem().is_some())
}

/// The first currency's sum, and how many others there are: they are never added.
fn total(model: &Model, user: &UserSummary) -> String {
    let mut sums = user.totals.iter();
    let Some(first) = sums.next() else {
        return "—".into();
    };
    let first = model.facts.forms.money(&first);
    match sums.count() {
        0 => first,
        more => format!("{first} +{more} more"),
    }
}

/// An account's row, its balance aligned with others of so many decimals.
pub(super) fn account(model: &Model, account: &AccountSummary, decimals: usize) -> Vec<String> {
    let forms = &model.facts.forms;
    vec![
        account.description.to_string(),
        account
            .iban
            .as_ref()
            .map_or_else(|| "—".into(), |iban| forms.iban(iban)),
        account.kind.label().into(),
        account.balance.as_ref().map_or_else(
            || "—".into(),
            |money: &Money| forms.aligned(money, decimals),
        ),
        account.status.to_string(),
    ]
}
