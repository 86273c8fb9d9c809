//! `bunq-tui connect`.

use std::io::{BufRead, IsTerminal};
use std::net::IpAddr;
use std::time::Duration;

use super::arguments::{Connect, ConnectFormat, LanAddress};
use super::confirm::confirm;
use super::output;
use super::places::Places;
use super::stop::Stop;
use crate::base::{Exit, Problem};
use crate::tui;
use crate::workspace::{self, Connected, Connecting, Granted, Workspace};

/// How long a second callback URL is tried to be taken back after a signal.
const LAN_TIME: Duration = Duration::from_secs(5);

/// Shows the way to the authorize page, waits for the redirect, prints the new user.
pub(super) async fn run(places: &mut Places, options: Connect) -> Result<(), Problem> {
    let ended = connect(places, options).await;
    workspace::browser_answered().await;
    ended
}

async fn connect(places: &mut Places, options: Connect) -> Result<(), Problem> {
    places.settings.connect_timeout = Duration::from_secs(options.timeout);
    let workspace = places.open().await?;
    let ended = match workspace.finish_grant().await {
        Ok(None) => log_in(&workspace, &options).await,
        Ok(Some(connected)) => {
            output::message("An earlier connection that broke off is finished now.");
            Ok(connected)
        }
        Err(problem) => Err(problem),
    };
    tell_what_is_left(&workspace);
    let connected = ended?;
    output::print(&match options.format {
        ConnectFormat::Text => text(&connected),
        // The words of bunq's own example.
        ConnectFormat::Json => format!(
            "{}\n",
            serde_json::json!({"message": "OAuth success", "new_user_id": connected.number})
        ),
    })?;
    // So that `users` has figures to show. What was asked for is done whatever comes of it.
    let mut stop = Stop::listen()?;
    let read = tokio::select! {
        read = workspace.read_accounts(connected.number) => read.map(|_| ()),
        () = stop.asked() => Err(Problem::new("Stopped", Exit::Failed)),
    };
    if let Err(problem) = read {
        output::message(&format!(
            "User {number} is connected; the accounts could not be read yet: \
             `bunq-tui accounts {number}` tries again.\n{problem}",
            number = connected.number
        ));
    }
    Ok(())
}

/// One login, from the code on the screen to the stored user.
async fn log_in(workspace: &Workspace, options: &Connect) -> Result<Connected, Problem> {
    let granted = match options.lan {
        None => {
            let connecting = workspace.connect().await?;
            show(&connecting, options);
            redirected(connecting, options.paste).await?
        }
        Some(wanted) => {
            let address = lan_address(workspace, wanted, options.yes)?;
            granted_over_lan(workspace, options, address).await?
        }
    };
    exchange(granted).await
}

/// Whatever stops it, the second callback URL is taken back first.
async fn granted_over_lan(
    workspace: &Workspace,
    options: &Connect,
    address: IpAddr,
) -> Result<Granted, Problem> {
    let mut stop = Stop::listen()?;
    // Cut short it might be registered after all, so it comes to its end.
    let mut begun = Box::pin(workspace.connect_over_lan(address));
    let connecting = tokio::select! {
        begun = &mut begun => begun?,
        () = stop.asked() => {
            let end = async {
                drop(begun.await);
                workspace.end_lan_login().await
            };
            return Err(stopped(&mut stop, end).await);
        }
    };
    show(&connecting, options);
    let granted = tokio::select! {
        granted = redirected(connecting, options.paste) => Some(granted),
        () = stop.asked() => None,
    };
    match granted {
        Some(granted) => granted,
        None => Err(stopped(&mut stop, workspace.end_lan_login()).await),
    }
}

/// Takes the second callback URL back, for so long and until the next signal.
async fn stopped(stop: &mut Stop, end: impl Future<Output = Result<(), Problem>>) -> Problem {
    output::message("Taking the second callback URL back; Ctrl-C once more stops at once.");
    let ended = tokio::select! {
        ended = tokio::time::timeout(LAN_TIME, end) => ended.map_or(
            Err(format!("the bank did not let it go within {} s", LAN_TIME.as_secs())),
            |ended| ended.map_err(|problem| problem.what),
        ),
        () = stop.asked() => Err("it was stopped once more".to_owned()),
    };
    let why = match ended {
        Ok(()) => "the second callback URL is taken back".to_owned(),
        Err(why) => format!("the second callback URL may still be registered: {why}"),
    };
    Problem::new("Stopped", Exit::Failed).because(why)
}

/// Which address of this machine the phone comes back to, once the person agreed.
fn lan_address(workspace: &Workspace, wanted: LanAddress, yes: bool) -> Result<IpAddr, Problem> {
    let found = workspace.lan_addresses()?;
    let address = match wanted {
        LanAddress::This(address) => Some(address).filter(|wanted| found.contains(wanted)),
        LanAddress::Any => found.first().copied(),
    };
    let shown: Vec<String> = found.iter().map(IpAddr::to_string).collect();
    let shown = shown.join(", ");
    let address = address.ok_or_else(|| {
        Problem::new("That is no address of this machine", Exit::Usage)
            .because(format!("it has {shown}"))
            .next("Name one of these, or --lan alone.")
    })?;
    output::message(&format!(
        "A phone is to come back to {address} (this machine has {shown}). {}",
        tui::LAN_MEANS
    ));
    confirm("Open the listener to that network for this login?", yes)?;
    Ok(address)
}

/// Says which callback URL of this login could not be taken back.
fn tell_what_is_left(workspace: &Workspace) {
    if let Ok(Some(url)) = workspace.lan_url_left() {
        output::message(&format!(
            "{url} is still registered at bunq: the next connect or setup takes it back."
        ));
    }
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
    if let Some(fingerprint) = &invitation.certificate {
        output::message(&format!("{} {fingerprint}", tui::CERTIFICATE_MEANS));
    }
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

/// The code is spent once: a signal waits for the end of the exchange, a second one does not.
async fn exchange(granted: Granted) -> Result<Connected, Problem> {
    let mut stop = Stop::listen()?;
    let forced = async {
        stop.asked().await;
        output::message("Finishing the exchange first; Ctrl-C once more stops at once.");
        stop.asked().await;
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
