//! From a request to an answer: the order of checks (bunq's own order is not known).
//!
//! Path, method, token known, right kind of token, session alive, caller's address, rate limit,
//! the user in the path, what that user may do, signature, body, the thing itself.

use std::net::IpAddr;

use bytes::Bytes;
use hyper::HeaderMap;
use jiff::Timestamp;

use super::answer::Answer;
use super::failure::Failure;
use super::fault::{self, FaultKind};
use super::query::Query;
use super::routes::{self, Context, Needs, Route, User};
use super::state::{Installation, Owner, Session, State};
use super::{Call, Limits, Shared, admin, clock, pages, replay, signing, token};

/// A request, its body already read.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: Query,
    pub(super) headers: HeaderMap,
    pub(super) body: Result<Bytes, Failure>,
    pub(super) caller: IpAddr,
}

impl Request {
    /// The token by which the caller is known.
    pub(super) fn token(&self) -> Option<&str> {
        self.header("x-bunq-client-authentication")
    }

    /// A header's text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Answers a request: all the work, no waiting.
pub(super) fn answer(shared: &Shared, request: &Request) -> Answer {
    let now = shared.clock.now();
    let mut state = shared.state();
    if admin::is_here(&request.path) {
        let mut answer = admin::answer(shared, &state, request, now);
        answer.date = Some(clock::http_date(now));
        return answer;
    }
    let api = request.path.strip_prefix("/v1/");
    let found = api.map(|path| routes::find(&request.method, path));
    let shape = match &found {
        Some(Ok((route, _))) => Some(route.path),
        _ => None,
    };
    let path = api.unwrap_or(request.path.trim_start_matches('/'));
    let kind = state.journal.faults.due(&request.method, path, shape);
    let instead = kind
        .as_ref()
        .and_then(|kind| fault::before(kind, &mut state, request, now));
    let mut answer = match (instead, found) {
        (Some(answer), _) => answer,
        (_, Some(Ok((route, _)))) if route.path == "token" => {
            token::exchange(&mut state, request, now)
        }
        (_, Some(Ok((route, params)))) => {
            let replay = kind == Some(FaultKind::Replay);
            let call = Chosen {
                route,
                params,
                replay,
            };
            let result = run(shared, &mut state, request, call, now);
            Answer::of(result, request, route.signs_reply)
        }
        (_, Some(Err(failure))) => Answer::of(Err(failure), request, true),
        (_, None) if request.path == "/auth" => pages::answer(shared, &mut state, request, now),
        (_, None) => Answer::of(Err(Failure::UnknownRoute), request, true),
    };
    if let Some(kind) = &kind {
        fault::after(kind, &mut answer);
    }
    answer.date = Some(clock::http_date(now)).filter(|_| kind != Some(FaultKind::MissingDate));
    let response_id = Some(state.random.uuid());
    answer.response_id = response_id.filter(|_| kind != Some(FaultKind::MissingResponseId));
    answer.request_id = request
        .header("x-bunq-client-request-id")
        .map(str::to_owned);
    state.journal.record(Call {
        method: request.method.clone(),
        path: request.path.clone(),
        status: answer.status,
        at: now,
    });
    let seed = state.founding.seed;
    let wording = state.journal.wording.clone();
    drop(state);
    wording.word(&format!("{} {}", request.method, request.path), &mut answer);
    fault::sign(kind.as_ref(), &mut answer, seed);
    answer.fault = kind;
    answer
}

/// The call that is to be made.
struct Chosen {
    route: &'static Route,
    params: Vec<u64>,
    /// As another user.
    replay: bool,
}

fn run(
    shared: &Shared,
    state: &mut State,
    request: &Request,
    Chosen {
        route,
        params,
        replay,
    }: Chosen,
    now: Timestamp,
) -> Result<serde_json::Value, Failure> {
    let caller = who(shared, state, request, route, now)?;
    within_limits(shared, state, request, route, &caller, now)?;
    routes::settle(state, now);
    if let Caller::Session(session, _) = &caller {
        let user = route.has_user.then(|| params.first().copied()).flatten();
        if user.is_some_and(|user| user != session.owner.id()) {
            return Err(Failure::NoItem);
        }
        allowed(state, session.owner, route.user)?;
    }
    let body = request.body.clone()?;
    if route.signed {
        signed(request, &caller, &body)?;
    }
    let (installation, session) = match caller {
        Caller::Nobody => (None, None),
        Caller::Installation(installation) => (Some(installation), None),
        Caller::Session(session, installation) => (Some(installation), Some(session)),
    };
    let context = &mut Context {
        seed: state.founding.seed,
        https_callbacks: shared.https_callbacks,
        state,
        now,
        params,
        query: &request.query,
        path: request.path.clone(),
        body: &body,
        caller: request.caller,
        installation,
        session,
    };
    match replay {
        true => replay::answer(route, context),
        false => (route.run)(context),
    }
}

/// Counts the call by the caller's address (classic limits) or token (current ones).
fn within_limits(
    shared: &Shared,
    state: &mut State,
    request: &Request,
    route: &Route,
    caller: &Caller,
    now: Timestamp,
) -> Result<(), Failure> {
    let from = request.caller.to_string();
    let counted_by = match (shared.limits, caller) {
        (Limits::Current, Caller::Session(session, _)) => session.token.as_str(),
        (Limits::Current, Caller::Installation(installation)) => installation.token.as_str(),
        _ => from.as_str(),
    };
    let windows = &mut state.windows;
    let taken = windows.take(shared.limits, counted_by, route.method, route.path, now);
    if taken.is_err() {
        let refused = &mut state.journal.refused_for_limits;
        *refused = refused.saturating_add(1);
    }
    taken
}

/// Whether the body is signed by the caller's key.
fn signed(request: &Request, caller: &Caller, body: &Bytes) -> Result<(), Failure> {
    let signature = request
        .header("x-bunq-client-signature")
        .filter(|text| !text.is_empty())
        .ok_or(Failure::Unsigned)?;
    let known = caller.installation();
    match known.is_some_and(|known| signing::verifies(&known.key, body, signature)) {
        true => Ok(()),
        false => Err(Failure::WrongSignature),
    }
}

/// Who calls, by the token in the header.
enum Caller {
    Nobody,
    Installation(Installation),
    Session(Session, Installation),
}

impl Caller {
    fn installation(&self) -> Option<&Installation> {
        match self {
            Self::Nobody => None,
            Self::Installation(known) | Self::Session(_, known) => Some(known),
        }
    }
}

fn who(
    shared: &Shared,
    state: &State,
    request: &Request,
    route: &Route,
    now: Timestamp,
) -> Result<Caller, Failure> {
    if route.needs == Needs::Nothing {
        return Ok(Caller::Nobody);
    }
    let token = request.token().ok_or(Failure::Unauthenticated)?;
    if let Some(installation) = state.installations.get(token) {
        return match route.needs {
            Needs::Session => Err(Failure::Forbidden),
            _ => Ok(Caller::Installation(installation.clone())),
        };
    }
    let session = state.sessions.get(token).ok_or(Failure::Unauthenticated)?;
    if route.needs == Needs::Installation {
        return Err(Failure::Forbidden);
    }
    if session.ended || now >= session.expires {
        return Err(Failure::SessionEnded(shared.expired_form));
    }
    let device = state.devices.get(&session.device);
    if !device.is_some_and(|device| state.permits(device, request.caller)) {
        return Err(Failure::Credentials);
    }
    match state.installations.get(&session.installation) {
        Some(installation) => Ok(Caller::Session(session.clone(), installation.clone())),
        None => Err(Failure::Broken),
    }
}

/// Whether this kind of user may make this kind of call.
fn allowed(state: &State, owner: Owner, wanted: User) -> Result<(), Failure> {
    use super::state::UserKind::Provider;
    let user = match owner {
        Owner::User(id) => state.users.get(&id),
        Owner::Grant(id) => {
            let grant = state.grants.get(&id).ok_or(Failure::Broken)?;
            let requester = state.users.get(&grant.requested_by).map(|user| &user.kind);
            let (aisp, pisp) = match requester {
                Some(Provider { aisp, pisp, .. }) => (*aisp, *pisp),
                _ => (true, true),
            };
            let fits = match wanted {
                User::Any | User::WithAccounts => true,
                User::WhoReads => aisp,
                User::WhoPays => pisp,
                User::Itself => false,
            };
            return if fits {
                Ok(())
            } else {
                Err(Failure::Forbidden)
            };
        }
    };
    let customer = user.is_some_and(super::state::User::is_customer);
    match wanted {
        User::Any | User::Itself => Ok(()),
        User::WithAccounts | User::WhoReads | User::WhoPays if customer => Ok(()),
        _ => Err(Failure::Forbidden),
    }
}
