//! Statements about deliveries.

use chat::port::{
    Decided, Delivery, DeliveryCursor, DeliveryKind, DeliveryPage, DeliveryStatus, Due,
    ListDeliveries, Tried,
};
use model::{AppId, Conversation, Sequence, TopicId, Uuid};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Params, Result, Row, params};

use super::attempts::{attempts, attempts_to_bytes, receivers, receivers_to_bytes};
use crate::code::Malformed;
use crate::sqlite::rows::at_most;

/// `delivery.status`; the index of finished rows has those from [`DELIVERED`] on.
const UNDECIDED: i64 = 0;
const PENDING: i64 = 1;
const DELIVERED: i64 = 2;
const FAILED: i64 = 3;

/// Up to where the log has been turned into rows.
pub(super) fn position(connection: &Connection) -> Result<Sequence> {
    connection.query_row("SELECT sequence FROM position", [], |row| {
        Ok(Sequence(row.get::<_, i64>(0)?.cast_unsigned()))
    })
}

/// Moves the position on, never back.
pub(super) fn raise_position(connection: &Connection, to: Sequence) -> Result<()> {
    connection
        .prepare_cached("UPDATE position SET sequence = max(sequence, ?1)")?
        .execute(params![at_most(to.0)])?;
    Ok(())
}

/// Adds a row, unless its message has one of its kind.
pub(super) fn insert(connection: &Connection, delivery: &Delivery) -> Result<()> {
    let (a, b) = match delivery.conversation {
        Conversation::Pair(one, other) => (one.0, Some(other.0.cast_signed())),
        Conversation::Topic(topic) => (topic.0, None),
    };
    let (status, due_at_ms, failures) = status_to_row(delivery.status);
    connection
        .prepare_cached(
            "INSERT INTO delivery (app_id, sequence, kind, id, a, b, status, due_at_ms, failures,
                    created_at_ms, changed_at_ms, attempts, receivers)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT (app_id, sequence, kind) DO NOTHING",
        )?
        .execute(params![
            delivery.app_id.0.cast_signed(),
            at_most(delivery.sequence.0),
            kind_to_row(delivery.kind),
            delivery.id,
            a.cast_signed(),
            b,
            status,
            due_at_ms,
            failures,
            at_most(delivery.created_at_ms),
            at_most(delivery.changed_at_ms()),
            attempts_to_bytes(&delivery.attempts),
            receivers_to_bytes(&delivery.receivers),
        ])?;
    Ok(())
}

/// Apps with pending rows, and when the earliest of each is due.
pub(super) fn waiting(connection: &Connection) -> Result<Vec<(AppId, u64)>> {
    let mut statement = connection.prepare_cached(
        "SELECT app_id, min(due_at_ms) FROM delivery WHERE status = ?1 GROUP BY app_id",
    )?;
    let rows = statement.query_map(params![PENDING], |row| {
        Ok((AppId(unsigned(row, 0)?), unsigned(row, 1)?))
    })?;
    rows.collect()
}

/// Pending rows of an app whose time has come.
pub(super) fn due(
    connection: &Connection,
    app_id: AppId,
    now_ms: u64,
    limit: usize,
) -> Result<Due> {
    const PENDING_OF_APP: &str = "FROM delivery WHERE status = 1 AND app_id = ?1";
    let moment = connection.unchecked_transaction()?;
    let app_id = app_id.0.cast_signed();
    let sql = format!(
        "SELECT {COLUMNS} {PENDING_OF_APP} AND due_at_ms <= ?2
         ORDER BY due_at_ms, sequence, kind LIMIT ?3"
    );
    let limit = at_most(limit);
    let deliveries = deliveries(&moment, &sql, params![app_id, at_most(now_ms), limit])?;
    let sql = format!("SELECT due_at_ms {PENDING_OF_APP} ORDER BY due_at_ms LIMIT 1 OFFSET ?2");
    let next_at_ms = next(&moment, &sql, params![app_id, at_most(deliveries.len())])?;
    Ok(Due {
        deliveries,
        next_at_ms,
    })
}

