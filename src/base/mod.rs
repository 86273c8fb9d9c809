//! What every wing may use. Knows nothing of the others.

mod checkpoints;
mod clock;
mod environment;
mod events;
mod file;
mod iban;
mod ids;
mod json;
mod kinds;
mod locale;
mod money;
mod problem;
mod random;
mod secret;
mod text;
mod transcripts;

pub use checkpoints::Checkpoints;
pub use clock::{Clock, ManualClock, TimeSource};
pub use environment::{CALLBACK_URL, Endpoints, Environment, EnvironmentError, is_loopback};
pub use events::{
    Events, Method, RequestEvent, RequestId, RequestOutcome, Verification, WaitReason,
};
pub use file::{FileFault, Whose, read_file};
pub use iban::Iban;
pub use ids::{
    AccountId, CallbackUrlId, CredentialId, DeviceId, InstallationId, OauthClientId, PaymentId,
    SessionId, UserId, UserNumber,
};
pub use json::{JsonName, JsonNode, JsonTree, JsonValue};
pub use kinds::{AccountKind, UserKind};
pub use locale::Locale;
pub use money::{Currency, Money, MoneyError, Totals};
pub use problem::{Exit, Problem, Remedy};
pub use random::random_bytes;
pub use secret::Secret;
pub use text::{BankText, printable, text_width};
pub use transcripts::{Body, Side, Transcript};
