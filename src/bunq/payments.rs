//! An account's payments, a page at a time: there may be a hundred thousand.

use super::client::Client;
use super::error::Error;
use super::model::Payment;
use super::pages::Answer;
use super::session::Session;
use crate::base::{AccountId, PaymentId};

/// The most that bunq gives on one page.
const MOST: u16 = 200;

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentsFrom {
    /// With the latest.
    Newest,
    /// With the one before this.
    OlderThan(PaymentId),
}

/// A page of payments, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentPage {
    /// The payments.
    pub payments: Vec<Payment>,
    /// Whether the bank has older ones.
    pub goes_on: bool,
}

impl Session {
    /// One page of an account's payments, newest first (bunq API: `GET
    /// /user/{id}/monetary-account/{id}/payment`), of at most `count`, at most 200.
    ///
    /// # Errors
    /// Any of [`Error`]; also when the page is of another account, or not the one asked for: the
    /// signature covers the body alone, so another page has a right one too.
    pub async fn payments(
        &self,
        client: &Client,
        account: AccountId,
        from: PaymentsFrom,
        count: u16,
    ) -> Result<Answer<PaymentPage>, Error> {
        let path = self.under_user(&format!("monetary-account/{account}/payment"));
        let mut url = client.url(&path)?;
        let count = count.clamp(1, MOST);
        url.query_pairs_mut()
            .append_pair("count", &count.to_string());
        if let PaymentsFrom::OlderThan(id) = from {
            url.query_pairs_mut()
                .append_pair("older_id", &id.to_string());
        }
        let reply = client.get(self.caller(), url).await?;
        let envelope = reply.envelope()?;
        let payments: Result<Vec<_>, _> = envelope.elements().iter().map(Payment::read).collect();
        let payments = payments?;
        check(&payments, account, from)?;
        let goes_on = envelope.older_url().is_some() && !payments.is_empty();
        Ok(Answer {
            value: PaymentPage { payments, goes_on },
            raw: vec![reply.body],
        })
    }
}

fn check(payments: &[Payment], account: AccountId, from: PaymentsFrom) -> Result<(), Error> {
    if payments.iter().any(|payment| payment.account != account) {
        return Err(Error::another("account"));
    }
    let descends = payments
        .iter()
        .zip(payments.iter().skip(1))
        .all(|(newer, older)| newer.id > older.id);
    let begins = match (from, payments.first()) {
        (PaymentsFrom::OlderThan(id), Some(first)) => first.id < id,
        _ => true,
    };
    match descends && begins {
        true => Ok(()),
        false => Err(Error::another("page")),
    }
}
