//! What the screens and the commands show, without knowing where it came from.

use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use crate::base::{
    AccountId, AccountKind, BankText, Environment, Iban, Money, Problem, Secret, Totals, UserKind,
    UserNumber,
};

/// Which PSD2 roles a generated certificate names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Psd2Roles {
    /// Account information (AISP) and payment initiation (PISP).
    #[default]
    Both,
    /// Account information only.
    AccountInformation,
    /// Payment initiation only.
    PaymentInitiation,
}

/// A certificate of one's own, as PEM texts: a QSEAL one for production, any for the sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificatePem {
    /// The certificate.
    pub certificate: String,
    /// What stands between it and its root; the certificate itself when it is self-signed.
    pub chain: String,
    /// Its private key.
    pub key: Secret,
}

/// Who we want to be at the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderChoice {
    /// A new PSD2 provider with a generated certificate.
    NewPsd2Provider(Psd2Roles),
    /// A PSD2 provider with a certificate of our own.
    OwnCertificate(CertificatePem),
    /// A new sandbox person.
    NewPerson,
    /// A new sandbox company.
    NewCompany,
    /// The owner of this API key.
    ApiKey(Secret),
}

impl ProviderChoice {
    /// The word on the screen.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::NewPsd2Provider(_) => "new PSD2 provider",
            Self::OwnCertificate(_) => "own PSD2 certificate",
            Self::NewPerson => "new person",
            Self::NewCompany => "new company",
            Self::ApiKey(_) => "own API key",
        }
    }
}

/// The steps of the setup, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Our RSA key pair.
    KeyPair,
    /// The key pair made known to the bank.
    Installation,
    /// A new sandbox user or PSD2 credential; nothing to do with an own API key.
    Provider,
    /// The provider's secret bound to the installation and this address.
    Device,
    /// The provider's session.
    Session,
    /// The OAuth client: listed first, made only when there is none.
    OauthClient,
    /// The callback URL: listed first, added only when missing.
    CallbackUrl,
}

impl Step {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::KeyPair,
        Self::Installation,
        Self::Provider,
        Self::Device,
        Self::Session,
        Self::OauthClient,
        Self::CallbackUrl,
    ];

    /// The words on the checklist.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::KeyPair => "Key pair",
            Self::Installation => "Installation",
            Self::Provider => "Provider",
            Self::Device => "Device",
            Self::Session => "Session",
            Self::OauthClient => "OAuth client",
            Self::CallbackUrl => "Callback URL",
        }
    }
}

/// How far one step is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StepState {
    /// Its turn has not come.
    #[default]
    Waiting,
    /// Under way.
    Running,
    /// Done. `took` is none when an earlier run did it.
    Done {
        /// How long it took.
        took: Option<Duration>,
    },
    /// Failed; the steps before it are kept.
    Failed(Problem),
}

/// One step's change, told while the setup runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepChange {
    /// Which.
    pub step: Step,
    /// How far it is now.
    pub state: StepState,
}

/// How far the setup of a profile is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing is stored.
    Fresh,
    /// A setup began and did not end.
    Unfinished,
    /// Set up.
    Ready,
}

/// Who we are at the bank, once set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// What we are.
    pub kind: UserKind,
    /// Our name there, when it is known.
    pub name: Option<BankText>,
    /// A new sandbox user's e-mail address, to log in to the sandbox app with.
    pub email: Option<BankText>,
    /// Its phone number.
    pub phone: Option<BankText>,
    /// The callback URL that is registered for us.
    pub callback_url: String,
}

/// What is put before the person who is to authorize.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The address of the bank's authorize page, with our state in it. To be shown, never logged.
    pub authorize_url: String,
    /// Where the browser comes back to.
    pub callback_url: String,
    /// When we stop waiting.
    pub expires_at: Timestamp,
    /// Callback URLs registered for our client that are not ours.
    pub strangers: Vec<BankText>,
    /// Where the callback URL is by https: the fingerprint (SHA-256) of the certificate that was
    /// made for it.
    pub certificate: Option<String>,
    /// Where others on the network reach the listener: at this address of the machine.
    pub lan_address: Option<IpAddr>,
}

