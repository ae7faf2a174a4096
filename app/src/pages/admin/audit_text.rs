use std::time::Duration;

use backend::AuditRecord;
use domain::{FactorKind, LoginMethod, PermissionLevel, Timestamp};
use leptos::either::Either;
use leptos::prelude::*;
use serde_json::{Map, Value};

use crate::components::Time;
use crate::i18n;
use crate::localize::{Localize, platform_name};

/// The name of an event; its stored type if it has none.
pub(super) fn name_of(event_type: &str) -> String {
    match event_type {
        "account.banned" => i18n::event_banned(),
        "account.created" => i18n::event_account_created(),
        "account.deleted" => i18n::event_account_deleted(),
        "account.restored" => i18n::event_restored(),
        "account.timed_out" => i18n::event_timed_out(),
        "bot.activated" => i18n::event_bot_on(),
        "bot.changed_itself" => i18n::event_bot_changed_itself(),
        "bot.deactivated" => i18n::event_bot_off(),
        "bot.deleted" => i18n::event_bot_deleted(),
        "bot.key_regenerated" => i18n::event_bot_key(),
        "bot.registered" => i18n::event_bot_registered(),
        "bot.updated" => i18n::event_bot_changed(),
        "code.created" => i18n::event_code_made(),
        "code.disowned" => i18n::event_code_disowned(),
        "code.fetched" => i18n::event_code_fetched(),
        "code.requested" => i18n::event_code_asked(),
        "data.exported" => i18n::event_data_downloaded(),
        "email.confirmed" => i18n::event_email_confirmed(),
        "email.refused" => i18n::event_email_taken(),
        "email.requested" => i18n::event_email_asked(),
        "factor.added" => i18n::event_factor_on(),
        "factor.code_sent" => i18n::event_factor_code_sent(),
        "factor.locked" => i18n::event_factor_locked(),
        "factor.removed" => i18n::event_factor_off(),
        "factors.reset" => i18n::event_factors_reset(),
        "level.changed" => i18n::event_level_changed(),
        "login.confirm_failed" => i18n::event_confirm_failed(),
        "login.confirmed" => i18n::event_confirmed(),
        "login.failed" => i18n::event_login_failed(),
        "login.succeeded" => i18n::event_login(),
        "logout" => i18n::event_logout(),
        "owner.created" => i18n::event_owner_made(),
        "password.locked" => i18n::event_password_locked(),
        "password.recovered" => i18n::event_password_recovered(),
        "password.recovery_failed" => i18n::event_recovery_failed(),
        "password.recovery_requested" => i18n::event_recovery_asked(),
        "password.set" => i18n::event_password_set(),
        "platform.link_failed" => i18n::event_link_failed(),
        "platform.linked" => i18n::event_linked(),
        "platform.unlinked" => i18n::event_unlinked(),
        "profile.changed" => i18n::event_profile_changed(),
        "recovery_code.used" => i18n::event_recovery_code_used(),
        "recovery_codes.renewed" => i18n::event_recovery_codes_renewed(),
        "sessions.ended" => i18n::event_sessions_ended(),
        "set_up_link.created" => i18n::event_set_up_link(),
        other => other.to_owned(),
    }
}

/// The metadata of an event as pairs of label and value. Unknown metadata is shown as it is stored.
#[component]
pub(super) fn Details<'a>(record: &'a AuditRecord) -> impl IntoView + use<> {
    let event_type = record.event_type.as_str();
    let facts: Map<String, Value> = serde_json::from_str(&record.metadata).unwrap_or_else(|_| {
        let metadata = record.metadata.clone().into();
        Map::from_iter([("metadata".to_owned(), metadata)])
    });
    let address = record.client_ip.clone().map(|ip| {
        let ip = view! { <code>{ip}</code> }.into_any();
        fact(i18n::account_session_address().into_any(), ip)
    });
    let facts = facts.into_iter().map(|(key, value)| {
        if let Some((label, text)) = known(event_type, &key, &value) {
            return fact(label.into_any(), text);
        }
        let label = view! { <code>{key}</code> }.into_any();
        fact(label, view! { <code>{as_stored(&value)}</code> }.into_any())
    });
    let facts: Vec<AnyView> = address.into_iter().chain(facts).collect();
    (!facts.is_empty()).then(|| view! { <dl>{facts}</dl> })
}

