//! One request: build, sign, send, verify, decode. There is no other way out.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::HeaderMap;
use serde::Serialize;
use url::Url;

use super::caller::Caller;
use super::error::{self, Error, ErrorKind, Unverified};
use super::model::Envelope;
use super::signing::ServerKey;
use super::transport::{self, Outgoing, Received};
use crate::base::{
    BankText, Clock, Endpoints, Events, Method, RequestEvent, RequestId, RequestOutcome,
    Verification,
};

const SERVER_SIGNATURE: &str = "x-bunq-server-signature";
const RESPONSE_ID: &str = "x-bunq-client-response-id";

/// How long a request may take, and how large its answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimits {
    /// To connect, TLS included.
    pub connect: Duration,
    /// Between two pieces of the answer.
    pub read: Duration,
    /// From the first byte sent to the last one received.
    pub total: Duration,
    /// The most bytes of a body that are read.
    pub body: usize,
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_secs(15),
            total: Duration::from_secs(30),
            body: 4 * 1024 * 1024,
        }
    }
}

/// The way to one bank. Clones share its connections.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    endpoints: Endpoints,
    clock: Clock,
    events: Events,
    limits: TimeLimits,
    /// Built at the first use: on a machine without CA files it cannot be built at all.
    http: OnceLock<reqwest::Client>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoints", &self.0.endpoints)
            .field("limits", &self.0.limits)
            .finish_non_exhaustive()
    }
}

/// Which of the bank's services answers; they shape their errors differently.
enum Service<'a> {
    Api(Caller<'a>),
    Token,
}

/// A good answer, already verified.
pub(super) struct Reply {
    /// Exactly as received.
    pub(super) body: Bytes,
}

impl Reply {
    /// What is in it.
    pub(super) fn envelope(&self) -> Result<Envelope<'_>, Error> {
        Envelope::parse(&self.body)
    }
}

impl Client {
    /// A client of the bank at these addresses. Nothing is sent yet.
    ///
    /// # Errors
    /// When plain http would leave this machine.
    pub fn new(endpoints: Endpoints, clock: Clock, events: Events) -> Result<Self, Error> {
        let safe = |url: &Url| url.scheme() == "https" || Endpoints::local(url).is_some();
        let all = [&endpoints.api, &endpoints.authorize, &endpoints.token];
        if !all.into_iter().all(safe) {
            return Err(Error::new(ErrorKind::Tls));
        }
        Ok(Self(Arc::new(Inner {
            endpoints,
            clock,
            events,
            limits: TimeLimits::default(),
            http: OnceLock::new(),
        })))
    }

    /// The same client with other limits, and connections of its own.
    #[must_use]
    pub fn with_time_limits(self, limits: TimeLimits) -> Self {
        Self(Arc::new(Inner {
            endpoints: self.0.endpoints.clone(),
            clock: self.0.clock.clone(),
            events: self.0.events.clone(),
            limits,
            http: OnceLock::new(),
        }))
    }

