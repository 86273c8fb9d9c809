//! Every kind of fault does on the wire what it says, and to the bank what it says.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bunq_tui::simulator::{Fault, FaultKind, Options, RetryAfter};
use rsa::PublicKey;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::raw::{End, Raw, exchange};
use crate::support::{Bank, CREDENTIALS, client_key};

const SIGNATURE: &str = "x-bunq-server-signature";

/// Opening a session for a grant, of which there are two. Done means that there is one more.
struct Call {
    bank: Bank,
    access: String,
    /// Whom the first grant's session belongs to.
    own: u64,
}

/// What came of the call.
struct Outcome {
    raw: Raw,
    done: bool,
    /// The body is the usual one: a session for the grant.
    usual: bool,
}

impl Call {
    async fn ready() -> Self {
        let bank = Bank::open(Options::default()).await;
        let client = bank.oauth_client().await;
        let access = bank.grant(&client).await;
        bank.grant(&client).await;
        let (_, own) = bank.session_only(&access).await;
        Self { bank, access, own }
    }

    async fn make(&self, kind: &FaultKind) -> Outcome {
        let bank = &self.bank;
        bank.simulator.set_fault(Fault {
            endpoint: "POST session-server$".to_owned(),
            nth: Some(1),
            kind: kind.clone(),
        });
        let body = json!({ "secret": self.access }).to_string();
        let signed = client_key()
            .pkcs1v15_sign::<Sha256>(body.as_bytes())
            .unwrap();
        let head = [
            "POST /v1/session-server HTTP/1.1".to_owned(),
            format!("X-Bunq-Client-Authentication: {}", bank.installation),
            format!("X-Bunq-Client-Signature: {}", STANDARD.encode(signed)),
        ];
        let address = bank.simulator.root().replace("http://", "");
        let before = bank.simulator.census().sessions;
        let has_body = |bytes: &[u8]| bytes.windows(8).any(|eight| eight == b"Response");
        let raw = exchange(&address, &head, &body, |bytes| {
            *kind == FaultKind::Stall && has_body(bytes)
        })
        .await;
        bank.simulator.clear_faults();
        let done = bank.simulator.census().sessions == before + 1;
        let usual = serde_json::from_slice::<Value>(&raw.body)
            .is_ok_and(|body| body["Response"][2]["UserApiKey"]["id"] == self.own);
        Outcome { raw, done, usual }
    }

    fn verifies(&self, raw: &Raw, signature: &str) -> bool {
        verifies(&self.bank.server, &raw.body, signature)
    }

    /// Exactly one signature, and a right one.
    fn is_signed(&self, raw: &Raw) -> bool {
        let signature = raw.header(SIGNATURE);
        signature.is_some_and(|signature| self.verifies(raw, signature))
    }
}

fn verifies(key: &PublicKey, body: &[u8], signature: &str) -> bool {
    let signature = STANDARD.decode(signature);
    signature.is_ok_and(|signature| key.pkcs1v15_verify::<Sha256>(body, &signature).is_ok())
}

