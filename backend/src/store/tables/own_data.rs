//! Everything stored about one person, for export and deletion.
//!
//! A new table with personal data belongs in both lists below. A test compares them with the
//! database's catalogue.

use domain::{Timestamp, UserId};
use serde_json::{Map, Value, json};

use crate::store::sql::connection::{Connection, Row, query};
use crate::store::sql::value::Cell;
use crate::store::tables::user::unknown;

/// The parts of a person's data, with their queries. `$1` is the person. They contain no secrets
/// and no hashes of secrets; of actions by others they only say that it was someone else.
const PARTS: [(&str, &str); 16] = [
    (
        "account",
        "select id, username, display, bio, links, avatar_source, email, email_verified_at,
                case when password_hash is null then 0 else 1 end as has_password,
                password_short_since, failed_passwords as wrong_passwords,
                failed_passwords_known_device as wrong_passwords_known,
                password_only_login_notified_at as half_login_told_at,
                second_factor_at, permission_level, permission_since, state, state_until, state_since,
                state_reason, bot_logins,
                created_at, updated_at, last_activity_at
         from users where id = $1",
    ),
    (
        "platforms",
        "select platform, platform_user_id, name as platform_username,
                avatar_url as platform_avatar_url, linked_at, last_authenticated_at
         from identities where user_id = $1 order by linked_at",
    ),
    (
        "sessions",
        "select token_suffix, method, second_factor, client_ip, user_agent, created_at,
                last_used_at, fresh_at, failed_reauths as wrong_proofs, ended_at, ended_by
         from sessions where user_id = $1 order by created_at",
    ),
    (
        "login_codes",
        "select c.kind, c.platform, c.platform_user_id, c.network, c.user_agent,
                c.failed_attempts as wrong_tries,
                c.created_at, c.expires_at, c.announced_at, c.ended_at, c.ended_by
         from login_codes c
         where c.link_user_id = $1 or exists (
             select 1 from identities i where i.user_id = $1 and i.platform = c.platform
                                              and i.platform_user_id = c.platform_user_id)
         order by c.created_at",
    ),
    (
        "second_factors",
        "select kind, created_at, confirmed_at, consecutive_failures as wrong_in_a_row, locked_at
         from factors where user_id = $1 order by created_at",
    ),
    (
        "recovery_codes",
        "select created_at, used_at from recovery_codes where user_id = $1 order by created_at",
    ),
    (
        "wrong_factors",
        "select kind, created_at from factor_attempts where user_id = $1 order by created_at",
    ),
    (
        "waiting_logins",
        "select method, created_at, expires_at, used_at
         from challenges where user_id = $1 order by created_at",
    ),
    (
        "pending_email",
        "select email, created_at, expires_at from pending_emails where user_id = $1",
    ),
    (
        "email_codes",
        "select network, failed_attempts as wrong_tries, created_at, expires_at, ended_at
         from email_codes where user_id = $1 order by created_at",
    ),
    (
        "known_browsers",
        "select created_at, last_seen_at from known_devices where user_id = $1
         order by created_at",
    ),
    (
        "password_resets",
        "select created_at, expires_at, used_at from password_resets where user_id = $1
         order by created_at",
    ),
    (
        "set_up_links",
        "select l.created_at, l.expires_at, l.used_at from set_up_links l
         where lower(l.username) = (select username_key from users where id = $1)
         order by l.created_at",
    ),
    (
        "bots",
        "select id, name, platform, platform_user_id, bot_type, deactivated_at,
                rate_limit_per_hour, avatar_url, invite_url, group_ids, users, latency_ms,
                last_activity_at, created_at, updated_at
         from bots where owner_id = $1 order by created_at",
    ),
    (
        "bot_keys",
        "select b.id as bot_id, k.public_id, k.created_at, k.expires_at, k.last_used_at,
                k.last_used_ip
         from bot_keys k join bots b on b.id = k.bot_id where b.owner_id = $1
         order by k.created_at",
    ),
    (
        "audit_log",
        "select event_type,
                case when actor_id = $1 then 'you' when actor_id is null then null
                     else 'somebody else' end as actor,
                case when target_id = $1 then 'you' when target_id is null then null
                     else 'somebody else' end as target,
                case when actor_id = $1 then client_ip else null end as client_ip,
                metadata, created_at
         from audit_log where actor_id = $1 or target_id = $1 order by created_at, id",
    ),
];

/// All parts.
pub(crate) async fn all(
    connection: &mut Connection,
    id: UserId,
) -> Result<Map<String, Value>, sqlx::Error> {
    let mut parts = Map::new();
    for (name, question) in PARTS {
        let rows = query(question)
            .bind(id.as_i64())
            .fetch_all(&mut *connection)
            .await?;
        let rows: Vec<Value> = rows.iter().map(json_of).collect::<Result<_, _>>()?;
        parts.insert(name.to_owned(), Value::Array(rows));
    }
    Ok(parts)
}

/// Converts a row to an object: times as in the API, lists as lists.
fn json_of(row: &Row) -> Result<Value, sqlx::Error> {
    let mut object = Map::new();
    for (name, cell) in row.cells()? {
        let value = match cell {
            Cell::Nothing => Value::Null,
            Cell::Number(number) => self::number(&name, number),
            Cell::Text(text) => self::text(&name, text)?,
            // Secrets, or hashes of secrets.
            Cell::Bytes => return Err(unknown(&name, "of bytes")),
        };
        object.insert(name, value);
    }
    Ok(Value::Object(object))
}

fn text(name: &str, text: String) -> Result<Value, sqlx::Error> {
    match name {
        "links" | "group_ids" | "metadata" => {
            serde_json::from_str(&text).map_err(|_| unknown(name, "that is no JSON"))
        }
        _ => Ok(Value::String(text)),
    }
}

fn number(name: &str, number: i64) -> Value {
    if name.ends_with("_at")
        || matches!(
            name,
            "permission_since" | "password_short_since" | "state_since" | "state_until"
        )
    {
        json!(Timestamp::from_micros(number))
    } else if name.starts_with("has_") {
        json!(number != 0)
    } else {
        json!(number)
    }
}

/// What is deleted with a person, their own row last.
const DELETIONS: [&str; 13] = [
    "delete from set_up_links
     where lower(username) = (select username_key from users where id = $1)",
    "delete from known_devices where user_id = $1",
    "delete from password_resets where user_id = $1",
    "delete from email_codes where user_id = $1",
    "delete from pending_emails where user_id = $1",
    "delete from challenges where user_id = $1",
    "delete from factor_attempts where user_id = $1",
    "delete from recovery_codes where user_id = $1",
    "delete from factors where user_id = $1",
    "delete from sessions where user_id = $1",
    "delete from identities where user_id = $1",
    "delete from names where user_id = $1",
    "delete from users where id = $1",
];

/// Deletes a person, who must not own bots. Audit events stay: they only contain IDs.
pub(crate) async fn delete(connection: &mut Connection, id: UserId) -> Result<(), sqlx::Error> {
    for statement in DELETIONS {
        query(statement)
            .bind(id.as_i64())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(crate) async fn owns_bots(
    connection: &mut Connection,
    id: UserId,
) -> Result<bool, sqlx::Error> {
    query("select id from bots where owner_id = $1 limit 1")
        .bind(id.as_i64())
        .fetch_optional(connection)
        .await
        .map(|row| row.is_some())
}
