use std::borrow::Cow;

use axum::extract::FromRequestParts;
use backend::Slice;
use domain::UserId;
use http::request::Parts;

use super::ApiError;

/// The query of a request (docs/contract.md, Requests). Fields are read one by one, so the error
/// names the first bad one; unknown fields are ignored.
pub(super) struct Query(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let fields = url::form_urlencoded::parse(query.as_bytes());
        Ok(Self(fields.into_owned().collect()))
    }
}

impl Query {
    /// A field; an empty one counts as absent.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<&str>, ApiError> {
        let mut found = self.0.iter().filter(|(key, _)| key == name);
        let first = found.next().map(|(_, value)| value.as_str());
        match found.next() {
            Some(_) => Err(ApiError::field(name, "is given twice")),
            None => Ok(first.filter(|value| !value.is_empty())),
        }
    }

    /// An integer from `min` to `max`.
    pub(super) fn integer(
        &self,
        name: &'static str,
        min: i64,
        max: i64,
    ) -> Result<Option<i64>, ApiError> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        // Digits only: `parse` would also take a sign.
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| digits);
        let fits = number.filter(|number| (min..=max).contains(number));
        let rule = if max == i64::MAX {
            Cow::Owned(format!("must be a number from {min}"))
        } else {
            Cow::Owned(format!("must be a number from {min} to {max}"))
        };
        fits.map(Some).ok_or_else(|| ApiError::field(name, &rule))
    }

    /// The requested page of a list (docs/contract.md, Requests).
    pub(super) fn slice(&self) -> Result<Slice, ApiError> {
        let offset = self.integer("offset", 0, i64::MAX)?.unwrap_or(0);
        let limit = self.limit()?;
        Slice::new(offset, limit).ok_or(ApiError::INTERNAL)
    }

    /// How many items are requested; 20 by default.
    pub(super) fn limit(&self) -> Result<i64, ApiError> {
        Ok(self.integer("limit", 1, 100)?.unwrap_or(20))
    }

    pub(super) fn user_id(&self, name: &'static str) -> Result<Option<UserId>, ApiError> {
        let id = self.integer(name, 1, i64::MAX)?;
        Ok(id.map(UserId::from_i64))
    }
}
