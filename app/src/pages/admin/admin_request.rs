use backend::{Actor, Person};
use domain::Client;

use crate::request_context::RequestContext;

/// The logged-in person who submits a form of administration.
pub(super) struct AdminRequest {
    pub(super) context: RequestContext,
    pub(super) person: Person,
    client: Client,
}

impl AdminRequest {
    /// The logged-in person; else redirects to `/login`, which returns to this page.
    pub(super) fn require_login(context: RequestContext, page: &str) -> Option<Self> {
        let person = context.require_login(page)?;
        let client = context.client();
        Some(Self {
            context,
            person,
            client,
        })
    }

    pub(super) const fn by(&self) -> Actor<'_> {
        Actor::Person {
            person: &self.person,
            client: &self.client,
        }
    }
}
