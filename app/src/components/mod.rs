//! What pages are built from. The styles are in `style/components`.

mod admin_layout;
mod avatar;
mod choice_field;
mod disclosure;
mod field;
mod footer;
mod hydrate_islands;
mod icon;
mod identity;
mod layout;
mod notice;
mod send_code;
mod text_area;
mod time;
mod time_left;
mod unavailable;

pub(crate) use admin_layout::{AdminLayout, AdminTab, require_role};
pub(crate) use avatar::Avatar;
pub(crate) use choice_field::ChoiceField;
pub(crate) use disclosure::Disclosure;
pub(crate) use field::{
    AccountName, CodeField, FactorField, NewPasswordField, PasswordField, TextField,
};
pub(crate) use hydrate_islands::HydrateIslands;
pub(crate) use icon::PlatformIcon;
pub(crate) use identity::Identity;
pub(crate) use layout::{AuthFrame, AuthLayout, Head, SignedInLayout};
pub(crate) use notice::{MessageNotice, Notice};
pub(crate) use send_code::{CodeSentTo, SendCode};
pub(crate) use text_area::TextArea;
pub(crate) use time::{Time, TimeOfDay};
pub(crate) use time_left::TimeLeft;
pub(crate) use unavailable::unavailable;
