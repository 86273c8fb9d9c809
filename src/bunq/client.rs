//! One request: build, sign, send, verify, decode. There is no other way out.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{DATE, HeaderMap};
use serde::Serialize;
use url::Url;

use super::bank_clock::BankClock;
use super::caller::{self, Caller};
use super::error::{Error, ErrorKind};
use super::judge::judge;
use super::limiter::{Endpoint, InMemory, Limiter, Limits, WindowKeeper, jitter};
use super::masked::Met;
use super::model::Envelope;
use super::retry::{Next, Tries};
use super::shown;
use super::telling::Telling;
use super::transport::{self, Outgoing, Received, TimeLimits};
use crate::base::{
    Checkpoints, Clock, Endpoints, Events, Method, RequestId, RequestOutcome, Verification,
    WaitReason,
};

/// The way to one bank. Clones share its connections.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    endpoints: Endpoints,
    clock: Clock,
    events: Events,
    limits: TimeLimits,
    limiter: Limiter,
    checkpoints: Checkpoints,
    bank_clock: BankClock,
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
#[derive(Clone, Copy)]
pub(super) enum Service<'a> {
    Api(Caller<'a>),
    Token,
}

/// A good answer, already verified.
pub(super) struct Reply {
    pub(super) status: u16,
    /// Exactly as received.
    pub(super) body: Bytes,
}

