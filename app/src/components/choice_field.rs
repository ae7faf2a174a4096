use leptos::prelude::*;

/// A labelled select.
#[component]
pub(crate) fn ChoiceField<'a>(
    /// The field's name in the form, and its id.
    name: &'static str,
    #[prop(into)] label: String,
    /// Value and label of each option.
    choices: Vec<(String, String)>,
    /// The value of the selected option.
    chosen: &'a str,
) -> impl IntoView + use<> {
    let options = choices
        .into_iter()
        .map(|(value, label)| {
            let selected = value == chosen;
            view! {
                <option value=value selected=selected>
                    {label}
                </option>
            }
        })
        .collect_view();
    view! {
        <div class="field">
            <label class="field-label" for=name>
                {label}
            </label>
            <div class="field-control">
                <select class="field-input" id=name name=name>
                    {options}
                </select>
            </div>
        </div>
    }
}
