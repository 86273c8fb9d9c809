//! What lies over a screen: help, a question, the profiles, what opens a new store, what is
//! stored, a text field, the address alone, the palette, a JSON tree, what is copied, what is
//! exported, what is looked for among payments.

mod click;
mod confirm;
pub(super) mod copy;
mod entry;
pub(super) mod export;
mod help;
pub(super) mod json;
pub(super) mod locking;
pub(super) mod palette;
mod payment_form;
mod payment_search;
pub(super) mod profiles;
pub(super) mod stored;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear, Widget};
use zeroize::Zeroizing;

pub(super) use click::click;
pub(super) use confirm::Confirm;
pub(super) use copy::Copy;
pub(super) use entry::Entry;
pub(super) use export::Export;
pub(super) use help::{lay as lay_help, lift as lift_help, open_over as help};
pub(super) use json::Json;
pub(super) use locking::Locking;
pub(super) use palette::Palette;
pub(super) use payment_form::PaymentForm;
pub(super) use payment_search::PaymentSearch;
pub(super) use profiles::Picker;
pub(super) use stored::Stored;

use super::app::{Effect, Keystroke, Model, Screen};
use super::keymap::{Action, Context};
use super::lists;
use super::screen::{connect, locked};
use super::widget::pane::{inset, paragraph};
use super::widget::text::chunks;
use crate::base::Secret;

/// Most bytes that are taken of a paste.
const LONGEST_PASTE: usize = 4096;

/// What lies over the screen.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Overlay {
    /// The keys that act where the person was.
    Help {
        /// Whose keys.
        contexts: Vec<Context>,
        /// The first line that is seen.
        scroll: u16,
        /// What it lies over itself, where that is no screen.
        under: Option<Box<Overlay>>,
    },
    /// A question.
    Confirm(Confirm),
    /// The profiles to pick from.
    Profiles(Box<Picker>),
    /// What shall open a new store.
    Locking(Locking),
    /// What is stored.
    Stored(Stored),
    /// What is looked for among the payments, as it is typed.
    PaymentSearch(PaymentSearch),
    /// The same in several fields.
    PaymentForm(PaymentForm),
    /// A text field.
    Entry(Entry),
    /// The address alone, for selecting by hand.
    Address,
    /// Every action by its name.
    Palette(Palette),
    /// The bank's JSON of something.
    Json(Box<Json>),
    /// What can be copied.
    Copy(Copy),
    /// A table into a file.
    Export(Box<Export>),
}

impl Overlay {
    /// The help for these contexts.
    pub(super) fn help(contexts: Vec<Context>) -> Self {
        Self::Help {
            contexts,
            scroll: 0,
            under: None,
        }
    }

    /// Its keys.
    pub(super) fn context(&self) -> Context {
        match self {
            Self::Help { .. } => Context::Help,
            Self::Confirm(_) => Context::Confirm,
            Self::Profiles(_) => Context::Profiles,
            Self::Locking(_) => Context::Locking,
            Self::Stored(_) => Context::Stored,
            Self::PaymentSearch(_) => Context::PaymentSearch,
            Self::PaymentForm(_) => Context::PaymentForm,
            Self::Entry(_) => Context::Entry,
            Self::Address => Context::Address,
            Self::Palette(_) => Context::Palette,
            Self::Json(json) => json.context(),
            Self::Copy(_) => Context::Copy,
            Self::Export(_) => Context::Export,
        }
    }

    /// Whether it is about the flow on Connect, and has no use once that flow went on.
    pub(super) fn belongs_to_connect(&self) -> bool {
        match self {
            Self::Address => true,
            Self::Entry(entry) => entry.belongs_to_connect(),
            Self::Confirm(confirm) => confirm.belongs_to_connect(),
            Self::Help { under, .. } => {
                let under = under.as_ref();
                under.is_some_and(|under| under.belongs_to_connect())
            }
            Self::Profiles(_) | Self::Locking(_) | Self::Stored(_) | Self::Palette(_) => false,
            Self::Json(_) | Self::Copy(_) | Self::Export(_) => false,
            Self::PaymentSearch(_) | Self::PaymentForm(_) => false,
        }
    }

