//! The table of calls, and what each of them is given.

mod account;
mod credential;
mod installation;
mod oauth;
mod payment;
mod request;
mod sandbox;
mod session;
mod user;

use std::net::IpAddr;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Map, Value};

pub(super) use request::settle;
pub(super) use session::create_for as create_session_for;

use super::failure::Failure;
use super::query::Query;
use super::state::{Installation, Owner, Session, State};

/// Which token a call needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    Installation,
    Session,
    /// The installation's or a session's.
    Either,
}

/// Which user may make a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum User {
    /// Every one.
    Any,
    /// Not on behalf of somebody else.
    Itself,
    /// Persons, companies, and those who granted.
    WithAccounts,
    /// The same, but a payment service provider needs the AISP role.
    WhoReads,
    /// The same, but a payment service provider needs the PISP role.
    WhoPays,
}

/// One call of the API.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) method: &'static str,
    /// Below `/v1/`; `{}` is an id.
    pub(super) path: &'static str,
    pub(super) needs: Needs,
    pub(super) user: User,
    /// Whether the first id is the user's.
    pub(super) has_user: bool,
    /// Whether the call must be signed.
    pub(super) signed: bool,
    /// Whether the answer is signed.
    pub(super) signs_reply: bool,
    pub(super) run: fn(&mut Context<'_>) -> Result<Value, Failure>,
}

impl Route {
    /// The path with `/v1/` and these ids.
    pub(super) fn path_with(&self, ids: &[u64]) -> String {
        let mut ids = ids.iter();
        let parts = self.path.split('/').map(|part| match part {
            "{}" => ids.next().map(u64::to_string).unwrap_or_default(),
            _ => part.to_owned(),
        });
        format!("/v1/{}", parts.collect::<Vec<_>>().join("/"))
    }
}

/// What a call's code works with.
pub(super) struct Context<'a> {
    pub(super) state: &'a mut State,
    pub(super) seed: u64,
    /// Callback URLs by `http` are refused.
    pub(super) https_callbacks: bool,
    pub(super) now: Timestamp,
    /// The ids in the path.
    pub(super) params: Vec<u64>,
    pub(super) query: &'a Query,
    /// The path with `/v1/`, for the links of pages.
    pub(super) path: String,
    pub(super) body: &'a Bytes,
    pub(super) caller: IpAddr,
    pub(super) installation: Option<Installation>,
    pub(super) session: Option<Session>,
}

impl Context<'_> {
    /// The body as an object. PHP writes an empty one as `[]`, and no body at all is the same.
    fn object(&self) -> Result<Map<String, Value>, Failure> {
        if self.body.is_empty() {
            return Ok(Map::new());
        }
        match serde_json::from_slice(self.body) {
            Ok(Value::Object(body)) => Ok(body),
            Ok(Value::Array(list)) if list.is_empty() => Ok(Map::new()),
            _ => Err(Failure::Invalid(
                "The request body is not a valid JSON object.".to_owned(),
            )),
        }
    }

    /// The id at this place in the path.
    fn param(&self, at: usize) -> Result<u64, Failure> {
        self.params.get(at).copied().ok_or(Failure::Broken)
    }

    fn installation(&self) -> Result<&Installation, Failure> {
        self.installation.as_ref().ok_or(Failure::Broken)
    }

    fn session(&self) -> Result<&Session, Failure> {
        self.session.as_ref().ok_or(Failure::Broken)
    }

    /// The user whose accounts the session sees.
    fn account_user(&self) -> Result<u64, Failure> {
        match self.session()?.owner {
            Owner::User(id) => Ok(id),
            Owner::Grant(id) => {
                let grant = self.state.grants.get(&id).ok_or(Failure::Broken)?;
                Ok(grant.granted_by)
            }
        }
    }
}

/// A text field that must be there and not empty.
fn text(body: &Map<String, Value>, field: &str) -> Result<String, Failure> {
    match body.get(field) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        Some(Value::Null) | None => Err(Failure::Invalid(format!(
            "The field \"{field}\" is required."
        ))),
        Some(_) => Err(Failure::Invalid(format!(
            "The field \"{field}\" is not valid."
        ))),
    }
}

/// A text field that may be missing.
fn optional_text(body: &Map<String, Value>, field: &str) -> Result<Option<String>, Failure> {
    match body.get(field) {
        Some(Value::Null) | None => Ok(None),
        Some(_) => text(body, field).map(Some),
    }
}

/// The route for this method and path below `/v1/`, with the ids in it.
pub(super) fn find(method: &str, path: &str) -> Result<(&'static Route, Vec<u64>), Failure> {
    let mut failure = Failure::UnknownRoute;
    for route in TABLE {
        if let Some(params) = matches(route.path, path) {
            if route.method == method {
                return Ok((route, params));
            }
            failure = Failure::MethodNotAllowed;
        }
    }
    Err(failure)
}

fn matches(shape: &str, path: &str) -> Option<Vec<u64>> {
    let mut params = Vec::new();
    let mut parts = path.split('/');
    for wanted in shape.split('/') {
        let part = parts.next()?;
        if wanted == "{}" {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            params.push(part.parse().ok().filter(|_| digits)?);
        } else if wanted != part {
            return None;
        }
    }
    parts.next().is_none().then_some(params)
}

