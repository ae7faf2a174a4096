use leptos::prelude::*;

/// A labelled choice between few things.
#[component]
pub(crate) fn ChoiceField<'a>(
    /// The field's name in the form, and its id.
    name: &'static str,
    #[prop(into)] label: String,
    /// What is sent and what is shown for each.
    choices: Vec<(String, String)>,
    /// What is sent for the one that is chosen.
    chosen: &'a str,
) -> impl IntoView + use<> {
    let options = choices
        .into_iter()
        .map(|(value, shown)| {
            let selected = value == chosen;
            view! {
                <option value=value selected=selected>
                    {shown}
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
