use std::fmt;

use axum::body::{Bytes, HttpBody as _};
use axum::extract::{FromRequest, OptionalFromRequest, Request};
use http::StatusCode;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::Refusal;

/// The JSON object of a request (docs/contract.md, Requests): the media type must be
/// `application/json`, a key may stand once, unknown ones are ignored. Fields are read one
/// by one, so that a refusal names the first bad one.
pub(super) struct JsonBody(Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let is_json = request
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|content_type| {
                let text = content_type.to_str().unwrap_or_default();
                let (kind, parameters) = text.split_once(';').unwrap_or((text, ""));
                kind.trim().eq_ignore_ascii_case("application/json") && !parameters.contains(',')
            });
        // Nothing here decompresses, so no small body becomes a large one (security A18).
        let is_plain = !request.headers().contains_key(CONTENT_ENCODING);
        if !is_json || !is_plain {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Refusal::new(status, "Unsupported media type"));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|_| {
            // The one thing that fails here: the body limit, in the middle of a body.
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "Request too large")
        })?;
        match serde_json::from_slice(&bytes) {
            Ok(Object {
                twice: Some(key), ..
            }) => Err(Refusal::field(&key, "is given twice")),
            Ok(Object { fields, .. }) => Ok(Self(fields)),
            Err(_) => Err(Refusal::no_object()),
        }
    }
}

/// For routes that need no body (docs/contract.md, Requests): none is none, whatever it calls itself.
impl<S: Send + Sync> OptionalFromRequest<S> for JsonBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Refusal> {
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

    /// A string that must be there, `""` included.
    pub(super) fn text(&self, name: &'static str) -> Result<&str, Refusal> {
        self.optional_text(name)?
            .ok_or_else(|| Refusal::field(name, "is required"))
    }

    pub(super) fn optional_text(&self, name: &'static str) -> Result<Option<&str>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Refusal::field(name, "must be a string")),
        }
    }

    /// A string; null stands for the empty one, which takes away what is there.
    pub(super) fn clearable_text(&self, name: &'static str) -> Result<Option<&str>, Refusal> {
        match self.0.get(name) {
            Some(Value::Null) => Ok(Some("")),
            _ => self.optional_text(name),
        }
    }

    /// A whole number; the refusal says what it must be.
    pub(super) fn optional_integer(
        &self,
        name: &'static str,
        must: &str,
    ) -> Result<Option<i64>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_i64() {
                Some(number) => Ok(Some(number)),
                None => Err(Refusal::field(name, must)),
            },
        }
    }

    /// A list of strings; null stands for the empty one.
    pub(super) fn clearable_texts(&self, name: &'static str) -> Result<Option<Vec<&str>>, Refusal> {
        let texts = match self.0.get(name) {
            None => return Ok(None),
            Some(Value::Null) => Some(Vec::new()),
            Some(Value::Array(texts)) => texts.iter().map(Value::as_str).collect(),
            Some(_) => None,
        };
        let texts = texts.ok_or_else(|| Refusal::field(name, "must be a list of strings"))?;
        Ok(Some(texts))
    }

    /// A list of ids, each as by [`id`](Self::id).
    pub(super) fn optional_ids(&self, name: &'static str) -> Result<Option<Vec<String>>, Refusal> {
        let must = || Refusal::field(name, "must be a list of integers or strings");
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(ids)) => ids
                .iter()
                .map(|id| match id {
                    Value::String(text) => Ok(text.clone()),
                    Value::Number(number) if number.is_u64() || number.is_i64() => {
                        Ok(number.to_string())
                    }
                    _ => Err(must()),
                })
                .collect::<Result<_, _>>()
                .map(Some),
            Some(_) => Err(must()),
        }
    }

    /// An id as a string, or as the integer that older callers send: exact to its last
    /// digit, which a JavaScript number would not be.
    pub(super) fn id(&self, name: &'static str) -> Result<String, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Err(Refusal::field(name, "is required")),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(Value::Number(number)) if number.is_u64() => Ok(number.to_string()),
            Some(_) => Err(Refusal::field(name, "must be an integer or a string")),
        }
    }
}

/// An object, with the first key that stands in it twice.
struct Object {
    fields: Map<String, Value>,
    twice: Option<String>,
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
                    twice: None,
                };
                while let Some((key, value)) = map.next_entry::<String, Value>()? {
                    if object.fields.contains_key(&key) && object.twice.is_none() {
                        object.twice = Some(key.chars().take(64).collect());
                    }
                    object.fields.insert(key, value);
                }
                Ok(object)
            }
        }

        deserializer.deserialize_map(Fields)
    }
}
