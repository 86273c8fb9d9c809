//! The tables. Migrations are only ever added at the end of the list.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{StoreError, backup, files};

/// "bunq", so that `file` and others can tell whose database it is.
const APPLICATION: i32 = 0x6275_6e71;

/// Each brings a store from the version before it to its own. What was released never changes.
const MIGRATIONS: &[&str] = &[VERSION_1, VERSION_2, VERSION_3, VERSION_4];

const VERSION_1: &str = "
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE provider (
    one                 INTEGER PRIMARY KEY CHECK (one = 1),
    kind                TEXT NOT NULL,
    user_id             INTEGER,
    name                TEXT,
    secret              TEXT NOT NULL,
    credential_id       INTEGER,
    certificate_pem     TEXT,
    certificate_key_pem TEXT,
    email               TEXT,
    phone               TEXT,
    profile_raw         TEXT
) STRICT;

CREATE TABLE installation (
    one               INTEGER PRIMARY KEY CHECK (one = 1),
    id                INTEGER,
    private_key_pem   TEXT NOT NULL,
    token             TEXT,
    server_public_key TEXT
) STRICT;

CREATE TABLE device (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id  INTEGER
) STRICT;

CREATE TABLE oauth_client (
    one             INTEGER PRIMARY KEY CHECK (one = 1),
    id              INTEGER NOT NULL,
    client_id       TEXT NOT NULL,
    secret          TEXT NOT NULL,
    callback_url_id INTEGER,
    callback_url    TEXT
) STRICT;