impl Reply {
    fn as_outcome(&self) -> RequestOutcome {
        RequestOutcome {
            status: Some(self.status),
            verification: Verification::NotExpected,
            failure: None,
        }
    }

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
            limiter: Limiter::new(Limits::Off, Arc::new(InMemory::default())),
            checkpoints: Checkpoints::default(),
            bank_clock: BankClock::default(),
            http: OnceLock::new(),
        })))
    }

    /// The same client with other limits on time, and connections of its own.
    #[must_use]
    pub fn with_time_limits(self, limits: TimeLimits) -> Self {
        self.changed(|inner| inner.limits = limits)
    }

    /// The same client, keeping to a table of the bank's limits. Who keeps the windows decides who
    /// shares them.
    #[must_use]
    pub fn with_limits(self, limits: Limits, keeper: Arc<dyn WindowKeeper>) -> Self {
        self.changed(|inner| inner.limiter = Limiter::new(limits, keeper))
    }

    /// The same client, each of whose calls is told before and after.
    #[must_use]
    pub fn with_checkpoints(self, checkpoints: Checkpoints) -> Self {
        self.changed(|inner| inner.checkpoints = checkpoints)
    }

    fn changed(self, change: impl FnOnce(&mut Inner)) -> Self {
        let old = &self.0;
        let mut inner = Inner {
            endpoints: old.endpoints.clone(),
            clock: old.clock.clone(),
            events: old.events.clone(),
            limits: old.limits,
            limiter: old.limiter.clone(),
            checkpoints: old.checkpoints.clone(),
            bank_clock: BankClock::default(),
            http: OnceLock::new(),
        };
        change(&mut inner);
        Self(Arc::new(inner))
    }

    /// How far the bank's clock is ahead of ours, by its last answer; none before the first.
    #[must_use]
    pub fn bank_clock_offset(&self) -> Option<SignedDuration> {
        self.0.bank_clock.offset()
    }

    /// When a session can be opened, if not now.
    ///
    /// # Errors
    /// When what was called when cannot be read.
    pub fn next_session_at(&self) -> Result<Option<Timestamp>, Error> {
        let endpoint = Endpoint {
            method: Method::Post,
            path: "session-server",
            owner: None,
        };
        self.0.limiter.free_at(endpoint, self.0.clock.now())
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
        let body = body.map(transport::body).transpose()?;
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
        body: Option<Bytes>,
    ) -> Result<Reply, Error> {
        let outgoing = Outgoing {
            method,
            headers: caller.headers(body.as_deref())?,
            url,
            body,
        };
        self.run(outgoing, Service::Api(caller)).await
    }

    /// Makes a request, more than once where that is safe.
    async fn run(&self, outgoing: Outgoing, service: Service<'_>) -> Result<Reply, Error> {
        let method = outgoing.method;
        let mut left = self.0.limits.total;
        let mut tries = Tries::default();
        let mut pause = None;
        loop {
            let (took, result) = self.once(&outgoing, service, left, pause).await;
            let error = match result {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            left = left.saturating_sub(took);
            pause = match tries.next(method, &error, self.0.limits.backoff, left) {
                Next::GiveUp => return Err(error),
                Next::WhenAllowed => {
                    // Being told to wait is no time of the request's own.
                    left = self.0.limits.total;
                    None
                }
                Next::Retry(pause) => Some(pause),
            };
        }
    }

    /// The one place where a request leaves and an answer comes in. Answers also how long that
    /// took, without any wait before.
    async fn once(
        &self,
        outgoing: &Outgoing,
        service: Service<'_>,
        left: Duration,
        pause: Option<Duration>,
    ) -> (Duration, Result<Reply, Error>) {
        let Inner { events, clock, .. } = &*self.0;
        let path = outgoing.url.path();
        let mut telling = Telling::begin(events, outgoing.method, path, clock.now());
        let endpoint = self.endpoint(outgoing, service);
        if let Err(error) = self.wait(&telling, endpoint, pause).await {
            telling.end(error.as_outcome());
            return (Duration::ZERO, Err(error));
        }
        telling.sent(clock.now());
        let sent = Instant::now();
        let (verification, result) = match self
            .fetch(telling.id(), outgoing, service, endpoint, left)
            .await
        {
            Ok((received, met)) => judge(received, &service, &met),
            Err(error) => (Verification::NotExpected, Err(error)),
        };
        let result = result.map_err(|error| self.learn(endpoint, error));
        telling.end(RequestOutcome {
            verification,
            ..match &result {
                Ok(reply) => reply.as_outcome(),
                Err(error) => error.as_outcome(),
            }
        });
        (sent.elapsed(), result)
    }

    /// Waits for the pause before another try, then for a place within the bank's limits.
    async fn wait(
        &self,
        telling: &Telling<'_>,
        endpoint: Endpoint<'_>,
        pause: Option<Duration>,
    ) -> Result<(), Error> {
        let Inner { clock, limiter, .. } = &*self.0;
        if let Some(pause) = pause {
            let now = clock.now();
            telling.waits(now.checked_add(pause).unwrap_or(now), WaitReason::Retry);
            clock.sleep(pause).await;
        }
        let now = clock.now();
        let place = limiter.place(endpoint, now)?;
        if let Ok(wait) = Duration::try_from(place.at().duration_since(now))
            && !wait.is_zero()
        {
            telling.waits(place.at(), place.why);
            clock.sleep(wait).await;
            // Others were refused meanwhile; all who wait come back at different times.
            while let Some(until) = limiter.blocked_until(endpoint, clock.now())? {
                let wait = Duration::try_from(until.duration_since(clock.now()));
                telling.waits(until, WaitReason::Refused);
                let wait = wait.unwrap_or_default();
                clock.sleep(wait + jitter(wait)).await;
            }
        }
        place.used();
        Ok(())
    }

    async fn fetch(
        &self,
        id: RequestId,
        outgoing: &Outgoing,
        service: Service<'_>,
        endpoint: Endpoint<'_>,
        left: Duration,
    ) -> Result<(Received, Met), Error> {
        let mut outgoing = outgoing.clone();
        if let Service::Api(_) = service {
            // The bank may refuse a number that it has seen.
            caller::number(&mut outgoing.headers)?;
        }
        let call = |when: &str| format!("{when} {} {}", endpoint.method, endpoint.shape());
        let http = self.http()?;
        self.0.checkpoints.pass(|| call("before"));
        let received = transport::fetch(http, &outgoing, left, self.0.limits.body).await;
        self.0.checkpoints.pass(|| call("after"));
        let mut met = shown::sent(&outgoing);
        let harmless = matches!(service, Service::Api(_));
        let transcript =
            shown::transcript(id, &outgoing, harmless, received.as_ref().ok(), &mut met);
        self.0.events.keep(transcript);
        if let Ok(received) = &received {
            let date = received.headers.get(DATE);
            self.0.bank_clock.hear(date, self.0.clock.now());
        }
        received.map(|received| (received, met))
    }

    /// A "too fast" of the bank is taken to heart; where that cannot be kept it is told instead.
    fn learn(&self, endpoint: Endpoint<'_>, error: Error) -> Error {
        let now = self.0.clock.now();
        match self.0.limiter.learn(endpoint, error.kind(), now) {
            Ok(()) => error,
            Err(unkept) => unkept,
        }
    }

    fn endpoint<'a>(&self, outgoing: &'a Outgoing, service: Service<'_>) -> Endpoint<'a> {
        let path = outgoing.url.path();
        let root = self.0.endpoints.api.path();
        Endpoint {
            method: outgoing.method,
            path: path.strip_prefix(root).unwrap_or(path),
            owner: match service {
                Service::Api(caller) => caller.user(),
                Service::Token => None,
            },
        }
    }

    fn http(&self) -> Result<&reqwest::Client, Error> {
        if let Some(http) = self.0.http.get() {
            return Ok(http);
        }
        let http = transport::http_client(self.0.endpoints.is_loopback(), &self.0.limits)?;
        Ok(self.0.http.get_or_init(|| http))
    }
}
