use axum::extract::FromRequestParts;
use backend::{Actor, Person, Visitor};
use domain::Client;
use http::request::Parts;

use super::Refusal;

/// Somebody signed in, and where they call from: one who may be about to act on others. What
/// they may is judged by the use case.
pub(super) struct Acting {
    pub person: Person,
    client: Client,
}

impl Acting {
    pub(super) const fn by(&self) -> Actor<'_> {
        Actor::Person {
            person: &self.person,
            client: &self.client,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Acting {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let visitor = parts.extensions.get::<Visitor>();
        let person = visitor.and_then(Visitor::signed_in);
        let client = parts.extensions.get::<Client>();
        Ok(Self {
            person: person.ok_or(Refusal::NOT_SIGNED_IN)?.clone(),
            client: client.ok_or(Refusal::INTERNAL)?.clone(),
        })
    }
}
