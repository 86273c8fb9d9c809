//! What goes into the store comes out again, together or not at all.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use bunq_tui::base::{
    AccountId, AccountKind, BankText, CallbackUrlId, DeviceId, Iban, InstallationId, Money,
    OauthClientId, Secret, SessionId, UserId, UserKind, UserNumber,
};
use bunq_tui::store::{
    AccountRow, DeviceRow, InstallationRow, Key, NewSession, NewUser, OauthClientRow, StepState,
    Store, StoreError,
};
use jiff::{SignedDuration, Timestamp};

fn at(second: i64) -> Timestamp {
    Timestamp::new(1_795_000_000 + second, 123_000_000).unwrap()
}

fn user(granting: Option<u64>, token: &str) -> NewUser {
    NewUser {
        kind: UserKind::Person,
        name: BankText::new("Zoë \u{202e}Müller"),
        granting_user_id: granting.map(UserId),
        api_key_id: UserId(9000),
        access_token: Secret::new(token),
        connected_at: at(0),
        profile_raw: None,
        profile_as_of: None,
    }
}

fn session(id: u64) -> NewSession {
    NewSession {
        id: SessionId(id),
        token: Secret::new(format!("session-{id}")),
        user_id: UserId(9000),
        opened_at: at(1),
        expires_at: at(3601),
        clock_offset: SignedDuration::from_secs(-86_400),
    }
}

fn account(id: u64, balance: Option<(&str, &str)>) -> AccountRow {
    AccountRow {
        id: AccountId(id),
        kind: AccountKind::from_wrapper("MonetaryAccountPension"),
        description: BankText::new("Groceries"),
        iban: Iban::new("NL14BUNQ2025404017"),
        balance: balance.map(|(value, currency)| Money::parse(value, currency).unwrap()),
        status: BankText::new("ACTIVE"),
        raw: format!("{{\"id\":{id},\"ü\":1.10}}"),
    }
}

fn ids(ids: &[u64]) -> Vec<AccountId> {
    ids.iter().copied().map(AccountId).collect()
}

#[test]
fn the_context_comes_back() {
    let store = Store::in_memory().unwrap();
    assert_eq!(store.installation().unwrap(), None);
    let mut row = InstallationRow {
        id: None,
        private_key_pem: Secret::new("key"),
        token: None,
        server_public_key: None,
    };
    store.save_installation(&row).unwrap();
    assert_eq!(store.installation().unwrap(), Some(row.clone()));
    row.id = Some(InstallationId(1));
    row.token = Some(Secret::new("token"));
    row.server_public_key = Some("pem".into());
    store.save_installation(&row).unwrap();
    assert_eq!(store.installation().unwrap(), Some(row));

    assert_eq!(store.device().unwrap(), None);
    for id in [None, Some(DeviceId(7))] {
        store.save_device(&DeviceRow { id }).unwrap();
        assert_eq!(store.device().unwrap(), Some(DeviceRow { id }));
    }

    let client = OauthClientRow {
        id: OauthClientId(3),
        client_id: "client".into(),
        secret: Secret::new("secret"),
        callback_url_id: Some(CallbackUrlId(4)),
        callback_url: Some("http://localhost:8000/callback".into()),
    };
    assert_eq!(store.oauth_client().unwrap(), None);
    store.save_oauth_client(&client).unwrap();
    assert_eq!(store.oauth_client().unwrap(), Some(client));
}

#[test]
fn one_session_for_each_user() {
    let store = Store::in_memory().unwrap();
    for id in [1, 2] {
        store
            .save_session(&session(id).of(UserNumber::PROVIDER))
            .unwrap();
    }
    let user = store
        .save_grant(&user(Some(6001), "a"), &session(3), &[])
        .unwrap()
        .number;
    assert_eq!(
        store.session(UserNumber(0)).unwrap(),
        Some(session(2).of(UserNumber(0)))
    );
    assert_eq!(store.sessions().unwrap().len(), 2);
    store.delete_session(UserNumber(0)).unwrap();
    store.delete_session(UserNumber(0)).unwrap();
    assert_eq!(store.session(UserNumber(0)).unwrap(), None);
    assert!(store.session(user).unwrap().is_some());
}

#[test]
fn a_step_is_done_only_with_its_result() {
    let store = Store::in_memory().unwrap();
    store.begin_step("installation", at(0)).unwrap();
    store.begin_step("device", at(1)).unwrap();
    let result = store.finish_step("device", at(2), |tx| {
        tx.save_device(&DeviceRow { id: None })?;
        Err::<(), _>(StoreError::Damaged)
    });
    assert!(matches!(result, Err(StoreError::Damaged)));
    assert_eq!(store.device().unwrap(), None);
    let steps = store.steps().unwrap();
    assert_eq!(steps[1].state, StepState::Begun);
    assert_eq!(steps[1].ended_at, None);

    let unknown = store.finish_step::<(), StoreError>("session", at(2), |tx| {
        tx.save_device(&DeviceRow { id: None })
    });
    assert!(matches!(unknown, Err(StoreError::UnknownStep(_))));
    assert_eq!(store.device().unwrap(), None);

    store
        .finish_step::<_, StoreError>("device", at(3), |tx| {
            tx.save_device(&DeviceRow { id: None })
        })
        .unwrap();
    assert!(store.device().unwrap().is_some());
    let steps = store.steps().unwrap();
    let names: Vec<_> = steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["installation", "device"]);
    assert_eq!(steps[1].state, StepState::Done);
    assert_eq!((steps[1].began_at, steps[1].ended_at), (at(1), Some(at(3))));

    store.begin_step("device", at(4)).unwrap();
    assert_eq!(store.steps().unwrap()[1].state, StepState::Begun);

    let grant = store
        .save_grant(&user(Some(1), "t"), &session(9), &[])
        .unwrap();
    store.write(|tx| tx.forget_setup()).unwrap();
    assert_eq!(store.steps().unwrap(), []);
    assert_eq!(store.device().unwrap(), None);
    assert!(store.user(grant.number).unwrap().is_some());
}

