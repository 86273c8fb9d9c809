//! The whole program as a conversation: one question at a time, no screen, no cursor, no colour.
//! For screen readers, braille lines, and terminals that cannot place text.

mod bank;
mod figures;
mod look;
mod talk;

use super::output;
use super::places::Places;
use super::stop::Stop;
use crate::base::{BankText, Exit, Problem};
use crate::workspace::{Stage, export};

use bank::Bank;
use figures::Figures;
use talk::{Picked, Talk};

/// Talks until the person leaves.
pub(super) async fn run(places: Places, demo: bool) -> Result<u8, Problem> {
    let mut talk = Talk::begin();
    talk.say("bunq-tui, plain mode: one question at a time. Type a number or a word, then Enter.")?;
    let Some(bank) = Bank::open(places, demo, &mut talk).await? else {
        return Ok(0);
    };
    // Only from here on: a passphrase is asked for before, and a signal ends that by itself.
    let mut stop = Stop::listen()?;
    let mut exchanging = bank.exchanging();
    let conversation = converse(bank, &mut talk);
    tokio::pin!(conversation);
    tokio::select! {
        ended = &mut conversation => return ended,
        () = stop.asked() => {}
    }
    if *exchanging.borrow() {
        output::message("Finishing the exchange first; Ctrl-C once more stops at once.");
        tokio::select! {
            ended = &mut conversation => return ended,
            // Its code is spent.
            _ = exchanging.wait_for(|under_way| !under_way) => {}
            () = stop.asked() => {}
        }
    }
    Err(Problem::new("Stopped", Exit::Failed))
}

/// Talks with the bank that is open.
async fn converse(bank: Bank, talk: &mut Talk) -> Result<u8, Problem> {
    talk.say(&format!("The bank: {}.", bank.name()))?;
    while bank.workspace.stage()? != Stage::Ready {
        if !bank.set_up(talk).await? {
            return bank.close(talk).await.map(|()| 0);
        }
    }
    let mut figures = bank.figures();
    if figures.are_hidden() {
        talk.say("Amounts and account numbers are hidden, as on the screens.")?;
    }
    main_menu(&bank, talk, &mut figures).await?;
    bank.close(talk).await?;
    Ok(0)
}

/// What there is to do, in the order of the menu.
#[derive(Clone, Copy)]
enum Deed {
    Users,
    Everyone,
    Connect,
    Refresh,
    Doctor,
    Stored,
    Hide,
    Leave,
}

const DEEDS: [(Deed, &str); 8] = [
    (Deed::Users, "Users, their accounts and payments"),
    (Deed::Everyone, "Find an account among those of all users"),
    (Deed::Connect, "Connect a user"),
    (Deed::Refresh, "Ask the bank for every user's accounts"),
    (Deed::Doctor, "What is set up and whether it works"),
    (
        Deed::Stored,
        "What is stored on this machine, and who can read it",
    ),
    (Deed::Hide, "Hide amounts and account numbers, or show them"),
    (Deed::Leave, "Leave"),
];

async fn main_menu(bank: &Bank, talk: &mut Talk, figures: &mut Figures) -> Result<(), Problem> {
    let rows = DEEDS.map(|(_, words)| words.to_owned());
    loop {
        let picked = talk.pick("What next?", &rows, &[]).await?;
        let deed = match picked {
            Picked::Row(row) => DEEDS.get(row).map_or(Deed::Leave, |(deed, _)| *deed),
            Picked::Word(_) | Picked::Back => Deed::Leave,
        };
        let done = match deed {
            Deed::Leave => return Ok(()),
            Deed::Users => look::users(bank, talk, figures).await,
            Deed::Everyone => look::everyone(bank, talk, figures).await,
            Deed::Connect => bank.connect(talk).await,
            Deed::Refresh => bank.refresh(talk).await,
            Deed::Doctor => doctor(bank, talk).await,
            Deed::Stored => stored(bank, talk),
            Deed::Hide => hide(talk, figures),
        };
        // What went wrong ends nothing: the person is told and goes on.
        if let Err(problem) = done {
            talk.complain(&problem)?;
        }
    }
}

async fn doctor(bank: &Bank, talk: &Talk) -> Result<(), Problem> {
    talk.say("Looking…")?;
    for line in export::checks_table(&bank.workspace.examine().await).lines() {
        talk.say(&squeeze(line))?;
    }
    Ok(())
}

fn stored(bank: &Bank, talk: &Talk) -> Result<(), Problem> {
    let kept = bank.workspace.profile().kept(&bank.settings)?;
    for section in kept.sections() {
        talk.say(section.title)?;
        for line in section.lines {
            talk.say(&line)?;
        }
    }
    Ok(())
}

fn hide(talk: &Talk, figures: &mut Figures) -> Result<(), Problem> {
    let turned = figures.turn();
    talk.say(match figures.are_hidden() {
        true => "Amounts and account numbers are hidden from here on.",
        false => "Amounts and account numbers are said again.",
    })?;
    turned
}

/// Blanks that place text in columns would be read aloud, or passed over one by one.
fn squeeze(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words of the bank, or that there are none.
fn or_none(text: &BankText) -> String {
    let text = text.as_str().trim();
    if text.is_empty() {
        "no description".into()
    } else {
        text.into()
    }
}