    /// Where the bank is.
    #[must_use]
    pub fn endpoints(&self) -> &Endpoints {
        &self.0.endpoints
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// An address under the API's root.
    pub(super) fn url(&self, path: &str) -> Result<Url, Error> {
        let joined = self.0.endpoints.api.join(path);
        joined.map_err(|_| Error::shape("an address of the API"))
    }

    /// Reads.
    pub(super) async fn get(&self, caller: Caller<'_>, url: Url) -> Result<Reply, Error> {
        self.send(caller, Method::Get, url, None).await
    }

    /// Makes something; the body, if any, is written once, signed and sent as those bytes.
    pub(super) async fn post(
        &self,
        caller: Caller<'_>,
        path: &str,
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<Reply, Error> {
        let body = body.map(serde_json::to_vec).transpose();
        let body = body.map_err(|_| Error::shape("a request that can be written"))?;
        self.send(caller, Method::Post, self.url(path)?, body).await
    }

    /// Takes something away.
    pub(super) async fn delete(&self, caller: Caller<'_>, path: &str) -> Result<Reply, Error> {
        self.send(caller, Method::Delete, self.url(path)?, None)
            .await
    }

    /// Asks the token service, whose requests carry all they have in the address.
    pub(super) async fn post_token(&self, url: Url) -> Result<Reply, Error> {
        let outgoing = Outgoing {
            method: Method::Post,
            url,
            headers: HeaderMap::new(),
            body: None,
        };
        self.run(outgoing, Service::Token).await
    }

    async fn send(
        &self,
        caller: Caller<'_>,
        method: Method,
        url: Url,
        body: Option<Vec<u8>>,
    ) -> Result<Reply, Error> {
        let outgoing = Outgoing {
            method,
            headers: caller.headers(body.as_deref())?,
            url,
            body,
        };
        self.run(outgoing, Service::Api(caller)).await
    }

    /// The one place where a request leaves and an answer comes in.
    async fn run(&self, outgoing: Outgoing, service: Service<'_>) -> Result<Reply, Error> {
        let http = self.http()?;
        let telling = Telling::begin(self, outgoing.method, outgoing.url.path());
        let received = transport::fetch(http, outgoing, self.0.limits.body).await;
        let status = received.as_ref().map(|received| received.status).ok();
        let (verification, result) = match received {
            Ok(received) => judge(received, &service),
            Err(error) => (Verification::NotExpected, Err(error)),
        };
        telling.end(RequestOutcome {
            status: status.or_else(|| result.as_ref().err().and_then(Error::status)),
            verification,
            failure: result
                .as_ref()
                .err()
                .and_then(|error| error.kind().wire_failure()),
        });
        result
    }

    fn http(&self) -> Result<&reqwest::Client, Error> {
        if let Some(http) = self.0.http.get() {
            return Ok(http);
        }
        let http = transport::build(&self.0.endpoints, &self.0.limits)?;
        Ok(self.0.http.get_or_init(|| http))
    }
}

/// Decides whether an answer may be used. A good one that the bank did not sign is dropped unread;
/// of a bad one only the status and a cleaned sentence are kept, so that a failed check of its
/// signature shows in the log but hides nothing.
fn judge(received: Received, service: &Service<'_>) -> (Verification, Result<Reply, Error>) {
    let server_key = match service {
        Service::Api(caller) => caller.server_key(),
        Service::Token => None,
    };
    let checked = server_key.map(|key| check(&received, key));
    if (200..300).contains(&received.status) {
        return match checked {
            Some(Err(reason)) => {
                let error = Error::new(ErrorKind::Unverified(reason));
                (Verification::Failed, Err(describe(error, &received, None)))
            }
            Some(Ok(())) => (
                Verification::Verified,
                Ok(Reply {
                    body: received.body,
                }),
            ),
            None => (
                Verification::NotExpected,
                Ok(Reply {
                    body: received.body,
                }),
            ),
        };
    }
    let verification = match checked {
        Some(Ok(())) => Verification::Verified,
        None | Some(Err(Unverified::Missing)) => Verification::NotExpected,
        Some(Err(_)) => Verification::Failed,
    };
    let (kind, description) = match service {
        Service::Api(caller) => {
            let in_session = matches!(caller, Caller::Session(_));
            error::from_api(&received, in_session)
        }
        Service::Token => error::from_token_service(&received),
    };
    (
        verification,
        Err(describe(Error::new(kind), &received, description)),
    )
}

fn describe(error: Error, received: &Received, description: Option<BankText>) -> Error {
    let response_id = received.headers.get(RESPONSE_ID);
    let response_id = response_id
        .and_then(|value| value.to_str().ok())
        .map(BankText::new);
    error.answered(received.status, description, response_id)
}

/// Exactly one signature, over exactly the bytes received.
fn check(received: &Received, key: &ServerKey) -> Result<(), Unverified> {
    let mut all = received.headers.get_all(SERVER_SIGNATURE).iter();
    let signature = match (all.next(), all.next()) {
        (None, _) => return Err(Unverified::Missing),
        (Some(_), Some(_)) => return Err(Unverified::Several),
        (Some(one), None) => one.to_str().map_err(|_| Unverified::Wrong)?,
    };
    if key.verify(&received.body, signature) {
        Ok(())
    } else {
        Err(Unverified::Wrong)
    }
}

/// Tells that a request began, and always that it ended: also when its task is dropped.
struct Telling<'a> {
    client: &'a Client,
    id: RequestId,
    started: Instant,
    outcome: RequestOutcome,
}

impl<'a> Telling<'a> {
    fn begin(client: &'a Client, method: Method, path: &str) -> Self {
        let id = client.0.events.next_id();
        client.0.events.tell(RequestEvent::Began {
            id,
            method,
            path: path.to_owned(),
            at: client.clock().now(),
        });
        Self {
            client,
            id,
            started: Instant::now(),
            outcome: RequestOutcome {
                status: None,
                verification: Verification::NotExpected,
                failure: Some("cancelled"),
            },
        }
    }

    fn end(mut self, outcome: RequestOutcome) {
        self.outcome = outcome;
    }
}

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        self.client.0.events.tell(RequestEvent::Ended {
            id: self.id,
            outcome: self.outcome.clone(),
            took: self.started.elapsed(),
        });
    }
}