/// The same kind, quick enough for a test.
fn quick(kind: FaultKind) -> FaultKind {
    match kind {
        FaultKind::Delay(_) => FaultKind::Delay(Duration::from_millis(30)),
        FaultKind::Drip { .. } => FaultKind::Drip {
            piece: 100,
            pause: Duration::from_millis(2),
        },
        FaultKind::Oversize { announced, .. } => FaultKind::Oversize {
            bytes: 1 << 20,
            announced,
        },
        kind => kind,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_does_what_it_says() {
    let call = Call::ready().await;
    let kinds = FaultKind::all();
    assert!(kinds.len() >= 50, "{}", kinds.len());
    for kind in kinds.into_iter().map(quick).chain(variants()) {
        // Sessions that faults end are no more; each kind gets a grant that is alive.
        let ends_grant = kind == FaultKind::RevokedToken;
        let outcome = match ends_grant {
            true => Call::ready().await.make(&kind).await,
            false => call.make(&kind).await,
        };
        println!("{kind}: {} {:?}", outcome.raw.status(), outcome.raw.end);
        judge(&call, &kind, &outcome);
    }
}

/// What the defaults do not show.
fn variants() -> Vec<FaultKind> {
    let too_many = |retry_after| FaultKind::TooMany {
        calls: 1,
        seconds: 30,
        retry_after: Some(retry_after),
    };
    let redirect = |status| FaultKind::Redirect {
        status,
        location: "https://example.com/?a=1,2".to_owned(),
    };
    let oversize = FaultKind::Oversize {
        bytes: 300_000,
        announced: true,
    };
    let mut more = vec![
        too_many(RetryAfter::Seconds(5)),
        too_many(RetryAfter::Date(5)),
        oversize,
    ];
    more.extend([301, 303, 307, 308].map(redirect));
    more.push(FaultKind::TokenError("temporarily_unavailable".to_owned()));
    more
}

fn judge(call: &Call, kind: &FaultKind, outcome: &Outcome) {
    connection(call, kind, outcome);
    sentences(call, kind, outcome);
    instead(kind, outcome);
    bodies(call, kind, outcome);
    signatures(call, kind, outcome);
}

/// How much of the answer came, and how the connection ended; everything else is whole.
fn connection(call: &Call, kind: &FaultKind, Outcome { raw, done, usual }: &Outcome) {
    let (nothing, length) = (raw.head.is_empty(), raw.body.len());
    match kind {
        FaultKind::Refuse => assert!(nothing && raw.end == End::Reset && !done),
        FaultKind::Reset => assert!(nothing && raw.end == End::Reset && *done),
        FaultKind::DropBefore => assert!(nothing && raw.end == End::Closed && !done),
        FaultKind::Drop => assert!(nothing && raw.end == End::Closed && *done),
        FaultKind::Delay(time) => assert!(raw.took >= *time && *usual),
        FaultKind::Drip { piece, pause } => {
            let pieces = u32::try_from(length.div_ceil(*piece)).unwrap();
            assert!(pieces > 3 && raw.took >= *pause * pieces, "{:?}", raw.took);
            assert!(*usual && call.is_signed(raw));
        }
        FaultKind::Stall | FaultKind::Truncate => {
            assert!(*done && length > 0 && length == raw.announced() / 2);
        }
        FaultKind::WrongLength => assert!(*usual && raw.announced() == length / 2),
        FaultKind::Oversize { bytes, announced } => {
            let body = match announced {
                true => raw.body.clone(),
                false => raw.unchunked(),
            };
            assert_eq!(body.len() as u64, *bytes);
            assert_eq!(raw.headers("content-length").len(), usize::from(*announced));
            let padding = body.trim_ascii_end().len()..body.len();
            assert!(padding.len() > 200_000, "the JSON stays valid");
            assert!(serde_json::from_slice::<Value>(&body).is_ok());
        }
        _ => assert!(!nothing && raw.end == End::Closed && raw.announced() == length),
    }
}

/// bunq's sentences, which come instead of the call.
fn sentences(call: &Call, kind: &FaultKind, Outcome { raw, done, .. }: &Outcome) {
    let body = || serde_json::from_slice::<Value>(&raw.body).unwrap();
    let says = |status: u16, sentence: &str| {
        assert_eq!((raw.status(), *done), (status, false), "{kind}");
        assert_eq!(body()["Error"][0]["error_description"], sentence, "{kind}");
        let signed = !matches!(status, 429 | 491 | 500..);
        assert_eq!(call.is_signed(raw), signed, "{kind}");
    };
    let authentication = "Insufficient authentication.";
    let authorisation = "Insufficient authorisation.";
    match kind {
        FaultKind::TooMany {
            calls,
            seconds,
            retry_after,
        } => {
            says(
                429,
                &format!(
                    "Too many requests. You can do a maximum of {calls} calls per {seconds} second to this endpoint."
                ),
            );
            let after = raw.header("retry-after");
            match retry_after {
                None => assert_eq!(after, None),
                Some(RetryAfter::Seconds(seconds)) => {
                    assert_eq!(after, Some(seconds.to_string().as_str()))
                }
                Some(RetryAfter::Date(seconds)) => {
                    let time = |text: &str| jiff::fmt::rfc2822::parse(text).unwrap().timestamp();
                    let wait =
                        time(after.unwrap()).duration_since(time(raw.header("date").unwrap()));
                    assert_eq!(wait.as_secs(), i64::from(*seconds));
                }
            }
        }
        FaultKind::Credentials400 | FaultKind::RevokedToken => {
            assert!(!done);
            assert_eq!(
                (raw.status(), &body()["Error"][0]["error_description"]),
                (400, &json!(CREDENTIALS))
            );
        }
        FaultKind::Signature400 => says(400, "The request signature is invalid."),
        FaultKind::Authorisation401 | FaultKind::DeadSession401 => says(401, authorisation),
        FaultKind::Authentication401 => says(401, authentication),
        FaultKind::Authentication403 | FaultKind::DeadSession403 => says(403, authentication),
        FaultKind::Authorisation403 => says(403, authorisation),
        FaultKind::Route404 => says(404, "Route not found."),
        FaultKind::Item404 => says(404, "The item you requested could not be found."),
        FaultKind::Method405 => says(405, "Method not allowed."),
        FaultKind::NotModified399 => says(399, "Not modified."),
        FaultKind::Unsigned466 => {
            says(
                466,
                "For this operation a request signature is required. Check the urls for more information.",
            );
        }
        FaultKind::UserError490 => says(490, "The user made an error."),
        FaultKind::Maintenance491 => says(491, "bunq is in maintenance."),
        FaultKind::Error500 => says(500, "Something went wrong."),
        FaultKind::Unavailable503 => says(503, "The service is unavailable."),
        _ => {}
    }
}

/// What else comes instead of the call.
fn instead(kind: &FaultKind, Outcome { raw, done, .. }: &Outcome) {
    let body = || serde_json::from_slice::<Value>(&raw.body).unwrap();
    match kind {
        FaultKind::Status(status, text) | FaultKind::DoneButStatus(status, text) => {
            assert_eq!(
                (raw.status(), raw.body.as_slice()),
                (*status, text.as_bytes())
            );
            assert_eq!(*done, matches!(kind, FaultKind::DoneButStatus(..)));
        }
        FaultKind::Html502 | FaultKind::Portal => {
            let status = if *kind == FaultKind::Portal { 200 } else { 502 };
            assert_eq!(
                (raw.status(), *done, raw.header(SIGNATURE)),
                (status, false, None)
            );
            assert!(raw.header("content-type").unwrap().starts_with("text/html"));
            assert!(String::from_utf8_lossy(&raw.body).contains("<html"));
        }
        FaultKind::Redirect { status, location } => {
            assert_eq!((raw.status(), *done), (*status, false));
            assert_eq!(raw.header("location"), Some(location.as_str()));
        }
        FaultKind::ExpiredCode => {
            assert_eq!(
                (raw.status(), &body()["error"]),
                (400, &json!("invalid_grant"))
            );
        }
        FaultKind::TokenError(error) => {
            assert_eq!((raw.status(), &body()["error"]), (400, &json!(error)));
        }
        _ => {}
    }
}

/// Bodies and headers of calls that were done, signed as they should be.
fn bodies(call: &Call, kind: &FaultKind, Outcome { raw, done, usual }: &Outcome) {
    let json = serde_json::from_slice::<Value>(&raw.body);
    let signed = || {
        assert!(
            *done && raw.status() == 200 && call.is_signed(raw),
            "{kind}"
        );
        true
    };
    match kind {
        FaultKind::InvalidJson => assert!(signed() && json.is_err()),
        FaultKind::InvalidUtf8 => {
            assert!(signed() && json.is_err() && std::str::from_utf8(&raw.body).is_err());
        }
        FaultKind::DeepJson(depth) => {
            let deepest = raw.body.iter().filter(|byte| **byte == b'[').count();
            assert!(signed() && deepest == *depth);
        }
        FaultKind::DuplicateKeys => {
            let text = String::from_utf8(raw.body.clone()).unwrap();
            assert!(signed() && text.matches("\"Response\":").count() == 2 && *usual);
        }
        FaultKind::EmptyBody => assert!(signed() && raw.body.is_empty()),
        FaultKind::WrongType => assert!(signed() && json.unwrap()["Response"].is_string()),
        FaultKind::Replay => {
            let user = &json.unwrap()["Response"][2]["UserApiKey"]["id"];
            assert!(signed() && user.is_u64() && *user != call.own);
        }
        FaultKind::LowerCaseHeaders => {
            let lines = raw.head.lines().skip(1).filter(|line| !line.is_empty());
            let names = lines.map(|line| line.split_once(": ").unwrap().0);
            assert!(signed() && *usual);
            assert!(names.into_iter().all(|name| name == name.to_lowercase()));
        }
        FaultKind::MissingResponseId | FaultKind::MissingDate => {
            let missing = |name| raw.header(name).is_none();
            assert!(signed() && *usual);
            let id = missing("x-bunq-client-response-id");
            assert_eq!(id, *kind == FaultKind::MissingResponseId);
            assert_eq!(missing("date"), *kind == FaultKind::MissingDate);
        }
        _ => {}
    }
}

/// The usual body, and a signature that does not fit.
fn signatures(call: &Call, kind: &FaultKind, Outcome { raw, done, usual }: &Outcome) {
    let given = || {
        assert!(*done && *usual && !call.is_signed(raw), "{kind}");
        raw.header(SIGNATURE)
    };
    let bytes = || STANDARD.decode(given().unwrap());
    match kind {
        FaultKind::WrongSignature | FaultKind::ChangedKey => {
            assert_eq!(bytes().unwrap().len(), 256);
        }
        FaultKind::OtherBodySignature => {
            let other = b"{\"Response\":[]}\n";
            assert!(verifies(&call.bank.server, other, given().unwrap()));
        }
        FaultKind::MissingSignature => assert_eq!(given(), None),
        FaultKind::UndecodableSignature => assert!(bytes().is_err()),
        FaultKind::DuplicateSignature => {
            let both = raw.headers(SIGNATURE);
            let right: Vec<_> = both.iter().map(|text| call.verifies(raw, text)).collect();
            assert!(*done && *usual && right == [true, false]);
        }
        _ => {}
    }
}
