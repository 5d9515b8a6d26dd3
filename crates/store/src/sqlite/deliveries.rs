//! What is owed to the apps' servers.

mod attempts;
mod rows;

use std::path::Path;

use async_trait::async_trait;
use chat::port::{
    Decided, Deliveries, Delivery, DeliveryKind, DeliveryPage, Due, ListDeliveries, StoreError,
    Tried,
};
use model::{AppId, Sequence};

use super::database::Database;
use super::schema::Schema;
use crate::embedded::OpenError;

/// The file `callbacks.db`.
pub(crate) const DELIVERIES: Schema = Schema {
    file: "callbacks.db",
    steps: &[FIRST],
    tables: &["position", "delivery"],
};

/// The order of the primary key is that of an app's list. Rows that are finished are due at 0, so
/// that `delivery_of_status` has those of a status in that order as well.
const FIRST: &str = "
    CREATE TABLE position (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        sequence INTEGER NOT NULL
    ) STRICT;
    INSERT INTO position (one, sequence) VALUES (1, 0);

    CREATE TABLE delivery (
        app_id INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        id TEXT NOT NULL UNIQUE,
        a INTEGER NOT NULL,
        b INTEGER,
        status INTEGER NOT NULL,
        due_at_ms INTEGER NOT NULL,
        failures INTEGER NOT NULL,
        created_at_ms INTEGER NOT NULL,
        changed_at_ms INTEGER NOT NULL,
        attempts BLOB NOT NULL,
        receivers BLOB NOT NULL,
        PRIMARY KEY (app_id, sequence, kind)
    ) WITHOUT ROWID, STRICT;
    CREATE INDEX delivery_of_status ON delivery (app_id, status, due_at_ms, sequence, kind);
    CREATE INDEX delivery_undecided ON delivery (due_at_ms, sequence, kind) WHERE status = 0;
    CREATE INDEX delivery_finished ON delivery (changed_at_ms) WHERE status >= 2;
";

/// See [`crate::sqlite`].
pub struct SqliteDeliveries {
    database: Database,
}

impl SqliteDeliveries {
    /// Opens a database, or makes it. `keep` lives as long as the connection that writes.
    pub(crate) fn open(path: &Path, keep: impl Send + 'static) -> Result<Self, OpenError> {
        let database = Database::open(path, &DELIVERIES, keep)?;
        Ok(Self { database })
    }

    /// Finishes what waits and leaves one file without a WAL. Nothing can be read or written
    /// after.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.database.close().await
    }
}

#[async_trait]
impl Deliveries for SqliteDeliveries {
    async fn position(&self) -> Result<Sequence, StoreError> {
        self.database.read(rows::position).await
    }

    async fn take_in(&self, position: Sequence, rows: Vec<Delivery>) -> Result<(), StoreError> {
        self.database
            .write(move |connection| {
                for row in &rows {
                    rows::insert(connection, row)?;
                }
                rows::raise_position(connection, position)
            })
            .await
    }

    async fn waiting(&self) -> Result<Vec<(AppId, u64)>, StoreError> {
        self.database.read(rows::waiting).await
    }

    async fn due(&self, app_id: AppId, now_ms: u64, limit: usize) -> Result<Due, StoreError> {
        self.database
            .read(move |connection| rows::due(connection, app_id, now_ms, limit))
            .await
    }

    async fn undecided(&self, now_ms: u64, limit: usize) -> Result<Due, StoreError> {
        self.database
            .read(move |connection| rows::undecided(connection, now_ms, limit))
            .await
    }

    async fn bring_forward(&self, latest_ms: u64, now_ms: u64) -> Result<(), StoreError> {
        self.database
            .write(move |connection| rows::bring_forward(connection, latest_ms, now_ms))
            .await
    }

    async fn record(&self, tried: Vec<Tried>) -> Result<(), StoreError> {
        self.database
            .write(move |connection| {
                tried
                    .iter()
                    .try_for_each(|tried| rows::record(connection, tried))
            })
            .await
    }

    async fn decide(&self, decided: Vec<Decided>) -> Result<(), StoreError> {
        self.database
            .write(move |connection| {
                decided
                    .iter()
                    .try_for_each(|decided| rows::decide(connection, decided))
            })
            .await
    }

    async fn backlog(&self, count_max: usize) -> Result<usize, StoreError> {
        self.database
            .read(move |connection| rows::backlog(connection, count_max))
            .await
    }

    async fn delivery(&self, app_id: AppId, id: &str) -> Result<Option<Delivery>, StoreError> {
        let id = id.to_owned();
        self.database
            .read(move |connection| rows::one(connection, app_id, &id))
            .await
    }

    async fn list(
        &self,
        app_id: AppId,
        wanted: ListDeliveries,
    ) -> Result<DeliveryPage, StoreError> {
        self.database
            .read(move |connection| rows::list(connection, app_id, wanted))
            .await
    }

    async fn replay(&self, app_id: AppId, id: &str, now_ms: u64) -> Result<bool, StoreError> {
        let id = id.to_owned();
        self.database
            .write(move |connection| rows::replay(connection, app_id, &id, now_ms))
            .await
    }

    async fn replay_failed(&self, app_id: AppId, now_ms: u64) -> Result<usize, StoreError> {
        self.database
            .write(move |connection| rows::replay_failed(connection, app_id, now_ms))
            .await
    }

    async fn clear(&self, app_id: AppId, kind: DeliveryKind) -> Result<usize, StoreError> {
        self.database
            .write(move |connection| rows::clear(connection, app_id, kind))
            .await
    }

    async fn forget(&self, app_id: AppId) -> Result<(), StoreError> {
        self.database
            .write(move |connection| rows::forget(connection, app_id))
            .await
    }

    async fn prune(&self, before_ms: u64, per_app_max: usize) -> Result<usize, StoreError> {
        self.database
            .write(move |connection| rows::prune(connection, before_ms, per_app_max))
            .await
    }
}
