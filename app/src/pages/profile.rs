use backend::{LinkedPlatform, Profile, ProfileErrors, ProfileUpdate};
use domain::{Bio, BioError, LinksError, NewDisplayError, NewUsernameError, User};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::components::{Avatar, ChoiceField, Fold, Moment, TextArea, TextField};
use crate::cookies;
use crate::door::{Door, Trouble};
use crate::message::Message;
use crate::wording::{Worded, platform_name};
use crate::words;

const ACCOUNT: &str = "/account";

/// The fields whose words come back when they were refused.
const FIELDS: [&str; 4] = ["username", "display", "bio", "links"];

/// On `/account`: who one is here, and the form to change it.
#[component]
pub(super) fn ProfileCard(
    door: Door,
    user: User,
    profile: Profile,
    linked: Vec<LinkedPlatform>,
) -> impl IntoView {
    let avatar = profile.avatar_url.clone();
    view! {
        <section class="card" aria-label=words::account_profile()>
            <div class="profile">
                <Avatar display=&user.display url=avatar class="avatar avatar-large" />
                <div>
                    <div class="profile-name">
                        <h2>
                            <bdi>{user.display.clone()}</bdi>
                        </h2>
                        <span class="badge badge-accent">{user.level.words()}</span>
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
            <dl class="details">
                <div>
                    <dt>{words::account_id()}</dt>
                    <dd>
                        <code>{user.id.to_string()}</code>
                    </dd>
                </div>
                <div>
                    <dt>{words::account_since()}</dt>
                    <dd>
                        <Moment at=user.created_at />
                    </dd>
                </div>
            </dl>
            <ProfileForm door user profile linked />
        </section>
    }
}

/// Links that people typed: nobody is recommended by them, and no page told of this one.
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

/// What the address says of the fields that were refused.
struct Refused {
    username: Option<NewUsernameError>,
    display: Option<NewDisplayError>,
    bio: Option<BioError>,
    links: Option<LinksError>,
}

impl Refused {
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
    door: Door,
    user: User,
    profile: Profile,
    linked: Vec<LinkedPlatform>,
) -> impl IntoView {
    let refused = Refused::read();
    let open = refused.any();
    // What was typed comes back where it was refused, and the rest as it is.
    let value = |field: &str, is_refused: bool, stored: String| {
        let typed = door.typed_into(field).filter(|_| is_refused);
        typed.unwrap_or(stored)
    };
    let username = value(
        "username",
        refused.username.is_some(),
        user.username.clone(),
    );
    let shown = if user.display == user.username {
        String::new()
    } else {
        user.display
    };
    let display = value("display", refused.display.is_some(), shown);
    let bio = value(
        "bio",
        refused.bio.is_some(),
        profile.bio.unwrap_or_default(),
    );
    let links = value("links", refused.links.is_some(), profile.links.join("\n"));
    for field in FIELDS {
        if door.typed_into(field).is_some() {
            door.set_cookie(cookies::forget_field(field));
        }
    }
    // The first that is wrong is where one goes on.
    let at_username = refused.username.is_some();
    let at_display = refused.display.is_some() && !at_username;
    let at_bio = refused.bio.is_some() && !at_username && !at_display;
    let at_links = open && !at_username && !at_display && !at_bio;
    view! {
        <Fold title=words::profile_edit() open=open>
            <form class="form" method="post" action="/do/update-profile">
                <TextField
                    name="username"
                    label=words::login_username()
                    autocomplete="username"
                    value=username
                    hint=words::profile_username_hint()
                    pattern="[A-Za-z0-9._\\-]{3,32}"
                    error=refused.username.map(Worded::words)
                    autofocus=at_username
                />
                <TextField
                    name="display"
                    label=words::display_field()
                    autocomplete="nickname"
                    value=display
                    hint=words::profile_display_hint()
                    error=refused.display.map(Worded::words)
                    optional=true
                    autofocus=at_display
                />
                <PictureField linked />
                <TextArea
                    name="bio"
                    label=words::profile_bio()
                    value=bio
                    rows=4
                    hint=words::profile_bio_hint()
                    longest=Bio::MAX_LENGTH
                    error=refused.bio.map(Worded::words)
                    autofocus=at_bio
                />
                <TextArea
                    name="links"
                    label=words::profile_links()
                    value=links
                    rows=3
                    hint=words::profile_links_hint()
                    error=refused.links.map(Worded::words)
                    autofocus=at_links
                />
                <button class="button button-primary" type="submit">
                    {words::profile_save()}
                </button>
            </form>
        </Fold>
    }
}

/// Where the picture comes from, for those who have linked a platform.
#[component]
fn PictureField(linked: Vec<LinkedPlatform>) -> impl IntoView {
    (!linked.is_empty()).then(|| {
        let chosen = LinkedPlatform::source_of(&linked);
        let chosen = chosen
            .map(|linked| linked.platform.clone())
            .unwrap_or_default();
        let first = (String::new(), words::profile_picture_first());
        let platforms = linked.into_iter().map(|linked| {
            let name = platform_name(&linked.platform);
            (linked.platform, name)
        });
        let choices = [first].into_iter().chain(platforms).collect();
        view! { <ChoiceField name="avatar_source" label=words::profile_picture() choices chosen=&chosen /> }
    })
}

/// The form of the profile, which is sent as a whole: an empty field takes away what is there.
#[server(prefix = "/do", endpoint = "update-profile")]
pub async fn update_profile(
    #[server(default)] username: String,
    #[server(default)] display: String,
    #[server(default)] bio: String,
    #[server(default)] links: String,
    #[server(default)] avatar_source: String,
) -> Result<(), ServerFnError> {
    let door = Door::open();
    let Some(person) = door.person_or_login(ACCOUNT) else {
        return Ok(());
    };
    let typed_links = links.lines().map(str::trim);
    let update = ProfileUpdate {
        username: Some(username.trim()),
        display: Some(display.trim()),
        bio: Some(&bio),
        links: Some(typed_links.filter(|link| !link.is_empty()).collect()),
        avatar_source: Some(&avatar_source),
    };
    match door
        .portal
        .update_profile(&person, &update, &door.client())
        .await
    {
        Ok(Some((_, errors))) if errors.is_empty() => {
            door.send_back(ACCOUNT, &[], Message::ProfileSaved);
        }
        Ok(Some((_, errors))) => {
            let typed = [&username, &display, &bio, &links].map(String::as_str);
            refuse(&door, errors, typed);
        }
        Ok(None) => door.login_first(ACCOUNT),
        Err(failure) => door.send_back(ACCOUNT, &[], Trouble::of(&failure).into()),
    }
    Ok(())
}

/// Sends the form back with what is wrong, and with what was typed there.
fn refuse(door: &Door, errors: ProfileErrors, typed: [&str; 4]) {
    let codes = [
        errors.username.map(NewUsernameError::code),
        errors.display.map(NewDisplayError::code),
        errors.bio.map(BioError::code),
        errors.links.map(LinksError::code),
    ];
    let mut query = Vec::new();
    for ((field, code), typed) in FIELDS.into_iter().zip(codes).zip(typed) {
        if let Some(code) = code {
            query.push((field, code));
            door.set_cookie(cookies::remember_field(field, typed));
        }
    }
    door.send_back(ACCOUNT, &query, Message::ProfileRefused);
}
