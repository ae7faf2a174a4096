use std::time::{Duration, Instant};

use crate::store::sql::pool::PoolStats;
use domain::{AdminActionError, PermissionLevel};
use tokio::time::timeout;

use crate::error::Problem;
use crate::portal::Portal;
use crate::sessions::authenticate::Person;
use crate::store::sql::connection::{query, scalar};
use crate::store::sql::database::Engine;

/// The portal's health (docs/contract.md, Health, `GET /health`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    Healthy,
    /// The database doesn't respond, so logins fail.
    Unhealthy,
}

/// Health with details, for admins.
#[derive(Clone, Debug)]
pub struct HealthReport {
    pub health: Health,
    pub engine: Engine,
    /// The version of the database engine.
    pub version: String,
    /// The newest migration that was applied.
    pub migration: i64,
    pub answered_in: Duration,
    /// The connection pools of this server.
    pub pools: Vec<PoolStats>,
    /// Emails waiting to be sent.
    pub mail_waiting: i64,
}

impl Portal {
    /// Queries the database, with a timeout of one second.
    pub async fn health(&self) -> Health {
        let asked = async {
            let mut connection = self.database.read().await?;
            query("select 1").execute(&mut connection).await
        };
        match timeout(Duration::from_secs(1), asked).await {
            Ok(Ok(_)) => Health::Healthy,
            Ok(Err(_)) | Err(_) => Health::Unhealthy,
        }
    }

    /// Health with details (docs/contract.md, Health).
    ///
    /// # Errors
    /// See [`Portal::may_administer`].
    pub async fn health_report(
        &self,
        person: &Person,
    ) -> Result<HealthReport, Problem<AdminActionError>> {
        self.may_administer(person, PermissionLevel::Admin)
            .map_err(Problem::Refused)?;
        let begun = Instant::now();
        let health = self.health().await;
        let answered_in = begun.elapsed();
        let engine = self.database.engine();
        let mut connection = self.database.read().await?;
        let version = scalar(engine.version_query())
            .fetch_one(&mut connection)
            .await?;
        let migration = scalar("select max(version) from _sqlx_migrations")
            .fetch_one(&mut connection)
            .await?;
        let mail_waiting = scalar("select count(*) from mail_queue")
            .fetch_one(&mut connection)
            .await?;
        Ok(HealthReport {
            health,
            engine,
            version,
            migration,
            answered_in,
            pools: self.database.pools(),
            mail_waiting,
        })
    }
}
