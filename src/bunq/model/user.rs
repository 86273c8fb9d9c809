//! Users: the four wrappers, and who stands behind a grant.

use std::time::Duration;

use jiff::Timestamp;

use super::envelope::{Element, Envelope};
use super::fields::Fields;
use super::pointer::{self, Pointer, PointerKind};
use crate::base::{BankText, Money, UserId, UserKind};
use crate::bunq::error::Error;

const API_KEY: &str = "UserApiKey";
/// Longer than any session of the bank; beyond it a number is a mistake.
const LONGEST_SESSION: Duration = Duration::from_secs(366 * 24 * 60 * 60);
/// bunq's own default for the automatic log-out.
const ONE_WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Whom a session belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one a session, and both sides of a grant are read"
)]
pub enum User {
    /// The user itself: an API key or a PSD2 credential.
    Direct(Profile),
    /// A grant (`UserApiKey`): somebody let somebody else in.
    ApiKey {
        /// The grant's own number, which goes into addresses.
        id: UserId,
        /// Who asked: us.
        requested_by: Profile,
        /// Who granted it.
        granted_by: Profile,
    },
}

/// What the bank tells about a person, a company or a provider. Most of it may be absent: under
/// OAuth bunq has trimmed it to a few fields, even without an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The bank's number.
    pub id: Option<UserId>,
    /// What it is.
    pub kind: UserKind,
    /// The name to show: display name, else legal name, else nickname.
    pub name: BankText,
    /// The nickname that other users see.
    pub nick: Option<BankText>,
    /// The name on paper.
    pub legal_name: Option<BankText>,
    /// E-mail addresses.
    pub emails: Vec<BankText>,
    /// Telephone numbers.
    pub phones: Vec<BankText>,
    /// All of its pointers, those two included.
    pub aliases: Vec<Pointer>,
    /// ACTIVE, BLOCKED, … as the bank writes it.
    pub status: Option<BankText>,
    /// More about the status.
    pub sub_status: Option<BankText>,
    /// Since when the bank knows it.
    pub created: Option<Timestamp>,
    /// When it last changed.
    pub updated: Option<Timestamp>,
    /// After how long a session ends.
    pub session_timeout: Option<Duration>,
    /// A number that other programs may know it by.
    pub public_uuid: Option<BankText>,
    /// Such as `en_US`.
    pub language: Option<BankText>,
    /// Such as `nl_NL`.
    pub region: Option<BankText>,
    /// Of a person: its country, two letters.
    pub nationality: Option<BankText>,
    /// Of a person: the day of birth, as the bank writes it.
    pub date_of_birth: Option<BankText>,
    /// Of a person: where it was born.
    pub place_of_birth: Option<BankText>,
    /// Of a company: its country, two letters.
    pub country: Option<BankText>,
    /// Of a company: its number in the trade register.
    pub chamber_of_commerce_number: Option<BankText>,
    /// Of a company: such as BV.
    pub legal_form: Option<BankText>,
    /// Of a provider: the subject of its certificate.
    pub certificate_name: Option<BankText>,
    /// What may go out in a day without a confirmation.
    pub daily_limit: Option<Money>,
    /// The user's own JSON. Escapes are resolved; the untouched bytes are in the answer.
    pub raw: String,
}

impl User {
    /// Whether an element with this wrapper is a user.
    pub(super) fn is_wrapper(wrapper: &str) -> bool {
        wrapper.starts_with("User")
    }

    /// Reads a whole answer about a user that was kept.
    ///
    /// # Errors
    /// When it is no such answer.
    pub fn from_body(body: &[u8]) -> Result<Self, Error> {
        Envelope::parse(body)?.user()
    }

    pub(super) fn read(element: &Element<'_>) -> Result<Self, Error> {
        let fields = element.fields();
        if element.wrapper == API_KEY {
            return Ok(Self::ApiKey {
                id: UserId(fields.need_number("id")?),
                requested_by: Profile::behind(fields.object("requested_by_user")),
                granted_by: Profile::behind(fields.object("granted_by_user")),
            });
        }
        fields.need_number("id")?;
        Ok(Self::Direct(Profile::read(&element.wrapper, fields)))
    }

    /// Whose data this session shows: under OAuth, who granted it.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        match self {
            Self::Direct(profile) => profile,
            Self::ApiKey { granted_by, .. } => granted_by,
        }
    }

    /// The number that goes into addresses: under OAuth the grant's own, not the granting user's
    /// (bunq API: OAuth).
    #[must_use]
    pub fn url_id(&self) -> Option<UserId> {
        match self {
            Self::Direct(profile) => profile.id,
            Self::ApiKey { id, .. } => Some(*id),
        }
    }

    /// How long a session lasts: under OAuth by the setting of who asked, as bunq's own client has
    /// it, else of who granted; a week when the bank does not say.
    #[must_use]
    pub fn session_timeout(&self) -> Duration {
        let said = match self {
            Self::Direct(profile) => profile.session_timeout,
            Self::ApiKey {
                requested_by,
                granted_by,
                ..
            } => requested_by.session_timeout.or(granted_by.session_timeout),
        };
        said.unwrap_or(ONE_WEEK).min(LONGEST_SESSION)
    }
}

impl Profile {
    /// The user on one side of a grant.
    fn behind(anchor: Fields<'_>) -> Self {
        match anchor.wrapped() {
            Some((wrapper, fields)) => Self::read(wrapper, fields),
            None => Self::read("", anchor),
        }
    }

    fn read(wrapper: &str, fields: Fields<'_>) -> Self {
        let aliases = Pointer::read_all(fields.list("alias"));
        let legal_name = fields.text("legal_name").or_else(|| fields.text("name"));
        let nick = fields.text("public_nick_name");
        let name = fields
            .text("display_name")
            .or_else(|| legal_name.clone())
            .or_else(|| nick.clone());
        Self {
            id: fields.number("id").map(UserId),
            kind: kind(wrapper),
            name: name.unwrap_or_default(),
            nick,
            legal_name,
            emails: pointer::values(&aliases, &PointerKind::Email),
            phones: pointer::values(&aliases, &PointerKind::Phone),
            aliases,
            status: fields.text("status"),
            sub_status: fields.text("sub_status"),
            created: fields.time("created"),
            updated: fields.time("updated"),
            session_timeout: fields
                .number("session_timeout")
                .filter(|seconds| *seconds > 0)
                .map(Duration::from_secs),
            public_uuid: fields.text("public_uuid"),
            language: fields.text("language"),
            region: fields.text("region"),
            nationality: fields.text("nationality"),
            date_of_birth: fields.text("date_of_birth"),
            place_of_birth: fields.text("place_of_birth"),
            country: fields.text("country"),
            chamber_of_commerce_number: fields.text("chamber_of_commerce_number"),
            legal_form: fields.text("legal_form"),
            certificate_name: fields.text("certificate_distinguished_name"),
            daily_limit: fields.money("daily_limit_without_confirmation_login"),
            raw: fields.to_json(),
        }
    }
}

fn kind(wrapper: &str) -> UserKind {
    match wrapper {
        "UserPerson" | "UserLight" => UserKind::Person,
        "UserCompany" => UserKind::Company,
        "UserPaymentServiceProvider" => UserKind::PaymentServiceProvider,
        _ => UserKind::Other,
    }
}
