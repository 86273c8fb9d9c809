//! Every state of every screen, by name.

use super::fixtures::{
    EPOCH, at, failed_connect, failed_setup, full, generation, inviting, listed, model, only, open,
    opened, press, problem, profile, read, running, send, some_accounts, some_profile, some_users,
    starting,
};
use super::requests::logged;
use crate::base::{Environment, UserNumber};
use crate::tui::Start;
use crate::tui::app::{Model, Msg, Screen, update};
use crate::tui::keymap::Action;
use crate::tui::screen::{setup, users};
use crate::workspace::{Accounts, SlotKind, Stage};

/// The sizes at which every state is looked at: the least, two usual ones, a large one.
pub(super) const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 40), (200, 60)];

/// Every state with its name. A new one needs only a row here: it is drawn at every size, snapshot
/// at four, and held against every rule there is.
pub(super) fn states() -> Vec<(&'static str, Model)> {
    let help = {
        let mut model = full();
        press(&mut model, Action::Help);
        model
    };
    let confirm = {
        let mut model = full();
        press(&mut model, Action::Forget);
        model
    };
    let stale = {
        let (mut model, generation) = listed();
        send(
            &mut model,
            Msg::Users(users::Msg::AccountsRecalled {
                epoch: EPOCH,
                user: UserNumber(1),
                result: Ok(Some(Accounts {
                    as_of: at("2026-11-23T09:15:00Z"),
                    ..some_accounts()
                })),
            }),
        );
        read(&mut model, generation, Err(problem()));
        model
    };
    let failed_users = {
        let (mut model, generation) = listed();
        read(&mut model, generation, Err(problem()));
        model
    };
    let profile_shown = {
        let (mut model, reading) = listed();
        read(&mut model, reading, Ok(some_accounts()));
        let effects = press(&mut model, Action::Enter);
        let generation = generation(&effects).unwrap();
        send(
            &mut model,
            Msg::Users(users::Msg::ProfileRead {
                generation,
                user: UserNumber(1),
                result: Ok(some_profile(1)),
            }),
        );
        model
    };
    let empty_users = {
        let mut model = model(&Start::First);
        press(&mut model, Action::Go(Screen::Users));
        model
    };
    let empty_log = {
        let mut model = model(&Start::First);
        press(&mut model, Action::Go(Screen::Log));
        model
    };
    let idle_connect = {
        let mut model = model(&Start::First);
        press(&mut model, Action::Go(Screen::Connect));
        model
    };
    let asked = {
        let (mut model, _) = inviting(Environment::Sandbox);
        update(&mut model, Msg::Ticked, at("2026-11-24T14:03:05Z"));
        model
    };
    let address = {
        let (mut model, _) = inviting(Environment::Sandbox);
        press(&mut model, Action::ShowAddress);
        model
    };
    let local = {
        let mut model = full();
        model.data.environment = "http://127.0.0.1:41803".parse().unwrap();
        model
    };
    let forgotten = {
        let mut model = full();
        let user = UserNumber(2);
        let result = Ok(());
        let epoch = EPOCH;
        send(
            &mut model,
            Msg::Users(users::Msg::Forgotten {
                epoch,
                user,
                result,
            }),
        );
        model
    };
    let unlock = {
        let mut model = model(&profile(Environment::Sandbox));
        let effects = send(&mut model, Msg::Started);
        let generation = generation(&effects).unwrap();
        send(
            &mut model,
            Msg::Setup(setup::Msg::Inspected {
                generation,
                result: Ok(crate::workspace::Lock::Locked {
                    keyring: false,
                    passphrase: true,
                    key_file: false,
                }),
            }),
        );
        model
    };
    let production = {
        let (mut model, _) = open(
            &profile(Environment::Production),
            opened(Environment::Production, Stage::Ready, some_users()),
        );
        model.status = None;
        model
    };
    let done = {
        let (mut model, _) = inviting(Environment::Sandbox);
        press(&mut model, Action::Go(Screen::Setup));
        model
    };
    let mut all = vec![
        ("setup_first", model(&Start::First)),
        ("setup_running", running().0),
        ("setup_failed", failed_setup()),
        ("setup_done", done),
        ("setup_unlock", unlock),
        ("connect_idle", idle_connect),
        ("connect_starting", starting(Environment::Sandbox).0),
        ("connect_demo", inviting(Environment::Demo).0),
        ("connect_sandbox", inviting(Environment::Sandbox).0),
        ("connect_asks", asked),
        ("connect_failed", failed_connect()),
        ("connect_address", address),
        ("users_local", local),
        ("users_one_less", forgotten),
        ("setup_new_profile", super::profiles::new_one("billing")),
        ("doctor_empty", super::doctor::looking()),
        ("doctor_full", super::doctor::examined()),
        ("doctor_alone", super::doctor::alone()),
        ("users_profiles", super::profiles::listed_profiles().0),
        ("setup_certificate", super::provider::certificate()),
        ("connect_paced", super::connect::paced()),
        ("connect_exchanging", super::connect::exchanging()),
        ("connect_lan", super::lan::over_lan()),
        ("connect_lan_asks", super::lan::asked()),
        ("connect_https", super::lan::by_https()),
        ("users_held", super::requests::held(full())),
        ("log_held", super::requests::held(logged())),
        ("log_detail", super::requests::in_full()),
        ("log_detail_waits", super::requests::in_full_waiting()),
        ("connect_forgotten", super::anew::on_connect()),
        ("users_forgotten", super::anew::on_users()),
        ("users_anew", super::anew::asked()),
        ("users_refreshing", super::everyone::halfway()),
        ("users_all_asked", super::automatic::asked()),
        ("users_hidden", super::figures::hidden()),
        ("users_refreshed", super::everyone::ended()),
        ("users_perhaps", super::everyone::perhaps()),
        (
            "locked_file",
            super::locked::locked(SlotKind::KeyFile, only(SlotKind::KeyFile)),
        ),
        (
            "locked_passphrase",
            super::locked::locked(SlotKind::Passphrase, only(SlotKind::Passphrase)),
        ),
        ("locked_idle", super::locked::by_itself()),
        ("locked_waiting", super::locked::waiting()),
        ("locked_denied", super::locked::denied()),
        ("locked_asks", super::locked::asked()),
        ("setup_looking", super::locking::looking().0),
        ("setup_keyring", super::locking::probed(true)),
        ("setup_no_keyring", super::locking::probed(false)),
        ("setup_opening", super::locking::opening()),
        ("setup_denied", super::locking::failed()),
        ("setup_weak", super::locking::typing("password")),
        ("setup_stored", super::stored::shown(SlotKind::Keyring)),
        ("setup_stored_end", super::stored::at_the_end()),
        ("setup_stored_nothing", super::stored::nothing()),
        ("users_empty", empty_users),
        ("users_loading", listed().0),
        ("users_full", full()),
        ("users_stale", stale),
        ("users_failed", failed_users),
        ("users_profile", profile_shown),
        ("users_production", production),
        ("users_help", help),
        ("setup_stored_help", super::help::over_stored()),
        ("users_palette", super::palette::opened(full())),
        (
            "users_palette_typed",
            super::palette::typed(full(), "set up"),
        ),
        (
            "locked_palette",
            super::palette::opened(super::locked::by_itself()),
        ),
        ("users_forget", confirm),
        ("users_filter", super::finding::typed()),
        ("users_filtered", super::finding::kept()),
        ("users_nothing_fits", super::finding::nothing_fits()),
        ("users_all", super::all_accounts::all_open()),
        ("log_filtered", super::finding::log_filtered()),
        ("users_json", super::json::shown()),
        ("users_json_search", super::json::searching()),
        ("users_copy", super::copy::sent()),
        ("users_export", super::export::opened()),
        ("log_budgets", super::export::budgets()),
        ("log_empty", empty_log),
        ("log_full", logged()),
    ];
    all.extend(super::payments::states());
    all
}
