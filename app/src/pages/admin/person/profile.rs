use backend::{AdminPersonView, LinkedPlatform, RestrictionNote};
use domain::Timestamp;
use leptos::prelude::*;

use super::super::badges::{LevelBadge, StateBadge};
use crate::components::{AdminTab, Avatar, Identity, Time};
use crate::i18n::{self, interpolate};
use crate::query::with_query;

/// Who the person is.
#[component]
pub(super) fn ProfileCard<'a>(
    file: &'a AdminPersonView,
    /// Whether the audit log of the person is linked.
    links_log: bool,
    now: Timestamp,
) -> impl IntoView + use<> {
    let user = &file.user;
    let picture = LinkedPlatform::avatar_of(&file.platforms).map(str::to_owned);
    let platforms: Vec<_> = file
        .platforms
        .iter()
        .map(|linked| {
            let name = linked.name.clone();
            let id = linked.platform_user_id.clone();
            view! {
                <Identity linked>
                    {name.map(|name| view! { <bdi>{name}</bdi> " " })} <code>{id}</code>
                </Identity>
            }
        })
        .collect();
    let has_platforms = !platforms.is_empty();
    view! {
        <section class="card" aria-labelledby="person-title">
            <div class="profile">
                <Avatar display=&user.display url=picture class="avatar avatar-large" />
                <div>
                    <div class="profile-name">
                        <h1 id="person-title">
                            <bdi>{user.display.clone()}</bdi>
                        </h1>
                        <LevelBadge level=user.level />
                        <StateBadge user now />
                    </div>
                    <p class="profile-handle">{format!("@{}", user.username)}</p>
                </div>
            </div>
            <dl class="description-list">
                {file.restriction.clone().map(|note| view! { <Restriction note /> })}
                <div>
                    <dt>{i18n::account_id()}</dt>
                    <dd>
                        <code>{user.id.to_string()}</code>
                    </dd>
                </div>
                {has_platforms
                    .then(|| {
                        view! {
                            <div>
                                <dt>{i18n::platforms_title()}</dt>
                                <dd>{platforms}</dd>
                            </div>
                        }
                            .into_any()
                    })}
                {user
                    .email
                    .clone()
                    .map(|email| {
                        let sentence: fn(&'static str) -> String = if email.verified_at.is_some() {
                            i18n::person_mail_confirmed
                        } else {
                            i18n::person_mail_unconfirmed
                        };
                        let address = email.address.as_str().to_owned();
                        let address = view! { <bdi>{address}</bdi> }.into_any();
                        view! {
                            <div>
                                <dt>{i18n::person_mail()}</dt>
                                <dd>{interpolate(|[address]| sentence(address), [address])}</dd>
                            </div>
                        }
                            .into_any()
                    })}
                <DateRow name=i18n::account_since() at=user.created_at />
                <DateRow name=i18n::person_level_since() at=user.level_since />
                {user.last_activity_at.map(|at| view! { <DateRow name=i18n::last_seen() at /> })}
                {user
                    .second_factor_at
                    .map(|at| view! { <DateRow name=i18n::person_factor_since() at /> })}
            </dl>
            {links_log
                .then(|| {
                    let log = with_query(
                        AdminTab::Audit.path(),
                        &[("target", &user.id.to_string())],
                    );
                    view! {
                        <div class="card-footer">
                            <a class="button button-secondary" href=log>
                                {i18n::person_log()}
                            </a>
                        </div>
                    }
                })}
        </section>
    }
}

/// Why and by whom the person is timed out or banned.
#[component]
fn Restriction(note: RestrictionNote) -> impl IntoView {
    let by = note.by.map(|by| format!("@{by}"));
    let by = by.unwrap_or_else(i18n::person_command_line);
    view! {
        <div>
            <dt>{i18n::person_reason()}</dt>
            <dd>
                <bdi>{note.reason.unwrap_or_else(i18n::person_no_reason)}</bdi>
                <br />
                <small>
                    {i18n::person_restricted_by(by)} {note.since.map(|at| view! { ", " <Time at /> })}
                </small>
            </dd>
        </div>
    }
    .into_any()
}

#[component]
fn DateRow(name: String, at: Timestamp) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>
                <Time at=at />
            </dd>
        </div>
    }
    .into_any()
}
