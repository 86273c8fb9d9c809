//! What may happen, and how a case is drawn.

use bunq_tui::simulator::FaultKind;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// What the user does on the bank's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Approves,
    /// Approves elsewhere, and the address is pasted.
    IsPasted,
    Denies,
    /// Nobody answers in time.
    Never,
}

#[derive(Clone, Debug)]
pub(crate) enum Action {
    SetUp,
    SetUpAnew,
    Connect(Answer),
    /// Users are named by their place among those there are.
    Disconnect(usize),
    Read(usize),
    ReadProfile(usize),
    /// The program ends between two actions, and starts again.
    Reopen,
    /// The next action dies at its checkpoint with this number.
    CrashAt(usize),
    /// So many of the next calls to an endpoint go wrong.
    Fault(FaultKind, &'static str, u32),
    /// All sessions end.
    Expire,
    /// All grants are taken back.
    Revoke,
    /// The bank forgets everything.
    Restart,
    /// The bank no longer permits our address, or does again.
    Permit(bool),
    /// Time passes, so many seconds.
    Pass(u32),
    /// Our own clock is so many seconds ahead of the bank's.
    Skew(i32),
    /// Nothing goes wrong any more, and the person does what the program says.
    Heal,
}

/// A case: whether both keep to the classic limits, and what happens.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) classic: bool,
    pub(crate) actions: Vec<Action>,
}

/// Faults that take no time.
fn fault() -> impl Strategy<Value = FaultKind> {
    use FaultKind as Kind;
    select(vec![
        Kind::Refuse,
        Kind::Reset,
        Kind::DropBefore,
        Kind::Drop,
        Kind::Truncate,
        Kind::TooMany {
            calls: 5,
            seconds: 3,
            retry_after: None,
        },
        Kind::Credentials400,
        Kind::Signature400,
        Kind::Authorisation401,
        Kind::Authentication401,
        Kind::Authentication403,
        Kind::Authorisation403,
        Kind::Route404,
        Kind::Item404,
        Kind::Maintenance491,
        Kind::Error500,
        Kind::DoneButStatus(500, "{}".into()),
        Kind::Html502,
        Kind::Unavailable503,
        Kind::Portal,
        Kind::InvalidJson,
        Kind::EmptyBody,
        Kind::WrongType,
        Kind::WrongSignature,
        Kind::MissingSignature,
        Kind::DeadSession401,
        Kind::DeadSession403,
        Kind::RevokedToken,
        Kind::ExpiredCode,
        Kind::TokenError("invalid_grant".into()),
    ])
}

fn endpoint() -> impl Strategy<Value = &'static str> {
    select(vec![
        "",
        "GET",
        "POST",
        "POST installation",
        "POST sandbox-user-person",
        "POST device-server",
        "POST session-server",
        "GET user$",
        "GET user/{}/monetary-account",
        "user/{}/oauth-client$",
        "user/{}/oauth-client/{}/callback-url",
        "POST token",
    ])
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        6 => Just(Answer::Approves),
        2 => Just(Answer::IsPasted),
        1 => Just(Answer::Denies),
        1 => Just(Answer::Never),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    const DAY: i32 = 86_400;
    prop_oneof![
        6 => Just(Action::SetUp),
        1 => Just(Action::SetUpAnew),
        24 => answer().prop_map(Action::Connect),
        6 => (0..3_usize).prop_map(Action::Disconnect),
        20 => (0..4_usize).prop_map(Action::Read),
        4 => (0..3_usize).prop_map(Action::ReadProfile),
        4 => Just(Action::Reopen),
        16 => (1..24_usize).prop_map(Action::CrashAt),
        16 => (fault(), endpoint(), 1..5_u32)
            .prop_map(|(kind, endpoint, calls)| Action::Fault(kind, endpoint, calls)),
        2 => Just(Action::Fault(FaultKind::Replay, "GET user$", 1)),
        8 => Just(Action::Expire),
        6 => Just(Action::Revoke),
        1 => Just(Action::Restart),
        4 => any::<bool>().prop_map(Action::Permit),
        6 => prop_oneof![1..60_u32, Just(86_400), Just(700_000)].prop_map(Action::Pass),
        4 => prop_oneof![-60..60_i32, Just(DAY), Just(-DAY)].prop_map(Action::Skew),
        6 => Just(Action::Heal),
    ]
}

/// Most cases begin with a setup: little else can happen before one.
pub(crate) fn case() -> impl Strategy<Value = Case> {
    let begins = proptest::bool::weighted(0.85);
    (any::<bool>(), begins, vec(action(), 5..12)).prop_map(|(classic, begins, drawn)| Case {
        classic,
        actions: begins
            .then_some(Action::SetUp)
            .into_iter()
            .chain(drawn)
            .collect(),
    })
}
