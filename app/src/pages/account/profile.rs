use backend::{LinkedPlatform, Profile, ProfileErrors, ProfileUpdate};
use domain::{Bio, BioError, LinksError, NewDisplayError, NewUsernameError, User};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{Avatar, ChoiceField, Disclosure, TextArea, TextField, Time};
use crate::i18n;
use crate::localize::{Localize, platform_name};
use crate::message::Message;
use crate::page_error::PageError;
use crate::request_context::RequestContext;

const ACCOUNT: &str = "/account";

/// The fields that are sent back after an error.
const FIELDS: [&str; 4] = ["username", "display", "bio", "links"];

/// On `/account`: the profile, and the form that changes it.
#[component]
pub(super) fn ProfileCard(
    context: RequestContext,
    user: User,
    profile: Profile,
    linked: Vec<LinkedPlatform>,
) -> impl IntoView {
    let avatar = profile.avatar_url.clone();
    view! {
        <section class="card" aria-label=i18n::account_profile()>
            <div class="profile">
                <Avatar display=&user.display url=avatar class="avatar avatar-large" />
                <div>
                    <div class="profile-name">
                        <h2>
                            <bdi>{user.display.clone()}</bdi>
                        </h2>
                        <span class="badge badge-accent">{user.level.localize()}</span>
                    </div>
                    <p class="profile-handle">"@" {user.username.clone()}</p>
                </div>
            </div>
            {profile
                .bio
                .clone()
                .map(|bio| {
                    view! {
                        <p class="profile-bio" dir="auto">
                            {bio}
                        </p>
                    }
                })}
            <ProfileLinks links=profile.links.clone() />
            <dl class="description-list">
                <div>
                    <dt>{i18n::account_id()}</dt>
                    <dd>
                        <code>{user.id.to_string()}</code>
                    </dd>
                </div>
                <div>
                    <dt>{i18n::account_since()}</dt>
                    <dd>
                        <Time at=user.created_at />
                    </dd>
                </div>
            </dl>
            <ProfileForm context user profile linked />
        </section>
    }
}

