//! The documented bodies, read.

use std::time::Duration;

use crate::bank::*;
use bunq_tui::base::{
    AccountId, AccountKind, ManualClock, Money, PaymentId, Secret, UserId, UserKind,
};
use bunq_tui::bunq::{
    Account, AccountStatus, Client, DeviceStatus, Error, OauthClientStatus, OpenedSession, Payment,
    PaymentsFrom, PointerKind, User,
};
use jiff::Timestamp;

async fn open(fixture_name: &str) -> OpenedSession {
    let bank = Bank::saying(Says::signed(200, fixture(fixture_name))).await;
    let clock = ManualClock::at(Timestamp::UNIX_EPOCH).clock();
    let client = Client::new(bank.endpoints.clone(), clock, bank.events.clone()).unwrap();
    let opened = device().open_session(&client, &Secret::new("k")).await;
    opened.unwrap()
}

async fn account(body: impl Into<Vec<u8>>, id: u64) -> Result<Account, Error> {
    let bank = Bank::saying(Says::signed(200, body)).await;
    let answer = session().account(&bank.client, AccountId(id)).await?;
    Ok(answer.value)
}

fn inner(id: u64, field: &str) -> String {
    format!(r#"{{"Response":[{{"MonetaryAccountBank":{{"id":{id},{field}}}}}]}}"#)
}

#[tokio::test]
async fn an_installation() {
    let bank = Bank::saying(Says::unsigned(200, fixture("installation.json"))).await;
    let installed = bank.client.install(our_key()).await.unwrap();
    assert_eq!(installed.id.0, 1001);
    assert_eq!(installed.token.expose().len(), 64);
    assert!(installed.server_key.verify(b"{}", &sign(b"{}")));
    let sent: serde_json::Value = serde_json::from_slice(&bank.asked()[0].body).unwrap();
    assert_eq!(sent["client_public_key"], our_key().public_pem().unwrap());
    assert_eq!(bank.asked()[0].header("x-bunq-client-authentication"), None);
    assert_eq!(bank.asked()[0].header("x-bunq-client-signature"), None);
}

#[tokio::test]
async fn a_session_of_each_user() {
    let week = 604_800;
    for (name, id, kind, shown, seconds) in [
        ("user-person", 6001, UserKind::Person, "Zoë Lind", week),
        ("user-company", 6002, UserKind::Company, "Lind Bikes", week),
        (
            "user-payment-service-provider",
            5001,
            UserKind::PaymentServiceProvider,
            "bunq-tui AISP PISP",
            7_776_000,
        ),
        // Under a grant: its own id, the granting user's name, the requesting user's time-out.
        (
            "user-api-key",
            4001,
            UserKind::Person,
            "Zoë Lind",
            7_776_000,
        ),
        (
            "user-api-key.company",
            4001,
            UserKind::Company,
            "Lind Bikes",
            7_776_000,
        ),
        (
            "user-api-key.without-ids",
            4001,
            UserKind::Person,
            "Zoë Lind",
            7_776_000,
        ),
    ] {
        let opened = open(&format!("session-server.{name}.json")).await;
        assert_eq!(opened.session.user_id, UserId(id), "{name}");
        assert_eq!(opened.session.id.0, 8001);
        let profile = opened.owner.profile();
        assert_eq!(
            (profile.kind, profile.name.as_str()),
            (kind, shown),
            "{name}"
        );
        assert_eq!(opened.session.opened_at, Timestamp::UNIX_EPOCH);
        assert_eq!(opened.session.expires_at.as_second(), seconds, "{name}");
    }
}

#[tokio::test]
async fn a_grant_without_ids_has_none() {
    let opened = open("session-server.user-api-key.without-ids.json").await;
    assert_eq!(opened.owner.profile().id, None);
    let User::ApiKey { requested_by, .. } = opened.owner else {
        panic!("no grant")
    };
    assert_eq!(requested_by.id, None);
    assert_eq!(requested_by.kind, UserKind::PaymentServiceProvider);
}

#[tokio::test]
async fn a_session_lasts_a_week_when_the_bank_does_not_say() {
    let body = r#"{"Response":[{"Id":{"id":1}},{"Token":{"token":"t"}},{"UserFuture":{"id":2,"session_timeout":0}}]}"#;
    let bank = Bank::saying(Says::signed(200, body)).await;
    let opened = device()
        .open_session(&bank.client, &Secret::new("k"))
        .await
        .unwrap();
    assert_eq!(opened.owner.session_timeout(), Duration::from_secs(604_800));
    assert_eq!(opened.owner.profile().kind, UserKind::Other);
}

#[tokio::test]
async fn a_whole_person() {
    let bank = Bank::saying(Says::signed(200, fixture("user.user-person.json"))).await;
    let mut session = session();
    session.user_id = UserId(6001);
    let answer = session.read_user(&bank.client).await.unwrap();
    assert_eq!(answer.raw, [fixture("user.user-person.json")]);
    let profile = answer.value.profile();
    assert_eq!(
        profile.legal_name.as_ref().unwrap().as_str(),
        "Zoë Anna Lind"
    );
    assert_eq!(profile.emails[0].as_str(), "test+6001@bunq.com");
    assert_eq!(profile.phones[0].as_str(), "+31612345678");
    assert_eq!(profile.nationality.as_ref().unwrap().as_str(), "NL");
    assert_eq!(profile.daily_limit.unwrap().to_string(), "250.00 EUR");
    assert_eq!(
        profile.created.unwrap().to_string(),
        "2026-01-05T09:30:00.123456Z"
    );
    assert!(profile.raw.contains("\"place_of_birth\":\"Utrecht\""));
}

#[tokio::test]
async fn an_answer_about_somebody_else_is_refused() {
    // Signed, but an answer to another session's question.
    let bank = Bank::saying(Says::signed(200, fixture("user.user-person.json"))).await;
    assert!(session().read_user(&bank.client).await.is_err());
    assert!(
        account(fixture("monetary-account.bank.json"), 9002)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn every_kind_of_account() {
    for (name, id, kind, balance, iban) in [
        ("bank", 9001, AccountKind::Bank, Some("4118.00 EUR"), true),
        ("joint", 9002, AccountKind::Joint, Some("312.55 EUR"), true),
        (
            "savings",
            9003,
            AccountKind::Savings,
            Some("1150.00 EUR"),
            true,
        ),
        (
            "external",
            9004,
            AccountKind::External,
            Some("75.10 EUR"),
            true,
        ),
        (
            "external-savings",
            9005,
            AccountKind::ExternalSavings,
            Some("900.00 EUR"),
            true,
        ),
        ("card", 9006, AccountKind::Card, Some("-20.00 EUR"), false),
        (
            "investment",
            9007,
            AccountKind::Investment,
            Some("250.00 EUR"),
            false,
        ),
        ("light", 9008, AccountKind::Light, Some("9.99 EUR"), true),
        (
            "switch-service",
            9009,
            AccountKind::SwitchService,
            None,
            false,
        ),
        (
            "unknown",
            9010,
            AccountKind::Other("Pension".into()),
            Some("4118.00 EUR"),
            true,
        ),
        (
            "external.without-iban",
            9011,
            AccountKind::External,
            Some("1.00 EUR"),
            false,
        ),
        ("bank.null-balance", 9012, AccountKind::Bank, None, true),
        (
            "joint.pending",
            9013,
            AccountKind::Joint,
            Some("0.00 EUR"),
            true,
        ),
    ] {
        let body = fixture(&format!("monetary-account.{name}.json"));
        let account = account(body, id).await.unwrap();
        assert_eq!(account.kind, kind, "{name}");
        assert_eq!(
            account.balance.map(|b| b.to_string()).as_deref(),
            balance,
            "{name}"
        );
        assert_eq!(account.iban.is_some(), iban, "{name}");
        assert!(account.iban.is_none_or(|iban| iban.is_valid()), "{name}");
        assert!(!account.description.is_empty());
    }
}

#[tokio::test]
async fn what_an_account_tells() {
    let read = |name| fixture(&format!("monetary-account.{name}.json"));
    let bank = account(read("bank"), 9001).await.unwrap();
    assert_eq!(bank.status, AccountStatus::Active);
    assert_eq!(bank.currency.unwrap().code(), "EUR");
    assert_eq!(bank.aliases[0].kind, PointerKind::Email);
    assert_eq!(bank.daily_limit.unwrap().to_string(), "1000.00 EUR");
    let joint = account(read("joint"), 9002).await.unwrap();
    let owners: Vec<_> = joint
        .co_owners
        .iter()
        .map(|owner| owner.name.as_str())
        .collect();
    assert_eq!(owners, ["Zoë Lind", "Ayşe Demir"]);
    let savings = account(read("savings"), 9003).await.unwrap();
    assert_eq!(savings.savings_goal.unwrap().to_string(), "5000.00 EUR");
    assert_eq!(savings.savings_goal_progress, Some(23));
    let unknown = account(read("unknown"), 9010).await.unwrap();
    assert_eq!(unknown.status, AccountStatus::Other("ASLEEP".into()));
    let pending = account(read("joint.pending"), 9013).await.unwrap();
    assert_eq!(pending.status, AccountStatus::PendingAcceptance);
}

#[tokio::test]
async fn odd_fields_count_as_absent() {
    for odd in [
        r#""balance":null"#,
        r#""balance":{"value":1.5,"currency":"EUR"}"#,
        r#""balance":{"value":"1,50","currency":"EUR"}"#,
        r#""balance":[]"#,
        r#""balance":"lots""#,
        r#""alias":null"#,
        r#""alias":[null,7,{"type":"IBAN"},{"type":"IBAN","value":"nonsense"}]"#,
        r#""description":7"#,
        r#""created":"yesterday""#,
        r#""status":null"#,
        r#""all_co_owner":[{"alias":null}]"#,
        r#""savings_goal_progress":-1"#,
    ] {
        let account = account(inner(1, odd), 1).await;
        assert!(account.is_ok(), "{odd}");
        let account = account.unwrap();
        assert_eq!((account.balance, account.iban), (None, None), "{odd}");
    }
}

#[tokio::test]
async fn an_account_without_a_number_is_an_error() {
    let body = r#"{"Response":[{"MonetaryAccountBank":{"description":"x"}}]}"#;
    let bank = Bank::saying(Says::signed(200, body)).await;
    assert!(session().accounts(&bank.client).await.is_err());
}

#[tokio::test]
async fn hostile_text_is_cleaned() {
    let body = inner(
        1,
        r#""description":"\u001b]52;c;aGk=\u0007\u202eevil","status":"\u009bX""#,
    );
    let account = account(body, 1).await.unwrap();
    let shown = format!("{}{}", account.description, account.status);
    assert!(!shown.chars().any(char::is_control), "{shown:?}");
    assert!(!shown.contains('\u{202e}'));
}

#[tokio::test]
async fn accounts_over_two_pages() {
    let bank = Bank::start(|asked| Says::signed(200, documented(asked))).await;
    let answer = session().accounts(&bank.client).await.unwrap();
    let ids: Vec<u64> = answer.value.iter().map(|account| account.id.0).collect();
    assert_eq!(ids, (9001..=9013).rev().collect::<Vec<_>>());
    let pages =
        ["first", "last"].map(|page| fixture(&format!("monetary-account.list.{page}-page.json")));
    assert_eq!(answer.raw, pages);
    let targets: Vec<String> = bank.asked().into_iter().map(|asked| asked.target).collect();
    assert_eq!(
        targets,
        [
            "/v1/user/4001/monetary-account?count=200",
            "/v1/user/4001/monetary-account?older_id=9008&count=200"
        ]
    );
    // Each account's own JSON is a piece of its page.
    let first = String::from_utf8(pages[0].clone()).unwrap();
    assert!(first.contains(&answer.value[0].raw));
    assert!(answer.value[0].raw.starts_with('{'));
}

#[tokio::test]
async fn a_page_of_payments() {
    let bank = Bank::saying(Says::signed(200, fixture("payment.list.json"))).await;
    let newest = PaymentsFrom::Newest;
    let session = session();
    let answer = session.payments(&bank.client, AccountId(9001), newest, 3);
    let page = answer.await.unwrap().value;
    assert!(page.goes_on);
    let [coffee, rent, power] = &page.payments[..] else {
        panic!("{page:?}")
    };
    assert_eq!(
        (coffee.id, coffee.account),
        (PaymentId(700_123), AccountId(9001))
    );
    assert_eq!(coffee.created.to_string(), "2026-11-20T09:15:02.481516Z");
    assert_eq!(coffee.amount, Money::parse("-12.50", "EUR").unwrap());
    assert_eq!(coffee.balance_after, Money::parse("1643.00", "EUR").ok());
    assert_eq!(
        (coffee.kind.label(), coffee.counterparty_iban.as_ref()),
        ("card", None)
    );
    assert_eq!(coffee.counterparty.as_str(), "Koffiebar De Kade");
    assert_eq!(coffee.place.unwrap().0.to_string(), "52.3676");
    assert_eq!(rent.description.as_str(), "Rent November");
    assert_eq!(
        rent.counterparty_iban.as_ref().unwrap().as_str(),
        "NL42BUNQ2025404025"
    );
    assert_eq!(
        (
            rent.attachments,
            rent.merchant_reference.as_ref().unwrap().as_str()
        ),
        (1, "REF-1")
    );
    assert!(
        rent.arrival
            .as_ref()
            .unwrap()
            .as_str()
            .starts_with("ARRIVED")
    );
    assert_eq!(power.fee, Money::parse("0.25", "EUR").ok());
    assert_eq!(Payment::from_json(&power.raw).unwrap(), *power);
    let targets: Vec<String> = bank.asked().into_iter().map(|asked| asked.target).collect();
    assert_eq!(
        targets,
        ["/v1/user/4001/monetary-account/9001/payment?count=3"]
    );
}

/// Every signature is right, and the page is not the one that was asked for.
#[tokio::test]
async fn another_page_of_payments_is_refused() {
    let (session, older) = (session(), PaymentsFrom::OlderThan);
    for (account, from, good) in [
        (9002, PaymentsFrom::Newest, false),
        (9001, older(PaymentId(700_123)), false),
        (9001, older(PaymentId(700_124)), true),
    ] {
        let bank = Bank::saying(Says::signed(200, fixture("payment.list.json"))).await;
        let page = session.payments(&bank.client, AccountId(account), from, 200);
        assert_eq!(page.await.is_ok(), good, "{account} {from:?}");
    }
    let text = String::from_utf8(fixture("payment.list.json")).unwrap();
    let twice = text.replace("700101", "700123");
    let bank = Bank::saying(Says::signed(200, twice)).await;
    let page = session.payments(&bank.client, AccountId(9001), PaymentsFrom::Newest, 200);
    assert!(page.await.is_err());
}

#[tokio::test]
async fn a_list_that_turns_in_a_circle_or_leaves_the_bank_is_refused() {
    for older in [
        "/v1/user/4001/monetary-account?count=200",
        "http://127.0.0.1:1/v1/user/4001/monetary-account?older_id=1",
        "//192.0.2.1/v1/x",
    ] {
        let body = format!(
            r#"{{"Response":[],"Pagination":{{"future_url":null,"newer_url":null,"older_url":"{older}"}}}}"#
        );
        let bank = Bank::saying(Says::signed(200, body)).await;
        assert!(session().accounts(&bank.client).await.is_err(), "{older}");
        assert_eq!(bank.asked().len(), 1);
    }
}

#[tokio::test]
async fn what_the_setup_looks_for() {
    let bank = Bank::start(|asked| Says::signed(200, documented(asked))).await;
    let session = session();
    let clients = session.oauth_clients(&bank.client).await.unwrap();
    assert_eq!(clients.len(), 1);
    assert_eq!(clients[0].status, OauthClientStatus::Active);
    assert_eq!(clients[0].callback_urls, ["http://localhost:8000/callback"]);
    assert_eq!(clients[0].client_id.len(), 64);
    assert!(!format!("{clients:?}").contains(clients[0].secret.expose()));
    let urls = session
        .callback_urls(&bank.client, clients[0].id)
        .await
        .unwrap();
    assert_eq!((urls[0].id.unwrap().0, urls.len()), (790, 1));
    let devices = session.devices(&bank.client).await.unwrap();
    assert_eq!(devices[0].status, DeviceStatus::Active);
    assert_eq!(devices[1].ip.as_ref().unwrap().as_str(), "192.0.2.7");
}

#[tokio::test]
async fn callback_urls_in_each_form() {
    let body = r#"{"Response":[{"OauthClient":{"id":1,"status":"ACTIVE","client_id":"c","secret":"s",
        "callback_url":["http://a",{"url":"http://b"},{"OauthCallbackUrl":{"url":"http://c"}},null]}}]}"#;
    let bank = Bank::saying(Says::signed(200, body)).await;
    let clients = session().oauth_clients(&bank.client).await.unwrap();
    assert_eq!(
        clients[0].callback_urls,
        ["http://a", "http://b", "http://c"]
    );
}
