use leptos::prelude::*;

use super::field::{FieldError, FieldHint, described_by};
use crate::html::escape_html;

/// A labelled text area, which may stay empty.
#[component]
pub(crate) fn TextArea(
    /// The field's name in the form, and the prefix of its ids.
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    /// The height in lines.
    rows: u8,
    #[prop(into)] hint: String,
    #[prop(optional_no_strip)] error: Option<String>,
    #[prop(optional)] max_length: Option<usize>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let description = described_by(name, error.as_ref(), Some(&hint), None);
    view! {
        <div class="field">
            <label class="field-label" for=name>
                {label}
            </label>
            <div class="field-control">
                // Browsers drop a line break at the very start.
                <textarea
                    class="field-input"
                    id=name
                    name=name
                    rows=rows.to_string()
                    maxlength=max_length.map(|max_length| max_length.to_string())
                    autofocus=autofocus
                    aria-invalid=error.is_some().then_some("true")
                    aria-describedby=description
                >
                    {escape_html(value)}
                </textarea>
            </div>
            <FieldError name=name error=error />
            <FieldHint name=name hint=Some(hint) />
        </div>
    }
}