type Run = fn(&mut Context<'_>) -> Result<Value, Failure>;

/// A call without a user in its path.
const fn plain(method: &'static str, path: &'static str, needs: Needs, run: Run) -> Route {
    Route {
        method,
        path,
        needs,
        user: User::Any,
        has_user: false,
        signed: false,
        signs_reply: true,
        run,
    }
}

/// A call below `user/{}/`.
const fn own(method: &'static str, path: &'static str, user: User, run: Run) -> Route {
    Route {
        user,
        has_user: true,
        ..plain(method, path, Needs::Session, run)
    }
}

const fn unsigned_reply(route: Route) -> Route {
    Route {
        signs_reply: false,
        ..route
    }
}

const fn signed(route: Route) -> Route {
    Route {
        signed: true,
        ..route
    }
}

/// The exchange of a code is not the API's; it has its own shape of answers.
fn elsewhere(_: &mut Context<'_>) -> Result<Value, Failure> {
    Err(Failure::Broken)
}

const CLIENT: &str = "user/{}/oauth-client";
const CLIENT_ONE: &str = "user/{}/oauth-client/{}";
const CALLBACK: &str = "user/{}/oauth-client/{}/callback-url";
const CALLBACK_ONE: &str = "user/{}/oauth-client/{}/callback-url/{}";
const BANK: &str = "user/{}/monetary-account-bank";
const BANK_ONE: &str = "user/{}/monetary-account-bank/{}";
const PAYMENT: &str = "user/{}/monetary-account/{}/payment";
const PAYMENT_ONE: &str = "user/{}/monetary-account/{}/payment/{}";
const REQUEST: &str = "user/{}/monetary-account/{}/request-inquiry";
const REQUEST_ONE: &str = "user/{}/monetary-account/{}/request-inquiry/{}";

#[rustfmt::skip]
static TABLE: &[Route] = &[
    unsigned_reply(plain("POST", "installation", Needs::Nothing, installation::create)),
    plain("GET", "installation", Needs::Either, installation::read),
    plain("GET", "installation/{}", Needs::Either, installation::read_one),
    plain("GET", "installation/{}/server-public-key", Needs::Either, installation::server_key),
    plain("POST", "device-server", Needs::Installation, installation::create_device),
    plain("GET", "device-server", Needs::Either, installation::devices),
    plain("GET", "device-server/{}", Needs::Either, installation::device),
    signed(plain("POST", "session-server", Needs::Installation, session::create)),
    plain("DELETE", "session/{}", Needs::Session, session::delete),
    unsigned_reply(plain("POST", "sandbox-user-person", Needs::Nothing, sandbox::person)),
    unsigned_reply(plain("POST", "sandbox-user-company", Needs::Nothing, sandbox::company)),
    plain("POST", "payment-service-provider-credential", Needs::Installation, credential::create),
    plain("GET", "payment-service-provider-credential/{}", Needs::Either, credential::read),
    unsigned_reply(plain("POST", "token", Needs::Nothing, elsewhere)),
    plain("GET", "user", Needs::Session, user::list),
    own("GET", "user/{}", User::Any, user::read),
    own("GET", CLIENT, User::Itself, oauth::list),
    own("POST", CLIENT, User::Itself, oauth::create),
    own("GET", CLIENT_ONE, User::Itself, oauth::read),
    own("PUT", CLIENT_ONE, User::Itself, oauth::update),
    own("GET", CALLBACK, User::Itself, oauth::callbacks),
    own("POST", CALLBACK, User::Itself, oauth::add_callback),
    own("GET", CALLBACK_ONE, User::Itself, oauth::callback),
    own("PUT", CALLBACK_ONE, User::Itself, oauth::change_callback),
    own("DELETE", CALLBACK_ONE, User::Itself, oauth::remove_callback),
    own("GET", "user/{}/monetary-account", User::WithAccounts, account::list),
    own("GET", "user/{}/monetary-account/{}", User::WithAccounts, account::read),
    own("GET", BANK, User::WithAccounts, account::list_bank),
    own("POST", BANK, User::WithAccounts, account::create),
    own("GET", BANK_ONE, User::WithAccounts, account::read_bank),
    own("PUT", BANK_ONE, User::WithAccounts, account::update),
    own("GET", "user/{}/monetary-account-joint", User::WithAccounts, account::list_joint),
    own("GET", "user/{}/monetary-account-joint/{}", User::WithAccounts, account::read_joint),
    own("GET", "user/{}/monetary-account-savings", User::WithAccounts, account::list_savings),
    own("GET", "user/{}/monetary-account-savings/{}", User::WithAccounts, account::read_savings),
    own("GET", "user/{}/monetary-account-external", User::WithAccounts, account::list_external),
    own("GET", "user/{}/monetary-account-external/{}", User::WithAccounts, account::read_external),
    own("GET", PAYMENT, User::WhoReads, payment::list),
    own("GET", PAYMENT_ONE, User::WhoReads, payment::read),
    signed(own("POST", PAYMENT, User::WhoPays, payment::create)),
    own("GET", REQUEST, User::WithAccounts, request::list),
    own("POST", REQUEST, User::WithAccounts, request::create),
    own("GET", REQUEST_ONE, User::WithAccounts, request::read),
    own("PUT", REQUEST_ONE, User::WithAccounts, request::revoke),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_decides_before_the_method() {
        let (route, params) = find("GET", "user/5/oauth-client/7/callback-url").unwrap();
        assert_eq!(route.path, CALLBACK);
        assert_eq!(params, [5, 7]);
        for (method, path, failure) in [
            (
                "PUT",
                "user/5/oauth-client/7/callback-url",
                Failure::MethodNotAllowed,
            ),
            ("GET", "user/", Failure::UnknownRoute),
            ("GET", "user/x", Failure::UnknownRoute),
            ("GET", "user/+5", Failure::UnknownRoute),
            ("GET", "user/99999999999999999999999", Failure::UnknownRoute),
            ("GET", "", Failure::UnknownRoute),
            ("get", "user", Failure::MethodNotAllowed),
        ] {
            assert_eq!(find(method, path).unwrap_err(), failure, "{method} {path}");
        }
    }
}
