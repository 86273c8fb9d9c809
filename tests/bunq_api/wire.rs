//! What goes over the wire, and that nothing unverified is used.

use crate::bank::*;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bunq_tui::base::{
    AccountId, CallbackUrlId, Exit, Method, OauthClientId, Problem, RequestEvent, Secret,
    Verification,
};
use bunq_tui::bunq::{Client, CodeGrant, Error, ErrorKind, OauthCode, Unverified};
use url::Url;

const STATE: &str = "the-state-that-was-sent";

/// Every call after the installation; whether it returned anything.
pub(crate) async fn every_call(client: &Client) -> Vec<(&'static str, Result<(), Error>)> {
    let installation = installation();
    let (device, session) = (device(), session());
    let secret = Secret::new("an-api-key");
    let oauth = OauthClientId(789);
    let (account, url) = (AccountId(9001), CallbackUrlId(790));
    let back = "http://localhost:8000/callback";
    vec![
        (
            "device-server",
            installation
                .register_device(client, &secret, "a test", &[])
                .await
                .map(drop),
        ),
        (
            "payment-service-provider-credential",
            installation
                .create_credential(client, &certificate())
                .await
                .map(drop),
        ),
        (
            "session-server",
            device.open_session(client, &secret).await.map(drop),
        ),
        ("user", session.read_user(client).await.map(drop)),
        ("accounts", session.accounts(client).await.map(drop)),
        ("account", session.account(client, account).await.map(drop)),
        (
            "oauth-clients",
            session.oauth_clients(client).await.map(drop),
        ),
        (
            "oauth-client",
            session.oauth_client(client, oauth).await.map(drop),
        ),
        (
            "new oauth-client",
            session.create_oauth_client(client).await.map(drop),
        ),
        (
            "callback-urls",
            session.callback_urls(client, oauth).await.map(drop),
        ),
        (
            "new callback-url",
            session
                .add_callback_url(client, oauth, back)
                .await
                .map(drop),
        ),
        (
            "no callback-url",
            session.delete_callback_url(client, oauth, url).await,
        ),
        ("devices", session.devices(client).await.map(drop)),
        ("close", session.close(client).await),
    ]
}

fn grant<'a>(secret: &'a Secret, code: &'a Secret) -> CodeGrant<'a> {
    CodeGrant {
        client_id: "our-client",
        client_secret: secret,
        redirect_uri: "http://localhost:8000/callback",
        code,
        state: STATE,
    }
}

#[tokio::test]
async fn every_call_reads_its_documented_answer() {
    let bank = Bank::start(|asked| Says::signed(200, documented(asked))).await;
    for (call, result) in every_call(&bank.client).await {
        assert_eq!(result, Ok(()), "{call}");
    }
    let secret = Secret::new("canary-secret");
    let code = Secret::new("canary-code");
    bank.client.install(our_key()).await.unwrap();
    bank.client.new_sandbox_person().await.unwrap();
    bank.client.new_sandbox_company().await.unwrap();
    bank.client.exchange(grant(&secret, &code)).await.unwrap();
}

#[tokio::test]
async fn nothing_unverified_is_used() {
    type Fault = fn(Vec<u8>) -> Says;
    let faults: [(Unverified, Fault); 9] = [
        (Unverified::Missing, |body| Says::unsigned(200, body)),
        (Unverified::Missing, |body| Says::unsigned(201, body)),
        (Unverified::Wrong, |body| signature(body, "")),
        (Unverified::Wrong, |body| signature(body, "bm90aGluZw==")),
        (Unverified::Wrong, |body| {
            let other = sign(&[&body[..], b" "].concat());
            signature(body, &other)
        }),
        (Unverified::Wrong, |body| {
            let stranger = sign_with(&key_pair("test-key.pem"), &body);
            signature(body, &stranger)
        }),
        (Unverified::Wrong, |body| {
            let unpadded = sign(&body).replace('=', "");
            signature(body, &unpadded)
        }),
        (Unverified::Wrong, |body| {
            let longer = format!("{}\u{20}", sign(&body));
            signature(body, &format!("{longer},{longer}"))
        }),
        (Unverified::Several, |body| {
            let right = sign(&body);
            signature(body, &right).with("x-bunq-server-signature", &right)
        }),
    ];
    for (number, (reason, fault)) in faults.into_iter().enumerate() {
        let bank = Bank::start(move |asked| fault(documented(asked))).await;
        let mut events = bank.events.listen();
        for (call, result) in every_call(&bank.client).await {
            let error = result.expect_err(call);
            assert_eq!(
                *error.kind(),
                ErrorKind::Unverified(reason),
                "{number} {call}"
            );
            let [
                _,
                RequestEvent::Sent { .. },
                RequestEvent::Ended { outcome, .. },
            ] = [(); 3].map(|()| events.try_recv().unwrap())
            else {
                panic!("no end")
            };
            assert_eq!(outcome.verification, Verification::Failed);
            assert_eq!(outcome.failure, Some("unverified"));
        }
        // One request each: a list stops at its first page.
        assert_eq!(bank.asked().len(), 14);
    }
}

