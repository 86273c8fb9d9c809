//! `bunq-tui simulator` as its user meets it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use bunq_tui::simulator::FaultKind;
use serde_json::Value;

/// A program that does not outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn simulator(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bunq-tui"));
    command.arg("simulator").args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[tokio::test]
async fn faults_and_times_come_from_the_command_line() {
    let arguments = [
        "--fault",
        "POST sandbox-user-person:2=html502",
        "--fault",
        "GET user=405",
        "--session-seconds",
        "60",
    ];
    let mut running = Running(simulator(&arguments).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(told.as_object().unwrap().len(), 3, "{told}");
    let api = told["api"].as_str().unwrap();
    let mut hint = String::new();
    BufReader::new(running.0.stderr.take().unwrap())
        .read_line(&mut hint)
        .unwrap();
    let admin = format!("{}/admin", api.strip_suffix("/v1").unwrap());
    assert!(hint.contains(&admin), "{hint}");

    let http = reqwest::Client::builder()
        .tls_certs_only([])
        .build()
        .unwrap();
    let made = || http.post(format!("{api}/sandbox-user-person")).send();
    for status in [200, 502, 200] {
        assert_eq!(made().await.unwrap().status(), status);
    }
    let user = http.get(format!("{api}/user")).send().await.unwrap();
    assert_eq!(user.status(), 405);
    let page = http.get(format!("{admin}.json")).send().await.unwrap();
    let page: Value = serde_json::from_slice(&page.bytes().await.unwrap()).unwrap();
    assert_eq!(page["faults"][0]["seen"], 3);
    assert_eq!(page["calls"]["total"], 4);
}

#[test]
fn a_wrong_fault_is_refused_and_the_help_has_the_kinds_there_are() {
    for (fault, why) in [
        ("user=nonsense", "there is no fault \"nonsense\"\n"),
        ("user=dorp", "the nearest are\n  drop\n"),
        ("user", "names no kind"),
    ] {
        let output = simulator(&["--fault", fault]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(why), "{told}");
        assert!(told.contains("`bunq-tui simulator --help`"), "{told}");
    }
    let help = simulator(&["--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(
        FaultKind::names()
            .iter()
            .all(|kind| help.contains(kind.name)),
        "{help}"
    );
}
