use leptos::prelude::*;

use crate::door::{Door, Trouble};

/// A person's picture, or their initial where they have none or it doesn't come. The picture's
/// host learns nothing of the page (security A15).
#[component]
pub(crate) fn Avatar<'a>(
    /// The person's display name.
    display: &'a str,
    #[prop(optional_no_strip)] url: Option<String>,
    /// A class of its own, for other sizes.
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

/// The picture of the person who looks at the page.
#[component]
pub(crate) fn OwnAvatar(
    /// The person's display name.
    display: String,
) -> impl IntoView {
    let door = Door::open();
    view! {
        <Suspense>
            {Suspend::new(async move {
                let url = own_picture(&door).await;
                view! { <Avatar display=&display url /> }
            })}
        </Suspense>
    }
}

/// A page is none the worse without a picture.
async fn own_picture(door: &Door) -> Option<String> {
    let person = door.person()?;
    match door.portal.profile(person.user.id).await {
        Ok(profile) => profile.avatar_url,
        Err(failure) => {
            Trouble::of(&failure);
            None
        }
    }
}

/// What stands for a person without a picture.
fn initial(display: &str) -> String {
    display
        .chars()
        .next()
        .map(|first| first.to_uppercase().collect())
        .unwrap_or_default()
}
