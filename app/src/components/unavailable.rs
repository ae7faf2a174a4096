use backend::Failure;
use leptos::prelude::*;

use crate::message::Message;
use crate::page_error::PageError;

/// Replaces a part of a page that couldn't be loaded. Logs the failure.
pub(crate) fn unavailable(failure: &Failure) -> impl IntoView + use<> {
    PageError::log(failure);
    view! { <p>{Message::Unavailable.sentence()}</p> }
}
