//! `bunq-tui connect`.

use std::io::{BufRead, IsTerminal};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use super::arguments::{Connect, ConnectFormat};
use super::output;
use super::places::Places;
use crate::base::{Exit, Problem};
use crate::tui;
use crate::workspace::{self, Connected, Connecting, Granted};

/// Shows the way to the authorize page, waits for the redirect, prints the new user.
pub(super) async fn run(places: &mut Places, options: Connect) -> Result<(), Problem> {
    let ended = connect(places, options).await;
    workspace::browser_answered().await;
    ended
}

async fn connect(places: &mut Places, options: Connect) -> Result<(), Problem> {
    places.settings.connect_timeout = Duration::from_secs(options.timeout);
    let workspace = places.open().await?;
    let connected = match workspace.finish_grant().await? {
        Some(connected) => {
            output::message("An earlier connection that broke off is finished now.");
            connected
        }
        None => {
            let connecting = workspace.connect().await?;
            show(&connecting, &options);
            exchange(redirected(connecting, options.paste).await?).await?
        }
    };
    output::print(&match options.format {
        ConnectFormat::Text => text(&connected),
        // The words of bunq's own example.
        ConnectFormat::Json => format!(
            "{}\n",
            serde_json::json!({"message": "OAuth success", "new_user_id": connected.number})
        ),
    })?;
    // So that `users` has figures to show. What was asked for is done whatever comes of it.
    if let Err(problem) = workspace.read_accounts(connected.number).await {
        output::message(&format!(
            "User {number} is connected; the accounts could not be read yet: \
             `bunq-tui accounts {number}` tries again.\n{problem}",
            number = connected.number
        ));
    }
    Ok(())
}

fn show(connecting: &Connecting, options: &Connect) {
    let invitation = connecting.invitation();
    if !options.no_qr && std::io::stderr().is_terminal() {
        match tui::qr_text(&invitation.authorize_url) {
            Some(code) => output::picture(&code),
            None => output::message("The address is too long for a QR code."),
        }
    }
    output::message("Open this address in a browser and approve with the bunq app:");
    output::message(&invitation.authorize_url);
    output::message(&if options.paste {
        "Then paste the address of the page where the browser ended, and press Enter.".into()
    } else {
        format!(
            "Waiting at {} for up to {} s; Ctrl-C stops.",
            invitation.callback_url, options.timeout
        )
    });
}

async fn redirected(connecting: Connecting, paste: bool) -> Result<Granted, Problem> {
    if !paste {
        return connecting.redirected().await;
    }
    let paster = connecting.paster();
    let waiting = connecting.redirected();
    // Reading blocks, and a wrong address is told and asked for again.
    let reader = tokio::task::spawn_blocking(move || {
        for line in std::io::stdin().lock().lines() {
            let line = line.map_err(|error| {
                Problem::new("The address could not be read", Exit::Failed)
                    .because(error.to_string())
            })?;
            match paster.paste(&line) {
                Ok(()) => return Ok(()),
                Err(problem) => output::message(&problem.to_string()),
            }
        }
        Err(
            Problem::new("Standard input ended without the address", Exit::Usage)
                .next("Run it again and paste the address where the browser ended."),
        )
    });
    tokio::pin!(waiting);
    tokio::select! {
        granted = &mut waiting => granted,
        read = reader => {
            read.map_err(|_| Problem::new("Reading broke off", Exit::Failed))??;
            waiting.await
        }
    }
}

/// The code is spent once: Ctrl-C waits for the end of the exchange, a second one does not.
async fn exchange(granted: Granted) -> Result<Connected, Problem> {
    let mut interrupts = signal(SignalKind::interrupt()).map_err(|error| {
        Problem::new("Signals could not be listened to", Exit::Failed).because(error.to_string())
    })?;
    let forced = async {
        interrupts.recv().await;
        output::message("Finishing the exchange first; Ctrl-C once more stops at once.");
        interrupts.recv().await;
    };
    tokio::select! {
        connected = granted.exchange() => connected,
        () = forced => Err(Problem::new("Stopped in the middle of the exchange", Exit::Failed)
            .because("the code is spent, and its access token may be lost")
            .next("Connect again; in the bunq app the user may find a grant too many.")),
    }
}

fn text(connected: &Connected) -> String {
    let again = if connected.again { " again" } else { "" };
    format!(
        "Connected{again}: user {number}, {name} ({kind})\nNext: `bunq-tui accounts {number}`\n",
        number = connected.number,
        name = connected.name,
        kind = connected.kind,
    )
}
