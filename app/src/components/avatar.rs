use leptos::prelude::*;

use crate::page_error::PageError;
use crate::request_context::RequestContext;

/// A person's picture, or their initial if there is none or it doesn't load. The host of the picture
/// doesn't learn the page (security A15).
#[component]
pub(crate) fn Avatar<'a>(
    /// The person's display name.
    display: &'a str,
    #[prop(optional_no_strip)] url: Option<String>,
    /// Another class for another size.
    #[prop(default = "avatar")]
    class: &'static str,
) -> impl IntoView + use<> {
    let picture = url.map(|url| {
        view! {
            <img src=url alt="" referrerpolicy="no-referrer" loading="lazy" decoding="async" />
        }
    });
    view! {
        <span class=class aria-hidden="true">
            <span>{initial(display)}</span>
            {picture}
        </span>
    }
}

/// The picture of the logged-in person.
#[component]
pub(crate) fn OwnAvatar(
    /// The person's display name.
    display: String,
) -> impl IntoView {
    let context = RequestContext::current();
    view! {
        <Suspense>
            {Suspend::new(async move {
                let url = own_picture(&context).await;
                view! { <Avatar display=&display url /> }
            })}
        </Suspense>
    }
}

/// A page works without it, so a failure is only logged.
async fn own_picture(context: &RequestContext) -> Option<String> {
    let person = context.person()?;
    match context.portal.profile(person.user.id).await {
        Ok(profile) => profile.avatar_url,
        Err(failure) => {
            PageError::log(&failure);
            None
        }
    }
}

/// Replaces the picture of a person without one.
fn initial(display: &str) -> String {
    display
        .chars()
        .next()
        .map(|first| first.to_uppercase().collect())
        .unwrap_or_default()
}