CREATE TABLE setup_step (
    place    INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT NOT NULL UNIQUE,
    began_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;

CREATE TABLE session (
    owner      INTEGER PRIMARY KEY,
    id         INTEGER NOT NULL,
    token      TEXT NOT NULL,
    user_id    INTEGER NOT NULL,
    opened_at  TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;

CREATE TABLE user (
    number           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind             TEXT NOT NULL,
    name             TEXT NOT NULL,
    granting_user_id INTEGER UNIQUE,
    api_key_id       INTEGER NOT NULL,
    access_token     TEXT NOT NULL,
    connected_at     TEXT NOT NULL,
    revoked_at       TEXT,
    profile_raw      TEXT,
    profile_as_of    TEXT
) STRICT;

CREATE TABLE granted_account (
    user    INTEGER NOT NULL REFERENCES user (number) ON DELETE CASCADE,
    account INTEGER NOT NULL,
    PRIMARY KEY (user, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX granted_account_by_account ON granted_account (account);

CREATE TABLE account_reading (
    user  INTEGER PRIMARY KEY,
    as_of TEXT NOT NULL
) STRICT;

CREATE TABLE account (
    user        INTEGER NOT NULL REFERENCES account_reading (user) ON DELETE CASCADE,
    place       INTEGER NOT NULL,
    id          INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    description TEXT NOT NULL,
    iban        TEXT,
    balance     TEXT,
    currency    TEXT,
    status      TEXT NOT NULL,
    raw         TEXT NOT NULL,
    PRIMARY KEY (user, place),
    CHECK ((balance IS NULL) = (currency IS NULL))
) STRICT, WITHOUT ROWID;
";

/// The bank's limits; a certificate of its own, kept before and beyond the provider made with it;
/// how far the bank's clock was from ours.
const VERSION_2: &str = "
CREATE TABLE limit_window (
    name       TEXT PRIMARY KEY,
    taken      TEXT NOT NULL,
    not_before TEXT,
    learned    TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE certificate (
    one             INTEGER PRIMARY KEY CHECK (one = 1),
    certificate_pem TEXT NOT NULL,
    chain_pem       TEXT NOT NULL,
    key_pem         TEXT NOT NULL
) STRICT;
INSERT INTO certificate
    SELECT 1, certificate_pem, certificate_pem, certificate_key_pem FROM provider
    WHERE certificate_pem IS NOT NULL AND certificate_key_pem IS NOT NULL;

CREATE TABLE provider_2 (
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    kind          TEXT NOT NULL,
    user_id       INTEGER,
    name          TEXT,
    secret        TEXT NOT NULL,
    credential_id INTEGER,
    email         TEXT,
    phone         TEXT,
    profile_raw   TEXT
) STRICT;
INSERT INTO provider_2
    SELECT one, kind, user_id, name, secret, credential_id, email, phone, profile_raw FROM provider;
DROP TABLE provider;
ALTER TABLE provider_2 RENAME TO provider;

ALTER TABLE session ADD COLUMN clock_offset INTEGER NOT NULL DEFAULT 0;
";

/// Payments: one stretch of each account without a gap, and when its newest were read. `fine` is
/// the amount in ten-thousandths; `who` and `said` are what is searched.
const VERSION_3: &str = "
CREATE TABLE payment_reading (
    user     INTEGER NOT NULL,
    account  INTEGER NOT NULL,
    as_of    TEXT NOT NULL,
    complete INTEGER NOT NULL,
    PRIMARY KEY (user, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE payment (
    user              INTEGER NOT NULL,
    account           INTEGER NOT NULL,
    id                INTEGER NOT NULL,
    created           TEXT NOT NULL,
    amount            TEXT NOT NULL,
    currency          TEXT NOT NULL,
    fine              INTEGER NOT NULL,
    balance_after     TEXT,
    counterparty      TEXT NOT NULL,
    counterparty_iban TEXT,
    description       TEXT NOT NULL,
    kind              TEXT NOT NULL,
    who               TEXT NOT NULL,
    said              TEXT NOT NULL,
    raw               TEXT NOT NULL,
    PRIMARY KEY (user, account, id),
    FOREIGN KEY (user, account) REFERENCES payment_reading (user, account) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
";

/// All of a payment but the bank's own body, which is most of it: a look through 20,000 payments
/// takes 40 ms by this and 800 ms without.
const VERSION_4: &str = "
CREATE INDEX payment_listed ON payment (
    user, account, id, created, amount, currency, fine, balance_after,
    counterparty, counterparty_iban, description, kind, who, said
);
";

fn latest() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// Brings the store to our version, in one transaction; refuses one of a later version and a
/// database of another program. A store with something in it is copied first.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    migrate_to(connection, path, latest())
}

/// Brings the store to this version.
pub(super) fn migrate_to(
    connection: &mut Connection,
    path: &Path,
    latest: u32,
) -> Result<(), StoreError> {
    if version(connection)? == latest {
        return check_application(connection);
    }
    // One process at a time, and none that makes or locks a store meanwhile.
    let _lock = match version(connection)? {
        0 => None,
        _ => Some(files::lock_directory(files::directory_of(path))?),
    };
    let before = version(connection)?;
    if (1..latest).contains(&before) {
        check_application(connection)?;
        backup::make(connection, path, before)?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster: only what is read under the lock counts.
    let found = version(&transaction)?;
    if found > latest {
        return Err(StoreError::Newer {
            path: path.into(),
            found,
            known: latest,
        });
    }
    if found == 0 {
        let tables: i64 =
            transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if tables > 0 {
            return Err(StoreError::Foreign);
        }
        transaction.pragma_update(None, "application_id", APPLICATION)?;
    } else {
        check_application(&transaction)?;
    }
    let wanted = usize::try_from(latest).unwrap_or(usize::MAX);
    let done = usize::try_from(found).unwrap_or(usize::MAX);
    for migration in MIGRATIONS.iter().take(wanted).skip(done) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", latest)?;
    transaction.commit()?;
    Ok(())
}

pub(super) fn version(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

fn check_application(connection: &Connection) -> Result<(), StoreError> {
    let found: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if found == APPLICATION {
        Ok(())
    } else {
        Err(StoreError::Foreign)
    }
}

/// The id that the sidecar also has, so that the two cannot be mixed up.
pub(super) fn store_id(connection: &Connection) -> Result<String, StoreError> {
    connection
        .query_row("SELECT value FROM meta WHERE name = 'store'", [], |row| {
            row.get(0)
        })
        .optional()?
        .ok_or(StoreError::Foreign)
}

pub(super) fn set_store_id(connection: &Connection, id: &str) -> Result<(), StoreError> {
    connection.execute("INSERT INTO meta (name, value) VALUES ('store', ?1)", [id])?;
    Ok(())
}
