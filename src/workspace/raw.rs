//! The bank's own words: the stored body of a user, an account or a payment, as a tree.

use super::Workspace;
use super::sessions::unknown_user;
use crate::base::{AccountId, Body, JsonTree, PaymentId, Problem, UserNumber};
use crate::bunq::json_tree;

/// Whose body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawOf {
    /// Our own profile.
    Provider,
    /// A user's profile.
    User(UserNumber),
    /// An account.
    Account(UserNumber, AccountId),
    /// A payment, as one account sees it.
    Payment(UserNumber, AccountId, PaymentId),
}

impl Workspace {
    /// What the bank said of something when it was last read, its secrets masked; none when it is
    /// not stored. A long body takes its time: call it off the loop.
    ///
    /// # Errors
    /// When there is no such user, or the store cannot be read.
    pub fn raw(&self, of: RawOf) -> Result<Option<JsonTree>, Problem> {
        let raw = match of {
            RawOf::Provider => self.store.provider()?.and_then(|row| row.profile_raw),
            RawOf::User(user) if user.is_provider() => {
                self.store.provider()?.and_then(|row| row.profile_raw)
            }
            RawOf::User(user) => {
                let row = self.store.user(user)?.ok_or_else(|| unknown_user(user))?;
                row.profile_raw
            }
            RawOf::Account(user, account) => self.store.account_raw(user, account)?,
            RawOf::Payment(user, account, payment) => {
                self.store.payment_raw(user, account, payment)?
            }
        };
        Ok(raw.as_deref().map(json_tree))
    }
}

/// A body of the Log as a tree; none where it is no JSON.
#[must_use]
pub fn body_tree(body: &Body) -> Option<JsonTree> {
    match body {
        Body::Json { text, .. } => Some(json_tree(text.expose())),
        Body::None | Body::Other { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::*;
    use crate::base::{AccountKind, Money, Secret, SessionId, UserId, UserKind};
    use crate::store::{AccountRow, NewSession, NewUser, PaymentRow};
    use crate::workspace::Settings;

    const USER: UserNumber = UserNumber(1);
    const ACCOUNT: AccountId = AccountId(7);

    /// A workspace with one user, one account and one payment.
    fn filled() -> Workspace {
        let settings = Settings::new(std::env::temp_dir());
        let workspace = Workspace::demo("http://127.0.0.1:1", settings).unwrap();
        let at = Timestamp::UNIX_EPOCH;
        let user = NewUser {
            kind: UserKind::Person,
            name: "Zoë".into(),
            granting_user_id: Some(UserId(5)),
            api_key_id: UserId(6),
            access_token: Secret::new("t"),
            connected_at: at,
            profile_raw: None,
            profile_as_of: None,
        };
        let session = NewSession {
            id: SessionId(1),
            token: Secret::new("s"),
            user_id: UserId(6),
            opened_at: at,
            expires_at: at,
            clock_offset: SignedDuration::ZERO,
        };
        let store = &workspace.store;
        store.save_grant(&user, &session, &[ACCOUNT]).unwrap();
        let account = AccountRow {
            id: ACCOUNT,
            kind: AccountKind::Bank,
            description: "Main".into(),
            iban: None,
            balance: None,
            status: "ACTIVE".into(),
            raw: r#"{"MonetaryAccountBank":{"id":7}}"#.into(),
        };
        store.replace_accounts(USER, &[account], at).unwrap();
        let payment = PaymentRow {
            id: PaymentId(9),
            created: at,
            amount: Money::parse("1.00", "EUR").unwrap(),
            balance_after: None,
            counterparty: "A".into(),
            counterparty_iban: None,
            description: "B".into(),
            kind: "BUNQ".into(),
            raw: r#"{"Payment":{"id":9,"token":"canary"}}"#.into(),
        };
        let kept = store.save_payments(USER, ACCOUNT, &[payment], true, at);
        kept.unwrap();
        workspace
    }

    #[test]
    fn what_is_stored_comes_as_a_tree_and_what_is_not_is_none() {
        let workspace = filled();
        let text = |of| {
            let tree = workspace.raw(of).unwrap();
            tree.map(|tree| tree.text(0).replace(['\n', ' '], ""))
        };
        for (of, wanted) in [
            (RawOf::Provider, None),
            (RawOf::User(UserNumber(0)), None),
            (RawOf::User(USER), None),
            (
                RawOf::Account(USER, ACCOUNT),
                Some(r#"{"MonetaryAccountBank":{"id":7}}"#),
            ),
            (RawOf::Account(USER, AccountId(8)), None),
            (RawOf::Account(UserNumber(0), ACCOUNT), None),
            (
                RawOf::Payment(USER, ACCOUNT, PaymentId(9)),
                Some(r#"{"Payment":{"id":9,"token":"••••"}}"#),
            ),
            (RawOf::Payment(USER, ACCOUNT, PaymentId(8)), None),
        ] {
            assert_eq!(text(of).as_deref(), wanted, "{of:?}");
        }
        assert!(workspace.raw(RawOf::User(UserNumber(2))).is_err());
        let saved = workspace
            .store
            .save_profile(USER, "[1]", &"Zoë".into(), Timestamp::UNIX_EPOCH);
        saved.unwrap();
        assert_eq!(text(RawOf::User(USER)).as_deref(), Some("[1]"));
    }
}
