//! Data export and account deletion (docs/contract.md, Export and deletion).

use domain::{Client, DeleteAccountError, ExportError, Identity};
use serde_json::{Map, Value, json};

use crate::admin::authorization::{is_last_owner, lock_owners};
use crate::audit::event::Event;
use crate::error::{Failure, Problem};
use crate::portal::Portal;
use crate::sessions::authenticate::Person;
use crate::store::sql::database::Transaction;
use crate::store::tables::{identity, login_code, own_data};

impl Portal {
    /// Returns everything Portal stores about the person, grouped by part.
    ///
    /// The export contains no secrets, and other people's actions appear without their identity.
    /// Requires a fresh login.
    ///
    /// # Errors
    /// See [`ExportError`].
    pub async fn export(
        &self,
        person: &Person,
        client: &Client,
    ) -> Result<Map<String, Value>, Problem<ExportError>> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        let Some(person) = self.session_if_live(&mut transaction, person, now).await? else {
            return Err(Problem::Refused(ExportError::SignedOut));
        };
        if !person.session.is_fresh(now) {
            return Err(Problem::Refused(ExportError::NotFresh));
        }
        let id = person.user.id;
        Event::DataExported { user: id }
            .record(&mut transaction, Some(client), now)
            .await?;
        let mut export = own_data::all(&mut transaction, id).await?;
        transaction.commit().await?;
        export.insert("exported_at".to_owned(), json!(now));
        Ok(export)
    }

    /// Deletes the person's account.
    ///
    /// Frees the person's names and ends their sessions, codes and links. Only audit log rows
    /// remain, and they contain only IDs. Requires a fresh login.
    ///
    /// # Errors
    /// See [`DeleteAccountError`].
    pub async fn delete_account(
        &self,
        person: &Person,
        client: &Client,
    ) -> Result<(), Problem<DeleteAccountError>> {
        let refused = |error| Err(Problem::Refused(error));
        let now = self.now();
        let mut transaction = self.begin().await?;
        lock_owners(&mut transaction).await?;
        let Some(person) = self.session_if_live(&mut transaction, person, now).await? else {
            return refused(DeleteAccountError::SignedOut);
        };
        if !person.session.is_fresh(now) {
            return refused(DeleteAccountError::NotFresh);
        }
        if is_last_owner(&mut transaction, &person.user, now).await? {
            return refused(DeleteAccountError::LastOwner);
        }
        let id = person.user.id;
        if own_data::owns_bots(&mut transaction, id).await? {
            return refused(DeleteAccountError::OwnsBots);
        }
        self.end_codes_of(&mut transaction, &person).await?;
        own_data::delete(&mut transaction, id).await?;
        Event::AccountDeleted { user: id }
            .record(&mut transaction, Some(client), now)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Ends a person's pending codes: those for their identities and those that link a platform.
    async fn end_codes_of(
        &self,
        transaction: &mut Transaction,
        person: &Person,
    ) -> Result<(), Failure> {
        let now = self.now();
        let broken = || Failure::Internal("an identity that can't be was linked".into());
        for linked in identity::of_user(transaction, person.user.id).await? {
            let identity = Identity {
                platform: linked.platform.parse().map_err(|_| broken())?,
                user_id: linked.platform_user_id.parse().map_err(|_| broken())?,
            };
            login_code::end_all_of(transaction, &identity, "deleted", now).await?;
        }
        login_code::end_links_of(transaction, person.user.id, now).await?;
        Ok(())
    }
}
