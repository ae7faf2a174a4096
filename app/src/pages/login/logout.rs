use leptos::prelude::*;

use crate::cookies;
use crate::message::Message;
use crate::page_error::PageError;
use crate::request_context::RequestContext;

/// The "Log out" button of every page. Works without a session, too.
#[server(prefix = "/do", endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    if let Some(person) = context.person()
        && let Err(failure) = context.portal.sign_out(&person, &context.client()).await
    {
        PageError::log(&failure);
        context.redirect_with_message("/account", &[], Message::LogoutFailed);
        return Ok(());
    }
    context.clear_session_cookies();
    context.set_cookie(cookies::clear_input());
    context.redirect("/login?message=signed-out");
    Ok(())
}
