use leptos::prelude::*;

use super::field::{FieldError, FieldHint, describe};
use crate::html::as_html;

/// Labelled lines of text; may stay empty.
#[component]
pub(crate) fn TextArea(
    /// The field's name in the form, and the stem of its ids.
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    /// How many lines are seen at once.
    rows: u8,
    #[prop(into)] hint: String,
    #[prop(optional_no_strip)] error: Option<String>,
    #[prop(optional)] longest: Option<usize>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let description = describe(name, error.is_some(), true, None);
    view! {
        <div class="field">
            <label class="field-label" for=name>
                {label}
            </label>
            <div class="field-control">
                // Browsers leave out a line end at the very start of it.
                <textarea
                    class="field-input"
                    id=name
                    name=name
                    rows=rows.to_string()
                    maxlength=longest.map(|longest| longest.to_string())
                    autofocus=autofocus
                    aria-invalid=error.is_some().then_some("true")
                    aria-describedby=description
                >
                    {as_html(value)}
                </textarea>
            </div>
            <FieldError name=name error=error />
            <FieldHint name=name hint=Some(hint) />
        </div>
    }
}
