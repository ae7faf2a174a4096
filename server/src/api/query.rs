use std::borrow::Cow;

use axum::extract::FromRequestParts;
use backend::Slice;
use domain::UserId;
use http::request::Parts;

use super::Refusal;

/// The query of a request, read field by field, so that a refusal names the first bad one.
/// Unknown fields are ignored (docs/contract.md, Requests).
pub(super) struct Query(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let query = parts.uri.query().unwrap_or_default();
        let fields = url::form_urlencoded::parse(query.as_bytes());
        Ok(Self(fields.into_owned().collect()))
    }
}

impl Query {
    /// A field that is not empty.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<&str>, Refusal> {
        let mut found = self.0.iter().filter(|(key, _)| key == name);
        let first = found.next().map(|(_, value)| value.as_str());
        match found.next() {
            Some(_) => Err(Refusal::field(name, "is given twice")),
            None => Ok(first.filter(|value| !value.is_empty())),
        }
    }

    /// A whole number from `least` to `most`.
    pub(super) fn integer(
        &self,
        name: &'static str,
        least: i64,
        most: i64,
    ) -> Result<Option<i64>, Refusal> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        // No sign, no space: what a program writes.
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| digits);
        let fits = number.filter(|number| (least..=most).contains(number));
        let rule = if most == i64::MAX {
            Cow::Owned(format!("must be a number from {least}"))
        } else {
            Cow::Owned(format!("must be a number from {least} to {most}"))
        };
        fits.map(Some).ok_or_else(|| Refusal::field(name, &rule))
    }

    /// Which part of a list is wanted (docs/contract.md, Requests).
    pub(super) fn slice(&self) -> Result<Slice, Refusal> {
        let offset = self.integer("offset", 0, i64::MAX)?.unwrap_or(0);
        let limit = self.limit()?;
        Slice::new(offset, limit).ok_or(Refusal::INTERNAL)
    }

    /// How much of a list is wanted; 20 if nothing is said.
    pub(super) fn limit(&self) -> Result<i64, Refusal> {
        Ok(self.integer("limit", 1, 100)?.unwrap_or(20))
    }

    pub(super) fn user_id(&self, name: &'static str) -> Result<Option<UserId>, Refusal> {
        let id = self.integer(name, 1, i64::MAX)?;
        Ok(id.map(UserId::from_i64))
    }
}
