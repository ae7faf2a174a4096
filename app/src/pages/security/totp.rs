use backend::{Factors, TotpOffer};
use domain::SecondFactorInput;
use leptos::either::EitherOf3;
use leptos::prelude::*;

use super::factor::{PAGE, factor_label, finish, redirect_with_error};
use crate::components::{FactorField, Time};
use crate::i18n::{self, interpolate};
use crate::message::Message;
use crate::request_context::RequestContext;

/// Codes of an authenticator app (TOTP).
#[component]
pub(super) fn AuthenticatorCard(factors: Factors, offer: Option<TotpOffer>) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="totp-title">
            <div class="card-header">
                <h2 id="totp-title">{i18n::totp_title()}</h2>
                <p>
                    {i18n::totp_text()}
                </p>
            </div>
            <Authenticator factors offer />
        </section>
    }
}

#[component]
fn Authenticator(factors: Factors, offer: Option<TotpOffer>) -> impl IntoView {
    let label = factor_label(&factors);
    let has_other_factor = factors.email_since.is_some();
    match (factors.totp_since, offer) {
        (Some(since), _) => {
            let left = factors.recovery_codes_left;
            EitherOf3::A(view! {
                <form class="form" method="post" action="/do/second-factor">
                    <p>
                        {interpolate(
                            |[since]| i18n::factor_since(since),
                            [view! { <Time at=since /> }.into_any()],
                        )} " " {i18n::recovery_left(left)}
                    </p>
                    <FactorField label=label />
                    <button class="button button-secondary" type="submit" name="act" value="renew">
                        {i18n::totp_renew()}
                    </button>
                    <button class="button button-danger" type="submit" name="act" value="remove">
                        {i18n::totp_off()}
                    </button>
                </form>
            })
        }
        (None, Some(offer)) => EitherOf3::B(view! {
            <form class="form" method="post" action="/do/confirm-totp">
                <p>{i18n::totp_scan()}</p>
                // The portal draws the SVG, so it holds no input. Its own English title is hidden from
                // screen readers.
                <div class="qr" role="img" aria-label=i18n::totp_qr()>
                    <div aria-hidden="true" inner_html=offer.qr_svg></div>
                </div>
                <p class="field-hint">
                    {interpolate(
                        |[key]| i18n::totp_key(key),
                        [view! { <code>{offer.secret}</code> }.into_any()],
                    )}
                </p>
                <FactorField label=i18n::totp_code() digits=true />
                {has_other_factor
                    .then(|| {
                        view! {
                            <FactorField name="other_factor" label=label id="other" />
                            <p class="field-hint">{i18n::totp_new_codes()}</p>
                        }
                    })}
                <button class="button button-primary" type="submit">
                    {i18n::totp_on()}
                </button>
            </form>
        }),
        (None, None) => EitherOf3::C(view! {
            <form class="form" method="post" action="/do/offer-totp">
                <button class="button button-primary" type="submit">
                    {i18n::totp_set_up()}
                </button>
            </form>
        }),
    }
}

/// The button that starts the set-up.
#[server(prefix = "/do", endpoint = "offer-totp")]
pub async fn offer_totp() -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let Some(person) = context.require_login(PAGE) else {
        return Ok(());
    };
    match context.portal.offer_totp(&person).await {
        Ok(_) => context.redirect(PAGE),
        Err(problem) => redirect_with_error(&context, problem),
    }
    Ok(())
}

/// The form with the first code of the app.
#[server(prefix = "/do", endpoint = "confirm-totp")]
pub async fn confirm_totp(
    #[server(default)] twofa_token: String,
    #[server(default)] other_factor: String,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let Some(person) = context.require_login(PAGE) else {
        return Ok(());
    };
    let Ok(SecondFactorInput::SixDigits(code)) = SecondFactorInput::parse_typed(&twofa_token)
    else {
        context.redirect_with_message(PAGE, &[], Message::WrongFactor);
        return Ok(());
    };
    let other = SecondFactorInput::parse_typed(&other_factor).ok();
    match context
        .portal
        .confirm_totp_beside(&person, &code, other.as_ref(), &context.client())
        .await
    {
        Ok(on) => finish(&context, &person, &on, Message::FactorAdded),
        Err(problem) => redirect_with_error(&context, problem),
    }
    Ok(())
}
