//! Themes while the program runs, and small things of how it looks.

use rstest::rstest;

use super::fixtures::{draw, full, model, press, send, text};
use crate::base::Environment;
use crate::config::ScreenMemory;
use crate::tui::Start;
use crate::tui::app::{Effect, Model, Pinned};
use crate::tui::keymap::Action;
use crate::tui::theme::{Theme, ThemeName};

fn says(model: &Model) -> &str {
    model.status.as_ref().map_or("", |status| &status.text)
}

#[test]
fn t_goes_through_the_themes_and_keeps_what_it_meets() {
    let mut model = full();
    model.memory.qr_form = Some("half-blocks".into());
    for name in [
        ThemeName::Dark,
        ThemeName::Light,
        ThemeName::HighContrast,
        ThemeName::Mono,
    ] {
        let effects = press(&mut model, Action::NextTheme);
        assert_eq!(model.facts.theme.name, name);
        assert_eq!(says(&model), format!("Theme: {name}."));
        let kept = ScreenMemory {
            qr_form: Some("half-blocks".into()),
            theme: Some(name.to_string()),
            ..ScreenMemory::default()
        };
        assert_eq!(effects, [Effect::KeepScreenMemory(kept)]);
    }
    // The one for this terminal is found anew at the next start.
    let effects = press(&mut model, Action::NextTheme);
    assert_eq!(model.facts.theme.name, ThemeName::Terminal);
    assert_eq!(says(&model), "Theme: terminal, the one for this terminal.");
    let kept = ScreenMemory {
        qr_form: Some("half-blocks".into()),
        theme: None,
        ..ScreenMemory::default()
    };
    assert_eq!(effects, [Effect::KeepScreenMemory(kept)]);
}

#[rstest]
#[case(
    Pinned::Settings,
    "Theme: terminal, for now; --theme or the settings name dark."
)]
#[case(Pinned::NoColour, "Theme: terminal, for now; NO_COLOR asks for dark.")]
fn what_is_named_for_every_start_is_not_overruled(#[case] pinned: Pinned, #[case] words: &str) {
    let mut model = full();
    model.facts.themes.first = ThemeName::Dark;
    model.facts.themes.pinned = Some(pinned);
    model.facts.theme = Theme::new(ThemeName::HighContrast, false);
    assert_eq!(press(&mut model, Action::NextTheme), []);
    assert_eq!(says(&model), words);
    assert_eq!(model.memory, ScreenMemory::default());
    press(&mut model, Action::NextTheme);
    press(&mut model, Action::NextTheme);
    assert_eq!(says(&model), "Theme: dark.");
}

#[test]
fn the_demo_keeps_no_theme() {
    let mut model = model(&Start::Demo);
    assert_eq!(press(&mut model, Action::NextTheme), []);
    assert_eq!(model.facts.theme.name, ThemeName::Dark);
}

#[test]
fn the_theme_of_a_locked_screen_can_be_changed_too() {
    let mut model = super::locked::by_itself();
    press(&mut model, Action::NextTheme);
    assert_eq!(model.facts.theme.name, ThemeName::Dark);
    assert!(model.locked.is_some());
}

#[test]
fn high_contrast_leaves_no_cell_in_a_colour_of_the_terminals() {
    use ratatui::style::Color;
    for (width, height) in [(30, 5), (80, 24)] {
        for (name, mut model) in super::states::states() {
            model.facts.theme = Theme::new(ThemeName::HighContrast, false);
            let buffer = draw(&model, width, height);
            let own = |colour| matches!(colour, Color::Indexed(16..) | Color::Rgb(..));
            let bare = buffer
                .content
                .iter()
                .find(|cell| !own(cell.fg) || !own(cell.bg));
            assert_eq!(bare, None, "{name}");
        }
    }
}

#[test]
fn the_smallest_header_tells_one_simulator_from_another() {
    let mut model = full();
    let local = "http://127.0.0.1:41803".parse().unwrap();
    model.data.environment = local;
    assert!(matches!(model.data.environment, Environment::Local(_)));
    let header = |width| {
        let shown = text(&draw(&model, width, 24));
        shown.lines().next().unwrap().to_owned()
    };
    assert!(header(40).starts_with("LOCAL :41803"), "{}", header(40));
    // The names of the screens come before that of the program.
    let medium = header(90);
    assert!(medium.starts_with("LOCAL 127.0.0.1:41803"), "{medium}");
    assert!(
        medium.contains("3 Users") && medium.contains("5 Log"),
        "{medium}"
    );
    assert!(
        header(120).contains("LOCAL 127.0.0.1:41803"),
        "{}",
        header(120)
    );
}

#[test]
fn a_success_has_a_sign_and_what_is_only_so_has_none() {
    use crate::base::UserNumber;
    use crate::tui::app::Msg;
    use crate::tui::screen::users;
    let mut model = full();
    send(
        &mut model,
        Msg::Users(users::Msg::Forgotten {
            epoch: super::fixtures::EPOCH,
            user: UserNumber(2),
            result: Ok(()),
        }),
    );
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("✓ User 2 is forgotten"), "{shown}");
    press(&mut model, Action::NextTheme);
    let shown = text(&draw(&model, 80, 24));
    assert!(shown.contains("\n Theme: dark"), "{shown}");
}
