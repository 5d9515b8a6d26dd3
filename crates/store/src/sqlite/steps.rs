//! The tables of apps, accounts, topics and relations, version by version.

use super::schema::Schema;

/// The file `mimc.db`.
pub(crate) const DIRECTORY: Schema = Schema {
    file: "mimc.db",
    steps: &[FIRST, SECOND],
    tables: &[
        "meta",
        "app",
        "account",
        "topic",
        "member",
        "boundary",
        "blacklist",
        "hidden",
    ],
};

/// Integers of `SQLite` are signed: ids are stored as the same 64 bits.
const FIRST: &str = "
    CREATE TABLE meta (
        key TEXT PRIMARY KEY,
        value BLOB NOT NULL
    ) WITHOUT ROWID, STRICT;

    CREATE TABLE app (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        secret BLOB NOT NULL,
        callback_secret TEXT NOT NULL,
        name TEXT NOT NULL,
        package TEXT NOT NULL,
        is_banned INTEGER NOT NULL,
        token_epoch INTEGER NOT NULL,
        created_at_ms INTEGER NOT NULL,
        instant_callback TEXT,
        offline_callback TEXT,
        account_ttl_s INTEGER NOT NULL,
        topic_members_max INTEGER NOT NULL,
        payload_bytes_max INTEGER NOT NULL,
        retention_days INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE account (
        uuid INTEGER PRIMARY KEY,
        app_id INTEGER NOT NULL,
        name TEXT NOT NULL,
        security_key BLOB NOT NULL,
        is_banned INTEGER NOT NULL,
        token_epoch INTEGER NOT NULL,
        created_at_ms INTEGER NOT NULL,
        UNIQUE (app_id, name)
    ) STRICT;
";

/// Topics, relations, accounts that end.
///
/// A row of `member` is an account's time in a topic; rows ascend in join order. Indexes end with
/// the position, so what they find is in that order.
const SECOND: &str = "
    ALTER TABLE app ADD COLUMN ttl_raised_at_ms INTEGER NOT NULL DEFAULT 0;

    CREATE INDEX account_by_age ON account (app_id, created_at_ms);

    CREATE TABLE topic (
        id INTEGER PRIMARY KEY,
        app_id INTEGER NOT NULL,
        owner INTEGER NOT NULL,
        owner_account TEXT NOT NULL,
        name TEXT NOT NULL,
        bulletin TEXT NOT NULL,
        extra TEXT NOT NULL,
        created_at_ms INTEGER NOT NULL,
        dismissed_at INTEGER
    ) STRICT;
    CREATE INDEX topic_of_app ON topic (app_id, id);
    CREATE INDEX topic_dismissed ON topic (dismissed_at) WHERE dismissed_at IS NOT NULL;

    CREATE TABLE member (
        position INTEGER PRIMARY KEY,
        topic INTEGER NOT NULL,
        uuid INTEGER NOT NULL,
        account TEXT NOT NULL,
        joined INTEGER NOT NULL,
        left INTEGER
    ) STRICT;
    CREATE INDEX member_of_topic ON member (topic, left);
    CREATE INDEX member_of_account ON member (uuid, left);
    CREATE UNIQUE INDEX member_once ON member (topic, uuid) WHERE left IS NULL;
    CREATE INDEX member_gone ON member (left) WHERE left IS NOT NULL;

    CREATE TABLE boundary (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        last INTEGER NOT NULL
    ) STRICT;
    INSERT INTO boundary (one, last) VALUES (1, 0);

    CREATE TABLE blacklist (
        owner INTEGER NOT NULL,
        other INTEGER NOT NULL,
        PRIMARY KEY (owner, other)
    ) WITHOUT ROWID, STRICT;
    CREATE INDEX blacklist_by_other ON blacklist (other);

    CREATE TABLE hidden (
        owner INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        a INTEGER NOT NULL,
        b INTEGER NOT NULL,
        up_to INTEGER NOT NULL,
        PRIMARY KEY (owner, kind, a, b)
    ) WITHOUT ROWID, STRICT;
";
