//! What the cards of second factors share.

use backend::{FactorOn, Factors, Person, Problem};
use domain::{FactorError, FactorKind, RecoveryCode, SecondFactorInput};
use leptos::prelude::*;

use crate::i18n;
use crate::message::Message;
use crate::request_context::RequestContext;

pub(super) const PAGE: &str = "/account/security";

/// The label of a field for any of the person's second factors.
pub(super) fn factor_label(factors: &Factors) -> String {
    match (
        factors.can_use(FactorKind::Totp),
        factors.can_use(FactorKind::Email),
    ) {
        (true, false) => i18n::factor_app_or_recovery(),
        (true, true) => i18n::factor_any(),
        (false, true) => i18n::factor_email_or_recovery(),
        (false, false) => i18n::step_recovery_field(),
    }
}

/// New recovery codes, shown once.
#[component]
pub(super) fn NewRecoveryCodes(codes: Vec<String>) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="recovery-title">
            <div class="card-header">
                <h2 id="recovery-title">{i18n::recovery_title()}</h2>
                <p>
                    {i18n::recovery_text()}
                </p>
            </div>
            <ul class="codes">
                {codes
                    .into_iter()
                    .map(|code| {
                        view! {
                            <li>
                                <code>{code}</code>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

/// The buttons of a factor that is on; each needs a code of it.
#[server(prefix = "/do", endpoint = "second-factor")]
pub async fn change_factor(
    #[server(default)] twofa_token: String,
    #[server(default)] act: String,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let Some(person) = context.require_login(PAGE) else {
        return Ok(());
    };
    let Ok(factor) = SecondFactorInput::parse_typed(&twofa_token) else {
        context.redirect_with_message(PAGE, &[], Message::WrongFactor);
        return Ok(());
    };
    let action = match act.as_str() {
        "remove" => FactorAction::Remove(FactorKind::Totp, Message::FactorRemoved),
        "remove-email" => FactorAction::Remove(FactorKind::Email, Message::EmailFactorRemoved),
        _ => FactorAction::RenewRecoveryCodes,
    };
    action.run(&context, &person, &factor).await;
    Ok(())
}

/// What to do with a factor that is on.
enum FactorAction {
    Remove(FactorKind, Message),
    RenewRecoveryCodes,
}

impl FactorAction {
    async fn run(self, context: &RequestContext, person: &Person, factor: &SecondFactorInput) {
        let (portal, client) = (&context.portal, context.client());
        let outcome = match self {
            Self::Remove(kind, message) => {
                let removed = portal.remove_factor(person, kind, factor, &client).await;
                removed.map(|session| {
                    context.set_session_cookies(&session);
                    context.redirect_with_message(PAGE, &[], message);
                })
            }
            Self::RenewRecoveryCodes => {
                let renewed = portal.renew_recovery_codes(person, factor, &client).await;
                renewed
                    .map(|renewed| finish(context, person, &renewed, Message::RecoveryCodesRenewed))
            }
        };
        if let Err(problem) = outcome {
            redirect_with_error(context, problem);
        }
    }
}

/// Finishes after a factor was set up: new recovery codes, new session cookies, a message.
pub(super) fn finish(context: &RequestContext, person: &Person, on: &FactorOn, message: Message) {
    flash_recovery_codes(context, person, &on.recovery_codes);
    context.set_session_cookies(&on.session);
    context.redirect_with_message(PAGE, &[], message);
}

/// Hands new recovery codes to the page, which shows them once.
pub(super) fn flash_recovery_codes(
    context: &RequestContext,
    person: &Person,
    codes: &[RecoveryCode],
) {
    if codes.is_empty() {
        return;
    }
    let codes = codes.iter().map(RecoveryCode::reveal_in_groups);
    context.set_flash(person, &codes.collect::<Vec<String>>().join(" "));
}

/// The new recovery codes of the previous form.
pub(super) fn take_recovery_codes(
    context: &RequestContext,
    person: &Person,
) -> Option<Vec<String>> {
    let codes = context.take_flash(person)?;
    Some(codes.split(' ').map(str::to_owned).collect())
}

/// Redirects back with the message for an error, or to `/confirm` if the login isn't fresh.
pub(super) fn redirect_with_error(context: &RequestContext, problem: Problem<FactorError>) {
    if let Problem::Refused(FactorError::NotFresh) = problem {
        context.redirect_to_confirm(PAGE);
        return;
    }
    context.redirect_with_error(PAGE, &[], problem);
}
