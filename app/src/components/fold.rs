use leptos::prelude::*;

/// What is shown when somebody wants to see it: works without JavaScript.
#[component]
pub(crate) fn Fold(
    #[prop(into)] title: String,
    /// Whether it is shown at first.
    #[prop(optional)]
    open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="fold" open=open>
            <summary>{title}</summary>
            {children()}
        </details>
    }
}
