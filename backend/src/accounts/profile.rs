//! Usernames, display names and profiles (docs/contract.md, Accounts).

use crate::store::confusables::is_taken_for;
use domain::{
    Bio, BioError, Client, DisplayName, Links, LinksError, NewDisplayError, NewUsernameError,
    NotLinkedError, SafeUrl, Timestamp, User, UserId, Username, UsernameError,
};
use serde_json::json;

use crate::audit::event::Event;
use crate::error::Failure;
use crate::portal::Portal;
use crate::sessions::authenticate::Person;
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::tables::identity::{self, LinkedPlatform};
use crate::store::tables::name::{self, NameKind};
use crate::store::tables::profile::{self, Profile};
use crate::store::tables::user;

/// A profile update. `None` leaves a field unchanged.
#[derive(Clone, Debug, Default)]
pub struct ProfileUpdate<'a> {
    pub username: Option<&'a str>,
    /// Empty to show the username.
    pub display: Option<&'a str>,
    /// Empty to clear.
    pub bio: Option<&'a str>,
    pub links: Option<Vec<&'a str>>,
    /// Name of a linked platform; empty for the first one that has a picture.
    pub avatar_source: Option<&'a str>,
}

/// Errors of the fields that couldn't be updated. The other fields are updated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProfileErrors {
    pub username: Option<NewUsernameError>,
    pub display: Option<NewDisplayError>,
    pub bio: Option<BioError>,
    pub links: Option<LinksError>,
    pub avatar_source: Option<NotLinkedError>,
}

impl ProfileErrors {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Portal {
    /// Returns a person's profile with their avatar.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn profile(&self, id: UserId) -> Result<Profile, Failure> {
        let mut connection = self.database.read().await?;
        let found = profile::by_id(&mut connection, id).await?;
        Ok(found.map(|(_, profile)| profile).unwrap_or_default())
    }

    /// Updates the profile field by field and returns the updated person with the errors per field.
    ///
    /// `None` if the session has ended meanwhile. No fresh login is required, because none of the
    /// fields grants access.
    ///
    /// # Errors
    /// Returns a [`Failure`] if the database can't be written. Then nothing is changed.
    pub async fn update_profile(
        &self,
        person: &Person,
        update: &ProfileUpdate<'_>,
        client: &Client,
    ) -> Result<Option<(User, ProfileErrors)>, Failure> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        if update.username.is_some() || update.display.is_some() {
            // Lock order: registration also takes this lock before it writes the person's row.
            row_lock::acquire(&mut transaction, RowLock::PeoplesNames).await?;
        }
        let Some(Person { user, .. }) = self.session_if_live(&mut transaction, person, now).await?
        else {
            return Ok(None);
        };
        let mut change = Change {
            portal: self,
            transaction: &mut transaction,
            user,
            fields: Vec::new(),
            now,
        };
        let errors = change.all(update).await?;
        let (id, fields) = (change.user.id, json!(change.fields).to_string());
        if !change.fields.is_empty() {
            let event = Event::ProfileChanged {
                user: id,
                fields: &fields,
            };
            event.record(&mut transaction, Some(client), now).await?;
        }
        let changed = user::by_id(&mut transaction, id).await?;
        transaction.commit().await?;
        let changed = changed.ok_or_else(|| Failure::Internal("the person is gone".into()))?;
        Ok(Some((changed, errors)))
    }
}

/// A profile update in progress.
struct Change<'a> {
    portal: &'a Portal,
    transaction: &'a mut Transaction,
    /// The person before the update, with the names set so far.
    user: User,
    /// Names of the changed fields.
    fields: Vec<&'static str>,
    now: Timestamp,
}