fn fact(label: AnyView, value: AnyView) -> AnyView {
    view! {
        <div>
            <dt>{label}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

/// Label and value of known metadata.
fn known(event_type: &str, key: &str, value: &Value) -> Option<(String, AnyView)> {
    let restricts = matches!(event_type, "account.banned" | "account.timed_out");
    let (label, text) = match (key, value) {
        ("method", Value::String(method)) => (i18n::detail_method(), method_text(method)?),
        // The reason that the actor entered.
        ("reason", Value::String(reason)) if restricts => {
            let text = if reason.is_empty() {
                Either::Left(i18n::person_no_reason())
            } else {
                Either::Right(view! { <bdi>{reason.clone()}</bdi> })
            };
            return Some((i18n::person_reason_field(), text.into_any()));
        }
        ("reason", Value::String(reason)) => (i18n::person_reason_field(), reason_text(reason)?),
        ("expires_at", Value::Null) if restricts => {
            (i18n::person_length_field(), i18n::length_good())
        }
        ("expires_at", Value::String(until)) => {
            let at: Timestamp = until.parse().ok()?;
            return Some((i18n::detail_until(), view! { <Time at /> }.into_any()));
        }
        ("from", level) => (i18n::detail_level_before(), level_of(level)?),
        ("to", level) => (i18n::detail_level_after(), level_of(level)?),
        ("sessions", Value::Number(sessions)) => {
            (i18n::event_sessions_ended(), sessions.to_string())
        }
        ("purpose", Value::String(purpose)) if purpose == "link" => {
            (i18n::detail_purpose(), i18n::detail_purpose_link())
        }
        ("platform", Value::String(platform)) => {
            (i18n::bot_platform_field(), platform_name(platform))
        }
        ("factor", Value::String(factor)) => (i18n::step_title(), factor_of(factor)?),
        ("fields" | "changed", Value::Array(fields)) => {
            let fields = fields.iter().map(|field| field.as_str().map(field_of));
            let fields: Vec<String> = fields.collect::<Option<_>>()?;
            (i18n::detail_changed(), fields.join(", "))
        }
        ("bot", Value::Number(id)) => {
            let id = view! { <code>{id.to_string()}</code> };
            return Some((i18n::bot_id(), id.into_any()));
        }
        ("grace_seconds", grace) => {
            let grace = Duration::from_secs(grace.as_u64()?);
            let text = if grace.is_zero() {
                i18n::detail_key_ended()
            } else {
                i18n::detail_key_works(i18n::duration(grace))
            };
            (i18n::detail_key(), text)
        }
        _ => return None,
    };
    Some((label, text.into_any()))
}

fn as_stored(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn method_text(method: &str) -> Option<String> {
    if method == "code" {
        return Some(i18n::detail_by_code());
    }
    LoginMethod::parse(method).map(Localize::localize)
}

fn reason_text(reason: &str) -> Option<String> {
    Some(match reason {
        "unknown_name" => i18n::detail_unknown_name(),
        "wrong_password" => i18n::detail_wrong_password(),
        "wrong_factor" => i18n::detail_wrong_factor(),
        "restricted" => i18n::detail_restricted(),
        _ => return None,
    })
}

fn level_of(value: &Value) -> Option<String> {
    let level = PermissionLevel::from_i64(value.as_i64()?)?;
    Some(level.localize())
}

fn factor_of(kind: &str) -> Option<String> {
    Some(match FactorKind::parse(kind)? {
        FactorKind::Totp => i18n::totp_title(),
        FactorKind::Email => i18n::email_codes_title(),
        FactorKind::Recovery => i18n::step_recovery_field(),
    })
}

fn field_of(field: &str) -> String {
    match field {
        "username" => i18n::login_username(),
        "display" => i18n::display_field(),
        "bio" => i18n::detail_bio(),
        "links" => i18n::profile_links(),
        "avatar_source" | "avatar_url" => i18n::profile_picture(),
        "name" => i18n::bot_name_field(),
        "owner_id" => i18n::bot_owner_field(),
        "rate_limit_per_hour" => i18n::bot_rate_field(),
        "bot_type" => i18n::bot_kind(),
        "invite_url" => i18n::bot_invite_field(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use backend::Portal;
    use serde_json::json;

    use super::*;

    fn rendered(event_type: &str, metadata: &str) -> String {
        let record = AuditRecord {
            id: 1,
            event_type: event_type.to_owned(),
            actor: None,
            actor_name: None,
            target: None,
            target_name: None,
            client_ip: None,
            metadata: metadata.to_owned(),
            created_at: Timestamp::from_micros(0),
        };
        let html = Owner::new().with(|| view! { <Details record=&record /> }.to_html());
        html.replace("<!>", "")
    }

    #[test]
    fn every_event_has_a_name() {
        for event_type in Portal::event_types() {
            assert_ne!(name_of(event_type), *event_type);
        }
        assert_eq!(name_of("tea.made"), "tea.made");
    }

    #[test]
    fn known_metadata_has_text() {
        for (event_type, metadata, text) in [
            (
                "login.succeeded",
                json!({ "method": "bot_code" }),
                "Method: Code from a bot",
            ),
            ("login.failed", json!({ "method": "code" }), "Method: Code"),
            (
                "login.failed",
                json!({ "method": "password", "reason": "wrong_factor" }),
                "Method: Password, Reason: Wrong two-factor code",
            ),
            (
                "sessions.ended",
                json!({ "sessions": 3 }),
                "Sessions ended: 3",
            ),
            (
                "account.banned",
                json!({ "reason": "", "expires_at": null }),
                "Duration: Permanently, Reason: (no reason given)",
            ),
            (
                "account.timed_out",
                json!({ "reason": "wrong_factor", "expires_at": "2026-03-31T16:03:16.763528Z" }),
                "Until: 31 March 2026, 16:03 UTC, Reason: wrong_factor",
            ),
            (
                "level.changed",
                json!({ "from": 0, "to": 2 }),
                "Old role: Member, New role: Admin",
            ),
            (
                "code.requested",
                json!({ "purpose": "link", "platform": "discord" }),
                "Platform: Discord, Purpose: Connect an account",
            ),
            (
                "profile.changed",
                json!({ "fields": ["display", "avatar_source"] }),
                "Changed: Display name, Profile picture",
            ),
            (
                "bot.updated",
                json!({ "bot": 7, "changed": ["rate_limit_per_hour"] }),
                "Bot ID: 7, Changed: Requests per hour",
            ),
            (
                "bot.key_regenerated",
                json!({ "bot": 7, "grace_seconds": 0 }),
                "Bot ID: 7, Old key: revoked immediately",
            ),
            (
                "bot.key_regenerated",
                json!({ "bot": 7, "grace_seconds": 600 }),
                "Bot ID: 7, Old key: kept for 10 minutes",
            ),
            (
                "factor.locked",
                json!({ "factor": "totp" }),
                "Two-factor authentication: Authenticator app",
            ),
        ] {
            assert_eq!(text_of(&rendered(event_type, &metadata.to_string())), text);
        }
        assert_eq!(rendered("logout", "{}"), "");
    }

    #[test]
    fn what_has_no_word_is_shown_as_stored_and_as_text_alone() {
        let unknown = json!({ "<b>": "<script>alert(1)</script>", "to": 9, "changed": [1, "bio"], "n": { "m": null } });
        let html = rendered("tea.made", &unknown.to_string());
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        let text = "&lt;b&gt;: &lt;script&gt;alert(1)&lt;/script&gt;, changed: [1,\"bio\"], n: {\"m\":null}, to: 9";
        assert_eq!(text_of(&html), text);
        assert_eq!(
            text_of(&rendered("tea.made", "no JSON")),
            "metadata: no JSON"
        );
    }

    /// `label: value, label: value`.
    fn text_of(html: &str) -> String {
        let html = html.replace("</dt>", ": ").replace("</div><div>", ", ");
        let mut text = String::new();
        let mut in_tag = false;
        for c in html.chars() {
            match c {
                '<' => in_tag = true,
                '>' => in_tag = false,
                c if !in_tag => text.push(c),
                _ => {}
            }
        }
        text
    }
}
