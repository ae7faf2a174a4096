use leptos::html::Button;
use leptos::prelude::*;

use crate::field::{hide_on_submit, input_of};

/// A button that shows or hides the password in a field. Hidden without JavaScript. `data-reveal` of the
/// input is its label.
#[island]
pub fn RevealPassword() -> impl IntoView {
    let button = NodeRef::<Button>::new();
    let is_ready = RwSignal::new(false);
    let revealed = RwSignal::new(false);
    Effect::new(move || {
        is_ready.set(true);
        // Browsers may store what is submitted from a text input.
        let Some(button) = button.get() else { return };
        if let Some(input) = input_of(&button) {
            let label = input.get_attribute("data-reveal").unwrap_or_default();
            drop(button.set_attribute("aria-label", &label));
            hide_on_submit(input, move || revealed.set(false));
        }
    });

    let toggle = move |_| {
        let Some(input) = button.get_untracked().and_then(|button| input_of(&button)) else {
            return;
        };
        revealed.update(|revealed| *revealed = !*revealed);
        let kind = if revealed.get_untracked() {
            "text"
        } else {
            "password"
        };
        input.set_type(kind);
    };
    view! {
        <button
            node_ref=button
            type="button"
            class="field-reveal"
            hidden=move || !is_ready.get()
            aria-pressed=move || if revealed.get() { "true" } else { "false" }
            on:click=toggle
        >
            <svg
                class="icon icon-eye"
                viewBox="0 0 24 24"
                fill="none"
                stroke="currentColor"
                stroke-width="2"
                stroke-linecap="round"
                stroke-linejoin="round"
                aria-hidden="true"
            >
                <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z" />
                <circle cx="12" cy="12" r="3" />
            </svg>
            <svg
                class="icon icon-eye-off"
                viewBox="0 0 24 24"
                fill="none"
                stroke="currentColor"
                stroke-width="2"
                stroke-linecap="round"
                stroke-linejoin="round"
                aria-hidden="true"
            >
                <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z" />
                <circle cx="12" cy="12" r="3" />
                <path d="M4 4l16 16" />
            </svg>
        </button>
    }
}
