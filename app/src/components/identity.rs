use backend::LinkedPlatform;
use domain::Platform;
use leptos::prelude::*;

use super::icon::PlatformIcon;
use crate::localize::platform_name;

/// A person's identity on a platform: its icon, then the name or ID there.
#[component]
pub(crate) fn Identity<'a>(
    linked: &'a LinkedPlatform,
    children: Children,
) -> impl IntoView + use<> {
    let platform: Option<Platform> = linked.platform.parse().ok();
    let name = platform_name(&linked.platform);
    view! {
        <span class="identity">
            {platform.as_ref().map(|platform| view! { <PlatformIcon platform /> })}
            <span class="visually-hidden">{name}</span> " " {children()}
        </span>
    }
}
