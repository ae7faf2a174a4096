use std::time::Duration;

use leptos::html::Button;
use leptos::prelude::*;
use leptos::web_sys::Element;

/// A button beside a text that is to be taken elsewhere (`data-copy` around both, the text in a
/// `code`): puts it on the clipboard. Its words are that attribute and `data-copied`. Hidden until
/// it works; a browser without a clipboard, as on an address without TLS, keeps it hidden.
#[island]
pub fn CopyText() -> impl IntoView {
    let button = NodeRef::<Button>::new();
    let awake = RwSignal::new(false);
    let words = RwSignal::new(String::new());
    let say = move |attribute: &str| {
        let place = button.get_untracked().and_then(|button| place_of(&button));
        let said = place.and_then(|place| place.get_attribute(attribute));
        words.set(said.unwrap_or_default());
    };
    Effect::new(move || {
        if button.get().is_some() {
            say("data-copy");
            awake.set(window().is_secure_context());
        }
    });

    let copy = move |_| {
        let Some(text) = button.get_untracked().and_then(|button| {
            let code = place_of(&button)?.query_selector("code").ok()??;
            code.text_content()
        }) else {
            return;
        };
        // Whether it worked is only known later; where a person forbade it, they see no text to
        // paste and copy by hand.
        drop(window().navigator().clipboard().write_text(&text));
        say("data-copied");
        set_timeout(move || say("data-copy"), Duration::from_secs(3));
    };
    view! {
        <button
            node_ref=button
            type="button"
            class="button button-secondary copy-button"
            hidden=move || !awake.get()
            on:click=copy
        >
            {words}
        </button>
    }
}

fn place_of(button: &Element) -> Option<Element> {
    button.closest("[data-copy]").ok()?
}
