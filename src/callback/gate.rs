//! The one check of what a redirect brings, for the listener and for a pasted address.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;
use url::{Host, Url, form_urlencoded};
use zeroize::Zeroizing;

use super::{PasteError, State};
use crate::base::Secret;

/// Longest pasted text that is looked at, in bytes.
const LONGEST_PASTE: usize = 8 * 1024;
/// Longest code, in characters. bunq's have 64.
const LONGEST_CODE: usize = 1024;

/// What the bank answered through the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redirected {
    /// The code to swap for an access token.
    Code(Secret),
    /// The person declined.
    Denied,
    /// The bank refused; what its error code means.
    Failed(&'static str),
}

/// The check of one login. It opens once. Clones share it.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    callback: Url,
    state: State,
    used: AtomicBool,
    strays: watch::Sender<u64>,
}

/// The parameters that count; RFC 6749, section 3.1: none may be there twice, and those that
/// are not known are ignored.
#[derive(Default)]
struct Answer<'a> {
    state: Option<Cow<'a, str>>,
    code: Option<Cow<'a, str>>,
    error: Option<Cow<'a, str>>,
    twice: bool,
}

impl Gate {
    /// For the login with this `state`, which comes back to this URL.
    #[must_use]
    pub fn new(callback_url: &Url, state: &State) -> Self {
        Self(Arc::new(Inner {
            callback: callback_url.clone(),
            state: state.clone(),
            used: AtomicBool::new(false),
            strays: watch::Sender::new(0),
        }))
    }

    /// Takes the address of the page where the browser ended, or its query alone. Blanks and
    /// line breaks of the terminal are dropped, and `https` stands for `http`: a person or a
    /// browser may have changed it.
    ///
    /// # Errors
    /// When it is not this login's answer; the login then goes on.
    pub fn paste(&self, text: &str) -> Result<Redirected, PasteError> {
        if text.len() > LONGEST_PASTE {
            return Err(PasteError::NotAnAddress);
        }
        let text: Zeroizing<String> = text
            .chars()
            .filter(|c| !c.is_control() && !c.is_whitespace())
            .collect::<String>()
            .into();
        let text = text.trim_matches(['"', '\'', '<', '>']);
        match self.query_of(text)? {
            Cow::Borrowed(query) => self.admit(query),
            Cow::Owned(query) => self.admit(&query),
        }
    }

    /// How many wrong requests came to the listener.
    #[must_use]
    pub fn strays(&self) -> u64 {
        *self.0.strays.borrow()
    }

    /// Wakes whenever a wrong request came; the value is their number.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.0.strays.subscribe()
    }

    pub(super) fn count_stray(&self) {
        self.0.strays.send_modify(|count| *count += 1);
    }

    pub(super) fn path(&self) -> &str {
        self.0.callback.path()
    }

    /// The host of the callback URL, as a browser writes it.
    pub(super) fn host(&self) -> &str {
        self.0.callback.host_str().unwrap_or_default()
    }

    /// Whether the callback URL's port is the one that its scheme has by default.
    pub(super) fn has_default_port(&self) -> bool {
        self.0.callback.port().is_none()
    }

    pub(super) fn is_used(&self) -> bool {
        self.0.used.load(Ordering::Acquire)
    }

    /// Looks at `state` before anything else, and closes the gate behind the one true answer.
    pub(super) fn admit(&self, query: &str) -> Result<Redirected, PasteError> {
        let answer = Answer::read(query);
        let state = answer.state.ok_or(PasteError::NoState)?;
        if !self.0.state.matches(&state) {
            return Err(PasteError::WrongState);
        }
        if answer.twice {
            return Err(PasteError::Malformed);
        }
        let redirected = match (answer.code, answer.error) {
            (Some(_), Some(_)) => return Err(PasteError::Malformed),
            (None, None) => return Err(PasteError::NoCode),
            (Some(code), None) if code.is_empty() => return Err(PasteError::NoCode),
            (Some(code), None) if !is_code(&code) => return Err(PasteError::Malformed),
            (Some(code), None) => Redirected::Code(Secret::new(code)),
            (None, Some(error)) => refusal(&error),
        };
        if self.0.used.swap(true, Ordering::AcqRel) {
            return Err(PasteError::AlreadyUsed);
        }
        Ok(redirected)
    }

    fn query_of<'a>(&self, text: &'a str) -> Result<Cow<'a, str>, PasteError> {
        if let Some(query) = text.strip_prefix('?') {
            return Ok(query.into());
        }
        let names_host = ["localhost", "127.0.0.1", "[::1]", self.host()]
            .iter()
            .filter_map(|host| text.strip_prefix(host))
            .any(|rest| rest.starts_with([':', '/']));
        let url = if names_host {
            Url::parse(&format!("http://{text}"))
        } else {
            Url::parse(text)
        };
        match url {
            Ok(url) if self.is_callback(&url) => Ok(url.query().unwrap_or("").to_owned().into()),
            Ok(_) => Err(PasteError::OtherAddress {
                expected: self.0.callback.to_string(),
            }),
            Err(_) if text.contains("state=") => Ok(text.into()),
            Err(_) => Err(PasteError::NotAnAddress),
        }
    }

    fn is_callback(&self, url: &Url) -> bool {
        let own = &self.0.callback;
        let same_host = url.host() == own.host() || (is_loopback(url) && is_loopback(own));
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && same_host
            && (url.port() == own.port()
                || url.port_or_known_default() == own.port_or_known_default())
            && url.path() == own.path()
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate")
            .field("used", &self.is_used())
            .field("strays", &self.strays())
            .finish_non_exhaustive()
    }
}