fn signature(body: Vec<u8>, signature: &str) -> Says {
    Says::unsigned(200, body).with("X-Bunq-Server-Signature", signature)
}

#[tokio::test]
async fn the_second_page_is_checked_too() {
    let bank = Bank::start(|asked| {
        let body = documented(asked);
        if asked.target.contains("older_id") {
            Says::unsigned(200, body)
        } else {
            Says::signed(200, body)
        }
    })
    .await;
    let error = session().accounts(&bank.client).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Unverified(Unverified::Missing));
}

#[tokio::test]
async fn requests_are_as_documented() {
    let bank = Bank::start(|asked| Says::signed(200, documented(asked))).await;
    every_call(&bank.client).await;
    let public = key_pair("test-key.pem");
    let public = public.public_key().as_ref().to_vec();
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public);
    let mut ids = std::collections::HashSet::new();
    for asked in bank.asked() {
        let name = format!("{} {}", asked.method, asked.target);
        assert!(asked.header("user-agent").unwrap().starts_with("bunq-tui/"));
        assert_eq!(asked.header("cache-control"), Some("no-cache"), "{name}");
        assert_eq!(asked.header("x-bunq-language"), Some("en_US"));
        assert_eq!(asked.header("x-bunq-region"), Some("en_US"));
        assert_eq!(asked.header("x-bunq-geolocation"), Some("0 0 0 0 000"));
        assert_eq!(asked.header("accept-encoding"), None, "{name}");
        assert_eq!(asked.header("cookie"), None);
        let id = asked.header("x-bunq-client-request-id").unwrap();
        let uuid = uuid::Uuid::parse_str(id).unwrap();
        assert_eq!(uuid.get_version_num(), 4);
        assert!(ids.insert(uuid), "{name} has an id for the second time");
        let by_installation = ["device-server", "session-server", "payment-service"]
            .iter()
            .any(|path| asked.method == "POST" && asked.path().contains(path));
        let token = if by_installation {
            "installation-token"
        } else {
            "session-token"
        };
        assert_eq!(
            asked.header("x-bunq-client-authentication"),
            Some(token),
            "{name}"
        );
        let signature = asked.header("x-bunq-client-signature");
        if asked.body.is_empty() {
            assert_eq!(signature, None, "{name}");
        } else {
            assert_eq!(asked.header("content-type"), Some("application/json"));
            let signature = STANDARD.decode(signature.unwrap()).unwrap();
            assert!(public.verify(&asked.body, &signature).is_ok(), "{name}");
            assert!(serde_json::from_slice::<serde_json::Value>(&asked.body).is_ok());
        }
    }
}

