use std::time::Duration;

use backend::AuditRecord;
use domain::{FactorKind, LoginMethod, PermissionLevel, Timestamp};
use leptos::either::Either;
use leptos::prelude::*;
use serde_json::{Map, Value};

use super::sessions::how;
use crate::components::Moment;
use crate::wording::{Worded as _, platform_name};
use crate::words;

/// What an event of the audit log is called; as it is stored, where it has no name yet.
pub(super) fn name_of(event_type: &str) -> String {
    match event_type {
        "account.banned" => words::event_banned(),
        "account.created" => words::event_account_created(),
        "account.deleted" => words::event_account_deleted(),
        "account.restored" => words::event_restored(),
        "account.timed_out" => words::event_timed_out(),
        "bot.activated" => words::event_bot_on(),
        "bot.changed_itself" => words::event_bot_changed_itself(),
        "bot.deactivated" => words::event_bot_off(),
        "bot.deleted" => words::event_bot_deleted(),
        "bot.key_regenerated" => words::event_bot_key(),
        "bot.registered" => words::event_bot_registered(),
        "bot.updated" => words::event_bot_changed(),
        "code.created" => words::event_code_made(),
        "code.disowned" => words::event_code_disowned(),
        "code.fetched" => words::event_code_fetched(),
        "code.requested" => words::event_code_asked(),
        "data.exported" => words::event_data_downloaded(),
        "email.confirmed" => words::event_email_confirmed(),
        "email.refused" => words::event_email_taken(),
        "email.requested" => words::event_email_asked(),
        "factor.added" => words::event_factor_on(),
        "factor.code_sent" => words::event_factor_code_sent(),
        "factor.locked" => words::event_factor_locked(),
        "factor.removed" => words::event_factor_off(),
        "factors.reset" => words::event_factors_reset(),
        "level.changed" => words::event_level_changed(),
        "login.confirm_failed" => words::event_confirm_failed(),
        "login.confirmed" => words::event_confirmed(),
        "login.failed" => words::event_login_failed(),
        "login.succeeded" => words::event_login(),
        "logout" => words::event_logout(),
        "owner.created" => words::event_owner_made(),
        "password.locked" => words::event_password_locked(),
        "password.recovered" => words::event_password_recovered(),
        "password.recovery_failed" => words::event_recovery_failed(),
        "password.recovery_requested" => words::event_recovery_asked(),
        "password.set" => words::event_password_set(),
        "platform.link_failed" => words::event_link_failed(),
        "platform.linked" => words::event_linked(),
        "platform.unlinked" => words::event_unlinked(),
        "profile.changed" => words::event_profile_changed(),
        "recovery_code.used" => words::event_recovery_code_used(),
        "recovery_codes.renewed" => words::event_recovery_codes_renewed(),
        "sessions.ended" => words::event_sessions_ended(),
        "set_up_link.created" => words::event_set_up_link(),
        other => other.to_owned(),
    }
}

/// What is kept of an event besides who and when: a word and a value in a row. What has no
/// word yet is shown as it is stored.
#[component]
pub(super) fn Details<'a>(record: &'a AuditRecord) -> impl IntoView + use<> {
    let event_type = record.event_type.as_str();
    let facts: Map<String, Value> = serde_json::from_str(&record.metadata).unwrap_or_else(|_| {
        let metadata = record.metadata.clone().into();
        Map::from_iter([("metadata".to_owned(), metadata)])
    });
    let address = record.client_ip.clone().map(|ip| {
        let ip = view! { <code>{ip}</code> }.into_any();
        fact(words::account_session_address().into_any(), ip)
    });
    let facts = facts.into_iter().map(|(key, value)| {
        if let Some((word, said)) = known(event_type, &key, &value) {
            return fact(word.into_any(), said);
        }
        let word = view! { <code>{key}</code> }.into_any();
        fact(word, view! { <code>{as_it_is(&value)}</code> }.into_any())
    });
    let facts: Vec<AnyView> = address.into_iter().chain(facts).collect();
    (!facts.is_empty()).then(|| view! { <dl>{facts}</dl> })
}

