//! The keys as Markdown, for the README and docs/keys.md.

use super::{Context, Keymap};

impl Keymap {
    /// The keys by place, without those that only move: these are the same everywhere.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut contexts: Vec<Context> = vec![Context::Everywhere];
        for row in self.rows() {
            if !contexts.contains(&row.context) {
                contexts.push(row.context);
            }
        }
        let mut text = String::from("\n| where | keys |\n| --- | --- |\n");
        for context in contexts {
            let rows: Vec<String> = self
                .of_context(context)
                .filter(|row| !row.action.only_moves())
                .map(|row| {
                    let keys = row.keys.iter().map(|key| code(&key.label()));
                    format!("{} {}", keys.collect::<Vec<_>>().join(" "), row.label)
                })
                .collect();
            text.push_str(&format!("| {} | {} |\n", context.title(), rows.join(" · ")));
        }
        text.push('\n');
        text
    }

    /// Every binding with the name by which another key is bound.
    #[must_use]
    pub fn names_markdown(&self) -> String {
        let mut text = String::from("\n| name | keys | does |\n| --- | --- | --- |\n");
        for (name, keys, label) in self.listing() {
            let keys: Vec<String> = keys.iter().map(|key| code(key)).collect();
            text.push_str(&format!("| {name} | {} | {label} |\n", keys.join(" ")));
        }
        text.push('\n');
        text
    }
}

/// A key in a cell of a table.
fn code(key: &str) -> String {
    match key {
        "`" => "`` ` ``".into(),
        key => format!("`{}`", key.replace('|', "\\|")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: &str = "<!-- keys -->\n";
    const END: &str = "<!-- /keys -->";
    /// The environment variable that has the README written.
    const WRITE: &str = "BUNQ_TUI_WRITE";

    #[test]
    fn readme_keys_are_those_of_the_table() {
        let keymap = Keymap::default();
        for (file, wanted) in [
            ("README.md", keymap.markdown()),
            ("docs/keys.md", keymap.names_markdown()),
        ] {
            let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(&path).unwrap();
            let (before, rest) = text.split_once(BEGIN).expect("it says where they begin");
            let (now, after) = rest.split_once(END).expect("it says where they end");
            if std::env::var_os(WRITE).is_some() {
                std::fs::write(&path, format!("{before}{BEGIN}{wanted}{END}{after}")).unwrap();
                continue;
            }
            assert!(
                now == wanted,
                "{file} does not show the keys as they are: `{WRITE}=1 cargo test --lib \
                 readme_keys` writes them"
            );
        }
    }
}
