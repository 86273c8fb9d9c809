//! What the setup makes and looks for: OAuth clients, their callback URLs, devices.

use serde_json::Value;

use super::envelope::Element;
use super::fields::Fields;
use super::open_words;
use crate::base::{BankText, CallbackUrlId, DeviceId, OauthClientId, Secret};
use crate::bunq::error::Error;

open_words! {
    /// Whether an OAuth client can be used.
    OauthClientStatus {
        /// In use.
        Active = "ACTIVE", "active";
        /// Gone.
        Cancelled = "CANCELLED", "cancelled";
        /// About to go.
        CancelledPending = "CANCELLED_PENDING", "being cancelled";
    }
}

/// The OAuth client of a bunq user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OauthClient {
    /// The bank's number, which goes into addresses.
    pub id: OauthClientId,
    /// Whether it can be used.
    pub status: OauthClientStatus,
    /// Its name towards the authorize page: visible ASCII.
    pub client_id: String,
    /// Its secret.
    pub secret: Secret,
    /// Its registered addresses as the bank has them, for comparing; clean them to show them.
    pub callback_urls: Vec<String>,
}

impl OauthClient {
    pub(in crate::bunq) fn read(element: &Element<'_>) -> Result<Self, Error> {
        let fields = element.fields();
        let urls = fields.list("callback_url").iter();
        Ok(Self {
            id: OauthClientId(fields.need_number("id")?),
            status: OauthClientStatus::from_wire(fields.plain("status").unwrap_or_default()),
            client_id: fields.need_token("client_id")?.to_owned(),
            secret: fields.need_secret("secret")?,
            callback_urls: urls.filter_map(url).map(str::to_owned).collect(),
        })
    }
}

/// bunq documents objects with a `url`; a wrapper around them and a bare text are read as well.
fn url(value: &Value) -> Option<&str> {
    let fields = Fields::of_value(value);
    let wrapped = || fields.wrapped().and_then(|(_, inner)| inner.plain("url"));
    value
        .as_str()
        .or_else(|| fields.plain("url"))
        .or_else(wrapped)
}

/// An address that a user may be sent back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackUrl {
    /// The bank's number, if it tells.
    pub id: Option<CallbackUrlId>,
    /// The address as the bank has it, for comparing; clean it to show it.
    pub url: String,
}

impl CallbackUrl {
    pub(in crate::bunq) fn read(element: &Element<'_>) -> Result<Self, Error> {
        let fields = element.fields();
        Ok(Self {
            id: fields.number("id").map(CallbackUrlId),
            url: fields.need_plain("url")?.to_owned(),
        })
    }
}

open_words! {
    /// Whether a device may open sessions.
    DeviceStatus {
        /// It may.
        Active = "ACTIVE", "active";
        /// It may not.
        Blocked = "BLOCKED", "blocked";
        /// Not before the user confirms it in the bunq app.
        NeedsConfirmation = "NEEDS_CONFIRMATION", "needs confirmation";
        /// No longer.
        Obsolete = "OBSOLETE", "obsolete";
    }
}

/// A device as the bank lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceServer {
    /// The bank's number.
    pub id: DeviceId,
    /// The name that it was registered under.
    pub description: BankText,
    /// The address that it was registered from.
    pub ip: Option<BankText>,
    /// Whether it may open sessions.
    pub status: DeviceStatus,
}

impl DeviceServer {
    pub(in crate::bunq) fn read(element: &Element<'_>) -> Result<Self, Error> {
        let fields = element.fields();
        Ok(Self {
            id: DeviceId(fields.need_number("id")?),
            description: fields.text("description").unwrap_or_default(),
            ip: fields.text("ip"),
            status: DeviceStatus::from_wire(fields.plain("status").unwrap_or_default()),
        })
    }
}
