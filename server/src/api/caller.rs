//! Who sent a request: the extractors of routes that know sessions.

use axum::extract::FromRequestParts;
use backend::{Actor, Person, Visitor};
use domain::Client;
use http::request::Parts;

use super::ApiError;

/// Who sent the request, and from where. Extracting it never fails: each handler decides
/// whether it needs a login.
pub(super) struct Caller {
    pub visitor: Visitor,
    pub client: Client,
}

impl Caller {
    /// The person of a session with all its cookies, who may change things.
    pub(super) fn signed_in(&self) -> Result<&Person, ApiError> {
        self.visitor.signed_in().ok_or(ApiError::NOT_SIGNED_IN)
    }

    /// The person of a session, also where only the shared cookie came: such a caller may read.
    pub(super) fn known(&self) -> Result<&Person, ApiError> {
        self.visitor.known().ok_or(ApiError::NOT_SIGNED_IN)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let visitor = parts.extensions.get::<Visitor>();
        let client = parts.extensions.get::<Client>();
        Ok(Self {
            visitor: visitor.ok_or(ApiError::INTERNAL)?.clone(),
            client: client.ok_or(ApiError::INTERNAL)?.clone(),
        })
    }
}

/// A signed-in person who is about to act on others. Whether they may is decided by the use
/// case. Other callers are rejected before the request's body is read.
pub(super) struct SignedInCaller {
    pub person: Person,
    client: Client,
}

impl SignedInCaller {
    pub(super) const fn actor(&self) -> Actor<'_> {
        Actor::Person {
            person: &self.person,
            client: &self.client,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedInCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let visitor = parts.extensions.get::<Visitor>();
        let person = visitor.and_then(Visitor::signed_in);
        let client = parts.extensions.get::<Client>();
        Ok(Self {
            person: person.ok_or(ApiError::NOT_SIGNED_IN)?.clone(),
            client: client.ok_or(ApiError::INTERNAL)?.clone(),
        })
    }
}
