//! A text field: passphrases, the API key, files, a port, a pasted address.

use std::borrow::Cow;
use std::path::PathBuf;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::{Overlay, dialog};
use crate::base::{Environment, Problem, Secret};
use crate::tui::app::{Effect, Model};
use crate::tui::screen::setup::CertificateFiles;
use crate::tui::screen::{connect, setup};
use crate::tui::theme::Theme;
use crate::tui::widget::field::Field;
use crate::tui::widget::pane::paragraph;
use crate::tui::widget::text::wrap_lines;
use crate::workspace::{Profile, SHORTEST_PASSPHRASE, StoreKey, Strength, passphrase_strength};

/// The best that a passphrase is called.
const BEST: u8 = 4;

/// What is being typed.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) enum Kind {
    /// The passphrase of a store that exists.
    Unlock,
    /// A passphrase for a new store; once typed, it is typed again.
    NewPassphrase(Option<Secret>),
    /// An API key.
    ApiKey,
    /// The file of a certificate; then, with it, the files of its key and of its chain.
    Certificate,
    /// The file of its key.
    CertificateKey { certificate: PathBuf },
    /// The file of its chain, if it has one.
    CertificateChain { certificate: PathBuf, key: PathBuf },
    /// The name of a new profile, none of those that are there.
    ProfileName { taken: Vec<String> },
    /// A port.
    Port,
    /// The address of the page where the browser ended.
    Address,
}

/// A field with its words.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui) struct Entry {
    kind: Kind,
    title: String,
    words: Cow<'static, str>,
    /// What was wrong with the last try.
    wrong: Option<String>,
    /// How good the new passphrase is, as far as it was typed.
    strength: Option<Strength>,
    field: Field,
}

impl Entry {
    fn new(
        kind: Kind,
        title: impl Into<String>,
        words: impl Into<Cow<'static, str>>,
        masked: bool,
    ) -> Self {
        Self {
            kind,
            title: title.into(),
            words: words.into(),
            wrong: None,
            strength: None,
            field: Field::new(masked),
        }
    }

    /// Takes a key.
    pub(super) fn press(&mut self, key: KeyEvent) {
        self.field.press(key);
        self.judge();
    }

    /// Takes pasted text.
    pub(super) fn paste(&mut self, text: &str) {
        self.field.paste(text);
        self.judge();
    }

    /// Says how good a new passphrase is. It only hints.
    fn judge(&mut self) {
        if self.kind == Kind::NewPassphrase(None) {
            let typed = self.field.secret();
            self.strength = (!typed.is_empty()).then(|| passphrase_strength(&typed));
        }
    }

    /// Whether it is about the flow on Connect.
    pub(super) fn belongs_to_connect(&self) -> bool {
        matches!(self.kind, Kind::Port | Kind::Address)
    }

    /// Unlocks a profile's store.
    pub(in crate::tui) fn unlock(profile: &str, wrong: Option<String>) -> Self {
        let title = format!("Unlock {profile}");
        Self {
            wrong,
            ..Self::new(Kind::Unlock, title, "The passphrase of this store.", true)
        }
    }

    /// A passphrase for a new store.
    pub(in crate::tui) fn new_passphrase() -> Self {
        Self::new(
            Kind::NewPassphrase(None),
            "A passphrase for the store",
            format!(
                "Keys and figures are kept encrypted under it. It is asked for at each start, and \
                 without it nothing comes back. At least {SHORTEST_PASSPHRASE} characters."
            ),
            true,
        )
    }

    fn again(first: Secret) -> Self {
        Self::new(
            Kind::NewPassphrase(Some(first)),
            "The same passphrase again",
            "So that a slip of the finger does not lock you out.",
            true,
        )
    }

    /// An API key.
    pub(in crate::tui) fn api_key() -> Self {
        Self::new(
            Kind::ApiKey,
            "Your API key",
            "Made in the bunq app: Profile, Security & Settings, Developers, API keys. It is kept \
             encrypted and never shown.",
            true,
        )
    }

    /// The file of a certificate.
    pub(in crate::tui) fn certificate(wrong: Option<&Problem>) -> Self {
        let wrong = wrong.map(|problem| match problem.why.as_str() {
            "" => problem.what.clone(),
            why => format!("{}: {why}", problem.what),
        });
        Self {
            wrong,
            ..Self::new(
                Kind::Certificate,
                "The certificate's file, 1 of 3",
                "A PSD2 certificate as PEM: a QSEAL one for production, any for the sandbox.",
                false,
            )
        }
    }

    fn certificate_key(certificate: PathBuf) -> Self {
        Self::new(
            Kind::CertificateKey { certificate },
            "Its private key's file, 2 of 3",
            "As PEM. It is kept encrypted in the store and never shown.",
            false,
        )
    }

    fn certificate_chain(certificate: PathBuf, key: PathBuf) -> Self {
        Self::new(
            Kind::CertificateChain { certificate, key },
            "Its chain's file, 3 of 3",
            "What stands between it and its root, as PEM. Leave it empty for a certificate that \
             is self-signed.",
            false,
        )
    }

    /// The name of a new profile.
    pub(super) fn profile_name(taken: Vec<String>) -> Self {
        Self::new(
            Kind::ProfileName { taken },
            "A new profile",
            "Its name: letters, digits, `-`, `_` and `.`. It has its own store, keys and users.",
            false,
        )
    }

    /// A port.
    pub(in crate::tui) fn port() -> Self {
        Self::new(
            Kind::Port,
            "Another port",
            "The port for the redirect, 1024 to 65535. It replaces our registered callback URL.",
            false,
        )
    }

