//! Small facts by name: which bank a store is for, who we chose to be, what broke off.

use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError, Tx};

impl Store {
    /// A note, if it was made.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn note(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.read(|tx| {
            Ok(tx
                .0
                .query_row(
                    "SELECT value FROM meta WHERE name = 'note:' || ?",
                    [name],
                    |row| row.get(0),
                )
                .optional()?)
        })
    }

    /// Makes a note, in the place of the one before.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_note(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.write(|tx| tx.set_note(name, value))
    }

    /// Takes a note away, if it was made.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn forget_note(&self, name: &str) -> Result<(), StoreError> {
        self.write(|tx| tx.forget_note(name))
    }
}

impl Tx<'_> {
    /// As [`Store::set_note`].
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_note(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.0.execute(
            "INSERT INTO meta (name, value) VALUES ('note:' || ?, ?)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![name, value],
        )?;
        Ok(())
    }

    /// As [`Store::forget_note`].
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn forget_note(&self, name: &str) -> Result<(), StoreError> {
        self.0
            .execute("DELETE FROM meta WHERE name = 'note:' || ?", [name])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_note_counts() {
        let store = Store::in_memory().unwrap();
        assert_eq!(store.note("bank").unwrap(), None);
        store.set_note("bank", "one").unwrap();
        store.set_note("bank", "two").unwrap();
        assert_eq!(store.note("bank").unwrap().as_deref(), Some("two"));
        store.forget_note("bank").unwrap();
        assert_eq!(store.note("bank").unwrap(), None);
    }
}
