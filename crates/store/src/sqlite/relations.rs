//! Relations, through the same connections as apps and accounts.

use async_trait::async_trait;
use chat::port::{Relations, StoreError};
use model::{Conversation, Sequence, TopicId, Uuid};
use rusqlite::{Connection, Row, params};

use super::SqliteDirectory;
use super::rows::at_most;

/// `hidden.kind` of two accounts, whose uuids are `a` and `b`.
const PAIR: i64 = 0;
/// `hidden.kind` of a topic, whose id is `a`; `b` is 0.
const TOPIC: i64 = 1;

#[async_trait]
impl Relations for SqliteDirectory {
    async fn blocked(&self, owner: Uuid) -> Result<Vec<Uuid>, StoreError> {
        self.database
            .read(move |connection| blocked(connection, owner))
            .await
    }

    async fn set_blocked(
        &self,
        owner: Uuid,
        other: Uuid,
        is_blocked: bool,
    ) -> Result<(), StoreError> {
        self.database
            .write(move |connection| set_blocked(connection, owner, other, is_blocked))
            .await
    }

    async fn hidden(&self, owner: Uuid) -> Result<Vec<(Conversation, Sequence)>, StoreError> {
        self.database
            .read(move |connection| hidden(connection, owner))
            .await
    }

    async fn hide(
        &self,
        owner: Uuid,
        conversation: Conversation,
        up_to: Sequence,
    ) -> Result<(), StoreError> {
        self.database
            .write(move |connection| hide(connection, owner, conversation, up_to))
            .await
    }
}

fn blocked(connection: &Connection, owner: Uuid) -> rusqlite::Result<Vec<Uuid>> {
    connection
        .prepare_cached("SELECT other FROM blacklist WHERE owner = ?1")?
        .query_map(params![owner.0.cast_signed()], |row| {
            Ok(Uuid(row.get::<_, i64>(0)?.cast_unsigned()))
        })?
        .collect()
}

fn set_blocked(
    connection: &Connection,
    owner: Uuid,
    other: Uuid,
    is_blocked: bool,
) -> rusqlite::Result<()> {
    let sql = if is_blocked {
        "INSERT INTO blacklist (owner, other) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
    } else {
        "DELETE FROM blacklist WHERE owner = ?1 AND other = ?2"
    };
    connection
        .prepare_cached(sql)?
        .execute(params![owner.0.cast_signed(), other.0.cast_signed()])?;
    Ok(())
}

fn hidden(connection: &Connection, owner: Uuid) -> rusqlite::Result<Vec<(Conversation, Sequence)>> {
    connection
        .prepare_cached("SELECT kind, a, b, up_to FROM hidden WHERE owner = ?1")?
        .query_map(params![owner.0.cast_signed()], |row| {
            let up_to = row.get::<_, i64>(3)?.cast_unsigned();
            Ok((conversation(row)?, Sequence(up_to)))
        })?
        .collect()
}

fn hide(
    connection: &Connection,
    owner: Uuid,
    conversation: Conversation,
    up_to: Sequence,
) -> rusqlite::Result<()> {
    let (kind, a, b) = match conversation {
        Conversation::Pair(one, other) => (PAIR, one.0, other.0),
        Conversation::Topic(topic) => (TOPIC, topic.0, 0),
    };
    connection
        .prepare_cached(
            "INSERT INTO hidden (owner, kind, a, b, up_to) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET up_to = max(up_to, excluded.up_to)",
        )?
        .execute(params![
            owner.0.cast_signed(),
            kind,
            a.cast_signed(),
            b.cast_signed(),
            at_most(up_to.0),
        ])?;
    Ok(())
}

fn conversation(row: &Row<'_>) -> rusqlite::Result<Conversation> {
    let a = row.get::<_, i64>(1)?.cast_unsigned();
    let b = row.get::<_, i64>(2)?.cast_unsigned();
    Ok(match row.get::<_, i64>(0)? {
        TOPIC => Conversation::Topic(TopicId(a)),
        _ => Conversation::Pair(Uuid(a), Uuid(b)),
    })
}
