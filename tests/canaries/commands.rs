//! Every command, through pipes and with a passphrase at a terminal.

use bunq_tui::bunq::{Certificate, Role};
use bunq_tui::simulator::{Fault, FaultKind};

use crate::bank::{Bank, KEY_FILE, PASSPHRASE, WRONG};
use crate::machine::{Machine, found};

const READS: [&[&str]; 16] = [
    &["users"],
    &["users", "--format", "json"],
    &["users", "--format", "csv"],
    &["users", "--refresh"],
    &["user", "0"],
    &["user", "1"],
    &["user", "1", "--format", "json"],
    &["user", "1", "--format", "raw"],
    &["accounts", "0"],
    &["accounts", "1"],
    &["accounts", "1", "--format", "json"],
    &["accounts", "1", "--format", "csv"],
    &["accounts", "1", "--format", "raw"],
    &["accounts", "1", "--stored"],
    &["doctor"],
    &["doctor", "--format", "json"],
];

/// The payments of an account, as they are asked for.
const PAYMENTS: [&[&str]; 5] = [
    &[],
    &["--all"],
    &["--stored", "--search", "e", "--format", "json"],
    &["--count", "3", "--format", "csv"],
    &["--all", "--format", "raw"],
];

/// All of it in a profile that opens with a key file.
pub(crate) fn with_a_key_file(machine: &mut Machine, bank: &Bank, api_key: &str) {
    let key = machine.input("key", KEY_FILE.as_bytes());
    let run = |machine: &mut Machine, profile: &str, arguments: &[&str], paste: bool| {
        let mut command = machine.command(profile, Some(&key), arguments);
        machine.run(&mut command, |address| bank.approve(address), paste)
    };
    let api_key = machine.input("api-key", format!("{api_key}\n").as_bytes());
    let set_up = ["setup", "--api-key-file", &api_key];
    assert_eq!(run(machine, "own", &set_up, false), 0);
    assert_eq!(run(machine, "own", &["connect"], false), 0);
    assert_eq!(
        run(
            machine,
            "own",
            &["connect", "--paste", "--format", "json"],
            true
        ),
        0
    );
    for arguments in READS {
        assert_eq!(run(machine, "own", arguments, false), 0, "{arguments:?}");
    }
    let json = ["accounts", "1", "--format", "json"];
    assert_eq!(run(machine, "own", &json, false), 0);
    let accounts: serde_json::Value = serde_json::from_slice(&machine.printed).unwrap();
    let account = accounts[0]["id"].to_string();
    for more in PAYMENTS {
        let arguments = [&["payments", "1", &account], more].concat();
        assert_eq!(run(machine, "own", &arguments, false), 0, "{arguments:?}");
    }
    faults(machine, bank, &run);
    assert_eq!(run(machine, "own", &["disconnect", "2"], false), 0);

    assert_eq!(run(machine, "psd2", &["setup", "--psd2"], false), 0);
    let made = Certificate::generate("Canary", &[Role::AccountInformation]).unwrap();
    let certificate = machine.input("certificate.pem", made.certificate_pem.as_bytes());
    let certificate_key = machine.input("certificate.key", made.key_pem.expose().as_bytes());
    let own = [
        "setup",
        "--certificate",
        &certificate,
        "--certificate-key",
        &certificate_key,
    ];
    assert_eq!(run(machine, "certificate", &own, false), 0);
    // A key that fits no store.
    let wrong = machine.input("wrong-key", "7".repeat(64).as_bytes());
    let mut command = machine.command("own", Some(&wrong), &["users"]);
    assert_eq!(machine.run(&mut command, str::to_owned, false), 78);
}

