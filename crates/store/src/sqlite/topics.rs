//! Statements about topics and their members.

use chat::port::TopicChange;
use model::{AppId, Member, Membership, Party, Roster, Sequence, Topic, TopicId, Uuid};
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::rows::{account_name, at_most};

/// Makes a change; an error for one that is impossible. The caller's transaction makes it one
/// step with others.
pub(super) fn change(
    connection: &Connection,
    id: TopicId,
    change: &TopicChange,
    at: Sequence,
) -> Result<()> {
    if let TopicChange::Create(topic) = change {
        return insert_topic(connection, topic);
    }
    expect_topic(connection, id)?;
    match change {
        TopicChange::Create(_) => Ok(()),
        TopicChange::Join(parties) => parties
            .iter()
            .try_for_each(|party| join(connection, id, party, at)),
        TopicChange::Leave(uuids) => uuids
            .iter()
            .try_for_each(|uuid| leave(connection, id, *uuid, at)),
        TopicChange::Describe(topic) => describe(connection, topic),
        TopicChange::Dismiss => dismiss(connection, id, at),
    }
}

/// Notes at which place a change was made.
pub(super) fn raise_boundary(connection: &Connection, at: Sequence) -> Result<()> {
    connection
        .prepare_cached("UPDATE boundary SET last = max(last, ?1)")?
        .execute(params![at_most(at.0)])?;
    Ok(())
}

/// The highest place at which a change was made.
pub(super) fn last_boundary(connection: &Connection) -> Result<Sequence> {
    connection.query_row("SELECT last FROM boundary", [], |row| sequence(row, 0))
}

fn insert_topic(connection: &Connection, topic: &Topic) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO topic (id, app_id, owner, owner_account, name, bulletin, extra,
                    created_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            topic.id.0.cast_signed(),
            topic.app_id.0.cast_signed(),
            topic.owner.uuid.0.cast_signed(),
            &*topic.owner.account,
            topic.name,
            topic.bulletin,
            topic.extra,
            topic.created_at_ms.cast_signed(),
        ])?;
    Ok(())
}

fn expect_topic(connection: &Connection, id: TopicId) -> Result<()> {
    connection
        .prepare_cached("SELECT 1 FROM topic WHERE id = ?1 AND dismissed_at IS NULL")?
        .query_row(params![id.0.cast_signed()], |_| Ok(()))
}

fn join(connection: &Connection, id: TopicId, party: &Party, at: Sequence) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO member (topic, uuid, account, joined) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![
            id.0.cast_signed(),
            party.uuid.0.cast_signed(),
            &*party.account,
            at_most(at.0),
        ])?;
    Ok(())
}

fn leave(connection: &Connection, id: TopicId, uuid: Uuid, at: Sequence) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE member SET left = ?3 WHERE topic = ?1 AND uuid = ?2 AND left IS NULL",
        )?
        .execute(params![
            id.0.cast_signed(),
            uuid.0.cast_signed(),
            at_most(at.0)
        ])?;
    Ok(())
}

fn describe(connection: &Connection, topic: &Topic) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE topic SET owner = ?2, owner_account = ?3, name = ?4, bulletin = ?5, extra = ?6
             WHERE id = ?1",
        )?
        .execute(params![
            topic.id.0.cast_signed(),
            topic.owner.uuid.0.cast_signed(),
            &*topic.owner.account,
            topic.name,
            topic.bulletin,
            topic.extra,
        ])?;
    Ok(())
}

fn dismiss(connection: &Connection, id: TopicId, at: Sequence) -> Result<()> {
    for sql in [
        "UPDATE topic SET dismissed_at = ?2 WHERE id = ?1",
        "UPDATE member SET left = ?2 WHERE topic = ?1 AND left IS NULL",
    ] {
        connection
            .prepare_cached(sql)?
            .execute(params![id.0.cast_signed(), at_most(at.0)])?;
    }
    Ok(())
}

const TOPIC: &str = "SELECT topic.id, topic.app_id, topic.owner, topic.owner_account, topic.name,
    topic.bulletin, topic.extra, topic.created_at_ms FROM topic";

/// A topic that goes on, with its members in join order.
pub(super) fn roster(connection: &Connection, id: TopicId) -> Result<Option<Roster>> {
    // Both statements see the same moment.
    let moment = connection.unchecked_transaction()?;
    let found = moment
        .prepare_cached(&format!("{TOPIC} WHERE id = ?1 AND dismissed_at IS NULL"))?
        .query_row(params![id.0.cast_signed()], topic)
        .optional()?;
    let Some(topic) = found else { return Ok(None) };
    let mut statement = moment.prepare_cached(
        "SELECT uuid, account, joined FROM member WHERE topic = ?1 AND left IS NULL
         ORDER BY position",
    )?;
    let members = statement.query_map(params![id.0.cast_signed()], |row| {
        Ok(Member {
            party: party(row, 0)?,
            joined: sequence(row, 2)?,
        })
    })?;
    let members = members.collect::<Result<_>>()?;
    Ok(Some(Roster { topic, members }))
}

