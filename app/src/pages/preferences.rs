#![expect(
    clippy::unused_async,
    reason = "a server function is async, whether or not it waits"
)]

use leptos::prelude::*;

use crate::cookies;
use crate::language::Language;
use crate::preferences::Theme;
use crate::request_context::RequestContext;

/// The form in the footer: stores the language or theme, and redirects back to its page. That page comes
/// from `Referer`, because its address may hold a token, which must not appear in a document.
#[server(prefix = "/do", endpoint = "preferences")]
pub async fn set_preferences(
    #[server(default)] language: String,
    #[server(default)] theme: String,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    if let Some(language) = Language::by_code(&language) {
        context.set_cookie(cookies::set_language(language.code()));
    }
    if let Some(theme) = Theme::by_code(&theme) {
        context.set_cookie(cookies::set_theme(theme.code()));
    }
    context.redirect(&context.referring_page());
    Ok(())
}
