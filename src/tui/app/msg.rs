//! What happens, and what is to be done about it. Neither holds a closure, and what is secret in
//! them is redacted, so that both can be logged and compared.

use core::net::IpAddr;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::base::{
    AccountId, JsonTree, PaymentId, Problem, RequestEvent, RequestId, Secret, Transcript,
    UserNumber,
};
use crate::config::{LastUsed, ScreenMemory};
use crate::tui::data::Generation;
use crate::tui::keymap::{Action, Chord};
use crate::tui::listing::{Arranged, Job};
use crate::tui::lists::List;
use crate::tui::mouse::Pointed;
use crate::tui::overlay::json::JsonOf;
use crate::tui::screen::{connect, doctor, payments, setup, users};
use crate::workspace::export::{Format, Rows, Written};
use crate::workspace::{
    Budget, Kept, PaymentEnd, PaymentQuery, Profile, Provider, ProviderChoice, Stage, StepChange,
    StoreKey, UserSummary,
};

/// A key that went into a text field. It may be part of a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) struct Keystroke(pub(in crate::tui) KeyEvent);

impl fmt::Debug for Keystroke {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keystroke(…)")
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) enum Msg {
    /// The program started.
    Started,
    /// A key was pressed that means something here.
    Acted(Action),
    /// A key was pressed that means nothing here.
    Missed(Chord),
    /// A key was pressed in a text field.
    Typed(Keystroke),
    /// Text was pasted.
    Pasted(Secret),
    /// The mouse did something.
    Pointed(Pointed),
    /// Many rows were arranged.
    Arranged {
        generation: Generation,
        list: List,
        arranged: Arranged,
    },
    /// The terminal has another size now.
    Resized(u16, u16),
    /// There is no shell to stop for.
    NoShell,
    /// A second went by.
    Ticked,
    /// Nobody did anything for as long as the screens stay open.
    Idled,
    /// On Setup.
    Setup(setup::Msg),
    /// On Connect.
    Connect(connect::Msg),
    /// On Users.
    Users(users::Msg),
    /// On Payments.
    Payments(payments::Msg),
    /// On Doctor.
    Doctor(doctor::Msg),
    /// A request began, waits or ended.
    Log(RequestEvent),
    /// What a request asked and was answered, where that is kept.
    Recalled {
        id: RequestId,
        transcript: Option<Arc<Transcript>>,
    },
    /// The profiles were looked for.
    ProfilesListed {
        generation: Generation,
        result: Result<Vec<Profile>, Problem>,
    },
    /// The keyring was tried.
    KeyringProbed {
        generation: Generation,
        result: Result<(), Problem>,
    },
    /// What is stored was looked at.
    StoredLooked {
        generation: Generation,
        result: Result<Kept, Problem>,
    },
    /// The JSON of something was looked up; none where it is not there.
    JsonRecalled {
        generation: Generation,
        result: Result<Option<Arc<JsonTree>>, Problem>,
    },
    /// It was looked how much of the bank's limits is used up.
    Budgets {
        generation: Generation,
        result: Result<Vec<Budget>, Problem>,
    },
    /// So many rows were written into a file, or not.
    Exported {
        generation: Generation,
        path: PathBuf,
        count: usize,
        result: Result<Written, Problem>,
    },
    /// A text went to the terminal.
    Copied,
    /// Something was, or could not be, kept for the next start.
    Kept(Result<(), Problem>),
}

impl Msg {
    /// Whether it comes from whoever sits before the screen, or from their absence.
    pub(in crate::tui) fn is_of_a_person(&self) -> bool {
        matches!(
            self,
            Self::Acted(_)
                | Self::Missed(_)
                | Self::Typed(_)
                | Self::Pasted(_)
                | Self::Pointed(_)
                | Self::Idled
        )
    }
}

