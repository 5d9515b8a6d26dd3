//! Statements, and rows to and from the model.

use chat::port::ListAccounts;
use model::{Account, AccountName, App, AppId, AppSettings, SecretHash, SecurityKey, Uuid};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Result, Row, named_params, params};

/// All apps, the oldest first.
pub(super) fn apps(connection: &Connection) -> Result<Vec<App>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, key, secret, callback_secret, name, package, is_banned, token_epoch,
                created_at_ms, ttl_raised_at_ms, instant_callback, offline_callback, account_ttl_s,
                topic_members_max, payload_bytes_max, retention_days
         FROM app ORDER BY created_at_ms, id",
    )?;
    statement.query_map([], app)?.collect()
}

/// Adds an app; an error of a constraint when it is there.
pub(super) fn insert_app(connection: &Connection, app: &App) -> Result<()> {
    write_app(
        connection,
        app,
        "INSERT INTO app (id, key, secret, callback_secret, name, package, is_banned, token_epoch,
                created_at_ms, ttl_raised_at_ms, instant_callback, offline_callback, account_ttl_s,
                topic_members_max, payload_bytes_max, retention_days)
         VALUES (:id, :key, :secret, :callback_secret, :name, :package, :is_banned, :token_epoch,
                :created_at_ms, :ttl_raised_at_ms, :instant_callback, :offline_callback, :account_ttl_s,
                :topic_members_max, :payload_bytes_max, :retention_days)",
    )
}

/// Replaces an app, if it is there.
pub(super) fn update_app(connection: &Connection, app: &App) -> Result<()> {
    write_app(
        connection,
        app,
        "UPDATE app SET key = :key, secret = :secret, callback_secret = :callback_secret,
                name = :name, package = :package, is_banned = :is_banned,
                token_epoch = :token_epoch, created_at_ms = :created_at_ms,
                ttl_raised_at_ms = :ttl_raised_at_ms,
                instant_callback = :instant_callback, offline_callback = :offline_callback,
                account_ttl_s = :account_ttl_s, topic_members_max = :topic_members_max,
                payload_bytes_max = :payload_bytes_max, retention_days = :retention_days
         WHERE id = :id",
    )
}

fn write_app(connection: &Connection, app: &App, sql: &str) -> Result<()> {
    let settings = &app.settings;
    connection.prepare_cached(sql)?.execute(named_params! {
        ":id": app.id.0.cast_signed(),
        ":key": app.key,
        ":secret": app.secret.0,
        ":callback_secret": app.callback_secret,
        ":name": app.name,
        ":package": app.package,
        ":is_banned": app.is_banned,
        ":token_epoch": app.token_epoch,
        ":created_at_ms": app.created_at_ms.cast_signed(),
        ":ttl_raised_at_ms": app.ttl_raised_at_ms.cast_signed(),
        ":instant_callback": settings.instant_callback,
        ":offline_callback": settings.offline_callback,
        ":account_ttl_s": settings.account_ttl_s,
        ":topic_members_max": settings.topic_members_max,
        ":payload_bytes_max": settings.payload_bytes_max,
        ":retention_days": settings.retention_days,
    })?;
    Ok(())
}

/// Removes an app with its topics and accounts, and what these think of others. The caller's
/// transaction makes it one step.
pub(super) fn delete_app(connection: &Connection, id: AppId) -> Result<()> {
    for sql in [
        "DELETE FROM member WHERE topic IN (SELECT id FROM topic WHERE app_id = ?1)",
        "DELETE FROM topic WHERE app_id = ?1",
        "DELETE FROM blacklist WHERE owner IN (SELECT uuid FROM account WHERE app_id = ?1)",
        "DELETE FROM blacklist WHERE other IN (SELECT uuid FROM account WHERE app_id = ?1)",
        "DELETE FROM hidden WHERE owner IN (SELECT uuid FROM account WHERE app_id = ?1)",
        "DELETE FROM account WHERE app_id = ?1",
        "DELETE FROM app WHERE id = ?1",
    ] {
        connection.execute(sql, params![id.0.cast_signed()])?;
    }
    Ok(())
}

fn app(row: &Row<'_>) -> Result<App> {
    Ok(App {
        id: AppId(row.get::<_, i64>(0)?.cast_unsigned()),
        key: row.get(1)?,
        secret: SecretHash(row.get(2)?),
        callback_secret: row.get(3)?,
        name: row.get(4)?,
        package: row.get(5)?,
        is_banned: row.get(6)?,
        token_epoch: row.get(7)?,
        created_at_ms: row.get::<_, i64>(8)?.cast_unsigned(),
        ttl_raised_at_ms: row.get::<_, i64>(9)?.cast_unsigned(),
        settings: AppSettings {
            instant_callback: row.get(10)?,
            offline_callback: row.get(11)?,
            account_ttl_s: row.get(12)?,
            topic_members_max: row.get(13)?,
            payload_bytes_max: row.get(14)?,
            retention_days: row.get(15)?,
        },
    })
}

const ACCOUNT: &str = "SELECT uuid, app_id, name, security_key, is_banned, token_epoch,
    created_at_ms FROM account";

/// The account with this name.
pub(super) fn account_by_name(
    connection: &Connection,
    app_id: AppId,
    name: &str,
) -> Result<Option<Account>> {
    connection
        .prepare_cached(&format!("{ACCOUNT} WHERE app_id = ?1 AND name = ?2"))?
        .query_row(params![app_id.0.cast_signed(), name], account)
        .optional()
}

