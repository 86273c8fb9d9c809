//! Users, accounts and payments, as sentences.

use super::bank::Bank;
use super::figures::Figures;
use super::or_none;
use super::talk::{Picked, Talk};
use crate::base::{AccountId, AccountKind, BankText, Iban, Money, Problem, UserNumber};
use crate::workspace::{
    AccountSummary, Accounts, PaymentEnd, PaymentFilter, PaymentSummary, StoredAccount, UserSummary,
};

/// The users, until the person goes back.
pub(super) async fn users(bank: &Bank, talk: &mut Talk, figures: &Figures) -> Result<(), Problem> {
    loop {
        let users = bank.workspace.users()?;
        if users.is_empty() {
            return talk.say("No user is connected yet: choose to connect one.");
        }
        let rows: Vec<String> = users.iter().map(|user| user_row(user, figures)).collect();
        let title = format!("{}:", counted(users.len(), "user"));
        let Picked::Row(row) = talk.pick(&title, &rows, &[]).await? else {
            return Ok(());
        };
        if let Some(user) = users.get(row)
            && let Err(problem) = accounts(bank, talk, figures, user).await
        {
            talk.complain(&problem)?;
        }
    }
}

/// The accounts of all users, to find one among them.
pub(super) async fn everyone(
    bank: &Bank,
    talk: &mut Talk,
    figures: &Figures,
) -> Result<(), Problem> {
    let (mut found, mut rows) = (Vec::new(), Vec::new());
    bank.workspace.all_stored_accounts(|account| {
        found.push((account.user, account.id));
        rows.push(format!(
            "{}; user {}, {}",
            stored_row(&account, figures),
            account.user,
            account.owner
        ));
    })?;
    if found.is_empty() {
        return talk.say("No account was read yet: choose to ask the bank for them.");
    }
    let title = format!("{} of all users:", counted(rows.len(), "account"));
    while let Picked::Row(row) = talk.pick(&title, &rows, &[]).await? {
        let Some((user, id)) = found.get(row).copied() else {
            continue;
        };
        let accounts = bank.workspace.stored_accounts(user)?;
        let mut accounts = accounts.into_iter().flat_map(|accounts| accounts.rows);
        match accounts.find(|account| account.id == id) {
            Some(account) => one_account(bank, talk, figures, (user, &account)).await?,
            None => talk.say("It is not stored any more: choose to ask the bank again.")?,
        }
    }
    Ok(())
}

async fn accounts(
    bank: &Bank,
    talk: &mut Talk,
    figures: &Figures,
    user: &UserSummary,
) -> Result<(), Problem> {
    let mut accounts = match bank.workspace.stored_accounts(user.number)? {
        Some(accounts) => accounts,
        None => bank.workspace.read_accounts(user.number).await?.value,
    };
    loop {
        let rows: Vec<String> = accounts
            .rows
            .iter()
            .map(|account| account_row(account, figures))
            .collect();
        let title = titled(user, &accounts);
        let offers = [
            ("refresh", "asks the bank again"),
            ("profile", "tells all that the bank says of the user"),
            ("forget", "forgets the user"),
        ];
        match talk.pick(&title, &rows, &offers).await? {
            Picked::Back => return Ok(()),
            Picked::Word("refresh") => match bank.workspace.read_accounts(user.number).await {
                Ok(read) => accounts = read.value,
                // What was read before can still be heard.
                Err(problem) => talk.complain(&problem)?,
            },
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
            Picked::Word(_) => match bank.workspace.read_profile(user.number).await {
                Ok(read) => {
                    for field in read.value.fields {
                        talk.say(&figures.field(&field))?;
                    }
                }
                Err(problem) => talk.complain(&problem)?,
            },
            Picked::Row(row) => {
                if let Some(account) = accounts.rows.get(row) {
                    one_account(bank, talk, figures, (user.number, account)).await?;
                }
            }
        }
    }
}

