use domain::UserId;

use crate::error::Failure;
use crate::store::confusables::edition;
use crate::store::sql::database::Database;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::tables::installation;
use crate::store::tables::name::{self, NameKind};

/// How many people one transaction updates, so other writers don't wait long.
const BATCH_SIZE: i64 = 500;

/// Recomputes the skeletons and search keys of all names if they were made with another Unicode
/// version, or never: on the first start of a version that compares names.
pub(crate) async fn reindex(database: &Database) -> Result<(), Failure> {
    let edition = edition();
    let stored = installation::names_edition(&mut database.read().await?).await?;
    if stored.as_deref() == Some(edition.as_bytes()) {
        return Ok(());
    }
    let mut after = UserId::from_i64(0);
    loop {
        let mut transaction = database.begin().await?;
        // Without the lock, a concurrent change of a name would be overwritten.
        row_lock::acquire(&mut transaction, RowLock::PeoplesNames).await?;
        let people = name::page_of_people(&mut transaction, after, BATCH_SIZE).await?;
        for person in &people {
            name::put(
                &mut transaction,
                person.id,
                NameKind::Username,
                &person.username,
            )
            .await?;
            if person.display != person.username {
                name::put(
                    &mut transaction,
                    person.id,
                    NameKind::Display,
                    &person.display,
                )
                .await?;
            }
            after = person.id;
        }
        if people.is_empty() {
            installation::set_names_edition(&mut transaction, edition.as_bytes()).await?;
            transaction.commit().await?;
            return Ok(());
        }
        transaction.commit().await?;
    }
}