    /// The address of the page where the browser ended.
    pub(in crate::tui) fn address() -> Self {
        Self::new(
            Kind::Address,
            "Paste the address",
            "The whole address of the page where the browser ended, with its code and state. That \
             the page itself could not be shown does not matter.",
            false,
        )
    }
}

/// Takes what was typed.
pub(super) fn submit(model: &mut Model, entry: Entry) -> Vec<Effect> {
    let wrong = |model: &mut Model, mut entry: Entry, words: &str| {
        entry.wrong = Some(words.into());
        model.overlay = Some(Overlay::Entry(entry));
        Vec::new()
    };
    let may_be_empty = matches!(entry.kind, Kind::CertificateChain { .. });
    if entry.field.trimmed().is_empty() && !may_be_empty {
        return wrong(model, entry, "Nothing was typed.");
    }
    match &entry.kind {
        Kind::Unlock => setup::unlock(model, entry.field.secret()),
        Kind::NewPassphrase(None) => {
            if entry.field.len() < SHORTEST_PASSPHRASE {
                return wrong(model, entry, "That is too short.");
            }
            ask_on(model, Entry::again(entry.field.secret()))
        }
        Kind::NewPassphrase(Some(first)) => {
            if entry.field.secret() == *first {
                return setup::make(model, StoreKey::Passphrase(entry.field.secret()));
            }
            wrong(
                model,
                Entry::new_passphrase(),
                "The two differ. Type it anew.",
            )
        }
        Kind::ApiKey => setup::run_with_key(model, Secret::new(entry.field.trimmed())),
        Kind::Certificate => ask_on(model, Entry::certificate_key(path(&entry))),
        Kind::CertificateKey { certificate } => {
            let certificate = certificate.clone();
            ask_on(model, Entry::certificate_chain(certificate, path(&entry)))
        }
        Kind::CertificateChain { certificate, key } => {
            let files = CertificateFiles {
                certificate: certificate.clone(),
                key: key.clone(),
                chain: (!entry.field.trimmed().is_empty()).then(|| path(&entry)),
            };
            setup::read_certificate(model, files)
        }
        Kind::ProfileName { taken } => {
            let name = entry.field.trimmed().to_owned();
            if taken.contains(&name) {
                return wrong(model, entry, "There is a profile of that name already.");
            }
            match Profile::new(Environment::Sandbox, Some(name)) {
                Ok(profile) => setup::new_profile(model, profile.name),
                Err(problem) => return wrong(model, entry, &problem.next),
            }
            Vec::new()
        }
        Kind::Port => match entry.field.trimmed().parse::<u16>() {
            Ok(port) if port >= 1024 => connect::change_port(model, port),
            _ => wrong(model, entry, "A port is a number from 1024 to 65535."),
        },
        Kind::Address => connect::submit(model, Secret::new(entry.field.trimmed())),
    }
}

/// The next text field of several.
fn ask_on(model: &mut Model, entry: Entry) -> Vec<Effect> {
    model.overlay = Some(Overlay::Entry(entry));
    Vec::new()
}

/// The path that was typed.
fn path(entry: &Entry) -> PathBuf {
    entry.field.trimmed().into()
}

/// Nothing is to be typed after all.
pub(super) fn give_up(model: &mut Model, entry: &Entry) {
    match entry.kind {
        Kind::Unlock if model.locked.is_some() => {}
        Kind::Unlock => {
            model.say(model.spell("Still locked: {setup.set-up} tries again."));
        }
        Kind::NewPassphrase(_)
        | Kind::ApiKey
        | Kind::Certificate
        | Kind::CertificateKey { .. }
        | Kind::CertificateChain { .. } => model.say("Nothing was set up."),
        Kind::ProfileName { .. } | Kind::Port | Kind::Address => {}
    }
}

/// How good a passphrase is: a bar, and what it means.
fn gauge(theme: Theme, strength: &Strength) -> Line<'static> {
    let score = usize::from(strength.score.min(BEST));
    let bar = "■".repeat(score) + &"□".repeat(usize::from(BEST) - score);
    let style = if score > 2 {
        theme.good()
    } else {
        theme.strong()
    };
    Line::from(vec![
        Span::styled(bar, style),
        Span::raw(" "),
        Span::raw(strength.sentence()),
    ])
}

/// Draws it; gives back where the cursor stands.
pub(super) fn view(
    model: &Model,
    entry: &Entry,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let theme = model.facts.theme;
    let width = area.width.saturating_sub(4).min(60);
    let mut below = Vec::new();
    if let Some(wrong) = &entry.wrong {
        below.push(Line::styled(format!("✗ {wrong}"), theme.bad()));
    }
    if let Some(strength) = &entry.strength {
        below.push(gauge(theme, strength));
    }
    let below = wrap_lines(&below, width);
    let mut lines = wrap_lines(&[Line::raw(entry.words.clone())], width);
    lines.push(Line::default());
    if entry.strength.is_some() && lines.len() + below.len() + 5 > usize::from(area.height) {
        // No room for both: what is being typed is more than what it is for.
        lines.clear();
    }
    let line = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    lines.push(Line::default());
    lines.extend(below);
    let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let inner = dialog(model, &entry.title, (width, tall), area, buffer);
    paragraph(&lines, inner, buffer);
    let place = Rect {
        y: inner.y + line.min(inner.height.saturating_sub(1)),
        height: 1.min(inner.height),
        ..inner
    };
    let (shown, at) = entry.field.shown(place.width.saturating_sub(2));
    let text = format!("> {shown}");
    Line::styled(text, theme.strong()).render(place.intersection(buffer.area), buffer);
    (!place.is_empty()).then(|| Position::new(place.x + 2 + at, place.y))
}