fn fact(word: AnyView, value: AnyView) -> AnyView {
    view! {
        <div>
            <dt>{word}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

/// Word and value of what we know to be written with this event.
fn known(event_type: &str, key: &str, value: &Value) -> Option<(String, AnyView)> {
    let restricts = matches!(event_type, "account.banned" | "account.timed_out");
    let (word, said) = match (key, value) {
        ("method", Value::String(method)) => (words::detail_method(), by(method)?),
        // Typed by whoever shut somebody out.
        ("reason", Value::String(reason)) if restricts => {
            let said = if reason.is_empty() {
                Either::Left(words::person_no_reason())
            } else {
                Either::Right(view! { <bdi>{reason.clone()}</bdi> })
            };
            return Some((words::person_reason_field(), said.into_any()));
        }
        ("reason", Value::String(reason)) => (words::person_reason_field(), why(reason)?),
        ("expires_at", Value::Null) if restricts => {
            (words::person_length_field(), words::length_good())
        }
        ("expires_at", Value::String(until)) => {
            let at: Timestamp = until.parse().ok()?;
            return Some((words::detail_until(), view! { <Moment at /> }.into_any()));
        }
        ("from", level) => (words::detail_level_before(), level_of(level)?),
        ("to", level) => (words::detail_level_after(), level_of(level)?),
        ("sessions", Value::Number(sessions)) => {
            (words::event_sessions_ended(), sessions.to_string())
        }
        ("purpose", Value::String(purpose)) if purpose == "link" => {
            (words::detail_purpose(), words::detail_purpose_link())
        }
        ("platform", Value::String(platform)) => {
            (words::bot_platform_field(), platform_name(platform))
        }
        ("factor", Value::String(factor)) => (words::step_title(), factor_of(factor)?),
        ("fields" | "changed", Value::Array(fields)) => {
            let fields = fields.iter().map(|field| field.as_str().map(field_of));
            let fields: Vec<String> = fields.collect::<Option<_>>()?;
            (words::detail_changed(), fields.join(", "))
        }
        ("bot", Value::Number(id)) => {
            let id = view! { <code>{id.to_string()}</code> };
            return Some((words::bot_id(), id.into_any()));
        }
        ("grace_seconds", grace) => {
            let grace = Duration::from_secs(grace.as_u64()?);
            let said = if grace.is_zero() {
                words::detail_key_ended()
            } else {
                words::detail_key_works(words::span(grace))
            };
            (words::detail_key(), said)
        }
        _ => return None,
    };
    Some((word, said.into_any()))
}

fn as_it_is(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn by(method: &str) -> Option<String> {
    if method == "code" {
        return Some(words::detail_by_code());
    }
    LoginMethod::parse(method).map(how)
}

fn why(reason: &str) -> Option<String> {
    Some(match reason {
        "unknown_name" => words::detail_unknown_name(),
        "wrong_password" => words::detail_wrong_password(),
        "wrong_factor" => words::detail_wrong_factor(),
        "restricted" => words::detail_restricted(),
        _ => return None,
    })
}

fn level_of(value: &Value) -> Option<String> {
    let level = PermissionLevel::from_i64(value.as_i64()?)?;
    Some(level.words())
}

fn factor_of(kind: &str) -> Option<String> {
    Some(match FactorKind::parse(kind)? {
        FactorKind::Totp => words::totp_title(),
        FactorKind::Email => words::email_codes_title(),
        FactorKind::Recovery => words::step_recovery_field(),
    })
}

fn field_of(field: &str) -> String {
    match field {
        "username" => words::login_username(),
        "display" => words::display_field(),
        "bio" => words::detail_bio(),
        "links" => words::profile_links(),
        "avatar_source" | "avatar_url" => words::profile_picture(),
        "name" => words::bot_name_field(),
        "owner_id" => words::bot_owner_field(),
        "rate_limit_per_hour" => words::bot_rate_field(),
        "bot_type" => words::bot_kind(),
        "invite_url" => words::bot_invite_field(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use backend::Portal;
    use serde_json::json;

    use super::*;

    fn drawn(event_type: &str, metadata: &str) -> String {
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
    fn what_we_write_has_words() {
        for (event_type, metadata, said) in [
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
            assert_eq!(text_of(&drawn(event_type, &metadata.to_string())), said);
        }
        assert_eq!(drawn("logout", "{}"), "");
    }

    #[test]
    fn what_has_no_word_is_shown_as_it_is_and_as_text_alone() {
        let odd = json!({ "<b>": "<script>alert(1)</script>", "to": 9, "changed": [1, "bio"], "n": { "m": null } });
        let html = drawn("tea.made", &odd.to_string());
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        let said = "&lt;b&gt;: &lt;script&gt;alert(1)&lt;/script&gt;, changed: [1,\"bio\"], n: {\"m\":null}, to: 9";
        assert_eq!(text_of(&html), said);
        assert_eq!(text_of(&drawn("tea.made", "no JSON")), "metadata: no JSON");
    }

    /// `word: value, word: value`.
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