#[tokio::test]
async fn bodies_are_as_documented() {
    let bank = Bank::start(|asked| Says::signed(200, documented(asked))).await;
    let secret = Secret::new("an-api-key");
    installation()
        .register_device(&bank.client, &secret, "a test", &["*"])
        .await
        .unwrap();
    every_call(&bank.client).await;
    bank.client.new_sandbox_person().await.unwrap();
    let bodies: Vec<String> = bank
        .asked()
        .into_iter()
        .filter(|asked| asked.method == "POST")
        .map(|asked| String::from_utf8(asked.body).unwrap())
        .collect();
    assert_eq!(
        bodies[0],
        r#"{"description":"a test","secret":"an-api-key","permitted_ips":["*"]}"#
    );
    assert_eq!(
        bodies[1],
        r#"{"description":"a test","secret":"an-api-key"}"#
    );
    assert_eq!(bodies[3], r#"{"secret":"an-api-key"}"#);
    assert_eq!(bodies[4], "{}");
    assert_eq!(bodies[5], r#"{"url":"http://localhost:8000/callback"}"#);
    assert_eq!(bodies[6], "", "a sandbox user is made without a body");
    // The certificate's key vouches for the trimmed public key, a line feed and the token.
    let credential: serde_json::Value = serde_json::from_str(&bodies[2]).unwrap();
    let public = our_key().public_pem().unwrap();
    assert!(public.ends_with("-----END PUBLIC KEY-----\n"));
    let vouched = format!("{}\ninstallation-token", public.trim_end());
    assert_eq!(
        credential["client_public_key_signature"],
        sign_with(&key_pair("test-key.pem"), vouched.as_bytes())
    );
}

#[tokio::test]
async fn the_exchange_carries_everything_in_the_query_and_tells_nothing() {
    let bank = Bank::saying(Says::unsigned(200, fixture("token.json"))).await;
    let mut events = bank.events.listen();
    let secret = Secret::new("canary&secret");
    let code = Secret::new("canary=code");
    let token = bank.client.exchange(grant(&secret, &code)).await.unwrap();
    assert_eq!(token.expose().len(), 64);
    let asked = bank.asked().remove(0);
    assert_eq!((asked.method.as_str(), asked.body.len()), ("POST", 0));
    let url = Url::parse("http://x").unwrap().join(&asked.target).unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let expected = [
        ("grant_type", "authorization_code"),
        ("code", "canary=code"),
        ("redirect_uri", "http://localhost:8000/callback"),
        ("client_id", "our-client"),
        ("client_secret", "canary&secret"),
    ];
    assert_eq!(
        pairs,
        expected.map(|(name, value)| (name.into(), value.into()))
    );
    let began = events.try_recv().unwrap();
    let RequestEvent::Began { method, path, .. } = &began else {
        panic!("{began:?}")
    };
    assert_eq!((*method, path.as_str()), (Method::Post, "/v1/token"));
    let ended = events.try_recv().unwrap();
    assert!(!format!("{began:?}{ended:?}").contains("canary"));
}

#[tokio::test]
async fn errors_hold_no_secret() {
    let answers = [
        Says::unsigned(400, fixture("token.invalid-grant.json")),
        Says::unsigned(401, r#"{"error":"invalid_client"}"#),
        Says::unsigned(200, "<html>sign in</html>"),
        Says::unsigned(200, "{}"),
        Says::unsigned(302, "").with("Location", "https://example.com/?canary"),
        Says::unsigned(502, "<html>"),
        Says::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec()),
        Says::Bytes(b"nonsense".to_vec()),
        Says::Bytes(Vec::new()),
    ];
    let secret = Secret::new("canary-secret");
    let code = Secret::new("canary-code");
    for says in answers {
        let bank = Bank::saying(says.clone()).await;
        let error = bank
            .client
            .exchange(grant(&secret, &code))
            .await
            .unwrap_err();
        let problem = Problem::from(error.clone());
        let all = format!(
            "{error} {error:?} {problem} {:?} {:?}",
            bank.client,
            session()
        );
        for bad in ["canary", "http", "127.0.0.1:1", "session-token", "code="] {
            let all = all.replace(&format!("{:?}", bank.client), "");
            assert!(!all.contains(bad), "{bad} in {all}");
        }
        assert!(!error.hint().is_empty());
    }
    let refused = Bank::saying(Says::unsigned(400, fixture("token.invalid-grant.json"))).await;
    let error = refused
        .client
        .exchange(grant(&secret, &code))
        .await
        .unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Oauth(OauthCode::InvalidGrant));
    assert_eq!(error.exit(), Exit::Refused);
}
