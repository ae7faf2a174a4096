//! Values and columns, independent of the driver.

use std::borrow::Cow;

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, Decode, Type};

/// A parameter. Even null has a type, because PostgreSQL requires one.
#[derive(Clone)]
pub(crate) enum Parameter<'v> {
    Number(Option<i64>),
    Text(Option<Cow<'v, str>>),
    Bytes(Option<Cow<'v, [u8]>>),
}

impl Parameter<'_> {
    pub(crate) fn bind(
        query: Query<'static, Any, AnyArguments>,
        parameter: Self,
    ) -> Query<'static, Any, AnyArguments> {
        match parameter {
            Self::Number(number) => query.bind(number),
            Self::Text(text) => query.bind(text.map(Cow::into_owned)),
            Self::Bytes(bytes) => query.bind(bytes.map(Cow::into_owned)),
        }
    }
}

macro_rules! parameter_from {
    ($($from:ty => $kind:ident($value:ident, $into:expr);)*) => {$(
        impl<'v> From<$from> for Parameter<'v> {
            fn from($value: $from) -> Self {
                Self::$kind(Some($into))
            }
        }

        impl<'v> From<Option<$from>> for Parameter<'v> {
            fn from(value: Option<$from>) -> Self {
                Self::$kind(value.map(|$value| $into))
            }
        }
    )*};
}

parameter_from! {
    i64 => Number(number, number);
    &'v str => Text(text, Cow::Borrowed(text));
    &'v String => Text(text, Cow::Borrowed(text.as_str()));
    String => Text(text, Cow::Owned(text));
    &'v [u8] => Bytes(bytes, Cow::Borrowed(bytes));
    Vec<u8> => Bytes(bytes, Cow::Owned(bytes));
}

impl<'v> From<&'v Option<String>> for Parameter<'v> {
    fn from(text: &'v Option<String>) -> Self {
        text.as_deref().into()
    }
}

/// A type that is read from a row of either driver.
pub(crate) trait FromRow: Sized {
    fn from_row(row: &impl Columns) -> Result<Self, sqlx::Error>;
}

/// The columns of a row. Reading them in the order of the query is fastest.
pub(crate) trait Columns {
    fn column<T: Value>(&self, name: &str) -> Result<T, sqlx::Error>;
}

/// A type that both drivers can read.
pub(crate) trait Value:
    for<'r> Decode<'r, Any> + Type<Any> + rusqlite::types::FromSql
{
}

impl<T: for<'r> Decode<'r, Any> + Type<Any> + rusqlite::types::FromSql> Value for T {}

/// The value of a column whose type only the row knows.
pub(crate) enum Cell {
    Nothing,
    Number(i64),
    Text(String),
    Bytes,
}