#[test]
fn a_panic_leaves_the_store_usable_and_unchanged() {
    let store = Store::in_memory().unwrap();
    let inner = store.clone();
    let panicked = std::thread::spawn(move || {
        inner.write::<(), StoreError>(|tx| {
            tx.save_device(&DeviceRow { id: None })?;
            panic!("on purpose");
        })
    })
    .join();
    assert!(panicked.is_err());
    assert_eq!(store.device().unwrap(), None);
    store.save_device(&DeviceRow { id: None }).unwrap();
}

#[test]
fn a_user_is_recognised_and_keeps_its_number() {
    let store = Store::in_memory().unwrap();
    let first = store
        .save_grant(&user(Some(6001), "old"), &session(1), &ids(&[10, 11]))
        .unwrap();
    assert_eq!((first.number, first.again), (UserNumber(1), false));
    let token = Secret::new("old");
    let replaced = Secret::new("older");
    store.mark_revoked(first.number, &replaced, at(40)).unwrap();
    assert_eq!(
        store.user(first.number).unwrap().unwrap().revoked_at,
        None,
        "another token was refused, not this one"
    );
    store.mark_revoked(first.number, &token, at(50)).unwrap();
    store.mark_revoked(first.number, &token, at(60)).unwrap();
    assert_eq!(
        store.user(first.number).unwrap().unwrap().revoked_at,
        Some(at(50))
    );
    assert_eq!(store.session(first.number).unwrap(), None);
    store.save_session(&session(3).of(first.number)).unwrap();
    assert_eq!(
        store.user(first.number).unwrap().unwrap().revoked_at,
        None,
        "a session that opens takes the mark away"
    );

    let again = store
        .save_grant(&user(Some(6001), "new"), &session(2), &ids(&[12]))
        .unwrap();
    assert_eq!((again.number, again.again), (UserNumber(1), true));
    let row = store.user(again.number).unwrap().unwrap();
    assert_eq!(row.access_token, Secret::new("new"));
    assert_eq!(row.revoked_at, None);
    assert!(row.name.as_str().contains('\u{fffd}'));
    assert_eq!(
        store.session(UserNumber(1)).unwrap(),
        Some(session(2).of(UserNumber(1)))
    );
    assert_eq!(store.users().unwrap().len(), 1);
}

#[test]
fn an_account_in_both_grants_recognises_a_user_without_an_id() {
    let store = Store::in_memory().unwrap();
    let save = |granting, accounts: &[u64]| {
        let saved = store
            .save_grant(&user(granting, "t"), &session(1), &ids(accounts))
            .unwrap();
        (saved.number.0, saved.again)
    };
    assert_eq!(save(None, &[10, 11]), (1, false));
    assert_eq!(save(None, &[11, 12]), (1, true), "by a shared account");
    assert_eq!(
        save(None, &[10]),
        (2, false),
        "the old list no longer counts"
    );
    assert_eq!(save(Some(7), &[12]), (1, true), "and now it has an id");
    assert_eq!(
        save(Some(8), &[12, 99]),
        (3, false),
        "a joint account is no proof"
    );
    assert_eq!(
        save(None, &[12]),
        (4, false),
        "two hold it, so neither is meant"
    );
    assert_eq!(save(Some(7), &[]), (1, true));
    store
        .replace_accounts(UserNumber(2), &[account(77, None)], at(0))
        .unwrap();
    assert_eq!(save(None, &[77]), (2, true), "by an account read later");
    assert_eq!(save(None, &[]), (5, false));
}

#[test]
fn numbers_are_never_given_twice() {
    let store = Store::in_memory().unwrap();
    for expected in 1..=3 {
        let saved = store
            .save_grant(&user(None, "t"), &session(1), &ids(&[1]))
            .unwrap();
        assert_eq!((saved.number, saved.again), (UserNumber(expected), false));
        store
            .replace_accounts(saved.number, &[account(1, None)], at(0))
            .unwrap();
        store.forget_user(saved.number).unwrap();
        assert_eq!(store.user(saved.number).unwrap(), None);
        assert_eq!(store.session(saved.number).unwrap(), None);
        assert_eq!(store.accounts(saved.number).unwrap(), None);
    }
    for error in [
        store.forget_user(UserNumber(1)),
        store.save_session(&session(1).of(UserNumber(1))),
        store.replace_accounts(UserNumber(1), &[], at(0)),
        store.save_profile(UserNumber(1), "{}", &BankText::new("x"), at(0)),
    ] {
        assert!(matches!(error, Err(StoreError::UnknownUser(UserNumber(1)))));
    }
}