impl<'a> Answer<'a> {
    fn read(query: &'a str) -> Self {
        let mut answer = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let slot = match name.as_ref() {
                "state" => &mut answer.state,
                "code" => &mut answer.code,
                "error" => &mut answer.error,
                _ => continue,
            };
            answer.twice |= slot.replace(value).is_some();
        }
        answer
    }
}

/// Whether the address is one of the three names of this machine that we listen on.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address == std::net::Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(address)) => address == std::net::Ipv6Addr::LOCALHOST,
        None => false,
    }
}

/// RFC 6749, appendix A.11: visible characters of ASCII and the space; a space would be a sign
/// of damage here.
fn is_code(code: &str) -> bool {
    code.len() <= LONGEST_CODE && code.bytes().all(|b| b.is_ascii_graphic())
}

/// RFC 6749, section 4.1.2.1. The bank's own description could say anything, so it is not shown.
fn refusal(error: &str) -> Redirected {
    Redirected::Failed(match error {
        "access_denied" => return Redirected::Denied,
        "invalid_request" => "the bank found the request faulty (invalid_request)",
        "unauthorized_client" => {
            "this OAuth client may not ask for a connection (unauthorized_client)"
        }
        "unsupported_response_type" => {
            "the bank gives no codes to this client (unsupported_response_type)"
        }
        "invalid_scope" => "the bank does not know what was asked for (invalid_scope)",
        "server_error" => "something failed at the bank (server_error)",
        "temporarily_unavailable" => {
            "the bank is busy or under maintenance (temporarily_unavailable)"
        }
        _ => "the bank refused with an error code that is not known",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate() -> (Gate, String) {
        let state = State::generate().unwrap();
        let url = Url::parse("http://localhost:8000/callback").unwrap();
        (Gate::new(&url, &state), state.as_str().to_owned())
    }

    #[test]
    fn a_pasted_address_is_taken_in_the_forms_people_copy() {
        for form in [
            "http://localhost:8000/callback?code=C0de&state=STATE",
            "https://localhost:8000/callback?code=C0de&state=STATE",
            "  http://localhost:8000/callback?state=STATE&code=C0de\r\n",
            "http://localhost:8000/call\nback?code=C0de&sta  te=STATE",
            "\u{1b}[200~",
            "\"http://localhost:8000/callback?code=C0de&state=STATE\"",
            "<http://127.0.0.1:8000/callback?code=C0de&state=STATE#top>",
            "http://[::1]:8000/callback?code=C0de&state=STATE&unknown=1",
            "localhost:8000/callback?code=C0de&state=STATE",
            "?code=C0de&state=STATE",
            "code=C0de&state=STATE",
        ] {
            let (gate, state) = gate();
            let taken = gate.paste(&form.replace("STATE", &state));
            if form.starts_with('\u{1b}') {
                assert_eq!(taken, Err(PasteError::NotAnAddress));
            } else {
                assert_eq!(taken, Ok(Redirected::Code(Secret::new("C0de"))), "{form}");
                assert!(gate.is_used());
            }
        }
    }

    #[test]
    fn each_wrong_paste_is_told_apart_and_changes_nothing() {
        let (gate, state) = gate();
        let other = |text: &str| {
            let error = gate.paste(text).unwrap_err();
            assert!(matches!(error, PasteError::OtherAddress { .. }), "{text}");
        };
        other(&format!("https://oauth.bunq.com/auth?code=x&state={state}"));
        other(&format!(
            "http://localhost:8001/callback?code=x&state={state}"
        ));
        other(&format!(
            "http://localhost:8000/callback/?code=x&state={state}"
        ));
        other(&format!(
            "http://localhost.example.com:8000/callback?code=x&state={state}"
        ));
        other(&format!(
            "http://localhost:8000@example.com/callback?code=x&state={state}"
        ));
        other(&format!(
            "http://a:b@localhost:8000/callback?code=x&state={state}"
        ));
        other(&format!("javascript:code=x&state={state}"));
        let root = "http://localhost:8000/callback";
        let wrong = |query: String| gate.paste(&format!("{root}{query}")).unwrap_err();
        assert_eq!(gate.paste(""), Err(PasteError::NotAnAddress));
        assert_eq!(gate.paste("hello"), Err(PasteError::NotAnAddress));
        assert_eq!(gate.paste(&"x".repeat(9000)), Err(PasteError::NotAnAddress));
        assert_eq!(wrong(String::new()), PasteError::NoState);
        assert_eq!(wrong("?code=x".into()), PasteError::NoState);
        assert_eq!(wrong("?code=x&state=".into()), PasteError::WrongState);
        assert_eq!(
            wrong("?error=access_denied&state=x".into()),
            PasteError::WrongState
        );
        assert_eq!(wrong(format!("?state={state}")), PasteError::NoCode);
        assert_eq!(wrong(format!("?state={state}&code=")), PasteError::NoCode);
        for query in [
            format!("?code=x&state={state}&state={state}"),
            format!("?code=x&state={state}&code=x"),
            format!("?error=x&state={state}&error=x"),
            format!("?error=access_denied&code=x&state={state}"),
            format!("?code=a%00b&state={state}"),
            format!("?code=a%20b&state={state}"),
            format!("?code={}&state={state}", "x".repeat(LONGEST_CODE + 1)),
        ] {
            assert_eq!(wrong(query.clone()), PasteError::Malformed, "{query}");
        }
        assert!(!gate.is_used());
        assert!(gate.paste(&format!("?code=x&state={state}")).is_ok());
        assert_eq!(
            gate.paste(&format!("?code=x&state={state}")),
            Err(PasteError::AlreadyUsed)
        );
        assert_eq!(gate.strays(), 0);
    }

    #[test]
    fn refusals_come_from_a_fixed_list() {
        let taken = |error: &str| {
            let (gate, state) = gate();
            gate.paste(&format!(
                "?error={error}&error_description=%1b[31mcall+us&state={state}"
            ))
            .unwrap()
        };
        assert_eq!(taken("access_denied"), Redirected::Denied);
        for error in ["server_error", "%1b[2J", "", "ACCESS_DENIED"] {
            let Redirected::Failed(words) = taken(error) else {
                panic!("{error}")
            };
            assert!(!words.contains("call us") && !words.contains('\u{1b}'));
        }
    }

    #[test]
    fn no_secret_shows_in_debug() {
        let (gate, state) = gate();
        let taken = gate.paste(&format!("?code=canary&state={state}")).unwrap();
        let shown = format!("{gate:?} {taken:?}");
        assert!(!shown.contains("canary") && !shown.contains(&state));
    }
}
