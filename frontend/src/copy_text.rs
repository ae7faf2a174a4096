use std::time::Duration;

use leptos::html::Button;
use leptos::prelude::*;

/// A button beside a text that is to be taken elsewhere (`data-copy` around both, the text in a
/// `code`): puts it on the clipboard. Hidden until it works; a browser without a clipboard, as
/// on an address without TLS, keeps it hidden.
#[island]
pub fn CopyText() -> impl IntoView {
    let button = NodeRef::<Button>::new();
    let awake = RwSignal::new(false);
    let copied = RwSignal::new(false);
    Effect::new(move || awake.set(window().is_secure_context()));

    let copy = move |_| {
        let Some(text) = button.get_untracked().and_then(|button| {
            let place = button.closest("[data-copy]").ok()??;
            place.query_selector("code").ok()??.text_content()
        }) else {
            return;
        };
        // Whether it worked is only known later; where a person forbade it, they see no text to
        // paste and copy by hand.
        drop(window().navigator().clipboard().write_text(&text));
        copied.set(true);
        set_timeout(move || copied.set(false), Duration::from_secs(3));
    };
    view! {
        <button
            node_ref=button
            type="button"
            class="button button-secondary copy-button"
            hidden=move || !awake.get()
            on:click=copy
        >
            {move || if copied.get() { "Copied" } else { "Copy" }}
        </button>
    }
}
