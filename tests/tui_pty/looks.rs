//! The theme that the program takes in a terminal, and what it makes of a late answer.

use std::time::{Duration, Instant};

use bunq_tui::simulator::{Options, Simulator};
use rstest::rstest;

use crate::background::Background;
use crate::common::Bench;
use crate::terminal::{Terminal, selected};

/// The colour of the key in the first hint, once the first frame is there.
fn colour_of_a_key(terminal: &Terminal) -> vt100::Color {
    terminal.until("the hints", |screen| {
        let (rows, _) = screen.size();
        let cell = screen.cell(rows.get() - 1, 1)?;
        (cell.contents() == "s").then(|| cell.fgcolor())
    })
}

fn idx(number: u8) -> vt100::Color {
    vt100::Color::Idx(number)
}

fn demo(background: Background, variables: &[(&'static str, &str)]) -> Terminal {
    let variables: Vec<_> = variables
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    Terminal::before(background, &variables, &["demo".into()])
}

#[rstest]
#[case(Background::Dark, &[], idx(81))]
#[case(Background::Light, &[], idx(24))]
#[case(Background::Light, &[("COLORTERM", "truecolor")], vt100::Color::Rgb(0, 0x5f, 0x8f))]
#[case(Background::Light, &[("BUNQ_TUI_THEME", "dark")], idx(81))]
#[case(Background::Light, &[("BUNQ_TUI_THEME", "terminal")], idx(6))]
#[case(Background::Light, &[("NO_COLOR", "1")], vt100::Color::Default)]
#[case(Background::Dark, &[("NO_COLOR", "")], idx(81))]
#[case(Background::Untold, &[("COLORFGBG", "0;15")], idx(24))]
#[case(Background::Untold, &[], idx(6))]
#[case(Background::Silent, &[], idx(6))]
fn the_theme_follows_the_terminal(
    #[case] background: Background,
    #[case] variables: &[(&'static str, &str)],
    #[case] colour: vt100::Color,
) {
    let mut terminal = demo(background, variables);
    assert_eq!(colour_of_a_key(&terminal), colour);
    // Whatever was asked and answered, the keys are the person's.
    terminal.press("5");
    terminal.until_text("No request was made yet");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn a_terminal_that_answers_nothing_does_not_hold_the_start_up() {
    let time = |background| {
        let begin = Instant::now();
        let mut terminal = demo(background, &[]);
        colour_of_a_key(&terminal);
        let took = begin.elapsed();
        terminal.press("q");
        assert_eq!(terminal.ended(), 0);
        took
    };
    let usual = time(Background::Dark);
    let silent = time(Background::Silent);
    // It waits a tenth of a second; the rest is what other programs do meanwhile.
    let limit = usual + Duration::from_secs(2);
    assert!(silent < limit, "{silent:?}, otherwise {usual:?}");
}

#[rstest]
fn an_answer_that_comes_too_late_presses_no_key(
    #[values(Background::Silent, Background::Untold)] background: Background,
) {
    let mut terminal = demo(background, &[]);
    colour_of_a_key(&terminal);
    // As keys, 5 and 6 would lead to other screens.
    terminal.press("\x1b]11;rgb:5555/6666/5555\x1b\\\x1b[?62;22c");
    // Keys are taken in their order: what the answer would do is done before this one.
    terminal.press("T");
    terminal.until_text("Theme: dark");
    let shown = terminal.until("all of it", |screen| Some(screen.contents()));
    assert!(shown.contains("sets it all up"), "{shown}");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn without_colour_the_selection_is_still_reversed() {
    let mut terminal = demo(Background::Dark, &[("NO_COLOR", "1")]);
    colour_of_a_key(&terminal);
    terminal.press("s");
    terminal.until_text("approve");
    terminal.press("\r");
    terminal.until_text("4118.00");
    let row = terminal.until("a selection", selected);
    assert!(row.contains("4118.00"), "{row}");
    let coloured = terminal.until("the screen", |screen| {
        let (rows, columns) = screen.size();
        let cells = (0..rows.get())
            .flat_map(|row| (0..columns.get()).filter_map(move |column| screen.cell(row, column)));
        let coloured = |cell: &&vt100::Cell| {
            let colours = [cell.fgcolor(), cell.bgcolor()];
            colours.iter().any(|it| *it != vt100::Color::Default)
        };
        Some(cells.filter(coloured).count())
    });
    assert_eq!(coloured, 0);
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_theme_that_was_chosen_is_there_at_the_next_start() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let bench = Bench::new(&simulator.root());
    let ran = bench.run(&["setup", "--person"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for (colour, key) in [(idx(81), "T"), (idx(24), "")] {
        let mut terminal = Terminal::of(&bench, 100, 30);
        terminal.until_text("sers 1");
        terminal.until("the theme", |screen| {
            let (rows, _) = screen.size();
            let hint = screen.cell(rows.get() - 1, 1)?;
            (hint.fgcolor() == colour).then_some(())
        });
        terminal.press(key);
        // The file is written beside the loop.
        let kept = bench.data_dir().join("screen.toml");
        terminal.until("the file", |_| {
            let text = std::fs::read_to_string(&kept).unwrap_or_default();
            text.contains("theme = \"light\"").then_some(())
        });
        terminal.press("q");
        assert_eq!(terminal.ended(), 0);
    }
}

#[test]
fn high_contrast_covers_the_whole_screen() {
    let arguments = ["--theme", "high-contrast", "demo"].map(Into::into);
    let mut terminal = Terminal::before(Background::Light, &[], &arguments);
    assert_eq!(colour_of_a_key(&terminal), idx(87));
    let bare = terminal.until("the screen", |screen| {
        let (rows, columns) = screen.size();
        let cells = (0..rows.get())
            .flat_map(|row| (0..columns.get()).filter_map(move |column| screen.cell(row, column)));
        Some(
            cells
                .filter(|cell| cell.bgcolor() == vt100::Color::Default)
                .count(),
        )
    });
    assert_eq!(bare, 0);
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[rstest]
#[case(&["demo"], true)]
#[case(&["demo", "--mouse", "false"], false)]
fn the_mouse_is_taken_only_where_it_shall_act(#[case] arguments: &[&str], #[case] taken: bool) {
    let takes = |terminal: &Terminal| {
        let written = terminal.written.lock().unwrap();
        written.windows(8).any(|part| part == b"\x1b[?1000h")
    };
    let arguments: Vec<_> = arguments.iter().map(Into::into).collect();
    let mut terminal = Terminal::start(&arguments, 80, 24, false);
    terminal.until_text("q leave");
    assert_eq!(takes(&terminal), taken);
    // The first press of the key does the other thing.
    terminal.press("m");
    terminal.until_text(if taken { "Mouse off" } else { "Mouse on" });
    assert!(takes(&terminal));
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}
