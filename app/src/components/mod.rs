//! The pieces pages are made of. Their looks are in `style/components`.

mod field;
mod fold;
mod footer;
mod icon;
mod layout;
mod moment;
mod notice;
mod time_left;

pub(crate) use field::{
    AccountName, CodeField, FactorField, NewPasswordField, PasswordField, TextField,
};
pub(crate) use fold::Fold;
pub(crate) use icon::PlatformMark;
pub(crate) use layout::{EntryFrame, EntryLayout, Head, SignedInLayout, initial};
pub(crate) use moment::{Moment, TimeOfDay};
pub(crate) use notice::{MessageNotice, Notice, Tone};
pub(crate) use time_left::TimeLeft;