#[test]
fn a_profile_is_kept_as_the_bank_wrote_it() {
    let store = Store::in_memory().unwrap();
    let number = store
        .save_grant(&user(Some(1), "t"), &session(1), &[])
        .unwrap()
        .number;
    let raw = "{\n \"b\" : 1.0,\"a\":\"\\u001b\"}";
    store
        .save_profile(number, raw, &BankText::new("Anna"), at(5))
        .unwrap();
    let row = store.user(number).unwrap().unwrap();
    assert_eq!(row.profile_raw.as_deref(), Some(raw));
    assert_eq!(row.profile_as_of, Some(at(5)));
    assert_eq!(row.name.as_str(), "Anna");
}

#[test]
fn accounts_keep_the_banks_order_and_exact_amounts() {
    let store = Store::in_memory().unwrap();
    assert_eq!(store.accounts(UserNumber(0)).unwrap(), None);
    let rows = vec![
        account(30, Some(("4118.00", "EUR"))),
        account(10, None),
        account(20, Some(("-0.10", "USD"))),
    ];
    store.replace_accounts(UserNumber(0), &rows, at(1)).unwrap();
    for (id, token) in [(6001, "a"), (6002, "b")] {
        store
            .save_grant(&user(Some(id), token), &session(id), &[])
            .unwrap();
    }
    store.replace_accounts(UserNumber(2), &[], at(2)).unwrap();
    let stored = store.accounts(UserNumber(0)).unwrap().unwrap();
    assert_eq!(stored.rows, rows);
    assert_eq!(stored.as_of, at(1));

    let summaries = store.account_summaries().unwrap();
    assert_eq!(summaries.len(), 2);
    assert_eq!((summaries[0].user, summaries[0].count), (UserNumber(0), 3));
    let shown: Vec<_> = summaries[0]
        .balances
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(shown, ["4118.00 EUR", "-0.10 USD"]);
    assert_eq!((summaries[1].count, summaries[1].as_of), (0, at(2)));

    store
        .replace_accounts(UserNumber(0), &rows[1..2], at(9))
        .unwrap();
    assert_eq!(
        store.accounts(UserNumber(0)).unwrap().unwrap().rows,
        &rows[1..2]
    );
}

#[test]
fn all_accounts_come_by_user_with_their_owners() {
    let store = Store::in_memory().unwrap();
    for (id, token) in [(6001, "a"), (6002, "b")] {
        store
            .save_grant(&user(Some(id), token), &session(id), &[])
            .unwrap();
    }
    for (number, first) in [(2, 40), (0, 10), (1, 30)] {
        let rows = [
            account(first + 5, None),
            account(first, Some(("1.10", "EUR"))),
        ];
        store
            .replace_accounts(UserNumber(number), &rows, at(1))
            .unwrap();
    }
    let mut lines = Vec::new();
    store.each_account(|line| lines.push(line)).unwrap();
    let found: Vec<_> = lines.iter().map(|line| (line.user.0, line.id.0)).collect();
    assert_eq!(
        found,
        [(0, 15), (0, 10), (1, 35), (1, 30), (2, 45), (2, 40)]
    );
    assert_eq!(lines[0].owner, None, "the provider is no user");
    assert_eq!(
        lines[2].owner,
        Some(store.user(UserNumber(1)).unwrap().unwrap().name)
    );
    let wanted = account(30, Some(("1.10", "EUR")));
    assert_eq!(
        (&lines[3].iban, lines[3].balance),
        (&wanted.iban, wanted.balance)
    );
}

#[test]
fn an_id_that_sqlite_cannot_hold_is_an_error() {
    let store = Store::in_memory().unwrap();
    let error = store.save_session(&session(u64::MAX).of(UserNumber(0)));
    assert!(matches!(error, Err(StoreError::Value(_))));
}

#[test]
fn two_handles_share_one_file() {
    let directory = tempfile::tempdir().unwrap();
    let key = directory.path().join("key");
    fs::write(&key, "ab".repeat(32)).unwrap();
    fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    let path = directory.path().join("store.db");
    let key = Key::File(key);
    let one = Store::create(&path, &key).unwrap();
    let two = Store::open(&path, &key).unwrap();
    std::thread::scope(|scope| {
        for (store, base) in [(&one, 0), (&two, 1000), (&one, 2000), (&two, 3000)] {
            scope.spawn(move || {
                for id in 0..25 {
                    store
                        .save_grant(&user(Some(base + id), "t"), &session(id), &[])
                        .unwrap();
                }
            });
        }
    });
    assert_eq!(one.users().unwrap().len(), 100);
    assert_eq!(one.users().unwrap(), two.users().unwrap());
    let last = two.users().unwrap().last().unwrap().number;
    assert_eq!(last, UserNumber(100));
}
