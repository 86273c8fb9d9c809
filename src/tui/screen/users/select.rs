//! What is selected on Users, for whatever acts on a row.

use super::{About, Focus};
use crate::base::UserNumber;
use crate::tui::app::Model;
use crate::workspace::{AccountSummary, Accounts, RawOf, UserSummary};

/// The selected row.
pub(in crate::tui) enum Selected<'a> {
    /// A user's.
    User(&'a UserSummary),
    /// An account's, and the accounts that it is one of.
    Account(&'a AccountSummary, &'a Accounts),
}

/// Whether what is selected is an account and not a user.
fn is_of_accounts(model: &Model) -> bool {
    match model.users.focus {
        Focus::Users => false,
        Focus::Accounts => true,
        Focus::Detail => model.users.about == About::Account,
    }
}

/// The chosen user's accounts, as far as they are known.
fn accounts(model: &Model) -> Option<(UserNumber, &Accounts)> {
    let user = super::update::number(model)?;
    let accounts = model.data.accounts.get(&user)?.value()?;
    Some((user, accounts))
}

/// The selected row; none where the table in focus has none.
pub(in crate::tui) fn selected(model: &Model) -> Option<Selected<'_>> {
    if is_of_accounts(model) {
        let (_, accounts) = accounts(model)?;
        let account = super::update::account(model)?;
        return Some(Selected::Account(account, accounts));
    }
    model.users.user(&model.data.users).map(Selected::User)
}

/// Whose body the selected row was made of, and how that is called.
pub(in crate::tui) fn raw(model: &Model) -> Option<(RawOf, String)> {
    if model.users.all.is_some() {
        let owned = super::all::selected_owned(model)?;
        let account = owned.account;
        let title = format!("account {}, {}", account.id, account.description);
        return Some((RawOf::Account(owned.user, account.id), title));
    }
    match selected(model)? {
        Selected::User(user) => Some((
            RawOf::User(user.number),
            format!("user {}, {}", user.number, user.name),
        )),
        Selected::Account(account, _) => {
            let (user, _) = accounts(model)?;
            let title = format!("account {}, {}", account.id, account.description);
            Some((RawOf::Account(user, account.id), title))
        }
    }
}

/// The accounts and whose they are, where their table is in focus; else it is that of the users.
pub(in crate::tui) fn table(model: &Model) -> Option<(UserNumber, &Accounts)> {
    accounts(model).filter(|_| is_of_accounts(model))
}
