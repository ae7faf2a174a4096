use std::time::Duration;

use tokio::time::timeout;

use crate::Portal;

/// How the portal is (contract section 7, `GET /health`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    Healthy,
    /// The database doesn't answer: nobody can log in.
    Unhealthy,
}

impl Portal {
    /// Asks the database, for a second at most.
    pub async fn health(&self) -> Health {
        let asked = async {
            let mut connection = self.database.read().await?;
            sqlx::query("select 1").execute(&mut *connection).await
        };
        match timeout(Duration::from_secs(1), asked).await {
            Ok(Ok(_)) => Health::Healthy,
            Ok(Err(_)) | Err(_) => Health::Unhealthy,
        }
    }
}