async fn one_account(
    bank: &Bank,
    talk: &mut Talk,
    figures: &Figures,
    (user, account): (UserNumber, &AccountSummary),
) -> Result<(), Problem> {
    talk.say(&account_row(account, figures))?;
    for field in &account.details {
        talk.say(&figures.field(field))?;
    }
    if talk.agrees("Hear its payments?").await? {
        payments(bank, talk, figures, (user, account.id)).await?;
    }
    Ok(())
}

async fn payments(
    bank: &Bank,
    talk: &mut Talk,
    figures: &Figures,
    (user, account): (UserNumber, AccountId),
) -> Result<(), Problem> {
    let mut filter = PaymentFilter::default();
    let mut ask = Some(PaymentEnd::Newest);
    loop {
        if let Some(end) = ask.take()
            && let Err(problem) = bank.workspace.update_payments(user, account, end).await
        {
            // What is stored can be heard although the bank tells nothing.
            talk.complain(&problem)?;
        }
        let stored = bank.workspace.stored_payments(user, account, &filter)?;
        let Some(payments) = stored else {
            return talk.say("No payment of this account is stored.");
        };
        let count = counted(payments.rows.len(), "payment");
        let title = match &filter.text {
            Some(text) => format!("{count} with {text}, newest first:"),
            None => format!("{count}, newest first:"),
        };
        let rows: Vec<String> = payments
            .rows
            .iter()
            .map(|payment| payment_row(payment, figures))
            .collect();
        let mut offers = vec![
            ("search", "looks for words among those that were read"),
            ("refresh", "asks the bank for newer ones"),
        ];
        if !payments.complete {
            offers.push(("older", "asks the bank for older ones"));
        }
        match talk.pick(&title, &rows, &offers).await? {
            Picked::Back => return Ok(()),
            Picked::Word("older") => ask = Some(PaymentEnd::Oldest),
            Picked::Word("refresh") => ask = Some(PaymentEnd::Newest),
            Picked::Word(_) => {
                let words = talk
                    .ask("Which words? Nothing for all:")
                    .await?
                    .unwrap_or_default();
                let words = words.trim();
                filter.text = (!words.is_empty()).then(|| words.to_owned());
            }
            Picked::Row(row) => {
                if let Some(payment) = payments.rows.get(row) {
                    talk.say(&payment_row(payment, figures))?;
                    for field in &payment.details {
                        talk.say(&figures.field(field))?;
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

fn user_row(user: &UserSummary, figures: &Figures) -> String {
    let mut parts = vec![format!("{}, {}", user.name, user.kind)];
    match user.accounts {
        Some(count) => parts.push(counted(count, "account")),
        None => parts.push("accounts never read".into()),
    }
    let totals = user.totals.iter();
    parts.extend(totals.map(|total| format!("total {}", figures.money(&total))));
    if user.revoked_at.is_some() {
        parts.push("the grant is gone: connect again".into());
    }
    parts.join(", ")
}

fn account_row(account: &AccountSummary, figures: &Figures) -> String {
    let AccountSummary {
        description,
        iban,
        kind,
        balance,
        status,
        ..
    } = account;
    row_of((description, kind, status), (balance, iban), figures)
}

fn stored_row(account: &StoredAccount<'_>, figures: &Figures) -> String {
    let StoredAccount {
        description,
        iban,
        kind,
        balance,
        status,
        ..
    } = account;
    row_of((description, kind, status), (balance, iban), figures)
}

fn row_of(
    (description, kind, status): (&BankText, &AccountKind, &BankText),
    (balance, iban): (&Option<Money>, &Option<Iban>),
    figures: &Figures,
) -> String {
    let mut parts = vec![or_none(description)];
    parts.extend(balance.as_ref().map(|money| figures.money(money)));
    parts.extend(iban.as_ref().map(|iban| figures.iban(iban)));
    parts.push(kind.label().into());
    parts.push(status.as_str().to_lowercase());
    parts.join(", ")
}

fn payment_row(payment: &PaymentSummary, figures: &Figures) -> String {
    let day = payment.created.strftime("%Y-%m-%d");
    format!(
        "{day}, {}, {}, {}",
        figures.money(&payment.amount),
        payment.counterparty,
        or_none(&payment.description)
    )
}
