use leptos::prelude::*;

/// The portal's mark: a doorway.
#[component]
pub(crate) fn BrandMark() -> impl IntoView {
    view! {
        <svg class="brand-mark" viewBox="0 0 32 32" fill="none" aria-hidden="true">
            <path
                d="M4.5 29V15.5a11.5 11.5 0 0 1 23 0V29"
                stroke="currentColor"
                stroke-width="3"
            />
            <path d="M8.75 29V15.5A7.25 7.25 0 0 1 16 8.25V29z" fill="currentColor" />
        </svg>
    }
}

/// An icon of one line, drawn in the colour of the text around it.
#[component]
pub(crate) fn Icon(path: &'static str) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <circle cx="12" cy="12" r="9" />
            <path d=path />
        </svg>
    }
}