/// Accounts of an app by name: one range of the index.
pub(super) fn accounts(
    connection: &Connection,
    app_id: AppId,
    wanted: &ListAccounts,
) -> Result<Vec<Account>> {
    let (sql, from, end) = accounts_query(wanted);
    let mut statement = connection.prepare_cached(&sql)?;
    let limit = at_most(wanted.limit);
    statement
        .query_map(params![app_id.0.cast_signed(), limit, from, end], account)?
        .collect()
}

/// Of two lower bounds the higher one alone is named: a range begins at one place.
pub(super) fn accounts_query(wanted: &ListAccounts) -> (String, String, Option<String>) {
    let after = wanted
        .after
        .as_deref()
        .filter(|after| *after >= &*wanted.prefix);
    let (bound, from) = match after {
        Some(after) => ("name > ?3", after),
        None => ("name >= ?3", &*wanted.prefix),
    };
    let end = wanted.end();
    let until = if end.is_some() {
        "AND name < ?4"
    } else {
        "AND ?4 IS NULL"
    };
    let sql = format!("{ACCOUNT} WHERE app_id = ?1 AND {bound} {until} ORDER BY name LIMIT ?2");
    (sql, from.to_owned(), end)
}

/// The account with this uuid.
pub(super) fn account_by_uuid(connection: &Connection, uuid: Uuid) -> Result<Option<Account>> {
    connection
        .prepare_cached(&format!("{ACCOUNT} WHERE uuid = ?1"))?
        .query_row(params![uuid.0.cast_signed()], account)
        .optional()
}

/// Adds an account unless its name is taken, and answers the one that has it.
pub(super) fn create_account(connection: &Connection, account: &Account) -> Result<Account> {
    let added = connection
        .prepare_cached(
            "INSERT INTO account (uuid, app_id, name, security_key, is_banned, token_epoch,
                    created_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (app_id, name) DO NOTHING",
        )?
        .execute(params![
            account.uuid.0.cast_signed(),
            account.app_id.0.cast_signed(),
            &*account.name,
            account.security_key.0,
            account.is_banned,
            account.token_epoch,
            account.created_at_ms.cast_signed(),
        ])?;
    if added == 1 {
        return Ok(account.clone());
    }
    let known = account_by_name(connection, account.app_id, &account.name)?;
    known.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

/// Replaces an account, if it is there.
pub(super) fn update_account(connection: &Connection, account: &Account) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE account SET app_id = ?2, name = ?3, security_key = ?4, is_banned = ?5,
                    token_epoch = ?6, created_at_ms = ?7 WHERE uuid = ?1",
        )?
        .execute(params![
            account.uuid.0.cast_signed(),
            account.app_id.0.cast_signed(),
            &*account.name,
            account.security_key.0,
            account.is_banned,
            account.token_epoch,
            account.created_at_ms.cast_signed(),
        ])?;
    Ok(())
}

/// Accounts of an app made at or before a time, the oldest first.
pub(super) fn created_until(
    connection: &Connection,
    app_id: AppId,
    created_at_ms: u64,
    limit: usize,
) -> Result<Vec<Account>> {
    let mut statement = connection.prepare_cached(&format!(
        "{ACCOUNT} WHERE app_id = ?1 AND created_at_ms <= ?2 ORDER BY created_at_ms, uuid LIMIT ?3"
    ))?;
    let until = at_most(created_at_ms);
    statement
        .query_map(
            params![app_id.0.cast_signed(), until, at_most(limit)],
            account,
        )?
        .collect()
}

/// Removes an account with what it thinks of others, and who has blocked it.
pub(super) fn delete_account(connection: &Connection, uuid: Uuid) -> Result<()> {
    let uuid = uuid.0.cast_signed();
    for sql in [
        "DELETE FROM blacklist WHERE owner = ?1",
        "DELETE FROM blacklist WHERE other = ?1",
        "DELETE FROM hidden WHERE owner = ?1",
        "DELETE FROM account WHERE uuid = ?1",
    ] {
        connection.prepare_cached(sql)?.execute(params![uuid])?;
    }
    Ok(())
}

fn account(row: &Row<'_>) -> Result<Account> {
    Ok(Account {
        uuid: Uuid(row.get::<_, i64>(0)?.cast_unsigned()),
        app_id: AppId(row.get::<_, i64>(1)?.cast_unsigned()),
        name: account_name(row, 2)?,
        security_key: SecurityKey(row.get(3)?),
        is_banned: row.get(4)?,
        token_epoch: row.get(5)?,
        created_at_ms: row.get::<_, i64>(6)?.cast_unsigned(),
    })
}

/// The name in a column.
pub(super) fn account_name(row: &Row<'_>, column: usize) -> Result<AccountName> {
    AccountName::new(row.get_ref(column)?.as_str()?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

/// A limit, a time or a place that rows are compared with; none of them has a higher one.
pub(super) fn at_most(value: impl TryInto<i64>) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}

/// The value of a key, which becomes the given one unless it has one.
pub(super) fn meta_or(connection: &Connection, key: &str, value: [u8; 32]) -> Result<[u8; 32]> {
    connection.execute(
        "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING",
        params![key, value],
    )?;
    connection.query_row(
        "SELECT value FROM meta WHERE key = ?1",
        params![key],
        |row| row.get(0),
    )
}