/// Undecided rows of all apps whose time has come.
pub(super) fn undecided(connection: &Connection, now_ms: u64, limit: usize) -> Result<Due> {
    const OPEN: &str = "FROM delivery WHERE status = 0";
    let moment = connection.unchecked_transaction()?;
    let sql = format!(
        "SELECT {COLUMNS} {OPEN} AND due_at_ms <= ?1 ORDER BY due_at_ms, sequence, kind LIMIT ?2"
    );
    let deliveries = deliveries(&moment, &sql, params![at_most(now_ms), at_most(limit)])?;
    let sql = format!("SELECT due_at_ms {OPEN} ORDER BY due_at_ms LIMIT 1 OFFSET ?1");
    let next_at_ms = next(&moment, &sql, params![at_most(deliveries.len())])?;
    Ok(Due {
        deliveries,
        next_at_ms,
    })
}

/// Gives open rows whose time is after the latest another one.
pub(super) fn bring_forward(connection: &Connection, latest_ms: u64, now_ms: u64) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "UPDATE delivery SET due_at_ms = ?2 WHERE status IN (0, 1) AND due_at_ms > ?1",
    )?;
    statement.execute(params![at_most(latest_ms), at_most(now_ms)])?;
    Ok(())
}

/// Adds an attempt, with what follows. Nothing for a row that is gone.
pub(super) fn record(connection: &Connection, tried: &Tried) -> Result<()> {
    let known = connection
        .prepare_cached("SELECT attempts FROM delivery WHERE id = ?1")?
        .query_row(params![tried.id], |row| {
            decoded(0, attempts(row.get_ref(0)?.as_blob()?))
        })
        .optional()?;
    let Some(mut attempts) = known else {
        return Ok(());
    };
    attempts.push(tried.attempt.clone());
    let (status, due_at_ms, failures) = status_to_row(tried.status);
    connection
        .prepare_cached(
            "UPDATE delivery SET attempts = ?2, status = ?3, due_at_ms = ?4, failures = ?5,
                    changed_at_ms = ?6 WHERE id = ?1",
        )?
        .execute(params![
            tried.id,
            attempts_to_bytes(&attempts),
            status,
            due_at_ms,
            failures,
            at_most(tried.attempt.at_ms),
        ])?;
    Ok(())
}

/// Makes an undecided row pending, or removes it.
pub(super) fn decide(connection: &Connection, decided: &Decided) -> Result<()> {
    if decided.receivers.is_empty() {
        connection
            .prepare_cached("DELETE FROM delivery WHERE id = ?1 AND status = ?2")?
            .execute(params![decided.id, UNDECIDED])?;
        return Ok(());
    }
    connection
        .prepare_cached(
            "UPDATE delivery SET status = ?3, due_at_ms = ?4, failures = 0, receivers = ?5
             WHERE id = ?1 AND status = ?2",
        )?
        .execute(params![
            decided.id,
            UNDECIDED,
            PENDING,
            at_most(decided.next_at_ms),
            receivers_to_bytes(&decided.receivers),
        ])?;
    Ok(())
}

/// Pending rows of all apps, counted no further than that. The index has them app by app.
pub(super) fn backlog(connection: &Connection, count_max: usize) -> Result<usize> {
    let mut statement = connection.prepare_cached(
        "SELECT count(*) FROM
             (SELECT 1 FROM delivery WHERE app_id = ?1 AND status = ?2 LIMIT ?3)",
    )?;
    let mut count = 0;
    let mut app_id = None;
    while count < count_max
        && let Some(next) = next_app(connection, app_id)?
    {
        let left = at_most(count_max - count);
        count +=
            statement.query_row(params![next, PENDING, left], |row| row.get::<_, u32>(0))? as usize;
        app_id = Some(next);
    }
    Ok(count)
}