    /// Whether typed characters go into a text field of it.
    pub(super) fn is_typing(&self) -> bool {
        match self {
            Self::Entry(_) | Self::Export(_) | Self::Palette(_) => true,
            Self::PaymentSearch(_) | Self::PaymentForm(_) => true,
            Self::Json(json) => json.is_typing(),
            _ => false,
        }
    }

    /// Whether it shows text alone, to be selected by hand: nothing may be drawn anew meanwhile.
    pub(super) fn is_alone(&self) -> bool {
        match self {
            Self::Address => true,
            Self::Copy(copy) => copy.is_alone(),
            Self::Json(json) => json.is_alone(),
            _ => false,
        }
    }

    /// Whether it is about the workspace that was open when it was opened.
    pub(super) fn belongs_to_workspace(&self) -> bool {
        matches!(
            self,
            Self::Confirm(_) | Self::Profiles(_) | Self::Json(_) | Self::Copy(_) | Self::Export(_)
        )
    }

    /// Whether it is about the payments that are shown.
    pub(super) fn belongs_to_payments(&self) -> bool {
        matches!(self, Self::PaymentSearch(_) | Self::PaymentForm(_))
    }
}

/// What is looked for among payments is typed over them: whoever is led elsewhere meanwhile, as by
/// a user who connects, does not go on typing it there.
pub(super) fn settle(model: &mut Model) {
    if model.screen != Screen::Payments {
        model
            .overlay
            .take_if(|overlay| overlay.belongs_to_payments());
    }
}

/// What a key does in an overlay.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(overlay) = model.overlay.take() else {
        return Vec::new();
    };
    match (overlay, action) {
        (
            Overlay::Help {
                contexts,
                scroll,
                under,
            },
            action,
        ) => {
            model.overlay = match help::scrolled(model, &contexts, scroll, action) {
                Some(scroll) => Some(Overlay::Help {
                    contexts,
                    scroll,
                    under,
                }),
                None => under.map(|under| *under),
            };
        }
        (Overlay::Confirm(mut confirm), Action::Toggle) => {
            confirm.yes = !confirm.yes;
            model.overlay = Some(Overlay::Confirm(confirm));
        }
        (Overlay::Confirm(confirm), Action::Yes) => return confirm.accept(model),
        (Overlay::Confirm(confirm), Action::Submit) if confirm.yes => {
            return confirm.accept(model);
        }
        (Overlay::Confirm(confirm), _) => confirm.refuse(model),
        (Overlay::Profiles(picker), action) => return profiles::act(model, picker, action),
        (Overlay::Locking(locking), action) => return locking::act(model, locking, action),
        (Overlay::Stored(stored), action) => stored::act(model, stored, action),
        (Overlay::Json(json), action) => return json::act(model, json, action),
        (Overlay::Copy(copy), action) => return copy::act(model, copy, action),
        (Overlay::Export(export), action) => return export::act(model, export, action),
        (Overlay::PaymentSearch(search), action) => {
            return payment_search::act(model, &search, action);
        }
        (Overlay::PaymentForm(form), action) => return payment_form::act(model, form, action),
        (Overlay::Entry(entry), Action::Submit) => return entry::submit(model, entry),
        (Overlay::Entry(entry), Action::Back) => entry::give_up(model, &entry),
        (Overlay::Palette(palette), action) => return palette::act(model, palette, action),
        (Overlay::Address, Action::CopyAddress) => {
            model.overlay = Some(Overlay::Address);
            if let Some(address) = model.connect.address() {
                return vec![Effect::Copy(Secret::new(address))];
            }
        }
        _ => {}
    }
    Vec::new()
}

/// A key for the text field.
pub(super) fn type_key(model: &mut Model, keystroke: Keystroke) -> Vec<Effect> {
    match &mut model.overlay {
        Some(Overlay::Entry(entry)) => entry.press(keystroke.0),
        Some(Overlay::Palette(_)) => palette::press(model, keystroke),
        Some(Overlay::Json(json)) => json.press(keystroke.0),
        Some(Overlay::Export(export)) => export.press(keystroke.0),
        Some(Overlay::PaymentForm(form)) => form.press(keystroke.0),
        Some(Overlay::PaymentSearch(search)) => {
            search.press(keystroke.0);
            return payment_search::typed(model);
        }
        _ => {}
    }
    Vec::new()
}