/// Links of the person: without endorsement (`nofollow ugc`), and without a referrer.
#[component]
fn ProfileLinks(links: Vec<String>) -> impl IntoView {
    (!links.is_empty()).then(|| {
        let items = links
            .into_iter()
            .map(|link| {
                let shown = link.trim_start_matches("https://").trim_end_matches('/').to_owned();
                view! {
                    <li>
                        <a href=link rel="nofollow ugc noopener noreferrer" referrerpolicy="no-referrer">
                            {shown}
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="profile-links">{items}</ul> }
    })
}

/// The errors of fields, from the query.
struct FieldErrors {
    username: Option<NewUsernameError>,
    display: Option<NewDisplayError>,
    bio: Option<BioError>,
    links: Option<LinksError>,
}

impl FieldErrors {
    fn read() -> Self {
        let query = use_query_map().read_untracked();
        let code = |field: &str| query.get(field).unwrap_or_default();
        Self {
            username: NewUsernameError::from_code(&code("username")),
            display: NewDisplayError::from_code(&code("display")),
            bio: BioError::from_code(&code("bio")),
            links: LinksError::from_code(&code("links")),
        }
    }

    const fn any(&self) -> bool {
        self.username.is_some()
            || self.display.is_some()
            || self.bio.is_some()
            || self.links.is_some()
    }
}

#[component]
fn ProfileForm(
    context: RequestContext,
    user: User,
    profile: Profile,
    linked: Vec<LinkedPlatform>,
) -> impl IntoView {
    let errors = FieldErrors::read();
    let open = errors.any();
    // Fields with an error keep the input, the others show what is stored.
    let value = |field: &str, has_error: bool, stored: String| {
        let input = context.previous_field_input(field).filter(|_| has_error);
        input.unwrap_or(stored)
    };
    let username = value("username", errors.username.is_some(), user.username.clone());
    let shown = if user.display == user.username {
        String::new()
    } else {
        user.display
    };
    let display = value("display", errors.display.is_some(), shown);
    let bio = value("bio", errors.bio.is_some(), profile.bio.unwrap_or_default());
    let links = value("links", errors.links.is_some(), profile.links.join("\n"));
    for field in FIELDS {
        if context.previous_field_input(field).is_some() {
            context.forget_fields(&[field]);
        }
    }
    // The first field with an error gets the focus.
    let at_username = errors.username.is_some();
    let at_display = errors.display.is_some() && !at_username;
    let at_bio = errors.bio.is_some() && !at_username && !at_display;
    let at_links = open && !at_username && !at_display && !at_bio;
    view! {
        <Disclosure title=i18n::profile_edit() open=open>
            <form class="form" method="post" action="/do/update-profile">
                <TextField
                    name="username"
                    label=i18n::login_username()
                    autocomplete="username"
                    value=username
                    hint=i18n::profile_username_hint()
                    pattern="[A-Za-z0-9._\\-]{3,32}"
                    error=errors.username.map(Localize::localize)
                    autofocus=at_username
                />
                <TextField
                    name="display"
                    label=i18n::display_field()
                    autocomplete="nickname"
                    value=display
                    hint=i18n::profile_display_hint()
                    error=errors.display.map(Localize::localize)
                    optional=true
                    autofocus=at_display
                />
                <PictureField linked />
                <TextArea
                    name="bio"
                    label=i18n::profile_bio()
                    value=bio
                    rows=4
                    hint=i18n::profile_bio_hint()
                    max_length=Bio::MAX_LENGTH
                    error=errors.bio.map(Localize::localize)
                    autofocus=at_bio
                />
                <TextArea
                    name="links"
                    label=i18n::profile_links()
                    value=links
                    rows=3
                    hint=i18n::profile_links_hint()
                    error=errors.links.map(Localize::localize)
                    autofocus=at_links
                />
                <button class="button button-primary" type="submit">
                    {i18n::profile_save()}
                </button>
            </form>
        </Disclosure>
    }
}

/// The platform that the picture comes from, if any is linked.
#[component]
fn PictureField(linked: Vec<LinkedPlatform>) -> impl IntoView {
    (!linked.is_empty()).then(|| {
        let chosen = LinkedPlatform::source_of(&linked);
        let chosen = chosen
            .map(|linked| linked.platform.clone())
            .unwrap_or_default();
        let first = (String::new(), i18n::profile_picture_first());
        let platforms = linked.into_iter().map(|linked| {
            let name = platform_name(&linked.platform);
            (linked.platform, name)
        });
        let choices = [first].into_iter().chain(platforms).collect();
        view! { <ChoiceField name="avatar_source" label=i18n::profile_picture() choices chosen=&chosen /> }
    })
}

/// The form of the profile. It is sent as a whole: an empty field clears its value.
#[server(prefix = "/do", endpoint = "update-profile")]
pub async fn update_profile(
    #[server(default)] username: String,
    #[server(default)] display: String,
    #[server(default)] bio: String,
    #[server(default)] links: String,
    #[server(default)] avatar_source: String,
) -> Result<(), ServerFnError> {
    let context = RequestContext::current();
    let Some(person) = context.require_login(ACCOUNT) else {
        return Ok(());
    };
    let link_list = links.lines().map(str::trim);
    let update = ProfileUpdate {
        username: Some(username.trim()),
        display: Some(display.trim()),
        bio: Some(&bio),
        links: Some(link_list.filter(|link| !link.is_empty()).collect()),
        avatar_source: Some(&avatar_source),
    };
    match context
        .portal
        .update_profile(&person, &update, &context.client())
        .await
    {
        Ok(Some((_, errors))) if errors.is_empty() => {
            context.redirect_with_message(ACCOUNT, &[], Message::ProfileSaved);
        }
        Ok(Some((_, errors))) => {
            let input = [&username, &display, &bio, &links].map(String::as_str);
            redirect_with_errors(&context, errors, input);
        }
        Ok(None) => context.redirect_to_login(ACCOUNT),
        Err(failure) => {
            context.redirect_with_message(ACCOUNT, &[], PageError::log(&failure).into());
        }
    }
    Ok(())
}

/// Redirects back with the errors, and with the input of those fields.
fn redirect_with_errors(context: &RequestContext, errors: ProfileErrors, input: [&str; 4]) {
    let codes = [
        errors.username.map(NewUsernameError::code),
        errors.display.map(NewDisplayError::code),
        errors.bio.map(BioError::code),
        errors.links.map(LinksError::code),
    ];
    let mut query = Vec::new();
    for ((field, code), value) in FIELDS.into_iter().zip(codes).zip(input) {
        if let Some(code) = code {
            query.push((field, code));
            context.remember_fields(&[(field, value)]);
        }
    }
    context.redirect_with_message(ACCOUNT, &query, Message::ProfileRefused);
}
