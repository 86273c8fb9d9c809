//! What Connect says beside the code.

use core::net::IpAddr;

use jiff::SignedDuration;
use ratatui::text::{Line, Span};

use super::{Inviting, Phase};
use crate::base::{Environment, Problem, Remedy};
use crate::tui::app::{Model, Screen};
use crate::tui::keymap::{Action, Context};
use crate::tui::widget::text::{chunks, problem_lines, wrap_lines};
use crate::tui::widget::wait::seconds_until;
use crate::workspace::Invitation;

/// What it means that a phone on the network comes back to this machine.
pub const LAN_MEANS: &str = "For this login only, the listener can be reached from that network \
    too. Over plain http the answer crosses it unencrypted: whoever sees the traffic could read it \
    (the code is good for nothing without the secret in the store here), or answer first: check \
    whose accounts came. Do it on a network that you trust.";
/// The same where there is little room.
pub(in crate::tui) const LAN_MEANS_SHORTLY: &str =
    "For this login only. Over http others there could read the answer, or answer first.";
/// What a browser will ask about the certificate; its fingerprint follows.
pub const CERTIFICATE_MEANS: &str = "The browser will say that the connection is not private: the \
    certificate is this program's own, made just now. Choose Advanced, then proceed; or paste the \
    address where the browser ends. Its fingerprint (SHA-256):";

/// After so many seconds without an answer the screen asks what the page says.
const ASK_AFTER: i64 = 60;

/// Everything that stands beside the code, wrapped; in few words and without blank rows where it
/// would not fit otherwise.
pub(super) fn fitted(model: &Model, width: u16, height: u16) -> Vec<Line<'static>> {
    let whole = wrap_lines(&lines(model, width, false), width);
    if whole.len() <= usize::from(height) {
        return whole;
    }
    let mut short = wrap_lines(&lines(model, width, true), width);
    short.retain(|line| line.width() > 0);
    short
}

fn lines(model: &Model, width: u16, short: bool) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    let mut lines = match &model.connect.phase {
        Phase::Idle => idle(model),
        Phase::Starting => vec![
            Line::styled("Preparing the code", theme.strong()),
            Line::default(),
            Line::raw("The registered callback URL is checked and the listener started."),
        ],
        Phase::Inviting(inviting) => invitation(model, inviting, width, short),
        Phase::Exchanging => exchanging(model),
        Phase::Failed { problem, early } => failed(model, problem, *early),
    };
    let crowded = short || model.connect.is_exchanging();
    if let Some(words) = crate::tui::screen::perhaps_granted(model).filter(|_| !crowded) {
        lines.extend([Line::default(), Line::raw(words)]);
    }
    lines
}

fn keyed(model: &Model, action: Action, words: impl Into<String>) -> Line<'static> {
    let context = match action {
        Action::SetUp => Context::Setup,
        Action::Connect | Action::Go(_) => Context::Everywhere,
        _ => Context::Connect,
    };
    Line::from(vec![
        Span::styled(model.key(context, action), model.facts.theme.key()),
        Span::raw("  "),
        Span::raw(words.into()),
    ])
}

fn idle(model: &Model) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    if model.data.is_ready() {
        return vec![
            Line::styled("Nobody is being connected", theme.strong()),
            Line::default(),
            keyed(
                model,
                Action::Connect,
                "shows a QR code for the next user to scan",
            ),
        ];
    }
    if model.setup.is_busy() {
        return vec![
            Line::styled("The setup is running", theme.strong()),
            Line::default(),
            Line::raw("Then the QR code appears here."),
        ];
    }
    let locked = model.setup.is_locked();
    let title = if locked { "Locked" } else { "Not set up yet" };
    let mut lines = vec![Line::styled(title, theme.strong()), Line::default()];
    if locked {
        lines.push(keyed(model, Action::SetUp, "on Setup unlocks it"));
    } else if model.screen == Screen::Setup {
        lines.push(keyed(
            model,
            Action::SetUp,
            "sets up; then the QR code appears here",
        ));
    } else {
        lines.push(keyed(
            model,
            Action::Go(Screen::Setup),
            model.spell("shows the setup, and {setup.set-up} there runs it"),
        ));
    }
    lines
}