/// Pasted text goes into the text field; on Connect it is taken as the address.
pub(super) fn paste(model: &mut Model, text: &Secret) -> Vec<Effect> {
    let text = text.expose();
    let mut end = text.len().min(LONGEST_PASTE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    // All at once: growing would leave copies of a secret behind that nobody wipes.
    let mut kept = Zeroizing::new(String::with_capacity(end));
    let taken = text.get(..end).unwrap_or_default().chars();
    kept.extend(taken.filter(|c| !c.is_control()));
    let text = kept;
    if lists::paste(model, &text) {
        return Vec::new();
    }
    match &mut model.overlay {
        Some(Overlay::Entry(entry)) => entry.paste(&text),
        Some(Overlay::Palette(_)) => palette::paste(model, &text),
        Some(Overlay::Json(json)) if json.is_typing() => json.paste(&text),
        Some(Overlay::Export(export)) => export.paste(&text),
        Some(Overlay::PaymentForm(form)) => form.paste(&text),
        Some(Overlay::PaymentSearch(search)) => {
            search.paste(&text);
            return payment_search::typed(model);
        }
        None if model.locked.is_some() => model.say(model.spell(locked::LOCKED)),
        None if model.screen == Screen::Connect => {
            match connect::refusal(model, Action::PasteAddress) {
                None => return connect::submit(model, Secret::new(text.trim())),
                Some(reason) => model.say(reason),
            }
        }
        _ => model.say("Nothing takes pasted text here."),
    }
    Vec::new()
}

/// Draws what lies over the screen.
pub(super) fn view(model: &Model, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    match model.overlay.as_ref()? {
        Overlay::Help {
            contexts, scroll, ..
        } => {
            help::view(model, contexts, *scroll, area, buffer);
            None
        }
        Overlay::Confirm(confirm) => {
            confirm::view(model, confirm, area, buffer);
            None
        }
        Overlay::Profiles(picker) => profiles::view(model, picker, area, buffer),
        Overlay::Locking(locking) => {
            locking::view(model, locking, area, buffer);
            None
        }
        Overlay::Stored(stored) => {
            stored::view(model, stored, area, buffer);
            None
        }
        Overlay::PaymentSearch(search) => payment_search::view(model, search, buffer),
        Overlay::PaymentForm(form) => payment_form::view(model, form, area, buffer),
        Overlay::Entry(entry) => entry::view(model, entry, area, buffer),
        Overlay::Json(json) => json::view(model, json, area, buffer),
        Overlay::Export(export) => export::view(model, export, area, buffer),
        Overlay::Copy(copy) => {
            copy::view(model, copy, area, buffer);
            None
        }
        Overlay::Address => {
            address(model, area, buffer);
            None
        }
        Overlay::Palette(palette) => palette::view(model, palette, area, buffer),
    }
}

/// The address from the first column on, with nothing beside it.
fn address(model: &Model, area: Rect, buffer: &mut Buffer) {
    Clear.render(area, buffer);
    let Some(address) = model.connect.address() else {
        return;
    };
    let mut lines: Vec<Line<'static>> = chunks(address, usize::from(area.width))
        .into_iter()
        .map(Line::raw)
        .collect();
    lines.push(Line::default());
    let words = "{address.back} goes back, {address.copy-address} copies";
    lines.push(Line::raw(model.spell(words)));
    paragraph(&lines, area, buffer);
}

/// Where a box in the middle is, at most so large.
fn dialog_place(wanted: (u16, u16), area: Rect) -> Rect {
    // The badge above and the hints below stay in sight.
    let area = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(2),
        ..area
    };
    let width = (wanted.0 + 4).min(area.width);
    let height = (wanted.1 + 2).min(area.height);
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}

/// The inside of such a box.
fn dialog_inside(wanted: (u16, u16), area: Rect) -> Rect {
    inset(Block::bordered().inner(dialog_place(wanted, area)))
}

/// Draws such a box; gives back its inside.
fn dialog(model: &Model, title: &str, wanted: (u16, u16), area: Rect, buffer: &mut Buffer) -> Rect {
    let place = dialog_place(wanted, area);
    Clear.render(place, buffer);
    let theme = model.facts.theme;
    let block = Block::bordered()
        .border_style(theme.text())
        .title(Line::styled(format!(" {title} "), theme.focus()));
    block.render(place, buffer);
    dialog_inside(wanted, area)
}
