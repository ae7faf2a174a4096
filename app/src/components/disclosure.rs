use leptos::prelude::*;

/// Content that opens on request. Works without JavaScript.
#[component]
pub(crate) fn Disclosure(
    #[prop(into)] title: String,
    /// Whether it is open at first.
    #[prop(optional)]
    open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="disclosure" open=open>
            <summary>{title}</summary>
            {children()}
        </details>
    }
}