/// What a broken or careless bank may do with what it was sent.
fn faults(
    machine: &mut Machine,
    bank: &Bank,
    run: &impl Fn(&mut Machine, &str, &[&str], bool) -> i32,
) {
    let echo = |secret: &str| {
        let sentence = format!("What was sent is wrong: {secret}");
        serde_json::json!({"Error": [{
            "error_description": sentence,
            "error_description_translated": sentence,
        }]})
        .to_string()
    };
    let redirect = |status: u16, secret: &str| FaultKind::Redirect {
        status,
        location: format!("{}/elsewhere?token={secret}", bank.simulator.root()),
    };
    let mut kinds = vec![FaultKind::Authorisation401, FaultKind::Error500];
    for kind in [
        "session token",
        "access token",
        "installation token",
        "client secret",
    ] {
        let secret = bank.last(kind);
        kinds.push(FaultKind::Status(500, echo(&secret)));
        kinds.push(FaultKind::Status(400, echo(&secret)));
        kinds.push(FaultKind::Status(200, format!("<html>{secret}</html>")));
        kinds.extend([301, 302, 307, 308].map(|status| redirect(status, &secret)));
    }
    for kind in kinds {
        for (endpoint, arguments) in [
            ("GET user$", &["user", "1"][..]),
            ("GET user/{}/monetary-account$", &["accounts", "1"]),
            ("POST session-server$", &["user", "1"]),
        ] {
            if endpoint.starts_with("POST") {
                bank.simulator.expire_sessions();
            }
            bank.simulator.set_fault(Fault {
                endpoint: endpoint.into(),
                nth: None,
                kind: kind.clone(),
            });
            let code = run(machine, "own", arguments, false);
            assert_ne!(code, 0, "{kind:?} at {endpoint}");
            let met = bank.simulator.faults()[0].1;
            assert!(met > 0, "{kind:?} was not met at {endpoint}: {code}");
            bank.simulator.clear_faults();
        }
    }
    for kind in ["access token", "client secret"] {
        let secret = bank.last(kind);
        for kind in [
            FaultKind::Status(500, echo(&secret)),
            FaultKind::TokenError("invalid_grant".into()),
            redirect(302, &secret),
        ] {
            bank.simulator.set_fault(Fault {
                endpoint: "POST token".into(),
                nth: None,
                kind,
            });
            assert_ne!(run(machine, "own", &["connect", "--no-qr"], false), 0);
            assert!(bank.simulator.faults()[0].1 > 0, "it was not met");
            bank.simulator.clear_faults();
        }
    }
}

/// A store that opens with a passphrase, typed at a terminal.
pub(crate) fn with_a_passphrase(machine: &mut Machine, bank: &Bank) {
    let at = |machine: &mut Machine, arguments: &[&str]| {
        let command = machine.command("typed", None, arguments);
        machine.in_terminal(&command)
    };
    let line = |text: &str| format!("{text}\n");
    let mut terminal = at(machine, &["setup", "--person"]);
    terminal.until_text("New passphrase:");
    terminal.press(&line(PASSPHRASE));
    terminal.until_text("once more:");
    terminal.press(&line(PASSPHRASE));
    assert_eq!(machine.ended(terminal), 0);

    for (typed, code) in [(WRONG, 78), (PASSPHRASE, 0)] {
        let mut terminal = at(machine, &["doctor"]);
        terminal.until_text("Passphrase of the store:");
        terminal.press(&line(typed));
        assert_eq!(machine.ended(terminal), code, "doctor");
    }
    let mut terminal = at(machine, &["connect"]);
    terminal.until_text("Passphrase of the store:");
    terminal.press(&line(PASSPHRASE));
    let address = found(&terminal, "the address", |screen| {
        let squeezed: String = screen.split_whitespace().collect();
        let from = squeezed.find("approvewiththebunqapp:http")?;
        let address = squeezed[from..]
            .split_once("app:")?
            .1
            .split_once("Waitingat")?
            .0;
        Some(address.to_owned())
    });
    machine.look_at_processes();
    crate::machine::follow(&bank.approve(&address));
    assert_eq!(machine.ended(terminal), 0);
}
