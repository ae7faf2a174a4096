use frontend::{PasswordStrength, RevealPassword};
use leptos::prelude::*;

use crate::i18n;

/// A labelled text input.
#[component]
pub(crate) fn TextField(
    /// The field's name in the form, and the prefix of its ids.
    name: &'static str,
    #[prop(into)] label: String,
    autocomplete: &'static str,
    /// The input's type, such as `email`.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(into)] value: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional_no_strip)] error: Option<String>,
    /// An HTML pattern equivalent to the server's rule.
    #[prop(optional)]
    pattern: Option<&'static str>,
    #[prop(optional)] readonly: bool,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
    #[prop(optional)] autofocus: bool,
    /// The text for a reserved name, if reserved names are refused here.
    #[prop(optional, into)]
    reserved: Option<String>,
    /// An island beside the label.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let description = described_by(name, error.as_ref(), hint.as_ref(), None);
    // The island reads its texts from these attributes.
    let checked = children.is_some();
    view! {
        <div class="field">
            <label class="field-label" for=name>
                {label}
                {optional
                    .then(|| {
                        view! { <span class="field-optional">" " {i18n::field_optional()}</span> }
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
                    data-short=checked.then(i18n::username_short_note)
                    data-long=checked.then(i18n::username_long_note)
                    data-characters=checked.then(i18n::username_characters_note)
                    data-reserved=reserved
                />
            </div>
            <FieldError name=name error=error />
            <FieldHint name=name hint=hint />
            {children.map(|children| children())}
        </div>
    }
}

/// A current password, or with `min_length` a new one.
#[component]
pub(crate) fn PasswordField(
    /// The field's name in the form, and the prefix of its ids.
    #[prop(default = "password")]
    name: &'static str,
    /// "Password" by default.
    #[prop(optional, into)]
    label: Option<String>,
    autocomplete: &'static str,
    /// The minimum length of a new password; adds the strength meter.
    #[prop(optional)]
    min_length: Option<usize>,
    #[prop(optional_no_strip)] hint: Option<String>,
    #[prop(optional_no_strip)] error: Option<String>,
    /// The id of a notice about this field.
    #[prop(optional_no_strip)]
    notice: Option<&'static str>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let description = described_by(name, error.as_ref(), hint.as_ref(), notice);
    view! {
        <div class="field">
            <label class="field-label" for=name>
                {label.unwrap_or_else(i18n::field_password)}
            </label>
            <div class="field-control">
                <input
                    class="field-input"
                    id=name
                    name=name
                    type="password"
                    autocomplete=autocomplete
                    required
                    minlength=min_length.map(|min_length| min_length.to_string())
                    data-fair=min_length.map(|_| i18n::field_password_enough())
                    data-weak=min_length.map(|_| i18n::field_password_easy())
                    data-strong=min_length.map(|_| i18n::field_password_strong())
                    data-long=min_length.map(|_| i18n::field_password_long())
                    data-reveal=i18n::field_password_show()
                    autofocus=autofocus
                    aria-invalid=error.is_some().then_some("true")
                    aria-describedby=description
                />
                <RevealPassword />
            </div>
            <FieldError name error=error />
            <FieldHint name hint=hint />
            {min_length.map(|_| view! { <PasswordStrength /> })}
        </div>
    }
}

/// A new password, with its rules and a strength meter.
#[component]
pub(crate) fn NewPasswordField(
    #[prop(default = "password")] name: &'static str,
    /// "Password" by default.
    #[prop(optional, into)]
    label: Option<String>,
    /// In characters.
    min_length: usize,
    #[prop(optional_no_strip)] error: Option<String>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let hint = i18n::password_new_hint(min_length);
    view! {
        <PasswordField
            name
            label=label.unwrap_or_else(i18n::field_password)
            autocomplete="new-password"
            min_length
            hint=Some(hint)
            error
            autofocus
        />
    }
}

/// Tells password managers whose password a form is about.
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

/// A login code, with autofill from messages.
#[component]
pub(crate) fn CodeField(
    #[prop(optional_no_strip)] error: Option<String>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    const NAME: &str = "code";
    let hint = i18n::field_code_hint();
    let description = described_by(NAME, error.as_ref(), Some(&hint), None);
    view! {
        <div class="field">
            <label class="field-label" for=NAME>
                {i18n::field_code()}
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
            <FieldHint name=NAME hint=Some(hint) />
        </div>
    }
}

/// A second factor: six digits, or without `digits` also a recovery code.
#[component]
pub(crate) fn FactorField(
    #[prop(into)] label: String,
    /// Shows a numeric keypad on phones.
    #[prop(optional)]
    digits: bool,
    /// Differs if a page has two of these fields.
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

/// The `aria-describedby` of an input, most urgent first.
pub(super) fn described_by(
    name: &str,
    error: Option<&String>,
    hint: Option<&String>,
    notice: Option<&str>,
) -> Option<String> {
    let ids: Vec<String> = notice
        .map(str::to_owned)
        .into_iter()
        .chain(error.map(|_| format!("{name}-error")))
        .chain(hint.map(|_| format!("{name}-hint")))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}
