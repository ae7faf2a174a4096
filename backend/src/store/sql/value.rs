//! Values and columns, the same for both drivers.

use std::borrow::Cow;

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, Decode, Type};

/// A value to be written or asked for. Even nothing has a type: PostgreSQL wants to know.
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

/// What a row is turned into, by whichever driver it was read.
pub(crate) trait FromRow: Sized {
    fn from_row(row: &impl Columns) -> Result<Self, sqlx::Error>;
}

/// The columns of a row. Quickest where they are read in the order of the query.
pub(crate) trait Columns {
    fn column<T: Value>(&self, name: &str) -> Result<T, sqlx::Error>;
}

/// A type that both drivers read.
pub(crate) trait Value:
    for<'r> Decode<'r, Any> + Type<Any> + rusqlite::types::FromSql
{
}

impl<T: for<'r> Decode<'r, Any> + Type<Any> + rusqlite::types::FromSql> Value for T {}

/// What stands in a column, where only the row knows its type.
pub(crate) enum Cell {
    Nothing,
    Number(i64),
    Text(String),
    Bytes,
}