/// A row that is decided.
pub(super) fn one(connection: &Connection, app_id: AppId, id: &str) -> Result<Option<Delivery>> {
    let sql =
        format!("SELECT {COLUMNS} FROM delivery WHERE id = ?1 AND app_id = ?2 AND status <> 0");
    let found = deliveries(connection, &sql, params![id, app_id.0.cast_signed()])?;
    Ok(found.into_iter().next())
}

/// A page of an app's list.
pub(super) fn list(
    connection: &Connection,
    app_id: AppId,
    wanted: ListDeliveries,
) -> Result<DeliveryPage> {
    let (index, which) = if wanted.only_failed {
        let index = "INDEXED BY delivery_of_status";
        (index, "status = 3 AND due_at_ms = 0")
    } else {
        ("", "status <> 0")
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM delivery {index}
         WHERE app_id = ?1 AND {which} AND (sequence, kind) < (?2, ?3)
         ORDER BY sequence DESC, kind DESC LIMIT ?4"
    );
    let (sequence, kind) = wanted.after.map_or((i64::MAX, i64::MAX), |after| {
        (at_most(after.sequence.0), kind_to_row(after.kind))
    });
    let limit = at_most(wanted.limit.saturating_add(1));
    let app_id = app_id.0.cast_signed();
    let mut deliveries = deliveries(connection, &sql, params![app_id, sequence, kind, limit])?;
    let has_more = deliveries.len() > wanted.limit;
    deliveries.truncate(wanted.limit);
    let last = deliveries.last().filter(|_| has_more);
    let next = last.map(|row| DeliveryCursor {
        sequence: row.sequence,
        kind: row.kind,
    });
    Ok(DeliveryPage { deliveries, next })
}

/// Makes a row pending again; whether there is one.
pub(super) fn replay(
    connection: &Connection,
    app_id: AppId,
    id: &str,
    now_ms: u64,
) -> Result<bool> {
    let count = connection
        .prepare_cached(
            "UPDATE delivery SET status = 1, due_at_ms = ?3, failures = 0
             WHERE id = ?2 AND app_id = ?1 AND status <> 0",
        )?
        .execute(params![app_id.0.cast_signed(), id, at_most(now_ms)])?;
    Ok(count > 0)
}

/// The same with all failed ones of an app; how many.
pub(super) fn replay_failed(connection: &Connection, app_id: AppId, now_ms: u64) -> Result<usize> {
    connection
        .prepare_cached(
            "UPDATE delivery SET status = 1, due_at_ms = ?2, failures = 0
             WHERE app_id = ?1 AND status = 3",
        )?
        .execute(params![app_id.0.cast_signed(), at_most(now_ms)])
}

/// Removes open rows of a kind; how many.
pub(super) fn clear(connection: &Connection, app_id: AppId, kind: DeliveryKind) -> Result<usize> {
    connection
        .prepare_cached(
            "DELETE FROM delivery WHERE app_id = ?1 AND status IN (0, 1) AND kind = ?2",
        )?
        .execute(params![app_id.0.cast_signed(), kind_to_row(kind)])
}

/// Removes all rows of an app.
pub(super) fn forget(connection: &Connection, app_id: AppId) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM delivery WHERE app_id = ?1")?
        .execute(params![app_id.0.cast_signed()])?;
    Ok(())
}

/// Removes finished rows that are old or too many; how many.
pub(super) fn prune(connection: &Connection, before_ms: u64, per_app_max: usize) -> Result<usize> {
    let mut count = 0;
    let mut app_id = None;
    while let Some(next) = next_app(connection, app_id)? {
        for status in [DELIVERED, FAILED] {
            count += prune_app(connection, next, status, per_app_max)?;
        }
        app_id = Some(next);
    }
    count += connection
        .prepare_cached("DELETE FROM delivery WHERE status >= 2 AND changed_at_ms < ?1")?
        .execute(params![at_most(before_ms)])?;
    Ok(count)
}

