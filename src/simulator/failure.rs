//! Every way a call is refused, with bunq's own sentences where they are known.

use serde_json::{Value, json};

use super::ExpiredForm;

/// A refusal: the status and the body's sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// 404: no such path.
    UnknownRoute,
    /// 405: the path is known, the method is not.
    MethodNotAllowed,
    /// 401: no token, or one that nobody knows.
    Unauthenticated,
    /// 403: a token of the wrong kind, or a user who may not do this.
    Forbidden,
    /// 401 or 403, each with its own sentence: the session ended.
    SessionEnded(ExpiredForm),
    /// 400: wrong key, dead token or foreign address; bunq has one sentence for all three.
    Credentials,
    /// 429: so many calls in so many seconds.
    TooMany {
        /// Calls that are allowed.
        calls: u32,
        /// Length of the window in seconds.
        seconds: u32,
    },
    /// 466: the call must be signed.
    Unsigned,
    /// 400: the signature does not fit.
    WrongSignature,
    /// 400: the body or the query is wrong, and how.
    Invalid(String),
    /// 404: this kind of thing with this id does not exist here.
    NotFound(&'static str, u64),
    /// 404: the item does not exist here.
    NoItem,
    /// 413: the body is too large.
    TooLarge,
    /// 408: the body did not arrive in time.
    TooSlow,
    /// 399, 490, 491 and 503, of which only the status is documented: faults alone give them.
    NotModified,
    UserError,
    Maintenance,
    Unavailable,
    /// 500: the simulator itself is broken.
    Broken,
}

impl Failure {
    /// The status line's number.
    pub(super) fn status(&self) -> u16 {
        match self {
            Self::UnknownRoute | Self::NotFound(..) | Self::NoItem => 404,
            Self::MethodNotAllowed => 405,
            Self::Unauthenticated | Self::SessionEnded(ExpiredForm::Unauthorised401) => 401,
            Self::Forbidden | Self::SessionEnded(ExpiredForm::Forbidden403) => 403,
            Self::Credentials | Self::WrongSignature | Self::Invalid(_) => 400,
            Self::TooMany { .. } => 429,
            Self::Unsigned => 466,
            Self::TooLarge => 413,
            Self::TooSlow => 408,
            Self::NotModified => 399,
            Self::UserError => 490,
            Self::Maintenance => 491,
            Self::Broken => 500,
            Self::Unavailable => 503,
        }
    }

    /// The body, with the translation into Dutch where one is known and wanted.
    pub(super) fn body(&self, dutch: bool) -> Value {
        let text = self.text();
        let translated = match self {
            Self::Forbidden | Self::SessionEnded(ExpiredForm::Unauthorised401) if dutch => {
                "Onvoldoende autorisatie.".to_owned()
            }
            Self::NotFound("Monetary account", id) if dutch => {
                format!("Rekening met id \"{id}\" niet gevonden.")
            }
            _ => text.clone(),
        };
        let mut error = json!({
            "error_description": text,
            "error_description_translated": translated,
        });
        if let (Self::Unsigned, Some(error)) = (self, error.as_object_mut()) {
            let more = json!([{"url_together_post": "https://together.bunq.com/d/15399"}]);
            error.insert("error_additional_parameter".to_owned(), more);
        }
        json!({ "Error": [error] })
    }

    fn text(&self) -> String {
        match self {
            Self::UnknownRoute => "Route not found.".to_owned(),
            Self::MethodNotAllowed => "Method not allowed.".to_owned(),
            Self::Unauthenticated | Self::SessionEnded(ExpiredForm::Forbidden403) => {
                "Insufficient authentication.".to_owned()
            }
            Self::Forbidden | Self::SessionEnded(ExpiredForm::Unauthorised401) => {
                "Insufficient authorisation.".to_owned()
            }
            Self::Credentials => {
                "User credentials are incorrect. Incorrect API key or IP address.".to_owned()
            }
            Self::TooMany { calls, seconds } => format!(
                "Too many requests. You can do a maximum of {calls} calls per {seconds} second to this endpoint."
            ),
            Self::Unsigned => "For this operation a request signature is required. Check the urls for more information.".to_owned(),
            Self::WrongSignature => "The request signature is invalid.".to_owned(),
            Self::Invalid(text) => text.clone(),
            Self::NotFound(what, id) => format!("{what} for id \"{id}\" not found."),
            Self::NoItem => "The item you requested could not be found.".to_owned(),
            Self::TooLarge => "The request body is too large.".to_owned(),
            Self::TooSlow => "The request body did not arrive in time.".to_owned(),
            Self::NotModified => "Not modified.".to_owned(),
            Self::UserError => "The user made an error.".to_owned(),
            Self::Maintenance => "bunq is in maintenance.".to_owned(),
            Self::Unavailable => "The service is unavailable.".to_owned(),
            Self::Broken => "Something went wrong.".to_owned(),
        }
    }
}