/// A user who has just connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connected {
    /// Its local number.
    pub number: UserNumber,
    /// Whose account it is.
    pub name: BankText,
    /// What it is.
    pub kind: UserKind,
    /// Whether it was connected before.
    pub again: bool,
}

/// What is known of a user's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// None is open.
    None,
    /// Good until then, as far as we know.
    Until(Timestamp),
    /// Its time is over.
    Expired,
}

/// A row of the users table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSummary {
    /// Its local number; 0 is ourselves.
    pub number: UserNumber,
    /// Its name.
    pub name: BankText,
    /// What it is.
    pub kind: UserKind,
    /// How many accounts it shares; none when they were never read.
    pub accounts: Option<usize>,
    /// Their balances, by currency.
    pub totals: Totals,
    /// When it connected; none for ourselves.
    pub connected_at: Option<Timestamp>,
    /// Its session.
    pub session: SessionState,
    /// When its grant was found to be revoked.
    pub revoked_at: Option<Timestamp>,
    /// Whether nobody took the grant back: it was given to a setup that was made anew since.
    pub of_earlier_setup: bool,
    /// When its accounts were read.
    pub as_of: Option<Timestamp>,
}

/// A row of the accounts table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountSummary {
    /// The bank's number.
    pub id: AccountId,
    /// What its owner calls it.
    pub description: BankText,
    /// Its IBAN, where it has one.
    pub iban: Option<Iban>,
    /// What it is.
    pub kind: AccountKind,
    /// Its balance, where the bank tells.
    pub balance: Option<Money>,
    /// ACTIVE, BLOCKED, …
    pub status: BankText,
    /// The rest of what the bank says, for the detail pane.
    #[serde(skip)]
    pub details: Vec<Field>,
}

/// A user's accounts as they were at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounts {
    /// When they were read.
    pub as_of: Timestamp,
    /// In the bank's order.
    pub rows: Vec<AccountSummary>,
}

/// One line of a detail pane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// What it is.
    pub label: &'static str,
    /// Its value, cleaned.
    pub value: String,
}

/// A user's profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserProfile {
    /// Its local number.
    pub number: UserNumber,
    /// Its name.
    pub name: BankText,
    /// What it is.
    pub kind: UserKind,
    /// All that the bank says of it.
    pub fields: Vec<Field>,
    /// When it was read.
    pub as_of: Timestamp,
}

/// What a profile's store is like before it is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lock {
    /// There is no store yet.
    Absent,
    /// There is one.
    Locked {
        /// The keyring of the operating system opens it.
        keyring: bool,
        /// A passphrase opens it.
        passphrase: bool,
        /// A key file opens it.
        key_file: bool,
    },
}

/// Which store: one for each profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The bank that it speaks to.
    pub environment: Environment,
    /// Its name; the environment's unless one was given.
    pub name: String,
}

/// How far the refresh of all users is. Told after each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshProgress {
    /// How many users there are to bring up to date.
    pub total: usize,
    /// How many of them are.
    pub fresh: usize,
    /// How many could not be read.
    pub failed: usize,
    /// The user that was just dealt with, as it stands now.
    pub user: Option<UserSummary>,
    /// What went wrong with it.
    pub problem: Option<Problem>,
    /// How long the refresh runs.
    pub elapsed: Duration,
    /// How long it will still take, as the bank's limits and the speed so far have it.
    pub to_go: Option<Duration>,
}

impl RefreshProgress {
    /// Users brought up to date in a minute, as far as can be told yet.
    #[must_use]
    pub fn per_minute(&self) -> Option<f64> {
        let done = u32::try_from(self.fresh + self.failed).ok()?;
        let seconds = self.elapsed.as_secs_f64();
        (self.fresh > 0 && seconds >= 1.0).then(|| f64::from(done) * 60.0 / seconds)
    }
}

/// What became of a refresh of all users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refreshed {
    /// How many were brought up to date.
    pub fresh: usize,
    /// How many could not be read.
    pub failures: usize,
    /// The first hundred of those, each with why.
    pub failed: Vec<(UserNumber, Problem)>,
    /// How many were not asked about, because their grant is gone.
    pub revoked: usize,
}