/// The app after one, as it is in rows.
fn next_app(connection: &Connection, after: Option<i64>) -> Result<Option<i64>> {
    let Some(after) = after else {
        return connection
            .prepare_cached("SELECT min(app_id) FROM delivery")?
            .query_row([], |row| row.get(0));
    };
    connection
        .prepare_cached("SELECT min(app_id) FROM delivery WHERE app_id > ?1")?
        .query_row(params![after], |row| row.get(0))
}

fn prune_app(
    connection: &Connection,
    app_id: i64,
    status: i64,
    per_app_max: usize,
) -> Result<usize> {
    connection
        .prepare_cached(
            "DELETE FROM delivery WHERE app_id = ?1 AND status = ?2 AND due_at_ms = 0
             AND (sequence, kind) <= (
                 SELECT sequence, kind FROM delivery
                 WHERE app_id = ?1 AND status = ?2 AND due_at_ms = 0
                 ORDER BY sequence DESC, kind DESC LIMIT 1 OFFSET ?3
             )",
        )?
        .execute(params![app_id, status, at_most(per_app_max)])
}

const COLUMNS: &str = "id, app_id, kind, sequence, a, b, status, due_at_ms, failures,
    created_at_ms, attempts, receivers";

fn deliveries(connection: &Connection, sql: &str, params: impl Params) -> Result<Vec<Delivery>> {
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_map(params, delivery)?.collect()
}

fn delivery(row: &Row<'_>) -> Result<Delivery> {
    let a = unsigned(row, 4)?;
    let b = row.get::<_, Option<i64>>(5)?;
    let due_at_ms = unsigned(row, 7)?;
    Ok(Delivery {
        id: row.get(0)?,
        app_id: AppId(unsigned(row, 1)?),
        kind: match row.get::<_, i64>(2)? {
            0 => DeliveryKind::Instant,
            _ => DeliveryKind::Offline,
        },
        sequence: Sequence(unsigned(row, 3)?),
        conversation: match b {
            Some(b) => Conversation::Pair(Uuid(a), Uuid(b.cast_unsigned())),
            None => Conversation::Topic(TopicId(a)),
        },
        status: match row.get(6)? {
            UNDECIDED => DeliveryStatus::Undecided {
                until_ms: due_at_ms,
            },
            PENDING => DeliveryStatus::Pending {
                next_at_ms: due_at_ms,
                failures: row.get(8)?,
            },
            DELIVERED => DeliveryStatus::Delivered,
            _ => DeliveryStatus::Failed,
        },
        created_at_ms: unsigned(row, 9)?,
        attempts: decoded(10, attempts(row.get_ref(10)?.as_blob()?))?,
        receivers: decoded(11, receivers(row.get_ref(11)?.as_blob()?))?,
    })
}

/// `status`, `due_at_ms` and `failures`.
fn status_to_row(status: DeliveryStatus) -> (i64, i64, u32) {
    match status {
        DeliveryStatus::Undecided { until_ms } => (UNDECIDED, at_most(until_ms), 0),
        DeliveryStatus::Pending {
            next_at_ms,
            failures,
        } => (PENDING, at_most(next_at_ms), failures),
        DeliveryStatus::Delivered => (DELIVERED, 0, 0),
        DeliveryStatus::Failed => (FAILED, 0, 0),
    }
}

fn kind_to_row(kind: DeliveryKind) -> i64 {
    match kind {
        DeliveryKind::Instant => 0,
        DeliveryKind::Offline => 1,
    }
}

fn next(connection: &Connection, sql: &str, params: impl Params) -> Result<Option<u64>> {
    let mut statement = connection.prepare_cached(sql)?;
    let next = statement.query_row(params, |row| unsigned(row, 0));
    next.optional()
}

fn unsigned(row: &Row<'_>, column: usize) -> Result<u64> {
    Ok(row.get::<_, i64>(column)?.cast_unsigned())
}

fn decoded<T>(column: usize, decoded: std::result::Result<T, Malformed>) -> Result<T> {
    decoded.map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, Box::new(error))
    })
}