/// Who was in a topic at a place, in join order.
pub(super) fn members_at(connection: &Connection, id: TopicId, at: Sequence) -> Result<Vec<Party>> {
    let mut statement = connection.prepare_cached(
        "SELECT uuid, account FROM member
         WHERE topic = ?1 AND joined < ?2 AND (left IS NULL OR left > ?2) ORDER BY position",
    )?;
    statement
        .query_map(params![id.0.cast_signed(), at_most(at.0)], |row| {
            party(row, 0)
        })?
        .collect()
}

/// The times of an account in topics, in join order, but those that ended up to a place.
pub(super) fn of_account(
    connection: &Connection,
    uuid: Uuid,
    after: Sequence,
) -> Result<Vec<Membership>> {
    let mut statement = connection.prepare_cached(
        "SELECT topic, joined, left FROM member
         WHERE uuid = ?1 AND (left IS NULL OR left > ?2) ORDER BY position",
    )?;
    let times = statement.query_map(params![uuid.0.cast_signed(), at_most(after.0)], |row| {
        let left = row.get::<_, Option<i64>>(2)?;
        Ok(Membership {
            topic: TopicId(row.get::<_, i64>(0)?.cast_unsigned()),
            joined: sequence(row, 1)?,
            left: left.map(|left| Sequence(left.cast_unsigned())),
        })
    })?;
    times.collect()
}

/// The topics an account is in, in the order in which it joined them.
pub(super) fn topics_of(connection: &Connection, uuid: Uuid) -> Result<Vec<Topic>> {
    let mut statement = connection.prepare_cached(&format!(
        "{TOPIC} JOIN member ON member.topic = topic.id
         WHERE member.uuid = ?1 AND member.left IS NULL ORDER BY member.position"
    ))?;
    statement
        .query_map(params![uuid.0.cast_signed()], topic)?
        .collect()
}

/// How many members a topic has.
pub(super) fn size(connection: &Connection, id: TopicId) -> Result<usize> {
    let count: u32 = connection
        .prepare_cached("SELECT count(*) FROM member WHERE topic = ?1 AND left IS NULL")?
        .query_row(params![id.0.cast_signed()], |row| row.get(0))?;
    Ok(count as usize)
}

/// An app's topics in the order of their ids, after one.
pub(super) fn list(
    connection: &Connection,
    app_id: AppId,
    after: Option<TopicId>,
    limit: usize,
) -> Result<Vec<Topic>> {
    let mut statement = connection.prepare_cached(&format!(
        "{TOPIC} WHERE app_id = ?1 AND id > ?2 AND dismissed_at IS NULL ORDER BY id LIMIT ?3"
    ))?;
    let after = after.map_or(-1, |after| at_most(after.0));
    statement
        .query_map(
            params![app_id.0.cast_signed(), after, at_most(limit)],
            topic,
        )?
        .collect()
}

/// Forgets times that ended before a place, and dismissed topics that nobody is known to have been
/// in.
pub(super) fn prune(connection: &Connection, before: Sequence) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM member WHERE left < ?1")?
        .execute(params![at_most(before.0)])?;
    connection
        .prepare_cached(
            "DELETE FROM topic WHERE dismissed_at IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM member WHERE member.topic = topic.id)",
        )?
        .execute([])?;
    Ok(())
}

fn topic(row: &Row<'_>) -> Result<Topic> {
    Ok(Topic {
        id: TopicId(row.get::<_, i64>(0)?.cast_unsigned()),
        app_id: AppId(row.get::<_, i64>(1)?.cast_unsigned()),
        owner: party(row, 2)?,
        name: row.get(4)?,
        bulletin: row.get(5)?,
        extra: row.get(6)?,
        created_at_ms: row.get::<_, i64>(7)?.cast_unsigned(),
    })
}

/// A uuid and the name in the column after it.
fn party(row: &Row<'_>, column: usize) -> Result<Party> {
    Ok(Party {
        uuid: Uuid(row.get::<_, i64>(column)?.cast_unsigned()),
        account: account_name(row, column + 1)?,
    })
}

fn sequence(row: &Row<'_>, column: usize) -> Result<Sequence> {
    Ok(Sequence(row.get::<_, i64>(column)?.cast_unsigned()))
}
