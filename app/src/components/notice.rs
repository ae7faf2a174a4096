use leptos::prelude::*;

use super::icon::Icon;
use crate::message::Message;

/// How a [`Notice`] is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Info,
    Success,
    Error,
}

/// A sentence above a form that a screen reader reads out at once.
#[component]
pub(crate) fn Notice(
    tone: Tone,
    /// Fields may name it as their description.
    id: &'static str,
    #[prop(into)] sentence: String,
) -> impl IntoView {
    let (class, role, path) = match tone {
        Tone::Info => ("notice notice-info", "status", "M12 11v5.5M12 7.5v.1"),
        Tone::Success => ("notice notice-success", "status", "M8 12.5l2.8 2.8L16 9.5"),
        Tone::Error => ("notice notice-error", "alert", "M12 7.5v5M12 16.2v.1"),
    };
    view! {
        <div class=class role=role id=id>
            <Icon path=path />
            <p>{sentence}</p>
        </div>
    }
}

/// What a page has to say, if anything, above its form.
#[component]
pub(crate) fn MessageNotice(message: Option<Message>, id: &'static str) -> impl IntoView {
    message.map(|message| {
        view! { <Notice tone=message.tone() id=id sentence=message.with_wait() /> }
    })
}
