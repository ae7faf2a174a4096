use backend::{CodeFor, Problem};
use domain::SendCodeError;
use leptos::prelude::*;

use crate::message::Message;
use crate::request_context::RequestContext;

/// The button that sends a code by email: during a login, or on the pages of a logged-in person.
#[server(prefix = "/do", endpoint = "send-code")]
pub async fn send_code(
    #[server(default)] page: String,
    #[server(default)] return_to: String,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let (message, wait) = match send(&context, &page).await {
        Ok(()) => (Message::CodeSent, None),
        Err(problem) => Message::with_retry_after(problem),
    };
    let return_to = ("return_to", return_to.as_str());
    let (page, query) = match (page.as_str(), message) {
        ("confirm", _) => ("/confirm", vec![("by", "email"), return_to]),
        ("security", _) => ("/account/security", Vec::new()),
        (_, Message::ChallengeExpired) => ("/login", vec![return_to]),
        _ => ("/login", vec![("step", "email"), return_to]),
    };
    context.redirect_with_wait(page, &query, message, wait);
    Ok(())
}

async fn send(context: &RequestContext, page: &str) -> Result<(), Problem<SendCodeError>> {
    let (challenge, person) = (context.challenge(), context.person());
    let recipient = match (&challenge, &person) {
        (Some(challenge), _) if page == "login" => CodeFor::Login(challenge),
        (_, Some(person)) if page != "login" => CodeFor::Session(person),
        _ => return Err(Problem::Refused(SendCodeError::Dead)),
    };
    let client = context.client();
    context.portal.send_email_code(recipient, &client).await?;
    Ok(())
}
