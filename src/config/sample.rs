//! What is made of the table of options: the sample file, and the list for docs/settings.md.

use super::settings::SETTINGS;

/// Longest line of a comment.
const LINE: usize = 90;

/// A config file in which every option stands with its documentation, commented out.
#[must_use]
pub fn sample() -> String {
    let mut text = String::new();
    paragraph(
        &mut text,
        "The config file of bunq-tui. An option counts from here unless an environment variable \
         or a flag says it. `bunq-tui config check` tells what is wrong with the file, `bunq-tui \
         config show` what is in force.",
    );
    for setting in SETTINGS {
        text.push('\n');
        paragraph(&mut text, setting.doc);
        paragraph(&mut text, &format!("Allowed: {}.", setting.allowed));
        paragraph(
            &mut text,
            &format!(
                "Default: {}. Flag: --{}. Variable: {}.",
                setting.default,
                setting.flag(),
                setting.variable()
            ),
        );
        text.push_str(&format!("#{} = {}\n", setting.name, setting.example));
    }
    text.push('\n');
    paragraph(
        &mut text,
        "Keys of your own: the name of what they do, and all keys that do it; an empty list \
         leaves it without a key. They replace the keys that it has.",
    );
    text.push_str("#[keys]\n#\"users.refresh\" = [\"R\", \"F5\"]\n");
    text
}

/// The options as a table in Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut text =
        String::from("| option | allowed | default | what it is |\n| --- | --- | --- | --- |\n");
    for setting in SETTINGS {
        text.push_str(&format!(
            "| `{}` | {} | {} | {} |\n",
            setting.name, setting.allowed, setting.default, setting.doc
        ));
    }
    text
}

/// Comment lines: a blank follows the sign, so that an option is told from words.
fn paragraph(text: &mut String, words: &str) {
    let mut line = String::from("#");
    for word in words.split(' ') {
        if line.chars().count() + 1 + word.chars().count() > LINE {
            text.push_str(&line);
            text.push('\n');
            line = String::from("#");
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, parse};

    #[test]
    fn the_sample_says_nothing_until_a_line_is_uncommented() {
        assert_eq!(parse(&sample(), |_| Vec::new()), Ok(Config::default()));
        assert!(sample().lines().all(|line| line.len() <= 2 * LINE));
    }

    #[test]
    fn every_line_of_the_sample_is_taken_once_uncommented() {
        let uncommented: String = sample()
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(option) if !option.starts_with(' ') => format!("{option}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let config = parse(&uncommented, |_| Vec::new()).unwrap();
        for setting in SETTINGS {
            assert!(setting.told(&config).is_some(), "{}", setting.name);
        }
        assert_eq!(config.keys.len(), 1);
    }

    #[test]
    fn the_list_has_a_row_for_every_option() {
        assert_eq!(markdown().lines().count(), SETTINGS.len() + 2);
        assert!(
            markdown()
                .lines()
                .all(|line| line.matches(" | ").count() == 3)
        );
    }
}
