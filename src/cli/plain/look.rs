//! Users, accounts and payments, as sentences.

use super::bank::Bank;
use super::or_none;
use super::talk::{Picked, Talk};
use crate::base::{AccountId, Iban, Problem, UserNumber};
use crate::workspace::{
    AccountSummary, Accounts, Back, PaymentFilter, PaymentSummary, UserSummary,
};

/// Payments that are read from the bank at once.
const AT_ONCE: u32 = 20;

/// The users, until the person goes back.
pub(super) async fn users(bank: &Bank, talk: &mut Talk) -> Result<(), Problem> {
    loop {
        let users = bank.workspace.users()?;
        if users.is_empty() {
            return talk.say("No user is connected yet: choose to connect one.");
        }
        let rows: Vec<String> = users.iter().map(user_row).collect();
        let title = format!("{}:", counted(users.len(), "user"));
        let Picked::Row(row) = talk.pick(&title, &rows, &[]).await? else {
            return Ok(());
        };
        if let Some(user) = users.get(row)
            && let Err(problem) = accounts(bank, talk, user).await
        {
            talk.complain(&problem)?;
        }
    }
}

/// The accounts of all users, to find one among them.
pub(super) async fn everyone(bank: &Bank, talk: &mut Talk) -> Result<(), Problem> {
    let mut found = Vec::new();
    for user in bank.workspace.users()? {
        let accounts = bank.workspace.stored_accounts(user.number)?;
        let rows = accounts.map(|accounts| accounts.rows).unwrap_or_default();
        found.extend(rows.into_iter().map(|account| (user.clone(), account)));
    }
    if found.is_empty() {
        return talk.say("No account was read yet: choose to ask the bank for them.");
    }
    let rows: Vec<String> = found
        .iter()
        .map(|(user, account)| {
            format!(
                "{}; user {}, {}",
                account_row(account),
                user.number,
                user.name
            )
        })
        .collect();
    let title = format!("{} of all users:", counted(rows.len(), "account"));
    while let Picked::Row(row) = talk.pick(&title, &rows, &[]).await? {
        if let Some((user, account)) = found.get(row) {
            one_account(bank, talk, user.number, account).await?;
        }
    }
    Ok(())
}

async fn accounts(bank: &Bank, talk: &mut Talk, user: &UserSummary) -> Result<(), Problem> {
    let mut accounts = match bank.workspace.stored_accounts(user.number)? {
        Some(accounts) => accounts,
        None => bank.workspace.read_accounts(user.number).await?.value,
    };
    loop {
        let rows: Vec<String> = accounts.rows.iter().map(account_row).collect();
        let title = titled(user, &accounts);
        let offers = [
            ("refresh", "asks the bank again"),
            ("profile", "tells all that the bank says of the user"),
            ("forget", "forgets the user"),
        ];
        match talk.pick(&title, &rows, &offers).await? {
            Picked::Back => return Ok(()),
            Picked::Word("refresh") => {
                accounts = bank.workspace.read_accounts(user.number).await?.value;
            }
            Picked::Word("forget") => {
                let question = format!(
                    "Forget {} and everything that is stored of them?",
                    user.name
                );
                if talk.agrees(&question).await? {
                    bank.workspace.forget(user.number).await?;
                    return talk.say("Forgotten.");
                }
                talk.say("Nothing was changed.")?;
            }
            Picked::Word(_) => {
                let profile = bank.workspace.read_profile(user.number).await?.value;
                for field in profile.fields {
                    talk.say(&format!("{}: {}", field.label, field.value))?;
                }
            }
            Picked::Row(row) => {
                if let Some(account) = accounts.rows.get(row) {
                    one_account(bank, talk, user.number, account).await?;
                }
            }
        }
    }
}

async fn one_account(
    bank: &Bank,
    talk: &mut Talk,
    user: UserNumber,
    account: &AccountSummary,
) -> Result<(), Problem> {
    talk.say(&account_row(account))?;
    for field in &account.details {
        talk.say(&format!("{}: {}", field.label, field.value))?;
    }
    if talk.agrees("Hear its payments?").await? {
        payments(bank, talk, user, account.id).await?;
    }
    Ok(())
}

async fn payments(
    bank: &Bank,
    talk: &mut Talk,
    user: UserNumber,
    account: AccountId,
) -> Result<(), Problem> {
    let mut filter = PaymentFilter::default();
    let mut back = Back::Count(AT_ONCE);
    loop {
        let read = bank
            .workspace
            .read_payments(user, account, (back, false), &filter);
        let payments = read.await?.value;
        let rows: Vec<String> = payments.rows.iter().map(payment_row).collect();
        let mut offers = vec![("search", "looks for words among those that were read")];
        if !payments.complete {
            offers.push(("older", "asks the bank for older ones"));
        }
        let title = match &filter.text {
            Some(text) => format!(
                "{} with {text}, newest first:",
                counted(rows.len(), "payment")
            ),
            None => format!("{}, newest first:", counted(rows.len(), "payment")),
        };
        match talk.pick(&title, &rows, &offers).await? {
            Picked::Back => return Ok(()),
            Picked::Word("older") => back = Back::Further,
            Picked::Word(_) => {
                let words = talk
                    .ask("Which words? Nothing for all:")
                    .await?
                    .unwrap_or_default();
                let words = words.trim();
                filter.text = (!words.is_empty()).then(|| words.to_owned());
                back = Back::Count(AT_ONCE);
            }
            Picked::Row(row) => {
                if let Some(payment) = payments.rows.get(row) {
                    talk.say(&payment_row(payment))?;
                    for field in &payment.details {
                        talk.say(&format!("{}: {}", field.label, field.value))?;
                    }
                }
            }
        }
    }
}

fn titled(user: &UserSummary, accounts: &Accounts) -> String {
    let count = counted(accounts.rows.len(), "account");
    let read = accounts.as_of.strftime("%Y-%m-%d %H:%M UTC");
    format!("{count} of {}, read {read}:", user.name)
}

fn counted(count: usize, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}

fn user_row(user: &UserSummary) -> String {
    let mut parts = vec![format!("{}, {}", user.name, user.kind)];
    match user.accounts {
        Some(count) => parts.push(counted(count, "account")),
        None => parts.push("accounts never read".into()),
    }
    parts.extend(user.totals.iter().map(|total| format!("total {total}")));
    if user.revoked_at.is_some() {
        parts.push("the grant is gone: connect again".into());
    }
    parts.join(", ")
}

fn account_row(account: &AccountSummary) -> String {
    let mut parts = vec![or_none(&account.description)];
    parts.extend(account.balance.as_ref().map(ToString::to_string));
    parts.extend(account.iban.as_ref().map(Iban::grouped));
    parts.push(account.kind.label().into());
    parts.push(account.status.as_str().to_lowercase());
    parts.join(", ")
}

fn payment_row(payment: &PaymentSummary) -> String {
    let day = payment.created.strftime("%Y-%m-%d");
    format!(
        "{day}, {}, {}, {}",
        payment.amount,
        payment.counterparty,
        or_none(&payment.description)
    )
}
