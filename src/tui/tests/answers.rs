//! Answers of every kind, for whatever was asked or was not.

use super::anew::forgotten;
use super::fixtures::{connected, named, opened, problem, provider, some_accounts, some_users};
use crate::base::{Environment, Method, RequestEvent, RequestId, UserNumber, WaitReason};
use crate::tui::app::Msg;
use crate::tui::screen::{connect, doctor, payments, setup, users};
use crate::workspace::export::Written;
use crate::workspace::{Invitation, Lock, RefreshProgress, Refreshed, Stage};

/// An answer of one of the kinds, good or bad.
pub(super) fn answer(kind: usize, generation: u64, good: bool) -> Msg {
    fn result<T>(good: bool, value: T) -> Result<T, crate::base::Problem> {
        if good { Ok(value) } else { Err(problem()) }
    }
    let user = UserNumber(u32::try_from(generation % 4).unwrap());
    match kind {
        0 => Msg::Setup(setup::Msg::Opened {
            generation,
            result: result(
                good,
                Box::new(opened(Environment::Sandbox, Stage::Ready, some_users())),
            ),
        }),
        1 => Msg::Setup(setup::Msg::Finished {
            generation,
            result: result(good, provider()),
        }),
        2 => Msg::Setup(setup::Msg::Inspected {
            generation,
            result: result(good, Lock::Absent),
        }),
        3 => Msg::Connect(connect::Msg::Invited {
            generation,
            result: result(
                good,
                Invitation {
                    authorize_url: super::fixtures::ADDRESS.into(),
                    callback_url: "http://localhost:8000/callback".into(),
                    expires_at: super::fixtures::now(),
                    strangers: vec!["http://localhost:1/x".into()],
                    certificate: None,
                    lan_address: None,
                },
            ),
        }),
        4 => Msg::Connect(connect::Msg::Redirected {
            generation,
            result: result(good, ()),
        }),
        5 => Msg::Connect(connect::Msg::Exchanged {
            epoch: generation % 3,
            generation,
            result: result(good, connected(2)),
        }),
        6 => Msg::Connect(connect::Msg::Strayed {
            generation,
            count: generation,
        }),
        7 => Msg::Users(users::Msg::Listed {
            generation,
            result: result(
                good,
                some_users()
                    .into_iter()
                    .take(generation as usize % 5)
                    .collect(),
            ),
        }),
        8 => Msg::Users(users::Msg::AccountsRead {
            generation,
            user,
            result: result(good, some_accounts()),
        }),
        9 => Msg::Users(users::Msg::AccountsRecalled {
            epoch: generation % 3,
            user,
            result: result(good, None),
        }),
        10 => Msg::Users(users::Msg::Forgotten {
            epoch: generation % 3,
            user,
            result: result(good, ()),
        }),
        11 => Msg::Connect(connect::Msg::PortChanged {
            generation,
            result: result(good, ()),
        }),
        _ => later_answer(kind, generation, good),
    }
}

/// The answers of what came with the bad days.
fn later_answer(kind: usize, generation: u64, good: bool) -> Msg {
    let failed = |good: bool| if good { Ok(()) } else { Err(forgotten()) };
    match kind {
        12 => Msg::Users(users::Msg::Refreshing {
            generation,
            progress: Box::new(RefreshProgress {
                total: 4,
                fresh: 1,
                failed: usize::from(!good),
                user: some_users().into_iter().nth(generation as usize % 5),
                problem: failed(good).err(),
                elapsed: std::time::Duration::from_secs(generation),
                to_go: None,
            }),
        }),
        13 => Msg::Users(users::Msg::AllRefreshed {
            generation,
            result: failed(good).map(|()| Refreshed::default()),
        }),
        14 => Msg::ProfilesListed {
            generation,
            result: failed(good).map(|()| vec![named(Environment::Sandbox)]),
        },
        15 => Msg::Doctor(doctor::Msg::Examined {
            generation,
            checks: Vec::new(),
        }),
        16 => Msg::Doctor(doctor::Msg::StoreChecked {
            epoch: generation % 3,
            result: failed(good),
        }),
        17 => Msg::Connect(connect::Msg::NextSession {
            generation,
            result: failed(good).map(|()| Some(super::fixtures::now())),
        }),
        18 => Msg::KeyringProbed {
            generation,
            result: failed(good),
        },
        19 => Msg::Setup(setup::Msg::Inspected {
            generation,
            result: failed(good).map(|()| super::locked::keyring_and_passphrase()),
        }),
        22 => Msg::JsonRecalled {
            generation,
            result: failed(good).map(|()| Some(super::json::some_tree())),
        },
        23 => Msg::Exported {
            generation,
            path: "/home/you/users.csv".into(),
            count: 1,
            result: failed(good).map(|()| {
                if generation.is_multiple_of(2) {
                    Written::Exists
                } else {
                    Written::Done
                }
            }),
        },
        24 => Msg::Budgets {
            generation,
            result: failed(good).map(|()| Vec::new()),
        },
        20 => Msg::StoredLooked {
            generation,
            result: failed(good).map(|()| super::stored::kept(&[])),
        },
        21 => Msg::Users(users::Msg::AllAccountsRecalled {
            generation,
            result: failed(good).map(|()| super::all_accounts::some()),
        }),
        25..=28 => Msg::Payments(payments_answer(kind, generation, good)),
        29 => Msg::Users(users::Msg::ProfileRead {
            generation,
            user: UserNumber(1),
            result: failed(good).map(|()| super::people::some_profile(1)),
        }),
        30 => Msg::Recalled {
            id: RequestId(generation),
            transcript: None,
        },
        31 => Msg::Log(RequestEvent::Began {
            id: RequestId(generation),
            method: Method::Get,
            path: "/v1/user".into(),
            at: super::fixtures::now(),
        }),
        _ => Msg::Log(RequestEvent::Waits {
            id: RequestId(generation),
            until: super::fixtures::now(),
            why: WaitReason::Retry,
        }),
    }
}

fn payments_answer(kind: usize, generation: u64, good: bool) -> payments::Msg {
    match (kind, good) {
        (25, _) => payments::Msg::Listed {
            generation,
            result: if good {
                Ok(Some(super::payments::some_list(generation)))
            } else {
                Err(problem())
            },
        },
        (26, _) => payments::Msg::Read {
            generation,
            result: if good { Ok(()) } else { Err(problem()) },
        },
        (27, _) => payments::Msg::Recalled {
            generation,
            result: if good { Ok(None) } else { Err(problem()) },
        },
        _ => payments::Msg::Reckoned {
            generation,
            result: if good {
                Ok(Some(Box::new(super::payments::statistics())))
            } else {
                Err(problem())
            },
        },
    }
}
