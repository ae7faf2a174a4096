//! Public profiles and people search (docs/contract.md, Public profiles).

use domain::{AccountState, PermissionLevel, Timestamp, User, UserId, Username};

use crate::error::Failure;
use crate::pagination::Slice;
use crate::portal::Portal;
use crate::sessions::authenticate::Visitor;
use crate::store::confusables::folded;
use crate::store::tables::profile::{self, Profile};

/// A person as other people see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownPerson {
    pub id: UserId,
    pub username: String,
    pub display: String,
    pub avatar_url: Option<String>,
    /// `Some` only for Moderators and above, about people below them.
    pub details: Option<PersonDetails>,
}

/// Details of a person for those who moderate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonDetails {
    pub level: PermissionLevel,
    pub state: AccountState,
    pub bio: Option<String>,
    pub links: Vec<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub last_activity_at: Option<Timestamp>,
}

/// A page of search results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPeople {
    pub people: Vec<ShownPerson>,
    /// Offset of the next page, if there is one.
    pub next: Option<i64>,
}

impl Portal {
    /// Returns the person with this ID.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn person_by_id(
        &self,
        visitor: &Visitor,
        id: UserId,
    ) -> Result<Option<ShownPerson>, Failure> {
        let mut connection = self.database.read().await?;
        let found = profile::by_id(&mut connection, id).await?;
        Ok(found.map(|found| shown(visitor, found)))
    }

    /// Returns the person with this username, compared case-insensitively.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn person_by_name(
        &self,
        visitor: &Visitor,
        username: &str,
    ) -> Result<Option<ShownPerson>, Failure> {
        let Ok(username) = username.parse::<Username>() else {
            return Ok(None);
        };
        let mut connection = self.database.read().await?;
        let found = profile::by_name(&mut connection, &username).await?;
        Ok(found.map(|found| shown(visitor, found)))
    }

    /// Finds people whose username or display name starts with the text, compared
    /// case-insensitively.
    ///
    /// Banned people are found only by visitors who may act on them.
    ///
    /// # Errors
    /// Returns a [`Failure`] if a database query fails.
    pub async fn search_people(
        &self,
        visitor: &Visitor,
        begin: &str,
        slice: Slice,
    ) -> Result<FoundPeople, Failure> {
        let prefix = folded(begin);
        if prefix.is_empty() || prefix.contains('\0') {
            let people = Vec::new();
            return Ok(FoundPeople { people, next: None });
        }
        let banned_below = match search_after(visitor) {
            None => 0,
            // Owners act on each other, so they also find banned Owners.
            Some(PermissionLevel::Owner) => PermissionLevel::Owner.as_i64() + 1,
            Some(level) => level.as_i64(),
        };
        let mut connection = self.database.read().await?;
        let now = self.now();
        let mut found =
            profile::search(&mut connection, prefix.as_bytes(), banned_below, slice, now).await?;
        let wanted = usize::try_from(slice.limit()).unwrap_or(usize::MAX);
        let next = (found.len() > wanted).then(|| slice.offset().saturating_add(slice.limit()));
        found.truncate(wanted);
        let people = found.into_iter().map(|found| shown(visitor, found));
        Ok(FoundPeople {
            people: people.collect(),
            next,
        })
    }
}

/// Returns the visitor's role if they see [`PersonDetails`].
///
/// `None` below Moderator, and for [`Visitor::Recognised`], which opens only the public form.
fn search_after(visitor: &Visitor) -> Option<PermissionLevel> {
    let level = visitor.signed_in()?.user.level;
    (level >= PermissionLevel::Moderator).then_some(level)
}

fn shown(visitor: &Visitor, (user, profile): (User, Profile)) -> ShownPerson {
    let tells_more = search_after(visitor).is_some_and(|level| level.may_act_on(user.level));
    let details = tells_more.then_some(PersonDetails {
        level: user.level,
        state: user.state,
        bio: profile.bio,
        links: profile.links,
        created_at: user.created_at,
        updated_at: user.updated_at,
        last_activity_at: user.last_activity_at,
    });
    ShownPerson {
        id: user.id,
        username: user.username,
        display: user.display,
        avatar_url: profile.avatar_url,
        details,
    }
}
