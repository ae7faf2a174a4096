//! The pieces pages are made of. Their looks are in `style/components`.

mod admin;
mod avatar;
mod choice_field;
mod field;
mod fold;
mod footer;
mod icon;
mod layout;
mod moment;
mod notice;
mod send_code;
mod text_area;
mod time_left;

pub(crate) use admin::{AdminLayout, AdminTab, admit};
pub(crate) use avatar::Avatar;
pub(crate) use choice_field::ChoiceField;
pub(crate) use field::{
    AccountName, CodeField, FactorField, NewPasswordField, PasswordField, TextField,
};
pub(crate) use fold::Fold;
pub(crate) use icon::PlatformMark;
pub(crate) use layout::{EntryFrame, EntryLayout, Head, SignedInLayout};
pub(crate) use moment::{Moment, TimeOfDay};
pub(crate) use notice::{MessageNotice, Notice, Tone};
pub(crate) use send_code::{SendCode, SentTo};
pub(crate) use text_area::TextArea;
pub(crate) use time_left::TimeLeft;