/// The user has approved; what is left may have to wait for the bank.
fn exchanging(model: &Model) -> Vec<Line<'static>> {
    let mut lines = vec![
        Line::styled("✓ Approved", model.facts.theme.good()),
        Line::default(),
        Line::raw("The code is swapped for a token and the new user stored."),
    ];
    if let Some((wait, _)) = model.log.waiting(model.now) {
        lines.push(Line::raw(format!(
            "It goes on by itself in {} s, at {}: {}.",
            seconds_until(wait.until, model.now),
            model.facts.forms.clock(wait.until),
            wait.why
        )));
    }
    lines
}

fn failed(model: &Model, problem: &Problem, early: bool) -> Vec<Line<'static>> {
    let mut lines = problem_lines(model, problem);
    lines.push(Line::default());
    if early {
        lines.push(keyed(model, Action::Retry, "tries again"));
        if problem.remedy == Some(Remedy::OtherPort) {
            lines.push(keyed(
                model,
                Action::ChangePort,
                "takes another port for the redirect",
            ));
        }
    } else {
        lines.push(keyed(model, Action::Connect, "makes a new code"));
    }
    lines
}

fn invitation(model: &Model, inviting: &Inviting, width: u16, short: bool) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    let waited = model.now.duration_since(inviting.since).as_secs();
    let mut lines = if waited >= ASK_AFTER && model.data.environment != Environment::Demo {
        what_does_it_say(model, &inviting.invitation)
    } else if let Some(address) = inviting.invitation.lan_address {
        for_a_phone(model, address, short)
    } else if short {
        what_to_do_shortly(model)
    } else {
        what_to_do(model)
    };
    if let Some(fingerprint) = &inviting.invitation.certificate {
        lines.push(Line::default());
        lines.extend(certificate(model, fingerprint, usize::from(width), short));
    }
    if inviting.approving {
        lines.push(Line::styled(
            "✓ Approved; the browser is on its way back",
            theme.good(),
        ));
    }
    lines.push(Line::default());
    lines.extend(state_of_the_wait(model, inviting, short));
    lines.push(Line::default());
    lines.push(Line::styled("Address", theme.strong()));
    lines.extend(
        chunks(&inviting.invitation.authorize_url, usize::from(width))
            .into_iter()
            .map(Line::raw),
    );
    lines.extend(login(model));
    lines
}

/// What the screen asks after a while: only the person sees the page.
fn what_does_it_say(model: &Model, invitation: &Invitation) -> Vec<Line<'static>> {
    vec![
        Line::styled("What does the page say?", model.facts.theme.strong()),
        Line::raw(format!(
            "\"Connection not found\" is said only there. It means that {} is not registered \
             exactly so: {}.",
            invitation.callback_url,
            model.spell("{connect.cancel}, then {everywhere.connect} checks it again")
        )),
    ]
}

/// Where the phone comes back by itself.
fn for_a_phone(model: &Model, address: IpAddr, short: bool) -> Vec<Line<'static>> {
    if short {
        return vec![
            Line::raw(format!("Scan with the phone: it comes back to {address}")),
            keyed(model, Action::OverLan, "ends that"),
        ];
    }
    vec![
        Line::styled("Scan this code with the phone", model.facts.theme.strong()),
        Line::raw(format!(
            "It comes back by itself, to {address}: it must be on this machine's network."
        )),
        keyed(
            model,
            Action::OverLan,
            "closes the listener to the network again",
        ),
    ]
}

/// What the browser will ask.
fn certificate(model: &Model, fingerprint: &str, width: usize, short: bool) -> Vec<Line<'static>> {
    let mut lines = if short {
        vec![Line::raw(model.spell(
            "The browser warns of this program's own certificate: Advanced, then proceed; or \
             {connect.paste-address}.",
        ))]
    } else {
        vec![
            Line::styled("The browser will warn", model.facts.theme.strong()),
            Line::raw(CERTIFICATE_MEANS),
        ]
    };
    // Whole pairs on every line.
    let at_once = (width / 3).max(1) * 3;
    lines.extend(chunks(fingerprint, at_once).into_iter().map(Line::raw));
    lines
}