impl Change<'_> {
    async fn all(&mut self, update: &ProfileUpdate<'_>) -> Result<ProfileErrors, Failure> {
        let mut errors = ProfileErrors::default();
        if let Some(username) = update.username {
            errors.username = self.username(username).await?.err();
        }
        if let Some(display) = update.display {
            errors.display = self.display(display).await?.err();
        }
        let id = self.user.id;
        let found = profile::by_id(self.transaction, id).await?;
        let before = found.map(|(_, profile)| profile).unwrap_or_default();
        if let Some(bio) = update.bio {
            errors.bio = self.bio(bio, &before).await?.err();
        }
        if let Some(links) = &update.links {
            errors.links = self.links(links, &before).await?.err();
        }
        if let Some(source) = update.avatar_source {
            errors.avatar_source = self.avatar_source(source).await?.err();
        }
        Ok(errors)
    }

    async fn username(&mut self, typed: &str) -> Result<Result<(), NewUsernameError>, Failure> {
        if typed == self.user.username {
            return Ok(Ok(()));
        }
        let malformed = |error| Ok(Err(NewUsernameError::Malformed(error)));
        let username: Username = match typed.parse() {
            Ok(username) => username,
            Err(error) => return malformed(error),
        };
        let id = self.user.id;
        // A person who was given a reserved username may change its letter case.
        let same = username.key() == self.user.username.to_ascii_lowercase();
        if username.is_reserved() && !same {
            return malformed(UsernameError::Reserved);
        }
        let holder = user::by_name(self.transaction, &username).await?;
        if holder.is_some_and(|holder| holder.id != id) {
            return Ok(Err(NewUsernameError::Taken));
        }
        if name::is_confusable(self.transaction, username.as_str(), id).await? && !same {
            return Ok(Err(NewUsernameError::LooksLikeAnothers));
        }
        profile::set_username(self.transaction, id, &username, self.now).await?;
        name::put(self.transaction, id, NameKind::Username, username.as_str()).await?;
        if !name::has_display(self.transaction, id).await? {
            username.as_str().clone_into(&mut self.user.display);
        }
        username.as_str().clone_into(&mut self.user.username);
        self.fields.push("username");
        Ok(Ok(()))
    }

    async fn display(&mut self, typed: &str) -> Result<Result<(), NewDisplayError>, Failure> {
        let id = self.user.id;
        if typed == self.user.display {
            return Ok(Ok(()));
        }
        if typed.is_empty() || typed == self.user.username {
            if name::has_display(self.transaction, id).await? {
                profile::set_display(self.transaction, id, None, self.now).await?;
                name::remove_display(self.transaction, id).await?;
                self.fields.push("display");
            }
            return Ok(Ok(()));
        }
        let display: DisplayName = match typed.parse() {
            Ok(display) => display,
            Err(error) => return Ok(Err(NewDisplayError::Malformed(error))),
        };
        if self
            .portal
            .is_reserved_display(&display, &self.user.username)
        {
            return Ok(Err(NewDisplayError::Reserved));
        }
        if name::is_confusable(self.transaction, display.as_str(), id).await? {
            return Ok(Err(NewDisplayError::LooksLikeAnothers));
        }
        profile::set_display(self.transaction, id, Some(&display), self.now).await?;
        name::put(self.transaction, id, NameKind::Display, display.as_str()).await?;
        self.fields.push("display");
        Ok(Ok(()))
    }

    async fn bio(
        &mut self,
        typed: &str,
        before: &Profile,
    ) -> Result<Result<(), BioError>, Failure> {
        let bio = match Bio::parse(typed) {
            Ok(bio) => bio,
            Err(error) => return Ok(Err(error)),
        };
        if bio.as_ref().map(Bio::as_str) != before.bio.as_deref() {
            profile::set_bio(self.transaction, self.user.id, bio.as_ref(), self.now).await?;
            self.fields.push("bio");
        }
        Ok(Ok(()))
    }

    async fn links(
        &mut self,
        typed: &[&str],
        before: &Profile,
    ) -> Result<Result<(), LinksError>, Failure> {
        let links = match Links::parse(typed.iter().copied()) {
            Ok(links) => links,
            Err(error) => return Ok(Err(error)),
        };
        if !links
            .as_slice()
            .iter()
            .map(SafeUrl::as_str)
            .eq(&before.links)
        {
            profile::set_links(self.transaction, self.user.id, &links, self.now).await?;
            self.fields.push("links");
        }
        Ok(Ok(()))
    }

    async fn avatar_source(&mut self, typed: &str) -> Result<Result<(), NotLinkedError>, Failure> {
        let id = self.user.id;
        let linked = identity::of_user(self.transaction, id).await?;
        let before = LinkedPlatform::source_of(&linked).map(|linked| linked.platform.as_str());
        let source = Some(typed).filter(|typed| !typed.is_empty());
        // Compared here because a database rejects some inputs.
        if source.is_some_and(|source| linked.iter().all(|linked| linked.platform != source)) {
            return Ok(Err(NotLinkedError));
        }
        if source != before {
            profile::set_avatar_source(self.transaction, id, source, self.now).await?;
            self.fields.push("avatar_source");
        }
        Ok(Ok(()))
    }
}

impl Portal {
    /// Returns a person's linked platforms, oldest first.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn linked_platforms(&self, user: UserId) -> Result<Vec<LinkedPlatform>, Failure> {
        Ok(identity::read_of_user(&self.database, user).await?)
    }
}

impl Portal {
    /// Whether a display name could be mistaken for a role or for the portal itself.
    ///
    /// A person with such a username may use it as display name.
    pub(crate) fn is_reserved_display(&self, display: &DisplayName, username: &str) -> bool {
        let shown = display.as_str();
        let words = Username::RESERVED.iter().copied();
        let mut words = words.chain([self.site_name.as_str()]);
        !is_taken_for(shown, username) && words.any(|word| is_taken_for(shown, word))
    }
}
