//! The keys as Markdown, for the README.

use super::{Context, Keymap};

impl Keymap {
    /// The keys by place, then each with the name by which it is bound.
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
                .map(|row| {
                    let keys = row.keys.iter().map(|key| code(&key.label()));
                    format!("{} {}", keys.collect::<Vec<_>>().join(" "), row.label)
                })
                .collect();
            text.push_str(&format!("| {} | {} |\n", context.title(), rows.join(" · ")));
        }
        text.push_str(
            "\n<details>\n<summary>Their names, by which other keys are bound</summary>\n\n\
             | name | keys | does |\n| --- | --- | --- |\n",
        );
        for (name, keys, label) in self.listing() {
            let keys: Vec<String> = keys.iter().map(|key| code(key)).collect();
            text.push_str(&format!("| {name} | {} | {label} |\n", keys.join(" ")));
        }
        text.push_str("\n</details>\n\n");
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
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
        let readme = std::fs::read_to_string(path).unwrap();
        let (before, rest) = readme.split_once(BEGIN).expect("it says where they begin");
        let (now, after) = rest.split_once(END).expect("it says where they end");
        let wanted = Keymap::default().markdown();
        if std::env::var_os(WRITE).is_some() {
            std::fs::write(path, format!("{before}{BEGIN}{wanted}{END}{after}")).unwrap();
            return;
        }
        assert!(
            now == wanted,
            "README.md does not show the keys as they are: `{WRITE}=1 cargo test --lib \
             readme_keys` writes them"
        );
    }
}