/// The words for each environment.
fn what_to_do(model: &Model) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    let mut lines = Vec::new();
    if model.data.environment == Environment::Demo {
        lines.push(keyed(
            model,
            Action::Approve,
            "approves, as the phone would",
        ));
        lines.push(keyed(
            model,
            Action::OpenBrowser,
            "opens the demo bank's page instead",
        ));
        return lines;
    }
    if model.facts.over_ssh {
        lines.push(Line::raw(
            "Open the address in a browser on your own machine, and scan the code that it shows \
             with the bunq app.",
        ));
        if let Some(port) = callback_port(model) {
            lines.push(Line::raw("For the way back, run there:"));
            lines.push(Line::styled(
                format!("ssh -L {port}:localhost:{port} …"),
                theme.strong(),
            ));
        }
    } else {
        lines.push(keyed(
            model,
            Action::OpenBrowser,
            "opens bunq's page here. Scan the code on it with the bunq app; it comes back by itself.",
        ));
    }
    lines.push(Line::default());
    lines.push(keyed(
        model,
        Action::PasteAddress,
        model.spell(
            "if you scan this code: the phone ends on an address of its own localhost. Paste that \
             address here, or press {connect.over-lan} before.",
        ),
    ));
    lines
}

/// The same, where there is little room.
fn what_to_do_shortly(model: &Model) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    if model.data.environment == Environment::Demo {
        return what_to_do(model);
    }
    if let (true, Some(port)) = (model.facts.over_ssh, callback_port(model)) {
        return vec![Line::styled(
            format!("ssh -L {port}:localhost:{port} …"),
            theme.strong(),
        )];
    }
    vec![
        keyed(
            model,
            Action::OpenBrowser,
            "opens bunq's page: scan the code on it",
        ),
        keyed(
            model,
            Action::PasteAddress,
            "takes the address where a phone ended",
        ),
    ]
}

/// How to log in to the sandbox app as the user that was made.
fn login(model: &Model) -> Vec<Line<'static>> {
    let Some(provider) = &model.data.provider else {
        return Vec::new();
    };
    if model.data.environment == Environment::Demo {
        return Vec::new();
    }
    let theme = model.facts.theme;
    let mut lines = vec![Line::default()];
    match (&provider.email, &provider.phone) {
        (Some(email), phone) => {
            lines.push(Line::styled(
                "Log in to bunq's sandbox app as",
                theme.strong(),
            ));
            lines.push(Line::raw(email.to_string()));
            let phone = phone
                .as_ref()
                .map_or_else(String::new, |phone| format!("{phone}, "));
            lines.push(Line::raw(format!("{phone}code 000000")));
        }
        _ if model.data.environment == Environment::Sandbox => lines.push(Line::raw(
            "It takes bunq's sandbox app, logged in as a sandbox user.",
        )),
        _ => lines.clear(),
    }
    lines
}

fn state_of_the_wait(model: &Model, inviting: &Inviting, short: bool) -> Vec<Line<'static>> {
    let theme = model.facts.theme;
    let left = inviting.invitation.expires_at.duration_since(model.now);
    let mut lines = vec![Line::from(vec![
        Span::raw("Waiting for the redirect  "),
        Span::styled(countdown(left), theme.strong()),
    ])];
    if let Some(at) = inviting.next_session.filter(|at| *at > model.now) {
        let time = model.facts.forms.clock(at);
        let left = seconds_until(at, model.now);
        lines.push(Line::raw(if short {
            format!("Next session at {time}, in {left} s")
        } else {
            format!("bunq takes the next session at {time}, in {left} s; that runs while you scan.")
        }));
    }
    match inviting.strays {
        0 => {}
        1 => lines.push(Line::raw(
            "1 wrong request came to the listener; it changed nothing.",
        )),
        many => lines.push(Line::raw(format!(
            "{many} wrong requests came to the listener; they changed nothing."
        ))),
    }
    let strangers = inviting.invitation.strangers.len();
    if strangers > 0 {
        lines.push(Line::raw(format!(
            "{strangers} other callback URL{} registered for this client.",
            if strangers == 1 { " is" } else { "s are" }
        )));
    }
    lines
}

fn callback_port(model: &Model) -> Option<u16> {
    let Phase::Inviting(inviting) = &model.connect.phase else {
        return None;
    };
    url::Url::parse(&inviting.invitation.callback_url)
        .ok()?
        .port_or_known_default()
}

/// Minutes and seconds that are left.
fn countdown(left: SignedDuration) -> String {
    let seconds = left.as_secs().max(0);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
