use leptos::prelude::*;

use super::icon::Icon;
use crate::message::{Message, Tone};

/// A sentence above a form, which screen readers announce.
#[component]
pub(crate) fn Notice(
    tone: Tone,
    /// For the `aria-describedby` of fields.
    id: &'static str,
    #[prop(into)] sentence: String,
    /// Unless a field takes the focus: screen readers announce only changes of a live region, and this
    /// one is already there when the page loads.
    #[prop(optional)]
    takes_focus: bool,
) -> impl IntoView {
    let (class, role, path) = match tone {
        Tone::Info => ("notice notice-info", "status", "M12 11v5.5M12 7.5v.1"),
        Tone::Success => ("notice notice-success", "status", "M8 12.5l2.8 2.8L16 9.5"),
        Tone::Error => ("notice notice-error", "alert", "M12 7.5v5M12 16.2v.1"),
    };
    view! {
        <div class=class role=role id=id tabindex=takes_focus.then_some("-1") autofocus=takes_focus>
            <Icon path=path />
            <p>{sentence}</p>
        </div>
    }
}

/// The message of a page, if any, above its form.
#[component]
pub(crate) fn MessageNotice(
    message: Option<Message>,
    id: &'static str,
    #[prop(optional)] takes_focus: bool,
) -> impl IntoView {
    message.map(|message| {
        let (tone, sentence) = (message.tone(), message.sentence_with_wait());
        view! { <Notice tone=tone id=id sentence=sentence takes_focus=takes_focus /> }
    })
}
