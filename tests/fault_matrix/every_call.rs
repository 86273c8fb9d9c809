//! No call of the program is missing in the matrix.

use std::collections::BTreeSet;
use std::path::Path;

use tokio::sync::mpsc;

use crate::bank::{Bank, Choice, From, PATIENT, anew, payments, setup};
use crate::columns::{COLUMNS, UNUSED, shape};

/// Everything that the program does at the bank, once.
#[tokio::test(flavor = "multi_thread")]
async fn no_call_of_the_program_lacks_a_column() {
    let bank = Bank::start().await;
    for choice in [Choice::Company, Choice::Psd2] {
        let directory = bank.at(&format!("{choice:?}"));
        setup(&bank.open(&directory, PATIENT), Some(choice))
            .await
            .unwrap();
    }
    let directory = bank.prepare(From::Ready).await;
    let workspace = bank.open(&directory, PATIENT);
    let user = workspace.users().unwrap().last().unwrap().number;
    workspace.read_accounts(user).await.unwrap();
    payments(&workspace, user).await.unwrap();
    workspace.read_profile(user).await.unwrap();
    bank.simulator.expire_sessions();
    workspace.read_accounts(user).await.unwrap();
    workspace.examine().await;
    let (progress, mut told) = mpsc::channel(64);
    let listener = tokio::spawn(async move { while told.recv().await.is_some() {} });
    workspace.refresh_all(progress).await.unwrap();
    listener.await.unwrap();
    let port = bank.other_port(&workspace);
    workspace.change_port(port).await.unwrap();
    workspace.forget(user).await.unwrap();
    anew(&workspace).await.unwrap();
    let made: BTreeSet<String> = bank.simulator.calls().iter().map(shape).collect();
    let known: BTreeSet<String> = COLUMNS.iter().map(|column| column.shape.into()).collect();
    let made: BTreeSet<String> = made
        .into_iter()
        // The phone's side.
        .filter(|shape| !shape.ends_with(" auth"))
        .collect();
    assert_eq!(made, known);
}

/// A new call would be a new function of `bunq` that is not named here.
#[test]
fn no_function_of_the_api_lacks_a_column() {
    let sources = ["session.rs", "payments.rs", "context.rs", "oauth.rs"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bunq");
    let mut functions = BTreeSet::new();
    for source in sources {
        let text = std::fs::read_to_string(root.join(source)).unwrap();
        let found = text.split("pub async fn ").skip(1);
        functions.extend(found.map(|rest| rest.split('(').next().unwrap().to_owned()));
    }
    let made_by = COLUMNS.iter().flat_map(|column| column.made_by);
    let known: BTreeSet<String> = made_by.chain(UNUSED).map(|name| (*name).into()).collect();
    assert_eq!(functions, known);
}
