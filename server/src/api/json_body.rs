use std::fmt;

use axum::body::{Bytes, HttpBody as _};
use axum::extract::{FromRequest, OptionalFromRequest, Request};
use domain::{PlatformUserId, SecondFactorInput};
use http::StatusCode;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::ApiError;

/// The JSON object of a request (docs/contract.md, Requests). The media type must be
/// `application/json`, and a key may occur once; unknown keys are ignored. Fields are read one by
/// one, so the error names the first bad one.
pub(super) struct JsonBody(Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let is_json = request
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|content_type| {
                let text = content_type.to_str().unwrap_or_default();
                let (kind, parameters) = text.split_once(';').unwrap_or((text, ""));
                kind.trim().eq_ignore_ascii_case("application/json") && !parameters.contains(',')
            });
        // The portal never decompresses, so a small body can't become a large one (security A18).
        let is_plain = !request.headers().contains_key(CONTENT_ENCODING);
        if !is_json || !is_plain {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(ApiError::new(status, "Unsupported media type"));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|_| {
            // Only the body limit fails here, in the middle of a body.
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "Request too large")
        })?;
        match serde_json::from_slice(&bytes) {
            Ok(Object {
                repeated: Some(key),
                ..
            }) => Err(ApiError::field(&key, "is given twice")),
            Ok(Object { fields, .. }) => Ok(Self(fields)),
            Err(_) => Err(ApiError::invalid_body()),
        }
    }
}

/// For routes whose body is optional (docs/contract.md, Requests): an empty body counts as none,
/// whatever its media type.
impl<S: Send + Sync> OptionalFromRequest<S> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, ApiError> {
        if request.body().is_end_stream() {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state)
            .await
            .map(Some)
    }
}

impl JsonBody {
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }

    /// A required string, possibly empty.
    pub(super) fn text(&self, name: &'static str) -> Result<&str, ApiError> {
        self.optional_text(name)?
            .ok_or_else(|| ApiError::field(name, "is required"))
    }

    pub(super) fn optional_text(&self, name: &'static str) -> Result<Option<&str>, ApiError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(ApiError::field(name, "must be a string")),
        }
    }

    /// An optional string that clears a field when empty; null counts as empty.
    pub(super) fn clearable_text(&self, name: &'static str) -> Result<Option<&str>, ApiError> {
        match self.0.get(name) {
            Some(Value::Null) => Ok(Some("")),
            _ => self.optional_text(name),
        }
    }

    /// An optional integer; `rule` is the reason in the error.
    pub(super) fn optional_integer(
        &self,
        name: &'static str,
        rule: &str,
    ) -> Result<Option<i64>, ApiError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_i64() {
                Some(number) => Ok(Some(number)),
                None => Err(ApiError::field(name, rule)),
            },
        }
    }

    /// An optional list of strings; null counts as the empty list.
    pub(super) fn clearable_texts(
        &self,
        name: &'static str,
    ) -> Result<Option<Vec<&str>>, ApiError> {
        let texts = match self.0.get(name) {
            None => return Ok(None),
            Some(Value::Null) => Some(Vec::new()),
            Some(Value::Array(texts)) => texts.iter().map(Value::as_str).collect(),
            Some(_) => None,
        };
        let texts = texts.ok_or_else(|| ApiError::field(name, "must be a list of strings"))?;
        Ok(Some(texts))
    }

    /// An optional list of IDs, each as [`id`](Self::id) takes it.
    pub(super) fn optional_ids(&self, name: &'static str) -> Result<Option<Vec<String>>, ApiError> {
        let error = || ApiError::field(name, "must be a list of integers or strings");
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(ids)) => ids
                .iter()
                .map(|id| match id {
                    Value::String(text) => Ok(text.clone()),
                    Value::Number(number) if number.is_u64() || number.is_i64() => {
                        Ok(number.to_string())
                    }
                    _ => Err(error()),
                })
                .collect::<Result<_, _>>()
                .map(Some),
            Some(_) => Err(error()),
        }
    }

    /// An ID as a string, or as the integer that older callers send: exact to the last digit,
    /// unlike a JavaScript number.
    pub(super) fn id(&self, name: &'static str) -> Result<String, ApiError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Err(ApiError::field(name, "is required")),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(Value::Number(number)) if number.is_u64() => Ok(number.to_string()),
            Some(_) => Err(ApiError::field(name, "must be an integer or a string")),
        }
    }

    /// A required ID of an account on a platform.
    pub(super) fn platform_user_id(&self, name: &'static str) -> Result<PlatformUserId, ApiError> {
        let id = self.id(name)?;
        id.parse()
            .map_err(|_| ApiError::field(name, "must have 1 to 64 visible characters"))
    }

    /// The optional second factor: six digits or a recovery code.
    pub(super) fn twofa_token(&self) -> Result<Option<SecondFactorInput>, ApiError> {
        let token = self.optional_text("twofa_token")?;
        let reason = "must be six digits or a recovery code";
        let parsed = token.map(str::parse).transpose();
        parsed.map_err(|_| ApiError::field("twofa_token", reason))
    }
}

/// An object, with the first key that occurs twice in it.
struct Object {
    fields: Map<String, Value>,
    repeated: Option<String>,
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut object = Object {
                    fields: Map::new(),
                    repeated: None,
                };
                while let Some((key, value)) = map.next_entry::<String, Value>()? {
                    if object.fields.contains_key(&key) && object.repeated.is_none() {
                        object.repeated = Some(key.chars().take(64).collect());
                    }
                    object.fields.insert(key, value);
                }
                Ok(object)
            }
        }

        deserializer.deserialize_map(Fields)
    }
}
