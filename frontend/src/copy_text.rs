use std::time::Duration;

use leptos::html::Button;
use leptos::prelude::*;
use leptos::web_sys::Element;

/// A button that copies the text of the `code` beside it to the clipboard. The element around both has the
/// button's labels, `data-copy` and `data-copied`. Hidden without JavaScript, and without a clipboard,
/// which browsers only offer over TLS.
#[island]
pub fn CopyText() -> impl IntoView {
    let button = NodeRef::<Button>::new();
    let is_ready = RwSignal::new(false);
    let label = RwSignal::new(String::new());
    let show_label = move |attribute: &str| {
        let container = button
            .get_untracked()
            .and_then(|button| container_of(&button));
        let text = container.and_then(|container| container.get_attribute(attribute));
        label.set(text.unwrap_or_default());
    };
    Effect::new(move || {
        if button.get().is_some() {
            show_label("data-copy");
            is_ready.set(window().is_secure_context());
        }
    });

    let copy = move |_| {
        let Some(text) = button.get_untracked().and_then(|button| {
            let code = container_of(&button)?.query_selector("code").ok()??;
            code.text_content()
        }) else {
            return;
        };
        // The result comes later, and is ignored: a person who denied access copies by hand.
        drop(window().navigator().clipboard().write_text(&text));
        show_label("data-copied");
        set_timeout(move || show_label("data-copy"), Duration::from_secs(3));
    };
    view! {
        <button
            node_ref=button
            type="button"
            class="button button-secondary copy-button"
            hidden=move || !is_ready.get()
            on:click=copy
        >
            {label}
        </button>
    }
}

fn container_of(button: &Element) -> Option<Element> {
    button.closest("[data-copy]").ok()?
}