/// What an opened profile says of itself.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) struct Opened {
    /// Which it is.
    pub(in crate::tui) profile: Profile,
    /// How far it is.
    pub(in crate::tui) stage: Stage,
    /// The steps as an earlier run left them.
    pub(in crate::tui) steps: Vec<StepChange>,
    /// Who we are.
    pub(in crate::tui) provider: Option<Provider>,
    /// The users.
    pub(in crate::tui) users: Vec<UserSummary>,
    /// When a code was spent whose token was lost.
    pub(in crate::tui) perhaps_granted: Option<Timestamp>,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) enum Effect {
    /// Leave the program; an exchange that began is finished first.
    Leave,
    /// Stop until the shell lets the program go on.
    Suspend,
    /// Look how a profile's store is locked.
    InspectStore {
        generation: Generation,
        profile: Profile,
    },
    /// Look for the profiles that have a store.
    ListProfiles { generation: Generation },
    /// Start the bunq inside the program and open a workspace over it.
    OpenDemo { generation: Generation },
    /// Open a profile's store, or make it.
    OpenStore {
        generation: Generation,
        profile: Profile,
        key: StoreKey,
    },
    /// Wait for it no longer.
    StopOpening { generation: Generation },
    /// Look at what is stored of a profile.
    LookAtStored {
        generation: Generation,
        profile: Profile,
    },
    /// Try the keyring of the operating system.
    ProbeKeyring { generation: Generation },
    /// Close what is open, with all its tasks; only an exchange that began is finished. What was
    /// asked for before this generation opens nothing any more.
    Lock { generation: Generation },
    /// Read the files of a certificate of one's own.
    ReadCertificate {
        generation: Generation,
        files: setup::CertificateFiles,
    },
    /// Run the setup, or what is left of it.
    RunSetup {
        generation: Generation,
        choice: Option<ProviderChoice>,
    },
    /// Set up anew at a bank that has forgotten us, as who we were.
    SetUpAnew { generation: Generation },
    /// Begin the OAuth flow: listener, invitation, redirect, exchange.
    BeginConnect { generation: Generation },
    /// The same, for a phone on the network that comes back to this address of the machine.
    BeginConnectOverLan {
        generation: Generation,
        address: IpAddr,
    },
    /// Look up this machine's addresses for a phone.
    FindLan { generation: Generation },
    /// Look up when the bank takes the next session.
    AskNextSession { generation: Generation },
    /// Give the flow up; an exchange that began is finished all the same.
    CancelConnect,
    /// Give the flow the address that was pasted.
    SubmitAddress {
        generation: Generation,
        address: Secret,
    },
    /// Approve as the phone would.
    Approve {
        generation: Generation,
        authorize_url: Secret,
    },
    /// Take another port for the callback URL.
    ChangePort { generation: Generation, port: u16 },
    /// Open an address in the browser.
    OpenBrowser(Secret),
    /// Hand a text to the terminal's clipboard.
    Copy(Secret),
    /// Take the mouse, or leave it to the terminal.
    CaptureMouse(bool),
    /// Arrange many rows of a table.
    Arrange {
        generation: Generation,
        list: List,
        job: Box<Job>,
    },
    /// Look up the accounts of all users as last read.
    RecallAllAccounts { generation: Generation },
    /// List the users.
    ListUsers { generation: Generation },
    /// Look up a user's accounts as last read.
    RecallAccounts { user: UserNumber },
    /// Ask the bank for a user's accounts.
    ReadAccounts {
        generation: Generation,
        user: UserNumber,
    },
    /// Look up a user's profile as last read.
    RecallProfile { user: UserNumber },
    /// Ask the bank for a user's profile.
    ReadProfile {
        generation: Generation,
        user: UserNumber,
    },
    /// List an account's stored payments.
    ListPayments {
        generation: Generation,
        user: UserNumber,
        account: AccountId,
        query: Box<PaymentQuery>,
    },
    /// Ask the bank for an account's newest payments, or for older ones.
    ReadPayments {
        generation: Generation,
        user: UserNumber,
        account: AccountId,
        end: PaymentEnd,
    },
    /// Look up a payment in full.
    RecallPayment {
        generation: Generation,
        user: UserNumber,
        account: AccountId,
        payment: PaymentId,
    },
    /// Reckon what an account's stored payments come to, by the months of a time zone.
    ReckonPayments {
        generation: Generation,
        user: UserNumber,
        account: AccountId,
        zone: TimeZone,
    },
    /// Bring all users up to date.
    RefreshAll { generation: Generation },
    /// Stop doing so; what came stays.
    StopRefresh,
    /// Forget a user's grant.
    Forget { user: UserNumber },
    /// Look at everything that could be wrong; where nothing is open, at this profile.
    Examine {
        generation: Generation,
        profile: Profile,
    },
    /// Look up what a request asked and was answered.
    RecallTranscript(RequestId),
    /// Look up the JSON of something as it is stored or kept.
    RecallJson { generation: Generation, of: JsonOf },
    /// Look how much of the bank's limits is used up.
    LookAtBudgets { generation: Generation },
    /// Write rows into a file.
    Export {
        generation: Generation,
        rows: Arc<Rows>,
        format: Format,
        path: PathBuf,
        replace: bool,
    },
    /// Check the whole file of the store that has just been opened.
    CheckStore,
    /// Keep which profile was used last.
    KeepLastUsed(LastUsed),
    /// Keep what the screens remember.
    KeepScreenMemory(ScreenMemory),
}
