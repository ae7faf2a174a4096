use frontend::{PasswordStrength, RevealPassword};
use leptos::prelude::*;

use crate::words;

/// A labelled line of text.
#[component]
pub(crate) fn TextField(
    /// The field's name in the form, and the stem of its ids.
    name: &'static str,
    #[prop(into)] label: String,
    autocomplete: &'static str,
    /// The input's type: `text`, or what brings up other keys on a phone.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(into)] value: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional_no_strip)] error: Option<String>,
    /// An HTML pattern, with the same meaning as the server's rule.
    #[prop(optional)]
    pattern: Option<&'static str>,
    /// What is settled is shown and can't be changed.
    #[prop(optional)]
    readonly: bool,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
    #[prop(optional)] autofocus: bool,
    /// What is said of a name that is kept from people who choose one themselves.
    #[prop(optional, into)]
    reserved: Option<String>,
    /// An island beside the label.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let description = describe(name, error.is_some(), hint.is_some(), None);
    // An island looks at what is typed, and needs its words here.
    let checked = children.is_some();
    view! {
        <div class="field">
            <label class="field-label" for=name>
                {label}
                {optional
                    .then(|| {
                        view! { <span class="field-optional">" " {words::field_optional()}</span> }
                    })}
            </label>
            <div class="field-control">
                <input
                    class="field-input"
                    id=name
                    name=name
                    type=kind
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    required=!optional
                    pattern=pattern
                    title=pattern.and(hint.clone())
                    readonly=readonly
                    autofocus=autofocus
                    value=value
                    aria-invalid=error.is_some().then_some("true")
                    aria-describedby=description
                    data-short=checked.then(words::username_short_note)
                    data-long=checked.then(words::username_long_note)
                    data-characters=checked.then(words::username_characters_note)
                    data-reserved=reserved
                />
            </div>
            <FieldError name=name error=error />
            <FieldHint name=name hint=hint />
            {children.map(|children| children())}
        </div>
    }
}

/// A password, to be checked or (`shortest` given) to be set.
#[component]
pub(crate) fn PasswordField(
    /// The field's name in the form, and the stem of its ids.
    #[prop(default = "password")]
    name: &'static str,
    /// "Password" where it says nothing else.
    #[prop(optional, into)]
    label: Option<String>,
    autocomplete: &'static str,
    /// The fewest characters of a new password; the length is then counted aloud.
    #[prop(optional)]
    shortest: Option<usize>,
    #[prop(optional_no_strip)] hint: Option<String>,
    #[prop(optional_no_strip)] error: Option<String>,
    /// The id of a notice that speaks of this field.
    #[prop(optional_no_strip)]
    notice: Option<&'static str>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let description = describe(name, error.is_some(), hint.is_some(), notice);
    view! {
        <div class="field">
            <label class="field-label" for=name>
                {label.unwrap_or_else(words::field_password)}
            </label>
            <div class="field-control">
                <input
                    class="field-input"
                    id=name
                    name=name
                    type="password"
                    autocomplete=autocomplete
                    required
                    minlength=shortest.map(|shortest| shortest.to_string())
                    data-enough=shortest.map(|_| words::field_password_enough())
                    data-easy=shortest.map(|_| words::field_password_easy())
                    data-strong=shortest.map(|_| words::field_password_strong())
                    data-long=shortest.map(|_| words::field_password_long())
                    data-reveal=words::field_password_show()
                    autofocus=autofocus
                    aria-invalid=error.is_some().then_some("true")
                    aria-describedby=description
                />
                <RevealPassword />
            </div>
            <FieldError name error=error />
            <FieldHint name hint=hint />
            {shortest.map(|_| view! { <PasswordStrength /> })}
        </div>
    }
}

/// A password to be set, with what it takes and how good it is.
#[component]
pub(crate) fn NewPasswordField(
    #[prop(default = "password")] name: &'static str,
    /// "Password" where it says nothing else.
    #[prop(optional, into)]
    label: Option<String>,
    /// The fewest characters.
    shortest: usize,
    #[prop(optional_no_strip)] error: Option<String>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let hint = words::password_new_hint(shortest);
    view! {
        <PasswordField
            name
            label=label.unwrap_or_else(words::field_password)
            autocomplete="new-password"
            shortest
            hint=Some(hint)
            error
            autofocus
        />
    }
}

/// Whose password a form is about, where the page knows: for password managers alone.
#[component]
pub(crate) fn AccountName(username: String) -> impl IntoView {
    view! {
        <input
            class="visually-hidden"
            type="text"
            name="username"
            autocomplete="username"
            value=username
            readonly
            tabindex="-1"
            aria-hidden="true"
        />
    }
}

/// A one-time code. Phones and browsers offer it from a message, and paste works.
#[component]
pub(crate) fn CodeField(
    #[prop(optional_no_strip)] error: Option<String>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    const NAME: &str = "code";
    let description = describe(NAME, error.is_some(), true, None);
    view! {
        <div class="field">
            <label class="field-label" for=NAME>
                {words::field_code()}
            </label>
            <div class="field-control">
                <input
                    class="field-input field-code"
                    id=NAME
                    name=NAME
                    type="text"
                    autocomplete="one-time-code"
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    maxlength="64"
                    autofocus=autofocus
                    aria-invalid=error.is_some().then_some("true")
                    aria-describedby=description
                />
            </div>
            <FieldError name=NAME error=error />
            <FieldHint
                name=NAME
                hint=Some(words::field_code_hint())
            />
        </div>
    }
}

/// A second factor: a code of six digits, or (without `digits`) a recovery code as well.
#[component]
pub(crate) fn FactorField(
    #[prop(into)] label: String,
    /// Brings up the number keys of a phone.
    #[prop(optional)]
    digits: bool,
    /// Another one, where a page has two of them.
    #[prop(default = "twofa_token")]
    id: &'static str,
    #[prop(default = "twofa_token")] name: &'static str,
    #[prop(optional_no_strip)] notice: Option<&'static str>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field-label" for=id>
                {label}
            </label>
            <div class="field-control">
                <input
                    class="field-input field-code"
                    id=id
                    name=name
                    type="text"
                    inputmode=if digits { "numeric" } else { "text" }
                    autocomplete="one-time-code"
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    maxlength="64"
                    autofocus=autofocus
                    aria-describedby=notice
                />
            </div>
        </div>
    }
}

#[component]
pub(super) fn FieldError(name: &'static str, error: Option<String>) -> impl IntoView {
    error.map(|error| {
        view! {
            <p class="field-error" id=format!("{name}-error")>
                {error}
            </p>
        }
    })
}

#[component]
pub(super) fn FieldHint(name: &'static str, hint: Option<String>) -> impl IntoView {
    hint.map(|hint| {
        view! {
            <p class="field-hint" id=format!("{name}-hint")>
                {hint}
            </p>
        }
    })
}

/// The ids of the texts that describe an input, most urgent first.
pub(super) fn describe(
    name: &str,
    has_error: bool,
    has_hint: bool,
    notice: Option<&str>,
) -> Option<String> {
    let ids: Vec<String> = notice
        .map(str::to_owned)
        .into_iter()
        .chain(has_error.then(|| format!("{name}-error")))
        .chain(has_hint.then(|| format!("{name}-hint")))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}
